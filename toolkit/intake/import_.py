"""The import itself: a sheet, a map and a record in; what would change, and what could not be read, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from toolkit.client.faults import listed
from toolkit.client.models import BEGUN_ONLY, Facts, Initiative
from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.store import read_files, read_record, save
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.column_match import (
    MODELS,
    Condition,
    Kept,
    as_headed,
    check_columns,
    conditions_of,
    in_currency,
    kept_rows,
    only_of,
    present_fields,
)
from toolkit.intake.habits import decimals_remark
from toolkit.intake.mapping import ImportMap, Source
from toolkit.intake.merge_counts import count_answers
from toolkit.intake.merge_rows import Reader
from toolkit.intake.register import NotListed, beside_the_record, samples
from toolkit.intake.table import Sheet
from toolkit.intake.table_layout import RUNNING_NUMBER, as_compared, open_table
from toolkit.intake.total_rows import Totals, totals_of
from toolkit.intake.unknown_columns import known_columns, remember_columns, with_columns
from toolkit.words import joined

MOST_ROWS = 10_000  # of a list
_CALLED_ID = re.compile(
    r"(?:^|\W)(?:id|no|nr|ref|reference|number|code|key|identifier|référence|numéro|nummer|kennung)\W*$", re.I
)
_NOT_BEGUN = (
    "Say in a map's fields earliest_start: HEADING instead of start where these are days before which nothing begins, "
    "both for one HEADING where the status tells which it is, or status: {constant: in progress} where all of it has "
    "begun; --make-map MAP.yaml writes a map to begin with."
)


@dataclass(frozen=True)
class Import:
    """What an import does, before or after it is written.

    Attributes
    ----------
    rows : int
        Rows found; ``elsewhere`` of them are left out by ``where`` or the map's ``only``.
    mapped : tuple of (str, str)
        Our field and the columns it is read from.
    dropped : tuple of str
        Columns that no field is read from.
    unreadable : tuple of Fault
        Cells and rows that could not be read, row by row.
    rejected : tuple of int
        Rows left out, because a field they need could not be read.
    new, changed, unchanged : tuple of str
        Ids, or for counted answers group and question.
    files : mapping
        The record's files as they would be written.
    remarks : tuple of str
        What else should be known, as sentences.
    places : mapping
        Where in the file an entry of the record comes from, both in words.
    unused : tuple of Fault
        Columns and rows of a survey that nothing was read from, and why.
    left_open : tuple of Fault
        Cells whose own words say that there is no value ("TBD"), or none to the day ("2027").
    changes : tuple of (str, str, str, str)
        Of what changes: id, field, what it was and what it becomes.
    samples : mapping
        By our field, some cells as the file has them with what was read of them.
    unknown : tuple of str
        Headings of columns that nothing was read from and of which nobody has said that they are not used.
    """

    kind: str
    slug: str
    file: str
    sheet: str
    rows: int
    elsewhere: int
    mapped: tuple[tuple[str, str], ...]
    dropped: tuple[str, ...]
    unreadable: tuple[Fault, ...]
    rejected: tuple[int, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    files: Mapping[str, bytes]
    remarks: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[Fault, ...] = ()
    left_open: tuple[Fault, ...] = ()
    changes: tuple[tuple[str, str, str, str], ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def import_file(
    clients: Path,
    kind: str,
    slug: str,
    file: Path,
    map_file: Path | None = None,
    where: Sequence[str] = (),
    *,
    sheet: str = "",
    partial: bool = False,
    dry_run: bool = False,
    keep_original: bool = False,
    totals: Literal["", "leave out", "keep"] = "",
    dates: Literal["", "day first", "month first"] = "",
    not_listed: NotListed = "",
    columns: Mapping[str, str] | None = None,
) -> Import:
    """Import a table into a client's record.

    Parameters
    ----------
    map_file : Path or None
        A map, or the name of the tool whose export it is; without it the headings tell.
    where : sequence of str
        ``COLUMN=VALUE``: keep only such rows; added to the map's own.
    sheet : str
        A workbook's sheet, before the map's; without either the first that is not hidden.
    partial : bool
        Leave unreadable cells missing and rows without a needed field out, instead of refusing.
    dry_run : bool
        Change nothing.
    keep_original : bool
        As in a map: each initiative's first known cost and completion date stay as its original ones.
    totals : str
        As in a map: whether rows that may be a sum, a mean or a note are left out or kept.
    dates : str
        As in a map: what comes first in figures whose column does not show it.
    not_listed : str
        As in a map: what becomes of open initiatives of the record that the file does not list.
    columns : mapping or None
        Where no map is given: their heading → our field, "" for none. It is remembered for the client's next tables.

    Raises
    ------
    InputError
        When the file, the map or, without ``partial``, any cell cannot be read; nothing is written then.
    ConflictError
        When the record changed on disk meanwhile.
    """
    before = read_files(clients, slug)
    record = read_record(slug, before)
    mapping, table, remarks, strict = open_table(file, kind, map_file, sheet)
    strict = strict and not mapping.signs  # a tool's map, corrected or not, names what some exports leave out
    options = {"keep_original": keep_original, "totals": totals, "dates": dates, "not_listed": not_listed}
    mapping = mapping.model_copy(update={name: said for name, said in options.items() if said})
    known = {} if map_file or kind == "aggregates" else known_columns(clients, slug, kind)
    mapping, used = with_columns(mapping, table, known | dict(columns or {}))
    if used:
        remarks.append(
            f"Columns as chosen, and remembered in maps/{kind}.yaml: {listed(f'{shown(theirs)} → {ours}' if ours else f'{shown(theirs)} not used' for theirs, ours in used.items())}."
        )
    conditions = conditions_of(table, mapping, where)
    only = only_of(table, mapping, conditions)
    if only:
        remarks.append(f"Only rows with {only[0]}={' or '.join(only[1])}; --where chooses others.")
    done = prepare(record, mapping, table, [*conditions, *([only] if only else [])], strict)
    unknown = tuple(one for one in done.dropped if one not in used)
    done = replace(done, remarks=(*remarks, *done.remarks), unknown=unknown)
    if done.unreadable and not partial:
        raise InputError(done.unreadable)
    _check(slug, {**before, **done.files}, done)
    if dry_run:
        return done
    if done.files:
        save(clients, slug, done.files, before)
    trouble = remember_columns(clients, slug, kind, known | dict(columns)) if columns else ""
    told = f"What the columns are could not be remembered: {shown(trouble)}."
    return replace(done, remarks=(*done.remarks, told)) if trouble else done


def _check(slug: str, files: Mapping[str, bytes], done: Import) -> None:
    """Check the record as it would be, in a dry run too; faults name the file's row beside the record's."""
    try:
        read_record(slug, files)
    except InputError as error:
        raise InputError(
            replace(
                one,
                where=_source_of(one.where, done.places),
                remedy=_NOT_BEGUN if done.kind == "initiatives" and one.allowed == BEGUN_ONLY else one.remedy,
            )
            for one in error.faults
        ) from None


def _source_of(where: str, places: Mapping[str, str]) -> str:
    begin = re.match(r"[^,]+, (?:\w+, entry|row) \d+", where)
    return f"{places[begin[0]]} (as {where})" if begin and begin[0] in places else where


def prepare(
    record: Record, mapping: ImportMap, sheet: Sheet, where: Sequence[Condition], strict: bool
) -> Import:
    """Work out what an import does to a record; nothing is written.

    Parameters
    ----------
    strict : bool
        Whether a field none of whose columns is there is a fault; the shipped maps name many.
    """
    mapping = _of_the_latest_round(
        record, in_currency(sheet, as_headed(sheet, mapping), record.facts.profile.currency), sheet
    )
    check_columns(sheet, mapping, where, strict)
    kept = kept_rows(sheet, where)
    if mapping.kind == "aggregates":
        counted = count_answers(record, mapping, sheet, kept)
        return _outcome(record, mapping, sheet, len(kept), counted.unreadable, counted.rejected, counted.states,
                        counted.files, counted.remarks, counted.places)  # fmt: skip
    present = present_fields(sheet, mapping)
    if len(kept) > MOST_ROWS:
        raise InputError([_too_many(sheet, len(kept))])
    model = MODELS[mapping.kind]
    existing: dict[str, BaseModel] = {one.id: one for one in _recorded(record, mapping.kind)}
    if lacking := _needed(model, present, existing):
        raise InputError([_lacking(sheet, mapping, lacking, strict)])
    reader = Reader(model, mapping, sheet, present, existing, record.facts.profile)
    remarks = _read_rows(reader, sheet, kept, mapping)
    remarks += decimals_remark(reader.habits)
    remarks += _quarters_of_days(reader)
    remarks += _about_keys(mapping, sheet, present)
    reader.settle_namesakes()
    reader.settle_references()
    reader.settle_register()
    remarks += beside_the_record(reader, mapping.not_listed, record.facts.profile.currency)
    files = _files(record, mapping.kind, reader) if reader.changes else {}
    done = _outcome(
        record,
        mapping,
        sheet,
        len(kept),
        reader.unreadable,
        reader.rejected,
        reader.states,
        files,
        [*remarks, *_done_later(reader, record), *_no_longer_listed(reader)],
        _places(mapping.kind, reader),
    )
    return replace(
        done, left_open=tuple(reader.left_open), changes=tuple(reader.changes_of()), samples=samples(reader)
    )


def _read_rows(reader: Reader, sheet: Sheet, kept: Kept, mapping: ImportMap) -> list[str]:
    """Read every row but those of sums and headings; return which those are, as a sentence."""
    totals = totals_of(sheet, kept, reader) if reader.model is Initiative else Totals({}, {}, {})
    left_out = {**totals.certain, **totals.headings}
    if mapping.totals == "leave out":
        left_out |= {number: fault.found for number, fault in totals.asked.items()}
    asked = {} if mapping.totals else totals.asked
    read = {number for number, _ in kept}
    for number, cells in sheet.rows:
        if number not in read and "id" in reader.present:
            reader.note(cells)
    for number, cells in kept:
        if number in asked:
            reader.refuse(number, asked[number])
        elif number not in left_out:
            reader.read(number, cells)
    sums = {number: name for number, name in left_out.items() if number not in totals.headings}
    kinds = {"Rows of sums": sums, "Rows of headings": totals.headings}
    return [
        f"{kind}, left out: {listed(f'row {number} ({name})' for number, name in sorted(rows.items()))}."
        for kind, rows in kinds.items()
        if rows
    ]


def _quarters_of_days(reader: Reader) -> list[str]:
    """Say what became of days that stand where a quarter is kept."""
    said = {
        "deadline": "a deadline is the last quarter that ends by its day",
        "earliest_start": "an earliest start the first quarter that begins on its day or later",
    }
    told = [said[field] for field in said if field in reader.rounded]
    return [f"Days where quarters are kept: {' and '.join(told)}."] if told else []


def _about_keys(mapping: ImportMap, sheet: Sheet, present: Mapping[str, Source]) -> list[str]:
    """Say where ids are made of the names that a running number is not taken for one, or which column may be the key."""
    names = present["name"].column if "name" in present else ()
    running = [one for one in sheet.header if one and as_compared(one) == RUNNING_NUMBER]
    if "id" not in present or any(one not in names for one in present["id"].column):
        return []
    if not running:
        return [] if mapping.service else _about_other_keys(sheet, present)
    return [
        f"{shown(running[0])} numbers the rows of this export and may change in the next: ids are made of the names. "
        f"If it stays with a row, say so in a map (id: {running[0]})."
    ]


def _about_other_keys(sheet: Sheet, present: Mapping[str, Source]) -> list[str]:
    """Say which column that is called an id holds another in each row, where ids are made of the names."""
    used = {column for source in present.values() for column in source.column}
    keys = [
        one for one in sheet.header
        if one and one not in used and _CALLED_ID.search(one.replace("_", " "))
        and len({str(cells[one]).strip().casefold() for _, cells in sheet.rows if one in cells}) == len(sheet.rows) > 1
    ]  # fmt: skip
    return [
        f"Ids are made of the names, and a name that changes is another row. {shown(one)} holds another text in each row: if "
        f"it stays with a row, say so in a map (id: {{column: {shown(one)}, make_id: true}})."
        for one in keys[:1]
    ]


def _done_later(reader: Reader, record: Record) -> list[str]:
    """Say which work is called done although it ends after the latest round's date."""
    day = max((one.as_of for one in record.facts.rounds), default=None)
    rows = [one for key in reader.seen if isinstance(one := reader.after[key], Initiative)]
    late = [one.id for one in rows if day and one.status == "done" and one.finish and one.finish > day]
    if not late:
        return []
    return [
        f"Called done, with an end after {day}, the latest round’s date: {listed(late)}. Correct the status or the end "
        "date, or begin a round of a later date."
    ]


