"""What a plan says would bring work in, and how firm it is, against every point tried and every plan there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import pytest
import soak_plan as soak
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from slices import examples

from toolkit.client.record import Record
from toolkit.client.schema import Budget, Goal, Planning
from toolkit.plan import Roadmap, explain_roadmap, plan_roadmap
from toolkit.plan.problem import planning_case, problem_of
from toolkit.plan.roadmap import Displaced, RaisedLimit, TriedChanges
from toolkit.plan.robustness import weightings
from toolkit.plan.solver import solve

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@st.composite
def clients(draw: Any, initiatives: int = 7, quarters: int = 5) -> Record:
    """Draw a client with every feature, up to a size."""
    size, length = (draw(st.sampled_from(range(most, 2, -1))) for most in (initiatives, quarters))
    return soak.client(lambda options: draw(st.sampled_from(options)), size, length)


def with_facts(record: Record, **facts: Any) -> Record:
    """Return the record with some of its facts replaced."""
    return replace(record, facts=record.facts.model_copy(update=facts))


def raised(record: Record, kind: str, amount: float, of: Any) -> Record:
    """Return the record with one budget or one role's people raised."""
    if kind == "capacity":
        people = [each.model_copy(update={"fte": each.fte + amount * (each.role == of)}) for each in record.facts.capacity]  # fmt: skip
        return with_facts(record, capacity=tuple(people))
    field = {"budget": "amount", "running": "opex"}[kind]
    paid = [each.model_copy(update={field: getattr(each, field) + amount}) if each.year == of else each for each in record.facts.budget]  # fmt: skip
    return with_facts(record, budget=tuple(paid))


def weighted(record: Record, points: Any) -> Record:
    """Return the record with other points for its goals."""
    goals = [goal.model_copy(update={"weight": points[goal.id]}) for goal in record.facts.goals]
    return with_facts(record, goals=tuple(goals))


def planned_years(record: Record, round_id: str) -> list[Budget]:
    """Return the budgets of the years that the plan reaches."""
    known = soak.Oracle(record, round_id)
    reached = {known.year_of(t) for t in range(known.quarters)}
    return sorted((one for one in record.facts.budget if one.year in reached), key=lambda one: one.year)


def expected_grid(record: Record, round_id: str) -> TriedChanges:
    """Return 5, 10, 20, 30 and 50 % of the largest yearly budget, to two figures; and 0.5, 1 and 2 people."""
    years = planned_years(record, round_id)

    def amounts(all_years: Sequence[float | None]) -> tuple[float, ...]:
        most = max((one or 0.0 for one in all_years), default=0.0)
        shares = (
            Decimal(f"{most:.12g}") * share for share in map(Decimal, ("0.05", "0.1", "0.2", "0.3", "0.5"))
        )
        two = Context(prec=2, rounding=ROUND_HALF_UP)
        return tuple(sorted({float(two.plus(share)) for share in shares} - {0.0}))

    people = (0.5, 1.0, 2.0) if record.facts.capacity else ()
    return TriedChanges(amounts([one.amount for one in years]), amounts([one.opex for one in years]), people)


def points(record: Record, round_id: str, grid: TriedChanges, kind: str) -> Iterator[tuple[float, str, Any]]:
    """Yield every point of the grid for one kind of limit: the amount, the kind, and whose limit it raises."""
    of: dict[str, list[Any]] = {
        "budget": [one.year for one in planned_years(record, round_id)],
        "running": [one.year for one in planned_years(record, round_id) if one.opex is not None],
        "capacity": sorted({one.role for one in record.facts.capacity}),
    }
    return ((amount, kind, each) for amount in getattr(grid, kind) for each in of[kind])


