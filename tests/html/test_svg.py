"""Charts within a page: text as text, and nothing but what a drawing needs."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import html5lib
import pytest

from toolkit.errors import DeliverableError
from toolkit.html.svg import inline_svg
from toolkit.show.canvas import Canvas

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10pt" height="20pt" viewBox="0 0 10 20">'


def drawing(inside: str) -> bytes:
    """Return an SVG file with something inside."""
    return f"{HEAD}{inside}</svg>".encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p/></foreignObject>",
        '<image xlink:href="https://example.com/a.png"/>',
        '<a xlink:href="https://example.com"><path d="M0 0"/></a>',
        '<path d="M0 0" onclick="alert(1)"/>',
        '<use xlink:href="https://example.com/a.svg#x"/>',
        '<path style="fill: url(https://example.com/x)"/>',
        '<g clip-path="url(https://example.com/x#a)"/>',
        '<animate attributeName="x"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
    ],
)
def test_a_drawing_that_could_load_or_run_anything_is_refused(inside: str) -> None:
    """Elements, attributes and addresses that no chart of ours has never reach a page."""
    with pytest.raises(DeliverableError, match="refused"):
        inline_svg(drawing(inside), "x1", "A chart")


def test_an_entity_is_refused() -> None:
    """A file that defines entities, which could grow without end or read files, is no drawing of ours."""
    with pytest.raises(Exception, match="Entit"):
        inline_svg(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("<text>&a;</text>"), "x1", "A chart")


def test_ids_are_prefixed_wherever_they_are_referred_to() -> None:
    """Two charts of a page share no clip path."""
    inside = '<defs><clipPath id="p"><rect width="1" height="1"/></clipPath></defs><g clip-path="url(#p)"><use xlink:href="#p"/></g>'
    shown = inline_svg(drawing(inside), "x7", "A chart")
    assert 'id="x7-p"' in shown
    assert 'clip-path="url(#x7-p)"' in shown
    assert 'href="#x7-p"' in shown


@pytest.mark.parametrize("text", ["<b>&amp;\"'", "$x^2$", "漢字", "]]>", "</svg><script>1</script>"])
def test_text_stands_as_text(text: str) -> None:
    """Whatever a name holds is read back by a browser's parser as that very text."""
    with Canvas(300, 40) as canvas:
        canvas.text(10, 20, text)
        shown = inline_svg(canvas.svg(), "x1", 'A "chart"')
    fragment = html5lib.parseFragment(f"<div>{shown}</div>", namespaceHTMLElements=False)
    (found,) = fragment.iter("{http://www.w3.org/2000/svg}text")
    assert found.text == text
    assert not list(fragment.iter("script"))


def test_a_chart_is_as_large_as_it_was_made_and_its_type_as_it_was_set() -> None:
    """One point of the drawing is one pixel of the page."""
    with Canvas(640, 200) as canvas:
        canvas.text(10, 20, "Sixteen", 16)
        shown = inline_svg(canvas.svg(), "x1", "A chart")
    root = ElementTree.fromstring(str(shown))
    assert (root.get("width"), root.get("height")) == ("640", "200")
    assert root.get("viewBox") == "0 0 640 200"
    assert "16px" in next(one.get("style", "") for one in root.iter("text"))
