"""Registers of four tools: recognised by their headings, and the same projects whatever their form."""

from __future__ import annotations

import csv
import io
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_exports import EXPECTED, Export, exports
from rich.console import Console
from slices import examples
from soak_registers import mutations

from toolkit.cli import main
from toolkit.errors import InputError
from toolkit.intake import import_file, make_map, preview, report
from toolkit.intake.mapping import read_map
from toolkit.intake.merge_rows import referred
from toolkit.intake.table import read_raw
from toolkit.intake.table_layout import SERVICES, header_at, service_map

ALL = exports()


def plain(one: Any) -> dict[str, Any]:
    """Return what an initiative holds, without what is missing."""
    return {name: value for name, value in one if value not in (None, (), {})}


def printed(done: Any) -> str:
    """Return a preview as a terminal would get it."""
    out = io.StringIO()
    Console(file=out, width=250, force_terminal=False).print(preview(done))
    return out.getvalue()


@pytest.mark.parametrize("export", ALL, ids=lambda one: f"{one.tool}: {one.form}")
def test_every_form_of_a_tools_export_holds_the_same_projects(desk: Any, export: Export) -> None:
    """No map, no question: four forms of each of four tools give exactly the projects that were put in."""
    done = desk.put(export.data, name=export.name)
    assert [plain(one) for one in desk.record.initiatives] == [
        {**one, "source": export.tool} for one in EXPECTED[export.tool]
    ]
    assert f"Read as an export of {export.tool}." in printed(done)
    assert desk.put(export.data, name=export.name).changed == ()


@pytest.mark.parametrize("export", ALL, ids=lambda one: f"{one.tool}: {one.form}")
def test_an_export_is_recognised_as_that_of_one_tool_only(desk: Any, export: Export) -> None:
    """The signs of the four tools tell them apart: only one tool's map finds its header."""
    path = desk.folder / export.name
    path.write_bytes(export.data)
    found = [name for name in SERVICES if header_at(read_raw(path), service_map(name)) is not None]
    assert [service_map(name).service for name in found] == [export.tool]


SERVICENOW = "number,short_description,state,end_date,cost\n"


@pytest.mark.parametrize("zero", ["0", "0,00 $", "$ 0", "CAD 0.00", "0.00 CAD", "0 €", "0.0", "-$0.00"])
def test_a_cost_of_zero_is_unknown_however_a_tool_writes_it(desk: Any, zero: str) -> None:
    """These tools show zero where nobody entered a cost; as a cost, it would make the work free."""
    desk.put(f'{SERVICENOW}P1,A,Open,,"{zero}"\n')
    assert desk.initiative("P1").capex is None


@pytest.mark.parametrize("resolution", ["Cannot Reproduce", "Incomplete", "Won't Fix", "Duplikat", "Doublon"])
def test_an_issue_closed_without_being_done_is_stopped(desk: Any, resolution: str) -> None:
    """Its state says Done all the same: the resolution stands above it."""
    desk.put(f"Issue key,Issue Type,Summary,Status,Resolution\nA-1,Epic,CRM,Done,{resolution}\n")
    assert desk.initiative("A-1").status == "stopped"


def test_days_that_the_column_does_not_tell_are_asked_for(desk: Any) -> None:
    """05/04/2026 and 06/07/2026 may be either: refused, and said once, with --dates or in the map, they read."""
    told = desk.refusal(SERVICENOW + "P1,A,Open,05/04/2026,\nP2,B,Open,06/07/2026,\n")
    assert told.count("say it with --dates day-first or --dates month-first") == 1
    assert "2 rows (2–3), column" in told
    path = desk.folder / "table.csv"
    import_file(desk.clients, "initiatives", "acme", path, dates="month first")
    assert [str(one.finish) for one in desk.record.initiatives] == ["2026-05-04", "2026-06-07"]
    desk.put(SERVICENOW + "P1,A,Open,05/04/2026,\nP2,B,Open,16/07/2026,\n")
    assert [str(one.finish) for one in desk.record.initiatives] == ["2026-04-05", "2026-07-16"]


