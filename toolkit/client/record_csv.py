"""CSV files to rows of a model and back, exactly, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import gc
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from toolkit.client.calendar import Quarter, in_files
from toolkit.client.faults import fault_of, unknown_field
from toolkit.client.field_types import Row, accepted_at, is_decimal, number_text
from toolkit.errors import Fault, Place, shown

R = TypeVar("R", bound=Row)

MOST_FAULTS = 500
_AT_ONCE = 20_000
_DECIMAL_COMMA = re.compile(r"-?(0,\d+|\d+,(\d{1,2}|\d{4,}))")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MASKED = re.compile(r"'+[=+\-@\t\r]")
_SAVE_AGAIN = "In Excel, save it again as 'CSV UTF-8 (Comma delimited)'."


@dataclass(frozen=True)
class Table(Generic[R]):
    """What a CSV file holds: its good rows, where each stands, and what is wrong with the others.

    Attributes
    ----------
    numbers : sequence of int
        Row number of each row as a spreadsheet shows it; the header is row 1.
    """

    file: str
    rows: tuple[R, ...] = ()
    numbers: Sequence[int] = ()
    faults: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, file: str, rows: Sequence[R]) -> Table[R]:
        """Return rows as the table they would be read back as."""
        return cls(file, tuple(rows), range(2, len(rows) + 2))

    @property
    def complete(self) -> bool:
        """Whether every row could be read, so that an id not found here does not exist."""
        return not self.faults

    def numbered(self) -> Iterator[tuple[int, R]]:
        """Iterate over row number and row."""
        return zip(self.numbers, self.rows, strict=True)

    def place(self, number: int, column: str) -> Place:
        """Return a cell's place."""
        return cell_at(self.file, number, column)


def cell_at(file: str, number: int, *column: str | int) -> Place:
    """Return the place of a cell, or of a value within one, in a file whose header is row 1; of the row where none is named."""
    words = [shown(part) if isinstance(part, str) else f"entry {part + 1}" for part in column]
    named = [f"column {words[0]}", *words[1:]] if words else []
    return Place(file, (number - 2, f"row {number}"), *zip(column, named, strict=True))


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the garbage collector: it would walk a million fresh rows again and again, freeing none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


def read_rows(model: type[R], data: bytes, file: str) -> tuple[list[R], list[Fault]]:
    """Read a CSV file into rows of ``model``; see :func:`read_table`."""
    table = read_table(model, data, file)
    return list(table.rows), list(table.faults)


@collector_paused()
def read_table(model: type[R], data: bytes, file: str) -> Table[R]:
    """Read a CSV file, comma- or semicolon-separated, into rows of ``model``.

    An empty cell is a field left out; an empty row is passed over. At most 500 faults are reported
    for one file, and the last of them says where the reading stopped.
    """
    text, fault = decoded(data, file)
    if fault:
        return Table(file, faults=(fault,))
    delimiter = delimiter_of(text)
    numbers, cells, faults = split(text, delimiter, file)
    if not cells:
        empty = Fault(file, "an empty file", f"a header row: {', '.join(model.model_fields)}", _START_AGAIN)
        return Table(file, faults=tuple(faults) or (empty,))
    header, *body = cells
    columns, header_faults = _columns(model, [name.strip() for name in header], file)
    faults = header_faults + faults
    where, raw = _records(columns, numbers[1:], body, len(header), file, faults)
    if delimiter == ";":
        raw = _with_decimal_points(model, raw)
    known_missing = {name for name in _required(model) if name not in columns}
    return _validated(model, Table(file, (), where, tuple(faults)), raw, known_missing)


_START_AGAIN = "Delete the file if there is nothing to record, or restore it from the history folder."


def _required(model: type[BaseModel]) -> list[str]:
    return [name for name, field in model.model_fields.items() if field.is_required()]


def _columns(model: type[R], header: list[str], file: str) -> tuple[dict[str, int], list[Fault]]:
    """Return the position of each known column, the first of each name, and the header's faults."""
    columns: dict[str, int] = {}
    faults = []
    names = tuple(model.model_fields)
    for position, name in enumerate(header):
        where = f"{file}, row 1, column {shown(name) if name else position + 1}"
        if name in columns:
            remedy = "Keep one of the two columns, or rename the one that is meant to be another."
            faults.append(Fault(where, f"the column '{name}' twice", "each column once", remedy))
        elif name in names:
            columns[name] = position
        else:
            faults.append(unknown_field(where, name, names, what="column"))
    for name in _required(model):
        if name not in columns:
            accepted = accepted_at(model, (name,))
            remedy = f"Add the column '{name}' to the first row and fill it in. {accepted.remedy}"
            allowed = f"a column named '{name}', holding {accepted.allowed}"
            faults.append(Fault(f"{file}, row 1, column {name}", "no such column", allowed, remedy))
    return columns, faults


