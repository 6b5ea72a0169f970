"""How a rule makes a finding: the sentence is filled in from the evidence, so the two cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toolkit.assess.assessment import Evidence, Finding
from toolkit.assess.wording import count, day, figure, money, number_word, percent, score


@dataclass(frozen=True)
class Fact:
    """One piece of evidence, and how it is written in the sentence."""

    evidence: Evidence
    said: str


def scored(what: str, value: float, source: str = "") -> Fact:
    """A score on the 1–5 scale, or a difference of scores, to one decimal."""
    return Fact(Evidence(what, round(value, 1), "points of 5", source), score(value))


def amount(what: str, value: float, currency: str, source: str = "") -> Fact:
    """An amount of money, to three figures in the sentence."""
    return Fact(Evidence(what, value, currency, source), money(value, currency))


def number(what: str, value: int, noun: str = "", plural: str = "") -> Fact:
    """A count, with its noun if one is given."""
    return Fact(Evidence(what, value, noun), count(value, noun, plural) if noun else number_word(value))


def share(what: str, value: float, source: str = "") -> Fact:
    """A share (0–1) as a whole percentage."""
    return Fact(Evidence(what, round(value * 100), "%", source), percent(value))


def measured(what: str, value: float, unit: str | None) -> Fact:
    """A value of a measure, with its unit."""
    said = figure(value)
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
    statement = sentence.format(**{name: fact.said for name, fact in facts.items()})
    statement = statement[:1].upper() + statement[1:]
    return Finding(rule, subject, statement, round(min(max(severity, 0.0), 1.0), 4), tuple(f.evidence for f in facts.values()),
                   symptoms, causes, practices, initiatives)  # fmt: skip
