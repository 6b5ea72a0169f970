"""The trace between goals and initiatives, with what is left over at both ends.

Only work that goes ahead counts: an initiative that is done, stopped or rejected serves no goal any more, and
is not missed by one either.
"""

from __future__ import annotations

from datetime import date

from toolkit.assess.assessment import GoalTrace
from toolkit.assess.standing import Standing
from toolkit.client.models import Initiative, Kpi, Reading
from toolkit.client.record import Record


def live(record: Record) -> list[Initiative]:
    """Return the initiatives that are neither done nor stopped."""
    return [one for one in record.initiatives if one.is_open]


def goals_traced(standing: Standing) -> tuple[GoalTrace, ...]:
    """Return each goal with the initiatives going ahead that serve it, the strongest contribution first."""
    out = []
    for goal in standing.record.facts.goals:
        serving = sorted(
            (-one.goals[goal.id], one.id) for one in standing.going_ahead if one.goals.get(goal.id, 0) > 0
        )
        served_by = tuple(initiative for _, initiative in serving)
        out.append(GoalTrace(goal.id, goal.name, goal.weight, goal.owner, served_by, goal.kpi))
    return tuple(out)


def reached(record: Record, goal_id: str, as_of: date) -> tuple[Kpi, Reading, float] | None:
    """Return a goal's measure, its latest reading and its target where the reading meets it; None where none is known to."""
    goal = next(one for one in record.facts.goals if one.id == goal_id)
    kpi = next((one for one in record.facts.kpis if one.id == goal.kpi), None)
    readings = [one for one in kpi.readings if one.date <= as_of] if kpi else []
    if kpi is None or not readings:
        return None
    baseline = goal.baseline if kpi.baseline is None else kpi.baseline
    target = goal.target if kpi.target is None else kpi.target
    last = max(readings, key=lambda one: one.date)
    if baseline is None or target is None or baseline == target:
        return None
    met = last.value >= target if target > baseline else last.value <= target
    return (kpi, last, target) if met else None


def without_goal(standing: Standing) -> tuple[str, ...]:
    """Return the initiatives going ahead that serve no goal, by id."""
    return tuple(sorted(one.id for one in standing.going_ahead if not any(one.goals.values())))
