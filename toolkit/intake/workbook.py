"""A worksheet's rows: values by calamine, and by one walk over its XML what calamine does not tell.

That is how each cell is shown, which formulas have no result and which cells hold an error, what is hidden, and
how far the cells reach: calamine makes a cell for each place up to the last, and a string for each cell.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook

from toolkit.client.faults import closest, listed
from toolkit.client.record_csv import unmasked
from toolkit.errors import InputError, shown
from toolkit.intake.archive import COPY, MOST_MARKS, SAVE, Archive, local, parser, reading, walk
from toolkit.intake.cell import NOT_COMPUTED, Cell, NoValue, PartOfDay, day_shown, figure_of, number_kept

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # the last a spreadsheet has
MOST_PLACES = 4_000_000  # cells, empty ones up to the last row and column too
MOST_TEXT = 100_000_000  # characters of all cells
LONGEST_CELL = 32_767  # characters, the most a spreadsheet lets in
_SHOWN_AS_THEY_ARE = ("", "General", "@")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_END_OF_STRING = re.compile(rb"</(?:\w+:)?si\s*>")
Numbered = list[tuple[int, list[Cell]]]


@dataclass(frozen=True)
class SheetName:
    """A worksheet as its workbook lists it.

    Attributes
    ----------
    part : str
        Where in the archive it stands.
    hidden : bool
        It is shown to nobody who opens the workbook.
    """

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Worksheet:
    """The rows of a worksheet that hold anything, numbered as a spreadsheet shows them.

    Attributes
    ----------
    others : str
        The workbook's other sheets, and what to do to read one, as a sentence; "" where there is none.
    hidden : tuple of int
        Rows that the workbook hides, by a filter or by hand; they are read as the others.
    """

    name: str
    rows: Numbered
    others: str = ""
    hidden: tuple[int, ...] = ()


def chosen_sheet(archive: Archive, sheets: Sequence[SheetName], wanted: str) -> tuple[SheetName, str]:
    """Return the sheet that is wanted, else the first that is not hidden; and the others, as a sentence.

    Raises
    ------
    InputError
        When there is none of that name, or none at all.
    """
    names = [sheet.name for sheet in sheets]
    if not sheets:
        raise archive.refusal(
            "a workbook that cannot be read: it lists no worksheet", "an XLSX workbook", SAVE
        )
    if wanted and wanted not in names:
        remedy = f"{closest(wanted, names)}Correct the name after --sheet, or the map's sheet."
        raise archive.refusal(f"no sheet {shown(wanted)}", f"one of its sheets: {listed(names)}", remedy)
    visible = [sheet for sheet in sheets if not sheet.hidden]
    chosen = sheets[names.index(wanted)] if wanted else (visible or list(sheets))[0]
    others = [f"{shown(one.name)}{' (hidden)' if one.hidden else ''}" for one in sheets if one is not chosen]
    hint = "" if wanted else "--sheet NAME reads another."
    return chosen, f"Sheets not read: {listed(others)}. {hint}".strip() if others else ""


def need_short(archive: Archive, length: int, row: int) -> None:
    """Refuse a cell of more characters than a spreadsheet lets in."""
    if length > LONGEST_CELL:
        found, remedy = (
            f"a cell of {length:,} characters",
            "Shorten it; look for what was pasted in by mistake.",
        )
        raise archive.refusal(found, f"at most {LONGEST_CELL:,}", remedy, f", row {row:,}")


def too_wide(archive: Archive, reach: int, most_columns: int, row: int) -> InputError:
    """Return the error of a row whose cells reach too far."""
    found, allowed = f"cells as far as column {reach:,}", f"at most {most_columns} columns"
    return archive.refusal(found, allowed, COPY, f", row {row:,}")


def workbook_sheets(file: str, data: bytes) -> list[SheetName]:
    """Return an XLSX workbook's sheets in their order; errors as :func:`read_workbook`."""
    with reading(file, SAVE):
        return _Book(Archive(file, data)).sheets


def read_workbook(file: str, data: bytes, sheet: str, most_rows: int, most_columns: int) -> Worksheet:
    """Read a worksheet of an XLSX workbook.

    Values only, no formula is run; a formula whose result was never stored reads as :data:`NOT_COMPUTED`,
    for left empty it would pass for missing.

    Parameters
    ----------
    sheet : str
        The worksheet; empty means the first that is not hidden.
    most_rows : int
        A row more than these, and the header, are read, so that too large a table shows as such.
    most_columns : int
        A row with a cell beyond them is refused.

    Raises
    ------
    InputError
        When it could do harm, is damaged, or has no such sheet.
    """
    with reading(file, SAVE):
        return _read(Archive(file, data), sheet, most_rows, most_columns)


