"""Recommendations: the five to seven actions that answer the findings, each with owners, date and cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from toolkit.assess.advising import FIRST_STEPS, Draft
from toolkit.assess.assessment import Assessment
from toolkit.assess.gap_advice import GAP_ADVICE
from toolkit.assess.record_advice import RECORD_ADVICE
from toolkit.assess.statements import Recommendation
from toolkit.client.edits import Advice
from toolkit.client.record import Record

Rule = Callable[[Record, Assessment], Iterable[Draft]]
ADVICE: tuple[Rule, ...] = (*GAP_ADVICE, *RECORD_ADVICE)

MOST = 7
MOST_OF_A_KIND = 3


def recommend(record: Record, a: Assessment) -> tuple[Recommendation, ...]:
    """Return up to seven recommendations, the weightiest first, at most three of a kind.

    What leadership rejected in an earlier round is not asked again. An initiative with the id of a
    recommendation carries it. What the record adds to a recommendation stands in place of what is proposed.
    """
    earlier = {one.id for one in record.rounds if one.as_of < a.as_of}
    rejected = {one.subject for one in record.decisions if one.decision == "reject" and one.round in earlier}
    drafts = [draft for rule in ADVICE for draft in rule(record, a) if draft.made.id not in rejected]
    drafts.sort(key=lambda one: (-one.made.severity, one.made.id))
    kinds: Counter[str] = Counter()
    chosen = []
    for draft in drafts:
        kinds[draft.kind] += 1
        if kinds[draft.kind] <= MOST_OF_A_KIND:
            chosen.append(draft.made)
    added = {one.id: one for one in record.facts.recommendations if one.round == a.round}
    own = [_own(one) for one in added.values() if one.action]
    made = [_completed(record, a, one, added.get(one.id)) for one in (*own, *chosen[: MOST - len(own)])]
    return tuple(made)


def _own(one: Advice) -> Recommendation:
    """Return a recommendation of the consultant's own; it stands before the computed ones."""
    because = (one.why,) if one.why else ()
    return Recommendation(one.id, one.action or "", one.action or "", because, one.decision or "Approve", 1.0)


def _completed(record: Record, a: Assessment, made: Recommendation, added: Advice | None) -> Recommendation:
    """Fill in what the record knows: the date, the initiative that carries it, what the consultant added."""
    carried = {one.id for one in record.initiatives} & {made.id, added.initiative if added else None}
    initiatives = tuple(dict.fromkeys((*sorted(carried), *made.initiatives)))
    made = replace(made, due=made.due or a.as_of + FIRST_STEPS, initiatives=initiatives)
    if added is None:
        return made
    return replace(
        made,
        decision=added.decision or made.decision,
        practices=(added.practice,) if added.practice else made.practices,
        owner_business=added.owner_business or made.owner_business,
        owner_it=added.owner_it or made.owner_it,
        due=added.due or made.due,
        cost=made.cost if added.cost is None else added.cost,
        cost_note=made.cost_note if added.cost is None else "",
    )
