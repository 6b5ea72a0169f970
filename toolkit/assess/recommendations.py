"""Recommendations: the five to seven actions that answer the findings, each with owners, cost and decision.

A rule proposes; ``recommend`` chooses, and fills in what the record knows and what the consultant has completed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace

from toolkit.assess.assessment import Assessment, GoalTrace, GroupResult
from toolkit.assess.commitments import OWN_REASON, Commitments, Standing, lacking, live
from toolkit.assess.evidence import Evidence, amount, dated, named, number, titles
from toolkit.assess.statements import (
    IN_BUDGETS,
    MOST_REASONS,
    NO_CAPITAL,
    NO_NEW_MONEY,
    TO_ESTIMATE,
    Finding,
    Recommendation,
    recommendation,
)
from toolkit.assess.trace import leads, owners_of, reached, with_owner
from toolkit.client.record import Record
from toolkit.client.schema import Advice, Initiative
from toolkit.method import (
    BY_ID,
    COMPARED,
    CONSENSUS_FROM,
    FEWEST_RECOMMENDATIONS,
    FIRST_STEPS,
    HIGHEST,
    MOST_RECOMMENDATIONS,
    PRACTICE_ACTIONS,
    RECOMMENDATION,
    SURVEY_FROM,
    SYMPTOMS,
    WEAK_BELOW,
)
from toolkit.words import capital, count, excerpt, joined, money, number_word, plain, quoted

MOST_OF_A_KIND = 3
SHARED_GOALS = "shared-goals"
MOST_NAMED = 3  # of the initiatives whose budgets have grown
# Findings that say something of how business and IT work together, and so of the practice to take up.
PRACTICE_RULES = (
    "weak area", "difference", "position apart", "disagreement within", "frequent symptom", "priced symptom", "spending",
    "priorities differ", "fallen back",
)  # fmt: skip
DEADLINE_RULES = ("deadline unanswered", "deadline missed", "deadline unplanned", "risk unanswered")


def recommend(record: Record, a: Assessment) -> tuple[Recommendation, ...]:
    """Return five to seven recommendations where so many are called for, the weightiest first.

    What leadership rejected in an earlier round is not asked again. An initiative with the id of a
    recommendation carries it. What the record adds to a recommendation stands in place of what is proposed.
    """
    earlier = {round_.id for round_ in record.rounds if round_.as_of < a.as_of}
    rejected = {d.subject for d in record.decisions if d.decision == "reject" and d.round in earlier}
    added = {advice.id: advice for advice in record.facts.recommendations if advice.round == a.round}
    # The consultant's own stand before the computed ones.
    own = [
        Recommendation(advice.id, advice.action, advice.action, (advice.why,) if advice.why else (),
                       advice.decision or "Approve", severity=1.0)
        for advice in added.values() if advice.action
    ]  # fmt: skip
    unasked = rejected | {made.id for made in own}
    proposed = [(kind, made) for kind, rule in _RULES for made in rule(record, a) if made.id not in unasked]
    proposed.sort(key=lambda pair: (-pair[1].severity, pair[1].id))
    chosen = _chosen(proposed, max(0, MOST_RECOMMENDATIONS - len(own)), added)
    return tuple(_completed(record, a, made, added.get(made.id)) for made in (*own, *chosen))


def _chosen(
    proposed: Sequence[tuple[str, Recommendation]], most: int, completed: Container[str]
) -> list[Recommendation]:
    """Return the weightiest, at most three of a kind as long as five come together so; what was completed stays."""
    kinds: Counter[str] = Counter()
    varied: list[Recommendation] = []
    more: list[Recommendation] = []
    for kind, made in sorted(proposed, key=lambda pair: pair[1].id not in completed):
        kinds[kind] += 1
        (varied if kinds[kind] <= MOST_OF_A_KIND else more).append(made)
    chosen = varied[:most] + more[: max(0, min(FEWEST_RECOMMENDATIONS, most) - len(varied))]
    return [made for _, made in proposed if made in chosen]


def _completed(record: Record, a: Assessment, made: Recommendation, added: Advice | None) -> Recommendation:
    """Fill in what the record knows: the initiative that carries it, what the consultant added."""
    ids = {initiative.id for initiative in record.initiatives}
    carriers = tuple(sorted(ids & {made.id, added.initiative if added else None}))
    made = replace(
        made,
        because=(*made.because, *_promised_before(a, made)),
        initiatives=tuple(dict.fromkeys((*carriers, *made.initiatives))),
        carriers=carriers,
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
    for promise in a.promises:
        if promise.state != "dropped" and made.action.casefold().startswith(promise.action.casefold()):
            return (f"It was promised before and is {promise.stands_again}.",)
    return ()


def _findings(a: Assessment, *rules: str) -> list[Finding]:
    """Return the findings of these rules, in the order of the assessment."""
    return [finding for finding in a.findings if finding.rule in rules]


def practices(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """One action for each practice that a finding points to."""
    for practice, findings in _by_practice(a).items():
        if not findings or (practice == SHARED_GOALS and not record.facts.goals):  # which are asked for first
            continue
        carrying = tuple(work.id for work in live(record) if practice in work.practices)
        # Work that builds the practice has a cost of its own, which the plan tells; agreeing on the practice has none.
        yield recommendation(practice, PRACTICE_ACTIONS[practice], _told_in_turn(findings), owners_of(record, carrying),
                             practices=(practice,), initiatives=carrying)  # fmt: skip


def _by_practice(a: Assessment) -> dict[str, list[Finding]]:
    """Return, for each practice, the findings that it would answer."""
    answered: dict[str, list[Finding]] = {practice: [] for practice in PRACTICE_ACTIONS}
    for finding in _findings(a, *PRACTICE_RULES):
        if finding.practices:
            answered[_weakest(a, finding.practices)].append(finding)
    return answered


def _told_in_turn(findings: list[Finding]) -> list[Finding]:
    """Order findings for telling: what was measured of the practice or its cause, then what that costs, then the rest."""
    symptoms = {dimension.id for dimension in SYMPTOMS}
    felt = [each for each in findings if each.rule == "priced symptom" or each.subject in symptoms]
    measured = [each for each in findings if each not in felt]
    return [*measured[:1], *felt[:1], *measured[1:], *felt[1:]]


def _weakest(a: Assessment, practices: tuple[str, ...]) -> str:
    """Return the practice with the lowest score of either side; the first where none is scored."""
    rows = {area.dimension.id: area for area in a.areas}

    def lowest(practice: str) -> float:
        scores = rows[practice].scores
        return min((scores[group].mean for group in COMPARED if group in scores), default=float(HIGHEST))

    return min((practice for practice in practices if practice in PRACTICE_ACTIONS), key=lowest)


def needs(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """Settle with the business what would meet the needs that are important and unmet."""
    unmet = _findings(a, "unmet need")
    if unmet:
        names = [BY_ID[finding.subject].name for finding in unmet]
        facts, because = {"needs": titles("Needs", names)}, []
        if len(names) > 2:  # too long for a line of a slide: they are counted, and named among the reasons
            facts = {"needs": number("Needs to meet", len(names), "need")}
            first, *more = (finding.statement for finding in unmet[:MOST_REASONS])
            because = [
                first,
                f"The {number_word(len(names))} are {joined([quoted(name) for name in names])}.",
                *more,
            ]
        action = "Settle with the business what would meet {needs}"
        yield recommendation("needs", action, unmet, leads(record), "Settle it", facts, because,
                             cost_note=TO_ESTIMATE)  # fmt: skip


def overdue_promises(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """A new date for what was promised and is overdue; whether it was kept, where the work that it names is over."""
    late = [promise for promise in a.promises if promise.state == "overdue"]
    over = [promise for promise in a.promises if promise.over]
    findings = _findings(a, "promise not kept")
    facts, actions, because = {}, [], [finding.statement for finding in findings]
    if late and findings:
        facts["late"] = number("Promises overdue", len(late), "overdue promise")
        each = "each of the {late}" if len(late) > 1 else "the {late}"
        actions.append(f"set a new date for {each} of earlier rounds")
    if over:
        names = [promise.action for promise in over]
        facts["over"] = titles("Open, though their work is over", names, most=2)
        actions.append(f"say whether {{over}} {'was' if len(over) == 1 else 'were'} kept")
        because += [
            f"The initiative that “{each.action}” names is {each.over}." for each in over[:MOST_REASONS]
        ]
    if actions:
        (first, *others) = (*late, *over)
        owners = leads(record) if others else (first.owner_business, first.owner_it)
        decision = "Set the dates" if len(late) > 1 else "Set the date" if late else "Say so"
        yield recommendation("promises", capital(" and ".join(actions)), findings, owners, decision, facts, because,
                             severity=0.0 if findings else 0.3)  # fmt: skip


def deadlines(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """An answer to each risk or deadline that nothing settles in time, or leadership's word that it is accepted.

    Where the work that would settle it is not estimated, its estimate is asked for.
    Where a promise or work of a like name is on record, whether it is the answer is asked before money for another.
    """
    risks, commitments = {risk.id: risk for risk in record.facts.risks}, Commitments(record, a)
    for finding in _findings(a, *DEADLINE_RULES):
        risk = risks[finding.subject]
        facts = {"risk": named("Risk or deadline", risk.short or risk.name, quoted=True)}
        due, by = None, ""
        if risk.due:
            facts["due"], by = dated("Due", risk.due), ", due {due}"
            act_by = risk.notice or risk.due
            due = act_by if a.as_of <= act_by < a.as_of + FIRST_STEPS else None
        passed = risk.due is not None and risk.due < a.as_of
        action = f"Decide how to answer {{risk}}{by}: fund work on it, or accept the risk"
        because = finding.statement
        decision, cost_note = "Fund it, or accept the risk", TO_ESTIMATE
        like = commitments.like_risk(risk)
        set_aside = [id for id in finding.initiatives if not id.startswith(RECOMMENDATION)]
        if passed:
            action = f"Decide what to do: {{risk}} is past{by}"
            decision = "Act on it, or accept what followed"
            named_alike = f" Of a like name on record: {like.rstrip(',')}." if like else ""
            because = f"{finding.statement} What happened then is not on record.{named_alike}"
        elif finding.rule == "deadline missed":
            # Its work ends too late in any plan: to fund it sooner is no answer.
            action = f"Find a faster answer to {{risk}}{by}, or accept the risk"
            decision = "Find it, or accept the risk"
        elif finding.rule == "deadline unplanned":
            work = [each for each in record.initiatives if each.id in finding.initiatives]
            settling = "which is to settle" if len(work) == 1 else "which are to settle"
            facts["work"] = titles("What would settle it", [each.short or each.name for each in work], most=2)
            action = f"Estimate {{work}}, {settling} {{risk}}{by}, or accept the risk"
            decision = "Estimate it, or accept the risk"
        elif like is not None:
            facts["like"] = named("Of a like name on record", like)
            action = (
                f"Say whether {{like}} settles {{risk}}{by}; if not, fund work that does, or accept the risk"
            )
            decision = "Say whether it does; else fund work that does, or accept the risk"
            cost_note = "to be estimated, where it does not"
        elif set_aside:
            action = f"Take back what would settle {{risk}}{by}, fund another answer, or accept the risk"
            decision = "Answer it, or accept the risk"
            costs = [work.capital for work in record.initiatives if work.id in set_aside]
            if None not in costs:
                back = money(sum(filter(None, costs)), record.facts.profile.currency)
                cost_note = f"{back} for what would be taken back; another answer is to be estimated"
        elif risk.consequence:
            nothing = "Nothing that goes ahead" if finding.initiatives else "No initiative"
            because = f"{nothing} settles it. If nothing is done: {risk.consequence}"
        yield recommendation(f"risk.{risk.id}", action, [finding], with_owner(record, risk.owner), decision,
                             facts, [because], cost_note=cost_note, due=due, risks=(risk.id,))  # fmt: skip


def _unserved(a: Assessment) -> list[GoalTrace]:
    """Return the goals that a finding says no initiative serves."""
    subjects = {finding.subject for finding in _findings(a, "goal without work")}
    return [goal for goal in a.goals if goal.goal in subjects]


def _needing_work(record: Record, a: Assessment) -> list[GoalTrace]:
    """Return those of them that are not reached."""
    return [goal for goal in _unserved(a) if not reached(record, goal.goal, a.as_of)]


def goals_without_work(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """A link to work of a like name for each goal that no initiative serves; else work, or its end as a goal.

    Of a goal that is reached, the word that it is, or a new target.
    """
    unserved, needing, commitments = _unserved(a), _needing_work(record, a), Commitments(record, a)
    if not unserved:
        return
    called = {goal.id: goal.short or goal.name for goal in record.facts.goals}
    met = [called[goal.goal] for goal in unserved if goal not in needing]
    kin = {called[goal.goal]: work.name for goal in needing if (work := commitments.kin_of_goal(goal.goal))}
    rest = [called[goal.goal] for goal in needing if called[goal.goal] not in kin]
    findings = _findings(a, "goal without work")
    facts = {"goals": titles("Goals", rest or list(kin) or met, most=2)}
    actions, because = [], [finding.statement for finding in findings[:MOST_REASONS]]
    if kin:
        facts["links"] = _links([(work, goal) for goal, work in kin.items()])
        actions.append("confirm that {links}")
        because.append(
            f"Their names suggest that {'the two' if len(kin) == 1 else 'each two'} belong together."
        )
    if rest:
        it = "it" if len(rest) == 1 else "them"
        actions.append(
            f"say who works on {{goals}}: start work, serve {it} outside IT, or take {it} off the list"
        )
    if met:
        facts["met"] = titles("Goals whose measure meets the target", met, most=2)
        goals, are, new = (
            ("goal", "is", "it a new target") if len(met) == 1 else ("goals", "are", "them new targets")
        )
        actions.append(f"confirm that the {goals} {{met}} {are} reached, or set {new}")
    owner = unserved[0].owner if len({goal.owner for goal in unserved}) == 1 else None
    yield recommendation("goals-without-work", capital("; ".join(actions)), findings, with_owner(record, owner),
                         _on_goals(len(rest), len(kin), len(met)), facts, because,
                         cost_note=TO_ESTIMATE if rest else NO_CAPITAL,
                         goals=tuple(goal.goal for goal in needing if called[goal.goal] in rest))  # fmt: skip


def _links(pairs: Iterable[tuple[str, str]]) -> Evidence:
    """Return initiatives and the goals that they would be linked to, by name."""
    return named("Links", joined([f"“{work}” serves the goal “{goal}”" for work, goal in pairs], most=2))


def _on_goals(rest: int, kin: int, met: int) -> str:
    """Say what is decided of goals without work, of those to be linked to some, and of those that are reached."""
    if sum(number > 0 for number in (rest, kin, met)) > 1:
        return "Decide on each"
    if met:
        return "Confirm it, or set a new target" if met == 1 else "Confirm each, or set new targets"
    if kin:
        return "Confirm it" if kin == 1 else "Confirm each"
    return f"Start {'it' if rest == 1 else 'each'}, serve it outside IT, or take it off the list"


def goals_out_of_time(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """Another date for each goal that none of its work can be in time for, or quicker work."""
    findings = _findings(a, "goal out of time")
    if findings:
        names = {goal.goal: goal.name for goal in a.goals}
        facts = {"goals": titles("Goals", [names[finding.subject] for finding in findings], most=2)}
        dates, them = ("another date", "it") if len(findings) == 1 else ("other dates", "them")
        action = f"Agree {dates} for {{goals}}, or start quicker work on {them}"
        yield recommendation("goals-out-of-time", action, findings, leads(record),
                             "Move the date, or start quicker work", facts)  # fmt: skip


def work_to_link(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """The goal of work that serves none but goes on: the one its name resembles, else one to be named."""
    findings, commitments = _findings(a, "work without goal"), Commitments(record, a)
    if not findings:
        return
    kin = (commitments.kin_of_goal(goal.goal) for goal in _needing_work(record, a))
    asked = {work.id for work in kin if work}
    work = [
        initiative
        for initiative in commitments.without_goal
        if initiative.id not in asked and commitments.held.get(initiative.id) not in (None, *OWN_REASON)
    ]
    goals = [commitments.goal_like(initiative) for initiative in work]
    links = [(initiative.name, goal.name) for initiative, goal in zip(work, goals, strict=True) if goal]
    unnamed = [initiative.name for initiative, goal in zip(work, goals, strict=True) if not goal]
    facts, actions = {}, []
    if links:
        facts["links"] = _links(links)
        actions.append("confirm that {links}")
    if unnamed:
        facts["unnamed"] = titles("Work without a goal that goes on", unnamed, most=2)
        actions.append(f"name the goal that {{unnamed}} {'serves' if len(unnamed) == 1 else 'serve'}")
    if work:
        verb = "Name" if not links else "Confirm or name" if unnamed else "Confirm"
        yield recommendation("work-to-link", capital(" and ".join(actions)), findings, leads(record),
                             f"{verb} {'it' if len(work) == 1 else 'each'}", facts,
                             practices=(), initiatives=tuple(initiative.id for initiative in work))  # fmt: skip


def work_without_goals(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """A goal for every initiative that serves none and that nothing holds, or its end."""
    findings, free = _findings(a, "work without goal"), Commitments(record, a).free
    if not findings or not free:
        return
    what, names = "Initiatives to tie to a goal or stop", [work.name for work in free]
    facts = {"loose": titles(what, names) if len(free) < 3 else number(what, len(free), "initiative")}
    it = "It serves no goal, settles no risk" if len(free) == 1 else "They serve no goal, settle no risk"
    them = "it" if len(free) == 1 else "them"
    because = [f"{it}, and nothing else on record holds {them}.", findings[0].statement]
    if len(free) < len(a.initiatives_without_goal):
        because.append(
            "What is mandatory, under way, decided on, needed by other work or answers a risk is not in question."
        )
    priced = [work.capital for work in free if work.capital]
    saved = f"none; to stop {them} saves {money(sum(priced), record.facts.profile.currency)} of capital"
    yield recommendation("work-without-goals", f"Tie {{loose}} to a goal, or stop {them}", findings, leads(record),
                         f"Tie {them}, or stop {them}", facts, because,
                         cost_note=saved if priced else NO_CAPITAL,
                         practices=(), initiatives=tuple(work.id for work in free))  # fmt: skip


def measures(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """Owners on both sides for every goal's measure; and a way back for measures off their path."""
    commitments = Commitments(record, a)
    # Of a goal to be started or dropped the measure is not asked for.
    in_doubt = {goal.goal for goal in _needing_work(record, a) if not commitments.kin_of_goal(goal.goal)}
    rules = ("goal without measure", "measure without owner", "measure owned on one side")
    unowned = [finding for finding in _findings(a, *rules) if finding.subject not in in_doubt]
    if unowned:
        goals = {goal.goal: goal.name for goal in a.goals}
        facts = {"goals": titles("Goals", [goals[finding.subject] for finding in unowned], most=2)}
        action = "Give {goals} a measure with an owner in business and an owner in IT"
        yield recommendation("shared-measures", action, unowned, leads(record), "Name the owners", facts)
    behind = _findings(a, "measure off its path", "measure not met")
    if behind:
        by_id = {kpi.id: kpi for kpi in record.facts.kpis}
        kpis = [by_id[finding.subject] for finding in behind]
        names = [kpi.short or excerpt(kpi.name, 60) for kpi in kpis]
        few = len(kpis) <= MOST_REASONS
        facts = {
            "measures": titles("Measures", names)
            if few
            else number("Measures to act on", len(kpis), "measure")
        }
        business, it = leads(record)
        owners = (kpis[0].owner_business or business, kpis[0].owner_it or it)
        unmet = [finding.rule == "measure not met" for finding in behind]
        drop = "drop it" if len(kpis) == 1 else "drop them"
        back = (
            f"it takes to meet {{measures}}, or {drop}"
            if any(unmet)
            else "brings {measures} back to the agreed path, or change the target"
        )
        because = ["What the register reports as not met stays so."] if all(unmet) else []
        decision = f"Act, or {drop if any(unmet) else 'change the target'}"
        yield recommendation("measures-behind", f"Agree what {back}", behind, owners, decision, facts,
                             because, cost_note=TO_ESTIMATE)  # fmt: skip


