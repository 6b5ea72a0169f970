"""Words: how numbers, money, dates, counts, lists and names are written, on every page and in every form and file.

A figure is rounded half up, away from zero, in decimal: 264.5 becomes 265 and 2.25 becomes 2.3, as a reader with a
pencil would have it. Binary arithmetic leaves 2.65 as 2.6499999999999999 and 396,000 as 396000.0000000001; what lies
beyond twelve figures is such a trace and is dropped before rounding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FIGURES = 12  # of a float's 15 to 17; sums of a thousand amounts keep more than these
DAYS_A_YEAR = 365.25  # as days are told in years
DANGLING = " ,;:.–-“(["  # what no text that is cut ends with, before its ellipsis
NAME_CHARACTERS = 60  # of a client's name for something within a sentence
SHORTEST_NAME = 10  # so much of it is left where a sentence has to be cut
UNKNOWN = "not known"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_UNDER_THIRTEEN = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def exact(value: float) -> Decimal:
    """Return a number in decimal, to twelve figures."""
    return Decimal(f"{value:.{FIGURES}g}")


def rounded(value: float, places: int = 0) -> Decimal:
    """Round half up, away from zero, to so many decimal places; negative places round to tens, hundreds, …

    Raises
    ------
    decimal.InvalidOperation
        When ``value`` is not finite.
    """
    return exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def figures(value: float, most: int) -> Decimal:
    """Round half up to so many significant figures."""
    number = exact(value)
    return rounded(value, most - 1 - number.adjusted()) if number else number


def fixed(value: float, places: int = 0) -> str:
    """Write a number with so many decimals and its thousands apart: "1,234.5"; what rounds to nothing has no sign."""
    number = rounded(value, places)
    return f"{number if number else abs(number):,f}"


def plain(value: float) -> str:
    """Write a number as it is, without decimals it does not have: "0.5", "2", "1250000"."""
    text = f"{exact(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(value: float) -> str:
    """Write a number as it is, with its thousands apart: "1,250,000", "0.5"."""
    whole, point, rest = plain(value).partition(".")
    return f"{int(whole):,}{point}{rest}" if int(whole) else f"{whole}{point}{rest}"


def difference(value: float, places: int = 0) -> str:
    """Write a difference with its sign, a true minus; what rounds to nothing has none: "+1.5", "−0.3", "0.0"."""
    number = rounded(value, places)
    return f"{number:+,f}".replace("-", "−") if number else f"{abs(number):f}"


def tidy(value: float, places: int = 6) -> float:
    """Return a number as a file holds it: at most so many decimals, without the traces of binary arithmetic."""
    return float(rounded(value, places))


def recorded(value: float) -> str:
    """Write a value of the record as it is: 99.99 is never 100."""
    text = f"{Decimal(repr(float(value or 0))):,f}"  # not cut to the figures that a sum is certain of
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def beside(value: float, *known: float) -> float:
    """Round a computed value to the decimals of the recorded ones that it stands beside, at least to three figures."""
    exponents = [exact(one).normalize().as_tuple().exponent for one in known]
    places = max(-int(exponent) for exponent in exponents)
    return tidy(value, max(places, 2 - exact(value).adjusted(), 0))


def percent(share: float | None) -> str:
    """Write a share (0–1) as a whole percentage."""
    return UNKNOWN if share is None else f"{fixed(share * 100)} %"


def recorded_percent(share: float) -> str:
    """Write a share (0–1) of the record as a percentage that is not rounded: 0.085 is never 9 %."""
    return f"{grouped(share * 100)} %"


def score(value: float | None) -> str:
    """Write a score on the 1–5 scale to one decimal."""
    return UNKNOWN if value is None else fixed(value, 1)


def stated(value: float) -> str:
    """Write a score that someone set, a target or an adjustment: to one decimal, or as many as it was given."""
    return max(score(value), grouped(value), key=len)


def signed(value: float | None) -> str:
    """Write a difference of scores with its sign, to one decimal."""
    if value is None:
        return UNKNOWN
    return difference(value, 1)


def money(amount: float | None, currency: str = "") -> str:
    """Write an amount: "USD 1.24m", "USD 420k", "USD 2,780", "USD 0"; thousands whole, millions to two decimals.

    Below ten thousand it is written in full, to three figures.
    """
    if amount is None:
        return UNKNOWN
    prefix = f"{currency} " if currency else ""
    return f"{'−' if amount < 0 else ''}{prefix}{_amount(abs(amount))}"


def without_last_sentence(text: str) -> str:
    """Return a text without its last sentence; "" where it has but one."""
    ends = _sentence_ends(text)
    return text[: ends[-1]] if ends else ""


def first_sentences(text: str, most: int) -> str:
    """Return so many of a text's sentences at most."""
    ends = _sentence_ends(text)
    return text[: ends[most - 1]] if len(ends) >= most else text


