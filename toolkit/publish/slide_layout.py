"""Where the parts of a slide stand: measured by their text, made smaller until all fit, then written as native shapes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu

from toolkit.html.fonts import cut_to, lines_of, text_width
from toolkit.publish.slide_chart import add_chart, colour_of, describe, legend, pixels
from toolkit.publish.slide_parts import (
    Beside,
    Cell,
    ExhibitPart,
    Line,
    Part,
    Run,
    SlidePage,
    SlidePicture,
    SlideTable,
    Words,
    xml_text,
)
from toolkit.show.canvas import on
from toolkit.show.native_chart import NativeChart, RowNote

# How high a line is, in its type's size; what of a line's width is counted on, since another typeface may stand in for
# ours, and what of it where the typeface is a template's, which may be as wide as Verdana.
LEADING = 1.24
_OURS, _THEIRS = 0.95, 0.83
_SURE: ContextVar[float] = ContextVar("sure", default=_OURS)
_GAP, _BETWEEN = 10.0, 40.0
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the table style without grid or fill
_SMALLEST = 0.5


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide, in pixels of which 96 are an inch."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class _Look:
    """How words of a kind are set: size in pixels, role, strong, and what stands around them."""

    size: float = 18.0
    colour: str = "ink"
    strong: bool = False
    before: float = 0.0
    inset: float = 0.0
    rule: str = ""  # "left" a bar, "below" or "above" a line, "box" a frame
    between: float = 6.0


_LOOKS = {
    "note": _Look(16, "text"), "so": _Look(18, inset=14, rule="left"), "source": _Look(13, "grey"),
    "minor": _Look(17, strong=True, rule="below"), "missing": _Look(18, inset=14, rule="box"),
    "proxy": _Look(16, inset=14, rule="box"), "questions": _Look(19, between=9), "key": _Look(15, "text"),
    "decide": _Look(16, between=8), "term": _Look(17), "card": _Look(18, strong=True, rule="above"),
    "carded": _Look(16), "signed": _Look(14, "grey", before=6),
}  # fmt: skip
# How wide a table's columns are of a slide's 1168 pixels, by its class and the column's.
_WIDTHS = {"no": 34.0, "money": 66.0, "wide": 96.0, "own": 172.0, "undecided": 316.0, "band": 112.0}


def sure() -> float:
    """Return the share of a line's width that is counted on."""
    return _SURE.get()


@contextmanager
def in_their_typeface(theirs: bool) -> Iterator[None]:
    """Measure within this block as for a template's typeface, which is not known."""
    before = _SURE.set(_THEIRS if theirs else _OURS)
    try:
        yield
    finally:
        _SURE.reset(before)


def fit(parts: Sequence[Part], page: SlidePage, box: Box, slide: Any) -> None:
    """Write parts below each other into a box, in the largest type in which all of it fits, the page's own at most."""
    scale = 1.0
    while scale > _SMALLEST and sum(_least(parts, page, box.w, scale)) > box.h:
        scale -= 0.04
    _stack(parts, page, box, slide, scale)


def _least(parts: Sequence[Part], page: SlidePage, width: float, scale: float) -> Iterator[float]:
    """Yield how high each part is at least, the space before it included."""
    for n, part in enumerate(parts):
        yield _heights(part, page, width, scale)[0] + (_GAP * scale if n else 0.0)


def _stack(parts: Sequence[Part], page: SlidePage, box: Box, slide: Any, scale: float) -> None:
    heights = [_heights(part, page, box.w, scale) for part in parts]
    spare = box.h - sum(least for least, _ in heights) - _GAP * scale * (len(parts) - 1)
    wanted = sum(wish - least for least, wish in heights)
    share = min(1.0, max(spare, 0.0) / wanted) if wanted > 0 else 0.0
    y = box.y
    for part, (least, wish) in zip(parts, heights, strict=True):
        height = least + (wish - least) * share
        _write(part, page, Box(box.x, y, box.w, height), slide, scale)
        y += height + _GAP * scale


