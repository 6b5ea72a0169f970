"""A worksheet of an OpenDocument workbook (.ods): each cell as it is shown, as in one of Excel's.

Its number formats stand as XML. They become codes such as Excel writes, so that :mod:`toolkit.intake.cell` reads both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from toolkit.client.record_csv import unmasked
from toolkit.intake.archive import COPY, Archive, local, reading, walk
from toolkit.intake.cell import NOT_COMPUTED, Cell, NoValue, PartOfDay, day_shown, figure_of, number_kept
from toolkit.intake.workbook import (
    LAST_ROW,
    MOST_PLACES,
    Numbered,
    SheetName,
    Worksheet,
    chosen_sheet,
    need_short,
    too_wide,
)

_FORMATS = ("number-style", "currency-style", "percentage-style", "date-style", "time-style", "text-style")
_DATE_PARTS = {
    "day": "d",
    "year": "yyyy",
    "day-of-week": "dddd",
    "hours": "h",
    "seconds": "s",
    "am-pm": "AM/PM",
}
_WORDS = ("text", "currency-symbol")
_MOST_BLANKS = 100
_MOST_MARKS = 1_800_000  # beginnings and ends of elements, four a cell
_SAVE = "Open it in LibreOffice and save it again as .ods or .xlsx."


def read_opendocument(file: str, data: bytes, sheet: str, most_rows: int, most_columns: int) -> Worksheet:
    """Read a worksheet of an OpenDocument workbook; parameters and errors as :func:`workbook.read_workbook`."""
    with reading(file, _SAVE):
        archive = Archive(file, data)
        if b"encryption-data" in archive.xml("META-INF/manifest.xml"):
            raise archive.refusal("an encrypted workbook", "one without a password", _SAVE)
        content = archive.xml("content.xml", _MOST_MARKS)
        names = _names(archive, content)
        chosen, others = chosen_sheet(archive, names.sheets, sheet)
        table = _Table(archive, names, int(chosen.part), most_columns)
        walk(content, table.start, table.end, table.text)
    return Worksheet(chosen.name, table.rows[: most_rows + 2], others, tuple(table.hidden))


def opendocument_sheets(file: str, data: bytes) -> list[SheetName]:
    """Return an OpenDocument workbook's sheets in their order; errors as :func:`read_opendocument`."""
    with reading(file, _SAVE):
        archive = Archive(file, data)
        return _names(archive, archive.xml("content.xml", _MOST_MARKS)).sheets


def _names(archive: Archive, content: bytes) -> _Names:
    names = _Names()
    for part in (archive.xml("styles.xml"), content):
        walk(part, names.start, names.end, names.text)
    return names


def _of(attributes: Mapping[str, str], name: str) -> str:
    """Return an attribute whatever its prefix; "" where it is not there."""
    return next((value for key, value in attributes.items() if local(key) == name), "")


class _Names:
    """A workbook's sheets and the number formats of its styles."""

    def __init__(self) -> None:
        self.sheets: list[SheetName] = []
        self._codes: dict[str, str] = {}
        self._data_styles: dict[str, tuple[str, str]] = {}  # a style's format, and the style it is made after
        self._not_shown: set[str] = set()
        self._style = self._format = self._code = ""
        self._words = False
        self._percent = False
        self._conditions: list[tuple[str, str]] = []

    def code(self, style: str) -> str:
        """Return the number format of a cell's style, as Excel would write it; "" where it is shown as it is."""
        for _ in range(20):
            own, parent = self._data_styles.get(style, ("", ""))
            if own or not parent:
                return self._codes.get(own, "")
            style = parent
        return ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an element's beginning."""
        if tag in ("table-row", "table-cell", "p"):
            return
        if tag == "style":
            self._style = _of(attributes, "name")
            self._data_styles[self._style] = (
                _of(attributes, "data-style-name"),
                _of(attributes, "parent-style-name"),
            )
        elif tag == "table-properties" and _of(attributes, "display") == "false":
            self._not_shown.add(self._style)
        elif tag == "table":
            hidden = _of(attributes, "style-name") in self._not_shown
            self.sheets.append(SheetName(_of(attributes, "name"), str(len(self.sheets)), hidden))
        elif tag in _FORMATS:
            self._format, self._code, self._conditions = _of(attributes, "name"), "", []
            self._percent = tag == "percentage-style"
        elif self._format and tag == "map":
            self._conditions.append((_of(attributes, "condition"), _of(attributes, "apply-style-name")))
        elif self._format:
            self._words = tag in _WORDS
            self._code += _code_of(tag, attributes)

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._words:
            sign = text.replace('"', "")
            self._code += "%" if self._percent and sign.strip() == "%" else f'"{sign}"'

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if tag in _WORDS:
            self._words = False
        elif tag in _FORMATS:
            parts = [f"[{condition.removeprefix('value()')}]{self._codes.get(name, '')}"
                     for condition, name in self._conditions]  # fmt: skip
            self._codes[self._format] = ";".join([*parts, self._code])
            self._format = ""


