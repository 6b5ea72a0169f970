"""A register beside the record: rows it no longer lists, values it withholds, values as read, rows far above the rest."""

from __future__ import annotations

from typing import Any

import pytest

HEAD = "id,name,status,capex,source\n"
FIRST = HEAD + "a,A,in progress,250000,\nb,B,proposed,90000,\nc,C,proposed,60000,\nd,D,done,30000,\n"


def told(done: Any, begin: str) -> list[str]:
    """Return the remarks that begin so."""
    return [remark for remark in done.remarks if remark.startswith(begin)]


@pytest.mark.parametrize(
    ("choice", "status"), [("", "proposed"), ("keep", "proposed"), ("done", "done"), ("stopped", "stopped")]
)
def test_what_a_register_no_longer_lists_is_named_and_settled(desk: Any, choice: str, status: str) -> None:
    """Open work that is not in the file is listed by its ids; it stays, or becomes what is chosen. Done work is no news."""
    desk.put(FIRST)
    done = desk.put(HEAD + "a,A,in progress,250000,\n", not_listed=choice)
    assert told(done, "In the record and not in this file: 2 (b, c)")
    assert [desk.initiative(id).status for id in "abcd"] == ["in progress", status, status, "done"]


def test_a_choice_may_stand_in_the_map(desk: Any) -> None:
    """The map's not_listed is the option's word."""
    chosen = "kind: initiatives\nnot_listed: stopped\nfields: {id: id, name: name}\n"
    desk.put(FIRST)
    done = desk.put("id,name\na,A\nb,B\n", chosen=chosen)
    assert (desk.initiative("c").status, done.changes) == (
        "stopped",
        (("c", "status", "proposed", "stopped"),),
    )


def test_rows_left_out_by_a_condition_are_listed_all_the_same(desk: Any) -> None:
    """--where chooses rows of the file; what it leaves out has not gone."""
    desk.put(FIRST)
    done = desk.put(FIRST, where=["status=in progress"])
    assert told(done, "In the record") == []


def test_a_first_register_and_one_of_another_source_miss_nothing(desk: Any) -> None:
    """A file that shares no row with the record, or none of a source, is not that register again."""
    assert told(desk.put(FIRST), "In the record") == []
    assert told(desk.put(HEAD + "n,N,proposed,5,north\nm,M,proposed,5,north\n"), "In the record") == []
    assert told(desk.put(HEAD + "n,N,proposed,5,north\n"), "In the record and not in this file: 1 (m)")


@pytest.mark.parametrize("withheld", ["", "NFP", "n/a", "TBD", "k. A.", "à déterminer", "—"])
def test_a_value_now_withheld_is_told(desk: Any, withheld: str) -> None:
    """The figure known before stays, and is named with its row: nobody takes it for the file's."""
    desk.put(FIRST)
    done = desk.put(HEAD + f"a,A,in progress,{withheld},\nb,B,proposed,90000,\nc,C,proposed,{withheld},\n")
    assert told(done, "Old value kept") == ["Old value kept, for the file has none now: 2 (a capex 250,000, c capex 60,000)."]  # fmt: skip
    assert desk.initiative("a").capex == 250_000


def test_what_a_map_does_not_read_is_not_withheld(desk: Any) -> None:
    """A register without a column for costs says nothing of them."""
    desk.put(FIRST)
    assert told(desk.put("id,name\na,A\n"), "Old value kept") == []


def test_values_are_shown_as_they_were_read(desk: Any) -> None:
    """Beside each column stand some cells, with what they became where that differs."""
    chosen = "kind: initiatives\nfields:\n  id: {column: Nr}\n  name: Titel\n  capex: {column: TEUR, unit_factor: 1000}\n  finish: {column: Ende}\n"
    done = desk.put(
        "Nr;Titel;TEUR;Ende\nP1;ERP;250;30.06.2027\nP2;CRM;90;\nP3;Web;1,5;\nP4;Netz;7;\n", chosen=chosen
    )
    assert done.samples == {
        "id": "P1 | P2 | P3",
        "name": "ERP | CRM | Web",
        "capex": "250 → 250,000 | 90 → 90,000 | 1,5 → 1,500",
        "finish": "30.06.2027 → 2027-06-30",
    }


FAR = {
    "one in another unit": ([250, 90, 120, 1_000_000], "row 5 (d", True),
    "two of them": ([250, 90, 2_000_000, 1_500_000], "row 4 (c", True),
    "a programme among projects": ([900, 250, 120, 400], "", False),
    "ten times, yet little of it all": ([100] * 30 + [1_000], "", False),
    "most of it, yet near the next": ([900, 100, 20, 15], "", False),
    "two rows alone": ([1_000_000, 5], "", False),
    "no costs": (["", "", ""], "", False),
}


@pytest.mark.parametrize(("costs", "place", "said"), FAR.values(), ids=FAR)
def test_a_row_far_above_the_rest_is_told(desk: Any, costs: list[Any], place: str, said: bool) -> None:
    """Half of the money or more, at ten times the next or more: perhaps another unit; the import says so, and imports."""
    names = [f"{chr(97 + at)}" if at < 26 else f"z{at}" for at in range(len(costs))]
    done = desk.put("id,name,capex\n" + "".join(f"{name},N {name},{cost}\n" for name, cost in zip(names, costs, strict=True)))  # fmt: skip
    remarks = told(done, "Far above the rest")
    assert (len(remarks), place in "".join(remarks)) == (int(said), True)
    assert len(desk.record.initiatives) == len(costs)
