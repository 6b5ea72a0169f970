"""What must be in a plan, how long it runs, and what of it no limit has seen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from toolkit.assess.commitments import Standing
from toolkit.client.calendar import CALENDAR_YEAR
from toolkit.client.expected_pages import plan_expected
from toolkit.client.schema import Budget, Capacity, Planning, Profile, Scenario
from toolkit.plan import plan_roadmap
from toolkit.plan.assumptions import within_limits
from toolkit.plan.plan_table import accounts_for
from toolkit.words import capital


def quarters_touched(first: date, last: date, month: int) -> int:
    """Return how many fiscal quarters hold a day from one date to another, walked day by day."""
    held, day = set(), first
    while day <= last:
        held.add((day.year * 12 + day.month - month) // 3)
        day += timedelta(days=1)
    return len(held)


@pytest.mark.parametrize("month", [1, 2, 4, 10])
@pytest.mark.parametrize("days", [0, 60, 100, 365, 700])
def test_running_work_has_its_duration_from_its_start_and_finish(make: Any, month: int, days: int) -> None:
    """Without a duration, running work lasts the fiscal quarters from its start's first day to its completion date."""
    profile = Profile(name="Client", fiscal_year_starts=month)
    runs = make.initiative("runs", duration=None, status="in progress", start="2026-Q2", capex=90)
    begun = runs.start.first_day(profile.fiscal)
    finish = begun + timedelta(days=days)
    runs = runs.model_copy(update={"finish": finish})
    record = make.client([runs, make.initiative("a")], profile=profile)
    roadmap = plan_roadmap(record)
    planned = {one.initiative: one for one in roadmap.scheduled}
    assert planned["runs"].finish.index - planned["runs"].start.index + 1 == quarters_touched(
        begun, finish, month
    )
    assert (roadmap.uncounted, roadmap.unscheduled) == ((), ())
    assert accounts_for(record, roadmap)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "in progress", "start": "2026-Q2"},
        {"status": "in progress", "finish": date(2027, 6, 30)},
        {"status": "in progress", "start": "2027-Q3", "finish": date(2027, 6, 30)},
        {
            "status": "in progress",
            "start": "2026-Q2",
            "finish": date(2027, 6, 30),
            "capex_profile": (0.5, 0.5),
        },
        {"start": "2026-Q2", "finish": date(2027, 6, 30)},
    ],
    ids=["no finish", "no start", "finish before start", "another profile", "not running"],
)
def test_a_duration_is_never_made_up(make: Any, fields: dict[str, Any]) -> None:
    """Without both dates, in order, of running work, and agreeing with its profile, the duration stays unknown."""
    assert make.initiative("a", duration=None, **fields).quarters(CALENDAR_YEAR) is None


def test_the_recorded_finish_of_running_work_decides_its_last_quarter(make: Any) -> None:
    """Where start and duration end elsewhere than the recorded finish, plan and assessment both keep to the finish, and the check says so."""
    runs = make.initiative(
        "runs",
        status="in progress",
        start="2026-Q3",
        duration=2,
        capex_profile="0.9; 0.1",
        finish="2027-09-30",
    )
    record = make.client([runs, make.initiative("a")])
    (planned,) = (one for one in plan_roadmap(record).scheduled if one.initiative == "runs")
    assert (str(planned.finish), planned.capex) == ("Q3 2027", 100)
    assert Standing(record, date(2026, 12, 31)).earliest_end(runs) == date(2027, 9, 30)
    assert plan_expected(record) == [
        "The deck: of work under way the recorded finish decides, not start and duration: runs, "
        "which finishes in Q3 2027, not Q4 2026; correct the finish or the duration."
    ]
    agrees = runs.model_copy(update={"duration": 5, "capex_profile": ()})
    assert plan_expected(make.client([agrees])) == []


def test_commitments_without_a_size_are_counted_and_named_where_limits_are_claimed(make: Any) -> None:
    """Of four commitments two are not counted; both are named in the plan's notes, its data and its claim of limits."""
    work = [
        make.initiative("runs", status="in progress", start="2026-Q4"),
        make.initiative("open", status="in progress", duration=None),
        make.initiative("law", mandatory="the law", capex=None),
        make.initiative("agreed"),
        make.initiative("free"),
        make.initiative("vague", capex=None),
        make.initiative("off", mandatory="the law", capex=None),
    ]
    decisions = [
        make.decision("agreed", "approve", day=date(2026, 12, 1)),
        make.decision("off", "reject", day=date(2026, 12, 1)),
    ]
    record = make.client(work, decisions, capacity=(Capacity(role="dev", fte=1),))
    roadmap = plan_roadmap(record)
    assert (roadmap.commitments, roadmap.uncounted) == (4, ("law", "open"))
    said = "two of four commitments are not counted: “Name of law” and “Name of open”"
    assert f"{capital(said)}; their cost, duration or start is not known." in roadmap.notes
    assert within_limits(record, roadmap) == (
        f"within every yearly budget and the people available; {said}; "
        "the people of each and the running cost of each of three planned initiatives are not known"
    )
    assert any(
        "not be counted" in line and "law" in line and "open" in line for line in plan_expected(record)
    )


