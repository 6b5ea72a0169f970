"""A record's workbook read back: what it changes, or why it cannot be taken, in the workbook's own words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from toolkit.client.faults import closest, faults_of, listed
from toolkit.client.models import Decision
from toolkit.client.parts import DECISIONS
from toolkit.client.record import Record
from toolkit.client.schema import accepted_at, is_amount, number_text
from toolkit.client.store import load, read_files, read_record, save
from toolkit.client.tables import write_rows
from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.files import read_named, temporary, write_named, write_new
from toolkit.intake.amount import shown_number
from toolkit.intake.cell import Cell, Figure, NoValue, PartOfDay, Unreadable, as_shown, number_kept
from toolkit.intake.document import PREFIX, Document, at, is_blank
from toolkit.intake.document_files import changed_files
from toolkit.intake.importing import Import
from toolkit.intake.record_workbook import (
    CHOICES,
    GROUP_HEADINGS,
    GUIDE,
    SEVERAL,
    SHEETS,
    RecordSheet,
    is_share,
    kind_of_cell,
    options_of,
    record_workbook,
    whole_document,
    written,
)
from toolkit.intake.table import LARGEST_FILE, read_raw
from toolkit.intake.typed_value import typed

_LARGEST_LIST = 1_000_000  # bytes of the part that lists a workbook's sheets
_IN_TABLE = re.compile(r"(\w+)\.csv, row (\d+)(?:, column (\w+))?(.*)", re.DOTALL)
_ENTRY = r"entry (\d+)(?: \(.*?\))?"
_IN_FACTS = re.compile(
    rf"client\.yaml, (?:field )?(\w+)(?:, {_ENTRY})?(?:, (\w+), {_ENTRY})?(?:, field (\w+))?(.*)", re.DOTALL
)
_LIST = re.compile(r"client\.yaml, (\w+)|(\w+)\.csv")
_TWICE = ", which also stands in "
_TYPE_AGAIN = "Format the cell as text and type it again."


@dataclass(frozen=True)
class _Lines:
    """What a sheet says: which of its fields it has, and its rows in the document's words, each with its number.

    Attributes
    ----------
    numbers : mapping
        Of a group of fields, the row of each.
    """

    present: tuple[str, ...]
    rows: tuple[tuple[int, Document], ...]
    numbers: Mapping[str, int] = field(default_factory=dict)


def export_record(clients: Path, slug: str, to: Path | None = None) -> Path:
    """Write a client's record as a workbook (left out: ``<slug>.xlsx`` in this folder); return where.

    Raises
    ------
    InputError
        When the record has faults, or holds a text that a workbook cannot.
    AlignError
        When the file cannot be written.
    """
    record = load(clients, slug)
    target, data = to or Path(f"{slug}.xlsx"), record_workbook(record)
    try:
        with temporary(".export-", target.parent) as aside:
            write_new(aside, target.name, data)
            _refuse_what_is_lost(_compared(record, aside / target.name), target.name)
        write_named(target, data)
    except OSError as error:
        raise AlignError(
            f"The workbook {shown(target)} could not be written ({error.strerror}).\n"
            "  do:      Name a file in a folder that exists, closed in other programs, and try again."
        ) from error
    return target


def _refuse_what_is_lost(found: _Compared, file: str) -> None:
    remedy = "Write it without line breaks and characters that no spreadsheet shows, then export again."
    lost = [
        Fault(f"{file}, {where}, {heading}", was, "text that a workbook gives back as it is", remedy)
        for where, heading, was, _ in found.changes
    ]
    if lost:
        raise InputError(lost)


def import_record(clients: Path, slug: str, file: Path, dry_run: bool = False) -> Import:
    """Take a record's workbook back: rows added, changed and removed; a sheet or column that is not there stays as it was.

    Raises
    ------
    InputError
        With every cell that cannot be read, then every contradiction; nothing is written then.
    ConflictError
        When the record changed on disk meanwhile.
    """
    before = read_files(clients, slug)
    record = read_record(slug, before)
    found = _compared(record, file)
    files = _files(record, found)
    try:
        read_record(slug, {**before, **files})
    except InputError as error:
        raise InputError(found.told(error.faults)) from None
    if not dry_run and files:
        save(clients, slug, files, before)
    chosen = {
        state: tuple(one for one, its in found.states if its == state)
        for state in ("new", "changed", "removed")
    }
    remarks = [*found.remarks]
    if chosen["removed"]:
        remarks.append(f"Removed: {len(chosen['removed'])} ({listed(chosen['removed'])})")
    if not files:
        remarks.append("The workbook says what the record says: nothing changes.")
    return Import(
        kind="record", slug=slug, file=file.name, sheet="", rows=found.count, elsewhere=0, mapped=(), dropped=(), unreadable=(),
        rejected=(), new=chosen["new"], changed=chosen["changed"], unchanged=(), files=files, remarks=tuple(remarks),
        changes=found.changes,
    )  # fmt: skip


def _files(record: Record, found: _Compared) -> dict[str, bytes]:
    """Return the record's files that the workbook changes."""
    decisions = tuple(Decision.model_validate(row) for row in found.after.get("decisions", ()))
    try:
        files = changed_files(replace(record, decisions=decisions), found.before, found.after)
    except InputError as error:
        raise InputError(found.told(error.faults)) from None
    if found.after.get("decisions", []) != found.before.get("decisions", []):
        files[DECISIONS] = write_rows(Decision, decisions)
    return files


