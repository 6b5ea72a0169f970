"""Replies merged into a round: which reply of the record each is, what becomes new or changed, what was not used.

Many services number the replies of each form from 1, so the same number at another time is another form's reply.
A reply's code is ``r-`` and 16 digits for its number, then 8 for the time at which it was sent, where that is known.
Where replies have no numbers, it is ``n-`` and 16 digits for the minute at which it was sent, then 8 for its answers;
or 16 digits for its answers alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Response, Round, RoundGroup
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.date import Days
from toolkit.intake.import_ import Import, ids_of
from toolkit.intake.survey_answers import plain
from toolkit.intake.survey_columns import MappedExport
from toolkit.intake.survey_comments import about
from toolkit.intake.survey_layout import Export, cell_at
from toolkit.intake.survey_map import SurveyMap, kept
from toolkit.intake.survey_replies import CODE, NAMELESS, Read, Reply
from toolkit.intake.table import Raw
from toolkit.method import GROUPS, Group

Recorded = Mapping[str, Sequence[Response]]
_EDITED = 2 / 3  # the least part of its answers that an edited reply keeps
_MOST_PAIRS = 250_000
NO_DAY = date(1980, 1, 1)  # LimeSurvey writes it where times are not kept
_WHICH = (
    "If they are the same replies, sent again or corrected, import with --same-replies; if they are another form's, "
    "write a letter before each number (B1, B2, …) and import again."
)


def outcome(record: Record, one: Round, read: Read, same: bool = False) -> Import:
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
    mapped, export = read.mapped, read.mapped.export
    told = identified(export.raw, read.replies, old, same, export.running)
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
    return Import(
        kind="survey", slug=record.slug, file=export.raw.file, sheet=export.raw.name, rows=len(export.rows), files=files,
        mapped=tuple(_pairs(read)), dropped=(*_own(mapped), *_unnamed(mapped)), unreadable=tuple(read.unreadable),
        rejected=tuple(read.rejected), new=ids_of(states, "new"), changed=ids_of(states, "changed"),
        unchanged=ids_of(states, "unchanged"), remarks=tuple(_remarks(record, one, read, differing, elsewhen)),
        unused=tuple(_unused(read)), unknown=tuple(name for name in _unnamed(mapped) if name not in _unwanted(mapped)),
    )  # fmt: skip


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


def resolved(mapped: MappedExport, given: SurveyMap, known: SurveyMap, usual: str = "") -> SurveyMap:
    """Return what to remember: what this import resolved, and of what was known all that it leaves room for.

    ``usual`` is the order of dates by the client's profile, which is not remembered beside it.
    """
    export, columns, grouping = mapped.export, mapped.columns, mapped.grouping
    column = grouping.column
    here = {key for one in export.headings for key in one.keys}
    name = {one.index: one.name for one in export.headings}
    unwanted = {name[index]: "" for index in sorted(columns.unwanted)}
    asked = {name[index]: question.id for index, question in columns.asked.items()}
    # "Why?" alone is about the question before it, which in the next file may be another.
    told = {plain(key) for key in (*given.comments, *known.comments)}
    beside = {one.name: columns.comments[one.index].id for one in export.headings
              if one.index in columns.comments and (any(about(one)) or told & set(one.keys))}  # fmt: skip
    used = grouping.used_words(export) if column else {}
    words: dict[str, tuple[str, Group]] = {}
    for told_words in (given.groups, known.groups, used):
        for word, group in told_words.items():
            words.setdefault(plain(word), (word, group))
    named, order = given.dates or known.dates, mapped.days.order
    return SurveyMap(
        questions=kept(_elsewhere(known.questions, here) | unwanted | asked),
        comments=kept(_elsewhere(known.comments, here) | beside),
        group=next(iter(kept({column.name: ""})), "") if column else known.group,
        groups=kept(dict(words.values())),
        answers=kept(known.answers | given.answers),
        dates="" if order == usual and not named else order or named,
    )


def _elsewhere(entries: dict[str, str], here: set[str]) -> dict[str, str]:
    return {key: id for key, id in entries.items() if plain(key) not in here}


def _pairs(read: Read) -> Iterator[tuple[str, str]]:
    mapped, export = read.mapped, read.mapped.export
    name = {one.index: one.name for one in export.headings}
    for index, question in mapped.columns.asked.items():
        yield question.id, name[index]
    for index, question in mapped.columns.comments.items():
        yield f"comment on {question.id}", name[index]
    if mapped.grouping.column:
        yield "group", mapped.grouping.column.name
        for word, group in mapped.grouping.used_words(export).items():
            if plain(word) != group:
                yield f"group {group}", f"“{word}”"
    for word, score in read.meant.items():
        yield f"answer {score}" if score else "no answer", f"“{word}”"
    if export.status:
        yield "finished or not", export.status
    for what, at in (
        ("day of the reply", export.submitted),
        ("respondent's code", export.identity),
    ):
        if title := _title(export, at):
            yield what, title


def _title(export: Export, index: int | None) -> str:
    """Return the title of one of the service's own columns that is used; "" where there is none."""
    header = export.raw.rows[0][1] if export.raw.rows else []
    return " ".join(str(cell_at(header, index) or "").split())


