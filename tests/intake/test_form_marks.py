"""What the form says of how a section stands, and under which fields what is wrong is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from toolkit.client.schema import Facts
from toolkit.client.store import create
from toolkit.client.yaml_text import dump_facts
from toolkit.intake.form.shell import Form
from toolkit.intake.form.workbench import Workbench

FACTS: dict[str, Any] = {
    "profile": {"name": "Acme", "sector": "Trade", "business_lead": "Ann Li, COO", "it_lead": "Bo Eck, IT", "employees": 60},
    "goals": [{"id": "a", "name": "Grow", "weight": 60}, {"id": "b", "name": "Save", "weight": 40}],
    "risks": [{"id": "r", "name": "Contract", "due": "2027-06-30"}],
    "rounds": [{"id": "r1", "as_of": "2026-09-30"}],
}  # fmt: skip


class Later(list[Callable[[], None]]):
    """Time that passes when told to."""

    def __call__(self, seconds: float, act: Callable[[], None]) -> SimpleNamespace:
        """Keep what is to be done."""
        self.append(act)
        return SimpleNamespace(cancel=lambda: None)

    def passes(self) -> None:
        """Do what waits by now."""
        due = [*self]
        self.clear()
        for act in due:
            act()


@pytest.fixture
def later() -> Later:
    """Time that passes when told to."""
    return Later()


@pytest.fixture
def bench(tmp_path: Path, later: Later) -> Workbench:
    """The form of a client with two goals, a risk and two initiatives."""
    initiatives = b"id,name,depends_on\nx,Portal,\ny,Prices,x\n"
    create(tmp_path, "acme", {"client.yaml": dump_facts(Facts.model_validate(FACTS)), "initiatives.csv": initiatives})  # fmt: skip
    bench = Form(tmp_path, "acme", lambda act: act(), later)._bench
    assert bench is not None
    return bench


def section(bench: Workbench, key: str) -> Any:
    """Choose a section and return it."""
    bench._menu.value = key
    return bench._sections[key]


def told(bench: Workbench, key: str, later: Later) -> dict[str, str]:
    """Return what stands under each field of the section that shows, once all is saved and judged."""
    later.passes()
    shown = bench._sections[key]._entry
    return {name: field._message.value for name, field in shown.fields.items() if field._message and field._message.value}  # fmt: skip


def line(bench: Workbench, key: str) -> str:
    """Return a section's line in the menu."""
    return next(label for label, value in bench._menu.options if value == key)


def test_a_section_with_mistakes_never_says_that_it_is_filled_in(bench: Workbench, later: Later) -> None:
    """Two mistakes in the company’s fields are counted in the menu, in the bar and above the fields, by name."""
    fields = section(bench, "profile")._entry.fields
    later.passes()
    assert line(bench, "profile") == "✓ Company"
    assert "✓ All filled in." in bench._line.value
    fields["employees"]._text.value = "many"
    fields["discount_rate"]._text.value = "eight"
    later.passes()
    assert line(bench, "profile") == "✗ Company: 2 wrong"
    assert "✗ 2 mistakes: Employees and Discount rate." in bench._line.value
    assert "All filled in" not in bench._line.value
    assert "✗ 2 wrong" in bench._progress.value
    fields["employees"]._text.value, fields["discount_rate"]._text.value = "61", "8 %"
    later.passes()
    assert line(bench, "profile") == "✓ Company"
    assert "wrong" not in bench._progress.value


def test_what_a_page_lacks_is_counted_and_what_nobody_needs_is_no_gap(bench: Workbench, later: Later) -> None:
    """The initiatives lack what the plan needs; meetings, which no page has to have, are neither open nor complete."""
    later.passes()
    assert line(bench, "initiatives").startswith("○ Initiatives (2): ")
    assert line(bench, "initiatives").endswith(" open")
    assert line(bench, "meetings") == "– Meetings (0)"


def test_what_is_wanted_and_not_filled_in_is_never_marked_as_complete(bench: Workbench, later: Later) -> None:
    """A risk without a date, which no page has to have, is open in the menu and above its fields, and counted by neither."""
    fields = section(bench, "risks")._entry.fields
    for name, text in (("severity", "0.5"), ("consequence", "It renews itself."), ("owner", "Ann Li, COO")):
        fields[name]._text.value = text
    later.passes()
    assert line(bench, "risks") == "✓ Risks and deadlines (1)"
    there = bench._progress.value
    fields["due"]._text.value = ""
    later.passes()
    assert line(bench, "risks") == "○ Risks and deadlines (1)"
    assert '<p class="open">1 recorded; 1 without “Due”.</p>' in bench._line.value
    assert bench._progress.value == there


def test_two_dates_in_no_order_are_told_under_both(bench: Workbench, later: Later) -> None:
    """Notice after the due day stands under Notice, and under Due by the name of the other field."""
    fields = section(bench, "risks")._entry.fields
    fields["notice"]._text.value = "2027-12-31"
    under = told(bench, "risks", later)
    assert "“2027-12-31” is not a day no later than due, 2027-06-30" in under["notice"]
    assert "✗ Notice by: “2027-12-31”" in under["due"]
    assert line(bench, "risks") == "✗ Risks and deadlines (1): 1 wrong"


def test_points_that_do_not_add_up_are_told_under_the_points_of_each_goal(
    bench: Workbench, later: Later
) -> None:
    """Ninety points spread over two goals are wrong under either goal’s points."""
    goals = section(bench, "goals")
    goals._entry.fields["weight"]._text.value = "50"
    assert "add up to 90" in told(bench, "goals", later)["weight"]
    goals.choose("b")
    assert "add up to 90" in told(bench, "goals", later)["weight"]
    assert line(bench, "goals").endswith(": 1 wrong")
    goals._entry.fields["weight"]._text.value = "50"
    assert "weight" not in told(bench, "goals", later)


def test_work_that_waits_for_itself_is_told_under_all_of_the_circle(bench: Workbench, later: Later) -> None:
    """Of two initiatives that wait for each other, both show it under what they need first."""
    section(bench, "initiatives")
    bench.change(("initiatives", "x", "depends_on"), ["y"])
    bench._sections["initiatives"].choose("x")
    assert "circular dependency" in told(bench, "initiatives", later)["depends_on"]
    bench._sections["initiatives"].choose("y")
    assert "circular dependency" in told(bench, "initiatives", later)["depends_on"]


def test_a_mistake_elsewhere_hides_no_dates_in_no_order(bench: Workbench, later: Later) -> None:
    """While the company’s fields cannot be read, a risk whose notice is after its due day still counts as wrong."""
    section(bench, "risks")._entry.fields["notice"]._text.value = "2027-12-31"
    section(bench, "profile")._entry.fields["employees"]._text.value = "many"
    later.passes()
    assert line(bench, "profile").endswith(": 1 wrong")
    assert line(bench, "risks").endswith(": 1 wrong")


def test_the_review_calls_no_section_filled_in_that_has_a_mistake(bench: Workbench, later: Later) -> None:
    """The review’s list of sections names the mistake where the form’s own line does."""
    section(bench, "profile")._entry.fields["employees"]._text.value = "many"
    later.passes()
    said = section(bench, "review")._progress.value
    assert "✗ 1 mistake: Employees." in said
    assert "All filled in" not in said
