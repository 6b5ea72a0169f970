"""What the assessment states in words: findings with their evidence, recommendations, what was not judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from toolkit.assess.evidence import Evidence, filled, with_names
from toolkit.method import RECOMMENDATION, Group
from toolkit.words import day, tidy

State = Literal["kept", "kept late", "open", "overdue", "dropped"]
# Who answers for an action, in business and in IT; None is not named.
Owners = tuple[str | None, str | None]

MOST_REASONS = 2
NO_CAPITAL = "no capital: leaders’ time"
NO_NEW_MONEY = "no new money"
IN_BUDGETS = "in today’s budgets already"
TO_ESTIMATE = "not known: to be estimated"


@dataclass(frozen=True)
class Finding:
    """One sentence leadership can act on.

    Attributes
    ----------
    rule : str
        The named rule that produced it.
    subject : str
        Id of the dimension, goal, initiative, KPI, risk … it is about.
    template : str
        The sentence with ``{name}`` for each piece of evidence.
    statement : str
        The sentence; every number in it comes from ``evidence``.
    severity : float
        0–1; findings are ranked by it.
    symptoms, causes, practices, initiatives : tuple of str
        Ids further along the chain from what is seen to what is done about it.
    """

    rule: str
    subject: str
    template: str
    statement: str
    severity: float
    evidence: tuple[Evidence, ...]
    symptoms: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its id within a round: the rule and the subject, as in ``weak-area.communication``."""
        return f"{self.rule.replace(' ', '-')}.{self.subject}"


def finding(
    rule: str, subject: str, severity: float, sentence: str, facts: Mapping[str, Evidence], symptoms: tuple[str, ...] = (),
    causes: tuple[str, ...] = (), practices: tuple[str, ...] = (), initiatives: tuple[str, ...] = (),
) -> Finding:  # fmt: skip
    """Make a finding of a sentence in which ``{name}`` stands for the fact of that name; all of them are its evidence.

    A severity below 0 or above 1 is taken as that bound.
    """
    evidence, severity = with_names(facts), tidy(min(max(severity, 0.0), 1.0), 4)
    return Finding(rule, subject, sentence, filled(sentence, evidence), severity, evidence,
                   symptoms, causes, practices, initiatives)  # fmt: skip


@dataclass(frozen=True)
class Recommendation:
    """One action asked of leadership, with who answers for it on both sides.

    Attributes
    ----------
    id : str
        ``rec-…``; decisions refer to it, and an initiative of the same id carries it in the roadmap.
    template, action : str
        What to do, as an imperative without full stop; in the template ``{name}`` stands for evidence.
    because : tuple of str
        Sentences that say why, the weightiest first.
    decision : str
        What leadership is asked for, such as "Approve".
    findings : tuple of str
        Ids of the findings it answers; empty for the consultant's own.
    initiatives : tuple of str
        Ids of the initiatives it is about: those that build its practice, or that it would link, tie or stop.
    carriers : tuple of str
        Ids of the initiatives that are this very recommendation on the register; its cost is theirs.
    risks, impacts, goals : tuple of str
        Ids of the risks and deadlines it would settle, of the costs it would end, and of the goals that it asks to start
        work for or to drop.
    owner_business, owner_it : str or None
        Proposed owners; None is not named yet.
    due : date or None
        A day from outside, or of the consultant's, by which it has to be taken; None where the next meeting is soon enough.
    cost : float or None
        Capital, in the client's currency; None where it is not known.
    cost_note : str
        Where the money comes from, or why no cost is known.
    year : int or None
        The fiscal year that pays the cost; None until a plan says so.
    """

    id: str
    template: str
    action: str
    because: tuple[str, ...]
    decision: str
    severity: float
    findings: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    practices: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    owner_business: str | None = None
    owner_it: str | None = None
    due: date | None = None
    cost: float | None = None
    cost_note: str = ""
    impacts: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    year: int | None = None


