"""One client's part of a batch: its record read and checked, what is to be made of it, and where that goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from toolkit.assess.movements import earlier_round
from toolkit.client.brand import client_brand, template_of
from toolkit.client.consultancy import consultancy_of
from toolkit.client.deck import is_picture_file
from toolkit.client.known import round_on
from toolkit.client.modes import check_modes, note_modes
from toolkit.client.parts import FIRST_PLAN, PREVIOUS_PLAN
from toolkit.client.record import Record
from toolkit.client.schema import Round, is_scenario_file, scenario_file
from toolkit.client.store import client_folder, read_files, read_record
from toolkit.errors import Fault, InputError, shown
from toolkit.files import Stamps
from toolkit.publish.benchmark_file import benchmark_for
from toolkit.publish.deliverables_folder import DeliverablesFolder, plan_published, published
from toolkit.publish.documents import powerpoint_installed
from toolkit.publish.draft_issues import Draft, draft_of, not_both_to_be_shown
from toolkit.publish.issued import Entry, answers_behind, check_issued, open_behind
from toolkit.publish.job import LATEST, Job, Request
from toolkit.publish.manifest import basis
from toolkit.publish.result_cache import record_part, seen


def round_of(record: Record, round_id: str) -> str:
    """Return the id of the round meant; raise InputError when the record does not hold it."""
    try:
        return str(record.round(round_id).id)
    except KeyError:
        known = ", ".join(one.id for one in record.rounds)
        raise InputError(
            [
                Fault(
                    "client.yaml, rounds",
                    shown(round_id) if record.rounds else "no round",
                    f"one of: {known}" if known else "at least one round, with its id and as_of date",
                    "Name a round that the record holds." if known else "Add a round to client.yaml.",
                )
            ]
        ) from None


@dataclass(frozen=True)
class ClientTask:
    """One client's part of a batch.

    Attributes
    ----------
    job : Job
        What is to be made; no documents when all are up to date.
    bases : mapping
        For each document of the job, what it is to be made from. Private.
    target : DeliverablesFolder
        Where it goes.
    issued : mapping
        What stands behind each closed round that is shown. Private.
    drafts : mapping
        The answers behind each open round that is shown. Private.
    warnings : tuple of str
        Which earlier drafts must not be shown beside what this makes.
    seen : dict
        The stamps of the client's files when they were read; empty where they were changed meanwhile.
    """

    record: Record
    job: Job
    target: DeliverablesFolder
    bases: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    issued: Mapping[str, Entry] = field(default_factory=dict)
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    seen: Stamps = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The client's name."""
        return self.record.facts.profile.name


def task_of(clients: Path, slug: str, request: Request = LATEST) -> ClientTask:
    """Return what is to be made for one client; its job does not know the names of other clients.

    Raises
    ------
    InputError
        When the client's input cannot be used.
    """
    folder = client_folder(clients, slug)
    before = seen(folder)
    task = _work(clients, slug, request)
    now = seen(folder)
    return replace(task, seen=now if record_part(now) == record_part(before) else {})


def template_remarks(clients: Path, slug: str) -> tuple[str, ...]:
    """Return what is to be said of a client's own template for PowerPoint; InputError where it cannot be used."""
    data, where = template_of(clients, slug)
    if not data:
        return ()
    if not powerpoint_installed():
        return (f"{where} is not looked at, and no PowerPoint file is made: that needs the extra pptx.",)
    from toolkit.publish.slide_template import deck_template

    return deck_template(data, where).remarks


def checked_template(clients: Path, slug: str) -> bytes:
    """Return a client's own template for PowerPoint, empty where there is none; InputError where it cannot be used."""
    data, where = template_of(clients, slug)
    if data and powerpoint_installed():
        from toolkit.publish.slide_template import (
            deck_template,
        )  # the extra pptx, which few clients need here

        deck_template(data, where)
    return data


def _work(clients: Path, slug: str, request: Request) -> ClientTask:
    files = read_files(clients, slug)
    record = read_record(slug, files)
    # Scenarios that the plan does not follow, and pictures that no slide shows, change nothing that is published.
    used = record.facts.deck.pictures | ({scenario_file(record.followed.id)} if record.followed else set())
    files = {
        name: data
        for name, data in files.items()
        if not (is_scenario_file(name) or is_picture_file(name)) or name in used
    }
    round_id = round_on(record, request.on).id if request.on else round_of(record, request.round)
    folder, target = client_folder(clients, slug), DeliverablesFolder(clients, slug, round_id)
    check_modes(folder, record)
    note_modes(folder, record)
    check_issued(folder, record)
    target.check()

    template = checked_template(clients, slug)
    files_of_brand, brand = client_brand(clients, slug)
    still_open = open_behind(record, round_id)
    close = {
        name: not_both_to_be_shown(folder, record, record.round(name))
        for name in answers_behind(record, round_id, closed=False)
    }
    job = Job(
        slug, files, round_id, request.documents, request.notebooks, limits=request.limits,
        note=" ".join(filter(None, (close[name] for name in still_open))),
        before=_published_before(clients, record, round_id, request.documents), plan=target.plan(), threads=request.threads,
        pdf=request.pdf or "pdf" in brand.formats, draft=request.draft, template=template, brand=files_of_brand, on=request.on,
        benchmark=benchmark_for(clients, record.facts.profile, record.round(round_id).questionnaire),
        unread=consultancy_of(clients).wants_reader(slug, round_id),
    )  # fmt: skip
    wanted = {name: basis(source, job.known) for name, source in job.sources(still_open).items()}
    stale = {
        name: it for name, it in wanted.items() if request.force or not target.current(name, it, job.pdf)
    }
    if stale:
        target.check_open()
    return ClientTask(
        record, replace(job, documents=tuple(stale)), target, stale,
        answers_behind(record, round_id), {name: draft_of(record, record.round(name)) for name in still_open},
        tuple(filter(None, close.values())),
    )  # fmt: skip


def _published_before(
    clients: Path, record: Record, round_id: str, documents: Iterable[str]
) -> dict[str, bytes]:
    """Return what was published in earlier rounds and these documents are held against, by where a story looks for it."""

    def folder(each: Round) -> Path:
        return DeliverablesFolder(clients, record.slug, each.id).folder

    one = record.round(round_id)
    earlier, previous = earlier_round(record, one), record.before(one)
    before = published(folder(earlier)) if earlier else {}
    if "review" in documents and previous:
        before |= plan_published(folder(previous), PREVIOUS_PLAN)
    if "closing" in documents:
        plans = (plan_published(folder(each), FIRST_PLAN) for each in record.rounds if each.as_of < one.as_of)
        before |= next(filter(None, plans), {})
    return before
