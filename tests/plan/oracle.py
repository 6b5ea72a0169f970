"""Every plan of a small record: what keeps one from being allowed, and which is the best of them.

Written from METHOD §6 alone, from the record up; it shares no code with the planner, not even the
calendar's arithmetic. Quarters are counted from the plan's first.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from oracle_search import LEFT_OUT, TOLERANCE, Figures, Plan, Search

from toolkit.client.record import Record
from toolkit.client.schema import Initiative


class Oracle:
    """The rules of one record, as of a round: its horizon, its values, its limits, and its plans."""

    def __init__(self, record: Record, round_id: str = "") -> None:
        self.record, self.facts = record, record.facts
        self.by_id = {one.id: one for one in record.initiatives}
        rounds = sorted(record.facts.rounds, key=lambda one: (one.as_of, one.id))
        place = next((i for i, one in enumerate(rounds) if one.id == round_id), len(rounds) - 1)
        self.decided = self._decided([one.id for one in rounds[: place + 1]])
        self.year, self.number = self._first(rounds[place].as_of)
        self.budget = {b.year: b for b in self.facts.budget}
        asked = self.facts.planning.quarters
        funded = [t for t in range(asked) if self.year_of(t) in self.budget]
        last = max((self.year_of(t) for t in funded), default=None)
        self.quarters = sum(last is None or self.year_of(t) <= last for t in range(asked))
        self.limited = bool(funded)
        self.credits = {one.id: self._credits(one) for one in record.initiatives}
        self.live = [id for id, one in self.by_id.items() if self._plannable(one)]
        self.must = {id for id in self.live if self._in_anyway(id)}
        self.limits = self._limits()

    def _decided(self, rounds: list[str]) -> dict[str, Any]:
        """Return the last decision on each subject up to a round; accepting a risk is none on work."""
        known = [d for d in self.record.decisions if d.round in rounds and d.decision != "accept risk"]
        known.sort(key=lambda d: (rounds.index(d.round), d.date, d.id))
        return {d.subject: d for d in known}

    def _first(self, today: date) -> tuple[int, int]:
        """Return the plan's first fiscal quarter: as recorded, or the next to begin, found day by day."""
        if self.facts.planning.start:
            return self.facts.planning.start.year, self.facts.planning.start.number
        month, day = self.facts.profile.fiscal_year_starts, today
        while day.day != 1 or (day.month - month) % 3:
            day += timedelta(days=1)
        ends = next(y for y in (day.year, day.year + 1) if day < date(y + (month == 1), month, 1))
        return ends - self._named_late, (day.month - month) % 12 // 3 + 1

    @property
    def _named_late(self) -> int:
        """By how many years the calendar year that a fiscal year ends in is past the one it is named after."""
        profile = self.facts.profile
        return int(profile.fiscal_year_named_after == "first" and profile.fiscal_year_starts > 1)

    def index(self, quarter: Any) -> int:
        """Return a fiscal quarter's place, counted from the plan's first."""
        return (quarter.year - self.year) * 4 + quarter.number - self.number

    def year_of(self, t: int) -> int:
        """Return the fiscal year of a quarter of the plan."""
        return self.year + (self.number - 1 + t) // 4

    # What work is worth, by when: (of what, how much, the last quarter in time).

    def _credits(self, one: Initiative) -> list[tuple[str, float, int]]:
        """Return what an initiative may be credited with: each goal it serves, each risk it settles."""
        weights = {goal.id: goal.weight or 0.0 for goal in self.facts.goals}
        points = weights if any(weights.values()) else dict.fromkeys(weights, 1.0)
        severity = {risk.id: risk.severity or 0.0 for risk in self.facts.risks}
        share = (self.facts.planning.risk_weight if weights else 1.0) if any(severity.values()) else 0.0
        closes = {0: 0.0, 1: 0.05, 2: 0.20, 3: 0.65}
        out = [
            (
                f"goal {goal.id}",
                (1 - share) * points[goal.id] / sum(points.values()) * closes[one.goals.get(goal.id, 0)],
                self.last_in_time(goal.due, never=10_000),
            )
            for goal in self.facts.goals
        ]
        out += [
            (
                f"risk {risk.id}",
                share * severity[risk.id] / sum(severity.values()),
                self.last_in_time(risk.due, never=self.quarters - 1),
            )
            for risk in self.facts.risks
            if risk.id in one.settles and severity[risk.id]
        ]
        return [credit for credit in out if credit[1] > 0]

    def last_in_time(self, due: date | None, never: int) -> int:
        """Return the last quarter that is over on a date's evening, found quarter by quarter; ``never``: without a date."""
        if due is None:
            return never
        t = -40
        while self._day_after(t + 1) <= due + timedelta(days=1):
            t += 1
        return t

    def _day_after(self, t: int) -> date:
        """Return the day after a quarter's last."""
        month = self.facts.profile.fiscal_year_starts
        months = 12 * (self.year + self._named_late - (month > 1)) + month - 1 + 3 * (self.number + t)
        return date(months // 12, months % 12 + 1, 1)

    def ends(self, id: str, start: int) -> int:
        """Return an initiative's last quarter of work."""
        return start + (self.by_id[id].duration or 1) - 1

    def left(self, id: str, start: int) -> float:
        """Return (T − finish) / T, finish counted in quarters worked off since the plan's start."""
        return max(self.quarters - max(self.ends(id, start) + 1, 0), 0) / self.quarters

    def credited(self, plan: Plan) -> dict[str, float]:
        """Return each initiative's value in a plan: goals in time, and each risk in time that none before it settled."""
        taken: set[str] = set()
        out = {}
        for id in sorted(plan, key=lambda id: (self.ends(id, plan[id]), id)):
            mine = [(of, worth) for of, worth, last in self.credits[id]
                    if self.ends(id, plan[id]) <= last and of not in taken]  # fmt: skip
            taken |= {of for of, _ in mine if of.startswith("risk ")}
            out[id] = sum(worth for _, worth in mine)
        return out

    def accrued(self, plan: Plan) -> float:
        """Return Σ v · (T − finish) / T."""
        return sum(value * self.left(id, plan[id]) for id, value in self.credited(plan).items())

    def earliest(self, id: str) -> int:
        """Return when an initiative could begin by its dates alone, whether its money is there or not; 0 if never."""
        if not self.by_id[id].duration:
            return 0
        limited, must = self.limited, self.must
        self.limited, self.must = False, set()
        waits = [f"{id} before what it needs"]  # of which nobody knows when it ends
        allowed = self.starts(id) or [t for t in range(self.quarters) if self.faults_alone(id, t) == waits]
        self.limited, self.must = limited, must
        return min(allowed, default=0)

    def alone(self, id: str) -> float:
        """Return what an initiative is worth by itself, begun as early as it could."""
        return self.credited({id: self.earliest(id)})[id]

    def closed(self, plan: Plan) -> dict[str, float]:
        """Return the share of each goal's distance that a plan closes by the goal's date."""
        closes = {0: 0.0, 1: 0.05, 2: 0.20, 3: 0.65}
        return {
            goal.id: sum(
                closes[self.by_id[id].goals.get(goal.id, 0)]
                for id, start in plan.items()
                if self.ends(id, start) <= self.last_in_time(goal.due, never=10_000)
            )
            for goal in self.facts.goals
        }

    def open(self, one: Initiative) -> bool:
        """Whether work is neither over nor turned down."""
        decision = self.decided.get(one.id)
        down = decision and (
            decision.decision == "reject" or (decision.decision == "defer" and not decision.quarter)
        )
        return one.status not in ("done", "stopped") and not down

    def _known(self, one: Initiative) -> bool:
        begun = one.status != "in progress" or one.start is not None
        return one.capex is not None and one.duration is not None and begun

    def _plannable(self, one: Initiative) -> bool:
        return self.open(one) and self._known(one)

    def _in_anyway(self, id: str) -> bool:
        decision = self.decided.get(id)
        wanted = decision is not None and decision.decision in ("approve", "pin")
        return self.by_id[id].status == "in progress" or bool(self.by_id[id].mandatory) or wanted

    @property
    def ranked(self) -> bool:
        """Whether there is something to serve, a limit to keep, and known work to choose from."""
        serves = self.facts.goals or any(risk.severity for risk in self.facts.risks)
        live = (one for one in self.by_id.values() if one.status not in ("done", "stopped"))
        return bool(serves and (self.limited or self.facts.capacity) and any(map(self._known, live)))

    # What one initiative may do by itself, and beside one other.

    def starts(self, id: str) -> list[int]:
        """Return when an initiative may start by everything but other chosen work and shared limits."""
        one = self.by_id[id]
        every = [self.index(one.start)] if one.status == "in progress" and one.start else range(self.quarters)
        return [start for start in every if id in self.live and not self.faults_alone(id, start)]

    def faults_alone(self, id: str, start: int) -> list[str]:
        """Name what forbids an initiative a start, whatever else is planned."""
        one, decision = self.by_id[id], self.decided.get(id)
        if one.status == "in progress":
            return [] if one.start and start == self.index(one.start) else [f"{id} moved"]
        end = start + one.duration - 1  # type: ignore[operator]
        tests = {
            "outside the plan": start < 0 or end >= self.quarters,
            "too early": bool(one.earliest_start) and start < self.index(one.earliest_start),
            "too late": bool(one.deadline) and end > self.index(one.deadline),
            "not where decided": bool(decision and decision.quarter)
            and (
                start < self.index(decision.quarter)
                if decision.decision == "defer"
                else start != self.index(decision.quarter)
            ),
            "beside an alternative that is done or under way": self._closed(one),
            "before what it needs": any(start < self._ready(need) for need in one.depends_on),
            "in a year without a budget": self.limited and id not in self.must and any(
                sum(self.paid(id, start, t)) > 0 for t in range(self.quarters) if self.year_of(t) not in self.budget
            ),
        }  # fmt: skip
        return [f"{id} {what}" for what, holds in tests.items() if holds]

    def _closed(self, one: Initiative) -> bool:
        """Whether an alternative outside the plan has been taken: done, or under way at a cost not known."""
        mates = [m for m in self.by_id.values() if m.id != one.id and m.alternative_group]
        return any(
            m.status == "done" or (m.status == "in progress" and self.open(m) and not self._known(m))
            for m in mates
            if m.alternative_group == one.alternative_group
        )

    def _ready(self, need: str) -> int:
        """Return when something needed outside the plan is there; planned work is looked at with the plan."""
        one = self.by_id[need]
        if one.status == "done" or need in self.live:
            return LEFT_OUT
        if one.status == "in progress" and self.open(one) and one.start and one.duration:
            return self.index(one.start) + one.duration
        return -LEFT_OUT

    def together(self, a: str, start_a: int, b: str, start_b: int) -> bool:
        """Whether two initiatives may both have these starts (LEFT_OUT: not planned)."""
        one, other = self.by_id[a], self.by_id[b]
        same = one.alternative_group and one.alternative_group == other.alternative_group
        if same and LEFT_OUT not in (start_a, start_b):
            return False
        return self._waits(a, start_a, b, start_b) and self._waits(b, start_b, a, start_a)

    def _waits(self, a: str, start_a: int, need: str, start_need: int) -> bool:
        one = self.by_id[a]
        if start_a == LEFT_OUT or one.status == "in progress" or need not in one.depends_on:
            return True
        return start_need != LEFT_OUT and start_need + self.by_id[need].duration <= start_a  # type: ignore[operator]

    # What is shared.

    def paid(self, id: str, start: int, t: int) -> tuple[float, float]:
        """Return an initiative's capital and running cost in a quarter."""
        one = self.by_id[id]
        length, capex = one.duration or 1, (one.capex or 0.0) * (1 + (one.contingency or 0.0))
        if start <= t < start + length:
            shares = one.capex_profile or (1.0,) * length
            return capex * shares[t - start] / sum(shares), 0.0
        return 0.0, (one.opex or 0.0) / 4 if t >= start + length else 0.0

    def money(self, plan: Plan) -> dict[int, tuple[float, float]]:
        """Return capital and running cost by fiscal year."""
        spent = {self.year_of(t): (0.0, 0.0) for t in range(self.quarters)}
        for id, start in plan.items():
            for t in range(self.quarters):
                (capital, running), (more, run) = spent[self.year_of(t)], self.paid(id, start, t)
                spent[self.year_of(t)] = capital + more, running + run
        return spent

    def load(self, plan: Plan, role: str, t: int) -> float:
        """Return the people a plan takes of a role in a quarter."""
        busy = (id for id, start in plan.items() if start <= t < start + (self.by_id[id].duration or 1))
        return sum(self.by_id[id].fte.get(role, 0.0) for id in busy)

    def _limits(self) -> dict[tuple[str, int], float]:
        """Return every limit: money by year, all or apart, and people by role and quarter."""
        out: dict[tuple[str, int], float] = {}
        for year in sorted({self.year_of(t) for t in range(self.quarters)} & set(self.budget)):
            one = self.budget[year]
            capital = one.amount - one.amount * one.reserve
            apart = one.opex
            out["all money" if apart is None else "capital", year] = capital
            if apart is not None:
                out["running cost", year] = apart
        for t in range(self.quarters):
            for role in {one.role for one in self.facts.capacity}:
                steps = [(self.index(c.quarter) if c.quarter else LEFT_OUT, c.fte)
                         for c in self.facts.capacity if c.role == role]  # fmt: skip
                begun = [step for step in steps if step[0] <= t]
                if begun:
                    out[role, t] = max(begun)[1]
        return out

    def taken(self, plan: Plan) -> dict[tuple[str, int], float]:
        """Return what a plan takes of each limit."""
        out, money = {}, self.money(plan)
        for what, when in self.limits:
            if what in ("all money", "capital", "running cost"):
                capital, running = money[when]
                out[what, when] = {
                    "all money": capital + running,
                    "capital": capital,
                    "running cost": running,
                }[what]
            else:
                out[what, when] = self.load(plan, what, when)
        return out

    def broken(self, plan: Plan) -> list[str]:
        """Name every rule and limit that a plan breaks."""
        out = [f"{id} is missing" for id in sorted(self.must - set(plan))]
        out += [f"{id} cannot be planned" for id in sorted(set(plan) - set(self.live))]
        out += [fault for id, start in plan.items() for fault in self.faults_alone(id, start)]
        whole = {id: plan.get(id, LEFT_OUT) for id in self.live}
        out += [
            f"{a} and {b} do not go together"
            for a in whole for b in whole if a < b and not self.together(a, whole[a], b, whole[b])
        ]  # fmt: skip
        taken = self.taken(plan)
        return out + [f"{taken[what]} of {what}, limit {limit}"
                      for what, limit in self.limits.items() if taken[what] > limit * (1 + TOLERANCE)]  # fmt: skip

    def figures(self, plan: Plan) -> Figures:
        """Return what plans are compared by: value (more), money (less), and starts added up (less)."""
        money = sum(sum(both) for both in self.money(plan).values())
        return self.accrued(plan), money, float(sum(start + 1 for start in plan.values()))

    # Every plan.

    def options(self, id: str) -> list[int]:
        """Return an initiative's starts, and LEFT_OUT where it need not be in."""
        return self.starts(id) + [LEFT_OUT] * (id not in self.must)

    def every(self) -> Iterator[dict[str, int]]:
        """Yield every allowed plan by trying all combinations, without any thought: for tiny records."""
        under_way = [
            start for id in self.live for start in self.starts(id)
        ]  # it may begin before the plan, or past its end
        quarters = sorted({*range(-9, self.quarters), *under_way})
        for starts in product([LEFT_OUT, *quarters], repeat=len(self.live)):
            plan = {id: s for id, s in zip(self.live, starts, strict=True) if s != LEFT_OUT}
            if not self.broken(plan):
                yield plan

    def best(self) -> Figures | None:
        """Return the figures of the best plan, or None where no plan is allowed."""
        return Search(self, {id: self.options(id) for id in self.live}).best

    def exists(self, ids: Sequence[str], last_earns: bool = False) -> bool:
        """Whether some plan of exactly these initiatives keeps every limit (and the last earns something)."""
        if not set(ids) <= set(self.live):
            return False
        options = {id: self.starts(id) for id in ids}
        if last_earns:
            options[ids[-1]] = [s for s in options[ids[-1]] if self.accrued({ids[-1]: s}) > 0]
        out = {id: [LEFT_OUT] for id in self.live if id not in ids}
        return Search(self, options | out, compare=False).best is not None