def _own(mapped: MappedExport) -> list[str]:
    """Return the names of the service's own columns that nothing is read from."""
    used = {
        _title(mapped.export, mapped.export.identity),
        _title(mapped.export, mapped.export.submitted),
        mapped.export.status,
    }
    return [title for title in mapped.export.own if title not in used]


def _unnamed(mapped: MappedExport) -> list[str]:
    """Return the names of the columns that nothing is read from, the service's own aside."""
    column = mapped.grouping.column
    used = {*mapped.columns.asked, *mapped.columns.comments, column.index if column else -1}
    return [
        one.name
        for one in mapped.export.headings
        if one.index not in used and one.name != mapped.export.status
    ]


def _unwanted(mapped: MappedExport) -> set[str]:
    """Return the names of the columns that a map says are not used."""
    return {one.name for one in mapped.export.headings if one.index in mapped.columns.unwanted}


def _unused(read: Read) -> Iterator[Fault]:
    """Yield every column and row that nothing was read from, and why."""
    mapped, export = read.mapped, read.mapped.export
    raw = export.raw
    for title in _own(mapped):
        yield Fault(raw.place(1, title), "a column of the service's own", "answers, comments and groups",
                    "Nothing: names, addresses and the like are never read as answers.")  # fmt: skip
    unwanted = _unwanted(mapped)
    for name in _unnamed(mapped):
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
                      (read.empty, "a reply without any answer")):  # fmt: skip
        for row in rows:
            yield Fault(raw.place(row), why, "replies with at least one answer", "Nothing.")


def _remarks(
    record: Record, one: Round, read: Read, differing: int, elsewhen: Sequence[int]
) -> Iterator[str]:  # fmt: skip
    mapped, export = read.mapped, read.mapped.export
    yield f"Read as an export of {export.service}, into round {one.id}."
    yield from export.raw.remarks
    questionnaire = record.questionnaire_of(one)
    asked = {each.id for each in mapped.columns.asked.values()}
    missing = {each.id for each in questionnaire.questions} - asked if questionnaire else set()
    if missing:
        yield f"Questions of the round without a column: {len(missing)} ({', '.join(sorted(missing)[:40])})."
    yield from _said_of_days(mapped.days)
    if export.unfolded:
        yield f"Read from several columns, one for each answer: {', '.join(map(shown, export.unfolded[:40]))}."
    left = {number for number, _ in export.rows}.isdisjoint(export.unfinished)
    unfinished = "Unfinished replies, left out" if left else "Unfinished replies, read like the others (--finished-only leaves them out)"  # fmt: skip
    rows = (
        (export.tests, "Trial replies left out"),
        (export.repeats, "Rows that are the header once more, left out"),
        (read.empty, "Replies without any answer, left out"),
        ([row for row in export.unfinished if row not in read.empty], unfinished),
        *((rows, f"Replies that round {id} has already, left out") for id, rows in read.earlier.items()),
        (
            elsewhen,
            "Replies under a number that the round has, sent at another time, so taken for another form's",
        ),
        (read.personal, "Comments from which an e-mail address or telephone number was taken out"),
    )
    for numbers, what in rows:
        if numbers:
            yield f"{what}: {len(numbers)} ({row_list(numbers)})."
    recorded = {each.respondent for each in record.responses if each.round == one.id}
    if stay := recorded & set(read.left_unfinished):
        yield f"Of the unfinished replies, the record has {len(stay)} from an import before; they stay until you remove their rows from responses.csv: {', '.join(sorted(stay)[:40])}."  # fmt: skip
    if differing:
        yield f"Comments that differ from the record's, which stays as it is: {differing}."


