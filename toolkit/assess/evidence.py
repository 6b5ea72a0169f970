"""Evidence: what a statement rests on, and how each piece of it is written in the sentence.

A sentence is filled in from its evidence, so the two cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from toolkit.words import (
    capital,
    count,
    day,
    joined,
    money,
    number_word,
    percent,
    plain,
    recorded,
    rounded,
    score,
    stated,
    tidy,
)

# Where a sentence refers to a piece of its evidence.
PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Evidence:
    """One fact that a finding or a recommendation rests on.

    Attributes
    ----------
    what, value, unit, source
        What it is, its value, its unit, and where it comes from.
    name : str
        How a wording refers to it: ``{name}``.
    said : str
        How it is written in a sentence.
    """

    what: str
    value: float | int | str | date
    unit: str = ""
    source: str = ""
    name: str = ""
    said: str = ""


def scored(what: str, value: float, source: str = "") -> Evidence:
    """Return a score on the 1–5 scale, or a difference of scores, to one decimal."""
    return Evidence(what, tidy(value, 1), "points of 5", source, said=score(value))


def set_score(what: str, value: float, source: str = "") -> Evidence:
    """Return a score that someone set, a target or an adjustment, as it is."""
    return Evidence(what, float(value), "points of 5", source, said=stated(value))


def amount(what: str, value: float, currency: str, source: str = "") -> Evidence:
    """Return an amount of money, to three figures in the sentence."""
    return Evidence(what, value, currency, source, said=money(value, currency))


def number(what: str, value: int, noun: str = "", plural: str = "") -> Evidence:
    """Return a count, with its noun if one is given."""
    return Evidence(what, value, noun, said=count(value, noun, plural) if noun else number_word(value))


def points(what: str, value: float) -> Evidence:
    """Return points that leadership gave, as they are."""
    if not float(value).is_integer():
        return measured(what, value, None)
    return Evidence(what, int(value), said=plain(value))


def share(what: str, value: float) -> Evidence:
    """Return a share (0–1) as a whole percentage."""
    return Evidence(what, int(rounded(value * 100)), "%", said=percent(value))


def measured(what: str, value: float, unit: str | None) -> Evidence:
    """Return a value of a measure as it is, with its unit."""
    text = recorded(value)
    return Evidence(what, text, unit or "", said=f"{text} {unit}" if unit else text)


def dated(what: str, value: date) -> Evidence:
    """Return a date, written out."""
    return Evidence(what, value, said=day(value))


def named(what: str, value: str, quoted: bool = False) -> Evidence:
    """Return a name or a clause of text; in quotation marks where it is the client's own title."""
    return Evidence(what, value, said=f"“{value.removesuffix('.')}”" if quoted else value)


def titles(what: str, names: Sequence[str], most: int = 0) -> Evidence:
    """Return a list of the client's own titles, each in quotation marks; past ``most`` (0: never) the rest are counted."""
    return named(what, joined([f"“{name.removesuffix('.')}”" for name in names], most=most))


def with_names(facts: Mapping[str, Evidence]) -> tuple[Evidence, ...]:
    """Return each piece of evidence under the name by which the sentence refers to it."""
    return tuple(replace(fact, name=name) for name, fact in facts.items())


def filled(sentence: str, evidence: Sequence[Evidence]) -> str:
    """Return the sentence with every ``{name}`` of the evidence filled in, beginning with a capital.

    Anything else in braces stands as it is: a consultant's wording is text, never a format of its own.
    """
    said = {fact.name: fact.said for fact in evidence}
    return capital(PLACE.sub(lambda match: said.get(match[1], match[0]), sentence))
