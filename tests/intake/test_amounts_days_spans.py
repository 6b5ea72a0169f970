"""Money, days, quarters and spans as people type them: exact where certain, never a guess."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.calendar import CALENDAR_YEAR, FiscalYear, Quarter
from toolkit.intake.amount import needs_comma, number_of
from toolkit.intake.cell import LeftOpen, NoDay, Unreadable, says_missing
from toolkit.intake.date import DAY_FIRST, MONTH_FIRST, day_of, names_a_period, order_of, quarter_of
from toolkit.intake.duration import quarters_of

ANY_DAY = st.dates(date(1990, 1, 1), date(2068, 12, 31))


@pytest.mark.parametrize(
    ("text", "decimal", "currency", "amount"),
    [
        ("$2,812,101", ".", "CAD", "2812101"),
        ("£1.2m", ".", "GBP", "1200000"),
        ("1.2 million", ".", "CAD", "1200000"),
        ("€3,5 Mio.", "", "EUR", "3500000"),
        ("3,5 MIO EUR", ",", "EUR", "3500000"),
        ("350k", ".", "CAD", "350000"),
        ("1 242,05", "", "CAD", "1242.05"),
        ("1\u202f242\u202f000,05 $", ",", "CAD", "1242000.05"),
        ("1'242'000.05", ".", "CHF", "1242000.05"),
        ("(1,200)", ".", "CAD", "-1200"),
        ("(1.2m)", ".", "CAD", "-1200000"),
        ("CAD 2.5M", ".", "CAD", "2500000"),
        ("C$2.5 bn", ".", "CAD", "2500000000"),
        ("0.1k", ".", "CAD", "100"),
        ("2 Md $", ".", "CAD", "2000000000"),
        ("$250 b", ".", "CAD", "250000000000"),
        ("3.5 $ Mio.", ".", "CAD", "3500000"),
        ("2,4 Mrd. €", "", "EUR", "2400000000"),
        ("120.000,00 $", "", "CAD", "120000"),
        ("1,234", ".", "CAD", "1234"),
    ],
)
def test_amounts_read_as_typed(text: str, decimal: str, currency: str, amount: str) -> None:
    """Signs, codes, separators of groups, parentheses and multiples: the exact amount."""
    assert number_of(text, "money", decimal, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [("1,234", ""), ("1.234", ""), ("1,234k", ""), ("12 34", "."), ("1 2345", "."), ("US$5", "."), ("£5", "."), ("5 mm", "."),
     ("3\n500", "."), ("250\n500", "."), ("250\t500", "."), ("12$50", "."), ("1$20", "."), ("30 MD", "."), ("12 md", "."), ("250 b", "."), ("350b", "."), ("5B", "."),
     ("1.23457E+11", "."), ("1.2E+11", "."), ("m", "."), ("k5", "."), ("1.2 m 3", "."), ("1-2m", "."), ("~5m", "."), ("5m+", "."), ("1,2,3m", "."), ("1.2.3", "")],
)  # fmt: skip
def test_what_could_be_two_amounts_or_none_is_not_read(text: str, decimal: str) -> None:
    """1,234 where a comma may begin a decimal, figures split at will, other currencies, half a word."""
    with pytest.raises(Unreadable):
        number_of(text, "money", decimal, "CAD")


@given(
    st.decimals(Decimal("0.001"), 999, places=3),
    st.sampled_from(
        [("k", 3), ("K", 3), ("m", 6), (" M", 6), (" million", 6), ("bn", 9), (" Mio.", 6), (" Mrd", 9)]
    ),
)
def test_a_multiple_is_exact(amount: Decimal, multiple: tuple[str, int]) -> None:
    """Whatever stands before k, m or bn, the figure is that times a power of ten, to the last digit."""
    word, power = multiple
    assert number_of(f"${amount}{word}", "money", ".", "CAD") == amount.scaleb(power)


def test_only_money_has_multiples() -> None:
    """5m is no number of a measure: it could be metres."""
    with pytest.raises(Unreadable):
        number_of("5m", "number", ".")


def test_a_column_shows_that_its_decimals_begin_with_a_comma() -> None:
    """One cell that cannot be read otherwise is enough; groups of three digits are not."""
    assert needs_comma(["1,234", "3,5"])
    assert not needs_comma(["1,234", "12,345,678.90", "TBD", ""])


@given(st.lists(ANY_DAY, min_size=1, max_size=20), st.booleans(), st.sampled_from("/-"))
def test_the_whole_column_tells_the_order_or_none_of_it_is_read(
    days: list[date], first: bool, mark: str
) -> None:
    """With one day past the 12th all figures read as written; without, only those that are the same both ways."""
    texts = [mark.join([*[f"{one:%d}", f"{one:%m}"][:: 1 if first else -1], f"{one:%Y}"]) for one in days]
    order = order_of(texts)
    told = any(one.day > 12 for one in days)
    assert order == ((DAY_FIRST if first else MONTH_FIRST) if told else "")
    for text, one in zip(texts, days, strict=True):
        if told or one.day == one.month:
            assert day_of(text, order=order) == one
        else:
            with pytest.raises(Unreadable, match="say it with --dates day-first"):
                day_of(text, order=order)


def test_a_column_of_both_orders_is_read_in_neither() -> None:
    """31/07 and 07/31 in one column contradict each other: no figure of it is certain."""
    assert order_of(["31/07/2022", "07/31/2022"]) == ""
    with pytest.raises(Unreadable):
        day_of("31/07/2022", order=order_of(["31/07/2022", "07/31/2022"]))


def test_two_figures_between_hyphens_may_begin_with_the_year() -> None:
    """27-03-12 is 27 March 2012 or 12 March 2027: asked, unless the column, the consultant or a form tells."""
    for text in ("27-03-12", "25-03-27"):
        with pytest.raises(Unreadable, match="%y-%m-%d"):
            day_of(text, order=order_of([text]))
    assert day_of("27-03-12", order=order_of(["27-03-12", "40-03-12"])) == date(2027, 3, 12)
    assert day_of("25-03-27", order=DAY_FIRST) == date(2027, 3, 25)
    assert day_of("27-03-12", ("%y-%m-%d",)) == date(2027, 3, 12)


@pytest.mark.parametrize("text", ["25/02/03", "25/03/27", "27-Mar-12", "27 March 12"])
def test_two_figures_of_a_year_may_begin_the_date_in_any_form(text: str) -> None:
    """25/02/03 is 2025 in Japan, 27-Mar-12 may be 12 March 2027: asked; day first or a form tells."""
    with pytest.raises(Unreadable, match="--dates day-first"):
        day_of(text, order=order_of([text]))
    year_first = day_of(text, ("%y/%m/%d", "%y-%b-%d", "%y %B %d"))
    assert day_of(text, order=DAY_FIRST) != year_first
    assert year_first.year in (2025, 2027)
    assert day_of("31-Jul-22", ("%y-%b-%d",)) == date(2031, 7, 22)


def test_a_footnote_is_no_figure() -> None:
    """The raised 1 behind 2 or 2027 is a note's, and a half is not twelve."""
    assert day_of("2 March 2027\u00b9") == day_of("2\u00b9 March 2027") == date(2027, 3, 2)
    with pytest.raises(Unreadable):
        day_of("\u00bd/03/2027", order=DAY_FIRST)