def _records(
    columns: Mapping[str, int],
    numbers: list[int],
    body: list[list[str]],
    width: int,
    file: str,
    faults: list[Fault],
) -> tuple[list[int], list[dict[str, str]]]:
    """Name the cells of each row; rows of another width than the header's become faults."""
    where, records = [], []
    names, positions = list(columns), list(columns.values())
    in_order = positions == list(range(width))
    for number, row in zip(numbers, body, strict=True):
        if len(row) != width:
            remedy = "Put each cell under its column; where the file was cut off, restore it from a backup."
            faults.append(
                Fault(f"{file}, row {number}", f"{len(row)} cells", f"{width} cells, as in row 1", remedy)
            )
            continue
        where.append(number)
        cells = row if in_order else [row[position] for position in positions]
        records.append(dict(zip(names, cells, strict=True)))
    return where, records


def _with_decimal_points(model: type[R], records: list[dict[str, str]]) -> list[dict[str, str]]:
    # Where Excel separates cells by semicolons it writes 0,5. "1,200" stays: it could be either.
    decimals = {name for name in model.model_fields if is_decimal(model, name)}
    return [
        {
            name: cell.replace(",", ".") if name in decimals and _DECIMAL_COMMA.fullmatch(cell) else cell
            for name, cell in one.items()
        }
        for one in records
    ]


def _validated(
    model: type[R], table: Table[R], records: list[dict[str, str]], known_missing: set[str]
) -> Table[R]:
    """Validate records in one go per 20,000; where that fails, keep the rows that are good."""
    adapter = TypeAdapter(list[model])  # type: ignore[valid-type]
    rows: list[R] = []
    numbers: list[int] = []
    faults = list(table.faults)
    for start in range(0, len(records), _AT_ONCE):
        part = records[start : start + _AT_ONCE]
        where = table.numbers[start : start + _AT_ONCE]
        try:
            rows += adapter.validate_python(part)
            numbers += where
            continue
        except ValidationError as error:
            errors = error.errors(include_url=False)
        bad = {int(one["loc"][0]) for one in errors}
        told = [one for one in errors if not (one["type"] == "missing" and one["loc"][1] in known_missing)]
        faults += _row_faults(model, table.file, where, told)
        good = [index for index in range(len(part)) if index not in bad]
        rows += adapter.validate_python([part[index] for index in good])
        numbers += [where[index] for index in good]
        if len(faults) > MOST_FAULTS:
            break
    if len(faults) > MOST_FAULTS:
        allowed = "a file whose rows can be read"
        last = Fault(
            table.file, f"more than {MOST_FAULTS} faults", allowed, "Correct those above, then check again."
        )
        faults = [*faults[:MOST_FAULTS], last]
    return Table(table.file, tuple(rows), numbers, tuple(faults))


def _row_faults(
    model: type[R], file: str, where: Sequence[int], errors: Iterable[ErrorDetails]
) -> Iterator[Fault]:
    for error in errors:
        index, *loc = error["loc"]
        place = cell_at(file, where[int(index)], *(part for part in loc if part != "[key]"))
        yield fault_of(error, model, loc, place)


def write_rows(model: type[R], rows: Iterable[R]) -> bytes:
    """Write rows as CSV: UTF-8, newlines ``\\n``, one column per field of ``model`` in its order.

    A text that a spreadsheet would take for a formula gets one leading apostrophe, which reading
    takes off again; so what is written reads back equal. What was never set stays empty.
    """
    names = tuple(model.model_fields)
    lines = [",".join(names)]
    for row in rows:
        given = (getattr(row, name) if name in row.model_fields_set else None for name in names)
        lines.append(",".join(_quoted(_cell(value)) for value in given))
    return ("\n".join(lines) + "\n").encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        text = "; ".join(f"{name}: {_cell(inner)}" for name, inner in value.items())
    elif isinstance(value, (tuple, list)):
        text = "; ".join(_cell(inner) for inner in value)
    else:
        text = in_files(value) if isinstance(value, (Quarter, date)) else str(value)
    return masked(text)


def _quoted(cell: str) -> str:
    # The csv module leaves a lone carriage return bare, and reading would then break the row there.
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in '",;\n\r') else cell


def masked(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unmasked(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from taking its text for a formula."""
    return cell[1:] if _MASKED.match(cell) else cell
