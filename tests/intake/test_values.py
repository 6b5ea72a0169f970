"""Cells: money, dates and ids as people write them, and nothing that could be read two ways."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.field_types import ID_PATTERN
from toolkit.client.schema import Initiative, Kpi
from toolkit.errors import InputError
from toolkit.intake.cell import Unreadable
from toolkit.intake.mapping import Source, kind_of, map_of
from toolkit.intake.typed_value import Notation
from toolkit.intake.values import Habits, made_id, read_cell

ANY_DAY = st.dates(date(1990, 1, 1), date(2100, 12, 31))
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def value(text: object, kind: str = "number", decimal: str = ".", **source: object) -> object:
    """Read one cell of a client that counts in Canadian dollars."""
    return read_cell(
        {"c": text},
        Source.model_validate({"column": ("c",), **source}),
        kind,
        Habits(Notation("CAD"), decimal),
    )[0]


@given(
    st.integers(0, 10**12),
    st.sampled_from(["{}", "{:,}", "${:,}", "$ {:,}", "CAD {:,}", "{:,} CAD", "{:.2f}"]),
)
def test_money_reads_as_it_was_written(amount: int, form: str) -> None:
    """An amount reads the same with or without separators, sign or the client's currency code."""
    assert value(form.format(amount)) == amount


@given(st.decimals("0.01", 10**9, places=2))
def test_both_conventions_read_alike_once_named(amount: object) -> None:
    """1,234.56 with a point and 1.234,56 with a comma are one number when the map says which."""
    text = f"{amount:,}"
    swapped = text.translate(str.maketrans(",.", ".,"))
    assert value(text, decimal=".") == value(swapped, decimal=",") == float(str(amount))


@pytest.mark.parametrize("text", ["($5)", "(5)", "-5", "-$5"])
def test_parentheses_are_negative(text: str) -> None:
    """Bookkeepers' parentheses read as a negative number, which the record may then refuse."""
    assert value(text) == -5


@pytest.mark.parametrize(
    ("text", "decimal"),
    [("TBD", "."), ("1.2M", "."), ("50%", "."), ("€5", "."), ("5 EUR", "."), ("1,2,3", "."), ("12,34", "."),
     ("1,200", ""), ("1.200", ""), ("#REF!", "."), ("1-2", "."), ("٣", "."), ("0x10", "."), ("nan", "."), ("5 to 6", ".")],
)  # fmt: skip
def test_what_is_no_certain_number_is_not_read(text: str, decimal: str) -> None:
    """Words, multiples, other currencies, percentages of nothing and doubtful separators are no numbers."""
    with pytest.raises(Unreadable):
        value(text, decimal=decimal)


@pytest.mark.parametrize(
    ("text", "number"), [("0,5", 0.5), ("1234.5", 1234.5), ("1.234.567", 1234567), ("7", 7)]
)
def test_what_can_be_but_one_number_is_read(text: str, number: float) -> None:
    """Where the decimal sign is not known, a number both conventions cannot tell apart still reads."""
    assert value(text, decimal="") == number


def test_factors_are_exact() -> None:
    """A unit factor brings no binary crumbs: 1.298 million is 1,298,000."""
    assert value("1.298", unit_factor=1_000_000) == 1_298_000


def test_only_a_share_may_be_a_percentage() -> None:
    """10 % reads as 0.1 in a field that holds a share; an amount has no percent."""
    assert value("10%", kind_of(Initiative, "contingency")) == 0.1
    assert (kind_of(Initiative, "capex"), kind_of(Kpi, "target_date")) == ("money", "date")


@given(ANY_DAY)
def test_every_day_reads_in_each_certain_form(day: date) -> None:
    """ISO and English words name the same day, with full and short month."""
    word = MONTHS[day.month - 1]
    forms = [day.isoformat(), f"{word} {day.day}, {day.year}", f"{word[:3]} {day.day}, {day.year}",
             f"{day.day} {word} {day.year}", f"{word}  {day.day:02d},\n {day.year}"]  # fmt: skip
    assert {value(form, "date") for form in forms} == {day}


@given(ANY_DAY)
def test_figures_read_only_where_they_can_mean_one_day(day: date) -> None:
    """With both orders of day and month named, 31/12 reads and 04/05 does not, unless they agree."""
    text, both = f"{day.day:02d}/{day.month:02d}/{day.year}", {"dates": ("%d/%m/%Y", "%m/%d/%Y")}
    if day.day > 12 or day.day == day.month:
        assert value(text, "date", **both) == day
    else:
        with pytest.raises(Unreadable):
            value(text, "date", **both)


@pytest.mark.parametrize(
    "text", ["TBD", "2016-17", "Fiscal Year 2017/18", "March 2020", "Q4 2019/20", "31/03/2021", "2022", "2022-02-30", "Sometime 5, 2020"]
)  # fmt: skip
def test_what_names_no_day_is_not_read(text: str) -> None:
    """Fiscal years, quarters, months and days that do not exist are no dates."""
    with pytest.raises(Unreadable):
        value(text, "date")


@given(st.text(max_size=300))
def test_an_id_made_of_text_is_an_id_and_stays_itself(text: str) -> None:
    """Whatever the text, what is made of it is an id, the same each time; an id stays as it is."""
    try:
        made = made_id(text)
    except Unreadable:
        return
    assert ID_PATTERN.fullmatch(made)
    assert made_id(made) == made


def test_words_are_translated_and_others_refused_unless_the_map_lets_them_go() -> None:
    """A map's words are compared without regard to case; another word is a fault, or missing if so told."""
    words = {"values": {"Completed": "done"}}
    assert value("COMPLETED", "text", **words) == "done"
    assert value("late", "text", other_values="missing", **words) is None
    with pytest.raises(Unreadable):
        value("late", "text", **words)


def test_the_first_column_that_is_not_empty_counts() -> None:
    """A list of columns is read in its order; what stands for missing is passed over too."""
    source = Source(column=("a", "b"), ignore=("n/a",))
    assert read_cell({"a": "n/a", "b": "B"}, source, "text") == ("B", "b")
    assert read_cell({"a": " "}, source, "text")[0] is None


def test_a_maps_column_with_a_comma_is_not_shortened() -> None:
    """'{column: Cost, kEUR}' names a column “Cost, kEUR”, which belongs in quotation marks; “Cost” is another."""
    text = "kind: initiatives\nfields:\n  name: [Name]\n  capex: {column: Cost, kEUR, unit_factor: 1000}\n"
    with pytest.raises(InputError, match="'kEUR' between commas") as caught:
        map_of(text.encode(), "map.yaml", "initiatives")
    assert len(caught.value.faults) == 1
    quoted = text.replace("Cost, kEUR", '"Cost, kEUR"')
    assert map_of(quoted.encode(), "map.yaml", "initiatives").fields["capex"].column == ("Cost, kEUR",)
