"""A consultancy's logo: judged, and made fit to be embedded as a picture."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from defusedxml.ElementTree import fromstring

from toolkit.errors import shown
from toolkit.html.picture import Picture, picture_of
from toolkit.html.policy import SVG, SVG_ATTRIBUTES, SVG_ELEMENTS, style_faults
from toolkit.words import joined

LARGEST_LOGO = 300_000  # bytes
_XLINK, _XML = "{http://www.w3.org/1999/xlink}", "{http://www.w3.org/XML/1998/namespace}"
# What a drawing program notes for itself, and what describes the whole: a page has its own words for that.
_PROGRAMS = ("{http://www.inkscape.org/", "{http://sodipodi.sourceforge.net/")
_DROPPED = frozenset({"metadata", "title", "desc"})
# Letters are shapes in a logo: as text, each machine would show it in another typeface.
_ELEMENTS = (SVG_ELEMENTS - {"text", "tspan"}) | {
    "circle", "ellipse", "line", "polyline", "polygon", "linearGradient", "radialGradient", "stop", "style", "mask", "symbol",
}  # fmt: skip
_ATTRIBUTES = SVG_ATTRIBUTES | {
    "version", "fill", "fill-rule", "fill-opacity", "clip-rule", "clipPathUnits", "mask", "stroke", "stroke-width", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-dasharray", "points", "cx", "cy", "r", "rx", "ry", "x1", "x2",
    "y1", "y2", "fx", "fy", "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod",
    "preserveAspectRatio", "color", "display", "overflow", "enable-background", "data-name", "maskUnits", "type",
}  # fmt: skip
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px|pt|mm|cm|in)?\s*")
_SPACE = re.compile(r"[\s,]+")


def logo_of(data: bytes, is_svg: bool) -> Picture:
    """Return a logo fit for a page; the same bytes give the same bytes.

    An SVG is written anew from what a drawing needs; it runs and loads nothing. A PNG or JPEG goes the way of every
    picture.

    Raises
    ------
    ValueError
        When it is none that is allowed; the message says what was found.
    """
    return _svg(data) if is_svg else picture_of(data)


def _svg(data: bytes) -> Picture:
    try:
        root = fromstring(data, forbid_dtd=True)
    except Exception:  # entities, a document type, no XML at all
        raise ValueError("a file that is no plain SVG, or one with a document type or entities") from None
    if root.tag != f"{SVG}svg":
        raise ValueError("a file that is no SVG")
    faults = list(dict.fromkeys(_faults(root)))
    if faults:
        raise ValueError(f"an SVG with {joined(faults[:5])}")
    width, height = _size(root)
    made = _rewritten(root)
    made.set("xmlns", SVG[1:-1])
    return Picture(ElementTree.tostring(made), "image/svg+xml", width, height)


def _faults(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        tag = _tag(element)
        if _is_note(element):
            continue
        if tag not in _ELEMENTS:
            yield _FOUND.get(tag.lower().rpartition("}")[2], f"the element <{shown(tag)}>")
        if tag == "style":
            yield from style_faults("a <style>, which", element.text or "")
        for name, value in _attributes(element):
            if name.lower().startswith("on"):
                yield f"a script ({shown(name)})"
            elif name not in _ATTRIBUTES:
                yield f"the attribute {shown(name)}"
            elif name == "href" and not value.startswith("#"):
                yield f"a link to elsewhere ({shown(value)})"
            elif "(" in value or name == "style":
                yield from style_faults(f"the attribute {name}, which", value)


_FOUND = {
    "script": "a script (<script>)",
    "text": "text: have the letters made into paths",
    "tspan": "text: have the letters made into paths",
    "image": "a picture in it (<image>): use the picture itself",
    "a": "a link (<a>)",
    "foreignobject": "a page in it (<foreignObject>)",
}  # fmt: skip


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).removeprefix(SVG)


def _is_note(element: ElementTree.Element) -> bool:
    """Return whether an element is a drawing program's own; what stands in it is judged all the same."""
    tag = _tag(element)
    return tag in _DROPPED or tag.startswith((*_PROGRAMS, *_RDF))


_RDF = (
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}",
    "{http://creativecommons.org/ns#}",
    "{http://web.resource.org/cc/}",
    "{http://purl.org/dc/elements/1.1/}",
)


def _attributes(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield an element's attributes but for those of drawing programs."""
    for name, value in element.attrib.items():
        if not name.startswith((*_PROGRAMS, _XML)):
            yield name.removeprefix(_XLINK), value


def _rewritten(element: ElementTree.Element) -> ElementTree.Element:
    made = ElementTree.Element(_tag(element), dict(_attributes(element)))
    made.text = element.text if _tag(element) == "style" else None
    made.extend(_rewritten(child) for child in element if not _is_note(child))
    return made


def _size(root: ElementTree.Element) -> tuple[int, int]:
    """Return how wide and high a drawing is, in units of its own."""
    box = _SPACE.split(root.get("viewBox", "").strip())
    sides = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    found = [match[1] for side in sides if (match := _LENGTH.fullmatch(side))]
    sizes = [float(text) for text in found]
    if len(sizes) != 2 or not all(0 < size < 100_000 for size in sizes):
        raise ValueError("an SVG that does not say how wide and high it is (viewBox)")
    root.attrib.setdefault("viewBox", f"0 0 {found[0]} {found[1]}")
    scale = 1000 / max(sizes)
    return max(int(sizes[0] * scale + 0.5), 1), max(int(sizes[1] * scale + 0.5), 1)
