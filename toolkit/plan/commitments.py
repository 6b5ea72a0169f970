"""Commitments: work that must be in a plan whatever it is worth, and how much of it a plan cannot count."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.assess.wording import NAME_CHARACTERS, count, joined, money, number_word, quoted
from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.scenarios import Scenario
from toolkit.plan.problem import candidate, fixed_by, turned_down, unknowns
from toolkit.plan.roadmap import Roadmap, YearMoney

_NOTHING = 0.5  # of the currency's unit: less is a trace of rounding


@dataclass(frozen=True)
class Commitments:
    """Open work that is under way, mandatory or decided: all of it, and what of it cannot be counted, by id.

    What cannot be counted takes money and people that no limit of the plan has seen.
    """

    initiatives: tuple[str, ...]
    uncounted: tuple[str, ...]


def commitments(record: Record) -> Commitments:
    """Return the commitments of a record that holds the decisions which stand, one a subject."""
    out, decisions = turned_down(record), {one.subject: one for one in record.decisions}
    fixed = [
        one
        for one in sorted(record.initiatives, key=lambda one: one.id)
        if one.is_open and one.id not in out and fixed_by(one, decisions.get(one.id))
    ]
    return Commitments(
        tuple(one.id for one in fixed), tuple(one.id for one in fixed if unknowns(record, one))
    )


def uncounted_text(
    record: Record, total: int, uncounted: tuple[str, ...], most: int = 0, size: int = NAME_CHARACTERS
) -> str:
    """Say as a clause how many commitments a plan does not count, and name them; "" where it counts all.

    ``most`` names so many (0: all), each in ``size`` characters.
    """
    if not uncounted:
        return ""
    names = {one.id: one.name for one in record.initiatives}
    named = joined([quoted(names.get(one, one), size) for one in uncounted], most=most)
    return f"{how_many(total, uncounted)}: {named}"


def how_many(total: int, uncounted: tuple[str, ...]) -> str:
    """Say as a clause how many commitments a plan does not count."""
    verb = "is" if len(uncounted) == 1 else "are"
    if len(uncounted) == total:
        whole = "the one commitment" if total == 1 else f"all {count(total, 'commitment')}"
        return f"{whole} {verb} not counted"
    # Words for both or figures for both.
    part = number_word(len(uncounted)) if total <= 12 else f"{len(uncounted):,}"
    return f"{part} of {count(total, 'commitment')} {verb} not counted"


def spent_before(record: Record, start: Quarter) -> float:
    """Return what work under way took of the plan's first fiscal year before the plan begins, in the client's currency.

    ``record`` holds the decisions which stand, one a subject. What other work took is not known.
    """
    out = turned_down(record)
    begun = [
        candidate(record, one, start, 1)
        for one in record.initiatives
        if one.status == "in progress" and one.id not in out and not unknowns(record, one)
    ]
    return sum(c.cost(c.starts[0], -t) for c in begun for t in range(1, start.number))


def before_text(record: Record, roadmap: Roadmap) -> str:
    """Say as a clause what a budget of the plan's first fiscal year has not seen; "" where that is nothing known."""
    before, over = spent_before(record, roadmap.start), _over(record, roadmap)
    year = _first_budgeted(roadmap)
    if year is None or not before:
        return ""
    currency = record.facts.profile.currency
    took = f"{money(before, currency)} that work under way took of FY{year.year} before {roadmap.start}"
    if over:
        return f"with the {took}, that year is {money(over, currency)} over what may be spent"
    return f"{took} is not counted"


def _first_budgeted(roadmap: Roadmap) -> YearMoney | None:
    """Return the plan's first fiscal year, where a budget is recorded for it."""
    return next((y for y in roadmap.years if y.year == roadmap.start.year and y.budget is not None), None)


def _over(record: Record, roadmap: Roadmap) -> float:
    """Return by how much the plan's first fiscal year passes its money with what was spent before the plan begins."""
    year = _first_budgeted(roadmap)
    if year is None or year.available is None or not (before := spent_before(record, roadmap.start)):
        return 0.0
    over = year.capex + year.opex + before - year.available
    return over if over > _NOTHING else 0.0


def within_limits(
    record: Record,
    roadmap: Roadmap,
    most: int = 0,
    size: int = NAME_CHARACTERS,
    scenario: Scenario | None = None,
) -> str:
    """Say as a clause within which limits a plan keeps, whose they are, and what of the commitments these have not seen.

    ``scenario`` is the one that the plan follows.
    """
    budgeted = [year for year in roadmap.years if year.budget is not None]
    staffed = any(load.capacity is not None for load in roadmap.loads)
    limits = []
    if budgeted:
        every = len(budgeted) == len(roadmap.years)
        limits.append("every yearly budget" if every else "the yearly budgets on record")
        if _over(record, roadmap):
            limits[0] += f" but that of FY{roadmap.start.year}"
    if staffed:
        limits.append("the people available" if not roadmap.unlimited else "the people on record")
    set_apart = scenario and ((scenario.budget and budgeted) or (scenario.capacity and staffed))
    whose = f" of the scenario {quoted(scenario.name, size)}" if scenario and set_apart else ""
    parts = [
        f"within {joined(limits)}{whose}" if limits else "",
        "no yearly budget is recorded" if staffed and not budgeted else "",
        before_text(record, roadmap),
        uncounted_text(record, roadmap.commitments, roadmap.uncounted, most, size),
        _unknown_text(record, roadmap, people=staffed, running=bool(budgeted)),
        rough_text(record, roadmap),
    ]
    return "; ".join(part for part in parts if part)


def _unknown_text(record: Record, roadmap: Roadmap, people: bool, running: bool) -> str:
    """Say as a clause of how many planned initiatives the people or the running cost are not known; "" where of none."""
    planned = {one.initiative for one in roadmap.scheduled}
    work = [one for one in record.initiatives if one.id in planned]
    lacking = (
        ("the people", sum(not one.fte for one in work) if people else 0),
        ("the running cost", sum(one.opex is None for one in work) if running else 0),
    )
    if len(work) == 1:
        said = [what for what, n in lacking if n]
    else:
        said = [f"{what} of {'each' if n == len(work) else number_word(n)}" for what, n in lacking if n]
    if not said:
        return ""
    verb = "are" if len(said) > 1 or said[0].startswith("the people") else "is"
    of = "the one planned initiative" if len(work) == 1 else count(len(work), "planned initiative")
    return f"{joined(said)} of {of} {verb} not known"


def rough(record: Record, roadmap: Roadmap) -> tuple[str, ...]:
    """Return the ids of the planned work whose estimate is rough and has no contingency, in order of id."""
    planned = {one.initiative for one in roadmap.scheduled}
    return tuple(sorted(one.id for one in record.initiatives if one.id in planned and one.lacks_contingency))


def rough_text(record: Record, roadmap: Roadmap) -> str:
    """Say as a clause how much of a plan's capital is a rough estimate with nothing added; "" where none is."""
    bare = rough(record, roadmap)
    amount = sum(one.capex for one in roadmap.scheduled if one.initiative in bare)
    of = "a rough estimate" if len(bare) == 1 else f"{count(len(bare), 'rough estimate')}"
    return (
        f"{money(amount, record.facts.profile.currency)} of it stands on {of} without contingency"
        if bare
        else ""
    )
