"""Single fields of the form, without a browser: what they show of the document and what they tell of typing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from toolkit.client.faults import faults_of
from toolkit.client.field_types import TWO_NUMBERS, Row, number_text, two_numbers
from toolkit.client.schema import Budget, Capacity, Facts, Initiative, RoundGroup
from toolkit.client.yaml_files import read_model
from toolkit.client.yaml_text import dump_facts
from toolkit.intake.form.fields import field_for
from toolkit.intake.form.sections import BY_KEY, FieldSpec


def test_an_amount_is_shown_in_groups_and_taken_either_way() -> None:
    """1250000 is shown as 1,250,000; typed with or without commas it is the same digits in the document."""
    told: list[Any] = []
    field: Any = field_for(FieldSpec("capex", "Cost", "amount"), lambda _, value: told.append(value))
    field.show("1250000", {})
    assert (field._text.value, told) == ("1,250,000", [])
    for typed in ("2,500,000", "2500000"):
        field._text.value = typed
        assert told.pop() == "2500000"
        field.show("2500000", {})
        assert field._text.value == typed, "what one is typing is not rewritten"


def test_the_amounts_of_a_table_are_shown_in_groups_its_years_are_not() -> None:
    """Of a row of spending the amounts are set apart, the fiscal year is left alone, and the digits come back."""
    told: list[Any] = []
    field: Any = field_for(BY_KEY["spend"].asks[0], lambda _, value: told.append(value))
    field.show([{"year": "2026", "run": "4760000", "grow": "310000"}], {})
    (row,) = field._rows
    assert [row[name].value for name in ("year", "run", "grow")] == ["2026", "4,760,000", "310,000"]
    row["run"].value = "4,800,000"
    assert told == [[{"year": "2026", "run": "4800000", "grow": "310000"}]]


def test_what_is_chosen_of_a_long_list_is_said_under_it() -> None:
    """The list shows four lines at a time: what is chosen stands below, and how to choose more than one."""
    risks = {"facts": {"risks": [{"id": f"r{i}", "name": f"Risk {i}"} for i in range(9)]}}
    field: Any = field_for(FieldSpec("settles", "Settles", "several", of=("facts", "risks")), lambda *_: None)
    field.show(["r7", "r8"], risks)
    assert ">Chosen: Risk 7; Risk 8.<" in field._chosen.value
    field._several.value = ()
    assert "None chosen. Hold Ctrl" in field._chosen.value


@pytest.mark.parametrize(
    ("typed", "told"),
    [("350.000", "350.000"), ("1.2m", "1200000"), ("1 250 000", "1250000"), ("250k", "250000"), ("0,1", "0.1"), ("12.5", "12.5"),
     ("1.250.000,50", "1250000.5"), ("1,250.50", "1250.5"), ("1.250k", "1.250k"), ("1.25k", "1250")],
)  # fmt: skip
def test_an_amount_is_read_as_in_a_file_and_stays_as_typed_where_it_may_be_two(typed: str, told: str) -> None:
    """One reader of amounts: what is certain becomes digits, what could be two stays for the check to ask about."""
    heard: list[Any] = []
    field: Any = field_for(FieldSpec("capex", "Cost", "amount"), lambda _, value: heard.append(value))
    field._text.value = typed
    assert heard == [told]


@pytest.mark.parametrize(
    ("kind", "typed", "told", "echo"),
    [
        ("share", "8 %", "0.08", "= 8 %"),
        ("share", "7,5%", "0.075", "= 7.5 %"),
        ("share", "0,1", "0.1", "= 10 %"),
        ("share", "0.1", "0.1", ""),
        ("amount", "80k", "80000", "= 80,000 EUR"),
        ("amount", "120 000", "120000", "= 120,000 EUR"),
        ("amount", "120\u202f000 €", "120000", "= 120,000 EUR"),
        ("amount", "€120,000", "120000", "= 120,000 EUR"),
        ("amount", "EUR 1,2 Mio.", "1200000", "= 1,200,000 EUR"),
        ("amount", "350,000", "350000", ""),
        ("amount", "$120,000", "$120,000", ""),
        ("amount", "350.000", "350.000", ""),
        ("number", "1,5", "1.5", "= 1.5"),
        ("number", "1.234,5", "1234.5", "= 1,234.5"),
        ("number", "1,250", "1,250", ""),
        ("number", "12.5", "12.5", ""),
        ("date", "30.06.2027", "2027-06-30", "= 30 June 2027"),
        ("date", "30. Juni 2027", "2027-06-30", "= 30 June 2027"),
        ("date", "June 30, 2027", "2027-06-30", "= 30 June 2027"),
        ("date", "31/12/2027", "2027-12-31", "= 31 December 2027"),
        ("date", "04/05/2027", "04/05/2027", ""),
        ("date", "June 2027", "June 2027", ""),
        ("date", "2027-06-30", "2027-06-30", ""),
    ],
)
def test_a_field_reads_what_people_type_and_says_what_it_understood(
    kind: str, typed: str, told: str, echo: str
) -> None:
    """As in a file; what could be two numbers or days, or is in another currency, stays for the check to ask about."""
    heard: list[Any] = []
    field: Any = field_for(FieldSpec("any", "Any", kind), lambda _, value: heard.append(value))
    field.show(None, {"facts": {"profile": {"currency": "EUR"}}})
    field._text.value = typed
    assert (heard, field.understood) == ([told], echo)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Budget, {"year": "2027", "amount": "350.000"}),
        (RoundGroup, {"group": "business", "invited": "1,250"}),
        (RoundGroup, {"group": "business", "invited": "1.000"}),
        (Initiative, {"id": "a", "name": "A", "fte": {"developer": "1,250"}}),
        (Capacity, {"role": "developer", "fte": "1.250"}),
    ],
)
def test_what_may_be_two_numbers_is_asked_with_both(model: type[Row], values: dict[str, Any]) -> None:
    """In every field, amounts, shares, counts and pairs: the message holds both readings and how to type each."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(values)
    (fault,) = faults_of(caught.value, model, lambda loc: str(loc))
    small, large = two_numbers(fault.found)
    assert f"{fault.found} may be {small} or {large}" in fault.allowed
    assert fault.remedy.startswith(f"Write {small} for the one, {large} for the other.")
    assert float(small) * 1000 == float(large)


