"""The business case, against sums done quarter by quarter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.client.calendar import Quarter
from toolkit.plan.business_case import business_case, paid_back_text
from toolkit.plan.plan import plan_roadmap
from toolkit.plan.roadmap import Roadmap, Scheduled

START = Quarter(2027, 1)


def roadmap(*work: tuple[str, int, int, float]) -> Roadmap:
    """Return a plan of eight quarters; each piece of work begins and ends in a quarter counted from the first."""
    scheduled = tuple(
        Scheduled(id, START.plus(begin), START.plus(end), 0.0, 0.0, capital)
        for id, begin, end, capital in work
    )
    return Roadmap("optimised", START, 8, scheduled=scheduled)


def test_a_plan_pays_back_in_the_quarter_from_which_its_sum_stays_above_zero(make: Any) -> None:
    """100 in two quarters, then 40 less 20 a year: 5 a quarter, so that the twentieth after it has paid 100."""
    record = make.client([make.initiative("a", benefit=40, opex=20)])
    case = business_case(record, roadmap(("a", 0, 1, 100.0)))
    assert case is not None
    assert case.paid_back == START.plus(21)
    assert [(y.year, y.capital, y.running, y.benefit, y.cumulative) for y in case.years][:2] == [
        (2027, 100, 10, 20, -90), (2028, 0, 20, 40, -70),
    ]  # fmt: skip


def test_what_has_no_benefit_counts_as_cost_and_is_named(make: Any) -> None:
    """Its share of the capital is said; without any benefit on record there is no business case."""
    record = make.client([make.initiative("a", benefit=40, opex=0), make.initiative("b", capex=300)])
    case = business_case(record, roadmap(("a", 0, 1, 100.0), ("b", 0, 1, 300.0)))
    assert case is not None
    assert (case.known, case.unknown, case.unknown_running, case.unknown_share) == (
        ("a",),
        ("b",),
        ("b",),
        0.75,
    )
    assert case.paid_back is None
    assert business_case(make.client([make.initiative("b")]), roadmap(("b", 0, 1, 100.0))) is None


def test_every_cost_is_said_to_be_paid_back_only_where_all_are_known(make: Any) -> None:
    """One running cost that nobody knows: what is paid back is every known cost."""
    work = (make.initiative("a", benefit=400, opex=0), make.initiative("b", benefit=400))
    for running, said in ((0, "every new cost"), (None, "every known new cost")):
        known = work[1].model_copy(update={"opex": running})
        plan = roadmap(("a", 0, 1, 100.0), ("b", 0, 1, 100.0))
        case = business_case(make.client([work[0], known]), plan)
        assert case is not None
        assert f"would pay {said} of the plan back by" in paid_back_text(case, "USD")


def test_what_was_spent_before_the_plan_is_left_out(make: Any) -> None:
    """Of work that began a quarter before, half is sunk."""
    work = make.initiative("a", benefit=400, opex=0, status="in progress", start="2026-Q4")
    case = business_case(make.client([work]), roadmap(("a", -1, 0, 100.0)))
    assert case is not None
    assert case.years[0].capital == 50
    assert case.paid_back == START.plus(1)


@settings(max_examples=30)
@given(
    work=st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 100), st.integers(1, 3)), min_size=1, max_size=4
    )
)
def test_its_years_are_the_plans_own_and_its_last_sum_is_the_total(
    make: Any, work: list[tuple[int, int, int]]
) -> None:
    """Capital and running cost within the plan's years are those of the plan; cash out and cash back add up."""
    record = make.client(
        [
            make.initiative(f"i{n}", capex=100, benefit=benefit, opex=opex, duration=duration)
            for n, (benefit, opex, duration) in enumerate(work)
        ]
    )
    plan = plan_roadmap(record)
    case = business_case(record, plan)
    if not plan.scheduled:
        assert case is None
        return
    assert case is not None
    planned = {year.year: year for year in plan.years}
    for year in case.years:
        if year.year in planned:
            assert year.capital == pytest.approx(planned[year.year].capex)
            assert year.running == pytest.approx(planned[year.year].opex)
    net = sum(year.benefit - year.running - year.capital for year in case.years)
    assert case.years[-1].cumulative == pytest.approx(net, abs=1e-6)
