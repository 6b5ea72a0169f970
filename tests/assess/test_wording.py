"""How figures, names and lists are written."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.assess import wording

UNITS = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}


@given(st.floats(0, 9e11))
def test_money_is_within_half_a_per_cent_of_the_amount(amount: float) -> None:
    """An amount in words is the amount, to three figures."""
    match = re.fullmatch(r"USD ([\d,.]+) ?(thousand|million|billion)?", wording.money(amount, "USD"))
    assert match
    said = float(match[1].replace(",", "")) * UNITS[match[2] or ""]
    assert said == pytest.approx(amount, rel=0.005, abs=0.5)


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "USD 0"), (999, "USD 999"), (999.6, "USD 1 thousand"), (420_000, "USD 420 thousand"), (999_900, "USD 1 million"),
     (1_240_000, "USD 1.24 million"), (-5_000, "−USD 5 thousand")],
)  # fmt: skip
def test_money_changes_unit_where_a_reader_would(amount: float, said: str) -> None:
    """An amount that rounds to a thousand thousands is called a million."""
    assert wording.money(amount, "USD") == said


def test_an_unknown_amount_is_not_zero() -> None:
    """What is not known is said to be not known."""
    assert wording.money(None, "USD") == wording.UNKNOWN != wording.money(0, "USD")


@given(st.lists(st.text("abc", min_size=1, max_size=3), max_size=6))
def test_a_list_in_a_sentence_names_every_item(items: list[str]) -> None:
    """Every item stands in the sentence, with one "and" when there are two or more."""
    said = wording.joined(items)
    assert re.split(r", | and ", said) == items or not items
    assert said.count(" and ") == (1 if len(items) > 1 else 0)


def test_a_long_list_counts_the_rest() -> None:
    """Items past the limit are counted, none is lost silently."""
    assert wording.joined(["a", "b", "c", "d"], most=2) == "a, b and 2 more"


@given(st.text(max_size=80), st.integers(2, 30))
def test_cut_text_fits_and_says_that_it_was_cut(text: str, most: int) -> None:
    """Cut text is never longer than asked and ends with an ellipsis if anything is missing."""
    cut = wording.words(text, most)
    assert len(cut) <= most
    assert cut == " ".join(text.split()) or cut.endswith("…")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Shadow IT", "shadow IT"),
        ("Shared goals and KPIs", "shared goals and KPIs"),
        ("ERP lead", "ERP lead"),
    ],
)
def test_a_name_inside_a_sentence_keeps_its_acronyms(name: str, said: str) -> None:
    """Only an ordinary first letter is lowered."""
    assert wording.inside(name) == said


def test_counts_agree_with_their_nouns() -> None:
    """One is singular, none and several are plural, figures begin after twelve."""
    assert [wording.count(n, "goal") for n in (0, 1, 2, 12, 13)] == [
        "no goals",
        "one goal",
        "two goals",
        "twelve goals",
        "13 goals",
    ]


def test_a_difference_that_rounds_to_nothing_has_no_sign() -> None:
    """A gap of −0.04 is shown as 0.0, not as −0.0."""
    assert [wording.signed(x) for x in (-0.04, 0.04, -1.26, 0.5)] == ["0.0", "0.0", "−1.3", "+0.5"]


def test_dates_are_written_out() -> None:
    """A date on a page cannot be misread across the Atlantic."""
    assert (wording.day(date(2026, 9, 3)), wording.month(date(2026, 9, 3))) == (
        "3 September 2026",
        "Sep 2026",
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (99.99, "99.99"),
        (1234567890123.45, "1,234,567,890,123.45"),
        (1234567, "1,234,567"),
        (0.0042, "0.0042"),
        (-3.5, "−3.5"),
    ],
)
def test_a_recorded_value_is_written_as_it_is(value: float, said: str) -> None:
    """A target of 99.99 is never 100, and never a power of ten."""
    assert wording.recorded(value) == said


@pytest.mark.parametrize(
    ("value", "known", "said"), [(48.66, 5, 48.7), (99.9452, 99.99, 99.95), (1234.56, 5, 1235), (0.0, 5, 0)]
)
def test_a_computed_value_is_rounded_to_what_it_stands_beside(
    value: float, known: float, said: float
) -> None:
    """It has the decimals of the recorded value, and at least three figures."""
    assert wording.beside(value, known) == said


def test_a_recorded_share_is_not_rounded() -> None:
    """A discount rate of 8.5 % and a score set to 4.95 stay what was agreed."""
    assert [wording.recorded_percent(share) for share in (0.085, 0.125, 0.07)] == ["8.5 %", "12.5 %", "7 %"]
    assert [wording.stated(score) for score in (4, 4.95, 3.25)] == ["4.0", "4.95", "3.25"]
