"""Spans as people write them: of work, in quarters, part of one counted whole; of notice, in days; of use, in years."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from toolkit.client.calendar import months_on
from toolkit.intake.cell import LeftOpen, Unreadable

# Of a quarter. Project tools plan days of 8 hours and weeks of 5 days; e stands for elapsed, round the clock.
_UNITS = {
    "quarters": (Fraction(1), "q quarter quarters quartal quartale trimestre trimestres"),
    "years": (Fraction(4), "y yr yrs year years jahr jahre an ans annee annees"),
    "months": (Fraction(1, 3), "mo mon mons month months monat monate m mois emo emon emons"),
    "weeks": (Fraction(1, 13), "w wk wks week weeks woche wochen wo sem semaine semaines ew ewk ewks"),
    "days": (Fraction(1, 65), "d day days tag tage t jour jours j"),
    "elapsed days": (Fraction(1, 91), "ed eday edays"),
    "hours": (Fraction(1, 520), "h hr hrs hour hours std stunde stunden heure heures"),
    "minutes": (Fraction(1, 31_200), "min mins minute minutes"),
}
_QUARTERS = {word: size for size, words in _UNITS.values() for word in words.split()}
_GROUPED = re.compile(r"[1-9]\d{0,2}[.,]\d{3}(?!\d)", re.ASCII)
_PART = re.compile(r"((?<![\d.])\d+(?:[.,]\d+)?|(?:^[.,]|(?<=\s)\.)\d+)\s*([a-zé]+)\.?", re.ASCII | re.I)


def quarters_of(text: str, unit: str = "quarters") -> int:
    """Return the quarters of work that a span such as ``45 days``, ``3 mons`` or ``12 wks`` takes, rounded up.

    Parameters
    ----------
    unit : str
        What a bare number counts; empty when a bare number says nothing.

    Raises
    ------
    LeftOpen
        When the span is none, as a milestone's is.
    Unreadable
        When it is no span, or could be two: ``1,250 days`` may be more than a thousand, or one and a quarter.
    """
    bare = text.strip().removesuffix("?").strip()  # a tool's mark of an estimate
    if _GROUPED.search(bare):
        raise Unreadable("a span that is certain, without a mark before three digits, such as 1250 days")
    if re.fullmatch(r"\d+([.,]\d+)?", bare, re.ASCII):
        if not unit:
            raise Unreadable("a span with its unit, such as 45 days")
        total = Fraction(bare.replace(",", ".")) * _UNITS[unit][0]
        if unit == "quarters" and total.denominator > 1:
            raise Unreadable("a whole number of quarters, or a span with its unit, such as 45 days")
    else:
        parts = _PART.findall(bare.replace("é", "e").replace("É", "E"))
        if (
            not parts
            or _PART.sub("", bare).strip(" ,")
            or any(word.casefold() not in _QUARTERS for _, word in parts)
        ):
            raise Unreadable("a span like 45 days, 12 wks or 3 mons")
        if len({_QUARTERS[word.casefold()] for _, word in parts}) < len(parts):
            raise Unreadable("a span with each unit once; 6 months, 12 months may be from one to the other")
        total = sum(
            (Fraction(number.replace(",", ".")) * _QUARTERS[word.casefold()] for number, word in parts),
            Fraction(0),
        )
    if not total:
        raise LeftOpen("a span of work; a milestone has none")
    return -(-total.numerator // total.denominator)


def days_of_notice(text: str, renewal: date | None) -> int:
    """Return how many days before a renewal notice must be given, of a span such as ``90 days``, ``12 weeks``, ``3 months``.

    Months are counted back from the renewal: three before 31 December are those from 30 September, 92 days.

    Raises
    ------
    LeftOpen
        When it is one of months, and there is no renewal.
    Unreadable
        When it is no whole span.
    """
    number, unit = _one_span(text)
    if unit in ("days", "weeks"):
        return number * (7 if unit == "weeks" else 1)
    if unit not in ("months", "quarters", "years"):
        raise Unreadable("a span such as 90 days or 3 months")
    if renewal is None:
        raise LeftOpen("a number of days: months are counted back from a renewal, and this row has none")
    return (renewal - months_on(renewal, -number * {"months": 1, "quarters": 3, "years": 12}[unit])).days


def years_of(text: str) -> float:
    """Return the years of a span such as ``4 years`` or ``60 months``; Unreadable when it is none."""
    number, unit = _one_span(text)
    if unit not in ("years", "months"):
        raise Unreadable("a span such as 4 years or 48 months")
    return number / 12 if unit == "months" else float(number)


def unit_named(text: str) -> str:
    """Return the unit of spans that a heading names, "years" for "Duration in years"; "" for none or more than one."""
    words = set(re.findall(r"[a-z]{3,}", text.replace("é", "e").casefold()))
    named = [name for name, (_, known) in _UNITS.items() if words & set(known.split())]
    return named[0] if len(named) == 1 else ""


def _one_span(text: str) -> tuple[int, str]:
    """Return the number and the unit of a span of one whole number."""
    found = re.fullmatch(
        r"(\d{1,4})\s*([a-z]+)\.?(?:\(s\))?", text.strip().replace("é", "e"), re.ASCII | re.IGNORECASE
    )
    unit = next(
        (name for name, (_, words) in _UNITS.items() if found and found[2].casefold() in words.split()), ""
    )
    if not found or not unit:
        raise Unreadable("a whole number and its unit, such as 90 days or 3 months")
    return int(found[1]), unit
