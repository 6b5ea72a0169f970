"""The last look at a deliverable: read again as a browser reads it, and refused if anything is amiss."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import html5lib
from defusedxml import ElementTree

from toolkit.errors import DeliverableError, shown
from toolkit.html.policy import (
    ATTRIBUTES,
    ELEMENTS,
    META_NAMES,
    PICTURE,
    SVG,
    URL_ATTRIBUTES,
    XHTML,
    drawing_faults,
    policy_faults,
    style_faults,
)

_RELATIVE = re.compile(r"[A-Za-z0-9_%][A-Za-z0-9_.~%/-]*")
_TRACEBACK = "Traceback (most recent call last)"
# What the parts of a PowerPoint file may be, and the elements that may stand in none of a kind: what a click runs or
# opens, embedded programs, formulas.
_PARTS = (
    ".xml", ".rels", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".wdp", ".fntdata",
)  # fmt: skip
_LOADING = {"ppt/slides/": ("hlinkClick", "hlinkHover", "control", "oleObj"), "xl/worksheets/": ("f",)}
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")


def verify(
    name: str,
    data: bytes,
    foreign_names: Iterable[str] = (),
    own: Callable[[str], bool] = lambda name: False,
    relative_links: bool = False,
    presenter: bool = False,
) -> None:
    """Refuse an HTML deliverable that could load, run or leak anything, or that says nothing.

    Parameters
    ----------
    name : str
        The file's name, for the message.
    data : bytes
        The file, UTF-8.
    foreign_names : iterable of str
        Names of other clients; none may stand in the text.
    own : callable
        Says of a foreign name that was found whether this client, or the toolkit, uses it too.
    relative_links : bool
        Whether links to files beside it are allowed, as on the consultant's own page.
    presenter : bool
        Whether it is a presenter's copy, which alone may hold speaker notes and frames.

    Raises
    ------
    DeliverableError
        Listing everything found.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DeliverableError(f"{name} was refused: it is not UTF-8 ({error.reason}).") from None
    root = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=True)
    faults = [
        *policy_faults(root, frames=presenter),
        *_element_faults(root, relative_links),
        *([] if presenter else _note_faults(root)),
        *_content_faults(root),
        *_foreign(root, foreign_names, own),
    ]
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in dict.fromkeys(faults))
        raise DeliverableError(f"{name} was refused; the last good one stands.\n{listed}")


def verify_slides(
    name: str,
    data: bytes,
    foreign_names: Iterable[str] = (),
    own: Callable[[str], bool] = lambda name: False,
    presenter: bool = False,
) -> None:
    """Refuse a PowerPoint file that could load, run or leak anything, or that says nothing; parameters as of :func:`verify`.

    Raises
    ------
    DeliverableError
        Listing everything found.
    """
    parts = list(_parts_of(data))
    texts = {part: _text_of(root) for part, _, root in parts if root is not None and part.endswith(".xml")}
    slides = [text for part, text in texts.items() if _SLIDE.fullmatch(part)]
    faults = [fault for part, inside, root in parts for fault in _part_faults(part, inside, root, presenter)]
    if not slides or not all(text.strip() for text in slides):
        faults.append("it has no slide, or one without text")
    if _TRACEBACK in " ".join(slides):
        faults.append("it shows an error's traceback")
    faults += _foreign_in(" ".join(texts.values()), foreign_names, own)
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in dict.fromkeys(faults))
        raise DeliverableError(f"{name} was refused; the last good one stands.\n{listed}")


