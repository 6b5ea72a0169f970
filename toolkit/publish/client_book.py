"""The client book: all of a consultant's clients on one page; for the consultant, never for a client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

from toolkit.client.store import client_folder, client_name, slugs
from toolkit.errors import DeliverableError, InputError
from toolkit.files import ignored, names_in, place, read, write
from toolkit.html.policy import security_policy
from toolkit.html.templates import rendered
from toolkit.method import COMPARED
from toolkit.publish.documents import DOCUMENTS
from toolkit.publish.manifest import NAME as MANIFEST
from toolkit.publish.manifest import read_manifest, stands
from toolkit.publish.result_cache import cached_result
from toolkit.publish.verify import verify
from toolkit.words import fixed

NAME = "client_book.html"


@dataclass(frozen=True)
class BookLine:
    """One client's line.

    Attributes
    ----------
    state : str
        ``ready``, ``failed`` or ``not made``.
    as_of : str
        The date of the round its documents speak of.
    weak : tuple of str
        Names of the weak areas.
    judged : bool
        Whether any area could be judged.
    gap : str
        The largest perception gap, as words; empty when there is none to show.
    links : tuple of (str, str)
        Title and relative address of each document that stands, also of an earlier run.
    message : str
        Why it failed.
    """

    slug: str
    name: str
    state: str
    round: str = ""
    as_of: str = ""
    weak: tuple[str, ...] = ()
    judged: bool = False
    gap: str = ""
    links: tuple[tuple[str, str], ...] = ()
    message: str = ""
    synthetic: bool = False


def write_client_book(clients: Path, run: Mapping[str, tuple[str, str]]) -> Path:
    """Write the page of all clients into their folder, and return its path.

    Parameters
    ----------
    run : mapping
        For each client of the batch just run, its state and why it failed. The others stand as
        they were left.

    Raises
    ------
    DeliverableError
        When the page does not pass its checks, or cannot be written.
    """
    lines = [book_line(clients, slug, *run.get(slug, ("", ""))) for slug in sorted({*slugs(clients), *run})]
    page = rendered("client_book", "page.html.j2", entries=lines, policy=security_policy()).encode()
    path = clients / NAME
    try:
        if path.is_file() and read(clients, NAME) == page:
            return path
        verify(NAME, page, relative_links=True)
        clients.mkdir(parents=True, exist_ok=True)
        write(clients, NAME, page)
    except OSError as error:
        raise DeliverableError(
            f"{path} could not be written ({error.strerror}).\n  do:      See that you may write there."
        ) from error
    return path


def book_line(clients: Path, slug: str, state: str = "", message: str = "") -> BookLine:
    """Return a client's line, from what stands on disk; ``state`` and ``message`` say how the last run went."""
    try:
        home = client_folder(clients, slug)
        found = cached_result(home) if state != "failed" else None
        if found and found.line.keys() == {each.name for each in fields(BookLine)}:
            return BookLine(**found.line)
        folder = place(home, "deliverables")
        round_id = _latest(folder)
        here = place(folder, round_id) if round_id else folder
    except InputError:
        return BookLine(slug, slug, "failed", message=message)
    # Heavy to load, and not needed of clients that stand unchanged.
    from toolkit.assess.movements import verdict_of

    manifest = read_manifest(here) if round_id else {}
    findings = _json(here, "findings.json") if stands(here, manifest, "assessment") else {}
    links = tuple(
        (name.capitalize(), quote(f"{slug}/deliverables/{round_id}/{document.html}"))
        for name, document in DOCUMENTS.items()
        if manifest and stands(here, manifest, name)
    )
    areas = findings.get("areas", [])
    return BookLine(
        slug, findings.get("client") or client_name(clients, slug) or slug,
        "failed" if state == "failed" else "ready" if links else "not made",
        round_id, findings.get("as_of", ""),
        tuple(area["dimension"]["name"] for area in areas if verdict_of(area) == "weak"),
        any(verdict_of(area) for area in areas),
        _largest_gap(areas), links, message, findings.get("synthetic") is True,
    )  # fmt: skip


def _latest(folder: Path) -> str:
    """Return the round whose deliverables speak of the latest date; empty when there are none."""
    rounds = [
        each
        for each in names_in(folder)
        if not ignored(each) and place(folder, f"{each}/{MANIFEST}").exists()
    ]
    return max(
        rounds,
        key=lambda each: (str(_json(folder, f"{each}/findings.json").get("as_of", "")), each),
        default="",
    )


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads(read(folder, name))
    except (OSError, ValueError, InputError):
        return {}
    return found if isinstance(found, dict) else {}


def _largest_gap(areas: list[dict[str, Any]]) -> str:
    """Return the largest perception gap that was measured, as words: where, how much, which side is higher, how sure."""
    gaps = [
        (area["gap"], area["dimension"]["name"])
        for area in areas
        if area.get("gap")
        and all(
            area["scores"][group].get("computed") is None for group in COMPARED if group in area["scores"]
        )
    ]
    if not gaps:
        return ""
    gap, name = max(gaps, key=lambda one: abs(one[0]["value"]))
    value = gap["value"]
    side = "business higher" if value > 0 else "IT higher" if value < 0 else "equal"
    word = gap.get("word") or "not tested"
    return f"{name}: {fixed(abs(value), 1)} points, {side} ({word})"
