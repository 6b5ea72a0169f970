"""Yes-or-no programs, solved by HiGHS: silent, repeatable, exact, never stopped by the clock.

A good choice is made better by large neighbourhood search (Shaw 1998): all but a few candidates are held, and these few
are chosen anew by a small program of their own. The neighbourhoods come from a seeded draw and end by count, so that
the same program gives the same choice.
"""

from __future__ import annotations

import ctypes
import os
import random
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
from highspy import Highs, HighsLp, HighsModelStatus, HighsVarType, MatrixFormat, SolutionStatus, kHighsInf
from numpy.typing import NDArray
from scipy.sparse import csr_array

Vector = NDArray[np.float64]

ROUNDING = 1e-9
MOST_NODES, FEWEST_NODES = 50_000, 10
_NODES_BY_SIZE = 1.2e13
# HiGHS's tolerances are absolute: rows are brought to this size, costs to one at which a trace still counts.
_SCALE, _COSTS = 1e3, 1e6
# On programs of this kind presolve, the search for symmetry and the feasibility jump take longer than they save; the
# last takes up to 30 ms even where there is next to nothing to choose.
_OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",
    "mip_detect_symmetry": False,
    "mip_heuristic_run_feasibility_jump": False,
}


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    ``x`` is None where it found nothing; ``infeasible`` then says whether there is proven to be
    nothing. ``bound`` is what no choice can cost less than.
    """

    x: Vector | None
    bound: float
    infeasible: bool = False


@dataclass(frozen=True)
class Constraints:
    """``low ≤ matrix · x ≤ high``, one row of the matrix a limit."""

    matrix: csr_array
    low: Vector
    high: Vector


class Rows:
    """Linear constraints ``low ≤ a·x ≤ high`` over yes-or-no columns, row by row."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def add(self, terms: dict[int, float], low: float, high: float) -> None:
        """Add one row."""
        self.rows.append((terms, low, high))

    def constraints(self) -> Constraints:
        """Return all rows as HiGHS takes them."""
        rows = [_scaled(*row) for row in self.rows]
        ends = np.cumsum([0, *(len(terms) for terms, _, _ in rows)])
        columns = [column for terms, _, _ in rows for column in terms]
        weights = [weight for terms, _, _ in rows for weight in terms.values()]
        matrix = csr_array((weights, columns, ends), shape=(len(rows), self.width), dtype=float)
        return Constraints(matrix, np.array([row[1] for row in rows]), np.array([row[2] for row in rows]))

    def passed_by(self, x: Vector) -> list[dict[int, float]]:
        """Return the terms of the rows whose upper limit a choice passes by more than rounding."""
        return [terms for terms, _, high in self.rows if _total(terms, x) > high + ROUNDING * abs(high)]

    @property
    def nodes(self) -> int:
        """How many nodes a search may take: fewer in a larger program, where each takes longer."""
        size = 1 + self.width * len(self.rows)
        return max(FEWEST_NODES, min(MOST_NODES, int(_NODES_BY_SIZE / size**2)))


def minimise(cost: Vector, rows: Rows) -> SearchResult:
    """Find the cheapest choice.

    The search ends on a proof or on its nodes, so that a busy machine finds the same. HiGHS keeps
    limits to one part in a million; a choice that uses this is cut off and the search made again, so
    that a budget is kept to the cent.
    """
    if not rows.width:
        fits = all(low <= 0 <= high for _, low, high in rows.rows)
        return SearchResult(np.zeros(0), 0.0) if fits else SearchResult(None, -np.inf, infeasible=True)
    kept = Rows(rows.width)
    kept.rows = list(rows.rows)
    while True:
        wide = _widened(kept)
        prices = np.concatenate([cost, np.zeros(wide.width - rows.width)])
        found = search(prices, wide.constraints(), rows.nodes)
        if found.x is None:
            return found
        x = found.x[: rows.width]
        passed = rows.passed_by(x)
        if not passed:
            return SearchResult(x, min(found.bound, float(cost @ x)))
        for terms in passed:
            together = {column: 1.0 for column, weight in terms.items() if weight > 0 and x[column] > 0}
            others = {column: -1.0 for column, weight in terms.items() if weight < 0 and not x[column]}
            kept.add({**together, **others}, -np.inf, len(together) - 1.0)