def recommendation(
    name: str, action: str, findings: Sequence[Finding], owners: Owners, decision: str = "Approve",
    facts: Mapping[str, Evidence] | None = None, because: Iterable[str] = (), severity: float = 0.0,
    cost_note: str = NO_CAPITAL, due: date | None = None, risks: tuple[str, ...] = (), impacts: tuple[str, ...] = (),
    goals: tuple[str, ...] = (), practices: tuple[str, ...] | None = None, initiatives: tuple[str, ...] | None = None,
) -> Recommendation:  # fmt: skip
    """Make a recommendation of unknown cost.

    Parameters
    ----------
    name : str
        Its id without ``rec-``.
    action : str
        The action, with ``{name}`` for each fact.
    findings : sequence of Finding
        What it answers, the weightiest first; their sentences say why unless ``because`` does, the
        weightiest gives the severity unless that is given, and theirs are the practices and initiatives unless
        those are given.
    """
    evidence = with_names(facts or {})
    if practices is None:
        practices = tuple(dict.fromkeys(id for finding in findings for id in finding.practices))
    if initiatives is None:
        initiatives = tuple(dict.fromkeys(id for finding in findings for id in finding.initiatives))
    return Recommendation(
        id=RECOMMENDATION + name, template=action, action=filled(action, evidence),
        because=tuple(because) or tuple(finding.statement for finding in findings[:MOST_REASONS]), decision=decision,
        severity=severity or max((finding.severity for finding in findings), default=0.0),
        findings=tuple(finding.id for finding in findings), evidence=evidence,
        practices=practices, initiatives=initiatives, risks=risks, owner_business=owners[0], owner_it=owners[1],
        due=due, cost_note=cost_note, impacts=impacts, goals=goals,
    )  # fmt: skip


@dataclass(frozen=True)
class NotJudged:
    """Something that could not be judged, and which input would allow it."""

    what: str
    why: str
    needs: str


@dataclass(frozen=True)
class NotCompared:
    """Something that has no movement since the earlier round, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Reread:
    """A score or a word of an earlier round that today's method reads otherwise than it was issued."""

    dimension: str
    what: str
    issued: str
    today: str


@dataclass(frozen=True)
class Adjusted:
    """What the consultant changed, with the reason published.

    ``before`` and ``after`` are the computed and the published score, place or sentence, as text; ``after``
    is empty for what was left out.
    """

    kind: Literal["score", "rank", "finding", "recommendation"]
    subject: str
    group: Group | None
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Promise:
    """Something promised in an earlier round, and how it stands.

    ``initiative`` is the id of the work it names; ``over`` says "done" or "stopped" where that is over and the
    promise is not: whether it was kept is asked, and no new date. ``round`` is that in which it was promised.
    """

    action: str
    owner_business: str | None
    owner_it: str | None
    due: date | None
    state: State
    done_on: date | None = None
    note: str = ""
    initiative: str = ""
    over: str = ""
    round: str = ""

    @property
    def stands(self) -> str:
        """How it stands, as a clause."""
        if self.over:
            return f"open; its initiative is {self.over}: kept?"
        return f"{self.state}, {day(self.done_on)}" if self.done_on else self.state

    @property
    def stands_again(self) -> str:
        """How it stands where the same is recommended again, as a clause; not for what was dropped."""
        if self.state in ("open", "overdue"):
            return "not yet kept" + (f"; it was to be done by {day(self.due)}" if self.due else "")
        when = f" on {day(self.done_on)}" if self.done_on else ""
        return f"recorded as kept{when}, yet what led to it still stands"


@dataclass(frozen=True)
class Decided:
    """Something decided in an earlier round, or answered in this one, and what has come of it as far as the record says.

    ``quarter`` is until when it was deferred, or for when it was approved; ``ask`` the decision asked for that it answers;
    ``work`` the id of the initiative that it is about; ``since`` says, as a clause, what it costs now where that is not what it cost then.
    """

    decision: str
    subject: str
    on: date
    by: str | None = None
    outcome: str = ""
    note: str = ""
    quarter: str = ""
    ask: str = ""
    since: str = ""
    work: str = ""

    @property
    def until(self) -> str:
        """Until when it was deferred, as words to stand behind that; "" where it was not."""
        return f" until {self.quarter}" if self.decision == "defer" and self.quarter else ""
