"""Where a client stands, in one line: what is recorded, and whether its deliverables are up to date."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from toolkit.client.store import read_files, read_record
from toolkit.errors import InputError
from toolkit.publish.deliverables_folder import Shelf
from toolkit.publish.job import round_of, work_of
from toolkit.publish.manifest import read_manifest
from toolkit.words import counted


def status_table(clients: Path, slugs: Iterable[str]) -> Table:
    """Return where these clients stand as a table for a terminal; their text stays text."""
    table = Table(box=box.SIMPLE)
    for heading in ("Client", "Round", "As of", "Initiatives", "Answers", "State"):
        table.add_column(heading)
    for slug in slugs:
        table.add_row(*(Text(cell) for cell in client_status(clients, slug)))
    return table


def client_status(clients: Path, slug: str) -> tuple[str, str, str, str, str, str]:
    """Return slug, latest round, its date, initiatives, answers to it, and the state, as text.

    Counts are of rows recorded; the state is ``up to date``, ``out of date``, ``not made``, or the
    number of faults that keep the record from being used.
    """
    try:
        record = read_record(slug, read_files(clients, slug))
        latest = record.round(round_of(record, ""))
        state = _state(clients, slug, latest.id)
    except InputError as error:
        return slug, "", "", "", "", counted(len(error.faults), "fault")
    given = sum(one.round == latest.id and one.score is not None for one in record.responses)
    in_counts = sum(sum(one.counts) for one in record.aggregates if one.round == latest.id)
    return (
        slug, latest.id, str(latest.as_of), f"{len(record.initiatives):,}", f"{given + in_counts:,}",
        state,
    )  # fmt: skip


def out_of_date(clients: Path, slug: str) -> str:
    """Say that the latest round's documents are not as the record now gives them, and what to do; "" where they are.

    Raises
    ------
    InputError
        When the record has faults.
    """
    round_id = round_of(read_record(slug, read_files(clients, slug)), "")
    work = work_of(clients, slug, round_id)
    made = read_manifest(Shelf(clients, slug, round_id).folder).get("documents", {})
    stale = [name for name in work.job.documents if name in made]
    if not stale:
        return ""
    verb = "is" if len(stale) == 1 else "are"
    return f"{' and '.join(stale)} of {round_id} {verb} out of date: run 'align run {slug}'."


def _state(clients: Path, slug: str, round_id: str) -> str:
    if not read_manifest(Shelf(clients, slug, round_id).folder):
        return "not made"
    return "out of date" if work_of(clients, slug, round_id).job.documents else "up to date"
