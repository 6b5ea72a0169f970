"""Other weightings of goals and risks, another scale and a longer view: which choices do not hang on those as they are."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from toolkit.client.record import Record
from toolkit.method import CONTRIBUTIONS
from toolkit.plan.value import risk_share

DRAWS = 8
SPREAD = 0.5
RISK_WEIGHTS = (0.0, 0.5, 2.0)
# The other scale of contributions: level 1, 2 or 3 counts as much, and 3 closes the whole distance.
EVEN_SCALE: Mapping[int, float] = {level: level / 3 for level in CONTRIBUTIONS}
LONGER = 8
_SEED = 100

Kind = Literal["goals", "risks", "scale", "horizon"]


@dataclass(frozen=True)
class Draw:
    """One other way to value the same work within the same limits.

    ``contributions`` says what share of a goal's distance each level closes; value accrues for ``beyond``
    quarters after the horizon's end.
    """

    kind: Kind
    record: Record
    contributions: Mapping[int, float]
    beyond: int = 0


def draws(record: Record) -> tuple[Draw, ...]:
    """Return the other ways to value a record's work; none of a kind where there is nothing to weigh.

    The goals' weightings come first; then risks that weigh nothing, half and double; contributions at
    1 : 2 : 3; and a view eight quarters longer.
    """
    goals = [Draw("goals", weighed(record, points), CONTRIBUTIONS) for points in weightings(record)]
    risks = [
        Draw("risks", _with_risk_weight(record, share), CONTRIBUTIONS) for share in _risk_weights(record)
    ]
    scale = [Draw("scale", record, EVEN_SCALE)] if _scale_matters(record) else []
    return (*goals, *risks, *scale, Draw("horizon", record, CONTRIBUTIONS, LONGER))


def _risk_weights(record: Record) -> list[float]:
    """Return other shares of value for the risks, at most all of it; none where goals or risks are all there is."""
    now = risk_share(record.facts) if record.facts.goals else 0.0
    shares = dict.fromkeys(min(by * now, 1.0) for by in RISK_WEIGHTS)
    return [share for share in shares if share != now]


def _with_risk_weight(record: Record, share: float) -> Record:
    planning = record.facts.planning.model_copy(update={"risk_weight": share})
    return replace(record, facts=record.facts.model_copy(update={"planning": planning}))


def _scale_matters(record: Record) -> bool:
    """Whether another scale changes more than the unit of value: levels differ, or risks stand beside goals."""
    goals = {goal.id for goal in record.facts.goals}
    live = (one for one in record.initiatives if one.is_open)
    levels = {level for one in live for goal, level in one.goals.items() if level and goal in goals}
    return len(levels) > 1 or bool(levels and 0 < risk_share(record.facts) < 1)


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