def brought_in(record: Record, roadmap: Roadmap, round_id: str, kinds: Sequence[str]) -> dict[str, float]:
    """Return for each initiative below the line the least amount, of all points, that brings it in."""
    assert roadmap.explained is not None
    tried = [each for kind in kinds for each in points(record, round_id, roadmap.explained.grid, kind)]
    least: dict[str, float] = {}
    for amount, kind, of in sorted(tried, key=lambda each: each[0]):
        plan = soak.starts(plan_roadmap(raised(record, kind, amount, of), round_id))
        for one in roadmap.deferred:
            if one.initiative in plan:
                least.setdefault(one.initiative, amount)
    return least


@settings(max_examples=examples(20), suppress_health_check=SLOW, deadline=None)
@given(record=clients(), round_id=st.sampled_from(("", "", "r1")))
def test_each_stated_change_is_the_least_of_every_point_and_none_is_missed(
    record: Record, round_id: str
) -> None:
    """Whatever keeps an initiative out, trying every point of the grid finds the amounts stated, and no others."""
    roadmap = explain_roadmap(record, round_id)
    assume(roadmap.explained is not None)
    told = roadmap.explained
    assert told is not None
    assert told.grid == expected_grid(record, round_id)
    for people, kinds in ((False, ("budget", "running")), (True, ("capacity",))):
        stated = [
            (one, change.amount) for one, changes in told.changes.items() for change in changes
            if (change.kind == "capacity") == people
        ]  # fmt: skip
        assert len(dict(stated)) == len(stated)
        assert dict(stated) == brought_in(record, roadmap, round_id, kinds)


@settings(max_examples=examples(20), suppress_health_check=SLOW, deadline=None)
@given(record=clients())
def test_what_stays_in_is_counted_over_the_best_plans_of_all(record: Record) -> None:
    """Under each weighting of goals and risks the plan counted is the best of all; all that could be chosen has its count."""
    roadmap = explain_roadmap(record)
    assume(roadmap.explained is not None and roadmap.explained.weightings)
    assert roadmap.explained is not None
    kept: Counter[str] = Counter()
    ways, now = roadmap.explained.draws, record.facts.planning.risk_weight
    others = [weighted(record, spread) for spread in weightings(record)]
    shares = sorted({0.0, now / 2, min(2 * now, 1.0)} - {now}) if ways.get("risks") else []
    for share in shares:
        planning = record.facts.planning.model_copy(update={"risk_weight": share})
        others.append(with_facts(record, planning=planning))
    for other in others:
        known, plan = soak.Oracle(other), soak.starts(plan_roadmap(other))
        assert soak.near(known.figures(plan), known.best())
        kept.update(list(plan))
    case = planning_case(record)
    even = {1: 1 / 3, 2: 2 / 3, 3: 1.0}
    for kind, valued in (("scale", {"contributions": even}), ("horizon", {"beyond": 8})):
        solution = solve(problem_of(case.record, case.start, **valued)) if ways.get(kind) else None  # type: ignore[arg-type]
        kept.update(list(solution.starts) if solution else [])
    out = {one.initiative for one in roadmap.deferred}
    assert set(roadmap.explained.kept) == out | set(roadmap.explained.chosen)
    assert roadmap.explained.kept == {one: kept[one] for one in roadmap.explained.kept}
    assert not any(one.fixed for one in roadmap.scheduled if one.initiative in roadmap.explained.chosen)
    counts = (ways.get("goals", 0), ways.get("risks", 0))
    assert counts == (len(weightings(record)), len(shares))
    assert roadmap.explained.weightings == sum(ways.values())


@settings(max_examples=examples(20), suppress_health_check=SLOW, deadline=None)
@given(record=clients(), by=st.sampled_from((0.01, 3.0)))
def test_the_plan_s_own_weighting_gives_the_plan(record: Record, by: float) -> None:
    """Points are a share of their sum: multiplied all alike they give the plan as it is, and the same explanation."""
    roadmap = explain_roadmap(record)
    assume(roadmap.explained is not None and any(goal.weight for goal in record.facts.goals))
    same = explain_roadmap(
        weighted(record, {goal.id: by * (goal.weight or 0.0) for goal in record.facts.goals})
    )
    assert soak.starts(same) == soak.starts(roadmap)
    assert roadmap.explained is not None
    assert same.explained is not None
    assert same.explained.kept == roadmap.explained.kept


