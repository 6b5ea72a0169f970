"""Rules that read the record: goals, measures, deadlines, promises, costs, spending, and what slipped and grew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from toolkit.assess.assessment import Assessment
from toolkit.assess.commitments import Standing, lacking
from toolkit.assess.evidence import (
    Evidence,
    amount,
    dated,
    measured,
    named,
    number,
    points,
    scored,
    share,
    titles,
)
from toolkit.assess.measure_path import measure_path
from toolkit.assess.meetings import meetings_held
from toolkit.assess.statements import Finding, finding
from toolkit.assess.trace import chain_of, reached
from toolkit.client.record import Record
from toolkit.client.schema import Impact, Initiative, Kpi, Risk
from toolkit.method import (
    BY_ID,
    GROWN,
    RANKS_DIFFER_BELOW,
    RECOMMENDATION,
    RUN_LEAVES_NOTHING,
    SOON_DAYS,
    SOON_WEIGHS,
    UNKNOWN_SEVERITY,
)
from toolkit.words import DAYS_A_YEAR, excerpt, inside, joined, part_of, tidy


def goal_without_work(record: Record, a: Assessment) -> Iterator[Finding]:
    """A goal that no initiative going ahead serves; silent where no initiatives are recorded."""
    if not record.initiatives:
        return
    standing = Standing(record, a.as_of)
    total = sum(goal.weight or 0 for goal in a.goals)
    outside = {goal.id for goal in record.facts.goals if goal.served_by}
    for goal in a.goals:
        if goal.initiatives or goal.goal in outside:
            continue
        weight = (goal.weight or 0) / total if total else 1 / len(a.goals)
        facts, subject, tail = {"goal": named("Goal", goal.name, quoted=True)}, "No initiative serves", ""
        if goal.weight:
            facts["weight"] = points("Weight given by leadership", goal.weight)
            facts["hundred"] = points("Points given in all", tidy(total))
            tail = ", to which leadership gives {weight} of {hundred} points"
        past = [
            f"“{work.name}” {standing.rejected.get(work.id, f'is {work.status}')}"
            for work in record.initiatives
            if work.goals.get(goal.goal)
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
        severity = 0.35 if met else 0.55 + weight / 3
        yield finding("goal without work", goal.goal, severity, f"{subject} the goal {{goal}}{tail}.", facts)


def goal_out_of_time(record: Record, a: Assessment) -> Iterator[Finding]:
    """A goal whose date passes before any of its work can be done, so that none of it counts."""
    standing, by_id = Standing(record, a.as_of), {work.id: work for work in record.initiatives}
    for goal, trace in zip(record.facts.goals, a.goals, strict=True):
        serving = [by_id[id] for id in trace.initiatives]
        ends = [(end, work) for work in serving if (end := standing.earliest_end(work))]
        done = any(work.status == "done" and work.goals.get(goal.id) for work in record.initiatives)
        if goal.due is None or done or not serving or len(ends) < len(serving):
            continue
        end, first = min(ends, key=lambda pair: (pair[0], pair[1].name))
        if end <= goal.due:
            continue
        facts = {
            "goal": named("Goal", goal.name, quoted=True),
            "due": dated("Due", goal.due),
            "work": named("First of its work to be done", first.name, quoted=True),
            "finish": dated("Which ends at the earliest", end),
        }
        tense, when = "was" if goal.due < a.as_of else "is", _earliest(first, end, facts)
        yield finding("goal out of time", goal.id, 0.5 + (goal.weight or 0.0) / 300,
                      f"The goal {{goal}} {tense} due on {{due}}; {{work}}, the first of its work to be done, ends on {when}.",
                      facts, initiatives=trace.initiatives)  # fmt: skip


def _earliest(work: Initiative, finish: date, facts: dict[str, Evidence]) -> str:
    """Say when work ends at the earliest, beside the date on the register, which joins the facts, where that is another."""
    if work.finish == finish:
        return "{finish}"
    if work.finish is None:
        return "{finish} at the earliest"
    facts["filed"] = dated("By the register", work.finish)
    return "{finish} at the earliest, by its start and duration; the register says {filed}"


def work_without_goal(record: Record, a: Assessment) -> Iterator[Finding]:
    """Initiatives going ahead that serve no goal, counted and priced; silent where no goals are recorded."""
    loose = set(a.initiatives_without_goal)
    if not a.goals or not loose:
        return
    going_ahead = Standing(record, a.as_of).going_ahead
    known = [work.capital for work in going_ahead if work.id in loose and work.capital is not None]
    facts = {
        "loose": number("Initiatives that serve no goal", len(loose)),
        "live": number("Initiatives not yet done", len(going_ahead), "open initiative"),
    }
    tail = "."
    if known:
        facts["cost"] = amount("Their known capital", sum(known), record.facts.profile.currency)
        tail = ", with {cost} of capital between them." if len(loose) > 1 else ", with {cost} of capital."
        if len(known) < len(loose):
            facts["priced"] = number("Of these with a known cost", len(known))
            tail = ", with {cost} of capital for the {priced} whose cost is known."
    verb = "serves" if len(loose) == 1 else "serve"
    yield finding("work without goal", "initiatives", 0.4 + len(loose) / len(going_ahead) / 3,
                  f"{{loose}} of {{live}} {verb} no goal{tail}", facts, initiatives=a.initiatives_without_goal)  # fmt: skip


def goal_unowned(record: Record, a: Assessment) -> Iterator[Finding]:
    """A goal without a measure, or whose measure has no owner on one side or on both."""
    kpis = {kpi.id: kpi for kpi in record.facts.kpis}
    loose = sorted(kpis.keys() - {goal.kpi for goal in a.goals})
    for goal in a.goals:
        facts = {"goal": named("Goal", goal.name, quoted=True)}
        if goal.kpi is None:
            sentence = "The goal {goal} names no measure, so nobody can say when it is reached"
            if loose:
                names = [kpis[id].name for id in loose]
                facts["loose"] = titles("On record, and named by no goal", names, most=3)
                sentence += "; on record, and named by no goal: {loose}"
            yield finding("goal without measure", goal.goal, 0.35, f"{sentence}.", facts)
            continue
        kpi = kpis[goal.kpi]
        facts["kpi"] = named("Measure", kpi.name, quoted=True)
        if not kpi.owner_business and not kpi.owner_it:
            sentence = "The measure {kpi} of the goal {goal} has no owner, in the business or in IT."
            yield finding("measure without owner", goal.goal, 0.4, sentence, facts)
        elif not (kpi.owner_business and kpi.owner_it):
            facts["side"] = named("Owned by", "the business" if kpi.owner_business else "IT")
            sentence = "The measure {kpi} of the goal {goal} has an owner in {side} only."
            yield finding("measure owned on one side", goal.goal, 0.38, sentence, facts)


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
    yield finding("priorities differ", "goals", 0.45, sentence, facts,
                  causes=("priorities",), practices=("shared-goals",))  # fmt: skip


def off_path(record: Record, a: Assessment) -> Iterator[Finding]:
    """A measure behind the straight path from baseline to target, or reported as not met."""
    for kpi in record.facts.kpis:
        name = named("Measure", kpi.short or excerpt(kpi.name, 90), quoted=True)
        if kpi.reported == "not met":
            sentence = "The measure {kpi} is reported as not met."
            yield finding("measure not met", kpi.id, 0.3, sentence, {"kpi": name})
        behind = _behind(kpi, a.as_of)
        if behind is None:
            continue
        expected, latest, when = behind
        facts = {
            "kpi": name,
            "latest": measured("Latest reading", latest, kpi.unit),
            "when": dated("Read on", when),
            "expected": measured("Where a straight path would be", expected, kpi.unit),
            "target": measured("Target", kpi.target or 0.0, kpi.unit),
        }
        sentence = "The measure {kpi} stood at {latest} on {when}; on a straight path to its target of {target} it would have been {expected}."
        yield finding("measure off its path", kpi.id, 0.42, sentence, facts)


def _behind(kpi: Kpi, as_of: date) -> tuple[float, float, date] | None:
    """Return where the path was, where the reading is and its date, if the reading is on the wrong side."""
    stands = measure_path(kpi, as_of)
    if stands.stands != "behind its path" or stands.path is None or stands.latest is None:
        return None
    return stands.path, stands.latest.value, stands.latest.date


def deadline_unmet(record: Record, a: Assessment) -> Iterator[Finding]:
    """A risk or deadline that no work going ahead settles and leadership has not accepted."""
    standing = Standing(record, a.as_of)
    for risk in record.facts.risks:
        settling = _settling(record, risk)
        if risk.id in standing.accepted or not all(_why_no_answer(standing, work) for work in settling):
            continue
        facts = {"risk": named("Risk or deadline", risk.name, quoted=True)}
        lacking = "no initiative settles it"
        if settling:
            lacking = "nothing that goes ahead settles it: {work}"
            reasons = [_why_no_answer(standing, work) for work in settling]
            facts["work"] = named("What would settle it", joined(reasons, most=2))
        about, severity = tuple(work.id for work in settling), 0.5 + (risk.severity or UNKNOWN_SEVERITY) / 3
        if risk.due is None:
            sentence = f"For {{risk}}, {lacking}." if settling else "No initiative settles {risk}."
            yield finding("risk unanswered", risk.id, severity - 0.1, sentence, facts, initiatives=about)
            continue
        facts["due"] = dated("Due", risk.due)
        soon = 0 <= (risk.due - a.as_of).days <= SOON_DAYS
        past = risk.due < a.as_of
        sentence = f"{{risk}} {'was due' if past else 'falls due'} on {{due}} and {lacking}."
        yield finding("deadline unanswered", risk.id, severity + (SOON_WEIGHS / 3 if soon or past else 0.0), sentence, facts,
                      initiatives=about)  # fmt: skip


def deadline_missed(record: Record, a: Assessment) -> Iterator[Finding]:
    """A deadline that all work going ahead for it settles too late, within any plan."""
    standing = Standing(record, a.as_of)
    for risk in record.facts.risks:
        settling = [work for work in _settling(record, risk) if not _why_no_answer(standing, work)]
        dates = [
            (end, work) for work in settling if work.status != "done" and (end := standing.earliest_end(work))
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
            "finish": dated("Which ends at the earliest", finish),
        }
        tense = "was" if risk.due < a.as_of else "falls"
        ends = f"finishes on {_earliest(first, finish, facts)}"
        yield finding("deadline missed", risk.id, 0.55 + (risk.severity or UNKNOWN_SEVERITY) / 3,
                      f"{{risk}} {tense} due on {{due}}, but {{work}}, which settles it, {ends}.", facts, initiatives=(first.id,))  # fmt: skip


def deadline_unplanned(record: Record, a: Assessment) -> Iterator[Finding]:
    """A deadline ahead of which nobody can say when the work that would settle it ends, since that is not estimated."""
    standing = Standing(record, a.as_of)
    for risk in record.facts.risks:
        settling = [work for work in _settling(record, risk) if not _why_no_answer(standing, work)]
        unknown = [work for work in settling if work.status != "done" and standing.earliest_end(work) is None]
        if risk.due is None or risk.due < a.as_of or risk.id in standing.accepted:
            continue
        if not settling or len(unknown) < len(settling):
            continue
        lacks = lacking(record, unknown)
        facts = {
            "risk": named("Risk or deadline", risk.name, quoted=True),
            "due": dated("Due", risk.due),
            "work": titles("What would settle it", [work.name for work in unknown], most=2),
            "lacks": named("Not known of it", lacks),
        }
        soon = (risk.due - a.as_of).days <= SOON_DAYS
        severity = 0.45 + (risk.severity or UNKNOWN_SEVERITY) / 3 + (SOON_WEIGHS / 3 if soon else 0.0)
        verb = "are" if lacks == "cost and duration" else "is"
        sentence = f"{{risk}} falls due on {{due}}, and {{work}} would settle it; its {{lacks}} {verb} not known, so nobody can say whether that is in time."
        if len(unknown) > 1:
            sentence = sentence.replace("; its", "; their")
        yield finding("deadline unplanned", risk.id, severity, sentence, facts,
                      initiatives=tuple(work.id for work in unknown))  # fmt: skip


def _settling(record: Record, risk: Risk) -> list[Initiative]:
    return [work for work in record.initiatives if risk.id in work.settles and work.status != "stopped"]


def _why_no_answer(standing: Standing, work: Initiative) -> str:
    """Say as a clause why work that would settle a risk does not; "" where it may."""
    if work.is_open and work.id in standing.set_aside:
        return f"“{work.name}” {standing.set_aside[work.id]}{', although it is mandatory' if work.mandatory else ''}"
    # A recommendation taken onto the register is still the question, until somebody sizes it.
    unsized = work.capex is None and work.duration is None and work.finish is None
    if work.id.startswith(RECOMMENDATION) and unsized:
        return "the answer taken onto the register has neither a cost nor a duration yet"
    return ""


def promise_not_kept(record: Record, a: Assessment) -> Iterator[Finding]:
    """Promises of earlier rounds that are still open past their date."""
    late = [promise for promise in a.promises if promise.state == "overdue"]
    if not late:
        return
    facts = {
        "late": number("Promises overdue", len(late)),
        "all": number("Promises made earlier", len(a.promises), "promise"),
        "oldest": named("Longest overdue", late[0].action, quoted=True),
        "due": dated("It was due", late[0].due or a.as_of),
    }
    verb = "is" if len(late) == 1 else "are"
    sentence = (
        "The one promise made earlier is overdue: {oldest}, due {due}."
        if len(a.promises) == 1
        else f"{{late}} of {{all}} made earlier {verb} overdue; longest {{oldest}}, due {{due}}."
    )
    yield finding("promise not kept", "actions", 0.4 + len(late) / len(a.promises) / 3, sentence, facts)


def meetings_not_held(record: Record, a: Assessment) -> Iterator[Finding]:
    """Meetings of both leaderships that were to be held and were not, or without both sides."""
    met = meetings_held(record.facts, a.as_of)
    if met is None or met.both == met.due:
        return
    facts = {
        "held": number("Meetings held", met.held),
        "due": number("Meetings that were to be held", met.due, "meeting"),
        "both": number("Held, with both sides on record as there", met.both),
        "first": dated("Counted from", met.first),
    }
    verb = "was" if met.held == 1 else "were"
    sentence = f"Since {{first}}, {{held}} of {{due}} of both leaderships {verb} held"
    sentence += ", {both} of them attended by both sides as far as recorded." if met.both < met.held else "."
    yield finding("meetings not held", "meetings", 0.2 + 0.4 * (1 - met.both / met.due), sentence, facts,
                  practices=("open-communication",))  # fmt: skip


def priced_symptom(record: Record, a: Assessment) -> Iterator[Finding]:
    """A symptom whose cost someone has put a figure on: agreed and claimed said apart, nothing summed.

    Which other costs count some of the same money stands in its evidence.
    """
    most = max((impact.likely for impact in record.facts.impact), default=0.0) or 1.0
    for impact in record.facts.impact:
        facts = _cost(record, impact)
        between = " (between {low} and {high})" if "low" in facts else ""
        if impact.agreed_by:
            facts["by"] = named("Agreed by", impact.agreed_by)
            sentence = (
                f"{{name}} ({{symptom}}) costs about {{likely}} a year{between}, a figure agreed by {{by}}."
            )
        else:
            sentence = f"{{name}} ({{symptom}}) is claimed to cost about {{likely}} a year{between}; nobody has agreed to that figure yet."
        severity = (0.55 if impact.agreed_by else 0.2) + 0.15 * impact.likely / most
        chain = chain_of(record, a, impact.symptom)
        yield finding("priced symptom", impact.id, severity, sentence, facts, **chain)


def _cost(record: Record, impact: Impact) -> dict[str, Evidence]:
    currency = record.facts.profile.currency
    facts = {
        "name": named("Cost", impact.name, quoted=True),
        "symptom": named("Symptom", inside(BY_ID[impact.symptom].name)),
        "likely": amount("Likely cost a year", impact.likely, currency, impact.source or ""),
    }
    if impact.low is not None and impact.high is not None and impact.low < impact.high:
        facts["low"] = amount("Lowest cost a year", impact.low, currency)
        facts["high"] = amount("Highest cost a year", impact.high, currency)
    # Either of two overlapping costs may name the other.
    others = [
        other.name
        for other in record.facts.impact
        if other.id != impact.id and (other.id in impact.overlaps or impact.id in other.overlaps)
    ]
    if others:
        facts["others"] = titles("Counts some of the same money as", others)
    return facts


def spending(record: Record, a: Assessment) -> Iterator[Finding]:
    """Running spending of the latest year that leaves a fifth or less for everything else."""
    split = [year for year in record.facts.spend if None not in (year.grow, year.transform, year.protect)]
    if not split:
        return
    last = max(split, key=lambda year: year.year)
    strategy = (last.grow or 0) + (last.transform or 0)
    total = last.run + strategy + (last.protect or 0)
    if not total or last.run / total < RUN_LEAVES_NOTHING:
        return
    facts = {
        "run": share(f"Share of FY{last.year} spending that runs what exists", last.run / total),
        "new": amount("Spending to grow and transform", strategy, record.facts.profile.currency),
        "year": named("Fiscal year", f"FY{last.year}"),
    }
    left = "{new} is left to grow and transform" if strategy else "nothing is left to grow and transform"
    yield finding("spending", f"FY{last.year}", 0.45 + last.run / total - RUN_LEAVES_NOTHING,
                  f"{{run}} of {{year}} spending keeps things running; {left}.", facts, practices=("investment",))  # fmt: skip


def slipped_projects(record: Record, a: Assessment) -> Iterator[Finding]:
    """Initiatives whose completion date has moved past the first one known to us."""
    slips = {work.id: work.days_late for work in record.initiatives if work.days_late is not None}
    late = sorted(id for id, days in slips.items() if days > 0)
    if not late:
        return
    facts = {
        "late": number("Initiatives later than first known", len(late)),
        "both": number("Initiatives with both dates", len(slips), "initiative"),
        "worst": _slip(max(slips.values())),
    }
    verb = "has" if len(late) == 1 else "have"
    how_many = "{late} of {both}"
    if len(late) == len(slips):
        how_many = "{both}"
        facts["both"] = replace(facts["both"], said=part_of(len(slips), len(slips), "initiative"))
    by = "{worst}" if len(late) == 1 else "up to {worst}"
    yield finding("slipped projects", "dates", 0.3 + len(late) / len(slips) / 3,
                  f"{how_many} with both dates known {verb} moved past the first date known to us, by {by}.", facts,
                  symptoms=("delayed-projects",), initiatives=tuple(late))  # fmt: skip


def _slip(days: int) -> Evidence:
    """Say a slip in days while it is short, else in years: a day's slip is not "0.0 years"."""
    years = scored("Longest slip, in years", days / DAYS_A_YEAR)
    if years.value == 0 or days < DAYS_A_YEAR / 2:
        return number("Longest slip, in days", days, "day")
    unit = "year" if years.said == "1.0" else "years"
    return replace(years, unit=unit, said=f"{years.said} {unit}")


def grown_budgets(record: Record, a: Assessment) -> Iterator[Finding]:
    """Initiatives whose budgets have grown by more than 5 % in all."""
    paid = [work.budgets for work in record.initiatives if work.budgets]
    first, now = (sum(budgets) for budgets in zip(*paid, strict=True)) if paid else (0.0, 0.0)
    if now <= first * GROWN:
        return
    currency, alone = record.facts.profile.currency, len(paid) == 1
    facts = {
        "paid": number("Initiatives with both budgets", len(paid), "initiative"),
        "first": amount("First known to us", first, currency),
        "now": amount("Now", now, currency),
    }
    yield finding("grown budgets", "budgets", 0.3 + min(now / first - 1, 1) / 4,
                  f"{{paid}} with both budgets on record, first known to us at {{first}}{'' if alone else ' in all'}, now {'stands' if alone else 'stand'} at {{now}}.", facts, symptoms=("delayed-projects",))  # fmt: skip


RECORD_RULES = (
    goal_without_work, goal_out_of_time, work_without_goal, goal_unowned, priorities_differ, off_path, deadline_unmet,
    deadline_missed, deadline_unplanned, promise_not_kept, meetings_not_held, priced_symptom, spending, slipped_projects, grown_budgets,
)  # fmt: skip
