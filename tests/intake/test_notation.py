"""How a client writes numbers and dates, said once in its profile; it settles only what could be two."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from toolkit.client.folders import client_folder
from toolkit.client.schema import Facts, Profile
from toolkit.client.yaml_text import dump_facts
from toolkit.intake import export_record, import_record
from toolkit.intake.form.fields import field_for
from toolkit.intake.form.import_panel import ImportPanel
from toolkit.intake.form.sections import BY_KEY, FieldSpec
from toolkit.show.workshop_controls import NumberField

from .conftest import Desk

REGISTER = "id;name;capex;finish\nerp;ERP;{capex};{finish}\n"


def say(desk: Desk, **profile: str) -> None:
    """Write into the record how the client writes."""
    path = client_folder(desk.clients, "acme") / "client.yaml"
    lines = "".join(f"  {name}: {value}\n" for name, value in profile.items())
    text = path.read_text(encoding="utf-8")
    assert "profile:\n" in text
    path.write_text(text.replace("profile:\n", f"profile:\n{lines}", 1), encoding="utf-8")


@pytest.mark.parametrize(("mark", "cost"), [("comma", 350_000), ("point", 350)])
def test_what_could_be_two_numbers_is_read_as_the_profile_says(desk: Desk, mark: str, cost: float) -> None:
    """350.000 is 350,000 where decimals begin with a comma, and 350 where they begin with a point."""
    say(desk, decimal_mark=mark)
    desk.put(REGISTER.format(capex="350.000", finish=""))
    assert desk.initiative("erp").capex == cost


@pytest.mark.parametrize(
    ("order", "day"), [("day first", date(2027, 5, 4)), ("month first", date(2027, 4, 5))]
)
def test_what_could_be_two_days_is_read_as_the_profile_says(desk: Desk, order: str, day: date) -> None:
    """04/05/2027 is in May where the day comes first, and in April where the month does."""
    say(desk, date_order=order)
    desk.put(REGISTER.format(capex="1", finish="04/05/2027"))
    assert desk.initiative("erp").finish == day


def test_without_a_word_both_are_asked_and_the_profiles_fields_are_named(desk: Desk) -> None:
    """A client whose notation is not known: nothing is taken, and the remedy names where to say it once."""
    told = desk.refusal(REGISTER.format(capex="350.000", finish="04/05/2027"))
    assert "decimal_mark" in told
    assert "date_order" in told


def test_a_map_goes_before_the_profile(desk: Desk) -> None:
    """The map of one table says a point and the month first, the profile a comma and the day: the map is followed."""
    say(desk, decimal_mark="comma", date_order="day first")
    fields = "fields: {id: id, name: name, capex: capex, finish: finish}\n"
    desk.put(
        REGISTER.format(capex="350.000", finish="04/05/2027"),
        chosen=f'kind: initiatives\ndecimal: "."\ndates: month first\n{fields}',
    )
    assert (desk.initiative("erp").capex, desk.initiative("erp").finish) == (350, date(2027, 4, 5))


def test_a_column_that_shows_otherwise_is_told_and_not_overruled(desk: Desk) -> None:
    """12.5 and 04/13/2027 contradict a client of commas and days first: what could be two beside them is asked about."""
    say(desk, decimal_mark="comma", date_order="day first")
    rows = REGISTER.format(capex="350.000", finish="04/05/2027") + "crm;CRM;12.5;04/13/2027\n"
    told = desk.refusal(rows)
    assert "12.5 in column capex shows that decimals do not begin with a comma" in told
    assert "04/13/2027 shows that in this column the month comes first" in told
    certain = REGISTER.format(capex="350000", finish="") + "crm;CRM;12.5;\n"
    assert any("12.5 in column capex" in one for one in desk.put(certain).remarks)
    assert (desk.initiative("erp").capex, desk.initiative("crm").capex) == (350_000, 12.5)


@pytest.mark.parametrize(
    ("kind", "typed", "told", "echo"),
    [
        ("amount", "350.000", "350000", "= 350,000 EUR"),
        ("amount", "1.250,5", "1250.5", "= 1,250.5 EUR"),
        ("amount", "350,000", "350,000", ""),
        ("number", "1.250", "1250", "= 1,250"),
        ("number", "1,250", "1.25", "= 1.25"),
        ("number", "12.5", "12.5", ""),
        ("date", "04/05/2027", "2027-05-04", "= 4 May 2027"),
    ],
)
def test_a_field_reads_as_the_profile_says_and_echoes_it(kind: str, typed: str, told: str, echo: str) -> None:
    """Of a client of commas and days first; 350,000, which every page writes for 350 thousand, is asked about."""
    profile = {"currency": "EUR", "decimal_mark": "comma", "date_order": "day first"}
    heard: list[Any] = []
    field: Any = field_for(FieldSpec("any", "Any", kind), lambda _, value: heard.append(value))
    field.show(None, {"facts": {"profile": profile}})
    field._text.value = typed
    assert (heard, field.understood, field.once_said) == ([told], echo, "")


def test_what_is_asked_in_a_field_says_where_to_settle_it_once() -> None:
    """350.000 and 04/05/2027 without a notation: each names the company's field that would settle it."""
    for kind, typed, named in (
        ("amount", "350.000", "Decimals begin with"),
        ("date", "04/05/2027", "Dates in figures begin with"),
    ):
        field: Any = field_for(FieldSpec("any", "Any", kind), lambda *_: None)
        field.show(None, {"facts": {"profile": {"currency": "EUR"}}})
        field._text.value = typed
        assert named in field.once_said


