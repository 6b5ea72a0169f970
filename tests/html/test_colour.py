"""Colours: how well one reads on another, against published pairs, and what is made of one."""

from __future__ import annotations

import colorsys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.html.colour import READABLE, contrast, house_colours, in_luminance, luminance, readable_shade

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.0),
        ("#00ff00", "#000000", 15.3),
    ],
)  # fmt: skip
def test_contrast_is_that_of_published_pairs(one: str, other: str, ratio: float) -> None:
    """The pairs that WCAG's readers quote come out as they are quoted, either way round."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@given(COLOURS)
def test_a_readable_shade_reads_and_is_the_nearest(colour: str) -> None:
    """It reads on white and on panels; one that reads is left as it is; else it is as light as may be, its hue kept."""
    grounds = [house_colours()[role] for role in ("paper", "wash")]
    shade = readable_shade(colour, *grounds)
    least = min(contrast(shade, ground) for ground in grounds)
    assert least >= READABLE
    if min(contrast(colour, ground) for ground in grounds) >= READABLE:
        assert shade == colour
    else:
        assert least < READABLE + 0.15
        before, after = (
            colorsys.rgb_to_hsv(*(int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)))
            for text in (colour, shade)
        )
        assert before[1] < 0.1 or min(abs(before[0] - after[0]), 1 - abs(before[0] - after[0])) < 0.03


@given(COLOURS, st.floats(0, 1))
def test_a_colour_in_a_luminance_has_it(colour: str, wanted: float) -> None:
    """A tint or a shade is as light as was asked for, but for the steps in which colours are written."""
    assert luminance(in_luminance(colour, wanted)) == pytest.approx(wanted, abs=0.006)
