"""What moved since an earlier round, on what both rounds asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.assess.assessment import Movement
from toolkit.assess.comparing import difference, with_words
from toolkit.assess.confidentiality import rests_on_enough
from toolkit.assess.scores import GroupAnswers, answers_of, scored_on
from toolkit.client.models import Round
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.method import AREAS, COMPARED, SYMPTOMS, Dimension, Group


def earlier_round(record: Record, one: Round) -> Round | None:
    """Return the round to compare with: the latest earlier one that asked questions, else the latest earlier one."""
    before = [r for r in record.rounds if (r.as_of, r.id) < (one.as_of, one.id)]
    asked = [r for r in before if r.questionnaire]
    return asked[-1] if asked else before[-1] if before else None


def movements(record: Record, one: Round, earlier: Round) -> tuple[Movement, ...]:
    """Compare two rounds, group by group, on the questions that the group answered in both.

    Silent on a group that may not be shown in both rounds, for the difference would give its hidden score
    away, on one that spoke as a survey in one round and as a position in the other, and wherever the movement,
    with the scores and the other movements drawn from the same answers, would single people out.
    """
    asked = [each for each in record.rounds if each.questionnaire]
    pairs = _pairs(record, asked)
    if (one.id, earlier.id) not in pairs:
        return ()
    sides = {each.id: _Side(record.questionnaire_of(each), answers_of(record, each)) for each in asked}
    pairs = pairs[: pairs.index((one.id, earlier.id)) + 1]
    moved = (
        _shown(dimension, group, sides, pairs)
        for dimension in (*AREAS, *SYMPTOMS)
        for group in sides[one.id].answers
        if group in sides[earlier.id].answers
    )
    return _judged([each for each in moved if each])


def compared_on(record: Record, one: Round, group: Group) -> dict[str, list[list[str]]]:
    """Return, for each dimension on which a round's pages tell a group's movement, the questions that it stands on."""
    earlier = earlier_round(record, one)
    moved = movements(record, one, earlier) if earlier else ()
    return {each.dimension.id: [sorted(each.shared)] for each in moved if each.group == group}


@dataclass(frozen=True)
class _Side:
    """One round of a comparison: what it asked, and what was answered."""

    asked: Questionnaire | None
    answers: Mapping[Group, GroupAnswers]

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
        now, then = (sides[each] for each in pair)
        movement = None
        if group not in now.answers or group not in then.answers:
            continue
        shared = then.answers[group].answered(
            now.answers[group].answered([q for q in now.whole(dimension) if q in then.whole(dimension)])
        )
        movement = _movement(dimension, group, now, then, shared)
        safe = all(
            _safe(
                sides[each].answers[group],
                sides[each].whole(dimension),
                [*parts.get(each, []), sides[each].scored(dimension, group), shared],
            )
            for each in pair
        )
        if movement and not safe:
            movement = None
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


def _judged(moved: list[Movement]) -> tuple[Movement, ...]:
    """Say of each movement whether it is more than noise, the false alarms held down over all of them."""
    words = with_words([one.change for one in moved])
    return tuple(replace(one, change=word) for one, word in zip(moved, words, strict=True) if word)


def _movement(
    dimension: Dimension, group: Group, now: _Side, then: _Side, shared: Sequence[str]
) -> Movement | None:
    """Compare one group on one dimension; None unless the very people behind its score answered the shared part."""
    if now.answers[group].result.is_position != then.answers[group].result.is_position:
        return None
    part_now, part_then = (one.answers[group].part(shared, one.whole(dimension)) for one in (now, then))
    after, before = part_now.score(shared), part_then.score(shared)
    if after is None or before is None:
        return None
    change = difference(after.mean - before.mean, part_now, part_then, shared)
    return Movement(dimension, group, before.mean, after.mean, tuple(shared), change)