_Place = tuple[str | int, ...]


@dataclass(frozen=True)
class _Compared:
    """A workbook beside the record: the document before and after, and where in the file each entry stands.

    Attributes
    ----------
    places : mapping
        Of each sheet the row number of every entry that it holds, by its place in the document: its index, behind the
        id of the entry that it belongs to; of a group of fields, by field.
    """

    file: str
    before: Document
    after: Document
    places: Mapping[str, Mapping[_Place, int]]
    remarks: tuple[str, ...]
    count: int

    @property
    def states(self) -> list[tuple[str, str]]:
        """What is new, changed or removed, by sheet and key."""
        out = []
        for sheet in SHEETS:
            old, new = (_by_key(sheet, document) for document in (self.before, self.after))
            out += [
                (_called(sheet, key), "changed" if key in old else "new")
                for key in new
                if old.get(key) != new[key]
            ]
            out += [(_called(sheet, key), "removed") for key in old if key not in new]
        return out

    @property
    def changes(self) -> tuple[tuple[str, str, str, str], ...]:
        """What changes: sheet and key, heading, what it was and what it becomes."""
        return tuple(
            (_called(sheet, key), sheet.headings[name], _said(sheet, name, was.get(name)), _said(sheet, name, is_.get(name)))
            for sheet in SHEETS
            for old, new in [(_by_key(sheet, self.before), _by_key(sheet, self.after))]
            for key in dict.fromkeys([*old, *new])
            for was, is_ in [(old.get(key, {}), new.get(key, {}))]
            for name in sheet.headings
            if was.get(name) != is_.get(name)
        )  # fmt: skip

    def told(self, faults: Iterable[Fault]) -> list[Fault]:
        """Return faults of the record in the workbook's words, with the places in it that they come from."""
        return [self._told(fault) for fault in faults]

    def _told(self, fault: Fault) -> Fault:
        where = self._where(fault.where)
        found, mark, other = fault.found.partition(_TWICE)
        allowed, remedy = _in_sheets(fault.allowed), _in_sheets(fault.remedy)
        if where == fault.where:
            remedy = f"{remedy} No sheet holds this: it contradicts what was changed in one."
        return Fault(where, f"{found}{mark}{self._where(other)}", allowed, remedy)

    def _where(self, text: str) -> str:
        """Return a place of the record's files as the workbook's; as it is where no sheet has it."""
        if match := _IN_TABLE.fullmatch(text):
            (name, row, column, rest), within = match.groups(), None
            place: _Place = (int(row) - 2,)
        elif match := _IN_FACTS.fullmatch(text):
            name, outer, within, inner, column, rest = match.groups()
            if outer and column in {one.within for one in SHEETS if one.within and one.path[-1] == name}:
                within, inner, column = column, "1", ""
            place = self._place(name, outer, within, inner, column)
        else:
            return text
        sheet = next((one for one in SHEETS if (one.path[-1], one.within) == (name, within or "")), None)
        if sheet is None:
            return text
        number = self.places.get(sheet.title, {}).get(place)
        where = f"{self.file}, sheet {sheet.title}" + ("" if number is None else f", row {number}")
        return f"{_cell(sheet, where, column) if column else where}{rest}"

    def _place(
        self, name: str, outer: str | None, within: str | None, inner: str | None, column: str
    ) -> _Place:
        """Return the place in the document that a fault of ``client.yaml`` names."""
        if outer and inner:
            return at(self.after, ("facts", name))[int(outer) - 1]["id"], int(inner) - 1
        number = inner or outer
        return (int(number) - 1,) if number else (column,)


