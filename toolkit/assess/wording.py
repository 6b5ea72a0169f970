"""How numbers, names and lists are written in a sentence or a cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from toolkit.client.calendar import Quarter, long_day
from toolkit.words import difference, exact, figures, fixed, grouped, tidy

_UNDER_THIRTEEN = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
UNKNOWN = "not known"


def count(number: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun: "one goal", "twelve goals", "23 goals"."""
    word = _UNDER_THIRTEEN[number] if 0 <= number <= 12 else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def number_word(number: int) -> str:
    """Write a whole number in words up to twelve, in digits beyond."""
    return _UNDER_THIRTEEN[number] if 0 < number <= 12 else ("none" if number == 0 else f"{number:,}")


def capital(sentence: str) -> str:
    """Return the sentence with its first letter in upper case."""
    return sentence[:1].upper() + sentence[1:]


def inside(name: str) -> str:
    """Return a name as it stands inside a sentence: "Shadow IT" becomes "shadow IT", "ERP lead" stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def span(start: Quarter, finish: Quarter, fiscal_year_starts: int) -> str:
    """Write the quarters of some work: "2027-Q1 to 2027-Q2"; called fiscal where they are not the calendar's."""
    said = str(start) if start == finish else f"{start} to {finish}"
    return said if fiscal_year_starts == 1 else f"fiscal {said}"


def done_by(finish: Quarter, fiscal_year_starts: int) -> str:
    """Say by when work is done that ends in a quarter: by that, or by its last day where it is not the calendar's."""
    return f"done by {finish if fiscal_year_starts == 1 else day(finish.last_day(fiscal_year_starts))}"


def quarters_head(fiscal_year_starts: int) -> str:
    """Return the heading over the quarters of some work."""
    return "When" if fiscal_year_starts == 1 else "Fiscal quarters"


def possessive(name: str) -> str:
    """Return the name as an owner: "the bank's", "Tidewater Systems'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def joined(items: Sequence[str], last: str = "and", most: int = 0) -> str:
    """Join items as a sentence does; past ``most`` (0: never) the rest are counted."""
    if most and len(items) > most:
        return f"{', '.join(items[:most])} {last} {len(items) - most} more"
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def money(amount: float | None, currency: str = "") -> str:
    """Write an amount to three figures: "USD 1.24 million", "USD 420 thousand", "USD 0"."""
    if amount is None:
        return UNKNOWN
    prefix = f"{currency} " if currency else ""
    sign = "−" if amount < 0 else ""
    size = abs(amount)
    for unit, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if figures(size, 3) >= unit:
            return f"{sign}{prefix}{_three_figures(size / unit)} {word}"
    return f"{sign}{prefix}{fixed(size)}"


def money_short(amount: float | None) -> str:
    """Write an amount for a chart or a narrow cell, without currency: "1.24m", "420k"."""
    if amount is None:
        return "?"
    sign = "−" if amount < 0 else ""
    size = abs(amount)
    for unit, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if figures(size, 3) >= unit:
            return f"{sign}{_three_figures(size / unit)}{letter}"
    return f"{sign}{fixed(size)}"


def _three_figures(value: float) -> str:
    return grouped(float(figures(value, 3)))


def recorded(value: float) -> str:
    """Write a value of the record as it is: 99.99 is never 100."""
    text = f"{Decimal(repr(float(value or 0))):,f}"  # not cut to the figures that a sum is certain of
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def beside(value: float, *known: float) -> float:
    """Round a computed value to the decimals of the recorded ones that it stands beside, at least to three figures."""
    exponents = [exact(one).normalize().as_tuple().exponent for one in known]
    places = max(-int(exponent) for exponent in exponents)
    return tidy(value, max(places, 2 - exact(value).adjusted(), 0))


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


def percent(share: float | None) -> str:
    """Write a share (0–1) as a whole percentage."""
    return UNKNOWN if share is None else f"{fixed(share * 100)} %"


def recorded_percent(share: float) -> str:
    """Write a share (0–1) of the record as a percentage that is not rounded: 0.085 is never 9 %."""
    return f"{grouped(share * 100)} %"


def day(value: date | None) -> str:
    """Write a date as "30 September 2026"."""
    return UNKNOWN if value is None else long_day(value)


def month(value: date) -> str:
    """Write a date as "Sep 2026"."""
    return f"{day(value).split()[1][:3]} {value.year}"


def sentence(text: str) -> str:
    """Return the text with its full stop; what was cut short ends with its ellipsis."""
    return text if text.endswith(("…", "…”", ".")) else f"{text}."


NAME_CHARACTERS = 60  # of a client's name for something within a sentence


def quoted(name: str, most: int = NAME_CHARACTERS) -> str:
    """Return a client's name for something as it stands in a sentence: in quotation marks, cut when long."""
    return f"“{words(name, most)}”"


def words(text: str, most: int) -> str:
    """Cut text at a word so that it has at most ``most`` characters, with an ellipsis; a quotation cut open is closed."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    cut = flat[: most - (2 if "“" in flat else 1)]
    kept = (cut[: cut.rfind(" ")] if " " in cut[most // 2 :] else cut).rstrip(" ,;:–-“")
    return kept + ("…”" if kept.rfind("“") > kept.rfind("”") else "…")
