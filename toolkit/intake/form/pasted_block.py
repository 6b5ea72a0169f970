"""A block of cells as a spreadsheet copies it, read cell by cell as the import reads a table of the same cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from toolkit.client.faults import closest, fault_of, listed
from toolkit.client.field_types import Row
from toolkit.client.record_csv import split
from toolkit.client.schema import Profile
from toolkit.errors import Fault, InputError
from toolkit.intake.document import recorded_rows
from toolkit.intake.form.grid_column import GridColumn
from toolkit.intake.mapping import MODELS, ImportMap, MappedTable, Source, in_currency
from toolkit.intake.merge_rows import Reader
from toolkit.intake.table import Cell, Sheet, as_compared, is_filled

MOST_CELLS = 20_000
PLACE = "What was pasted"
_SMALLER = "Paste fewer rows at a time, or save them as a file and take it in under “Import”."
_BY_HAND = "Correct it in the spreadsheet and paste again, or type it into the cell."
_TWICE = "Take one of the two rows out."


@dataclass(frozen=True)
class PastedRow:
    """A row of the block.

    Attributes
    ----------
    number : int
        Its place in the block, from 1.
    id : str
        The id that the block gives it; "" where it gives none.
    values : mapping
        What was read, by path in an entry, as the document holds it.
    unread : mapping
        By column, the text of each cell of which nothing was taken.
    """

    number: int
    id: str
    values: Mapping[tuple[str, ...], Any]
    unread: Mapping[str, str]


@dataclass(frozen=True)
class PastedBlock:
    """What was read of a block.

    Attributes
    ----------
    has_headings : bool
        Whether its first row says what its columns are.
    columns : tuple of GridColumn
        The columns that were read.
    rows : tuple of PastedRow
        Its rows, without that of the headings.
    refused : tuple of Fault
        Cells that could not be read; what stands in the grid stays there.
    left_open : tuple of Fault
        Cells whose own words say that there is no value.
    unused : tuple of str
        Headings that no column goes by.
    """

    has_headings: bool
    columns: tuple[GridColumn, ...]
    rows: tuple[PastedRow, ...]
    refused: tuple[Fault, ...]
    left_open: tuple[Fault, ...]
    unused: tuple[str, ...] = ()


def cells_of(text: str) -> list[tuple[int, list[str]]]:
    """Return the cells of copied text, row by row, each with its place from 1; empty rows are left out.

    A cell with a line break stands in quotation marks; where these do not come in pairs they are part of the text.

    Raises
    ------
    InputError
        When there is nothing in it, or more than can be looked over.
    """
    numbers, cells, faults = split(text, "\t", PLACE)
    if faults:
        lines = [line.split("\t") for line in text.splitlines()]
        numbers = [number for number, line in enumerate(lines, start=1) if any(line)]
        cells = [lines[number - 1] for number in numbers]
    count = sum(map(len, cells))
    if not any(is_filled(cell) for row in cells for cell in row):
        raise InputError([Fault(PLACE, "nothing", "cells with something in them", "Copy the cells again.")])
    if count > MOST_CELLS:
        raise InputError([Fault(PLACE, f"{count:,} cells", f"at most {MOST_CELLS:,} cells", _SMALLER)])
    return list(zip(numbers, cells, strict=True))


def read_block(
    text: str,
    columns: Sequence[GridColumn],
    first: int,
    model: type[Row],
    mapping: ImportMap,
    profile: Profile,
    others: Sequence[GridColumn] = (),
) -> PastedBlock:
    """Read a block of cells.

    Parameters
    ----------
    columns : sequence of GridColumn
        Those of the grid; without headings the block's first column is ``columns[first]``, the next the one behind it.
    mapping : ImportMap
        The import's own map of this kind of table: which headings are which field, and which words which value.
    others : sequence of GridColumn
        Those that the grid does not show and a heading may name.

    Raises
    ------
    InputError
        When it is empty or too large, or has more columns than there are.
    """
    rows = cells_of(text)
    known = _headings(rows[0][1], [*columns, *others], mapping, profile)
    if _are_headings(known, rows):
        titles = [cell.strip() for cell in rows[0][1]]
        wanted = {at: known[title] for at, title in enumerate(titles) if title in known}
        unused = tuple(title for title in titles if title and title not in known)
        rows = rows[1:]
    else:
        width = max(
            (at + 1 for _, cells in rows for at, cell in enumerate(cells) if is_filled(cell)), default=0
        )
        if width > len(columns) - first:
            allowed = f"at most {len(columns) - first}: from “{columns[first].label}” on there are no more"
            remedy = "Choose the cell that the first column goes to, or copy the row of headings, too."
            raise InputError([Fault(PLACE, f"{width} columns", allowed, remedy)])
        wanted, unused, titles = dict(enumerate(columns[first : first + width])), (), []
    block = _Block(wanted, model, mapping, profile, rows)
    return PastedBlock(
        bool(titles),
        tuple(column for column in wanted.values() if column.key != "id"),
        block.rows,
        tuple(block.refused),
        tuple(block.left_open),
        unused,
    )


_ID = "id"


def _headings(
    cells: Sequence[str], columns: Sequence[GridColumn], mapping: ImportMap, profile: Profile
) -> dict[str, GridColumn]:
    """Return which of the texts are headings, and of which column; the first of two for one column."""
    sheet = Sheet(PLACE, "", tuple(cell.strip() for cell in cells), ())
    fields = in_currency(sheet, mapping, profile.currency).fields
    named: dict[str, GridColumn] = {}
    for column in columns:
        texts = [column.label, column.key, f"{column.label}, {profile.currency}"]
        if column.kind == "level":
            texts = [column.label, column.label.removeprefix("→ "), column.path[-1]]
        elif column.key in fields:
            texts += fields[column.key].column
        for text in texts:
            named.setdefault(as_compared(text), column)
    found: dict[str, GridColumn] = {}
    for text in sheet.header:
        column_ = named.get(as_compared(text)) if text else None
        if column_ and column_ not in found.values():
            found[text] = column_
    return found


def _are_headings(known: Mapping[str, GridColumn], rows: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Whether the first row is one of headings: all of it, or the name and another."""
    filled = [cell.strip() for cell in rows[0][1] if is_filled(cell)]
    if len(rows) < 2:
        return False
    return len(known) == len(filled) or (
        len(known) > 1 and any(one.key in ("name", _ID) for one in known.values())
    )


