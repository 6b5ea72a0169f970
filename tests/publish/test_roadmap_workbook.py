"""The roadmap as a workbook: the plan's own numbers, nothing that runs, the same bytes again."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import (
    Budget,
    Capacity,
    Facts,
    Goal,
    Initiative,
    Planning,
    Profile,
    Round,
    Scenario,
)
from toolkit.client.store import load
from toolkit.intake.workbook import read_workbook
from toolkit.plan import Roadmap, explain_roadmap, plan_roadmap, to_json
from toolkit.publish.data_files import roadmap_csv
from toolkit.publish.figures_workbook import figures_xlsx
from toolkit.publish.roadmap_workbook import roadmap_xlsx

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
PLANNED = ["meridian-manufacturing", "harbour-credit-union"]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "#REF!", "_x003D_1+1", "a\uffff", "&P&\"x", "'=1"]  # fmt: skip


def opened(data: bytes) -> Any:
    """Open a workbook's bytes."""
    return openpyxl.load_workbook(io.BytesIO(data))


@cache
def sample(slug: str) -> tuple[Record, Roadmap]:
    """Return a sample's record and plan."""
    record = load(SAMPLES, slug)
    return record, plan_roadmap(record)


@cache
def explained(slug: str) -> tuple[Record, Roadmap]:
    """Return a sample's record and its plan with what solving again has found."""
    record = load(SAMPLES, slug)
    return record, explain_roadmap(record)


@cache
def book_of(slug: str) -> Any:
    """Return the workbook of a sample's plan, opened; for reading only."""
    return opened(roadmap_xlsx(*sample(slug)))


@cache
def figures_of(slug: str) -> Any:
    """Return the workbook of a sample's figures, opened; for reading only."""
    return opened(figures_xlsx(*sample(slug)))


def books_of(slug: str) -> Iterator[Any]:
    """Yield the sheets of both workbooks of a sample; for reading only."""
    yield from (*book_of(slug), *figures_of(slug))


def table(sheet: Any) -> list[dict[str, Any]]:
    """Return the rows that the sheet's filter spans, by the titles above them."""
    rows = [[cell.value for cell in row] for row in sheet[sheet.auto_filter.ref]]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def hostile() -> Record:
    """Return a client in whose every text a formula or a mark of Excel's own stands."""
    work = [
        Initiative.model_validate(
            {"id": f"i{n}", "name": text, "owner_business": text, "owner_it": text, "duration": 1, "capex": 1,
             "mandatory": text if n else None, "goals": {"g": 3}, "fte": {text.replace(":", ""): 1}}
        )
        for n, text in enumerate(HOSTILE)
    ]  # fmt: skip
    facts = Facts(
        profile=Profile(name="=Evil & Sons &G\uffff"),
        goals=(Goal(id="g", name="=1+1", weight=100),),
        budget=(Budget(year=2027, amount=1000),),
        capacity=(Capacity(role="=1+1", fte=5),),
        planning=Planning(start="2027-Q1", quarters=4),  # type: ignore[arg-type]
        rounds=(Round(id="r1", as_of=date(2026, 12, 31), name="+1"),),
    )
    return Record("evil", facts, initiatives=tuple(work))


@pytest.mark.parametrize("slug", PLANNED)
def test_the_quarters_add_up_to_the_plan(slug: str) -> None:
    """On Roadmap and Running cost, the cells of each fiscal year sum to the plan's year, and so do the sums below."""
    _, roadmap = sample(slug)
    book = book_of(slug)
    for title, prefix, field in (("Roadmap", "Capital", "capex"), ("Running cost", "Running cost", "opex")):
        rows, sheet = table(book[title]), book[title]
        for year in roadmap.years:
            columns = [name for name in rows[0] if name.startswith(f"{prefix} {year.year}-Q")]
            assert len(columns) == sum(
                roadmap.start.plus(t).year == year.year for t in range(roadmap.quarters)
            )
            assert sum(row[name] or 0 for row in rows for name in columns) == pytest.approx(
                getattr(year, field)
            )
            head = {cell.value: cell.column for cell in sheet[1]}
            below = len(rows) + 3
            found = sum(sheet.cell(below, head[name]).value for name in columns)
            assert found == pytest.approx(getattr(year, field))


