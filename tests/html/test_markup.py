"""Markup: client text stays text, whatever it holds."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.html.markup import bullets, paragraph, table, text_of

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "${7*7}",
    r"$\foo$",
    "_name",
    "‮evil",
    "漢字",
    "🙂",
    "</bdi><b>",
]


def elements(html: str) -> list[str]:
    """Return the names of every element a browser would build from a fragment."""
    tree = html5lib.parseFragment(str(html), namespaceHTMLElements=False)
    return [one.tag for one in tree.iter() if isinstance(one.tag, str)]


def words_of(html: str) -> str:
    """Return the text a reader would see."""
    return "".join(html5lib.parseFragment(str(html), namespaceHTMLElements=False).itertext())


@pytest.mark.parametrize("text", HOSTILE)
def test_client_text_makes_no_element_and_stays_exact(text: str) -> None:
    """Whatever a client writes is shown letter for letter and builds no element of its own."""
    html = table(["A", text], [[text, text]], text) + bullets([text_of(text)]) + paragraph(text)
    assert not {"script", "img", "b"} & set(elements(html))
    assert words_of(html).count(text) == 6  # caption, header, two cells, bullet and paragraph


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_any_text_survives_escaping(text: str) -> None:
    """Escaping loses nothing: a parser reads back the same characters."""
    assert words_of(text_of(text)) == text