def _code_of(tag: str, attributes: Mapping[str, str]) -> str:
    """Return what an element of a number format is in one of Excel's."""
    if tag == "number":
        figures = "0" * min(int(_of(attributes, "min-integer-digits") or 0), 30) or "#"
        if _of(attributes, "grouping") == "true":
            figures = f"#,##{figures}"
        places = min(int(_of(attributes, "decimal-places") or 0), 30)
        thousands = {"1000": ",", "1000000": ",,", "1000000000": ",,,"}
        return (
            figures
            + ("." + "0" * places if places else "")
            + thousands.get(_of(attributes, "display-factor"), "")
        )
    if tag == "month":
        return "mmm" if _of(attributes, "textual") == "true" else "mm"
    return {**_DATE_PARTS, "scientific-number": "0.00E+00", "fraction": "# ?/?"}.get(tag, "")


class _Table:
    """The rows of one sheet."""

    def __init__(self, archive: Archive, names: _Names, wanted: int, most_columns: int) -> None:
        self._archive, self._names, self._most_columns = archive, names, most_columns
        self._wanted, self._at = wanted, -1
        self._codes: dict[str, str] = {}
        self._column_styles: list[str] = []
        self.rows: Numbered = []
        self.hidden: list[int] = []
        self._number, self._places = 0, 0
        self._row: list[Cell] = []
        self._row_attributes: Mapping[str, str] = {}
        self._empty = 0  # cells since the last that holds anything
        self._cell: Mapping[str, str] = {}
        self._pieces: list[str] = []
        self._reads = False  # within a cell's own text
        self._aside = 0  # within a remark on a cell

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an element's beginning."""
        if tag == "table":
            self._at += 1
        if self._at != self._wanted:
            return
        if tag == "table-column":
            times = min(int(_of(attributes, "number-columns-repeated") or 1), self._most_columns)
            self._column_styles += [_of(attributes, "default-cell-style-name")] * times
        elif tag == "table-row":
            self._row, self._empty, self._row_attributes = [], 0, attributes
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._pieces = {local(name): value for name, value in attributes.items()}, []
        elif tag == "annotation":
            self._aside += 1
        elif tag == "p":
            self._reads = not self._aside
            if self._pieces and self._reads:
                self._pieces.append("\n")
        elif self._reads and tag == "s":
            self._pieces.append(" " * min(int(_of(attributes, "c") or 1), _MOST_BLANKS))
        elif self._reads and tag in ("tab", "line-break"):
            self._pieces.append("\t" if tag == "tab" else "\n")

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._reads:
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if self._at != self._wanted:
            return
        if tag == "p":
            self._reads = False
        elif tag == "annotation":
            self._aside -= 1
        elif tag in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif tag == "table-row":
            self._end_row()

    def _end_cell(self) -> None:
        times = int(self._cell.get("number-columns-repeated", 1))
        cell = self._value()
        if cell is None:
            self._empty += times
            return
        reach = len(self._row) + self._empty + times
        if reach > self._most_columns:
            raise too_wide(self._archive, reach, self._most_columns, self._number + 1)
        self._row += [None] * self._empty + [cell] * times
        self._empty = 0

    def _end_row(self) -> None:
        times = int(_of(self._row_attributes, "number-rows-repeated") or 1)
        first, self._number = self._number + 1, self._number + times
        if not self._row:
            return
        self._places += len(self._row) * times
        if self._number > LAST_ROW or self._places > MOST_PLACES:
            allowed = f"at most {MOST_PLACES:,} cells in {LAST_ROW:,} rows"
            raise self._archive.refusal(f"cells as far as row {self._number:,}", allowed, COPY)
        numbers = range(first, first + times)
        self.rows += [(number, self._row) for number in numbers]
        if _of(self._row_attributes, "visibility") in ("collapse", "filter"):
            self.hidden += numbers

    def _value(self) -> Cell:
        """Return the cell as it is shown."""
        cell, shown = self._cell, "".join(self._pieces)
        kind = cell.get("value-type", "")
        if kind == "error" or (shown.startswith(("Err:", "#")) and "formula" in cell):
            return NoValue(shown if shown.startswith("#") else "#VALUE!")
        if kind in ("float", "currency", "percentage"):
            return figure_of(number_kept(float(cell["value"])), self._code())
        if kind == "date":
            return self._day(cell["date-value"])
        if kind == "time":
            return PartOfDay(shown)
        if kind == "boolean":
            return str(cell.get("boolean-value") == "true").upper()
        text = cell.get("string-value") or shown
        need_short(self._archive, len(text), self._number + 1)
        if not text:
            return NOT_COMPUTED if "formula" in cell and not kind else None
        return unmasked(text)

    def _day(self, text: str) -> Cell:
        moment = datetime.fromisoformat(text)
        value: date = moment if "T" in text else moment.date()
        code = self._code()
        return day_shown(value, code) if code else value

    def _code(self) -> str:
        at = len(self._row) + self._empty
        style = self._cell.get("style-name") or _of(self._row_attributes, "default-cell-style-name")
        style = style or (self._column_styles[at] if at < len(self._column_styles) else "")
        if style not in self._codes:
            self._codes[style] = self._names.code(style)
        return self._codes[style]
