"""How a rule makes a finding: the sentence is filled in from the evidence, so the two cannot differ."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from toolkit.assess.statements import Evidence, Finding
from toolkit.words import (
    capital,
    count,
    day,
    money,
    number_word,
    percent,
    recorded,
    rounded,
    score,
    stated,
    tidy,
)

PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Fact:
    """One piece of evidence, and how it is written in the sentence."""

    evidence: Evidence
    said: str


def scored(what: str, value: float, source: str = "") -> Fact:
    """A score on the 1–5 scale, or a difference of scores, to one decimal."""
    return Fact(Evidence(what, tidy(value, 1), "points of 5", source), score(value))


def set_score(what: str, value: float, source: str = "") -> Fact:
    """A score that someone set, a target or an adjustment, as it is."""
    return Fact(Evidence(what, float(value), "points of 5", source), stated(value))


def amount(what: str, value: float, currency: str, source: str = "") -> Fact:
    """An amount of money, to three figures in the sentence."""
    return Fact(Evidence(what, value, currency, source), money(value, currency))


def number(what: str, value: int, noun: str = "", plural: str = "") -> Fact:
    """A count, with its noun if one is given."""
    return Fact(Evidence(what, value, noun), count(value, noun, plural) if noun else number_word(value))


def points(what: str, value: float) -> Fact:
    """Points that leadership gave, as they are."""
    return number(what, int(value)) if float(value).is_integer() else measured(what, value, None)


def share(what: str, value: float, source: str = "") -> Fact:
    """A share (0–1) as a whole percentage."""
    return Fact(Evidence(what, int(rounded(value * 100)), "%", source), percent(value))


def measured(what: str, value: float, unit: str | None) -> Fact:
    """A value of a measure as it is, with its unit."""
    said = recorded(value)
    return Fact(Evidence(what, said, unit or ""), f"{said} {unit}" if unit else said)


def dated(what: str, value: date, source: str = "") -> Fact:
    """A date, written out."""
    return Fact(Evidence(what, value, "", source), day(value))


def named(what: str, value: str, quoted: bool = False) -> Fact:
    """A name or a clause of text; in quotation marks where it is the client's own title."""
    return Fact(Evidence(what, value), f"“{value}”" if quoted else value)


def say(
    rule: str, subject: str, severity: float, sentence: str, facts: dict[str, Fact], symptoms: tuple[str, ...] = (),
    causes: tuple[str, ...] = (), practices: tuple[str, ...] = (), initiatives: tuple[str, ...] = (),
) -> Finding:  # fmt: skip
    """Fill ``{name}`` in ``sentence`` with the facts of that name, and keep all of them as evidence."""
    evidence = tuple(replace(fact.evidence, name=name, said=fact.said) for name, fact in facts.items())
    return Finding(rule, subject, sentence, filled(sentence, evidence), tidy(min(max(severity, 0.0), 1.0), 4), evidence,
                   symptoms, causes, practices, initiatives)  # fmt: skip


def filled(sentence: str, evidence: tuple[Evidence, ...]) -> str:
    """Return the sentence with every ``{name}`` of the evidence filled in, beginning with a capital.

    Anything else in braces stands as it is: a consultant's wording is text, never a format of its own.
    """
    said = {one.name: one.said for one in evidence}
    return capital(PLACE.sub(lambda match: said.get(match[1], match[0]), sentence))
