"""The import itself: a sheet, a map and a record in; what would change, and what could not be read, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from toolkit.client.faults import listed
from toolkit.client.models import Facts, Initiative
from toolkit.client.record import Record
from toolkit.client.store import read_files, read_record, save
from toolkit.client.tables import write_rows
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import Fault, InputError
from toolkit.intake.columns import (
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
from toolkit.intake.counting import count_answers
from toolkit.intake.map_file import ImportMap
from toolkit.intake.merging import Reader
from toolkit.intake.services import open_table
from toolkit.intake.sheets import Sheet
from toolkit.intake.total_rows import Totals, totals_of

MOST_ROWS = 10_000  # of a list


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


def import_file(
    clients: Path,
    kind: str,
    slug: str,
    file: Path,
    map_file: Path | None = None,
    where: Sequence[str] = (),
    *,
    partial: bool = False,
    dry_run: bool = False,
    keep_original: bool = False,
    totals: Literal["", "leave out", "keep"] = "",
    dates: Literal["", "day first", "month first"] = "",
) -> Import:
    """Import a table into a client's record.

    Parameters
    ----------
    map_file : Path or None
        A map, or the name of the tool whose export it is; without it the headings tell.
    where : sequence of str
        ``COLUMN=VALUE``: keep only such rows; added to the map's own.
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

    Raises
    ------
    InputError
        When the file, the map or, without ``partial``, any cell cannot be read; nothing is written then.
    ConflictError
        When the record changed on disk meanwhile.
    """
    before = read_files(clients, slug)
    record = read_record(slug, before)
    mapping, sheet, remarks, strict = open_table(file, kind, map_file)
    mapping = mapping.model_copy(
        update={
            "keep_original": keep_original or mapping.keep_original,
            "totals": totals or mapping.totals,
            "dates": dates or mapping.dates,
        }
    )
    conditions = conditions_of(mapping, where)
    only = only_of(sheet, mapping, conditions)
    if only:
        remarks.append(f"Only rows with {only[0]}={' or '.join(only[1])}; --where chooses others.")
    done = prepare(record, mapping, sheet, [*conditions, *([only] if only else [])], strict)
    done = replace(done, remarks=(*remarks, *done.remarks))
    if done.unreadable and not partial:
        raise InputError(done.unreadable)
    _check(slug, {**before, **done.files}, done)
    if not dry_run and done.files:
        save(clients, slug, done.files, before)
    return done


def _check(slug: str, files: Mapping[str, bytes], done: Import) -> None:
    """Check the record as it would be, in a dry run too; faults name the file's row beside the record's."""
    try:
        read_record(slug, files)
    except InputError as error:
        raise InputError(
            replace(one, where=_source_of(one.where, done.places)) for one in error.faults
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
        return _outcome(
            record,
            mapping,
            sheet,
            len(kept),
            counted.unreadable,
            counted.rejected,
            counted.states,
            counted.files,
            counted.remarks,
            counted.places,
        )
    present = present_fields(sheet, mapping)
    if not present:
        raise InputError([_nothing_mapped(sheet, mapping)])
    if len(kept) > MOST_ROWS:
        raise InputError([_too_many(sheet, len(kept))])
    model = MODELS[mapping.kind]
    existing: dict[str, BaseModel] = {one.id: one for one in _recorded(record, mapping.kind)}
    reader = Reader(model, mapping, sheet, present, existing, record.facts.profile)
    remarks = _read_rows(reader, sheet, kept, mapping)
    remarks += _quarters_of_days(reader)
    reader.settle_namesakes()
    reader.settle_references()
    reader.settle_register()
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
        [*remarks, *_no_longer_listed(reader)],
        _places(mapping.kind, reader),
    )
    return replace(done, left_open=tuple(reader.left_open), changes=tuple(reader.changes_of()))


def _read_rows(reader: Reader, sheet: Sheet, kept: Kept, mapping: ImportMap) -> list[str]:
    """Read every row but those of sums; return which those are, as a sentence."""
    totals = totals_of(sheet, kept, reader) if reader.model is Initiative else Totals({}, {})
    left_out = dict(totals.certain)
    if mapping.totals == "leave out":
        left_out |= {number: fault.found for number, fault in totals.asked.items()}
    asked = {} if mapping.totals else totals.asked
    for number, cells in kept:
        if number in asked:
            reader.refuse(number, asked[number])
        elif number not in left_out:
            reader.read(number, cells)
    rows = listed(f"row {number} ({name})" for number, name in sorted(left_out.items()))
    return [f"Rows of sums, left out: {rows}."] if left_out else []


def _quarters_of_days(reader: Reader) -> list[str]:
    """Say what became of days that stand where a quarter is kept."""
    said = {
        "deadline": "a deadline is the last quarter that ends by its day",
        "earliest_start": "an earliest start the first quarter that begins on its day or later",
    }
    told = [said[field] for field in said if field in reader.rounded]
    return [f"Days where quarters are kept: {' and '.join(told)}."] if told else []


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


def _nothing_mapped(sheet: Sheet, mapping: ImportMap) -> Fault:
    names = listed(name for source in mapping.fields.values() for name in source.column)
    return Fault(
        sheet.place(1),
        f"the columns {listed(sheet.header)}",
        f"columns that the map reads: {names}",
        "Give a map with --map that names this table's columns.",
    )


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
        (field, " or ".join(source.column) or f"always {source.constant}")
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
