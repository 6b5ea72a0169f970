"""The sheets of a record's workbook as rows of the document: each cell as its field's value, or why it is none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring

from toolkit.client.faults import closest, listed
from toolkit.client.field_types import accepted_at, is_amount, is_share, number_text
from toolkit.errors import Fault, InputError, shown
from toolkit.files import read_named
from toolkit.intake.amount import shown_number
from toolkit.intake.cell import Cell, Figure, NoValue, PartOfDay, Unreadable, as_shown
from toolkit.intake.document import Document, is_blank
from toolkit.intake.record_workbook import (
    GROUP_HEADINGS,
    SEVERAL,
    SHEETS,
    RecordSheet,
    kind_of_cell,
    options_of,
)
from toolkit.intake.table import LARGEST_FILE, heading_of, read_raw
from toolkit.intake.typed_value import Notation, typed

_LARGEST_LIST = 1_000_000  # bytes of the part that lists a workbook's sheets
_TYPE_AGAIN = "Format the cell as text and type it again."


@dataclass(frozen=True)
class Lines:
    """What a sheet says: which of its fields it has, and its rows in the document's words, each with its number.

    Attributes
    ----------
    numbers : mapping
        Of a group of fields, the row of each.
    """

    present: tuple[str, ...]
    rows: tuple[tuple[int, Document], ...]
    numbers: Mapping[str, int] = field(default_factory=dict)


def sheet_names(file: Path) -> list[str]:
    """Return the names of a workbook's sheets; InputError when it is none, or none that was exported."""
    read_raw(file)  # refuses what could do harm
    allowed, remedy = (
        "a workbook that “align export” has written",
        "Export the record, edit that workbook, and import it.",
    )
    data = read_named(file, LARGEST_FILE, allowed, remedy, remedy)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/workbook.xml") as part:
            root = fromstring(part.read(_LARGEST_LIST))
        names = [one.get("name", "") for one in root.iter() if one.tag.rpartition("}")[2] == "sheet"]
    except Exception as error:  # a damaged archive or XML raises whatever its reader does
        raise InputError(
            [Fault(file.name, f"no workbook ({type(error).__name__})", allowed, remedy)]
        ) from None
    if not {sheet.title for sheet in SHEETS} & set(names):
        raise InputError(
            [Fault(file.name, f"the sheets {listed(names)}", f"{allowed}, with sheets such as Goals", remedy)]
        )
    return names


def cell_place(sheet: RecordSheet, row: str, name: str) -> str:
    """Return how a fault names a cell: by its column's heading, in a group of fields by the field's."""
    heading = sheet.headings.get(name, name)
    return f"{row} ({heading})" if sheet.is_group else f"{row}, column {heading}"


def lines_of(sheet: RecordSheet, file: Path, currency: str, faults: list[Fault]) -> Lines:
    """Read a sheet's rows; what cannot be read becomes faults."""
    rows = read_raw(file, sheet.title).rows
    reader = _Reader(sheet, f"{file.name}, sheet {sheet.title}", currency, faults)
    if not rows:
        reader.refuse("", "an empty sheet", f"the headings {listed(sheet.headings.values())}", _HEADINGS)
        return Lines((), ())
    return reader.group(rows) if sheet.is_group else reader.table(rows)


_HEADINGS = (
    "Write the headings as they were exported, or take the whole sheet out to leave its list as it is."
)
_Rows = Sequence[tuple[int, Sequence[Cell]]]


