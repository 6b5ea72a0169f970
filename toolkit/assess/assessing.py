"""The assessment itself: one record and one round in, one frozen result out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from scipy import stats

from toolkit.assess.assessment import Assessment, DimensionResult, Gap, GoalTrace, Movement, NeedResult, Word
from toolkit.assess.findings import find
from toolkit.assess.judging import not_judged
from toolkit.assess.scores import GroupAnswers, answers_of
from toolkit.assess.statistics import adjusted, cliffs_delta, permutation_p, smallest_p, welch_interval
from toolkit.client.constructs import AREAS, NEEDS, SYMPTOMS, Dimension, Group
from toolkit.client.facts import Round
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record

WEAK_BELOW = 3.0
NOTICEABLE = 0.5
SIGNIFICANT = 0.05
FINISHED = ("done", "stopped")

Answered = dict[Group, GroupAnswers]


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
    judged = _with_words(areas + symptoms)
    earlier = _earlier(record, one)
    bare = Assessment(
        slug=record.slug, client=record.facts.profile.name, synthetic=record.facts.synthetic, round=one.id, as_of=one.as_of,
        questionnaire=questionnaire.title if questionnaire else "", proxy=(questionnaire.proxy or "") if questionnaire else "",
        groups=tuple(a.result for a in answered.values()), areas=tuple(judged[: len(areas)]), symptoms=tuple(judged[len(areas) :]),
        needs=tuple(_need(d, questionnaire, answered) for d in NEEDS), goals=_goals(record), initiatives_without_goal=_loose(record),
        findings=(), not_judged=(), previous_round=earlier.id if earlier else "", previous_as_of=earlier.as_of if earlier else None,
        movements=_movements(record, one, earlier) if earlier else (), priority_agreement=_priority_agreement(one),
    )  # fmt: skip
    bare = replace(bare, not_judged=not_judged(record, bare))
    return replace(bare, findings=find(record, bare))


def _questions(
    questionnaire: Questionnaire | None, dimension: Dimension, aspect: str | None = None
) -> list[str]:
    return [q.id for q in questionnaire.of(dimension.id, aspect)] if questionnaire else []


def _dimension(
    record: Record, dimension: Dimension, questionnaire: Questionnaire | None, answered: Answered
) -> DimensionResult:
    questions = _questions(questionnaire, dimension)
    scores = {group: score for group, a in answered.items() if (score := a.score(questions)) is not None}
    target = record.facts.targets.get(dimension.id)
    both = "business" in scores and "it" in scores
    maturity = (scores["business"].mean + scores["it"].mean) / 2 if both else None
    weak = None
    if dimension.family in ("cause", "practice") and (
        own := [scores[g].mean for g in ("business", "it") if g in scores]
    ):
        weak = float(np.mean(own)) < (target if target is not None else WEAK_BELOW)
    gap = _gap(answered, questions) if both else None
    return DimensionResult(dimension, scores, gap, target, maturity, weak, tuple(questions))


def _gap(answered: Answered, questions: Sequence[str]) -> Gap:
    """Business minus IT, with what can be said of its certainty before the other dimensions are known."""
    business, it = answered["business"], answered["it"]
    value = business.score(questions).mean - it.score(questions).mean  # type: ignore[union-attr]
    if business.counts or it.counts:
        return Gap(
            value,
            because="only counts are known, not individuals, so how sure the difference is cannot be said",
        )
    if business.result.is_position or it.result.is_position:
        return Gap(
            value,
            because="a position is one voice, not a sample: it is compared with the spread of the other side",
        )
    first, second = business.people(questions), it.people(questions)
    interval = welch_interval(first, second, business.result.invited, it.result.invited)
    because = "" if interval else "no spread to judge from: everyone in one group scored it alike"
    if smallest_p(len(first), len(second)) > SIGNIFICANT:
        because = "so few people answered that no difference could be clear"
    return Gap(value, interval[0] if interval else None, interval[1] if interval else None,
               permutation_p(first, second), None, cliffs_delta(first, second), None, because)  # fmt: skip


def _with_words(rows: Sequence[DimensionResult]) -> list[DimensionResult]:
    """Adjust the p-values over all dimensions tested, then choose the word for each gap."""
    tested = [i for i, row in enumerate(rows) if row.gap and row.gap.p is not None]
    q_values = adjusted([rows[i].gap.p for i in tested])  # type: ignore[union-attr, misc]
    out = list(rows)
    for i, q in zip(tested, q_values, strict=True):
        gap = replace(cast(Gap, rows[i].gap), q=q)
        out[i] = replace(rows[i], gap=replace(gap, word=_word(gap)))
    return out


def _word(gap: Gap) -> Word:
    large = abs(gap.value) >= NOTICEABLE
    if large and gap.q is not None and gap.q <= SIGNIFICANT:
        return "clear difference"
    if large and gap.low is not None and gap.high is not None and (gap.low > 0 or gap.high < 0):
        return "likely difference"
    return "too close to call"


def _need(dimension: Dimension, questionnaire: Questionnaire | None, answered: Answered) -> NeedResult:
    def scores(aspect: str) -> dict[Group, object]:
        questions = _questions(questionnaire, dimension, aspect)
        return {group: score for group, a in answered.items() if (score := a.score(questions)) is not None}

    return NeedResult(dimension, scores("importance"), scores("satisfaction"))  # type: ignore[arg-type]


def _goals(record: Record) -> tuple[GoalTrace, ...]:
    """Trace goals to the initiatives that serve them; work done or stopped serves none any more."""
    live = [one for one in record.initiatives if one.status not in FINISHED]
    out = []
    for goal in record.facts.goals:
        serving = sorted((-one.goals[goal.id], one.id) for one in live if one.goals.get(goal.id, 0) > 0)
        out.append(
            GoalTrace(goal.id, goal.name, goal.weight, goal.owner, tuple(i for _, i in serving), goal.kpi)
        )
    return tuple(out)


def _loose(record: Record) -> tuple[str, ...]:
    return tuple(
        sorted(
            one.id for one in record.initiatives if one.status not in FINISHED and not any(one.goals.values())
        )
    )


def _earlier(record: Record, one: Round) -> Round | None:
    before = [r for r in record.rounds if r.as_of < one.as_of]
    return before[-1] if before else None


def _movements(record: Record, one: Round, earlier: Round) -> tuple[Movement, ...]:
    """Compare the two rounds on the questions both asked, for groups that may be shown in both."""
    now_asked, then_asked = record.questionnaire_of(one), record.questionnaire_of(earlier)
    if now_asked is None or then_asked is None:
        return ()
    now, then = answers_of(record, one), answers_of(record, earlier)
    out = []
    for dimension in (*AREAS, *SYMPTOMS):
        shared = [q for q in _questions(now_asked, dimension) if q in set(_questions(then_asked, dimension))]
        for group in now:
            after, before = now[group].score(shared), then[group].score(shared) if group in then else None
            if after and before:
                out.append(Movement(dimension, group, before.mean, after.mean, len(shared)))
    return tuple(out)


def _priority_agreement(one: Round) -> float | None:
    """Kendall's τ-b between business's and IT's mean ranks of the goals; None without three goals both ranked."""
    ranks = {g.group: g.priorities for g in one.groups if g.priorities}
    if "business" not in ranks or "it" not in ranks:
        return None
    goals = sorted(set(ranks["business"]) & set(ranks["it"]))
    if len(goals) < 3:
        return None
    tau = stats.kendalltau([ranks["business"][g] for g in goals], [ranks["it"][g] for g in goals]).statistic
    return None if np.isnan(tau) else float(tau)
