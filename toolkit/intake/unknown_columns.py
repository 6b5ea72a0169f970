"""Columns that no map knows: what they may be, what was chosen for them, remembered for the client's next table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from toolkit.client.faults import closest, listed
from toolkit.client.field_types import Row
from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.intake.mapping import MODELS, ImportMap, Source, fields_of, kind_of, present_fields, unit_of
from toolkit.intake.survey_layout import read_export
from toolkit.intake.survey_map import LONGEST_HEADING, MOST_HEADINGS, recalled, remember_as
from toolkit.intake.table import Sheet, read_raw
from toolkit.intake.table_layout import open_table

NOT_USED = ""


class RememberedColumns(Row):
    """``maps/<kind>.yaml`` of a client: their heading → our field, or "" for a column that is not used."""

    columns: dict[Annotated[str, Field(min_length=1, max_length=LONGEST_HEADING)], str] = Field(
        default_factory=dict
    )


def known_columns(clients: Path, slug: str, kind: str) -> dict[str, str]:
    """Return what was chosen before for the headings of this client's tables of a kind."""
    return dict(recalled(clients, slug, kind, RememberedColumns).columns)


def remember_columns(clients: Path, slug: str, kind: str, columns: Mapping[str, str]) -> str:
    """Write what headings mean, whole or not at all; return "", or why it could not be written."""
    kept = [(heading, field) for heading, field in columns.items() if len(heading) <= LONGEST_HEADING]
    return remember_as(clients, slug, kind, RememberedColumns(columns=dict(kept[-MOST_HEADINGS:])))


def with_columns(
    mapping: ImportMap, sheet: Sheet, chosen: Mapping[str, str]
) -> tuple[ImportMap, dict[str, str]]:
    """Return a map that reads columns as chosen, and which of the choices stand in the table.

    Raises
    ------
    InputError
        When a field does not exist, two columns are to be one field, or money's heading says another unit.
    """
    here = {heading: field for heading, field in chosen.items() if heading in sheet.header}
    if faults := [*_wrong(mapping.kind, sheet, here)]:
        raise InputError(faults)
    fields: dict[str, Source] = {}
    for name, source in mapping.fields.items():
        rest = tuple(column for column in source.column if here.get(column, name) == name)
        if rest or source.constant is not None:
            fields[name] = source.model_copy(update={"column": rest})
    for heading, name in here.items():
        if name:
            source = fields.get(name) or Source(make_id=name == "id")
            others = tuple(column for column in source.column if column != heading)
            fields[name] = source.model_copy(update={"column": (heading, *others), "constant": None})
    return mapping.model_copy(update={"fields": fields}), here


def headings_of(path: Path, kind: str, sheet: str = "") -> tuple[str, ...]:
    """Return the headings of a table, or of a survey's export, that cannot be imported as it is; none where it is no table.

    ``sheet`` is a workbook's; empty means the first that is not hidden.
    """
    try:
        if kind == "survey":
            return tuple(heading.name for heading in read_export(read_raw(path, sheet)).headings)
        table = open_table(path, kind, None, sheet)
    except (AlignError, OSError):
        return ()
    known = {
        column for source in present_fields(table.sheet, table.mapping).values() for column in source.column
    }
    return tuple(heading for heading in table.sheet.header if heading and heading not in known)


def _wrong(kind: str, sheet: Sheet, chosen: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what cannot be chosen."""
    known = fields_of(kind)
    first: dict[str, str] = {}
    for heading, name in chosen.items():
        place = sheet.place(1, heading)
        if name and name not in known:
            remedy = f"{closest(name, known)}Choose a field that there is."
            yield Fault(place, name, listed(known), remedy)
        elif name and first.setdefault(name, heading) != heading:
            remedy = "Choose another field for one of the two."
            yield Fault(place, f"{name}, as {shown(first[name])}", "each field from one column", remedy)
        elif (
            name in MODELS[kind].model_fields and kind_of(MODELS[kind], name) == "money" and unit_of(heading)
        ):
            remedy = (
                "Give a map with --map that says how much one is, as capex: {column: HEADING, unit_factor: 1000}; "
                "--make-map MAP.yaml writes one to begin with."
            )
            yield Fault(place, shown(heading), "a column of whole amounts of money", remedy)
