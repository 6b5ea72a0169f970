"""The ranked lists that people usually make, filled from the top within the same limits as the plan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from toolkit.client.record import Record
from toolkit.plan.colliding import needed_by_fixed
from toolkit.plan.explanations import Ranking
from toolkit.plan.problem import Candidate, Problem
from toolkit.plan.solving import Solution, Undecided, solve
from toolkit.plan.usage import Usage, open_starts


def rankings(record: Record, problem: Problem) -> tuple[Ranking, ...]:
    """Return what going down each list gives: by value per cost, and leadership's own where two ranks are recorded.

    Work that is fixed comes first, with what it needs, planned as well as it can be by itself.
    Then each initiative in turn starts as early as it fits and adds value; what waits for another is looked at
    again once that is in. An initiative's value is what it is worth by itself, begun as early as it may. Groundwork without value of its own comes in with the first that needs it and fits.
    Initiatives without a rank follow those with one, by value per cost.
    """
    try:
        fixed = solve(replace(problem, candidates=needed_by_fixed(problem)))
    except Undecided:
        return ()
    if fixed is None:
        return ()
    order = sorted(problem.candidates, key=lambda one: (-_value_per_cost(problem, one), one.id))
    out = [_filled("value per cost", problem, fixed, order)]
    ranks = {one.id: one.rank for one in record.initiatives if one.rank is not None}
    if sum(one.id in ranks for one in problem.candidates) > 1:
        order.sort(key=lambda one: ranks.get(one.id, math.inf))
        out.append(_filled("leadership", problem, fixed, order))
    return tuple(out)


def _value_per_cost(problem: Problem, one: Candidate) -> float:
    cost = sum(one.payments)
    return problem.worth(one) / cost if cost else math.inf


def _filled(
    by: Literal["value per cost", "leadership"], problem: Problem, fixed: Solution, order: Sequence[Candidate]
) -> Ranking:
    """Take each candidate in order where it fits, until a whole round takes none."""
    plan, usage = dict(fixed.starts), Usage.of(problem, fixed.starts)
    taking = True
    while taking:
        taking = False
        for one in order:
            more = _with(problem, plan, usage, one) if problem.worth(one) > 0 and one.id not in plan else None
            if more:
                plan, usage, taking = more, Usage.of(problem, more), True
    taken = tuple(one.id for one in order if one.id in plan)
    return Ranking(by, taken, problem.accrued(plan), problem.spent(plan))


def _with(problem: Problem, plan: dict[str, int], usage: Usage, one: Candidate) -> dict[str, int] | None:
    """Return the plan with a candidate as early as it fits, after groundwork that is worth nothing by itself."""
    for need in problem.candidates:
        if need.id in one.needs and need.id not in plan and not problem.worth(need):
            more = _with(problem, plan, usage, need)
            if more is None:
                return None
            plan, usage = more, Usage.of(problem, more)
    start = _start(problem, plan, usage, one)
    return None if start is None else plan | {one.id: start}


def _start(problem: Problem, plan: Mapping[str, int], usage: Usage, one: Candidate) -> int | None:
    """Return the earliest start at which a candidate still fits and, if it is worth anything, adds value."""
    return next(
        (
            start for start in open_starts(problem, one, plan)
            if (problem.added(plan, one, start) > 0 or not problem.worth(one))
            and not usage.money_lacking(one, start) and not usage.people_lacking(one, start)
        ),
        None,
    )  # fmt: skip