def late_work(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """A new word from leadership on open work that has slipped or grown past what it approved.

    Where a plan can be made, it gives the dates and the money of all work that is not under way, and is approved itself:
    of that, nothing is asked here.
    """
    slipped, grown = _findings(a, "slipped projects"), _findings(a, "grown budgets")
    # Of work that is to be tied to a goal or stopped no new date and no larger budget is asked for.
    in_doubt = _in_doubt(record, a)
    kept = [work for work in Standing(record, a.as_of).going_ahead if work not in in_doubt]
    plannable = bool(record.facts.goals and record.facts.budget)
    begun = [work for work in kept if work.status == "in progress" or (work.status is None and not plannable)]
    late = [work for work in begun if (work.days_late or 0) > 0] if slipped else []
    late.sort(key=lambda work: (-(work.days_late or 0), work.id))
    dearer = _most_grown(
        (work, *work.budgets)
        for work in (begun if plannable else kept)
        if (late or grown) and work.budgets and work.budgets[1] > work.budgets[0]
    )
    work = [*late, *(one for one, _, _ in dearer if one not in late)]
    if not work:
        return
    many = "" if len(work) == 1 else "s"
    of_several = [
        f"{name}{'' if len(affected) == 1 else 's'}"
        for name, affected in (("date", late), ("budget", dearer))
        if affected
    ]
    what = " and ".join(of_several)
    kind = ("open initiative", "open initiatives")
    if late:
        kind = ("late initiative", "late initiatives")
        if len(work) > len(late):
            kind = ("initiative that is late or costs more", "initiatives that are late or cost more")
    who = "Late or dearer work" if dearer else "Late work"
    named_or_counted = number(who, len(work), *kind) if many else titles(who, [work[0].short or work[0].name])
    because, cost_note = [], NO_NEW_MONEY
    if late:
        because.append(slipped[0].statement)
        if len(late) < len(slipped[0].initiatives):
            state = "under way" if all(each.status == "in progress" for each in late) else "open"
            because.append(f"Of these, {number_word(len(late))} {'is' if len(late) == 1 else 'are'} {state}.")
    if dearer:
        because += _growth(record, dearer)
        more = money(sum(now - first for _, first, now in dearer), record.facts.profile.currency)
        of = f", in {number_word(len(dearer))} of them" if len(dearer) < len(work) else ""
        cost_note = f"{IN_BUDGETS}: {more} above the first{of}"
    otherwise = "agree on less" if dearer else f"agree on {'other dates' if many else 'another date'}"
    yield recommendation("late-work", f"Approve the new {what} of {{work}}, or {otherwise}", [*slipped, *grown] if dearer else slipped,
                         leads(record), f"Approve, or {otherwise}", {"work": named_or_counted}, because, cost_note=cost_note,
                         initiatives=tuple(one.id for one in work))  # fmt: skip


def _in_doubt(record: Record, a: Assessment) -> Container[Initiative]:
    """Return the work that is to be tied to a goal or stopped."""
    return Commitments(record, a).free if _findings(a, "work without goal") else ()


def _most_grown(dearer: Iterable[tuple[Initiative, float, float]]) -> list[tuple[Initiative, float, float]]:
    """Return work with its first and present budget, what has grown most first."""
    return sorted(dearer, key=lambda each: (each[1] - each[2], each[0].id))


def _growth(record: Record, dearer: Sequence[tuple[Initiative, float, float]]) -> Iterator[str]:
    """Say how far the budgets of open work have grown in all, and which of them most."""
    currency, alone = record.facts.profile.currency, len(dearer) == 1
    state = "under way" if all(work.status == "in progress" for work, _, _ in dearer) else "not yet done"
    first = sum(before for _, before, _ in dearer)
    now = sum(today for _, _, today in dearer)
    stands = (
        f"The budget of {quoted(dearer[0][0].short or dearer[0][0].name, 60)} goes on"
        if alone
        else f"The budgets of {count(len(dearer), 'initiative')} {state} that grew go on"
    )
    yield f"{stands} at {money(now, currency)}{'' if alone else ' in all'}, {money(now - first, currency)} above what was first known to us."
    if not alone:
        most = dearer[:MOST_NAMED]
        names = [
            f"{quoted(one.short or one.name, 60)} by {money(today - before, currency)}"
            for one, before, today in most
        ]
        yield f"{'Most grown' if len(dearer) > len(most) else 'Grown'}: {joined(names)}."


def claimed_costs(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """Finance's word on the costs that are only claimed."""
    claimed = {impact.id for impact in record.facts.impact if not impact.agreed_by}
    if claimed:
        facts = {"claimed": number("Costs nobody has agreed to", len(claimed), "claimed cost")}
        findings = [finding for finding in _findings(a, "priced symptom") if finding.subject in claimed]
        action = "Agree or correct the {claimed}, with finance"
        yield recommendation(
            "claimed-costs", action, findings, leads(record), "Name who agrees", facts, severity=0.33
        )


def costs_to_end(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """The end of each agreed cost that no work going ahead ends; silent where the record links no work to costs."""
    ended = {cost for work in Standing(record, a.as_of).going_ahead for cost in work.removes}
    if not any(work.removes for work in record.initiatives):
        return
    for cost in record.facts.impact:
        if not cost.agreed_by or cost.id in ended:
            continue
        facts = {
            "cost": named("What it costs", cost.short or cost.name, quoted=True),
            "likely": amount("Likely cost a year", cost.likely, record.facts.profile.currency),
            "agreed": named("Agreed by", cost.agreed_by),
        }
        findings = [finding for finding in _findings(a, "priced symptom") if finding.subject == cost.id]
        because = f"It costs about {facts['likely'].said} a year, agreed by {cost.agreed_by}, and no initiative ends it."
        yield recommendation(f"cost.{cost.id}", "End what costs {likely} a year: {cost}", findings,
                             with_owner(record, cost.agreed_by), "End it, or keep it", facts, [because], severity=0.78,
                             cost_note=NO_NEW_MONEY, impacts=(cost.id,))  # fmt: skip


def not_known(record: Record, a: Assessment) -> Iterator[Recommendation]:
    """What leadership must supply before more can be said: goals, answers, a budget, owners, estimates."""
    facts, work = record.facts, Standing(record, a.as_of).going_ahead
    ownerless = [each for each in work if each.owner_business is None]
    bare = [each for each in work if each.lacks_contingency]
    unsized = [each for each in work if lacking(record, [each])]
    in_doubt = _in_doubt(record, a)
    estimate, why, sizes = _to_estimate(record, unsized, in_doubt)
    hidden = [group for group in a.groups if not group.shown]
    asked = {"business", "it"} <= {group.group for group in a.groups if group.answered} and not a.proxy
    to_ask, not_asked = _to_ask(record, a)
    no_budget = "There is no limit to plan within, so nothing can be placed above or below a line."
    if facts.capacity and facts.goals:
        no_budget = "No yearly budget is recorded, so the plan keeps to the people alone."
    no_goals = "Without goals, nothing says what new work is to serve."
    if work:
        no_goals = f"Without goals, {count(len(work), 'open initiative')} cannot be ranked."
    if len(work) == 1:
        no_goals = "Without goals, it cannot be said what the one open initiative serves."
    # What blocks the plan comes before everything else.
    nothing_to_serve = not any(risk.severity for risk in facts.risks)
    for applies, name, action, because, severity, decision, some in (
        (not facts.goals, "name-goals", "Name the few business goals that technology must serve, each with an owner and a measure", no_goals, 1.0 if nothing_to_serve else 0.6, "Name them", None),
        (not asked, "ask-both-sides", to_ask, not_asked, 0.5, "Approve", None),
        (asked and hidden, "win-answers", f"Ask {joined([group.named for group in hidden])} again in a new round{_or_agreed(hidden)}", " ".join(group.hidden_because for group in hidden), 0.5, "Approve", None),
        (work and not facts.budget, "set-budget", "Set a yearly budget for initiatives", no_budget, 0.36 if facts.capacity else 1.0, "Set it", None),
        (ownerless, "business-owners", "Name a business owner for {some}", "Without an owner in the business, nobody there answers for what the work is to bring.", 0.3, "Name the owners" if len(ownerless) > 1 else "Name the owner",
         {"some": _some("Initiatives without a business owner", ownerless, "initiative", in_doubt)}),
        (unsized, "estimates", estimate, why, 1.0 if len(unsized) == len(work) else 0.28, "Approve", sizes),
        (bare, "contingencies", "Say what must be added for the roughness of {some}", "A rough estimate without a contingency is planned as if it were sure.", 0.27, "Approve",
         {"some": _some("Rough estimates without a contingency", bare, "rough estimate", in_doubt)}),
        (not facts.targets, "set-targets", "Set the level leadership wants in each area", f"Until then, level {plain(WEAK_BELOW)} of 5, an established practice, is taken as sound in each of the nine.", 0.2, "Set it", None),
    ):  # fmt: skip
        if applies:
            findings = _by_practice(a)[SHARED_GOALS] if name == "name-goals" else []
            yield recommendation(name, action, findings, leads(record), decision, some, [because], severity, practices=(), initiatives=())  # fmt: skip


def _some(what: str, work: Sequence[Initiative], noun: str, in_doubt: Container[Initiative]) -> Evidence:
    """Return the one initiative by its name, or how many there are; of work that may be stopped instead, the count alone."""
    if len(work) == 1 and work[0] not in in_doubt:
        return titles(what, [work[0].short or work[0].name])
    return number(what, len(work), noun)


def _to_estimate(
    record: Record, unsized: Sequence[Initiative], in_doubt: Container[Initiative]
) -> tuple[str, str, dict[str, Evidence]]:
    """Return what is to be estimated of work of unknown cost or duration, and why, with the facts."""
    lacks, fiscal = lacking(record, unsized), record.facts.profile.fiscal
    why = f"Work of unknown {lacks} cannot be planned."
    if lacks != "cost" and any(one.finish for one in unsized):
        why += " A completion date does not say how much work is left."
    if lacks != "cost or duration":
        some = _some(f"Initiatives of unknown {lacks}", unsized, "open initiative", in_doubt)
        return f"Estimate the {lacks} of {{some}}", why, {"some": some}
    durations = [one for one in unsized if one.quarters(fiscal) is None]
    costs = [one for one in unsized if one.capex is None]
    return "Estimate the duration of {durations} and the cost of {costs}", why, {
        "durations": _some("Initiatives of unknown duration", durations, "open initiative", in_doubt),
        "costs": _some("Initiatives of unknown cost", costs, "", in_doubt),
    }  # fmt: skip


def _or_agreed(hidden: list[GroupResult]) -> str:
    """Offer one agreed position to the groups of two to four people; more answer each for themselves."""
    few = [group for group in hidden if group.invited in range(CONSENSUS_FROM, SURVEY_FROM)]
    who = "it" if len(hidden) == 1 else "them" if few == hidden else joined([group.named for group in few])
    return f", or let {who} answer with one agreed position" if few else ""


def _to_ask(record: Record, a: Assessment) -> tuple[str, str]:
    """Return what is asked where the two sides have not both answered, and why."""
    how_well = "How well the two sides work together"
    if {"business", "it"} <= {group.group for group in a.groups} and not a.proxy:
        reason = f"{how_well} is asked in this round, and the two sides have not both answered yet."
        return "See that business and IT answer the alignment questionnaire", reason
    before = any(round_.as_of < a.as_of and round_.questionnaire for round_ in record.rounds)
    unknown = "is not asked of both in this round" if before else "has not been asked yet"
    reason = f"{how_well} is known by a proxy alone." if a.proxy else f"{how_well} {unknown}."
    return "Agree who answers the alignment questionnaire, in business and in IT", reason


# Each rule with the kind of what it proposes: a list of actions should not all be of one kind.
_RULES: tuple[tuple[str, Callable[[Record, Assessment], Iterable[Recommendation]]], ...] = (
    ("practice", practices), ("need", needs), ("promise", overdue_promises), ("deadline", deadlines),
    ("goal", goals_without_work), ("goal", goals_out_of_time), ("work", work_to_link), ("work", work_without_goals),
    ("measure", measures), ("work", late_work), ("cost", costs_to_end), ("cost", claimed_costs), ("unknown", not_known),
)  # fmt: skip
