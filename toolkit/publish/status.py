"""Where a client stands, in one line: what is recorded, and whether its deliverables are up to date, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from toolkit.client.closed import EngagementClosed, closed_since
from toolkit.client.store import client_folder, read_files, read_record
from toolkit.errors import InputError, shown
from toolkit.intake.draft import FILE
from toolkit.intake.draft_file import read_draft
from toolkit.publish.client_task import ClientTask, round_of, task_of
from toolkit.publish.current_run import current_run
from toolkit.publish.documents import DOCUMENTS
from toolkit.publish.job import Request
from toolkit.publish.manifest import changes, read_manifest
from toolkit.words import counted


def status_table(clients: Path, slugs: Iterable[str]) -> RenderableType:
    """Return where these clients stand as a table for a terminal; their text stays text."""
    table = Table(box=box.SIMPLE)
    for heading in ("Client", "Round", "As of", "Initiatives", "Answers", "State"):
        table.add_column(heading)
    for slug in slugs:
        table.add_row(*(Text(cell) for cell in client_status(clients, slug)))
    run = current_run(clients)
    return Group(table, Text(f"A run is going on: {run} clients done.")) if run else table


def client_status(clients: Path, slug: str) -> tuple[str, str, str, str, str, str]:
    """Return slug, latest round, its date, initiatives, answers to it, and the state, as text.

    Counts are of rows recorded. The state is ``not made``, ``up to date``, ``out of date`` with what has changed, or the
    number of faults that keep the record from being used; behind it stand why the last run failed, that the documents
    are drafts, and that a draft of the form waits to be committed.
    """
    try:
        record = read_record(slug, read_files(clients, slug))
        latest = record.round(round_of(record, ""))
        task = task_of(clients, slug, Request(latest.id))
        state = "; ".join([_state(task), *_remarks(clients, task)])
    except EngagementClosed:
        return (slug, "", "", "", "", f"closed {closed_since(client_folder(clients, slug))}")
    except InputError as error:
        return (
            slug,
            "",
            "",
            "",
            "",
            "; ".join([counted(len(error.faults), "fault"), *_uncommitted(clients, slug)]),
        )
    given = sum(answer.round == latest.id and answer.score is not None for answer in record.responses)
    in_counts = sum(sum(row.counts) for row in record.aggregates if row.round == latest.id)
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
    asked: tuple[str, ...] = ()
    task = task_of(clients, slug)
    made = read_manifest(task.target.folder).get("documents", {})
    usual = tuple(name for name in task.job.documents if name in made)
    requested = {one.name for one in DOCUMENTS.values() if one.on_request and not one.of_a_day}
    for name in made.keys() & requested:
        asked += task_of(clients, slug, Request(documents=(name,))).job.documents
    if not usual and not asked:
        return ""
    stale = (*usual, *asked)
    runs = [
        *([f"'align run {slug}'"] if usual else ()),
        *(f"'align run {slug} --only {name}'" for name in asked),
    ]
    verb = "is" if len(stale) == 1 else "are"
    return f"{' and '.join(stale)} of {task.target.round} {verb} out of date: run {', then '.join(runs)}."


def _state(task: ClientTask) -> str:
    if not read_manifest(task.target.folder):
        return "not made"
    if not task.bases:
        return "up to date"
    before = task.target.bases()
    parts = {
        what for name, basis in task.bases.items() if name in before for what in changes(before[name], basis)
    }
    missing = [name for name in task.bases if name not in before]
    changed = [f"{', '.join(map(shown, sorted(parts)))} changed"] if parts else []
    lacking = [f"{' and '.join(missing)} not made"] if missing else []
    return f"out of date: {'; '.join([*changed, *lacking]) or 'its files were altered or removed'}"


def _remarks(clients: Path, task: ClientTask) -> Iterator[str]:
    if failure := task.target.failure():
        yield f"failed last time: {shown(failure)}"
    documents = read_manifest(task.target.folder).get("documents", {}).values()
    if any(document.get("made_from", {}).get("open_rounds") for document in documents):
        yield "drafts: a round is open"
    yield from _uncommitted(clients, task.target.slug)


def _uncommitted(clients: Path, slug: str) -> Iterator[str]:
    try:
        draft = read_draft(client_folder(clients, slug), FILE)
    except InputError:
        yield "the form's draft cannot be read"
    else:
        if draft and draft.document != draft.base:
            yield "the form holds changes to commit"
