"""A record's workbook read back: what it changes, or why it cannot be taken, in the workbook's own words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from toolkit.client.faults import closest, faults_of, listed
from toolkit.client.models import Decision
from toolkit.client.parts import DECISIONS
from toolkit.client.record import Record
from toolkit.client.schema import accepted_at, number_text
from toolkit.client.store import load, read_files, read_record, save
from toolkit.client.tables import write_rows
from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.files import read_named, temporary, write_named, write_new
from toolkit.intake.cell import NOT_COMPUTED, Cell, Figure, PartOfDay, as_shown
from toolkit.intake.document import PREFIX, Document, at, is_blank
from toolkit.intake.document_files import changed_files
from toolkit.intake.import_ import Import
from toolkit.intake.record_workbook import (
    CHOICES,
    GUIDE,
    SEVERAL,
    SHEETS,
    RecordSheet,
    kind_of_cell,
    options_of,
    record_workbook,
    whole_document,
    written,
)
from toolkit.intake.table import LARGEST_FILE, read_raw

_LARGEST_LIST = 1_000_000  # bytes of the part that lists a workbook's sheets
_ERROR = re.compile(r"#[A-Z/0!?]+")
_IN_TABLE = re.compile(r"(\w+)\.csv, row (\d+)(?:, column (\w+))?(.*)", re.DOTALL)
_IN_FACTS = re.compile(r"client\.yaml, (\w+), entry (\d+)(?: \(.*?\))?(?:, field (\w+))?(.*)", re.DOTALL)
_TYPE_AGAIN = "Format the cell as text and type it again."


@dataclass(frozen=True)
class _Lines:
    """What a sheet says: which of its fields it has, and its rows in the document's words, each with its number."""

    present: tuple[str, ...]
    rows: tuple[tuple[int, Document], ...]


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
        raise InputError(found.in_workbook(fault) for fault in error.faults) from None
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
        raise InputError(found.in_workbook(fault) for fault in error.faults) from None
    if found.after.get("decisions", []) != found.before.get("decisions", []):
        files[DECISIONS] = write_rows(Decision, decisions)
    return files


@dataclass(frozen=True)
class _Compared:
    """A workbook beside the record: the document before and after, and where in the file each entry stands.

    Attributes
    ----------
    places : mapping
        Of each sheet the row number of every entry that it holds, in the document's order.
    """

    file: str
    before: Document
    after: Document
    places: Mapping[str, Sequence[int]]
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

    def in_workbook(self, fault: Fault) -> Fault:
        """Return a fault of the record with the place in the workbook that it comes from."""
        match = _IN_TABLE.fullmatch(fault.where) or _IN_FACTS.fullmatch(fault.where)
        if match is None:
            return fault
        first = 2 if ".csv" in fault.where else 1
        sheet = next((one for one in SHEETS if one.path[-1] == match[1] and not one.within), None)
        numbers = self.places.get(sheet.title, ()) if sheet else ()
        at_ = int(match[2]) - first
        if sheet is None or not 0 <= at_ < len(numbers):
            return fault
        column = f", column {sheet.headings.get(match[3], match[3])}" if match[3] else ""
        return replace(fault, where=f"{self.file}, sheet {sheet.title}, row {numbers[at_]}{column}{match[4]}")


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
    lines = {sheet.title: _read(sheet, file, faults) for sheet in SHEETS if sheet.title in there}
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


def _read(sheet: RecordSheet, file: Path, faults: list[Fault]) -> _Lines:
    """Read a sheet's rows; what cannot be read becomes faults."""
    rows = read_raw(file, sheet.title).rows
    where = f"{file.name}, sheet {sheet.title}"
    if not rows:
        faults.append(
            Fault(where, "an empty sheet", f"the headings {listed(sheet.headings.values())}", _HEADINGS)
        )
        return _Lines((), ())
    if sheet.is_group:
        return _group(sheet, rows[1:], where, faults)
    (first, header), *body = rows
    columns = _columns(sheet, header, f"{where}, row {first}", faults)
    lines = []
    for number, cells in body:
        row: Document = {}
        for at_, name in columns.items():
            cell = cells[at_] if at_ < len(cells) else None
            if (value := _value(sheet, name, cell, f"{where}, row {number}", faults)) is not None:
                row[name] = value
        if extra := [cell for at_, cell in enumerate(cells) if at_ not in columns and not is_blank(cell)]:
            allowed = "cells under headings alone"
            remedy = "Give the column one of the headings, or empty the cell."
            faults.append(Fault(f"{where}, row {number}", as_shown(extra[0]), allowed, remedy))
        if row:
            lines.append((number, row))
    return _Lines(tuple(columns.values()), tuple(lines))


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
    sheet: RecordSheet, rows: Sequence[tuple[int, Sequence[Cell]]], where: str, faults: list[Fault]
) -> _Lines:
    """Read a group of fields, a line each."""
    values: Document = {}
    present: list[str] = []
    for number, cells in rows:
        heading = "" if cells[0] is None else str(cells[0]).strip()
        name = _field(sheet, heading)
        if name is None or name in present:
            remedy = f"{closest(heading, sheet.headings.values())}{_HEADINGS}"
            allowed = f"each of these once: {listed(sheet.headings.values())}"
            faults.append(Fault(f"{where}, row {number}", shown(heading), allowed, remedy))
            continue
        present.append(name)
        cell = cells[1] if len(cells) > 1 else None
        if (value := _value(sheet, name, cell, f"{where}, row {number}", faults)) is not None:
            values[name] = value
    return _Lines(tuple(present), ((1, values),))