def test_every_initiative_has_its_row_in_the_plan_s_order() -> None:
    """The rows are those of the CSV, in its order, each with place, people and owners."""
    record, roadmap = sample(PLANNED[0])
    rows = table(book_of(PLANNED[0])["Roadmap"])
    lines = roadmap_csv(record, roadmap).decode("utf-8-sig").splitlines()
    assert [row["Id"] for row in rows] == [line.split(",")[0] for line in lines[1:]]
    assert len(rows) == len(record.initiatives)
    first = next(row for row in rows if row["Id"] == roadmap.scheduled[0].initiative)
    assert (first["Place in the plan"], first["Start"]) == ("Above the line", roadmap.scheduled[0].start.key)
    assert all(row["Owner in the business"] for row in rows if row["Place in the plan"] == "Above the line")


def test_the_quarters_in_which_work_runs_are_shaded() -> None:
    """A cell is shaded, and holds a number, in just the quarters in which the work runs."""
    _, roadmap = sample(PLANNED[0])
    sheet = book_of(PLANNED[0])["Roadmap"]
    head = {cell.column: cell.value for cell in sheet[1]}
    runs = {(s.initiative, f"Capital {s.start.plus(n).key}") for s in roadmap.scheduled
            for n in range(s.finish.index - s.start.index + 1)}  # fmt: skip
    body = [cell for row in sheet[sheet.auto_filter.ref][1:] for cell in row]
    shaded = {(sheet.cell(cell.row, 1).value, head[cell.column]) for cell in body if cell.fill.fill_type}
    filled = {(sheet.cell(cell.row, 1).value, head[cell.column]) for cell in body
              if str(head[cell.column]).startswith("Capital 2") and cell.value is not None}  # fmt: skip
    within = {one for one in runs if one[1] in head.values()}
    assert shaded == filled == within
    assert within


def test_money_stands_against_budget_and_reserve() -> None:
    """Each year shows what is spent, allowed and left; a year with a budget for running costs shows it apart."""
    record, roadmap = sample(PLANNED[0])
    rows = table(book_of(PLANNED[0])["Money"])
    for row, year in zip(rows, roadmap.years, strict=True):
        assert row["Fiscal year"] == f"FY{year.year}"
        assert row["Budget, USD"] - row["Reserve held back, USD"] == pytest.approx(year.available)
        assert row["Left, USD"] == pytest.approx(year.available - year.capex - year.opex)
    year = replace(roadmap.years[0], running=100_000.0, opex=30_000.0)
    row = table(opened(roadmap_xlsx(record, replace(roadmap, years=(year,))))["Money"])[0]
    assert (row["Of the budget, for running costs only, USD"], row["Of this, left, USD"]) == (100_000, 70_000)


def test_a_year_without_a_budget_has_none() -> None:
    """Where no budget is recorded, the cells of budget, reserve and what is left are empty, not zero."""
    record, roadmap = sample(PLANNED[0])
    year = replace(roadmap.years[0], budget=None, reserve=0.0)
    row = table(opened(roadmap_xlsx(record, replace(roadmap, years=(year,))))["Money"])[0]
    names = ("Budget, USD", "Reserve held back, USD", "May be spent, USD", "Left, USD")
    assert [row[name] for name in names] == [None] * 4
    assert row["Together, USD"] == pytest.approx(year.capex + year.opex)


def test_people_stand_against_capacity() -> None:
    """Each role's need, capacity and remainder in each quarter are the plan's, and full quarters are shaded."""
    _, roadmap = sample(PLANNED[0])
    sheet = book_of(PLANNED[0])["People"]
    rows = {(row["Role"], row["FTE"]): row for row in table(sheet)}
    for one in roadmap.loads:
        needed, available, left = (
            rows[one.role, what][one.quarter.key] for what in ("Needed", "Available", "Left")
        )
        assert (needed, available) == (pytest.approx(one.load), one.capacity)
        assert left == pytest.approx(one.capacity - one.load)
    shaded = {cell.row for row in sheet[sheet.auto_filter.ref][1:] for cell in row if cell.fill.fill_type}
    full = {one.role for one in roadmap.loads if one.load and one.load >= 0.95 * one.capacity}
    assert {sheet.cell(row, 1).value for row in shaded} == full
    assert full


def test_the_notes_say_as_of_when_and_how_good() -> None:
    """Notes hold the as-of date, what the plan rests on, how good it is, and that a sample is synthetic."""
    _, roadmap = sample(PLANNED[0])
    said = [row["What it says"] for row in table(book_of(PLANNED[0])["Notes"])]
    assert "30 September 2026, round Second survey" in said
    assert "No other plan within these limits is worth more by leadership’s weights." in said
    assert set(roadmap.notes) <= set(said)
    assert "Not a real organisation." in said


