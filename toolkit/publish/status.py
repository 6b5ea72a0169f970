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
from toolkit.intake.draft import FILE, read_draft
from toolkit.publish.client_task import ClientTask, round_of, task_of
from toolkit.publish.current_run import current_run
from toolkit.publish.documents import DOCUMENTS, USUAL, made_as_draft, options
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
        task = _as_it_stands(clients, slug, latest.id)
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
    target = task_of(clients, slug).target
    made = read_manifest(target.folder).get("documents", {})
    stale, runs = list[str](), dict[str, None]()
    for name, document in DOCUMENTS.items():
        if name in made and not document.of_a_day:
            draft = made_as_draft(made[name])
            if task_of(clients, slug, Request(documents=(name,), draft=draft)).job.documents:
                stale.append(name)
                runs[f"'align run {slug}{options(document, draft)}'"] = None
    if not stale:
        return ""
    verb = "is" if len(stale) == 1 else "are"
    return f"{' and '.join(stale)} of {target.round} {verb} out of date: run {', then '.join(runs)}."


def _as_it_stands(clients: Path, slug: str, round_id: str) -> ClientTask:
    """Return what is to be made for a client, drafts as drafts where such stand."""
    task = task_of(clients, slug, Request(round_id))
    made = read_manifest(task.target.folder).get("documents", {})
    drafts = any(made_as_draft(made[name]) for name in USUAL if name in made)
    return task_of(clients, slug, Request(round_id, draft=True)) if drafts else task


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
    elif any(map(made_as_draft, documents)):
        yield "drafts, as asked for"
    if any(document.get("made_from", {}).get("unread") for document in documents):
        yield "drafts: no second reader has read them"
    yield from _uncommitted(clients, task.target.slug)


def _uncommitted(clients: Path, slug: str) -> Iterator[str]:
    try:
        draft = read_draft(client_folder(clients, slug), FILE)
    except InputError:
        yield "the form's draft cannot be read"
    else:
        if draft and draft.document != draft.base:
            yield "the form holds changes to commit"
