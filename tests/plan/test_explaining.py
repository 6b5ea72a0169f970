"""What a plan says of itself is what planning again gives.

``benchmarks/soak_explained.py`` proves the same at length, against every plan there is; here is a slice of it.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
import soak_explained as soak
import soak_plan
from slices import sliced

from toolkit.client.schema import Budget, Capacity, Goal, Planning, Risk
from toolkit.method import WEIGHTINGS
from toolkit.plan import explain_roadmap, from_json, plan_roadmap, robustness, to_json
from toolkit.plan.plan_table import brought_in_by, displaces, grid_text
from toolkit.plan.problem import planning_case
from toolkit.plan.roadmap import RaisedLimit
from toolkit.plan.robustness import weightings
from toolkit.plan.solver import Undecided, solve

GOALS = (Goal(id="g", name="G", weight=60), Goal(id="h", name="H", weight=40))


def tight(make: Any, **facts: Any) -> Any:
    """Return a client with 100 a year for two years: "a" (90) fits, "b" (20, worth a third) does not beside it."""
    work = [
        make.initiative("a", duration=1, capex=90, goals={"g": 3}),
        make.initiative("b", duration=4, capex=120, goals={"g": 1}),
    ]
    budget = tuple(Budget(year=year, amount=100) for year in (2027, 2028))
    return make.client(work, **({"budget": budget} | facts))


@pytest.mark.parametrize("seed", sliced(range(1000, 1012), 3))
def test_all_that_is_said_is_what_planning_again_gives(seed: int) -> None:
    """Changes (the least, or none), displacements, budgets and weightings are those of plans made anew."""
    assert soak.explained(seed)[1] == []


def test_a_hand_worked_change_and_displacement(make: Any) -> None:
    """Of 100 in one year, 90 are taken; the other, for 20, comes in with 10 more and would else cost the first."""
    work = [
        make.initiative("a", duration=1, capex=90),
        make.initiative("b", duration=1, capex=20, goals={"g": 1}),
    ]
    record = make.client(
        work, budget=(Budget(year=2027, amount=100),), planning=Planning(start="2027-Q1", quarters=4)
    )
    told = explain_roadmap(record).explained
    assert told is not None
    assert told.grid.budget == (5, 10, 20, 30, 50)
    assert told.changes == {"b": (RaisedLimit("budget", 10, 2027),)}
    (forced,) = told.displaced.items()
    assert forced[0] == "b"
    assert (forced[1].leave, forced[1].enter, forced[1].money) == (("a",), (), -70)
    assert forced[1].value == pytest.approx(0.75 * (0.65 - 0.05))
    assert [(step.share, step.enter, step.leave) for step in told.budgets] == [
        (-0.3, ("b",), ("a",)), (-0.2, ("b",), ("a",)), (-0.1, (), ()), (0.1, ("b",), ()), (0.2, ("b",), ()), (0.3, ("b",), ()),
    ]  # fmt: skip


def test_work_that_had_to_be_in_spends_nothing_in_a_year_without_a_budget_either(make: Any) -> None:
    """No plan is said to hold, at a gain, what needs money of a year for which no budget is recorded."""
    budget = (Budget(year=2027, amount=150), Budget(year=2029, amount=1000))
    work = [
        make.initiative("a", duration=1),
        make.initiative("b", duration=1, earliest_start="2028-Q1", deadline="2028-Q4"),
    ]
    record = make.client(work, budget=budget, planning=Planning(start="2027-Q1", quarters=12))
    told = explain_roadmap(record)
    assert told.explained is not None
    assert (told.explained.tried, told.explained.displaced) == (("b",), {})
    (below,) = told.deferred
    assert below.because == "it needs USD 100 in FY2028, for which no budget is recorded"
    assert displaces(record, told, below) == "no plan holds it"


def test_people_are_a_change_of_their_own(make: Any) -> None:
    """Of three that each take a whole person at once, one and a half hold one; half a person more brings a second in."""
    work = [make.initiative(id, duration=1, capex=1, fte={"dev": 1}) for id in ("a", "b", "c")]
    staffed, short = Capacity(role="dev", fte=1.5), Planning(start="2027-Q1", quarters=2)
    told = explain_roadmap(make.client(work, capacity=(staffed,), planning=short)).explained
    assert told is not None
    found = sorted(change.amount for (change,) in told.changes.values())
    assert (len(told.changes), found) == (2, [0.5, 2.0])
    assert {(change.kind, change.role) for (change,) in told.changes.values()} == {("capacity", "dev")}


def test_the_draws_are_weightings_of_100_points_that_no_order_changes(make: Any) -> None:
    """Each weighting spreads 100 points, none negative; doubled and dropped come first; the goals' order is nothing."""
    record = make.client([make.initiative("a")], goals=GOALS)
    turned = make.client([make.initiative("a")], goals=GOALS[::-1])
    found = weightings(record)
    assert found == weightings(turned)
    assert len(found) == 2 * len(GOALS) + WEIGHTINGS
    assert all(sum(points.values()) == pytest.approx(100) and min(points.values()) >= 0 for points in found)
    assert [pytest.approx(points) for points in found[:4]] == [
        {"g": 75, "h": 25}, {"g": 3000 / 70, "h": 4000 / 70}, {"g": 0, "h": 100}, {"g": 100, "h": 0},
    ]  # fmt: skip
    assert len({points["g"] for points in found}) == len(found)


