"""Better plans from a good one: all but a few candidates are held, and these few are planned anew.

Large neighbourhood search (Shaw 1998), each neighbourhood solved as a small program of its own. The
neighbourhoods come from a seeded draw and end by count, so that the same problem gives the same plan.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint

from toolkit.plan.program import GAP, Found, Rows, Vector, search

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
