"""The roadmap as an Excel workbook for a project office: values only, ready to filter, add up and print."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from toolkit.assess.wording import day, words
from toolkit.client.record import Record
from toolkit.plan import Roadmap
from toolkit.plan.table import Cell
from toolkit.publish.data_files import harmless
from toolkit.publish.workbook_sheets import Table, sheets_of

_HEAD, _MARKED = PatternFill("solid", fgColor="DCE6EA"), PatternFill("solid", fgColor="BFDDE6")
_LINE = Border(bottom=Side("thin", color="8A949E"))
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
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
    footer = f"{_readable(words(record.facts.profile.name, 60))}, as of {day(one.as_of)}".replace("&", "&&")
    for title, table in sheets_of(record, roadmap, one).items():
        _set_up(_written(book, title, table), table, footer)
    return _bytes(book, one.as_of)


def _written(book: Workbook, title: str, table: Table) -> Worksheet:
    """Write a table to a sheet of its own, with a filter on its rows."""
    sheet = book.create_sheet(title)
    for at, column in enumerate(table.columns):
        sheet.column_dimensions[get_column_letter(at + 1)].width = column.width
        head = _put(sheet, 0, at, column.title)
        head.font, head.fill, head.border = Font(bold=True), _HEAD, _LINE
    # A row between keeps the sums out of the filter, and so where they are when the table is sorted.
    lines = [*table.rows, *([[], *table.sums] if table.sums else [])]
    for number, values in enumerate(lines):
        for at, value in enumerate(values):
            cell = _put(sheet, number + 1, at, value, table.columns[at].form)
            if (number, at) in table.marked:
                cell.fill = _MARKED
            if number >= len(table.rows):
                cell.font = Font(bold=True)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.freeze_panes = sheet.cell(2, table.kept + 1)
    return sheet


def _put(sheet: Worksheet, row: int, column: int, value: Cell, form: str = "General") -> Any:
    """Write a value, counting from 0, and return its cell; text stays text whatever it looks like."""
    cell = sheet.cell(row + 1, column + 1)
    if value is None or value == "":
        return cell
    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    if isinstance(value, str):
        cell.value, cell.data_type = harmless(_readable(value)), "s"
    else:
        cell.value, cell.number_format = value, form
    return cell


def _readable(text: str) -> str:
    """Return text that Excel reads as it stands: it takes _x003D_ for the character of that number."""
    return _ESCAPE.sub("_x005F_", _NOT_XML.sub("\ufffd", text))


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


def _bytes(book: Workbook, as_of: date) -> bytes:
    """Return a workbook's bytes with one date in them, its round's, in place of the clock's."""
    moment = datetime(as_of.year, as_of.month, as_of.day)
    book.properties = DocumentProperties(creator=None, title="Roadmap", created=moment, modified=moment)
    made, out = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(made, "w")).save()
    with zipfile.ZipFile(made) as dated, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in dated.namelist():
            member = zipfile.ZipInfo(name, moment.timetuple()[:6])
            # Otherwise the system's own number stands there, and bytes differ between systems.
            member.create_system, member.external_attr = 3, 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, dated.read(name))
    return out.getvalue()