def _widened(rows: Rows) -> Rows:
    """Return a program with a column more for each row of which one may be chosen: whether one is.

    To decide that first makes for a far smaller search.
    """
    groups = [row for row in rows.rows if _one_of(*row)]
    wide = Rows(rows.width + len(groups))
    wide.rows = [row for row in rows.rows if not _one_of(*row)]
    for column, (terms, low, high) in enumerate(groups, start=rows.width):
        wide.add({**terms, column: -1.0}, 0.0, 0.0)
        wide.add({column: 1.0}, low, high)
    return wide


def _one_of(terms: dict[int, float], low: float, high: float) -> bool:
    return bool(terms) and high == 1.0 and low in (0.0, 1.0) and all(w == 1.0 for w in terms.values())


def search(
    cost: Vector, constraints: Constraints, nodes: int, gap: float = 0.0, whole: bool = True
) -> SearchResult:
    """Search once, within HiGHS’s own tolerance; with ``whole`` False, columns may be taken in part.

    ``gap`` is the relative gap at which the search may end.
    """
    by = _COSTS / (float(np.abs(cost).max(initial=0.0)) or 1.0)
    with silence():
        solver = Highs()  # type: ignore[no-untyped-call]
        for option, setting in _OPTIONS.items():
            solver.setOptionValue(option, setting)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("mip_max_nodes", nodes)
        solver.passModel(highs_model(cost * by, constraints, whole))
        solver.run()
        status, found, point = solver.getModelStatus(), solver.getInfo(), solver.getSolution().col_value
    ended = status in (HighsModelStatus.kOptimal, HighsModelStatus.kSolutionLimit)
    if not ended or found.primal_solution_status != SolutionStatus.kSolutionStatusFeasible:
        return SearchResult(None, -np.inf, status == HighsModelStatus.kInfeasible)
    x = np.array(point)
    if not whole:
        return SearchResult(x, found.objective_function_value / by)
    return SearchResult(np.round(x), found.mip_dual_bound / by)


def highs_model(cost: Vector, constraints: Constraints, whole: bool = True) -> HighsLp:
    """Return a program as HiGHS takes it."""
    model, width = HighsLp(), len(cost)
    model.num_col_, model.num_row_ = width, len(constraints.low)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros(width), np.ones(width)
    model.row_lower_ = np.clip(constraints.low, -kHighsInf, kHighsInf)
    model.row_upper_ = np.clip(constraints.high, -kHighsInf, kHighsInf)
    model.a_matrix_.format_ = MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = constraints.matrix.indptr, constraints.matrix.indices
    model.a_matrix_.value_ = constraints.matrix.data
    if whole:
        model.integrality_ = [HighsVarType.kInteger] * width
    return model


def _total(terms: dict[int, float], x: Vector) -> float:
    return sum(weight for column, weight in terms.items() if x[column] > 0)


def _scaled(terms: dict[int, float], low: float, high: float) -> tuple[dict[int, float], float, float]:
    """Return a row in a size at which the solver's absolute tolerance is small against its limit."""
    size = max((abs(end) for end in (low, high) if np.isfinite(end)), default=0.0)
    size = size or max(map(abs, terms.values()), default=0.0)
    if not size:
        return terms, low, high
    by = _SCALE / size
    # What passes a limit all alone still does when cut to twice the limit, in tamer numbers.
    most = 2 * high if high > 0 and min(terms.values(), default=0.0) >= 0 else np.inf
    return {column: min(weight, most) * by for column, weight in terms.items()}, low * by, high * by


class _Silence:
    """What HiGHS prints from C goes nowhere while any search runs: it would pass ``sys.stdout`` by, into a page."""

    def __init__(self) -> None:
        self._lock, self._searches, self._kept = threading.Lock(), 0, -1

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            self._searches += 1
            if self._searches == 1:
                self._begin()
        try:
            yield
        finally:
            with self._lock:
                self._searches -= 1
                if not self._searches:
                    self._end()

    def _begin(self) -> None:
        try:
            self._kept = os.dup(1)
        except OSError:  # nothing is open there to print to
            return
        _flush()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)

    def _end(self) -> None:
        if self._kept < 0:
            return
        _flush()
        os.dup2(self._kept, 1)
        os.close(self._kept)
        self._kept = -1


