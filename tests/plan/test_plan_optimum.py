"""The plan is the best there is, keeps every limit, and does not hang on the order of the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.client.calendar import Quarter
from toolkit.client.facts import Budget, Capacity, Facts, Goal, Planning, Profile, Risk, Round
from toolkit.client.record import Record
from toolkit.client.work import Initiative
from toolkit.plan import plan_roadmap, to_json

FIRST = Quarter(2027, 3)


@st.composite
def initiatives(draw: Any, count: int) -> list[Initiative]:
    """Draw initiatives with every feature; those that come later may wait for those before."""
    work: list[Initiative] = []
    for i in range(count):
        duration = draw(st.sampled_from([1, 1, 1, 2, 2, 3]))
        fields: dict[str, Any] = {
            "id": f"i{i}",
            "name": f"Initiative {i}",
            "duration": duration,
            "capex": draw(st.integers(1, 12)),
            "opex": draw(st.sampled_from([None, 0, 4, 16])),
            "contingency": draw(st.sampled_from([None, 0.5])),
            "goals": {"g": draw(st.integers(0, 3)), "h": draw(st.sampled_from([0, 0, 3]))},
            "fte": {"dev": draw(st.sampled_from([0, 0.5, 1, 2]))},
            "settles": draw(st.sampled_from([(), ("r",)])),
            "alternative_group": draw(st.sampled_from([None, None, None, "either"])),
            "depends_on": tuple(f"i{j}" for j in range(i) if draw(st.integers(0, 4)) == 0),
        }
        if draw(st.booleans()):
            fields["capex_profile"] = (1.0, *[0.0] * (duration - 1))
        kind = draw(st.sampled_from([*["free"] * 7, "late", "deadline", "mandatory", "under way"]))
        if kind == "late":
            fields["earliest_start"] = FIRST.plus(draw(st.integers(0, 2)))
        elif kind == "deadline":
            fields["deadline"] = FIRST.plus(draw(st.integers(1, 3)))
        elif kind == "mandatory":
            fields["mandatory"] = "the law"
        elif kind == "under way":
            fields |= {"status": "in progress", "start": FIRST.plus(draw(st.integers(-2, 1)))}
        work.append(Initiative.model_validate(fields))
    return work


@st.composite
def clients(draw: Any) -> Record:
    """Draw a client of up to five initiatives and five quarters that cross the end of a fiscal year."""
    quarters = draw(st.sampled_from([2, 3, 4, 4, 4, 5]))
    work = draw(initiatives(draw(st.integers(2, 5 if quarters < 4 else 4))))
    last = FIRST.plus(quarters - 1).year
    facts = Facts(
        profile=Profile(name="Drawn"),
        goals=(Goal(id="g", name="G", weight=70), Goal(id="h", name="H", weight=30)),
        risks=(Risk(id="r", name="R", severity=draw(st.sampled_from([None, 0.5]))),),
        budget=tuple(
            Budget(year=y, amount=draw(st.integers(4, 40)), reserve=draw(st.sampled_from([0, 0.2])))
            for y in range(FIRST.year, last + 1)
        ),
        capacity=draw(
            st.sampled_from(
                [(), (Capacity(role="dev", fte=2),), (Capacity(role="dev", fte=1, quarter=FIRST.plus(1)),)]
            )
        ),
        planning=Planning(start=FIRST, quarters=quarters),
        rounds=(Round(id="r1", as_of=date(2026, 12, 31)),),
    )
    return Record("drawn", facts, initiatives=tuple(work))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record=clients())
def test_the_plan_is_the_best_of_all_plans(record: Record, oracle: Any, starts: Any) -> None:
    """Value, and then money, equal those of trying every plan; where none is allowed, none is given."""
    known, roadmap = oracle(record), plan_roadmap(record)
    best = known.best()
    if best is None:
        assert roadmap.kind == "infeasible"
        assert roadmap.conflicts
        return
    plan = starts(roadmap)
    assert roadmap.kind == "optimised"
    assert known.broken(plan) == []
    assert (known.accrued(plan), sum(known.money(plan).values())) == pytest.approx(best, abs=1e-7)
    assert roadmap.value == pytest.approx(best[0], abs=1e-9)
    assert roadmap.gap == pytest.approx(0, abs=1e-5)
    assert {one.initiative for one in (*roadmap.scheduled, *roadmap.deferred)} == set(known.by_id)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(record=clients(), shuffled=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(record: Record, shuffled: Any) -> None:
    """Initiatives, goals, risks, budgets and capacity in any order give the same plan, byte for byte."""

    def mixed(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(shuffled.sample(rows, len(rows)))

    names = ("goals", "risks", "budget", "capacity")
    facts = record.facts.model_copy(update={name: mixed(getattr(record.facts, name)) for name in names})
    other = replace(record, facts=facts, initiatives=mixed(record.initiatives))
    assert to_json(plan_roadmap(other)) == to_json(plan_roadmap(record))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(record=clients(), more=st.integers(1, 20), year=st.integers(0, 1))
def test_more_money_never_lowers_the_value(record: Record, more: int, year: int) -> None:
    """Raising one year's budget gives a plan worth at least as much, and never takes a plan away."""
    before = plan_roadmap(record)
    budget = [
        one.model_copy(update={"amount": one.amount + more}) if i == year else one
        for i, one in enumerate(record.facts.budget)
    ]
    after = plan_roadmap(replace(record, facts=record.facts.model_copy(update={"budget": tuple(budget)})))
    if before.kind == "optimised":
        assert after.kind == "optimised"
        assert (after.value or 0.0) >= (before.value or 0.0) - 1e-7


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(record=clients(), benefits=st.lists(st.sampled_from([None, 0, 5, 900]), min_size=5, max_size=5))
def test_an_unknown_benefit_is_not_nothing(record: Record, benefits: list[float | None]) -> None:
    """Benefits do not enter the value: known, unknown or nothing, the plan is the same."""
    pairs = zip(record.initiatives, benefits, strict=False)
    work = tuple(one.model_copy(update={"benefit": benefit}) for one, benefit in pairs)
    first, second = plan_roadmap(record), plan_roadmap(replace(record, initiatives=work))
    assert replace(first, questions=()) == replace(second, questions=())


