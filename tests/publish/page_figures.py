"""The figures that a reader sees on a page, each with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

import html5lib

from toolkit.words import MONTHS, figures, rounded

Kind = Literal["money", "percent", "number", "word"]
INLINE = {"span", "strong", "em", "i", "small", "bdi", "br", "a", "sup", "sub", "code", "abbr", "u", "time"}
UNSEEN = {"script", "style", "head", "template", "title", "desc", "metadata", "defs"}
ITEMS = ("li", "tr")  # what is said within one of these is about the same thing
LINE = 24.0  # pixels from one line of a text to the next, at most
BAND = 36.0  # pixels: texts of a chart so close in height stand in one row
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
WORDS = {word: n for n, word in enumerate(_NUMBERS, 1)}

_MONTH = "|".join(f"{month}|{month[:3]}" for month in MONTHS)
DATES = re.compile(
    rf"\d{{1,2}} (?:{_MONTH}) \d{{4}}|\b(?:{_MONTH}) \d{{4}}|\b\d{{4}}-Q\d(?: to \d{{4}}-Q\d)?|\bQ\d(?: (?:\d{{4}}|’\d\d))?(?: to Q\d \d{{4}})?\b"
    r"|\bFY\d{4}(?:[–-]\d{2,4})?|\b\d{4}-\d\d-\d\d\b|’\d\d\b|(?<![\d,.])(?:19|20)\d\d(?![\d,.]?\d|[kmb%]| %)"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
FIGURES = re.compile(
    rf"(?<![\w.’-])(?P<sign>[+−-])?(?:(?P<currency>[A-Z]{{3}}) )?(?P<number>{_NUMBER})(?:(?P<unit>k|m|bn)\b|(?P<share> ?%)|(?![\w]))"
)
NUMBER_WORDS = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """A run of text as a reader meets it: a paragraph, a cell, a text of a chart.

    ``around`` is all of the row, item or band that it stands in, with the heads of its column; ``whole`` is all of its
    table or chart, and ``level`` the other texts of a chart at its very height.
    """

    text: str
    tag: str
    around: str = ""
    whole: str = ""
    level: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A figure as it is written, and where in its block it stands."""

    kind: Kind
    text: str
    number: Decimal
    block: Block = field(repr=False)
    start: int = field(repr=False, default=0)
    sign: str = field(repr=False, default="")
    unit: str = field(repr=False, default="")

    @property
    def end(self) -> int:
        """Where it ends in its block."""
        return self.start + len(self.text)

    @property
    def places(self) -> int:
        """How many decimals it shows."""
        return max(0, -int(self.number.as_tuple().exponent))

    @property
    def bounds(self) -> tuple[float, float]:
        """Sizes below and above which no value is written so."""
        scale = {"k": 1e3, "m": 1e6, "bn": 1e9}.get(self.unit, 1.0)
        step = (
            0.01
            if self.unit in ("m", "bn")
            else 10.0
            if not (self.unit or self.places) and self.number >= 1000
            else 10.0**-self.places
        )
        return (float(self.number) - step) * scale, (float(self.number) + step) * scale

    def shows(self, value: float, is_money: bool = False) -> bool:
        """Whether a value is written so by the rules of the house: rounded half up, to as many decimals as are shown.

        An amount under ten thousand is written to three figures.
        """
        if self.sign and value and (value < 0) != (self.sign in "−-"):
            return False
        size = abs(value)
        if self.unit in ("m", "bn"):
            return rounded(size / {"m": 1e6, "bn": 1e9}[self.unit], 2) == self.number
        if self.unit == "k":
            return rounded(size / 1e3) == self.number
        if is_money and size < 10_000 and not self.places:
            return self.number in (rounded(size), figures(size, 3))
        return rounded(size, self.places) == self.number


def figures_of(block: Block) -> Iterator[Figure]:
    """Yield the figures of a block in order: amounts, percentages, numbers, and number words of a title."""
    masked = DATES.sub(lambda match: "·" * len(match[0]), block.text)
    for match in FIGURES.finditer(masked):
        kind: Kind = (
            "money" if match["currency"] or match["unit"] else "percent" if match["share"] else "number"
        )
        number = Decimal(match["number"].replace(",", ""))
        yield Figure(kind, match[0], number, block, match.start(), match["sign"] or "", match["unit"] or "")
    if block.tag in ("h1", "h2", "h3"):
        for match in NUMBER_WORDS.finditer(masked):
            yield Figure("word", match[0], Decimal(WORDS[match[0].lower()]), block, match.start())