def _heights(part: Part, page: SlidePage, width: float, scale: float) -> tuple[float, float]:
    """Return how high a part is at least, and at most."""
    if isinstance(part, Words):
        height = _words_height(part, width, scale)
        return height, height
    if isinstance(part, SlideTable):
        height = sum(_rows_of(part, _columns_of(part, width, scale), scale))
        return height, height
    if isinstance(part, SlidePicture):
        tall = part.height * min(1.0, width / max(part.width, 1))
        return min(tall, 120.0), tall
    if isinstance(part, Beside):
        widths = _shared(part, width)
        each = [
            (sum(_least(column, page, w, scale)), _wished(column, page, w, scale))
            for column, w in zip(part.columns, widths, strict=True)
        ]
        return max(least for least, _ in each), max(wish for _, wish in each)
    native = _native(part, page)
    source = (
        20 * scale * lines_of(_source(part, page), 13 * scale, width * sure()) if _source(part, page) else 0.0
    )
    if native is None:
        table = _data_table(part, page)
        height = sum(_rows_of(table, _columns_of(table, width, scale), scale)) + source
        return height, height
    step, around = _room_around(native, scale)
    rows = len(native.rows)
    if native.kind == "columns":
        return 190 * scale + source, 430.0 + source
    return rows * step * scale + around + source, rows * 96.0 + around + source


def _room_around(native: NativeChart, scale: float) -> tuple[float, float]:
    """Return how high a row is at least, and what stands above and below the rows."""
    two = any(native.asides) or any(note.aside for note in native.notes)
    head = (26 if legend(native) else 0) + (
        40 if native.spans or native.kind == "grid" else 22 if any(native.heads) else 6
    )
    foot = 26 if native.ticks and not native.spans else 4
    return (40.0 if two else 23.0), (head + foot) * scale


def _wished(parts: Sequence[Part], page: SlidePage, width: float, scale: float) -> float:
    return sum(_heights(part, page, width, scale)[1] for part in parts) + _GAP * scale * (len(parts) - 1)


def _shared(part: Beside, width: float) -> list[float]:
    gap = _BETWEEN if part.css != "cards" else 24.0
    room = width - gap * (len(part.columns) - 1)
    return [room * share / sum(part.shares) for share in part.shares]


def _write(part: Part, page: SlidePage, box: Box, slide: Any, scale: float) -> None:
    if isinstance(part, Words):
        _write_words(part, box, slide, scale)
    elif isinstance(part, SlideTable):
        _write_table(part, box, slide, scale)
    elif isinstance(part, SlidePicture):
        _write_picture(part, box, slide)
    elif isinstance(part, Beside):
        x, widths = box.x, _shared(part, box.w)
        for column, width in zip(part.columns, widths, strict=True):
            _stack(column, page, Box(x, box.y, width, box.h), slide, scale)
            x += width + (box.w - sum(widths)) / max(len(widths) - 1, 1)
    else:
        _write_figure(part, page, box, slide, scale)


# Words.


def _look(css: str) -> _Look:
    return _LOOKS.get(css.split(" ")[0] if css else "", _Look())


def line_height(line: Line, size: float, width: float, scale: float, strong: bool = False) -> float:
    """Return how high a paragraph stands in a width, in pixels."""
    largest = max(run.size or size for run in line.runs) * scale
    weight = 600 if any(run.strong or (strong and not run.size) for run in line.runs) else 400
    indent = _indent(line) * scale
    text = "".join(run.text for run in line.runs)
    return LEADING * largest * lines_of(text, largest, max(width * sure() - indent, 20.0), weight)


def _indent(line: Line) -> float:
    return 24.0 * (line.level + 1) if line.bullet or line.level else 0.0


def _words_height(part: Words, width: float, scale: float) -> float:
    look = _look(part.css)
    inner = width - look.inset * 2
    lines = _listed(part)
    between = (
        look.between
        * scale
        * sum(1 for n, line in enumerate(lines) if n and (line.bullet or part.css != "decide"))
    )
    above = {"box": 18.0, "below": 6.0, "above": 10.0}.get(look.rule, 4.0) * scale
    return (
        sum(line_height(line, look.size, inner, scale, look.strong) for line in lines)
        + between
        + above
        + look.before * scale
    )


def _listed(part: Words) -> tuple[Line, ...]:
    """Return paragraphs; of a numbered decision, what follows its first line stands as far in as that."""
    if part.css != "decide":
        return part.lines
    return tuple(
        line if line.bullet else replace(line, level=max(line.level, 0), bullet=" ") for line in part.lines
    )


def _write_words(part: Words, box: Box, slide: Any, scale: float) -> None:
    look = _look(part.css)
    top = box.y + look.before * scale
    if look.rule == "left":
        rectangle(slide, Box(box.x, top + 2, 4, box.h - 4), "plan")
    elif look.rule == "box":
        rectangle(slide, Box(box.x, top, box.w, box.h), "panel")
        top += 9 * scale
    elif look.rule in ("below", "above"):
        y = box.y + box.h - 2 if look.rule == "below" else box.y
        role = "plan" if part.css.endswith(" on") else "ink" if look.rule == "below" else "light"
        rectangle(slide, Box(box.x, y, box.w, 1.5 if look.rule == "below" else 3.0), role)
        top += 8 * scale if look.rule == "above" else 0
    frame = text_box(slide, Box(box.x + look.inset, top, box.w - 2 * look.inset, box.h - (top - box.y)))
    fill_frame(frame, _listed(part), look.size * scale, look.colour, scale, look.strong, look.between * scale)


