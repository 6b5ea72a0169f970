"""Another's table, CSV or XLSX, as a header and numbered rows; refused before it can do harm."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from openpyxl.utils import get_column_letter

from toolkit.client.faults import listed
from toolkit.client.record_csv import decoded, delimiter_of, split
from toolkit.errors import Fault, InputError, shown, spans
from toolkit.files import read_named
from toolkit.intake.cell import Cell as Cell
from toolkit.intake.opendocument import opendocument_sheets, read_opendocument
from toolkit.intake.workbook import Worksheet, read_workbook, workbook_sheets
from toolkit.words import counted

LARGEST_FILE = 50_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 500
DELIMITERS = {",": ",", ";": ";", "tab": "\t", "\t": "\t"}
MOST_CELLS = 2_000_000
LAST_COLUMN = 16_384
HEADER_CHARACTERS = 200_000
RUNNING_NUMBER = "_id"  # numbers the rows of one export, as open-data portals write it: no lasting id
HEADER_LINES = 30  # a header is looked for in as many
_CODECS = {"UTF-16": "utf-16", "Windows-1252": "cp1252"}
_LETTERS_IN_UTF8 = re.compile(b"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_QUOTED = re.compile(r'"[^"]*"')
_SAID_SEPARATOR = re.compile(r'"?sep=([,;\t])"?\r?\n', re.IGNORECASE)
_LOST = "\ufffd"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
# An object with a name, or a list of such objects or of lists, over as many lines as it likes.
_JSON = re.compile(rb"(?:\[\s*)*\{\s*\"(?:[^\"\\]|\\.)*\"\s*:|\[\s*\[\s*[\"\d]|[\[{]\s*[\]}]\s*$")
_OTHERS = {b"{\\rtf": "a document (RTF)", b"\x89png": "a picture", b"\xff\xd8\xff": "a picture", b"gif8": "a picture",
           b"par1": "a Parquet file", b"sqlite format 3": "a database"}  # fmt: skip
# What is wanted, what to do where it is not there, and where it is too large.
_WANTED = (
    "a CSV or XLSX file that exists",
    "Name the file that holds the table.",
    "Export only the rows that are needed.",
)
_TABLE = "a CSV file, or a workbook (.xlsx, .ods) without a password"


@dataclass(frozen=True)
class _Found:
    """Where a table was found: the file's name, and the worksheet's for a workbook; ``turned`` if it lay on its side."""

    file: str
    name: str
    turned: bool = field(default=False, kw_only=True)

    def place(self, row: int, column: str = "") -> str:
        """Say where a cell stands; in a table that was turned, as the file has it."""
        sheet = f", sheet {shown(self.name)}" if self.name else ""
        if self.turned:
            beside = f", row {shown(column)}" if column else ""
            return f"{self.file}{sheet}, column {get_column_letter(row)}{beside}"
        return f"{self.file}{sheet}, row {row}" + (f", column {shown(column)}" if column else "")


@dataclass(frozen=True)
class Sheet(_Found):
    """A table as it was found.

    Attributes
    ----------
    file, name : str
        The file's name, and the worksheet's for a workbook.
    rows : tuple of (int, mapping)
        Row number as a spreadsheet shows it (the header is row 1) and cell by column name;
        an empty cell is left out.
    separator : str
        What separates the cells of a CSV file.
    remarks : tuple of str
        What should be known of how it was read, as sentences.
    others : str
        The other sheets of its workbook, as a sentence; "" where there is none.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, Cell]], ...]
    separator: str = ""
    remarks: tuple[str, ...] = ()
    others: str = ""

    def decimal_mark(self, said: str) -> str:
        """Return what a decimal begins with: as the map says, else a point; "" where it may be either.

        Where Excel separates cells by semicolons it also writes 0,5, so there "1,200" is not certain.
        """
        return said or ("" if self.separator == ";" else ".")


@dataclass(frozen=True)
class Raw(_Found):
    """A table's rows as they stand, before any of them is taken for a header.

    Attributes
    ----------
    file, name : str
        The file's name, and the worksheet's for a workbook.
    rows : tuple of (int, list of Cell)
        Row number as a spreadsheet shows it, and its cells; empty rows are left out.
    separator : str
        What separates the cells of a CSV file.
    remarks : tuple of str
        What should be known of how it was read, as sentences.
    others : str
        The other sheets of the workbook, as a sentence among the remarks; "" where there is none.
    """

    rows: tuple[tuple[int, list[Cell]], ...]
    separator: str = ""
    remarks: tuple[str, ...] = ()
    others: str = ""


