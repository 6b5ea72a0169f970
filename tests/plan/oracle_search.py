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
    tables is one option of one initiative: what it earns, costs and takes, and which rows it bars. What it
    earns by a risk counts as far as it is more than what earns by that risk already. Without ``compare`` the first plan found will do.
    """

    def __init__(self, oracle: Any, options: Mapping[str, Sequence[int]], compare: bool = True) -> None:
        self.best: Figures | None = None
        self.visited = 0
        if not all(options.values()):
            return
        order = sorted(
            options,
            key=lambda id: (
                LEFT_OUT in options[id],
                -sum(worth for _, worth, _ in oracle.credits[id]) * compare,
                len(options[id]),
                id,
            ),
        )
        rows = [(id, s) for id in order for s in options[id]]
        plans: list[Plan] = [{} if s == LEFT_OUT else {id: s} for id, s in rows]
        self.first = np.cumsum([0, *(len(options[id]) for id in order)])
        self.owner = np.repeat(np.arange(len(order)), np.diff(self.first))
        self.figures = np.array([oracle.figures(plan) for plan in plans]).reshape(-1, 3) * compare
        self.risks = self._by_risk(oracle, rows) * compare
        self.figures[:, 0] -= self.risks.sum(axis=1)
        taken = [list(oracle.taken(plan).values()) for plan in plans]
        self.takes = np.array(taken).reshape(len(rows), len(oracle.limits))
        self.limits = np.array(list(oracle.limits.values())) * (1 + TOLERANCE)
        self.beside = np.array([[a == b or oracle.together(a, s, b, t) for b, t in rows] for a, s in rows])
        fits = (self.takes <= self.limits).all(axis=1)
        none = np.zeros(self.risks.shape[1])
        self._descend(0, fits, np.zeros(len(self.limits)), none, (0.0, 0.0, 0.0))

    @staticmethod
    def _by_risk(oracle: Any, rows: Sequence[tuple[str, int]]) -> Any:
        """Return what each row accrues by each risk, if it alone settles it."""
        risks = [f"risk {risk.id}" for risk in oracle.facts.risks]
        out = np.zeros((len(rows), len(risks)))
        for row, (id, start) in enumerate(rows):
            for of, worth, last in oracle.credits[id]:
                if of in risks and start != LEFT_OUT and oracle.ends(id, start) <= last:
                    out[row, risks.index(of)] = worth * oracle.left(id, start)
        return out

    def _descend(self, depth: int, alive: Any, taken: Any, settled: Any, sums: Figures) -> None:
        self.visited += 1
        if depth == len(self.first) - 1:
            self.best = sums
            return
        rows = range(self.first[depth], self.first[depth + 1])
        more = self._earned(settled)
        for row in sorted(rows, key=lambda row: (-more[row], *self.figures[row, 1:])):
            if not alive[row]:
                continue
            now = taken + self.takes[row]
            then = alive & self.beside[row] & (now + self.takes <= self.limits).all(axis=1)
            reached = (sums[0] + float(more[row]), *np.add(sums[1:], self.figures[row, 1:]).tolist())
            first = np.maximum(settled, self.risks[row])
            if self._hopeful(depth + 1, then, first, reached):
                self._descend(depth + 1, then, now, first, reached)

    def _earned(self, settled: Any) -> Any:
        """Return what each row would earn more, where so much is earned by each risk already."""
        return self.figures[:, 0] + np.maximum(self.risks - settled, 0.0).sum(axis=1)

    def _hopeful(self, depth: int, alive: Any, settled: Any, sums: Figures) -> bool:
        """Whether the initiatives from ``depth`` on can all be decided, and perhaps for a better plan."""
        start = self.first[depth]
        if start == len(self.owner):
            return self._better(sums)
        alive, first = alive[start:], self.first[depth:-1] - start
        earned, least = self._earned(settled)[start:], self.figures[start:, 1:].T
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
