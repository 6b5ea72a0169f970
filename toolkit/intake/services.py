"""The tools whose exports are read without a map, and how an export tells which of them it comes from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from toolkit.intake.heading import below_header, header_at
from toolkit.intake.map_file import ImportMap, map_of, read_map, shipped_map
from toolkit.intake.table import Raw, Sheet, read_raw

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
    "services": ("servicenow-contracts",),
    "assets": ("servicenow-assets", "snipe-it"),
}
_KINDS = {name: kind for kind, names in EXPORTS.items() for name in names}


@cache
def service_map(name: str) -> ImportMap:
    """Return the map that reads the exports of one of :data:`EXPORTS`."""
    return map_of(shipped_map(name), f"{name}.yaml", _KINDS[name])


def service_of(raw: Raw, kind: str) -> str:
    """Return which of :data:`EXPORTS` a table is an export of, by its headings; "" for none."""
    return next((one for one in EXPORTS.get(kind, ()) if header_at(raw, service_map(one)) is not None), "")


def open_table(
    file: Path, kind: str, map_file: Path | None, sheet: str = ""
) -> tuple[ImportMap, Sheet, list[str], bool]:
    """Open a table with the map that is given, else with that of its tool, else with the common headings.

    Parameters
    ----------
    map_file : Path or None
        A map, or the bare name of one of :data:`EXPORTS`.
    sheet : str
        A workbook's sheet, before the map's.

    Returns
    -------
    ImportMap, Sheet
    list of str
        What should be known of how the table was read, as sentences.
    bool
        Whether the map was written for this table, so that each field it names must be there.

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
    table, remarks = below_header(raw, mapping)
    if mapping.service:
        remarks = [f"Read as an export of {mapping.service}.", *remarks]
    return mapping, table, remarks, map_file is not None and not named
