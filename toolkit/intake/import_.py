"""The import itself: a sheet, a map and a record in; what would change, and what could not be read, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from toolkit.client.faults import listed
from toolkit.client.parts import FACTS
from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import BEGUN_ONLY, Facts
from toolkit.client.store import read_files, read_record, save
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import Fault, InputError, Place, shown
from toolkit.intake.mapping import MODELS, MappedTable, NotListed, Source, mapped_table
from toolkit.intake.merge_counts import count_answers
from toolkit.intake.merge_rows import Reader
from toolkit.intake.row_remarks import remarks_on, samples
from toolkit.intake.table import Sheet
from toolkit.intake.table_layout import open_table
from toolkit.intake.unknown_columns import known_columns, remember_columns, with_columns
from toolkit.words import joined

MOST_ROWS = 10_000  # of a list
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
        Where in the file an entry of the record comes from, in words, by :attr:`~toolkit.errors.Place.row`.
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
    rows: int
    files: Mapping[str, bytes]
    sheet: str = ""
    elsewhere: int = 0
    mapped: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    unreadable: tuple[Fault, ...] = ()
    rejected: tuple[int, ...] = ()
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    places: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)
    unused: tuple[Fault, ...] = ()
    left_open: tuple[Fault, ...] = ()
    changes: tuple[tuple[str, str, str, str], ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def without_memory(self, what: str, trouble: str) -> Import:
        """Return the import as one of which ``what`` was learnt could not be remembered."""
        return replace(self, remarks=(*self.remarks, f"{what} could not be remembered: {shown(trouble)}."))

    def told(self, fault: Fault) -> Fault:
        """Return a fault of the record as it would be with the file's place beside the record's."""
        source = self.places.get(fault.where.row) if isinstance(fault.where, Place) else None
        return replace(
            fault,
            where=f"{source} (as {fault.where})" if source else fault.where,
            remedy=_NOT_BEGUN if self.kind == "initiatives" and fault.allowed == BEGUN_ONLY else fault.remedy,
        )


def ids_of(states: Mapping[str, str], state: str) -> tuple[str, ...]:
    """Return the ids, of all with their states, that are in one."""
    return tuple(key for key, its in states.items() if its == state)


@dataclass(frozen=True)
class ImportTarget:
    """The client that an import goes into: its files as they were read, and the record that they are."""

    clients: Path
    slug: str
    files: Mapping[str, bytes]
    record: Record

    @classmethod
    def of(cls, clients: Path, slug: str) -> ImportTarget:
        """Read a client's record; errors as those of :mod:`toolkit.client.store`."""
        files = read_files(clients, slug)
        return cls(clients, slug, files, read_record(slug, files))

    def take(self, done: Import, dry_run: bool, told: Callable[[Fault], Fault] | None = None) -> None:
        """Check the record as an import would leave it, in a dry run too, then write it.

        Parameters
        ----------
        told : callable or None
            What is said of a fault of that record; empty means :meth:`Import.told`.

        Raises
        ------
        InputError
            With every contradiction; nothing is written then.
        ConflictError
            When the record changed on disk meanwhile.
        """
        try:
            read_record(self.slug, {**self.files, **done.files})
        except InputError as error:
            raise InputError(map(told or done.told, error.faults)) from None
        if done.files and not dry_run:
            save(self.clients, self.slug, done.files, self.files)


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
    target = ImportTarget.of(clients, slug)
    table = open_table(file, kind, map_file, sheet)
    options = {"keep_original": keep_original, "totals": totals, "dates": dates, "not_listed": not_listed}
    mapping = table.mapping.model_copy(update={name: said for name, said in options.items() if said})
    known = {} if map_file or kind == "aggregates" else known_columns(clients, slug, kind)
    mapping, used = with_columns(mapping, table.sheet, known | dict(columns or {}))
    remarks = (*table.remarks, *_about_chosen(kind, used))
    mapped = mapped_table(target.record, replace(table, mapping=mapping, remarks=remarks), where)
    done = _counted(target.record, mapped) if kind == "aggregates" else _merged(target.record, mapped)
    done = replace(done, unknown=tuple(heading for heading in done.dropped if heading not in used))
    if done.unreadable and not partial:
        raise InputError(done.unreadable)
    target.take(done, dry_run)
    trouble = remember_columns(clients, slug, kind, known | dict(columns)) if columns and not dry_run else ""
    return done.without_memory("What the columns are", trouble) if trouble else done


