"""The search for the best of all plans of a small record, for the oracle beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

TOLERANCE = 1e-9
LEFT_OUT = -10_000

Plan = Mapping[str, int]
Figures = tuple[float, float, float]


class Search:
    """Depth first over the plans of some initiatives, one after the other, those worth most first.

    A branch is left where a limit or a rule leaves an initiative no option, or where even the best
    that each of the rest could still do alone is no better than the best plan seen. A row of the
    tables is one option of one initiative: what it earns, costs and takes, and which rows it bars.
    Without ``compare`` the first plan found will do.
    """

    def __init__(self, oracle: Any, options: Mapping[str, Sequence[int]], compare: bool = True) -> None:
        self.best: Figures | None = None
        self.visited = 0
        if not all(options.values()):
            return
        order = sorted(
            options,
            key=lambda id: (LEFT_OUT in options[id], -oracle.value[id] * compare, len(options[id]), id),
        )
        rows = [(id, s) for id in order for s in options[id]]
        plans: list[Plan] = [{} if s == LEFT_OUT else {id: s} for id, s in rows]
        self.first = np.cumsum([0, *(len(options[id]) for id in order)])
        self.owner = np.repeat(np.arange(len(order)), np.diff(self.first))
        self.figures = np.array([oracle.figures(plan) for plan in plans]).reshape(-1, 3) * compare
        taken = [list(oracle.taken(plan).values()) for plan in plans]
        self.takes = np.array(taken).reshape(len(rows), len(oracle.limits))
        self.limits = np.array(list(oracle.limits.values())) * (1 + TOLERANCE)
        self.beside = np.array([[a == b or oracle.together(a, s, b, t) for b, t in rows] for a, s in rows])
        fits = (self.takes <= self.limits).all(axis=1)
        self._descend(0, fits, np.zeros(len(self.limits)), (0.0, 0.0, 0.0))

    def _descend(self, depth: int, alive: Any, taken: Any, sums: Figures) -> None:
        self.visited += 1
        if depth == len(self.first) - 1:
            self.best = sums
            return
        rows = range(self.first[depth], self.first[depth + 1])
        for row in sorted(rows, key=lambda row: tuple(self.figures[row] * (-1, 1, 1))):
            if not alive[row]:
                continue
            now = taken + self.takes[row]
            then = alive & self.beside[row] & (now + self.takes <= self.limits).all(axis=1)
            reached = tuple(np.add(sums, self.figures[row]).tolist())
            if self._hopeful(depth + 1, then, reached):
                self._descend(depth + 1, then, now, reached)

    def _hopeful(self, depth: int, alive: Any, sums: Figures) -> bool:
        """Whether the initiatives from ``depth`` on can all be decided, and perhaps for a better plan."""
        start = self.first[depth]
        if start == len(self.owner):
            return self._better(sums)
        alive, first = alive[start:], self.first[depth:-1] - start
        earned, *least = self.figures[start:].T
        tops = np.maximum.reduceat(np.where(alive, earned, -np.inf), first)
        if not np.isfinite(tops).all():
            return False
        hope = sums[0] + float(tops.sum())
        if self.best is None or hope > self.best[0] + TOLERANCE:
            return True
        # At best as much value: then each of the rest must earn all it still can.
        alive = alive & (earned >= tops[self.owner[start:] - depth] - TOLERANCE)
        lows = [np.minimum.reduceat(np.where(alive, one, np.inf), first).sum() for one in least]
        return self._better((hope, sums[1] + float(lows[0]), sums[2] + float(lows[1])))

    def _better(self, figures: Figures) -> bool:
        """Whether figures beat the best seen: in value, then money, then starts."""
        if self.best is None:
            return True
        (value, money, early), (most, least, earliest) = figures, self.best
        if abs(value - most) > TOLERANCE:
            return value > most
        if abs(money - least) > TOLERANCE * (1 + abs(least)):
            return money < least
        return early < earliest - TOLERANCE
