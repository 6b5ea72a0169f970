"""Imports end to end: what is merged, what is refused, and that a refused one leaves every byte."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from rich.console import Console

from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Initiative
from toolkit.client.store import read_files, save
from toolkit.errors import InputError
from toolkit.intake import preview, report
from toolkit.intake.mapping import read_map

TOUR = "id,name,duration,capex,opex,goals,fte,owner_business,owner_it\n"
MAP = "kind: initiatives\nfields: {id: id, name: name, capex: cost, finish: end}\n"
HEAD = "id,name,cost,end\n"
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "${7*7}", r"$\foo$", "_name",
    '=HYPERLINK("http://x")', "[bold red]x[/]", "\u202eabc", "日本語", "🙂",
]  # fmt: skip


def printed(done: Any) -> str:
    """Return a preview as a terminal would get it."""
    out = io.StringIO()
    Console(file=out, width=200, force_terminal=False).print(preview(done))
    return out.getvalue()


def test_our_own_headings_need_no_map(desk: Any) -> None:
    """The table of the tour imports as it stands, pairs of roles included."""
    done = desk.put(TOUR + 'portal,Portal,3,220000,30000,,"Project manager: 1","Tom, sales",Lena\n')
    assert dict(done.mapped)["capex"] == "capex"
    one = desk.initiative("portal")
    assert (one.duration, one.capex, one.fte) == (3, 220000, {"Project manager": 1})
    assert (one.owner_business, one.benefit, one.start) == ("Tom, sales", None, None)


def test_common_headings_need_no_map_either(desk: Any) -> None:
    """Project lists with common English headings import; without ids, ids are made of names."""
    desk.put('Project name,BUDGET,Sponsor,Status,Notes\nNew CRM,"$2,812,101",Ann,Completed,x\n')
    one = desk.initiative("new-crm")
    assert (one.name, one.capex, one.owner_business, one.status) == ("New CRM", 2812101, "Ann", "done")


@pytest.mark.parametrize("form", ["", "ragged: true\n"])
def test_cells_in_a_column_without_a_heading_are_named(desk: Any, workbook: Any, form: str) -> None:
    """A heading that was forgotten, or merged over two columns: what stands there is said not to be read."""
    rows = [
        ["id", "name", "cost", None, None, "end"],
        ["a", "A", 5],
        ["b", "B", None, 7000],
        ["c", "C", 6, 8],
    ]
    done = desk.put(workbook(rows), chosen=MAP + form, name="t.xlsx", dry_run=True)
    told = (
        "Columns without a heading, not read: D (2 cells, the first in row 3). Give each that is wanted one."
    )
    assert done.remarks == (told,)
    assert told in printed(done)
    table = "id,name,cost,,,end\na,A,5,,,\nb,B,,7000,,\nc,C,6,8,,\n"
    assert desk.put(table, chosen=MAP + form).remarks == (told,)


@pytest.mark.parametrize("cell", ["No", "n", "FALSE", "0", "Nein", "no."])
def test_work_that_is_said_not_to_be_mandatory_is_not(desk: Any, cell: str) -> None:
    """No comes in as no reason; what a map of one's own or the record says so is a fault, for any text counts as one."""
    head = "id,name,mandatory\n"
    if cell != "no.":
        desk.put(f"{head}a,A,{cell}\nb,B,GDPR\n")
        assert [one.mandatory for one in desk.record.initiatives] == [None, "GDPR"]
    chosen = "kind: initiatives\nfields: {id: id, name: name, mandatory: mandatory}\n"
    assert "Leave it empty if it is not mandatory" in desk.refusal(f"{head}c,C,{cell}\n", chosen=chosen)


@pytest.mark.parametrize(
    "cell",
    [
        "not mandatory",
        "no - optional",
        "No (optional)",
        "Voluntary",
        "\u2717",
        "\u2610",
        "nice to have",
        "No mandate",
    ],
)
def test_work_that_need_not_be_done_is_not_kept_as_mandatory(desk: Any, cell: str) -> None:
    """What denies is no reason; a reason may begin with a no."""
    assert "Leave it empty if it is not mandatory" in desk.refusal(f"id,name,mandatory\na,A,{cell}\n")
    desk.put("id,name,mandatory\na,A,0.0\nb,B,No longer supported by its vendor\n")
    assert [one.mandatory for one in desk.record.initiatives] == [None, "No longer supported by its vendor"]