def _in_sheets(text: str) -> str:
    """Return a text that names lists of the record by their files as the workbook names them."""
    titles = {one.path[-1]: one.title for one in SHEETS if not one.within}

    def sheet(match: re.Match[str]) -> str:
        title = titles.get(match[1] or match[2])
        return f"sheet {title}" if title else match[0]

    return _LIST.sub(sheet, text)


def _cell(sheet: RecordSheet, row: str, name: str) -> str:
    """Return how a fault names a cell: by its column's heading, in a group of fields by the field's."""
    heading = sheet.headings.get(name, name)
    return f"{row} ({heading})" if sheet.is_group else f"{row}, column {heading}"


def _by_key(sheet: RecordSheet, document: Document) -> dict[tuple[str, ...], Document]:
    return {_key(sheet, row): row for row in sheet.rows(document)}


def _key(sheet: RecordSheet, row: Document) -> tuple[str, ...]:
    return tuple(str(row.get(name, "")) for name in sheet.key)


def _called(sheet: RecordSheet, key: tuple[str, ...]) -> str:
    return f"{sheet.title}: {', '.join(filter(None, key))}" if any(key) else sheet.title


def _said(sheet: RecordSheet, name: str, value: Any) -> str:
    held = written(sheet.model, name, value)
    return "" if held is None else number_text(float(held)) if isinstance(held, (int, float)) else str(held)


def _compared(record: Record, file: Path) -> _Compared:
    """Read a workbook beside a record; InputError with every cell that cannot be read."""
    faults: list[Fault] = []
    there = _names(file)
    currency = record.facts.profile.currency or ""
    lines = {sheet.title: _read(sheet, file, currency, faults) for sheet in SHEETS if sheet.title in there}
    before = whole_document(record)
    after, places = _merged(before, lines, file.name, faults)
    if faults:
        raise InputError(faults)
    strange = [name for name in there if name not in (GUIDE, CHOICES, *lines)]
    absent = [sheet.title for sheet in SHEETS if sheet.title not in lines]
    remarks = [f"Sheets not read: {listed(strange)}."] if strange else []
    remarks += [f"Not in the workbook, and left as it is: {listed(absent)}."] if absent else []
    return _Compared(
        file.name, before, after, places, tuple(remarks), sum(len(one.rows) for one in lines.values())
    )


def _names(file: Path) -> list[str]:
    """Return the names of a workbook's sheets; InputError when it is none, or none that was exported."""
    read_raw(file)  # refuses what could do harm
    allowed, remedy = (
        "a workbook that “align export” has written",
        "Export the record, edit that workbook, and import it.",
    )
    data = read_named(file, LARGEST_FILE, allowed, remedy, remedy)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/workbook.xml") as part:
            root = fromstring(part.read(_LARGEST_LIST))
        names = [one.get("name", "") for one in root.iter() if one.tag.rpartition("}")[2] == "sheet"]
    except Exception as error:  # a damaged archive or XML raises whatever its reader does
        raise InputError(
            [Fault(file.name, f"no workbook ({type(error).__name__})", allowed, remedy)]
        ) from None
    if not {sheet.title for sheet in SHEETS} & set(names):
        raise InputError(
            [Fault(file.name, f"the sheets {listed(names)}", f"{allowed}, with sheets such as Goals", remedy)]
        )
    return names


