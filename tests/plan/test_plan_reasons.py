"""What is below the line has one cause, in a true sentence; what collides is named and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from toolkit.client.schema import Budget, Capacity, Goal, Risk
from toolkit.plan import plan_roadmap


def test_a_lack_of_money_is_said_with_its_figure(make: Any) -> None:
    """What the item needs in a year and what the plan leaves of it are the true amounts."""
    work = [
        make.initiative("a", capex=800, duration=1),
        make.initiative("b", capex=700, duration=1, goals={"g": 1}),
    ]
    budget = (Budget(year=2027, amount=1000), Budget(year=2028, amount=0))
    (one,) = plan_roadmap(make.client(work, budget=budget)).deferred
    assert (one.initiative, one.binding) == ("b", "budget")
    assert one.because == "it needs USD 700 in FY2027, where USD 200 is left"


def test_a_lack_of_people_is_said_with_its_figure(make: Any) -> None:
    """What the item needs of a role in a quarter and what the plan leaves of it are the true amounts."""
    work = [
        make.initiative("a", duration=7, fte={"dev": 1.5}),
        make.initiative("b", duration=7, goals={"g": 1}, fte={"dev": 1}),
    ]
    (one,) = plan_roadmap(make.client(work, capacity=(Capacity(role="dev", fte=2),))).deferred
    assert (one.initiative, one.binding) == ("b", "capacity")
    assert one.because == "it needs 1 FTE of “dev” in Q1 2027, where 0.5 is free"


@pytest.mark.parametrize(
    ("fields", "binding", "because"),
    [
        ({"goals": {}}, "no goal served", "it serves no goal and settles no risk"),
        (
            {"goals": {}, "settles": ("unrated",)},
            "no goal served",
            "it serves no goal, and what it settles has no severity on record, so it adds no value",
        ),
        (
            {"goals": {"light": 3}},
            "no goal served",
            "the goals it serves have no points",
        ),
        ({"duration": 9}, "horizon", "it takes 9 quarters, longer than the plan’s 8"),
        (
            {"earliest_start": "2028-Q4"},
            "horizon",
            "begun as early as it may, it would end after the plan, which ends in Q4 2028",
        ),
        (
            {"deadline": "2027-Q1"},
            "date",
            "it would end after its deadline, Q1 2027, even if begun in Q1 2027",
        ),
        (
            {"earliest_start": "2027-Q3", "deadline": "2027-Q3"},
            "date",
            "it can end in Q4 2027 at the earliest, after its deadline, Q3 2027",
        ),
        ({"depends_on": ("z",)}, "dependency", "it needs “Name of z” first, which is not in the plan"),
        ({"duration": 8}, "horizon", "it would finish too late to count within the plan"),
        ({"alternative_group": "x", "goals": {"g": 1}}, "alternative", "“Name of y” was chosen instead"),
    ],
)
def test_each_cause_is_named(make: Any, fields: Any, binding: str, because: str) -> None:
    """Each kind of cause is recognised, and told in one sentence."""
    work = [
        make.initiative("a", **fields),
        make.initiative("y", alternative_group="x"),
        make.initiative("z", capex=99999),
    ]
    goals = (Goal(id="g", name="Goal", weight=100), Goal(id="light", name="Light", weight=0))
    record = make.client(work, goals=goals, risks=(Risk(id="unrated", name="Unrated"),))
    one = next(one for one in plan_roadmap(record).deferred if one.initiative == "a")
    assert (one.binding, one.because) == (binding, because)


@pytest.mark.parametrize(
    ("fixed", "because"),
    [
        ({"status": "in progress", "start": "2026-Q4"}, "“Name of y” is under way instead"),
        ({"mandatory": "law"}, "“Name of y” is in the plan instead: it is mandatory"),
        ({}, "“Name of y” was decided on instead"),
    ],
)
def test_an_alternative_that_was_no_choice_is_not_said_to_be_chosen(
    make: Any, fixed: dict[str, Any], because: str
) -> None:
    """Of two alternatives the one that is fixed says why it is there."""
    work = [
        make.initiative("a", alternative_group="x"),
        make.initiative("y", alternative_group="x", **fixed),
    ]
    decisions = [] if fixed else [make.decision("y", "approve", day=date(2026, 12, 1))]
    (one,) = plan_roadmap(make.client(work, decisions)).deferred
    assert (one.binding, one.because) == ("alternative", because)


def test_work_that_fits_once_it_earns_nothing_is_not_said_to_lack_money_throughout(make: Any) -> None:
    """Where the money of a later year would do, but the goal is due before it, the reason says so."""
    work = [
        make.initiative("a", goals={"h": 3}, capex=1000, mandatory="law", deadline="2027-Q4"),
        make.initiative("b", goals={"g": 3}, capex=500),
    ]
    goals = (Goal(id="g", name="G", weight=50, due=date(2027, 12, 31)), Goal(id="h", name="H", weight=50))
    (one,) = plan_roadmap(make.client(work, goals=goals)).deferred
    assert (one.binding, one.because) == (
        "late",
        "it fits only after its goal’s date, too late to count",
    )


def test_a_collision_says_that_a_year_is_charged_with_nothing_but_running_cost(make: Any) -> None:
    """Work that ends in the first year collides with the second's empty budget by what it costs to run."""
    work = [make.initiative("a", mandatory="law", deadline="2027-Q2", opex=40)]
    budget = (Budget(year=2027, amount=1000), Budget(year=2028, amount=0))
    assert plan_roadmap(make.client(work, budget=budget)).conflicts[0] == (
        "“Name of a” (mandatory: law; of FY2028 it takes only its running cost)"
    )


