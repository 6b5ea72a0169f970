"""What a survey's export does to a record: answers new and changed, what is remembered, and what was not used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.client.models import Response, Round, RoundGroup
from toolkit.client.record import Record
from toolkit.client.tables import write_rows
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.date import Days
from toolkit.intake.importing import Import
from toolkit.intake.survey_answers import plain
from toolkit.intake.survey_comments import about
from toolkit.intake.survey_groups import Grouping
from toolkit.intake.survey_identity import identified
from toolkit.intake.survey_layouts import Export, cell_at
from toolkit.intake.survey_map import SurveyMap, kept
from toolkit.intake.survey_questions import Columns
from toolkit.intake.survey_replies import Read, Reply
from toolkit.intake.table import Raw
from toolkit.method import GROUPS, Group


@dataclass(frozen=True)
class Reading:
    """An export as it was read: the table, its layout, and what its columns, rows and days are."""

    raw: Raw
    export: Export
    columns: Columns
    grouping: Grouping
    days: Days
    read: Read


def outcome(record: Record, one: Round, reading: Reading, same: bool = False) -> Import:
    """Return what the replies do to the record's round; nothing is written.

    Parameters
    ----------
    same : bool
        Replies under numbers that the round has are the same ones.

    Raises
    ------
    InputError
        When it cannot be told whether replies are those of the record or another form's.
    """
    old: dict[str, list[Response]] = {}
    for each in record.responses:
        if each.round == one.id:
            old.setdefault(each.respondent, []).append(each)
    told = identified(reading.raw, reading.read.replies, old, same, reading.export.running)
    if told.faults:
        raise InputError(told.faults)
    replies, elsewhen = told.replies, told.elsewhen
    states, answers, differing = {}, {}, 0
    for key, reply in replies.items():
        answers[key] = _merged(one, key, reply, old.get(key, ()))
        said = {each.question: each.comment for each in answers[key]}
        differing += sum(said[question] != comment for question, comment in reply.comments.items())
        same = {each.question: each for each in answers[key]} == {
            each.question: each for each in old.get(key, ())
        }
        states[key] = "new" if key not in old else "unchanged" if same else "changed"
    files = {}
    if set(states.values()) - {"unchanged"}:
        rest = [each for each in record.responses if each.round != one.id or each.respondent not in answers]
        files["responses.csv"] = write_rows(Response, [*rest, *(r for new in answers.values() for r in new)])
        files |= _with_groups(record, one, {new[0].group for new in answers.values() if new})
    chosen = {
        state: tuple(key for key, is_ in states.items() if is_ == state)
        for state in ("new", "changed", "unchanged")
    }
    raw, export, read = reading.raw, reading.export, reading.read
    return Import("survey", record.slug, raw.file, raw.name, len(export.rows), 0, tuple(_pairs(reading)),
                  (*_own(reading), *_unnamed(reading)), tuple(read.unreadable), tuple(read.rejected),
                  chosen["new"], chosen["changed"], chosen["unchanged"], files,
                  tuple(_remarks(record, one, reading, differing, elsewhen)), unused=tuple(_unused(reading)))  # fmt: skip


def _merged(one: Round, key: str, reply: Reply, old: Sequence[Response]) -> list[Response]:
    """Return a respondent's answers with those of the record that the export does not give.

    An answer it does not ask for stays, and so does a comment of the record: a consultant may have shortened it.
    """
    known = {each.question: each for each in old}
    merged = []
    for question in dict.fromkeys((*reply.scores, *reply.comments, *sorted(known))):
        before = known.get(question)
        score = reply.scores.get(question, before.score if before else None)
        comment = before.comment if before and before.comment else reply.comments.get(question)
        merged.append(Response(round=one.id, respondent=key, group=reply.group, question=question,
                               score=score, comment=comment))  # fmt: skip
    return merged


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


def resolved(reading: Reading, given: SurveyMap, known: SurveyMap) -> SurveyMap:
    """Return what to remember: what this import resolved, and of what was known all that it leaves room for."""
    columns, grouping, column = reading.columns, reading.grouping, reading.grouping.column
    here = {key for one in reading.export.headings for key in one.keys}
    name = {one.index: one.name for one in reading.export.headings}
    unwanted = {name[index]: "" for index in sorted(columns.unwanted)}
    asked = {name[index]: question.id for index, question in columns.asked.items()}
    # "Why?" alone is about the question before it, which in the next file may be another.
    told = {plain(key) for key in (*given.comments, *known.comments)}
    beside = {one.name: columns.comments[one.index].id for one in reading.export.headings
              if one.index in columns.comments and (any(about(one)) or told & set(one.keys))}  # fmt: skip
    used = grouping.used_words(reading.export) if column else {}
    words: dict[str, tuple[str, Group]] = {}
    for told_words in (given.groups, known.groups, used):
        for word, group in told_words.items():
            words.setdefault(plain(word), (word, group))
    return SurveyMap(
        questions=kept(_elsewhere(known.questions, here) | unwanted | asked),
        comments=kept(_elsewhere(known.comments, here) | beside),
        group=next(iter(kept({column.name: ""})), "") if column else known.group,
        groups=kept(dict(words.values())),
        answers=kept(known.answers | given.answers),
        dates=reading.days.order or given.dates or known.dates,
    )


def _elsewhere(entries: dict[str, str], here: set[str]) -> dict[str, str]:
    return {key: id for key, id in entries.items() if plain(key) not in here}


def _pairs(reading: Reading) -> Iterator[tuple[str, str]]:
    name = {one.index: one.name for one in reading.export.headings}
    for index, question in reading.columns.asked.items():
        yield question.id, name[index]
    for index, question in reading.columns.comments.items():
        yield f"comment on {question.id}", name[index]
    if reading.grouping.column:
        yield "group", reading.grouping.column.name
        for word, group in reading.grouping.used_words(reading.export).items():
            if plain(word) != group:
                yield f"group {group}", f"“{word}”"
    for word, score in reading.read.meant.items():
        yield f"answer {score}" if score else "no answer", f"“{word}”"
    for what, at in (
        ("day of the reply", reading.export.submitted),
        ("respondent's code", reading.export.identity),
    ):
        if title := _title(reading, at):
            yield what, title


def _title(reading: Reading, index: int | None) -> str:
    """Return the title of one of the service's own columns that is used; "" where there is none."""
    header = reading.raw.rows[0][1] if reading.raw.rows else []
    return " ".join(str(cell_at(header, index) or "").split())