def _read(sheet: RecordSheet, file: Path, currency: str, faults: list[Fault]) -> _Lines:
    """Read a sheet's rows; what cannot be read becomes faults."""
    rows = read_raw(file, sheet.title).rows
    where = f"{file.name}, sheet {sheet.title}"
    if not rows:
        faults.append(
            Fault(where, "an empty sheet", f"the headings {listed(sheet.headings.values())}", _HEADINGS)
        )
        return _Lines((), ())
    if sheet.is_group:
        return _group(sheet, rows, currency, where, faults)
    (first, header), *body = rows
    columns = _columns(sheet, header, f"{where}, row {first}", faults)
    lines = []
    for number, cells in body:
        row: Document = {}
        for at_, name in columns.items():
            cell = cells[at_] if at_ < len(cells) else None
            if (value := _value(sheet, name, cell, currency, f"{where}, row {number}", faults)) is not None:
                row[name] = value
        if extra := [cell for at_, cell in enumerate(cells) if at_ not in columns and not is_blank(cell)]:
            faults.append(_beside(f"{where}, row {number}", extra[0]))
        if row:
            lines.append((number, row))
    return _Lines(tuple(columns.values()), tuple(lines))


def _beside(row: str, cell: Cell) -> Fault:
    remedy = "Give the column one of the headings, or empty the cell."
    return Fault(row, as_shown(cell), "cells under headings alone", remedy)


_HEADINGS = (
    "Write the headings as they were exported, or take the whole sheet out to leave its list as it is."
)


def _columns(sheet: RecordSheet, header: Sequence[Cell], where: str, faults: list[Fault]) -> dict[int, str]:
    """Return the field of each column by its heading, or by the field's own name."""
    columns: dict[int, str] = {}
    for at_, cell in enumerate(header):
        heading = "" if cell is None else str(cell).strip()
        name = _field(sheet, heading)
        if name is None and heading:
            remedy = f"{closest(heading, sheet.headings.values())}{_HEADINGS}"
            faults.append(
                Fault(
                    where,
                    f"the heading {shown(heading)}",
                    f"one of: {listed(sheet.headings.values())}",
                    remedy,
                )
            )
        elif name in columns.values():
            faults.append(
                Fault(
                    where,
                    f"the heading {shown(heading)} twice",
                    "each heading once",
                    "Remove or rename one of them.",
                )
            )
        elif name is not None:
            columns[at_] = name
    for name in sheet.key:
        if name not in columns.values():
            heading = sheet.headings[name]
            faults.append(Fault(where, f"no heading {heading}", "what tells rows apart", _HEADINGS))
    return columns


def _field(sheet: RecordSheet, heading: str) -> str | None:
    folded = heading.casefold()
    return next(
        (name for name, text in sheet.headings.items() if heading and folded in (text.casefold(), name)), None
    )


def _group(
    sheet: RecordSheet,
    rows: Sequence[tuple[int, Sequence[Cell]]],
    currency: str,
    where: str,
    faults: list[Fault],
) -> _Lines:
    """Read a group of fields, a line each."""
    values: Document = {}
    numbers: dict[str, int] = {}
    for number, cells in rows:
        heading = "" if cells[0] is None else str(cells[0]).strip()
        if number == rows[0][0] and heading == GROUP_HEADINGS[0]:
            continue
        name = _field(sheet, heading)
        if extra := [cell for cell in cells[2:] if not is_blank(cell)]:
            faults.append(_beside(f"{where}, row {number}", extra[0]))
        if name is None or name in numbers:
            remedy = f"{closest(heading, sheet.headings.values())}{_HEADINGS}"
            allowed = f"each of these once: {listed(sheet.headings.values())}"
            faults.append(Fault(f"{where}, row {number}", shown(heading), allowed, remedy))
            continue
        numbers[name] = number
        cell = cells[1] if len(cells) > 1 else None
        if (value := _value(sheet, name, cell, currency, f"{where}, row {number}", faults)) is not None:
            values[name] = value
    return _Lines(tuple(numbers), ((1, values),), numbers)


def _value(sheet: RecordSheet, name: str, cell: Cell, currency: str, row: str, faults: list[Fault]) -> Any:
    """Return a cell as the document holds its field's value, None for an empty one; a fault where it is none."""
    if is_blank(cell):
        return None
    accepted = accepted_at(sheet.model, (name,)) if name else accepted_at(SHEETS[1].model, ("id",))
    refused = _refused(sheet, name, cell, currency)
    if refused:
        faults.append(
            Fault(_cell(sheet, row, name), as_shown(cell), accepted.allowed, f"{refused} {accepted.remedy}")
        )
        return None
    return _document_value(sheet, name, cell, currency)


