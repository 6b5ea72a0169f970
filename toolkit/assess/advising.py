"""How a rule drafts a recommendation: the action is filled in from evidence, as a finding's sentence is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from toolkit.assess.owners import Owners
from toolkit.assess.saying import Fact, filled
from toolkit.assess.statements import Finding, Recommendation
from toolkit.method import RECOMMENDATION

MOST_REASONS = 2

NO_CAPITAL = "no capital: leaders’ time"
TO_ESTIMATE = "not known: to be estimated"


@dataclass(frozen=True)
class Draft:
    """A recommendation, and what kind it is: a list of actions should not all be of one kind."""

    kind: str
    recommendation: Recommendation

    def only(self, practices: tuple[str, ...], initiatives: tuple[str, ...]) -> Draft:
        """Return the draft as one of these practices alone, carried by these initiatives."""
        return Draft(self.kind, replace(self.recommendation, practices=practices, initiatives=initiatives))


def draft(
    kind: str, name: str, action: str, answers: Sequence[Finding], owners: Owners, decision: str = "Approve",
    facts: Mapping[str, Fact] | None = None, because: Iterable[str] = (), severity: float = 0.0,
    cost: float | None = None, cost_note: str = NO_CAPITAL, due: date | None = None, risks: tuple[str, ...] = (),
    impacts: tuple[str, ...] = (), goals: tuple[str, ...] = (),
) -> Draft:  # fmt: skip
    """Draft a recommendation.

    Parameters
    ----------
    name : str
        Its id without ``rec-``.
    action : str
        The action, with ``{name}`` for each fact.
    answers : sequence of Finding
        What it answers, the weightiest first; their sentences say why unless ``because`` does, and the
        weightiest gives the severity unless that is given.
    """
    evidence = tuple(replace(fact.evidence, name=key, said=fact.said) for key, fact in (facts or {}).items())
    why = tuple(because) or tuple(one.statement for one in answers[:MOST_REASONS])
    made = Recommendation(
        RECOMMENDATION + name, action, filled(action, evidence), why, decision,
        severity or max((one.severity for one in answers), default=0.0), tuple(one.id for one in answers), evidence,
        tuple(dict.fromkeys(p for one in answers for p in one.practices)),
        tuple(dict.fromkeys(i for one in answers for i in one.initiatives)),
        (), risks, *owners, due, cost, cost_note, impacts, goals,
    )  # fmt: skip
    return Draft(kind, made)
