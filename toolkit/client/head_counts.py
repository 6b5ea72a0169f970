"""What head-counts can and cannot call clear, known before anyone has answered."""

from __future__ import annotations

import math
from collections.abc import Sequence

from toolkit.method import CLEAR


def smallest_p(n: int, m: int) -> float:
    """Smallest p-value that groups of these sizes can reach, 2 / C(n + m, n): no answer of one within the other's.

    Where people within a group differ, Welch's p, of which the larger of the two is taken, stands above it.
    """
    return min(1.0, 2 / math.comb(n + m, n))


def at_once(least: Sequence[float]) -> int | None:
    """How many differences must be found at once before any can be called clear; None where none ever can.

    Benjamini–Hochberg calls k of m clear only where the k-th smallest p is at most .05 · k / m.

    Parameters
    ----------
    least : sequence of float
        The smallest p that each of the m differences tested together can reach.
    """
    m = len(least)
    return next((k for k, p in enumerate(sorted(least), 1) if p * m / k <= CLEAR * (1 + 1e-9)), None)
