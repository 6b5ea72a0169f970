"""What a scenario may not contradict: the record it changes, and itself."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.client.facts import Facts
from toolkit.client.faults import unknown_reference
from toolkit.client.folders import DEVICES
from toolkit.client.parts import FACTS, INITIATIVES, Parts, entry, repeated
from toolkit.client.scenarios import FOLDER, Scenario, scenario_file
from toolkit.errors import Fault
from toolkit.method import GOAL_POINTS, GOAL_POINTS_TOLERANCE
from toolkit.words import plain


def faults_of_scenarios(parts: Parts) -> Iterator[Fault]:
    """Yield what is wrong with the scenarios, and with the one that the plan is to follow."""
    for file, one in parts.scenarios.items():
        if one is None:
            continue
        if scenario_file(one.id) != file:
            remedy = f"Rename the file to {scenario_file(one.id)}, or write the file's name as the id."
            yield Fault(f"{file}, field id", one.id, "the file's own name without .yaml", remedy)
        if one.id in DEVICES:
            remedy = f"Choose another id, such as '{one.id}-plan'."
            yield Fault(f"{file}, field id", one.id, "an id that Windows does not keep for a device", remedy)
        yield from _pins(parts, file, one)
        if parts.facts:
            yield from _against_facts(parts, parts.facts, file, one)
    followed = parts.facts.planning.scenario if parts.facts else None
    if followed and scenario_file(followed) not in parts.scenarios:
        known = [one.id for one in parts.scenarios.values() if one]
        yield unknown_reference(f"{FACTS}, planning, field scenario", followed, "scenario", known, FOLDER)


def _pins(parts: Parts, file: str, one: Scenario) -> Iterator[Fault]:
    known = [row.id for row in parts.initiatives.rows]
    places = [(entry("pins", i, pin.initiative, "initiative", file), pin) for i, pin in enumerate(one.pins)]
    yield from repeated("pin of initiative", ((where, pin.initiative) for where, pin in places))
    for index, (where, pin) in enumerate(places):
        if parts.initiatives.complete and pin.initiative not in known:
            yield unknown_reference(where, pin.initiative, "initiative", known, INITIATIVES)
        if pin.place == "out" and pin.quarter:
            yield Fault(
                entry("pins", index, pin.initiative, "quarter", file),
                f"{pin.quarter}, while place is out",
                "a quarter only for work that is pinned in",
                "Remove the quarter, or write 'place: in'.",
            )


def _against_facts(parts: Parts, facts: Facts, file: str, one: Scenario) -> Iterator[Fault]:
    rounds = [each.id for each in facts.rounds]
    if one.round not in rounds:
        yield unknown_reference(f"{file}, field round", one.round, "round", rounds, f"{FACTS}, rounds")
    goals = [goal.id for goal in facts.goals]
    for goal in one.points:
        if goal not in goals:
            yield unknown_reference(f"{file}, field points", goal, "goal", goals, f"{FACTS}, goals")
    total = sum(one.points.values())
    if one.points and abs(total - GOAL_POINTS) > GOAL_POINTS_TOLERANCE:
        yield Fault(
            f"{file}, field points",
            f"points that add up to {plain(total)}",
            f"points that add up to 100 (± {GOAL_POINTS_TOLERANCE})",
            "Spread 100 points over the goals again.",
        )
    years = [(entry("budget", i, each.year, "year", file), each.year) for i, each in enumerate(one.budget)]
    yield from repeated("year", years)
    roles = {each.role for each in facts.capacity}
    roles |= {role for row in parts.initiatives.rows for role in row.fte}
    places = [(entry("capacity", i, each.role, "role", file), each) for i, each in enumerate(one.capacity)]
    yield from repeated(
        "role and quarter",
        ((where, f"{each.role}, {each.quarter or 'from the start'}") for where, each in places),
    )
    for where, each in places:
        if each.role not in roles:
            yield unknown_reference(where, each.role, "role", sorted(roles), f"{FACTS}, capacity")
