"""The import itself: a sheet, a map and a record in; what would change, and what could not be read, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from toolkit.client.facts import Facts, Kpi
from toolkit.client.faults import closest, listed
from toolkit.client.record import Record
from toolkit.client.store import read_files, read_record, save
from toolkit.client.tables import write_rows
from toolkit.client.work import Initiative
from toolkit.client.yaml_files import dump_facts
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.counting import count_answers
from toolkit.intake.map_file import ImportMap, Source, read_map
from toolkit.intake.merging import READING, Reader
from toolkit.intake.sheets import Sheet, read_sheet

MOST_FAULTS = 500
Condition = tuple[str, Sequence[str]]  # a column, and the values its cell may have
MODELS: dict[str, type[BaseModel]] = {"initiatives": Initiative, "kpis": Kpi}


@dataclass(frozen=True)
class Import:
    """What an import does, before or after it is written.

    Attributes
    ----------
    rows : int
        Rows found; ``elsewhere`` of them belong to others by ``where``.
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
) -> Import:
    """Import a table into a client's record.

    Parameters
    ----------
    where : sequence of str
        ``COLUMN=VALUE``: keep only such rows; added to the map's own.
    partial : bool
        Leave unreadable cells missing and rows without a needed field out, instead of refusing.
    dry_run : bool
        Change nothing.

    Raises
    ------
    InputError
        When the file, the map or, without ``partial``, any cell cannot be read; nothing is written then.
    ConflictError
        When the record changed on disk meanwhile.
    """
    before = read_files(clients, slug)
    record = read_record(slug, before)
    mapping = read_map(map_file, kind)
    strict = map_file is not None
    sheet = read_sheet(file, mapping.sheet, mapping.encoding, mapping.delimiter)
    done = prepare(record, mapping, sheet, _conditions(mapping, where), strict)
    if done.unreadable and not partial:
        raise InputError(_at_most(done.unreadable))
    _check(slug, {**before, **done.files}, done)
    if not dry_run and done.files:
        save(clients, slug, done.files, before)
    return done


def _at_most(faults: Sequence[Fault]) -> list[Fault]:
    """Return the first 500 faults, and one that says how many more there are."""
    if len(faults) <= MOST_FAULTS:
        return list(faults)
    more = f"{len(faults) - MOST_FAULTS:,} more faults"
    remedy = "Correct those above, then import again."
    return [*faults[:MOST_FAULTS], Fault("the rest of the file", more, "a file that can be read", remedy)]


def _check(slug: str, files: Mapping[str, bytes], done: Import) -> None:
    """Check the record as it would be, in a dry run too; faults name the file's row beside the record's."""
    try:
        read_record(slug, files)
    except InputError as error:
        raise InputError(replace(one, where=_source_of(one.where, done.places)) for one in error.faults) from None


def _source_of(where: str, places: Mapping[str, str]) -> str:
    begin = re.match(r"[^,]+, (?:kpis, entry|row) \d+", where)
    return f"{places[begin[0]]} (as {where})" if begin and begin[0] in places else where


def _conditions(mapping: ImportMap, where: Sequence[str]) -> list[Condition]:
    """Return what must hold of a row; values named for one column on the command line are alternatives."""
    out: dict[str, tuple[str, ...]] = {}
    for one in where:
        column, equals, value = one.partition("=")
        if not equals:
            raise InputError(
                [
                    Fault(
                        "align import, --where",
                        one,
                        "COLUMN=VALUE",
                        "Write the column's name, an equals sign and the value.",
                    )
                ]
            )
        out[column.strip()] = (*out.get(column.strip(), ()), value.strip())
    return [*mapping.where.items(), *out.items()]


