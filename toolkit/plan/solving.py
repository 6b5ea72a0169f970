"""The solver: a time-indexed program, one choice for each candidate and quarter it may start in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from toolkit.plan.polishing import first_plans, polished, relaxed
from toolkit.plan.problem import Candidate, Problem
from toolkit.plan.program import ROUNDING, Rows, Vector, minimise
from toolkit.plan.roadmap import PROVEN
from toolkit.plan.usage import improved

Columns = list[tuple[Candidate, int]]

# From this many columns on, a first plan is shown before the search that proves.
LARGE = 300


# Explaining a plan asks for the same problems again, and so does making a document anew.
REMEMBERED = 1024


class Undecided(Exception):
    """The search ended on its nodes with no plan, and with no proof that there is none."""


@dataclass(frozen=True)
class Solution:
    """Start quarter of each chosen candidate, the accrued value, and the proven relative gap (0–1; 1 or more is 1)."""

    starts: Mapping[str, int]
    value: float
    gap: float


@lru_cache(maxsize=REMEMBERED)
def solve(problem: Problem) -> Solution | None:
    """Choose starts that earn the most value; among those the least money; among those the earliest.

    Of two plans alike in all three, the one whose first candidates start earlier. Money and starts
    are searched once the value has its proof; what a search without one leaves is improved, a few
    candidates at a time. Returns None when it is proven that no plan keeps every limit.

    Raises
    ------
    Undecided
        When what must be in leaves the search without a plan and without that proof.
    """
    return next(iter(deque(solutions(problem), maxlen=1)), None)


def solutions(problem: Problem) -> Iterator[Solution]:
    """Yield plans as they are found, each with the gap that is proven by then; the last is that of :func:`solve`.

    A large problem has its first within a fraction of a second. Where no plan keeps every limit,
    nothing is yielded.

    Raises
    ------
    Undecided
        As :func:`solve`.
    """
    columns, rows = program(problem)
    told: Solution | None = None
    for x, bound, proven in _searched(problem, columns, rows):
        starts = improved(problem, {c.id: s for (c, s), chosen in zip(columns, x, strict=True) if chosen})
        value = sum(c.accrued(starts[c.id], problem.quarters) for c in problem.candidates if c.id in starts)
        if told and not proven and value < told.value:
            starts, value = dict(told.starts), told.value
        one = Solution(starts, value, _gap(value, min(bound, _unlimited_value(problem))))
        if one != told:
            yield one
        told = one


def _searched(problem: Problem, columns: Columns, rows: Rows) -> Iterator[tuple[Vector, float, bool]]:
    """Yield choices of columns, the value that none can pass, and whether the choice is proven to reach it."""
    cost = -np.array([c.accrued(s, problem.quarters) for c, s in columns])
    starts = [(c.id, s) for c, s in columns]
    x: Vector | None = None
    ideal = relaxed(cost, rows) if len(columns) > LARGE else None
    if ideal and ideal.x is not None:
        for x in first_plans(cost, rows, ideal.x, starts):
            yield x, -ideal.bound, False
    best = minimise(cost, rows)
    if best.infeasible:
        return
    if x is None and best.x is None and any(c.fixed for c in problem.candidates):
        raise Undecided
    found = [plan for plan in (best.x, x) if plan is not None] or [np.zeros(len(columns))]
    x = min(found, key=lambda plan: float(cost @ plan))
    bound = min(best.bound, float(cost @ x))
    if bound >= float(cost @ x) * (1 + PROVEN):
        alone = cost @ x < 0 and minimise(cost, rows, known=x).infeasible
        yield x if alone else _tidied(problem, columns, rows, -cost, x), -bound, True
        return
    yield x, -bound, False
    for better in polished(cost, rows, x, starts):
        yield better, -bound, False


def _gap(value: float, bound: float) -> float:
    if value <= 0:
        return 1.0 if bound > 0 else 0.0
    return min(max(bound / value - 1, 0.0), 1.0)


def feasible(problem: Problem) -> bool | None:
    """Whether some plan keeps every limit and holds all that is fixed; None when the search did not settle it."""
    columns, rows = program(problem)
    found = minimise(np.zeros(len(columns)), rows)
    return True if found.x is not None else (False if found.infeasible else None)


def _tidied(problem: Problem, columns: Columns, rows: Rows, earned: Vector, x: Vector) -> Vector:
    """Return the plan of equal value that takes the least money and, among those, starts earliest."""
    count, quarters = len(problem.candidates) + 1, problem.quarters + 1
    ranks = {c.id: count - i for i, c in enumerate(problem.candidates, start=1)}
    money = np.array([sum(c.cost(s, t) for t in range(problem.quarters)) for c, s in columns])
    early = np.array([(s + 1) * (1 + ranks[c.id] / (count**2 * quarters)) for c, s in columns])
    reached = -earned
    for wanted in (money, early):
        most = float(reached @ x)
        slack = ROUNDING * max(abs(most), float(np.abs(reached).max(initial=0.0)))
        rows.add({i: float(v) for i, v in enumerate(reached) if v}, -np.inf, most + slack)
        found = minimise(wanted, rows, gap=0.0)
        if found.x is None:
            return x
        x, reached = found.x, wanted
    return x


def _unlimited_value(problem: Problem) -> float:
    """Return what all candidates would earn if no limit were shared."""
    earned = [[c.accrued(s, problem.quarters) for s in c.starts] for c in problem.candidates]
    return sum(max(one, default=0.0) for one in earned)


def program(problem: Problem) -> tuple[Columns, Rows]:
    """Write a problem as yes-or-no columns, one for each candidate and quarter it may start in, and rows of limits.

    Work that earns nothing, and that neither must be in nor is needed, has no column: it is better left out.
    """
    needed = {need for c in problem.candidates for need in c.needs}
    columns = [
        (c, s)
        for c in problem.candidates
        for s in c.starts
        if c.fixed or c.id in needed or c.accrued(s, problem.quarters) > 0
    ]
    rows, of = Rows(len(columns)), {c.id: {} for c in problem.candidates}  # type: Rows, dict[str, dict[int, int]]
    for i, (c, s) in enumerate(columns):
        of[c.id][s] = i
    for c in problem.candidates:
        rows.add(dict.fromkeys(of[c.id].values(), 1.0), 1.0 if c.fixed else 0.0, 1.0)
        for need in c.needs:
            _wait_for(rows, of, c, next((d for d in problem.candidates if d.id == need), None))
    for group in sorted({c.alternative for c in problem.candidates if c.alternative}):
        rows.add(
            {i: 1.0 for c in problem.candidates if c.alternative == group for i in of[c.id].values()},
            0.0,
            1.0,
        )
    _money(rows, problem, columns)
    _people(rows, problem, columns)
    return columns, rows


def _wait_for(
    rows: Rows, of: dict[str, dict[int, int]], candidate: Candidate, need: Candidate | None
) -> None:
    """By any quarter a candidate has started only if what it needs has finished; never, if that cannot be.

    One row a quarter, over all starts up to it: far tighter a bound than one row a start.
    """
    started: dict[int, float] = {}
    for start, column in sorted(of[candidate.id].items()):
        started[column] = 1.0
        ready = {i: -1.0 for s, i in of[need.id].items() if s + need.duration <= start} if need else {}
        rows.add({**started, **ready}, -np.inf, 0.0)


def _money(rows: Rows, problem: Problem, columns: Columns) -> None:
    for purse in problem.purses:
        terms = {i: cost for i, (c, s) in enumerate(columns)
                 if (cost := problem.drawn(c, s, purse)) and (purse.limit is not None or not c.fixed)}  # fmt: skip
        rows.add(terms, -np.inf, purse.limit or 0.0)


def _people(rows: Rows, problem: Problem, columns: Columns) -> None:
    for role, capacity in sorted(problem.people.items()):
        for t, limit in enumerate(capacity):
            terms = {
                i: c.people[role]
                for i, (c, s) in enumerate(columns)
                if c.people.get(role) and s <= t < s + c.duration
            }
            if terms and limit is not None:
                rows.add(terms, -np.inf, limit)
