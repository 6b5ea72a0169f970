"""What leaves the room: rows for a spreadsheet, and text that reads back."""

from __future__ import annotations

from typing import Any

import pytest

from toolkit.client.schema import Capacity
from toolkit.plan import from_json, plan_roadmap, to_json
from toolkit.plan.plan_table import COLUMNS, roadmap_rows


def portfolio(make: Any) -> list[Any]:
    """Return an initiative of each fate."""
    return [
        make.initiative("a", contingency=0.1, opex=40, fte={"dev": 1}),
        make.initiative("b", goals={}),
        make.initiative("c", capex=None, duration=None),
        make.initiative("d", status="done"),
        make.initiative("e", status="stopped"),
    ]


@pytest.mark.parametrize("facts", [{}, {"goals": ()}, {"capacity": (Capacity(role="dev", fte=0.5),)}])
def test_a_stored_roadmap_reads_back_equal(make: Any, facts: Any) -> None:
    """A plan, a timeline and a collision are the same after being written and read."""
    work = [*portfolio(make), make.initiative("f", mandatory="law", fte={"dev": 0.75})]
    roadmap = plan_roadmap(make.client(work, **facts))
    assert from_json(to_json(roadmap)) == roadmap


def test_every_initiative_has_one_row(make: Any) -> None:
    """Above the line, below it, not scheduled, done and stopped: each once, in that order, in plain values."""
    record = make.client(portfolio(make))
    rows = roadmap_rows(record, plan_roadmap(record))
    assert all(tuple(row) == COLUMNS for row in rows)
    places = ["above the line", "below the line", "not scheduled", "done", "stopped"]
    assert [(row["initiative"], row["place"]) for row in rows] == list(zip("abcde", places, strict=True))
    assert rows[0]["capital"] == pytest.approx(110)
    assert (rows[0]["start"], rows[0]["finish"], rows[0]["goals"]) == ("2027-Q1", "2027-Q2", "g")
    assert (rows[2]["capital"], rows[2]["running_cost_a_year"]) == (None, None)
    assert rows[2]["because"] == "not known: cost, duration"


def test_money_and_people_are_those_of_the_work(make: Any) -> None:
    """Each year's capital and running cost, and each role's load, add up to the work that is planned."""
    work = [make.initiative("a", capex=400, duration=6, opex=80, fte={"dev": 1.5}, contingency=0.5)]
    roadmap = plan_roadmap(make.client(work))
    assert [(y.year, y.capex, y.opex) for y in roadmap.years] == [(2027, 400, 0), (2028, 200, 40)]
    assert [one.load for one in roadmap.loads] == [1.5] * 6 + [0] * 2
