"""Tables: what is written reads back equal, and what cannot be read says where."""

from __future__ import annotations

import csv
import io
import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from patience import HANG
from slices import examples

from toolkit.client.calendar import Quarter
from toolkit.client.record_csv import MOST_FAULTS, read_rows, read_table, write_rows
from toolkit.client.schema import Action, Aggregate, Initiative, Response

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,12}", fullmatch=True)
prose = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"]),
        st.sampled_from("\n\r\t'\"=+-@,;\u202e漢😀'<>$\\{}\u2028\ufeff"),
    ),
    max_size=40,
)
amounts = st.none() | st.floats(0, 1e12) | st.integers(0, 10**12).map(float)
names = prose.filter(lambda text: 0 < len(text.strip()) <= 300)
# \x1c-\x1f and \x85 are blank to Python and pydantic alike; control characters are refused anyway.
roles = names.filter(lambda text: not set(text) & set(";:")).map(str.strip).filter(bool)
initiatives = st.builds(
    Initiative,
    id=ids,
    name=names,
    description=prose,
    owner_it=prose.filter(lambda text: len(text) <= 300).map(lambda text: f"{text} B"),  # "0" alone is nobody
    status=st.sampled_from([None, "proposed", "in progress"]),
    duration=st.none() | st.integers(1, 40),
    capex=amounts,
    capex_profile=st.lists(st.floats(0, 1), max_size=4).map(tuple),
    opex=amounts,
    goals=st.dictionaries(ids, st.integers(0, 3), max_size=3),
    fte=st.dictionaries(roles, st.floats(0, 10_000), max_size=3),
    depends_on=st.lists(ids, max_size=3).map(tuple),
    earliest_start=st.none() | st.builds(Quarter, st.integers(2000, 2099), st.integers(1, 4)),
    finish=st.none() | st.dates(date(1990, 1, 1), date(2100, 12, 31)),
)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(initiatives, max_size=4))
def test_what_is_written_reads_back_equal(rows: list[Initiative]) -> None:
    """Any rows, whatever their text, survive writing and reading, and writing again gives the same bytes."""
    data = write_rows(Initiative, rows)
    again, faults = read_rows(Initiative, data, "initiatives.csv")
    assert faults == []
    assert again == rows
    assert write_rows(Initiative, again) == data


@settings(max_examples=examples(200), deadline=None)
@given(names)
@example("=1+1")
@example("'=1+1")
@example("''@x")
@example("'plain")
@example("-5")
@example('=HYPERLINK("http://x","y")')
def test_no_cell_begins_as_a_formula_and_none_is_changed(name: str) -> None:
    """No written cell begins like a formula, apostrophes aside it is the text, and it reads back exactly."""
    row = Action(id="a", round="r", action=name)
    data = write_rows(Action, [row])
    cell = next(csv.DictReader(io.StringIO(data.decode(), newline="")))["action"]
    assert cell[0] not in "=+-@\t\r"
    assert cell in (row.action, f"'{row.action}")
    assert read_rows(Action, data, "actions.csv")[0] == [row]


def test_writing_is_plain_and_complete() -> None:
    """Columns stand in the schema's order, lists and pairs as a reader types them, numbers without '.0'."""
    row = Initiative(
        id="a",
        name="A",
        capex=1200000.0,
        contingency=0.1,
        goals={"g": 2, "h": 1},
        fte={"dev": 1.5, "pm": 2.0},
    )
    header, line = write_rows(Initiative, [row]).decode().splitlines()
    assert header == ",".join(Initiative.model_fields)
    cells = dict(zip(header.split(","), next(csv.reader([line])), strict=True))
    assert (cells["capex"], cells["contingency"]) == ("1200000", "0.1")
    assert (cells["goals"], cells["fte"]) == ("g: 2; h: 1", "dev: 1.5; pm: 2")
    assert b"\r" not in write_rows(Initiative, [row])
    assert not write_rows(Initiative, [row]).startswith(b"\xef\xbb\xbf")


