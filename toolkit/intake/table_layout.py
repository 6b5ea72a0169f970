"""How another's table is laid out: where its header stands, one column for each heading, and which tool's export it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from pathlib import Path

from toolkit.client.faults import listed
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.mapping import ImportMap, RecognisedTable, map_of, read_map, shipped_map
from toolkit.intake.table import (
    MOST_COLUMNS,
    Cell,
    Raw,
    Sheet,
    as_compared,
    heading_of,
    is_filled,
    read_raw,
    sheet_of,
    without_heading,
)

ROWS_ABOVE = 30  # a header is looked for in as many rows
_FULL = 0.6  # a header is at least so full beside the fullest row
_FIGURE = re.compile(r"(?=.*\d)[^\W\d_]{0,3}[\W\d_]+[^\W\d_]{0,3}")  # 08/01/2023, USD 5, 26.3 M€
SERVICES = (
    "jira",
    "planner",
    "servicenow",
    "project",
    "roadmap",
)  # of initiatives; the last is our own workbook
# By kind of table, the maps of the exports that are recognised.
EXPORTS = {
    "initiatives": SERVICES,
    "services": ("servicenow-contracts", "glpi-contracts"),
    "assets": ("servicenow-assets", "snipe-it", "glpi-assets"),
}
_KINDS = {name: kind for kind, names in EXPORTS.items() for name in names}


def has_signs(headings: Sequence[Cell], mapping: ImportMap) -> bool:
    """Return whether a row has one heading of each group that a map is recognised by, as headings are compared."""
    there = {as_compared(heading_of(one)) for one in headings}
    return all(any(as_compared(one) in there for one in group) for group in mapping.signs)


def header_at(raw: Raw, mapping: ImportMap) -> int | None:
    """Return the place among a table's rows of the header that a map expects; None when it is not there.

    Without signs it is the row with most of the headings that the map names, else the first as full as a header is:
    above it may stand titles.
    """
    if mapping.header_row is not None:
        return next((at for at, (number, _) in enumerate(raw.rows) if number == mapping.header_row), None)
    rows = raw.rows[:ROWS_ABOVE]
    if mapping.signs:
        return next((at for at, (_, cells) in enumerate(rows) if has_signs(cells, mapping)), None)
    there = _known_across(rows, mapping)
    if max(there, default=0) > 1:
        return there.index(max(there))
    full = first_full(raw)
    # One known heading alone may be a value: "Scope" is the phase of a project as well as what it is about.
    only = there.index(1) if any(there) else full
    return full if full < only and _has_figures(rows[only][1]) and not _has_figures(rows[full][1]) else only


def first_full(raw: Raw) -> int:
    """Return the place of the first of a table's rows that is as full as a header is."""
    filled = [sum(map(is_filled, cells)) for _, cells in raw.rows[:ROWS_ABOVE]]
    return next((at for at, count in enumerate(filled) if count > _FULL * max(filled)), 0)


def _known_across(rows: Sequence[tuple[int, Sequence[Cell]]], mapping: ImportMap) -> list[int]:
    """Return how many of the headings that a map names stand in each row."""
    wanted = {as_compared(one) for one in _columns_named(mapping)}
    return [len(wanted & {as_compared(heading_of(one)) for one in cells}) for _, cells in rows]


def _has_figures(cells: Sequence[Cell]) -> bool:
    """Return whether a row has a number, an amount or a date among its cells."""
    return any(
        is_filled(one) and (not isinstance(one, str) or bool(_FIGURE.fullmatch(one.strip()))) for one in cells
    )


def upright(raw: Raw, mapping: ImportMap) -> tuple[Raw, list[str]]:
    """Return a table that lies on its side, a heading a row and an entry a column, turned, and that as a sentence.

    It does if two or more of the headings that a map names stand in its first column, and fewer in any of its rows.
    """
    if mapping.signs or mapping.header_row is not None or not 1 < len(raw.rows) <= MOST_COLUMNS:
        return raw, []
    first = [(number, cells[:1]) for number, cells in raw.rows]
    down = _known_across([(0, [cell for _, cells in first for cell in cells])], mapping)[0]
    if down < 2 or down <= max(_known_across(raw.rows, mapping)):
        return raw, []
    headed = [cells for _, cells in raw.rows if cells and is_filled(cells[0])]
    bare = [number for number, cells in raw.rows if not cells or not is_filled(cells[0])]
    rows = [
        (at, list(cells))
        for at, cells in enumerate(zip_longest(*headed), start=1)
        if any(map(is_filled, cells))
    ]
    told = "The table lies on its side, with its headings in the first column: each column is read as a row."
    unread = f" Rows without a heading, not read: {listed(bare)}." if bare else ""
    return replace(raw, rows=tuple(rows), turned=True), [told + unread]


def _columns_named(mapping: ImportMap) -> Iterator[str]:
    """Yield the columns that a map reads, counts or chooses rows by."""
    for source in (*mapping.fields.values(), *mapping.labels.values()):
        yield from source.column
    yield from mapping.where
    if mapping.counts:
        yield from mapping.counts.answers.values()


