"""What a batch has to do: which clients can be made, and which of their documents are out of date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from toolkit.assess.moving import earlier_round
from toolkit.client.modes import check_modes, note_modes
from toolkit.client.scenarios import is_scenario_file, scenario_file
from toolkit.client.store import client_folder, read_files, read_record
from toolkit.client.store import slugs as known_slugs
from toolkit.errors import InputError
from toolkit.publish.compared import published
from toolkit.publish.documents import DOCUMENTS
from toolkit.publish.draft_issues import Draft, draft_of, not_both_to_be_shown
from toolkit.publish.execute import LIMITS, Limits
from toolkit.publish.issued import Entry, answers_behind, check_issued, open_behind
from toolkit.publish.job import Job, round_of
from toolkit.publish.manifest import fingerprint, made_from
from toolkit.publish.shelf import Shelf
from toolkit.shipped import shipped


@dataclass(frozen=True)
class Order:
    """What is asked of a batch.

    Attributes
    ----------
    round : str
        The round's id; empty means each client's latest.
    documents : tuple of str
        The documents wanted.
    force : bool
        Make also what has not changed.
    notebooks : Path or None
        Where the notebooks lie; None means those that came with the toolkit.
    """

    round: str = ""
    documents: tuple[str, ...] = tuple(DOCUMENTS)
    force: bool = False
    notebooks: Path | None = None
    limits: Limits = LIMITS


@dataclass(frozen=True)
class Work:
    """One client's part of a batch.

    Attributes
    ----------
    name : str
        The client's name.
    job : Job
        What is to be made; no documents when all are up to date.
    shelf : Shelf
        Where it goes.
    issued : mapping
        What stands behind each closed round that is shown. Private.
    drafts : mapping
        The answers behind each open round that is shown. Private.
    warnings : tuple of str
        Which earlier drafts must not be shown beside what this makes.
    """

    name: str
    job: Job
    shelf: Shelf
    issued: Mapping[str, Entry] = field(default_factory=dict)
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def works_of(
    clients: Path, slugs: Iterable[str], order: Order
) -> tuple[dict[str, Work], dict[str, InputError]]:
    """Return the work for each client whose input can be used, and why the others' cannot."""
    works: dict[str, Work] = {}
    refused: dict[str, InputError] = {}
    for slug in sorted(set(slugs)):
        try:
            works[slug] = _work(clients, slug, order)
        except InputError as error:
            refused[slug] = error
    return _with_foreign_names(works, known_slugs(clients)), refused


def _work(clients: Path, slug: str, order: Order) -> Work:
    files = read_files(clients, slug)
    record = read_record(slug, files)
    # Scenarios that the plan does not follow change nothing that is published.
    used = {scenario_file(record.followed.id)} if record.followed else set()
    files = {name: data for name, data in files.items() if not is_scenario_file(name) or name in used}
    round_id = round_of(record, order.round)
    folder = client_folder(clients, slug)
    check_modes(folder, record)
    note_modes(folder, record)
    check_issued(folder, record)
    shelf = Shelf(clients, slug, round_id)
    shelf.check()
    still_open = open_behind(record, round_id)
    close = {
        name: not_both_to_be_shown(folder, record, record.round(name))
        for name in answers_behind(record, round_id, closed=False)
    }
    note = " ".join(filter(None, (close[name] for name in still_open)))
    notebooks = order.notebooks or shipped("notebooks")

    earlier = earlier_round(record, record.round(round_id))
    before = published(Shelf(clients, slug, earlier.id).folder) if earlier else {}

    def outdated(name: str) -> bool:
        seen = {**files, **before}
        source = made_from(DOCUMENTS[name], slug, round_id, seen, notebooks, still_open, note)
        return order.force or not shelf.current(name, fingerprint(source, seen))

    documents = tuple(name for name in order.documents if outdated(name))
    if documents:
        shelf.check_open()
    job = Job(
        slug, files, round_id, documents, order.notebooks, limits=order.limits, note=note, before=before
    )
    drafts = {name: draft_of(record, record.round(name)) for name in still_open}
    warnings = tuple(filter(None, close.values()))
    return Work(record.facts.profile.name, job, shelf, answers_behind(record, round_id), drafts, warnings)


def _with_foreign_names(works: dict[str, Work], known: list[str]) -> dict[str, Work]:
    """Tell each job the names that may not stand in its deliverables: those of all other clients."""
    names = {slug: (slug,) for slug in known} | {slug: (slug, work.name) for slug, work in works.items()}
    told = {}
    for slug, work in works.items():
        foreign = sorted({name for other, both in names.items() if other != slug for name in both})
        told[slug] = replace(work, job=replace(work.job, foreign_names=tuple(foreign)))
    return told
