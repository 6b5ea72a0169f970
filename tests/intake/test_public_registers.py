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