def test_equal_plans_are_told_apart_in_order_of_id(make: Any, starts: Any) -> None:
    """Of two initiatives alike in everything, the first in order of id is planned first."""
    work = [make.initiative(one, duration=1, capex=10, fte={"dev": 1}) for one in ("b", "a", "c")]
    record = make.client(work, capacity=(Capacity(role="dev", fte=1),))
    assert starts(plan_roadmap(record)) == {"a": 0, "b": 1, "c": 2}


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(record=clients())
def test_each_limit_that_defers_is_the_one_that_binds(record: Record, oracle: Any, starts: Any) -> None:
    """What money or people defer fits beside the plan in no way, and does once that limit is lifted."""
    roadmap = plan_roadmap(record)
    rich = tuple(one.model_copy(update={"amount": 1e6}) for one in record.facts.budget)
    without_budget = replace(record, facts=record.facts.model_copy(update={"budget": rich}))
    without_capacity = replace(record, facts=record.facts.model_copy(update={"capacity": ()}))
    for one in roadmap.deferred:
        together = [*starts(roadmap), one.initiative]
        if one.binding == "value":
            assert oracle(record).exists(together, last_earns=True)
        elif one.binding in ("budget", "capacity"):
            lifted = without_budget if one.binding == "budget" else without_capacity
            assert not oracle(record).exists(together, last_earns=True)
            assert oracle(lifted).exists(together, last_earns=True) or "neither" in one.because
        elif one.binding in ("date", "horizon") and "too late to earn" not in one.because:
            assert not oracle(
                replace(without_budget, facts=without_budget.facts.model_copy(update={"capacity": ()}))
            ).exists([one.initiative])