def text_box(slide: Any, box: Box) -> Any:
    """Add a box of text without margins, and return its frame."""
    frame = slide.shapes.add_textbox(*map(pixels, (box.x, box.y, box.w, max(box.h, 1.0)))).text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    return frame


def fill_frame(
    frame: Any,
    lines: Sequence[Line],
    size: float,
    colour: str,
    scale: float = 1.0,
    strong: bool = False,
    between: float = 0.0,
) -> None:
    """Write paragraphs into a frame of text; ``size`` and ``between`` in pixels, ``colour`` a role or "" for the frame's own."""
    body = frame._txBody
    for one in body.findall(qn("a:p")):
        body.remove(one)
    written = paragraphs_xml(lines, size, colour, scale, strong, between)
    for one in parse_xml(f"<a:x {nsdecls('a')}>{written}</a:x>"):
        body.append(one)


def paragraphs_xml(
    lines: Sequence[Line],
    size: float,
    colour: str,
    scale: float = 1.0,
    strong: bool = False,
    between: float = 0.0,
    align: str = "",
) -> str:
    """Return paragraphs as XML, as :func:`fill_frame` writes them; a line's height is given, whatever the typeface."""
    out = []
    for n, line in enumerate(lines):
        largest = max([run.size * scale or size for run in line.runs] or [size])
        before = between if n and line.bullet != " " else 0.0
        spacing = f'<a:lnSpc><a:spcPts val="{hundredths(LEADING * largest)}"/></a:lnSpc>'
        spacing += f'<a:spcBef><a:spcPts val="{hundredths(before)}"/></a:spcBef>'
        attributes, bullet = _bullet(line, scale)
        attributes += f' algn="{align}"' if align else ""
        runs = "".join(_run_xml(run, size, colour, scale, strong) for run in line.runs)
        out.append(f"<a:p><a:pPr{attributes}>{spacing}{bullet}</a:pPr>{runs}</a:p>")
    return "".join(out) or f'<a:p><a:endParaRPr sz="{hundredths(max(size, 2.0))}"/></a:p>'


def hundredths(size: float) -> int:
    """Return pixels as hundredths of a point, to a tenth of a point."""
    return int(size * 7.5 + 0.5) * 10


def _run_xml(run: Run, size: float, colour: str, scale: float, strong: bool) -> str:
    role = run.colour or colour
    fill = f'<a:solidFill><a:srgbClr val="{colour_of(role)}"/></a:solidFill>' if role else ""
    look = f'lang="en-GB" sz="{hundredths(max(run.size * scale or size, 2.0))}"'
    look += ' b="1"' if run.strong or (strong and not run.size) else ""
    look += ' i="1"' if run.italic else ""
    return f"<a:r><a:rPr {look}>{fill}</a:rPr><a:t>{escape(xml_text(run.text))}</a:t></a:r>"


def _bullet(line: Line, scale: float) -> tuple[str, str]:
    """Return the attributes of a paragraph with a bullet or a number, and the bullet itself."""
    if not line.bullet:
        return ' marL="0" indent="0"', "<a:buNone/>"
    indent = int(pixels(24 * scale))
    number = line.bullet.strip().rstrip(".")
    attributes = f' marL="{indent * (line.level + 1)}" indent="{-indent if number else 0}"'
    if number.isdigit():
        return (
            attributes,
            f'<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod" startAt="{max(int(number), 1)}"/>',
        )
    return attributes, '<a:buFont typeface="Arial"/><a:buChar char="•"/>' if number else "<a:buNone/>"


def rectangle(slide: Any, box: Box, role: str) -> None:
    """Draw a filled rectangle that says nothing."""
    shape = slide.shapes.add_shape(1, *map(pixels, (box.x, box.y, box.w, max(box.h, 1.0))))
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour_of(role)
    shape.line.fill.background()
    shape._element.remove(shape._element.find(qn("p:style")))  # it would bring a shadow
    _decorative(shape)


def _decorative(shape: Any) -> None:
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", f"Line {properties.get('id')}")
    properties.append(
        parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}"><adec:decorative '
            'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
        )
    )


