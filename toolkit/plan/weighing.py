"""Other weightings of the goals, to see which choices do not hang on the points as they are."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from toolkit.client.record import Record

DRAWS = 8
SPREAD = 0.5
_SEED = 100


def weightings(record: Record) -> tuple[dict[str, float], ...]:
    """Return other ways to spread 100 points over the goals; none where fewer than two goals weigh anything.

    Each goal that weighs anything is doubled, then each is dropped; then come seeded draws, in which
    each goal's points are multiplied by something between a half and one and a half (METHOD §6).
    Goals without any points count alike, as in the plan.
    """
    points = {goal.id: goal.weight or 0.0 for goal in sorted(record.facts.goals, key=lambda goal: goal.id)}
    if not any(points.values()):
        points = dict.fromkeys(points, 1.0)
    heavy = [goal for goal, weight in points.items() if weight]
    if len(heavy) < 2:
        return ()
    draw = random.Random(_SEED)
    return tuple(
        [_spread(points | {goal: by * points[goal]}) for by in (2.0, 0.0) for goal in heavy]
        + [
            _spread({goal: weight * draw.uniform(1 - SPREAD, 1 + SPREAD) for goal, weight in points.items()})
            for _ in range(DRAWS)
        ]
    )


def weighed(record: Record, points: Mapping[str, float]) -> Record:
    """Return the record with the goals' points replaced."""
    goals = tuple(goal.model_copy(update={"weight": points[goal.id]}) for goal in record.facts.goals)
    return replace(record, facts=record.facts.model_copy(update={"goals": goals}))


def _spread(points: Mapping[str, float]) -> dict[str, float]:
    total = sum(points.values())
    return {goal: 100 * weight / total for goal, weight in points.items()}
