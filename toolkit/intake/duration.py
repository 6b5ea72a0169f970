"""Spans of work as project tools write them, in quarters; part of a quarter counts as a whole one."""

from __future__ import annotations

import re
from fractions import Fraction

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
