"""The assessment itself: one record and one round in, one frozen result out."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from toolkit.assess.assessment import Assessment, DimensionResult, Quoted
from toolkit.assess.comparability import not_compared, rereadings
from toolkit.assess.comparing import priority_agreement, with_words
from toolkit.assess.confidentiality import may_quote
from toolkit.assess.editing import with_edits
from toolkit.assess.judging import not_judged
from toolkit.assess.keeping import decided, promises
from toolkit.assess.moving import earlier_round, movements
from toolkit.assess.scale import Answered, Scale
from toolkit.assess.scores import answers_of
from toolkit.assess.standing import Standing
from toolkit.assess.statements import Reread
from toolkit.assess.trace import goals_traced, without_goal
from toolkit.client.known import known_on
from toolkit.client.models import Round
from toolkit.client.record import Record
from toolkit.method import AREAS, NEEDS, SYMPTOMS


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
    one = record.round(round_id)
    record = known_on(record, one.as_of)
    questionnaire, answered = record.questionnaire_of(one), answers_of(record, one)
    scale = Scale(record, one, questionnaire, answered)
    judged = _with_words([scale.dimension(each) for each in (*AREAS, *SYMPTOMS)])
    earlier = record.round(since) if since else earlier_round(record, one)
    standing = Standing(record, one.as_of)
    moved = movements(record, one, earlier) if earlier else ()
    bare = Assessment(
        slug=record.slug, client=record.facts.profile.name, synthetic=record.facts.synthetic, round=one.id, as_of=one.as_of,
        questionnaire=questionnaire.title if questionnaire else "", proxy=(questionnaire.proxy or "") if questionnaire else "",
        groups=tuple(a.result for a in answered.values()), areas=tuple(judged[: len(AREAS)]), symptoms=tuple(judged[len(AREAS) :]),
        needs=tuple(scale.need(each) for each in NEEDS), goals=goals_traced(standing), initiatives_without_goal=without_goal(standing),
        criteria=scale.criteria(judged), findings=(), not_judged=(), previous_round=earlier.id if earlier else "", previous_as_of=earlier.as_of if earlier else None,
        movements=moved, not_compared=not_compared(record, one, earlier, moved) if earlier else (), promises=promises(record, one, since),
        decided=decided(record, one, since), priority_agreement=priority_agreement(one, answered),
        quotes=_quotes(record, one, answered), open_for_answers=_open(one),
    )  # fmt: skip
    bare = replace(bare, not_judged=not_judged(record, bare))
    return with_edits(record, one, scale.adjusted, bare)


def reread(record: Record, round_id: str, issued: bytes) -> tuple[Reread, ...]:
    """Return where a round, computed again by today's method, reads otherwise than the findings published then.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    round_ = record.round(round_id)
    scale = Scale(record, round_, record.questionnaire_of(round_), answers_of(record, round_))
    rows = _with_words([scale.dimension(each) for each in (*AREAS, *SYMPTOMS)])
    labels = {group: answers.result.named for group, answers in scale.answered.items()}
    return rereadings(issued, rows, labels)


def _with_words(rows: list[DimensionResult]) -> list[DimensionResult]:
    gaps = with_words([row.gap for row in rows])
    return [replace(row, gap=gap) for row, gap in zip(rows, gaps, strict=True)]


def _open(one: Round) -> bool:
    """Whether answers of a surveyed group may still be added to the round."""
    surveyed = any(group.answers_by == "survey" for group in one.groups)
    return one.questionnaire is not None and surveyed and one.closed is None


def _quotes(record: Record, one: Round, answered: Answered) -> tuple[Quoted, ...]:
    """Return the comments the consultant chose, of groups large enough that they point at nobody."""
    return tuple(
        Quoted(quote.dimension, quote.group, quote.text)
        for quote in record.facts.quotes
        if quote.round == one.id and quote.group in answered and may_quote(answered[quote.group].result)
    )
