"""Two rounds compared: what moved on what both asked, why the rest did not, and what is read otherwise today than was issued."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from toolkit.assess.assessment import DimensionResult, Movement
from toolkit.assess.confidentiality import rests_on_enough
from toolkit.assess.difference import difference, with_words
from toolkit.assess.scores import GroupAnswers, RoundAnswers, answers_of, scored_on
from toolkit.assess.statements import NotCompared, Reread
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.method import AREAS, COMPARED, GROUPS, SYMPTOMS, Dimension, Group
from toolkit.words import day, inside, joined, score


def earlier_round(record: Record, round_: Round) -> Round | None:
    """Return the round to compare with: the latest earlier one that asked questions, else the latest earlier one."""
    before = [each for each in record.rounds if (each.as_of, each.id) < (round_.as_of, round_.id)]
    asked = [each for each in before if each.questionnaire]
    return asked[-1] if asked else before[-1] if before else None


def movements(record: Record, round_: Round, earlier: Round) -> tuple[Movement, ...]:
    """Compare two rounds, group by group, on the questions that the group answered in both.

    Silent on a group that may not be shown in both rounds, for the difference would give its hidden score
    away, on one that spoke as a survey in one round and as a position in the other, and wherever the movement,
    with the scores and the other movements drawn from the same answers, would single people out.
    """
    asked = [each for each in record.rounds if each.questionnaire]
    pairs = _pairs(record, asked)
    if (round_.id, earlier.id) not in pairs:
        return ()
    sides = {each.id: _Side(record.questionnaire_of(each), answers_of(record, each)) for each in asked}
    pairs = pairs[: pairs.index((round_.id, earlier.id)) + 1]
    moved = [
        movement
        for dimension in (*AREAS, *SYMPTOMS)
        for group in sides[round_.id].answers
        if group in sides[earlier.id].answers and (movement := _shown(dimension, group, sides, pairs))
    ]
    # The false alarms are held down over all movements together.
    words = with_words([movement.change for movement in moved])
    return tuple(
        replace(movement, change=change) for movement, change in zip(moved, words, strict=True) if change
    )


def compared_on(record: Record, round_: Round, group: Group) -> dict[str, list[list[str]]]:
    """Return, for each dimension on which a round's pages tell a group's movement, the questions that it stands on."""
    earlier = earlier_round(record, round_)
    moved = movements(record, round_, earlier) if earlier else ()
    return {each.dimension.id: [sorted(each.shared)] for each in moved if each.group == group}


@dataclass(frozen=True)
class _Side:
    """One round of a comparison: what it asked, and what was answered."""

    asked: Questionnaire | None
    answers: RoundAnswers

    def whole(self, dimension: Dimension) -> list[str]:
        """Return the questions on a dimension."""
        return [q.id for q in self.asked.of(dimension.id)] if self.asked else []

    def scored(self, dimension: Dimension, group: Group) -> list[str]:
        """Return the questions on which the round's own score of a group stands."""
        whole = self.whole(dimension)
        return scored_on(self.answers, whole) if group in COMPARED else whole


def _pairs(record: Record, asked: Sequence[Round]) -> list[tuple[str, str]]:
    """Return the ids of every two rounds that may be compared, later and earlier, in the order in which they are shown.

    A round is compared first with the one before it, as its own pages do, then with the others; no later round
    changes what was shown of those before it.
    """
    pairs = []
    for number, later in enumerate(asked):
        first = earlier_round(record, later)
        before = sorted(asked[:number], key=lambda each: each != first)
        pairs += [(later.id, each.id) for each in before]
    return pairs


def _shown(
    dimension: Dimension, group: Group, sides: Mapping[str, _Side], pairs: Sequence[tuple[str, str]]
) -> Movement | None:
    """Return a group's movement between the last pair of rounds, None unless it may stand beside those before it."""
    parts: dict[str, list[list[str]]] = {}
    movement = None
    for pair in pairs:
        movement = None
        now, then = (sides[each] for each in pair)
        if group not in now.answers or group not in then.answers:
            continue
        shared = then.answers[group].answered(
            now.answers[group].answered([q for q in now.whole(dimension) if q in then.whole(dimension)])
        )
        beside = [[*parts.get(each, []), sides[each].scored(dimension, group), shared] for each in pair]
        if all(
            _safe(side.answers[group], side.whole(dimension), scored)
            for side, scored in zip((now, then), beside, strict=True)
        ):
            movement = _movement(dimension, group, now, then, shared)
        if movement:
            for each in pair:
                parts.setdefault(each, []).append(shared)
    return movement


def _safe(answers: GroupAnswers, whole: Sequence[str], parts: Sequence[Sequence[str]]) -> bool:
    """Whether scores on parts of a dimension may stand beside the score on the whole of it.

    Not where a question outside a part was answered by some of those who count, but by fewer than the minimum;
    nor where the scores together rest on fewer. Counts tell of questions, not of people, each answered by enough.
    """
    if answers.counts:
        return True
    given, place = answers.given(whole), {question: number for number, question in enumerate(whole)}
    few = {q for q in whole if 0 < given[:, place[q]].sum() < answers.minimum}
    if any(few.difference(part) for part in parts):
        return False
    return rests_on_enough(given, [[place[q] for q in part] for part in parts], answers.minimum)


def _movement(
    dimension: Dimension, group: Group, now: _Side, then: _Side, shared: Sequence[str]
) -> Movement | None:
    """Compare one group on one dimension; None unless the very people behind its score answered the shared part."""
    if now.answers[group].result.is_position != then.answers[group].result.is_position:
        return None
    part_now, part_then = (side.answers[group].part(shared, side.whole(dimension)) for side in (now, then))
    after, before = part_now.score(shared), part_then.score(shared)
    if after is None or before is None:
        return None
    change = difference(after.mean - before.mean, part_now, part_then, shared)
    return Movement(dimension, group, before.mean, after.mean, tuple(shared), change)


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
    apart = []
    for group in GROUPS:
        if group not in now and group not in then:
            continue
        label = (now.get(group) or then[group]).result.label
        whole = _group_apart(group, now, then, earlier)
        if whole:
            apart.append(NotCompared(f"{label}: all scores", whole))
            continue
        reasons: dict[str, list[str]] = {}
        for dimension in (*AREAS, *SYMPTOMS):
            why = _dimension_apart(dimension.id, now_asked, then_asked, earlier)
            if why and (dimension.id, group) not in places:
                reasons.setdefault(why, []).append(inside(dimension.name))
        apart += [NotCompared(f"{label}: {joined(names)}", why) for why, names in reasons.items()]
    return tuple(apart)


def _group_apart(group: Group, now: RoundAnswers, then: RoundAnswers, earlier: Round) -> str:
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
    adjusted = (
        row.scores[group].computed is not None or scores[group]["computed"] is not None for group in sides
    )
    if any(adjusted):
        return
    gap = was["gap"] or {}
    if row.gap and row.gap.word and gap.get("word") not in (None, row.gap.word):
        yield Reread(name, "how sure the difference is", str(gap["word"]), row.gap.word)
    verdict = verdict_of(was)
    if row.verdict and was["target"] == row.target and verdict not in (None, row.verdict):
        yield Reread(name, "against the line", str(verdict), row.verdict)
