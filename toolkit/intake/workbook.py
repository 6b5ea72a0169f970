"""XLSX workbooks: refused before they are parsed when they could do harm, then read as rows of values."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from toolkit.client.cells import unmasked
from toolkit.client.faults import closest, listed
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.cell import PartOfDay, day_shown, figure_of
from toolkit.intake.refusing import refuse_harmful_workbook

LAST_ROW = 1_048_576  # the last row a spreadsheet has
MOST_WALKED = 20_000_000  # cells, empty ones before the last of each row too
LONGEST_CELL = 32_767  # characters, the most a spreadsheet lets in
NOT_COMPUTED = "#formula without a result"
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
Cell = str | float | date | None
Numbered = list[tuple[int, list[Cell]]]


def workbook_rows(
    path: Path, data: bytes, sheet: str, most_rows: int, most_columns: int
) -> tuple[str, Numbered]:
    """Return a worksheet's name and its rows that hold anything, numbered as a spreadsheet shows them.

    Values only, no formula is run; a formula whose result was never stored reads as :data:`NOT_COMPUTED`,
    for left empty it would pass for missing.

    Parameters
    ----------
    sheet : str
        The worksheet; empty means the first.
    most_rows : int
        A row more than these, and the header, are read, so that too large a table shows as such.
    most_columns : int
        A row with a cell beyond them is refused at once: a few bytes at a sheet's far end unfold
        into thousands of cells a row.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        allowed, remedy = "an XLSX workbook", "Open it in Excel and save it again as .xlsx."
        raise InputError([Fault(path.name, "not a workbook, or a damaged one", allowed, remedy)]) from None
    try:
        refuse_harmful_workbook(path, archive, len(data))
        return _rows_of(path, data, sheet, most_rows, most_columns)
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on a damaged file
        found = f"a workbook that cannot be read ({type(error).__name__})"
        remedy = "Open it in Excel and save it again as .xlsx."
        raise InputError([Fault(path.name, found, "an XLSX file", remedy)]) from None


def _rows_of(path: Path, data: bytes, sheet: str, most_rows: int, most_columns: int) -> tuple[str, Numbered]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    names = [one.title for one in book.worksheets]
    if not names or (sheet and sheet not in names):
        remedy = f"{closest(sheet, names)}Correct the map's sheet."
        found = f"no sheet {shown(sheet)}" if sheet else "no worksheet"
        raise InputError([Fault(path.name, found, f"one of its sheets: {listed(names)}", remedy)])
    at = names.index(sheet) if sheet else 0
    rows = list(_filled(path, book.worksheets[at], most_rows, most_columns))
    if _has_formulas(data):
        formulas = load_workbook(io.BytesIO(data), read_only=True, keep_links=False).worksheets[at]
        rows = _with_formulas(rows, list(_filled(path, formulas, most_rows, most_columns)))
    return names[at], rows


def _filled(path: Path, sheet: Any, most_rows: int, most_columns: int) -> Iterator[tuple[int, list[Cell]]]:
    sheet.reset_dimensions()  # what a workbook says of its own size need not be so
    formats: dict[int, str] = {}
    found = walked = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > LAST_ROW:
            remedy = "Open it in Excel and save it again as .xlsx."
            raise InputError([Fault(path.name, f"a row after {LAST_ROW:,}", "the rows a sheet has", remedy)])
        row = [cell.value for cell in cells]
        walked += len(row)
        if long := next((cell for cell in row if isinstance(cell, str) and len(cell) > LONGEST_CELL), ""):
            found_long, allowed = f"a cell of {len(long):,} characters", f"at most {LONGEST_CELL:,}"
            remedy = "Shorten it; look for what was pasted in by mistake."
            raise InputError([Fault(f"{path.name}, row {number:,}", found_long, allowed, remedy)])
        far = next((cell for cell in row[most_columns:] if cell not in (None, "")), None)
        if far is not None or walked > min(MOST_WALKED, most_rows * most_columns):
            reach = f"cells as far as column {len(row):,}"
            allowed = f"at most {most_columns} columns and {most_rows:,} rows"
            remedy = "Copy the rows that are needed into a new workbook, or save them as CSV."
            raise InputError([Fault(f"{path.name}, row {number:,}", reach, allowed, remedy)])
        row = row[:most_columns]
        if any(value not in (None, "") for value in row):
            found += 1
            yield number, [_plain(value, cell, formats) for value, cell in zip(row, cells, strict=False)]
        if found > most_rows + 1:
            return


def _has_formulas(data: bytes) -> bool:
    archive = zipfile.ZipFile(io.BytesIO(data))
    sheets = [
        name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
    ]
    return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _with_formulas(values: Numbered, formulas: Numbered) -> Numbered:
    """Mark the cells that hold a formula and no value."""
    known = dict(values)
    marked = []
    for number, row in formulas:
        have = known.get(number, [None] * len(row))
        marked.append((number, [NOT_COMPUTED if was is None and now not in (None, "") else was
                                for was, now in zip(have, row, strict=True)]))  # fmt: skip
    return marked


def _plain(value: Any, cell: Any, formats: dict[int, str]) -> Cell:
    """Return a cell's value as it is shown; ``formats`` keeps what was looked up, which costs as much as the rest."""
    if value is None:
        return None
    if isinstance(value, (str, bool)):
        return unmasked(str(value))
    number_format = formats.get(cell._style_id)
    if number_format is None:
        number_format = formats[cell._style_id] = cell.number_format
    if isinstance(value, (int, float)):
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)  # Excel holds 101 as 101.0; as an id it is 101
        return figure_of(value, number_format)
    return day_shown(value, number_format) if isinstance(value, date) else PartOfDay(value)