def test_the_column_is_the_whole_column_whatever_rows_are_kept(desk: Any) -> None:
    """A row that --where leaves out still shows how the file writes its days."""
    desk.put(SERVICENOW + "P1,A,Open,05/04/2026,\nP2,B,Pending,16/07/2026,\n", where=["state=Open"])
    assert str(desk.initiative("P1").finish) == "2026-04-05"


def test_a_tool_can_be_named(desk: Any) -> None:
    """``--map jira`` reads what Jira's map reads, and says what it looked for where it finds none of it."""
    jira = ALL[0]
    desk.put(jira.data, name=jira.name)
    before = desk.on_disk()
    path = desk.folder / jira.name
    assert import_file(desk.clients, "initiatives", "acme", path, Path("jira")).files == {}
    assert desk.on_disk() == before
    for kind, name in (("initiatives", "planner"), ("kpis", "jira")):
        with pytest.raises(InputError, match=r"Task ID or|Choose a map of kind kpis"):
            import_file(desk.clients, kind, "acme", path, Path(name))


def test_a_level_can_be_chosen(desk: Any) -> None:
    """Of a schedule, rows of the first level count; --where takes another, and the preview says so."""
    export = next(one for one in ALL if one.name == "us.csv")
    done = desk.put(export.data, name=export.name, where=["Outline_Level=2"])
    assert done.new == ("2",)
    assert "Only rows with" not in printed(done)
    text = printed(desk.put(export.data, name=export.name))
    assert "Only rows with Outline_Level=1; --where chooses others." in text
    assert "1 left out by --where or the map" in text


def test_what_is_not_taken_over_is_named(desk: Any) -> None:
    """Columns without a field, joined headings, wide rows, references that lead nowhere, links of another kind."""
    jira, project = ALL[0], next(one for one in ALL if one.name == "us.csv")
    text = printed(desk.put(jira.data, name=jira.name))
    for piece in (
        "Labels (2), Sprint (2)",
        "Rows wider than the header, read up to its width: 2.",
        "Columns not used: Issue id",
    ):
        assert piece in text
    done = desk.put(project.data, name=project.name)
    assert {one.found for one in done.left_open} == {"0 days", "2SS"}
    assert desk.initiative("5").depends_on == ("4",)


def test_words_that_say_nothing_are_counted_and_listed(desk: Any) -> None:
    """TBD and Exempt under Section 43 refuse nothing and erase nothing; each is counted, and in the report."""
    desk.put("id,name,capex,finish\na,A,5,2026-01-31\nb,B,6,\n")
    done = desk.put("id,name,capex,finish\na,A,NFP,TBD\nb,TBD,Exempt under Section 43,Q3 2026\n")
    assert (desk.initiative("a").capex, str(desk.initiative("a").finish)) == (5, "2026-01-31")
    assert desk.initiative("b").name == "TBD"
    assert "say: 4 (“NFP” 1, “TBD” 1, “Exempt under Section 43” 1, “Q3 2026” 1)" in printed(done)
    lines = report(done).decode()
    assert lines.count("\n") == 5
    assert "table.csv, row 3, column finish" in lines


def test_a_period_takes_an_older_day_away(desk: Any) -> None:
    """Where the register now says 2027, the day it gave before holds no longer, and the preview shows it go."""
    desk.put("id,name,finish\na,A,2026-01-31\n")
    text = printed(desk.put("id,name,finish\na,A,2027\n"))
    assert desk.initiative("a").finish is None
    assert all(piece in text for piece in ("What changes", "2026-01-31", "nothing"))


def test_a_map_adds_words_of_its_own(desk: Any) -> None:
    """``missing_words`` extends the general list; the same words are a fault without it."""
    table, fields = (
        "id,name,cost\na,A,see annex B\n",
        "kind: initiatives\nfields: {id: id, name: name, capex: cost}\n",
    )
    assert "see annex B" in desk.refusal(table, chosen=fields)
    done = desk.put(table, chosen=fields + "missing_words: [see annex*]\n")
    assert len(done.left_open) == 1