def test_a_file_as_excel_in_europe_writes_it_reads_the_same() -> None:
    """A byte order mark, semicolons, CRLF and unambiguous decimal commas give the same rows."""
    plain = b"id,name,capex,contingency,fte\na,A,100.5,0.125,dev: 1; pm: 2\n"
    excel = b"\xef\xbb\xbf" + b'id;name;capex;contingency;fte\r\na;A;100,5;0,125;"dev: 1; pm: 2"\r\n'
    assert read_rows(Initiative, excel, "f") == read_rows(Initiative, plain, "f")
    assert read_rows(Initiative, plain, "f")[1] == []


def test_a_comma_that_could_be_either_is_refused() -> None:
    """1,200 in a semicolon file could be 1.2 or 1200, so it is a fault and not a guess."""
    rows, faults = read_rows(Initiative, b"id;name;capex\na;A;1,200\n", "f")
    assert rows == []
    assert [(fault.where, fault.found) for fault in faults] == [("f, row 2, column capex", "1,200")]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    """Line breaks within cells do not count as rows, and empty rows do."""
    data = b'id,round,action\na,r,"two\nlines"\n\n,,\nb,r,B\nc,r c,C\n'
    table = read_table(Action, data, "actions.csv")
    assert list(table.numbers) == [2, 5]
    assert [fault.where for fault in table.faults] == ["actions.csv, row 6, column round"]


def test_good_rows_survive_bad_neighbours() -> None:
    """Rows that can be read are returned beside the faults of those that cannot."""
    rows, faults = read_rows(Action, b"id,round,action\na,r,A\nb b,r,B\nc,r\nd,r,D\n", "f")
    assert [row.id for row in rows] == ["a", "d"]
    assert sorted(fault.where for fault in faults) == ["f, row 3, column id", "f, row 4"]


def test_columns_may_stand_in_any_order_and_be_left_out() -> None:
    """Optional columns may be absent and the order is free."""
    rows, faults = read_rows(Action, b"action,id,round\nA,a,r\n", "f")
    assert (faults, rows) == ([], [Action(id="a", round="r", action="A")])


def test_a_missing_column_is_told_once_and_other_cells_still_checked() -> None:
    """A missing required column is one fault, not one for each row, and hides no other fault."""
    _, faults = read_rows(Action, b"id,round\na,r\nb b,r\n", "f")
    assert [fault.where for fault in faults] == ["f, row 1, column action", "f, row 3, column id"]


def test_an_unreadable_flood_is_cut_short() -> None:
    """A file wrong throughout gives at most 500 faults and says that there are more."""
    data = b"round,respondent,group,question,score\n" + b"r,a,it,q,9\n" * 30_000
    _, faults = read_rows(Response, data, "responses.csv")
    assert len(faults) == MOST_FAULTS + 1
    assert "more than 500" in faults[-1].found


@pytest.mark.parametrize("model", [Initiative, Action, Response, Aggregate])
def test_a_table_without_rows_round_trips(model: type) -> None:
    """A header alone is a valid, empty table."""
    assert read_rows(model, write_rows(model, []), "f") == ([], [])


@settings(max_examples=examples(300), deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_rows_or_faults_and_never_a_crash(data: bytes) -> None:
    """Whatever the bytes, reading returns; a file without a readable header always has a fault."""
    rows, faults = read_rows(Action, data, "f")
    assert faults or data.decode("utf-8-sig").lstrip().startswith(("id", "round", "action"))
    assert all(isinstance(row, Action) for row in rows)


def test_many_answers_read_in_linear_time() -> None:
    """60,000 answers are read at all: were each compared with each, that would take an hour."""
    lines = [f"r,p{n // 50},it,q{n % 50},{n % 5 + 1}," for n in range(60_000)]
    data = "\n".join(["round,respondent,group,question,score,comment", *lines]).encode()
    began = time.process_time()
    rows, faults = read_rows(Response, data, "f")
    assert time.process_time() - began < HANG
    assert (len(rows), faults) == (60_000, [])
