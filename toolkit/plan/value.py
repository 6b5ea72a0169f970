"""What work is worth: a share of what leadership wants, by the goals it serves and the risks it settles, each in time.

Work that ends in a quarter is counted as done on that quarter's last day, so it is in time for a date where that day
is not after it: what is due on 30 June or on 1 July may end in the quarter up to June, what is due on 15 June may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum

from toolkit.client.calendar import FiscalYear, Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Facts
from toolkit.method import CONTRIBUTIONS


@dataclass(frozen=True)
class Credit:
    """What finished work is credited with: ``worth``, if it ends in quarter ``last`` or before; None: whenever it ends.

    Quarters are counted from the plan's first.
    """

    worth: float
    last: int | None = None

    def at(self, end: int) -> float:
        """Return what work that ends in a quarter is credited with."""
        return self.worth if self.last is None or end <= self.last else 0.0


def last_in_time(due: date, start: Quarter, fiscal: FiscalYear) -> int:
    """Return the last quarter, counted from ``start``, whose last day is not after a date."""
    quarter = Quarter.of(due, fiscal)
    return quarter.index - start.index - (quarter.last_day(fiscal) > due)


def distances(
    record: Record, start: Quarter, contributions: Mapping[int, float] = CONTRIBUTIONS
) -> dict[str, dict[str, Credit]]:
    """Return the share of each goal's distance that each initiative closes, if it is done by the goal's date.

    ``contributions`` says what share each level of contribution closes.
    """
    fiscal = record.facts.profile.fiscal
    last = {
        goal.id: None if goal.due is None else last_in_time(goal.due, start, fiscal)
        for goal in record.facts.goals
    }
    return {
        initiative.id: {
            goal: Credit(contributions[level], last[goal])
            for goal, level in sorted(initiative.goals.items())
            if level
        }
        for initiative in record.initiatives
    }


def closed(record: Record, start: Quarter, ends: Mapping[str, int]) -> dict[str, float]:
    """Return the share of each goal's distance that work closes by the goal's date.

    ``ends`` says in which quarter, counted from the plan's first, each initiative ends.
    """
    shares = distances(record, start)
    return {
        goal.id: sum(shares[i][goal.id].at(end) for i, end in sorted(ends.items()) if goal.id in shares[i])
        for goal in sorted(record.facts.goals, key=lambda goal: goal.id)
    }


def goal_credits(
    record: Record, start: Quarter, contributions: Mapping[int, float] = CONTRIBUTIONS
) -> dict[str, dict[str, Credit]]:
    """Return what each initiative is worth to each goal: Σ w_g · s_ig, the goals' weights and the risks' summing to 1.

    Goals without any weights count alike. What is worth nothing is left out.
    """
    points = {goal.id: goal.weight or 0.0 for goal in record.facts.goals}
    if not any(points.values()):
        points = dict.fromkeys(points, 1.0)
    # Exact sums, so that the order of goals and risks on record changes no bit.
    total, share = fsum(points.values()) or 1.0, 1 - risk_share(record.facts)
    return {
        initiative: {
            goal: Credit(share * points[goal] / total * closed.worth, closed.last)
            for goal, closed in goals.items()
            if share * points[goal] * closed.worth > 0
        }
        for initiative, goals in distances(record, start, contributions).items()
    }


def risk_share(facts: Facts) -> float:
    """Return the share of value that settling risks has: all without goals, none where no risk has a severity."""
    if not any(risk.severity for risk in facts.risks):
        return 0.0
    return facts.planning.risk_weight if facts.goals else 1.0


def risk_credits(record: Record, start: Quarter, quarters: int) -> dict[str, Credit]:
    """Return what settling each risk in time is worth: its severity, scaled so that all risks together are their share.

    A risk without a date is settled in time by the end of the horizon. One of unknown severity is worth nothing.
    """
    facts = record.facts
    share, total = risk_share(facts), fsum(risk.severity or 0.0 for risk in facts.risks)
    fiscal = facts.profile.fiscal
    return {
        risk.id: Credit(
            share * risk.severity / total,
            quarters - 1 if risk.due is None else last_in_time(risk.due, start, fiscal),
        )
        for risk in sorted(facts.risks, key=lambda risk: risk.id)
        if risk.severity and share
    }