def test_the_first_figures_known_stay_as_the_original_ones(desk: Any) -> None:
    """Three registers one after another: the first cost and day stay, the latest stand beside them, each change shows."""
    for cost, end in (("", "2020-03-31"), ("5", "2021-03-31"), ("7", ""), ("6", "2022-03-31")):
        done = desk.put(f"id,name,capex,finish\na,A,{cost},{end}\n", keep_original=True)
    one = desk.initiative("a")
    assert (one.original_capex, one.capex) == (5, 6)
    assert (str(one.original_finish), str(one.finish)) == ("2020-03-31", "2022-03-31")
    assert done.changes == (("a", "capex", "7", "6"), ("a", "finish", "", "2022-03-31"))


def test_a_figure_seen_once_is_no_first_figure(desk: Any) -> None:
    """A row holds both budgets once two registers stated one, the same or not; the very same file again states nothing."""
    first, later = "id,name,capex\na,A,5\nb,B,7\n", "id,name,capex\na,A,5\nb,B,8\nc,C,1\n"
    for table, budgets in (
        (first, {"a": None, "b": None}),
        (first, {"a": None, "b": None}),
        (later, {"a": (5, 5), "b": (7, 8), "c": None}),
        (later, {"a": (5, 5), "b": (7, 8), "c": None}),
    ):
        desk.put(table, keep_original=True)
        assert {one.id: one.budgets for one in desk.record.initiatives} == budgets


def test_what_a_register_withholds_or_no_longer_lists_is_not_known_today(desk: Any) -> None:
    """A budget now withheld is not known, a row now gone stays and is marked; neither counts as grown, until it is back."""
    desk.put("id,name,capex\na,A,5\nb,B,7\nc,C,9\n", keep_original=True)
    desk.put("id,name,capex\na,A,6\nb,B,8\nc,C,9\n", keep_original=True)
    done = desk.put("id,name,capex\na,A,6\nb,B,NFP\n", keep_original=True)
    assert {one.id: one.budgets for one in desk.record.initiatives} == {"a": (5, 6), "b": None, "c": None}
    assert (desk.initiative("b").original_capex, desk.initiative("b").capex) == (7, None)
    assert (desk.initiative("c").capex, desk.initiative("c").listed) == (9, "no longer")
    assert any("No longer listed: 1 of the record’s initiatives (c)" in remark for remark in done.remarks)
    desk.put("id,name,capex\na,A,6\nb,B,8\nc,C,10\n", keep_original=True)
    assert {one.id: one.budgets for one in desk.record.initiatives} == {
        "a": (5, 6),
        "b": (7, 8),
        "c": (9, 10),
    }


def test_a_register_of_other_work_leaves_the_first_alone(desk: Any) -> None:
    """Two sites' registers, each with a source of its own or no row in common, mark nothing of each other as gone."""
    desk.put("id,name,capex,source\na,A,5,north\nb,B,7,north\n", keep_original=True)
    desk.put("id,name,capex,source\nc,C,5,south\nd,D,7,south\n", keep_original=True)
    desk.put("id,name,capex,source\nc,C,6,south\n", keep_original=True)
    assert {one.id: one.listed for one in desk.record.initiatives} == {
        "a": None, "b": None, "c": None, "d": "no longer",
    }  # fmt: skip


def test_originals_are_never_made_up_without_being_asked(desk: Any) -> None:
    """Without keep_original, a register that states no baseline leaves none in the record."""
    desk.put("id,name,capex,finish\na,A,5,2026-01-31\n")
    assert (desk.initiative("a").original_capex, desk.initiative("a").original_finish) == (None, None)


def test_a_decimal_comma_in_one_cell_makes_the_column_careful(desk: Any) -> None:
    """Where 3,5 stands, 1,234 of the same column may be 1.234: it is refused, and 3,5 reads."""
    head = "id,name,capex\n"
    assert "row 2, column capex" in desk.refusal(head + 'a,A,"1,234"\nb,B,"3,5"\n')
    desk.put(head + 'a,A,"1,234,567"\nb,B,"3,5"\n')
    assert [one.capex for one in desk.record.initiatives] == [1234567, 3.5]