def _read(archive: Archive, wanted: str, most_rows: int, most_columns: int) -> Worksheet:
    if "xl/workbook.bin" in archive:
        raise archive.refusal("a binary workbook (.xlsb)", "an XLSX workbook", SAVE)
    book = _Book(archive)
    chosen, others = chosen_sheet(archive, book.sheets, wanted)
    styles = book.part("/styles")
    strings = book.part("/sharedStrings", MOST_MARKS)
    data = archive.xml(chosen.part, MOST_MARKS)
    walked = _Walk(archive, _formats(styles))
    walked.read(data)
    walked.need_room(data, strings, most_columns)
    copy = _copy(book.begins_1904, {"styles": styles, "sharedStrings": strings, "sheet": data})
    del strings, data
    values = CalamineWorkbook.from_filelike(copy).get_sheet_by_index(0).to_python(skip_empty_area=False)
    # Calamine ends at the last cell with a value.
    values += [[] for _ in range(walked.last_row - len(values))]
    every = (
        (number, walked.row(number, cells, most_columns)) for number, cells in enumerate(values, start=1)
    )
    rows = [(number, row) for number, row in every if any(cell is not None for cell in row)]
    hidden = walked.hidden & {number for number, _ in rows}
    return Worksheet(chosen.name, rows[: most_rows + 2], others, tuple(sorted(hidden)))


class _Book:
    """A workbook's parts, as the workbook itself lists them."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.sheets: list[SheetName] = []
        self.begins_1904 = False
        whole = _relations(archive, "")
        self._name = next((part for kind, part in whole.values() if kind.endswith("/officeDocument")), "")
        self._parts = _relations(archive, self._name)
        walk(archive.xml(self._name), self._start)

    def part(self, kind: str, most: int = 0) -> bytes:
        """Return the part of a kind; empty when there is none."""
        beside = posixpath.join(posixpath.dirname(self._name), f"{kind.removeprefix('/')}.xml")
        name = next((part for one, part in self._parts.values() if one.endswith(kind)), beside)
        return self._archive.xml(name, *([most] if most else []))

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "workbookPr":
            self.begins_1904 = attributes.get("date1904", "") in ("1", "true", "on")
        if tag == "sheet":
            link = next((value for name, value in attributes.items() if local(name) == "id"), "")
            kind, part = self._parts.get(link, ("", ""))
            if kind.endswith("/worksheet"):
                hidden = attributes.get("state", "visible") != "visible"
                self.sheets.append(SheetName(attributes.get("name", ""), part, hidden))


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return what a part is linked with, by id: its kind and its name in the archive; of the archive itself for ""."""
    folder, name = posixpath.split(part)
    links: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode", "") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            links[attributes.get("Id", "")] = attributes.get("Type", ""), target.removeprefix("/")

    walk(archive.xml(posixpath.join(folder, "_rels", f"{name}.rels")), start)
    return links