def _no_longer_listed(reader: Reader) -> list[str]:
    if not reader.gone:
        return []
    return [
        f"No longer listed: {len(reader.gone)} of the record’s initiatives ({listed(reader.gone)}). They stay as they are, "
        "and count neither for slip nor for growth. A register of other work needs a source of its own in its map."
    ]


def _too_many(sheet: Sheet, rows: int) -> Fault:
    remedy = "Keep those that are meant with --where, or split the file."
    return Fault(sheet.place(1), f"{rows:,} rows", f"at most {MOST_ROWS:,} rows", remedy)


def _needed(
    model: type[BaseModel], present: Mapping[str, Source], existing: Mapping[str, BaseModel]
) -> list[str]:
    """Return the fields that every row needs and no column gives; of what the record has, the id is enough."""
    lacking = [
        name for name, field in model.model_fields.items() if field.is_required() and name not in present
    ]
    return lacking if "id" in lacking or not existing else []


def _lacking(sheet: Sheet, mapping: ImportMap, fields: Sequence[str], strict: bool) -> Fault:
    """Return the one fault of a table, or its map, that has no column for what every row needs."""
    free = [one for one in sheet.header if one and one not in _used(sheet, mapping)]
    example = ", ".join(
        f"{field}: {{column: HEADING{', make_id: true' if field == 'id' else ''}}}" for field in fields
    )
    remedy = (
        f"Add to the map's fields, with their headings: {example}."
        if strict
        else f"Give a map with --map that has among its fields: {example}; --make-map MAP.yaml writes one to begin with."
    )
    return Fault(
        sheet.place(1),
        f"no column for {joined(fields, 'or')}; columns that are not read: {listed(free)}"
        if free
        else f"no column for {joined(fields, 'or')}",
        "a column for the id and one for the name of each row, or one for both",
        f"{remedy} {sheet.others}".strip(),
    )


