"""An engagement that is closed: its answers are destroyed, and its record is neither read nor changed any more.

``closed.json`` in the client's folder says since when. It is put there before anything is destroyed, so that what was
stopped midway is finished by closing once more.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from toolkit.errors import Fault, InputError
from toolkit.files import place, read, write
from toolkit.words import day

CLOSED = "closed.json"


class EngagementClosed(InputError):
    """What was asked for needs the answers or the record of an engagement that is closed."""


def closed_since(folder: Path) -> str:
    """Return since when a client's engagement is closed, in words; "" where it is open."""
    try:
        return f"since {day(date.fromisoformat(json.loads(read(folder, CLOSED))['closed']))}"
    except FileNotFoundError:
        return ""
    except (InputError, ValueError, TypeError, KeyError):
        return f"since a day that {CLOSED} does not tell"


def refuse_closed(folder: Path) -> None:
    """Raise EngagementClosed where a client's engagement is closed."""
    if since := closed_since(folder):
        fault = Fault(
            folder.name,
            f"an engagement closed {since}, its answers destroyed",
            "an engagement that is open",
            "Read what was made, in the folder deliverables; to work for this client again, make a new one with 'align new'.",
        )
        raise EngagementClosed([fault])


def note_closed(folder: Path, on: date) -> None:
    """Say that a client's engagement is closed from a day on; an earlier day stands. OSError when the disk refuses."""
    if not place(folder, CLOSED).exists():
        write(folder, CLOSED, f'{{"closed": "{on.isoformat()}"}}\n'.encode())