def _write_picture(part: SlidePicture, box: Box, slide: Any) -> None:
    share = min(box.w / max(part.width, 1), box.h / max(part.height, 1), 1.0)
    picture = slide.shapes.add_picture(
        io.BytesIO(part.data), *map(pixels, (box.x, box.y, part.width * share, part.height * share))
    )
    describe(picture, part.alt, "Picture")


# Tables.


def _is_right(cell: Cell) -> bool:
    return bool({"figure", "money"} & set(cell.css.split()))


def _size_of(cell: Cell, head: bool, table: SlideTable) -> float:
    if head:
        return 14.0
    if "no" in cell.css.split():
        return 20.0
    return _row_look(table)[0]


def _strong(cell: Cell) -> bool:
    return bool({"strong", "head", "band", "sum", "no"} & set(cell.css.split()))


# How large a table's text is, and how far apart its rows are, in pixels; what matches first, as in the deck's own style.
_ROW_LOOKS = {
    "rank": (16.0, 1.0), "steps": (15.0, 11.0), "small": (16.0, 7.0), "large": (19.0, 28.0), "larger": (22.0, 52.0),
}  # fmt: skip


def _row_look(table: SlideTable) -> tuple[float, float]:
    """Return how large a table's text is and how far apart its rows are: of an airy one the larger, the fewer rows it has."""
    kinds = table.css.split()
    if "airy" in kinds:
        rows = len(table.rows)
        return (26.0, 80.0) if rows < 3 else (20.0, 44.0) if rows < 5 else (18.0, 26.0)
    return next((look for kind, look in _ROW_LOOKS.items() if kind in kinds), (16.0, 11.0))


def _all_rows(table: SlideTable) -> list[tuple[bool, tuple[Cell, ...]]]:
    return [*([(True, table.head)] if table.head else []), *((False, row) for row in table.rows)]


def _grid(table: SlideTable) -> list[list[tuple[Cell, int, bool]]]:
    """Return each row's cells with the column in which each begins, and whether it is a head."""
    out, held = [], dict[int, int]()
    for head, row in _all_rows(table):
        line, column = [], 0
        for cell in row:
            while held.get(column, 0) > 0:
                column += 1
            line.append((cell, column, head))
            for k in range(cell.across):
                held[column + k] = cell.down
            column += cell.across
        held = {k: down - 1 for k, down in held.items()}
        out.append(line)
    return out


def _columns_of(table: SlideTable, width: float, scale: float) -> list[float]:
    """Return how wide each column is: as the page sets it, else by what stands in it."""
    grid = _grid(table)
    number = max((column + cell.across for line in grid for cell, column, _ in line), default=1)
    least, most = [24.0] * number, [24.0] * number
    fixed: dict[int, float] = {}
    kinds = set(table.css.split())
    for line in grid:
        for cell, column, head in line:
            if cell.across > 1:
                continue
            size = _size_of(cell, head, table) * scale
            weight = 600 if _strong(cell) else 500
            for text in cell.lines:
                own = max([run.size * scale or size for run in text.runs] or [size])
                words = text.text.split() or [""]
                least[column] = max(
                    least[column],
                    min(max(text_width(word, own, weight) for word in words) / sure() + 15, 200.0),
                )
                most[column] = max(most[column], text_width(text.text, own, weight) / sure() + 15)
            named = [_WIDTHS[css] for css in cell.css.split() if css in _WIDTHS]
            if named and ("asks" in kinds or "rank" in kinds):
                fixed[column] = named[-1] * (1.5 if "few" in kinds and "undecided" in cell.css else 1.0)
    if "since" in kinds and number == 2:
        return [0.6 * width, 0.4 * width]
    if "steps" in kinds and number == 3:
        return [0.44 * width, 0.22 * width, 0.34 * width]
    for column, wide in fixed.items():
        least[column] = most[column] = max(wide * min(1.0, width / 1168), min(least[column], wide))
    for column in {
        c for line in grid for cell, c, head in line if _is_right(cell) and not head and cell.across == 1
    } - set(fixed):
        least[column] = most[column]
    return _spread(least, most, width)


def _spread(least: list[float], most: list[float], width: float) -> list[float]:
    """Return widths that add up to the whole: each its least, and of what remains by how much more it has to say."""
    if sum(least) >= width:
        return [width * one / sum(least) for one in least]
    if sum(most) <= width:
        rest = width - sum(most)
        wide = [column for column, (a, b) in enumerate(zip(least, most, strict=True)) if b > a] or [
            len(most) - 1
        ]
        return [
            one + (rest * most[n] / sum(most[k] for k in wide) if n in wide else 0.0)
            for n, one in enumerate(most)
        ]
    share = (width - sum(least)) / sum(b - a for a, b in zip(least, most, strict=True))
    return [a + (b - a) * share for a, b in zip(least, most, strict=True)]