def sheet_of(raw: Raw) -> Sheet:
    """Return a table whose first row is its header; InputError when its rows and columns do not fit."""
    file, name = raw.file, raw.name
    where = f"{file}, sheet {shown(name)}" if name else file
    if not raw.rows:
        remedy = f"Choose the sheet that holds the table, or export it again. {raw.others}".strip()
        raise InputError([Fault(where, "no rows", "a header row and at least one row", remedy)])
    (first, headings), *body = raw.rows
    header = tuple(str(cell).strip() if cell is not None else "" for cell in headings)
    faults = _header_faults(header, f"{where}, row {first}")
    if len(body) > MOST_ROWS or len(header) > MOST_COLUMNS:
        allowed = f"at most {MOST_COLUMNS} columns and {MOST_ROWS:,} rows"
        faults.append(Fault(where, "a table larger than the limits", allowed, "Export only what is needed."))
    for number, cells in body:
        over = any(cell not in (None, "") for cell in cells[len(header) :])
        if over or (not name and len(cells) != len(header)):
            allowed = f"{len(header)} cells, as in the header"
            remedy = "Put cells that hold the separator in quotation marks."
            faults.append(Fault(f"{where}, row {number}", f"{len(cells)} cells", allowed, remedy))
    if faults:
        raise InputError(faults)
    rows = tuple(
        (number, {name: cell for name, cell in zip(header, cells, strict=False) if name and is_filled(cell)})
        for number, cells in body
    )
    remarks = (*raw.remarks, *without_heading(raw.rows))
    return Sheet(file, name, header, rows, raw.separator, remarks, raw.others, turned=raw.turned)


def without_heading(rows: Sequence[tuple[int, Sequence[Cell]]]) -> list[str]:
    """Return which columns hold cells and have no heading, so that nothing reads them, as a sentence or none."""
    filled: dict[int, list[int]] = {}
    for number, cells in rows[1:]:
        for at, (heading, cell) in enumerate(zip(rows[0][1], cells, strict=False)):
            if not is_filled(heading) and is_filled(cell):
                filled.setdefault(at, []).append(number)
    columns = "; ".join(
        f"{get_column_letter(at + 1)} ({counted(len(numbers), 'cell')}, the first in row {numbers[0]})"
        for at, numbers in sorted(filled.items())
    )
    return (
        [f"Columns without a heading, not read: {columns}. Give each that is wanted one."] if columns else []
    )


def read_raw(path: Path, sheet: str = "", encoding: str = "", delimiter: str = "") -> Raw:
    """Read a table's rows.

    Parameters
    ----------
    sheet : str
        Worksheet of a workbook; empty means the first.
    encoding, delimiter : str
        Of a CSV file; empty means UTF-8, else UTF-16 by its byte-order mark or Windows-1252, and whichever
        of comma, semicolon and tab its header uses.

    Raises
    ------
    InputError
        When it is missing, too large, no CSV or XLSX, or damaged.
    """
    data = read_named(path, LARGEST_FILE, *_WANTED)
    _refuse_what_is_no_table(path.name, data)
    if _is_workbook(path, data):
        read = read_opendocument if _is_open_document(path, data) else read_workbook
        return _of_workbook(path.name, read(path.name, data, sheet, MOST_ROWS, MOST_COLUMNS))
    text, remarks = _text_of(path.name, data, encoding)
    del data  # of up to 50 MB, before as much again is made of its text
    said = _SAID_SEPARATOR.match(text)
    separator = DELIMITERS.get(delimiter) or (said[1] if said else _separator_of(text))
    _refuse_too_many_cells(path.name, text, separator)
    numbers, cells, faults = split(text, separator, path.name)
    if faults:
        raise InputError(faults)
    rows: tuple[tuple[int, list[Cell]], ...] = tuple(zip(numbers, cast(list[list[Cell]], cells), strict=True))
    return Raw(path.name, "", rows[1:] if said else rows, separator, (*remarks, *_lost(rows)))


def sheets_of(path: Path) -> tuple[str, ...]:
    """Return the sheets of a workbook that are not hidden, of which the first is read by itself; none of another file.

    Raises
    ------
    InputError
        When it is missing, too large or damaged.
    """
    data = read_named(path, LARGEST_FILE, *_WANTED)
    if not _is_workbook(path, data):
        return ()
    sheets = opendocument_sheets if _is_open_document(path, data) else workbook_sheets
    return tuple(sheet.name for sheet in sheets(path.name, data) if not sheet.hidden)


def _is_workbook(path: Path, data: bytes) -> bool:
    return data.startswith(_ZIP) or path.suffix.lower() in (".xlsx", ".xlsm", ".ods")


def _is_open_document(path: Path, data: bytes) -> bool:
    return path.suffix.lower() == ".ods" or _OPEN_DOCUMENT in data[:200]


