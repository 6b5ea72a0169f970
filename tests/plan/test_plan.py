"""The roadmap of a record: what is planned, what is not and why, and what is never invented."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import pytest

from toolkit.client.record import Record
from toolkit.client.schema import Decision, Facts, Initiative
from toolkit.plan import plan_roadmap
from toolkit.plan.plan_table import roadmap_rows

GOALS = [{"id": "grow", "name": "Grow", "weight": 60}, {"id": "save", "name": "Save", "weight": 40}]


def record(initiatives: list[dict[str, Any]], decisions: list[dict[str, Any]] = [], **facts: Any) -> Record:  # noqa: B006
    """A record with two goals and two years' budget unless told otherwise."""
    start: dict[str, Any] = {
        "profile": {"name": "Test"}, "goals": GOALS, "rounds": [{"id": "r", "as_of": "2026-12-15"}],
        "budget": [{"year": 2027, "amount": 100.0}, {"year": 2028, "amount": 100.0}],
    }  # fmt: skip
    named = [
        {"name": one["id"], "duration": 2, "capex": 40.0, "goals": {"grow": 3}} | one for one in initiatives
    ]
    return Record(
        "test", Facts.model_validate(start | facts), tuple(Initiative.model_validate(one) for one in named),
        tuple(Decision.model_validate({"id": f"d{i}", "round": "r", "date": "2026-12-01"} | one) for i, one in enumerate(decisions)),
    )  # fmt: skip


def test_the_plan_starts_with_the_first_quarter_after_today_and_ends_with_the_last_budget() -> None:
    """The horizon is the quarters from the round's date on for which there is a budget, and says so."""
    plan = plan_roadmap(record([{"id": "a"}]))
    assert (str(plan.start), plan.quarters) == ("Q1 2027", 8)
    assert any("last year with a budget" in note for note in plan.assumptions)


def test_fiscal_years_follow_the_clients_calendar() -> None:
    """With a fiscal year from April, December lies in the third quarter of the year that ends next March."""
    plan = plan_roadmap(record([{"id": "a"}], profile={"name": "Test", "fiscal_year_starts": 4}))
    assert str(plan.start) == "Q4 2027"


@pytest.mark.parametrize(
    ("facts", "absent"),
    [
        ({"goals": [], "budget": []}, ("goals", "a yearly budget")),
        ({"goals": []}, ("goals",)),
        ({"budget": []}, ("a yearly budget",)),
    ],
)
def test_without_goals_or_limits_nothing_is_ranked(facts: dict[str, Any], absent: tuple[str, ...]) -> None:
    """Where there is nothing to serve or no limit, known dates are listed, with the questions to ask."""
    plan = plan_roadmap(record([{"id": "a", "goals": {}, "finish": "2027-05-01"}], **facts))
    assert (plan.kind, plan.why_timeline) == ("timeline", absent)
    assert not plan.scheduled
    assert [str(row.finish) for row in plan.timeline] == ["2027-05-01"]
    assert plan.timeline[0].start is None
    assert plan.questions


def test_unknown_cost_or_duration_is_listed_not_scheduled() -> None:
    """What cannot be planned says what is missing, and stays out of the plan."""
    plan = plan_roadmap(
        record(
            [
                {"id": "a", "capex": None},
                {"id": "b", "duration": None},
                {"id": "c", "status": "in progress"},
                {"id": "d"},
            ]
        )
    )
    assert {u.initiative: u.missing for u in plan.unscheduled} == {
        "a": ("cost",),
        "b": ("duration",),
        "c": ("start",),
    }
    assert [s.initiative for s in plan.scheduled] == ["d"]


def test_an_unknown_benefit_changes_nothing() -> None:
    """A missing benefit is not zero: it neither raises nor lowers what is planned."""
    without, with_zero = (
        plan_roadmap(record([{"id": "a"}, {"id": "b"} | extra])) for extra in ({}, {"benefit": 0.0})
    )
    assert without.scheduled == with_zero.scheduled


def test_work_under_way_keeps_its_start_and_mandatory_work_is_in() -> None:
    """What has begun is not moved, and what must be done is done even where it serves nothing."""
    plan = plan_roadmap(record([
        {"id": "run", "status": "in progress", "start": "2026-Q4", "duration": 3},
        {"id": "law", "mandatory": "new law", "goals": {}},
    ]))  # fmt: skip
    by_id = {s.initiative: s for s in plan.scheduled}
    assert (str(by_id["run"].start), str(by_id["run"].finish)) == ("Q4 2026", "Q2 2027")
    assert (by_id["run"].fixed, by_id["law"].fixed) == ("in progress", "mandatory")


@pytest.mark.parametrize(
    ("initiatives", "decisions", "binding", "says"),
    [
        ([{"id": "x", "goals": {}}], [], "no goal served", "serves no goal"),
        ([{"id": "x"}], [{"subject": "x", "decision": "reject"}], "decision", "leadership"),
        ([{"id": "x", "capex": 500.0}], [], "budget", "where"),
        ([{"id": "x", "duration": 12}], [], "horizon", "longer than the plan"),
        ([{"id": "x", "duration": 4, "deadline": "2027-Q2"}], [], "date", "deadline"),
        (
            [{"id": "x", "depends_on": ["y"]}, {"id": "y", "capex": 900.0, "goals": {}}],
            [],
            "budget",
            "which it needs first",
        ),
        (
            [{"id": "x", "depends_on": ["y"]}, {"id": "y", "capex": 900.0}],
            [],
            "dependency",
            "first",
        ),
        (
            [
                {"id": "x", "alternative_group": "g", "goals": {"save": 1}},
                {"id": "y", "alternative_group": "g"},
            ],
            [],
            "alternative",
            "instead",
        ),
    ],
)
def test_each_deferral_names_its_cause(initiatives: Any, decisions: Any, binding: str, says: str) -> None:
    """What is below the line says what keeps it there."""
    plan = plan_roadmap(record(initiatives, decisions))
    deferred = {d.initiative: d for d in plan.deferred}["x"]
    assert deferred.binding == binding
    assert says in deferred.because


