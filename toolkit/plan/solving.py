"""The solver: a time-indexed program, one choice for each candidate and quarter it may start in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.plan.problem import Candidate, Problem
from toolkit.plan.program import GAP, ROUNDING, Rows, Vector, minimise
from toolkit.plan.usage import improved

Columns = list[tuple[Candidate, int]]


class Undecided(Exception):
    """The search ended on its nodes with no plan, and with no proof that there is none."""


@dataclass(frozen=True)
class Solution:
    """Start quarter of each chosen candidate, the accrued value, and the proven relative gap (0–1)."""

    starts: dict[str, int]
    value: float
    gap: float


def solve(problem: Problem) -> Solution | None:
    """Choose starts that earn the most value; among those the least money; among those the earliest.

    Of two plans alike in all three, the one whose first candidates start earlier. Money and starts
    are searched once the value has its proof; what a search without one leaves is improved candidate
    by candidate. Returns None when it is proven that no plan keeps every limit.

    Raises
    ------
    Undecided
        When what must be in leaves the search without a plan and without that proof.
    """
    columns, rows = _program(problem)
    earned = np.array([c.accrued(s, problem.quarters) for c, s in columns])
    best = minimise(-earned, rows)
    if best.infeasible:
        return None
    if best.x is None and any(c.fixed for c in problem.candidates):
        raise Undecided
    x = np.zeros(len(columns)) if best.x is None else best.x
    if -best.bound <= float(earned @ x) * (1 + 2 * GAP):
        x = _tidied(problem, columns, rows, earned, x)
    starts = improved(problem, {c.id: s for (c, s), chosen in zip(columns, x, strict=True) if chosen})
    value = sum(c.accrued(starts[c.id], problem.quarters) for c in problem.candidates if c.id in starts)
    bound = min(-best.bound, _unlimited_value(problem))
    return Solution(starts, value, min(max(bound / value - 1, 0.0), 1.0) if value > 0 else 0.0)


def feasible(problem: Problem) -> bool | None:
    """Whether some plan keeps every limit and holds all that is fixed; None when the search did not settle it."""
    columns, rows = _program(problem)
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


def _program(problem: Problem) -> tuple[Columns, Rows]:
    columns = [(c, s) for c in problem.candidates for s in c.starts]
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
    for year, available in sorted(problem.money.items()):
        terms = {i: cost for i, (c, s) in enumerate(columns)
                 if (cost := problem.year_cost(c, s, year)) and (available is not None or not c.fixed)}  # fmt: skip
        rows.add(terms, -np.inf, available or 0.0)


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