def _own(reading: Reading) -> list[str]:
    """Return the names of the service's own columns that nothing is read from."""
    used = {_title(reading, reading.export.identity), _title(reading, reading.export.submitted)}
    return [title for title in reading.export.own if title not in used]


def _unnamed(reading: Reading) -> list[str]:
    """Return the names of the columns that nothing is read from, the service's own aside."""
    column = reading.grouping.column
    used = {*reading.columns.asked, *reading.columns.comments, column.index if column else -1}
    return [one.name for one in reading.export.headings if one.index not in used]


def _unused(reading: Reading) -> Iterator[Fault]:
    """Yield every column and row that nothing was read from, and why."""
    raw, export = reading.raw, reading.export
    for title in _own(reading):
        yield Fault(raw.place(1, title), "a column of the service's own", "answers, comments and groups",
                    "Nothing: names, addresses and the like are never read as answers.")  # fmt: skip
    unwanted = {one.name for one in export.headings if one.index in reading.columns.unwanted}
    for name in _unnamed(reading):
        if name in unwanted:
            yield Fault(raw.place(1, name), "a column that the map says is not used", "answers, comments and groups", "Nothing.")  # fmt: skip
        else:
            yield Fault(raw.place(1, name), "a column that no question of the round is found for",
                        "a question's id or wording as its heading, or a line in the map",
                        "Nothing, unless it is an answer or a comment: then name it in a map.")  # fmt: skip
    for index in export.nameless:
        yield Fault(raw.place(1), f"cells in column {index + 1}, which has no heading", "a heading",
                    "Nothing, unless they are answers: then write a heading above them.")  # fmt: skip
    for rows, why in ((export.tests, "a trial reply, or spam"), (export.repeats, "the header once more"),
                      (reading.read.empty, "a reply without any answer")):  # fmt: skip
        for row in rows:
            yield Fault(raw.place(row), why, "replies with at least one answer", "Nothing.")


def _remarks(
    record: Record, one: Round, reading: Reading, differing: int, elsewhen: Sequence[int]
) -> Iterator[str]:  # fmt: skip
    yield f"Read as an export of {reading.export.service}, into round {one.id}."
    yield from reading.raw.remarks
    questionnaire = record.questionnaire_of(one)
    asked = {each.id for each in reading.columns.asked.values()}
    missing = {each.id for each in questionnaire.questions} - asked if questionnaire else set()
    if missing:
        yield f"Questions of the round without a column: {len(missing)} ({', '.join(sorted(missing)[:40])})."
    yield from _said_of_days(reading)
    rows = (
        (reading.export.tests, "Trial replies left out"),
        (reading.export.repeats, "Rows that are the header once more, left out"),
        (reading.read.empty, "Replies without any answer, left out"),
        *(
            (rows, f"Replies that round {id} has already, left out")
            for id, rows in reading.read.earlier.items()
        ),
        (
            elsewhen,
            "Replies under a number that the round has, sent at another time, so taken for another form's",
        ),
        (reading.read.personal, "Comments from which an e-mail address or telephone number was taken out"),
    )
    for numbers, what in rows:
        if numbers:
            yield f"{what}: {len(numbers)} ({row_list(numbers)})."
    if differing:
        yield f"Comments that differ from the record's, which stays as it is: {differing}."


def _said_of_days(reading: Reading) -> Iterator[str]:
    days = reading.days
    if days.by_row:
        first, last = min(days.by_row.values()), max(days.by_row.values())
        yield f"Replies of {first}." if first == last else f"Replies from {first} to {last}."
    if days.undecided:
        yield (f"Whether {shown(days.undecided)} begins with the day or the month cannot be told from the column; "
               "say it with --dates, if the days of the replies matter.")  # fmt: skip
    if days.unreadable:
        yield f"Replies whose day could not be read: {len(days.unreadable)} ({row_list(days.unreadable)})."


def row_list(numbers: Sequence[int]) -> str:
    """Return rows in words: the first forty, and how many more there are."""
    more = f" and {len(numbers) - 40} more" if len(numbers) > 40 else ""
    return f"row {', '.join(map(str, numbers[:40]))}{more}"