def _value(sheet: RecordSheet, name: str, cell: Cell, row: str, faults: list[Fault]) -> Any:
    """Return a cell as the document holds its field's value, None for an empty one; a fault where it is none."""
    if is_blank(cell):
        return None
    heading = sheet.headings[name]
    accepted = accepted_at(sheet.model, (name,)) if name else accepted_at(SHEETS[1].model, ("id",))
    refused = _refused(kind_of_cell(sheet.model, name), sheet, name, cell)
    if refused:
        faults.append(
            Fault(
                f"{row}, column {heading}", as_shown(cell), accepted.allowed, f"{refused} {accepted.remedy}"
            )
        )
        return None
    return _document_value(sheet, name, cell)


def _refused(kind: str, sheet: RecordSheet, name: str, cell: Cell) -> str:
    """Say what to do about a cell that is not what it seems; "" for a good one."""
    text = str(cell).strip()
    if text == NOT_COMPUTED or _ERROR.fullmatch(text):
        return "Write the value itself: the cell holds a formula without a result, or one that has failed."
    if isinstance(cell, PartOfDay) or (isinstance(cell, date) and kind != "day"):
        return f"A spreadsheet has made a date or a time of it. {_TYPE_AGAIN}"
    if kind == "day" and isinstance(cell, (int, float)):
        return "The cell holds a number: format it as a date."
    if isinstance(cell, Figure) and kind == "number":
        share = "%" in cell.behind and accepted_at(sheet.model, (name,)).allowed.startswith("a share")
        if cell.scale != 1 or ("%" in cell.behind and not share):
            return "The cell shows another number than it holds: set its format to General."
    return ""


def _document_value(sheet: RecordSheet, name: str, cell: Cell) -> Any:
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
    return text


def _merged(
    before: Document, lines: Mapping[str, _Lines], file: str, faults: list[Fault]
) -> tuple[Document, dict[str, list[int]]]:
    """Return the document that a workbook makes of the record's, and where each entry stands in its sheet."""
    after, places = deepcopy(before), {}
    for sheet in SHEETS:
        if sheet.title not in lines:
            continue
        where = f"{file}, sheet {sheet.title}"
        rows = _rows(sheet, before, lines[sheet.title])
        faults += _faults_of_rows(sheet, rows, where)
        if sheet.owner:
            _put_within(after, before, sheet, rows, where, faults)
            continue
        entries = [row for _, row in rows]
        if sheet.is_group:
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
            places[sheet.title] = [number for number, _ in rows]
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
        kept = {
            name: value for name, value in old.get(_key(sheet, row), {}).items() if name not in lines.present
        }
        out.append((number, kept | row))
    return sorted(out, key=lambda one: order.get(_key(sheet, one[1]), len(order)))


def _free_id(sheet: RecordSheet, taken: set[Any]) -> str:
    prefix, number = PREFIX.get(sheet.path[-1], sheet.model.noun), 1
    while f"{prefix}-{number}" in taken:
        number += 1
    return f"{prefix}-{number}"


def _faults_of_rows(sheet: RecordSheet, rows: Sequence[tuple[int, Document]], where: str) -> Iterator[Fault]:
    """Yield what a sheet's rows may not hold, by the model of a row."""
    for number, row in rows:
        try:
            sheet.model.model_validate({name: value for name, value in row.items() if name})
        except ValidationError as error:
            yield from faults_of(error, sheet.model, partial(_cell_at, sheet, f"{where}, row {number}"))


def _cell_at(sheet: RecordSheet, row: str, loc: Sequence[str | int]) -> str:
    return f"{row}, column {sheet.headings.get(str(loc[0]), loc[0])}" if loc else row


def _put_within(
    after: Document,
    before: Document,
    sheet: RecordSheet,
    rows: Sequence[tuple[int, Document]],
    where: str,
    faults: list[Fault],
) -> None:
    """Put rows into the entries that they belong to; those of an entry that is removed go with it."""
    entries = {one["id"]: one for one in at(after, sheet.path) or ()}
    gone = {one["id"] for one in at(before, sheet.path) or ()} - entries.keys()
    for entry in entries.values():
        entry.pop(sheet.within, None)
    for number, row in rows:
        owner = row.get("", "")
        if owner in entries:
            inner = {name: value for name, value in row.items() if name}
            entries[owner].setdefault(sheet.within, []).append(inner)
        elif owner not in gone:
            remedy = f"{closest(owner, entries)}Write the id of the entry that the row belongs to."
            place = f"{where}, row {number}, column {sheet.owner}"
            faults.append(
                Fault(place, owner or "nothing", f"one of: {listed(entries) or 'none yet'}", remedy)
            )


def _set(document: Document, path: tuple[str, ...], value: Any) -> None:
    """Set what stands at a path; what is blank is left out."""
    if is_blank(value):
        (at(document, path[:-1]) or {}).pop(path[-1], None)
        return
    here = document
    for part in path[:-1]:
        here = here.setdefault(part, {})
    here[path[-1]] = value