def test_a_truth_value_of_excel_makes_nothing_mandatory(desk: Any, workbook: Any) -> None:
    """An empty tick box is FALSE."""
    desk.put(workbook([["id", "name", "mandatory"], ["a", "A", False]]), name="t.xlsx")
    assert desk.initiative("a").mandatory is None


def test_known_ids_are_updated_in_the_mapped_fields_only(desk: Any) -> None:
    """The same id updates what the table says, keeps all else, and an empty cell erases nothing."""
    desk.put("id,name,capex,owner_it,benefit\na,A,5,Lena,7\nb,B,6,,\n")
    done = desk.put(HEAD + "c,C,1,\na,A2,9,2027-01-31\nb,B,,\n", chosen=MAP)
    assert (done.new, done.changed, done.unchanged) == (("c",), ("a",), ("b",))
    one = desk.initiative("a")
    assert (one.name, one.capex, one.owner_it, one.benefit, one.finish) == (
        "A2",
        9,
        "Lena",
        7,
        date(2027, 1, 31),
    )
    assert desk.initiative("b").capex == 6
    assert [one.id for one in desk.record.initiatives] == ["a", "b", "c"]


def test_every_unreadable_cell_is_named_and_nothing_is_written(desk: Any) -> None:
    """All faults at once, each with its row and column, and the folder as it was."""
    text = desk.refusal(HEAD + "a,A,high,\nb,,1,soon\nc,C,-3,\na,A,,\n", chosen=MAP)
    for place in (
        "row 2, column cost",
        "row 3, column end",
        "row 3, column name",
        "row 4, column cost",
        "row 5, column id",
    ):
        assert place in text


def test_a_partial_import_takes_what_can_be_read_and_lists_the_rest(desk: Any) -> None:
    """Unreadable optional cells stay missing, rows without a name are left out, and both are listed."""
    done = desk.put(HEAD + "a,A,high,\nb,,1,\nc,C,3,soon\nc,C,4,\n", chosen=MAP, partial=True)
    assert [one.id for one in desk.record.initiatives] == ["a", "c"]
    assert (desk.initiative("a").capex, desk.initiative("c").capex, desk.initiative("c").finish) == (
        None,
        3,
        None,
    )
    assert done.rejected == (3, 5)
    assert {"high", "soon"} <= {one.found for one in done.unreadable}


def test_a_cell_that_cannot_be_used_leaves_what_was_known(desk: Any) -> None:
    """A negative cost in a later table takes nothing away from the cost that is recorded."""
    desk.put(HEAD + "a,A,5,\n", chosen=MAP)
    desk.put(HEAD + "a,A,-7,\n", chosen=MAP, partial=True)
    assert desk.initiative("a").capex == 5


def test_a_dry_run_writes_nothing_but_checks_everything(desk: Any) -> None:
    """It tells what would be new, and refuses what would contradict the record, naming the table's row."""
    before = desk.on_disk()
    assert desk.put(HEAD + "a,A,5,\n", chosen=MAP, dry_run=True).new == ("a",)
    assert desk.on_disk() == before
    text = desk.refusal("id,name,depends_on\na,A,\n\nb,B,gone\n", dry_run=True)
    assert "table.csv, row 4 (as initiatives.csv, row 3, column depends_on)" in text


def test_ids_that_are_ids_stay_so_that_references_hold(desk: Any) -> None:
    """CRM_1 is an id already: it is not rewritten, and another row's reference to it still leads there."""
    desk.put("id,name,depends_on\nCRM_1,A,\nb,B,CRM_1\n")
    assert desk.initiative("b").depends_on == ("CRM_1",)


def test_two_names_that_make_one_id_are_a_fault(desk: Any) -> None:
    """An id made of names must tell them apart; where it does not, the second row is named."""
    assert "each id once" in desk.refusal("Title\nNew CRM!\nNew  CRM\n")


@pytest.mark.parametrize(
    ("where", "left"), [(["dept=x"], ["a", "b"]), (["dept=x", "dept=y"], ["a", "b", "c"]), (["dept=x", "id=b"], ["b"])]
)  # fmt: skip
def test_where_keeps_rows(desk: Any, where: list[str], left: list[str]) -> None:
    """Values of one column are alternatives, columns hold together; the rest is counted as left out."""
    done = desk.put("id,name,dept\na,A,x\nb,B,x\nc,C,y\nd,D,z\n", where=where)
    assert [one.id for one in desk.record.initiatives] == left
    assert done.elsewhere == 4 - len(left)


