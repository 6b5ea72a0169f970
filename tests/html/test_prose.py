"""A person's own text: a few marks count, everything else is shown as it was typed."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.html.prose import prose, prose_height

ALLOWED = {"html", "head", "body", "p", "ul", "ol", "li", "strong", "em", "br", "bdi"}
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</bdi></div></main><svg onload=alert(1)>",
    "[here](javascript:alert(1))", "![](https://e.com/a.png)", "<https://e.com>", "https://e.com", "# Big", "> said",
    "```\ncode\n```", "    code", "`code`", "[a]: https://e.com\n\n[a]", "&lt;b&gt;", "***", "| a | b |\n|---|---|",
    "<!-- x -->", "\\<b\\>", "<b>*x*</b>", "[*x*](https://e.com)", "{{7*7}}", "${7*7}", "\u202egnp.exe", "$\\foo$", "- " * 60 + "x",
)  # fmt: skip


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    """Return each element that a browser makes of HTML, with its attributes."""
    root = html5lib.parse(html, namespaceHTMLElements=False)
    return [(element.tag, dict(element.attrib)) for element in root.iter()]


def test_paragraphs_lists_bold_and_italics_are_what_counts() -> None:
    """These become elements, each block's text set apart."""
    assert str(prose("One *two* **three**.\n\n- a\n- b\n  - c\n\n2. d")) == (
        "<p><bdi>One <em>two</em> <strong>three</strong>.</bdi></p>\n"
        "<ul>\n<li><bdi>a</bdi></li>\n<li><bdi>b</bdi>\n<ul>\n<li><bdi>c</bdi></li>\n</ul>\n</li>\n</ul>\n"
        '<ol start="2">\n<li><bdi>d</bdi></li>\n</ol>\n'
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_makes_no_other_element(text: str) -> None:
    """No link, picture, heading, code or HTML comes of it, and no attribute but where a list begins to count."""
    made = elements(prose(text))
    assert {tag for tag, _ in made} <= ALLOWED
    assert all(attributes.keys() <= {"start"} for _, attributes in made)


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)), max_size=6).map("\n".join))
def test_no_text_makes_another_element(text: str) -> None:
    """Whatever is typed."""
    made = elements(prose(text))
    assert {tag for tag, _ in made} <= ALLOWED
    assert all(attributes.keys() <= {"start"} for _, attributes in made)


@pytest.mark.parametrize("text", ["[here](https://e.com)", "![a](b.png)", "&amp; <b>", "# Head"])
def test_a_link_stands_as_it_was_typed(text: str) -> None:
    """Nothing of what does not count is dropped."""
    root = html5lib.parse(prose(text), namespaceHTMLElements=False)
    assert "".join(root.itertext()).strip() == text


def test_more_text_is_higher() -> None:
    """A line is added for each entry of a list, and where a narrower column breaks a paragraph."""
    words = "many words " * 30
    assert prose_height("- a\n- b", 18, 24, 900) == 2 * (24 + 6) + 10
    assert (
        prose_height(words, 18, 24, 400) > prose_height(words, 18, 24, 900) > prose_height("few", 18, 24, 900)
    )
