"""What leadership answers: the next plan obeys it, says so, and asks again only where what the answer rests on has changed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slices import examples

from toolkit.client.asks import PublishedAsk
from toolkit.client.calendar import Quarter
from toolkit.client.checks import check
from toolkit.client.record import Record
from toolkit.client.schema import Pin, Planning, Risk, Scenario
from toolkit.errors import InputError
from toolkit.intake.decision_answers import AnswerFields, taken
from toolkit.plan.decisions import APPROVE, RELEASE, asked_in, published
from toolkit.plan.plan import plan_roadmap
from toolkit.plan.roadmap import Roadmap

DAY = date(2027, 1, 10)


def asked(record: Record, round_id: str = "r1") -> dict[str, PublishedAsk]:
    """Return what a round's plan asks, as it is published."""
    made = published(record, asked_in(record, round_id, plan_roadmap(record, round_id)))
    return {one.id: one for one in made}


def answered(record: Record, ask: str, answer: str, quarter: str = "", **more: Any) -> Record:
    """Return the record with one answer taken, without a fault."""
    fields = AnswerFields(ask=ask, answer=answer, quarter=quarter, by="Ann, COO", on=DAY, **more)
    out = taken(record, "r1", list(asked(record).values()), [fields]).record
    assert check(out) == []
    return out


def begins(roadmap: Roadmap) -> dict[str, Quarter]:
    """Return in which quarter each initiative of a plan begins."""
    return {one.initiative: one.start for one in roadmap.scheduled}


def test_what_is_approved_is_pinned_in_and_not_asked_again(make: Any) -> None:
    """Work that the next round's money would drop stays in, as decided; the ask is gone, also in the next round."""
    work = [make.initiative("a", capex=900), make.initiative("b", capex=90, goals={"g": 1})]
    after = answered(make.client(work), APPROVE, "approve")
    later = replace(after, initiatives=(*after.initiatives, make.initiative("c", capex=1000)))
    for round_id in ("r1", "r2"):
        plan = plan_roadmap(later, round_id)
        assert {one.initiative: one.fixed for one in plan.scheduled if one.initiative in "ab"} == {"a": "decided", "b": "decided"}  # fmt: skip
        again = asked(later, round_id).get(APPROVE)
        assert again is None or {one.subject for one in again.options[0].effects} == {"c"}
        assert RELEASE not in asked(later, round_id)


def test_a_deferral_holds_until_its_quarter_and_is_credited_to_leadership(make: Any) -> None:
    """Not before that quarter; the plan's row says who deferred it when, and it is asked about again once the quarter comes."""
    record = answered(make.client([make.initiative("a")]), APPROVE, "defer", "2027-Q3")
    (row,) = plan_roadmap(record, "r1").scheduled
    assert str(row.start) == "Q3 2027"
    assert row.held == "deferred by leadership on 10 January 2027 until Q3 2027"
    assert APPROVE not in asked(record)
    planning = Planning(start="2027-Q3", quarters=6)  # type: ignore[arg-type]
    rounds = (
        *record.facts.rounds,
        record.facts.rounds[0].model_copy(update={"id": "r3", "as_of": date(2027, 7, 1)}),
    )
    later = replace(record, facts=record.facts.model_copy(update={"planning": planning, "rounds": rounds}))
    again = asked(later, "r3")[APPROVE]
    assert again.about == "“Name of a” was deferred on 10 January 2027 until Q3 2027, which has come."


@pytest.mark.parametrize("quarter", ["Q2 2028", "Q4 2028", "Q2 2029"])
def test_work_that_a_deferral_keeps_out_says_so(make: Any, quarter: str) -> None:
    """Deferred too far for the money, for its goal or for the plan, its reason begins with the decision."""
    record = answered(make.client([make.initiative("a", duration=4), make.initiative("b")]), APPROVE, "approve",
                      otherwise={"a": ("defer", quarter)})  # fmt: skip
    (row,) = (one for one in plan_roadmap(record, "r1").deferred if one.initiative == "a")
    assert row.because.startswith(f"deferred by leadership on 10 January 2027 until {quarter}; ")


