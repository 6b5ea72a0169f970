"""Rules that read the record: goals, measures, deadlines and promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.assess.assessment import Assessment
from toolkit.assess.saying import amount, dated, measured, named, number, points, say
from toolkit.assess.standing import Standing
from toolkit.assess.statements import Finding
from toolkit.assess.trace import reached
from toolkit.client.models import Initiative, Kpi, Risk
from toolkit.client.record import Record
from toolkit.method import RANKS_DIFFER_BELOW, RECOMMENDATION, SOON_DAYS
from toolkit.words import beside, joined, tidy


def goal_without_work(record: Record, a: Assessment) -> Iterator[Finding]:
    """A goal that no initiative going ahead serves; silent where no initiatives are recorded."""
    if not record.initiatives:
        return
    standing = Standing(record, a.as_of)
    total = sum(goal.weight or 0 for goal in a.goals)
    outside = {goal.id for goal in record.facts.goals if goal.served_by}
    for goal in a.goals:
        if not goal.initiatives and goal.goal not in outside:
            weight = (goal.weight or 0) / total if total else 1 / len(a.goals)
            facts = {"goal": named("Goal", goal.name, quoted=True)}
            if goal.weight:
                facts["weight"] = points("Weight given by leadership", goal.weight)
            tail = ", to which leadership gives {weight} of {hundred} points" if goal.weight else ""
            if tail:
                facts["hundred"] = points("Points given in all", tidy(total))
            subject = "No initiative serves"
            past = [
                f"“{one.name}” {standing.rejected.get(one.id, f'is {one.status}')}"
                for one in record.initiatives
                if one.goals.get(goal.goal)
            ]
            if past:
                subject, tail = "No work that goes ahead serves", f"{tail}: {{past}}"
                facts["past"] = named("What served it", joined(past, most=2))
            met = reached(record, goal.goal, a.as_of)
            if met:
                kpi, reading, target = met
                tail += "; its measure {kpi} stood at {latest} on {when}, which meets its target of {target}"
                facts |= {
                    "kpi": named("Measure", kpi.name, quoted=True),
                    "latest": measured("Latest reading", reading.value, kpi.unit),
                    "when": dated("Read on", reading.date),
                    "target": measured("Target", target, kpi.unit),
                }
            yield say(
                "goal without work",
                goal.goal,
                0.35 if met else 0.55 + weight / 3,
                f"{subject} the goal {{goal}}{tail}.",
                facts,
            )


def goal_out_of_time(record: Record, a: Assessment) -> Iterator[Finding]:
    """A goal whose date passes before any of its work can be done, so that none of it counts."""
    standing, by_id = Standing(record, a.as_of), {one.id: one for one in record.initiatives}
    for goal, trace in zip(record.facts.goals, a.goals, strict=True):
        serving = [by_id[one] for one in trace.initiatives]
        ends = [(end, one.name) for one in serving if (end := standing.earliest_end(one))]
        done = any(one.status == "done" and one.goals.get(goal.id) for one in record.initiatives)
        if goal.due is None or done or not serving or len(ends) < len(serving) or min(ends)[0] <= goal.due:
            continue
        facts = {
            "goal": named("Goal", goal.name, quoted=True),
            "due": dated("Due", goal.due),
            "work": named("First of its work to be done", min(ends)[1], quoted=True),
            "finish": dated("Which ends at the earliest", min(ends)[0]),
        }
        tense = "was" if goal.due < a.as_of else "is"
        yield say("goal out of time", goal.id, 0.5 + (goal.weight or 0.0) / 300,
                  f"The goal {{goal}} {tense} due on {{due}}; {{work}}, the first of its work to be done, ends on {{finish}} at the earliest.",
                  facts, initiatives=trace.initiatives)  # fmt: skip


def work_without_goal(record: Record, a: Assessment) -> Iterator[Finding]:
    """Initiatives going ahead that serve no goal, counted and priced; silent where no goals are recorded."""
    loose = set(a.initiatives_without_goal)
    if not a.goals or not loose:
        return
    going_ahead = Standing(record, a.as_of).going_ahead
    known = [one.capital for one in going_ahead if one.id in loose and one.capital is not None]
    facts = {
        "loose": number("Initiatives that serve no goal", len(loose)),
        "live": number("Initiatives not yet done", len(going_ahead), "live initiative"),
    }
    tail = "."
    if known:
        facts["cost"] = amount("Their known capital", sum(known), record.facts.profile.currency)
        tail = ", with {cost} of capital between them." if len(loose) > 1 else ", with {cost} of capital."
    verb = "serves" if len(loose) == 1 else "serve"
    yield say(
        "work without goal",
        "initiatives",
        0.4 + len(loose) / len(going_ahead) / 3,
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
    if a.priority_agreement is None or a.priority_agreement >= RANKS_DIFFER_BELOW:
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
    path = kpi.baseline + (kpi.target - kpi.baseline) * elapsed
    expected = beside(path, kpi.baseline, kpi.target, last.value)
    behind = last.value < expected if kpi.target > kpi.baseline else last.value > expected
    return (expected, last.value, last.date) if behind else None


def deadline_unmet(record: Record, a: Assessment) -> Iterator[Finding]:
    """A risk or deadline that no work going ahead settles and leadership has not accepted."""
    standing = Standing(record, a.as_of)
    for risk in record.facts.risks:
        settling = _settling(record, risk)
        if risk.id in standing.accepted or any(_why_no_answer(standing, one) == "" for one in settling):
            continue
        facts = {"risk": named("Risk or deadline", risk.name, quoted=True)}
        lacking = "no initiative settles it"
        if settling:
            lacking = "nothing that goes ahead settles it: {work}"
            said = [_why_no_answer(standing, one) for one in settling]
            facts["work"] = named("What would settle it", joined(said, most=2))
        about, severity = tuple(one.id for one in settling), 0.5 + (risk.severity or 0.3) / 3
        if risk.due is None:
            sentence = f"For {{risk}}, {lacking}." if settling else "No initiative settles {risk}."
            yield say("risk unanswered", risk.id, severity - 0.1, sentence, facts, initiatives=about)
            continue
        facts["due"] = dated("Due", risk.due)
        soon = 0 <= (risk.due - a.as_of).days <= SOON_DAYS
        past = risk.due < a.as_of
        sentence = f"{{risk}} {'was due' if past else 'falls due'} on {{due}} and {lacking}."
        yield say("deadline unanswered", risk.id, severity + (0.12 if soon or past else 0.0), sentence, facts,
                  initiatives=about)  # fmt: skip


def deadline_missed(record: Record, a: Assessment) -> Iterator[Finding]:
    """A deadline that all work going ahead for it settles too late, within any plan."""
    standing = Standing(record, a.as_of)
    for risk in record.facts.risks:
        settling = [one for one in _settling(record, risk) if not _why_no_answer(standing, one)]
        dates = [
            (end, one) for one in settling if one.status != "done" and (end := standing.earliest_end(one))
        ]
        if risk.due is None or risk.id in standing.accepted or not settling or len(dates) < len(settling):
            continue
        finish, first = min(dates, key=lambda pair: (pair[0], pair[1].id))
        if finish <= risk.due:
            continue
        facts = {
            "risk": named("Risk or deadline", risk.name, quoted=True),
            "due": dated("Due", risk.due),
            "work": named("Earliest initiative to settle it", first.name, quoted=True),
            "finish": dated("Its completion date", finish),
        }
        tense = "was" if risk.due < a.as_of else "falls"
        ends = "finishes on {finish}" if finish == first.finish else "finishes on {finish} at the earliest"
        yield say("deadline missed", risk.id, 0.55 + (risk.severity or 0.3) / 3,
                  f"{{risk}} {tense} due on {{due}}, but {{work}}, which settles it, {ends}.", facts, initiatives=(first.id,))  # fmt: skip


def _settling(record: Record, risk: Risk) -> list[Initiative]:
    return [one for one in record.initiatives if risk.id in one.settles and one.status != "stopped"]


def _why_no_answer(standing: Standing, one: Initiative) -> str:
    """Say as a clause why work that would settle a risk does not; "" where it may."""
    if one.is_open and one.id in standing.set_aside:
        return f"“{one.name}” {standing.set_aside[one.id]}{', although it is mandatory' if one.mandatory else ''}"
    # A recommendation taken onto the register is still the question, until somebody sizes it.
    unsized = one.capex is None and one.duration is None and one.finish is None
    if one.id.startswith(RECOMMENDATION) and unsized:
        return "the answer taken onto the register has neither a cost nor a duration yet"
    return ""


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
    goal_out_of_time,
    work_without_goal,
    goal_unowned,
    priorities_differ,
    off_path,
    deadline_unmet,
    deadline_missed,
    promise_not_kept,
)
