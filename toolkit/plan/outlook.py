"""Where a goal's measure stands, where its pace leads, and where the plan is expected to bring it by the goal's date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Goal, Initiative, Kpi
from toolkit.method import CONTRIBUTION_BANDS, CONTRIBUTIONS
from toolkit.plan.roadmap import Roadmap
from toolkit.plan.traceability import distance

Verdict = Literal[
    "reached", "reaches", "ahead", "behind", "short", "no initiative", "outside IT", "not known"
]

# The least, the expected and the most of a goal's distance that a contribution of each level closes, in per cent (METHOD §6).
_LOW, _HIGH = (edge / 100 for edge in CONTRIBUTION_BANDS)
BANDS = {
    1: (0.0, CONTRIBUTIONS[1], _LOW),
    2: (_LOW, CONTRIBUTIONS[2], _HIGH),
    3: (_HIGH, CONTRIBUTIONS[3], 1.0),
}


@dataclass(frozen=True)
class Outlook:
    """A goal's outlook.

    Shares are of the way from the goal's baseline to its target: 0 is the baseline, 1 the target; below 0 the measure
    is further off than it was. What is not known is None.

    Attributes
    ----------
    way : float or None
        The latest reading by the round's day.
    path : float or None
        Where a straight line from baseline to target would be on the day of that reading.
    pace : float or None
        Where the reading's pace since the baseline leads by the goal's date.
    low, expected, high : float or None
        With the plan, by the goal's date: the better of the pace and today's reading plus what the initiatives close
        that end by then. The two are never added, since work under way may be in both.
    initiatives, late : int
        How many initiatives of the plan serve it and end by its date, and how many end after it.
    waiting : int
        How many open initiatives that serve it the plan does not hold.
    planned : bool
        Whether there is a plan at all.
    readings : int
        On how many readings today's value and its pace rest.
    """

    goal: Goal
    kpi: Kpi | None
    baseline: float | None
    target: float | None
    due: date | None
    today: float | None = None
    on: date | None = None
    way: float | None = None
    path: float | None = None
    pace: float | None = None
    low: float | None = None
    expected: float | None = None
    high: float | None = None
    initiatives: int = 0
    late: int = 0
    waiting: int = 0
    planned: bool = True
    readings: int = 0

    def value(self, share: float) -> float:
        """Return the measure's value at a share of the way, in its unit."""
        baseline, target = self.baseline or 0.0, self.target or 0.0
        return baseline + (target - baseline) * share

    @property
    def behind(self) -> bool:
        """Whether the reading is behind the straight path; no, where either is not known."""
        return self.way is not None and self.path is not None and self.way < self.path

    @property
    def verdict(self) -> Verdict:
        """What can be said of its end: by the expected value alone, and never "short" while it is ahead of its path."""
        if self.way is not None and self.way >= 1:
            return "reached"
        if not self.initiatives + self.late and self.goal.served_by:
            return "outside IT"
        if not self.planned and self.path is not None:
            return "behind" if self.behind else "ahead"
        if not self.planned and self.waiting:
            return "not known"
        if not self.initiatives + self.late:
            return "ahead" if self.path is not None and not self.behind else "no initiative"
        if self.expected is None:
            return "not known"
        if self.expected >= 1:
            return "reaches"
        return "ahead" if self.path is not None and not self.behind else "short"


def outlooks(record: Record, roadmap: Roadmap, as_of: date, slip: int = 0) -> tuple[Outlook, ...]:
    """Return the outlook of each goal, in the record's order.

    Parameters
    ----------
    record : Record
        As the plan rests on it.
    slip : int
        By how many quarters everything not yet finished ends later than planned.
    """
    kpis = {one.id: one for one in record.facts.kpis}
    return tuple(
        _outlook(record, roadmap, goal, kpis.get(goal.kpi or ""), as_of, slip) for goal in record.facts.goals
    )


def _outlook(
    record: Record, roadmap: Roadmap, goal: Goal, kpi: Kpi | None, as_of: date, slip: int
) -> Outlook:
    baseline, target = distance(goal, kpi)
    due = goal.due or (kpi.target_date if kpi else None)
    serving = _serving(record, roadmap, goal)
    fiscal = record.facts.profile.fiscal
    in_time = [one for one, end in serving if due is None or end.plus(slip).last_day(fiscal) <= due]
    known = Outlook(
        goal, kpi, baseline, target, due, initiatives=len(in_time), late=len(serving) - len(in_time),
        waiting=_waiting(record, serving, goal), planned=roadmap.kind == "optimised",
    )  # fmt: skip
    readings = [one for one in kpi.readings if one.date <= as_of] if kpi else []
    if not readings or baseline is None or target is None or baseline == target:
        return known
    last = max(readings, key=lambda one: one.date)
    way = (last.value - baseline) / (target - baseline)
    began = kpi.baseline_date if kpi else None
    part = (last.date - began).days / (due - began).days if began and due and began < due else None
    path = min(part, 1.0) if part is not None and part >= 0 else None
    pace = way / part if part and part > 0 else None
    low, expected, high = (
        max(
            way + sum(_closes(one, goal, target - baseline, edge) for one in in_time),
            way if pace is None else pace,
        )
        for edge in range(3)
    )
    read = replace(
        known, today=last.value, on=last.date, way=way, path=path, pace=pace, readings=len(readings)
    )
    return replace(read, low=low, expected=expected, high=high) if in_time else read


def _serving(record: Record, roadmap: Roadmap, goal: Goal) -> list[tuple[Initiative, Quarter]]:
    by_id = {one.id: one for one in record.initiatives}
    return [
        (by_id[row.initiative], row.finish)
        for row in roadmap.scheduled
        if by_id[row.initiative].goals.get(goal.id, 0) > 0
    ]


def _waiting(record: Record, serving: Sequence[tuple[Initiative, Quarter]], goal: Goal) -> int:
    """Count the open initiatives that serve a goal and are not among those of the plan."""
    held = {initiative.id for initiative, _ in serving}
    return sum(
        initiative.is_open and initiative.goals.get(goal.id, 0) > 0 and initiative.id not in held
        for initiative in record.initiatives
    )


def _closes(one: Initiative, goal: Goal, way: float, edge: int) -> float:
    """Return the share of the way that an initiative closes: as its own figure says, else by the band of its level."""
    if goal.id in one.effects:
        return one.effects[goal.id] / way
    return BANDS[one.goals[goal.id]][edge]
