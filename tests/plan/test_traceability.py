"""From goals to work and back: nothing is lost on the way, nothing is added, and what is loose is named."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slices import examples
from soak_plan import seeded

from toolkit.assess.commitments import Standing
from toolkit.assess.trace import goals_traced, without_goal
from toolkit.client.calendar import in_files
from toolkit.client.record import Record
from toolkit.client.schema import Budget, Goal, Kpi, Risk, Scenario
from toolkit.client.store import load
from toolkit.plan import Roadmap, plan_roadmap
from toolkit.plan.plan_table import roadmap_rows
from toolkit.plan.scenario import proposed
from toolkit.plan.traceability import PlacedWork, Trace, traced

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = ("meridian-manufacturing", "harbour-credit-union", "lakeside-clinic")


@st.composite
def planned(draw: Any) -> tuple[Record, Roadmap]:
    """Draw a client with every feature and owners on both sides, one or none, and its plan, if it has one."""
    seed = draw(st.integers(0, 10_000))
    chance, record = random.Random(seed), seeded(seed, 2 + seed % 9, 4)
    work = tuple(
        one.model_copy(update={side: chance.choice((None, "A. Person")) for side in ("owner_business", "owner_it")})
        for one in record.initiatives
    )  # fmt: skip
    record = replace(record, initiatives=work)
    return record, plan_roadmap(record)


def ids(found: Any) -> list[str]:
    """Return the ids of goals or of work."""
    return [one.initiative.id if isinstance(one, PlacedWork) else one.id for one in found]


def trace_of(record: Record) -> Trace:
    """Plan a client and trace it."""
    return traced(record, plan_roadmap(record))


@settings(max_examples=examples(60))
@given(planned())
def test_nothing_is_lost_and_nothing_is_added(client: tuple[Record, Roadmap]) -> None:
    """Every goal and every initiative stands in the trace; a pair does exactly if it has a contribution, and once."""
    record, roadmap = client
    links = traced(record, roadmap).links
    pairs = [(link.goal.id, link.work.initiative.id, link.level) for link in links if link.goal and link.work]
    known = {
        (goal, one.id, level) for one in record.initiatives for goal, level in one.goals.items() if level
    }
    assert set(pairs) == known
    assert len(pairs) == len(known)
    assert {link.goal.id for link in links if link.goal} == {goal.id for goal in record.facts.goals}
    assert {link.work.initiative.id for link in links if link.work} == {one.id for one in record.initiatives}
    alone = [link for link in links if not (link.goal and link.work)]
    assert not [link for link in alone if link.level]
    assert len(alone) == len({(link.goal or link.work.initiative).id for link in alone})


@settings(max_examples=examples(60))
@given(planned())
def test_money_quarters_and_places_are_the_plan_s(client: tuple[Record, Roadmap]) -> None:
    """Each initiative stands where ``roadmap.csv`` has it, at its cost, and what is above the line costs what the plan does."""
    record, roadmap = client
    trace = traced(record, roadmap)
    rows = {row["initiative"]: row for row in roadmap_rows(record, roadmap)}
    for one in trace.work:
        row = rows[one.initiative.id]
        when = [None if x is None else in_files(x) for x in (one.start, one.finish)]
        assert (one.place, *when, one.capital) == (row["place"], row["start"], row["finish"], row["capital"])
    funded = [one.capital for one in trace.work if one.place == "above the line"]
    assert sum(funded) == pytest.approx(sum(one.capex for one in roadmap.scheduled))
    assert len(funded) == len(roadmap.scheduled)


@settings(max_examples=examples(60))
@given(planned())
def test_what_is_loose_is_what_the_assessment_calls_so(client: tuple[Record, Roadmap]) -> None:
    """Goals without open work and open work without a goal are those that the assessment counts, where nothing was rejected."""
    record, roadmap = client
    standing = Standing(replace(record, decisions=()), date.max)
    trace = traced(record, roadmap)
    bare = [goal.goal for goal in goals_traced(standing) if not goal.initiatives]
    assert sorted(ids((*trace.never_served, *trace.no_longer_served))) == sorted(bare)
    assert sorted(ids((*trace.serving_nothing, *trace.settling_only))) == list(without_goal(standing))
    assert not set(ids(trace.outside_the_plan)) & set(bare)
    owned = {one.id for one in record.initiatives if one.owner_business and one.owner_it}
    open_work = {one.id for one in record.initiatives if one.status not in ("done", "stopped")}
    assert ids(trace.not_owned_on_both_sides) == sorted(open_work - owned)


def test_a_goal_nothing_serves_is_told_from_one_the_plan_leaves_out(make: Any) -> None:
    """No work, work that is over, and work that waits or cannot be planned are three different things."""
    goals = [Goal(id=id, name=id, weight=20) for id in ("none", "over", "waits", "vague", "served")]
    work = [
        make.initiative("done", goals={"over": 3}, status="done"),
        make.initiative("stopped", goals={"over": 1}, status="stopped"),
        make.initiative("dear", goals={"waits": 3}, capex=9000),
        make.initiative("unpriced", goals={"vague": 2}, capex=None),
        make.initiative("cheap", goals={"served": 1}),
        make.initiative("begun", goals={"served": 1, "over": 0}, status="done"),
    ]
    trace = trace_of(make.client(work, goals=tuple(goals)))
    assert trace.planned
    assert ids(trace.never_served) == ["none"]
    assert ids(trace.no_longer_served) == ["over"]
    assert ids(trace.outside_the_plan) == ["waits", "vague"]


def test_a_goal_whose_planned_work_all_ends_after_its_date_is_told_apart(make: Any) -> None:
    """It is served by work above the line, and yet by none that counts; one that is served in time is not named."""
    goals = (Goal(id="early", name="E", weight=50, due=date(2020, 1, 1)), Goal(id="g", name="G", weight=50))
    trace = trace_of(make.client([make.initiative("w", goals={"early": 3, "g": 3})], goals=goals))
    assert ids(trace.out_of_time) == ["early"]


def test_work_that_settles_a_risk_does_not_serve_nothing(make: Any) -> None:
    """Open work without a goal is told apart by whether it settles a risk; work that is over is not held against anybody."""
    work = [
        make.initiative("useful"),
        make.initiative("safe", goals={}, settles=("r",)),
        make.initiative("loose", goals={"g": 0}),
        make.initiative("was-loose", goals={}, status="done"),
    ]
    trace = trace_of(make.client(work, risks=(Risk(id="r", name="The risk", severity=0.5),)))
    assert (ids(trace.serving_nothing), ids(trace.settling_only)) == (["loose"], ["safe"])
    assert next(one for one in trace.work if one.initiative.id == "safe").settles == ("The risk",)


def test_each_gap_is_named_where_it_is(make: Any) -> None:
    """A goal without owner or measure, a measure and an initiative with one owner, and a level nobody scored are said."""
    goals = (
        Goal(id="g", name="G", weight=60, kpi="k", baseline=3),
        Goal(id="h", name="H", weight=40, owner="O"),
    )
    kpis = (Kpi(id="k", name="K", owner_it="I"),)
    work = [
        make.initiative("a", goals={"g": 1}, owner_it="I"),
        make.initiative("b", goals={"h": 2}, owner_business="B", owner_it="I", scored_by="S"),
        make.initiative("c", goals={}, duration=None, owner_business="B"),
        make.initiative("d", goals={"h": 2}, status="stopped"),
    ]
    trace = trace_of(make.client(work, goals=goals, kpis=kpis))
    said = {link.work.initiative.id: link.missing for link in trace.links if link.work}
    assert said["a"] == (
        "the goal has no owner", "the measure has no owner in the business", "the measure has no target",
        "the initiative has no owner in the business", "who scored the contribution is not known",
    )  # fmt: skip
    assert said["b"] == said["d"] == ("the goal has no measure",)
    assert said["c"] == (
        "it serves no goal",
        "the initiative has no owner in IT",
        "its duration is not known",
    )
    assert {one.initiative.id: one.unowned for one in trace.not_owned_on_both_sides} == {
        "a": ("the business",),
        "c": ("IT",),
    }


def test_the_heaviest_goal_comes_first_by_the_points_the_plan_follows(make: Any) -> None:
    """Under a scenario with points of its own, these set the order; without any points goals stand as recorded."""
    goals = (Goal(id="h", name="H", weight=40), Goal(id="g", name="G", weight=60))
    record = make.client([make.initiative("a"), make.initiative("b", goals={"h": 1})], goals=goals)
    assert list(trace_of(record).goals) == ["g", "h"]
    scenario = Scenario(id="s", name="S", round="r2", points={"h": 90, "g": 10})
    facts = record.facts.model_copy(
        update={"planning": record.facts.planning.model_copy(update={"scenario": "s"})}
    )
    follows = replace(record, facts=facts, scenarios=(scenario,))
    roadmap = plan_roadmap(follows)
    assert list(traced(proposed(follows, follows.round()), roadmap).goals) == ["h", "g"]
    unweighed = tuple(goal.model_copy(update={"weight": None}) for goal in goals)
    assert list(trace_of(make.client([make.initiative("a")], goals=unweighed)).goals) == ["h", "g"]


def test_without_a_plan_there_is_no_line(make: Any) -> None:
    """A client without a budget, and one whose fixed work collides, are traced; no goal is said to be left out of a plan."""
    dated = [make.initiative("a", status="in progress", start="2027-Q1", finish="2027-06-30")]
    timeline = make.client(dated, budget=())
    must = [make.initiative("a", mandatory="the law", deadline="2027-Q2", capex=9000)]
    collides = make.client(must, budget=(Budget(year=2027, amount=10),))
    for record, kind in ((timeline, "timeline"), (collides, "infeasible")):
        roadmap = plan_roadmap(record)
        assert roadmap.kind == kind
        trace = traced(record, roadmap)
        assert (trace.planned, trace.outside_the_plan, len(trace.links)) == (False, (), 1)
        assert trace.work[0].place == "not ranked"
    known = trace_of(timeline).work[0]
    assert (str(known.start), str(known.finish), known.capital) == ("Q1 2027", "2027-06-30", 100)


def test_without_goals_every_initiative_stands_alone(make: Any) -> None:
    """A client without goals has links all the same, each an initiative by itself; without anything there is none."""
    work = [make.initiative("a", goals={}), make.initiative("b", goals={}, settles=("r",))]
    record = make.client(work, goals=(), risks=(Risk(id="r", name="R", severity=1),))
    trace = trace_of(record)
    assert [(link.goal, link.level) for link in trace.links] == [(None, 0), (None, 0)]
    assert (trace.goals, trace.never_served) == ({}, ())
    assert trace_of(make.client([], goals=())).links == ()


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_traced_whole(sample: str) -> None:
    """On the samples, too, the trace has every goal and initiative, and above the line the plan's own capital."""
    record = load(PROJECT / "client_data", sample)
    roadmap = plan_roadmap(record)
    trace = traced(record, roadmap)
    assert ids(trace.work) == sorted(one.id for one in record.initiatives)
    assert set(trace.goals) == {goal.id for goal in record.facts.goals}
    funded = sum(one.capital or 0 for one in trace.work if one.place == "above the line")
    assert funded == pytest.approx(sum(one.capex for one in roadmap.scheduled))
