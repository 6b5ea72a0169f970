"""Changes, values and faults of the form in a reader's words: names, not ids; amounts with their thousands apart."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.store import load
from toolkit.intake.document import Document, at, document_of, put
from toolkit.intake.document_files import checked
from toolkit.intake.document_merge import differences
from toolkit.intake.form.entry import faults_in
from toolkit.intake.form.places import in_words, place, shown_change, shown_value, told_change, undone
from toolkit.intake.form.sections import BY_KEY
from toolkit.intake.typed_value import grouped, typed

BUDGET, SPEND = ("facts", "budget"), ("facts", "spend")


@pytest.fixture(scope="module")
def document(project: Path) -> Document:
    """The meridian sample as a document."""
    return document_of(load(project / "client_data", "meridian-manufacturing"))


def told(document: Document, path: tuple[str, ...], value: object) -> list[str]:
    """Return in words what changes when a place is set to a value."""
    new = deepcopy(document)
    put(new, path, value)
    return [
        line
        for where, before, after, _ in differences(document, new)
        for line in told_change(document, new, where, before, after)
    ]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("facts", "profile", "fiscal_year_starts"), "4", "Company, Fiscal year begins in: January becomes April"),
        (("facts", "goals", "on-time-delivery", "kpi"), "service-share", "Goals, “Deliver 95 % of orders on time”, Measured by: “Orders delivered on time” becomes “Revenue from service contracts”"),
        (("facts", "impact", "late-penalties", "likely"), "660000", "Likely, a year: 560,000 becomes 660,000"),
        (("initiatives", "machine-data", "goals", "on-time-delivery"), "3", "Contribution to each goal, “Deliver 95 % of orders on time”: 1: under 10 % of its distance becomes 3: over 30 %"),
        (("initiatives", "machine-data", "depends_on"), ["service-portal"], "Needs first: “Service portal for customers”"),
        (("initiatives", "machine-data", "status"), "done", "Status: In progress becomes Done"),
    ],
)  # fmt: skip
def test_a_change_is_told_by_names(
    document: Document, path: tuple[str, ...], value: object, words: str
) -> None:
    """Options, entries of other lists and amounts are told as the form shows them."""
    home = path if at(document, path[:-1]) is not None else None
    assert home, "the sample has no such place"
    (line,) = told(document, path, value)
    assert line.endswith(words)


def test_of_a_table_only_the_changed_cell_is_told(document: Document) -> None:
    """One figure of one year becomes one line, with the year, the column and both amounts."""
    rows = deepcopy(at(document, SPEND))
    rows[0]["run"] = "4310000"
    assert told(document, SPEND, rows) == ["IT spending, Spending, 2024, Run: 4,300,000 becomes 4,310,000"]


def test_rows_that_come_and_go_are_told_whole(document: Document) -> None:
    """A year taken out and a year put in are a line each."""
    rows = [*deepcopy(at(document, BUDGET))[1:], {"year": "2030", "amount": "900000"}]
    assert told(document, BUDGET, rows) == [
        "Budget and capacity, Budget, 2030: Amount 900,000, added",
        "Budget and capacity, Budget, 2027: Amount 1,500,000, Held back 0.1, removed",
    ]


def test_two_rows_of_one_role_are_told_apart_by_their_quarter(document: Document) -> None:
    """The second row of a role changes: only that row is told."""
    path = ("facts", "capacity")
    rows = deepcopy(at(document, path))
    rows[2]["fte"] = "1.5"
    assert told(document, path, rows) == [
        "Budget and capacity, Capacity, business analyst, People (FTE): 1.25 becomes 1.5"
    ]


def test_how_a_group_answers_is_told_by_its_title(document: Document) -> None:
    """The group, its fields and the goals it ranked by their names; what stayed as it was is not told."""
    path = ("facts", "rounds", "2026-q3", "groups")
    groups = deepcopy(at(document, path))
    groups[0]["invited"] = "40"
    (line,) = told(document, path, groups)
    assert line.startswith("Who answers how, “Second survey”, How each group answers, Business, Invited: ")
    assert line.endswith(" becomes 40")
    assert "“Deliver 95 % of orders on time”: " in shown_value(document, path, groups)


def test_a_new_entry_is_told_once(document: Document) -> None:
    """Its name stands in the place; it is not said again as its value."""
    new = {"id": "kpi-9", "name": "Orders lost"}
    assert told(document, ("facts", "kpis", "kpi-9"), new) == ["KPIs, “Orders lost”: added"]


def test_a_fault_in_a_table_names_its_row_and_column(document: Document, project: Path) -> None:
    """In each kind of table, by the words of the form."""
    wrong = deepcopy(document)
    at(wrong, BUDGET)[1]["reserve"] = "10 %"
    at(wrong, ("facts", "kpis", "on-time-delivery", "readings"))[1]["value"] = "x"
    at(wrong, ("facts", "rounds", "2026-q3", "groups"))[0]["minimum"] = "z"
    record = load(project / "client_data", "meridian-manufacturing")
    faults = [in_words(wrong, one)[0] for one in checked(record, document, wrong).faults]
    assert {one.where for one in faults if one.found in ("10 %", "x", "z")} == {
        "Budget and capacity, Budget, row 2 (2028), Held back",
        "KPIs, “Orders delivered on time”, Readings, row 2 (2025-12-31), Value",
        "Who answers how, “Second survey”, How each group answers, row 1 (Business), Scores show from",
    }


def test_the_message_under_a_table_names_row_and_column() -> None:
    """As the fields are labelled, not as the record calls them."""
    budget = [{"year": "2027", "amount": "1"}, {"year": "2028", "reserve": "10 %"}]
    (found,) = [fault for _, fault in faults_in(BY_KEY["money"], {"budget": budget}) if fault.found == "10 %"]
    assert found.where == "row 2, Held back"


def test_an_undone_table_is_not_told_figure_by_figure(document: Document) -> None:
    """One field is told with its value, a whole table only by its name."""
    assert undone(document, SPEND, at(document, SPEND)) == "Undone: IT spending, Spending as before."
    assert undone(document, ("facts", "impact", "late-penalties", "likely"), "560000").endswith(
        "Likely, a year is 560,000 again."
    )


def test_a_role_that_is_not_recorded_is_told_by_section(document: Document, project: Path) -> None:
    """Where roles are recorded is said by the section's title, not by the file; a role is no id."""
    wrong = deepcopy(document)
    put(wrong, ("initiatives", "machine-data", "fte"), {"developer": "2"})
    (found,) = checked(load(project / "client_data", "meridian-manufacturing"), document, wrong).faults
    fault, _, _ = in_words(wrong, found)
    assert fault.allowed.startswith("a role in “Budget and capacity”: application developer")
    assert "add the role to “Budget and capacity”" in fault.remedy
    assert " id" not in f"{fault.allowed} {fault.remedy}"


