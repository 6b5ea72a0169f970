"""Recommendations: the five to seven actions that answer the findings, each with owners, date and cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from toolkit.assess.advising import Draft
from toolkit.assess.assessment import Assessment
from toolkit.assess.gap_advice import GAP_ADVICE
from toolkit.assess.record_advice import RECORD_ADVICE
from toolkit.assess.statements import Recommendation
from toolkit.client.models import Advice
from toolkit.client.record import Record
from toolkit.method import FEWEST_RECOMMENDATIONS, MOST_RECOMMENDATIONS
from toolkit.words import day

Rule = Callable[[Record, Assessment], Iterable[Draft]]
ADVICE: tuple[Rule, ...] = (*GAP_ADVICE, *RECORD_ADVICE)

MOST_OF_A_KIND = 3


def recommend(record: Record, a: Assessment) -> tuple[Recommendation, ...]:
    """Return five to seven recommendations where so many are called for, the weightiest first.

    What leadership rejected in an earlier round is not asked again. An initiative with the id of a
    recommendation carries it. What the record adds to a recommendation stands in place of what is proposed.
    """
    earlier = {one.id for one in record.rounds if one.as_of < a.as_of}
    rejected = {one.subject for one in record.decisions if one.decision == "reject" and one.round in earlier}
    added = {one.id: one for one in record.facts.recommendations if one.round == a.round}
    own = [_own(one) for one in added.values() if one.action]
    unasked = rejected | {one.id for one in own}
    drafts = [draft for rule in ADVICE for draft in rule(record, a) if draft.recommendation.id not in unasked]
    drafts.sort(key=lambda one: (-one.recommendation.severity, one.recommendation.id))
    chosen = _chosen(drafts, max(0, MOST_RECOMMENDATIONS - len(own)), set(added))
    return tuple(_completed(record, a, one, added.get(one.id)) for one in (*own, *chosen))


def _chosen(drafts: list[Draft], most: int, completed: set[str]) -> list[Recommendation]:
    """Return the weightiest, at most three of a kind as long as five come together so; what was completed stays."""
    kinds: Counter[str] = Counter()
    varied: list[Draft] = []
    more: list[Draft] = []
    for draft in sorted(drafts, key=lambda one: one.recommendation.id not in completed):
        kinds[draft.kind] += 1
        (varied if kinds[draft.kind] <= MOST_OF_A_KIND else more).append(draft)
    kept = varied[:most] + more[: max(0, min(FEWEST_RECOMMENDATIONS, most) - len(varied))]
    return [draft.recommendation for draft in sorted(kept, key=drafts.index)]


def _own(one: Advice) -> Recommendation:
    """Return a recommendation of the consultant's own; it stands before the computed ones."""
    because = (one.why,) if one.why else ()
    return Recommendation(one.id, one.action or "", one.action or "", because, one.decision or "Approve", 1.0)


def _completed(record: Record, a: Assessment, made: Recommendation, added: Advice | None) -> Recommendation:
    """Fill in what the record knows: the initiative that carries it, what the consultant added."""
    carried = {one.id for one in record.initiatives} & {made.id, added.initiative if added else None}
    initiatives = tuple(dict.fromkeys((*sorted(carried), *made.initiatives)))
    made = replace(
        made,
        because=(*made.because, *_promised_before(a, made)),
        initiatives=initiatives,
        carriers=tuple(sorted(carried)),
    )
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


def _promised_before(a: Assessment, made: Recommendation) -> tuple[str, ...]:
    """Say that an earlier round promised the very same, and what has become of that."""
    for one in a.promises:
        if made.action.casefold().startswith(one.action.casefold()) and one.state != "dropped":
            kept = f"recorded as kept{f' on {day(one.done_on)}' if one.done_on else ''}, yet what led to it still stands"
            open_ = "not yet kept" + (f"; it was to be done by {day(one.due)}" if one.due else "")
            return (f"It was promised before and is {open_ if one.state in ('open', 'overdue') else kept}.",)
    return ()
