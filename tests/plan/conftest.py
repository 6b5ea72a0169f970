"""Small clients to plan, and a checker of plans that shares no code with the planner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import pytest

from toolkit.client.facts import Budget, Facts, Goal, Planning, Profile, Round
from toolkit.client.record import Record
from toolkit.client.work import Decision, Initiative
from toolkit.plan import Roadmap

TOLERANCE = 1e-9


def initiative(id: str, **fields: Any) -> Initiative:
    """Return an initiative of two quarters and 100 that serves goal g fully, unless told otherwise."""
    return Initiative.model_validate(
        {"id": id, "name": f"Name of {id}", "duration": 2, "capex": 100, "goals": {"g": 3}} | fields
    )


def decision(
    subject: str, kind: str, round: str = "r1", day: date = date(2027, 1, 5), **fields: Any
) -> Decision:
    """Return a decision."""
    one = {
        "id": f"d-{subject}-{kind[:6]}-{round}",
        "round": round,
        "date": day,
        "subject": subject,
        "decision": kind,
    }
    return Decision.model_validate(one | fields)


def client(initiatives: Sequence[Initiative], decisions: Sequence[Decision] = (), **facts: Any) -> Record:
    """Return a client with one goal and 1,000 a year, planned over eight quarters from 2027-Q1."""
    base = {
        "profile": Profile(name="Client"),
        "goals": (Goal(id="g", name="Goal", weight=100),),
        "budget": tuple(Budget(year=year, amount=1000) for year in (2027, 2028)),
        "planning": Planning(start="2027-Q1", quarters=8),  # type: ignore[arg-type]
        "rounds": (Round(id="r1", as_of=date(2026, 12, 31)), Round(id="r2", as_of=date(2027, 6, 30))),
    }
    return Record(
        "client", Facts(**(base | facts)), initiatives=tuple(initiatives), decisions=tuple(decisions)
    )


class Oracle:
    """Every plan of a small record, by trying all of them; quarters are counted from the plan's first.

    Written from METHOD §6 alone: calendar years, money by quarter, a proposal per quarter or none.
    """

    def __init__(self, record: Record) -> None:
        self.record, facts = record, record.facts
        assert facts.planning.start is not None
        self.start, self.quarters = facts.planning.start, facts.planning.quarters
        self.by_id = {one.id: one for one in record.initiatives}
        points = {goal.id: goal.weight if goal.weight is not None else 1.0 for goal in facts.goals}
        severe = {risk.id: risk.severity for risk in facts.risks if risk.severity is not None}
        share = facts.planning.risk_weight if any(severe.values()) else 0.0
        self.value = {
            one.id: (1 - share) * sum(points[g] / sum(points.values()) * c / 3 for g, c in one.goals.items())
            + share * max([severe.get(risk, 0.0) for risk in one.settles], default=0.0)
            for one in record.initiatives
        }

    def _index(self, quarter: Any) -> int:
        return (quarter.year - self.start.year) * 4 + quarter.number - self.start.number

    def _year(self, t: int) -> int:
        return self.start.year + (self.start.number - 1 + t) // 4

    def money(self, plan: dict[str, int]) -> dict[int, float]:
        """Return capital with contingency and running cost by fiscal year."""
        spent: dict[int, float] = {}
        for id, start in plan.items():
            one = self.by_id[id]
            shares = one.capex_profile or (1 / one.duration,) * one.duration
            for t in range(self.quarters):
                amount = 0.0
                if start <= t < start + one.duration:
                    amount = one.capex * (1 + (one.contingency or 0.0)) * shares[t - start] / sum(shares)
                elif t >= start + one.duration:
                    amount = (one.opex or 0.0) / 4
                spent[self._year(t)] = spent.get(self._year(t), 0.0) + amount
        return spent

    def broken(self, plan: dict[str, int]) -> list[str]:
        """Name every limit a plan breaks."""
        return [*self._dates(plan), *self._needs(plan), *self._limits(plan)]

    def _dates(self, plan: dict[str, int]) -> list[str]:
        out = []
        for id, one in self.by_id.items():
            under_way = one.status == "in progress"
            if (one.mandatory or under_way) and id not in plan:
                out.append(f"{id} is missing")
            if id not in plan:
                continue
            end = plan[id] + one.duration - 1
            if under_way and plan[id] != self._index(one.start):
                out.append(f"{id} moved")
            if not under_way:
                if plan[id] < 0 or end >= self.quarters:
                    out.append(f"{id} outside the horizon")
                if one.earliest_start and plan[id] < self._index(one.earliest_start):
                    out.append(f"{id} too early")
                if one.deadline and end > self._index(one.deadline):
                    out.append(f"{id} too late")
        return out

    def _needs(self, plan: dict[str, int]) -> list[str]:
        out = []
        for id, start in plan.items():
            one = self.by_id[id]
            for need in one.depends_on if one.status != "in progress" else ():
                if need not in plan or plan[need] + self.by_id[need].duration > start:
                    out.append(f"{id} does not wait for {need}")
        groups = [self.by_id[id].alternative_group for id in plan if self.by_id[id].alternative_group]
        return out + [f"two of {group}" for group in sorted(set(groups)) if groups.count(group) > 1]

    def _limits(self, plan: dict[str, int]) -> list[str]:
        out = []
        allowed = {one.year: one.amount * (1 - one.reserve) for one in self.record.facts.budget}
        for year, spent in self.money(plan).items():
            if spent > allowed[year] * (1 + TOLERANCE):
                out.append(f"{spent} in {year}")
        for role in {one.role for one in self.record.facts.capacity}:
            steps = {one.quarter: one.fte for one in self.record.facts.capacity if one.role == role}
            for t in range(self.quarters):
                load = sum(
                    self.by_id[i].fte.get(role, 0)
                    for i, s in plan.items()
                    if s <= t < s + self.by_id[i].duration
                )
                known = [(self._index(q) if q else -99, fte) for q, fte in steps.items()]
                known = [step for step in known if step[0] <= t]
                if known and load > max(known)[1] * (1 + TOLERANCE):
                    out.append(f"{load} of {role} in quarter {t}")
        return out

    def accrued(self, plan: dict[str, int]) -> float:
        """Return Σ v · (T − finish) / T, finish counted in quarters worked off since the plan's start."""
        quarters = self.quarters
        return sum(
            self.value[id] * max(quarters - max(start + self.by_id[id].duration, 0), 0) / quarters
            for id, start in plan.items()
        )

    def exists(self, ids: Sequence[str], last_earns: bool = False) -> bool:
        """Whether some plan of exactly these initiatives keeps every limit (and the last earns something)."""
        options = [
            [self._index(self.by_id[id].start)]
            if self.by_id[id].status == "in progress"
            else range(self.quarters)
            for id in ids
        ]
        plans = (dict(zip(ids, starts, strict=True)) for starts in product(*options))
        earning = (plan for plan in plans if not last_earns or self.accrued({ids[-1]: plan[ids[-1]]}) > 0)
        return any(not self.broken(plan) for plan in earning)

    def best(self) -> tuple[float, float] | None:
        """Return the greatest accrued value and the least money at it, or None when no plan is allowed."""
        options = []
        for one in self.record.initiatives:
            starts: list[int | None] = [None, *range(self.quarters)]
            options.append([self._index(one.start)] if one.status == "in progress" else starts)
        found: list[tuple[float, float]] = []
        for starts_of_all in product(*options):
            plan = {i: s for i, s in zip(self.by_id, starts_of_all, strict=True) if s is not None}
            if not self.broken(plan):
                found.append((self.accrued(plan), -sum(self.money(plan).values())))
        if not found:
            return None
        top = max(value for value, _ in found)
        return top, -max(money for value, money in found if value >= top - 1e-9)


@dataclass(frozen=True)
class Making:
    """The functions that make small clients."""

    client: Callable[..., Record]
    initiative: Callable[..., Initiative]
    decision: Callable[..., Decision]


@pytest.fixture(scope="session")
def make() -> Making:
    """Return the functions that make small clients."""
    return Making(client, initiative, decision)


@pytest.fixture(scope="session")
def oracle() -> Callable[[Record], Oracle]:
    """Return what knows every plan of a small client."""
    return Oracle


@pytest.fixture(scope="session")
def starts() -> Callable[[Roadmap], dict[str, int]]:
    """Return the function that reads each start off a roadmap, in quarters from its first."""
    return lambda roadmap: {
        one.initiative: one.start.index - roadmap.start.index for one in roadmap.scheduled
    }
