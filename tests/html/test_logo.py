"""A logo: what is let in of an SVG, and what is refused, in words."""

from __future__ import annotations

import pytest

from toolkit.html.logo import logo_of

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 120 30">'
)


def svg(inside: str, head: str = HEAD) -> bytes:
    """Return an SVG file with this in it."""
    return f"{head}{inside}</svg>".encode()


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<script>alert(1)</script>", "a script (<script>)"),
        ('<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>', "a script (<script>)"),
        ("<metadata><script>alert(1)</script></metadata>", "a script (<script>)"),
        ('<rect width="9" height="9" onclick="alert(1)"/>', "a script (onclick)"),
        ('<a xlink:href="https://example.com"><rect width="9" height="9"/></a>', "a link (<a>)"),
        ('<use xlink:href="https://example.com/a.svg#b"/>', "a link to elsewhere (https://example.com/a.svg#b)"),
        ('<use href="data:image/svg+xml,x"/>', "a link to elsewhere"),
        ('<rect fill="url(https://example.com/a)"/>', "https://example.com/a"),
        ("<style>@import 'https://example.com/a.css';</style>", "imports another style sheet"),
        ("<style>rect { fill: url(//example.com/a) }</style>", "//example.com/a"),
        ('<image href="a.png"/>', "a picture in it (<image>)"),
        ("<foreignObject><p>Hello</p></foreignObject>", "a page in it (<foreignObject>)"),
        ('<animate attributeName="x"/>', "the element <animate>"),
        ("<text>Ashdown</text>", "text: have the letters made into paths"),
    ],
)  # fmt: skip
def test_what_an_svg_may_not_hold_is_named(inside: str, found: str) -> None:
    """A script, a link, text, or anything that runs or loads something is refused by its name."""
    with pytest.raises(ValueError) as refused:
        logo_of(svg(inside), is_svg=True)
    assert found in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        b"no svg",
        b'<!DOCTYPE svg [<!ENTITY a "aa">]>' + svg("<g>&a;</g>"),
        svg("", head="<svg>"),
        svg("", head='<svg xmlns="http://www.w3.org/2000/svg">'),
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_svg_is_refused(data: bytes) -> None:
    """A file that is no SVG, declares entities or has no size is refused."""
    with pytest.raises(ValueError):
        logo_of(data, is_svg=True)


def test_a_drawing_is_kept_without_its_programs_notes() -> None:
    """Shapes, gradients and styles stay; what a drawing program noted, its author among it, goes; the shape is known."""
    made = logo_of(
        svg(
            "<title>Logo by Pat</title><metadata>Pat Drawer</metadata><style>.a{fill:#123456}</style>"
            '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
            '<circle class="a" cx="9" cy="9" r="4" i:label="Pat" xmlns:i="http://www.inkscape.org/namespaces/inkscape"/>'
            '<path fill="url(#g)" d="M0 0h9v9z"/>'
        ),
        is_svg=True,
    )
    text = made.data.decode()
    assert "Pat" not in text
    assert all(part in text for part in (".a{fill:#123456}", "<linearGradient", "<circle", 'fill="url(#g)"'))
    assert made.width / made.height == 4
    assert logo_of(made.data, is_svg=True).data == made.data