def test_without_a_plan_there_are_rows_and_notes_only() -> None:
    """A client with nothing to rank by gets the list of work, what it serves and what to ask; no empty grids."""
    record, roadmap = sample("lakeside-clinic")
    book = book_of("lakeside-clinic")
    assert book.sheetnames == [
        "Roadmap", "Reasons", "Decisions", "Notes",
    ]  # fmt: skip
    assert figures_of("lakeside-clinic").sheetnames == [
        "Outlook", "Traceability", "Register", "Measures", "Risks", "Actions", "Notes",
    ]  # fmt: skip
    assert len(table(book["Roadmap"])) == len(record.initiatives)
    said = [row["What it says"] for row in table(book["Notes"])]
    assert "A ranking takes a yearly budget." in said
    assert set(roadmap.questions) <= set(said)


@pytest.mark.parametrize("slug", [*PLANNED, "lakeside-clinic"])
def test_the_trace_has_a_row_for_each_goal_and_what_serves_it(slug: str) -> None:
    """Each pair of a goal and an initiative has one row; so has a goal that nothing serves, and work that serves none."""
    record, _ = sample(slug)
    rows = table(figures_of(slug)["Traceability"])
    names = {goal.id: goal.name for goal in record.facts.goals}
    served = {
        (names[goal], one.id) for one in record.initiatives for goal, level in one.goals.items() if level
    }
    bare = {(name, None) for name in set(names.values()) - {goal for goal, _ in served}}
    loose = {("No goal served", one.id) for one in record.initiatives if not any(one.goals.values())}
    assert loose
    assert sorted(str((row["Goal"], row["Id"])) for row in rows) == sorted(map(str, served | bare | loose))


def test_a_row_of_the_trace_goes_from_goal_to_owners() -> None:
    """Goal, points, owner, measure with its way to go and both owners, then the initiative with quarters, money and owners."""
    _, roadmap = sample(PLANNED[0])
    rows = table(figures_of(PLANNED[0])["Traceability"])
    row = next(row for row in rows if (row["Id"], row["Points"]) == ("service-portal", 25))
    s = next(s for s in roadmap.scheduled if s.initiative == "service-portal")
    assert list(row.values()) == [
        "Earn a fifth of revenue from service contracts", 25, "Keisha Monroe, VP Sales and Service",
        "Revenue from service contracts", 9, 20, "%", "Keisha Monroe, VP Sales and Service", None,
        "service-portal", "Service portal for customers", 2, "Steering group", "Above the line", "In progress",
        s.start.key, s.finish.key, pytest.approx(s.capex), 46000,
        "Keisha Monroe, VP Sales and Service", "Greg Kowalczyk, Applications Manager", None,
        "The measure has no owner in IT",
    ]  # fmt: skip
    assert [row["Points"] for row in rows if row["Points"]] == sorted(
        (row["Points"] for row in rows if row["Points"]), reverse=True
    )


@pytest.mark.parametrize("slug", PLANNED)
def test_the_trace_counts_each_initiative_once_below(slug: str) -> None:
    """The row below the trace adds up the plan's capital and running cost, though work that serves two goals stands twice."""
    record, roadmap = sample(slug)
    sheet = figures_of(slug)["Traceability"]
    rows, head = table(sheet), {cell.value: cell.column for cell in sheet[1]}
    currency = record.facts.profile.currency
    by_id, below = {one.id: one for one in record.initiatives}, len(rows) + 3
    expected = {
        f"Capital, {currency}": sum(s.capex for s in roadmap.scheduled),
        f"Running cost a year, {currency}": sum(by_id[s.initiative].opex or 0 for s in roadmap.scheduled),
    }
    for title, amount in expected.items():
        assert sheet.cell(below, head[title]).value == pytest.approx(amount)
        inside = sum(row[title] or 0 for row in rows if row["Place in the plan"] == "Above the line")
        assert inside > amount


def test_the_trace_has_the_points_that_the_plan_follows() -> None:
    """Under a scenario with points of its own, these stand in the trace, and its heaviest goal first."""
    record, roadmap = sample(PLANNED[0])
    planning = record.facts.planning.model_copy(update={"scenario": "s"})
    scenario = Scenario(id="s", name="S", round=record.round().id, points={"keep-skills": 100})
    facts = record.facts.model_copy(update={"planning": planning})
    follows = replace(record, facts=facts, scenarios=(scenario,))
    first = table(opened(figures_xlsx(follows, roadmap))["Traceability"])[0]
    assert (first["Goal"], first["Points"]) == ("Keep nine of ten skilled workers", 100)


def test_the_trace_of_a_plan_that_collides_ranks_nothing() -> None:
    """Where what is fixed collides, goals and work are traced all the same, with nothing above or below a line."""
    record, roadmap = sample(PLANNED[0])
    collides = Roadmap("infeasible", roadmap.start, 12, conflicts=("a", "b"))
    rows = table(opened(figures_xlsx(record, collides))["Traceability"])
    assert {row["Place in the plan"] for row in rows} == {"Not ranked", None}
    assert {row["Id"] for row in rows} == {None, *(one.id for one in record.initiatives)}


