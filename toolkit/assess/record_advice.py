"""Recommendations on goals, work, measures, deadlines and money, and on what has yet to be known."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.assess.advising import FIRST_STEPS, NO_CAPITAL, TO_ESTIMATE, Draft, draft
from toolkit.assess.assessment import Assessment
from toolkit.assess.owners import leads, with_owner
from toolkit.assess.saying import dated, named, number
from toolkit.assess.statements import Finding
from toolkit.assess.trace import live
from toolkit.assess.wording import count, joined, money, number_word
from toolkit.client.record import Record


def _of(a: Assessment, *rules: str) -> list[Finding]:
    return [one for one in a.findings if one.rule in rules]


def deadlines(record: Record, a: Assessment) -> Iterator[Draft]:
    """An answer to each risk or deadline that nothing settles in time, or leadership's word that it is accepted."""
    risks = {one.id: one for one in record.facts.risks}
    for finding in _of(a, "deadline unanswered", "deadline missed", "risk unanswered"):
        risk = risks[finding.subject]
        facts = {"risk": named("Risk or deadline", risk.name, quoted=True)}
        action, because, due = "Fund an answer to {risk}, or accept the risk", finding.statement, None
        if risk.due:
            facts["due"] = dated("Due", risk.due)
            action = "Fund an answer to {risk}, due {due}, or accept the risk"
            due = risk.due if a.as_of <= risk.due < a.as_of + FIRST_STEPS else None
        if finding.rule == "deadline missed":
            action = "Bring forward the work that settles {risk}, due {due}, or accept the risk"
        elif risk.consequence:
            because = f"No initiative settles it. If nothing is done: {risk.consequence}"
        yield draft("deadline", f"risk.{risk.id}", action, [finding], with_owner(record, risk.owner), "Fund it, or accept the risk",
                    facts, [because], cost_note=TO_ESTIMATE, due=due, risks=(risk.id,))  # fmt: skip


def goals_without_work(record: Record, a: Assessment) -> Iterator[Draft]:
    """Work for the goals that no initiative serves, or their end as goals."""
    findings = _of(a, "goal without work")
    if findings:
        bare = [one for one in a.goals if one.goal in {finding.subject for finding in findings}]
        facts = {"goals": named("Goals", joined([f"“{one.name}”" for one in bare], most=2))}
        them = "it" if len(bare) == 1 else "them"
        owner = bare[0].owner if len({one.owner for one in bare}) == 1 else None
        yield draft("goal", "goals-without-work", f"Start work on {{goals}}, or take {them} off the list of goals", findings,
                    with_owner(record, owner), "Start or drop each" if len(bare) > 1 else "Start it, or drop it", facts, cost_note=TO_ESTIMATE)  # fmt: skip


def work_without_goals(record: Record, a: Assessment) -> Iterator[Draft]:
    """A goal for every initiative that serves none, or its end."""
    findings, loose = _of(a, "work without goal"), a.initiatives_without_goal
    if findings:
        known = [one.capex for one in record.initiatives if one.id in loose and one.capex is not None]
        facts = {"loose": number("Initiatives that serve no goal", len(loose), "initiative")}
        freed = f"none; up to {money(sum(known), record.facts.profile.currency)} of capital is freed"
        them = "it" if len(loose) == 1 else "them"
        yield draft("work", "work-without-goals", f"Tie {{loose}} to a goal, or stop {them}", findings, leads(record),
                    "Tie or stop each", facts, cost_note=freed if sum(known) else NO_CAPITAL)  # fmt: skip


def measures(record: Record, a: Assessment) -> Iterator[Draft]:
    """Owners on both sides for every goal's measure; and a way back for measures off their path."""
    unowned = _of(a, "goal without measure", "measure without owner", "measure owned on one side")
    if unowned:
        goals = {one.goal: one.name for one in a.goals}
        facts = {"goals": named("Goals", joined([f"“{goals[one.subject]}”" for one in unowned], most=2))}
        yield draft("measure", "shared-measures", "Give {goals} a measure with an owner in business and an owner in IT",
                    unowned, leads(record), "Name the owners", facts)  # fmt: skip
    behind = _of(a, "measure off its path", "measure not met")
    if behind:
        kpis = {one.id: one for one in record.facts.kpis}
        first = kpis[behind[0].subject]
        facts = {
            "measures": named("Measures", joined([f"“{kpis[one.subject].name}”" for one in behind], most=2))
        }
        business, it = leads(record)
        owners = (first.owner_business or business, first.owner_it or it)
        yield draft("measure", "measures-behind", "Agree what brings {measures} back to the agreed path, or change the target",
                    behind, owners, "Act, or change the target", facts, cost_note=TO_ESTIMATE)  # fmt: skip


