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
from toolkit.client.schema import accepted_at, is_amount, is_share, number_text
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
from toolkit.intake.table import LARGEST_FILE, read_raw
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
    where = f"{file.name}, sheet {sheet.title}"
    if not rows:
        faults.append(
            Fault(where, "an empty sheet", f"the headings {listed(sheet.headings.values())}", _HEADINGS)
        )
        return Lines((), ())
    if sheet.is_group:
        return _group(sheet, rows, currency, where, faults)
    (first, header), *body = rows
    columns = _columns(sheet, header, f"{where}, row {first}", faults)
    lines = []
    for number, cells in body:
        row: Document = {}
        for at_, name in columns.items():
            cell = cells[at_] if at_ < len(cells) else None
            if (value := _value(sheet, name, cell, currency, f"{where}, row {number}", faults)) is not None:
                row[name] = value
        if extra := [cell for at_, cell in enumerate(cells) if at_ not in columns and not is_blank(cell)]:
            faults.append(_beside(f"{where}, row {number}", extra[0]))
        if row:
            lines.append((number, row))
    return Lines(tuple(columns.values()), tuple(lines))


def _beside(row: str, cell: Cell) -> Fault:
    remedy = "Give the column one of the headings, or empty the cell."
    return Fault(row, as_shown(cell), "cells under headings alone", remedy)


_HEADINGS = (
    "Write the headings as they were exported, or take the whole sheet out to leave its list as it is."
)


def _columns(sheet: RecordSheet, header: Sequence[Cell], where: str, faults: list[Fault]) -> dict[int, str]:
    """Return the field of each column by its heading, or by the field's own name."""
    columns: dict[int, str] = {}
    for at_, cell in enumerate(header):
        heading = "" if cell is None else str(cell).strip()
        name = _field(sheet, heading)
        if name is None and heading:
            remedy = f"{closest(heading, sheet.headings.values())}{_HEADINGS}"
            faults.append(
                Fault(
                    where,
                    f"the heading {shown(heading)}",
                    f"one of: {listed(sheet.headings.values())}",
                    remedy,
                )
            )
        elif name in columns.values():
            faults.append(
                Fault(
                    where,
                    f"the heading {shown(heading)} twice",
                    "each heading once",
                    "Remove or rename one of them.",
                )
            )
        elif name is not None:
            columns[at_] = name
    for name in sheet.key:
        if name not in columns.values():
            heading = sheet.headings[name]
            faults.append(Fault(where, f"no heading {heading}", "what tells rows apart", _HEADINGS))
    return columns


def _field(sheet: RecordSheet, heading: str) -> str | None:
    folded = heading.casefold()
    return next(
        (name for name, text in sheet.headings.items() if heading and folded in (text.casefold(), name)), None
    )


def _group(
    sheet: RecordSheet,
    rows: Sequence[tuple[int, Sequence[Cell]]],
    currency: str,
    where: str,
    faults: list[Fault],
) -> Lines:
    """Read a group of fields, a line each."""
    values: Document = {}
    numbers: dict[str, int] = {}
    for number, cells in rows:
        heading = "" if cells[0] is None else str(cells[0]).strip()
        if number == rows[0][0] and heading == GROUP_HEADINGS[0]:
            continue
        name = _field(sheet, heading)
        if extra := [cell for cell in cells[2:] if not is_blank(cell)]:
            faults.append(_beside(f"{where}, row {number}", extra[0]))
        if name is None or name in numbers:
            remedy = f"{closest(heading, sheet.headings.values())}{_HEADINGS}"
            allowed = f"each of these once: {listed(sheet.headings.values())}"
            faults.append(Fault(f"{where}, row {number}", shown(heading), allowed, remedy))
            continue
        numbers[name] = number
        cell = cells[1] if len(cells) > 1 else None
        if (value := _value(sheet, name, cell, currency, f"{where}, row {number}", faults)) is not None:
            values[name] = value
    return Lines(tuple(numbers), ((1, values),), numbers)


def _value(sheet: RecordSheet, name: str, cell: Cell, currency: str, row: str, faults: list[Fault]) -> Any:
    """Return a cell as the document holds its field's value, None for an empty one; a fault where it is none."""
    if is_blank(cell):
        return None
    accepted = accepted_at(sheet.model, (name,)) if name else accepted_at(SHEETS[1].model, ("id",))
    refused = _refused(sheet, name, cell, currency)
    if refused:
        faults.append(
            Fault(
                cell_place(sheet, row, name), as_shown(cell), accepted.allowed, f"{refused} {accepted.remedy}"
            )
        )
        return None
    return _document_value(sheet, name, cell, currency)


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
