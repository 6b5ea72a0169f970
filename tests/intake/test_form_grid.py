"""The grid of the form without a browser: what it shows of the draft, and what typing, filling and pasting change."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.new_client import start_client
from toolkit.client.record import Record
from toolkit.client.schema import Facts, Initiative
from toolkit.intake.document import put, recorded_rows
from toolkit.intake.draft import Draft
from toolkit.intake.form.grid_column import columns_of
from toolkit.intake.form.pasted_block import PastedBlock, read_block
from toolkit.intake.form.sections import INITIATIVES
from toolkit.intake.form.shell import Form
from toolkit.intake.form.workbench import Workbench
from toolkit.intake.mapping import RecognisedTable, map_of, mapped_table, shipped_map
from toolkit.intake.merge_rows import Reader
from toolkit.intake.table import Sheet

MAP = map_of(shipped_map("initiatives"), "initiatives.yaml", "initiatives")
GOALS = [{"id": "g1", "name": "Grow"}, {"id": "g2", "name": "Save"}]


class Window:
    """The form of a client with three initiatives, and a page that sends what is done in its grid."""

    def __init__(self, clients: Path, section: str = "initiatives") -> None:
        self.clients, self.sent = clients, 0
        if not (clients / "acme").exists():
            start_client(clients, "acme", "Acme", date(2026, 9, 30), "USD", "none")
            draft = Draft(clients, "acme")
            for goal in GOALS:
                draft.change(("facts", "goals", goal["id"]), goal)
            for number in range(1, 4):
                draft.change(("initiatives", f"i{number}"), {"id": f"i{number}", "name": f"Work {number}"})
            draft.sync()
        bench = Form(clients, "acme", lambda act: act(), lambda *_: SimpleNamespace(cancel=lambda: None))._bench  # fmt: skip
        assert bench is not None
        self.bench: Workbench = bench
        self.bench._menu.value = section
        self.section: Any = self.bench._sections[section]
        self.grid: Any = self.section._grid if section != "money" else self.section._grids[0]

    def does(self, *messages: dict[str, Any]) -> None:
        """Send what was done in the page."""
        numbered = []
        for message in messages:
            self.sent += 1
            numbered.append({**message, "n": self.sent})
        self.grid._heard.value = json.dumps(numbered)

    def types(self, id: str, key: str, *texts: str) -> None:
        """Type into a cell; each text is what then stands in it."""
        for text in texts:
            self.does({"do": "set", "cells": [[id, key, text]], "again": True})

    def pastes(self, text: str, ids: list[str], key: str) -> None:
        self.does({"do": "paste", "text": text, "ids": ids, "key": key})

    @property
    def shown(self) -> dict[str, Any]:
        """What the page was told last."""
        return dict(json.loads(unescape(self.grid._state.value.split('"')[1])))

    def cell(self, id: str, key: str) -> tuple[str, str]:
        """What a cell shows, and how it is marked."""
        place = [one["key"] for one in self.shown["columns"]].index(key)
        row = next(one for one in self.shown["rows"] if one[0] == id)
        return row[2][place], " ".join(row[4].get(str(place), ()))

    @property
    def work(self) -> list[dict[str, Any]]:
        """The initiatives of the draft."""
        return list(self.bench.document.get("initiatives", ()))


@pytest.fixture
def window(tmp_path: Path) -> Window:
    return Window(tmp_path / "clients")


def test_a_cell_is_typed_into_the_draft_as_a_field_is(window: Window) -> None:
    """What is typed is read and kept as in the fields below, which show it too; all letters are one step to undo."""
    window.types("i1", "capex", "8", "80", "80k")
    assert (window.work[0]["capex"], window.cell("i1", "capex")[0]) == ("80000", "80,000")
    assert window.section._entry.fields["capex"]._text.value == "80,000"
    window.bench._save()
    assert Draft(window.clients, "acme").document["initiatives"][0]["capex"] == "80000"
    window.bench._undo()
    assert "capex" not in window.work[0]
    assert window.cell("i1", "capex")[0] == ""


def test_gaps_and_mistakes_are_marked_in_their_cells_with_the_words_under_the_field(window: Window) -> None:
    """A cell that a page needs is marked as a gap, one that cannot be read as wrong, and says what the field says."""
    window.types("i1", "capex", "x")
    shown, mark = window.cell("i1", "capex")
    assert shown == "x"
    assert mark.startswith("wrong ✗ “x” is not an amount")
    assert mark.removeprefix("wrong ") in unescape(window.section._entry.fields["capex"]._message.value)
    assert window.cell("i2", "capex") == ("", "gap still needed.")
    assert window.cell("i2", "settles") == ("", "")


def test_a_row_begun_in_the_page_is_one_entry_however_often_it_is_sent(window: Window) -> None:
    """The page names its new row itself and sends again what is not confirmed: the letters all go into one entry."""
    window.types("new-1", "name", "N", "Ne", "New")
    window.grid._heard.value = json.dumps([{"do": "set", "cells": [["new-1", "name", "N"]], "again": True, "n": 1}])  # fmt: skip
    window.types("new-1", "owner_it", "Ann")
    assert window.work[3:] == [{"id": "initiative-4", "name": "New", "owner_it": "Ann"}]
    assert [row[:2] for row in window.shown["rows"]][3] == ["initiative-4", "new-1"]
    for left in ({"id": "initiative-4", "name": "New"}, {"id": "initiative-4"}):
        window.bench._undo()
        assert window.work[3:] == [left]


def test_filling_down_and_duplicating_are_one_step_each(window: Window) -> None:
    """Every cell below gets the first one’s value, a choice too; a copy stands behind its row; Undo takes each back whole."""
    window.does({"do": "set", "cells": [["i1", "status", "done"], ["i1", "goals/g1", "3"]]})
    window.does({"do": "fill", "ids": ["i1", "i2", "i3"], "keys": ["status", "goals/g1"]})
    assert [(one["status"], one["goals"]) for one in window.work] == [("done", {"g1": "3"})] * 3
    window.bench._undo()
    assert [one.get("status") for one in window.work] == ["done", None, None]
    window.does({"do": "copy", "id": "i1"})
    assert [one["name"] for one in window.work] == ["Work 1", "Work 1 (copy)", "Work 2", "Work 3"]
    window.bench._undo()
    assert [one["name"] for one in window.work] == ["Work 1", "Work 2", "Work 3"]


def test_a_block_changes_nothing_until_it_is_taken_and_goes_with_one_undo(window: Window) -> None:
    """What was understood, refused and left open is shown first; taken, rows are changed and added; Undo takes all back."""
    before = json.dumps(window.work)
    window.pastes("Ann\t80k\nBob\tmuch\n\t€1\nDon\tTBD\n", ["i2", "i3"], "owner_it")
    assert "no more" not in window.grid._preview.value
    window.grid.leave()
    assert json.dumps(window.work) == before
    block = "Ann\t2\t80k\nBob\t2\tmuch\nCal\t3\t90k\nDon\t1\tTBD\n"
    window.pastes(block, ["i2", "i3"], "owner_it")
    said = unescape(window.grid._preview.value)
    assert "10 cells understood, for 2 rows that are there and 2 new rows. Nothing is changed yet." in said
    assert "row 2, column Capital cost in all: “much” is not" in said
    assert json.dumps(window.work) == before
    window.grid.take()
    assert [(one.get("owner_it"), one.get("duration"), one.get("capex")) for one in window.work] == [
        (None, None, None), ("Ann", "2", "80000"), ("Bob", "2", None), ("Cal", "3", "90000"), ("Don", "1", None),
    ]  # fmt: skip
    window.bench._undo()
    assert json.dumps(window.work) == before


def test_with_headings_columns_and_rows_are_found_by_name(window: Window) -> None:
    """Headings as project lists have them, in any order, and fields without a column of the grid; references by name."""
    window.pastes("Budget\tProject\tNeeds first\tDescription\tGrow\n5k\tWork 2\tWork 1; i3\tOf old\t2\n6k\tOther\tNobody\t\t9\n", ["i1"], "name")  # fmt: skip
    said = unescape(window.grid._preview.value)
    assert all(piece in said for piece in ("“Nobody” is not among the 3", "“9” is not one of: 0, 1, 2, 3"))
    window.grid.take()
    assert window.work[1] == {"id": "i2", "name": "Work 2", "capex": "5000", "description": "Of old", "depends_on": ["i1", "i3"], "goals": {"g1": "2"}}  # fmt: skip
    assert window.work[3] == {"id": "initiative-4", "name": "Other", "capex": "6000"}


def test_a_budget_is_typed_and_pasted_by_its_fiscal_year(tmp_path: Path) -> None:
    """The rows of a table without names are known by what tells them apart; shares and amounts are read."""
    window = Window(tmp_path / "clients", "money")
    window.types("new-1", "year", "2027")
    window.types("new-1", "amount", "400k")
    window.pastes("Fiscal year\tAmount\tHeld back\n2027\t1.2m\t10 %\n2028\t300k\t5 %", [], "year")
    window.grid.take()
    assert window.bench.document["facts"]["budget"] == [
        {"year": "2027", "amount": "1200000", "reserve": "0.1"},
        {"year": "2028", "amount": "300000", "reserve": "0.05"},
    ]
    window.does({"do": "remove", "id": "0"})
    assert [one["year"] for one in window.bench.document["facts"]["budget"]] == ["2028"]


def test_too_much_or_nothing_at_all_is_refused_in_words(window: Window) -> None:
    """Neither an empty block, nor one with more columns than there are, nor one too large to look over is taken."""
    for text, words in (("\t\n\t", "cells with something in them"), ("1\t2\t3", "there are no more"), ("1\t" * 20_001, "20,000 cells")):  # fmt: skip
        window.pastes(text, ["i1"], "settles" if text[0] == "1" else "name")
        said = unescape(window.grid._preview.value)
        assert "Nothing was pasted." in said
        assert words in said


def test_hostile_text_is_text_in_what_the_page_is_told(window: Window) -> None:
    """It leaves no attribute and is no element, in the cells, the preview and what is said."""
    bad = "\"><img src=x onerror=alert(1)>'"
    window.types("i1", "name", bad)
    window.pastes(f"{bad}\t{bad}\t{bad}", ["i2"], "name")
    window.does({"do": "copy", "id": "i1"})
    for shown in (window.grid._state.value, window.grid._preview.value, window.grid._note.value):
        assert "<img" not in shown
    assert window.cell("i1", "name")[0] == bad


def test_what_is_no_message_of_the_page_changes_nothing(window: Window) -> None:
    """Text that is no JSON, cells of rows or columns that are not there: nothing happens."""
    before = json.dumps(window.work)
    for heard in ("x", "{}", '[{"n": 1}]', '[{"n": 2, "do": "set", "cells": [["nobody", "name", "x"], ["i1", "nothing", "y"]]}]'):  # fmt: skip
        window.grid._heard.value = heard
    assert json.dumps(window.work) == before


def test_an_initiative_shows_the_nine_fields_of_the_plan_first(window: Window) -> None:
    """The others are there once they are asked for, with how many are filled in; a mistake in one opens them."""
    entry = window.section._entry
    assert len(entry.fields) == 9
    assert entry._more.description == "More: 30 further fields, 0 filled in"
    window.bench.change(("initiatives", "i2", "opex"), "x")
    window.section.choose("i2")
    assert entry.fields["opex"]._text.value == "x"
    assert "✗" in entry.fields["opex"]._message.value
    assert entry._more.description == "Less: 30 further fields, 1 filled in"


def test_what_a_field_needs_is_made_beside_it(window: Window) -> None:
    """A KPI from the goal, a risk and a role from the initiative: recorded in their sections, and chosen here."""
    makers = {maker._one: maker for maker in window.section._entry._makers}
    for one, name in (("risk", "Fire"), ("role", "tester")):
        makers[one]._ask_for_it()
        makers[one]._name.value, makers[one]._people.value = name, "1,5"
        makers[one].make()
    facts = window.bench.document["facts"]
    assert facts["risks"] == [{"id": "risk-1", "name": "Fire"}]
    assert window.work[0]["settles"] == ["risk-1"]
    assert facts["capacity"] == [{"role": "tester", "fte": "1.5"}]
    window.bench._menu.value = "goals"
    (maker,) = window.bench._sections["goals"]._entry._makers  # type: ignore[attr-defined]
    maker._ask_for_it()
    maker._name.value = "On time"
    maker.make()
    assert facts["goals"][0]["kpi"] == "kpi-1"
    assert facts["kpis"] == [{"id": "kpi-1", "name": "On time"}]


HEADINGS = {
    "Status": ("In progress", "done", "on hold", "Proposed", "ongoing", "?"),
    "Budget": ("80k", "€1.2m", "1.250,50", "350.000", "350,000", "$1,000", "TBD", "n/a", "12 apples", "0", "-5", "1e3", "2,5"),
    "End date": ("2027-06-30", "30.06.2027", "06/30/2027", "04/05/2027", "March 2027", "2027", "31.02.2027", "offen"),
    "Quarters": ("2", "3 mons", "1.5", "45 days", "0", "x", "41"),
    "Contingency": ("10 %", "0.1", "1", "110 %", "0,2", "ten"),
    "RAG": ("Red", "g", "blue", "AMBER"),
    "Description": ("Two\nlines", '5" disk', "a\tb", "=1+1", "'=x", "<b>"),
    "Rank": ("1", "2.0", "0", "first"),
}  # fmt: skip
BLOCK = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(("", *texts)) for name, texts in HEADINGS.items()}),
    min_size=1,
    max_size=4,
)


def quoted(text: str) -> str:
    """Return a cell as a spreadsheet copies it."""
    return '"' + text.replace('"', '""') + '"' if any(one in text for one in '\t\n"') else text


@given(BLOCK)
def test_any_block_that_reads_is_what_the_import_reads(rows: list[dict[str, str]]) -> None:
    """Cell by cell, a pasted block holds what the import takes from a workbook of these texts, and refuses what it refuses."""
    table = [{"Project": f"Work {'abcd'[number]}", **row} for number, row in enumerate(rows)]
    text = "\n".join("\t".join(map(quoted, row)) for row in [list(table[0]), *([row[name] for name in table[0]] for row in table)])  # fmt: skip
    block = pasted(text)
    rows_ = tuple(
        (number, {name: cell.removeprefix("'") if cell.startswith("'=") else cell for name, cell in row.items() if cell})
        for number, row in enumerate(table, start=2)
    )  # fmt: skip
    sheet = Sheet("a.xlsx", "A", tuple(table[0]), rows_)
    done = Reader(
        mapped_table(Record("acme", FACTS), RecognisedTable(sheet, MAP, False, ()), ()), {}, FACTS.profile
    )
    done.read_all()
    done.settle()
    imported = list(done.after.values())
    ours = []
    for row in block.rows:
        entry: dict[str, Any] = {}
        for path, value in row.values.items():
            put(entry, path, value)
        ours.append(entry)
    assert ours == [
        {name: value for name, value in row.items() if name != "id"} for row in recorded_rows(imported)
    ]
    assert places(block.refused) == places(done.unreadable)
    assert places(block.left_open) == places(done.left_open)


FACTS = Facts.model_validate({"profile": {"name": "Acme", "currency": "USD"}})
COLUMN = {"Initiative": "Project", "Capital cost in all": "Budget", "Completion date as stated": "End date", "Quarters of work": "Quarters", "Contingency, share of it": "Contingency", "Red, amber or green": "RAG", "Leadership’s own rank": "Rank"}  # fmt: skip


def places(faults: Any) -> set[tuple[str, str]]:
    """Return row and column of each fault, by the table's own headings."""
    found = (fault.where.partition(", row ")[2].partition(", column ") for fault in faults)
    return {(row, COLUMN.get(column, column)) for row, _, column in found}


def pasted(text: str) -> PastedBlock:
    """Read a block into the grid of initiatives, headings of every field known."""
    columns = columns_of(INITIATIVES.asks, {})
    return read_block(text, columns, 0, Initiative, MAP, FACTS.profile)