def test_what_is_rejected_is_out(make: Any) -> None:
    """It is in no later plan, with leadership's word as the reason."""
    record = answered(make.client([make.initiative("a"), make.initiative("b")]), APPROVE, "approve",
                      otherwise={"b": ("reject", "")})  # fmt: skip
    for round_id in ("r1", "r2"):
        plan = plan_roadmap(record, round_id)
        assert begins(plan).keys() == {"a"}
        assert [(one.initiative, one.because) for one in plan.deferred] == [("b", "leadership rejected it on 10 January 2027")]  # fmt: skip


def test_the_alternative_chosen_is_in_and_the_other_out(make: Any) -> None:
    """Also the one that the plan had not taken."""
    work = [
        make.initiative(i, alternative_group="erp", capex=capex) for i, capex in (("keep", 100), ("new", 700))
    ]
    record = make.client(work)
    assert begins(plan_roadmap(record, "r1")).keys() == {"keep"}
    after = answered(record, "choose.erp", "choose.new")
    assert begins(plan_roadmap(after, "r1")).keys() == {"new"}
    assert "choose.erp" not in asked(after)
    neither = answered(record, "choose.erp", "none")
    assert begins(plan_roadmap(neither, "r1")) == {}


def test_an_accepted_risk_is_recorded_and_not_asked_again(make: Any) -> None:
    """Neither in this round nor in the next; what is decided stands in both."""
    risk = Risk(id="k", name="Support ends", severity=0.9, due=date(2027, 9, 30))
    record = make.client([make.initiative("a")], risks=(risk,))
    assert "risk.k" in asked(record)
    after = answered(record, "risk.k", "accept")
    assert [(d.subject, d.decision) for d in after.decisions] == [("k", "accept risk")]
    assert "risk.k" not in {**asked(after), **asked(after, "r2")}


def test_an_approval_that_no_budget_holds_is_told(make: Any) -> None:
    """Cut the budget below what was approved: there is no plan, and the decision is named with its day among what collides."""
    record = answered(make.client([make.initiative("a", capex=900)]), APPROVE, "approve")
    budget = tuple(one.model_copy(update={"amount": 300}) for one in record.facts.budget)
    plan = plan_roadmap(replace(record, facts=record.facts.model_copy(update={"budget": budget})), "r1")
    assert plan.kind == "infeasible"
    assert any("“Name of a” (decided on 10 January 2027" in one for one in plan.conflicts)


def test_what_costs_more_than_was_approved_is_asked_again(make: Any) -> None:
    """It stays in meanwhile, and the ask says what it cost and costs; a difference by rounding asks nothing."""
    record = answered(make.client([make.initiative("a", capex=400)]), APPROVE, "approve")
    for capex, told in (
        (401, None),
        (520, "“Name of a” was approved on 10 January 2027; it costs USD 520 now, not USD 400."),
    ):
        dearer = replace(record, initiatives=(make.initiative("a", capex=capex),))
        assert begins(plan_roadmap(dearer, "r2")).keys() == {"a"}
        again = asked(dearer, "r2").get(RELEASE)
        assert (again.about.startswith(told) if again and told else again) == (True if told else None)


def test_an_answer_stands_over_the_pin_that_it_was_given_to(make: Any) -> None:
    """The scenario that the plan follows pins work in; leadership, asked of that plan, rejects it: it is out."""
    scenario = Scenario(
        id="s", name="S", round="r1", pins=(Pin(initiative="a", place="in", reason="Tried."),)
    )
    planning = Planning(start="2027-Q1", quarters=8, scenario="s")  # type: ignore[arg-type]
    record = replace(
        make.client([make.initiative("a"), make.initiative("b")], planning=planning), scenarios=(scenario,)
    )
    assert "a" in asked(record)[RELEASE].option("reject").effects[0].subject  # type: ignore[union-attr]
    after = answered(record, RELEASE, "reject")
    assert begins(plan_roadmap(after, "r1")).keys() == {"b"}


@st.composite
def _clients(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[Risk]]:
    risks = [Risk(id="k", name="Support ends", severity=0.9, due=date(2028, 3, 31))] * draw(st.integers(0, 1))
    work = [
        {
            "id": f"i{n}", "capex": draw(st.sampled_from([100, 400, 900])), "duration": draw(st.integers(1, 4)),
            "goals": {"g": draw(st.integers(0, 3))}, "mandatory": draw(st.sampled_from([None, None, None, "A law."])),
            "alternative_group": draw(st.sampled_from([None, None, "x"])),
            "settles": draw(st.sampled_from([(), ("k",)])) if risks else (),
            "depends_on": draw(st.sampled_from([(), (f"i{n - 1}",) if n else ()])),
        }
        | draw(st.sampled_from([{}, {}, {"status": "in progress", "start": "2026-Q4"}]))
        for n in range(draw(st.integers(1, 5)))
    ]  # fmt: skip
    return work, risks