def _used(sheet: Sheet, mapping: ImportMap) -> set[str]:
    return {column for source in present_fields(sheet, mapping).values() for column in source.column}


def _recorded(record: Record, kind: str) -> tuple[Any, ...]:
    """Return the rows of a list of the record, which is in ``client.yaml`` or a file of its own."""
    rows: tuple[Any, ...] = getattr(record.facts if kind in Facts.model_fields else record, kind)
    return rows


def _of_the_latest_round(record: Record, mapping: ImportMap, sheet: Sheet) -> ImportMap:
    """Return a map of rows that belong to a round with the latest as theirs, where no column says which."""
    source = mapping.fields.get("round")
    if (
        mapping.kind not in ("actions", "decisions")
        or source is None
        or any(one in sheet.header for one in source.column)
    ):
        return mapping
    latest = source.model_copy(update={"column": (), "constant": record.round().id})
    return mapping.model_copy(update={"fields": {**mapping.fields, "round": latest}})


def _files(record: Record, kind: str, reader: Reader) -> dict[str, bytes]:
    rows: list[Any] = list(reader.after.values())
    if kind in Facts.model_fields:
        return {"client.yaml": dump_facts(record.facts.model_copy(update={kind: tuple(rows)}))}
    model: Any = reader.model
    return {f"{kind}.csv": write_rows(model, rows)}