@pytest.mark.parametrize(
    ("day", "deadline", "earliest"),
    [
        ("2027-05-15", "2027-Q1", "2027-Q3"),
        ("2027-06-30", "2027-Q2", "2027-Q3"),
        ("2027-04-01", "2027-Q1", "2027-Q2"),
    ],
)
def test_a_day_that_limits_work_is_not_widened(day: str, deadline: str, earliest: str) -> None:
    """Work due by 15 May is done by the end of March; what may begin on 15 May begins in July."""
    assert quarter_of(day, CALENDAR_YEAR, kind="deadline") == Quarter.parse(deadline)
    assert quarter_of(day, CALENDAR_YEAR, kind="earliest_start") == Quarter.parse(earliest)
    assert quarter_of("2027-Q2", CALENDAR_YEAR, kind="deadline") == Quarter(2027, 2)


def test_a_weekday_tells_the_order() -> None:
    """Monday was 5 January 2026, not 1 May; a weekday that fits neither makes the text unreadable."""
    assert order_of(["Mon 1/5/26"]) == MONTH_FIRST
    assert order_of(["lun. 05/01/26"]) == DAY_FIRST
    for text in ("Tue 1/5/26", "Sunday 2026-01-05"):
        with pytest.raises(Unreadable):
            day_of(text, order=MONTH_FIRST)