def _sentence_ends(text: str) -> list[int]:
    """Return where each sentence but the last ends. A point within quotation marks, P.S., ends none."""
    return [
        one.end()
        for one in re.finditer(r"\.(?= )", text)
        if text.count("“", 0, one.start()) <= text.count("”", 0, one.start())
    ]


def money_short(amount: float | None) -> str:
    """Write an amount for a chart or a narrow cell, without currency: "1.24m", "420k"."""
    if amount is None:
        return "?"
    return f"{'−' if amount < 0 else ''}{_amount(abs(amount))}"


def _amount(size: float) -> str:
    for unit, letter in ((1e9, "bn"), (1e6, "m")):
        if rounded(size / unit, 2) >= 1 and rounded(size / 1e3) >= unit / 1e3:
            return f"{grouped(float(rounded(size / unit, 2)))}{letter}"
    if figures(size, 3) >= 10_000:
        return f"{grouped(float(rounded(size / 1e3)))}k"
    return grouped(float(figures(size, 3)))


def day(value: date | None) -> str:
    """Write a date as "30 September 2026", whatever language the machine is set to."""
    return UNKNOWN if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """Write a date as "Sep 2026"."""
    return f"{MONTHS[value.month - 1][:3]} {value.year}"


def number_word(number: int) -> str:
    """Write a whole number in words up to twelve, in digits beyond."""
    return _UNDER_THIRTEEN[number] if 0 < number <= 12 else ("none" if number == 0 else f"{number:,}")


def count(number: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun: "one goal", "twelve goals", "23 goals"."""
    word = _UNDER_THIRTEEN[number] if 0 <= number <= 12 else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def counted(number: int, noun: str) -> str:
    """Write a count in digits with its noun, as in a list of faults: "1 fault", "2 faults"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def part_of(part: int, whole: int, noun: str) -> str:
    """Write a part of a whole: "two of seven measures", "all seven measures", "both measures", "the one measure"."""
    if part < whole:
        return f"{number_word(part)} of {count(whole, noun)}"
    if whole == 2:
        return f"both {noun}s"
    return f"{'the' if whole == 1 else 'all'} {count(whole, noun)}"


def joined(items: Sequence[str], last: str = "and", most: int = 0) -> str:
    """Join items as a sentence does; past ``most`` (0: never) the rest are counted."""
    if most and len(items) > most:
        return f"{', '.join(items[:most])} {last} {number_word(len(items) - most)} more"
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def capital(sentence: str) -> str:
    """Return the sentence with its first letter in upper case."""
    return sentence[:1].upper() + sentence[1:]


def inside(name: str) -> str:
    """Return a name as it stands inside a sentence: "Shadow IT" becomes "shadow IT", "ERP lead" stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def possessive(name: str) -> str:
    """Return the name as an owner: "the bank's", "Tidewater Systems'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def sentence(text: str) -> str:
    """Return the text with its full stop; what was cut short ends with its ellipsis."""
    return text if text.endswith(("…", ".")) else f"{text}."


def quoted(name: str, most: int = NAME_CHARACTERS) -> str:
    """Return a client's name for something as it stands in a sentence: in quotation marks, without its full stop, cut when long."""
    return f"“{excerpt(name, most).removesuffix('.')}”"


def names_shortened(text: str, fits: Callable[[str], bool]) -> str:
    """Return a text with the names in its quotation marks cut, the longest first, a word at a time, until it fits.

    No name is cut to less than ``SHORTEST_NAME`` characters. A text that does not fit even so is returned with each of them short.
    """
    while not fits(text):
        shorter = [
            (len(name), match.start(1), match.end(1), f"{name.rpartition(' ')[0].rstrip(DANGLING)}…")
            for match in re.finditer("“([^“”]*)”", text)
            if len((name := match[1].rstrip("…")).rpartition(" ")[0]) >= SHORTEST_NAME
        ]
        if not shorter:
            break
        _, start, end, name = max(shorter)
        text = f"{text[:start]}{name}{text[end:]}"
    return text


def sentence_excerpt(text: str, most: int) -> str:
    """Cut a sentence to so many characters: the names in it first, and only then its end."""
    return excerpt(names_shortened(text, lambda said: len(said) <= most), most)


def excerpt(text: str, most: int) -> str:
    """Cut text at a word so that it has at most ``most`` characters, with an ellipsis; a quotation cut open is closed."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    cut = flat[: most - (2 if "“" in flat else 1)]
    kept = (cut[: cut.rfind(" ")] if " " in cut[most // 2 :] else cut).rstrip(DANGLING).removesuffix(" and")
    return kept + ("…”" if kept.rfind("“") > kept.rfind("”") else "…")
