"""The slice of each long proof that ``make test`` runs; ``make soak`` runs the whole.

Examples are drawn by the profile of hypothesis (``--hypothesis-profile=soak`` for all of them); seeds and other
cases past the slice are marked ``heavy``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import settings

ALL = 100  # the examples of a property that asks for no number of its own, in a soak
SLICE = 25  # the same in make test
FEWEST = 5


def examples(number: int) -> int:
    """Return how many of a property's examples to draw: all in a soak, a quarter otherwise, but not under five."""
    return min(number, max(FEWEST, number * settings.default.max_examples // ALL))


def whole() -> bool:
    """Return whether this is a soak, which leaves out no part of a proof."""
    return settings.default.max_examples >= ALL


def sliced(cases: Sequence[Any], number: int) -> list[Any]:
    """Return the cases of a parametrised test, those after the first ``number`` marked heavy."""
    return [*cases[:number], *(pytest.param(case, marks=pytest.mark.heavy) for case in cases[number:])]