def _formats(styles: bytes) -> list[str]:
    """Return the number format of each style that a cell may have; "" where the cell is shown as it is."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    own: dict[str, str] = {}
    listed_ids: list[str] = []
    within = ""

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal within
        if tag == "numFmt":
            own.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            within = tag
        elif tag == "xf" and within == "cellXfs":
            listed_ids.append(attributes.get("numFmtId", "0"))

    walk(styles, start)
    builtin = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    codes = (own.get(number) or builtin.get(number, "") for number in listed_ids)
    return ["" if code in _SHOWN_AS_THEY_ARE else code for code in codes]


class _Walk:
    """What a walk over a worksheet's XML finds: formats and states by row and column, and how far the cells reach."""

    def __init__(self, archive: Archive, formats: Sequence[str]) -> None:
        self._archive = archive
        self._codes = {str(number): code for number, code in enumerate(formats) if code}
        self._columns: dict[str, int] = {}
        self._formats: dict[int, dict[int, str]] = {}
        self._states: dict[int, dict[int, NoValue]] = {}
        self.hidden: set[int] = set()
        self._row, self._column, self._digits, self._kind = 0, -1, "0", ""
        self._here: dict[int, str] = {}
        self.last_row, self.last_column, self.texts = 0, 0, 0

    def read(self, data: bytes) -> None:
        """Walk over a sheet's XML."""
        self._parser = parser(self._start)
        self._parser.Parse(data, True)

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag not in ("c", "v", "f", "row"):
            tag = local(tag)
        if tag == "c":
            self._begin_cell(attributes)
        elif tag in ("v", "f", "is"):
            self._fill(tag)
        elif tag == "row":
            self._begin_row(attributes)

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        if not 0 < self._row <= LAST_ROW:
            raise self._archive.refusal(f"a row after {LAST_ROW:,}", "the rows a sheet has", SAVE)
        self._column, self._digits = -1, str(self._row)
        self._here = self._formats[self._row] = {}
        if attributes.get("hidden", "0") in ("1", "true"):
            self.hidden.add(self._row)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            letters = place.rstrip("0123456789")
            if place[len(letters) :] != self._digits:
                raise ValueError("a cell outside its row")
            column = self._columns.get(letters)
            self._column = self._column_of(letters) if column is None else column
        if self._kind == "e":
            self._parser.CharacterDataHandler = None
        code = self._codes.get(attributes.get("s", ""))
        if code is not None:
            self._here[self._column] = code
        self._kind = attributes.get("t", "")
        self.texts += self._kind == "s"

    def _fill(self, tag: str) -> None:
        """Note that a cell holds something, and its state where that is no value."""
        if self._row > self.last_row:
            self.last_row = self._row
        if self._column >= self.last_column:
            self.last_column = self._column + 1
        if tag == "f":  # where calamine finds a value, it stands above this
            self._states.setdefault(self._row, {})[self._column] = NOT_COMPUTED
        elif self._kind == "e":
            self._parser.CharacterDataHandler = self._error
        elif self._kind == "str":  # the text that a formula gives may be an empty one
            self._states.get(self._row, {}).pop(self._column, None)

    def _column_of(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) + 1
            if number > LAST_COLUMN:
                raise ValueError("a column that no sheet has")
        self._columns[letters] = number - 1
        return number - 1

    def _error(self, text: str) -> None:
        if self._kind == "e" and text.strip():
            self._states.setdefault(self._row, {})[self._column] = NoValue(text.strip())

    def need_room(self, data: bytes, strings: bytes, most_columns: int) -> None:
        """Refuse a sheet for which calamine would need more memory than a table is worth.

        Raises
        ------
        InputError
            When its cells reach too far, or the strings that they share are too long.
        """
        if self.last_row * self.last_column > MOST_PLACES:
            reach = f"cells as far as column {self.last_column:,} and row {self.last_row:,}"
            allowed = (
                f"at most {most_columns} columns, and {MOST_PLACES:,} cells with empty ones before the last"
            )
            raise self._archive.refusal(reach, allowed, COPY)
        lengths = [len(one) for one in _END_OF_STRING.split(strings)]
        if self.texts * max(lengths) > MOST_TEXT and _shared_text(data, lengths) > MOST_TEXT:
            allowed = f"at most {MOST_TEXT:,} characters in all cells"
            raise self._archive.refusal("strings that are repeated without end", allowed, COPY)

    def row(self, number: int, values: Sequence[Any], most_columns: int) -> list[Cell]:
        """Return a row's cells as they are shown."""
        formats, states = self._formats.get(number, {}), self._states.get(number, {})
        cells = [_shown_value(value, formats.get(at, "")) for at, value in enumerate(values)]
        if states:
            cells += [None] * (max(states) + 1 - len(cells))
            for at, state in states.items():
                cells[at] = state if cells[at] is None else cells[at]
        need_short(
            self._archive, max((len(cell) for cell in cells if isinstance(cell, str)), default=0), number
        )
        if any(cell is not None for cell in cells[most_columns:]):
            raise too_wide(self._archive, len(cells), most_columns, number)
        return cells[:most_columns]


def _shared_text(data: bytes, lengths: Sequence[int]) -> int:
    """Return how long the strings are, about, that a sheet's cells share, each as often as it stands there."""
    total, is_shared = 0, False

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal is_shared
        if local(tag) == "c":
            is_shared = attributes.get("t") == "s"
        reader.CharacterDataHandler = text if is_shared and local(tag) == "v" else None

    def text(digits: str) -> None:
        nonlocal total
        total += lengths[min(int(digits), len(lengths) - 1)]

    reader = parser(start)
    reader.Parse(data, True)
    return total


def _shown_value(value: Any, code: str) -> Cell:
    """Return a value as its cell shows it."""
    if isinstance(value, str):
        return (unmasked(value) if value[0] == "'" else value) if value else None
    if isinstance(value, float):
        value = number_kept(value)
        return figure_of(value, code) if code else value
    if isinstance(value, date):  # a moment too
        return day_shown(value, code) if code else value
    # A truth value as it is shown: TRUE.
    return PartOfDay(value) if isinstance(value, (time, timedelta)) else str(value).upper()


def _copy(begins_1904: bool, parts: Mapping[str, bytes]) -> io.BytesIO:
    """Return an archive of the very parts that were walked over, and of no other, for calamine to read."""
    relations = "".join(
        f'<Relationship Id="{name}" Type="{_RELATION}/{"worksheet" if name == "sheet" else name}" Target="{name}.xml"/>'
        for name, data in parts.items()
        if data
    )
    first = f'<Relationship Id="book" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'
    book = f'<workbookPr date1904="{int(begins_1904)}"/><sheets><sheet name="sheet" sheetId="1" r:id="sheet"/></sheets>'
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as archive:
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}">{first}</Relationships>')
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}">{book}</workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>'
        )
        for name, data in parts.items():
            if data:
                archive.writestr(f"xl/{name}.xml", data)
    copy.seek(0)
    return copy