def below_header(raw: Raw, mapping: ImportMap, described: bool = False) -> tuple[Sheet, list[str]]:
    """Return a table from its header on, and what was made of the file's own form, as sentences.

    Parameters
    ----------
    described : bool
        It is only to be described, so that rows wider than the header are no fault.

    Raises
    ------
    InputError
        When the header that the map expects is not there, a row has cells beyond it, or rows and columns do not fit.
    """
    at = header_at(raw, mapping)
    if at is None:
        raise InputError([_no_header(raw, mapping)])
    remarks = []
    if at:
        remarks.append(f"The header is row {raw.rows[at][0]}; {at} rows above it are not part of the table.")
    rows = list(raw.rows[at:])
    if mapping.ragged and rows:
        wide = [one for one in rows[1:] if any(map(is_filled, one[1][len(rows[0][1]) :]))]
        # A tool's own exports have such rows, of which nothing is wanted; of any other table it may be a shifted row.
        if wide and not mapping.service and not described:
            raise InputError([_too_wide(raw, rows[0][1], *one) for one in wide])
        rows, more = _evened(rows)
        remarks += more
    return sheet_of(replace(raw, rows=tuple(rows))), remarks


def _evened(
    rows: Sequence[tuple[int, list[Cell]]],
) -> tuple[list[tuple[int, list[Cell]]], list[str]]:
    """Return rows of the header's width, in which cells of one heading are one cell."""
    header = [heading_of(one) for one in rows[0][1]]
    places: dict[str, list[int]] = {}
    for at, heading in enumerate(header):
        if heading:
            places.setdefault(heading, []).append(at)
    wide = [number for number, cells in rows[1:] if any(is_filled(cell) for cell in cells[len(header) :])]
    even: list[tuple[int, list[Cell]]] = [(rows[0][0], list(places))]
    even += [(number, [_joined(cells, at) for at in places.values()]) for number, cells in rows[1:]]
    remarks = without_heading(rows)
    repeated = Counter({name: len(at) for name, at in places.items() if len(at) > 1})
    if repeated:
        names = ", ".join(f"{shown(name)} ({times})" for name, times in repeated.items())
        remarks.append(f"Headings that stand there more than once, each read as one column: {names}.")
    if wide:
        remarks.append(f"Rows wider than the header, read up to its width: {listed(wide)}.")
    return even, remarks


def _joined(cells: Sequence[Cell], places: Sequence[int]) -> Cell:
    filled = [cells[at] for at in places if at < len(cells) and is_filled(cells[at])]
    if len(filled) < 2:
        return filled[0] if filled else None
    return "; ".join(dict.fromkeys(str(one).strip() for one in filled))


def _too_wide(raw: Raw, header: Sequence[Cell], number: int, cells: Sequence[Cell]) -> Fault:
    return Fault(
        raw.place(number),
        f"{listed(heading_of(one) for one in cells[len(header) :] if is_filled(one))} beyond the last heading",
        f"at most {len(header)} cells, as in the header",
        "Give the column a heading, or put cells that hold the separator in quotation marks.",
    )


def _no_header(raw: Raw, mapping: ImportMap) -> Fault:
    if mapping.header_row is not None:
        found, allowed = f"no row {mapping.header_row}", "the row in which the headings stand"
        return Fault(raw.file, found, allowed, "Correct the map's header_row, or export the table again.")
    wanted = "; ".join(" or ".join(map(shown, group)) for group in mapping.signs)
    first = listed(heading_of(one) for one in raw.rows[0][1]) if raw.rows else "nothing"
    allowed = f"a header with {wanted}"
    return Fault(raw.place(1), first, allowed, "Choose the map of the tool that this table comes from.")


@cache
def service_map(name: str) -> ImportMap:
    """Return the map that reads the exports of one of :data:`EXPORTS`."""
    return map_of(shipped_map(name), f"{name}.yaml", _KINDS[name])


def service_of(raw: Raw, kind: str) -> str:
    """Return which of :data:`EXPORTS` a table is an export of, by its headings; "" for none."""
    return next((one for one in EXPORTS.get(kind, ()) if header_at(raw, service_map(one)) is not None), "")


def open_table(file: Path, kind: str, map_file: Path | None, sheet: str = "") -> RecognisedTable:
    """Open a table with the map that is given, else with that of its tool, else with the common headings.

    Parameters
    ----------
    map_file : Path or None
        A map, or the bare name of one of :data:`EXPORTS`.
    sheet : str
        A workbook's sheet, before the map's.

    Raises
    ------
    InputError
        When the file or the map cannot be read.
    """
    named = str(map_file) if map_file and str(map_file) in _KINDS and not map_file.exists() else ""
    mapping = map_of(shipped_map(named), f"{named}.yaml", kind) if named else read_map(map_file, kind)
    raw = read_raw(file, sheet or mapping.sheet, mapping.encoding, mapping.delimiter)
    found = "" if map_file else service_of(raw, kind)
    if found:
        mapping = service_map(found)
    raw, turned = upright(raw, mapping)
    table, remarks = below_header(raw, mapping)
    remarks = [*turned, *remarks]
    if mapping.service:
        remarks = [f"Read as an export of {mapping.service}.", *remarks]
    # A tool's map, corrected or not, names what some exports leave out.
    strict = map_file is not None and not named and not mapping.signs
    return RecognisedTable(table, mapping, strict, tuple(remarks))
