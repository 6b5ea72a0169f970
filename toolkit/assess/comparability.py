"""What of two rounds cannot be compared and why; and what today's method reads otherwise than was issued."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from toolkit.assess.assessment import DimensionResult, Movement
from toolkit.assess.scores import GroupAnswers, answers_of
from toolkit.assess.statements import NotCompared, Reread
from toolkit.client.models import Round
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.method import AREAS, COMPARED, GROUP_NAMES, GROUPS, SYMPTOMS, Group
from toolkit.words import day, inside, joined, score

Answered = Mapping[Group, GroupAnswers]


def not_compared(
    record: Record, round_: Round, earlier: Round, moved: Iterable[Movement]
) -> tuple[NotCompared, ...]:
    """List what has no movement between two rounds, with the reason."""
    now_asked, then_asked = record.questionnaire_of(round_), record.questionnaire_of(earlier)
    if now_asked is None or then_asked is None:
        silent = "this round" if now_asked is None else f"the round of {day(earlier.as_of)}"
        return (NotCompared("All scores", f"{silent} asked no questions"),)
    now, then = answers_of(record, round_), answers_of(record, earlier)
    places = {(movement.dimension.id, movement.group) for movement in moved}
    out = []
    for group in GROUPS:
        if group not in now and group not in then:
            continue
        label = (now.get(group) or then[group]).result.label or GROUP_NAMES[group]
        whole = _group_apart(group, now, then, earlier)
        if whole:
            out.append(NotCompared(f"{label}: all scores", whole))
            continue
        reasons: dict[str, list[str]] = {}
        for dimension in (*AREAS, *SYMPTOMS):
            why = _dimension_apart(dimension.id, now_asked, then_asked, earlier)
            if why and (dimension.id, group) not in places:
                reasons.setdefault(why, []).append(inside(dimension.name))
        out += [NotCompared(f"{label}: {joined(names)}", why) for why, names in reasons.items()]
    return tuple(out)


def _group_apart(group: Group, now: Answered, then: Answered, earlier: Round) -> str:
    """Say why nothing of a group can be compared; empty where something can."""
    before = f"on {day(earlier.as_of)}"
    if group not in now:
        return "not asked in this round"
    if group not in then:
        return f"not asked {before}"
    if not now[group].result.shown:
        return "its scores are not shown in this round"
    if not then[group].result.shown:
        return f"its scores were not shown {before}"
    if now[group].result.is_position != then[group].result.is_position:
        spoke = ["one position" if side[group].result.is_position else "a survey" for side in (now, then)]
        return f"answered as {spoke[0]} in this round, as {spoke[1]} {before}"
    return ""


def _dimension_apart(
    dimension: str, now_asked: Questionnaire, then_asked: Questionnaire, earlier: Round
) -> str:
    """Say why a dimension has no movement; empty where neither round asked about it."""
    now, then = ({q.id for q in asked.of(dimension)} for asked in (now_asked, then_asked))
    if not now and not then:
        return ""
    if not now:
        return "not asked in this round"
    if not then:
        return f"not asked on {day(earlier.as_of)}"
    if not now & then:
        return "no question was asked in both rounds"
    return "too few answers that can be compared: to the questions of both rounds, by the people behind each score"


def rereadings(
    issued: bytes, rows: Iterable[DimensionResult], labels: Mapping[Group, str]
) -> tuple[Reread, ...]:
    """Return where a round, computed again by today's method, reads otherwise than it was issued.

    What the record itself has changed since is left out: a target, an adjustment, answers to a round still open.

    Parameters
    ----------
    issued : bytes
        The ``findings.json`` that was published then.
    rows : iterable of DimensionResult
        The areas and symptoms of the same round, as computed today.
    """
    try:
        found = json.loads(issued)
        if found["open_for_answers"]:
            return ()
        then = {row["dimension"]["id"]: row for row in (*found["areas"], *found["symptoms"])}
        return tuple(
            reread
            for row in rows
            if row.dimension.id in then
            for reread in _reread(row, then[row.dimension.id], labels)
        )
    except (ValueError, TypeError, LookupError, AttributeError):  # of a shape that no version of ours wrote
        return ()


def verdict_of(area: Mapping[str, Any]) -> str | None:
    """Return how a published area stands against its line; earlier versions wrote only whether it was weak."""
    weak = area.get("weak")
    return area.get("verdict") or (None if weak is None else "weak" if weak else "sound")


def _reread(row: DimensionResult, was: Mapping[str, Any], labels: Mapping[Group, str]) -> Iterator[Reread]:
    name, scores = row.dimension.name, was["scores"]
    for group in (group for group in GROUPS if group in row.scores and group in scores):
        side, then = row.scores[group], scores[group]
        before = then["mean"] if then["computed"] is None else then["computed"]
        today = side.mean if side.computed is None else side.computed
        if then["n"] == side.n and score(before) != score(today):
            yield Reread(name, f"score by {labels[group]}", score(before), score(today))
    sides = [group for group in COMPARED if group in row.scores and group in scores]
    if any(
        row.scores[group].computed is not None or scores[group]["computed"] is not None for group in sides
    ):
        return
    gap = was["gap"] or {}
    if row.gap and row.gap.word and gap.get("word") not in (None, row.gap.word):
        yield Reread(name, "how sure the difference is", str(gap["word"]), row.gap.word)
    verdict = verdict_of(was)
    if row.verdict and was["target"] == row.target and verdict not in (None, row.verdict):
        yield Reread(name, "against the line", str(verdict), row.verdict)
