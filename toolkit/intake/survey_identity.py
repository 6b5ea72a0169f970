"""Which reply of the record a reply of an export is, where its code alone does not tell.

Many services number the replies of each form from 1, so the same number at another time is another form's reply.
A reply's code is ``r-`` and 16 digits for its number, then 8 for the time at which it was sent, where that is known.
Where replies have no numbers, it is ``n-`` and 16 digits for the minute at which it was sent, then 8 for its answers;
or 16 digits for its answers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.client.models import Response
from toolkit.errors import Fault
from toolkit.intake.survey_replies import CODE, NAMELESS, Reply
from toolkit.intake.table import Raw

Recorded = Mapping[str, Sequence[Response]]
_EDITED = 2 / 3  # the least part of its answers that an edited reply keeps
_MOST_PAIRS = 250_000
_WHICH = (
    "If they are the same replies, sent again or corrected, import with --same-replies; if they are another form's, "
    "write a letter before each number (B1, B2, …) and import again."
)


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
