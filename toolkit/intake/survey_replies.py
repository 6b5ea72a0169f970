"""The rows of a survey's export as replies: scores, comments and group of each, and what could not be read."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from toolkit.client.constructs import Group
from toolkit.errors import Fault
from toolkit.intake.sheets import Cell, Raw
from toolkit.intake.survey_answers import plain, read_score
from toolkit.intake.survey_comments import read_comment
from toolkit.intake.survey_groups import Grouping, unknown_words
from toolkit.intake.survey_layouts import Export, cell_at
from toolkit.intake.survey_questions import Columns
from toolkit.intake.values import Unreadable


@dataclass
class Reply:
    """One respondent's reply: scores and comments by question, only those that could be read."""

    row: int
    group: Group
    scores: dict[str, int | None] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


@dataclass
class Read:
    """What the rows of an export hold, as far as they could be read.

    ``replies`` are by the respondent's code; ``rejected`` are rows left out with a fault, ``empty`` those
    without any answer, ``personal`` those from whose comments an address or a number was taken out.
    """

    replies: dict[str, Reply] = field(default_factory=dict)
    unreadable: list[Fault] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    personal: list[int] = field(default_factory=list)

    def reject(self, where: str, row: int, found: str, allowed: str, remedy: str) -> None:
        """Leave a row out, and say why."""
        self.unreadable.append(Fault(where, found, allowed, remedy))
        self.rejected.append(row)


def replies_of(raw: Raw, export: Export, columns: Columns, grouping: Grouping, round_id: str) -> Read:
    """Read every row."""
    read, same = Read(unreadable=unknown_words(raw, export, grouping)), Counter[str]()
    for number, cells in export.rows:
        if all(_blank(cell_at(cells, index)) for index in (*columns.asked, *columns.comments)):
            read.empty.append(number)
            continue
        group = grouping.of(cells)
        if group is None:
            _without_group(read, raw, grouping, number, cells)
            continue
        key = _respondent(export, cells, round_id, grouping.everyone or "")
        same[key] += 1
        if same[key] > 1 and export.identity is not None:
            found = (
                f"the reply of row {read.replies[key].row} again" if key in read.replies else "a reply again"
            )
            read.reject(raw.place(number), number, found, "each reply once", "Remove one of the two rows.")
            continue
        key += f"-{same[key]}" if same[key] > 1 else ""
        reply = Reply(number, group)
        _scores(read, raw, export, columns, cells, reply)
        _comments(read, raw, export, columns, cells, reply)
        if reply.scores or reply.comments:
            read.replies[key] = reply
        else:
            read.rejected.append(number)
    return read


def _blank(cell: Cell) -> bool:
    return cell is None or not str(cell).strip()


def _without_group(read: Read, raw: Raw, grouping: Grouping, number: int, cells: Sequence[Cell]) -> None:
    if plain(grouping.said(cells)):  # its word is told once, for all replies that have it
        read.rejected.append(number)
        return
    where = raw.place(number, grouping.column.name if grouping.column else "")
    remedy = "Write the group in, or leave the reply out with --partial."
    read.reject(where, number, "nothing", "business, IT or provider", remedy)


def _scores(
    read: Read, raw: Raw, export: Export, columns: Columns, cells: Sequence[Cell], reply: Reply
) -> None:
    for index, question in columns.asked.items():
        cell = cell_at(cells, index)
        try:
            reply.scores[question.id] = read_score(cell, question)
        except Unreadable as error:
            where = raw.place(reply.row, _name(export, index))
            remedy = "Correct the cell, or leave it missing with --partial."
            read.unreadable.append(Fault(where, str(cell), str(error), remedy))


def _comments(
    read: Read, raw: Raw, export: Export, columns: Columns, cells: Sequence[Cell], reply: Reply
) -> None:
    said: dict[str, dict[int, str]] = {}  # what several columns say on one question is one comment
    for index, question in columns.comments.items():
        if not _blank(cell := cell_at(cells, index)):
            said.setdefault(question.id, {})[index] = str(cell).strip()
    for question_id, texts in said.items():
        whole = "\n".join(texts.values())
        try:
            text, personal = read_comment(whole)
        except Unreadable as error:
            where = raw.place(reply.row, " and ".join(_name(export, index) for index in texts))
            remedy = "Shorten it, or leave it out with --partial."
            read.unreadable.append(Fault(where, f"{len(whole):,} characters", str(error), remedy))
            continue
        if text:
            reply.comments[question_id] = text
        if personal and reply.row not in read.personal[-1:]:
            read.personal.append(reply.row)


def _name(export: Export, index: int) -> str:
    return next(one.name for one in export.headings if one.index == index)


def _respondent(export: Export, cells: Sequence[Cell], round_id: str, group: str) -> str:
    """Return a code that says nothing of the person, and is the same each time the reply is read."""
    own = cell_at(cells, export.identity)
    reply = [str(own)] if own not in (None, "") else ["" if cell is None else str(cell) for cell in cells]
    digest = hashlib.sha256("\x1f".join([round_id, group, export.service, *reply]).encode()).hexdigest()
    return f"r-{digest[:16]}"