@pytest.mark.parametrize(
    "text",
    ["July 31, 2022", "31-Jul-22", "31/Jul/22 12:00 AM", "31.07.2022", "31. Juli 2022", "31 juillet 2022", "31 de julio de 2022",
     "Sunday, July 31, 2022", "So 31.07.22", "2022-07-31T23:59:59Z", "2022/07/31", "31 July 2022 5:00 PM", "July 31st, 2022", "2022-07-31 08:00:00"],
)  # fmt: skip
def test_days_in_words_and_other_certain_forms(text: str) -> None:
    """One day, in the forms of five tools and four languages."""
    assert day_of(text) == date(2022, 7, 31)


PERIODS = ["2024", "FY24 Q3", "Q3 2024", "mid-2023", "2016-17", "2016-2017", "Fiscal Year 2017/18", "March 2020", "Q4 2019/20",
           "Q1 of 20-21", "early 2025", "End of March 2024", "Spring 2024", "2022/23 Q1", "Fiscal Year 22/23 2", "Q1 FY19-20"]  # fmt: skip


@pytest.mark.parametrize("text", PERIODS)
def test_a_period_is_no_day(text: str) -> None:
    """A year, quarter, month or season says when, but no day is made of it."""
    assert names_a_period(text)
    with pytest.raises(NoDay):
        day_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "31/31/2022",
        "2022-02-30",
        "0207-01-31",
        "01.02.1827",
        "soon",
        "Sometime 5, 2020",
        "On hold",
        "12",
        "Q5",
        "",
        "Phase 2",
        "1/2",
    ],
)
def test_what_is_neither_day_nor_period_is_unreadable(text: str) -> None:
    """A slip is not taken for a period, and so is not passed over."""
    with pytest.raises(Unreadable) as caught:
        day_of(text, order=DAY_FIRST)
    assert not isinstance(caught.value, LeftOpen)


@given(ANY_DAY)
def test_every_day_in_words_is_that_day(day: date) -> None:
    """Short and long months of English, in both orders and with two-digit years; the weekday changes nothing."""
    forms = [
        f"{day:%d-%b-%y}",
        f"{day:%d/%b/%y} 09:00 AM",
        f"{day:%B %d, %Y}",
        f"{day:%A, %d %B %Y}",
        f"{day:%a %d.%m.%y}",
    ]
    assert {day_of(form, order=DAY_FIRST) for form in forms} == {day}
    assert {day_of(form) for form in forms[2:]} == {day}


@pytest.mark.parametrize(
    "text", ["FY24 Q3", "Q3 FY2024", "2024 Q3", "Q3 2024", "2024-Q3", "2024Q3", "Q3 2023/24", "FY2023-24 Q3", "T3 2024", "Q3, fy 24"]
)  # fmt: skip
def test_quarters_as_typed(text: str) -> None:
    """However it is written, it is the third quarter of the fiscal year that ends in 2024."""
    assert quarter_of(text, FiscalYear(4)) == Quarter(2024, 3)


def test_a_year_of_two_is_named_as_the_client_names_it() -> None:
    """2023/24 is 2024 where the year it ends in gives the name, 2023 where the one it begins in does; FY24 is FY24."""
    assert quarter_of("Q3 2023/24", FiscalYear(4, "first")) == Quarter(2023, 3)
    assert quarter_of("FY24 Q3", FiscalYear(4, "first")) == Quarter(2024, 3)


@given(ANY_DAY, st.builds(FiscalYear, st.integers(1, 12), st.sampled_from(["last", "first"])))
def test_a_day_lies_in_its_fiscal_quarter(day: date, fiscal: FiscalYear) -> None:
    """A day where a quarter is wanted gives the quarter of the client's calendar that holds it."""
    quarter = quarter_of(day.isoformat(), fiscal)
    assert quarter.first_day(fiscal) <= day <= quarter.last_day(fiscal)


