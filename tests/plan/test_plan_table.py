"""The plan as rows: every initiative once, its money and people by quarter, and what the plan is proven to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from toolkit.client.record import Record
from toolkit.client.schema import Budget, Capacity
from toolkit.client.store import load
from toolkit.plan import Roadmap, plan_roadmap
from toolkit.plan.plan_table import accounts_for, in_each_quarter, proof, quarters_of, roadmap_rows, spread
from toolkit.plan.roadmap import how_good

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"


def by_year(record: Record, roadmap: Roadmap) -> list[tuple[int, float, float]]:
    """Return each fiscal year's capital and running cost, added up from the quarters."""
    paid, running = in_each_quarter(spread(record, roadmap))
    quarters = quarters_of(roadmap)
    return [
        (year, sum(p for p, q in zip(paid, quarters, strict=True) if q.year == year),
         sum(r for r, q in zip(running, quarters, strict=True) if q.year == year))
        for year in sorted({q.year for q in quarters})
    ]  # fmt: skip


def check_sums(record: Record, roadmap: Roadmap) -> None:
    """Compare the quarters with the plan's own years."""
    assert roadmap.scheduled
    for (year, paid, running), known in zip(by_year(record, roadmap), roadmap.years, strict=True):
        assert (year, paid, running) == (known.year, pytest.approx(known.capex), pytest.approx(known.opex))


@pytest.mark.parametrize("slug", ["meridian-manufacturing", "harbour-credit-union"])
def test_the_quarters_of_a_sample_add_up_to_its_years(slug: str) -> None:
    """In both samples that have a plan, money by quarter sums to the plan's money by year."""
    record = load(SAMPLES, slug)
    check_sums(record, plan_roadmap(record))


@pytest.mark.parametrize("running", [None, 60])
def test_money_is_spread_as_the_work_is(make: Any, running: float | None) -> None:
    """Work begun before the plan, an uneven profile, contingency and running cost all sum to the plan's years."""
    work = [
        make.initiative("a", status="in progress", start="2026-Q3", duration=4, capex=400, opex=40),
        make.initiative("b", capex=300, capex_profile=(0.5, 0.3, 0.2), duration=3, contingency=0.1, opex=20),
        make.initiative("c", capex=0, duration=1, opex=0),
    ]
    budget = tuple(Budget(year=year, amount=1000, opex=running) for year in (2027, 2028))
    record = make.client(work, budget=budget)
    roadmap = plan_roadmap(record)
    check_sums(record, roadmap)
    spreads = spread(record, roadmap)
    assert spreads["a"].works == (True, True, *[False] * 6)
    assert spreads["a"].capital == (100, 100, *[0] * 6)
    assert spreads["a"].running == (0, 0, *[10] * 6)
    assert spreads["b"].capital[:4] == pytest.approx((165, 99, 66, 0))


def test_a_row_says_who_and_whom_it_needs(make: Any) -> None:
    """A row names status, both owners, the people needed and the reason why work must be in."""
    work = make.initiative("a", status="proposed", owner_business="Ann", owner_it="Bo", mandatory="the law",
                           fte={"dev": 1.5, "analyst": 0.25})  # fmt: skip
    record = make.client([work])
    row = roadmap_rows(record, plan_roadmap(record))[0]
    told = {name: row[name] for name in ("status", "owner_business", "owner_it", "people", "because")}
    assert told == {
        "status": "proposed",
        "owner_business": "Ann",
        "owner_it": "Bo",
        "people": "analyst: 0.25; dev: 1.5",
        "because": "mandatory: the law",
    }


def test_where_nothing_is_planned_nothing_is_spread(make: Any) -> None:
    """A timeline has rows but no money by quarter, and nothing is said to be proven."""
    record = make.client([make.initiative("a")], goals=())
    roadmap = plan_roadmap(record)
    assert roadmap.kind == "timeline"
    assert (spread(record, roadmap), proof(roadmap)) == ({}, ())
    assert [row["place"] for row in roadmap_rows(record, roadmap)] == ["not ranked"]


def test_a_plan_says_how_good_it_is_proven_to_be(make: Any) -> None:
    """Proven, the plan says that none is better; with a gap left, by how much; and which roles had no limit."""
    record = make.client([make.initiative("a", fte={"dev": 1})])
    roadmap = plan_roadmap(record)
    assert proof(roadmap) == (
        "No other plan within these limits is worth more by leadership’s weights.",
        "No capacity is recorded for dev, so it sets no limit.",
    )
    assert "worth over 2.5 % more" in proof(replace(roadmap, gap=0.025))[0]


@pytest.mark.parametrize("field", [{"capex": 120}, {"opex": 8}, {"fte": {"dev": 0.5}}, {"duration": 3}])
def test_a_changed_register_no_longer_accounts_for_a_plan(make: Any, field: dict[str, Any]) -> None:
    """A record accounts for the plan made from it, and not once the cost, people or length of its work differ."""
    facts = {"capacity": (Capacity(role="dev", fte=2),)}
    work, other = make.initiative("a", fte={"dev": 1}, opex=4), make.initiative("b", fte={"dev": 1})
    record = make.client([work, other], **facts)
    roadmap = plan_roadmap(record)
    assert accounts_for(record, roadmap)
    assert not accounts_for(
        make.client([make.initiative("a", **({"fte": {"dev": 1}, "opex": 4} | field)), other], **facts),
        roadmap,
    )
    assert not accounts_for(make.client([other], **facts), roadmap)


@pytest.mark.parametrize(
    ("gap", "says"),
    [
        (0.0, "no other plan within these limits is worth more"),
        (0.0004, "worth over 0.1 % more"),
        (0.00244, "worth over 0.3 % more"),
        (0.031, "worth over 3.1 % more"),
        (1.0, "is not proven yet"),
    ],
)
def test_a_gap_never_sounds_better_than_it_is_proven(gap: float, says: str) -> None:
    """The figure is rounded up, only a proof says that nothing is worth more, and a gap of 1 says nothing."""
    assert says in how_good(gap)