def _cell_height(cell: Cell, width: float, head: bool, table: SlideTable, scale: float) -> float:
    size = _size_of(cell, head, table)
    return sum(line_height(line, size, max(width - 14, 20.0), scale, _strong(cell)) for line in cell.lines)


def _rows_of(table: SlideTable, widths: Sequence[float], scale: float) -> list[float]:
    """Return how high each row is; a cell over several rows makes the last of them high enough."""
    pad, grid = _row_look(table)[1] * scale, _grid(table)
    heights = [
        max(
            [_cell_height(cell, sum(widths[column : column + cell.across]), head, table, scale)
             for cell, column, head in line if cell.down == 1] + [15 * scale]
        ) + (pad if not any(head for _, _, head in line) else 5 * scale)
        for line in grid
    ]  # fmt: skip
    for n, line in enumerate(grid):
        for cell, column, head in line:
            if cell.down > 1:
                rows = heights[n : n + cell.down]
                lacking = _cell_height(cell, widths[column], head, table, scale) + pad - sum(rows)
                heights[n + len(rows) - 1] += max(lacking, 0.0)
    return heights


def _write_table(table: SlideTable, box: Box, slide: Any, scale: float) -> None:
    widths = _columns_of(table, box.w, scale)
    heights, grid = _rows_of(table, widths, scale), _grid(table)
    pad = _row_look(table)[1] * scale
    cells: dict[tuple[int, int], NativeCell] = {}
    for n, line in enumerate(grid):
        for cell, column, head in line:
            colour = "grey" if head else _cell_colour(cell)
            text = paragraphs_xml(
                cell.lines, _size_of(cell, head, table) * scale, colour, scale, not head and _strong(cell),
                align="r" if _is_right(cell) else "",
            )  # fmt: skip
            cells[n, column] = NativeCell(
                text, 2.5 * scale if head else pad / 2, anchor="b" if head else "t", below="ink" if head else "rule", across=cell.across,
                down=min(cell.down, len(grid) - n),
            )  # fmt: skip
    said = f"Table: {table.said}" if table.said else "Table"
    add_table(slide, box, widths, heights, cells, said, bool(table.head))


@dataclass(frozen=True)
class NativeCell:
    """A cell of a native table: its paragraphs as XML, and how it looks."""

    text: str = ""
    pad: float = 0.0
    right: float = 12.0
    anchor: str = "ctr"
    fill: str = ""
    below: str = ""
    across: int = 1
    down: int = 1
    framed: bool = False

    def xml(self, merged: str = "") -> str:
        """Return the cell as XML; ``merged`` says that it is part of a cell before it."""
        none = f'<a:p><a:endParaRPr sz="{hundredths(2.0)}"/></a:p>'
        spans = f' gridSpan="{self.across}"' if self.across > 1 else ""
        spans += f' rowSpan="{self.down}"' if self.down > 1 else ""
        line = f'w="25400"><a:solidFill><a:srgbClr val="{colour_of("paper")}"/></a:solidFill>'
        clear = 'w="0"><a:noFill/>'
        sides = "".join(
            f"<a:{side} {line if self.framed else clear}</a:{side}>" for side in ("lnL", "lnR", "lnT")
        )
        drawn = (
            f'w="9525"><a:solidFill><a:srgbClr val="{colour_of(self.below)}"/></a:solidFill>'
            if self.below
            else clear
        )
        sides += f"<a:lnB {line if self.framed else drawn}</a:lnB>"
        fill = (
            f'<a:solidFill><a:srgbClr val="{colour_of(self.fill)}"/></a:solidFill>'
            if self.fill
            else "<a:noFill/>"
        )
        pad = int(pixels(self.pad))
        return (
            f'<a:tc{spans}{merged}><a:txBody><a:bodyPr wrap="square"/><a:lstStyle/>{(not merged and self.text) or none}</a:txBody>'
            f'<a:tcPr marL="0" marR="{int(pixels(self.right))}" marT="{pad}" marB="{pad}" anchor="{self.anchor}">{sides}{fill}</a:tcPr></a:tc>'
        )


