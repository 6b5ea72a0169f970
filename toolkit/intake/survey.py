"""A survey service's export into a round: which column asks what, who is in which group, what is new."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.client.answers import Response
from toolkit.client.constructs import GROUPS, Group
from toolkit.client.facts import Round, RoundGroup
from toolkit.client.faults import listed
from toolkit.client.questionnaire import Question, Questionnaire
from toolkit.client.record import Record
from toolkit.client.store import read_files, read_record, save
from toolkit.client.tables import write_rows
from toolkit.client.yaml_files import dump_facts
from toolkit.errors import ConflictError, Fault, InputError, shown
from toolkit.intake.importing import Import
from toolkit.intake.offline_answers import is_answers, read_answers
from toolkit.intake.sheets import Cell, Raw, read_raw
from toolkit.intake.survey_answers import plain, read_score
from toolkit.intake.survey_layouts import Export, Heading, read_export
from toolkit.intake.values import Unreadable

_GROUP_WORDS: Mapping[str, Group] = {
    "business": "business", "the business": "business", "fachbereich": "business", "métier": "business", "negocio": "business",
    "it": "it", "it department": "it", "information technology": "it", "informatique": "it", "informatik": "it", "ti": "it",
    "provider": "provider", "it provider": "provider", "outsourced provider": "provider", "service provider": "provider",
}  # fmt: skip
_NUMBERING = re.compile(r"^(?:q(?:uestion)?\s*)?\d+\s*[.):]\s+", re.IGNORECASE)


@dataclass
class _Read:
    """What the rows of an export hold, as far as they could be read."""

    answers: dict[str, list[Response]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    unreadable: list[Fault] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)


def import_survey(
    clients: Path, slug: str, file: Path, *, round_id: str = "", group: str = "", partial: bool = False, dry_run: bool = False
) -> Import:  # fmt: skip
    """Import the export of a survey service, recognised by its header, into a round of a client.

    Questions are found by id or by wording. Names, addresses and whatever else no question is found for are
    not read. A respondent is known by a code made of the service's number of the reply (of the whole reply
    where it gives none), so importing the same file again changes nothing.

    Parameters
    ----------
    round_id : str
        The round; empty means the latest.
    group : str
        The group of all replies; empty: a column of the export says it.
    partial : bool
        Leave unreadable cells missing and replies without a group out, instead of refusing.
    dry_run : bool
        Change nothing.

    Raises
    ------
    InputError
        When the file, a heading or, without ``partial``, any cell cannot be read; nothing is written then.
    ConflictError
        When the round is closed and the file would change it, or the record changed on disk meanwhile.
    """
    before = read_files(clients, slug)
    record = read_record(slug, before)
    one, questionnaire = _round(record, round_id)
    raw, export = (
        read_answers(file, slug, one, questionnaire, group) if is_answers(file) else read_export_of(file)
    )
    asked = _questions(raw, export, questionnaire)
    by_column = None if group else _group_column(raw, export, asked)
    read = _replies(raw, export, asked, one, _given_group(group), by_column)
    if read.unreadable and not partial:
        raise InputError(read.unreadable)
    done = _outcome(record, one, raw, export, asked, by_column, read)
    if done.files and one.closed:
        raise ConflictError(
            f"Round {one.id} of {slug} closed on {one.closed}, and {file.name} holds replies it does not have; nothing was written.\n"
            "  do:      Keep the round as it was published; ask again in a new round."
        )
    read_record(slug, {**before, **done.files})
    if done.files and not dry_run:
        save(clients, slug, done.files, before)
    return done


def read_export_of(file: Path) -> tuple[Raw, Export]:
    """Return a file's table as it stands, and taken apart as the export of a survey."""
    raw = read_raw(file)
    return raw, read_export(raw)


def _round(record: Record, round_id: str) -> tuple[Round, Questionnaire]:
    known = [one.id for one in record.rounds]
    if not known or (round_id and round_id not in known):
        remedy = "Correct the round after --round, or add it to client.yaml, rounds."
        raise InputError([Fault("--round", round_id or "no round", f"one of: {listed(known)}", remedy)])
    one = record.round(round_id)
    questionnaire = record.questionnaire_of(one)
    if questionnaire is None:
        where = f"client.yaml, rounds, {one.id}, field questionnaire"
        remedy = "Name the questionnaire that was used."
        raise InputError([Fault(where, "nothing", "full, executive, pulse or own", remedy)])
    return one, questionnaire