@given(weights=st.lists(st.sampled_from((None, 0, 1, 15, 40, 85)), min_size=2, max_size=5))
def test_every_weighting_is_the_points_doubled_dropped_or_drawn_between_half_and_one_and_a_half(
    make: Any, weights: list[float | None]
) -> None:
    """Doubled and dropped are those of the formula; a draw moves no goal against another by more than 1.5 to 0.5."""
    goals = tuple(Goal(id=f"g{i}", name="G", weight=weight) for i, weight in enumerate(weights))
    now = {goal.id: goal.weight or 0.0 for goal in goals}
    now = now if any(now.values()) else dict.fromkeys(now, 1.0)
    heavy = [goal for goal in now if now[goal]]
    found = weightings(make.client([make.initiative("a", goals={})], goals=goals))
    if len(heavy) < 2:
        assert found == ()
        return
    expected = []
    for by in (2, 0):
        for goal in heavy:
            whole = sum(now.values()) + (by - 1) * now[goal]
            expected.append({each: 100 * now[each] * (by if each == goal else 1) / whole for each in now})
    assert [pytest.approx(each) for each in found[: len(expected)]] == expected
    for draw in found[len(expected) :]:
        moved = [draw[goal] / now[goal] for goal in heavy]
        assert max(moved) <= 3 * min(moved) * (1 + 1e-9)
        assert sum(draw[goal] for goal in heavy) == pytest.approx(100)


@settings(max_examples=examples(10), suppress_health_check=SLOW, deadline=None)
@given(record=clients(9, 6), round_id=st.sampled_from(("", "r1")))
def test_explaining_changes_nothing_of_the_plan(record: Record, round_id: str) -> None:
    """But for what was added, an explained plan is the plan of the same round."""
    explained = explain_roadmap(record, round_id)
    assert replace(explained, rankings=(), worth=(), explained=None) == plan_roadmap(record, round_id)


def test_groundwork_comes_in_with_what_needs_it(make: Any) -> None:
    """The same 10 more bring in a house and its groundwork without value; forced in, this is bought for 10 and nothing."""
    work = [
        make.initiative("a", duration=1, capex=90),
        make.initiative("ground", duration=1, capex=10, goals={}),
        make.initiative("house", duration=1, capex=10, goals={"g": 1}, depends_on=("ground",)),
    ]
    short, year = Planning(start="2027-Q1", quarters=4), (Budget(year=2027, amount=100),)
    told = explain_roadmap(make.client(work, planning=short, budget=year)).explained
    assert told is not None
    assert told.changes == {one: (RaisedLimit("budget", 10, 2027),) for one in ("ground", "house")}
    assert told.displaced["ground"] == Displaced((), (), (), value=0, money=10)
    assert (told.displaced["house"].leave, told.displaced["house"].enter) == (("a",), ("ground",))


def test_running_cost_kept_apart_is_raised_by_itself(make: Any) -> None:
    """Of 8 for running costs "a" takes 6; "b" would take 6 in its one quarter: 4 more let it in, and no capital does."""
    work = [
        make.initiative("a", duration=1, capex=10, opex=8),
        make.initiative("b", duration=1, capex=10, opex=24, goals={"g": 1}),
    ]
    short, year = Planning(start="2027-Q1", quarters=4), (Budget(year=2027, amount=100, opex=8),)
    told = explain_roadmap(make.client(work, planning=short, budget=year)).explained
    assert told is not None
    assert told.grid.running == (0.4, 0.8, 1.6, 2.4, 4)
    assert told.changes == {"b": (RaisedLimit("running", 4, 2027),)}
    # Forced in, it is done in the last quarter, runs in none and earns nothing.
    assert told.displaced == {"b": Displaced((), (), (), value=0, money=10, too_late=True)}