@settings(
    max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(made=_clients(), data=st.data())
def test_no_plan_contradicts_an_answer(make: Any, made: Any, data: st.DataObject) -> None:
    """Answer all that is asked at random: rejected is never planned, deferred never before, approved in or told why not."""
    work, risks = made
    record = make.client(
        [make.initiative(one.pop("id"), **one) for one in map(dict, work)], risks=tuple(risks)
    )
    asks = asked(record)
    quarters = st.sampled_from(["2027-Q2", "2027-Q4", "2028-Q3", "2029-Q1"])
    fields = []
    for ask in asks.values():
        option = data.draw(st.sampled_from([None, *ask.options]), label=ask.id)
        if option is None:
            continue
        quarter = data.draw(quarters) if option.until else ""
        apart = {}
        for part in ask.parts:
            other = data.draw(st.sampled_from([None, *ask.options]))
            if other and part.subject in {one.subject for one in other.effects}:
                apart[part.subject] = (other.answer, data.draw(quarters) if other.until else "")
        fields.append(
            AnswerFields(ask=ask.id, answer=option.answer, quarter=quarter, by="Ann", on=DAY, otherwise=apart)
        )
    # Two asks may be about the same work: what contradicts itself is refused, and so left out here.
    after = record
    for field in fields:
        after = _tried(after, list(asks.values()), field)
    assert check(after) == []
    plan = plan_roadmap(after, "r1")
    begun, told = (
        begins(plan),
        " ".join([*plan.conflicts, *(one.because for one in plan.deferred), *plan.uncounted]),
    )
    running = {one.id for one in after.initiatives if one.status == "in progress"}
    for d in after.decisions:
        name = f"Name of {d.subject}"
        if d.subject not in {one.id for one in after.initiatives}:
            continue
        if d.decision == "reject":
            assert d.subject not in begun
        if d.decision == "defer" and d.quarter and d.subject in begun:
            assert begun[d.subject] >= d.quarter
        if d.decision == "approve" and plan.kind == "optimised":
            assert d.subject in begun or d.subject in told
        elif d.decision == "approve" and plan.kind == "infeasible":
            assert plan.conflicts
        assert d.decision != "defer" or d.subject not in running, name


def _tried(record: Record, asks: list[PublishedAsk], field: AnswerFields) -> Record:
    """Return the record with an answer, or without one that contradicts another about the same work."""
    with suppress(InputError):
        return taken(record, "r1", asks, [field]).record
    return record


def test_a_rejected_initiative_that_costs_less_says_so(make: Any) -> None:
    """It stays out; its reason names both costs, so that leadership may take it up again."""
    record = answered(make.client([make.initiative("a", capex=400)]), APPROVE, "reject")
    cheaper = replace(record, initiatives=(make.initiative("a", capex=100),))
    (row,) = plan_roadmap(cheaper, "r2").deferred
    assert row.because == "leadership rejected it on 10 January 2027; it costs USD 100 now, not USD 400"


def test_work_begun_before_the_quarter_until_which_it_was_deferred_is_told(make: Any) -> None:
    """What is under way stays where it began; the plan notes that leadership had deferred it."""
    record = answered(make.client([make.initiative("a")]), APPROVE, "defer", "2027-Q4")
    begun = make.initiative("a", status="in progress", start="2027-Q1")
    plan = plan_roadmap(replace(record, initiatives=(begun,)), "r1")
    assert "“Name of a” was deferred by leadership on 10 January 2027 until Q4 2027, and is under way since Q1 2027." in plan.notes  # fmt: skip


def test_what_blocks_the_plan_is_asked_until_it_is_there(make: Any) -> None:
    """Agreed to, the budget is asked for all the same, with the day on which it was agreed; once it is there, no more."""
    record = make.client([make.initiative("a")], budget=(), capacity=())
    after = answered(record, "set-budget", "approve")
    assert asked(after)["set-budget"].about.startswith("Approved on 10 January 2027, and still open.")
