"""The rows of a survey's export as replies: scores, comments and group of each, and what could not be read."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.errors import Fault, shown
from toolkit.intake.cell import Unreadable, as_shown
from toolkit.intake.date import moment_of
from toolkit.intake.survey_answers import Column, plain, read_columns
from toolkit.intake.survey_columns import Columns, MappedExport, unknown_words
from toolkit.intake.survey_comments import read_comment
from toolkit.intake.survey_layout import Export, cell_at, running_services
from toolkit.intake.table import Cell
from toolkit.intake.total_rows import is_called_a_sum
from toolkit.method import Group

CODE = 18  # characters of a reply's code that stand for its number
MOST_SUMMARIES = 3
_NO_REPLY = (
    "Remove the row if it is a mean, a count or a note (or leave it out with --partial); if it is a reply, give it a "
    "number as the others have."
)
NAMELESS = "n-"  # begins the code of a reply without a number
_WHOLE = re.compile(r"0*(\d+?)(?:\.0+)?", re.ASCII)
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE | re.ASCII)
_TWICE = "If it is the same reply, remove one of the two rows; if not, give each a number of its own."
_AS_WRITTEN = (
    "Excel has rounded the numbers, and many replies may now bear the same: remove no row. Download the export once "
    "more and import it as it comes, without opening it in Excel before."
)


@dataclass
class Reply:
    """One respondent's reply: scores and comments by question, only those that could be read.

    ``number`` is the service's own; "" where it gives none, and the answers themselves stand for the reply.
    ``elsewhere`` are the codes that the same number has in an export of another form: with the group in a column
    instead of said for all, or of another service.
    """

    row: int
    group: Group
    number: str = ""
    elsewhere: tuple[str, ...] = ()
    scores: dict[str, int | None] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


@dataclass
class Read:
    """What the rows of a mapped export hold, as far as they could be read.

    ``replies`` are by the respondent's code; ``earlier`` are rows left out because another round has them, by that
    round's id, ``rejected`` those left out with a fault, ``empty`` those
    without any answer, ``left_unfinished`` the codes of unfinished replies left out, ``personal`` those from whose comments an address or a number was taken out; ``meant`` are
    the answers in it that a map says the meaning of and, beside these, those that have one by themselves.
    """

    mapped: MappedExport
    replies: dict[str, Reply] = field(default_factory=dict)
    unreadable: list[Fault] = field(default_factory=list)
    earlier: dict[str, list[int]] = field(default_factory=dict)
    rejected: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    personal: list[int] = field(default_factory=list)
    left_unfinished: tuple[str, ...] = ()
    meant: dict[str, int | str] = field(default_factory=dict)

    def leave_to(self, round_id: str, rows: Sequence[int]) -> None:
        """Leave out replies that another round has."""
        if rows:
            gone = set(rows)
            self.earlier[round_id] = list(rows)
            self.replies = {code: reply for code, reply in self.replies.items() if reply.row not in gone}

    def reject(self, where: str, row: int, found: str, allowed: str, remedy: str) -> None:
        """Leave a row out, and say why."""
        self.unreadable.append(Fault(where, found, allowed, remedy))
        self.rejected.append(row)


def replies_of(mapped: MappedExport, round_id: str) -> Read:
    """Read every row of an export as a reply of a round."""
    export, columns, grouping, told = mapped.export, mapped.columns, mapped.grouping, mapped.meanings
    raw = export.raw
    read, same = Read(mapped, unreadable=unknown_words(export, grouping)), Counter[str]()
    cells_of = {index: {number: cell for number, cells in export.rows if not _blank(cell := cell_at(cells, index))}
                for index in columns.asked}  # fmt: skip
    answers = read_columns(cells_of, columns.asked, told)
    said = {plain(str(cell)) for cells in cells_of.values() for cell in cells.values()}
    read.meant = {word: score for word, score in told.items() if plain(word) in said}
    if read.meant:
        read.meant |= _by_themselves(cells_of, answers, told)
    read.unreadable += _of_other_scales(export, answers)
    summaries = _summaries(export, columns)
    for number, cells in export.rows:
        if all(_blank(cell_at(cells, index)) for index in (*columns.asked, *columns.comments)):
            read.empty.append(number)
            continue
        if number in summaries:
            read.reject(raw.place(number), number, summaries[number], "a reply in each row", _NO_REPLY)
            continue
        group = grouping.of(cells)
        if group is None:
            _without_group(read, number, cells)
            continue
        own, moment = _number(cell_at(cells, export.identity)), moment_of(cell_at(cells, export.submitted))
        if _ROUNDED.fullmatch(own):
            read.reject(raw.place(number), number, f"{own}, rounded by a spreadsheet", "each reply under its whole number", _AS_WRITTEN)  # fmt: skip
            continue
        key, elsewhere = _codes(export, round_id, grouping.everyone or "", group, own) if own else ("", ())
        same[key] += bool(own)
        if same[key] > 1:
            read.reject(raw.place(number), number, f"a reply with the number {own} again", "each reply once, under a number of its own", _TWICE)  # fmt: skip
            continue
        if own and export.running and moment:
            key += f"-{_digest([moment])[:8]}"
        reply = Reply(number, group, own, elsewhere)
        _scores(read, answers, reply)
        _comments(read, cells, reply)
        if not own:
            key = _code_of_answers(round_id, moment, reply)
            same[key] += 1
            key += f"-{same[key]}" if same[key] > 1 else ""
        if reply.scores or reply.comments:
            read.replies[key] = reply
        else:
            read.rejected.append(number)
    return read


def _by_themselves(
    cells_of: Mapping[int, Mapping[int, Cell]], answers: Mapping[int, Column], told: Mapping[str, int | str]
) -> dict[str, int | str]:
    """Return the answers in words that no map explains, with their scores: beside a map's, another reads otherwise."""
    known, found = {plain(word) for word in told}, {}
    for index, cells in cells_of.items():
        for row, cell in cells.items():
            word = plain(str(cell))
            if row in answers[index].scores and word not in known and not word.replace(".", "").isdecimal():
                known.add(word)
                found[str(cell).strip()] = answers[index].scores[row] or ""
    return found


