"""The assessment itself: one record and one round in, one frozen result out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from toolkit.assess.assessment import Adjusted, Assessment, DimensionResult, NeedResult, Score
from toolkit.assess.comparing import COMPARED, gap_between, priority_agreement, with_words
from toolkit.assess.findings import find
from toolkit.assess.judging import not_judged
from toolkit.assess.moving import earlier_round, movements
from toolkit.assess.scores import GroupAnswers, answers_of
from toolkit.assess.trace import goals_traced, without_goal
from toolkit.client.constructs import AREAS, NEEDS, SYMPTOMS, Dimension, Group
from toolkit.client.facts import Round
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record

WEAK_BELOW = 3.0

Answered = Mapping[Group, GroupAnswers]


def assess(record: Record, round_id: str = "") -> Assessment:
    """Assess one client in one round.

    Parameters
    ----------
    record : Record
        A checked record.
    round_id : str
        The round; empty means the latest.

    Returns
    -------
    Assessment
        Only what may be published: scores of groups too small to show are not in it.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    one = record.round(round_id)
    questionnaire, answered = record.questionnaire_of(one), answers_of(record, one)
    areas = [_dimension(record, d, questionnaire, answered) for d in AREAS]
    symptoms = [_dimension(record, d, questionnaire, answered) for d in SYMPTOMS]
    judged = with_words(areas + symptoms)
    earlier = earlier_round(record, one)
    bare = Assessment(
        slug=record.slug, client=record.facts.profile.name, synthetic=record.facts.synthetic, round=one.id, as_of=one.as_of,
        questionnaire=questionnaire.title if questionnaire else "", proxy=(questionnaire.proxy or "") if questionnaire else "",
        groups=tuple(a.result for a in answered.values()), areas=tuple(judged[: len(areas)]), symptoms=tuple(judged[len(areas) :]),
        needs=tuple(_need(d, questionnaire, answered) for d in NEEDS), goals=goals_traced(record), initiatives_without_goal=without_goal(record),
        findings=(), not_judged=(), previous_round=earlier.id if earlier else "", previous_as_of=earlier.as_of if earlier else None,
        movements=movements(record, one, earlier) if earlier else (), priority_agreement=priority_agreement(one, answered),
        adjustments=_adjustments(record, one, answered),
    )  # fmt: skip
    bare = replace(bare, not_judged=not_judged(record, bare))
    return replace(bare, findings=find(record, bare))


def _scores(answered: Answered, questions: list[str]) -> dict[Group, Score]:
    scored = ((group, one.score(questions)) for group, one in answered.items())
    return {group: score for group, score in scored if score is not None}


def _questions(
    questionnaire: Questionnaire | None, dimension: Dimension, aspect: str | None = None
) -> list[str]:
    return [q.id for q in questionnaire.of(dimension.id, aspect)] if questionnaire else []


def _dimension(
    record: Record, dimension: Dimension, questionnaire: Questionnaire | None, answered: Answered
) -> DimensionResult:
    questions = _questions(questionnaire, dimension)
    scores = _scores(answered, questions)
    target = record.facts.targets.get(dimension.id)
    own = [scores[group].mean for group in COMPARED if group in scores]
    mean = sum(own) / len(own) if own else None
    weak = None
    if mean is not None and dimension.family in ("cause", "practice"):
        # To one decimal, as it is printed: no page says that 3.0 falls short of 3.0.
        weak = round(mean, 1) < (WEAK_BELOW if target is None else target)
    maturity = mean if len(own) == len(COMPARED) else None
    gap = gap_between(scores, answered, questions)
    return DimensionResult(dimension, scores, gap, target, maturity, weak, tuple(questions))


def _need(dimension: Dimension, questionnaire: Questionnaire | None, answered: Answered) -> NeedResult:
    importance = _scores(answered, _questions(questionnaire, dimension, "importance"))
    satisfaction = _scores(answered, _questions(questionnaire, dimension, "satisfaction"))
    return NeedResult(dimension, importance, satisfaction)


def _adjustments(record: Record, one: Round, answered: Answered) -> tuple[Adjusted, ...]:
    """Return the round's adjustments without their private notes; silent on groups that are not shown."""
    return tuple(
        Adjusted(made.kind, made.subject, made.group, made.value, made.wording or "", made.reason)
        for made in record.facts.adjustments
        if made.round == one.id
        and (made.group is None or (made.group in answered and answered[made.group].result.shown))
    )