@pytest.mark.parametrize("separator", ["\t", ","])
def test_a_decimal_comma_in_one_column_makes_the_others_careful(desk: Any, separator: str) -> None:
    """Whoever writes 0,1 in one column means one and a quarter by 1,250 in the next; 12,500,000 and 12.5 stay certain."""
    rows = [
        ["id", "name", "capex", "contingency"],
        ["x", "X", "12,500,000", "0,1"],
        ["y", "Y", "1,250", "0,2"],
    ]
    table = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    told = desk.refusal(table, partial=False)
    assert "row 3, column capex" in told
    assert "row 2" not in told


def test_a_comma_between_tabs_may_begin_a_decimal(desk: Any) -> None:
    """Excel puts tabs between cells in every language: 1,250 is asked about unless another cell shows what it is."""
    head = "id\tname\tcapex\tcontingency\n"
    assert "row 2, column capex" in desk.refusal(head + "a\tA\t1,250\t\n")
    desk.put(head + "a\tA\t1,250\t0.1\n")
    assert desk.initiative("a").capex == 1250


@pytest.mark.parametrize("cell", ["1,250 Mio. $", "1,125m", "$1,250 bn"])
def test_thousands_of_millions_are_asked_about(desk: Any, cell: str) -> None:
    """1,250 Mio. is a thousand of them or one and a quarter, unless its column shows that a comma sets thousands apart."""
    head = "id,name,capex\n"
    assert "row 2, column capex" in desk.refusal(f'{head}a,A,"{cell}"\n')
    desk.put(f'{head}a,A,"{cell.replace("bn", "m")}"\nb,B,$2.5m\n')
    assert desk.initiative("a").capex > 1e9


@pytest.mark.parametrize(("table", "amount"), [('a,A,"$1,250k"\n', 1_250_000), ('a,A,"1,250"\n', 1250)])
def test_a_comma_between_quotation_marks_sets_thousands_apart(desk: Any, table: str, amount: float) -> None:
    """Where commas part the cells, a decimal begins with a point."""
    desk.put("id,name,capex\n" + table)
    assert desk.initiative("a").capex == amount


def test_a_measure_kept_as_text_may_have_three_decimals(desk: Any, workbook: Any) -> None:
    """In a workbook 99,950 as text is a percentage or a count; a column with decimals tells which."""
    rows = [["id", "name", "unit", "baseline", "target"], ["up", "Availability", "%", "99,950", "99,9"]]
    assert "column baseline" in desk.refusal(workbook([*rows[:1], rows[1][:4]]), "kpis", name="t.xlsx")
    assert "column baseline" in desk.refusal(workbook(rows), "kpis", name="t.xlsx")
    desk.put(workbook([*rows[:1], ["t", "Tickets", "", "99,950", "12.5"]]), "kpis", name="t.xlsx")
    assert desk.record.facts.kpis[0].baseline == 99_950


def test_a_point_before_three_digits_is_asked_about_unless_the_column_shows_what_it_is(desk: Any) -> None:
    """350.000 alone may be 350 or 350,000, whatever parts the cells; beside 12.5, or with a map's word, it is one."""
    head, text = "id,name,capex\n", "a,A,350.000\n"
    assert "row 2, column capex" in desk.refusal(head + text)
    assert "row 2, column capex" in desk.refusal(head + "a,A,$1.250 m\n")
    chosen = "kind: initiatives\ndecimal: '{}'\nfields: {{id: id, name: name, capex: capex}}\n"
    for mark, capex in ((",", 350_000), (".", 350)):
        desk.put(head + text, chosen=chosen.format(mark))
        assert desk.initiative("a").capex == capex
    desk.put(head + text + "b,B,12.5\n")
    assert [one.capex for one in desk.record.initiatives] == [350, 12.5]


TABLE = (
    "Register,,,,,\n,,,,,\nProject name,Status,Sponsor,Budget,Notes,Notes,End date\n"
    'New CRM,In flight,Ann,1.2m,"a\nb: {x} # y\u2028z",,FY24 Q3\nPortal,Completed,Bob,TBD,x,y,"July 31, 2022"\n'
)


