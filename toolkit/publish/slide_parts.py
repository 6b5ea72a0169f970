"""What a slide says, read from the page that a notebook shows: its title, words, tables, pictures and exhibits."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import lxml.html

# A chart is drawn from its exhibit's data, and the table behind it stands in the chart's own workbook.
_LEFT_OUT = re.compile(r"<svg\b.*?</svg>|<details\b.*?</details>", re.DOTALL)
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OWN_LINE = frozenset({"small", "p", "li", "h3", "dt", "dd", "div"})
_OWN_LINE_CSS = frozenset({"what", "who", "why", "aside"})
_COLOURS = {
    "alarm": "alarm", "kept": "kept", "quiet": "grey", "part": "grey", "none": "grey", "who": "grey", "why": "grey",
    "aside": "grey", "in": "plan", "note": "text", "source": "grey", "key": "text",
}  # fmt: skip
_SIZES = {"small": 14.0, "who": 14.0, "why": 14.0, "aside": 14.0}
_KEY = {"fixed": ("■ ", "ink"), "chosen": ("■ ", "plan"), "due": ("◆ ", "alarm")}
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,([A-Za-z0-9+/=]+)")


def xml_text(text: object) -> str:
    """Return text as an XML file may hold it: what none may is replaced."""
    return _NOT_XML.sub("\ufffd", str(text))


@dataclass(frozen=True)
class Run:
    """A piece of text: its size in pixels (0: that of what it stands in), whether it is strong, the role of its colour."""

    text: str
    size: float = 0.0
    strong: bool = False
    italic: bool = False
    colour: str = ""


@dataclass(frozen=True)
class Line:
    """A paragraph; ``bullet`` is what stands before it, ``level`` how far in it stands."""

    runs: tuple[Run, ...]
    bullet: str = ""
    level: int = 0

    @property
    def text(self) -> str:
        """What it says."""
        return self.bullet + "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Words:
    """Paragraphs below each other, of one kind: the class that the page gives them."""

    lines: tuple[Line, ...]
    css: str = ""


@dataclass(frozen=True)
class Cell:
    """A table's cell."""

    lines: tuple[Line, ...]
    css: str = ""
    across: int = 1
    down: int = 1


@dataclass(frozen=True)
class SlideTable:
    """A table: its head and its rows; ``said`` describes it."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    css: str
    said: str


@dataclass(frozen=True)
class ExhibitPart:
    """An exhibit, by its number in the deck; its data is in the output."""

    number: int


@dataclass(frozen=True)
class SlidePicture:
    """A picture of the consultant's own."""

    data: bytes = field(repr=False)
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Beside:
    """Parts side by side, each column with its share of the width."""

    columns: tuple[tuple[Part, ...], ...]
    shares: tuple[float, ...]
    css: str = ""


Part = Words | SlideTable | ExhibitPart | SlidePicture | Beside


@dataclass(frozen=True)
class SlidePage:
    """A slide: its title, the sections above it of which one is ``on``, its parts, what stands at its foot, and the mark of a draft."""

    title: str
    parts: tuple[Part, ...]
    css: str = ""
    sections: tuple[str, ...] = ()
    on: str = ""
    foot: str = ""
    place: str = ""
    exhibits: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    draft: str = ""


def slide_page(html: str, exhibits: Iterable[Mapping[str, Any]], notes: Sequence[str]) -> SlidePage:
    """Return what a slide's page says.

    Parameters
    ----------
    html : str
        The page as ``toolkit.show`` made it.
    exhibits : iterable of mapping
        The exhibits' data, as the page's output carries it.
    notes : sequence of str
        What whoever presents says.
    """
    root = lxml.html.fromstring(_LEFT_OUT.sub("", xml_text(html)))
    page = next((one for one in root.iter() if "slide" in _css(one)), root)
    title = next((_plain(one) for one in page.iter("h1", "h2")), "")
    tracker = [one for one in page.iter("p") if "tracker" in _css(one)]
    spans = [span for one in tracker for span in one.iter("span")]
    foot = next((one for one in page.iter("p") if "foot" in _css(one)), None)
    body = next((one for one in page.iter("div") if "body" in _css(one)), None)
    parts = tuple(_parts(body if body is not None else _rest(page)))
    if "split" in _css(page):
        parts = _split(parts)
    return SlidePage(
        title, parts, page.get("class", ""), tuple(_plain(span) for span in spans),
        next((_plain(span) for span in spans if "on" in _css(span)), ""),
        _plain(foot[0]) if foot is not None and len(foot) else "",
        next((_plain(one) for one in foot.iter("b")), "") if foot is not None else "",
        {int(one["number"]): one for one in exhibits}, tuple(map(xml_text, notes)),
        next((_plain(one) for one in page.iter("p") if "draft" in _css(one)), ""),
    )  # fmt: skip