def _of_workbook(file: str, sheet: Worksheet) -> Raw:
    """Return a worksheet's rows, with what its workbook has beside them and what it hides, as sentences."""
    if len(sheet.rows) > MOST_ROWS + 1:
        found, allowed = "a table larger than the limits", f"at most {MOST_ROWS:,} rows"
        raise InputError([Fault(file, found, allowed, "Export only what is needed.")])
    remarks = [sheet.others] if sheet.others else []
    if sheet.hidden:
        rows = f"{counted(len(sheet.hidden), 'row')} hidden in the sheet, by a filter or by hand, read like the others"
        remarks.append(f"{rows}: {listed(spans(sheet.hidden))}.")
    return Raw(file, sheet.name, tuple(sheet.rows), "", (*remarks, *_lost(sheet.rows)), sheet.others)


def _lost(rows: Sequence[tuple[int, Sequence[Cell]]]) -> list[str]:
    """Say in which rows a character stands for one that another program could not read."""
    numbers = [
        number for number, cells in rows if any(isinstance(one, str) and _LOST in one for one in cells)
    ]
    if not numbers:
        return []
    where = f"{counted(len(numbers), 'row')} ({listed(spans(numbers))})"
    return [
        f"Letters were lost ({_LOST}) before this file was written, in {where}: export it again as UTF-8."
    ]


def _refuse_what_is_no_table(file: str, data: bytes) -> None:
    """Refuse a file whose first bytes say that it is something else, whatever its name says.

    Raises
    ------
    InputError
        For an empty file, an old or encrypted workbook, a PDF, a web page, XML or JSON.
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


def _refuse_too_many_cells(file: str, text: str, separator: str) -> None:
    """Refuse text that would unfold into more cells than memory is meant for; separators in prose count."""
    cells = text.count(separator) + max(text.count("\n"), text.count("\r"))
    columns = text.split("\n", 1)[0].count(separator) + 1
    if cells > MOST_CELLS or columns > LAST_COLUMN:
        found = f"about {cells:,} cells in {columns:,} columns, a table larger than the limits"
        allowed = f"at most {MOST_CELLS:,} cells, and the {LAST_COLUMN:,} columns that a spreadsheet has"
        raise InputError([Fault(file, found, allowed, "Export only the rows and columns that are needed.")])


def _text_of(file: str, data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Return a CSV file's text, and what should be known of how its bytes were read."""
    if encoding:
        try:
            data = data.decode(encoding).encode()
        except (ValueError, LookupError) as error:
            allowed = f"text in {encoding}, as the map says"
            raise InputError([Fault(file, str(error), allowed, "Correct the map's encoding.")]) from None
    text, fault = decoded(data, file)
    other = "" if encoding or not fault else _other_encoding(data)
    if other:
        text = data.decode(_CODECS[other])
    elif fault:
        raise InputError([fault])
    return text, (f"Read as {other}; see that accented letters are right.",) if other else ()


def _other_encoding(data: bytes) -> str:
    """Return the encoding that bytes which are not UTF-8 can be read in without a guess, or "".

    Bytes with a mark for UTF-8, or most of whose letters are written in it, are damaged UTF-8: read
    otherwise, each of these letters would become two others.
    """
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not marked:
        rest, letters = _LETTERS_IN_UTF8.subn(b"", data)
        if b"\0" in data or data[:3] == b"\xef\xbb\xbf" or letters >= sum(byte > 0x7F for byte in rest):
            return ""
    name = "UTF-16" if marked else "Windows-1252"
    try:
        text = data.decode(_CODECS[name])
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else name


def _separator_of(text: str) -> str:
    """Return what separates the cells: what stands equally often in most of the first lines, outside quotation marks.

    Where that leaves it open, the first line decides: titles above a header have commas, too, and so have cells.
    """
    lines = _QUOTED.sub("", text[:HEADER_CHARACTERS]).split("\n")[:HEADER_LINES]

    def agreement(separator: str) -> tuple[int, int]:
        times = Counter(count for line in lines if (count := line.count(separator)))
        return max(times.values(), default=0), lines[0].count(separator)

    return max((delimiter_of(lines[0]), *DELIMITERS.values()), key=agreement)


def _header_faults(header: tuple[str, ...], where: str) -> list[Fault]:
    twice = sorted(column for column, times in Counter(header).items() if column and times > 1)
    return [
        Fault(
            where,
            f"the column {shown(one)} more than once",
            "each column once",
            "Rename or remove one of them.",
        )
        for one in twice
    ]


def is_filled(cell: Cell) -> bool:
    """Whether anything stands in a cell but blanks."""
    return cell is not None and bool(str(cell).strip())


def heading_of(cell: Cell) -> str:
    """Return a heading as text."""
    return "" if cell is None else str(cell).strip()


def as_compared(heading: str) -> str:
    """Return a heading as it is compared with another: letter case, line breaks, underscores and blanks aside.

    Databases write words together: ProjectName is Project name. A running number is no id.
    """
    if heading.strip().casefold() == RUNNING_NUMBER:
        return RUNNING_NUMBER
    return "".join(heading.replace("_", " ").split()).casefold()