def _summaries(export: Export, columns: Columns) -> dict[int, str]:
    """Return the rows that are no reply, with what tells it: a mean, a count or a note about the scale.

    They are called so, or stand without a number where the replies have one.
    """
    found = {}
    for number, cells in export.rows:
        said = (str(cell) for at, cell in enumerate(cells) if isinstance(cell, str)
                and at not in columns.asked and at not in columns.comments)  # fmt: skip
        if name := next((text for text in said if is_called_a_sum(text)), ""):
            found[number] = f"a row called {shown(name)}"
    if len(found) > MOST_SUMMARIES:  # then it is a word of the client's, such as a unit's name
        found = {}
    own = {number: _number(cell_at(cells, export.identity)) for number, cells in export.rows}
    figures = [number for number, text in own.items() if text.isdecimal()]
    if len(figures) * 2 > len(own):
        odd = {number: text for number, text in own.items() if not text[:1].isdecimal()}
        found = {row: f"{shown(text)} where the others have a number" for row, text in odd.items()} | found
    return found


def is_certain(code: str, running: bool) -> bool:
    """Return whether a code stands for one reply among all forms': by its number alone, or by when it was sent."""
    return len(code) >= CODE + len("-00000000") or not (running or code.startswith(NAMELESS))


def _blank(cell: Cell) -> bool:
    return cell is None or not str(cell).strip()


def _without_group(read: Read, number: int, cells: Sequence[Cell]) -> None:
    grouping = read.mapped.grouping
    if plain(grouping.said(cells)):  # its word is told once, for all replies that have it
        read.rejected.append(number)
        return
    where = read.mapped.export.raw.place(number, grouping.column.name if grouping.column else "")
    remedy = "Write the group in, or leave the reply out with --partial."
    read.reject(where, number, "nothing", "business, IT or provider", remedy)


