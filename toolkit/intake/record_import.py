"""A record's workbook read back: what it changes, or why it cannot be taken, in the workbook's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from toolkit.client.faults import closest, faults_of, listed
from toolkit.client.field_types import number_text
from toolkit.client.parts import DECISIONS, FACTS, TABLES
from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Decision
from toolkit.client.store import load
from toolkit.errors import AlignError, Fault, InputError, Place, shown
from toolkit.files import temporary, write_named, write_new
from toolkit.intake.cell import number_kept
from toolkit.intake.document import PREFIX, Document, at, is_blank
from toolkit.intake.document_files import changed_files
from toolkit.intake.import_ import Import, ImportTarget
from toolkit.intake.record_lines import Lines, cell_place, lines_of, sheet_names
from toolkit.intake.record_workbook import (
    CHOICES,
    GUIDE,
    SHEETS,
    RecordSheet,
    kind_of_cell,
    record_workbook,
    whole_document,
    written,
)

_LIST = re.compile(r"client\.yaml, (\w+)|(\w+)\.csv")


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


def _refuse_what_is_lost(compared: _Compared, file: str) -> None:
    remedy = "Write it without line breaks and characters that no spreadsheet shows, then export again."
    lost = [
        Fault(f"{file}, {where}, {heading}", was, "text that a workbook gives back as it is", remedy)
        for where, heading, was, _ in compared.changes
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
    target = ImportTarget.of(clients, slug)
    compared = _compared(target.record, file)
    new, changed, removed = (
        tuple(name for name, its in compared.states if its == state)
        for state in ("new", "changed", "removed")
    )
    files = _files(target.record, compared)
    remarks = [*compared.remarks]
    if removed:
        remarks.append(f"Removed: {len(removed)} ({listed(removed)})")
    if not files:
        remarks.append("The workbook says what the record says: nothing changes.")
    done = Import(
        kind="record", slug=slug, file=file.name, rows=compared.count, files=files, new=new, changed=changed, remarks=tuple(remarks),
        changes=compared.changes,
    )  # fmt: skip
    target.take(done, dry_run, compared.told)
    return done


def _files(record: Record, compared: _Compared) -> dict[str, bytes]:
    """Return the record's files that the workbook changes."""
    decisions = tuple(Decision.model_validate(row) for row in compared.after.get("decisions", ()))
    try:
        files = changed_files(replace(record, decisions=decisions), compared.before, compared.after)
    except InputError as error:
        raise InputError(map(compared.told, error.faults)) from None
    if compared.after.get("decisions", []) != compared.before.get("decisions", []):
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

    def told(self, fault: Fault) -> Fault:
        """Return a fault of the record in the workbook's words, with the place in it that it comes from."""
        where, found = self._where(fault.where), fault.found
        allowed, remedy = _in_sheets(fault.allowed), _in_sheets(fault.remedy)
        if where == fault.where:
            remedy = f"{remedy} No sheet holds this: it contradicts what was changed in one."
        elif isinstance(fault.where, Place) and (before := fault.where.before):
            found = f"{found.removesuffix(before)}{self._where(before)}"
        return Fault(where, found, allowed, remedy)

    def _where(self, where: str) -> str:
        """Return a place of the record's files as the workbook's; as it is where no sheet has it."""
        if not isinstance(where, Place) or where.file not in (FACTS, *TABLES):
            return where
        steps = [*where.steps]
        name = TABLES[where.file][0] if where.file in TABLES else str(steps.pop(0)[0]) if steps else ""
        outer = steps.pop(0)[0] if steps and _is_index(steps[0]) else None
        within, inner = (
            (steps.pop(0)[0], steps.pop(0)[0]) if len(steps) > 1 and _is_index(steps[1]) else ("", None)
        )
        column = str(steps.pop(0)[0]) if steps and steps[0][0] != steps[0][1] else ""
        if outer is not None and column in {
            one.within for one in SHEETS if one.within and one.path[-1] == name
        }:
            within, inner, column = column, 0, ""
        sheet = next((one for one in SHEETS if (one.path[-1], one.within) == (name, within)), None)
        if sheet is None:
            return where
        if outer is not None and inner is not None:
            outer = at(self.after, ("facts", name))[outer]["id"]
        keys = tuple(key for key in (outer, inner) if key is not None) or (column,)
        number = self.places.get(sheet.title, {}).get(keys)
        row = f"{self.file}, sheet {sheet.title}" + ("" if number is None else f", row {number}")
        return ", ".join([cell_place(sheet, row, column) if column else row, *(words for _, words in steps)])


def _is_index(step: tuple[str | int, str]) -> bool:
    return isinstance(step[0], int)


def _in_sheets(text: str) -> str:
    """Return a text that names lists of the record by their files as the workbook names them."""
    titles = {one.path[-1]: one.title for one in SHEETS if not one.within}

    def sheet(match: re.Match[str]) -> str:
        title = titles.get(match[1] or match[2])
        return f"sheet {title}" if title else match[0]

    return _LIST.sub(sheet, text)


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
    there = sheet_names(file)
    currency = record.facts.profile.currency or ""
    lines = {sheet.title: lines_of(sheet, file, currency, faults) for sheet in SHEETS if sheet.title in there}
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


def _merged(
    before: Document, lines: Mapping[str, Lines], file: str, faults: list[Fault]
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


def _rows(sheet: RecordSheet, before: Document, lines: Lines) -> list[tuple[int, Document]]:
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
    return cell_place(sheet, line, name) if name else line


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
            remedy = f"{closest(owner, entries)}Write the id of the entry that the row belongs to, or remove the row."
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
