"""Rules that read the record: goals, measures, money, deadlines, promises and slipped projects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toolkit.assess.assessment import Assessment, Finding
from toolkit.assess.saying import amount, dated, named, number, say, scored, share
from toolkit.client.facts import Kpi
from toolkit.client.record import Record

RUN_LEAVES_NOTHING = 0.8
ORDER_DIFFERS_BELOW = 0.34
SOON_DAYS = 365


def goal_without_work(record: Record, a: Assessment) -> Iterator[Finding]:
    """A goal that no live initiative serves."""
    total = sum(goal.weight or 0 for goal in a.goals)
    for goal in a.goals:
        if not goal.initiatives:
            weight = (goal.weight or 0) / total if total else 1 / len(a.goals)
            facts = {"goal": named("Goal", goal.name, quoted=True)}
            if goal.weight:
                facts["weight"] = number("Weight given by leadership", round(goal.weight), "point")
            tail = ", to which leadership gives {weight} of 100" if goal.weight else ""
            if tail:
                facts["hundred"] = number("All points", 100)
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
    live = [one for one in record.initiatives if one.status not in ("done", "stopped")]
    known = [one.capex for one in live if one.id in loose and one.capex is not None]
    facts = {
        "loose": number("Initiatives that serve no goal", len(loose)),
        "live": number("Initiatives not yet done", len(live), "initiative"),
    }
    tail = "."
    if known:
        facts["cost"] = amount("Their known capital", sum(known), record.facts.profile.currency)
        tail = ", with {cost} of capital between them." if len(loose) > 1 else ", with {cost} of capital."
    verb = "serves" if len(loose) == 1 else "serve"
    yield say(
        "work without goal",
        "initiatives",
        0.4 + len(loose) / len(live) / 3,
        f"{{loose}} of {{live}} {verb} no goal{tail}",
        facts,
        initiatives=tuple(sorted(loose)),
    )


def goal_unowned(record: Record, a: Assessment) -> Iterator[Finding]:
    """A goal without a measure, or whose measure has an owner on one side only."""
    kpis = {one.id: one for one in record.facts.kpis}
    for goal in a.goals:
        facts = {"goal": named("Goal", goal.name, quoted=True)}
        if goal.kpi is None:
            yield say(
                "goal without measure",
                goal.goal,
                0.35,
                "The goal {goal} has no measure, so nobody can say when it is reached.",
                facts,
            )
            continue
        kpi = kpis[goal.kpi]
        facts["kpi"] = named("Measure", kpi.name, quoted=True)
        if bool(kpi.owner_business) != bool(kpi.owner_it):
            side = "the business" if kpi.owner_business else "IT"
            yield say(
                "measure owned on one side",
                goal.goal,
                0.38,
                "The measure {kpi} of the goal {goal} has an owner in {side} only.",
                facts | {"side": named("Owned by", side)},
            )


def spending(record: Record, a: Assessment) -> Iterator[Finding]:
    """Running spending of the latest year that leaves a fifth or less for everything else."""
    complete = [y for y in record.facts.spend if None not in (y.grow, y.transform, y.protect)]
    if not complete:
        return
    last = max(complete, key=lambda one: one.year)
    total = last.run + (last.grow or 0) + (last.transform or 0) + (last.protect or 0)
    if not total or last.run / total < RUN_LEAVES_NOTHING:
        return
    facts = {"run": share(f"Share of FY{last.year} spending that runs what exists", last.run / total),
             "new": amount("Spending to grow and transform", (last.grow or 0) + (last.transform or 0), record.facts.profile.currency),
             "year": named("Fiscal year", f"FY{last.year}")}  # fmt: skip
    yield say(
        "spending",
        f"FY{last.year}",
        0.45 + last.run / total - RUN_LEAVES_NOTHING,
        "{run} of {year} spending keeps things running; {new} is left to grow and transform.",
        facts,
        practices=("investment",),
    )


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
        side: named(f"First for {side}", names.get(goal, goal), quoted=True) for side, goal in first.items()
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
        unit = f" {kpi.unit}" if kpi.unit else ""
        facts = {"kpi": named("Measure", kpi.name, quoted=True), "latest": named("Latest reading", f"{latest:,.4g}{unit}"), "when": dated("Read on", when),
                 "expected": named("Where a straight path would be", f"{expected:,.3g}{unit}"), "target": named("Target", f"{kpi.target:,.4g}{unit}")}  # fmt: skip
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
    rising = kpi.target > kpi.baseline
    return (
        (expected, last.value, last.date)
        if (last.value < expected if rising else last.value > expected)
        else None
    )


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


def promise_not_kept(record: Record, a: Assessment) -> Iterator[Finding]:
    """Promises of earlier rounds that are still open past their date."""
    earlier = {one.id for one in record.rounds if one.as_of < a.as_of}
    promised = [one for one in record.actions if one.round in earlier]
    late = [one for one in promised if one.status == "open" and one.due and one.due < a.as_of]
    if not late:
        return
    oldest = min(late, key=lambda one: (one.due, one.id))
    facts = {"late": number("Promises overdue", len(late)), "all": number("Promises made earlier", len(promised), "promise"),
             "oldest": named("Longest overdue", oldest.action, quoted=True), "due": dated("It was due", oldest.due)}  # type: ignore[arg-type]  # fmt: skip
    verb = "is" if len(late) == 1 else "are"
    yield say(
        "promise not kept",
        "actions",
        0.4 + len(late) / len(promised) / 3,
        f"{{late}} of {{all}} made earlier {verb} overdue; longest {{oldest}}, due {{due}}.",
        facts,
    )


def slipped_projects(record: Record, a: Assessment) -> Iterator[Finding]:
    """Initiatives whose completion date, or whose budget, has moved from what was first approved."""
    both = [one for one in record.initiatives if one.original_finish and one.finish]
    late = [one for one in both if one.finish > one.original_finish]  # type: ignore[operator]
    if len(both) >= 3 and late:
        years = sorted((one.finish - one.original_finish).days / 365.25 for one in late)  # type: ignore[operator]
        facts = {"late": number("Initiatives later than first approved", len(late)), "both": number("Initiatives with both dates", len(both), "initiative"),
                 "worst": scored("Longest slip, in years", years[-1])}  # fmt: skip
        verb = "has" if len(late) == 1 else "have"
        yield say("slipped projects", "dates", 0.3 + len(late) / len(both) / 3, f"{{late}} of {{both}} with both dates known {verb} moved past the first completion date, by up to {{worst}} years.",
                  facts, symptoms=("delayed-projects",), initiatives=tuple(sorted(one.id for one in late))[:5])  # fmt: skip
    paid = [one for one in record.initiatives if one.original_capex and one.capex is not None]
    first, now = sum(one.original_capex or 0 for one in paid), sum(one.capex or 0 for one in paid)
    if len(paid) >= 3 and now > first * 1.05:
        facts = {"paid": number("Initiatives with both budgets", len(paid), "initiative"), "first": amount("First approved", first, record.facts.profile.currency),
                 "now": amount("Now", now, record.facts.profile.currency)}  # fmt: skip
        yield say(
            "grown budgets",
            "budgets",
            0.3 + min(now / first - 1, 1) / 4,
            "{paid} first approved at {first} in all now stand at {now}.",
            facts,
            symptoms=("delayed-projects",),
        )


RECORD_RULES = (
    goal_without_work, work_without_goal, goal_unowned, spending, priorities_differ, off_path, deadline_unmet, promise_not_kept, slipped_projects,
)  # fmt: skip