silence = _Silence()


def _flush() -> None:
    # C keeps a buffer of its own, which would else come out after the descriptor is restored.
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    with suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)


FREED = 10
ROUNDS, FIRST_ROUNDS = 400, 20
_NODES, _FIRST_NODES = 50, 5
_GAP = 1e-3
_SEED = 1998


def relaxed(cost: Vector, rows: Rows) -> SearchResult:
    """Return the cheapest choice when columns may be taken in part; its cost is the bound."""
    return search(cost, rows.constraints(), nodes=1, whole=False)


def first_plans(
    cost: Vector, rows: Rows, in_part: Vector, starts: Sequence[tuple[str, int]]
) -> Iterator[Vector]:
    """Yield a choice among the columns that the relaxed choice takes at least in part, then cheaper ones; maybe none."""
    first = _Neighbourhoods(cost, rows).best(np.zeros(rows.width), in_part > 0, _FIRST_NODES)
    if first is not None:
        yield first
        yield from polished(cost, rows, first, starts, FIRST_ROUNDS)


def polished(
    cost: Vector, rows: Rows, x: Vector, starts: Sequence[tuple[str, int]], rounds: int = ROUNDS
) -> Iterator[Vector]:
    """Yield ever cheaper choices than ``x``.

    ``starts`` names each column's candidate and quarter; the columns after these follow from them and are
    always free. Rounds free, in turn, candidates drawn from all, and candidates that start near one
    another beside some that the plan leaves out.
    """
    neighbourhoods, draw = _Neighbourhoods(cost, rows), random.Random(_SEED)
    of: dict[str, list[int]] = {}
    for column, (one, _) in enumerate(starts):
        of.setdefault(one, []).append(column)
    ids = sorted(of)
    for turn in range(rounds):
        chosen = {starts[i][0]: starts[i][1] for i in map(int, np.flatnonzero(x[: len(starts)]))}
        free = np.zeros(rows.width, dtype=bool)
        free[len(starts) :] = True
        for one in _some(draw, ids) if turn % 2 else _near(draw, ids, chosen):
            free[of[one]] = True
        better = neighbourhoods.best(x, free)
        if better is not None and cost @ better < cost @ x - 1e-9 * abs(cost @ x):
            x = better
            yield x


def _some(draw: random.Random, ids: list[str]) -> list[str]:
    return draw.sample(ids, min(FREED, len(ids)))


def _near(draw: random.Random, ids: list[str], chosen: dict[str, int]) -> list[str]:
    """Return candidates that start within three quarters of a drawn one, and some that are out."""
    if not chosen:
        return _some(draw, ids)
    centre = chosen[draw.choice(sorted(chosen))]
    near = [one for one in ids if one in chosen and abs(chosen[one] - centre) <= 3]
    out = [one for one in ids if one not in chosen]
    moved = draw.sample(near, min(len(near), FREED * 2 // 3))
    return moved + draw.sample(out, min(len(out), FREED - len(moved)))


class _Neighbourhoods:
    """One program, solved over a few of its columns with the others held."""

    def __init__(self, cost: Vector, rows: Rows) -> None:
        self._cost, self._rows = cost, rows
        constraints = rows.constraints()
        self._matrix, self._low, self._high = constraints.matrix.tocsc(), constraints.low, constraints.high

    def best(self, x: Vector, free: NDArray[np.bool_], nodes: int = _NODES) -> Vector | None:
        """Return the best choice found over the free columns; None when there are none, or none keeps every limit."""
        if not free.any():
            return None
        held = np.where(free, 0.0, x)
        taken = self._matrix @ held
        matrix = self._matrix[:, free].tocsr()
        touched = np.diff(matrix.indptr) > 0
        constraints = Constraints(
            matrix[touched], (self._low - taken)[touched], (self._high - taken)[touched]
        )
        found = search(self._cost[free], constraints, nodes, _GAP)
        if found.x is None:
            return None
        held[free] = found.x
        return None if self._rows.passed_by(held) or self._missed(held) else held

    def _missed(self, x: Vector) -> bool:
        return bool((self._matrix @ x < self._low - 0.5).any())
