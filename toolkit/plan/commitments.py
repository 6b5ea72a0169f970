"""Commitments: work that must be in a plan whatever it is worth, and how much of it a plan cannot count."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.assess.wording import count, joined, money, words
from toolkit.client.record import Record
from toolkit.plan.problem import FINISHED, fixed_by, turned_down, unknowns
from toolkit.plan.roadmap import Roadmap

_NAME_CHARACTERS = 60


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
        if one.status not in FINISHED and one.id not in out and fixed_by(one, decisions.get(one.id))
    ]
    return Commitments(
        tuple(one.id for one in fixed), tuple(one.id for one in fixed if unknowns(record, one))
    )


def uncounted_text(
    record: Record, total: int, uncounted: tuple[str, ...], most: int = 0, size: int = _NAME_CHARACTERS
) -> str:
    """Say as a clause how many commitments a plan does not count, and name them; "" where it counts all.

    ``most`` names so many (0: all), each in ``size`` characters.
    """
    if not uncounted:
        return ""
    names = {one.id: one.name for one in record.initiatives}
    named = joined([f"“{words(names.get(one, one), size)}”" for one in uncounted], most=most)
    return f"{how_many(total, uncounted)}: {named}"


def how_many(total: int, uncounted: tuple[str, ...]) -> str:
    """Say as a clause how many commitments a plan does not count."""
    verb = "is" if len(uncounted) == 1 else "are"
    return f"{len(uncounted):,} of {count(total, 'commitment')} {verb} not counted"


def within_limits(record: Record, roadmap: Roadmap, most: int = 0, size: int = _NAME_CHARACTERS) -> str:
    """Say as a clause within which limits a plan keeps, and what of the commitments these have not seen."""
    budgeted = [year for year in roadmap.years if year.budget is not None]
    limits = []
    if budgeted:
        every = len(budgeted) == len(roadmap.years)
        limits.append("every yearly budget" if every else "the yearly budgets on record")
    if any(load.capacity is not None for load in roadmap.loads):
        limits.append("the people available" if not roadmap.unlimited else "the people on record")
    parts = [
        f"within {joined(limits)}" if limits else "",
        uncounted_text(record, roadmap.commitments, roadmap.uncounted, most, size),
        rough_text(record, roadmap),
    ]
    return "; ".join(part for part in parts if part)


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