def test_what_fits_only_at_a_loss_is_deferred_for_its_value(make: Any) -> None:
    """Where the plan's work could make room but would earn less, the cause is value, not a limit."""
    work = [
        make.initiative("a", duration=1, fte={"dev": 1}),
        make.initiative("b", duration=1, goals={"h": 3}, fte={"dev": 1}, deadline="2027-Q1"),
    ]
    goals = (Goal(id="g", name="G", weight=99), Goal(id="h", name="H", weight=1))
    (one,) = plan_roadmap(make.client(work, goals=goals, capacity=(Capacity(role="dev", fte=1),))).deferred
    assert (one.initiative, one.binding) == ("b", "value")


def test_a_large_portfolio_gets_its_reasons_without_searching_again(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past 40 candidates the causes come from what the plan leaves as it stands."""

    def searched(problem: Any) -> None:
        raise AssertionError("searched again")

    monkeypatch.setattr("toolkit.plan.reasons.feasible", searched)
    work = [make.initiative(f"a{i:02}", duration=1, capex=100 + i) for i in range(45)]
    roadmap = plan_roadmap(make.client(work))
    assert len(roadmap.scheduled) + len(roadmap.deferred) == 45
    assert {one.binding for one in roadmap.deferred} == {"budget"}


def test_colliding_demands_are_a_smallest_set(make: Any) -> None:
    """Only what takes part in the collision is named; without any one of them there is a plan."""
    work = [
        make.initiative("a", capex=800, mandatory="tax law", deadline="2027-Q4"),
        make.initiative("b", capex=800, mandatory="tax law", deadline="2027-Q4"),
        make.initiative("c", capex=10, mandatory="by-law"),
        make.initiative("d"),
    ]
    record = make.client(work, capacity=(Capacity(role="dev", fte=1),))
    roadmap = plan_roadmap(record)
    assert roadmap.kind == "infeasible"
    assert roadmap.conflicts == (
        "“Name of a” (mandatory: tax law)",
        "“Name of b” (mandatory: tax law)",
        "the budget of FY2027 (USD 1,000 after the reserve; USD 1,600 needed)",
        "the deadline of “Name of a” (Q4 2027)",
        "the deadline of “Name of b” (Q4 2027)",
    )
    for id, field in (("a", "deadline"), ("b", "deadline"), ("a", "mandatory"), ("b", "mandatory")):
        eased = tuple(one.model_copy(update={field: None}) if one.id == id else one for one in work)
        assert plan_roadmap(replace(record, initiatives=eased)).kind == "optimised"


def test_mandatory_work_that_can_never_be_done_is_named_alone(make: Any) -> None:
    """One demand that cannot be met by itself is the whole collision, with the reason."""
    work = [
        make.initiative("a", mandatory="law", deadline="2027-Q1"),
        make.initiative("b", mandatory="law", capex=5000),
    ]
    assert plan_roadmap(make.client(work)).conflicts == (
        "“Name of a” (mandatory: law): it would end after its deadline, Q1 2027, even if begun in Q1 2027",
    )


def test_a_mandatory_item_behind_a_stopped_one_is_named(make: Any) -> None:
    """Mandatory work that waits for stopped work collides with that dependency."""
    work = [make.initiative("a", mandatory="law", depends_on=("b",)), make.initiative("b", status="stopped")]
    conflicts = plan_roadmap(make.client(work)).conflicts
    assert conflicts == (
        "“Name of a” (mandatory: law)",
        "that “Name of a” waits for “Name of b”, which is stopped",
    )


def test_people_who_do_not_exist_collide_with_work_under_way(make: Any) -> None:
    """Work in progress that needs more people than there are is named with their role."""
    work = [make.initiative("a", status="in progress", start="2027-Q1", fte={"dev": 3})]
    conflicts = plan_roadmap(make.client(work, capacity=(Capacity(role="dev", fte=2),))).conflicts
    assert conflicts == (
        "“Name of a” (in progress)",
        "the capacity of “dev” (2 FTE in Q1 2027; 3 FTE needed)",
    )


def test_every_limit_that_fixed_work_breaks_is_told_with_what_is_needed(make: Any) -> None:
    """Two years and two roles at once: each with the need against the limit, none left for the next attempt."""
    work = [
        make.initiative("a", capex=1500, duration=1, mandatory="law", deadline="2027-Q1", fte={"dev": 3}),
        make.initiative(
            "b", capex=400, duration=1, status="in progress", start="2027-Q1", fte={"ops": 2, "dev": 1}
        ),
        make.initiative(
            "c", capex=900, duration=1, mandatory="law", deadline="2028-Q1", earliest_start="2028-Q1"
        ),
    ]
    budget = (Budget(year=2027, amount=1000), Budget(year=2028, amount=500))
    capacity = (Capacity(role="dev", fte=2.5), Capacity(role="ops", fte=1))
    conflicts = plan_roadmap(make.client(work, budget=budget, capacity=capacity)).conflicts
    assert {one for one in conflicts if one.startswith("the ") and "deadline" not in one} == {
        "the budget of FY2027 (USD 1,000 after the reserve; USD 1,900 needed)",
        "the budget of FY2028 (USD 500 after the reserve; USD 900 needed)",
        "the capacity of “dev” (2.5 FTE in Q1 2027; 4 FTE needed)",
        "the capacity of “ops” (1 FTE in Q1 2027; 2 FTE needed)",
    }


def test_with_the_limits_as_told_the_fixed_work_fits(make: Any) -> None:
    """What is said to be needed of each year would do: raised to it, there is a plan; a little less, and there is none."""
    work = [
        make.initiative("a", capex=900, duration=1, mandatory="law", deadline="2027-Q2"),
        make.initiative("b", capex=700, duration=2, mandatory="law", deadline="2028-Q2"),
        make.initiative("c", capex=800, duration=2, mandatory="law", deadline="2028-Q4", depends_on=("b",)),
    ]
    for more, kind in ((0, "infeasible"), (599, "infeasible"), (600, "optimised")):
        budget = (Budget(year=2027, amount=1000 + more), Budget(year=2028, amount=800))
        roadmap = plan_roadmap(make.client(work, budget=budget))
        assert roadmap.kind == kind
        if not more:
            assert "the budget of FY2027 (USD 1,000 after the reserve; USD 1,600 needed)" in roadmap.conflicts


def test_work_alone_in_a_year_without_a_budget_is_told_of_the_budget(make: Any) -> None:
    """Work that must end in a year without a budget is kept out by that budget, not by other work."""
    record = make.client(
        [make.initiative("a", duration=1, deadline="2027-Q4")], budget=(Budget(year=2028, amount=1000),)
    )
    (deferred,) = plan_roadmap(record).deferred
    assert deferred.binding == "budget"
    assert "for which no budget is recorded" in deferred.because


def test_people_are_told_to_the_figure_that_decides(make: Any) -> None:
    """What is needed and what is free do not read alike where they differ by little, nor in powers of ten."""
    work = [
        make.initiative("a", mandatory="law", fte={"dev": 1.004, "ops": 26}, duration=8),
        make.initiative("b", fte={"dev": 1}),
        make.initiative("c", fte={"ops": 126}),
    ]
    capacity = (Capacity(role="dev", fte=2), Capacity(role="ops", fte=150))
    because = {
        one.initiative: one.because for one in plan_roadmap(make.client(work, capacity=capacity)).deferred
    }
    assert "where 0.996 is free" in because["b"]
    assert "where 124 is free" in because["c"]


def test_running_costs_with_a_budget_of_their_own_are_told_apart(make: Any) -> None:
    """Where running costs are kept apart, capital cannot pay for them, and the reason says which is short."""
    work = [
        make.initiative("a", capex=100, opex=400, deadline="2027-Q2"),
        make.initiative("b", capex=5000, opex=0),
    ]
    apart = tuple(Budget(year=year, amount=1000, opex=100) for year in (2027, 2028))
    because = {one.initiative: one.because for one in plan_roadmap(make.client(work, budget=apart)).deferred}
    assert "of running cost in FY2028, where USD 100 is left" in because["a"]
    assert "of capital in FY2027" in because["b"]
    together = tuple(Budget(year=year, amount=1100) for year in (2027, 2028))
    assert [one.initiative for one in plan_roadmap(make.client(work, budget=together)).scheduled] == ["a"]


def test_colliding_running_costs_are_named_as_such(make: Any) -> None:
    """Work that must be in and whose running cost no budget for running costs allows collides with that budget."""
    work = [make.initiative("a", capex=100, opex=400, mandatory="law", deadline="2027-Q2")]
    apart = tuple(Budget(year=year, amount=1000, opex=100) for year in (2027, 2028))
    conflicts = plan_roadmap(make.client(work, budget=apart)).conflicts
    assert any(one.startswith("the budget for running costs of FY202") for one in conflicts)
    assert not any("capital budget" in one for one in conflicts)


def test_what_is_needed_first_and_worth_nothing_itself_is_no_reason(make: Any) -> None:
    """Work and the groundwork it needs are told of together: neither is said to be out because the other is."""
    work = [make.initiative("ground", goals={}, capex=99_999), make.initiative("b", depends_on=("ground",))]
    told = {one.initiative: one for one in plan_roadmap(make.client(work)).deferred}
    assert told["b"].binding == "budget"
    assert told["b"].because == (
        "with “Name of ground”, which it needs first, it takes more money than the plan’s other work leaves"
    )
    assert (
        told["ground"].because
        == "it serves no goal and settles no risk itself, and what needs it is not in the plan"
    )