def test_a_map_made_from_a_table_reads_that_table(desk: Any) -> None:
    """It names every column with cells of it, finds the header, and imports as it stands; unknown words wait for a hand."""
    path, target = desk.folder / "any.csv", desk.folder / "made.yaml"
    path.write_text(TABLE, encoding="utf-8")
    make_map("initiatives", path, target)
    text = target.read_text(encoding="utf-8")
    assert all(
        piece in text
        for piece in ("header_row: 3", "New CRM | Portal", '"In flight": ""', '"Completed": "done"')
    )
    done = import_file(desk.clients, "initiatives", "acme", path, target)
    assert done.new == ("new-crm", "Portal")
    assert (desk.initiative("new-crm").capex, desk.initiative("Portal").status) == (1_200_000, "done")
    with pytest.raises(InputError, match="a new file"):
        make_map("initiatives", path, target)


def test_a_row_that_reaches_beyond_the_header_is_not_cut(desk: Any) -> None:
    """A comma within an amount moves all behind it by a column; neither a map made of the table nor one's own hides that."""
    path, target = desk.folder / "any.csv", desk.folder / "made.yaml"
    path.write_text("Project name,Budget,Notes\nNew CRM,1,250,urgent\nERP,7,x\n", encoding="utf-8")
    make_map("initiatives", path, target)
    text = target.read_text(encoding="utf-8")
    for chosen in (text, f"{text}ragged: true\n" if "ragged" not in text else text):
        told = desk.refusal(path.read_bytes(), chosen=chosen, name="any.csv")
        assert "row 2" in told
    assert "urgent beyond the last heading" in told
    path.write_text("Project name,Budget\nERP,7\n", encoding="utf-8")
    target.unlink()
    make_map("initiatives", path, target)
    assert "ragged" not in target.read_text(encoding="utf-8")


def test_a_map_made_from_a_tools_export_is_the_tools_own(desk: Any) -> None:
    """What is recognised needs no guess: its shipped map is written out, to be changed."""
    export = ALL[0]
    path, target = desk.folder / export.name, desk.folder / "made.yaml"
    path.write_bytes(export.data)
    assert "an export of Jira" in make_map("initiatives", path, target)
    assert read_map(target, "initiatives") == service_map("jira")


