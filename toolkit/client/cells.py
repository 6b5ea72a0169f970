"""The bytes of a CSV file as rows of cells."""

from __future__ import annotations

import csv
import io
import re

from toolkit.errors import Fault

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MASKED = re.compile(r"'+[=+\-@\t\r]")
_SAVE_AGAIN = "In Excel, save it again as 'CSV UTF-8 (Comma delimited)'."


def decoded(data: bytes, file: str) -> tuple[str, Fault | None]:
    """Return a file's text and no fault, or an empty text and what keeps it from being read."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", Fault(file, "text in UTF-16", "text in UTF-8", _SAVE_AGAIN)
    if b"\0" in data:
        row = data[: data.index(b"\0")].count(b"\n") + 1
        remedy = f"The file is damaged or no CSV file. Restore it from a backup. {_SAVE_AGAIN}"
        return "", Fault(f"{file}, line {row}", "a NUL byte", "text in UTF-8", remedy)
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        found = f"byte 0x{data[error.start]:02X}, which is not UTF-8"
        return "", Fault(f"{file}, line {row}", found, "text in UTF-8", _SAVE_AGAIN)


def delimiter_of(text: str) -> str:
    """Return what separates the cells of the header row: a semicolon where Excel writes one, else a comma."""
    first = text.split("\n", 1)[0]
    return ";" if first.count(";") > first.count(",") else ","


def split(text: str, delimiter: str, file: str) -> tuple[list[int], list[list[str]], list[Fault]]:
    """Split text into rows of unmasked cells with their row numbers, up to the first that cannot be split."""
    numbers: list[int] = []
    cells: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    is_masked = bool(_MASKED.search(text))
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(row):
                numbers.append(number)
                cells.append([*map(unmasked, row)] if is_masked else row)
    except csv.Error as error:
        if "field larger" in str(error):
            found, allowed = (
                "a cell of more text than a table holds",
                f"at most {csv.field_size_limit():,} characters",
            )
            remedy = "Shorten it; look for a quotation mark that is not closed, and for what was pasted in by mistake."
            return numbers, cells, [Fault(f"{file}, row {number + 1}", found, allowed, remedy)]
        fault = Fault(
            f"{file}, row {number + 1}",
            "a quotation mark that is not closed, or text after a closing one",
            "cells whose quotation marks come in pairs; one inside a cell is written twice",
            "Close the quotation mark in this row; if the file was cut off, restore it from a backup.",
        )
        return numbers, cells, [fault]
    return numbers, cells, []


def masked(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unmasked(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from taking its text for a formula."""
    return cell[1:] if _MASKED.match(cell) else cell
