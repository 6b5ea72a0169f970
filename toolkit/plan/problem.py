"""The planning problem: candidates with their values, costs and people, and the limits they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.work import Initiative

FINISHED = ("done", "stopped")


@dataclass(frozen=True)
class Candidate:
    """An initiative as the solver sees it.

    Attributes
    ----------
    value : float
        Weighted contribution, 0–1.
    starts : tuple of int
        Allowed start quarters, counted from the horizon's first (negative: began before it).
    payments : tuple of float
        Capital in each quarter of work, contingency included.
    opex : float
        Running cost a quarter after completion.
    fixed : str
        Why it must be in; empty when it may be chosen.
    needs : tuple of str
        Candidates that must finish first.
    """

    id: str
    value: float
    starts: tuple[int, ...]
    payments: tuple[float, ...]
    opex: float = 0.0
    people: Mapping[str, float] = field(default_factory=dict)
    fixed: str = ""
    needs: tuple[str, ...] = ()
    alternative: str = ""

    @property
    def duration(self) -> int:
        """Quarters of work."""
        return len(self.payments)

    def cost(self, start: int, quarter: int) -> float:
        """Money in one quarter when it starts in ``start``: capital while it runs, running cost after."""
        elapsed = quarter - start
        if 0 <= elapsed < self.duration:
            return self.payments[elapsed]
        return self.opex if elapsed >= self.duration else 0.0

    def accrued(self, start: int, quarters: int) -> float:
        """Value earned from completion to the horizon's end: v · (T − finish) / T (METHOD §6)."""
        return self.value * max(quarters - max(start + self.duration, 0), 0) / quarters


@dataclass(frozen=True)
class Problem:
    """Candidates and limits over ``quarters`` fiscal quarters from ``start``.

    ``money`` maps a fiscal year to what may be spent in it (None: only fixed work may spend);
    ``people`` maps a role to its capacity in each quarter, in FTE.
    """

    start: Quarter
    quarters: int
    candidates: tuple[Candidate, ...]
    money: Mapping[int, float | None]
    people: Mapping[str, tuple[float, ...]]

    def quarters_of(self, year: int) -> list[int]:
        """Return the horizon's quarters that lie in a fiscal year."""
        return [t for t in range(self.quarters) if self.start.plus(t).year == year]

    def year_cost(self, candidate: Candidate, start: int, year: int) -> float:
        """Money a candidate takes in a fiscal year of the horizon."""
        return sum(candidate.cost(start, t) for t in self.quarters_of(year))


def first_quarter(record: Record, as_of: date) -> Quarter:
    """Return the first quarter to plan: as recorded, else the first that begins on or after ``as_of``."""
    planning = record.facts.planning
    if planning.start:
        return planning.start
    month = record.facts.profile.fiscal_year_starts
    quarter = Quarter.of(as_of, month)
    return quarter if quarter.first_day(month) >= as_of else quarter.plus(1)


def values(record: Record) -> dict[str, float]:
    """Weigh each initiative's contribution: v = Σ w_g · c_g / 3 + w_risk · r, weights summing to 1.

    Goals without any weights count alike; without goals, risk is all, and without risks, goals are.
    """
    goals, risks = record.facts.goals, {one.id: one.severity or 0.0 for one in record.facts.risks}
    risk_weight = 0.0 if not risks else 1.0 if not goals else record.facts.planning.risk_weight
    points = {g.id: g.weight or 0.0 for g in goals}
    if goals and not sum(points.values()):
        points = dict.fromkeys(points, 1.0)
    total = sum(points.values()) or 1.0
    out = {}
    for one in record.initiatives:
        serves = sum(points.get(goal, 0.0) / total * level / 3 for goal, level in sorted(one.goals.items()))
        out[one.id] = (1 - risk_weight) * serves + risk_weight * max(
            (risks.get(r, 0.0) for r in one.settles), default=0.0
        )
    return out


def capital(one: Initiative) -> float | None:
    """Return capex with its contingency; None when it is not known."""
    return None if one.capex is None else one.capex * (1 + (one.contingency or 0.0))


def unknowns(one: Initiative) -> tuple[str, ...]:
    """Name what must be known before an initiative can be scheduled and is not."""
    out = [name for name, value in (("cost", one.capex), ("duration", one.duration)) if value is None]
    return (*out, "start") if one.status == "in progress" and one.start is None else tuple(out)


def candidate(record: Record, one: Initiative, value: float, start: Quarter, quarters: int) -> Candidate:
    """Describe a known initiative for the solver."""
    duration, money = one.duration or 1, capital(one) or 0.0
    shares = one.capex_profile or (1 / duration,) * duration
    decided = {
        d.decision: d for d in sorted(record.decisions, key=lambda d: (d.date, d.id)) if d.subject == one.id
    }
    pinned = decided["pin"].quarter if "pin" in decided else None
    fixed = _fixed(one, set(decided))
    if one.start is not None:
        starts = [one.start.index - start.index]
    elif pinned is not None:
        starts = [pinned.index - start.index]
    else:
        earliest = max(one.earliest_start.index - start.index if one.earliest_start else 0, 0)
        last = min(quarters, one.deadline.index - start.index + 1 if one.deadline else quarters) - duration
        starts = list(range(earliest, last + 1))
    return Candidate(one.id, value, tuple(starts), tuple(money * share for share in shares), (one.opex or 0.0) / 4, dict(sorted(one.fte.items())),
                     fixed, _needs(record, one), one.alternative_group or "")  # fmt: skip


def _fixed(one: Initiative, decided: set[str]) -> str:
    if one.status == "in progress":
        return "in progress"
    if one.mandatory:
        return "mandatory"
    return "decided" if decided & {"approve", "pin"} else ""


def _needs(record: Record, one: Initiative) -> tuple[str, ...]:
    done = {other.id for other in record.initiatives if other.status == "done"}
    return tuple(sorted(set(one.depends_on) - done))
