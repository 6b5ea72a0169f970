"""The documents a client gets: which notebook tells each, and which files come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from toolkit.client.edition import BOARD, DRAFT, LEADERSHIP, Edition

# The plan as it was published: what later rounds are compared with.
KEPT_PLAN = "plan.json"
# All that the assessment says: what later rounds are held against.
FINDINGS = "findings.json"
# One page to write down what a review decides.
MINUTES = "review-minutes.html"

# Said where the library that writes PowerPoint files is missing.
WITHOUT_POWERPOINT = (
    "No PowerPoint file was made: that needs the extra pptx. Install it with pip install 'it-alignment-toolkit[pptx]', "
    "and run again."
)


def powerpoint_installed() -> bool:
    """Return whether PowerPoint files can be made here."""
    return find_spec("pptx") is not None


@dataclass(frozen=True)
class Document:
    """One document.

    Attributes
    ----------
    name : str
        Stem of its files.
    template : str
        Name of its template folder.
    data : tuple of str
        Names of the data files that come with it.
    for_presenter : bool
        Whether it has a presenter's copy, which is never a client's.
    on_request : bool
        Whether it is made only where it is asked for by name.
    edition : str
        Whose it is; leadership's is a draft's, too, which differs from it by its mark alone.
    of_a_day : bool
        Whether it tells a day of its own, and stands as it was made when the record goes on.
    """

    name: str
    template: str
    data: tuple[str, ...]
    for_presenter: bool = False
    on_request: bool = False
    edition: Edition = LEADERSHIP
    of_a_day: bool = False

    @property
    def story(self) -> str:
        """What it tells, in whatever edition: its name without that."""
        return self.name.removesuffix(f"-{self.edition}")

    @property
    def source(self) -> str:
        """File name of the notebook that tells it."""
        return f"{self.story}.ipynb"

    @property
    def notebook(self) -> str:
        """File name of that notebook, executed."""
        return f"{self.name}.ipynb"

    @property
    def html(self) -> str:
        """File name of the document."""
        return f"{self.name}.html"

    @property
    def pdf(self) -> str:
        """File name of the document as PDF, where one is asked for."""
        return f"{self.name}.pdf"

    @property
    def presenter_html(self) -> str:
        """File name of the presenter's copy."""
        return f"{self.name}-presenter.html"

    @property
    def pptx(self) -> str:
        """File name of its PowerPoint file; "" where it is none of slides."""
        return f"{self.name}.pptx" if self.template == "deck" else ""

    @property
    def presenter_pptx(self) -> str:
        """File name of the presenter's PowerPoint file; "" where there is none."""
        return f"{self.name}-presenter.pptx" if self.template == "deck" and self.for_presenter else ""

    @property
    def slides(self) -> tuple[str, ...]:
        """File names of its PowerPoint files, which are made only where the library for them is installed."""
        return tuple(filter(None, (self.pptx, self.presenter_pptx)))

    @property
    def pages(self) -> tuple[str, ...]:
        """File names of its pages: the document, and its presenter's copy where it has one."""
        return (self.html, *([self.presenter_html] if self.for_presenter else []))

    @property
    def for_client(self) -> tuple[str, ...]:
        """File names of all that a client may have: no presenter's copy."""
        return tuple(file for file in self.files if file not in (self.presenter_html, self.presenter_pptx))

    @property
    def files(self) -> tuple[str, ...]:
        """File names of all that may be made of it."""
        return (*self.pages, self.pdf, *self.slides, self.notebook, *self.data)


DOCUMENTS: dict[str, Document] = {
    document.name: document
    for document in (
        Document("assessment", "report", (FINDINGS,)),
        Document(
            "roadmap", "deck", ("roadmap.csv", "roadmap.xlsx", "figures.xlsx", KEPT_PLAN), for_presenter=True
        ),
        Document("review", "deck", (MINUTES,), on_request=True),
        Document("scorecard", "report", (), on_request=True),
        Document("assessment-board", "report", (), on_request=True, edition=BOARD),
        Document("roadmap-board", "deck", (), for_presenter=True, on_request=True, edition=BOARD),
        Document("status", "report", (), on_request=True, of_a_day=True),
        Document("closing", "report", (), on_request=True),
    )
}
# What is made where nothing is asked for by name.
USUAL = tuple(name for name, document in DOCUMENTS.items() if not document.on_request)


def asked_for(only: str = "", edition: Edition = LEADERSHIP) -> tuple[str, ...]:
    """Return the names of what is asked for: a story (empty: the usual ones) in an edition; none where it has no such one."""
    stories = (only,) if only else USUAL
    if edition != BOARD:
        return stories
    return tuple(name for name, one in DOCUMENTS.items() if one.edition == BOARD and one.story in stories)


def options(document: Document, draft: bool = False) -> str:
    """Return what is written behind ``align run SLUG`` for a document."""
    edition = DRAFT if draft else document.edition
    only = f" --only {document.story}" if document.on_request else ""
    return only + (f" --edition {edition}" if edition != LEADERSHIP else "")


def made_as_draft(entry: Mapping[str, Any]) -> bool:
    """Return whether a manifest's entry is of a document that was asked for as a draft."""
    parameters = entry.get("made_from", {}).get("parameters", {})
    return isinstance(parameters, Mapping) and parameters.get("edition") == DRAFT
