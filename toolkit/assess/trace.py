"""The trace between goals and initiatives, with what is left over at both ends.

Only live work counts: an initiative that is done or stopped serves no goal any more, and is not
missed by one either.
"""

from __future__ import annotations

from toolkit.assess.assessment import GoalTrace
from toolkit.client.record import Record
from toolkit.client.work import Initiative

FINISHED = ("done", "stopped")


def live(record: Record) -> list[Initiative]:
    """Return the initiatives that are neither done nor stopped."""
    return [one for one in record.initiatives if one.status not in FINISHED]


def goals_traced(record: Record) -> tuple[GoalTrace, ...]:
    """Return each goal with the live initiatives that serve it, the strongest contribution first."""
    out = []
    for goal in record.facts.goals:
        serving = sorted(
            (-one.goals[goal.id], one.id) for one in live(record) if one.goals.get(goal.id, 0) > 0
        )
        served_by = tuple(initiative for _, initiative in serving)
        out.append(GoalTrace(goal.id, goal.name, goal.weight, goal.owner, served_by, goal.kpi))
    return tuple(out)


def without_goal(record: Record) -> tuple[str, ...]:
    """Return the live initiatives that serve no goal, by id."""
    return tuple(sorted(one.id for one in live(record) if not any(one.goals.values())))
