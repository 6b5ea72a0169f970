"""A document as the files of a record, and everything that keeps it from being one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from toolkit.client.checks import check_parts
from toolkit.client.faults import faults_of, place_in_yaml
from toolkit.client.models import Facts, Response, scenario_file
from toolkit.client.parts import AGGREGATES, DECISIONS, FACTS, RESPONSES, Parts
from toolkit.client.parts import TABLES as FILES
from toolkit.client.record import Record
from toolkit.client.schema import Row
from toolkit.client.tables import Table, write_rows
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import Fault, InputError
from toolkit.intake.document import DONT_KNOW, TABLES, Document, Path, entries, recorded_together
from toolkit.intake.rounds_kept import faults_of_rounds

R = TypeVar("R", bound=Row)
POSITION = "position"  # ends the respondent's code of a group's first agreed or named position


@dataclass(frozen=True)
class Checked:
    """What a document comes to: its parts as far as they are valid, and every fault; ``tables`` by file."""

    facts: Facts | None
    tables: Mapping[str, tuple[Row, ...]]
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
    facts = _facts(document.get("facts", {}), faults)
    tables = {file: _table(model, document, (name,), file) for file, name, model in _listed()}
    faults += [fault for table in tables.values() for fault in table.faults]
    faults += faults_of_rounds(record, recorded, document)
    responses = _responses(record, recorded, document, faults)
    parts = Parts(
        facts,
        decisions=Table.of(DECISIONS, record.decisions),
        responses=Table.of(RESPONSES, responses),
        aggregates=Table.of(AGGREGATES, record.aggregates),
        questionnaires=record.questionnaires,
        scenarios={scenario_file(one.id): one for one in record.scenarios},
        pictures=record.pictures,
        **{FILES[file][0]: table for file, table in tables.items()},  # type: ignore[arg-type]
    )
    rows = {file: table.rows for file, table in tables.items()}
    return Checked(facts, rows, responses, (*faults, *check_parts(parts)))


def _listed() -> Iterator[tuple[str, str, type[Row]]]:
    """Yield the files of a document's lists, each with its name in document and record, and the model of its rows."""
    yield from ((file, name, model) for file, (name, model) in FILES.items() if (name,) in TABLES)


def _table(model: type[R], document: Document, path: Path, file: str) -> Table[R]:
    """Return a list of the document as the table that its file would be read as."""
    rows, numbers, faults = [], [], []
    for number, one in enumerate(entries(document, path), start=2):
        try:
            rows.append(model.model_validate(one))
            numbers.append(number)
        except ValidationError as error:
            faults += faults_of(error, model, partial(_cell, file, number))
    return Table(file, tuple(rows), numbers, tuple(faults))


def _cell(file: str, number: int, loc: Sequence[str | int]) -> str:
    return f"{file}, row {number}, column {loc[0] if loc else 'id'}"


def _facts(content: Any, faults: list[Fault]) -> Facts | None:
    try:
        return Facts.model_validate(content)
    except ValidationError as error:
        faults += faults_of(error, Facts, place_in_yaml(FACTS, content))
        return None


def _responses(
    record: Record, recorded: Document, document: Document, faults: list[Fault]
) -> tuple[Response, ...]:
    """Return the answers with each changed position in place of what its group had said together.

    Answers that a group gave one by one are never replaced: beside a position they are a fault of the record.
    """
    before, after = recorded.get("positions", {}), document.get("positions", {})
    moved = {
        (round_id, group): after.get(round_id, {}).get(group, {})
        for round_id in {*before, *after}
        for group in {*before.get(round_id, {}), *after.get(round_id, {})}
        if before.get(round_id, {}).get(group) != after.get(round_id, {}).get(group)
    }
    if not moved:
        return record.responses
    replaced = moved.keys() & recorded_together(record)
    kept = [one for one in record.responses if (one.round, one.group) not in replaced]
    new: list[Response] = []
    for (round_id, group), scores in sorted(moved.items()):
        said = [one for one in record.responses if (one.round, one.group) == (round_id, group)]
        new += _position(round_id, group, scores, said if (round_id, group) in replaced else [], faults)
    return (*kept, *new)


def _position(
    round_id: str, group: str, scores: Document, said: list[Response], faults: list[Fault]
) -> Iterator[Response]:
    """Yield a position's answers under the code that the group has; comments stay, a withdrawn score's too."""
    code = said[0].respondent if said else f"{group}-{POSITION}"
    comments = {one.question: one.comment for one in said if one.comment}
    for question in dict.fromkeys([*scores, *comments]):
        score = scores.get(question)
        row = {
            "round": round_id, "respondent": code, "group": group, "question": question,
            "score": None if score == DONT_KNOW else score, "comment": comments.get(question),
        }  # fmt: skip
        try:
            yield Response.model_validate(row)
        except ValidationError as error:
            where = f"{RESPONSES}, {round_id}, {group}, {question}"
            faults += faults_of(error, Response, partial(_as_told, where))


def _as_told(where: str, loc: Sequence[str | int]) -> str:
    return where


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
    if document.get("facts") != recorded.get("facts"):
        files[FACTS] = dump_facts(found.facts)
    for file, name, model in _listed():
        if entries(document, (name,)) != entries(recorded, (name,)):
            files[file] = write_rows(model, found.tables[file])
    if found.responses is not record.responses:
        files[RESPONSES] = write_rows(Response, found.responses)
    return files
