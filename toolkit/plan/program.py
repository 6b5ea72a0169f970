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
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Vector = NDArray[np.float64]

GAP = 1e-6
ROUNDING = 1e-9
MOST_NODES, FEWEST_NODES = 50_000, 10
_NODES_BY_SIZE = 1.2e13
_SCALE = 1e3
_INFEASIBLE = 2
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Found:
    """What a search found.

    ``x`` is None where it found nothing; ``infeasible`` then says whether there is proven to be
    nothing. ``bound`` is what no choice can cost less than.
    """

    x: Vector | None
    bound: float
    infeasible: bool = False


class Rows:
    """Linear constraints ``low ≤ a·x ≤ high`` over yes-or-no columns, row by row."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def add(self, terms: dict[int, float], low: float, high: float) -> None:
        """Add one row."""
        self.rows.append((terms, low, high))

    def constraint(self) -> LinearConstraint:
        """Return all rows as scipy takes them."""
        rows = [_scaled(*row) for row in self.rows]
        ends = np.cumsum([0, *(len(terms) for terms, _, _ in rows)])
        columns = [column for terms, _, _ in rows for column in terms]
        data = [weight for terms, _, _ in rows for weight in terms.values()]
        matrix = csr_array((data, columns, ends), shape=(len(rows), self.width))
        return LinearConstraint(
            matrix, np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
        )

    def passed_by(self, x: Vector) -> list[dict[int, float]]:
        """Return the terms of the rows whose upper limit a choice passes by more than rounding."""
        return [terms for terms, _, high in self.rows if _total(terms, x) > high + ROUNDING * abs(high)]

    @property
    def nodes(self) -> int:
        """How many nodes a search may take: fewer in a larger program, where each takes longer."""
        size = 1 + self.width * len(self.rows)
        return max(FEWEST_NODES, min(MOST_NODES, int(_NODES_BY_SIZE / size**2)))


def minimise(cost: Vector, rows: Rows, gap: float = GAP, known: Vector | None = None) -> Found:
    """Find the cheapest choice; with ``known``, the cheapest but that one, if it costs as little.

    The search ends on a proven relative gap or on its nodes, so that a busy machine finds the same.
    HiGHS keeps limits to one part in a million; a choice that uses this is cut off and the search
    made again, so that a budget is kept to the cent. With ``known``, a choice that saves money
    (``cost @ known < 0``), ``infeasible`` says that every other choice costs more.
    """
    if not rows.width:
        fits = all(low <= 0 <= high for _, low, high in rows.rows)
        return Found(np.zeros(0), 0.0) if fits else Found(None, -np.inf, infeasible=True)
    kept = Rows(rows.width)
    kept.rows = list(rows.rows)
    while True:
        prices, wide = _widened(cost, kept, known)
        found = search(prices, wide.constraint(), rows.nodes, gap, largest=float(np.abs(cost).max()))
        if found.x is None:
            return found
        x = found.x[: rows.width]
        if known is not None and found.x[-1]:
            return Found(None, found.bound, infeasible=found.bound >= prices[-1] * (1 + 1.5 * GAP))
        passed = rows.passed_by(x)
        if not passed:
            return Found(x, min(found.bound, float(cost @ x)))
        for terms in passed:
            together = {column: 1.0 for column, weight in terms.items() if weight > 0 and x[column] > 0}
            others = {column: -1.0 for column, weight in terms.items() if weight < 0 and not x[column]}
            kept.add({**together, **others}, -np.inf, len(together) - 1.0)


def _widened(cost: Vector, rows: Rows, known: Vector | None) -> tuple[Vector, Rows]:
    """Return a program with a column more for each row of which one may be chosen: whether one is.

    To decide that first makes for a far smaller search. With ``known``, a last column stands for it
    at a price a trace higher and bars all others, so that the search has a choice to beat from its
    first node on, and a row bars the choice itself.
    """
    groups = [i for i, (terms, low, high) in enumerate(rows.rows) if _one_of(terms, low, high)]
    last = rows.width + len(groups)
    wide = Rows(last + (known is not None))
    at_once = {} if known is None else {last: 1.0}
    wide.rows = [row for i, row in enumerate(rows.rows) if i not in set(groups)]
    for column, i in enumerate(groups, start=rows.width):
        terms, low, high = rows.rows[i]
        wide.add({**terms, column: -1.0}, 0.0, 0.0)
        wide.add({column: 1.0, **at_once}, low, high)
    prices = np.concatenate([cost, np.zeros(len(groups))])
    if known is None:
        return prices, wide
    taken = {int(i): -1.0 for i in np.flatnonzero(known)}
    added = {
        column: 1.0
        for column, i in enumerate(groups, start=rows.width)
        if taken.keys().isdisjoint(rows.rows[i][0])
    }
    wide.add({**taken, **added, **at_once}, 1.0 - len(taken), np.inf)
    return np.append(prices, float(cost @ known) * (1 - 3 * GAP)), wide


def _one_of(terms: dict[int, float], low: float, high: float) -> bool:
    return bool(terms) and high == 1.0 and low in (0.0, 1.0) and all(w == 1.0 for w in terms.values())


def search(
    cost: Vector, limits: LinearConstraint, nodes: int, gap: float, whole: bool = True, largest: float = 0.0
) -> Found:
    """Search once, within HiGHS's own tolerance for limits; with ``whole`` False, columns may be taken in part.

    ``largest`` is the cost that the others are measured by; by itself the largest there is.
    """
    by = _SCALE / (largest or float(np.abs(cost).max(initial=0.0)) or 1.0)
    with silence():
        found = milp(
            cost * by,
            constraints=limits,
            bounds=Bounds(0, 1),
            integrality=np.full(len(cost), int(whole)),
            # Presolve takes longer than what it saves on programs of this kind, and gives the same choice.
            options={"mip_rel_gap": gap, "node_limit": nodes, "presolve": False},
        )
    if found.x is None:
        return Found(None, -np.inf, found.status == _INFEASIBLE)
    if not whole:
        return Found(found.x, float(found.fun) / by)
    return Found(np.round(found.x), float(found.mip_dual_bound) / by)


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


@contextmanager
def silence() -> Iterator[None]:
    """Send what HiGHS prints from C nowhere: it would pass ``sys.stdout`` by, into a notebook or a page."""
    with _ONE_AT_A_TIME:
        try:
            kept = os.dup(1)
        except OSError:  # nothing is open there to print to
            yield
            return
        _flush()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1)
            yield
        finally:
            _flush()
            os.dup2(kept, 1)
            os.close(nowhere)
            os.close(kept)


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


def relaxed(cost: Vector, rows: Rows) -> Found:
    """Return the cheapest choice when columns may be taken in part; its cost is the bound."""
    return search(cost, rows.constraint(), nodes=1, gap=GAP, whole=False)


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
        constraint = rows.constraint()
        self._matrix, self._low, self._high = constraint.A.tocsc(), constraint.lb, constraint.ub

    def best(self, x: Vector, free: NDArray[np.bool_], nodes: int = _NODES) -> Vector | None:
        """Return the best choice found over the free columns; None when there are none, or none keeps every limit."""
        if not free.any():
            return None
        held = np.where(free, 0.0, x)
        taken = self._matrix @ held
        matrix = self._matrix[:, free].tocsr()
        touched = np.diff(matrix.indptr) > 0
        limits = LinearConstraint(
            matrix[touched], (self._low - taken)[touched], (self._high - taken)[touched]
        )
        found = search(self._cost[free], limits, nodes, _GAP)
        if found.x is None:
            return None
        held[free] = found.x
        return None if self._rows.passed_by(held) or self._missed(held) else held

    def _missed(self, x: Vector) -> bool:
        return bool((self._matrix @ x < self._low - 0.5).any())
