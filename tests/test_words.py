"""Numbers as they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.words import figures, fixed, plain, rounded, tidy


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (264.5, 0, "265"),
        (2.25, 1, "2.3"),
        (3.75, 1, "3.8"),
        (2.65, 1, "2.7"),
        (-2.25, 1, "-2.3"),
        (0.125, 2, "0.13"),
        (1234567.5, 0, "1,234,568"),
        ((0.1 + 0.2) * 10 / 2 + 0.75, 1, "2.3"),
        (265.0 - 0.5, 0, "265"),
    ],
)
def test_a_half_is_rounded_up(value: float, places: int, text: str) -> None:
    """A figure half way between two is written as the larger, as on paper, whatever its binary form."""
    assert fixed(value, places) == text


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.integers(1, 9))
def test_rounding_is_that_of_whole_numbers(units: int, places: int, tenth: int) -> None:
    """A figure of one decimal more than is written rounds as arithmetic in whole numbers has it."""
    tenths = abs(units) * 10 + tenth
    value = tenths / 10 ** (places + 1)
    assert rounded(value, places) * 10**places == (tenths + 5) // 10


@given(st.integers(1, 10**6), st.integers(1, 1000))
def test_a_figure_is_never_further_than_half_a_step(above: int, below: int) -> None:
    """What is written differs from the exact figure by at most half of the last place."""
    value = Fraction(above, below)
    assert abs(Fraction(rounded(float(value), 1)) - value) <= Fraction(1, 20) + Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("value", "most", "text"),
    [(264500, 3, "265000"), (999.5, 3, "1000"), (0.0, 3, "0"), (0.00425, 2, "0.0043")],
)
def test_figures_are_rounded_half_up_too(value: float, most: int, text: str) -> None:
    """Significant figures follow the same rule as decimals."""
    assert plain(float(figures(value, most))) == text


def test_a_file_holds_no_trace_of_binary_arithmetic() -> None:
    """A sum such as 0.1 × 3,960,000 stands in a file as the amount it is."""
    assert tidy(396000.0000000001) == 396000.0
    assert repr(tidy(1.1 + 2.2)) == "3.3"
