"""Which reply of the record a reply of an export is, where its number alone does not tell.

Many services number the replies of each form from 1, so the same number at another time is another form's reply.
A reply's code is ``r-`` and 16 digits for its number, then 8 for the time at which it was sent, where that is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toolkit.client.answers import Response
from toolkit.errors import Fault
from toolkit.intake.sheets import Raw
from toolkit.intake.survey_replies import CODE, Reply

Recorded = Mapping[str, Sequence[Response]]
_WHICH = (
    "If they are the same replies, sent again or corrected, import with --same-replies; if they are another form's, "
    "write a letter before each number (B1, B2, …) and import again."
)


def identified(
    raw: Raw, replies: Mapping[str, Reply], old: Recorded, same: bool
) -> tuple[dict[str, Reply], tuple[int, ...], list[Fault]]:
    """Return replies by the code that each has in the record.

    Parameters
    ----------
    same : bool
        The consultant says that replies under numbers of the record are those of the record.

    Returns
    -------
    dict
    tuple of int
        Rows of the replies that bear a number of the record and were sent at another time.
    list of Fault
        What cannot be told.
    """
    numbers: dict[str, list[str]] = {}
    for code in old:
        numbers.setdefault(code[:CODE], []).append(code)
    settled: dict[str, Reply] = {}
    unsure: dict[str, Reply] = {}
    elsewhen: dict[str, Reply] = {}
    faults = [_fault_of_a_part(raw, replies, old)] if not same and _overlaps(replies, old) else []
    for code, reply in replies.items():
        if not reply.number:  # its answers stand for it: another's are another reply
            settled[code] = reply
            continue
        number, timeless = code[:CODE], len(code) == CODE
        candidates = numbers.get(number, [])
        if code in old:
            settled[code] = reply
            if timeless and _contradicts(reply, old[code]):
                unsure[code] = reply
        elif not candidates:
            settled[code] = reply
        elif timeless or number in candidates:
            fitting = [one for one in candidates if not _contradicts(reply, old[one])]
            settled[fitting[0] if fitting else candidates[0]] = reply
            if len(fitting) != 1:
                unsure[code] = reply
        else:
            elsewhen[code] = reply
    if same:
        return settled | {numbers[code[:CODE]][0]: reply for code, reply in elsewhen.items()}, (), []
    if unsure:
        faults.append(_fault(raw, unsure, "replies under numbers that the round has with other answers"))
    alike = [
        code
        for code, reply in elsewhen.items()
        if any(_same(reply, old[one]) for one in numbers[code[:CODE]])
    ]
    if elsewhen and len(alike) == len(elsewhen):
        faults.append(_fault(raw, elsewhen, "replies under numbers that the round has with the same answers, sent at another time"))  # fmt: skip
    elif elsewhen and sum(code in old for code in settled) >= len(elsewhen):
        faults.append(_fault(raw, elsewhen, "replies under numbers that the round has, sent at another time than there, among others that it has as they are"))  # fmt: skip
    return settled | elsewhen, tuple(reply.row for reply in elsewhen.values()), faults


def _overlaps(replies: Mapping[str, Reply], old: Recorded) -> bool:
    """Whether replies without a number are in part those of the round, and lack some of its group.

    The same form exported again has all that it had; two forms' people may have given the same answers.
    """
    nameless = {code: reply for code, reply in replies.items() if not reply.number}
    groups = {reply.group for code, reply in nameless.items() if code in old}
    lacking = [code for code, recorded in old.items() if code not in replies and recorded[0].group in groups]
    return bool(groups and lacking and set(nameless) - set(old))


def _fault_of_a_part(raw: Raw, replies: Mapping[str, Reply], old: Recorded) -> Fault:
    alike = [reply.row for code, reply in replies.items() if code in old and not reply.number]
    return Fault(
        f"{raw.place(alike[0])}{_more(alike)}",
        f"{len(alike)} replies without a number with the same answers as in the round, which has others that are not here",
        "each reply once, under a number of its own",
        "If they are the same replies, import with --same-replies; if they are another form's, give each reply of "
        "this file a number in a column headed respondent (B1, B2, …) and import again.",
    )


def _more(rows: Sequence[int]) -> str:
    return f" and {len(rows) - 1} more rows" if len(rows) > 1 else ""


def _contradicts(reply: Reply, recorded: Sequence[Response]) -> bool:
    """Whether an answer differs from the record's; one that only one of the two gives does not."""
    scores = {one.question: one.score for one in recorded if one.score is not None}
    return any(score not in (None, scores.get(question, score)) for question, score in reply.scores.items())


def _same(reply: Reply, recorded: Sequence[Response]) -> bool:
    given = {question: score for question, score in reply.scores.items() if score is not None}
    return given == {one.question: one.score for one in recorded if one.score is not None}


def _fault(raw: Raw, replies: Mapping[str, Reply], found: str) -> Fault:
    rows = [reply.row for reply in replies.values()]
    return Fault(f"{raw.place(rows[0])}{_more(rows)}", f"{len(rows)} {found}", "each reply once, under a number of its own", _WHICH)  # fmt: skip