def add_table(
    slide: Any, box: Box, widths: Sequence[float], heights: Sequence[float], cells: Mapping[tuple[int, int], NativeCell],
    said: str, head: bool = False,
) -> None:  # fmt: skip
    """Put a native table on a slide; ``cells`` by row and column, those not given empty."""
    held = {
        (row + k, column + j): (' hMerge="1"' if j else "") + (' vMerge="1"' if k else "")
        for (row, column), cell in cells.items()
        for k in range(cell.down)
        for j in range(cell.across)
        if k or j
    }
    whose = {
        (row + k, column + j): cell
        for (row, column), cell in cells.items()
        for k in range(cell.down)
        for j in range(cell.across)
    }

    def written(row: int, column: int) -> str:
        cell = whose.get((row, column), NativeCell())
        merged = held.get((row, column), "")
        return (replace(cell, across=1, down=1) if merged else cell).xml(merged)

    rows = "".join(
        f'<a:tr h="{int(pixels(height))}">{"".join(written(n, k) for k in range(len(widths)))}</a:tr>'
        for n, height in enumerate(heights)
    )
    columns = "".join(f'<a:gridCol w="{int(pixels(width))}"/>' for width in widths)
    frame = slide.shapes.add_table(1, 1, *map(pixels, (box.x, box.y, sum(widths), sum(heights))))
    describe(frame, said, "Table")
    first = ' firstRow="1"' if head else ""
    xml = f"<a:tbl {nsdecls('a')}><a:tblPr{first}><a:tableStyleId>{_PLAIN}</a:tableStyleId></a:tblPr><a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl>"
    old = frame.table._tbl
    old.getparent().replace(old, parse_xml(xml))


def _cell_colour(cell: Cell) -> str:
    kinds = set(cell.css.split())
    if "no" in kinds:
        return "plan"
    if "band" in kinds and "chosen" in kinds:
        return "plan"
    return "grey" if {"none", "part", "quiet"} & kinds else "text" if "deferred" in kinds else "ink"


# Exhibits.


def _native(part: ExhibitPart, page: SlidePage) -> NativeChart | None:
    payload = page.exhibits.get(part.number, {}).get("chart")
    return NativeChart.of(payload) if payload else None


def _source(part: ExhibitPart, page: SlidePage) -> str:
    exhibit = page.exhibits.get(part.number)
    if not exhibit:
        return ""
    unit = exhibit.get("chart", {}).get("unit") or exhibit["unit"]
    return f"{unit}. Source: {exhibit['source']}"


def _data_table(part: ExhibitPart, page: SlidePage) -> SlideTable:
    """Return an exhibit's data as a table, for one that does not say how it is drawn."""
    exhibit = page.exhibits.get(part.number, {"columns": [], "rows": [], "title": ""})

    def cell(value: object, head: bool = False) -> Cell:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return Cell(
            (Line((Run("–" if value is None else str(value)),)),), "figure" if number and not head else ""
        )

    rows = tuple(tuple(cell(value) for value in row) for row in exhibit["rows"][:20])
    return SlideTable(
        tuple(cell(name, True) for name in exhibit["columns"]), rows, "small", str(exhibit["title"])
    )


def _write_figure(part: ExhibitPart, page: SlidePage, box: Box, slide: Any, scale: float) -> None:
    native, said = _native(part, page), _source(part, page)
    high = 20 * scale * lines_of(said, 13 * scale, box.w * sure()) if said else 0.0
    room = Box(box.x, box.y, box.w, box.h - high)
    exhibit = page.exhibits.get(part.number, {})
    alt = f"Chart: {exhibit.get('title', '')} Unit: {exhibit.get('unit', '')}."
    if native is None:
        _write_table(_data_table(part, page), room, slide, scale)
    elif native.kind == "grid":
        _write_grid(native, room, slide, scale, alt)
    elif native.kind == "columns":
        _write_columns(native, room, slide, scale, alt)
    else:
        _write_rows(native, room, slide, scale, alt)
    if said:
        frame = text_box(slide, Box(box.x, box.y + box.h - high + 2, box.w, high))
        fill_frame(frame, (Line((Run(said),)),), 13 * scale, "grey", scale)


def _write_columns(native: NativeChart, box: Box, slide: Any, scale: float, alt: str) -> None:
    size = 14 * scale
    top = 30 * scale if legend(native) else 24 * scale
    lines = 1 + any(native.asides) + bool(native.groups)
    longest = max(max((text_width(word, size) for word in name.split()), default=0.0) for name in native.rows)
    folded = any(text_width(name, size) > box.w / len(native.rows) for name in native.rows)
    bottom = (lines + folded) * size * 1.35 + 8
    if longest > box.w / len(native.rows):  # the program turns the names
        bottom += longest * 0.6
    _write_legend(native, box, slide, scale)
    plot = (4.0, top, box.w - 8, max(box.h - top - bottom, 40.0))
    add_chart(slide, native, (box.x, box.y, box.w, box.h), plot, size, alt)