def _given_group(group: str) -> Group | None:
    if not group:
        return None
    found = next((one for one in GROUPS if one == group), None)
    if found is None:
        raise InputError([Fault("--group", group, f"one of: {', '.join(GROUPS)}", "Correct the group.")])
    return found


def _code(text: str) -> str:
    """Return an id without what a service may not keep of it: LimeSurvey's codes have no hyphens."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _questions(raw: Raw, export: Export, questionnaire: Questionnaire) -> dict[int, Question]:
    """Return the question each column answers, by id, else by wording."""
    codes = {_code(one.id): one for one in questionnaire.questions}
    worded: dict[str, list[Question]] = {}
    for one in questionnaire.questions:
        for text in {plain(one.text), plain(one.text_it or one.text)}:
            worded.setdefault(text, []).append(one)
    # A need's importance and satisfaction may share their words, which then name neither.
    wordings = {text: ones[0] for text, ones in worded.items() if len(ones) == 1}
    found = {heading.index: question for heading in export.headings
             if (question := _question(heading, codes, wordings))}  # fmt: skip
    if not found:
        names = listed(heading.name for heading in export.headings)
        allowed = f"columns headed by a question's id or wording: {listed(codes[one].id for one in codes)}"
        remedy = "Write the questions' ids into the headings, or name the round that asked them with --round."
        raise InputError([Fault(raw.place(1), f"{export.service}: {names}", allowed, remedy)])
    twice = [id for id, times in Counter(one.id for one in found.values()).items() if times > 1]
    if twice:
        remedy = "Remove one of the two columns, or correct its heading."
        raise InputError(
            [Fault(raw.place(1), f"{one} in two columns", "each question once", remedy) for one in twice]
        )
    return found


def _question(
    heading: Heading, codes: Mapping[str, Question], wordings: Mapping[str, Question]
) -> Question | None:
    if heading.code and (found := codes.get(_code(heading.code))):
        return found
    for text in heading.wordings:
        for tried in (text, _NUMBERING.sub("", text), text.partition(" ")[0].rstrip(".:)")):
            if found := wordings.get(plain(tried)) or codes.get(_code(tried)):
                return found
    return None


def _group_column(raw: Raw, export: Export, asked: Mapping[int, Question]) -> Heading:
    """Return the one column in which every reply names a group."""
    fitting = []
    for heading in export.headings:
        said = {plain(str(cell)) for _, cells in export.rows if (cell := _cell(cells, heading.index)) is not None}  # fmt: skip
        if heading.index not in asked and said - {""} and said <= {*_GROUP_WORDS, ""}:
            fitting.append(heading)
    if len(fitting) == 1:
        return fitting[0]
    found = (
        f"the columns {listed(one.name for one in fitting)}" if fitting else "no column that names a group"
    )
    allowed = "one column with business, IT or provider in every row, or one file for each group"
    remedy = "Export each group by itself and say which with --group, or write the groups into a column."
    raise InputError([Fault(raw.place(1), found, allowed, remedy)])


def _cell(cells: Sequence[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else None


def _replies(
    raw: Raw, export: Export, asked: Mapping[int, Question], one: Round, group: Group | None, by_column: Heading | None
) -> _Read:  # fmt: skip
    read, same = _Read(), Counter[str]()
    names = {heading.index: heading.name for heading in export.headings}
    for number, cells in export.rows:
        if all(_cell(cells, index) in (None, "") for index in asked):
            read.empty.append(number)
            continue
        theirs = group or _GROUP_WORDS.get(plain(str(_cell(cells, by_column.index) if by_column else "")))
        if theirs is None:
            allowed, remedy = "business, IT or provider", "Write the group in, or leave the reply out with --partial."  # fmt: skip
            read.unreadable.append(Fault(raw.place(number, by_column.name if by_column else ""), "nothing", allowed, remedy))  # fmt: skip
            read.rejected.append(number)
            continue
        key = _respondent(export, cells, one.id, group or "")
        same[key] += 1
        if same[key] > 1 and export.identity is not None:
            remedy = "Remove one of the two rows."
            where = raw.place(number)
            read.unreadable.append(
                Fault(where, f"the reply of row {read.places[key]} again", "each reply once", remedy)
            )
            read.rejected.append(number)
            continue
        key += f"-{same[key]}" if same[key] > 1 else ""
        scored = []
        for index, question in asked.items():
            try:
                score = read_score(_cell(cells, index), question)
            except Unreadable as error:
                remedy = "Correct the cell, or leave it missing with --partial."
                where = raw.place(number, names[index])
                read.unreadable.append(Fault(where, str(_cell(cells, index)), str(error), remedy))
                continue
            scored.append(
                Response(round=one.id, respondent=key, group=theirs, question=question.id, score=score)
            )
        read.answers[key], read.places[key] = scored, number
    return read


def _respondent(export: Export, cells: Sequence[Cell], round_id: str, group: str) -> str:
    """Return a code that says nothing of the person, and is the same each time the reply is read."""
    own = _cell(cells, export.identity) if export.identity is not None else None
    reply = [str(own)] if own not in (None, "") else ["" if cell is None else str(cell) for cell in cells]
    digest = hashlib.sha256("\x1f".join([round_id, group, export.service, *reply]).encode()).hexdigest()
    return f"r-{digest[:16]}"


def _outcome(
    record: Record, one: Round, raw: Raw, export: Export, asked: Mapping[int, Question], by_column: Heading | None, read: _Read
) -> Import:  # fmt: skip
    old: dict[str, list[Response]] = {}
    for each in record.responses:
        if each.round == one.id:
            old.setdefault(each.respondent, []).append(each)
    states = {}
    for key, new in read.answers.items():
        known = {each.question: each for each in old.get(key, ())}
        # A comment typed into the record is not the survey's to take away, nor an answer it does not ask for.
        kept = [known[question] for question in known.keys() - {each.question for each in new}]
        new[:] = [*(each.model_copy(update={"comment": known[each.question].comment})
                    if each.question in known else each for each in new), *sorted(kept, key=str)]  # fmt: skip
        same = sorted(new, key=str) == sorted(old.get(key, ()), key=str)
        states[key] = "new" if key not in old else "unchanged" if same else "changed"
    files = {}
    if set(states.values()) - {"unchanged"}:
        rest = [each for each in record.responses if each.round != one.id or each.respondent not in read.answers]  # fmt: skip
        files["responses.csv"] = write_rows(Response, [*rest, *(r for new in read.answers.values() for r in new)])  # fmt: skip
        files |= _with_groups(record, one, {new[0].group for new in read.answers.values() if new})
    unused = tuple(heading.name for heading in export.headings
                   if heading.index not in asked and heading is not by_column)  # fmt: skip
    pairs = [(question.id, next(h.name for h in export.headings if h.index == index)) for index, question in asked.items()]  # fmt: skip
    pairs += [("group", by_column.name)] if by_column else []
    chosen = {
        state: tuple(key for key, is_ in states.items() if is_ == state)
        for state in ("new", "changed", "unchanged")
    }
    return Import("survey", record.slug, raw.file, raw.name, len(export.rows), 0, tuple(pairs), (*export.own, *unused),
                  tuple(read.unreadable), tuple(read.rejected), chosen["new"], chosen["changed"], chosen["unchanged"],
                  files, tuple(_remarks(record, one, export, asked, read)))  # fmt: skip


def _with_groups(record: Record, one: Round, groups: set[Group]) -> dict[str, bytes]:
    """Return client.yaml with the groups the round does not list yet, each answering by survey."""
    lacking = [name for name in GROUPS if name in groups - {each.group for each in one.groups}]
    if not lacking:
        return {}
    changed = one.model_copy(
        update={"groups": (*one.groups, *(RoundGroup(group=name, mode="survey") for name in lacking))}
    )
    rounds = tuple(changed if each.id == one.id else each for each in record.facts.rounds)
    return {"client.yaml": dump_facts(record.facts.model_copy(update={"rounds": rounds}))}


def _remarks(record: Record, one: Round, export: Export, asked: Mapping[int, Question], read: _Read) -> list[str]:  # fmt: skip
    said = [f"Read as an export of {export.service}, into round {one.id}."]
    questionnaire = record.questionnaire_of(one)
    missing = {each.id for each in questionnaire.questions} - {each.id for each in asked.values()} if questionnaire else set()  # fmt: skip
    if missing:
        said.append(
            f"Questions of the round without a column: {len(missing)} ({', '.join(sorted(missing)[:40])})."
        )
    for rows, why in (
        (export.tests, "Trial replies left out"),
        (read.empty, "Replies without any answer, left out"),
    ):
        if rows:
            said.append(f"{why}: {len(rows)} (row {', '.join(map(shown, rows))}).")
    return said