@pytest.mark.parametrize(
    ("where", "told"), [("dep=x", "Did you mean 'dept'?"), ("dept=zz", "no row with dept=zz"), ("dept", "COLUMN=VALUE")]
)  # fmt: skip
def test_a_where_that_fits_nothing_is_refused(desk: Any, where: str, told: str) -> None:
    """A column that is not there, a value nobody has, a condition without '='."""
    assert told in desk.refusal("id,name,dept\na,A,x\n", where=[where])


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("kind: kpis\nfields: {id: id}\n", "field kind"),
        ("kind: initiatives\nfeilds: {}\n", "Did you mean 'fields'?"),
        ("kind: initiatives\nfields: {id: {colum: id}}\n", "Did you mean 'column'?"),
        ("kind: initiatives\nfields: {id: id, nam: name}\n", "Did you mean 'name'?"),
        ("kind: initiatives\nfields: {id: id, name: Nmae}\n", "Did you mean 'name'?"),
        ("kind: initiatives\nfields: {id: id, name: {make_id: true}}\n", "neither a column nor a constant"),
        ("kind: initiatives\nfields: {id: {column: id, constant: x}}\n", "a column and a constant"),
        ("kind: initiatives\nfields: {id: id, name: name, reading_value: x}\n", "reading_value"),
        ("kind: initiatives\nencoding: hex\nfields: {id: id, name: name}\n", "text in hex"),
        ("kind: [\n", "map.yaml"),
        ("", "map.yaml"),
    ],
)
def test_a_map_with_a_fault_is_refused(desk: Any, chosen: str, told: str) -> None:
    """Another kind, unknown fields, columns that are not there, YAML that cannot be read."""
    assert told in desk.refusal("id,name\na,A\n", chosen=chosen or " ")


@pytest.mark.parametrize(
    "form", ["DD/MM/YYYY", "%d/%d/%Y", "%d/%m/%", "%B %Y", "%m-%d", "%Q", "%-d/%m/%Y", "2027"]
)
def test_a_date_form_that_names_no_day_is_a_fault_of_the_map(desk: Any, form: str) -> None:
    """Spreadsheet codes, slips and months without a day: said once, of the map, and no day is made up."""
    chosen = (
        f"kind: initiatives\nfields: {{id: id, name: name, finish: {{column: end, dates: ['{form}']}}}}\n"
    )
    text = desk.refusal(HEAD + "a,A,,March 2020\nb,B,,31/03/2023\n", chosen=chosen)
    assert "field dates" in text
    assert text.count("found:") == 1


def test_an_export_with_times_and_capitals_needs_no_map(desk: Any) -> None:
    """A ticket system's headings, states and time stamps read as they stand."""
    head = "NUMBER,NAME,STATE,PLANNED COST,Planned End Date,Project Manager\n"
    desk.put(head + 'PRJ01,Upgrade,Work in Progress,"$1,000.00",2026-06-30 17:00:00,Ann\n')
    one = desk.initiative("PRJ01")
    assert (one.status, one.capex, one.finish, one.owner_it, one.start) == (
        "in progress",
        1000,
        date(2026, 6, 30),
        "Ann",
        None,
    )


def test_counts_need_all_five_answers(desk: Any) -> None:
    """A map for aggregates that names four of the five columns is refused."""
    chosen = "kind: aggregates\nfields: {question: q}\ncounts: {answers: {1: a, 2: b, 3: c, 4: d}}\n"
    assert "the columns that hold the counts of 1 to 5" in desk.refusal("q\nx\n", "aggregates", chosen)


@pytest.mark.parametrize("kind", ["initiatives", "kpis", "aggregates"])
def test_the_shipped_maps_read(kind: str) -> None:
    """Each kind has a map that reads without fault; that of initiatives names every field of the record."""
    read = read_map(None, kind)
    assert read.kind == kind
    if kind == "initiatives":
        assert set(read.fields) == set(Initiative.model_fields)


def test_measures_come_with_readings_or_with_a_verdict(desk: Any) -> None:
    """A KPI's dated values join those known, a verdict needs no figure, and nothing is made a target."""
    desk.put("id,name,Date,Value\nup,Uptime,2026-01-31,99.1\n", "kpis")
    desk.put("id,name,Date,Value,Result\nup,Uptime,2026-02-28,99.4,\nsla,SLA,,,Not met\n", "kpis")
    up, sla = desk.record.facts.kpis
    assert [(one.date, one.value) for one in up.readings] == [
        (date(2026, 1, 31), 99.1),
        (date(2026, 2, 28), 99.4),
    ]
    assert (sla.reported, sla.readings, sla.target) == ("not met", (), None)