def _write_rows(native: NativeChart, box: Box, slide: Any, scale: float, alt: str) -> None:
    """Write bars or marks: the rows' names to the left, the chart, and what stands behind each row to the right."""
    _, around = _room_around(native, scale)
    foot = (26 if native.ticks and not native.spans else 4) * scale
    top = around - foot
    step = max((box.h - around) / len(native.rows), 1.0)
    left, right = _margins(native, box.w, scale)
    width = box.w - left - right
    inside = 28.0 * scale if native.kind == "marks" else 0.0 if native.spans or native.ticks else 8.0
    _write_legend(native, box, slide, scale)
    native = _with_room_for_labels(native, width - 2 * inside - 16, 14 * scale)
    add_chart(
        slide, native, (box.x, box.y, box.w - right, box.h),
        (left + inside, top, width - 2 * inside - (16 if right else 4), step * len(native.rows)), 14 * scale, alt,
    )  # fmt: skip
    names = [RowNote(name, native.asides[n] if native.asides else "") for n, name in enumerate(native.rows)]
    signs = 26 * scale if legend(native) else 0.0
    _row_texts(names, Box(box.x, box.y + top, left - 14, step * len(native.rows)), slide, scale, "Rows")
    if native.notes:
        place = Box(box.x + box.w - right + 6, box.y + top, right - 6, step * len(native.rows))
        _row_texts(native.notes, place, slide, scale, native.heads[1] or "Notes")
    plot = Box(box.x + left, box.y + signs, width - (16 if right else 4), top - signs)
    _heads(native, plot, box, right, slide, scale)


def _with_room_for_labels(native: NativeChart, width: float, size: float) -> NativeChart:
    """Return a chart of bars with its axis so long that the labels beside the bars have room within it."""
    if native.kind != "bars" or native.stacked or native.ticks:
        return native
    values = [value for one in native.series for value in one.values if value is not None] or [0.0]
    longest = (
        max((text_width(label, size, 600) for one in native.series for label in one.labels), default=0.0) + 12
    )
    low, high = min(0.0, *values), max(0.0, *values)
    share = min(longest / width, 0.4)
    sides = 2 if low < 0 else 1
    more = ((high - low) or 1.0) * share / max(1 - sides * share, 0.2)
    return replace(native, low=low - more if low < 0 else low, high=high + more)


def _write_legend(native: NativeChart, box: Box, slide: Any, scale: float) -> None:
    """Name the series above a chart."""
    if not (listed := legend(native)):
        return
    size = 14 * scale
    while size > 8 and sum(text_width(name, size, 500) + 3 * size for _, _, name in listed) > box.w:
        size -= 0.5
    runs = [
        part for sign, role, name in listed for part in (Run(f"{sign} ", colour=role), Run(f"{name}\u2003"))
    ]
    fill_frame(
        text_box(slide, Box(box.x, box.y, box.w, 20 * scale)), (Line(tuple(runs)),), size, "text", scale
    )


def _margins(native: NativeChart, width: float, scale: float) -> tuple[float, float]:
    """Return how much of a width the rows' names take, and what stands behind the rows."""
    longest = max(text_width(name, 16 * scale, 600) / sure() for name in native.rows) + 22
    asides = max((text_width(aside, 14 * scale) / sure() for aside in native.asides), default=0.0) + 22
    heads = [min(text_width(head, 14 * scale) / sure() + 22, 0.22 * width) for head in native.heads]
    left = min(max(longest, min(asides, 0.24 * width), heads[0], 0.1 * width), 0.3 * width)
    if not native.notes:
        return left, 0.0
    said = max(text_width(note.head, 16 * scale, 600) / sure() for note in native.notes) + 22
    why = max(text_width(note.aside, 14 * scale) / sure() for note in native.notes) + 22
    return left, min(max(said, min(why, 0.27 * width), heads[1], 0.08 * width), 0.32 * width)