@pytest.mark.parametrize("text", ["2024", "March 2024"])
def test_a_year_is_no_quarter(text: str) -> None:
    """What is wider than a quarter, or a month whose quarter the text does not say, stays open."""
    with pytest.raises(NoDay):
        quarter_of(text, CALENDAR_YEAR)


@pytest.mark.parametrize("text", ["Q3 2023/25", "Q5 2024", "Q3", "Q3 24"])
def test_what_is_no_quarter_is_not_read(text: str) -> None:
    """Two years that do not follow each other, a fifth quarter, none of any year."""
    with pytest.raises(Unreadable):
        quarter_of(text, CALENDAR_YEAR)


@given(st.integers(1, 2_000), st.sampled_from([("days", 65), ("d", 65), ("wks", 13), ("Wochen", 13), ("mons", 3), ("mois", 3), ("hrs", 520), ("Tage", 65)]))  # fmt: skip
def test_a_span_is_rounded_up_to_quarters(number: int, unit: tuple[str, int]) -> None:
    """65 working days, 13 weeks or 3 months are a quarter; a day more begins another."""
    word, in_a_quarter = unit
    assert (
        quarters_of(f"{number} {word}")
        == quarters_of(f"{number}{word}?")
        == ceil(Fraction(number, in_a_quarter))
    )


def test_spans_of_parts_add_up_and_milestones_have_none() -> None:
    """60 days and 40 hours are 65 days; 0 days is a milestone; a bare number needs its unit."""
    assert quarters_of("60 Days 40 Hours") == 1
    assert quarters_of("60 Days 41 Hours") == 2
    assert (quarters_of("3"), quarters_of("66", "days")) == (3, 2)
    assert (quarters_of(".5 years"), quarters_of("2 months, .5 years"), quarters_of(",5 years")) == (2, 3, 2)
    assert quarters_of("2 months,5 days") == 1
    with pytest.raises(LeftOpen):
        quarters_of("0 days")
    for text, unit in (
        ("45", ""),
        ("1.5", "quarters"),
        ("45 sprints", ""),
        ("days", ""),
        ("-5 days", ""),
        ("5 to 6 days", ""),
        ("6 months, 12 months", ""),
        ("1. years", ""),
        ("6.. months", ""),
        ("2 .5 months", ""),
    ):
        with pytest.raises(Unreadable):
            quarters_of(text, unit)


@pytest.mark.parametrize("text", ["1,250 days", "1.250 Tage", "12,500 hrs", "1 year 1.000 hrs"])
def test_a_span_that_could_be_two_is_none(text: str) -> None:
    """A mark before three digits begins a decimal or sets thousands apart: 1 quarter or 20, so neither."""
    with pytest.raises(Unreadable, match="certain"):
        quarters_of(text, "")


def test_a_year_of_two_figures_is_the_one_nearest_to_projects() -> None:
    """26 is 2026 and 99 is 1999."""
    assert (day_of("31-Jul-26"), day_of("31-Jul-99")) == (date(2026, 7, 31), date(1999, 7, 31))


@pytest.mark.parametrize(
    "text",
    [
        "NFP",
        "n/a",
        "TBD",
        "n.d.",
        "Exempt under Section 43",
        "NOT  AVAILABLE",
        "-",
        "Not available at this time",
    ],
)
def test_words_that_say_nothing_are_known(text: str) -> None:
    """The general list, letter case and spaces aside, and a map's own words beside it."""
    assert says_missing(text)
    assert not says_missing("see annex")
    assert says_missing("See Annex B", ("see annex*",))


@given(st.text(max_size=80))
def test_no_text_breaks_a_reader(text: str) -> None:
    """Whatever stands in a cell, it is read or it is unreadable, in the toolkit's own words."""
    order_of([text])
    needs_comma([text])
    for read in (
        day_of,
        quarters_of,
        lambda one: quarter_of(one, CALENDAR_YEAR),
        lambda one: number_of(one, "money", "", "CAD"),
    ):
        with contextlib.suppress(Unreadable):
            read(text)
    assert day_of((date(2026, 1, 1) + timedelta(days=len(text))).isoformat())
