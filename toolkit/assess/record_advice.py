"""Recommendations on goals, work, measures, deadlines and money, and on what has yet to be known."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.assess.advising import (
    MOST_REASONS,
    NO_CAPITAL,
    TO_ESTIMATE,
    Draft,
    draft,
)
from toolkit.assess.assessment import Assessment, GoalTrace, GroupResult
from toolkit.assess.commitments import OWN_REASON, Commitments
from toolkit.assess.owners import leads, with_owner
from toolkit.assess.saying import amount, dated, named, number
from toolkit.assess.standing import Standing
from toolkit.assess.statements import Finding
from toolkit.assess.trace import reached
from toolkit.client.record import Record
from toolkit.method import CONSENSUS_FROM, FIRST_STEPS, RECOMMENDATION, SURVEY_FROM, WEAK_BELOW
from toolkit.words import capital, count, joined, money, number_word, plain


def _of(a: Assessment, *rules: str) -> list[Finding]:
    return [one for one in a.findings if one.rule in rules]


def deadlines(record: Record, a: Assessment) -> Iterator[Draft]:
    """An answer to each risk or deadline that nothing settles in time, or leadership's word that it is accepted.

    Where a promise or work of a like name is on record, whether it is the answer is asked before money for another.
    """
    risks, commitments = {one.id: one for one in record.facts.risks}, Commitments(record, a)
    for finding in _of(a, "deadline unanswered", "deadline missed", "risk unanswered"):
        risk = risks[finding.subject]
        facts = {"risk": named("Risk or deadline", risk.short or risk.name, quoted=True)}
        due, by = None, ""
        if risk.due:
            facts["due"], by = dated("Due", risk.due), ", due {due}"
            act_by = risk.notice or risk.due
            due = act_by if a.as_of <= act_by < a.as_of + FIRST_STEPS else None
        action, because = f"Fund an answer to {{risk}}{by}, or accept the risk", finding.statement
        decision, cost_note = "Fund it, or accept the risk", TO_ESTIMATE
        like = commitments.like_risk(risk)
        set_aside = [one for one in finding.initiatives if not one.startswith(RECOMMENDATION)]
        if finding.rule == "deadline missed":
            action = f"Bring forward the work that settles {{risk}}{by}, or accept the risk"
            decision = "Bring it forward, or accept the risk"
        elif like is not None:
            facts["like"] = named("Of a like name on record", like)
            action = f"Say whether {{like}} settles {{risk}}{by}; if not, fund an answer, or accept the risk"
            decision = "Say whether it does; else fund an answer, or accept the risk"
            cost_note = "to be estimated, where it does not"
        elif set_aside:
            action = f"Take back what would settle {{risk}}{by}, fund another answer, or accept the risk"
            decision = "Answer it, or accept the risk"
            costs = [one.capital for one in record.initiatives if one.id in set_aside]
            if None not in costs:
                back = money(sum(one or 0.0 for one in costs), record.facts.profile.currency)
                cost_note = f"{back} for what would be taken back; another answer is to be estimated"
        elif risk.consequence:
            nothing = "Nothing that goes ahead" if finding.initiatives else "No initiative"
            because = f"{nothing} settles it. If nothing is done: {risk.consequence}"
        yield draft("deadline", f"risk.{risk.id}", action, [finding], with_owner(record, risk.owner), decision,
                    facts, [because], cost_note=cost_note, due=due, risks=(risk.id,))  # fmt: skip


def _unserved(a: Assessment) -> list[GoalTrace]:
    """Return the goals that a finding says no initiative serves."""
    subjects = {finding.subject for finding in _of(a, "goal without work")}
    return [goal for goal in a.goals if goal.goal in subjects]


def _bare(record: Record, a: Assessment) -> list[GoalTrace]:
    """Return those of them that are not reached: they need work."""
    return [goal for goal in _unserved(a) if not reached(record, goal.goal, a.as_of)]


def _to_start_or_drop(record: Record, a: Assessment) -> list[GoalTrace]:
    """Return the goals without work that no initiative resembles by name either."""
    commitments = Commitments(record, a)
    return [goal for goal in _bare(record, a) if commitments.kin_of_goal(goal.goal) is None]


def goals_without_work(record: Record, a: Assessment) -> Iterator[Draft]:
    """A link to work of a like name for each goal that no initiative serves; else work, or its end as a goal.

    Of a goal that is reached, the word that it is, or a new target.
    """
    unserved, bare, commitments = _unserved(a), _bare(record, a), Commitments(record, a)
    if not unserved:
        return
    called = {goal.id: goal.short or goal.name for goal in record.facts.goals}
    met = [called[goal.goal] for goal in unserved if goal not in bare]
    kin = {called[goal.goal]: one.name for goal in bare if (one := commitments.kin_of_goal(goal.goal))}
    rest = [called[goal.goal] for goal in bare if called[goal.goal] not in kin]
    facts = {"goals": named("Goals", joined([f"“{name}”" for name in rest or kin or met], most=2))}
    actions, because = [], [finding.statement for finding in _of(a, "goal without work")[:MOST_REASONS]]
    if kin:
        facts["links"] = named(
            "Links", joined([f"“{one}” to the goal “{goal}”" for goal, one in kin.items()], most=2)
        )
        actions.append("link {links}")
        because.append(
            "By their names they belong together."
            if len(kin) == 1
            else "By their names each two belong together."
        )
    if rest:
        it = "it" if len(rest) == 1 else "them"
        actions.append(
            f"say who works on {{goals}}: start work, serve {it} outside IT, or take {it} off the list"
        )
    if met:
        facts["met"] = named(
            "Goals whose measure meets the target", joined([f"“{name}”" for name in met], most=2)
        )
        actions.append(
            "confirm that the goal {met} is reached, or set it a new target"
            if len(met) == 1
            else "confirm that the goals {met} are reached, or set them new targets"
        )
    owner = unserved[0].owner if len({one.owner for one in unserved}) == 1 else None
    decision = _on_goals(len(rest), len(kin), len(met))
    yield draft("goal", "goals-without-work", capital("; ".join(actions)), _of(a, "goal without work"), with_owner(record, owner),
                decision, facts, because, cost_note=TO_ESTIMATE if rest else NO_CAPITAL,
                goals=tuple(goal.goal for goal in bare if called[goal.goal] in rest))  # fmt: skip


def _on_goals(rest: int, kin: int, met: int) -> str:
    """Say what is decided of goals without work, of those to be linked to some, and of those that are reached."""
    if sum(number > 0 for number in (rest, kin, met)) > 1:
        return "Decide on each"
    if met:
        return "Confirm it, or set a new target" if met == 1 else "Confirm each, or set new targets"
    if kin:
        return "Link it" if kin == 1 else "Link each"
    return f"Start {'it' if rest == 1 else 'each'}, serve it outside IT, or take it off the list"


def goals_out_of_time(record: Record, a: Assessment) -> Iterator[Draft]:
    """Another date for each goal that none of its work can be in time for, or quicker work."""
    findings = _of(a, "goal out of time")
    if findings:
        names = {goal.goal: f"“{goal.name}”" for goal in a.goals}
        facts = {"goals": named("Goals", joined([names[one.subject] for one in findings], most=2))}
        date = "another date" if len(findings) == 1 else "other dates"
        yield draft("goal", "goals-out-of-time", f"Agree {date} for {{goals}}, or start quicker work on {'it' if len(findings) == 1 else 'them'}",
                    findings, leads(record), "Move the date, or start quicker work", facts)  # fmt: skip


def work_to_link(record: Record, a: Assessment) -> Iterator[Draft]:
    """The goal of work that serves none but goes on: the one its name resembles, else one to be named."""
    findings, commitments = _of(a, "work without goal"), Commitments(record, a)
    bare = {goal.goal for goal in _bare(record, a)}
    asked = {one.id for goal in bare if (one := commitments.kin_of_goal(goal))}
    links, unnamed, work = [], [], []
    for one in commitments.without_goal if findings else ():
        if one.id in asked or commitments.held.get(one.id) in (None, *OWN_REASON):
            continue
        work.append(one.id)
        goal = commitments.goal_like(one)
        if goal is not None:
            links.append(f"“{one.name}” to the goal “{goal.name}”")
        else:
            unnamed.append(f"“{one.name}”")
    facts, actions = {}, []
    if links:
        facts["links"] = named("Links", joined(links, most=2))
        actions.append("link {links}")
    if unnamed:
        facts["unnamed"] = named("Work without a goal that goes on", joined(unnamed, most=2))
        actions.append(f"name the goal that {{unnamed}} {'serves' if len(unnamed) == 1 else 'serve'}")
    if work:
        drafted = draft("work", "work-to-link", capital(" and ".join(actions)), findings, leads(record),
                        "Link it" if len(work) == 1 else "Link each", facts)  # fmt: skip
        yield drafted.only((), tuple(work))


def work_without_goals(record: Record, a: Assessment) -> Iterator[Draft]:
    """A goal for every initiative that serves none and that nothing holds, or its end."""
    findings, free = _of(a, "work without goal"), Commitments(record, a).free
    if not findings or not free:
        return
    names = joined([f"“{one.name}”" for one in free])
    facts = {
        "loose": named("Initiatives to tie to a goal or stop", names)
        if len(free) < 3
        else number("Initiatives to tie to a goal or stop", len(free), "initiative")
    }
    it = "It serves no goal, settles no risk" if len(free) == 1 else "They serve no goal, settle no risk"
    because = [
        f"{it}, and nothing else on record holds {'it' if len(free) == 1 else 'them'}.",
        findings[0].statement,
    ]
    if len(free) < len(a.initiatives_without_goal):
        because.append(
            "What is mandatory, under way, decided on, needed by other work or answers a risk is not in question."
        )
    priced = [one.capital for one in free if one.capital]
    saved = f"none; {money(sum(priced), record.facts.profile.currency)} of capital is no longer asked for where stopped"
    them = "it" if len(free) == 1 else "them"
    drafted = draft("work", "work-without-goals", f"Tie {{loose}} to a goal, or stop {them}", findings, leads(record),
                    "Tie it, or stop it" if len(free) == 1 else "Tie or stop each", facts, because, cost_note=saved if priced else NO_CAPITAL)  # fmt: skip
    yield drafted.only((), tuple(one.id for one in free))


def measures(record: Record, a: Assessment) -> Iterator[Draft]:
    """Owners on both sides for every goal's measure; and a way back for measures off their path."""
    in_doubt = {goal.goal for goal in _to_start_or_drop(record, a)}
    rules = ("goal without measure", "measure without owner", "measure owned on one side")
    unowned = [one for one in _of(a, *rules) if one.subject not in in_doubt]
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
    """A new word from leadership on work under way that has slipped or grown past what it approved.

    Of work that has not begun the plan gives the dates and the money, and is approved itself.
    """
    findings, going_ahead = (
        [*_of(a, "slipped projects"), *_of(a, "grown budgets")],
        Standing(record, a.as_of).going_ahead,
    )
    running = {one.id for one in going_ahead if one.status == "in progress"}
    work = tuple(i for one in findings for i in one.initiatives if i in running)
    if going_ahead and (work or _of(a, "grown budgets")):
        facts = {"late": number("Late initiatives under way", len(work), "late initiative")}
        action, decision = "Approve the grown budgets anew, or agree on less", "Approve, or agree on less"
        under_way = (
            [f"Of these, {number_word(len(work))} {'is' if len(work) == 1 else 'are'} under way."]
            if work
            else []
        )
        if work:
            action = "Approve the new dates and budgets of {late}, or agree on less"
            decision = "Approve each, or agree on less"
        drafted = draft(
            "work",
            "late-work",
            action,
            findings,
            leads(record),
            decision,
            facts if work else {},
            [findings[0].statement, *under_way, *(one.statement for one in findings[1:])],
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


def costs_to_end(record: Record, a: Assessment) -> Iterator[Draft]:
    """The end of each agreed cost that no work going ahead ends; silent where the record links no work to costs."""
    work = Standing(record, a.as_of).going_ahead
    ended = {cost for one in work for cost in one.removes}
    if not any(one.removes for one in record.initiatives):
        return
    for cost in record.facts.impact:
        if not cost.agreed_by or cost.id in ended:
            continue
        facts = {
            "cost": named("What it costs", cost.short or cost.name, quoted=True),
            "likely": amount("Likely cost a year", cost.likely, record.facts.profile.currency),
            "agreed": named("Agreed by", cost.agreed_by),
        }
        statements = [one for one in _of(a, "priced symptom") if one.subject == cost.id]
        because = f"It costs about {facts['likely'].said} a year, agreed by {cost.agreed_by}, and no initiative ends it."
        yield draft("cost", f"cost.{cost.id}", "End what costs {likely} a year: {cost}", statements, with_owner(record, cost.agreed_by),
                    "End it, or keep it", facts, [because], severity=0.78, cost_note="no new money", impacts=(cost.id,))  # fmt: skip


def not_known(record: Record, a: Assessment) -> Iterator[Draft]:
    """What leadership must supply before more can be said: goals, answers, a budget, owners, estimates."""
    facts, work = record.facts, Standing(record, a.as_of).going_ahead
    ownerless = number(
        "Initiatives without a business owner", sum(one.owner_business is None for one in work), "initiative"
    )
    unsized = number(
        "Initiatives of unknown cost or duration",
        sum(one.capex is None or one.quarters(facts.profile.fiscal) is None for one in work),
        "initiative",
    )
    bare = number(
        "Rough estimates without a contingency", sum(one.lacks_contingency for one in work), "rough estimate"
    )
    hidden = [one for one in a.groups if not one.shown]
    asked = {"business", "it"} <= {one.group for one in a.groups if one.answered} and not a.proxy
    to_ask, not_asked = _to_ask(record, a)
    no_budget = (
        "No yearly budget is recorded, so the plan keeps to the people alone."
        if facts.capacity and facts.goals
        else "There is no limit to plan within, so nothing can be placed above or below a line."
    )
    ranked = (
        f"Without goals, {count(len(work), 'live initiative')} cannot be ranked."
        if work
        else "Nothing can be ranked without goals."
    )
    # What blocks the plan comes before everything else.
    nothing_to_serve = not any(risk.severity for risk in facts.risks)
    for lacking, name, action, because, severity, decision, said in (
        (not facts.goals, "name-goals", "Name the few business goals that technology must serve, each with an owner and a measure", ranked, 1.0 if nothing_to_serve else 0.6, "Name them", None),
        (not asked, "ask-both-sides", to_ask, not_asked, 0.5, "Approve", None),
        (asked and bool(hidden), "win-answers", f"Ask {joined([one.named for one in hidden])} again in a new round{_or_agreed(hidden)}", " ".join(one.hidden_because for one in hidden), 0.5, "Approve", None),
        (bool(work) and not facts.budget, "set-budget", "Set a yearly budget for initiatives", no_budget, 0.36 if facts.capacity else 1.0, "Set it", None),
        (ownerless.evidence.value, "business-owners", "Name a business owner for {some}", "Work that nobody in the business answers for is work that nobody there misses.", 0.3, "Name them", ownerless),
        (unsized.evidence.value, "estimates", "Estimate the cost and duration of {some}", "Work of unknown cost or duration cannot be planned.", 1.0 if unsized.evidence.value == len(work) else 0.28, "Approve", unsized),
        (bare.evidence.value, "contingencies", "Say what must be added for the roughness of {some}", "A rough estimate without a contingency is planned as if it were sure.", 0.27, "Approve", bare),
        (not facts.targets, "set-targets", "Set the level leadership wants in each area", f"Until then, level {plain(WEAK_BELOW)} is taken as sound.", 0.2, "Set them", None),
    ):  # fmt: skip
        if lacking:
            filled_in = {"some": said} if said else {}
            yield draft("unknown", name, action, [], leads(record), decision, filled_in, [because], severity)


def _or_agreed(hidden: list[GroupResult]) -> str:
    """Offer one agreed position to the groups of two to four people; more answer each for themselves."""
    few = [one for one in hidden if one.invited in range(CONSENSUS_FROM, SURVEY_FROM)]
    who = "it" if len(hidden) == 1 else "them" if few == hidden else joined([one.named for one in few])
    return f", or let {who} answer with one agreed position" if few else ""


def _to_ask(record: Record, a: Assessment) -> tuple[str, str]:
    """Return what is asked where the two sides have not both answered, and why."""
    how_well = "How well the two sides work together"
    if {"business", "it"} <= {one.group for one in a.groups} and not a.proxy:
        reason = f"{how_well} is asked in this round, and the two sides have not both answered yet."
        return "See that business and IT answer the alignment questionnaire", reason
    before = any(one.as_of < a.as_of and one.questionnaire for one in record.rounds)
    reason = f"{how_well} {'is not asked of both in this round' if before else 'has not been asked yet'}."
    return "Agree who answers the alignment questionnaire, in business and in IT", reason


RECORD_ADVICE = (
    deadlines, goals_without_work, goals_out_of_time, work_to_link, work_without_goals, measures, late_work,
    costs_to_end, claimed_costs, not_known,
)  # fmt: skip