def _places(kind: str, reader: Reader) -> dict[str, str]:
    form, first = (
        (f"client.yaml, {kind}, entry {{}}", 1)
        if kind in Facts.model_fields
        else (f"{kind}.csv, row {{}}", 2)
    )
    return {
        form.format(number): reader.sheet.place(reader.seen[key])
        for number, key in enumerate(reader.after, start=first)
        if key in reader.seen
    }


def _outcome(
    record: Record, mapping: ImportMap, sheet: Sheet, kept: int, unreadable: Sequence[Fault], rejected: Sequence[int], states: Mapping[str, str],
    files: Mapping[str, bytes], remarks: Sequence[str], places: Mapping[str, str],
) -> Import:  # fmt: skip
    present = present_fields(sheet, mapping)
    counted = mapping.counts
    used = {column for source in present.values() for column in source.column} | set(mapping.where)
    used |= {column for source in mapping.labels.values() for column in source.column}
    used |= set(mapping.only.column) if mapping.only else set()
    pairs = [
        (field, (" with " if source.joined else " or ").join(source.column) or f"always {source.constant}")
        for field, source in present.items()
    ]
    if counted:
        used |= (
            set(counted.answers.values())
            | {counted.base or ""}
            | ({counted.whole_minus_part.column} if counted.whole_minus_part else set())
        )
        pairs += [(f"count of {answer}", column) for answer, column in sorted(counted.answers.items())]
    chosen = {
        state: tuple(key for key, one in states.items() if one == state)
        for state in ("new", "changed", "unchanged")
    }
    return Import(mapping.kind, record.slug, sheet.file, sheet.name, len(sheet.rows), len(sheet.rows) - kept, tuple(pairs),
                  tuple(column for column in sheet.header if column and column not in used), tuple(unreadable), tuple(rejected),
                  chosen["new"], chosen["changed"], chosen["unchanged"], files, (*sheet.remarks, *remarks), places)  # fmt: skip
