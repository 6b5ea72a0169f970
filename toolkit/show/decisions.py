"""The decisions leadership is asked for, each read off the assessment and the roadmap."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.assess import Assessment
from toolkit.assess.wording import capital, count, day, joined, money
from toolkit.client.record import Record
from toolkit.plan import Roadmap

MOST = 4


@dataclass(frozen=True)
class Ask:
    """One decision: what is asked, and why it is asked now."""

    what: str
    why: str


def decisions_asked(record: Record, assessment: Assessment, roadmap: Roadmap) -> tuple[Ask, ...]:
    """Return at most four decisions, the most pressing first; only what the record supports."""
    asks = [
        *_fund_the_plan(record, roadmap),
        *_unsettled_deadlines(record, assessment),
        *_goals_without_work(assessment),
        *_work_without_goals(record, assessment),
        *_name_goals(record, assessment),
        *_set_a_budget(record, roadmap),
        *_owners_of_measures(record),
        *_invite_people(assessment),
    ]
    return tuple(asks[:MOST])


def _fund_the_plan(record: Record, roadmap: Roadmap) -> list[Ask]:
    if roadmap.kind == "infeasible":
        return [
            Ask(
                "Decide which commitment gives way, since the fixed work cannot all be done",
                joined(roadmap.conflicts, most=3),
            )
        ]
    if roadmap.kind != "optimised" or not roadmap.scheduled:
        return []
    first = min((year.year for year in roadmap.years if year.capex or year.opex), default=None)
    if first is None:
        return []
    year = next(one for one in roadmap.years if one.year == first)
    currency = record.facts.profile.currency
    total = sum(one.capex for one in roadmap.scheduled)
    return [
        Ask(
            f"Approve the plan of {count(len(roadmap.scheduled), 'initiative')}, with {money(year.capex + year.opex, currency)} in FY{first}",
            f"{money(total, currency)} of capital in all, within every yearly budget and the people available.",
        )
    ]


def _unsettled_deadlines(record: Record, assessment: Assessment) -> list[Ask]:
    settled = {risk for one in record.initiatives if one.status != "stopped" for risk in one.settles}
    accepted = {one.subject for one in record.decisions if one.decision == "accept risk"}
    open_risks = sorted(
        (
            r
            for r in record.facts.risks
            if r.id not in settled | accepted and r.due and r.due >= assessment.as_of
        ),
        key=lambda r: (r.due, r.id),
    )
    if not open_risks:
        return []
    risk = open_risks[0]
    more = (
        f" {capital(count(len(open_risks) - 1, 'further deadline'))} also stand open."
        if len(open_risks) > 1
        else ""
    )
    more = more.replace("One further deadline also stand", "One further deadline also stands")
    return [
        Ask(
            f"Fund an answer to “{risk.name}”, due {day(risk.due)}, or accept the risk",
            f"No initiative settles it.{more}",
        )
    ]


def _goals_without_work(assessment: Assessment) -> list[Ask]:
    bare = [goal.name for goal in assessment.goals if not goal.initiatives]
    if not bare:
        return []
    names = joined([f"“{name}”" for name in bare], most=2)
    return [
        Ask(
            f"Start work on {names}, or take {'it' if len(bare) == 1 else 'them'} off the list of goals",
            "No initiative serves " + ("it." if len(bare) == 1 else "them."),
        )
    ]


def _work_without_goals(record: Record, assessment: Assessment) -> list[Ask]:
    if not assessment.goals or not assessment.initiatives_without_goal:
        return []
    loose = set(assessment.initiatives_without_goal)
    known = [one.capex for one in record.initiatives if one.id in loose and one.capex is not None]
    cost = f" They carry {money(sum(known), record.facts.profile.currency)} of capital." if known else ""
    return [Ask(f"Tie {count(len(loose), 'initiative')} to a goal, or stop {'it' if len(loose) == 1 else 'them'}",
                f"{capital(count(len(loose), 'initiative'))} {'serves' if len(loose) == 1 else 'serve'} no business goal today.{cost}")]  # fmt: skip


def _name_goals(record: Record, assessment: Assessment) -> list[Ask]:
    if assessment.goals:
        return []
    work = count(len(record.initiatives), "initiative")
    return [Ask("Name the three to five business goals that technology must serve, each with an owner and a measure",
                f"Without goals, {work} cannot be ranked." if record.initiatives else "Nothing can be ranked without goals.")]  # fmt: skip


def _set_a_budget(record: Record, roadmap: Roadmap) -> list[Ask]:
    if record.facts.budget or roadmap.kind == "optimised":
        return []
    return [
        Ask(
            "Set a yearly budget for initiatives",
            "There is no limit to plan within, so nothing can be placed above or below a line.",
        )
    ]


def _owners_of_measures(record: Record) -> list[Ask]:
    one_sided = [k.name for k in record.facts.kpis if bool(k.owner_business) != bool(k.owner_it)]
    if not one_sided:
        return []
    return [
        Ask(
            f"Name the missing owner of {count(len(one_sided), 'measure')}",
            f"Owned on one side only: {joined(one_sided, most=3)}.",
        )
    ]


def _invite_people(assessment: Assessment) -> list[Ask]:
    if any(one.shown for one in assessment.groups) and not assessment.proxy:
        return []
    return [
        Ask(
            "Agree who answers the alignment questionnaire, in business and in IT",
            "How well the two sides work together has not been asked yet.",
        )
    ]