def late_work(record: Record, a: Assessment) -> Iterator[Draft]:
    """A new word from leadership on work that has slipped or grown past what it approved."""
    findings = [*_of(a, "slipped projects"), *_of(a, "grown budgets")]
    if findings and live(record):
        open_work = {one.id for one in live(record)}
        work = tuple(i for one in findings for i in one.initiatives if i in open_work)
        facts = {"late": number("Late initiatives not yet done", len(work), "late initiative")}
        action, decision = "Approve the grown budgets anew, or cut the work", "Approve, or cut"
        still_open = (
            [f"Of these, {number_word(len(work))} {'is' if len(work) == 1 else 'are'} not yet done."]
            if work
            else []
        )
        if work:
            action = "Approve anew or stop {late}" + (", each in turn" if len(work) > 1 else "")
            decision = "Approve or stop each"
        drafted = draft(
            "work",
            "late-work",
            action,
            findings,
            leads(record),
            decision,
            facts if work else {},
            [findings[0].statement, *still_open, *(one.statement for one in findings[1:])],
            cost_note="none by itself",
        )
        yield drafted.only(drafted.recommendation.practices, work)


def claimed_costs(record: Record, a: Assessment) -> Iterator[Draft]:
    """Finance's word on the costs that are only claimed."""
    claimed = [one for one in record.facts.impact if not one.agreed_by]
    if claimed:
        facts = {"claimed": number("Costs nobody has agreed to", len(claimed), "claimed cost")}
        statements = [one for one in _of(a, "priced symptom") if one.subject in {each.id for each in claimed}]
        yield draft("cost", "claimed-costs", "Agree or correct the {claimed}, with finance", statements,
                    leads(record), "Name who agrees", facts, severity=0.33)  # fmt: skip


def not_known(record: Record, a: Assessment) -> Iterator[Draft]:
    """What leadership must supply before more can be said: goals, answers, a budget, owners, estimates."""
    facts, work = record.facts, live(record)
    ownerless = number(
        "Initiatives without a business owner", sum(one.owner_business is None for one in work), "initiative"
    )
    unsized = number(
        "Initiatives of unknown cost or duration",
        sum(one.capex is None or one.quarters(facts.profile.fiscal_year_starts) is None for one in work),
        "initiative",
    )
    bare = number(
        "Rough estimates without a contingency", sum(one.lacks_contingency for one in work), "rough estimate"
    )
    hidden = [one for one in a.groups if not one.shown]
    asked = {"business", "it"} <= {one.group for one in a.groups if one.answered} and not a.proxy
    ranked = (
        f"Without goals, {count(len(work), 'live initiative')} cannot be ranked."
        if work
        else "Nothing can be ranked without goals."
    )
    for lacking, name, action, because, severity, decision, said in (
        (not facts.goals, "name-goals", "Name the few business goals that technology must serve, each with an owner and a measure", ranked, 0.6, "Name them", None),
        (not asked, "ask-both-sides", "Agree who answers the alignment questionnaire, in business and in IT", "How well the two sides work together has not been asked yet.", 0.5, "Approve", None),
        (asked and bool(hidden), "win-answers", f"Ask {joined([one.named for one in hidden])} again in a new round, or let {'it' if len(hidden) == 1 else 'them'} answer with one agreed position", " ".join(one.hidden_because for one in hidden), 0.5, "Approve", None),
        (bool(work) and not facts.budget, "set-budget", "Set a yearly budget for initiatives", "There is no limit to plan within, so nothing can be placed above or below a line.", 0.36, "Set it", None),
        (ownerless.evidence.value, "business-owners", "Name a business owner for {some}", "Work that nobody in the business answers for is work that nobody there misses.", 0.3, "Name them", ownerless),
        (unsized.evidence.value, "estimates", "Estimate the cost and duration of {some}", "Work of unknown cost or duration cannot be planned.", 0.28, "Approve", unsized),
        (bare.evidence.value, "contingencies", "Say what must be added for the roughness of {some}", "A rough estimate without a contingency is planned as if it were sure.", 0.27, "Approve", bare),
        (not facts.targets, "set-targets", "Set the level leadership wants in each area", "Until then, level 3 is taken as sound.", 0.2, "Set them", None),
    ):  # fmt: skip
        if lacking:
            filled_in = {"some": said} if said else {}
            yield draft("unknown", name, action, [], leads(record), decision, filled_in, [because], severity)


RECORD_ADVICE = (
    deadlines, goals_without_work, work_without_goals, measures, late_work, claimed_costs, not_known,
)  # fmt: skip