@dataclass(frozen=True)
class _Reader:
    """Reads the rows of a sheet, at a place in words; what cannot be read is added to the faults."""

    sheet: RecordSheet
    where: str
    currency: str
    faults: list[Fault]

    def refuse(self, row: str, found: str, allowed: str, remedy: str) -> None:
        """Note a fault of the sheet, or of a row of it."""
        self.faults.append(Fault(f"{self.where}{row}", found, allowed, remedy))

    def table(self, rows: _Rows) -> Lines:
        """Read a list under its headings."""
        (first, header), *body = rows
        columns = self._columns(header, f", row {first}")
        lines = []
        for number, cells in body:
            values = {
                name: value
                for at, name in columns.items()
                if (value := self._value(name, cells[at] if at < len(cells) else None, number)) is not None
            }
            self._refuse_beside([cell for at, cell in enumerate(cells) if at not in columns], number)
            if values:
                lines.append((number, values))
        return Lines(tuple(columns.values()), tuple(lines))

    def group(self, rows: _Rows) -> Lines:
        """Read a group of fields, a line each."""
        values: Document = {}
        numbers: dict[str, int] = {}
        for number, cells in rows:
            heading = heading_of(cells[0])
            if number == rows[0][0] and heading == GROUP_HEADINGS[0]:
                continue
            name = self._field(heading)
            self._refuse_beside(cells[2:], number)
            if name is None or name in numbers:
                allowed = f"each of these once: {listed(self.sheet.headings.values())}"
                self.refuse(f", row {number}", shown(heading), allowed, self._headings_near(heading))
                continue
            numbers[name] = number
            if (value := self._value(name, cells[1] if len(cells) > 1 else None, number)) is not None:
                values[name] = value
        return Lines(tuple(numbers), ((1, values),), numbers)

    def _refuse_beside(self, cells: Sequence[Cell], number: int) -> None:
        if extra := [cell for cell in cells if not is_blank(cell)]:
            remedy = "Give the column one of the headings, or empty the cell."
            self.refuse(f", row {number}", as_shown(extra[0]), "cells under headings alone", remedy)

    def _columns(self, header: Sequence[Cell], row: str) -> dict[int, str]:
        """Return the field of each column by its heading, or by the field's own name."""
        columns: dict[int, str] = {}
        headings = self.sheet.headings
        for at, heading in enumerate(map(heading_of, header)):
            name = self._field(heading)
            if name is None and heading:
                allowed = f"one of: {listed(headings.values())}"
                self.refuse(row, f"the heading {shown(heading)}", allowed, self._headings_near(heading))
            elif name in columns.values():
                self.refuse(
                    row,
                    f"the heading {shown(heading)} twice",
                    "each heading once",
                    "Remove or rename one of them.",
                )
            elif name is not None:
                columns[at] = name
        for name in self.sheet.key:
            if name not in columns.values():
                self.refuse(row, f"no heading {headings[name]}", "what tells rows apart", _HEADINGS)
        return columns

    def _field(self, heading: str) -> str | None:
        folded = heading.casefold()
        names = (name for name, text in self.sheet.headings.items() if folded in (text.casefold(), name))
        return next(names, None) if heading else None

    def _headings_near(self, heading: str) -> str:
        return f"{closest(heading, self.sheet.headings.values())}{_HEADINGS}"

    def _value(self, name: str, cell: Cell, number: int) -> Any:
        """Return a cell as the document holds its field's value, None for an empty one; a fault where it is none."""
        if is_blank(cell):
            return None
        remedy = _refused(self.sheet, name, cell, self.currency)
        if not remedy:
            return _document_value(self.sheet, name, cell, self.currency)
        accepted = accepted_at(self.sheet.model, (name,)) if name else accepted_at(SHEETS[1].model, ("id",))
        place = cell_place(self.sheet, f"{self.where}, row {number}", name)
        self.faults.append(Fault(place, as_shown(cell), accepted.allowed, f"{remedy} {accepted.remedy}"))
        return None


def _kind_typed(sheet: RecordSheet, name: str) -> str:
    """Return the kind by which a text in a field's cell is read as a number or a day; "" where it stays text."""
    kind = kind_of_cell(sheet.model, name)
    if kind == "number":
        share = is_share(sheet.model, name)
        return "money" if is_amount(sheet.model, name) else "share" if share else "number"
    return "date" if kind == "day" else ""


def _refused(sheet: RecordSheet, name: str, cell: Cell, currency: str) -> str:
    """Say what to do about a cell that is not what it seems; "" for a good one."""
    kind = kind_of_cell(sheet.model, name)
    if isinstance(cell, NoValue):
        return "Write the value itself: the cell holds a formula without a result, or one that has failed."
    if isinstance(cell, PartOfDay) or (isinstance(cell, date) and kind != "day"):
        return f"A spreadsheet has made a date or a time of it. {_TYPE_AGAIN}"
    if kind == "day" and isinstance(cell, (int, float)):
        return "The cell holds a number: format it as a date."
    if isinstance(cell, Figure) and kind == "number":
        try:
            shows = shown_number(cell, _kind_typed(sheet, name), currency, 1)
        except Unreadable as error:
            return f"The cell shows more than a number: {error}. Set its format to General."
        if shows != Decimal(repr(float(cell))):
            return "The cell shows another number than it holds: set its format to General."
    return ""


def _document_value(sheet: RecordSheet, name: str, cell: Cell, currency: str) -> Any:
    """Return a good cell as the document holds its field's value."""
    kind = kind_of_cell(sheet.model, name)
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day).isoformat()
    if kind == "number" and isinstance(cell, (int, float)):
        return number_text(float(cell))
    text = as_shown(cell).strip()
    if kind == "choice":
        values = {label.casefold(): value for label, value in options_of(sheet.model, name)}
        return values.get(text.casefold(), text)
    if kind == "several":
        pieces = [piece.strip() for piece in text.split("\n" if "\n" in text else SEVERAL.strip())]
        return [piece for piece in pieces if piece]
    if kind == "pairs":
        pairs = [piece.rpartition(":") for piece in text.split(SEVERAL.strip()) if piece.strip()]
        named = {one.strip(): number.strip() for one, mark, number in pairs if mark}
        return (
            named if len(named) == len(pairs) else text
        )  # else it is no list of pairs, and the checks say so
    return typed(text, _kind_typed(sheet, name), Notation(currency))
