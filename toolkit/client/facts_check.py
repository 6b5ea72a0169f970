"""What ``client.yaml`` may not contradict in itself."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.client.edits_check import faults_of_edits
from toolkit.client.facts import Facts, Goal, Kpi, Round, RoundGroup
from toolkit.client.faults import unknown_reference
from toolkit.client.parts import FACTS, Parts, entry, repeated
from toolkit.errors import Fault
from toolkit.method import CONSENSUS_FROM, GOAL_POINTS, GOAL_POINTS_TOLERANCE, LEAST_MINIMUM
from toolkit.words import plain


def faults_of_facts(parts: Parts) -> Iterator[Fault]:
    """Yield what is wrong within ``client.yaml``; nothing when it could not be read."""
    facts = parts.facts
    if facts is None:
        return
    yield from _given_twice(facts)
    yield from _goals(facts)
    yield from _kpis(facts)
    yield from _impact(facts)
    yield from _themes(facts)
    yield from _rounds(parts, facts)
    yield from faults_of_edits(parts, facts)


def _given_twice(facts: Facts) -> Iterator[Fault]:
    for group, what in (
        ("goals", "goal id"),
        ("kpis", "KPI id"),
        ("impact", "impact id"),
        ("risks", "risk id"),
        ("themes", "theme id"),
        ("rounds", "round id"),
        ("adjustments", "adjustment id"),
        ("quotes", "quote id"),
    ):
        ids = [one.id for one in getattr(facts, group)]
        yield from repeated(what, ((entry(group, i, one, "id"), one) for i, one in enumerate(ids)))
    yield from repeated(
        "year", ((entry("spend", i, s.year, "year"), s.year) for i, s in enumerate(facts.spend))
    )
    yield from repeated(
        "year", ((entry("budget", i, b.year, "year"), b.year) for i, b in enumerate(facts.budget))
    )
    yield from repeated(
        "role and quarter",
        (
            (entry("capacity", i, c.role), f"{c.role}, {c.quarter or 'from the start'}")
            for i, c in enumerate(facts.capacity)
        ),
    )
    for index, kpi in enumerate(facts.kpis):
        where = entry("kpis", index, kpi.id, "readings")
        yield from repeated("date", ((f"{where}, entry {i + 1}", r.date) for i, r in enumerate(kpi.readings)))
    for index, one in enumerate(facts.rounds):
        where = entry("rounds", index, one.id, "groups")
        yield from repeated("group", ((f"{where}, entry {i + 1}", g.group) for i, g in enumerate(one.groups)))


def _goals(facts: Facts) -> Iterator[Fault]:
    kpis = [kpi.id for kpi in facts.kpis]
    for index, goal in enumerate(facts.goals):
        if goal.kpi and goal.kpi not in kpis:
            where = entry("goals", index, goal.id, "kpi")
            yield unknown_reference(where, goal.kpi, "KPI", kpis, f"{FACTS}, kpis")
        linked = next((kpi for kpi in facts.kpis if kpi.id == goal.kpi), None)
        if linked:
            yield from _direction(entry("goals", index, goal.id, "target"), goal, linked.better)
    given = [goal.weight for goal in facts.goals if goal.weight is not None]
    if given and len(given) < len(facts.goals):
        for index, goal in enumerate(facts.goals):
            if goal.weight is None:
                yield Fault(
                    entry("goals", index, goal.id, "weight"),
                    "nothing, while other goals have a weight",
                    "a weight for every goal, 100 points in all, or for none",
                    "Ask leadership to spread 100 points over all goals, or remove every weight.",
                )
    elif given and abs(sum(given) - GOAL_POINTS) > GOAL_POINTS_TOLERANCE:
        yield Fault(
            f"{FACTS}, goals, field weight",
            f"weights that add up to {plain(sum(given))}",
            f"weights that add up to 100 points (± {GOAL_POINTS_TOLERANCE})",
            "Spread 100 points over the goals again.",
        )


def _direction(where: str, one: Goal | Kpi, better: str | None) -> Iterator[Fault]:
    if better is None or one.baseline is None or one.target is None:
        return
    rises = one.target > one.baseline
    if one.target != one.baseline and rises != (better == "higher"):
        than = "above" if better == "higher" else "below"
        yield Fault(
            where,
            f"target {plain(one.target)} from a baseline of {plain(one.baseline)}, with better: {better}",
            f"a target at or {than} the baseline, because {better} is better",
            "Correct the target or the baseline, or the KPI's field better.",
        )


def _kpis(facts: Facts) -> Iterator[Fault]:
    for index, kpi in enumerate(facts.kpis):
        yield from _direction(entry("kpis", index, kpi.id, "target"), kpi, kpi.better)
        if kpi.baseline_date and kpi.target_date and kpi.target_date <= kpi.baseline_date:
            yield Fault(
                entry("kpis", index, kpi.id, "target_date"),
                kpi.target_date.isoformat(),
                f"a date after the baseline's, {kpi.baseline_date}",
                "Correct one of the two dates.",
            )


def _impact(facts: Facts) -> Iterator[Fault]:
    ids = [one.id for one in facts.impact]
    for index, one in enumerate(facts.impact):
        low = one.likely if one.low is None else one.low
        high = one.likely if one.high is None else one.high
        if not low <= one.likely <= high:
            yield Fault(
                entry("impact", index, one.id, "likely"),
                f"low {plain(low)}, likely {plain(one.likely)}, high {plain(high)}",
                "low ≤ likely ≤ high, in the client's currency a year",
                "Put the three amounts in order, or leave low and high out.",
            )
        for other in one.overlaps:
            where = entry("impact", index, one.id, "overlaps")
            if other == one.id:
                yield Fault(
                    where, other, "the ids of other impacts", "Remove the impact's own id from its overlaps."
                )
            elif other not in ids:
                yield unknown_reference(where, other, "business impact", ids, f"{FACTS}, impact")


def _themes(facts: Facts) -> Iterator[Fault]:
    rounds = [one.id for one in facts.rounds]
    for index, theme in enumerate(facts.themes):
        if theme.round and theme.round not in rounds:
            where = entry("themes", index, theme.id, "round")
            yield unknown_reference(where, theme.round, "round", rounds, f"{FACTS}, rounds")


def _rounds(parts: Parts, facts: Facts) -> Iterator[Fault]:
    if not facts.rounds:
        yield Fault(
            f"{FACTS}, field rounds",
            "nothing",
            "at least one round, with an id and the date its pages are drawn as of",
            "Add under 'rounds:' an entry such as '- id: 2027-h1' with 'as_of: 2027-03-31' below it.",
        )
    goals = [goal.id for goal in facts.goals]
    for index, one in enumerate(facts.rounds):
        yield from _round(parts, index, one)
        for number, group in enumerate(one.groups):
            where = f"{entry('rounds', index, one.id, 'groups')}, entry {number + 1} ({group.group})"
            yield from _head_count(where, group)
            for goal in group.priorities:
                if goal not in goals:
                    yield unknown_reference(
                        f"{where}, field priorities", goal, "goal", goals, f"{FACTS}, goals"
                    )
                elif group.priorities[goal] > len(goals):
                    yield Fault(
                        f"{where}, field priorities, {goal}",
                        f"{plain(group.priorities[goal])}",
                        f"a mean rank from 1 to {len(goals)}, the number of goals",
                        "Correct the rank: 1 is the most important goal.",
                    )


def _round(parts: Parts, index: int, one: Round) -> Iterator[Fault]:
    where = entry("rounds", index, one.id, "questionnaire")
    if one.questionnaire == "own" and "own" not in parts.questionnaires and not parts.own_unreadable:
        yield Fault(
            where,
            "own, but the client's folder holds no questionnaire.yaml",
            "own with a questionnaire.yaml beside client.yaml, or one of: full, executive, pulse",
            "Add the client's questionnaire.yaml, or choose a questionnaire that ships.",
        )
    elif one.questionnaire not in (None, "own", *parts.questionnaires):
        yield unknown_reference(
            where,
            str(one.questionnaire),
            "questionnaire",
            parts.questionnaires,
            "the toolkit's questionnaires",
        )


def _head_count(where: str, group: RoundGroup) -> Iterator[Fault]:
    invited, mode = group.invited, group.answers_by
    if invited is None:
        return
    by_size = "" if group.mode else " (by the group's size)"
    at = f"{where}, field invited"
    if mode == "survey" and invited < group.minimum:
        yield Fault(
            at,
            f"{invited} invited to a survey{by_size} that is shown from {group.minimum} answers",
            f"at least {group.minimum} invited, or mode consensus (2 to 4 people) or named (1 person)",
            f"Invite more people, change the mode before inviting anyone, or lower minimum (never below {LEAST_MINIMUM}).",
        )
    elif mode == "consensus" and invited < CONSENSUS_FROM:
        yield Fault(
            at,
            f"{invited} invited to agree on a position",
            "at least 2 people for mode consensus",
            "Write mode: named for one person, or correct the number invited.",
        )
    elif mode == "named" and invited != 1:
        yield Fault(
            at,
            f"{invited} invited to a named view",
            "exactly 1 person for mode named",
            "Write mode: consensus for 2 to 4 people, survey for 5 and more, or correct the number invited.",
        )
