"""What of a record is planned, within what, and what is said of the rest."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from toolkit.client.schema import Budget, Capacity, Goal, Planning, Profile, Risk, Round
from toolkit.plan import Roadmap, plan_roadmap


def causes(roadmap: Roadmap) -> dict[str, str]:
    """Return the binding cause of each deferred initiative."""
    return {one.initiative: one.binding for one in roadmap.deferred}


@pytest.mark.parametrize(
    ("as_of", "month", "first"),
    [
        (date(2026, 12, 31), 1, "Q1 2027"),
        (date(2027, 1, 1), 1, "Q1 2027"),
        (date(2027, 1, 2), 1, "Q2 2027"),
        (date(2027, 1, 1), 4, "Q4 2027"),
        (date(2027, 1, 2), 4, "Q1 2028"),
        (date(2027, 4, 1), 4, "Q1 2028"),
        (date(2027, 9, 30), 10, "Q1 2028"),
    ],
)
def test_a_plan_begins_with_the_next_fiscal_quarter(make: Any, as_of: date, month: int, first: str) -> None:
    """Without a recorded start, the plan begins with the first fiscal quarter on or after the round's date."""
    record = make.client(
        [make.initiative("a")],
        profile=Profile(name="X", fiscal_year_starts=month),
        planning=Planning(),
        rounds=(Round(id="r1", as_of=as_of),),
    )
    assert str(plan_roadmap(record).start) == first


def test_value_is_the_weighted_contribution(make: Any) -> None:
    """v = Σ w · s + w_risk · r: points scaled to leave room for risks, 5 and 65 % closed, severities that add up to all."""
    record = make.client(
        [make.initiative("a", goals={"g": 3, "h": 1}, settles=("r", "s"))],
        goals=(Goal(id="g", name="G", weight=60), Goal(id="h", name="H", weight=40)),
        risks=(
            Risk(id="r", name="R", severity=0.5),
            Risk(id="s", name="S", severity=0.25),
            Risk(id="u", name="U"),
        ),
        planning=Planning(start="2027-Q1", quarters=8, risk_weight=0.2),
    )
    (one,) = plan_roadmap(record).scheduled
    assert one.value == pytest.approx(0.8 * (0.6 * 0.65 + 0.4 * 0.05) + 0.2)
    assert one.accrued == pytest.approx(one.value * 6 / 8)


def test_without_goals_risks_are_all_there_is_to_serve(make: Any) -> None:
    """With risks and no goals, settling them all is all that leadership wants."""
    work = [make.initiative("a", goals={}, settles=("r",))]
    roadmap = plan_roadmap(make.client(work, goals=(), risks=(Risk(id="r", name="R", severity=0.75),)))
    assert roadmap.kind == "optimised"
    assert roadmap.scheduled[0].value == 1.0


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"goals": (), "risks": (Risk(id="r", name="R"),)}, ("goals",)),
        ({"budget": (Budget(year=2020, amount=5),)}, ("a yearly budget",)),
    ],
)
def test_with_nothing_to_choose_by_or_within_known_dates_are_drawn(
    make: Any, facts: Any, why: tuple[str, ...]
) -> None:
    """Without goals and risks, or without any limit, there is a timeline that says what is absent and asks for it."""
    roadmap = plan_roadmap(make.client([make.initiative("a")], **facts))
    assert roadmap.kind == "timeline"
    assert roadmap.why_timeline == why
    assert roadmap.questions
    assert (roadmap.scheduled, roadmap.deferred, roadmap.years, roadmap.value) == ((), (), (), None)


def test_work_that_serves_nothing_is_not_planned_and_its_scores_are_asked_for(make: Any) -> None:
    """Where no contribution to a goal is recorded, nothing is planned, and the plan asks what serves which goal."""
    roadmap = plan_roadmap(make.client([make.initiative("a", goals={})]))
    assert (roadmap.kind, roadmap.value, roadmap.gap) == ("optimised", 0, 0)
    assert any("Which goals does the initiative serve" in question for question in roadmap.questions)


def test_nothing_is_asked_of_rejected_work(make: Any) -> None:
    """What leadership rejected needs no cost, owner or benefit any more."""
    work = [make.initiative("a", benefit=1, opex=1, owner_business="Ann"), make.initiative("b", capex=None)]
    no = make.decision("b", "reject", day=date(2026, 12, 1))
    assert plan_roadmap(make.client(work)).questions
    assert plan_roadmap(make.client(work, [no])).questions == ()


def test_where_every_cost_or_duration_is_unknown_known_dates_are_drawn(make: Any) -> None:
    """With goals and a budget, but no cost known of the work, there is a timeline that says what is absent."""
    roadmap = plan_roadmap(make.client([make.initiative("a", capex=None)]))
    assert (roadmap.kind, roadmap.why_timeline) == ("timeline", ("the cost of the work",))


