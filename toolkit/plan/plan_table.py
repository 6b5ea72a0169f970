"""The plan as rows for a spreadsheet, its money quarter by quarter, and what solving again found, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.client.calendar import Quarter, in_files
from toolkit.client.record import Record
from toolkit.client.schema import Initiative
from toolkit.plan.payback import BEFORE_RUNNING, losing_before_running
from toolkit.plan.problem import candidate
from toolkit.plan.roadmap import Deferred, Displaced, Payback, RaisedLimit, Roadmap, how_good
from toolkit.plan.traceability import above_the_line, placed
from toolkit.words import (
    capital,
    difference,
    fixed,
    inside,
    joined,
    money,
    money_short,
    number_word,
    percent,
    plain,
    quoted,
    tidy,
)

NAME = 36


def brought_in_by(record: Record, roadmap: Roadmap, one: Deferred) -> str:
    """Say what change brings an initiative in, or that none of those tried does; "" where none was tried.

    A single limit raised comes first; where none is enough, the least share by which every budget was raised, then lowered:
    with less money what is in the plan may no longer fit, so that other work takes its place.
    """
    if roadmap.explained is None:
        return ""
    if found := roadmap.explained.changes.get(one.initiative):
        return joined([change_text(record, change) for change in found], last="or")
    if holding := [step for step in roadmap.explained.budgets if one.initiative in step.enter]:
        least = min(holding, key=lambda step: (step.share < 0, abs(step.share)))
        said = f"every budget {percent(abs(least.share))} {'lower' if least.share < 0 else 'higher'}"
        return f"{said}, in place of {_named(record, least.leave)}" if least.leave else said
    tried = one.initiative in roadmap.explained.tried
    return "none of the changes tried" if tried else "not a matter of money or people"


def change_text(record: Record, change: RaisedLimit) -> str:
    """Return one raised limit in words, with what then goes."""
    if change.kind == "capacity":
        raised = f"{plain(change.amount)} FTE more of {inside(change.role)} throughout"
    else:
        kept_apart = " for running costs" if change.kind == "running" else ""
        raised = f"{money(change.amount, record.facts.profile.currency)} more in FY{change.year}{kept_apart}"
    return f"{raised}, in place of {_named(record, change.leave)}" if change.leave else raised


def displaces(record: Record, roadmap: Roadmap, one: Deferred) -> str:
    """Say what goes when an initiative has to be in, and what that costs in value and money; "" where not tried."""
    if roadmap.explained is None:
        return ""
    if found := roadmap.explained.displaced.get(one.initiative):
        return f"{_moves(record, found)}; {_differences(roadmap, found)}"
    return "no plan holds it" if one.initiative in roadmap.explained.tried else "not tried"


def pushes_out(record: Record, roadmap: Roadmap, initiative: str) -> str:
    """Name what leaves the plan when an initiative has to be in; "" where nothing does, or it was not tried."""
    found = roadmap.explained.displaced.get(initiative) if roadmap.explained else None
    return _named(record, found.leave) if found else ""


def _moves(record: Record, found: Displaced) -> str:
    if found.leave:
        return f"{_named(record, found.leave)} {'goes' if len(found.leave) == 1 else 'go'}{_besides(record, found.enter)}"
    if found.later:
        return f"{_named(record, found.later)} {'ends' if len(found.later) == 1 else 'end'} later"
    return "it ends too late to count" if found.too_late else "nothing goes"


def _besides(record: Record, ids: Sequence[str]) -> str:
    """Say what comes in besides the initiative that has to be in: by its name, or how many; "" where nothing does."""
    if len(ids) == 1:
        return f", {_named(record, ids)} comes in"
    return f", {number_word(len(ids))} others come in" if ids else ""


def _named(record: Record, ids: Iterable[str]) -> str:
    names = {one.id: one.short or one.name for one in record.initiatives}
    return joined([quoted(names[one], NAME) for one in ids], most=2)


def _differences(roadmap: Roadmap, found: Displaced) -> str:
    share = -roadmap.percent_of_value(found.value)
    value = f"value {difference(share, 1)} %" if abs(share) >= 0.05 else "value unchanged"
    if abs(found.money) < 1:
        return f"{value}, spending unchanged"
    return f"{value}, spending {'+' if found.money > 0 else '−'}{money_short(abs(found.money))}"


def grid_text(roadmap: Roadmap) -> str:
    """Say which changes were tried; "" where there were none."""
    if roadmap.explained is None:
        return ""
    tried = roadmap.explained.grid
    parts = [
        f"{of} raised by {joined([money_short(amount) for amount in amounts], last='or')}"
        for of, amounts in (("one year’s budget", tried.budget), ("its running costs", tried.running)) if amounts
    ]  # fmt: skip
    if tried.capacity:
        parts.append(
            f"one role by {joined([plain(fte) for fte in tried.capacity], last='or')} FTE throughout"
        )
    more = [fixed(100 * step.share) for step in roadmap.explained.budgets if step.share > 0]
    if more:
        parts.append(f"every budget by {joined(more, last='or')} %, up or down")
    return f"Tried, one change at a time: {'; '.join(parts)}." if parts else ""


COLUMNS = (
    "initiative",
    "name",
    "place",
    "status",
    "goals",
    "owner_business",
    "owner_it",
    "start",
    "finish",
    "capital",
    "running_cost_a_year",
    "people",
    "because",
    "stays_in",
    "comes_in_with",
    "if_it_had_to_be_in",
    "payback",
    "npv",
    "planned_because",
)
Cell = str | float | None
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Spread:
    """An initiative's work over the plan's quarters, one entry a quarter.

    Attributes
    ----------
    works : tuple of bool
        Whether it runs.
    capital : tuple of float
        Capital paid, contingency included, in the client's currency.
    running : tuple of float
        Running cost once it is finished.
    """

    works: tuple[bool, ...]
    capital: tuple[float, ...]
    running: tuple[float, ...]


def roadmap_rows(record: Record, roadmap: Roadmap) -> list[dict[str, Cell]]:
    """Return a row for each initiative, in the plan's order: above the line, below it, not scheduled, the rest.

    ``capital`` (contingency included, but of work that is done or stopped), ``running_cost_a_year`` and ``npv`` are in the client's
    currency, ``people`` in FTE while the work runs; a missing value is None. ``stays_in`` says in how many of
    the other ways tried an initiative that could be chosen is in the plan, ``npv`` is as of the plan's start, over
    five years after completion; ``planned_because`` says why work worth less than nothing is planned. Where the running cost is not
    known, both are missing unless the work is worth less than nothing even before that cost, as is said then.
    """
    unknown = {one.initiative: f"not known: {', '.join(one.missing)}" for one in roadmap.unscheduled}
    rows: list[dict[str, Cell]] = []
    losing = losing_before_running(record, roadmap)
    told = (*roadmap.worth, *(replace(each, because=BEFORE_RUNNING + each.because) for each in losing))
    worth = {each.initiative: each for each in told}
    for work in placed(record, roadmap):
        one = work.initiative
        start, finish = (in_files(when) if when else None for when in (work.start, work.finish))
        rows.append(
            {"initiative": one.id, "name": one.name, "place": work.place, "status": one.status,
             "goals": "; ".join(sorted(goals_served(one))), "owner_business": one.owner_business,
             "owner_it": one.owner_it, "start": start, "finish": finish, "capital": work.capital,
             "running_cost_a_year": one.opex,
             "people": "; ".join(f"{role}: {plain(fte)}" for role, fte in sorted(one.fte.items())) or None,
             "because": unknown.get(one.id, work.because)} | _explained(record, roadmap, one.id, worth.get(one.id))
        )  # fmt: skip
    return rows


def _explained(record: Record, roadmap: Roadmap, i: str, worth: Payback | None) -> dict[str, Cell]:
    """Return what solving again, and what the initiative pays back, say about it."""
    explained = roadmap.explained
    below = next((one for one in roadmap.deferred if one.initiative == i), None)
    weighed = explained is not None and explained.weightings and i in explained.kept
    return {
        "stays_in": f"{explained.kept[i]} of {explained.weightings}" if explained and weighed else None,
        "comes_in_with": brought_in_by(record, roadmap, below) or None if below else None,
        "if_it_had_to_be_in": displaces(record, roadmap, below) or None if below else None,
        "payback": str(worth.payback) if worth and worth.payback else None,
        "npv": tidy(worth.npv, 2) if worth and worth.npv is not None else None,
        "planned_because": worth.because or None if worth else None,
    }


def goals_served(one: Initiative) -> list[str]:
    """Return the ids of the goals that an initiative contributes to."""
    return [goal for goal, level in one.goals.items() if level]


def quarters_of(roadmap: Roadmap) -> list[Quarter]:
    """Return the plan's quarters, first to last."""
    return [roadmap.start.plus(t) for t in range(roadmap.quarters)]


