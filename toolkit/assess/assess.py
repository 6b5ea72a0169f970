"""The assessment of a record: one round in, one frozen result out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from toolkit.assess.adjustments import Adjustments
from toolkit.assess.assessment import Assessment, Quoted
from toolkit.assess.commitments import Standing, decided, promises
from toolkit.assess.confidentiality import may_quote
from toolkit.assess.difference import priority_agreement
from toolkit.assess.dimensions import RoundScores
from toolkit.assess.movements import earlier_round, movements, not_compared, rereadings
from toolkit.assess.not_judged import not_judged
from toolkit.assess.recommendations import recommend
from toolkit.assess.rules_record import RECORD_RULES
from toolkit.assess.rules_survey import SURVEY_RULES
from toolkit.assess.scores import RoundAnswers
from toolkit.assess.statements import Finding, Reread
from toolkit.assess.trace import goals_traced, without_goal
from toolkit.client.known import known_on
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.method import AREAS, NEEDS

Rule = Callable[[Record, Assessment], Iterable[Finding]]
RULES: tuple[Rule, ...] = (*SURVEY_RULES, *RECORD_RULES)


# Every page of a client asks for the same assessment, and so do its data files.
@lru_cache(maxsize=4)
def assess(record: Record, round_id: str = "", since: str = "") -> Assessment:
    """Assess one client in one round.

    Parameters
    ----------
    record : Record
        A checked record.
    round_id : str
        The round; empty means the latest.
    since : str
        The earlier round to compare with; empty means the latest earlier one that asked questions.

    Returns
    -------
    Assessment
        Only what may be published: scores of groups too small to show are not in it.

    Raises
    ------
    KeyError
        When the record holds no such round.
    InputError
        When an adjustment or a completed recommendation is about something the assessment does not hold, all
        of them at once.
    """
    round_ = record.round(round_id)
    record = known_on(record, round_.as_of)
    earlier = record.round(since) if since else earlier_round(record, round_)
    moved = movements(record, round_, earlier) if earlier else ()
    scores, standing = RoundScores(record, round_), Standing(record, round_.as_of)
    questionnaire, rows = scores.questionnaire, scores.areas_and_symptoms()
    assessment = Assessment(
        slug=record.slug, client=record.facts.profile.name, synthetic=record.facts.synthetic,
        round=round_.id, as_of=round_.as_of, questionnaire=questionnaire.title if questionnaire else "",
        proxy=(questionnaire.proxy or "") if questionnaire else "",
        groups=tuple(answers.result for answers in scores.answered.values()),
        areas=tuple(rows[: len(AREAS)]), symptoms=tuple(rows[len(AREAS) :]),
        needs=tuple(scores.need(dimension) for dimension in NEEDS), criteria=scores.criteria(rows),
        goals=goals_traced(standing), initiatives_without_goal=without_goal(standing), findings=(), not_judged=(),
        previous_round=earlier.id if earlier else "", previous_as_of=earlier.as_of if earlier else None,
        movements=moved, not_compared=not_compared(record, round_, earlier, moved) if earlier else (),
        promises=promises(record, round_, since), decided=decided(record, round_, since),
        priority_agreement=priority_agreement(round_, scores.answered),
        quotes=_quotes(record, round_, scores.answered), open_for_answers=_open(round_),
    )  # fmt: skip
    assessment = replace(assessment, not_judged=not_judged(record, assessment))
    adjustments = Adjustments(record, round_)
    assessment = replace(assessment, findings=adjustments.findings(find(record, assessment)))
    recommendations = adjustments.recommendations(
        recommend(record, assessment), lambda: recommend(_uncompleted(record), assessment)
    )
    adjustments.raise_faults()
    return replace(
        assessment, recommendations=recommendations, adjustments=(*scores.adjusted, *adjustments.log)
    )


def find(record: Record, assessment: Assessment) -> tuple[Finding, ...]:
    """Apply every rule; the most severe finding first, ties by rule and subject."""
    findings = [finding for rule in RULES for finding in rule(record, assessment)]
    return tuple(sorted(findings, key=lambda finding: (-finding.severity, finding.rule, finding.subject)))


def reread(record: Record, round_id: str, issued: bytes) -> tuple[Reread, ...]:
    """Return where a round, computed again by today's method, reads otherwise than the findings published then.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    scores = RoundScores(record, record.round(round_id))
    labels = {group: answers.result.named for group, answers in scores.answered.items()}
    return rereadings(issued, scores.areas_and_symptoms(), labels)


def _uncompleted(record: Record) -> Record:
    """Return the record as if the consultant had completed no recommendation."""
    return replace(record, facts=record.facts.model_copy(update={"recommendations": ()}))


def _open(round_: Round) -> bool:
    """Whether answers of a surveyed group may still be added to the round."""
    surveyed = any(group.answers_by == "survey" for group in round_.groups)
    return round_.questionnaire is not None and surveyed and round_.closed is None


def _quotes(record: Record, round_: Round, answered: RoundAnswers) -> tuple[Quoted, ...]:
    """Return the comments the consultant chose, of groups large enough that they point at nobody."""
    return tuple(
        Quoted(quote.dimension, quote.group, quote.text)
        for quote in record.facts.quotes
        if quote.round == round_.id and quote.group in answered and may_quote(answered[quote.group].result)
    )
