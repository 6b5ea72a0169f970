"""Words: how numbers, money, dates, counts, lists and names are written."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import words
from toolkit.words import figures, fixed, plain, rounded, tidy

UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "bn": 1e9}


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (264.5, 0, "265"),
        (2.25, 1, "2.3"),
        (3.75, 1, "3.8"),
        (2.65, 1, "2.7"),
        (-2.25, 1, "-2.3"),
        (0.125, 2, "0.13"),
        (1234567.5, 0, "1,234,568"),
        ((0.1 + 0.2) * 10 / 2 + 0.75, 1, "2.3"),
        (265.0 - 0.5, 0, "265"),
    ],
)
def test_a_half_is_rounded_up(value: float, places: int, text: str) -> None:
    """A figure half way between two is written as the larger, as on paper, whatever its binary form."""
    assert fixed(value, places) == text


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.integers(1, 9))
def test_rounding_is_that_of_whole_numbers(units: int, places: int, tenth: int) -> None:
    """A figure of one decimal more than is written rounds as arithmetic in whole numbers has it."""
    tenths = abs(units) * 10 + tenth
    value = tenths / 10 ** (places + 1)
    assert rounded(value, places) * 10**places == (tenths + 5) // 10


@given(st.integers(1, 10**6), st.integers(1, 1000))
def test_a_figure_is_never_further_than_half_a_step(above: int, below: int) -> None:
    """What is written differs from the exact figure by at most half of the last place."""
    value = Fraction(above, below)
    assert abs(Fraction(rounded(float(value), 1)) - value) <= Fraction(1, 20) + Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("value", "most", "text"),
    [(264500, 3, "265000"), (999.5, 3, "1000"), (0.0, 3, "0"), (0.00425, 2, "0.0043")],
)
def test_figures_are_rounded_half_up_too(value: float, most: int, text: str) -> None:
    """Significant figures follow the same rule as decimals."""
    assert plain(float(figures(value, most))) == text


def test_a_file_holds_no_trace_of_binary_arithmetic() -> None:
    """A sum such as 0.1 × 3,960,000 stands in a file as the amount it is."""
    assert tidy(396000.0000000001) == 396000.0
    assert repr(tidy(1.1 + 2.2)) == "3.3"


@given(st.floats(0, 9e11))
def test_money_is_within_its_last_figure_of_the_amount(amount: float) -> None:
    """An amount is written in thousands, in hundredths of a million, or in full to three figures."""
    match = re.fullmatch(r"USD ([\d,.]+)(k|m|bn)?", words.money(amount, "USD"))
    assert match
    said = float(match[1].replace(",", "")) * UNITS[match[2] or ""]
    assert said == pytest.approx(amount, rel=0.05 if 1e4 <= amount < 1e5 else 0.006, abs=0.5)


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "USD 0"), (999, "USD 999"), (999.6, "USD 1,000"), (2_780, "USD 2,780"), (9_999, "USD 10k"), (420_000, "USD 420k"), (999_499, "USD 999k"), (999_900, "USD 1m"),
     (1_240_000, "USD 1.24m"), (-5_000, "−USD 5,000")],
)  # fmt: skip
def test_money_changes_unit_where_a_reader_would(amount: float, said: str) -> None:
    """An amount that rounds to a thousand thousands is called a million."""
    assert words.money(amount, "USD") == said


def test_an_unknown_amount_is_not_zero() -> None:
    """What is not known is said to be not known."""
    assert words.money(None, "USD") == words.UNKNOWN != words.money(0, "USD")


@given(st.lists(st.text("abc", min_size=1, max_size=3), max_size=6))
def test_a_list_in_a_sentence_names_every_item(items: list[str]) -> None:
    """Every item stands in the sentence, with one "and" when there are two or more."""
    said = words.joined(items)
    assert re.split(r", | and ", said) == items or not items
    assert said.count(" and ") == (1 if len(items) > 1 else 0)


def test_a_long_list_counts_the_rest() -> None:
    """Items past the limit are counted, none is lost silently."""
    assert words.joined(["a", "b", "c", "d"], most=2) == "a, b and two more"


@given(st.text(max_size=80), st.integers(2, 30))
def test_cut_text_fits_and_says_that_it_was_cut(text: str, most: int) -> None:
    """Cut text is never longer than asked and ends with an ellipsis if anything is missing."""
    cut = words.excerpt(text, most)
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
    assert words.inside(name) == said


def test_counts_agree_with_their_nouns() -> None:
    """One is singular, none and several are plural, figures begin after twelve."""
    assert [words.count(n, "goal") for n in (0, 1, 2, 12, 13)] == [
        "no goals",
        "one goal",
        "two goals",
        "twelve goals",
        "13 goals",
    ]


def test_a_difference_that_rounds_to_nothing_has_no_sign() -> None:
    """A gap of −0.04 is shown as 0.0, not as −0.0."""
    assert [words.signed(x) for x in (-0.04, 0.04, -1.26, 0.5)] == ["0.0", "0.0", "−1.3", "+0.5"]


def test_dates_are_written_out() -> None:
    """A date on a page cannot be misread across the Atlantic."""
    assert (words.day(date(2026, 9, 3)), words.month(date(2026, 9, 3))) == (
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
    assert words.recorded(value) == said


@pytest.mark.parametrize(
    ("value", "known", "said"), [(48.66, 5, 48.7), (99.9452, 99.99, 99.95), (1234.56, 5, 1235), (0.0, 5, 0)]
)
def test_a_computed_value_is_rounded_to_what_it_stands_beside(
    value: float, known: float, said: float
) -> None:
    """It has the decimals of the recorded value, and at least three figures."""
    assert words.beside(value, known) == said


def test_a_recorded_share_is_not_rounded() -> None:
    """A discount rate of 8.5 % and a score set to 4.95 stay what was agreed."""
    assert [words.recorded_percent(share) for share in (0.085, 0.125, 0.07)] == ["8.5 %", "12.5 %", "7 %"]
    assert [words.stated(score) for score in (4, 4.95, 3.25)] == ["4.0", "4.95", "3.25"]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(2, 7, "two of seven measures"), (0, 7, "none of seven measures"), (7, 7, "all seven measures"),
     (2, 2, "both measures"), (1, 2, "one of two measures"), (1, 1, "the one measure")],
)  # fmt: skip
def test_a_part_of_a_whole_reads_as_a_sentence_does(part: int, whole: int, text: str) -> None:
    """All of two are both, all of one is the one, and a part stands before its whole."""
    assert words.part_of(part, whole, "measure") == text


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ("One stops. Two wait.", "One stops."),
        ("“P.S. 901 – Roof” and “P.S. 905” are halted.", ""),
        ("“P.S. 901 – Roof” is halted. USD 5m earns nothing.", "“P.S. 901 – Roof” is halted."),
        ("Nothing", ""),
    ],
)
def test_a_text_loses_its_last_sentence_whole(text: str, shorter: str) -> None:
    """A point within a name in quotation marks ends no sentence."""
    assert words.without_last_sentence(text) == shorter


@pytest.mark.parametrize(("most", "kept"), [(1, "It “ends. Now” so."), (2, "It “ends. Now” so. Then."), (3, "It “ends. Now” so. Then.")])  # fmt: skip
def test_no_more_than_so_many_sentences_are_kept(most: int, kept: str) -> None:
    """A point within a name ends no sentence, and what has no more of them stays whole."""
    assert words.first_sentences("It “ends. Now” so. Then.", most) == kept


def test_a_sentence_is_cut_in_its_names_before_its_own_words() -> None:
    """Names give way, the longest first, as far as needed and not to nothing; only what then is still too long loses its end."""
    said = "Accept “Contract F of a supplier”, or make room for “Its work”"
    assert words.sentence_excerpt(said, len(said)) == said
    assert words.sentence_excerpt(said, 53) == "Accept “Contract F of…”, or make room for “Its work”"
    assert words.sentence_excerpt(said, 49) == "Accept “Contract F…”, or make room for “Its work”"
    assert words.sentence_excerpt(said, 32) == "Accept “Contract F…”, or make…"


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("Network (core) renewal", 18, "Network (core)…"),
        ("Network renewal (core and branches)", 18, "Network renewal…"),
        ("Reports a year. Users gain", 17, "Reports a year…"),
    ],
)
def test_a_cut_ends_after_a_word(text: str, most: int, cut: str) -> None:
    """Never after an open bracket, nor after another mark of punctuation."""
    assert words.excerpt(text, most) == cut


def test_a_names_own_full_stop_is_not_told_within_quotation_marks() -> None:
    """The sentence around it has its own."""
    assert words.quoted("Increase attendance at the webinars.") == "“Increase attendance at the webinars”"
