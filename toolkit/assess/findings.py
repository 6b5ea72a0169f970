"""Findings: one sentence each, made by a named rule from evidence that it carries."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from toolkit.assess.assessment import Assessment
from toolkit.assess.money_rules import MONEY_RULES
from toolkit.assess.record_rules import RECORD_RULES
from toolkit.assess.statements import Finding
from toolkit.assess.survey_rules import SURVEY_RULES
from toolkit.client.record import Record

Rule = Callable[[Record, Assessment], Iterable[Finding]]
RULES: tuple[Rule, ...] = (*SURVEY_RULES, *MONEY_RULES, *RECORD_RULES)


def find(record: Record, assessment: Assessment) -> tuple[Finding, ...]:
    """Apply every rule; the most severe finding first, ties by rule and subject."""
    found = [finding for rule in RULES for finding in rule(record, assessment)]
    return tuple(sorted(found, key=lambda one: (-one.severity, one.rule, one.subject)))
