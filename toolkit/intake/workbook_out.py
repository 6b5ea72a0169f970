"""A workbook on its way out: text that stays text whatever it looks like, and the same bytes every time."""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

BOLD = Font(name="Calibri", size=11, bold=True)  # without a name, some programs set it in another typeface

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE, _HIGHEST = 15, 409  # points: one line of the default font, and the highest row that Excel takes
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def harmless(text: str) -> str:
    """Return text as a cell may hold it: with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def readable(text: str) -> str:
    """Return text that Excel reads as it stands: it takes _x003D_ for the character of that number."""
    return _ESCAPE.sub("_x005F_", _NOT_XML.sub("\ufffd", text))


def workbook_bytes(book: Workbook, title: str, as_of: date) -> bytes:
    """Return a workbook's bytes with one date in them, its round's, in place of the clock's."""
    for sheet in book.worksheets:
        _make_room(sheet)
    moment = datetime(as_of.year, as_of.month, as_of.day)
    book.properties = DocumentProperties(creator=None, title=title, created=moment, modified=moment)
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


def _make_room(sheet: Worksheet) -> None:
    """Make each row as high as its longest wrapped text: not every program does so when it opens the file."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        lines = 1
        for cell in row:
            if isinstance(cell.value, str) and cell.alignment.wrap_text:
                width = sheet.column_dimensions[get_column_letter(cell.column)].width
                room = max(1, int(width * (0.9 if cell.font.b else 1) - cell.alignment.indent))
                lines = max(lines, sum(len(textwrap.wrap(one, room)) or 1 for one in cell.value.split("\n")))
        if lines > 1:
            sheet.row_dimensions[number].height = min(_LINE * lines, _HIGHEST)
