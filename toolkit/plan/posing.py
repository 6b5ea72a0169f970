"""What is to be planned in one round: the record as the plan rests on it, and the problem it poses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from toolkit.client.calendar import Quarter
from toolkit.client.facts import Budget, Round
from toolkit.client.known import known_on
from toolkit.client.record import Record
from toolkit.client.scenarios import Scenario
from toolkit.method import CONTRIBUTIONS
from toolkit.plan.problem import (
    Candidate,
    Problem,
    candidate,
    first_quarter,
    standing,
    turned_down,
    unknowns,
)
from toolkit.plan.scenario import followed, proposed
from toolkit.plan.value import goal_credits, risk_credits


def budgets(record: Record, start: Quarter) -> dict[int, Budget]:
    """Return the budgets of the years that the horizon asked for touches, by year."""
    years = {start.plus(t).year for t in range(record.facts.planning.quarters)}
    return {one.year: one for one in sorted(record.facts.budget, key=lambda b: b.year) if one.year in years}


def horizon(record: Record, start: Quarter) -> int:
    """Return how many quarters can be planned: no further than the last year with a budget."""
    asked, known = record.facts.planning.quarters, budgets(record, start)
    return min(asked, Quarter(max(known), 4).index - start.index + 1) if known else asked


def absent(record: Record, start: Quarter) -> tuple[str, ...]:
    """Name what is lacking for a ranking: something to serve, a limit to choose within, and work that is known."""
    facts, out = record.facts, []
    if not facts.goals and not any(risk.severity for risk in facts.risks):
        out.append("goals")
    if not budgets(record, start) and not facts.capacity:
        out.append("a yearly budget")
    if out:
        return tuple(out)
    live = [one for one in record.initiatives if one.is_open]
    if not live:
        return ("open initiatives",)
    return ("the cost and duration of the work",) if all(unknowns(record, one) for one in live) else ()


@dataclass(frozen=True)
class Posed:
    """What is to be planned.

    Attributes
    ----------
    record : Record
        The record under the scenario that its plan follows, if any, with one decision a subject: the one that stands.
    scenario : Scenario or None
        That scenario.
    start : Quarter
        The plan's first quarter.
    lacking : tuple of str
        What there is not, and a ranking needs, as nouns; there is a problem where this is empty.
    """

    record: Record
    round: Round
    scenario: Scenario | None
    start: Quarter
    lacking: tuple[str, ...]

    @cached_property
    def problem(self) -> Problem:
        """What there is to choose from, and within which limits."""
        return problem_of(self.record, self.start)


def pose(record: Record, round_id: str = "") -> Posed:
    """Return what is to be planned as of a round (empty: the latest); decisions of later rounds are not looked at.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    one = record.round(round_id)
    under = proposed(known_on(record, one.as_of), one)
    standing_now = replace(under, decisions=standing(under, one))
    start = first_quarter(standing_now, one.as_of)
    return Posed(standing_now, one, followed(record, one), start, absent(standing_now, start))


def problem_of(
    record: Record, start: Quarter, contributions: Mapping[int, float] = CONTRIBUTIONS, beyond: int = 0
) -> Problem:
    """Return what there is to choose from, and within which limits.

    Parameters
    ----------
    contributions : dict
        The share of a goal's distance that each level of contribution closes.
    beyond : int
        Quarters after the horizon's end in which value goes on accruing.
    """
    quarters, out = horizon(record, start), turned_down(record)
    goals = goal_credits(record, start, contributions)
    money: dict[int, float | None] = {}
    known = budgets(record, start)
    if known:
        available = {year: one.amount * (1 - one.reserve) for year, one in known.items()}
        money = {year: available.get(year) for year in sorted({start.plus(t).year for t in range(quarters)})}
    everything = Problem(
        start,
        quarters,
        tuple(
            candidate(record, one, start, quarters, goals[one.id])
            for one in sorted(record.initiatives, key=lambda one: one.id)
            if one.is_open and not unknowns(record, one) and one.id not in out
        ),
        money,
        _capacity(record, start, quarters),
        {year: one.opex for year, one in known.items() if one.opex is not None and year in money},
        risk_credits(record, start, quarters),
        beyond,
    )
    return replace(everything, candidates=_useful(everything))


def _useful(problem: Problem) -> tuple[Candidate, ...]:
    """Return what is worth something or is fixed, with everything that such work needs first.

    What earns nothing is never chosen: leaving it out keeps "below the line" meaningful.
    """
    by_id = {c.id: c for c in problem.candidates}
    out: set[str] = set()
    todo = [c.id for c in problem.candidates if problem.worth(c) > 0 or c.fixed]
    while todo:
        one = todo.pop()
        if one not in out and one in by_id:
            out.add(one)
            todo += by_id[one].needs
    return tuple(c for c in problem.candidates if c.id in out)


def _capacity(record: Record, start: Quarter, quarters: int) -> dict[str, tuple[float | None, ...]]:
    """Return each recorded role's capacity by quarter: the latest entry that has begun; before any, unknown."""
    out = {}
    for role in sorted({one.role for one in record.facts.capacity}):
        entries = sorted(
            (one for one in record.facts.capacity if one.role == role),
            key=lambda one: one.quarter.index if one.quarter else -1,
        )
        out[role] = tuple(
            next(
                (e.fte for e in reversed(entries) if e.quarter is None or e.quarter.index <= start.index + t),
                None,
            )
            for t in range(quarters)
        )
    return out
