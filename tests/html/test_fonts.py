"""The house's typeface: embedded, measured and cut to size."""

from __future__ import annotations

import base64
import io
import re

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font

from toolkit.html.fonts import cut_to, font_faces, font_files, lines_of, text_width


def test_three_weights_are_embedded_as_data_and_hold_what_pages_are_written_with() -> None:
    """Nothing is loaded from elsewhere; quotation marks, dashes, the euro and accents are there; the licence stays."""
    css = font_faces()
    assert re.findall(r"font-weight: (\d+)", css) == ["400", "500", "600"]
    assert len(css) < 200_000
    for data in re.findall(r"base64,([A-Za-z0-9+/=]+)", css):
        font = TTFont(io.BytesIO(base64.b64decode(data)))
        assert {ord(letter) for letter in "Aé–“”’…€−ŁžØß×≥"} <= set(font.getBestCmap())
        assert "Open Font License" in str(font["name"].getDebugName(13))


@pytest.mark.parametrize("text", ["Six decisions", "USD 2.69m of new money", "Öffentliche Ämter", "iiiWWW"])
def test_a_text_is_as_wide_as_its_glyphs(text: str) -> None:
    """Held against FreeType's own advances, unhinted and without kerning."""
    font = FT2Font(str(font_files()[0]))
    font.set_size(1000, 72)
    advance = sum(font.load_char(ord(letter), flags=2).linearHoriAdvance / 65536 for letter in text)
    assert text_width(text, 1000) == pytest.approx(advance, rel=0.002)


@given(st.text(max_size=200), st.integers(40, 400), st.integers(0, 4))
def test_a_text_that_is_cut_fits_its_lines(text: str, width: int, lines: int) -> None:
    """What is shown stands in so many lines, and is the text's own beginning."""
    shown = cut_to(text, 16, width, lines)
    assert not shown or lines_of(shown, 16, width) <= max(lines, 1)
    assert " ".join(text.split()).startswith(shown.rstrip("…")) or not lines


def test_a_wide_script_is_measured_as_wide() -> None:
    """A Chinese character, drawn in the reader's own font, takes an em."""
    assert text_width("漢字", 20) == 40
