"""Answers that offline questionnaires saved: one file, or a folder of them, as the table of a survey's export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from toolkit.client.faults import listed
from toolkit.client.field_types import Id, Kind, Row, Text
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.schema import Round, Score
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.questionnaire_items import DONT_KNOW, fingerprint
from toolkit.intake.saved_files import SavedFiles
from toolkit.intake.survey_layout import Export, Heading
from toolkit.intake.table import Cell, Raw
from toolkit.method import Group
from toolkit.words import counted

MOST_FILES = 2_000
SERVICE = "the offline questionnaire"
_SEND_AGAIN = "Ask for the file again, as the questionnaire saved it."
_CODE = Kind("a code of digits and letters a–f, as the questionnaire writes it", _SEND_AGAIN)


class Answers(Row):
    """One saved file. ``answers`` are scores by question, None for "don't know"; a question may be left out.

    ``reply`` is drawn at random by the page and stays with what was entered there, so that a corrected file
    takes the place of an earlier one. ``hash`` is the :func:`~toolkit.intake.questionnaire_items.fingerprint` of what was asked.
    """

    format: Literal["align-answers"]
    version: Literal[1]
    client: Id
    round: Id
    questionnaire: Id
    hash: Annotated[str, Field(pattern="^[0-9a-f]{16}$"), _CODE]
    group: Group
    reply: Annotated[str, Field(pattern="^[0-9a-f]{32}$"), _CODE]
    answers: dict[Id, Score | None]
    comments: dict[Id, Text]


@dataclass(frozen=True)
class _Files(Raw):
    """A table whose rows are files; ``names`` says which."""

    names: Mapping[int, str] = field(default_factory=dict)

    def place(self, row: int, column: str = "") -> str:
        """Say where a cell stands: in which file."""
        if row not in self.names:
            return super().place(row, column)
        return self.names[row] + (f", {shown(column)}" if column else "")


ANSWERS = SavedFiles(
    Answers, "align-answers", "the questionnaire", "offline questionnaires", "answers-….json", MOST_FILES
)


def is_answers(path: Path) -> bool:
    """Return whether a path is to be read here: a folder, or a file of the kind the questionnaire saves."""
    return path.is_dir() or path.suffix.lower() == ".json"


def read_answers(path: Path, slug: str, one: Round, questionnaire: Questionnaire, group: str = "") -> Export:
    """Read the answers that respondents saved and sent back, each file one reply.

    Parameters
    ----------
    path : Path
        One file, or a folder that holds nothing else.
    group : str
        What was said of the group of all replies; each file says its own, so anything is refused.

    Raises
    ------
    InputError
        With every file that cannot be used, and why: damaged, too large, of another client, round or
        questionnaire, without an answer, or a second version of a reply.
    """
    if group:
        allowed = "nothing: each file says the group that its page was made for"
        raise InputError([Fault("--group", group, allowed, "Leave --group out.")])
    files = ANSWERS.found_in(path)
    replies: list[tuple[str, Answers]] = []
    faults: list[Fault] = []
    for each in files:
        read, wrong = ANSWERS.read(each)
        wrong += _strange(read, each.name, slug, one, questionnaire) if read else []
        faults += ANSWERS.told(each, wrong)
        if read:
            replies.append((each.name, read))
    replies, twice = _each_once(replies)
    if faults or twice:
        raise InputError([*faults, *twice])
    name = f"{path.name}, {counted(len(files), 'file')}" if path.is_dir() else path.name
    return _table(name, replies, questionnaire)


def _strange(read: Answers, name: str, slug: str, one: Round, questionnaire: Questionnaire) -> list[Fault]:
    """Return why well-formed answers do not belong here."""
    faults = []
    if read.client != slug:
        faults.append(Fault(f"{name}, client", read.client, slug, "Import it into the client it is for."))
    if read.round != one.id:
        remedy = f"Import it with --round {shown(read.round)}, if that is what it answers."
        faults.append(Fault(f"{name}, round", read.round, one.id, remedy))
    elif (read.questionnaire, read.hash) != (questionnaire.id, fingerprint(questionnaire)):
        found = (
            read.questionnaire
            if read.questionnaire != questionnaire.id
            else f"{read.questionnaire}, in other words"
        )
        allowed = f"answers to the questionnaire of round {one.id} as it stands: {questionnaire.id}"
        remedy = "Put the questionnaire back as it was when it was sent, then import; or ask again with the new one."
        faults.append(Fault(f"{name}, questionnaire", found, allowed, remedy))
    else:
        known = {each.id for each in questionnaire.questions}
        unknown = sorted({*read.answers, *read.comments} - known)
        if unknown:
            faults.append(
                Fault(f"{name}, answers", listed(unknown), "questions of the questionnaire", _SEND_AGAIN)
            )
    if not read.answers and not any(read.comments.values()):
        faults.append(Fault(f"{name}, answers", "none", "at least one answer", _SEND_AGAIN))
    return faults


def _each_once(replies: Iterable[tuple[str, Answers]]) -> tuple[list[tuple[str, Answers]], list[Fault]]:
    """Return each reply once, and a fault for each that differs from one before it."""
    first: dict[str, tuple[str, Answers]] = {}
    faults = []
    for name, read in replies:
        before, same = first.setdefault(read.reply, (name, read))
        if same != read:
            remedy = "Keep the one that came last, and move the other out of the folder."
            faults.append(
                Fault(name, f"another version of the reply in {shown(before)}", "each reply once", remedy)
            )
    return list(first.values()), faults


def _table(name: str, replies: Sequence[tuple[str, Answers]], questionnaire: Questionnaire) -> Export:
    """Lay replies out as services do: a code, the group, a column a question, and one for comments on it."""
    ids = [one.id for one in questionnaire.questions]
    said = [one for one in ids if any(read.comments.get(one) for _, read in replies)]
    header = ["reply", "group", *ids, *(f"Comment [{one}]" for one in said)]
    rows = tuple((number, _row(read, ids, said)) for number, (_, read) in enumerate(replies, start=2))
    names = {number: file for number, (file, _) in enumerate(replies, start=2)}
    titles: list[Cell] = [*header]
    headings = tuple(
        Heading(at, title if title in ids else "", (title,)) for at, title in enumerate(header) if at
    )
    raw = _Files(file=name, name="", rows=((1, titles), *rows), names=names)
    return Export(raw, SERVICE, headings=headings, identity=0, own=("reply",), rows=rows)


def _row(read: Answers, ids: Sequence[str], said: Sequence[str]) -> list[Cell]:
    scores = [
        (DONT_KNOW if read.answers[one] is None else read.answers[one]) if one in read.answers else None
        for one in ids
    ]
    return [read.reply, read.group, *scores, *(read.comments.get(one) or None for one in said)]
