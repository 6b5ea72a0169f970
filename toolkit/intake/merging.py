"""Rows of another's table, merged one by one into what the record has under the same id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from toolkit.client.facts import Kpi, Reading
from toolkit.client.faults import fault_of
from toolkit.errors import Fault
from toolkit.intake.map_file import ImportMap
from toolkit.intake.sheets import Cell, Sheet
from toolkit.intake.values import Unreadable, kind_of, read_cell

READING = ("reading_date", "reading_value")


class Reader:
    """Reads rows into models, merging each into what the record has under the same id."""

    def __init__(
        self,
        model: type[BaseModel],
        mapping: ImportMap,
        sheet: Sheet,
        present: Mapping[str, Any],
        existing: Mapping[str, BaseModel],
    ) -> None:
        self.model, self.mapping, self.sheet, self.present = model, mapping, sheet, present
        self.before = dict(existing)
        self.after = dict(existing)
        self.seen: dict[str, int] = {}
        self.unreadable: list[Fault] = []
        self.rejected: list[int] = []
        self.states: dict[str, str] = {}

    @property
    def changes(self) -> bool:
        """Whether anything would be written."""
        return self.after != self.before

    def read(self, number: int, cells: Mapping[str, Cell]) -> None:
        """Read one row; what cannot be read is noted, and the row left out only if it cannot do without."""
        values, columns = self._cells(number, cells)
        identity = values.get("id")
        if isinstance(identity, str) and identity in self.seen:
            self._refuse(
                number,
                Fault(
                    self.sheet.place(number, columns.get("id", "")),
                    identity,
                    f"each id once (first in row {self.seen[identity]})",
                    "Remove or rename one of the two rows.",
                ),
            )
            return
        row = self._valid(number, values, columns)
        if row is None:
            self.rejected.append(number)
            return
        key = row.id  # type: ignore[attr-defined]
        self.seen[key] = number
        self.after[key] = row
        old = self.before.get(key)
        self.states[key] = "new" if old is None else "unchanged" if old == row else "changed"

    def _refuse(self, number: int, fault: Fault) -> None:
        self.unreadable.append(fault)
        self.rejected.append(number)

    def _cells(self, number: int, cells: Mapping[str, Cell]) -> tuple[dict[str, Any], dict[str, str]]:
        values: dict[str, Any] = {}
        columns: dict[str, str] = {}
        for field, source in self.present.items():
            kind = {"reading_date": "date", "reading_value": "number"}.get(field) or kind_of(
                self.model, field
            )
            try:
                value, columns[field] = read_cell(cells, source, kind, self.mapping.decimal)
            except Unreadable as error:
                column = next((c for c in source.column if c in cells), source.column[0])
                found = str(cells.get(column, ""))
                self.unreadable.append(
                    Fault(
                        self.sheet.place(number, column),
                        found,
                        f"{error}, for our field {field}",
                        "Correct the cell, say in the map how to read it, or import with --partial to leave it missing.",
                    )
                )
                continue
            if value is not None:
                values[field] = value
        return values, columns

    def _valid(self, number: int, values: dict[str, Any], columns: Mapping[str, str]) -> BaseModel | None:
        """Validate a row merged into what is known; drop optional values that do not fit, noting each."""
        readings = {name: values.pop(name) for name in READING if name in values}
        old = self.before.get(values.get("id", ""))
        merged = {**({name: getattr(old, name) for name in old.model_fields_set} if old else {}), **values}
        if len(readings) == 2:
            merged["readings"] = _with_reading(old, readings["reading_date"], readings["reading_value"])
        for _ in range(len(merged) + 1):
            try:
                return self.model.model_validate(merged)
            except ValidationError as error:
                bad = set()
                for one in error.errors(include_url=False):
                    field = str(one["loc"][0]) if one["loc"] else "id"
                    bad.add(field)
                    self.unreadable.append(
                        fault_of(
                            one, self.model, one["loc"], self.sheet.place(number, columns.get(field) or field)
                        )
                    )
                if any(self.model.model_fields[field].is_required() for field in bad) or not bad & set(
                    merged
                ):
                    return None
                merged = {name: value for name, value in merged.items() if name not in bad}
        return None


def _with_reading(old: BaseModel | None, day: Any, value: Any) -> tuple[Reading, ...]:
    kept = [one for one in (old.readings if isinstance(old, Kpi) else ()) if one.date != day]
    return tuple(sorted([*kept, Reading(date=day, value=value)], key=lambda one: one.date))