def _kind_typed(sheet: RecordSheet, name: str) -> str:
    """Return the kind by which a text in a field's cell is read as a number or a day; "" where it stays text."""
    kind = kind_of_cell(sheet.model, name)
    if kind == "number":
        share = is_share(sheet.model, name)
        return "money" if is_amount(sheet.model, name) else "share" if share else "number"
    return "date" if kind == "day" else ""


def _refused(sheet: RecordSheet, name: str, cell: Cell, currency: str) -> str:
    """Say what to do about a cell that is not what it seems; "" for a good one."""
    kind = kind_of_cell(sheet.model, name)
    if isinstance(cell, NoValue):
        return "Write the value itself: the cell holds a formula without a result, or one that has failed."
    if isinstance(cell, PartOfDay) or (isinstance(cell, date) and kind != "day"):
        return f"A spreadsheet has made a date or a time of it. {_TYPE_AGAIN}"
    if kind == "day" and isinstance(cell, (int, float)):
        return "The cell holds a number: format it as a date."
    if isinstance(cell, Figure) and kind == "number":
        try:
            shows = shown_number(cell, _kind_typed(sheet, name), currency, 1)
        except Unreadable as error:
            return f"The cell shows more than a number: {error}. Set its format to General."
        if shows != Decimal(repr(float(cell))):
            return "The cell shows another number than it holds: set its format to General."
    return ""


def _document_value(sheet: RecordSheet, name: str, cell: Cell, currency: str) -> Any:
    """Return a good cell as the document holds its field's value."""
    kind = kind_of_cell(sheet.model, name)
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day).isoformat()
    if kind == "number" and isinstance(cell, (int, float)):
        return number_text(float(cell))
    text = as_shown(cell).strip()
    if kind == "choice":
        values = {label.casefold(): value for label, value in options_of(sheet.model, name)}
        return values.get(text.casefold(), text)
    if kind == "several":
        pieces = [piece.strip() for piece in text.split("\n" if "\n" in text else SEVERAL.strip())]
        return [piece for piece in pieces if piece]
    if kind == "pairs":
        pairs = [piece.rpartition(":") for piece in text.split(SEVERAL.strip()) if piece.strip()]
        named = {one.strip(): number.strip() for one, mark, number in pairs if mark}
        return (
            named if len(named) == len(pairs) else text
        )  # else it is no list of pairs, and the checks say so
    return typed(text, _kind_typed(sheet, name), currency)


def _merged(
    before: Document, lines: Mapping[str, _Lines], file: str, faults: list[Fault]
) -> tuple[Document, dict[str, dict[_Place, int]]]:
    """Return the document that a workbook makes of the record's, and where each entry stands in its sheet."""
    after = deepcopy(before)
    places: dict[str, dict[_Place, int]] = {}
    for sheet in SHEETS:
        if sheet.title not in lines:
            continue
        where = f"{file}, sheet {sheet.title}"
        rows = _rows(sheet, before, lines[sheet.title])
        refused = {fault.where for fault in faults}
        invalid = _faults_of_rows(sheet, rows, lines[sheet.title].numbers, where)
        faults += [fault for fault in invalid if fault.where not in refused]
        if sheet.owner:
            places[sheet.title] = _put_within(after, before, sheet, rows, where, faults)
            continue
        places[sheet.title] = {(index,): number for index, (number, _) in enumerate(rows)}
        entries = [row for _, row in rows]
        if sheet.is_group:
            places[sheet.title] = {(name,): number for name, number in lines[sheet.title].numbers.items()}
            inside = {
                name: value
                for name, value in (at(before, sheet.path) or {}).items()
                if name not in sheet.headings
            }
            _set(after, sheet.path, entries[0] | inside)
        elif sheet.within:
            _set(after, (*sheet.path, sheet.within), entries)
        else:
            old = {_key(sheet, one): one for one in at(before, sheet.path) or ()}
            hidden = (
                {n: v for n, v in old.get(_key(sheet, row), {}).items() if n not in sheet.headings}
                for row in entries
            )
            _set(after, sheet.path, [row | more for row, more in zip(entries, hidden, strict=True)])
    return after, places


