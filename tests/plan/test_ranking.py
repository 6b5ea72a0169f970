"""The lists that people usually make, filled once more from the record alone."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import soak_plan as soak
from slices import sliced

from toolkit.client.record import Record
from toolkit.client.schema import Budget, Capacity, Planning
from toolkit.plan import explain_roadmap, plan_roadmap

YEAR = {"planning": Planning(start="2027-Q1", quarters=4), "budget": (Budget(year=2027, amount=100),)}


def with_needs(known: Any, ids: set[str]) -> set[str]:
    """Return some work with all that it needs and that can be planned; work under way waits for nothing."""
    found, todo = set(), list(ids)
    while todo:
        one = todo.pop()
        if one in known.live and one not in found:
            found.add(one)
            todo += () if known.by_id[one].status == "in progress" else known.by_id[one].depends_on
    return found


def fixed_alone(record: Record, known: Any) -> dict[str, int]:
    """Return the plan of a record that holds nothing to choose: fixed work, and what it needs."""
    kept = with_needs(known, known.must) | (known.by_id.keys() - set(known.live))
    work = tuple(one for one in record.initiatives if one.id in kept)
    made = tuple(one for one in record.decisions if one.subject in kept)
    return soak.starts(plan_roadmap(replace(record, initiatives=work, decisions=made)))


def more(known: Any, plan: Mapping[str, int], one: str) -> dict[str, int] | None:
    """Return a plan with one more at its first allowed start, after what it needs that is worth nothing by itself."""
    grown = dict(plan)
    for need in sorted(known.by_id[one].depends_on):
        if need in known.live and need not in grown and not known.alone(need):
            found = more(known, grown, need)
            if found is None:
                return None
            grown = found
    before, nothing = known.accrued(grown), not known.alone(one)
    worth = [s for s in known.starts(one) if nothing or known.accrued(grown | {one: s}) > before + 1e-12]
    return next((grown | {one: s} for s in worth if not known.broken(grown | {one: s})), None)


def filled(known: Any, plan: dict[str, int], order: Sequence[str]) -> dict[str, int]:
    """Return a plan with everything of value added down the list, again and again until nothing fits."""
    for one in [one for one in order if one not in plan and known.alone(one) > 0]:
        found = more(known, plan, one)
        if found is not None:
            plan = found
    if any(more(known, plan, one) for one in order if one not in plan and known.alone(one) > 0):
        return filled(known, plan, order)
    return plan


@pytest.mark.parametrize("seed", sliced(range(2000, 2040), 8))
def test_each_list_is_what_filling_it_from_the_record_gives(seed: int) -> None:
    """From fixed work alone, down the list by every rule and limit of the record, come the same work, value and money."""
    pick = random.Random(seed).choice
    record = soak.client(pick, pick(range(5, 11)), pick(range(4, 8)))
    work = tuple(one.model_copy(update={"rank": pick((None, 1, 2, 3, 4))}) for one in record.initiatives)
    record = replace(record, initiatives=work)
    known, roadmap = soak.Oracle(record), explain_roadmap(record)
    costs = {one.id: (one.capex or 0.0) * (1 + (one.contingency or 0.0)) for one in work}
    inside = with_needs(known, {one for one in known.live if known.alone(one) > 0 or one in known.must})
    order = sorted(inside, key=lambda one: (-known.alone(one) / costs[one] if costs[one] else -math.inf, one))
    ranks = {one.id: one.rank for one in work if one.id in inside and one.rank is not None}
    lists = {"value per cost": order}
    if len(ranks) > 1:
        lists["leadership"] = sorted(order, key=lambda one: ranks.get(one, math.inf))
    if roadmap.kind != "optimised":
        assert roadmap.rankings == ()
        return
    assert [one.by for one in roadmap.rankings] == list(lists)
    for ranking in roadmap.rankings:
        plan = filled(known, fixed_alone(record, known), lists[ranking.by])
        value, money, _ = known.figures(plan)
        assert known.broken(plan) == []
        assert ranking.initiatives == tuple(one for one in lists[ranking.by] if one in plan)
        assert (ranking.value, ranking.money) == pytest.approx((value, money))
        assert ranking.value <= (roadmap.value or 0.0) + 1e-9


def test_with_room_for_everything_a_list_takes_everything(make: Any) -> None:
    """Groundwork without value comes in with the house on it: nothing is left out, and the list earns what the plan earns."""
    work = [
        make.initiative("a", duration=1, capex=60),
        make.initiative("ground", duration=1, capex=10, goals={}),
        make.initiative("under", duration=1, capex=10, goals={}, depends_on=("ground",)),
        make.initiative("house", duration=1, capex=10, goals={"g": 1}, depends_on=("under",)),
    ]
    roadmap = explain_roadmap(make.client(work, **YEAR))
    (ranking,) = roadmap.rankings
    # By cost of its own "a" comes first: 65 per cent for 60, against 5 for 10.
    assert (ranking.initiatives, ranking.money) == (("a", "house", "ground", "under"), 90)
    assert ranking.value == pytest.approx(0.65 * 3 / 4 + 0.05 * 1 / 4)
    assert ranking.value == pytest.approx(roadmap.value)


def test_no_list_buys_groundwork_for_what_then_does_not_fit(make: Any) -> None:
    """The ground (30) would fit beside "a" (60), the house (20) on it would not: both stay out, 60 is spent."""
    work = [
        make.initiative("a", duration=1, capex=60, rank=1),
        make.initiative("ground", duration=1, capex=30, goals={}, rank=2),
        make.initiative("house", duration=1, capex=20, goals={"g": 1}, depends_on=("ground",), rank=3),
    ]
    roadmap = explain_roadmap(make.client(work, **YEAR))
    assert [(one.by, one.initiatives, one.money) for one in roadmap.rankings] == [
        ("value per cost", ("a",), 60), ("leadership", ("a",), 60),
    ]  # fmt: skip


def test_a_list_is_filled_within_people_as_well(make: Any) -> None:
    """One person cannot do both at once: the cheap first ends the dear a quarter later, for 0.3125 of value, not 0.375."""
    work = [
        make.initiative("cheap", duration=1, capex=5, goals={"g": 2}, fte={"dev": 1}),
        make.initiative("dear", duration=2, capex=50, fte={"dev": 1}),
    ]
    roadmap = explain_roadmap(make.client(work, capacity=(Capacity(role="dev", fte=1),), **YEAR))
    (ranking,) = roadmap.rankings
    assert (ranking.initiatives, ranking.money) == (("cheap", "dear"), 55)
    assert ranking.value == pytest.approx(0.20 * 3 / 4 + 0.65 * 1 / 4)
    assert roadmap.value == pytest.approx(0.65 * 2 / 4 + 0.20 * 1 / 4)
