"""A sheet of a deliverable workbook: its columns, rows and marks, and how it stands in the file and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.intake.workbook_out import BOLD, harmless, readable, workbook_bytes
from toolkit.plan.plan_table import Cell
from toolkit.words import day, excerpt, tidy

AMOUNT, FTE = "#,##0;[Red]-#,##0", "0.0#;[Red]-0.0#"
_HEAD, _MARKED = PatternFill("solid", fgColor="DCE6EA"), PatternFill("solid", fgColor="BFDDE6")
_LINE = Border(bottom=Side("thin", color="8A949E"))
_MARGIN, _FOOT = 0.4, 0.6  # inches
_ACROSS = 100  # characters of whatever font that surely fit between the margins of an A4 page across
_ON_TWO_PAGES = 60  # rows that are still read without a glass there; of more, as many pages as they take
_HEAD_LINES = 4  # over which a column's title may run


@dataclass(frozen=True)
class SheetColumn:
    """A column: what stands above it, how wide it is at most, in characters, and how its numbers are written."""

    title: str
    width: int
    form: str = "General"


@dataclass
class WorkbookSheet:
    """What a sheet holds: rows, those below that add them up, and which cells to shade (row, column).

    ``kept`` columns stay in sight.
    """

    columns: list[SheetColumn]
    rows: list[list[Cell]] = field(default_factory=list)
    sums: list[list[Cell]] = field(default_factory=list)
    marked: set[tuple[int, int]] = field(default_factory=set)
    kept: int = 2

    def add(self, values: list[Cell], marked: Iterable[int] = ()) -> None:
        """Add a row."""
        self.marked |= {(len(self.rows), column) for column in marked}
        self.rows.append(values)

    @property
    def widths(self) -> list[int]:
        """How wide each column is, in characters: as its content takes, at most as the column says; a number is whole."""
        lines = [*self.rows, *self.sums]
        return [
            _width(column, [line[at] for line in lines if at < len(line)])
            for at, column in enumerate(self.columns)
        ]


def _width(column: SheetColumn, values: Iterable[Cell]) -> int:
    title = max(max(map(len, column.title.split())), ceil(len(column.title) / _HEAD_LINES)) + 2
    texts, numbers = [0], [0]
    for value in values:
        if isinstance(value, str):
            texts += (len(line) + 3 for line in value.split("\n"))
        elif value is not None:
            numbers.append(_written_length(value, column.form) + 1)
    return max(title, *numbers, min(column.width, max(texts)))


def _written_length(number: float, form: str) -> int:
    """Return how many characters a number takes."""
    if form in (AMOUNT, FTE):
        return len(f"{int(number):,}") + (3 if form == FTE else 0)
    return len(str(tidy(number)))


def notes_sheet(notes: Iterable[tuple[str, str]]) -> WorkbookSheet:
    """Return a sheet of remarks: what each is about, and what it says."""
    table = WorkbookSheet([SheetColumn("About", 24), SheetColumn("What it says", 110)], kept=0)
    for about, said in notes:
        table.add([about, said])
    return table


def workbook_of(sheets: Mapping[str, WorkbookSheet], title: str, client: str, as_of: date) -> bytes:
    """Return sheets, by their titles, as an XLSX workbook that is dated as of a day and names the client below each page."""
    book = Workbook()
    book.remove(book.active)
    footer = f"{readable(excerpt(client, 60))}, as of {day(as_of)}".replace("&", "&&")
    for name, table in sheets.items():
        _set_up(_written(book, name, table), table, footer)
    return workbook_bytes(book, title, as_of)


def _written(book: Workbook, title: str, table: WorkbookSheet) -> Worksheet:
    """Write a table to a sheet of its own, with a filter on its rows."""
    sheet = book.create_sheet(title)
    for at, (column, width) in enumerate(zip(table.columns, table.widths, strict=True)):
        sheet.column_dimensions[get_column_letter(at + 1)].width = width
        head = _put(sheet, 0, at, column.title)
        head.font, head.fill, head.border = BOLD, _HEAD, _LINE
    # A row between keeps the sums out of the filter, and so where they are when the table is sorted.
    lines = [*table.rows, *([[], *table.sums] if table.sums else [])]
    for number, values in enumerate(lines):
        for at, value in enumerate(values):
            cell = _put(sheet, number + 1, at, value, table.columns[at].form)
            if (number, at) in table.marked:
                cell.fill = _MARKED
            if number >= len(table.rows):
                cell.font = BOLD
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.freeze_panes = sheet.cell(2, table.kept + 1)
    return sheet


def _put(sheet: Worksheet, row: int, column: int, value: Cell, form: str = "General") -> Any:
    """Write a value, counting from 0, and return its cell; text stays text whatever it looks like."""
    cell = sheet.cell(row + 1, column + 1)
    if value is None or value == "":
        return cell
    if isinstance(value, str):
        # Set in, or it touches the number in the column before it.
        cell.alignment = Alignment("left", "top", wrap_text=True, indent=1)
        cell.value, cell.data_type = harmless(readable(value)), "s"
    else:
        cell.alignment = Alignment(vertical="top")
        cell.value, cell.number_format = (tidy(value) if isinstance(value, float) else value), form
    return cell


def _set_up(sheet: Worksheet, table: WorkbookSheet, footer: str) -> None:
    """Set a sheet up for printing on A4 across: each row whole on one page, below the titles."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_margins.left = sheet.page_margins.right = sheet.page_margins.top = _MARGIN
    sheet.page_margins.bottom, sheet.page_margins.footer = _FOOT, _FOOT / 2
    sheet.print_title_rows = "1:1"
    if sum(table.widths) > _ACROSS:  # a narrower one would be enlarged by some programs
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToHeight = 2 if len(table.rows) <= _ON_TWO_PAGES else 0
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = footer, "&A, page &P of &N"
