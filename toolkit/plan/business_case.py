"""The business case of a plan: its cash by year, when it has paid back, and how much of it has no figure."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.method import WORTH_QUARTERS
from toolkit.plan.problem import candidate
from toolkit.plan.roadmap import Roadmap
from toolkit.words import money


@dataclass(frozen=True)
class CashYear:
    """A fiscal year's cash of a whole plan, in the client's currency: paid out, run, paid back, and the sum up to its end."""

    year: int
    capital: float
    running: float
    benefit: float
    cumulative: float


@dataclass(frozen=True)
class BusinessCase:
    """What a plan's work costs and pays back, from the plan's start on; what was paid before is left out.

    Running cost and benefit count from the quarter after an initiative's last. What has no benefit on record counts as
    cost alone.

    Attributes
    ----------
    years : tuple of CashYear
        Until five years after the last of the work is done.
    paid_back : Quarter or None
        The quarter from whose end on the sum stays at or above zero; None where it does not within these years.
    before : float
        Capital that was spent before the plan begins.
    paid_back_in_all : Quarter or None
        The same as ``paid_back`` with what was spent before counted, too.
    known, unknown : tuple of str
        Initiatives with a benefit on record and without one, in order of id.
    unknown_running : tuple of str
        Initiatives whose running cost is not known, and so is not counted.
    unknown_share : float
        The share (0–1) of the capital in these years that goes to work without a benefit on record.
    valued : tuple of str
        Initiatives with a benefit and a running cost on record.
    present : float or None
        Net present value of these; None where no rate is.
    agreed : float
        What somebody has agreed to by name of the benefits in a year.
    """

    years: tuple[CashYear, ...]
    paid_back: Quarter | None
    before: float
    paid_back_in_all: Quarter | None
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    unknown_running: tuple[str, ...]
    unknown_share: float
    valued: tuple[str, ...]
    present: float | None
    agreed: float

    @property
    def yearly(self) -> float:
        """What the known benefits come to in a year, once all of the work is done."""
        return self.years[-1].benefit

    @property
    def all_agreed(self) -> bool:
        """Whether somebody has agreed to each of the known benefits, up to rounding."""
        return self.agreed >= self.yearly * (1 - 1e-9)


def business_case(record: Record, roadmap: Roadmap) -> BusinessCase | None:
    """Return a plan's business case; None where nothing is planned or no benefit is on record.

    Parameters
    ----------
    record : Record
        As the plan rests on it.
    """
    by_id = {one.id: one for one in record.initiatives}
    work = sorted((by_id[s.initiative] for s in roadmap.scheduled), key=lambda one: one.id)
    known = tuple(one.id for one in work if one.benefit is not None)
    if not known:
        return None
    begins = {s.initiative: s.start.index - roadmap.start.index for s in roadmap.scheduled}
    ends = {s.initiative: s.finish.index - roadmap.start.index for s in roadmap.scheduled}
    length = max(ends.values()) + 1 + WORTH_QUARTERS
    length += -(roadmap.start.index + length) % 4  # to the end of that fiscal year
    capital, running, benefit = [0.0] * length, [0.0] * length, [0.0] * length
    uncounted = 0.0
    for one in work:
        described = candidate(record, one, roadmap.start, roadmap.quarters)
        paid = [described.capital(begins[one.id], t) for t in range(length)]
        uncounted += sum(paid) if one.benefit is None else 0.0
        for t in range(length):
            capital[t] += paid[t]
            if t > ends[one.id]:
                running[t] += (one.opex or 0.0) / 4
                benefit[t] += (one.benefit or 0.0) / 4
    sums, total = [], 0.0
    for t in range(length):
        total += benefit[t] - running[t] - capital[t]
        sums.append(total)
    before = sum(
        candidate(record, one, roadmap.start, roadmap.quarters).capital(begins[one.id], t)
        for one in work
        for t in range(begins[one.id], 0)
    )
    unknown = tuple(one.id for one in work if one.benefit is None)
    return BusinessCase(
        _by_year(roadmap, capital, running, benefit, sums), _paid_back(roadmap, sums), before,
        _paid_back(roadmap, [total - before for total in sums]), known, unknown,
        tuple(one.id for one in work if one.opex is None),
        uncounted / (sum(capital) or 1.0),
        tuple(one.initiative for one in roadmap.worth), _present(roadmap), sum(one.benefit or 0.0 for one in work if one.benefit_agreed_by),
    )  # fmt: skip


def _by_year(
    roadmap: Roadmap, capital: list[float], running: list[float], benefit: list[float], sums: list[float]
) -> tuple[CashYear, ...]:
    years: dict[int, list[int]] = {}
    for t in range(len(sums)):
        years.setdefault(roadmap.start.plus(t).year, []).append(t)
    return tuple(
        CashYear(
            year, sum(capital[t] for t in ts), sum(running[t] for t in ts), sum(benefit[t] for t in ts), sums[ts[-1]]
        )
        for year, ts in years.items()
    )  # fmt: skip


def _paid_back(roadmap: Roadmap, sums: list[float]) -> Quarter | None:
    """Return the quarter from whose end on the sum stays at or above zero, up to rounding."""
    slack = 1e-9 * max(map(abs, sums), default=0.0)
    below = [t for t, total in enumerate(sums) if total < -slack]
    last = below[-1] if below else -1
    return None if last == len(sums) - 1 else roadmap.start.plus(last + 1)


def _present(roadmap: Roadmap) -> float | None:
    values = [one.npv for one in roadmap.worth if one.npv is not None]
    return sum(values) if values else None


def paid_back_text(case: BusinessCase, currency: str) -> str:
    """Say what the benefits bring a year, how much of that is agreed, and by when they pay every {known}new cost of the plan back."""
    brings, sure = f"{money(case.yearly, currency)} a year", case.all_agreed
    if not case.agreed:
        brings += ", not agreed yet,"
    elif not sure:
        brings += f", {money(case.agreed, currency)} of it agreed,"
    known = "known " if case.unknown_running else ""
    if case.paid_back is None:
        does = "does not" if sure else "would not"
        return f"{brings} {does} pay the plan’s {known}new costs back by the end of FY{case.years[-1].year}"
    return f"{brings} {'pays' if sure else 'would pay'} every {known}new cost of the plan back by {case.paid_back}"


def in_all_text(case: BusinessCase, currency: str) -> str:
    """Say when the plan pays back if what falls before it is counted, too; "" where nothing does, or it makes no difference."""
    if case.before < 1 or not case.paid_back or case.paid_back_in_all == case.paid_back:
        return ""
    pays, not_yet = ("pays", "does not pay") if case.all_agreed else ("would pay", "would not pay")
    when = (
        f"{pays} back by {case.paid_back_in_all}"
        if case.paid_back_in_all
        else f"{not_yet} back by the end of FY{case.years[-1].year}"
    )
    return f"With the {money(case.before, currency)} before the plan, it {when}"