def _about_chosen(kind: str, used: Mapping[str, str]) -> list[str]:
    """Say which columns are read as was chosen for them."""
    if not used:
        return []
    chosen = (
        f"{shown(theirs)} → {ours}" if ours else f"{shown(theirs)} not used" for theirs, ours in used.items()
    )
    return [f"Columns as chosen, and remembered in maps/{kind}.yaml: {listed(chosen)}."]


def _counted(record: Record, table: MappedTable) -> Import:
    """Return what counted answers do to a record."""
    counted = count_answers(record, table)
    return replace(
        _outcome(record, table, counted.states),
        files=counted.files, unreadable=tuple(counted.unreadable), rejected=tuple(counted.rejected), places=counted.places,
        remarks=(*table.remarks, *table.sheet.remarks, *counted.remarks),
    )  # fmt: skip


def _merged(record: Record, table: MappedTable) -> Import:
    """Return what the rows of a list do to a record."""
    kind = table.mapping.kind
    if len(table.rows) > MOST_ROWS:
        raise InputError([_too_many(table.sheet, len(table.rows))])
    existing: dict[str, BaseModel] = {row.id: row for row in _recorded(record, kind)}
    if lacking := _needed(MODELS[kind], table.present, existing):
        raise InputError([_lacking(table, lacking)])
    reader = Reader(table, existing, record.facts.profile)
    left_out = reader.read_all()
    reader.settle()
    return replace(
        _outcome(record, table, reader.states),
        files=_files(record, kind, reader) if reader.changes else {}, unreadable=tuple(reader.unreadable),
        rejected=tuple(reader.rejected), remarks=(*table.remarks, *table.sheet.remarks, *left_out, *remarks_on(reader, record)),
        places=_places(kind, reader), left_open=tuple(reader.left_open), changes=tuple(reader.changes_of()),
        samples=samples(reader),
    )  # fmt: skip


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


def _lacking(table: MappedTable, fields: Sequence[str]) -> Fault:
    """Return the one fault of a table, or its map, that has no column for what every row needs."""
    sheet, used = table.sheet, {column for source in table.present.values() for column in source.column}
    free = [heading for heading in sheet.header if heading and heading not in used]
    example = ", ".join(
        f"{field}: {{column: HEADING{', make_id: true' if field == 'id' else ''}}}" for field in fields
    )
    remedy = (
        f"Add to the map's fields, with their headings: {example}."
        if table.strict
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


def _recorded(record: Record, kind: str) -> tuple[Any, ...]:
    """Return the rows of a list of the record, which is in ``client.yaml`` or a file of its own."""
    rows: tuple[Any, ...] = getattr(record.facts if kind in Facts.model_fields else record, kind)
    return rows


def _files(record: Record, kind: str, reader: Reader) -> dict[str, bytes]:
    rows: list[Any] = list(reader.after.values())
    if kind in Facts.model_fields:
        return {"client.yaml": dump_facts(record.facts.model_copy(update={kind: tuple(rows)}))}
    model: Any = reader.model
    return {f"{kind}.csv": write_rows(model, rows)}


def _places(kind: str, reader: Reader) -> dict[tuple[str | int, ...], str]:
    home = (FACTS, kind) if kind in Facts.model_fields else (f"{kind}.csv",)
    return {
        (*home, index): reader.sheet.place(reader.seen[key])
        for index, key in enumerate(reader.after)
        if key in reader.seen
    }


def _outcome(record: Record, table: MappedTable, states: Mapping[str, str]) -> Import:
    """Return an import of a table as far as the table and its map tell it, and which ids are new, changed or unchanged."""
    sheet, mapping = table.sheet, table.mapping
    counted = mapping.counts
    used = {column for source in table.present.values() for column in source.column} | set(mapping.where)
    used |= {column for source in mapping.labels.values() for column in source.column}
    used |= set(mapping.only.column) if mapping.only else set()
    pairs = [
        (field, (" with " if source.joined else " or ").join(source.column) or f"always {source.constant}")
        for field, source in table.present.items()
    ]
    if counted:
        used |= (
            set(counted.answers.values())
            | {counted.base or ""}
            | ({counted.whole_minus_part.column} if counted.whole_minus_part else set())
        )
        pairs += [(f"count of {answer}", column) for answer, column in sorted(counted.answers.items())]
    return Import(
        kind=mapping.kind, slug=record.slug, file=sheet.file, sheet=sheet.name, rows=len(sheet.rows), files={},
        elsewhere=len(sheet.rows) - len(table.rows), mapped=tuple(pairs),
        dropped=tuple(heading for heading in sheet.header if heading and heading not in used),
        new=ids_of(states, "new"), changed=ids_of(states, "changed"), unchanged=ids_of(states, "unchanged"),
    )  # fmt: skip
