"""Fiscal years and quarters: which days they hold, what they are called, and what is said of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.calendar import CALENDAR_YEAR, FiscalYear, Quarter, fiscal_note

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
FISCAL = st.builds(FiscalYear, st.integers(1, 12), st.sampled_from(["first", "last"]))


@given(DAYS, FISCAL)
def test_a_quarter_holds_its_days_and_the_next_begins_after_it(day: date, fiscal: FiscalYear) -> None:
    """Each day lies in one quarter, of three months, and quarters follow each other without a gap."""
    quarter = Quarter.of(day, fiscal)
    first, last = quarter.first_day(fiscal), quarter.last_day(fiscal)
    assert first <= day <= last
    assert first.day == 1
    assert (first.month - fiscal.starts) % 3 == 0
    assert quarter.plus(1).first_day(fiscal) == last + timedelta(days=1)
    assert Quarter.of(first, fiscal) == Quarter.of(last, fiscal) == quarter


@given(DAYS, FISCAL)
def test_a_year_has_the_name_of_its_first_or_last_calendar_year(day: date, fiscal: FiscalYear) -> None:
    """By what the client says, the first or the last day of a fiscal year gives it its name."""
    year = Quarter.of(day, fiscal).year
    ends = Quarter(year, 1).first_day(fiscal), Quarter(year, 4).last_day(fiscal)
    assert ends[0 if fiscal.named_after == "first" else 1].year == year


@pytest.mark.parametrize(
    ("fiscal", "covers"),
    [
        (FiscalYear(4), "April 2026 to March 2027"),
        (FiscalYear(4, "first"), "April 2027 to March 2028"),
        (FiscalYear(12), "December 2026 to November 2027"),
    ],
)
def test_what_a_year_covers_is_said_where_it_is_named(fiscal: FiscalYear, covers: str) -> None:
    """A text that names a fiscal year or quarter is followed by its months; one that names none by nothing."""
    assert fiscal_note("The budget of FY2027 binds.", fiscal) == f"FY2027 is {covers}"
    assert fiscal_note("It begins in Q3 2027.", fiscal) == f"FY2027 is {covers}"
    assert fiscal_note("It begins in 2027‑Q3.", fiscal) == f"FY2027 is {covers}"
    assert fiscal_note("It begins in March 2027, as FY2 and 12027-Q1 do.", fiscal) == ""
    assert fiscal_note("The budget of FY2027 binds.", CALENDAR_YEAR) == ""


@pytest.mark.parametrize("text", ["FY0000", "0000-Q1", "FY0001", "FY9999", "9999-Q4", "FY٢٠٢٧"])
def test_a_year_that_no_client_has_is_passed_over(text: str) -> None:
    """Whatever a client calls its work, no page fails over the year it seems to name."""
    assert fiscal_note(f"{text}, then FY2027", FiscalYear(4)) == "FY2027 is April 2026 to March 2027"