def dates_in(text: str) -> set[str]:
    """Return the days, months, fiscal quarters and fiscal years that a text names, each as "2026-09-30", "2026-09", "2027-Q1", "FY2027"."""
    names = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS)
    found = set(re.findall(r"\b\d{4}-\d\d-\d\d\b|\b\d{4}-Q\d\b|\bFY\d{4}\b", text))
    found |= {f"{year}-Q{quarter}" for quarter, year in re.findall(r"\bQ([1-4])[ \xa0](\d{4})\b", text)}
    for day, month, year in re.findall(rf"\b(?:(\d{{1,2}}) )?({names}) (\d{{4}})", text):
        number = [one[:3] for one in MONTHS].index(month[:3]) + 1
        found.add(f"{year}-{number:02}" + (f"-{int(day):02}" if day else ""))
    return found


def times_in(text: str) -> set[str]:
    """Return the fiscal years and quarters that a text names, as "FY2027" and "2027-Q1"."""
    return {name for name in dates_in(text) if name.startswith("FY") or "-Q" in name}


def blocks_of(html: str) -> list[Block]:
    """Return what a page shows, data tables and texts of charts included, in reading order."""
    root = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return list(_Reading(root).blocks())


class _Reading:
    def __init__(self, root: Any) -> None:
        self.root = root
        self.parents = {child: parent for parent in root.iter() for child in parent}
        self.heads: dict[Any, str] = {}
        for table in root.iter("table"):
            self._heads_of(table)

    def blocks(self) -> Iterator[Block]:
        for element in self._seen(self.root):
            tag = _tag(element)
            if tag == "svg":
                around = next((one for one in self._up(element) if _tag(one) == "figure"), element)
                yield from _chart(element, _flat(_all_text(around)))
            elif tag not in INLINE and (text := _flat(_own_text(element))):
                yield self._block(element, tag, text)

    def _seen(self, element: Any) -> Iterator[Any]:
        yield element
        if _tag(element) == "svg":
            return
        for child in element:
            if isinstance(child.tag, str) and _tag(child) not in UNSEEN:
                yield from self._seen(child)

    def _block(self, element: Any, tag: str, text: str) -> Block:
        item = self._item(element)
        if item is element and len(re.findall(r"[^\W\d]{3,}", text)) < 4 and tag != "tr":
            item = self.parents.get(element, element)  # a figure alone, what it means beside it
        if tag == "td" and self._is_ordinal(element, text):
            tag = "ordinal"
        cell = next((one for one in self._up(element) if one in self.heads), None)
        heads = self.heads.get(cell, "")
        around = _flat(f"{_all_text(item)} {heads}")
        whole = [one for one in self._up(element) if _tag(one) in ("table", "figure")]
        return Block(text, tag, around, _flat(_all_text(whole[-1])) if whole else around)

    def _is_ordinal(self, cell: Any, text: str) -> bool:
        """Whether a cell is the first of its row, and holds no more than that row's place in its table."""
        row = self.parents[cell]
        places = [one for one in self.parents[row] if _tag(one) == "tr"]
        return row[0] is cell and text == str(places.index(row) + 1)

    def _up(self, element: Any) -> Iterator[Any]:
        while element is not None:
            yield element
            element = self.parents.get(element)

    def _item(self, element: Any) -> Any:
        """Return the row that an element stands in, else the outermost item of a list, else the element itself."""
        above = list(self._up(element))
        rows = [one for one in above if _tag(one) == "tr"]
        items = [one for one in above if _tag(one) == "li"]
        return rows[-1] if rows else items[-1] if items else element

    def _heads_of(self, table: Any) -> None:
        """Note of each cell of a table the heads that it stands under: of its column, of its group of rows, and the caption."""
        caption = " ".join(_all_text(one) for one in table.iter("caption"))
        titles: dict[int, str] = {}
        hanging: dict[int, tuple[int, str]] = {}
        group = ""
        for row in table.iter("tr"):
            at, only = 0, [cell for cell in row if _tag(cell) in ("td", "th")]
            is_head = _tag(self.parents[row]) == "thead"
            if len(only) == 1 and only[0].get("scope") == "rowgroup":
                group = _all_text(only[0])
            left = {}
            for cell in only:
                while at in hanging:
                    left[at] = hanging.pop(at)
                    at += 1
                wide, text = int(cell.get("colspan") or 1), _flat(_all_text(cell))
                beside = " ".join(title for _, title in left.values())
                self.heads[cell] = (
                    f"{' '.join(titles.get(at + n, '') for n in range(wide))} {caption} {group} {beside}"
                )
                for n in range(wide):
                    if is_head:
                        titles[at + n] = f"{titles.get(at + n, '')} {text}"
                    elif int(cell.get("rowspan") or 1) > 1:
                        left[at + n] = (int(cell.get("rowspan")), text)
                at += wide
            hanging = {n: (rest - 1, text) for n, (rest, text) in (hanging | left).items() if rest > 1}


