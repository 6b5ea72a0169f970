"""The consultancy's own file: who looks after which client, who read what before it was final; nothing of it is any client's.

It lies in the folder of all clients and in no client's, so that no job, document or hand-over copy ever holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from toolkit.client.field_types import Id, Label, Row, Someone
from toolkit.client.yaml_files import read_model
from toolkit.errors import Fault, InputError
from toolkit.files import read

CONSULTANCY = "consultancy.yaml"
_LARGEST = 1_000_000


class Engagement(Row):
    """Who serves one client: the consultant, the second reader, and by round who has read what went out in it."""

    consultant: Annotated[Someone | None, Label("Consultant", "Ada Berg")] = None
    reviewer: Annotated[Someone | None, Label("Second reader", "Jo Lind")] = None
    read_by: Annotated[dict[Id, Someone], Label("Read by, of each round", "2026-q3: Jo Lind")] = Field(
        default_factory=dict
    )


class Consultancy(Row):
    """What ``consultancy.yaml`` may hold; ``clients`` are named by their folders."""

    second_reader: Annotated[Literal["required"] | None, Label("Second reader")] = None
    clients: Annotated[dict[str, Engagement], Label("Clients")] = Field(default_factory=dict)

    def of(self, slug: str) -> Engagement:
        """Return who serves a client; nobody where the file does not say."""
        return self.clients.get(slug, Engagement())

    def wants_reader(self, slug: str, round_id: str) -> bool:
        """Whether a round's documents are drafts still because no second reader of them is named."""
        return self.second_reader == "required" and round_id not in self.of(slug).read_by

    def remarks(self, slug: str, round_id: str) -> tuple[str, ...]:
        """Return what is to be said of a round to the consultant: that it is not final, and what that takes."""
        if not self.wants_reader(slug, round_id):
            return ()
        reader = self.of(slug).reviewer or "a second reader"
        return (
            f"The documents of round {round_id} are drafts until {CONSULTANCY} names who has read them ({reader}): under "
            f"clients, {slug}, read_by, write {round_id} with the name, then run again.",
        )


def consultancy_of(clients: Path) -> Consultancy:
    """Return what the consultancy's file says; that nothing is asked for where there is none.

    A consultant who is named as the second reader of their own work is a fault.

    Raises
    ------
    InputError
        With every fault.
    """
    data = consultancy_file(clients)
    if not data:
        return Consultancy()
    found, faults = read_model(Consultancy, data, CONSULTANCY)
    faults += _own_readers(found) if found else ()
    if faults or found is None:
        raise InputError(faults)
    return found


def consultancy_file(clients: Path) -> bytes:
    """Return the file as it stands; empty where there is none, errors of :func:`toolkit.files.read`."""
    try:
        return read(clients, CONSULTANCY, _LARGEST, CONSULTANCY)
    except FileNotFoundError:
        return b""


def _own_readers(found: Consultancy) -> Iterator[Fault]:
    for slug, one in found.clients.items():
        for name, reader in one.read_by.items():
            if one.consultant and reader.casefold() == one.consultant.casefold():
                yield Fault(
                    f"{CONSULTANCY}, clients, {slug}, read_by, {name}",
                    f"{reader}, who is its consultant",
                    "somebody else: a second reader",
                    "Name who has read it beside the consultant, or take the line out until somebody has.",
                )