def spread(record: Record, roadmap: Roadmap) -> dict[str, Spread]:
    """Return the money of each initiative above the line, quarter by quarter, by its id, in the plan's order.

    ``record`` must be the one the plan was made from: the sums over the plan are then those of
    ``roadmap.years``. What is paid before the plan's first quarter or after its last is not in it.
    """
    by_id = {one.id: one for one in record.initiatives}
    out = {}
    for s in above_the_line(roadmap):
        c = candidate(record, by_id[s.initiative], roadmap.start, roadmap.quarters)
        start, ts = s.start.index - roadmap.start.index, range(roadmap.quarters)
        out[s.initiative] = Spread(
            tuple(start <= t < start + c.duration for t in ts),
            tuple(c.capital(start, t) for t in ts),
            tuple(c.running(start, t) for t in ts),
        )
    return out


def in_each_quarter(spreads: Mapping[str, Spread]) -> tuple[list[float], list[float]]:
    """Return what a whole plan takes quarter by quarter: its capital, and the running cost of finished work."""
    paid = zip(*(one.capital for one in spreads.values()), strict=True)
    running = zip(*(one.running for one in spreads.values()), strict=True)
    return [sum(amounts) for amounts in paid], [sum(amounts) for amounts in running]


def accounts_for(record: Record, roadmap: Roadmap) -> bool:
    """Return whether a record gives a plan's very money and people: an older plan may rest on other facts."""
    by_id = {one.id: one for one in record.initiatives}
    if not {one.initiative for one in roadmap.scheduled} <= by_id.keys():
        return False
    spreads = spread(record, roadmap)
    pairs = []
    for year in roadmap.years:
        ts = [t for t, quarter in enumerate(quarters_of(roadmap)) if quarter.year == year.year]
        pairs.append((year.capex, sum(one.capital[t] for one in spreads.values() for t in ts)))
        pairs.append((year.opex, sum(one.running[t] for one in spreads.values() for t in ts)))
    for load in roadmap.loads:
        t = load.quarter.index - roadmap.start.index
        at_work = [by_id[i].fte.get(load.role, 0.0) for i, one in spreads.items() if one.works[t]]
        pairs.append((load.load, sum(at_work)))
    return all(math.isclose(then, now, rel_tol=_ROUNDING, abs_tol=_ROUNDING) for then, now in pairs)


def proof(roadmap: Roadmap) -> tuple[str, ...]:
    """Say how good a plan is proven to be, and which people did not limit it; nothing where none was chosen."""
    if roadmap.gap is None:
        return ()
    out = [f"{capital(how_good(roadmap.gap))}."]
    if roadmap.unlimited:
        roles = joined(list(roadmap.unlimited), most=3)
        out.append(f"No capacity is recorded for {roles}, so it sets no limit.")
    return tuple(out)
