"""When services renew and assets end, and which planned work answers that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.schema import Asset, Service
from toolkit.plan.plan import plan_roadmap
from toolkit.plan.renewals import renewals, service_costs

AS_OF, DONE = date(2026, 12, 31), date(2027, 6, 30)  # work pinned to two quarters from 2027-Q1 is done then
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def planned(make: Any, **lists: Any) -> Any:
    """Return a record with its services and assets, and the plan that does its one initiative in two quarters."""
    work, pin = make.initiative("a"), make.decision("a", "pin", quarter="2027-Q1")
    record = replace(make.client([work], [pin]), **lists)
    return record, plan_roadmap(record, "r1")


@pytest.mark.parametrize(("due", "kind"), [(DONE, "in time"), (DONE - timedelta(days=1), "too late")])
def test_work_answers_what_it_is_done_by(make: Any, due: date, kind: str) -> None:
    """Work that ends on the day answers a renewal and an end of life, and one that ends a day later does not."""
    record, plan = planned(
        make,
        services=(Service(id="s", name="S", renewal=due, notice_days=90, retired_by="a"),),
        assets=(Asset(id="x", name="X", end_of_life=due, replaced_by="a"),),
    )
    found = renewals(record, AS_OF, plan)
    assert [one.answer.kind for one in found] == [kind, kind]
    assert [one.act_by for one in found] == [due - timedelta(days=90), due]
    assert [one.is_open for one in found] == [kind == "too late"] * 2


def test_what_no_work_is_named_for_has_no_answer(make: Any) -> None:
    """A date without an initiative is open, and one whose initiative was stopped as well; what has no date is left out."""
    services = (Service(id="s", name="S", notice=date(2027, 3, 1)), Service(id="t", name="T"))
    assets = (Asset(id="x", name="X", end_of_life=date(2027, 4, 1), replaced_by="b"),)
    record, _ = planned(make)
    stopped = replace(
        record, initiatives=(*record.initiatives, make.initiative("b", status="stopped")), services=services, assets=assets
    )  # fmt: skip
    found = renewals(stopped, AS_OF, plan_roadmap(stopped, "r1"))
    assert [(one.row.id, one.answer.said, one.is_open) for one in found] == [
        ("s", "nothing yet", True),
        ("x", "nothing yet", True),
    ]


def test_services_do_not_change_the_plan(make: Any) -> None:
    """A plan rests on goals, risks and limits: what services cost is part of what runs already."""
    record, plan = planned(make)
    costly = replace(record, services=(Service(id="s", name="S", yearly_cost=1e9, renewal=DONE, retired_by="a"),))  # fmt: skip
    assert plan_roadmap(costly, "r1") == plan


def test_what_services_cost_is_added_up_once(make: Any) -> None:
    """1,000 and 500 cost 1,500; 10 % more at the renewal of the first adds 100; the second is retired, the third unknown."""
    services = (
        Service(id="s", name="S", yearly_cost=1000, price_rise=0.1, renewal=date(2027, 2, 1)),
        Service(id="t", name="T", yearly_cost=500, price_rise=0.5, renewal=date(2028, 1, 1), retired_by="a"),
        Service(id="u", name="U"),
    )
    record, plan = planned(make, services=services)
    costs = service_costs(record, renewals(record, AS_OF, plan))
    assert (costs.a_year, costs.retired, costs.unknown) == (1500, 500, 1)
    assert costs.rise == pytest.approx(100)


@given(DAYS, st.integers(1, 50), st.sampled_from([0.0, 0.25, 0.5, 0.75]))
def test_a_life_ends_on_the_same_day_so_many_months_later(bought: date, years: int, quarter: float) -> None:
    """As dateutil counts months; a stated end of life comes before a counted one."""
    life = min(years + quarter, 50)
    one = Asset(id="x", name="X", bought=bought, life_years=life)
    assert one.ends == bought + relativedelta(months=int(life * 12))
    assert Asset(id="x", name="X", bought=bought, life_years=life, end_of_life=bought).ends == bought
