"""Registers as public bodies publish them, from their headings alone: what comes in is what the file means."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("key", ["PrimaryKey", "ProjectNumber", "Project ID", "Unique Project ID"])
def test_a_key_is_the_id_and_a_running_number_is_not(desk: Any, key: str) -> None:
    """The next export numbers its rows anew: each row is still matched with itself."""
    desk.put(f"_id,{key},ProjectName\n1,IP901,Ledger renewal\n2,IP902,Pump control\n")
    done = desk.put(f"_id,{key},ProjectName\n1,IP900,Depot\n2,IP901,Ledger renewal\n3,IP902,Pump control\n")
    assert (done.new, done.changed, done.unchanged) == (("IP900",), (), ("IP901", "IP902"))


def test_without_a_key_ids_are_made_of_names_and_that_is_told(desk: Any) -> None:
    """A running number alone matches no rows: a row that moved is the same row, and the preview says why."""
    done = desk.put("_id,ProjectName\n1,Ledger renewal\n2,Pump control\n")
    assert any("_id numbers the rows of this export" in said for said in done.remarks)
    assert desk.put("_id,ProjectName\n1,Pump control\n2,Ledger renewal\n").changed == ()


def test_a_map_may_say_that_a_running_number_stays(desk: Any) -> None:
    """What the consultant says of a column counts, and nothing is told of it."""
    done = desk.put(
        "_id,ProjectName\n7,Ledger renewal\n",
        chosen="kind: initiatives\nfields: {id: _id, name: ProjectName}\n",
    )
    assert (done.new, done.remarks) == (("7",), ())


@pytest.mark.parametrize(
    ("said", "fields", "begins"),
    [
        ("earliest_start: HEADING", "earliest_start: start", "not before Q3 2026"),
        ("status: {constant: in progress}", "start: start, status: {constant: in progress}", "Q2 2026"),
    ],
)
def test_a_start_without_a_status_names_what_a_map_can_say(
    desk: Any, said: str, fields: str, begins: str
) -> None:
    """Either of the two that the refusal names imports the same table, as it says."""
    table = "id,name,start\na,Ledger renewal,2026-05-01\n"
    assert said in desk.refusal(table)
    desk.put(table, chosen=f"kind: initiatives\nfields: {{id: id, name: name, {fields}}}\n")
    one = desk.initiative("a")
    assert begins == (str(one.start) if one.start else f"not before {one.earliest_start}")
