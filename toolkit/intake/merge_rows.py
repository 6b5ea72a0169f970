"""Rows of another's table, merged one by one into what the record has under the same id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from toolkit.client.calendar import Quarter, in_files
from toolkit.client.faults import fault_of
from toolkit.client.models import Initiative, Kpi, Profile, Reading
from toolkit.errors import Fault, shown
from toolkit.intake.cell import Figure, LeftOpen, NoDay, PartOfDay, Unreadable, as_shown
from toolkit.intake.date import names_a_quarter
from toolkit.intake.habits import habits_of
from toolkit.intake.mapping import ImportMap, Source
from toolkit.intake.table import Cell, Sheet
from toolkit.intake.values import kind_of, made_id, read_cell

READING = ("reading_date", "reading_value")
ORIGINALS = {"capex": "original_capex", "finish": "original_finish"}
_WHOLE_WITH_DECIMAL = re.compile(r"\d+\.0", re.ASCII)  # pandas writes the ids of a column with gaps so
_CORRECT = "Correct the cell, say in the map how to read it, or import with --partial to leave it missing."
_FORMATTED = "Correct the cell or its number format, or import with --partial to leave it missing."
_LEFT = "Nothing needs to be done; ask for the value where a page needs it."
# Only a link from one row's finish to the other's start means "begins after": FS, in other languages EA, FD, FC, FI.
_FINISH_TO_START = ("", "FS", "EA", "FD", "FC", "FI")
_LINK = re.compile(r"(\d+)\s*(?:([A-Za-z]{2})\s*([+-]\s*\d.*)?)?", re.ASCII)
_LAG = r"((?<!\w)\d+\s*[A-Za-z]{2}\s*[+-]\s*\d+)"
_DECIMAL_LAG = re.compile(_LAG + r",(\d+\s*(?![A-Z]{2}\b)[A-Za-z%])", re.ASCII)  # 3EA+2,5 Tage
_OPEN_LAG = re.compile(_LAG + r",\d", re.ASCII)  # 3FS+1,5: a lag of 1.5, or one of 1 and row 5
_SUM = re.compile(r"\d+\s*[+]\s*\d.*", re.ASCII)


class Reader:
    """Reads rows into models, merging each into what the record has under the same id."""

    def __init__(
        self,
        model: type[BaseModel],
        mapping: ImportMap,
        sheet: Sheet,
        present: Mapping[str, Source],
        existing: Mapping[str, BaseModel],
        profile: Profile,
    ) -> None:
        self.model, self.mapping, self.sheet, self.present = model, mapping, sheet, present
        self.currency = profile.currency
        self.decimal = mapping.decimal or ("" if profile.decimal else sheet.decimal_mark(""))
        kinds = {"reading_date": "date", "reading_value": "number"}
        self.kinds = {field: kinds.get(field) or kind_of(model, field) for field in present}
        self.habits = habits_of(sheet, mapping, present, self.kinds, profile)
        self.literal = replace(self.habits, missing=None)  # a name may be "TBD"
        self.before = dict(existing)
        self.after = dict(existing)
        self.seen: dict[str, int] = {}
        self.folded = {key.casefold(): key for key in existing}
        self.listed: set[str] = set()  # the ids in the table, those of rows left out among them
        self.gone: tuple[str, ...] = ()
        self.cells: dict[int, Mapping[str, Cell]] = {}  # of the rows that became entries
        self.columns_of: dict[int, Mapping[str, str]] = {}  # of each of them, the column of each field
        self.without: dict[str, list[str]] = {}  # by id, the fields that the file has no value for
        self.rounded: set[str] = set()  # fields of quarters for which a day stood there
        self.unreadable: list[Fault] = []
        self.left_open: list[Fault] = []
        self.rejected: list[int] = []
        ids = [str(cells[column]) for _, cells in sheet.rows for column in self._ids() if column in cells]
        self.with_decimals = bool(ids) and all(_WHOLE_WITH_DECIMAL.fullmatch(text) for text in ids)

    def _ids(self) -> tuple[str, ...]:
        """Return the columns of ids that are not names, too."""
        names = self.present["name"].column if "name" in self.present else ()
        return (
            tuple(one for one in self.present["id"].column if one not in names)
            if "id" in self.present
            else ()
        )

    @property
    def changes(self) -> bool:
        """Whether anything would be written."""
        return self.after != self.before

    def note(self, cells: Mapping[str, Cell]) -> None:
        """Take note of the id of a row that is left out: the table lists it all the same, unless it is another's of that id."""
        with suppress(Unreadable):
            identity, name = (
                read_cell(cells, source, "text", self.decimal, self.currency, self.literal)[0]
                if source
                else None
                for source in (self.present.get("id"), self.present.get("name"))
            )
            if isinstance(identity, str) and not (name and of_another_name(identity, name, self.before, "")):
                self.listed.add(identity)

    def read(self, number: int, cells: Mapping[str, Cell]) -> None:
        """Read one row; what cannot be read is noted, and the row left out only if it cannot do without."""
        values, columns, unread = self.values_of(number, cells)
        identity = values.get("id")
        first = self.seen.get(identity) if isinstance(identity, str) else None
        self.listed |= {identity} if isinstance(identity, str) else set()
        if first is not None and "reading_value" not in values:
            self.refuse(number, self._twice(number, columns, values, first))
            return
        if isinstance(identity, str) and (fault := self._namesake(number, identity, values, columns)):
            self.refuse(number, fault)
            return
        row = self._valid(number, values, columns, unread)
        if row is None:
            self.rejected.append(number)
            return
        if first is not None and not self._only_adds_a_reading(row):
            self.refuse(number, self._twice(number, columns, values, first))
            return
        key = row.id  # type: ignore[attr-defined]
        self.seen.setdefault(key, number)
        self.cells[number], self.columns_of[number] = cells, columns
        self.without[key] = [field for field in self.present if field in self.model.model_fields
                             and values.get(field) is None and field not in unread]  # fmt: skip
        if self.mapping.keep_original and isinstance(row, Initiative) and key in self.before:
            row = self._with_originals(row, self.before[key], values)
        self.after[key] = row

    def _namesake(
        self, number: int, identity: str, values: Mapping[str, Any], columns: Mapping[str, str]
    ) -> Fault | None:
        column = columns.get("id", "")
        place = self.sheet.place(number, column)
        if self.folded.setdefault(identity.casefold(), identity) != identity and identity not in self.after:
            return of_another_case(identity, self.after, place)
        made = "name" in self.present and column in self.present["name"].column
        return of_another_name(identity, values.get("name"), self.before, place) if made else None

    def settle_namesakes(self) -> None:
        """Leave out new rows that are named like an entry of the record that the table does not list, each reported."""
        if "name" not in self.model.model_fields:  # actions and decisions are told apart by their id alone
            return
        new = {key: self.sheet.place(number) for key, number in self.seen.items() if key not in self.before}
        for key, fault in of_the_same_names(new, self.after, self.before, self.listed).items():
            self.refuse(self.seen[key], fault)
            del self.after[key], self.seen[key]

    @property
    def states(self) -> dict[str, str]:
        """Whether each id read, or settled without being listed, is new, changed or unchanged."""
        settled = [
            key for key in self.before if key not in self.seen and self.after.get(key) != self.before[key]
        ]
        return {
            key: "new" if (old := self.before.get(key)) is None else "unchanged" if old == self.after[key] else "changed"
            for key in (*self.seen, *settled)
        }  # fmt: skip

    def changes_of(self) -> list[tuple[str, str, str, str]]:
        """Return what differs from the record: id, field, what it was, what it becomes."""
        return [
            (key, field, said(getattr(self.before[key], field)), said(getattr(self.after[key], field)))
            for key, state in self.states.items() if state == "changed"
            for field in self.model.model_fields
            if getattr(self.before[key], field) != getattr(self.after[key], field)
        ]  # fmt: skip

    def settle_references(self) -> None:
        """Leave out references to rows that are neither in the table nor in the record, each reported."""
        fields = [field for field, source in self.present.items() if source.references]
        for field in fields:
            for key, number in self.seen.items():
                listed = getattr(self.after[key], field)
                there = tuple(one for one in listed if one in self.after)
                if there != listed:
                    gone = "; ".join(one for one in listed if one not in self.after)
                    self._leave(number, field, gone, "the id of a row that is imported or in the record")
                    self.after[key] = self.after[key].model_copy(update={field: there})

    def _leave(self, number: int, field: str, found: str, allowed: str) -> None:
        place = self.sheet.place(number, self.present[field].column[0])
        self.left_open.append(Fault(place, found, f"{allowed}, for our field {field}", _LEFT))

    def _with_originals(self, row: Initiative, old: BaseModel, values: Mapping[str, Any]) -> Initiative:
        """Return a row of a register that comes again: what was known before stands as original beside what it says now.

        A figure that is new has no original yet, and one that the register now withholds is not known today.
        """
        update: dict[str, Any] = {"listed": None}
        for latest, original in ORIGINALS.items():
            if latest in self.present and values.get(latest) is None:
                update[latest] = None
            known = (getattr(old, original), getattr(row, original), getattr(old, latest))
            update[original] = next((figure for figure in known if figure is not None), None)
        return row.model_copy(update=update)

    def settle_register(self) -> None:
        """Mark what a register that comes again no longer lists; the very same register again says nothing new.

        A register is known again by rows it shares with the record, and its rows by their source: those of
        another source are none of its own.
        """
        again = [key for key in self.seen if key in self.before]
        if not self.mapping.keep_original or self.model is not Initiative or not again:
            return
        if all(key in self.before and self._says_the_same(key) for key in self.seen):
            self.after |= {key: self.before[key] for key in again}
            return
        sources = {getattr(self.after[key], "source", None) for key in again}
        rows = {key: row for key, row in self.before.items() if key not in self.listed}
        self.gone = tuple(key for key, row in rows.items() if getattr(row, "source", None) in sources)
        for key in self.gone:
            self.after[key] = self.before[key].model_copy(update={"listed": "no longer"})

    def _says_the_same(self, key: str) -> bool:
        """Whether a row says of an initiative what the record has, its first figures aside."""
        firsts = set(ORIGINALS.values()) - self.present.keys()
        return self.after[key].model_dump(exclude=firsts) == self.before[key].model_dump(exclude=firsts)

    def _twice(self, number: int, columns: Mapping[str, str], values: Mapping[str, Any], first: int) -> Fault:
        allowed = f"each id once (first in row {first})"
        if self.model is Kpi:
            allowed += ", or once more with the reading of another day and otherwise the same"
        place = self.sheet.place(number, columns.get("id", ""))
        return Fault(place, values["id"], allowed, "Remove or rename one of the two rows.")

    def _only_adds_a_reading(self, row: BaseModel) -> bool:
        was = self.after[row.id]  # type: ignore[attr-defined]
        if not (isinstance(row, Kpi) and isinstance(was, Kpi)):
            return False
        same = row.model_copy(update={"readings": was.readings}) == was
        return same and len(row.readings) == len(was.readings) + 1

    def refuse(self, number: int, fault: Fault) -> None:
        """Leave a row out, and say why."""
        self.unreadable.append(fault)
        self.rejected.append(number)

    def values_of(
        self, number: int, cells: Mapping[str, Cell]
    ) -> tuple[dict[str, Any], dict[str, str], set[str]]:
        """Return what a row's cells say by field, the column each was read from, and the fields that cannot be read."""
        values: dict[str, Any] = {}
        columns: dict[str, str] = {}
        unread: set[str] = set()
        # Before its figures, what tells whether 40 % of a measure is 40.
        for field, source in sorted(self.present.items(), key=lambda one: one[0] not in ("id", "unit")):
            habits = self.literal if field in ("id", "name") else self.habits
            try:
                value, columns[field] = read_cell(
                    cells, source, self._kind(field, values, cells), self.decimal, self.currency, habits
                )
                if self.with_decimals and field in ("id", "depends_on") and isinstance(value, str):
                    value = re.sub(r"(?<![\d.])(\d+)\.0(?![\d.])", r"\1", value)
                if field == "id":
                    _refuse_what_excel_made(cells.get(columns[field]))
            except Unreadable as error:
                column = next((c for c in source.column if c in cells), source.column[0])
                found, allowed = as_shown(cells.get(column, "")), f"{error}, for our field {field}"
                if isinstance(error, LeftOpen):
                    self.left_open.append(Fault(self.sheet.place(number, column), found, allowed, _LEFT))
                    if isinstance(error, NoDay):
                        values[field] = None
                    continue
                unread.add(field)
                remedy = _FORMATTED if isinstance(cells.get(column), Figure) else _CORRECT
                self.unreadable.append(Fault(self.sheet.place(number, column), found, allowed, remedy))
                continue
            if isinstance(value, Quarter) and not names_a_quarter(str(cells.get(columns[field], ""))):
                self.rounded.add(field)
            if value is not None and source.references:
                value, others = referred(str(value))
                if others:
                    self._leave(
                        number, field, "; ".join(others), "links from another row's finish, such as 3 or 3FS"
                    )
            if value is not None:
                values[field] = value
        return values, columns, unread

    def _kind(self, field: str, values: dict[str, Any], cells: Mapping[str, Cell]) -> str:
        """Return what a field holds in a row; 40 % is 40 of a measure whose unit is %.

        The unit stands in the table or in the record; where neither says one, figures that all have a % sign do.
        """
        kind = self.kinds[field]
        if self.model is not Kpi or kind != "number":
            return kind
        unit = values.get("unit") or getattr(self.after.get(values.get("id", "")), "unit", None)
        if not unit and "unit" not in self.present and self._are_percentages(cells):
            unit = values["unit"] = "%"
        return "percentage" if str(unit).startswith("%") else kind

    def _are_percentages(self, cells: Mapping[str, Cell]) -> bool:
        """Whether each figure of a row has a % sign."""
        columns = [column for field, source in self.present.items() if self.kinds[field] == "number" for column in source.column]  # fmt: skip
        figures = [text for column in columns if (text := as_shown(cells.get(column, "")).strip())]
        return bool(figures) and all(text.endswith("%") for text in figures)

    def _valid(
        self, number: int, values: dict[str, Any], columns: Mapping[str, str], unread: Set[str]
    ) -> BaseModel | None:
        """Validate a row merged into what is known; drop optional values that do not fit, noting each."""
        readings = {name: values.pop(name) for name in READING if name in values}
        old = self.after.get(values.get("id", ""))
        merged = {**({name: getattr(old, name) for name in old.model_fields_set} if old else {}), **values}
        if "reading_value" in readings:  # a date alone says nothing
            merged |= self._reading(number, old, readings, columns)
        for _ in range(len(merged) + 1):
            try:
                return self.model.model_validate(merged)
            except ValidationError as error:
                bad = set()
                for one in error.errors(include_url=False):
                    field = str(one["loc"][0]) if one["loc"] else "id"
                    bad.add(field)
                    if field in unread:
                        continue
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
                merged |= {name: getattr(old, name) for name in bad if old and name in old.model_fields_set}
        return None

    def _reading(
        self, number: int, old: BaseModel | None, given: Mapping[str, Any], columns: Mapping[str, str]
    ) -> dict[str, tuple[Reading, ...]]:
        """Return a KPI's readings with this row's among them; one of the same day is replaced."""
        fields = {name.removeprefix("reading_"): value for name, value in given.items()}
        try:
            one = Reading.model_validate(fields)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                place = self.sheet.place(number, columns.get(f"reading_{each['loc'][0]}") or "reading_date")
                self.unreadable.append(fault_of(each, Reading, each["loc"], place))
            return {}
        others = [each for each in (old.readings if isinstance(old, Kpi) else ()) if each.date != one.date]
        return {"readings": tuple(sorted([*others, one], key=lambda each: each.date))}