def prepare(
    record: Record, mapping: ImportMap, sheet: Sheet, where: Sequence[Condition], strict: bool
) -> Import:
    """Work out what an import does to a record; nothing is written.

    Parameters
    ----------
    strict : bool
        Whether a field none of whose columns is there is a fault; the shipped maps name many.
    """
    _check_columns(sheet, mapping, where, strict)
    kept = tuple(
        (number, cells)
        for number, cells in sheet.rows
        if all(str(cells.get(column, "")).strip() in values for column, values in where)
    )
    if where and sheet.rows and not kept:
        raise InputError([_nobody(sheet, where)])
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
        )
    present = _present(sheet, mapping)
    if not present:
        names = listed(name for source in mapping.fields.values() for name in source.column)
        raise InputError(
            [
                Fault(
                    sheet.place(1),
                    f"the columns {listed(sheet.header)}",
                    f"columns that the map reads: {names}",
                    "Give a map with --map that names this table's columns.",
                )
            ]
        )
    model = MODELS[mapping.kind]
    existing: dict[str, BaseModel] = {
        one.id: one for one in (record.initiatives if model is Initiative else record.facts.kpis)
    }
    reader = Reader(model, mapping, sheet, present, existing, record.facts.profile.currency)
    for number, cells in kept:
        reader.read(number, cells)
    files = _files(record, reader) if reader.changes else {}
    return _outcome(
        record, mapping, sheet, len(kept), reader.unreadable, reader.rejected, reader.states, files, []
    )


def _present(sheet: Sheet, mapping: ImportMap) -> dict[str, Any]:
    """Return the fields whose columns the table has, each with those columns only."""
    out = {}
    for field, source in mapping.fields.items():
        columns = tuple(column for column in source.column if column in sheet.header)
        if columns or source.constant is not None:
            out[field] = source.model_copy(update={"column": columns})
    return out


def _nobody(sheet: Sheet, where: Sequence[Condition]) -> Fault:
    """Return the fault of conditions that no row meets."""
    wanted = " and ".join(f"{column}={' or '.join(values)}" for column, values in where)
    column, values = where[-1]
    there = list(dict.fromkeys(str(cells.get(column, "")).strip() for _, cells in sheet.rows))
    remedy = f"{closest(values[0], there)}Correct the value after --where or in the map's where."
    return Fault(
        f"{sheet.file}, column {shown(column)}", f"no row with {wanted}", f"one of: {listed(there)}", remedy
    )


def _check_columns(sheet: Sheet, mapping: ImportMap, where: Sequence[Condition], strict: bool) -> None:
    faults = [_absent(sheet, field, source) for field, source in {**mapping.fields, **mapping.labels}.items()
              if strict and source.column and not set(source.column) & set(sheet.header)]  # fmt: skip
    for column, _ in where:
        if column not in sheet.header:
            faults.append(
                Fault(
                    sheet.place(1),
                    f"no column {shown(column)}",
                    f"one of: {listed(sheet.header)}",
                    f"{closest(column, sheet.header)}Correct the column after --where or in the map's where.",
                )
            )
    fields = (
        (*MODELS[mapping.kind].model_fields, *READING)
        if mapping.kind in MODELS
        else ("round", "group", "question")
    )
    for name in mapping.fields:
        if name not in fields:
            faults.append(
                Fault(
                    f"the map, field {shown(name)}",
                    name,
                    f"one of: {listed(fields)}",
                    f"{closest(name, fields)}Correct the field's name in the map.",
                )
            )
    if faults:
        raise InputError(faults)


def _absent(sheet: Sheet, field: str, source: Source) -> Fault:
    return Fault(
        f"the map, {shown(field)}",
        f"no column {' or '.join(map(shown, source.column))} in {sheet.file}",
        f"one of: {listed(name for name in sheet.header if name)}",
        f"{closest(source.column[0], sheet.header)}Correct the column in the map, or remove the field.",
    )


def _files(record: Record, reader: Reader) -> dict[str, bytes]:
    rows = list(reader.after.values())
    if reader.model is Initiative:
        return {"initiatives.csv": write_rows(Initiative, rows)}  # type: ignore[type-var]
    facts: Facts = record.facts.model_copy(update={"kpis": tuple(rows)})
    return {"client.yaml": dump_facts(facts)}


def _outcome(
    record: Record, mapping: ImportMap, sheet: Sheet, kept: int, unreadable: Sequence[Fault], rejected: Sequence[int], states: Mapping[str, str],
    files: Mapping[str, bytes], remarks: Sequence[str],
) -> Import:  # fmt: skip
    present = _present(sheet, mapping)
    counted = mapping.counts
    used = {column for source in present.values() for column in source.column} | set(mapping.where)
    used |= {column for source in mapping.labels.values() for column in source.column}
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
                  tuple(column for column in sheet.header if column not in used), tuple(unreadable), tuple(rejected),
                  chosen["new"], chosen["changed"], chosen["unchanged"], files, tuple(remarks))  # fmt: skip
