"""What is told of faults: each cause once, and nothing lost."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import Fault, InputError, Place, told_once

FAULTS = st.builds(
    Fault,
    st.builds("{}, row {}, column {}".format, st.sampled_from(["a.csv", "b.csv"]), st.integers(1, 60), st.sampled_from("xy")),
    st.sampled_from(["nothing", "soon", "1 000"]),
    st.sampled_from(["a number", "a date"]),
    st.sampled_from(["Correct it.", "Leave it out."]),
)  # fmt: skip


def rows(where: str) -> set[int]:
    """Return the rows that a place names: one, or those in brackets."""
    listed = re.search(r"row (\d+)|rows \(([^)]*)\)", where)
    assert listed, where
    spans = [span.split("–") for span in (listed[1] or listed[2]).split(", ")]
    return {number for span in spans for number in range(int(span[0]), int(span[-1]) + 1)}


@given(st.lists(FAULTS, max_size=9, unique=True))
def test_every_row_of_every_fault_is_told(faults: list[Fault]) -> None:
    """Under its column, what is allowed and what to do, each once, as many rows stand as have the fault."""
    told = told_once(faults)
    causes = [(re.sub(r"\d+ rows \([^)]*\)|row \d+", "", one.where), one.allowed, one.remedy) for one in told]
    alone = [cause for cause, one in zip(causes, told, strict=True) if len(rows(one.where)) > 1]
    assert len(set(alone)) == len(alone)
    for cause, one in zip(causes, told, strict=True):
        same = [it for it in faults if (re.sub(r"row \d+", "", it.where), it.allowed, it.remedy) == cause]
        assert rows(one.where) == {row for it in same for row in rows(it.where)}
        if many := re.search(r"([\d,]+) rows", one.where):
            assert int(many[1]) == len(rows(one.where))


def test_forty_nine_rows_without_a_status_are_one_cause() -> None:
    """The place says how many rows and which, and each value that stands there is named, up to three."""
    faults = [
        Fault(f"i.csv, row {n}, column status", "nothing", "a status", "Fill it in.") for n in range(2, 51)
    ]
    assert str(InputError(faults)) == (
        "i.csv, 49 rows (2–50), column status\n  found:   nothing\n  allowed: a status\n  do:      Fill it in."
    )
    faults = [Fault(f"i.csv, row {n}, column due", f"{n}.1.26", "a date", "Write it.") for n in (2, 3, 5, 9)]
    assert str(InputError(faults)).startswith(
        "i.csv, 4 rows (2–3, 5, 9), column due\n  found:   2.1.26, 3.1.26, 5.1.26 and 1 more\n"
    )


def test_entries_are_told_by_their_ids() -> None:
    """Of a list in client.yaml, the ids tell which entries are meant."""
    faults = [Fault(f"c.yaml, goals, entry {n} ({id}), field weight", "nothing", "points", "Add it.") for n, id in ((1, "a"), (3, "b"))]  # fmt: skip
    assert told_once(faults)[0].where == "c.yaml, goals, 2 entries (a, b), field weight"


@pytest.mark.parametrize("long", [40, 119, 5000])
def test_long_values_do_not_push_out_that_there_are_more(long: int) -> None:
    """However long the values, it is told that others follow."""
    faults = [Fault(f"i.csv, row {n}, column due", f"{n}" * long, "a date", "Write it.") for n in range(2, 9)]
    assert " more" in str(InputError(faults)).splitlines()[1]


def test_several_values_at_one_place_are_each_told() -> None:
    """Two unknown names in one cell, or in a field that stands alone, are two faults: no value is lost."""
    for where in ("i.csv, row 4, column goals", "s.yaml, field points"):
        faults = [Fault(where, name, "the id of a goal", "Correct it.") for name in ("x", "y", "z", "zz")]
        assert told_once(faults) == faults


def test_a_fault_alone_is_told_as_it_is() -> None:
    """One row, or no row at all, keeps the words of its place."""
    faults = [
        Fault("i.csv, row 4, column due", "x", "a date", "Write it."),
        Fault("i.csv", "x", "a table", "Write it."),
    ]
    assert told_once(faults) == faults


def test_a_place_crosses_to_another_process_with_its_steps() -> None:
    """What a fault's words stand for, a row's index and a column, is there after the fault was sent elsewhere and back."""
    first = Place("i.csv", (0, "row 2"), ("id", "column id"))
    again = Place("i.csv", (3, "row 5"), ("id", "column id")).after(first.entry)
    (fault,) = pickle.loads(pickle.dumps(InputError([Fault(again, "a", "b", "c")]))).faults
    assert (fault.where, fault.where.row, fault.where.before) == (
        "i.csv, row 5, column id",
        ("i.csv", 3),
        "i.csv, row 2",
    )
