"""A closed round is issued with one set of answers: a later issue with one reply more would give that reply away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from toolkit.client.parts import RESPONSES
from toolkit.client.record import Record
from toolkit.errors import Fault, InputError, shown
from toolkit.files import place, read, write
from toolkit.publish.data_files import json_bytes
from toolkit.publish.manifest import sha256

ISSUED = "issued.json"


def answers_behind(record: Record, round_id: str, closed: bool = True) -> dict[str, str]:
    """Return a digest of the answers of each surveyed round that this round's pages draw on: itself and earlier.

    With ``closed`` only of closed rounds: the pages of an open one say that they are drafts. Private, for a
    digest of few answers can be guessed back into them.
    """
    last = record.round(round_id).as_of
    drawn = [one for one in record.rounds if one.as_of <= last and (one.closed or not closed)]
    surveyed = [one.id for one in drawn if any(group.answers_by == "survey" for group in one.groups)]
    scores: dict[str, list[tuple[object, ...]]] = {one: [] for one in surveyed}
    for reply in record.responses:
        if reply.round in scores and reply.score is not None:
            scores[reply.round].append((reply.group, reply.respondent, reply.question, reply.score))
    for counted in record.aggregates:
        if counted.round in scores:
            scores[counted.round].append((counted.group, counted.question, *counted.counts))
    return {one: sha256(json_bytes(sorted(rows, key=str))) for one, rows in scores.items()}


def open_behind(record: Record, round_id: str) -> list[str]:
    """Return the surveyed rounds this round's pages draw on, to which answers may still be added."""
    return sorted(answers_behind(record, round_id, closed=False).keys() - answers_behind(record, round_id))


def check_issued(folder: Path, record: Record, round_id: str) -> None:
    """Refuse to issue a round whose answers are not those it was first issued with.

    Raises
    ------
    InputError
        With one fault for each such round.
    """
    known = _read(folder)
    faults = [
        Fault(
            f"{RESPONSES} or aggregates.csv, round {shown(one)}",
            "other answers than those this round was first issued with",
            "the same answers for as long as the round is shown, its first issue and every later one",
            "Put the answers back as they were (the history folder keeps earlier files); what came in late belongs "
            f"to a new round. Only if no page of the round has left your hands, delete its line in {ISSUED}.",
        )
        for one, digest in answers_behind(record, round_id, closed=False).items()
        if known.get(one, digest) != digest
    ]
    if faults:
        raise InputError(faults)


def note_issued(folder: Path, digests: Mapping[str, str]) -> None:
    """Keep with which answers each round was first issued.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    known = _read(folder)
    if new := {one: digest for one, digest in digests.items() if one not in known}:
        write(folder, ISSUED, json_bytes(known | new))


def _read(folder: Path) -> dict[str, str]:
    place(folder, ISSUED)
    try:
        found = json.loads(read(folder, ISSUED))
    except FileNotFoundError:
        return {}
    except (InputError, ValueError):
        found = None
    if not isinstance(found, dict):
        remedy = "Restore it from a backup. Only if no page of any round has left your hands, delete it."
        raise InputError([Fault(ISSUED, "a file that cannot be read", "the file as align wrote it", remedy)])
    return {str(name): str(digest) for name, digest in found.items()}