def test_a_clash_over_a_table_shows_what_each_changed(document: Document) -> None:
    """Not both tables whole: the cell that each changed."""
    rows = deepcopy(at(document, SPEND))
    rows[0]["run"] = "4310000"
    said = shown_change(document, SPEND, at(document, SPEND), rows)
    assert said == "2024, Run: 4,300,000 becomes 4,310,000"


def test_scores_are_placed_by_round_and_group(document: Document) -> None:
    """Where a position was agreed is told by the names of round and group."""
    assert place(document, ("positions", "2026-q3", "it", "value-1")) == "Scores, Second survey, IT, value-1"


@given(st.decimals(0, 10**12, places=2))
def test_an_amount_shown_in_groups_is_read_as_it_was(amount: object) -> None:
    """Whatever an amount is, what the form shows is taken back as the same amount."""
    assert Decimal(typed(grouped(str(amount)), "amount")) == Decimal(str(amount))


@pytest.mark.parametrize("text", ["1,2345", "01,000", "abc", "", "0,500", "1,000,00", "350.000", "-350.000"])
def test_what_is_no_amount_in_groups_stays_as_typed(text: str) -> None:
    """A comma that does not set thousands apart is for the check to judge."""
    assert typed(text, "amount") == text


def test_rows_alike_that_stay_are_not_told(document: Document) -> None:
    """Of two rows typed alike neither is told as new when another row is left out."""
    first, second = deepcopy(at(document, BUDGET))[:2]
    new = deepcopy(document)
    put(document := deepcopy(document), BUDGET, [first, first, second])
    put(new, BUDGET, [first, first])
    lines = told_change(document, new, BUDGET, [first, first, second], [first, first])
    assert len(lines) == 1
    assert lines[0].startswith("Budget and capacity, Budget, 2028: ")
    assert lines[0].endswith("removed")
