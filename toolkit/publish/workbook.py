"""The roadmap as an Excel workbook for a project office: values only, ready to filter, add up and print."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.assess.wording import day, words
from toolkit.client.record import Record
from toolkit.intake.workbook_out import BOLD, harmless, readable, workbook_bytes
from toolkit.plan import Roadmap
from toolkit.plan.plan_table import Cell
from toolkit.publish.workbook_sheets import Table, sheets_of
from toolkit.words import tidy

_HEAD, _MARKED = PatternFill("solid", fgColor="DCE6EA"), PatternFill("solid", fgColor="BFDDE6")
_LINE = Border(bottom=Side("thin", color="8A949E"))
_PRINTED = 65  # percent: at this size what describes the work fills one A4 page across


def roadmap_xlsx(record: Record, roadmap: Roadmap, round_id: str = "") -> bytes:
    """Return the roadmap of a round (empty: the latest) as an XLSX workbook.

    Sheets: Roadmap (one row an initiative, capital by quarter across), Running cost, Money, People,
    Traceability (one row for each goal that an initiative serves) and Notes; those for which nothing is
    known are left out. It holds no formula, link or macro; the same plan gives the same bytes, dated as
    of the round.

    Raises
    ------
    KeyError
        When the record holds no such round, or not the scenario that the plan follows.
    """
    one = record.round(round_id)
    book = Workbook()
    book.remove(book.active)
    footer = f"{readable(words(record.facts.profile.name, 60))}, as of {day(one.as_of)}".replace("&", "&&")
    for title, table in sheets_of(record, roadmap, one).items():
        _set_up(_written(book, title, table), table, footer)
    return workbook_bytes(book, "Roadmap", one.as_of)


def _written(book: Workbook, title: str, table: Table) -> Worksheet:
    """Write a table to a sheet of its own, with a filter on its rows."""
    sheet = book.create_sheet(title)
    for at, column in enumerate(table.columns):
        sheet.column_dimensions[get_column_letter(at + 1)].width = column.width
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


def _set_up(sheet: Worksheet, table: Table, footer: str) -> None:
    """Set a sheet up for printing on A4 across."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_margins.left = sheet.page_margins.right = sheet.page_margins.top = 0.4  # inches
    if table.page_after:
        sheet.page_setup.scale = _PRINTED
        sheet.col_breaks = ColBreak(brk=[Break(id=table.page_after)])
        # Columns before rows, as Excel itself writes them; openpyxl's own way is the reverse.
        titles = f"'{sheet.title}'!$A:${get_column_letter(table.kept)},'{sheet.title}'!$1:$1"
        sheet.defined_names.add(DefinedName("_xlnm.Print_Titles", attr_text=titles))
    else:
        sheet.print_title_rows = "1:1"
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = footer, "&A, page &P of &N"
