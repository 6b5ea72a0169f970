"""What a plan takes of each limit, what one more candidate would lack, and where it still fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.plan.problem import Candidate, Problem, Purse
from toolkit.plan.program import ROUNDING


@dataclass(frozen=True)
class Lack:
    """A limit that one more candidate would pass: what it needs of it, and what the plan leaves.

    ``role`` and ``quarter`` (from the horizon's first) name people; ``purse`` names money.
    """

    needed: float
    left: float
    purse: Purse | None = None
    role: str = ""
    quarter: int = 0


@dataclass
class Usage:
    """Money by purse and people by role and quarter that a plan takes."""

    problem: Problem
    money: dict[Purse, float] = field(default_factory=dict)
    people: dict[tuple[str, int], float] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem, starts: Mapping[str, int]) -> Usage:
        """Add up a plan, in the candidates' order so that the sums do not vary."""
        usage = cls(problem)
        for one in problem.candidates:
            if one.id in starts:
                usage.add(one, starts[one.id])
        return usage

    def add(self, one: Candidate, start: int, sign: int = 1) -> None:
        """Charge a candidate to the limits, or take it off again with ``sign`` −1."""
        for purse in self.problem.purses:
            # In a year without a budget only fixed work may spend, and it is held to no limit.
            if purse.limit is not None or not one.fixed:
                self.money[purse] = self.money.get(purse, 0.0) + sign * self.problem.drawn(one, start, purse)
        for role, need in one.people.items():
            for t in range(max(start, 0), min(start + one.duration, self.problem.quarters)):
                self.people[role, t] = self.people.get((role, t), 0.0) + sign * need

    def money_lacking(self, one: Candidate, start: int) -> list[Lack]:
        """Return the purses whose money would not do for one more candidate."""
        found = []
        for purse in self.problem.purses:
            need, taken, limit = (
                self.problem.drawn(one, start, purse),
                self.money.get(purse, 0.0),
                purse.limit,
            )
            if not (one.fixed and limit is None) and _passes(need, taken, limit or 0.0):
                found.append(Lack(need, (limit or 0.0) - taken, purse))
        return found

    def people_lacking(self, one: Candidate, start: int) -> list[Lack]:
        """Return the roles and quarters whose capacity would not do for one more candidate."""
        found = []
        for role, need in sorted(one.people.items()):
            for t, limit in enumerate(self.problem.people.get(role, ())):
                taken = self.people.get((role, t), 0.0)
                if limit is not None and start <= t < start + one.duration and _passes(need, taken, limit):
                    found.append(Lack(need, limit - taken, role=role, quarter=t))
        return found


def _passes(need: float, taken: float, limit: float) -> bool:
    return need > 0 and need + taken > limit + ROUNDING * limit


def open_starts(problem: Problem, one: Candidate, starts: Mapping[str, int]) -> list[int]:
    """Return when a candidate may start beside a plan by its dates, needs and alternatives alone."""
    rivals = (c.id for c in problem.candidates if c.alternative and c.alternative == one.alternative)
    if any(rival in starts for rival in rivals if rival != one.id) or any(n not in starts for n in one.needs):
        return []
    by_id = {c.id: c for c in problem.candidates}
    ready = max(
        (starts[need] + by_id[need].duration for need in one.needs), default=min(one.starts, default=0)
    )
    later = min((s for other, s in starts.items() if one.id in by_id[other].needs), default=problem.quarters)
    return [s for s in one.starts if ready <= s and (s + one.duration <= later or one.fixed)]


def improved(problem: Problem, starts: Mapping[str, int]) -> dict[str, int]:
    """Return a plan to which no candidate can be added, and in which none can start earlier, for more value.

    Nothing stays in it that adds nothing, unless it is fixed or something in the plan needs it. A proven plan
    comes back as it is. This mends what a search out of nodes has left, and value too small for the solver to see.
    """
    plan, usage = dict(starts), Usage.of(problem, starts)
    order = sorted(problem.candidates, key=lambda c: (-problem.worth(c), c.id))
    while any(_moved(problem, plan, usage, one) or _dropped(problem, plan, usage, one) for one in order):
        pass
    return plan


def _moved(problem: Problem, plan: dict[str, int], usage: Usage, one: Candidate) -> bool:
    """Start a candidate where it adds more than now, if it fits there; say whether it did."""
    now = plan.get(one.id)
    added = 0.0 if now is None else problem.added(plan, one, now)
    better = [s for s in one.starts if problem.added(plan, one, s) > added]
    if not better:
        return False
    if now is not None:
        usage.add(one, now, -1)
    allowed = set(open_starts(problem, one, plan))
    fits = (
        s
        for s in better
        if s in allowed and not usage.money_lacking(one, s) and not usage.people_lacking(one, s)
    )
    start = next(fits, now)
    if start is not None:
        usage.add(one, start)
        plan[one.id] = start
    return start != now


def _dropped(problem: Problem, plan: dict[str, int], usage: Usage, one: Candidate) -> bool:
    """Leave a candidate out that adds nothing and that nothing chosen needs; say whether it was."""
    if one.id not in plan or one.fixed or problem.added(plan, one, plan[one.id]) > 0:
        return False
    if any(one.id in c.needs for c in problem.candidates if c.id in plan):
        return False
    usage.add(one, plan.pop(one.id), -1)
    return True
