"""A workbook on its way out: text that stays text whatever it looks like, and the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.writer.excel import ExcelWriter

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def harmless(text: str) -> str:
    """Return text as a cell may hold it: with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def readable(text: str) -> str:
    """Return text that Excel reads as it stands: it takes _x003D_ for the character of that number."""
    return _ESCAPE.sub("_x005F_", _NOT_XML.sub("\ufffd", text))


def workbook_bytes(book: Workbook, title: str, as_of: date) -> bytes:
    """Return a workbook's bytes with one date in them, its round's, in place of the clock's."""
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