def test_without_goals_there_is_no_trace() -> None:
    """A client without goals gets no sheet of work that serves none."""
    record = hostile()
    facts = record.facts.model_copy(update={"goals": ()})
    work = tuple(one.model_copy(update={"goals": {}}) for one in record.initiatives)
    bare = replace(record, facts=facts, initiatives=work)
    sheets = opened(figures_xlsx(bare, plan_roadmap(bare))).sheetnames
    assert (sheets[-1], "Traceability" in sheets) == ("Notes", False)


def test_an_earlier_round_dates_the_workbook() -> None:
    """The round named, not the latest, is the one on the Notes and in the file's dates."""
    record = load(SAMPLES, PLANNED[0])
    earlier = record.rounds[0]
    data = roadmap_xlsx(record, plan_roadmap(record, earlier.id), earlier.id)
    assert any("30 September 2025" in str(row["What it says"]) for row in table(opened(data)["Notes"]))
    assert opened(data).properties.created.date() == earlier.as_of


def test_nothing_in_it_runs() -> None:
    """Whatever the client's texts are, no cell is a formula or begins as one, and nothing is linked or embedded."""
    record = hostile()
    roadmap = plan_roadmap(record)
    assert roadmap.scheduled
    books = [roadmap_xlsx(record, roadmap), figures_xlsx(record, roadmap)]
    cells = [
        cell
        for data in books
        for sheet in opened(data)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    texts = [cell.value for cell in cells if cell.data_type == "s"]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {"'=1+1", "''=1", "#REF!", "_x005F_x003D_1+1", "a\ufffd"} <= set(texts)
    traced = table(opened(books[1])["Traceability"])
    assert {row["Goal"] for row in traced} == {"'=1+1"}
    assert {"'=1+1", "'@SUM(A1)"} <= {row["Initiative"] for row in traced} & {
        row["Owner in IT"] for row in traced
    }
    parts = {}
    for number, data in enumerate(books):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts |= {f"{number}/{name}": archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name, text in parts.items() if re.search("<f[ />]", text)]
    assert not [
        name for name in parts if any(word in name for word in ("vba", "external", "media", "drawing"))
    ]
    assert not [name for name, text in parts.items() if "TargetMode" in text or "\uffff" in text]


def test_a_name_stays_a_name_in_the_footer() -> None:
    """A client's name cannot insert a picture or a page's number into the printed footer."""
    record = hostile()
    with zipfile.ZipFile(io.BytesIO(roadmap_xlsx(record, plan_roadmap(record)))) as archive:
        assert (
            "=Evil &amp;&amp; Sons &amp;&amp;G\ufffd, as of"
            in archive.read("xl/worksheets/sheet1.xml").decode()
        )


def test_numbers_are_numbers() -> None:
    """Amounts and people are numbers with a number's format, not text."""
    sheet = book_of(PLANNED[0])["Roadmap"]
    amounts = [
        cell for row in sheet.iter_rows(min_row=2, min_col=10) for cell in row if cell.value is not None
    ]
    assert {(cell.data_type, cell.number_format) for cell in amounts} == {("n", "#,##0;[Red]-#,##0")}


def test_every_sheet_is_ready_to_use_and_to_print() -> None:
    """Each sheet keeps its header in sight, filters its rows, and prints across A4, its rows whole below their titles."""
    for sheet in books_of(PLANNED[0]):
        assert sheet.freeze_panes[-1] == "2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.oddFooter.right.text == "&A, page &P of &N"
        wide = sum(sheet.column_dimensions[cell.column_letter].width for cell in sheet[1])
        # A page 277 mm wide between its margins takes 142 digits of the default font, 7 pixels each.
        fit = sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToWidth
        assert wide < 142 or fit in ((True, 1), (True, None))
        assert not sheet.col_breaks.brk


@pytest.mark.parametrize("slug", PLANNED)
def test_a_column_is_as_wide_as_what_it_holds(slug: str) -> None:
    """No number is wider than its column, where it would show as marks, and no column much wider than its longest text."""
    for sheet in books_of(slug):
        for column in sheet.iter_cols():
            width = sheet.column_dimensions[column[0].column_letter].width
            whole = [
                f"{int(cell.value):,}"
                for cell in column[1:]
                if cell.data_type == "n" and cell.value is not None
            ]
            assert max(map(len, whole), default=0) < width, (sheet.title, column[0].value)
            texts = [len(str(cell.value)) for cell in column if cell.value is not None]
            assert width <= max(texts) + 5, (sheet.title, column[0].value)


def test_the_toolkit_reads_its_own_workbook() -> None:
    """The guard that refuses dangerous workbooks lets this one in and finds every initiative."""
    record, roadmap = sample(PLANNED[0])
    sheet = read_workbook("roadmap.xlsx", roadmap_xlsx(record, roadmap), "", 1000, 100)
    assert sheet.name == "Roadmap"
    assert {str(row[0]) for _, row in sheet.rows} >= {one.id for one in record.initiatives}


ANOTHER_DAY = """
import sys, time
from pathlib import Path
from toolkit.client.store import load
from toolkit.plan import from_json
from toolkit.publish.roadmap_workbook import roadmap_xlsx
time.sleep(max(float(sys.argv[5]) - time.time(), 0))
plan = from_json(Path(sys.argv[3]).read_text(encoding="utf-8"))
Path(sys.argv[4]).write_bytes(roadmap_xlsx(load(Path(sys.argv[1]), sys.argv[2]), plan))
"""


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    """Another process, later, in another time zone and with other hashes makes the very same file, dated as of the round."""
    record, roadmap = sample(PLANNED[0])
    data = roadmap_xlsx(record, roadmap)
    later = str(time.time() + 2)  # the times in an archive are of two seconds
    (tmp_path / "plan.json").write_text(to_json(roadmap), encoding="utf-8")
    made = [str(SAMPLES), PLANNED[0], str(tmp_path / "plan.json"), str(tmp_path / "again.xlsx"), later]
    elsewhere = os.environ | {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", ANOTHER_DAY, *made], env=elsewhere, check=True, cwd=SAMPLES.parent)
    assert (tmp_path / "again.xlsx").read_bytes() == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 9, 30, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2026-09-30T00:00:00Z") == 2


def test_trade_offs_stand_beside_the_plan_they_are_compared_with() -> None:
    """Each other budget and each ranked list has its value, money and what moves, as the plan says them."""
    record, roadmap = explained("harbour-credit-union")
    rows = table(opened(roadmap_xlsx(record, roadmap))["Trade-offs"])
    assert roadmap.explained is not None
    assert roadmap.value is not None
    assert [row["Plan"] for row in rows[:3]] == [
        "As planned", "Every budget 30 % lower: what is fixed no longer fits", "Every budget 20 % lower: what is fixed no longer fits",
    ]  # fmt: skip
    steps = {row["Plan"]: row for row in rows}
    more = next(step for step in roadmap.explained.budgets if step.share == 0.3)
    found = steps["Every budget 30 % higher"]
    assert found["Value, the plan = 100"] == pytest.approx(100 * (more.value or 0) / roadmap.value, abs=1e-3)
    names = {one.id: one.name for one in record.initiatives}
    enters = "; ".join(names[one] for one in more.enter) or None
    assert (found["Money spent, CAD"], found["Comes in"]) == (more.money, enters)
    assert rows[-1]["Plan"] == "A list by value per cost, within the same limits"


def test_what_brings_work_in_stands_in_its_row() -> None:
    """A row below the line says what single change brings it in, one above how firm it is and what it pays back."""
    record, roadmap = explained("harbour-credit-union")
    rows = {row["Id"]: row for row in table(opened(roadmap_xlsx(record, roadmap))["Reasons"])}
    assert rows["income-check"]["Comes in with"] == "none of the changes tried"
    assert rows["member-app"]["In the plan, of other ways tried"] is None  # it is under way: no choice
    assert " of " in str(rows["mortgage-file"]["In the plan, of other ways tried"])
    # 45 thousand and a tenth, at 10.5 thousand a quarter: by the end of the fifth quarter after it is done.
    work = {row["Id"]: row for row in table(opened(roadmap_xlsx(record, roadmap))["Roadmap"])}
    done = Quarter.parse(str(work["online-signing"]["Finish"]))
    assert rows["online-signing"]["Paid back by"] == str(done.plus(5))


@pytest.mark.parametrize("slug", PLANNED)
def test_a_row_is_as_high_as_its_longest_text(slug: str) -> None:
    """Each wrapped cell has room for its letters, in programs too that set no height on opening the file."""
    for sheet in books_of(slug):
        for row in sheet.iter_rows():
            height = sheet.row_dimensions[row[0].row].height or 15
            for cell in row:
                if isinstance(cell.value, str):
                    width = sheet.column_dimensions[cell.column_letter].width
                    assert len(cell.value) <= width * height / 15, (sheet.title, cell.coordinate)
