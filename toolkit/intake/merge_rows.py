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
from toolkit.client.faults import fault_of, listed
from toolkit.client.field_types import Row, accepted_at
from toolkit.client.schema import Initiative, Kpi, Profile, Reading
from toolkit.errors import Fault, shown
from toolkit.intake.cell import Figure, LeftOpen, NoDay, PartOfDay, Unreadable, as_shown
from toolkit.intake.date import names_a_quarter
from toolkit.intake.duration import days_of_notice, years_of
from toolkit.intake.mapping import MODELS, READING, MappedTable, kind_of, read_map
from toolkit.intake.table import Cell
from toolkit.intake.total_rows import Totals, totals_of
from toolkit.intake.values import habits_of, made_id, read_cell

_OF_PEOPLE = ("vendor", "owner", "owner_business", "owner_it")  # several of them stand one below the other
_SPANS = ("notice_days", "life_years")
_LONGEST_WORDS = 60  # of a cell that may be told as words for no value
ORIGINALS = {"capex": "original_capex", "finish": "original_finish"}
_WHOLE_WITH_DECIMAL = re.compile(r"\d+\.0", re.ASCII)  # pandas writes the ids of a column with gaps so
_CORRECT = "Correct the cell, say in a map how to read it ({}), or import with --partial to leave it missing."
_NO_VALUE = (
    "If these words stand for no value, say so in a map (missing_words: ['{}']); else correct the cell, or import with "
    "--partial to leave it missing."
)
# The keys of a map that say how a cell is written, by what its field holds.
_KEYS = {"date": "dates, ignore", "deadline": "dates, ignore", "earliest_start": "dates, ignore", "quarter": "dates, ignore",
         "money": "decimal, unit_factor, range, ignore", "number": "decimal, ignore", "share": "decimal, ignore", "span": "unit, ignore"}  # fmt: skip