def _of_other_scales(export: Export, answers: Mapping[int, Column]) -> list[Fault]:
    """Return a fault for each column whose answers do not fit a scale from 1 to 5; none of it is read."""
    return [
        Fault(
            export.raw.place(column.doubt[0], _name(export, index)),
            column.doubt[1],
            column.doubt[2],
            f"Say in a map with --map what its answers mean, as answers: {{{_quoted(column.doubt[1])}: SCORE}}, and so "
            "for each (SCORE from 1 to 5, or missing); correct the cell if it is a slip; or leave the column out "
            "with --partial.",
        )
        for index, column in answers.items()
        if column.doubt
    ]


def _scores(read: Read, answers: Mapping[int, Column], reply: Reply) -> None:
    export = read.mapped.export
    for index, question in read.mapped.columns.asked.items():
        column = answers[index]
        if column.doubt:
            continue
        if reply.row in column.unread:
            cell, error = column.unread[reply.row]
            where = export.raw.place(reply.row, _name(export, index))
            remedy = (
                f"Correct the cell, say in a map with --map what it means, as answers: {{{_quoted(cell)}: SCORE}} "
                "(SCORE from 1 to 5, or missing), or leave it missing with --partial."
            )
            read.unreadable.append(Fault(where, cell, str(error), remedy))
        else:
            reply.scores[question.id] = column.scores.get(reply.row)


def _quoted(cell: str) -> str:
    """Return an answer as a map's key."""
    return "'" + shown(cell).replace("'", "''") + "'"


def _comments(read: Read, cells: Sequence[Cell], reply: Reply) -> None:
    export = read.mapped.export
    said: dict[str, dict[int, str]] = {}  # what several columns say on one question is one comment
    for index, question in read.mapped.columns.comments.items():
        if not _blank(cell := cell_at(cells, index)):
            said.setdefault(question.id, {})[index] = str(cell).strip()
    for question_id, texts in said.items():
        whole = "\n".join(texts.values())
        try:
            text, personal = read_comment(whole)
        except Unreadable as error:
            where = export.raw.place(reply.row, " and ".join(_name(export, index) for index in texts))
            remedy = "Shorten it, or leave it out with --partial."
            read.unreadable.append(Fault(where, f"{len(whole):,} characters", str(error), remedy))
            continue
        if text:
            reply.comments[question_id] = text
        if personal and reply.row not in read.personal[-1:]:
            read.personal.append(reply.row)


def _name(export: Export, index: int) -> str:
    return next(one.name for one in export.headings if one.index == index)


def _number(cell: Cell) -> str:
    """Return a reply's own number, the same however it is written: 1, 1.0 and 001."""
    text = "" if cell is None else as_shown(cell).strip()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def _codes(
    export: Export, round_id: str, everyone: str, group: Group, number: str
) -> tuple[str, tuple[str, ...]]:
    """Return a code that says nothing of the person and is the same each time, and those of other forms."""

    def code(of_all: str, service: str) -> str:
        return f"r-{_digest([round_id, of_all, service, number])[: CODE - 2]}"

    services = running_services() if export.running else (export.service,)
    own = code(everyone, export.service)
    others = (code(of_all, service) for of_all in ("", group) for service in services)
    return own, tuple(other for other in dict.fromkeys(others) if other != own)


def _code_of_answers(round_id: str, moment: str, reply: Reply) -> str:
    """Return a code of what was read of a reply without a number: of when it was sent, to the minute, and its answers.

    The time has a part of its own, for a question more or less in the form is another set of answers; a spreadsheet
    drops the seconds. A day without a time of the day is no such part: many reply on one.
    """
    day, _, clock = moment.rpartition(" ")
    texts = (
        [f"{question} {score}" for question, score in sorted(reply.scores.items()) if score is not None]
        or [f"{question} {text}" for question, text in sorted(reply.comments.items())]
    )  # fmt: skip
    if not day or clock == "00:00:00":
        return f"{NAMELESS}{_digest([round_id, reply.group, day, *texts])[: CODE - 2]}"
    minute = _digest([round_id, reply.group, day, clock[: len("00:00")]])
    return f"{NAMELESS}{minute[: CODE - 2]}-{_digest(texts)[:8]}"


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()