def _parts_of(data: bytes, within: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield each part of a packed file, and of the workbooks in it: its path, its name there, its root if it is XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            content = packed.read(name)
            if name.lower().endswith(".xlsx") and not within:
                yield from _parts_of(content, f"{name}/")
            else:
                xml = name.lower().endswith((".xml", ".rels"))
                yield f"{within}{name}", name, _root_of(content) if xml else None


@lru_cache(maxsize=256)
def _root_of(content: bytes) -> Any:
    """Return the root of an XML part; kept, since most parts are the same in every file that is made of one template."""
    return ElementTree.fromstring(content)


def _text_of(root: Any) -> str:
    """Return all that an XML part says, what describes its pictures included."""
    said = [element.text or "" for element in root.iter()]
    said += [element.get(key, "") for element in root.iter() for key in ("descr", "title", "name")]
    return " ".join(filter(None, said))


def _part_faults(part: str, inside: str, root: Any, presenter: bool) -> Iterator[str]:
    """Yield what a part holds that could load, run or leak something."""
    if not part.lower().endswith(_PARTS):
        yield f"it holds {shown(part)}, which is neither text, picture nor font"
    if "notesslides/" in part.lower() and not presenter:
        yield "it holds speaker notes, which only the presenter's copy may"
    loading = next((tags for kind, tags in _LOADING.items() if inside.startswith(kind)), ())
    for element in root.iter() if root is not None else ():
        tag = element.tag.rpartition("}")[2]
        if tag == "Relationship" and element.get("TargetMode", "").lower() == "external":
            yield f"{shown(part)} points elsewhere: {shown(element.get('Target'))}"
        elif tag in ("Override", "Default") and "macro" in element.get("ContentType", "").lower():
            yield "it holds macros"
        elif tag in loading:
            yield f"{shown(part)} holds <{tag}>, which is not allowed"
        elif (
            tag in ("creator", "lastModifiedBy")
            and part.startswith("docProps/")
            and (element.text or "").strip()
        ):
            yield f"it names its author: {shown(element.text)}"


def visible_text(root: Any) -> Iterator[tuple[str, bool]]:
    """Yield each text a reader meets, alternative texts included, and whether it is client text.

    Client text is what stands within ``<bdi>``, where ``toolkit.show`` puts all of it.
    """

    def walk(element: Any, quoted: bool) -> Iterator[tuple[str, bool]]:
        tag = _tag(element)
        if tag in ("script", "style"):
            return
        quoted = quoted or tag == "bdi"
        for attribute in ("alt", "title", "aria-label"):
            if attribute in element.attrib:
                yield element.attrib[attribute], True
        if isinstance(element.tag, str) and element.text:
            yield element.text, quoted
        for child in element:
            yield from walk(child, quoted)
            if child.tail:
                yield child.tail, quoted

    yield from walk(root, False)


def _tag(element: Any) -> str:
    """Return an element's name; one of another namespace (SVG, MathML) keeps it and so is not ours."""
    return str(element.tag).removeprefix(XHTML) if isinstance(element.tag, str) else ""


def _element_faults(root: Any, relative_links: bool) -> Iterator[str]:
    for element in root.iter():
        tag = _tag(element)
        if not tag:
            continue  # a comment
        if tag.startswith(SVG):
            yield from drawing_faults(tag.removeprefix(SVG), element.attrib)
            continue
        if tag not in ELEMENTS:
            yield f"the element <{shown(tag)}> is not allowed"
        if tag == "meta":
            yield from _meta_faults(element)
        if tag == "style":
            yield from style_faults("a <style> element", "".join(element.itertext()))
        for attribute, value in element.attrib.items():
            yield from _attribute_faults(tag, str(attribute), value, relative_links)


def _note_faults(root: Any) -> Iterator[str]:
    # reveal.js takes notes from an <aside class="notes"> and from a slide's data-notes.
    if any(
        "notes" in one.get("class", "").lower().split() or "data-notes" in one.attrib for one in root.iter()
    ):
        yield "it holds speaker notes, which only the presenter's copy may"


def _meta_faults(element: Any) -> Iterator[str]:
    name, header = element.get("name"), element.get("http-equiv")
    if header is not None and header.strip().lower() != "content-security-policy":
        yield f"<meta http-equiv=“{shown(header)}”> is not allowed"
    if name is not None and name.strip().lower() not in META_NAMES:
        yield f"<meta name=“{shown(name)}”> is not allowed"


def _attribute_faults(tag: str, attribute: str, value: str, relative_links: bool) -> Iterator[str]:
    if attribute.lower().startswith("on"):
        yield f"<{tag}> holds the event handler {shown(attribute)}"
    elif attribute in URL_ATTRIBUTES:
        if not _may_point(tag, attribute, value, relative_links):
            yield f"<{tag}> points elsewhere: {attribute}=“{shown(value)}”"
    elif attribute == "style":
        yield from style_faults(f"the style of a <{tag}>", value)
    elif attribute not in ATTRIBUTES and not attribute.startswith(("aria-", "data-")):
        yield f"<{shown(tag)}> holds the attribute {shown(attribute)}, which is not allowed"


def _may_point(tag: str, attribute: str, value: str, relative_links: bool) -> bool:
    if tag == "img":
        return attribute == "src" and bool(PICTURE.match(value))
    if tag != "a" or attribute != "href":
        return False
    inside = value.startswith("#")
    beside = relative_links and bool(_RELATIVE.fullmatch(value)) and ".." not in value.split("/")
    return inside or beside


def _content_faults(root: Any) -> Iterator[str]:
    for tag, what in (("title", "title"), ("main", "content")):
        found = list(root.iter(XHTML + tag))
        if len(found) != 1 or not any(text.strip() for text, _ in visible_text(found[0])):
            yield f"it has no {what}"
    headings = [element for element in root.iter() if _tag(element) in ("h1", "h2")]
    if not headings:
        yield "it has no heading"
    if any(_TRACEBACK in text and not quoted for text, quoted in visible_text(root)):
        yield "it shows an error's traceback"


def _foreign(root: Any, names: Iterable[str], own: Callable[[str], bool]) -> Iterator[str]:
    yield from _foreign_in(" ".join(part for part, _ in visible_text(root)), names, own)


def _foreign_in(text: str, names: Iterable[str], own: Callable[[str], bool]) -> Iterator[str]:
    folded = _folded(text)
    for name in names:
        # There may be thousands of names, and a pattern takes hundreds of times as long as a plain search.
        if _folded(name) in folded and _stands_in(text, name) and not own(name):
            yield f"it names another client: {shown(name)}"


def _stands_in(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def _folded(text: str) -> str:
    """Return text in which what a pattern takes for one letter, whatever its case, is one: İ, I, ı and i too."""
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")