@dataclass(frozen=True)
class _Placed:
    """A text of a chart and where it stands, in pixels; ``row`` counts the rows of a chart that says which texts are one."""

    text: str
    x: float
    y: float
    middle: bool
    row: int | None = None


def _chart(svg: Any, whole: str) -> Iterator[Block]:
    """Yield the texts of a chart, each with those of its band, of its column, and its place on an axis of time."""
    groups = [group for group in svg.iter() if _tag(group) == "g" and group.get("class") == "row"]
    rows = {text: n for n, group in enumerate(groups) for text in group.iter()}
    placed = [replace(_placed(text), row=rows.get(text)) for text in svg.iter() if _tag(text) == "text"]
    names = _several_lines(placed)
    for one in placed:
        if one.text:
            near = [other for other in placed if abs(other.y - one.y) <= BAND or abs(other.x - one.x) <= BAND]
            near.sort(key=lambda other: (other.x, other.y))
            around = " | ".join(dict.fromkeys(names.get(other, other.text) for other in near))
            if one.row is not None:
                around = " | ".join(other.text for other in placed if other.row in (one.row, None))
            level = tuple(other.text for other in placed if abs(other.y - one.y) < 0.5 and other is not one)
            tag = "tick" if _is_scale([one.text, *level]) else "text"
            texts = " | ".join(other.text for other in placed)
            yield Block(one.text, tag, f"{around} | {_when(one, placed)}", f"{whole} {texts}", level)


def _several_lines(placed: list[_Placed]) -> dict[_Placed, str]:
    """Return what texts say together that stand close below each other, four lines at most: a name too long for one."""
    columns: dict[int, list[_Placed]] = {}
    for one in placed:
        columns.setdefault(round(one.x), []).append(one)
    out: dict[_Placed, str] = {}
    for column in columns.values():
        column.sort(key=lambda one: one.y)
        groups = [[column[0]]]
        for before, one in pairwise(column):
            if one.y - before.y > LINE:
                groups.append([])
            groups[-1].append(one)
        for group in groups:
            if len(group) <= 4:
                out |= dict.fromkeys(group, " | ".join(one.text for one in group))
    return out


def _when(one: _Placed, placed: list[_Placed]) -> str:
    """Return the fiscal year and quarter under whose marks a text stands; "" where a chart has none."""
    years = sorted((mark.x, mark.text) for mark in placed if re.fullmatch(r"FY\d{4}", mark.text))
    quarters = [mark for mark in placed if re.fullmatch(r"Q\d", mark.text) and abs(mark.x - one.x) < 2]
    if not years:
        return ""
    left = [year for x, year in years if x <= one.x + 1]
    if quarters:
        return f"{left[-1]} {left[-1][2:]}-{quarters[0].text}" if left else ""
    nearest = min(years, key=lambda year: abs(year[0] - one.x))[1]
    return (
        nearest
        if one.middle and any(mark.middle for mark in placed if mark.text == nearest)
        else left[-1]
        if left
        else ""
    )


def _is_scale(level: list[str]) -> bool:
    """Whether texts of one height are the numbers of an axis: three or more, in equal steps."""
    numbers = [re.fullmatch(r"(\d+(?:\.\d+)?)(k|m)?( \w+)?", text) for text in level]
    if len(level) < 3 or not all(numbers):
        return False
    sizes = sorted({float(match[1]) * {"k": 1e3, "m": 1e6}.get(match[2], 1) for match in numbers if match})
    steps = {round(after - before, 6) for before, after in pairwise(sizes)}
    return len(steps) == 1 and len(sizes) == len(level)


def _placed(text: Any) -> _Placed:
    x, y = text.get("x"), text.get("y")
    if x is None and (match := re.search(r"translate\(([-\d.]+)[ ,]+([-\d.]+)", text.get("transform") or "")):
        x, y = match.groups()
    return _Placed(
        _flat(_all_text(text)), float(x or 0), float(y or 0), "middle" in (text.get("style") or "")
    )


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _own_text(element: Any) -> str:
    """Return the text of an element without that of the blocks in it."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and _tag(child) in INLINE:
            parts += [" | " if _tag(child) == "br" else " ", _own_text(child), " "]
        parts.append(child.tail or "")
    return "".join(parts)


def _all_text(element: Any) -> str:
    parts = [element.text or ""] if _tag(element) not in UNSEEN else []
    for child in element:
        if isinstance(child.tag, str):
            parts += [" ", _all_text(child), " "]
        parts.append(child.tail or "")
    return "".join(parts)


def _flat(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("\u2011", "-").split())