def test_an_amount_is_shown_as_the_client_writes_it_and_stays_what_it_is() -> None:
    """1250000 of a client of commas shows as 1.250.000, in the form and the workshop, and comes back the same."""
    heard: list[Any] = []
    field: Any = field_for(BY_KEY["spend"].asks[0], lambda _, value: heard.append(value))
    given = [{"year": "2026", "run": "1250000", "grow": "350000.5"}]
    field.show(given, {"facts": {"profile": {"currency": "EUR", "decimal_mark": "comma"}}})
    assert [field._rows[0][name].value for name in ("year", "run", "grow")] == [
        "2026",
        "1.250.000",
        "350.000,5",
    ]
    assert field._value() == given
    budget = NumberField(
        "Budget", 350_000.0, 1e12, Profile(name="A", currency="EUR", decimal_mark="comma"), True
    )
    budget.text.value = "€ 420.000"
    assert (budget.value, budget.wrong) == (420_000, "")


def test_a_profile_that_does_not_say_it_is_written_without_it() -> None:
    """No byte of a record changes for a client that says nothing of its notation."""
    text = dump_facts(Facts(schema_version=1, profile=Profile(name="A"))).decode()
    assert "decimal_mark" not in text
    assert "date_order" not in text


def test_a_notation_comes_back_from_the_records_workbook(desk: Desk) -> None:
    """Exported and imported again, a record that says its notation has not changed."""
    say(desk, decimal_mark="comma", date_order="day first")
    path = export_record(desk.clients, "acme", desk.folder / "record.xlsx")
    assert import_record(desk.clients, "acme", path).files == {}
    assert desk.record.facts.profile.decimal == ","


def test_counted_answers_follow_the_profile(surveyed: Desk) -> None:
    """1.000 people of a client of commas are a thousand answers; without a word it is asked."""
    question = surveyed.record.questionnaire_of(surveyed.record.rounds[-1]).questions[0].id
    table = f"group;question;count_1;count_2;count_3;count_4;count_5\nbusiness;{question};1.000;2;3;4;5\n"
    assert "decimal_mark" in surveyed.refusal(table, "aggregates")
    say(surveyed, decimal_mark="comma")
    surveyed.put(table, "aggregates")
    assert surveyed.counts()["business", question] == (1000, 2, 3, 4, 5)


def test_the_forms_import_chooses_the_sheet(desk: Desk) -> None:
    """Two sheets that are not hidden are offered, the first as the one that is read; the chosen one is imported."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Notes"
    book.worksheets[0].append(["Subject", "Remark"])
    book.create_sheet("Old").sheet_state = "hidden"
    plan = book.create_sheet("Plan 2027")
    for row in (["id", "name"], ["erp", "ERP"]):
        plan.append(row)
    path: Path = client_folder(desk.clients, "acme") / "register.xlsx"
    book.save(path)
    panel: Any = ImportPanel(desk.clients, "acme", lambda: [], lambda: None)
    assert (panel._sheets.layout.display, panel._file.layout.display) == ("none", None)
    panel._kind.value = "initiatives"
    panel.show()
    panel._file.value = str(path)
    assert [value for _, value in panel._sheet.options] == ["", "Plan 2027"]
    assert "Notes" in panel._sheet.options[0][0]
    assert panel._sheets.layout.display == ""
    assert panel._file.layout.display != "none", "the other fields stay"
    panel._sheet.value = "Plan 2027"
    panel._go(dry_run=False)
    assert [one.id for one in desk.record.initiatives] == ["erp"]


def test_the_form_says_what_to_do_in_its_own_words(desk: Desk) -> None:
    """What could be two numbers or days in a register is asked about by the names of the form's fields, no option's."""
    (client_folder(desk.clients, "acme") / "r.csv").write_text(
        REGISTER.format(capex="350.000", finish="04/05/2027")
    )
    panel: Any = ImportPanel(desk.clients, "acme", lambda: [], lambda: None)
    panel._kind.value = "initiatives"
    panel.show()
    panel._file.value = next(value for _, value in panel._file.options if value.endswith("r.csv"))
    panel._go(dry_run=True)
    told = panel._outcome.value
    assert "what “Decimals begin with”" in told
    assert "under “Dates in figures begin with”" in told
    assert "--" not in told