def test_a_timeline_invents_nothing(make: Any) -> None:
    """A timeline's rows hold what is recorded, and nothing for what is not."""
    work = [
        make.initiative(
            "a", duration=None, capex=None, goals={}, earliest_start="2027-Q2", deadline="2028-Q1"
        ),
        make.initiative(
            "b", finish=date(2028, 1, 31), original_finish=date(2027, 1, 31), original_capex=80, status="done"
        ),
        make.initiative("c", status="in progress", start="2026-Q3"),
    ]
    one, two, three = plan_roadmap(make.client(work, goals=(), budget=())).timeline
    assert (one.start, one.finish, one.original_finish, one.amount, one.original_amount, one.status) == (
        None,
    ) * 6
    assert (two.start, two.finish, two.amount, two.original_amount) == (None, date(2028, 1, 31), 100, 80)
    assert (three.start, three.finish) == (date(2026, 7, 1), None)


def test_capacity_alone_is_a_limit(make: Any) -> None:
    """Without a budget but with capacity a plan is chosen, and says that money sets no limit."""
    work = [make.initiative("a", fte={"dev": 1})]
    roadmap = plan_roadmap(make.client(work, budget=(), capacity=(Capacity(role="dev", fte=1),)))
    assert roadmap.kind == "optimised"
    assert "No budget is recorded, so only people limit the plan." in roadmap.assumptions
    assert [year.budget for year in roadmap.years] == [None, None]


def test_unknown_cost_or_duration_is_listed_not_scheduled(make: Any) -> None:
    """What cannot be planned is named with what is missing; a mandatory one is pointed out."""
    work = [
        make.initiative("a"),
        make.initiative("b", capex=None, mandatory="law"),
        make.initiative("c", duration=None),
    ]
    roadmap = plan_roadmap(make.client(work))
    assert [(one.initiative, one.missing) for one in roadmap.unscheduled] == [
        ("b", ("cost",)),
        ("c", ("duration",)),
    ]
    assert any("not counted: “Name of b”" in note for note in roadmap.assumptions)


def test_in_a_year_without_a_budget_only_fixed_work_spends(make: Any, starts: Any) -> None:
    """A gap in the budgets is neither zero nor unlimited: what is fixed goes on, nothing is chosen for it."""
    work = [make.initiative("a", status="in progress", start="2027-Q1"), make.initiative("b", duration=1)]
    record = make.client(work, budget=(Budget(year=2028, amount=1000),))
    roadmap = plan_roadmap(record)
    assert starts(roadmap) == {"a": 0, "b": 4}
    assert (
        "No budget is recorded for FY2027, so only work that is fixed may spend in it." in roadmap.assumptions
    )
    assert [year.budget for year in roadmap.years] == [None, 1000]


def test_unknown_capacity_is_no_limit_and_not_nothing(make: Any, starts: Any) -> None:
    """Before a role's first recorded quarter its capacity is unknown: it limits nothing, and a note says so."""
    work = [make.initiative("a", fte={"dev": 5, "ops": 1})]
    capacity = (Capacity(role="dev", fte=2, quarter="2028-Q1"),)
    roadmap = plan_roadmap(make.client(work, capacity=capacity))
    assert starts(roadmap) == {"a": 0}
    assert [one.capacity for one in roadmap.loads if one.role == "dev"] == [None] * 4 + [2.0] * 4
    assert any("capacity of “dev” is not known" in note for note in roadmap.assumptions)
    assert roadmap.unlimited == ("ops",)


def test_work_under_way_stays_where_it_is(make: Any, starts: Any) -> None:
    """Work in progress keeps its start, past either end of the plan; money before the start is not counted."""
    work = [
        make.initiative("a", status="in progress", start="2026-Q3", duration=4),
        make.initiative("b", status="in progress", start="2028-Q4", duration=3),
        make.initiative("c", depends_on=("a",)),
    ]
    roadmap = plan_roadmap(make.client(work))
    assert starts(roadmap) == {"a": -2, "b": 7, "c": 2}
    assert [one.accrued for one in roadmap.scheduled if one.initiative == "b"] == [0]
    assert roadmap.years[0].capex == pytest.approx(50 + 100)


def test_work_under_way_waits_for_nothing(make: Any, starts: Any) -> None:
    """What has begun is a fact, even where a dependency is not met."""
    work = [
        make.initiative("a", status="in progress", start="2027-Q1", depends_on=("b",)),
        make.initiative("b"),
    ]
    assert starts(plan_roadmap(make.client(work))) == {"a": 0, "b": 0}