def picture_page(png: bytes, said: str) -> SlidePage:
    """Return a slide of one picture, a PNG; what is said of it is its title and describes it."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    alt = xml_text(said) or "A picture without a description"
    return SlidePage(xml_text(said.partition("\n")[0])[:120], (SlidePicture(png, alt, width, height),))


def prose_page(html: str) -> SlidePage:
    """Return what a Markdown cell's slide says; its first heading is the title."""
    root = lxml.html.fromstring(f"<div>{xml_text(html)}</div>")
    title = next((_plain(one) for one in root.iter("h1", "h2", "h3")), "")
    return SlidePage(title, tuple(_parts(_rest(root))))


def _rest(page: Any) -> Any:
    """Return a page without its first heading, whose place is above the rest."""
    for one in page.iter("h1", "h2", "h3"):
        one.drop_tree()
        break
    return page


def _split(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Put a chart and what stands beside it into two columns; what follows stands below both."""
    if len(parts) < 2:
        return parts
    asides = next(
        (n for n, part in enumerate(parts[1:], 1) if isinstance(part, Words) and part.css in ("so", "note")),
        len(parts),
    )
    beside = Beside((parts[:1], parts[1:asides]), (700, 432))
    return (beside, *parts[asides:])


def _css(element: Any) -> list[str]:
    return str(element.get("class") or "").split()


def _plain(element: Any) -> str:
    return " ".join(element.text_content().split())


def _parts(elements: Iterable[Any]) -> Iterator[Part]:
    """Yield the parts that elements, or the content of one, come to, in order."""
    for one in elements:
        tag, css = one.tag, _css(one)
        if tag == "figure":
            yield ExhibitPart(int(str(one.get("id", "exhibit-0")).rpartition("-")[2] or 0))
        elif tag == "table":
            yield _table(one)
        elif {"halves", "last", "cards"} & set(css):
            columns = tuple(tuple(_column(column)) for column in one)
            columns = tuple(column for column in columns if column)
            shares = (674.0, 450.0) if "last" in css and len(columns) == 2 else (1.0,) * len(columns)
            if columns:
                yield Beside(columns, shares, css[0])
        elif tag == "p" and (images := list(one.iter("img"))):
            yield from _pictures(images)
        elif tag == "p" and "signed" in css:
            yield Words(
                (Line((Run("Decided by ______________________     Date ____________", colour="grey"),)),),
                "signed",
            )
        elif tag in ("ul", "ol"):
            yield Words(
                tuple(_list(one)), "decide" if "decide" in css else "questions" if "questions" in css else ""
            )
        elif tag == "dl":
            yield Beside(
                tuple((Words(tuple(_lines(pair)), "term"),) for pair in one), (1.0,) * len(one), "terms"
            )
        elif tag == "p" and "key" in css:
            continue  # a native chart names its series itself
        elif tag in ("p", "h3", "h4", "h5", "pre", "blockquote"):
            if lines := tuple(_lines(one)):
                yield Words(lines, css[0] if css else "minor" if tag in ("h3", "h4", "h5") else "")
        elif tag == "div" and "missing" in css:
            yield Words(tuple(line for p in one for line in _lines(p)), "missing")
        elif isinstance(tag, str):
            yield from _parts(one)


def _column(element: Any) -> Iterator[Part]:
    """Yield the parts of a column: a card has its heading and its words, another what stands in it."""
    if "card" not in _css(element):
        yield from _parts(element if element.tag == "div" else (element,))
        return
    for head in element.iter("h3"):
        yield Words(
            (Line((Run(_plain(head), strong=True),)),), "card on" if "on" in _css(element) else "card"
        )
        tail = head.tail
        head.clear()
        head.tail = tail
    yield Words(tuple(_lines(element)), "carded")


def _pictures(images: Iterable[Any]) -> Iterator[Part]:
    for image in images:
        if found := _PICTURE.fullmatch(image.get("src", "")):
            size = (int(image.get("width") or 0), int(image.get("height") or 0))
            yield SlidePicture(base64.b64decode(found[1]), image.get("alt", ""), *size)


def _list(element: Any, level: int = 0) -> Iterator[Line]:
    numbered = element.tag == "ol"
    for n, item in enumerate(
        element.iter("li") if level < 0 else [one for one in element if one.tag == "li"], 1
    ):
        if "decide" in _css(element):  # what is asked has a line of its own, as on the page
            for one in item.findall("strong"):
                one.set("class", "what")
        inner = [one for one in item if one.tag in ("ul", "ol")]
        tails = [one.tail for one in inner]
        for one in inner:
            item.remove(one)
        for k, line in enumerate(_lines(item)):
            yield replace(
                line,
                bullet=("" if k else f"{n}.  " if numbered else "•  "),
                level=level + (1 if k else 0) * 0,
            )
        for one, _ in zip(inner, tails, strict=True):
            yield from _list(one, level + 1)


def _table(element: Any) -> SlideTable:
    caption = next((_plain(one) for one in element.iter("caption")), "")
    heads = [
        tuple(_cell(one) for one in row) for section in element.iter("thead") for row in section.iter("tr")
    ]
    rows = []
    for section in element.iter("tbody"):
        own = [css for css in _css(section) if css in ("fixed", "chosen", "deferred")]
        for row in section.iter("tr"):
            cells = tuple(_cell(one) for one in row)
            mark = [*own, *(["sum"] if "sum" in _css(row) else [])]
            rows.append(tuple(replace(cell, css=" ".join([cell.css, *mark]).strip()) for cell in cells))
    airy = ["airy"] if any("airy" in _css(around) for around in element.iterancestors()) else []
    css = " ".join([*_css(element), *airy])
    return SlideTable(heads[0] if heads else (), tuple(rows), css, caption)


def _cell(element: Any) -> Cell:
    css = " ".join(
        [*_css(element), *(["head"] if element.tag == "th" and element.get("scope") == "row" else [])]
    )
    return Cell(
        tuple(_lines(element)), css, int(element.get("colspan") or 1), int(element.get("rowspan") or 1)
    )


def _lines(element: Any) -> Iterator[Line]:
    """Yield the paragraphs of an element whose content is text."""
    lines: list[list[Run]] = [[]]
    _collect(element, Run("", colour=_colour(_css(element))), lines)
    for line in lines:
        if runs := _tidy(line):
            yield Line(runs)


def _colour(css: Iterable[str], above: str = "") -> str:
    return next((_COLOURS[one] for one in css if one in _COLOURS), above)


def _collect(element: Any, style: Run, lines: list[list[Run]]) -> None:
    """Add an element's text to the last of the lines; a break, or what stands in lines of its own, begins a new one."""

    def add(text: str | None) -> None:
        if text:
            lines[-1].append(replace(style, text=re.sub(r"[ \t\r\n]+", " ", text)))

    add(element.text)
    for one in element:
        css, tag = _css(one), one.tag
        if tag == "br":
            lines.append([])
        elif tag == "i" and set(css) & set(_KEY):
            sign, colour = _KEY[next(each for each in css if each in _KEY)]
            lines[-1].append(Run(sign, colour=colour))
        elif isinstance(tag, str) and "bar" not in css:
            own = tag in _OWN_LINE or bool(_OWN_LINE_CSS & set(css))
            if own and lines[-1]:
                lines.append([])
            size = next((_SIZES[each] for each in (tag, *css) if each in _SIZES), style.size)
            inner = replace(
                style, size=size, strong=style.strong or tag in ("strong", "b", "h3", "dd") or bool({"strong", "what"} & set(css)),
                italic=style.italic or tag == "em", colour="grey" if tag in ("small", "dt") else _colour(css, style.colour),
            )  # fmt: skip
            if "box" in css:
                lines[-1].append(replace(inner, text="☐ "))
            if "slot" in css:
                lines[-1].append(replace(inner, text="["))
            _collect(one, inner, lines)
            if "slot" in css:
                lines[-1].append(replace(inner, text="]"))
            if "box" in css or (tag == "span" and "key" in _css(element)):
                lines[-1].append(replace(inner, text="\u2003"))
            if own:
                lines.append([])
        add(one.tail)


def _tidy(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return runs with single spaces, none at the ends, and those of one look joined."""
    out: list[Run] = []
    for run in runs:
        text = run.text
        if not out or out[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if not text:
            continue
        if out and replace(out[-1], text="") == replace(run, text=""):
            out[-1] = replace(run, text=out[-1].text + text)
        else:
            out.append(replace(run, text=text))
    if out:
        out[-1] = replace(out[-1], text=out[-1].text.rstrip(" \u2003"))
    return tuple(run for run in out if run.text)
