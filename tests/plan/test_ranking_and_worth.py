"""The lists that people usually make, and what work pays back, worked out by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from toolkit.client.facts import Budget, Planning, Profile
from toolkit.plan import explain_roadmap

ORACLE = Path(__file__).parent / "oracle.py"
YEAR = {"planning": Planning(start="2027-Q1", quarters=4), "budget": (Budget(year=2027, amount=100),)}


def test_value_per_cost_is_misled_where_the_plan_is_not(make: Any) -> None:
    """The cheap third of a goal goes first and leaves no room: 0.25 of value for 10, where the plan earns 0.75 for 95."""
    work = [
        make.initiative("cheap", duration=1, capex=10, goals={"g": 1}),
        make.initiative("dear", duration=1, capex=95, goals={"g": 3}),
    ]
    roadmap = explain_roadmap(make.client(work, **YEAR))
    (ranking,) = roadmap.rankings
    assert (ranking.by, ranking.initiatives, ranking.money) == ("value per cost", ("cheap",), 10)
    assert ranking.value == pytest.approx(1 / 3 * 3 / 4)
    assert roadmap.value == pytest.approx(3 / 4)


def test_leadership_s_own_order_is_gone_down_as_it_is_given(make: Any) -> None:
    """With ranks recorded, their order is filled too; what has none comes after those that have."""
    work = [
        make.initiative("cheap", duration=1, capex=10, goals={"g": 1}, rank=2),
        make.initiative("dear", duration=1, capex=95, goals={"g": 3}, rank=1),
        make.initiative("small", duration=1, capex=2, goals={"g": 1}),
    ]
    _, own = explain_roadmap(make.client(work, **YEAR)).rankings
    assert (own.by, own.initiatives, own.money) == ("leadership", ("dear", "small"), 97)


def test_a_list_waits_for_what_is_needed_first_and_holds_what_is_fixed(make: Any) -> None:
    """Fixed work is in whatever its place; work before its groundwork is looked at again once that is in."""
    work = [
        make.initiative("law", duration=1, capex=50, goals={}, mandatory="the law"),
        make.initiative("house", duration=1, capex=10, depends_on=("ground",)),
        make.initiative("ground", duration=1, capex=40, goals={"g": 1}),
    ]
    (ranking,) = explain_roadmap(make.client(work, **YEAR)).rankings
    assert ranking.initiatives == ("house", "ground", "law")
    assert ranking.value == pytest.approx(1 / 3 * 3 / 4 + 2 / 4)


@pytest.mark.parametrize("seed", range(12))
def test_no_list_beats_a_proven_plan_or_breaks_a_limit(seed: int) -> None:
    """Within the same limits no ranked list earns more than the plan; what it takes has a plan of its own."""
    soak = _loaded("soak_plan", ORACLE.parents[2] / "benchmarks" / "soak_plan.py")
    record = soak.seeded(seed, 8, 6)
    roadmap = explain_roadmap(record)
    for one in roadmap.rankings:
        assert one.value <= (roadmap.value or 0.0) + 1e-9
        assert soak.Oracle(record).exists(one.initiatives)


def _loaded(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


def paying(make: Any, rate: float | None = 0.1, **fields: Any) -> Any:
    """Return the plan of one initiative: 120 with contingency over two quarters, then 80 a year net."""
    work = [make.initiative("a", **({"contingency": 0.2, "benefit": 100, "opex": 20} | fields))]
    return explain_roadmap(make.client(work, profile=Profile(name="C", discount_rate=rate)))


def test_payback_and_net_present_value_of_a_hand_worked_case(make: Any) -> None:
    """60 and 60 out, 20 a quarter in from the third on: paid back by the eighth; five years at 10 % by the annuity formula."""
    (worth,) = paying(make).worth
    q = 1.1**-0.25
    assert str(worth.payback) == "2028-Q4"
    assert worth.npv == pytest.approx(20 * q**3 * (1 - q**18) / (1 - q) - 60 * (q + q**2))


def test_without_a_rate_there_is_payback_and_no_present_value(make: Any) -> None:
    """A missing discount rate is not zero."""
    (worth,) = paying(make, rate=None).worth
    assert (str(worth.payback), worth.npv) == ("2028-Q4", None)
    (at_nothing,) = paying(make, rate=0.0).worth
    assert at_nothing.npv == pytest.approx(20 * 18 - 120)


@pytest.mark.parametrize("unknown", ["benefit", "opex"])
def test_what_is_not_known_gives_no_figure(make: Any, unknown: str) -> None:
    """Without a benefit, or without the running cost it has to carry, nothing is said of payback."""
    assert paying(make, **{unknown: None}).worth == ()


def test_money_spent_before_the_plan_is_sunk_but_has_to_be_paid_back(make: Any) -> None:
    """Work begun a quarter before counts 60 less in present value; its payback still carries all 120."""
    (worth,) = paying(make, status="in progress", start="2026-Q4").worth
    q = 1.1**-0.25
    assert worth.npv == pytest.approx(20 * q**2 * (1 - q**19) / (1 - q) - 60 * q)
    assert str(worth.payback) == "2028-Q3"


def test_what_never_pays_back_says_so(make: Any) -> None:
    """Running cost above the benefit gives no payback within five years, and a negative value."""
    (worth,) = paying(make, benefit=10).worth
    assert worth.payback is None
    assert worth.npv is not None
    assert worth.npv < -120