def test_a_dependency_under_way_at_unknown_cost_counts_by_its_end(make: Any, starts: Any) -> None:
    """What waits for unplannable work under way starts after its recorded end, and the plan says what it lacks."""
    work = [
        make.initiative("a", status="in progress", start="2026-Q4", duration=4, capex=None),
        make.initiative("b", depends_on=("a",)),
    ]
    roadmap = plan_roadmap(make.client(work))
    assert starts(roadmap) == {"b": 3}
    assert any("not counted: “Name of a”" in note for note in roadmap.assumptions)


@pytest.mark.parametrize(
    ("status", "cause"), [("done", None), ("stopped", "dependency"), ("proposed", None), (None, None)]
)
def test_a_dependency_done_is_met_and_one_stopped_never_is(make: Any, status: Any, cause: str | None) -> None:
    """Only a stopped dependency keeps what waits for it below the line."""
    work = [make.initiative("a", status=status), make.initiative("b", depends_on=("a",))]
    assert causes(plan_roadmap(make.client(work))).get("b") == cause


def test_a_finished_alternative_closes_its_group(make: Any) -> None:
    """Where one of a group of alternatives is done, no other is planned."""
    work = [
        make.initiative("a", alternative_group="x"),
        make.initiative("b", alternative_group="x", status="done"),
    ]
    (one,) = plan_roadmap(make.client(work)).deferred
    assert (one.binding, one.because) == ("alternative", "“Name of b”, an alternative to it, is done")


class TestDecisions:
    """What leadership decided holds."""

    @pytest.mark.parametrize(("kind", "verb"), [("reject", "rejected"), ("defer", "deferred")])
    def test_a_decision_keeps_work_out(self, make: Any, kind: str, verb: str) -> None:
        """Rejected and deferred work is below the line, mandatory or not, by the decision of that day."""
        record = make.client(
            [make.initiative("a", mandatory="law"), make.initiative("b")], [make.decision("a", kind)]
        )
        (one,) = plan_roadmap(record).deferred
        assert one.binding == "decision"
        assert one.because == f"leadership {verb} it on 5 January 2027, although it is mandatory"

    def test_deferral_to_a_quarter_is_a_date(self, make: Any, starts: Any) -> None:
        """Work deferred to a quarter may be planned from that quarter on."""
        record = make.client([make.initiative("a")], [make.decision("a", "defer", quarter="2027-Q3")])
        assert starts(plan_roadmap(record)) == {"a": 2}

    def test_approved_work_is_in(self, make: Any) -> None:
        """Approved work is in the plan before work worth more."""
        work = [make.initiative("a", goals={"g": 1}, capex=1500), make.initiative("b", capex=1500)]
        roadmap = plan_roadmap(make.client(work, [make.decision("a", "approve")]))
        assert [(one.initiative, one.fixed) for one in roadmap.scheduled] == [("a", "decided")]

    def test_pinned_work_starts_where_it_is_pinned(self, make: Any, starts: Any) -> None:
        """A pin fixes the start."""
        record = make.client([make.initiative("a")], [make.decision("a", "pin", quarter="2028-Q1")])
        assert starts(plan_roadmap(record)) == {"a": 4}

    @pytest.mark.parametrize("quarter", ["Q4 2026", "Q4 2028", "Q1 2031"])
    def test_a_pin_that_cannot_be_kept_is_named(self, make: Any, quarter: str) -> None:
        """A pin before the plan or past its end makes no plan, and is named."""
        record = make.client([make.initiative("a")], [make.decision("a", "pin", quarter=quarter)])
        roadmap = plan_roadmap(record)
        assert roadmap.kind == "infeasible"
        assert "“Name of a”" in roadmap.conflicts[0]
        assert quarter in roadmap.conflicts[0]

    def test_the_last_decision_stands(self, make: Any) -> None:
        """A later decision replaces an earlier one; accepting a risk replaces none."""
        made = [
            make.decision("a", "reject"),
            make.decision("a", "approve", "r2", date(2027, 7, 1)),
            make.decision("b", "reject"),
            make.decision("b", "accept risk", "r2", date(2027, 7, 1)),
        ]
        roadmap = plan_roadmap(make.client([make.initiative("a"), make.initiative("b")], made))
        assert [one.initiative for one in roadmap.scheduled] == ["a"]
        assert causes(roadmap) == {"b": "decision"}

    def test_a_round_knows_nothing_of_later_decisions(self, make: Any) -> None:
        """An earlier round planned again does not look at what was decided after it."""
        record = make.client([make.initiative("a")], [make.decision("a", "reject", "r2")])
        assert not plan_roadmap(record, "r1").deferred
        assert causes(plan_roadmap(record, "r2")) == {"a": "decision"}