@given(
    st.lists(st.text(max_size=40), min_size=1, max_size=6),
    st.lists(st.text(max_size=40), min_size=1, max_size=6),
)
@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_map_is_made_of_any_headings_and_cells(
    tmp_path: Path, headings: list[str], cells: list[str]
) -> None:
    """Whatever strangers write into headings and cells, the map is YAML that reads, or the table is refused."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, cells])
    path, target = tmp_path / "t.csv", tmp_path / "m.yaml"
    path.write_bytes(out.getvalue().encode("utf-8", "replace"))
    target.unlink(missing_ok=True)
    for kind in ("initiatives", "kpis"):
        target.unlink(missing_ok=True)
        try:
            make_map(kind, path, target)
        except InputError:
            continue
        read_map(target, kind)


def test_the_command_makes_maps_and_keeps_originals(desk: Any) -> None:
    """--make-map imports nothing; --keep-original and --map NAME reach the import; wrong pairs are refused."""
    path = desk.folder / "any.csv"
    path.write_text("Project name,Budget\nNew CRM,5\n", encoding="utf-8")
    before = desk.on_disk()

    def align(*words: str) -> Any:
        return CliRunner().invoke(main, ["import", *words, "--clients", str(desk.clients)])

    done = align("initiatives", "acme", str(path), "--make-map", str(desk.folder / "m.yaml"))
    assert (done.exit_code, desk.on_disk()) == (0, before)
    done = align("initiatives", "acme", str(path), "--map", str(desk.folder / "m.yaml"), "--keep-original")
    assert (done.exit_code, desk.initiative("new-crm").capex) == (0, 5)
    path.write_text("Project name,Budget\nNew CRM,6\n", encoding="utf-8")
    done = align("initiatives", "acme", str(path), "--map", str(desk.folder / "m.yaml"), "--keep-original")
    assert (done.exit_code, desk.initiative("new-crm").budgets) == (0, (5, 6))
    path.write_text("Project name,End date\nNew CRM,05/04/2026\n", encoding="utf-8")
    assert align("initiatives", "acme", str(path)).exit_code == 1
    assert align("initiatives", "acme", str(path), "--dates", "day-first").exit_code == 0
    assert str(desk.initiative("new-crm").finish) == "2026-04-05"
    assert align("kpis", "acme", str(path), "--keep-original").exit_code == 2
    assert align("aggregates", "acme", str(path), "--make-map", "x.yaml").exit_code == 2


def test_damaged_exports_do_no_harm() -> None:
    """A slice of ``benchmarks/soak_registers.py``: imported or refused in words, a refusal changes nothing."""
    assert mutations(80) == 0


DONE = "kind: initiatives\nfields: {id: id, name: name, status: {column: done, percent_done: true}}\n"


@pytest.mark.parametrize("cells", [("1",), ("0", "1"), ("100%", "1")])
def test_one_of_completion_is_asked_about(desk: Any, workbook: Any, cells: tuple[str, ...]) -> None:
    """1 in a column of fractions is all, in one of percentages 1 %; where the column does not show it, it is neither."""
    rows = [["id", "name", "done"], *([str(at), "P", cell] for at, cell in enumerate(cells))]
    table = "".join(",".join(row) + "\n" for row in rows)
    row = cells.index("1") + 2
    assert f"row {row}, column done" in desk.refusal(table, chosen=DONE)
    assert f"row {row}, column done" in desk.refusal(workbook(rows), chosen=DONE, name="t.xlsx")


@pytest.mark.parametrize("part", ["0.5", "0,05", ".999"])
def test_one_among_fractions_is_all(desk: Any, part: str) -> None:
    """A part of one in the same column shows that its figures are fractions."""
    desk.put(f'id,name,done\n1,P,"{part}"\n2,P,1\n3,P,0\n', chosen=DONE)
    assert [one.status for one in desk.record.initiatives] == ["in progress", "done", "proposed"]


@pytest.mark.parametrize("cells", [("50", "1", "100"), ("50%", "1%", "100%")])
def test_one_among_percentages_is_one_per_cent(desk: Any, cells: tuple[str, ...]) -> None:
    """A cell above 1, or a sign beside it, shows what it is."""
    desk.put("id,name,done\n" + "".join(f"{at},P,{cell}\n" for at, cell in enumerate(cells)), chosen=DONE)
    assert [one.status for one in desk.record.initiatives] == ["in progress", "in progress", "done"]


@pytest.mark.parametrize("cell", ["250k", "1.2m", "$250k"])
def test_a_size_is_said_once(desk: Any, cell: str) -> None:
    """Where the map multiplies by a thousand and the cell says thousands, too, it is asked; a bare figure is not."""
    chosen = "kind: initiatives\nfields: {id: id, name: name, capex: {column: cost, unit_factor: 1000}}\n"
    assert "whose size is said once" in desk.refusal(f"id,name,cost\na,A,{cell}\n", chosen=chosen)
    desk.put("id,name,cost\na,A,250\n", chosen=chosen)
    assert desk.initiative("a").capex == 250_000


@pytest.mark.parametrize("cell", [date(2026, 3, 4), True, "1.23457E+11", time(12, 30)])
def test_an_id_that_a_spreadsheet_has_changed_is_refused(desk: Any, workbook: Any, cell: object) -> None:
    """3-4 becomes a date in Excel, a long number loses its figures: neither is the id that was typed."""
    assert "row 2, column id" in desk.refusal(workbook([["id", "name"], [cell, "A"]]), name="t.xlsx")


@pytest.mark.parametrize(
    "again",
    [
        "id,name,capex\nP1,ERP,5\nP2,CRM,7\n",
        "id,name,capex\na,ERP,5\nb,CRM,7\n",
        "id,name,capex\nX1,erp,5\nX2,CRM ,7\n",
        "name,capex\nERP,5\nCRM,7\n",
    ],
)
def test_the_same_register_under_other_ids_is_asked_about(desk: Any, again: str) -> None:
    """Ids in another case, other ids, or none: the same names would come in twice, money and all."""
    desk.put("id,name,capex\nA,ERP,5\nB,CRM,7\n")
    assert "row 2" in desk.refusal(again)


def test_a_register_of_another_source_may_have_the_same_names(desk: Any) -> None:
    """Two sites each have a website; and a new row may be named like one that the table lists."""
    desk.put("id,name,source\nA,Website,north\n")
    desk.put("id,name,source\nB,Website,south\n")
    desk.put("id,name,source\nA,Website,north\nC,Website,north\n")
    assert [one.id for one in desk.record.initiatives] == ["A", "B", "C"]


def test_ids_that_pandas_wrote_with_decimals_are_the_same(desk: Any) -> None:
    """1.0 and 2.0 are 1 and 2, and references to them hold; 1.0 beside 1.1 is an outline's number and stays."""
    desk.put("id,name,depends_on\n1,ERP,\n2,CRM,1\n")
    assert desk.put("id,name,depends_on\n1.0,ERP,\n2.0,CRM,1.0\n").unchanged == ("1", "2")
    assert desk.put("id,name\n1.0,HR\n1.1,BI\n").new == ("1.0", "1.1")


