"""The rows of a grid: entries of a list told apart by their id, or rows of a table told apart by their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from pydantic import ValidationError

from toolkit.client.faults import fault_of
from toolkit.client.field_types import Row
from toolkit.errors import Fault
from toolkit.intake.document import PREFIX, Document, Path, at, entries, is_blank, put
from toolkit.intake.form.entry import Desk, faults_in
from toolkit.intake.form.fields import called
from toolkit.intake.form.sections import FieldSpec, Part

Cell = tuple[str, Path, Any]  # a row's id, a path in the row, and a value
Changes = Sequence[tuple[Path, Any, int | None]]


class GridDesk(Desk, Protocol):
    """A desk that changes several places at once."""

    def change_all(self, changes: Changes, again: bool = False) -> None:
        """Change several places of the draft as one step to undo."""


class GridRows(Protocol):
    """Where a grid's rows lie, and how they are changed."""

    title: str
    one: str  # what a row is called
    kind: str  # as the import calls such a list
    model: type[Row]
    asks: tuple[FieldSpec, ...]  # with a column
    others: tuple[FieldSpec, ...]  # without one

    def rows(self) -> list[tuple[str, Document]]:
        """Return each row's id and what it holds."""

    def faults(self, row: Document) -> Iterator[tuple[str, Fault]]:
        """Yield what is wrong with a row by itself: the field's name and the fault."""

    def judged(self, id: str) -> tuple[tuple[str, Fault], ...]:
        """Return what the whole record says of a row, as it was last judged."""

    def change(self, cells: Sequence[Cell], again: bool = False) -> None:
        """Change cells of rows that are there, as one step to undo."""

    def fill(
        self, cells: Sequence[Cell], new: Sequence[tuple[str, Mapping[Path, Any]]], after: str = ""
    ) -> list[str]:
        """Change cells and add rows as one step; return the ids of the new ones, which may be asked for ("" for any).

        ``after`` is the id of the row behind which they are to stand; left out, they stand last.
        """

    def remove(self, id: str) -> None:
        """Take a row out."""

    def called(self, id: str) -> str:
        """Return what a row is called."""


class EntryRows:
    """The entries of a list of the document."""

    def __init__(self, part: Part, desk: GridDesk) -> None:
        self._path, self._desk, self._part = part.path, desk, part
        self.title, self.one, self.kind, self.model = part.title, part.one, part.path[-1], part.model
        named = {ask.name: ask for ask in part.asks}
        self.asks = tuple(named[name] for name in part.grid)
        self.others = tuple(ask for ask in part.asks if ask not in self.asks and ask.kind not in ("rows", "levels"))  # fmt: skip

    def rows(self) -> list[tuple[str, Document]]:
        """Return each entry with its id."""
        return [(one["id"], one) for one in entries(self._desk.document, self._path)]

    def faults(self, row: Document) -> Iterator[tuple[str, Fault]]:
        """Yield what is wrong with an entry."""
        return faults_in(self._part, row)

    def judged(self, id: str) -> tuple[tuple[str, Fault], ...]:
        """Return what the whole record says of an entry, as it was last judged."""
        return tuple(self._desk.faults((*self._path, id)))

    def change(self, cells: Sequence[Cell], again: bool = False) -> None:
        """Change cells of entries."""
        there = {id for id, _ in self.rows()}
        changes = [((*self._path, id, *path), value, None) for id, path, value in cells if id in there]
        if changes:
            self._desk.change_all(changes, again)

    def fill(
        self, cells: Sequence[Cell], new: Sequence[tuple[str, Mapping[Path, Any]]], after: str = ""
    ) -> list[str]:
        """Change cells and add entries."""
        ids = [id for id, _ in self.rows()]
        taken, made, place = set(ids), [], ids.index(after) + 1 if after in ids else None
        changes: list[tuple[Path, Any, int | None]] = [
            ((*self._path, id, *path), value, None) for id, path, value in cells
        ]
        for wanted, values in new:
            id = wanted if wanted and wanted not in taken else self._free(taken)
            taken.add(id)
            made.append(id)
            entry: Document = {"id": id}
            for path, value in values.items():
                put(entry, path, value)
            changes.append(((*self._path, id), entry, place))
        if changes:
            self._desk.change_all(changes)
        return made

    def _free(self, taken: set[str]) -> str:
        number = len(taken) + 1
        while f"{PREFIX[self._path[-1]]}-{number}" in taken:
            number += 1
        return f"{PREFIX[self._path[-1]]}-{number}"

    def remove(self, id: str) -> None:
        """Take an entry out, and its name wherever it stands."""
        self._desk.change((*self._path, id), None)

    def called(self, id: str) -> str:
        """Return what an entry is called."""
        return called(at(self._desk.document, (*self._path, id)) or {"id": id})


class LineRows:
    """The rows of a table that is one value of the document, such as the budget; a row's id is its place from 0."""

    def __init__(self, part: Part, ask: FieldSpec, desk: GridDesk) -> None:
        self._path, self._desk = (*part.path, ask.name), desk
        self.title, self.one, self.kind, self.model = ask.label, "row", ask.name, ask.row
        self.asks = ask.columns
        self.others: tuple[FieldSpec, ...] = ()

    def _lines(self) -> list[Document]:
        found = at(self._desk.document, self._path)
        return [dict(one) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []

    def rows(self) -> list[tuple[str, Document]]:
        """Return each row with its place."""
        return [(str(place), row) for place, row in enumerate(self._lines())]

    def faults(self, row: Document) -> Iterator[tuple[str, Fault]]:
        """Yield what is wrong with a row."""
        try:
            self.model.model_validate(row)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                yield str(one["loc"][0]) if one["loc"] else "", fault_of(one, self.model, one["loc"], "")

    def judged(self, id: str) -> tuple[tuple[str, Fault], ...]:
        """Return nothing: what the record says of a table does not name its row."""
        return ()

    def change(self, cells: Sequence[Cell], again: bool = False) -> None:
        """Change cells of rows; a row of which nothing is left goes, but not while one types in it."""
        lines = self._changed(cells)
        self._desk.change(self._path, lines if again else [row for row in lines if row], again=again)

    def fill(
        self, cells: Sequence[Cell], new: Sequence[tuple[str, Mapping[Path, Any]]], after: str = ""
    ) -> list[str]:
        """Change cells and add rows."""
        lines = self._changed(cells)
        place = int(after) + 1 if after.isdecimal() and int(after) < len(lines) else len(lines)
        made = [{path[0]: value for path, value in values.items() if not is_blank(value)} for _, values in new]  # fmt: skip
        self._desk.change(self._path, [*lines[:place], *made, *lines[place:]])
        return [str(place + number) for number in range(len(made))]

    def _changed(self, cells: Sequence[Cell]) -> list[Document]:
        lines = self._lines()
        for id, path, value in cells:
            if id.isdecimal() and int(id) < len(lines):
                row = {**lines[int(id)], path[0]: value}
                lines[int(id)] = {name: one for name, one in row.items() if not is_blank(one)}
        return lines

    def remove(self, id: str) -> None:
        """Take a row out."""
        self._desk.change(self._path, [row for place, row in self.rows() if place != id])

    def called(self, id: str) -> str:
        """Return what a row is called: its first value, else its number."""
        row = dict(self.rows()).get(id, {})
        return str(next(iter(row.values()), f"row {id}"))
