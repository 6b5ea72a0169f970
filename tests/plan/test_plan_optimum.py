"""The plan is the best there is, keeps every limit, and does not hang on the order of the rows.

``benchmarks/soak_plan.py`` proves the same at length; these are slices of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import soak_plan as soak
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slices import examples, sliced

from toolkit.client.record import Record
from toolkit.client.schema import Capacity
from toolkit.plan import plan_roadmap, to_json

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@st.composite
def clients(draw: Any, initiatives: int = 8, quarters: int = 6) -> Record:
    """Draw a client with every feature, up to a size."""
    size, length = (draw(st.sampled_from(range(most, 1, -1))) for most in (initiatives, quarters))
    return soak.client(lambda options: draw(st.sampled_from(options)), size, length)


@pytest.mark.parametrize("seed", sliced(range(40), 10))
def test_searching_finds_what_trying_every_plan_finds(seed: int) -> None:
    """On tiny records, the best plan of the pruned search is that of all combinations of starts."""
    known = soak.Oracle(soak.seeded(seed, 2 + seed % 2, 2 + seed % 3))
    every = [known.figures(plan) for plan in known.every()]
    best = min(every, key=lambda f: [round(x, 6) for x in (-f[0], f[1], f[2])], default=None)
    assert known.best() == (None if best is None else pytest.approx(best, abs=1e-9))
    assert known.exists(known.live) == any(set(plan) == set(known.live) for plan in known.every())


@settings(max_examples=examples(60), suppress_health_check=SLOW)
@given(record=clients())
def test_the_plan_is_the_best_of_all_plans(record: Record) -> None:
    """Value, then money, then starts equal those of the best plan; where none is allowed, none is given."""
    assert soak.optimum(record, plan_roadmap(record)) == []


@settings(max_examples=examples(40), suppress_health_check=SLOW)
@given(record=clients(12, 8))
def test_a_plan_keeps_every_limit_and_tells_its_figures(record: Record) -> None:
    """Money, people and dates are kept, and every figure of the roadmap can be worked out again from the record."""
    assert soak.broken(record, plan_roadmap(record)) == []


@settings(max_examples=examples(20), suppress_health_check=SLOW)
@given(record=clients(8, 6))
def test_each_reason_for_a_deferral_holds(record: Record) -> None:
    """What money or people defer fits beside the plan in no way, and does once that limit is lifted."""
    assert soak.reasons(record, plan_roadmap(record)) == []


@pytest.mark.heavy
@settings(max_examples=examples(50), suppress_health_check=SLOW)
@given(record=clients(10, 8))
def test_each_reason_for_a_deferral_holds_among_more_work(record: Record) -> None:
    """The same of clients so large that all plans of one take seconds to try."""
    assert soak.reasons(record, plan_roadmap(record)) == []


@settings(max_examples=examples(30), suppress_health_check=SLOW)
@given(record=clients(), seed=st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(record: Record, seed: int) -> None:
    """Rows, pairs and references in any order give the same plan, byte for byte."""
    assert to_json(plan_roadmap(soak.shuffled(record, seed))) == to_json(plan_roadmap(record))


@settings(max_examples=examples(30), suppress_health_check=SLOW)
@given(record=clients(), more=st.integers(1, 20), which=st.integers(0, 2))
def test_more_money_never_lowers_the_value(record: Record, more: int, which: int) -> None:
    """Raising one year's budget gives a plan worth at least as much, and never takes a plan away."""
    before = plan_roadmap(record)
    budget = [
        one.model_copy(update={"amount": one.amount + more}) if i == which else one
        for i, one in enumerate(record.facts.budget)
    ]
    after = plan_roadmap(replace(record, facts=record.facts.model_copy(update={"budget": tuple(budget)})))
    if before.kind == "optimised":
        assert after.kind == "optimised"
        assert (after.value or 0.0) >= (before.value or 0.0) - 1e-7


@settings(max_examples=examples(25), suppress_health_check=SLOW)
@given(record=clients(), benefits=st.lists(st.sampled_from([None, 0, 5, 900]), min_size=8, max_size=8))
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


def test_fresh_processes_give_the_same_bytes() -> None:
    """Another hash seed, another order of rows and a busy machine change no byte of a plan."""
    assert len(soak.same_bytes(1, busy=0, large=1) | soak.same_bytes(1, busy=1, large=1)) == 1
