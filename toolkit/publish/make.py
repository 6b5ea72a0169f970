"""From the bytes of one client's files to the bytes of its deliverables."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import PurePosixPath

import nbformat
from nbformat import NotebookNode

from toolkit.assess import assess
from toolkit.client.brand import HOUSE, Brand, brand_of
from toolkit.client.deck import is_picture_file
from toolkit.client.known import decided_by, known_on
from toolkit.client.record import Record
from toolkit.client.store import read_record
from toolkit.errors import DeliverableError, shown
from toolkit.files import temporary
from toolkit.plan import PLAN_FILE, Roadmap, explain_roadmap, from_json, plan_roadmap, to_json
from toolkit.publish.client_task import round_of
from toolkit.publish.data_files import findings_json, plan_json, roadmap_csv
from toolkit.publish.documents import DOCUMENTS, FINDINGS, KEPT_PLAN, MINUTES, Document, powerpoint_installed
from toolkit.publish.exporters import DeckExporter, Exporter, PresenterExporter, ReportExporter, without_notes
from toolkit.publish.figures_workbook import figures_xlsx
from toolkit.publish.issued import open_behind
from toolkit.publish.job import Deliverables, Job
from toolkit.publish.manifest import NAME, basis, build, code_text, manifest, plan_basis
from toolkit.publish.notebook_run import execute
from toolkit.publish.pdf import browser, printed
from toolkit.publish.roadmap_workbook import roadmap_xlsx
from toolkit.publish.single_page import minutes_html
from toolkit.publish.verify import verify, verify_slides
from toolkit.publish.worker import step
from toolkit.shipped import shipped
from toolkit.show.canvas import Canvas
from toolkit.show.story import DRAFT_NOTE, UNREAD

_SHORTEST_NAME = 4
EXPORTERS: dict[str, type[Exporter]] = {"report": ReportExporter, "deck": DeckExporter}
DATA: dict[str, Callable[[Job, Record, Roadmap], bytes]] = {
    FINDINGS: lambda job, record, roadmap: findings_json(record, job.round, roadmap),
    "roadmap.csv": lambda _, record, roadmap: roadmap_csv(record, roadmap),
    "roadmap.xlsx": lambda job, record, roadmap: roadmap_xlsx(record, roadmap, job.round),
    "figures.xlsx": lambda job, record, roadmap: figures_xlsx(record, roadmap, job.round),
    KEPT_PLAN: lambda job, record, roadmap: plan_json(record, job.round, roadmap),
    MINUTES: minutes_html,
}


def make_deliverables(job: Job) -> Deliverables:
    """Make and verify one client's deliverables; the same job gives the same bytes.

    It runs the notebooks in this very process, which shall do nothing else afterwards: a worker's.
    A temporary folder holds this client's files alone while they run, and is gone afterwards.

    Raises
    ------
    InputError
        When the client's files have faults, all of them at once.
    DeliverableError
        When a notebook fails, or a document does not pass its checks.
    """
    record = read_record(job.slug, dict(job.files))
    round_id = round_of(record, job.round)
    as_of = record.round(round_id).as_of
    record = known_on(decided_by(record, job.on), as_of)
    job = replace(job, round=round_id)
    assess(record, round_id)  # what the consultant's edits get wrong is said before any notebook runs
    brand = brand_of(job.brand)
    names, own = [name for name in job.names if len(name) >= _SHORTEST_NAME], _own(job, record)
    if job.pdf:
        browser()  # that there is none is said before any notebook runs
    step("solving the plan", math.inf, "")
    roadmap, rests_on = _planned(job, record)
    seen = {**job.known, PLAN_FILE: to_json(roadmap).encode(), DRAFT_NOTE: job.note.encode()}
    seen |= {UNREAD: b""} if job.unread else {}
    sources, outputs = job.sources(open_behind(record, round_id)), {}
    for name in job.documents:
        document = DOCUMENTS[name]
        told = _told(document, job, seen)
        notebook = without_notes(told)
        step(f"exporting {document.html}", math.inf, "")
        html = _exported(EXPORTERS[document.template], notebook, brand)
        verify(document.html, html, names, own)
        outputs[name] = {
            document.html: html,
            **_as_pdf(document, html, job, as_of),
            **_for_presenter(document, told, names, own, brand),
            **_slides(document, told, names, own, job.template, brand),
            document.notebook: (nbformat.writes(notebook) + "\n").encode(),
            **{file: DATA[file](job, record, roadmap) for file in document.data},
        }
        for file in document.data:
            if file.endswith(".html"):
                verify(file, outputs[name][file], names, own)
    files = {file: data for made in outputs.values() for file, data in made.items()}
    files[NAME] = manifest(job.slug, round_id, sources, outputs)
    bases = {name: basis(source, job.known) for name, source in sources.items()}
    return Deliverables(job.slug, round_id, files, bases, rests_on)


def _planned(job: Job, record: Record) -> tuple[Roadmap, str]:
    """Return the plan that all documents show, and the digest of what it rests on where it is to be published.

    It is solved once, and not at all where the one that stands rests on the same. The assessment alone shows nothing of
    what solving again has found, which takes most of the time.
    """
    if all(DOCUMENTS[name].template != "deck" for name in job.documents):
        return plan_roadmap(record, job.round), ""
    rests_on = plan_basis(record, job.round)
    published = rests_on if "roadmap" in job.documents else ""
    if job.plan and job.plan.digest == rests_on:
        return from_json(job.plan.text.decode()), published
    return explain_roadmap(record, job.round, job.threads), published


def _told(document: Document, job: Job, files: Mapping[str, bytes]) -> NotebookNode:
    """Run a document's notebook where it sees this client's folder alone."""
    with temporary("align-run-") as made:
        place = made.resolve()
        clients, cwd = place / "clients", place / "cwd"
        for folder in (clients / job.slug, cwd):
            folder.mkdir(parents=True)
        for name, data in files.items():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts:
                raise ValueError(f"a client's file lies outside its folder: {shown(name)}")
            target = clients / job.slug / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        told = job.parameters(document) | {"clients_dir": str(clients)}
        notebooks = job.notebooks or shipped("notebooks")
        return execute(notebooks / document.source, told, cwd, job.limits)


def _exported(exporter: type[Exporter], notebook: NotebookNode, brand: Brand = HOUSE) -> bytes:
    html, _ = _made(exporter).from_notebook_node(notebook, {"brand": brand})
    return str(html).encode()


@cache
def _made(exporter: type[Exporter]) -> Exporter:
    return exporter()


def _as_pdf(document: Document, html: bytes, job: Job, as_of: date) -> dict[str, bytes]:
    """Return a document as PDF by its file name, where that is asked for."""
    if not job.pdf:
        return {}
    step(f"printing {document.pdf}", math.inf, "")
    return {document.pdf: printed(document.pdf, html, as_of, job.limits.printing)}


def _for_presenter(
    document: Document,
    notebook: NotebookNode,
    foreign: list[str],
    own: Callable[[str], bool],
    brand: Brand,
) -> dict[str, bytes]:
    """Return the presenter's copy of a document that has one, by its file name."""
    if not document.for_presenter:
        return {}
    html = _exported(PresenterExporter, notebook, brand)
    verify(document.presenter_html, html, foreign, own, presenter=True)
    return {document.presenter_html: html}