@pytest.mark.parametrize("cells", [",99", "1901-01-01,99", "soon,99", "2026-01-31,high"])
def test_a_reading_without_a_day_or_value_is_a_fault(desk: Any, cells: str) -> None:
    """A value needs the day it was read, and a day that can be recorded."""
    desk.refusal(f"id,name,Date,Value\nup,Uptime,{cells}\n", "kpis")


LONG = "id,name,Date,Value\nup,Uptime,2026-02-28,99.4\n"


def test_a_measure_may_have_a_row_a_month(desk: Any) -> None:
    """Rows of one measure, each with another day's value, become its readings in the order of time."""
    done = desk.put(LONG + "sla,SLA,2026-01-31,1\nup,Uptime,2026-01-31,99.1\n", "kpis")
    up, _ = desk.record.facts.kpis
    assert [str(one.date) for one in up.readings] == ["2026-01-31", "2026-02-28"]
    assert (done.new, done.rejected) == (("up", "sla"), ())
    assert desk.put(LONG, "kpis").unchanged == ("up",)


@pytest.mark.parametrize(
    "again", ["Uptime,2026-02-28,99.5", "Other,2026-03-31,1", "Uptime,,", "Uptime,2026-02-28,99.4"]
)
def test_a_second_row_that_adds_no_reading_is_a_fault(desk: Any, again: str) -> None:
    """The same day twice, another name, or nothing new: which of the two rows holds is not guessed."""
    assert "each id once (first in row 2)" in desk.refusal(LONG + f"up,{again}\n", "kpis")


def test_spreadsheet_errors_are_no_values(desk: Any, workbook: Callable[..., bytes]) -> None:
    """#REF! in a name, and a formula nobody computed, are unreadable, not text and not missing."""
    rows = [["id", "name", "capex"], ["a", "#REF!", 1], ["b", "B", "=1+1"]]
    text = desk.refusal(workbook(rows, formulas=True), name="t.xlsx")
    assert "sheet Sheet, row 2, column name" in text
    assert "sheet Sheet, row 3, column capex" in text


def test_a_formula_without_a_result_is_seen_under_any_prefix(
    desk: Any, workbook: Callable[..., bytes]
) -> None:
    """Some programs write <x:f>: what nobody computed is no empty cell there either."""

    def prefixed(xml: bytes) -> bytes:
        named = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml)
        return named.replace(b" xmlns=", b" xmlns:x=")

    rows = [["id", "name", "capex"], ["b", "B", "=1+1"]]
    text = desk.refusal(workbook(rows, formulas=True, edit=prefixed), name="t.xlsx")
    assert "row 2, column capex" in text


def test_hostile_text_comes_through_exactly_and_steers_nothing(
    desk: Any, workbook: Callable[..., bytes]
) -> None:
    """Headings, sheet name and cells of strangers: stored as they stand, shown without markup or control."""
    rows = [["id", "name", *HOSTILE], *[[f"n{n}", text, *HOSTILE] for n, text in enumerate(HOSTILE)]]
    done = desk.put(workbook(rows, title="[b]x\u202e"), name="t.xlsx")
    assert [one.name for one in desk.record.initiatives] == HOSTILE
    text = printed(done)
    assert "[bold red]x[/]" in text
    assert "\u202e" not in text
    assert set(HOSTILE) - {"\u202eabc"} <= set(done.dropped)


def test_a_hostile_heading_can_be_mapped(desk: Any) -> None:
    """A column is found by its exact heading, whatever stands in it, and named safely when it fails."""
    heading = '=HYPERLINK("x")[red]\u202e'
    chosen = f"kind: initiatives\nfields:\n  id: id\n  name: name\n  capex: '{heading}'\n"
    quoted = '"' + heading.replace('"', '""') + '"'
    desk.put(f"id,name,{quoted}\na,A,5\n", chosen=chosen)
    assert desk.initiative("a").capex == 5
    text = desk.refusal(f"id,name,{quoted}\na,A,\x1b[31mx\n", chosen=chosen)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_preview_says_what_maps_what_drops_and_what_fails(desk: Any) -> None:
    """Fields with their columns, columns not used, unreadable cells row by row, rows left out."""
    text = printed(desk.put("id,name,cost,end,note\na,A,high,,n\nb,,1,,n\n", chosen=MAP, partial=True))
    for piece in (
        "capex",
        "cost",
        "Columns not used: note",
        "row 2, column cost",
        "high",
        "rows left out: 1",
        "New: 1 (a)",
    ):
        assert piece in text


