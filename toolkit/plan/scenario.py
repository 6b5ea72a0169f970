"""A scenario laid over a record: the ordinary plan of the result is the scenario's plan."""

from __future__ import annotations

from dataclasses import replace

from toolkit.client.record import Record
from toolkit.client.schema import Decision, Pin, Round, Scenario


class Pinned(Decision):
    """A decision that a scenario supposes and leadership has not made; ``by`` is the scenario's name, None while it has none yet; ``note`` why."""


def applied(record: Record, scenario: Scenario) -> Record:
    """Return the record with a scenario's points, money and people, and its pins as decisions of its round.

    A pin stands in place of what was decided about the initiative up to that round; a later round's
    decision stands over the pin, and so does what leadership answered in that round, for the scenario was what it
    was asked about. The result follows no further scenario.

    Raises
    ------
    KeyError
        When the record does not hold the scenario's round.
    """
    facts, one = record.facts, record.round(scenario.round)
    goals = facts.goals
    if scenario.points:
        goals = tuple(g.model_copy(update={"weight": scenario.points.get(g.id, 0.0)}) for g in goals)
    budget = {each.year: each for each in (*facts.budget, *scenario.budget)}
    roles = {each.role for each in scenario.capacity}
    capacity = (*(each for each in facts.capacity if each.role not in roles), *scenario.capacity)
    changed = {
        "goals": goals,
        "budget": tuple(budget[year] for year in sorted(budget)),
        "capacity": capacity,
        "planning": facts.planning.model_copy(update={"scenario": None}),
    }
    answered = {each.subject for each in record.decisions if each.ask and each.round == one.id}
    pins = [pin for pin in scenario.pins if pin.initiative not in answered]
    pinned = {pin.initiative for pin in pins}
    later = {each.id for each in record.rounds[record.rounds.index(one) + 1 :]}
    kept = [
        each for each in record.decisions
        if each.subject not in pinned or each.decision == "accept risk" or each.round in later
    ]  # fmt: skip
    decisions = (*kept, *(_decision(pin, one, scenario.name) for pin in pins))
    return replace(record, facts=facts.model_copy(update=changed), decisions=decisions)


def proposed(record: Record, one: Round) -> Record:
    """Return the record that a round's plan rests on: under the scenario it follows, if that is not a later one.

    Raises
    ------
    KeyError
        When the scenario that ``client.yaml`` names, or its round, is not in the record.
    """
    scenario = followed(record, one)
    return record if scenario is None else applied(record, scenario)


def followed(record: Record, one: Round) -> Scenario | None:
    """Return the scenario that a round's plan follows; None where ``client.yaml`` names none, or one of a later round."""
    scenario, rounds = record.followed, record.rounds
    if scenario is None:
        return None
    later = rounds.index(record.round(scenario.round)) > rounds.index(one)
    return None if later else scenario


def _decision(pin: Pin, one: Round, name: str) -> Pinned:
    kind = "reject" if pin.place == "out" else "pin" if pin.quarter else "approve"
    return Pinned(
        id=pin.initiative, round=one.id, date=one.as_of, subject=pin.initiative, decision=kind,
        quarter=pin.quarter, by=name or None, note=pin.reason,
    )  # fmt: skip
