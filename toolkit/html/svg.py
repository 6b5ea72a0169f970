"""A chart as part of the page: its SVG, read again and written anew from what a drawing needs and nothing else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from defusedxml.ElementTree import fromstring
from markupsafe import Markup, escape

from toolkit.errors import DeliverableError
from toolkit.html.fonts import FAMILY
from toolkit.html.policy import SVG, drawing_faults
from toolkit.words import plain, tidy

_XLINK = "{http://www.w3.org/1999/xlink}"
# What a drawing library adds that a page does without: what it was made with, and a style sheet that would hold for
# the whole page; templates/ say the same of every chart.
_DROPPED = frozenset({"metadata", "style", "title", "desc"})
_LONG = re.compile(r"-?\d+\.\d{3,}")
# The page's own font, by the name that templates/ give it.
_FAMILIES = re.compile(rf"'{FAMILY}'[^;]*")
_POINTS = re.compile(r"^([\d.]+)pt$")


def inline_svg(svg: bytes, prefix: str, described: str) -> Markup:
    """Return a drawing as an ``<svg>`` element of a page, with its text as text.

    Parameters
    ----------
    svg : bytes
        A whole SVG file, as matplotlib writes it.
    prefix : str
        What every id within it begins with, so that two drawings of a page share none.
    described : str
        What it shows, for those who do not see it.

    Raises
    ------
    DeliverableError
        When it holds an element, attribute or address that no drawing of ours has.
    """
    root = fromstring(svg)
    faults = list(dict.fromkeys(_faults(root)))
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise DeliverableError(f"A chart was refused.\n{listed}")
    size = {name: _POINTS.sub(r"\1", root.get(name, "")) for name in ("width", "height")}
    head = Markup(
        '<svg class="chart" role="img" aria-label="{}" width="{}" height="{}" viewBox="{}">'
    ).format(described, size["width"], size["height"], root.get("viewBox", ""))
    return head + Markup("").join(_written(child, prefix) for child in root) + Markup("</svg>")


def _faults(root: ElementTree.Element) -> Iterator[str]:
    if root.tag != f"{SVG}svg":
        yield "it is not SVG"
    todo = [root]
    while todo:
        element = todo.pop()
        tag = _tag(element)
        if tag in _DROPPED:
            continue
        todo.extend(element)
        attributes = {name.replace(_XLINK, ""): value for name, value in element.attrib.items()}
        own = ("version", "width", "height", "viewBox") if element is root else ()
        yield from drawing_faults(tag, {name: value for name, value in attributes.items() if name not in own})


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).removeprefix(SVG)


def _written(element: ElementTree.Element, prefix: str) -> Markup:
    tag = _tag(element)
    if tag in _DROPPED:
        return Markup("")
    attributes = Markup("").join(
        Markup(' {}="{}"').format(name.replace(_XLINK, ""), _value(name.replace(_XLINK, ""), value, prefix))
        for name, value in element.attrib.items()
        # An id of a group is referred to by nothing, and a turn by nothing does nothing.
        if not (name == "id" and tag == "g") and not value.startswith(("rotate(-0 ", "rotate(0 "))
    )
    inside = Markup("").join(_written(child, prefix) for child in element)
    # Only text elements hold text: between the others stand line breaks.
    text = escape(element.text or "") if tag in ("text", "tspan") else Markup("")
    if tag == "defs" and not inside:
        return Markup("")
    return Markup("<{0}{1}>{2}{3}</{0}>").format(Markup(tag), attributes, text, inside)


def _value(name: str, value: str, prefix: str) -> str:
    """Return an attribute's value, ids with their prefix and paths to a hundredth of a pixel."""
    if name == "id":
        return f"{prefix}-{value}"
    if name == "href":
        return f"#{prefix}-{value[1:]}"
    if name == "d":
        return " ".join(_LONG.sub(lambda found: _short(found[0]), value).split())
    if name in ("x", "y", "width", "height", "transform"):
        return _LONG.sub(lambda found: _short(found[0]), value)
    if name == "style":
        value = _FAMILIES.sub("var(--font)", value)
    return value.replace("url(#", f"url(#{prefix}-")


def _short(number: str) -> str:
    return plain(tidy(float(number), 2)).replace("−", "-").replace(",", "")
