"""The trace between goals and initiatives, with what is left over at both ends.

Only work that goes ahead counts: an initiative that is done, stopped or rejected serves no goal any more, and
is not missed by one either.
"""

from __future__ import annotations

from toolkit.assess.assessment import GoalTrace
from toolkit.assess.standing import Standing
from toolkit.client.record import Record
from toolkit.client.work import Initiative


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


def without_goal(standing: Standing) -> tuple[str, ...]:
    """Return the initiatives going ahead that serve no goal, by id."""
    return tuple(sorted(one.id for one in standing.going_ahead if not any(one.goals.values())))