def _refuse_what_excel_made(cell: Cell) -> None:
    dated = isinstance(cell, (date, PartOfDay))
    if dated or cell in ("TRUE", "FALSE"):
        made = "a date or a time" if dated else "a truth value"
        raise Unreadable(
            f"an id; a spreadsheet has made {made} of this one: format the column as text and type it again"
        )


def said(value: Any) -> str:
    """Return a value as a preview shows it; "" for none."""
    if isinstance(value, float):
        return f"{value:,}".removesuffix(".0")
    if isinstance(value, Reading):
        return f"{value.date}: {said(value.value)}"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {said(one)}" for name, one in value.items())
    if isinstance(value, tuple):
        return "; ".join(map(said, value))
    if isinstance(value, (Quarter, date)):
        return in_files(value)
    return "" if value is None else str(value)


def of_another_case(identity: str, known: Mapping[str, BaseModel], where: str) -> Fault | None:
    """Return the fault of an id that differs from one of the record in letter case alone."""
    other = next((one for one in known if one != identity and one.casefold() == identity.casefold()), "")
    if not other:
        return None
    remedy = f"Write {shown(other)} if it is the same, or choose another id."
    return Fault(
        where, identity, f"ids that differ in more than letter case; there is {shown(other)}", remedy
    )


def of_another_name(identity: str, name: object, known: Mapping[str, BaseModel], where: str) -> Fault | None:
    """Return the fault of an id that is made of a name, and was made of another one before."""
    before = _name(known[identity]) if identity in known else ""
    if not before or _folded(before) == _folded(str(name)):
        return None
    return Fault(
        where,
        str(name),
        f"{shown(before)}, of which the id {shown(identity)} was made, or a name that makes another id",
        "Give the rows ids in a column of their own; where it is the same, write its name as the record has it.",
    )


