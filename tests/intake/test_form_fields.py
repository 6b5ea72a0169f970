"""Single fields of the form, without a browser: what they show of the document and what they tell of typing."""

from __future__ import annotations

from typing import Any

from toolkit.intake.form.fields import field_for
from toolkit.intake.form.sections import BY_KEY, Ask


def test_an_amount_is_shown_in_groups_and_taken_either_way() -> None:
    """1250000 is shown as 1,250,000; typed with or without commas it is the same digits in the document."""
    told: list[Any] = []
    field: Any = field_for(Ask("capex", "Cost", "amount"), lambda _, value: told.append(value))
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
    field: Any = field_for(Ask("settles", "Settles", "several", of=("facts", "risks")), lambda *_: None)
    field.show(["r7", "r8"], risks)
    assert ">Chosen: Risk 7; Risk 8.<" in field._chosen.value
    field._several.value = ()
    assert "None chosen. Hold Ctrl" in field._chosen.value