def _rows(sheet: RecordSheet, before: Document, lines: _Lines) -> list[tuple[int, Document]]:
    """Return a sheet's rows with what its missing columns leave as it was, those on record first, in their order."""
    old = _by_key(sheet, before)
    order = {key: number for number, key in enumerate(old)}
    taken = {row.get("id") for _, row in lines.rows} | {row.get("id") for row in old.values()}
    out = []
    for number, row in lines.rows:
        if sheet.model.key == ("id",) and "id" not in row:
            row = {"id": _free_id(sheet, taken), **row}
            taken.add(row["id"])
        was = old.get(_key(sheet, row), {})
        kept = {
            name: value
            for name, value in was.items()
            if name not in lines.present
            or _in_workbook(sheet, name, value) == row.get(name, _where_empty(sheet, name))
        }
        out.append((number, row | kept))
    return sorted(out, key=lambda one: order.get(_key(sheet, one[1]), len(order)))


def _in_workbook(sheet: RecordSheet, name: str, value: Any) -> Any:
    """Return a field's value on record as it comes back from a workbook: to 15 figures, with its own line breaks."""
    if kind_of_cell(sheet.model, name) == "number":
        return number_text(float(number_kept(float(value))))
    return re.sub("\r\n?", "\n", value) if isinstance(value, str) else value


def _where_empty(sheet: RecordSheet, name: str) -> Any:
    """Return what an empty cell means for a field that is never without a value; None for any other."""
    default = sheet.model.model_fields[name].default if name else None
    if isinstance(default, (int, float)):
        return number_text(float(default))
    return default if isinstance(default, str) else None


def _free_id(sheet: RecordSheet, taken: set[Any]) -> str:
    prefix, number = PREFIX.get(sheet.path[-1], sheet.model.noun), 1
    while f"{prefix}-{number}" in taken:
        number += 1
    return f"{prefix}-{number}"


def _faults_of_rows(
    sheet: RecordSheet, rows: Sequence[tuple[int, Document]], numbers: Mapping[str, int], where: str
) -> Iterator[Fault]:
    """Yield what a sheet's rows may not hold, by the model of a row."""
    for number, row in rows:
        try:
            sheet.model.model_validate({name: value for name, value in row.items() if name})
        except ValidationError as error:
            yield from faults_of(error, sheet.model, partial(_cell_at, sheet, where, number, numbers))


def _cell_at(
    sheet: RecordSheet, where: str, row: int, numbers: Mapping[str, int], loc: Sequence[str | int]
) -> str:
    name = str(loc[0]) if loc else ""
    line = f"{where}, row {numbers.get(name, row)}"
    return _cell(sheet, line, name) if name else line


def _put_within(
    after: Document,
    before: Document,
    sheet: RecordSheet,
    rows: Sequence[tuple[int, Document]],
    where: str,
    faults: list[Fault],
) -> dict[_Place, int]:
    """Put rows into the entries that they belong to, and return where they stand; those of an entry that is removed go with it.

    Where entries are new as well, one of them may be the removed one with another id: then nothing goes unseen.
    """
    entries = {one["id"]: one for one in at(after, sheet.path) or ()}
    old = {one["id"] for one in at(before, sheet.path) or ()}
    gone = set() if entries.keys() - old else old - entries.keys()
    places: dict[_Place, int] = {}
    for entry in entries.values():
        entry.pop(sheet.within, None)
    for number, row in rows:
        owner = row.get("", "")
        if owner in entries:
            inner = entries[owner].setdefault(sheet.within, [])
            places[owner, len(inner)] = number
            inner.append({name: value for name, value in row.items() if name})
        elif owner not in gone:
            remedy = f"{closest(owner, entries)}Write the id of the entry that the row belongs to."
            place = f"{where}, row {number}, column {sheet.owner}"
            faults.append(
                Fault(place, owner or "nothing", f"one of: {listed(entries) or 'none yet'}", remedy)
            )
    return places


def _set(document: Document, path: tuple[str, ...], value: Any) -> None:
    """Set what stands at a path; what is blank is left out."""
    if is_blank(value):
        (at(document, path[:-1]) or {}).pop(path[-1], None)
        return
    here = document
    for part in path[:-1]:
        here = here.setdefault(part, {})
    here[path[-1]] = value