def of_the_same_names(
    new: Mapping[str, str], after: Mapping[str, BaseModel], before: Mapping[str, BaseModel], listed: Set[str]
) -> dict[str, Fault]:
    """Return the faults of new rows that are named like an entry of the record which the table does not list.

    Parameters
    ----------
    new : mapping
        By id, where in the table it stands.
    listed : set of str
        The ids in the table.
    """
    others = {_told_apart(row): key for key, row in before.items() if key not in listed}
    faults = {}
    for key, where in new.items():
        if other := others.get(_told_apart(after[key])):
            found = f"{key}, {_name(after[key])}"
            allowed = f"one id for each; the record has this name under {shown(other)}, which the table does not list"
            remedy = (
                f"Give it the id {shown(other)} if it is the same; else give it another name, or the rows of this table "
                "a source."
            )
            faults[key] = Fault(where, found, allowed, remedy)
    return faults


def _told_apart(row: BaseModel) -> tuple[str, object]:
    return _folded(_name(row)), getattr(row, "source", None)


def _name(row: BaseModel) -> str:
    return str(getattr(row, "name", ""))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def referred(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids that a cell lists, and the pieces of it that are no link from finish to start.

    A lag, as in ``3FS+2 days``, is not kept: quarters are too coarse for it.
    """
    ids, others = [], []
    for piece in map(str.strip, _pieces(text)):
        link = _LINK.fullmatch(piece)
        try:
            if _OPEN_LAG.search(piece) or _SUM.fullmatch(piece):
                others.append(piece)
            elif link and (link[2] or "").upper() in _FINISH_TO_START:
                ids.append(link[1])
            elif link:
                others.append(piece)
            elif piece:
                ids.append(made_id(piece))
        except Unreadable:
            others.append(piece)
    return tuple(dict.fromkeys(ids)), tuple(others)


def _pieces(text: str) -> Iterator[str]:
    """Yield what semicolons, line breaks and commas part; a comma that may begin a lag's decimals parts nothing."""
    for part in re.split(r"[;\n]", _DECIMAL_LAG.sub(r"\1.\2", text)):
        yield from [part] if _OPEN_LAG.search(part) else part.split(",")
