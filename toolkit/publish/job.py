"""What is asked for of a client, what is to be made for it, from what, and what was made: plain data, light to load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.client.brand import TEMPLATE
from toolkit.client.edition import DRAFT, LEADERSHIP, Edition
from toolkit.client.parts import OWN_BENCHMARK
from toolkit.publish.documents import DOCUMENTS, USUAL, Document
from toolkit.publish.manifest import build, json_bytes, made_from, sha256
from toolkit.shipped import shipped

if TYPE_CHECKING:
    from toolkit.publish.deliverables_folder import KeptPlan


@dataclass(frozen=True)
class TimeLimits:
    """Times in seconds that one cell, a notebook, printing a document and all of a client's work may take."""

    cell: float = 300
    notebook: float = 900
    printing: float = 120
    client: float = 2400


TIME_LIMITS = TimeLimits()


@dataclass(frozen=True)
class Request:
    """What is asked for, of each of some clients.

    Attributes
    ----------
    round : str
        The round's id; empty means each client's latest.
    documents : tuple of str
        Names of the documents wanted.
    pdf : bool
        Whether each document is wanted as PDF, too.
    draft : bool
        Whether leadership's edition is wanted as a draft, marked as such.
    on : str
        The day to tell a status on, as 2026-11-15, in the round that it belongs to; empty means the round's own.
    force : bool
        Make also what has not changed.
    notebooks : Path or None
        Where the notebooks lie; None means those that came with the toolkit.
    threads : int
        How many searches for plans may run at a time, for each client.
    """

    round: str = ""
    documents: tuple[str, ...] = USUAL
    force: bool = False
    notebooks: Path | None = None
    limits: TimeLimits = TIME_LIMITS
    threads: int = 1
    pdf: bool = False
    draft: bool = False
    on: str = ""

    @property
    def digest(self) -> str:
        """A digest of what is asked for and of all that documents are made from beside clients' files.

        Empty where every client is to be looked at all the same.
        """
        if self.force:
            return ""
        asked = {
            "documents": self.documents, "draft": self.draft, "on": self.on, "pdf": self.pdf, "round": self.round,
        }  # fmt: skip
        return sha256(json_bytes({"build": build(self.notebooks), **asked}))


LATEST = Request()


@dataclass(frozen=True)
class Job:
    """What is to be made, for whom, from what.

    Attributes
    ----------
    files : mapping
        The client's files: path within its folder → bytes.
    round : str
        The round's id; empty means the latest.
    documents : tuple of str
        Names of the documents to make.
    notebooks : Path or None
        Where the notebooks lie; None means those that came with the toolkit.
    names : tuple of str
        Names of all clients; those of others may stand in no deliverable.
    note : str
        What a draft's first page says of the drafts before it; empty where nothing need be said.
    before : mapping
        What was published in the round to compare with, by where notebooks look for it.
    plan : KeptPlan or None
        The plan that stands published for this round: it is not solved again where it would be the same.
    pdf : bool
        Whether each document is made as PDF, too.
    draft : bool
        Whether leadership's edition is made as a draft.
    template : bytes
        The consultancy's own template for PowerPoint; empty means the house's.
    brand : mapping
        The files of the brand that documents bear, by name; empty means the house's looks.
    benchmark : bytes
        The consultancy's benchmark, as far as this client's pages show it; empty where they show none.
    unread : bool
        Whether the documents are drafts because no second reader of them is named.
    on : str
        The day that a status is told on; empty means the round's own.
    """

    slug: str
    files: Mapping[str, bytes]
    round: str = ""
    documents: tuple[str, ...] = USUAL
    notebooks: Path | None = None
    names: tuple[str, ...] = ()
    limits: TimeLimits = TIME_LIMITS
    note: str = ""
    before: Mapping[str, bytes] = field(default_factory=dict)
    plan: KeptPlan | None = None
    threads: int = 1
    pdf: bool = False
    template: bytes = b""
    brand: Mapping[str, bytes] = field(default_factory=dict)
    benchmark: bytes = b""
    unread: bool = False
    draft: bool = False
    on: str = ""

    def edition(self, document: Document) -> Edition:
        """Return the edition in which a document is made."""
        return DRAFT if self.draft and document.edition == LEADERSHIP else document.edition

    @property
    def known(self) -> Mapping[str, bytes]:
        """All that its documents are made from: the client's files, template, brand, benchmark, and what was published before."""
        beside = {TEMPLATE: self.template, OWN_BENCHMARK: self.benchmark}
        given = {name: data for name, data in beside.items() if data}
        return {**self.files, **self.before, **given, **self.brand}

    def parameters(self, document: Document) -> dict[str, str]:
        """Return what a document's notebook is told, beside where the client's files lie.

        A day and an edition are told only where they are not the round's own and leadership's: notebooks of one's own need
        not know them.
        """
        edition = self.edition(document)
        beside = {"on": self.on, "edition": "" if edition == LEADERSHIP else edition}
        return {"client": self.slug, "round": self.round} | {name: it for name, it in beside.items() if it}

    def sources(self, still_open: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return what each document is made from, without answers; its rounds that are still open make it a draft."""
        folder, rounds = self.notebooks or shipped("notebooks"), list(still_open)
        return {
            name: made_from(
                document, self.parameters(document), self.known, folder, rounds, self.note, self.unread
            )
            for name in self.documents
            for document in [DOCUMENTS[name]]
        }


@dataclass(frozen=True)
class Deliverables:
    """What was made.

    Attributes
    ----------
    files : dict
        File name → bytes; ``manifest.json`` is one of them.
    bases : dict
        For each document, all that it was made from, answers included. Private.
    plan : str
        A digest of all that the published plan rests on; empty where none is among the files. Private.
    """

    slug: str
    round: str
    files: dict[str, bytes]
    bases: dict[str, dict[str, Any]]
    plan: str = ""
