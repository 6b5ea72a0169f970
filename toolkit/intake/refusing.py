"""What is no table is refused for what it is, before anything tries to read it."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections import Counter
from pathlib import Path

from toolkit.errors import Fault, InputError

MOST_CELLS = 2_000_000
LAST_COLUMN = 16_384
LARGEST_UNPACKED = 100_000_000
LARGEST_RATIO = 100
MOST_MEMBERS = 2_000
MOST_WORK = 1_200_000  # microseconds, about, to parse it: 100,000 cells, half as many where some are formulas
_CHUNK = 1 << 20
_WORK = {b"row": 11, b"c": 6, b"v": 5, b"f": 5, b"is": 5, b"t": 5, b"si": 9}  # microseconds each, as measured
_UNKNOWN = 20
_KNOWN = re.compile(rb"<(?:\w+:)?(row|c|v|f|is|t|si)[\s/>]")
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # no spreadsheet writes it; '<' is not one byte in it
# An object with a name, or a list of such objects or of lists, over as many lines as it likes.
_JSON = re.compile(rb"(?:\[\s*)*\{\s*\"(?:[^\"\\]|\\.)*\"\s*:|\[\s*\[\s*[\"\d]|[\[{]\s*[\]}]\s*$")
_OTHERS = {b"{\\rtf": "a document (RTF)", b"\x89png": "a picture", b"\xff\xd8\xff": "a picture", b"gif8": "a picture",
           b"par1": "a Parquet file", b"sqlite format 3": "a database"}  # fmt: skip
_MACROS = (b"macroenabled", b"vbaproject")
_TABLE = "a CSV file, or an XLSX workbook without a password"


def refuse_what_is_no_table(file: str, data: bytes) -> None:
    """Refuse a file whose first bytes say that it is something else, whatever its name says.

    Raises
    ------
    InputError
        For an empty file, an old or encrypted workbook, a PDF, a web page or XML.
    """
    start = data[:2_000].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    found, remedy = "", "In Excel, open it and save it as .xlsx."
    if not start and not data.strip(b"\t\n\r \xef\xbb\xbf"):
        found, remedy = "an empty file", "Export the table again."
    elif data.startswith(_OLD):
        found = "an old (.xls) or encrypted workbook"
        remedy = "In Excel, save it as .xlsx without a password."
    elif start.startswith(b"%pdf-"):
        found, remedy = "a PDF document", "Ask for the table that it was made from, as XLSX or CSV."
    elif start.startswith(b"<") and any(tag in start for tag in (b"<html", b"<!doctype html", b"<table")):
        found = "a web page (HTML), as some tools export under a workbook's name"
    elif start.startswith(b"<?xml"):
        found = "an XML file"
    elif _JSON.match(start):
        found = "a JSON file"
        remedy = "Export it as CSV or XLSX; or, in Excel, choose Data, Get Data, From JSON, and save the table as .xlsx."
    elif any(start.startswith(sign) for sign in _OTHERS):
        found = next(what for sign, what in _OTHERS.items() if start.startswith(sign))
        remedy = "Ask for the table itself, as XLSX or CSV."
    if found:
        raise InputError([Fault(file, found, _TABLE, remedy)])


def refuse_too_many_cells(file: str, text: str, separator: str) -> None:
    """Refuse text that would unfold into more cells than memory is meant for; separators in prose count."""
    cells = text.count(separator) + max(text.count("\n"), text.count("\r"))
    columns = text.split("\n", 1)[0].count(separator) + 1
    if cells > MOST_CELLS or columns > LAST_COLUMN:
        found = f"about {cells:,} cells in {columns:,} columns, a table larger than the limits"
        allowed = f"at most {MOST_CELLS:,} cells, and the {LAST_COLUMN:,} columns that a spreadsheet has"
        raise InputError([Fault(file, found, allowed, "Export only the rows and columns that are needed.")])


def refuse_harmful_workbook(path: Path, archive: zipfile.ZipFile, size: int) -> None:
    """Refuse a workbook that could do harm; nothing in it is parsed, and no part is held whole.

    Its contents are judged by the table of contents, then unpacked piece by piece to count what would
    have to be parsed: a part of millions of elements passes for small, and takes minutes and gigabytes,
    and so do remarks and attributes without end, which are read again from their beginning at every piece.

    Parameters
    ----------
    size : int
        Of the file, in bytes.

    Raises
    ------
    InputError
        When it holds macros or a password's parts, or is too much for a table.
    zipfile.BadZipFile, zlib.error
        When it is damaged.
    """
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS:
        found = f"{len(members):,} parts inside"
    elif unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * max(size, 1):
        found = f"{unpacked:,} bytes packed into {size:,}"
    elif path.suffix.lower() == ".xlsm" or _has_macros(archive, members):
        found = "a workbook with macros"
    elif any(member.flag_bits & 1 for member in members):
        found = "an encrypted workbook"
    elif not (found := _unfolded(archive, members)):
        return
    allowed = (
        "an XLSX workbook of at most some 100,000 cells (50,000 where some are formulas), without macros"
    )
    remedy = "Copy the rows that are needed into a new workbook, or save them as CSV."
    raise InputError([Fault(path.name, found, allowed, remedy)])


def _has_macros(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> bool:
    """Look at the parts' names and at the list of their kinds, which holds under any name."""
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        return True
    kinds = next((one for one in members if one.filename == "[Content_Types].xml"), None)
    if kinds is None or kinds.flag_bits & 1:
        return False
    with archive.open(kinds) as part:
        text = part.read(_CHUNK).lower()
    return any(word in text for word in _MACROS)


def _unfolded(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str:
    """Say what is too much to parse in any part, for each may be one that is parsed; nothing if all is well."""
    work, formulas = 0, False
    for member in members:
        with archive.open(member) as part:
            chunk = part.read(_CHUNK)
            if chunk[:2] in _UTF16:
                return "a part in UTF-16"
            begun = chunk.removeprefix(codecs.BOM_UTF8).lstrip()
            if not begun.startswith(b"<"):
                continue  # a picture; as XML it would be refused at its first byte
            declared, edge, since = begun.startswith(b"<?xml"), b"", 0
            while chunk:
                tags = Counter(_KNOWN.findall(chunk))
                formulas = formulas or b"f" in tags
                unknown = chunk.count(b"<") - chunk.count(b"</") - tags.total()
                work += _UNKNOWN * unknown + sum(_WORK[tag] * times for tag, times in tags.items())
                if work * (1 + formulas) > MOST_WORK:
                    return "more cells or other elements than the limits"
                first = chunk.find(b"<")
                since += first if first >= 0 else len(chunk)
                seam = edge + chunk
                if member.file_size > _CHUNK and (
                    since > _CHUNK or b"<!" in seam or seam.count(b"<?") > declared
                ):
                    return f"remarks, or a piece of text of more than {_CHUNK:,} bytes"
                if first >= 0:
                    since = len(chunk) - chunk.rfind(b"<")
                declared, edge, chunk = False, chunk[-1:], part.read(_CHUNK)
    return ""
