"""The solver: a time-indexed mixed-integer program, solved to a proven gap by HiGHS."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from toolkit.plan.problem import Candidate, Problem

GAP = 1e-4
NODES = 50_000
SLACK = 1e-7


@dataclass(frozen=True)
class Solution:
    """Start quarter of each chosen candidate, the accrued value, and the proven relative gap (0–1)."""

    starts: dict[str, int]
    value: float
    gap: float


@contextmanager
def _silence() -> Iterator[None]:
    """Keep HiGHS, which prints from C whatever it is told, off the process's standard output."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


class _Rows:
    """Collects linear constraints ``low ≤ a·x ≤ high`` row by row."""

    def __init__(self) -> None:
        self.data: list[float] = []
        self.columns: list[int] = []
        self.ends: list[int] = [0]
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, terms: dict[int, float], low: float, high: float) -> None:
        """Add one row; a row without terms that its bounds allow is left out."""
        self.columns += terms.keys()
        self.data += terms.values()
        self.ends.append(len(self.columns))
        self.low.append(low)
        self.high.append(high)

    def constraint(self, width: int) -> LinearConstraint:
        """Return all rows as scipy takes them."""
        matrix = csr_array((self.data, self.columns, self.ends), shape=(len(self.low), width))
        return LinearConstraint(matrix, np.array(self.low), np.array(self.high))


def solve(problem: Problem) -> Solution | None:
    """Choose starts that earn the most value; among those the least money; among those the earliest.

    Stops on a proven gap or a number of nodes, never on the clock, so that the same problem gives
    the same plan. Returns None when no plan keeps every limit.
    """
    columns = [(c, s) for c in problem.candidates for s in c.starts]
    if not columns:
        return None if any(c.fixed for c in problem.candidates) else Solution({}, 0.0, 0.0)
    rows = _constraints(problem, columns)
    earned = np.array([c.accrued(s, problem.quarters) for c, s in columns])
    best = _minimise(-earned, rows, len(columns))
    if best is None:
        return None
    x, gap = best
    value = float(earned @ x)
    rows.add({i: float(v) for i, v in enumerate(earned) if v}, value - max(SLACK, abs(value) * SLACK), np.inf)
    money = np.array([sum(c.cost(s, t) for t in range(problem.quarters)) for c, s in columns])
    scale = float(money.max()) or 1.0
    again = _minimise(money / scale, rows, len(columns))
    if again is not None:
        x = again[0]
        spent = float(money @ x) / scale
        rows.add(
            {i: float(v) / scale for i, v in enumerate(money) if v},
            -np.inf,
            spent + max(SLACK, abs(spent) * SLACK),
        )
        early = np.array([s + 1 + i * 1e-6 for i, (_, s) in enumerate(columns)])
        last = _minimise(early, rows, len(columns))
        x = last[0] if last is not None else x
    return Solution({c.id: s for (c, s), chosen in zip(columns, x, strict=True) if chosen > 0.5}, value, gap)


def _minimise(cost: NDArray[np.float64], rows: _Rows, width: int) -> tuple[NDArray[np.float64], float] | None:
    with _silence():
        result = milp(cost, constraints=rows.constraint(width), bounds=Bounds(0, 1), integrality=np.ones(width),
                      options={"mip_rel_gap": GAP, "node_limit": NODES})  # fmt: skip
    if result.x is None:
        return None
    return np.round(result.x), float(result.mip_gap or 0.0)


def _constraints(problem: Problem, columns: list[tuple[Candidate, int]]) -> _Rows:
    rows, of = _Rows(), {c.id: {} for c in problem.candidates}  # type: _Rows, dict[str, dict[int, int]]
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
    return rows


def _wait_for(
    rows: _Rows, of: dict[str, dict[int, int]], candidate: Candidate, need: Candidate | None
) -> None:
    """A candidate starts only where what it needs has finished before; never, where that cannot be planned."""
    for start, column in of[candidate.id].items():
        earlier = {i: -1.0 for s, i in of[need.id].items() if s + need.duration <= start} if need else {}
        rows.add({column: 1.0, **earlier}, -np.inf, 0.0)


def _money(rows: _Rows, problem: Problem, columns: list[tuple[Candidate, int]]) -> None:
    largest = max((m for m in problem.money.values() if m), default=1.0)
    for year, available in sorted(problem.money.items()):
        terms = {i: cost / largest for i, (c, s) in enumerate(columns)
                 if (cost := problem.year_cost(c, s, year)) and (available is not None or not c.fixed)}  # fmt: skip
        rows.add(terms, -np.inf, (available or 0.0) / largest + SLACK)


def _people(rows: _Rows, problem: Problem, columns: list[tuple[Candidate, int]]) -> None:
    for role, capacity in sorted(problem.people.items()):
        for t in range(problem.quarters):
            terms = {
                i: c.people[role]
                for i, (c, s) in enumerate(columns)
                if c.people.get(role) and s <= t < s + c.duration
            }
            if terms:
                rows.add(terms, -np.inf, capacity[t] + SLACK)
