"""The decisions leadership is asked for: the plan first, then what the assessment recommends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from toolkit.assess import Assessment
from toolkit.assess.standing import Standing
from toolkit.assess.statements import Recommendation
from toolkit.client.record import Record
from toolkit.method import RECOMMENDATION
from toolkit.plan import Roadmap
from toolkit.plan.assumptions import begins_before, within_limits
from toolkit.plan.scenario import followed
from toolkit.show.risk_answers import ends, in_time
from toolkit.words import capital, count, day, excerpt, joined, money

MOST = 4
# How a plan says of fixed work that it is too short for it.
_SETTLED = ("decided", "defer")
_PAST_THE_END = ("longer than the plan’s", "it would end after the plan")


# What a recommendation is about, in a title: by its id without "rec-", up to a full stop.
TOPICS = {
    "shared-goals": "shared goals",
    "open-communication": "how both sides meet",
    "partnership": "IT’s voice in strategy",
    "investment": "how money is set apart",
    "roadmap": "one co-owned roadmap",
    "needs": "unmet needs",
    "promises": "overdue promises",
    "risk": "a risk left open",
    "goals-without-work": "goals without work",
    "goals-out-of-time": "dates of goals",
    "work-to-link": "work without a named goal",
    "work-without-goals": "work without a goal",
    "shared-measures": "owners of measures",
    "measures-behind": "measures off their path",
    "late-work": "late work",
    "claimed-costs": "costs not agreed",
    "name-goals": "business goals",
    "ask-both-sides": "who answers the questionnaire",
    "win-answers": "more answers",
    "set-budget": "a yearly budget",
    "business-owners": "owners in the business",
    "estimates": "estimates",
    "contingencies": "contingencies",
    "set-targets": "the levels wanted",
}


@dataclass(frozen=True)
class Ask:
    """One decision: what is asked, and why it is asked now.

    ``topic`` is what it is about, in a few words, or empty; ``who`` says who answers for it, and by when;
    ``cost`` what it costs and where that comes from, a sentence, or empty where no cost is known; ``answers`` how it
    may be decided, a word or two each.
    """

    what: str
    why: str
    topic: str = ""
    who: str = ""
    cost: str = ""
    answers: tuple[str, ...] = ("agree", "change", "defer")


def asks_title(asks: Sequence[Ask]) -> str:
    """Return the title that names the decisions asked for."""
    if not asks:
        return "No decision is needed today"
    topics = list(dict.fromkeys(one.topic for one in asks if one.topic))
    named = f": {joined(topics)}" if len(topics) == len(asks) else ""
    return f"We ask for {count(len(asks), 'decision')} today{named}"


def decisions_asked(record: Record, assessment: Assessment, roadmap: Roadmap) -> tuple[Ask, ...]:
    """Return at most four decisions, the most pressing first; only what the record supports."""
    advised = [
        Ask(
            one.action,
            " ".join(one.because[:1]),
            _topic(one.id),
            _who(one),
            _cost(one, record),
            _answers(one),
        )
        for one in assessment.recommendations
    ]
    return tuple([*_the_plan(record, assessment, roadmap), *advised][:MOST])


def _answers(one: Recommendation) -> tuple[str, ...]:
    return ("fund it", "defer", "accept the risk") if one.risks else ("agree", "change", "defer")


def _topic(recommendation: str) -> str:
    return TOPICS.get(recommendation.removeprefix(RECOMMENDATION).split(".")[0], "")


def _who(one: Recommendation) -> str:
    owners = joined([name for name in dict.fromkeys((one.owner_business, one.owner_it)) if name])
    by = f", by {day(one.due)}" if one.due else ""
    return f"{owners or 'Owners to be named'}{by}"


def _cost(one: Recommendation, record: Record) -> str:
    return (
        f"It takes {money(one.cost, record.facts.profile.currency)} of capital: {one.cost_note}."
        if one.cost
        else ""
    )


def left_open(record: Record, assessment: Assessment, roadmap: Roadmap) -> list[str]:
    """Name the risks whose work on record the plan leaves out or ends too late, and that nothing else asks about."""
    going = ends(record, assessment.as_of, roadmap)
    going |= {one.id: date.min for one in record.initiatives if one.status == "done"}
    accepted = Standing(record, assessment.as_of).accepted
    asked = {risk for one in assessment.recommendations for risk in one.risks}
    return [
        risk.name
        for risk in sorted(record.facts.risks, key=lambda one: (-(one.severity or 0.0), one.id))
        if risk.id not in accepted | asked
        and not any(
            risk.id in one.settles and one.id in going and in_time(going[one.id], risk.due)
            for one in record.initiatives
        )
    ]


def _the_plan(record: Record, assessment: Assessment, roadmap: Roadmap) -> list[Ask]:
    if roadmap.kind == "infeasible":
        why = capital(joined(roadmap.conflicts, most=5))
        if all(any(end in one for end in _PAST_THE_END) for one in roadmap.conflicts):
            what = "Decide whether the plan looks further ahead, since fixed work takes longer than the plan"
            return [Ask(what, why, "how far the plan looks", answers=_SETTLED)]
        what = "Decide which commitment gives way, since the fixed work cannot all be done"
        return [Ask(what, why, "which commitment gives way", answers=_SETTLED)]
    first = min((year.year for year in roadmap.years if year.capex or year.opex), default=None)
    if roadmap.kind != "optimised" or not roadmap.scheduled or first is None:
        return []
    year = next(one for one in roadmap.years if one.year == first)
    currency = record.facts.profile.currency
    what = f"Approve the plan of {count(len(roadmap.scheduled), 'initiative')}, with {money(year.capex + year.opex, currency)} in FY{first}"
    gaps = left_open(record, assessment, roadmap)
    named = joined([f"“{excerpt(one, 50)}”" for one in gaps], most=2)
    why = f"It does not answer {named} in time. " if gaps else ""
    risk = "risk" if len(gaps) == 1 else f"{count(len(gaps), 'risk')}"
    in_all = f"{money(sum(one.capex for one in roadmap.scheduled), currency)} of capital in all"
    scenario = followed(record, record.round(assessment.round))
    limits = within_limits(record, roadmap, most=2, size=30, scenario=scenario)
    past = begins_before(record, assessment.as_of, roadmap.start)
    return [
        Ask(
            what + (f", and accept the {risk} it leaves open, or make room" if gaps else ""),
            f"{past + '. ' if past else ''}{why}{', '.join(filter(None, (in_all, limits)))}.",
            f"a plan of {count(len(roadmap.scheduled), 'initiative')}",
            joined(
                [lead for lead in (record.facts.profile.business_lead, record.facts.profile.it_lead) if lead]
            ),
            answers=(
                "approve",
                "change",
                "defer",
                *(("accept the risk" + "s" * (len(gaps) > 1),) if gaps else ()),
            ),
        )
    ]