def _row_texts(texts: Sequence[RowNote], box: Box, slide: Any, scale: float, said: str) -> None:
    """Write a text for each row, as a table whose rows stand where the chart's do; cut where it does not fit."""
    step = box.h / len(texts)
    room, cells = (box.w - 4) * sure(), {}
    for n, note in enumerate(texts):
        size, small = min(16 * scale, step * 0.62), min(14 * scale, step * 0.36)
        rest = step - 2 - LEADING * size * (1 if note.head else 0)
        heads = 2 if not note.aside and step > 2.1 * LEADING * size else 1
        fits = int(rest / (LEADING * max(small, 8.0 * scale))) if note.aside else 0
        lines = []
        if note.head:
            lines.append(
                Line((Run(cut_to(note.head, size, room, heads, 600), strong=True, colour=note.tone),))
            )
        if fits:
            lines.append(
                Line((Run(cut_to(note.aside, small, room, min(fits, 2)), size=small / scale, colour="grey"),))
            )
        cells[n, 0] = NativeCell(paragraphs_xml(lines, size, "ink", scale), right=0.0)
    add_table(slide, box, [box.w], [step] * len(texts), cells, f"Table: {said}")


def _heads(native: NativeChart, plot: Box, box: Box, right: float, slide: Any, scale: float) -> None:
    """Write what heads the rows' names, the quarters and what stands behind the rows."""
    y, size = plot.y + plot.h - 22 * scale, 14 * scale
    places = (
        (native.heads[0], Box(box.x, y, plot.x - box.x - 14, 20 * scale)),
        (native.heads[1], Box(box.x + box.w - right + 6, y, right - 6, 20 * scale)),
    )
    for text, place in places:
        if text and place.w > 20:
            shown = cut_to(text, size, place.w * sure(), 1)
            fill_frame(text_box(slide, place), (Line((Run(shown),)),), size, "grey", scale)
    if native.spans:
        width = plot.w / len(native.ticks)
        cells = _quarter_cells(native.ticks, native.groups, width, scale)
        high = min(22 * scale, plot.h / 2)
        top = Box(plot.x, plot.y + plot.h - 2 * high, plot.w, 2 * high)
        add_table(slide, top, [width] * len(native.ticks), [high] * 2, cells, "Table: quarters", True)


def _quarter_cells(
    names: Sequence[str], groups: Sequence[str], width: float, scale: float, first: int = 0
) -> dict[tuple[int, int], NativeCell]:
    """Return the heads of quarters, each year over its own, from a column on."""
    out, begin = {}, 0
    for n in range(1, len(groups) + 1):
        if n < len(groups) and groups[n] == groups[begin]:
            continue
        wide = width * (n - begin)
        texts = (groups[begin], f"{groups[begin][:2]}{groups[begin][4:]}", "")
        shown = next(text for text in texts if text_width(text, 14 * scale, 600) <= wide)
        text = paragraphs_xml([Line((Run(shown, strong=True),))], 14 * scale, "ink", scale)
        out[0, first + begin] = NativeCell(text, right=0.0, across=n - begin)
        begin = n
    for n, name in enumerate(names):
        shown = name if width >= text_width(name, 13 * scale) + 2 or n % 2 == 0 else ""
        text = paragraphs_xml([Line((Run(shown),))], 13 * scale, "grey", scale, align="ctr")
        out[1, first + n] = NativeCell(text, right=0.0)
    return out


def _write_grid(native: NativeChart, box: Box, slide: Any, scale: float, alt: str) -> None:
    """Write a grid of shaded cells as a table, one row for each row."""
    left = _margins(native, box.w, scale)[0]
    head, width = 24 * scale, (box.w - left) / len(native.series)
    step = min((box.h - 2 * head) / len(native.rows), 84.0)
    size, small = min(16 * scale, step * 0.45), min(14 * scale, step * 0.3)
    cells = _quarter_cells([one.name for one in native.series], native.groups, width, scale, 1)
    for n, name in enumerate(native.rows):
        lines = [Line((Run(cut_to(name, size, (left - 12) * sure(), 1, 600), strong=True),))]
        if native.asides and native.asides[n]:
            aside = cut_to(native.asides[n], small, (left - 12) * sure(), 1)
            lines.append(Line((Run(aside, size=small / scale, colour="grey"),)))
        cells[n + 2, 0] = NativeCell(paragraphs_xml(lines, size, "ink", scale))
    for t, series in enumerate(native.series, 1):
        for n, (label, fill) in enumerate(zip(series.labels, series.fills, strict=True)):
            fitting = (
                min(size, 0.9 * size * width / max(text_width(label, size, 600), 1.0)) if label else size
            )
            line = Line((Run(label, strong=label == "full"),) if label else ())
            text = paragraphs_xml([line], fitting, on(fill), scale, align="ctr")
            cells[n + 2, t] = NativeCell(text, right=0.0, fill=fill, framed=True)
    heights = [head, head, *[step] * len(native.rows)]
    add_table(
        slide,
        box,
        [left, *[width] * len(native.series)],
        heights,
        cells,
        alt.replace("Chart:", "Table:"),
        True,
    )
