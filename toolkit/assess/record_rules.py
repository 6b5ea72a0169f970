"""Rules that read the record: goals, measures, deadlines and promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.assess.assessment import Assessment
from toolkit.assess.saying import amount, dated, measured, named, number, say
from toolkit.assess.statements import Finding
from toolkit.assess.trace import live
from toolkit.assess.wording import figure, joined
from toolkit.client.facts import Kpi
from toolkit.client.record import Record
from toolkit.words import rounded

ORDER_DIFFERS_BELOW = 0.34
SOON_DAYS = 365


def goal_without_work(record: Record, a: Assessment) -> Iterator[Finding]:
    """A goal that no live initiative serves; silent where no initiatives are recorded."""
    if not record.initiatives:
        return
    total = sum(goal.weight or 0 for goal in a.goals)
    for goal in a.goals:
        if not goal.initiatives:
            weight = (goal.weight or 0) / total if total else 1 / len(a.goals)
            facts = {"goal": named("Goal", goal.name, quoted=True)}
            if goal.weight:
                facts["weight"] = number("Weight given by leadership", int(rounded(goal.weight)))
            tail = ", to which leadership gives {weight} of {hundred} points" if goal.weight else ""
            if tail:
                facts["hundred"] = number("Points given in all", int(rounded(total)))
            yield say(
                "goal without work",
                goal.goal,
                0.55 + weight / 3,
                f"No initiative serves the goal {{goal}}{tail}.",
                facts,
            )


def work_without_goal(record: Record, a: Assessment) -> Iterator[Finding]:
    """Live initiatives that serve no goal, counted and priced together; silent where no goals are recorded."""
    loose = set(a.initiatives_without_goal)
    if not a.goals or not loose:
        return
    under_way = live(record)
    known = [one.capex for one in under_way if one.id in loose and one.capex is not None]
    facts = {
        "loose": number("Initiatives that serve no goal", len(loose)),
        "live": number("Initiatives not yet done", len(under_way), "live initiative"),
    }
    tail = "."
    if known:
        facts["cost"] = amount("Their known capital", sum(known), record.facts.profile.currency)
        tail = ", with {cost} of capital between them." if len(loose) > 1 else ", with {cost} of capital."
    verb = "serves" if len(loose) == 1 else "serve"
    yield say(
        "work without goal",
        "initiatives",
        0.4 + len(loose) / len(under_way) / 3,
        f"{{loose}} of {{live}} {verb} no goal{tail}",
        facts,
        initiatives=tuple(sorted(loose)),
    )


def goal_unowned(record: Record, a: Assessment) -> Iterator[Finding]:
    """A goal without a measure, or whose measure has no owner on one side or on both."""
    kpis = {one.id: one for one in record.facts.kpis}
    loose = sorted(kpis.keys() - {goal.kpi for goal in a.goals})
    for goal in a.goals:
        facts = {"goal": named("Goal", goal.name, quoted=True)}
        if goal.kpi is None:
            sentence = "The goal {goal} names no measure, so nobody can say when it is reached"
            if loose:
                facts["loose"] = named(
                    "On record, and named by no goal",
                    joined([f"“{kpis[one].name}”" for one in loose], most=3),
                )
                sentence += "; on record, and named by no goal: {loose}"
            yield say("goal without measure", goal.goal, 0.35, f"{sentence}.", facts)
            continue
        kpi = kpis[goal.kpi]
        facts["kpi"] = named("Measure", kpi.name, quoted=True)
        if not kpi.owner_business and not kpi.owner_it:
            sentence = "The measure {kpi} of the goal {goal} has no owner, in the business or in IT."
            yield say("measure without owner", goal.goal, 0.4, sentence, facts)
        elif not (kpi.owner_business and kpi.owner_it):
            facts["side"] = named("Owned by", "the business" if kpi.owner_business else "IT")
            sentence = "The measure {kpi} of the goal {goal} has an owner in {side} only."
            yield say("measure owned on one side", goal.goal, 0.38, sentence, facts)


def priorities_differ(record: Record, a: Assessment) -> Iterator[Finding]:
    """Business and IT rank the goals differently: Kendall's τ-b below one third."""
    if a.priority_agreement is None or a.priority_agreement >= ORDER_DIFFERS_BELOW:
        return
    ranks = {g.group: g.priorities for g in record.round(a.round).groups}
    names = {goal.goal: goal.name for goal in a.goals}
    first = {side: min(sorted(ranks[side]), key=lambda g: ranks[side][g]) for side in ("business", "it")}
    if first["business"] == first["it"]:
        sentence = "Business and IT both put {business} first, but rank the other goals differently."
    else:
        sentence = "Business puts {business} first; IT puts {it} first."
    facts = {
        side: named(f"First for {'IT' if side == 'it' else side}", names.get(goal, goal), quoted=True)
        for side, goal in first.items()
    }
    yield say(
        "priorities differ",
        "goals",
        0.45,
        sentence,
        facts,
        causes=("priorities",),
        practices=("shared-goals",),
    )


