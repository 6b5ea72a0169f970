"""What moved since an earlier round, on what both rounds asked."""

from __future__ import annotations

from dataclasses import replace

from toolkit.assess.assessment import Movement
from toolkit.assess.comparing import difference, with_words
from toolkit.assess.scores import GroupAnswers, answers_of
from toolkit.client.constructs import AREAS, SYMPTOMS, Dimension
from toolkit.client.facts import Round
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record


def earlier_round(record: Record, one: Round) -> Round | None:
    """Return the round to compare with: the latest earlier one that asked questions, else the latest earlier one."""
    before = [r for r in record.rounds if (r.as_of, r.id) < (one.as_of, one.id)]
    asked = [r for r in before if r.questionnaire]
    return asked[-1] if asked else before[-1] if before else None


def movements(record: Record, one: Round, earlier: Round) -> tuple[Movement, ...]:
    """Compare two rounds, group by group, on the questions that the group answered in both.

    Silent on a group that may not be shown in both rounds, for the difference would give its hidden score
    away, and on one that spoke as a survey in one round and as a position in the other.
    """
    now_asked, then_asked = record.questionnaire_of(one), record.questionnaire_of(earlier)
    if now_asked is None or then_asked is None:
        return ()
    now, then = answers_of(record, one), answers_of(record, earlier)
    groups = [g for g in now if g in then and now[g].result.is_position == then[g].result.is_position]
    moved = (
        _movement(dimension, now[group], then[group], now_asked, then_asked)
        for dimension in (*AREAS, *SYMPTOMS)
        for group in groups
    )
    return _judged([one for one in moved if one])


def _judged(moved: list[Movement]) -> tuple[Movement, ...]:
    """Say of each movement whether it is more than noise, the false alarms held down over all of them."""
    words = with_words([one.change for one in moved])
    return tuple(replace(one, change=word) for one, word in zip(moved, words, strict=True) if word)


def _movement(
    dimension: Dimension,
    now: GroupAnswers,
    then: GroupAnswers,
    now_asked: Questionnaire,
    then_asked: Questionnaire,
) -> Movement | None:
    """Compare one group on one dimension; None unless the very people behind its score answered the shared part."""
    whole_now, whole_then = ([q.id for q in asked.of(dimension.id)] for asked in (now_asked, then_asked))
    shared = then.answered(now.answered([q for q in whole_now if q in whole_then]))
    part_now, part_then = now.part(shared, whole_now), then.part(shared, whole_then)
    after, before = part_now.score(shared), part_then.score(shared)
    if after is None or before is None:
        return None
    change = difference(after.mean - before.mean, part_now, part_then, shared)
    return Movement(dimension, now.result.group, before.mean, after.mean, len(shared), change)
