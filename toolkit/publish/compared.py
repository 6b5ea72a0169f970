"""Two rounds of a client compared, against the plan as it was published."""

from __future__ import annotations

from pathlib import Path

from rich.console import RenderableType

from toolkit.client.parts import EARLIER_FINDINGS
from toolkit.errors import InputError
from toolkit.files import read
from toolkit.plan import Roadmap, from_json
from toolkit.publish.deliverables_folder import Shelf, checked, published
from toolkit.publish.documents import KEPT_PLAN
from toolkit.publish.manifest import read_manifest, stands
from toolkit.show.comparison import comparison


def compared(clients: Path, slug: str, earlier: str, later: str) -> RenderableType:
    """Return the comparison of two rounds of a client.

    Raises
    ------
    InputError
        When the client's files have faults, it holds no such round, or the first is not the earlier one.
    """
    record = checked(clients, slug)
    known = {one.id for one in record.rounds}
    folder = Shelf(clients, slug, earlier).folder
    plan = published_plan(folder) if earlier in known else None
    findings = published(folder).get(EARLIER_FINDINGS) if earlier in known else None
    return comparison(record, earlier, later, plan, findings)


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