def off_path(record: Record, a: Assessment) -> Iterator[Finding]:
    """A measure behind the straight path from baseline to target, or reported as not met."""
    for kpi in record.facts.kpis:
        if kpi.reported == "not met":
            yield say(
                "measure not met",
                kpi.id,
                0.3,
                "The measure {kpi} is reported as not met.",
                {"kpi": named("Measure", kpi.name, quoted=True)},
            )
        behind = _behind(kpi, a.as_of)
        if behind is None:
            continue
        expected, latest, when = behind
        facts = {
            "kpi": named("Measure", kpi.name, quoted=True),
            "latest": measured("Latest reading", latest, kpi.unit),
            "when": dated("Read on", when),
            "expected": measured("Where a straight path would be", expected, kpi.unit),
            "target": measured("Target", kpi.target or 0.0, kpi.unit),
        }
        yield say(
            "measure off its path",
            kpi.id,
            0.42,
            "The measure {kpi} stood at {latest} on {when}; on a straight path to its target of {target} it would have been {expected}.",
            facts,
        )


def _behind(kpi: Kpi, as_of: date) -> tuple[float, float, date] | None:
    """Return where the path was, where the reading is and its date, if the reading is on the wrong side."""
    if kpi.baseline is None or kpi.baseline_date is None or kpi.target is None or kpi.target_date is None:
        return None
    readings = [one for one in kpi.readings if kpi.baseline_date <= one.date <= as_of]
    if not readings or kpi.target_date <= kpi.baseline_date or kpi.target == kpi.baseline:
        return None
    last = max(readings, key=lambda one: one.date)
    elapsed = min((last.date - kpi.baseline_date).days / (kpi.target_date - kpi.baseline_date).days, 1.0)
    expected = kpi.baseline + (kpi.target - kpi.baseline) * elapsed
    behind = last.value < expected if kpi.target > kpi.baseline else last.value > expected
    # A reading that prints like the path is on it.
    return (expected, last.value, last.date) if behind and figure(expected) != figure(last.value) else None


def deadline_unmet(record: Record, a: Assessment) -> Iterator[Finding]:
    """A risk or deadline that no live initiative settles and leadership has not accepted."""
    settled = {risk for one in record.initiatives if one.status != "stopped" for risk in one.settles}
    accepted = {one.subject for one in record.decisions if one.decision == "accept risk"}
    for risk in record.facts.risks:
        if risk.id in settled | accepted:
            continue
        facts = {"risk": named("Risk or deadline", risk.name, quoted=True)}
        severity = 0.5 + (risk.severity or 0.3) / 3
        if risk.due is None:
            yield say("risk unanswered", risk.id, severity - 0.1, "No initiative settles {risk}.", facts)
            continue
        facts["due"] = dated("Due", risk.due)
        soon = 0 <= (risk.due - a.as_of).days <= SOON_DAYS
        past = risk.due < a.as_of
        sentence = (
            "{risk} was due on {due} and no initiative settles it."
            if past
            else "{risk} falls due on {due} and no initiative settles it."
        )
        yield say("deadline unanswered", risk.id, severity + (0.12 if soon or past else 0.0), sentence, facts)


def deadline_missed(record: Record, a: Assessment) -> Iterator[Finding]:
    """A deadline that its initiatives settle too late, by the completion dates on record."""
    for risk in record.facts.risks:
        settling = [one for one in record.initiatives if risk.id in one.settles and one.status != "stopped"]
        dates = [(one.finish, one.id, one.name) for one in settling if one.finish and one.status != "done"]
        if risk.due is None or not settling or len(dates) < len(settling):
            continue
        finish, first, name = min(dates)
        if finish <= risk.due:
            continue
        facts = {
            "risk": named("Risk or deadline", risk.name, quoted=True),
            "due": dated("Due", risk.due),
            "work": named("Earliest initiative to settle it", name, quoted=True),
            "finish": dated("Its completion date", finish),
        }
        yield say("deadline missed", risk.id, 0.55 + (risk.severity or 0.3) / 3,
                  "{risk} falls due on {due}, but {work}, which settles it, finishes on {finish}.", facts, initiatives=(first,))  # fmt: skip


def promise_not_kept(record: Record, a: Assessment) -> Iterator[Finding]:
    """Promises of earlier rounds that are still open past their date."""
    late = [one for one in a.promises if one.state == "overdue"]
    if not late:
        return
    facts = {
        "late": number("Promises overdue", len(late)),
        "all": number("Promises made earlier", len(a.promises), "promise"),
        "oldest": named("Longest overdue", late[0].action, quoted=True),
        "due": dated("It was due", late[0].due or a.as_of),
    }
    verb = "is" if len(late) == 1 else "are"
    told = (
        "The one promise made earlier is overdue: {oldest}, due {due}."
        if len(a.promises) == 1
        else f"{{late}} of {{all}} made earlier {verb} overdue; longest {{oldest}}, due {{due}}."
    )
    yield say("promise not kept", "actions", 0.4 + len(late) / len(a.promises) / 3, told, facts)


RECORD_RULES = (
    goal_without_work,
    work_without_goal,
    goal_unowned,
    priorities_differ,
    off_path,
    deadline_unmet,
    deadline_missed,
    promise_not_kept,
)