_WORD = (
    "Say in a map what the word means (in {field}, values: {{'{found}': {one}}}, or '' for none); --make-map MAP.yaml "
    "writes a map to begin with."
)
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
    """Reads rows into models, merging each into what the record has under the same id.

    ``model`` is that of the rows where it is another than the map's kind says.
    """

    def __init__(
        self,
        table: MappedTable,
        existing: Mapping[str, BaseModel],
        profile: Profile,
        model: type[Row] | None = None,
    ) -> None:
        self.table, self.model = table, model or MODELS[table.mapping.kind]
        self.mapping, self.sheet, self.present = table.mapping, table.sheet, table.present
        kinds = {"reading_date": "date", "reading_value": "number"}
        self.kinds = {field: kinds.get(field) or kind_of(self.model, field) for field in self.present}
        self.habits = habits_of(self.sheet, self.mapping, self.present, self.kinds, profile)
        self.literal = replace(self.habits, missing=None)  # a name may be "TBD"
        common = {} if model else read_map(None, self.mapping.kind).fields
        # By field of which a map explains no word: common words, and ours, letter case aside.
        self.words = {
            field: (common[field].known if field in common else {})
            | {one.casefold(): one for one in accepted_at(self.model, (field,)).choices}
            for field, source in self.present.items()
            if field in self.model.model_fields and not source.values
        }
        self.before = dict(existing)
        self.after = dict(existing)
        self.seen: dict[str, int] = {}
        self.folded = {key.casefold(): key for key in existing}
        self.listed: set[str] = set()  # the ids in the table, those of rows left out among them
        self.gone: tuple[str, ...] = ()  # what a register no longer lists, where originals are kept
        self.absent: tuple[str, ...] = ()  # open initiatives that a register which comes again does not list
        self.cells: dict[int, Mapping[str, Cell]] = {}  # of the rows that became entries
        self.columns_of: dict[int, Mapping[str, str]] = {}  # of each of them, the column of each field
        self.without: dict[str, list[str]] = {}  # by id, the fields that the file has no value for
        self.rounded: set[str] = set()  # fields of quarters for which a day stood there
        self.unreadable: list[Fault] = []
        self.left_open: list[Fault] = []
        self.rejected: list[int] = []
        ids = [
            str(cells[column]) for _, cells in self.sheet.rows for column in self._ids() if column in cells
        ]
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

    def read_all(self) -> list[str]:
        """Read every row but those of sums and headings; return which those are, as a sentence."""
        totals = totals_of(self.table, self.habits) if self.model is Initiative else Totals({}, {}, {})
        left_out = {**totals.certain, **totals.headings}
        if self.mapping.totals == "leave out":
            left_out |= {number: fault.found for number, fault in totals.asked.items()}
        asked = {} if self.mapping.totals else totals.asked
        meant = {number for number, _ in self.table.rows}
        for number, cells in self.sheet.rows:
            if number not in meant and "id" in self.present:
                self.note(cells)
        for number, cells in self.table.rows:
            if number in asked:
                self.refuse(number, asked[number])
            elif number not in left_out:
                self.read(number, cells)
        sums = {number: name for number, name in left_out.items() if number not in totals.headings}
        kinds = {"Rows of sums": sums, "Rows of headings": totals.headings}
        return [
            f"{kind}, left out: {listed(f'row {number} ({name})' for number, name in sorted(rows.items()))}."
            for kind, rows in kinds.items()
            if rows
        ]

    def note(self, cells: Mapping[str, Cell]) -> None:
        """Take note of the id of a row that is left out: the table lists it all the same, unless it is another's of that id."""
        with suppress(Unreadable):
            identity, name = (
                read_cell(cells, source, "text", self.literal)[0] if source else None
                for source in (self.present.get("id"), self.present.get("name"))
            )
            if isinstance(identity, str) and not (name and of_another_name(identity, name, self.before, "")):
                self.listed.add(identity)

    def read(self, number: int, cells: Mapping[str, Cell]) -> None:
        """Read one row; what cannot be read is noted, and the row left out only if it cannot do without."""
        values, columns, unread = self.values_of(number, cells)
        self._settle_start(values)
        identity = values.get("id")
        first = self.seen.get(identity) if isinstance(identity, str) else None
        self.listed |= {identity} if isinstance(identity, str) else set()
        if first is not None and "reading_value" not in values:
            self.refuse(number, self._twice(number, cells, columns, values, first))
            return
        if isinstance(identity, str) and (fault := self._namesake(number, identity, values, columns)):
            self.refuse(number, fault)
            return
        row = self._valid(number, values, columns, unread)
        if row is None:
            self.rejected.append(number)
            return
        if first is not None and not self._only_adds_a_reading(row):
            self.refuse(number, self._twice(number, cells, columns, values, first))
            return
        key = row.id  # type: ignore[attr-defined]
        self.seen.setdefault(key, number)
        self.cells[number], self.columns_of[number] = cells, columns
        self.without[key] = [field for field in self.present if field in self.model.model_fields
                             and values.get(field) is None and field not in unread]  # fmt: skip
        if self.mapping.keep_original and isinstance(row, Initiative) and key in self.before:
            row = self._with_originals(row, self.before[key], values)
        self.after[key] = row

    def _settle_start(self, values: dict[str, Any]) -> None:
        """Of one column that is both starts keep the one: when work began, or before when other work does not begin."""
        start, earliest = self.present.get("start"), self.present.get("earliest_start")
        if not (start and earliest and start.column and start.column == earliest.column):
            return
        old = self.after.get(values.get("id", ""))
        begun = values.get("status", getattr(old, "status", None)) not in (None, "proposed")
        values["earliest_start" if begun else "start"] = None

    def _namesake(
        self, number: int, identity: str, values: Mapping[str, Any], columns: Mapping[str, str]
    ) -> Fault | None:
        column = columns.get("id", "")
        place = self.sheet.place(number, column)
        if self.folded.setdefault(identity.casefold(), identity) != identity and identity not in self.after:
            return of_another_case(identity, self.after, place)
        made = "name" in self.present and column in self.present["name"].column
        return of_another_name(identity, values.get("name"), self.before, place) if made else None

    def settle(self) -> None:
        """Settle, of all rows together, who is named like whom, what refers to nothing, and what is no longer listed."""
        self._settle_namesakes()
        self._settle_references()
        self._settle_register()
        self._settle_absent()

    def _settle_namesakes(self) -> None:
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

    def _settle_references(self) -> None:
        """Leave out references to rows that are neither in the table nor in the record, each reported."""
        fields = [field for field, source in self.present.items() if source.references]
        for field in fields:
            for key, number in self.seen.items():
                named = getattr(self.after[key], field)
                there = tuple(id for id in named if id in self.after)
                if there != named:
                    gone = "; ".join(id for id in named if id not in self.after)
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

    def _settle_register(self) -> None:
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

    def _settle_absent(self) -> None:
        """Find the open initiatives that a register which comes again does not list; they are done or stopped if so chosen.

        A register is known again by the rows it shares with the record, and its rows by their source.
        """
        again = [key for key in self.seen if key in self.before]
        if self.model is not Initiative or not again:
            return
        sources = {getattr(self.after[key], "source", None) for key in again}
        self.absent = tuple(
            key
            for key, row in self.before.items()
            if isinstance(row, Initiative)
            and row.is_open
            and key not in self.listed
            and row.source in sources
        )
        if self.mapping.not_listed in ("done", "stopped"):
            for key in self.absent:
                self.after[key] = self.after[key].model_copy(update={"status": self.mapping.not_listed})

    def _says_the_same(self, key: str) -> bool:
        """Whether a row says of an initiative what the record has, its first figures aside."""
        firsts = set(ORIGINALS.values()) - self.present.keys()
        return self.after[key].model_dump(exclude=firsts) == self.before[key].model_dump(exclude=firsts)

    def _twice(
        self,
        number: int,
        cells: Mapping[str, Cell],
        columns: Mapping[str, str],
        values: Mapping[str, Any],
        first: int,
    ) -> Fault:
        allowed = f"each id once (first in row {first})"
        if self.model is Kpi:
            allowed += ", or once more with the reading of another day and otherwise the same"
        place = self.sheet.place(number, columns.get("id", ""))
        column = self._told_apart_by(cells, first)
        remedy = "Remove or rename one of the two rows."
        if column and self.model is not Kpi:
            remedy += (
                f" If rows are parts of one, such as its phases or years, keep one part with --where '{column}=…', or give "
                f"each an id in a map: id: {{column: [{columns.get('id')}, {column}], joined: true, make_id: true}}."
            )
        return Fault(place, values["id"], allowed, remedy)

    def _told_apart_by(self, cells: Mapping[str, Cell], first: int) -> str:
        """Return the first column of words in which two rows differ; "" for none."""
        return next(
            (
                shown(one) for one in self.sheet.header
                if isinstance(cell := cells.get(one), str) and isinstance(other := self.cells[first].get(one), str)
                and cell != other and len(cell) <= _LONGEST_WORDS and not re.search(r"\d", cell + other)
            ),
            "",
        )  # fmt: skip

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
        for field, source in sorted(
            self.present.items(), key=lambda one: one[0] not in ("id", "unit", "renewal")
        ):
            habits = self.literal if field in ("id", "name") else self.habits
            try:
                value, columns[field] = self._span(field, values, cells) or read_cell(
                    cells, source, self._kind(field, values, cells), habits
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
                remedy = _FORMATTED if isinstance(cells.get(column), Figure) else self._remedy(field, found)
                self.unreadable.append(Fault(self.sheet.place(number, column), found, allowed, remedy))
                continue
            value = self._in_our_words(field, value)
            if field in _OF_PEOPLE and isinstance(value, str):
                value = "; ".join(filter(None, map(str.strip, value.splitlines())))
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

    def _remedy(self, field: str, found: str) -> str:
        """Return what to do about a cell that cannot be read, by the keys of a map that would help."""
        kind = self.kinds[field]
        if kind != "text" and found and len(found) <= _LONGEST_WORDS and not re.search(r"[\d#]", found):
            return _NO_VALUE.format(found.replace("'", "''"))
        return _CORRECT.format(_KEYS.get(kind, "values, ignore"))

    def _in_our_words(self, field: str, value: Any) -> Any:
        """Return a word of theirs as ours where a map says nothing of it: it is a common one, or ours in other letters."""
        words = self.words.get(field)
        return (words.get(value.casefold()) or value) if words and isinstance(value, str) else value

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

    def _span(
        self, field: str, values: Mapping[str, Any], cells: Mapping[str, Cell]
    ) -> tuple[float, str] | None:
        """Return the days of notice or years of use of a cell that has its unit, and its column; None for another cell."""
        if field not in _SPANS or self.present[field].unit_factor != 1:
            return None
        column = next((one for one in self.present[field].column if as_shown(cells.get(one, "")).strip()), "")
        text = as_shown(cells.get(column, "")).strip()
        if not re.fullmatch(r"\d+\s*[^\W\d_]+\.?(\(s\))?", text):
            return None
        if field == "life_years":
            return years_of(text), column
        old = self.after.get(values.get("id", ""))
        return days_of_notice(text, values.get("renewal") or getattr(old, "renewal", None)), column

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
                    place = self.sheet.place(number, columns.get(field) or field)
                    fault = fault_of(one, self.model, one["loc"], place)
                    if one["type"] == "literal_error":
                        choice = accepted_at(self.model, one["loc"]).choices[0]
                        said_so = _WORD.format(field=field, found=fault.found.replace("'", "''"), one=choice)
                        fault = replace(fault, remedy=said_so)
                    self.unreadable.append(fault)
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