@pytest.mark.parametrize(
    "goals", [GOALS[:1], (GOALS[0], GOALS[1].model_copy(update={"weight": 0})), ()], ids=["one", "one weighs", "none"]
)  # fmt: skip
def test_with_one_goal_there_is_nothing_to_weigh(make: Any, goals: Any) -> None:
    """Fewer than two goals with points give no weighting of goals."""
    work = [make.initiative("a", goals={goals[0].id: 3} if goals else {}, settles=("r",))]
    roadmap = explain_roadmap(make.client(work, goals=goals, risks=(Risk(id="r", name="R", severity=1),)))
    assert roadmap.explained is not None
    assert "goals" not in roadmap.explained.draws


def test_what_is_not_proven_or_too_large_is_not_explained(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a proof, or past the size, a plan comes back without what solving again would say."""
    assert explain_roadmap(tight(make)).explained is not None
    monkeypatch.setattr(robustness, "MOST_COLUMNS", 5)
    assert explain_roadmap(tight(make)).explained is None
    monkeypatch.undo()
    plan = plan_roadmap(tight(make))
    monkeypatch.setattr(robustness, "plan_roadmap", lambda *_: replace(plan, gap=0.01))
    assert explain_roadmap(tight(make)).explained is None


def test_what_a_search_without_a_proof_would_say_is_not_said(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where any one of the searches ends without a proof or without an answer, nothing is said on its strength."""
    unproven = solve(planning_case(tight(make)).problem)
    assert unproven is not None

    def undecided(_: Any) -> None:
        raise Undecided

    for search in (lambda _: replace(unproven, gap=0.01), undecided):
        monkeypatch.setattr(robustness, "solve", search)
        assert explain_roadmap(tight(make)).explained is None


def test_a_timeline_and_a_collision_are_not_explained(make: Any) -> None:
    """Where there is no plan there is nothing to explain."""
    for record in (
        make.client([make.initiative("a", goals={})], goals=(), budget=()),
        make.client([make.initiative("a", capex=9999, mandatory="the law")]),
    ):
        roadmap = explain_roadmap(record)
        assert (roadmap.explained, roadmap.rankings, roadmap.worth) == (None, (), ())


def test_an_explained_plan_is_kept_and_read_back(make: Any) -> None:
    """As JSON and back, nothing of it changes; a plan kept before plans were explained still reads."""
    roadmap = explain_roadmap(tight(make, goals=GOALS))
    assert from_json(to_json(roadmap)) == roadmap
    old = {
        name: value
        for name, value in json.loads(to_json(roadmap)).items()
        if name not in ("explained", "rankings", "worth", "money_notes", "people_notes")
    }
    assert from_json(json.dumps(old)).scheduled == roadmap.scheduled


def test_explaining_hangs_on_no_order_of_rows() -> None:
    """With rows, goals and references in another order the explained plan is the same, byte for byte."""
    record = soak.client(random.Random(7).choice, 8, 6)
    shuffled = soak_plan.shuffled
    assert {to_json(explain_roadmap(shuffled(record, seed))) for seed in range(3)} == {
        to_json(explain_roadmap(record))
    }


def test_words_say_what_brings_in_what_goes_and_what_was_tried(make: Any) -> None:
    """A change, a displacement and the grid are told in words with their amounts; where none was tried, nothing is."""
    work = [
        make.initiative("a", duration=1, capex=90_000),
        make.initiative("b", duration=1, capex=20_000, goals={"g": 1}),
    ]
    record = make.client(
        work, budget=(Budget(year=2027, amount=100_000),), planning=Planning(start="2027-Q1", quarters=4)
    )
    roadmap = explain_roadmap(record)
    (below,) = roadmap.deferred
    assert brought_in_by(record, roadmap, below) == "USD 10k more in FY2027"
    assert displaces(record, roadmap, below) == "“Name of a” goes; value −92.3 %, spending −70k"
    explained = roadmap.explained
    assert explained is not None
    for enter, said in (
        (("a",), ", “Name of a” comes in"),
        (("a", below.initiative), ", two others come in"),
    ):
        told = replace(explained.displaced[below.initiative], enter=enter)
        besides = replace(roadmap, explained=replace(explained, displaced={below.initiative: told}))
        assert displaces(record, besides, below).startswith(f"“Name of a” goes{said}; value ")
    assert grid_text(roadmap).startswith("Tried, one change at a time: one year’s budget raised by 5,000, 10k")  # fmt: skip
    bare = plan_roadmap(record)
    assert (brought_in_by(record, bare, below), displaces(record, bare, below), grid_text(bare)) == (
        "",
        "",
        "",
    )