def test_an_id_made_of_a_name_stays_with_that_name(desk: Any) -> None:
    """C++ tools and C tools make one id: the second does not take the first one's place."""
    desk.put("Title,Budget\nC++ tools,100\n")
    assert "was made" in desk.refusal("Title,Budget\nC tools,300\n")
    assert desk.put("Title,Budget\nc++  Tools,300\n").changed == ("c-tools",)


@pytest.mark.parametrize("cell", ["1", "0.5", "15"])
def test_a_share_without_a_sign_among_others_is_asked_about(desk: Any, workbook: Any, cell: str) -> None:
    """0.5 beside 15 % may be a half or half a per cent; 0 is nothing either way."""
    rows = [["id", "name", "contingency"], ["a", "A", "15%"], ["b", "B", cell], ["c", "C", "0"]]
    for table, name in (("".join(",".join(row) + "\n" for row in rows), "t.csv"), (workbook(rows), "t.xlsx")):
        told = desk.refusal(table, name=name)
        assert "row 3, column contingency" in told
        assert "row 4" not in told


@pytest.mark.parametrize("factor", ["0", "-1"])
def test_a_factor_that_leaves_nothing_is_a_fault_of_the_map(desk: Any, factor: str) -> None:
    """Times 0 every figure is 0."""
    chosen = (
        f"kind: initiatives\nfields: {{id: id, name: name, capex: {{column: cost, unit_factor: {factor}}}}}\n"
    )
    assert "unit_factor" in desk.refusal("id,name,cost\na,A,5\n", chosen=chosen)


@pytest.mark.parametrize("factor", ["0.01", "1000"])
def test_a_sign_and_a_factor_are_asked_about(desk: Any, factor: str) -> None:
    """95 % times a hundredth is 0.95 or 0.0095; times a hundred it is 95, as the map says."""
    chosen = "kind: kpis\nfields: {id: id, name: name, baseline: {column: was, unit_factor: %s}}\n"
    assert "% sign" in desk.refusal("id,name,was\na,A,95%\n", "kpis", chosen % factor)
    desk.put("id,name,was\na,A,95%\n", "kpis", chosen % "100")
    assert desk.record.facts.kpis[0].baseline == 95


def test_per_cent_of_a_measure_in_per_cent_is_read_as_it_stands(desk: Any, workbook: Any) -> None:
    """40 % is 40 where the measure's unit is %, in its row or on record; elsewhere it is asked, and names no factor."""
    desk.put("id,name,baseline,unit,target\na,A,40 %,%,55\nb,B,1200,days,900\n", "kpis")
    assert [(one.baseline, one.target) for one in desk.record.facts.kpis] == [(40, 55), (1200, 900)]
    desk.put("id,name,baseline\na,A,42%\n", "kpis")
    assert desk.record.facts.kpis[0].baseline == 42
    told = desk.refusal("id,name,baseline,unit\nb,B,40 %,days\n", "kpis")
    assert "whose unit is %" in told
    assert "unit_factor" not in told
    assert "may be 40 %" in desk.refusal("id,name,baseline,unit\na,A,40 %,%\nb,B,0.4,%\n", "kpis")