def test_a_rough_estimate_without_contingency_is_asked_about_and_said(make: Any) -> None:
    """It is planned at its estimate, and the question, the notes, the check and the claim of limits say nothing was added."""
    work = [
        make.initiative("rough", capex=100, estimate="rough"),
        make.initiative("said", capex=100, estimate="rough", contingency=0),
        make.initiative("added", capex=100, estimate="rough", contingency=0.3),
        make.initiative("firm", capex=100, estimate="firm"),
    ]
    record = make.client(work)
    roadmap = plan_roadmap(record)
    assert {one.initiative: one.capex for one in roadmap.scheduled} == {
        "added": pytest.approx(130), "firm": 100, "rough": 100, "said": 100,
    }  # fmt: skip
    assert roadmap.money_notes[0] == (
        "The estimate of “Name of rough” is rough and has no contingency: its cost stands as estimated, with nothing added."
    )
    assert (
        "What must be added for the roughness of “Name of rough”? Each rough estimate needs a contingency; 0 says none."
        in roadmap.questions
    )
    assert within_limits(record, roadmap).endswith(
        "; USD 100 of it stands on a rough estimate without contingency"
    )
    (line,) = plan_expected(record)
    assert line.startswith(
        "The slide of money: 1 rough estimate has no contingency, so nothing is added: rough;"
    )


def test_what_running_work_took_before_the_plan_is_told_beside_the_first_years_budget(make: Any) -> None:
    """A plan from the second quarter says what its first fiscal year has paid already, and where that passes the year's money."""
    work = [
        make.initiative("runs", status="in progress", start="2027-Q1", capex=600, duration=2),
        make.initiative("a", capex=500),
    ]
    record = make.client(work, planning=Planning(start="2027-Q2", quarters=7))
    roadmap = plan_roadmap(record)
    took = "USD 300 that work under way took of FY2027 before Q2 2027"
    assert within_limits(record, roadmap) == (
        f"within every yearly budget but that of FY2027; with the {took}, that year is USD 100 over what may be spent; "
        "the running cost of each of two planned initiatives is not known"
    )
    smaller = make.client([work[0]], planning=record.facts.planning)
    assert within_limits(smaller, plan_roadmap(smaller)).startswith(
        f"within every yearly budget; {took} is not counted;"
    )
    assert any("took USD 300 of FY2027 before Q2 2027" in note for note in roadmap.money_notes)


def test_a_plan_within_people_alone_says_that_no_budget_is_recorded(make: Any) -> None:
    """Where only people limit a plan, its claim of limits says so."""
    record = make.client([make.initiative("a")], budget=(), capacity=(Capacity(role="dev", fte=1),))
    said = "within the people available; no yearly budget is recorded;"
    assert within_limits(record, plan_roadmap(record)).startswith(said)


def test_a_plan_within_a_scenarios_budgets_names_the_scenario(make: Any) -> None:
    """Limits that are not those of the record are claimed as the scenario's, and no others are."""
    record = make.client([make.initiative("a")])
    board = Scenario(id="b", name="Board", round="r1", budget=(Budget(year=2027, amount=9000),))
    said = within_limits(record, plan_roadmap(record), scenario=board)
    assert said.startswith("within every yearly budget, those of FY2027 from the scenario “Board”;")
    both = Scenario(
        id="b", name="Board", round="r1", budget=tuple(Budget(year=y, amount=9000) for y in (2027, 2028))
    )
    said = within_limits(record, plan_roadmap(record), scenario=both)
    assert said.startswith("within every yearly budget of the scenario “Board”;")


def test_what_finished_work_costs_to_run_is_said_to_be_in_no_figure(make: Any) -> None:
    """Running cost does not vanish without a word when work is marked as done."""
    record = make.client([make.initiative("a"), make.initiative("over", status="done", opex=12)])
    told = "What finished work costs to run is in no figure here: USD 12 a year for “Name of over”."
    assert told in plan_roadmap(record).money_notes
