"""What planned work pays back, where that is known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from toolkit.client.record import Record
from toolkit.client.schema import Initiative
from toolkit.method import WORTH_QUARTERS
from toolkit.plan.problem import candidate
from toolkit.plan.roadmap import Payback, Roadmap, RunningAfter, Scheduled
from toolkit.plan.value import distances, risk_credits
from toolkit.words import capital, count, joined, money, number_word, part_of, percent, quoted

# How the reason begins for which work is planned that loses money even before what it costs to run, which is not known.
BEFORE_RUNNING = "before running cost; "
_NAME_CHARACTERS = 30


def paybacks(record: Record, roadmap: Roadmap) -> tuple[Payback, ...]:
    """Return payback and net present value of the work whose benefit and running cost are known, in order of id.

    Counted in whole quarters: capital as it is planned, contingency included; from completion on a
    quarter of the yearly benefit less running cost, over the five years after each initiative's own
    completion, so that all are compared over equal lives. The net present value is as of the plan's
    start, each quarter's money discounted from that quarter's end at the client's yearly rate r by
    (1 + r)^(quarters / 4); what was paid or earned before is not in it, though it counts for payback.
    """
    known = {
        one.id: one.opex for one in record.initiatives if one.benefit is not None and one.opex is not None
    }
    return tuple(
        _payback(record, roadmap, s, known[s.initiative]) for s in _by_id(roadmap) if s.initiative in known
    )


def losing_before_running(record: Record, roadmap: Roadmap) -> tuple[Payback, ...]:
    """Return the work that is worth less than it costs even if it costs nothing to run, where that cost is not known."""
    unknown = {one.id for one in record.initiatives if one.benefit is not None and one.opex is None}
    at_most = (_payback(record, roadmap, s, 0.0) for s in _by_id(roadmap) if s.initiative in unknown)
    return tuple(one for one in at_most if one.because)


def _by_id(roadmap: Roadmap) -> list[Scheduled]:
    return sorted(roadmap.scheduled, key=lambda s: s.initiative)


def _payback(record: Record, roadmap: Roadmap, s: Scheduled, running: float) -> Payback:
    """Return what planned work pays back that costs so much a year to run."""
    initiative = next(one for one in record.initiatives if one.id == s.initiative)
    rate, start = record.facts.profile.discount_rate, roadmap.start
    c = candidate(record, initiative, start, roadmap.quarters)
    first = s.start.index - start.index
    done, net = first + c.duration, ((initiative.benefit or 0.0) - running) / 4
    flows = [
        (t, net * (t >= done) - c.capital(first, t)) for t in range(min(first, 0), done + WORTH_QUARTERS)
    ]
    npv = None if rate is None else sum(flow / (1 + rate) ** ((t + 1) / 4) for t, flow in flows if t >= 0)
    paid = _paid_back(flows, done)
    loses = npv < 0 if npv is not None else paid is None
    because = _why_planned(record, roadmap, initiative, s) if loses else ""
    return Payback(initiative.id, None if paid is None else start.plus(paid), npv, because)


def _paid_back(flows: list[tuple[int, float]], done: int) -> int | None:
    """Return the first quarter, not before completion, by whose end the sum of all flows is not negative."""
    sums: Iterator[float] = accumulate(flow for _, flow in flows)
    # A total that misses nothing by rounding alone has been paid back.
    slack = 1e-9 * sum(abs(flow) for _, flow in flows)
    return next((t for (t, _), total in zip(flows, sums, strict=True) if t >= done and total >= -slack), None)


def _why_planned(record: Record, roadmap: Roadmap, initiative: Initiative, s: Scheduled) -> str:
    """Say why work that does not earn its money is planned: what fixes it, what it settles, serves or makes possible."""
    if s.fixed == "mandatory" and initiative.mandatory:
        return f"mandatory: {initiative.mandatory}"
    if s.fixed:
        return s.fixed
    planned, end = {one.initiative for one in roadmap.scheduled}, s.finish.index - roadmap.start.index
    risks = risk_credits(record, roadmap.start, roadmap.quarters)
    goals = distances(record, roadmap.start)[s.initiative]
    settled = {risk for risk in initiative.settles if risk in risks and risks[risk].at(end)}
    served = {goal for goal, credit in goals.items() if credit.at(end)}
    parts = []
    for verb, names in (
        ("settles", [risk.name for risk in record.facts.risks if risk.id in settled]),
        ("serves", [goal.name for goal in record.facts.goals if goal.id in served]),
        ("comes before", [x.name for x in record.initiatives if x.id in planned and s.initiative in x.depends_on]),
    ):  # fmt: skip
        if names:
            parts.append(f"{verb} {joined([quoted(name, _NAME_CHARACTERS) for name in names], most=2)}")
    return joined(parts)


def share_known(roadmap: Roadmap) -> str:
    """Say of how much of the planned work payback and net present value are known."""
    known, total = len(roadmap.worth), len(roadmap.scheduled)
    if known == total:
        return f"Known for {'all' if total > 1 else 'the'} {count(total, 'initiative')} planned."
    without = total - known
    return (
        f"{capital(number_word(without))} of {count(total, 'initiative')} planned ({percent(without / total)}) "
        f"{'has' if without == 1 else 'have'} no figure."
    )


def after_text(roadmap: Roadmap, after: RunningAfter, currency: str) -> str:
    """Say what the planned work costs to run each year after the plan, and of how much of it that is not known."""
    total, unknown = len(roadmap.scheduled), len(after.unknown)
    when = f"after {f'FY{roadmap.end.year}' if roadmap.end.number == 4 else roadmap.end}"
    if unknown == total:
        return f"What the planned work costs to run each year {when} is not known."
    said = f"Each year {when}, the planned work, once done, costs {money(after.cost, currency)} to run"
    return (
        f"{said}; of {part_of(unknown, total, 'initiative')} that is not known and not counted."
        if unknown
        else f"{said}."
    )