def _slides(
    document: Document,
    notebook: NotebookNode,
    foreign: list[str],
    own: Callable[[str], bool],
    template: bytes,
    brand: Brand = HOUSE,
) -> dict[str, bytes]:
    """Return a deck's PowerPoint files by their names; none where the brand lists none, or their library is not installed."""
    if not document.slides or "pptx" not in brand.formats or not powerpoint_installed():
        return {}
    from toolkit.publish.powerpoint import deck_files

    step(f"exporting {document.pptx}", math.inf, "")
    out = dict(zip(document.slides, deck_files(notebook, template, brand), strict=False))
    for name, data in out.items():
        verify_slides(name, data, foreign, own, presenter=name == document.presenter_pptx)
    return out


def _own(job: Job, record: Record) -> Callable[[str], bool]:
    """Return what says whether a name stands in this client's files, or in the toolkit's own text: that is no leak."""
    files = (data.decode("utf-8", "replace") for name, data in job.files.items() if not is_picture_file(name))
    own = "\n".join([job.slug, record.facts.profile.name, *files]).lower()
    return lambda name: name.lower() in own or name.lower() in _toolkit_words()


@cache
def _toolkit_words() -> str:
    return code_text()


def warm() -> None:
    """Do once what every client's deliverables take: templates compiled, style sheets judged, fonts read."""
    blank = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Blank", id="blank")])
    exporters: tuple[type[Exporter], ...] = (*EXPORTERS.values(), PresenterExporter)
    for exporter in exporters:
        page = _exported(exporter, blank)
        with suppress(DeliverableError):  # it has no content
            verify("blank.html", page, presenter=exporter.presenter)
    with Canvas(100, 100) as canvas:
        canvas.text(0, 50, "Blank")
        canvas.svg()
    if powerpoint_installed():
        from toolkit.publish.powerpoint import deck_files

        deck_files(blank)
    _toolkit_words()
    build()
