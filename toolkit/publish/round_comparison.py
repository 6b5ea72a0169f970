"""Two rounds of a client compared, against the plan as it was published."""

from __future__ import annotations

from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from toolkit.client.brand import Brand, client_brand
from toolkit.client.parts import EARLIER_FINDINGS
from toolkit.client.store import client_folder
from toolkit.errors import AlignError, InputError, shown, visible
from toolkit.files import read, write_named
from toolkit.plan import Roadmap, from_json
from toolkit.publish.deliverables_folder import DeliverablesFolder, checked, published
from toolkit.publish.documents import KEPT_PLAN
from toolkit.publish.draft_issues import draft_of, not_both_to_be_shown
from toolkit.publish.issued import answers_behind, open_behind
from toolkit.publish.manifest import read_manifest, stands
from toolkit.publish.verify import verify
from toolkit.show.comparison import comparison, comparison_page
from toolkit.show.page import Page


def compared(clients: Path, slug: str, earlier: str, later: str, to: Path | None = None) -> RenderableType:
    """Return the comparison of two rounds of a client, below what stands against showing it; write it to a file as well.

    It shows scores as pages do: from then on a closed round stays as it is, and of an open one this was a draft.

    Raises
    ------
    InputError
        When the client's files have faults, it holds no such round, or the first is not the earlier one.
    DeliverableError
        When it cannot be kept that the rounds were shown.
    """
    record = checked(clients, slug)
    known = {one.id for one in record.rounds}
    folder = DeliverablesFolder(clients, slug, earlier).folder
    plan = published_plan(folder) if earlier in known else None
    findings = published(folder).get(EARLIER_FINDINGS) if earlier in known else None
    told = comparison(record, earlier, later, plan, findings)
    asked, still_open = answers_behind(record, later), open_behind(record, later)
    drafts = [record.round(name) for name in still_open if name in (earlier, later)]
    close = [
        not_both_to_be_shown(client_folder(clients, slug), record, record.round(name))
        for name in (earlier, later)
        if name in {*asked, *still_open}
    ]
    DeliverablesFolder(clients, slug, later).note(
        {name: entry for name, entry in asked.items() if name in (earlier, later)},
        {one.id: draft_of(record, one) for one in drafts},
    )
    said = [f"Draft: answers may still be added to round {one.id}." for one in drafts]
    said += [f"Attention: {sentence}" for sentence in close if sentence]
    if to:
        page = comparison_page(record, earlier, later, plan, findings, said)
        _write(to, page, client_brand(clients, slug)[1])
    return Group(*(Text(visible(one)) for one in said), told)


def _write(to: Path, page: Page, brand: Brand) -> None:
    """Write a page as one HTML file, checked as every deliverable is."""
    from toolkit.publish.single_page import page_html  # heavy, and not needed for the terminal

    html = page_html(page, brand=brand)
    verify(to.name, html)
    try:
        write_named(to, html)
    except OSError as error:
        raise AlignError(
            f"The page {shown(to)} could not be written ({error.strerror}).\n"
            "  do:      Name a file in a folder that exists, closed in other programs, and try again."
        ) from error


def published_plan(folder: Path) -> Roadmap | None:
    """Return the plan that was published in a deliverables folder; None where none stands as its manifest says.

    One that an older version wrote in another shape counts as none.
    """
    if not stands(folder, read_manifest(folder), "roadmap"):
        return None
    try:
        return from_json(read(folder, KEPT_PLAN).decode())
    except (OSError, ValueError, InputError):
        return None