@given(st.floats(-1e12, 1e12, allow_nan=False).map(lambda one: round(one, 3)))
def test_a_number_that_is_written_is_never_asked_about(number: float) -> None:
    """Whatever the toolkit writes into a document or a file reads back as that number."""
    text = number_text(number)
    assert not TWO_NUMBERS.fullmatch(text)
    assert float(text) == number


def test_an_amount_in_a_yaml_file_that_may_be_two_is_a_fault() -> None:
    """client.yaml's amount: 350.000 is not 350, nor a reading of 4.125 certain; 4.1250 is, and a share takes no thousands."""
    facts = "schema_version: 1\nprofile: {name: T, currency: EUR}\nbudget:\n- year: 2027\n  amount: 350.000\n"
    read, faults = read_model(Facts, facts.encode(), "client.yaml")
    assert read is None
    assert [(one.where, one.found) for one in faults] == [
        ("client.yaml, budget, entry 1 (2027), field amount", "350.000")
    ]
    assert "350.000 may be 350 or 350000" in faults[0].allowed
    kpis = "schema_version: 1\nprofile: {name: T}\nkpis:\n- {id: k, name: K, unit: days, readings: [{date: 2026-01-01, value: 4.125}]}\n"
    read, faults = read_model(Facts, kpis.encode(), "client.yaml")
    assert read is None
    assert "4.125 may be 4.1250 or 4125" in faults[0].allowed
    certain = kpis.replace("4.125", "4.1250") + "targets: {communication: 3.125}\n"
    read, faults = read_model(Facts, certain.encode(), "client.yaml")
    assert read is not None, faults
    assert (read.kpis[0].readings[0].value, read.targets["communication"]) == (4.125, 3.125)
    assert read_model(Facts, dump_facts(read), "client.yaml")[0] == read