def _said_of_days(days: Days) -> Iterator[str]:
    sent = [day for day in days.by_row.values() if day != NO_DAY]
    if sent:
        first, last = min(sent), max(sent)
        yield f"Replies of {first}." if first == last else f"Replies from {first} to {last}."
    if days.undecided:
        yield (f"Whether {shown(days.undecided)} begins with the day or the month cannot be told from the column; "
               "say it with --dates, or once in the profile (date_order), if the days of the replies matter.")  # fmt: skip
    if days.unreadable:
        yield f"Replies whose day could not be read: {len(days.unreadable)} ({row_list(days.unreadable)})."


def row_list(numbers: Sequence[int]) -> str:
    """Return rows in words: the first forty, and how many more there are."""
    more = f" and {len(numbers) - 40} more" if len(numbers) > 40 else ""
    return f"row {', '.join(map(str, numbers[:40]))}{more}"


@dataclass
class Identified:
    """Replies by the code that each has in the record.

    Attributes
    ----------
    replies : dict
    elsewhen : tuple of int
        Rows of the replies that bear a number of the record and were sent at another time.
    faults : list of Fault
        What cannot be told.
    """

    replies: dict[str, Reply] = field(default_factory=dict)
    elsewhen: tuple[int, ...] = ()
    faults: list[Fault] = field(default_factory=list)


def identified(
    raw: Raw, replies: Mapping[str, Reply], old: Recorded, same: bool, running: bool = True
) -> Identified:
    """Return replies by the code that each has in the record.

    Parameters
    ----------
    same : bool
        The consultant says that replies which may be those of the record are.
    running : bool
        Whether the replies of each form are numbered from 1; else a number tells which reply it is.
    """
    numbered = {code: reply for code, reply in replies.items() if reply.number}
    nameless = {code: reply for code, reply in replies.items() if not reply.number}
    told = _by_number(raw, numbered, old, same) if running else Identified(numbered)
    others = _by_answers(raw, nameless, old, same)
    return Identified(told.replies | others.replies, told.elsewhen, told.faults + others.faults)


def _by_number(raw: Raw, replies: Mapping[str, Reply], old: Recorded, same: bool) -> Identified:
    numbers: dict[str, list[str]] = {}
    for code in old:
        numbers.setdefault(code[:CODE], []).append(code)
    matched: dict[str, Reply] = {}
    unsure: dict[str, Reply] = {}
    elsewhen: dict[str, Reply] = {}
    there: dict[str, list[str]] = {}  # the record's codes for the number of each of these
    for code, reply in replies.items():
        number, when = code[:CODE], code[CODE:]
        candidates = numbers.get(number) or [
            one
            for other in reply.elsewhere
            for one in numbers.get(other, ())
            if old[one][0].group == reply.group
        ]
        exact = next((one for one in candidates if one[CODE:] == when), "")
        if exact:
            matched[exact] = reply
            if not when and _contradicts(reply, old[exact]):
                unsure[exact] = reply
        elif not candidates:
            matched[code] = reply
        elif not when or any(len(one) == CODE for one in candidates):
            fitting = [one for one in candidates if not _contradicts(reply, old[one])]
            matched[fitting[0] if fitting else candidates[0]] = reply
            if len(fitting) != 1:
                unsure[code] = reply
        else:
            elsewhen[code], there[code] = reply, candidates
    if same:
        return Identified(matched | {there[code][0]: reply for code, reply in elsewhen.items()})
    faults = []
    if unsure:
        faults.append(_fault(raw, unsure, "replies under numbers that the round has with other answers"))
    alike = [code for code, reply in elsewhen.items() if any(_same(reply, old[one]) for one in there[code])]
    if elsewhen and len(alike) == len(elsewhen):
        faults.append(_fault(raw, elsewhen, "replies under numbers that the round has with the same answers, sent at another time"))  # fmt: skip
    elif elsewhen and sum(code in old for code in matched) >= len(elsewhen):
        faults.append(_fault(raw, elsewhen, "replies under numbers that the round has, sent at another time than there, among others that it has as they are"))  # fmt: skip
    return Identified(matched | elsewhen, tuple(reply.row for reply in elsewhen.values()), faults)


