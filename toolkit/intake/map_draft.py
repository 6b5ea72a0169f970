"""A map to start from: a table's columns with cells of theirs, and which field of ours each may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from toolkit.client.field_types import label_of
from toolkit.errors import Fault, InputError, shown
from toolkit.files import write_new
from toolkit.intake.duration import unit_named
from toolkit.intake.mapping import (
    MODELS,
    ImportMap,
    check_conditions,
    conditions_of,
    fields_of,
    kept_rows,
    read_map,
    shipped_map,
    unit_of,
)
from toolkit.intake.table import Raw, Sheet, as_compared, read_raw
from toolkit.intake.table_layout import (
    EXPORTS,
    below_header,
    first_full,
    service_map,
    service_of,
    upright,
)

MOST_SAMPLES = 3
FEW_WORDS = 8
MOST_WORDS = 20
# Whether a start is one that was or one that is planned is for the consultant to say.
_STARTS = (
    "Start", "Start date", "Project start date", "Planned start", "Planned start date", "Startdatum", "Startdatum project",
    "Begindatum", "Beginn", "Startdatum Projekt", "Projektstart", "Projektbeginn", "Début", "Date de début",
)  # fmt: skip
_DURATIONS = re.compile(
    r"duration|dur[ée]e|dauer|laufzeit|doorlooptijd|looptijd|duur|duración|durata", re.IGNORECASE
)


def make_map(kind: str, file: Path, target: Path, where: Sequence[str] = (), sheet: str = "") -> str:
    """Write a map for a table, to be corrected and given with ``--map``; nothing is imported.

    Parameters
    ----------
    kind : str
        A list of the record: "initiatives", "risks" and so on.
    target : Path
        Where to write it; nothing may be there yet.
    where : sequence of str
        ``COLUMN=VALUE``: the map keeps only such rows, and its sample cells are theirs.
    sheet : str
        A workbook's sheet; without it the first that is not hidden.

    Returns
    -------
    str
        What was made of the table, as a sentence.

    Raises
    ------
    InputError
        When the table cannot be read, a condition names what is not there, or the target cannot be written.
    """
    raw = read_raw(file, sheet)
    tool = service_of(raw, kind)
    if tool:
        table, _ = below_header(raw, service_map(tool))
        text = shipped_map(tool).decode() + _conditions(_checked(table, where))
        told = (
            f"{shown(file.name)} is an export of {service_map(tool).service}: this is the map that reads it."
        )
    else:
        raw, _ = upright(raw, read_map(None, kind))
        table, row, uneven = _sheet_of(raw)
        conditions = _checked(table, where)
        table = replace(table, rows=kept_rows(table, [*conditions.items()]))
        guesses = _guesses(table, kind)
        text = _written(table, row, kind, guesses, uneven) + _conditions(conditions)
        told = f"{len(guesses)} of {sum(map(bool, table.header))} columns were recognised by their headings."
    try:
        write_new(target.parent, target.name, text.encode())
    except OSError as error:
        remedy = "Name a file that does not exist yet, in a folder that does."
        raise InputError([Fault(target.name, error.strerror or "unwritable", "a new file", remedy)]) from None
    return told


def _sheet_of(raw: Raw) -> tuple[Sheet, int, bool]:
    """Return a table, the row of its header, the first that is as full as one is, and whether it is read only as ragged."""
    row = raw.rows[first_full(raw)][0] if raw.rows else 1
    # Of a table that is about to be described, repeated headings and uneven rows are no faults.
    mapping = ImportMap(kind="initiatives", header_row=row)
    table, _ = below_header(raw, mapping.model_copy(update={"ragged": True}), described=True)
    try:
        below_header(raw, mapping)
    except InputError:
        return table, row, True
    return table, row, False


def _known(kind: str) -> list[ImportMap]:
    return [read_map(None, kind), *map(service_map, EXPORTS.get(kind, ()))]


def _guesses(sheet: Sheet, kind: str) -> dict[str, str]:
    """Return the field that each column is by its heading; a field is given to one column only."""
    columns = {as_compared(one): one for one in reversed(sheet.header) if one}
    found: dict[str, str] = {}
    for mapping in _known(kind):
        for field in sorted(mapping.fields, key="id".__eq__):  # the id last: a name may do for one
            for heading in mapping.fields[field].column:
                column = columns.get(as_compared(heading), "")
                if column and column not in found and field not in found.values():
                    found[column] = field
    return found


def _written(sheet: Sheet, row: int, kind: str, guesses: Mapping[str, str], uneven: bool) -> str:
    fields = fields_of(kind)
    name = next((column for column, field in guesses.items() if field == "name"), "")
    lines = [
        f"# A map for “align import {kind}”, made from {shown(sheet.file)}; nothing was imported.",
        "# Correct it: a field of ours before the colon, their column after it. Remove what is not wanted.",
        "# Our fields:",
        *(f"#   {name}: {_about(kind, name)}" for name in fields),
        f"kind: {kind}",
        "# dates: day first  # or month first, for dates in figures whose column does not show it",
        *([f"sheet: {_quoted(sheet.name)}"] if sheet.name else []),
        *([f"header_row: {row}"] if row > 1 and not sheet.turned else []),
        *(
            ["ragged: true  # repeated headings are one column; rows that end early have empty cells"]
            if uneven
            else []
        ),
        "fields:",
    ]
    if "id" not in guesses.values() and name:
        lines += [f"  id: {{column: {_quoted(name)}, make_id: true}}  # made of the name, for want of ids"]
    for column in filter(None, sheet.header):
        lines += _entry(sheet, column, guesses.get(column, ""), kind)
    return "\n".join(lines) + "\n"


def _about(kind: str, field: str) -> str:
    """Return what a field is called where a person reads it, with what its figures count."""
    model = MODELS[kind]
    return label_of(model, field).text if field in model.model_fields else field.replace("_", " ")


def _checked(table: Sheet, where: Sequence[str]) -> dict[str, Sequence[str]]:
    conditions = dict(conditions_of(table, ImportMap(kind="initiatives"), where))
    check_conditions(table, conditions)
    return conditions


def _conditions(conditions: Mapping[str, Sequence[str]]) -> str:
    lines = [
        f"  {_quoted(column)}: [{', '.join(map(_quoted, values))}]\n" for column, values in conditions.items()
    ]
    return "".join(["where:\n", *lines]) if lines else ""


def _entry(sheet: Sheet, column: str, field: str, kind: str) -> Iterator[str]:
    cells = [str(row[column]).strip() for _, row in sheet.rows if column in row]
    distinct = list(dict.fromkeys(cells))
    few = len(distinct) <= FEW_WORDS and 2 * len(distinct) <= len(
        cells
    )  # words that a map may have to explain
    samples = " | ".join(shown(one) for one in distinct[: FEW_WORDS if few else MOST_SAMPLES]) or "empty"
    yield f"  # {len(cells)} of {len(sheet.rows)} cells filled: {samples}"
    source = f"column: {_quoted(column)}"
    if not field:
        yield f"  # not used: {{{source}}}{_hint(column, kind)}"
        return
    words: dict[str, str] = {}
    for mapping in reversed(_known(kind)):
        words |= mapping.fields[field].values if field in mapping.fields else {}
    if field == "id":
        source += ", make_id: true"
    yield f"  {field}: {{{source}{_words(distinct, words) if words else ''}}}"


def _hint(column: str, kind: str) -> str:
    """Return what a column that is not recognised may be by its heading, and how its figures count, as a remark."""
    if kind == "initiatives" and as_compared(column) in map(as_compared, _STARTS):
        return "  # earliest_start, of work not begun; start, of work with a status; both, where the status tells"
    if kind == "initiatives" and _DURATIONS.search(column) and (unit := unit_named(column)):
        return f"  # duration, with unit: {unit}"
    factor = unit_of(column)
    return f"  # of an amount: unit_factor: {factor}" if factor else ""


def _words(distinct: Sequence[str], known: Mapping[str, str]) -> str:
    """Return the words of a column with ours; one that is not known stands for missing until corrected."""
    pairs = (f"{_quoted(word)}: {_quoted(known.get(word.casefold(), ''))}" for word in distinct[:MOST_WORDS])
    more = ", other_values: missing" if len(distinct) > MOST_WORDS else ""
    return f", values: {{{', '.join(pairs)}}}{more}"


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf")).strip()