def test_a_budget_deferral_states_true_figures() -> None:
    """What it needs and what is left in the year it names can be worked out again from the plan."""
    plan = plan_roadmap(
        record(
            [
                {"id": "a", "capex": 90.0, "duration": 1},
                {"id": "x", "capex": 150.0, "duration": 2, "goals": {"grow": 1}},
            ]
        )
    )
    because = {d.initiative: d for d in plan.deferred}["x"].because
    year = int(re.search(r"FY(\d+)", because)[1])  # type: ignore[index]
    needed, left = (float(x) for x in re.findall(r"USD ([\d.]+)", because))
    money = next(one for one in plan.years if one.year == year)
    assert left == pytest.approx((money.available or 0) - money.capex - money.opex, rel=0.01)
    assert needed in (75.0, 150.0)
    assert needed > left


def test_people_bind_as_money_does() -> None:
    """With one developer, two initiatives that need one each run one after the other."""
    plan = plan_roadmap(
        record(
            [{"id": "a", "fte": {"dev": 1}}, {"id": "b", "fte": {"dev": 1}}],
            capacity=[{"role": "dev", "fte": 1}],
        )
    )
    assert max(load.load for load in plan.loads) <= 1
    first, second = sorted(plan.scheduled, key=lambda s: s.start.index)
    assert second.start.index > first.finish.index


def test_capacity_changes_from_the_quarter_it_is_recorded_for() -> None:
    """A later capacity entry applies from its quarter on."""
    plan = plan_roadmap(
        record(
            [{"id": "a", "duration": 1, "fte": {"dev": 2}}],
            capacity=[{"role": "dev", "fte": 1}, {"role": "dev", "fte": 2, "quarter": "2027-Q3"}],
        )
    )
    assert [str(s.start) for s in plan.scheduled] == ["Q3 2027"]


def test_a_role_without_capacity_sets_no_limit_and_is_named() -> None:
    """A role nobody recorded capacity for is not taken as zero; the plan says so."""
    plan = plan_roadmap(record([{"id": "a", "fte": {"dev": 5}}], capacity=[{"role": "lead", "fte": 1}]))
    assert plan.scheduled
    assert plan.unlimited == ("dev",)


def test_a_collision_of_fixed_work_is_named() -> None:
    """When what must be done does not fit, the plan names the limit and the work that collide."""
    plan = plan_roadmap(record([{"id": "a", "capex": 300.0, "mandatory": "law", "name": "The law"}]))
    assert plan.kind == "infeasible"
    assert any("The law" in one for one in plan.conflicts)


def test_the_order_of_rows_does_not_matter() -> None:
    """The same initiatives in another order give the same plan."""
    rows = [
        {"id": f"i{n}", "capex": 20.0 + n, "goals": {"grow": n % 4, "save": (n + 1) % 3}} for n in range(9)
    ]
    plans = []
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        plans.append(plan_roadmap(record(rows)))
    assert plans[0] == plans[1] == plans[2]


def test_money_by_year_adds_up() -> None:
    """Capital of all years is the capital of what is scheduled; running cost begins after completion."""
    plan = plan_roadmap(record([{"id": "a", "capex": 40.0, "contingency": 0.5, "opex": 8.0, "duration": 2}]))
    assert sum(year.capex for year in plan.years) == pytest.approx(60.0)
    quarters_after = plan.end.index - plan.scheduled[0].finish.index
    assert sum(year.opex for year in plan.years) == pytest.approx(2.0 * quarters_after)


def test_weights_left_out_count_alike_and_are_said_to() -> None:
    """Without leadership's points every goal counts the same, and the plan says so."""
    goals = [{key: value for key, value in goal.items() if key != "weight"} for goal in GOALS]
    plan = plan_roadmap(record([{"id": "a"}, {"id": "b", "goals": {"save": 3}}], goals=goals))
    assert {s.value for s in plan.scheduled} == {0.325}
    assert any("counts alike" in note for note in plan.assumptions)


def test_every_initiative_stands_once_in_the_table() -> None:
    """The table for a spreadsheet holds every initiative exactly once, with its place."""
    client = record(
        [{"id": "a"}, {"id": "b", "goals": {}}, {"id": "c", "capex": None}, {"id": "d", "status": "done"}]
    )
    rows = roadmap_rows(client, plan_roadmap(client))
    assert {row["initiative"]: row["place"] for row in rows} == {
        "a": "above the line",
        "b": "below the line",
        "c": "not scheduled",
        "d": "done",
    }


def test_a_decision_moves_the_plan() -> None:
    """An initiative leadership pins starts in its quarter."""
    client = record([{"id": "a"}], [{"subject": "a", "decision": "pin", "quarter": "2027-Q3"}])
    assert [str(s.start) for s in plan_roadmap(client).scheduled] == ["Q3 2027"]
    assert str(plan_roadmap(replace(client, decisions=())).scheduled[0].start) == "Q1 2027"
