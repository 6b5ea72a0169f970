"""The import itself: a sheet, a map and a record in; what would change, and what could not be read, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from toolkit.errors import Fault, InputError
from toolkit.intake.counting import count_answers
from toolkit.intake.map_file import ImportMap, read_map
from toolkit.intake.merging import READING, Reader
from toolkit.intake.sheets import Sheet, read_sheet

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
    sheet = read_sheet(file, mapping.sheet, mapping.encoding, mapping.delimiter)
    done = prepare(record, mapping, sheet, _conditions(mapping, where))
    if done.unreadable and not partial:
        raise InputError(done.unreadable)
    if not dry_run and done.files:
        save(clients, slug, done.files, before)
    return done


def _conditions(mapping: ImportMap, where: Sequence[str]) -> dict[str, tuple[str, ...]]:
    out = dict(mapping.where)
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
        out[column.strip()] = (value.strip(),)
    return out


def prepare(record: Record, mapping: ImportMap, sheet: Sheet, where: Mapping[str, Sequence[str]]) -> Import:
    """Work out what an import does to a record; nothing is written."""
    _check_columns(sheet, mapping, where)
    kept = tuple(
        (number, cells)
        for number, cells in sheet.rows
        if all(str(cells.get(column, "")).strip() in values for column, values in where.items())
    )
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
    reader = Reader(model, mapping, sheet, present, existing)
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


def _check_columns(sheet: Sheet, mapping: ImportMap, where: Mapping[str, Sequence[str]]) -> None:
    faults = []
    for column in where:
        if column not in sheet.header:
            faults.append(
                Fault(
                    sheet.place(1),
                    f"no column {column}",
                    f"one of: {listed(sheet.header)}{closest(column, sheet.header)}",
                    "Correct the column after --where or in the map's where.",
                )
            )
    fields = (
        (*MODELS[mapping.kind].model_fields, *READING)
        if mapping.kind in MODELS
        else ("round", "group", "question")
    )
    for field in mapping.fields:
        if field not in fields:
            faults.append(
                Fault(
                    f"the map, field {field}",
                    field,
                    f"one of: {listed(fields)}{closest(field, fields)}",
                    "Correct the field's name in the map.",
                )
            )
    if faults:
        raise InputError(faults)


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