class _Block:
    """Reads the rows of a block whose columns are known."""

    def __init__(
        self,
        wanted: Mapping[int, GridColumn],
        model: type[Row],
        mapping: ImportMap,
        profile: Profile,
        rows: Sequence[tuple[int, Sequence[str]]],
    ) -> None:
        self._model = model
        labels = [column.label for column in wanted.values()]
        titles = {
            at: column.label if labels.count(column.label) == 1 else f"{column.label} ({column.path[-1]})"
            for at, column in wanted.items()
        }
        self._columns = {titles[at]: column for at, column in wanted.items()}
        body: list[tuple[int, Mapping[str, Cell]]] = [
            (number, {title: cells[at] for at, title in titles.items() if at < len(cells) and is_filled(cells[at])})
            for number, cells in rows
        ]  # fmt: skip
        sheet = Sheet(PLACE, "", tuple(self._columns), tuple(body))  # a workbook's cells, and no file's
        self._sheet = sheet
        present = {
            column.key: _source(column, title, mapping)
            for title, column in self._columns.items()
            if not (column.ask.of or column.kind == "level")
        }
        reader = Reader(
            MappedTable(sheet, mapping, False, (), sheet.rows, present),
            {},
            profile,
            None if model is MODELS.get(mapping.kind) else model,
        )
        self.refused: list[Fault] = []
        values = [(number, cells, self._valid(reader, number, cells)) for number, cells in body]
        self.refused += [self._in_words(fault) for fault in reader.unreadable]
        self.left_open = list(reader.left_open)
        self.rows = tuple(self._rows(values))

    def _valid(self, reader: Reader, number: int, cells: Mapping[str, Cell]) -> dict[str, Any]:
        """Return what a row says, as the document holds it; what the model does not take is refused."""
        values, _, unread = reader.values_of(number, cells)
        values = {name: value for name, value in values.items() if value is not None and name not in unread}
        for _ in range(len(values) + 1):
            try:
                row = self._model.model_validate({**_DUMMY, **values} if _ID in self._model.model_fields else _with_dummies(self._model, values))  # fmt: skip
            except ValidationError as error:
                for one in error.errors(include_url=False):
                    name = str(one["loc"][0]) if one["loc"] else _ID
                    if name in values:
                        place = self._sheet.place(number, self._title(name))
                        self.refused.append(fault_of(one, self._model, one["loc"], place))
                        del values[name]
            else:
                plain = recorded_rows([row])[0]
                return {name: plain[name] for name in values if name in plain}
        return {}

    def _title(self, name: str) -> str:
        return next((title for title, column in self._columns.items() if column.key == name), name)

    def _in_words(self, fault: Fault) -> Fault:
        """Return the import's fault without what it says of maps and options, which a pasted block has not."""
        allowed = fault.allowed.partition(", for our field")[0]
        column = next((c for t, c in self._columns.items() if fault.where.endswith(f"column {t}")), None)
        if column and column.options:
            allowed = f"one of: {listed(text for text, _ in column.options)}"
        return replace(fault, allowed=allowed, remedy=_BY_HAND)

    def _rows(self, read: Iterable[tuple[int, Mapping[str, Cell], Mapping[str, Any]]]) -> Iterator[PastedRow]:
        first: dict[str, int] = {}
        for number, cells, values in read:
            id = str(values.get(_ID, ""))
            if id and first.setdefault(id, number) != number:
                found = str(values.get("name", id))
                self.refused.append(Fault(self._sheet.place(number), found, f"each once (first in row {first[id]})", _TWICE))  # fmt: skip
                continue
            paths: dict[tuple[str, ...], Any] = {
                (name,): value for name, value in values.items() if name != _ID
            }
            for title, column in self._columns.items():
                if title in cells and (column.ask.of or column.kind == "level"):
                    value = self._named(number, title, column, str(cells[title]))
                    if value is not None:
                        paths[column.path] = value
            unread = {
                column.key: str(cells[title])
                for title, column in self._columns.items()
                if title in cells and column.path not in paths and column.key != _ID
            }
            yield PastedRow(number, id, paths, unread)

    def _named(self, number: int, title: str, column: GridColumn, text: str) -> Any:
        """Return the ids that a cell names, by name or id; None, and a fault, where one is not there."""
        ids = {_folded(name): id for name, id in column.options} | {
            _folded(id): id for _, id in column.options
        }
        pieces = [text]
        if column.kind == "several" and _folded(text) not in ids:
            mark = ";" if ";" in text or "\n" in text else ","
            pieces = [piece for piece in text.replace("\n", mark).split(mark) if piece.strip()]
        unknown = next((piece for piece in pieces if _folded(piece) not in ids), None)
        if unknown is None:
            found = [ids[_folded(piece)] for piece in pieces]
            return list(dict.fromkeys(found)) if column.kind == "several" else found[0]
        names = [name for name, _ in column.options]
        few = column.kind == "level" or not column.ask.of
        allowed = (
            f"one of: {listed(names)}"
            if few
            else f"among the {len(names)} that are recorded and can be chosen here"
        )
        self.refused.append(Fault(self._sheet.place(number, title), unknown.strip(), allowed, f"{closest(unknown, names)}{_BY_HAND}"))  # fmt: skip
        return None


_DUMMY = {_ID: _ID, "name": "-"}


def _with_dummies(model: type[Row], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with something in each field that a row cannot do without."""
    needed = {name: 2027 if name == "year" else 0 if name != "role" else "-" for name, field in model.model_fields.items() if field.is_required()}  # fmt: skip
    return {**needed, **values}


def _source(column: GridColumn, title: str, mapping: ImportMap) -> Source:
    source = mapping.fields.get(column.key) or Source(column=(title,))
    labels = {text: value for text, value in column.options if text.casefold() not in source.known}
    values = {**labels, **source.values} if column.options else source.values
    return source.model_copy(update={"column": (title,), "constant": None, "values": values})


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
