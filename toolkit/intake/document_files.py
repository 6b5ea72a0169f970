"""A document as the files of a record, and everything that keeps it from being one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from toolkit.client.answers import Response
from toolkit.client.check import check_parts
from toolkit.client.facts import Facts
from toolkit.client.faults import faults_of, place_in_yaml
from toolkit.client.parts import ACTIONS, AGGREGATES, DECISIONS, FACTS, INITIATIVES, RESPONSES, Parts
from toolkit.client.record import Record
from toolkit.client.scenarios import scenario_file
from toolkit.client.tables import Table, write_rows
from toolkit.client.work import Initiative
from toolkit.client.yaml_files import dump_facts
from toolkit.errors import Fault, InputError
from toolkit.intake.document import INITIATIVES as ROWS
from toolkit.intake.document import Document, entries

POSITION = "position"  # the respondent's code of an agreed or named position


@dataclass(frozen=True)
class Checked:
    """What a document comes to: its parts as far as they are valid, and every fault."""

    facts: Facts | None
    initiatives: tuple[Initiative, ...]
    responses: tuple[Response, ...]
    faults: tuple[Fault, ...]


def checked(record: Record, recorded: Document, document: Document) -> Checked:
    """Check a document as the record it would become.

    Parameters
    ----------
    record, recorded
        The record that the draft is held against, and the same as a document.
    """
    faults: list[Fault] = []
    facts = _facts(document["facts"], faults)
    rows, numbers = [], []
    for number, one in enumerate(entries(document, ROWS), start=2):
        try:
            rows.append(Initiative.model_validate(one))
            numbers.append(number)
        except ValidationError as error:
            faults += faults_of(error, Initiative, partial(_cell, number))
    responses = _responses(record, recorded, document)
    unread = tuple(fault for fault in faults if fault.where.startswith(INITIATIVES))
    parts = Parts(
        facts,
        Table(INITIATIVES, tuple(rows), numbers, unread),
        Table.of(DECISIONS, record.decisions),
        Table.of(ACTIONS, record.actions),
        Table.of(RESPONSES, responses),
        Table.of(AGGREGATES, record.aggregates),
        record.questionnaires,
        {scenario_file(one.id): one for one in record.scenarios},
    )
    return Checked(facts, tuple(rows), responses, (*faults, *check_parts(parts)))


def _cell(number: int, loc: Sequence[str | int]) -> str:
    return f"{INITIATIVES}, row {number}, column {loc[0] if loc else 'id'}"


def _facts(content: Any, faults: list[Fault]) -> Facts | None:
    try:
        return Facts.model_validate(content)
    except ValidationError as error:
        faults += faults_of(error, Facts, place_in_yaml(FACTS, content))
        return None


def _responses(record: Record, recorded: Document, document: Document) -> tuple[Response, ...]:
    """Return the answers with each changed position in place of what its group had said."""
    before, after = recorded.get("positions", {}), document.get("positions", {})
    moved = {
        (round_id, group): after.get(round_id, {}).get(group, {})
        for round_id in {*before, *after}
        for group in {*before.get(round_id, {}), *after.get(round_id, {})}
        if before.get(round_id, {}).get(group) != after.get(round_id, {}).get(group)
    }
    if not moved:
        return record.responses
    kept = [one for one in record.responses if (one.round, one.group) not in moved]
    comments = {(one.round, one.group, one.question): one for one in record.responses if one.comment}
    new = []
    for (round_id, group), scores in sorted(moved.items()):
        for question, score in scores.items():
            was = comments.pop((round_id, group, question), None)
            new.append(Response(round=round_id, respondent=POSITION, group=group, question=question, score=score, comment=was and was.comment))  # fmt: skip
        for (asked, said_by, question), was in comments.items():
            if (asked, said_by) == (round_id, group):  # a comment stays, though its score was taken back
                new.append(
                    was.model_copy(update={"respondent": POSITION, "score": None, "question": question})
                )
    return (*kept, *new)


def changed_files(record: Record, recorded: Document, document: Document) -> dict[str, bytes]:
    """Return the record's files that a document changes, as they would be written.

    Raises
    ------
    InputError
        With every fault, when the document makes no valid record.
    """
    found = checked(record, recorded, document)
    if found.faults or found.facts is None:
        raise InputError(found.faults)
    files: dict[str, bytes] = {}
    if document["facts"] != recorded["facts"]:
        files[FACTS] = dump_facts(found.facts)
    if entries(document, ROWS) != entries(recorded, ROWS):
        files[INITIATIVES] = write_rows(Initiative, found.initiatives)
    if found.responses is not record.responses:
        files[RESPONSES] = write_rows(Response, found.responses)
    return files
