"""A document as the files of a record, and everything that keeps it from being one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from toolkit.client.checks import check_parts
from toolkit.client.faults import faults_of, place_in_yaml
from toolkit.client.field_types import Row
from toolkit.client.parts import AGGREGATES, DECISIONS, FACTS, RESPONSES, Parts
from toolkit.client.parts import TABLES as FILES
from toolkit.client.record import Record
from toolkit.client.record_csv import Table, cell_at, write_rows
from toolkit.client.schema import Facts, Response, scenario_file
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import Fault, InputError, Place
from toolkit.intake.document import (
    DONT_KNOW,
    TABLES,
    Document,
    Path,
    answered_together,
    answers_by,
    at,
    entries,
    recorded_together,
)

R = TypeVar("R", bound=Row)
POSITION = "position"  # ends the respondent's code of a group's first agreed or named position
_ROUNDS = ("facts", "rounds")
_ASK_AGAIN = "Put it back as it was; to ask in another way, add a new round in which everyone is asked again."


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


def _cell(file: str, number: int, loc: Sequence[str | int]) -> Place:
    return cell_at(file, number, loc[0] if loc else "id")


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


def faults_of_rounds(record: Record, recorded: Document, document: Document) -> Iterator[Fault]:
    """Yield what a draft changes of answered or closed rounds, and each position of a group that answers alone.

    A reply given in confidence must not become a position on the record, nor the other way round (METHOD §4),
    and a closed round is not issued again with other answers.
    """
    answered = {(one.round, one.group) for one in record.responses}
    answered |= {(one.round, one.group) for one in record.aggregates}
    place = place_in_yaml(FACTS, recorded.get("facts", {}))
    for index, was in enumerate(entries(recorded, _ROUNDS)):
        now = at(document, (*_ROUNDS, was["id"]))
        where, groups = place(("rounds", index)), place(("rounds", index, "groups"))
        if now is None:
            if any(round_id == was["id"] for round_id, _ in answered):
                yield Fault(where, "a round removed that people have answered", "the round, as long as its answers are kept", "Undo the removal.")  # fmt: skip
            continue
        for name, before, after in _groups(was, now):
            if (was["id"], name) in answered and after and answers_by(before) != answers_by(after):
                found = (
                    f"{name} answers by {answers_by(after)}, though it has answered by {answers_by(before)}"
                )
                yield Fault(groups, found, "the way in which it has answered", _ASK_AGAIN)
            kept = ("mode", "minimum") if _says_why(before, after) else ("mode", "minimum", "invited")
            if was.get("closed") and any(before.get(one) != after.get(one) for one in kept):
                found = f"another mode, head-count or minimum of {name}, in a round that closed on {was['closed']}"
                yield Fault(groups, found, "a closed round as it was published", _ASK_AGAIN)
        if was.get("closed") and at(document, ("positions", was["id"])) != at(recorded, ("positions", was["id"])):  # fmt: skip
            found = f"other scores, in a round that closed on {was['closed']}"
            yield Fault(where, found, "a closed round as it was published", "Take the change back; ask again in a new round.")  # fmt: skip
    yield from _positions_of_surveyed(document)


def _groups(was: Document, now: Document) -> Iterator[tuple[str, Document, Document]]:
    after = {one.get("group"): one for one in now.get("groups", ())}
    for one in was.get("groups", ()):
        yield one["group"], one, after.get(one["group"], {})


def _says_why(before: Document, after: Document) -> bool:
    """Whether a head-count's correction comes with a reason of its own."""
    return bool(after.get("correction")) and after.get("correction") != before.get("correction")


def _positions_of_surveyed(document: Document) -> Iterator[Fault]:
    for index, one in enumerate(entries(document, _ROUNDS)):
        together = answered_together(one)
        for group in at(document, ("positions", one["id"])) or {}:
            if group not in together:
                where = place_in_yaml(FACTS, document["facts"])(("rounds", index, "groups"))
                found = f"an agreed position of {group}, which answers by survey"
                yield Fault(where, found, "a position of a group that answers by consensus or as one named person", "Let the group answer together, or undo the scores.")  # fmt: skip