def test_the_report_lists_everything_that_could_not_be_read(desk: Any) -> None:
    """More than a terminal shows, one line each with all four parts, and no cell is a formula."""
    done = desk.put(HEAD + "".join(f"i{n},N,=1+{n},\n" for n in range(700)), chosen=MAP, partial=True)
    lines = list(csv.DictReader(io.StringIO(report(done).decode())))
    assert [line["found"] for line in lines] == [f"'=1+{n}" for n in range(700)]
    assert lines[0]["where"] == "table.csv, row 2, column cost"
    assert all(all(line.values()) and len(line) == 4 for line in lines)


def test_a_change_is_previewed_as_exactly_as_it_is_written(desk: Any) -> None:
    """A share that moves by a thousandth is seen to move; a cost in whole units has no decimals."""
    desk.put("id,name,contingency,capex\na,A,0.121,1000000\n")
    done = desk.put("id,name,contingency,capex\na,A,0.124,1200000\n")
    assert sorted(done.changes) == [("a", "capex", "1,000,000", "1,200,000"), ("a", "contingency", "0.121", "0.124")]  # fmt: skip


def test_what_a_reading_and_a_role_become_is_previewed_in_plain_words(desk: Any) -> None:
    """A day and a value, a role and a number: no word of a programming language."""
    desk.put("id,name,Date,Value\nup,Uptime,2026-01-31,99.1\n", "kpis")
    done = desk.put("id,name,Date,Value\nup,Uptime,2026-02-28,99.4\n", "kpis")
    assert done.changes == (("up", "readings", "2026-01-31: 99.1", "2026-01-31: 99.1; 2026-02-28: 99.4"),)
    desk.put("id,name,fte\na,A,developer: 1\n")
    assert desk.put('id,name,fte\na,A,"developer: 1.5; analyst: 2"\n').changes[0][2:] == ("developer: 1", "developer: 1.5; analyst: 2")  # fmt: skip


def test_many_faults_of_one_cause_are_told_once(desk: Any) -> None:
    """Of a column that cannot be read at all, one fault is told, with every row that has it."""
    with pytest.raises(InputError) as caught:
        desk.put(HEAD + "".join(f"i{n},N,high,\n" for n in range(700)), chosen=MAP)
    assert len(caught.value.faults) == 700
    assert str(caught.value).startswith("table.csv, 700 rows (2–701), column cost\n  found:   high\n")
    assert str(caught.value).count("found:") == 1


def test_an_unknown_client_is_refused_before_its_table_is_read(desk: Any) -> None:
    """A slug that is not there names the nearest, whatever the file is."""
    from toolkit.intake import import_file

    with pytest.raises(InputError, match="acme"):
        import_file(desk.clients, "initiatives", "acmee", desk.folder / "none.csv")


def test_the_records_own_table_comes_back_as_it_is(desk: Any) -> None:
    """initiatives.csv imported again changes nothing, also where a text begins as a formula does."""
    names = ["=SUM(1)", "+1 factor", "-dash", "@home", "'quoted", "12.345", "007"]
    rows = [
        Initiative(id=f"p{n}", name=name, capex=capex, contingency=0.125)
        for n, (name, capex) in enumerate(
            zip(names, [0.1 + 0.2, 1.125, 12.345, 1e12, 0, 350.0, 999.001], strict=True)
        )
    ]
    save(
        desk.clients,
        "acme",
        {"initiatives.csv": write_rows(Initiative, rows)},
        read_files(desk.clients, "acme"),
    )
    done = desk.put((desk.clients / "acme" / "initiatives.csv").read_bytes(), totals="keep")
    assert (done.changes, len(done.unchanged)) == ((), len(rows))
    assert [one.name for one in desk.record.initiatives] == names


def test_a_register_of_more_rows_than_any_company_has_is_refused(desk: Any) -> None:
    """Past ten thousand rows nothing is read; --where that keeps fewer lets the file in."""
    table = "id,name,kind\n" + "".join(f"i{n},Work {n},{'it' if n < 3 else 'other'}\n" for n in range(10_001))
    assert "10,001 rows" in desk.refusal(table)
    assert len(desk.put(table, where=("kind=it",)).new) == 3