def _by_answers(raw: Raw, replies: Mapping[str, Reply], old: Recorded, same: bool) -> Identified:
    """Tell replies without a number from those of the round that the file lacks."""
    matched = {code: reply for code, reply in replies.items() if code in old}
    lacking = {code: rows for code, rows in old.items() if code.startswith(NAMELESS) and code not in matched}
    new: dict[str, Reply] = {}
    for code, reply in replies.items():
        if code in matched:
            continue
        minute = code[:CODE]
        match = next(
            (one for one in lacking if one[:CODE] == minute and not _contradicts(reply, lacking[one])), ""
        )
        if match:
            matched[match] = reply
            del lacking[match]
        else:
            new[code] = reply
    faults = []
    for group in sorted({reply.group for reply in new.values()}):
        here = {code: reply for code, reply in new.items() if reply.group == group}
        gone = {code: rows for code, rows in lacking.items() if rows[0].group == group}
        # As the version before this one coded them, and replies of services that number theirs.
        former = {
            code: rows
            for code, rows in old.items()
            if len(code) == CODE and code[:2] != NAMELESS and rows[0].group == group
        }
        gone |= former if 2 * len(_alike(here, former)) >= len(here) else {}
        kept = any(code in old and reply.group == group for code, reply in matched.items())
        if not gone or not _may_be_the_same(here, gone, kept):
            continue
        if not same:
            faults.append(_fault_of_nameless(raw, here, gone))
            continue
        for code, match in _paired(here, gone).items():
            matched[match] = new.pop(code)
    return Identified(matched | new, (), faults)


def _may_be_the_same(here: Mapping[str, Reply], gone: Recorded, kept: bool) -> bool:
    """Whether new replies of a group may be some of those that the file lacks.

    Where both were sent at a known minute, another minute is another reply, unless half of them have the same answers,
    for times may be written otherwise; or, where the file has others of the round, one has nearly the same, for an
    edited reply bears the time of its edit.
    """
    if any(len(code) < CODE + len("-00000000") for code in (*here, *gone)):
        return True
    if len(_alike(here, gone)) * 2 >= len(here):
        return True
    edited = (_likeness(reply, rows) >= _EDITED for reply in here.values() for rows in gone.values())
    return kept and (len(here) * len(gone) > _MOST_PAIRS or any(edited))


def _likeness(reply: Reply, recorded: Sequence[Response]) -> float:
    """Return which part of the questions that both answer they answer alike."""
    scores = _scores_of(recorded)
    both = [
        score == scores[one] for one, score in reply.scores.items() if score is not None and one in scores
    ]
    return sum(both) / len(both) if both else 0.0


def _alike(here: Mapping[str, Reply], gone: Recorded) -> dict[str, str]:
    """Return new replies with one each of those that the file lacks, the same in all that both forms ask."""
    shared = {one for reply in here.values() for one in reply.scores} & {
        row.question for rows in gone.values() for row in rows
    }
    free: dict[tuple[int | None, ...], list[str]] = {}
    for code, rows in gone.items():
        free.setdefault(tuple(_scores_of(rows).get(one) for one in sorted(shared)), []).append(code)
    return {
        code: same.pop()
        for code, reply in here.items()
        if (same := free.get(tuple(reply.scores.get(one) for one in sorted(shared))))
    }


def _paired(here: Mapping[str, Reply], gone: Recorded) -> dict[str, str]:
    """Return new replies with the one each that it is of those that the file lacks: the same, else in their order."""
    pairs = _alike(here, gone)
    taken = set(pairs.values())
    rest = [code for code in here if code not in pairs]
    return pairs | dict(zip(rest, (code for code in gone if code not in taken), strict=False))


def _fault_of_nameless(raw: Raw, here: Mapping[str, Reply], gone: Recorded) -> Fault:
    rows = [reply.row for reply in here.values()]
    return Fault(
        f"{raw.place(rows[0])}{_more(rows)}",
        f"{len(rows)} new replies without a number, while {len(gone)} that the round has of their group are not here",
        "each reply once, under a number of its own",
        "If they are the same replies, changed or written otherwise, import with --same-replies; if they are other "
        "people's, give each reply of this file a number in a column headed respondent (B1, B2, …) and import again.",
    )


def _more(rows: Sequence[int]) -> str:
    return f" and {len(rows) - 1} more rows" if len(rows) > 1 else ""


def _scores_of(recorded: Sequence[Response]) -> dict[str, int]:
    return {one.question: one.score for one in recorded if one.score is not None}


def _contradicts(reply: Reply, recorded: Sequence[Response]) -> bool:
    """Whether an answer differs from the record's; one that only one of the two gives does not."""
    scores = _scores_of(recorded)
    return any(score not in (None, scores.get(question, score)) for question, score in reply.scores.items())


def _same(reply: Reply, recorded: Sequence[Response]) -> bool:
    given = {question: score for question, score in reply.scores.items() if score is not None}
    return given == _scores_of(recorded)


def _fault(raw: Raw, replies: Mapping[str, Reply], found: str) -> Fault:
    rows = [reply.row for reply in replies.values()]
    return Fault(f"{raw.place(rows[0])}{_more(rows)}", f"{len(rows)} {found}", "each reply once, under a number of its own", _WHICH)  # fmt: skip