def test_a_factor_that_is_for_per_cent_is_for_nothing_else(desk: Any) -> None:
    """Where 40 % is multiplied to 40, a bare 55 of the column is not made 5,500."""
    chosen = "kind: kpis\nfields: {id: id, name: name, baseline: {column: was, unit_factor: 100}}\n"
    assert "row 3, column was" in desk.refusal("id,name,was\na,A,40 %\nb,B,55\n", "kpis", chosen)


def test_a_share_is_divided_once(desk: Any) -> None:
    """5 % under a factor of a hundredth is neither 0.0005 nor guessed."""
    chosen = "kind: initiatives\nfields: {id: id, name: name, contingency: {column: c, unit_factor: 0.01}}\n"
    assert "% sign" in desk.refusal("id,name,c\na,A,5%\n", chosen=chosen)
    desk.put("id,name,c\na,A,5\n", chosen=chosen)
    assert desk.initiative("a").contingency == 0.05


def test_a_column_that_contradicts_the_consultant_is_asked_about(desk: Any) -> None:
    """One 13/04/2027 does not turn 01/02/2027 round when the consultant says that months come first."""
    table = "id,name,finish\na,A,01/02/2027\nb,B,13/04/2027\nc,C,2027-01-31\n"
    told = desk.refusal(table, dates="month first")
    assert "2 rows (2–3), column finish" in told
    assert "13/04/2027 shows that in this column the day comes first" in told
    assert "row 4" not in told
    desk.put(table, dates="day first")
    assert desk.initiative("a").finish == date(2027, 2, 1)


def test_what_a_day_becomes_where_quarters_are_kept_is_said(desk: Any) -> None:
    """A deadline on 15 May 2027 is no leave to work until June, and the preview tells."""
    done = desk.put("id,name,deadline,earliest_start\na,A,2027-05-15,\nb,B,,2027-05-15\n")
    assert str(desk.initiative("a").deadline) == "Q1 2027"
    assert str(desk.initiative("b").earliest_start) == "Q3 2027"
    assert any("last quarter that ends by its day and an earliest start" in said for said in done.remarks)
    assert desk.put("id,name,deadline\nc,C,2027-Q2\n").remarks == ()


def test_a_footnote_makes_no_other_id(desk: Any) -> None:
    """Portal with a raised 2 behind it is not portal2."""
    desk.put("Title,Budget\nPortal\u00b2,100\n")
    assert desk.record.initiatives[0].id == "portal"


@pytest.mark.parametrize(
    ("text", "ids", "others"),
    [
        ("3EA+2,5 Tage;7", ("3", "7"), ()),
        ("3FS+1 d, 5", ("3", "5"), ()),
        ("3FS-2 d,5", ("3", "5"), ()),
        ("3FS+1,5", (), ("3FS+1,5",)),
        ("3+5", (), ("3+5",)),
        ("2024-1,2024-2", ("2024-1", "2024-2"), ()),
    ],
)
def test_a_lag_makes_no_other_row_and_hides_none(
    text: str, ids: tuple[str, ...], others: tuple[str, ...]
) -> None:
    """The 5 of +2,5 days is no row 5, and 3+5 may be two rows: what is not certain is left out and told."""
    assert referred(text) == (ids, others)


def test_a_number_that_excel_rounded_in_the_record_is_refused(desk: Any) -> None:
    """initiatives.csv saved by Excel holds 1.23457E+11 for 123456789012."""
    desk.put("id,name,capex\na,A,123456789012\n")
    path = desk.clients / "acme" / "initiatives.csv"
    path.write_text(path.read_text().replace("123456789012", "1.23457E+11"))
    with pytest.raises(InputError, match=r"column capex\n  found:   1.23457E\+11"):
        desk.record  # noqa: B018
