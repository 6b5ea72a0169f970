"""The check before anything is made: the record, the consultant's edits of every round, what was issued before."""

from __future__ import annotations

from pathlib import Path

from toolkit.assess import assess
from toolkit.client.modes import note_modes
from toolkit.client.record import Record
from toolkit.client.store import client_folder, load
from toolkit.errors import Fault, InputError
from toolkit.publish.issued import check_issued
from toolkit.publish.shelf import Shelf


def checked(clients: Path, slug: str) -> Record:
    """Return a client's record once nothing stands against making its deliverables, of any round.

    Raises
    ------
    InputError
        With every fault found; those of the rounds only where the record itself has none.
    """
    record = load(clients, slug)
    note_modes(client_folder(clients, slug), record)
    faults: list[Fault] = []
    for one in record.rounds:
        try:
            assess(record, one.id)
        except InputError as error:
            faults += error.faults
    try:
        if record.rounds:
            Shelf(clients, slug, record.round().id).check()
        check_issued(client_folder(clients, slug), record)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    return record
