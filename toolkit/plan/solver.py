"""The solver: a time-indexed program, one choice for each candidate and quarter it may start in.

What work earns by itself stands at its columns. A risk that several candidates settle is credited once, by columns of
its own: it is settled by work that ends in a quarter, for one of these quarters at most, and only where such work is
chosen (z(r,t) ≤ Σ x(i,t), Σ z(r,t) ≤ 1). The search takes the one that earns most, which is the first.

:class:`Usage` adds up what a plan takes of each limit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from toolkit.method import PROVEN
from toolkit.plan.milp import ROUNDING, Rows, SearchResult, Vector, first_plans, minimise, polished, relaxed
from toolkit.plan.problem import Candidate, Problem, Purse


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


Columns = list[tuple[Candidate, int]]


@dataclass(frozen=True)
class Model:
    """A problem as yes-or-no columns and rows of limits.

    Attributes
    ----------
    columns : list
        A candidate and a quarter it may start in, each; they come first.
    earned : ndarray
        The value that each column accrues: these columns, then those of risks that several of them settle.
    ties : ndarray
        What decides between plans of equal value, from 0 to 1 over a whole plan: the share of all money that it
        takes, and a thousandth of that for how late its work starts, the first candidates counting a little more.
    """

    columns: Columns
    rows: Rows
    earned: Vector
    ties: Vector

    @property
    def starts(self) -> list[tuple[str, int]]:
        """The id and the quarter of each of ``columns``."""
        return [(c.id, s) for c, s in self.columns]


# The part of the largest value for which money and starts count together: half of what is taken as proven.
TRACE = PROVEN / 2

# From this many columns on, a first plan is shown before the search that proves.
LARGE = 300


# Explaining a plan asks for the same problems again, and so does making a document anew.
REMEMBERED = 1024


class Undecided(Exception):
    """The search ended on its nodes with no plan, and with no proof that there is none."""


@dataclass(frozen=True)
class Solution:
    """Start quarter of each chosen candidate, the accrued value, and the proven relative gap (0–1; 1 or more is 1)."""

    starts: Mapping[str, int]
    value: float
    gap: float


@lru_cache(maxsize=REMEMBERED)
def solve(problem: Problem) -> Solution | None:
    """Choose starts that earn the most value; among those the least money; among those the earliest.

    All three are one objective, in which money and starts count for less of the value than the gap up to which a
    plan is proven. What a search without a proof leaves is improved, a few candidates at a time. Returns None when it
    is proven that no plan keeps every limit.

    Raises
    ------
    Undecided
        When what must be in leaves the search without a plan and without that proof.
    """
    return next(iter(deque(solutions(problem), maxlen=1)), None)


def solutions(problem: Problem) -> Iterator[Solution]:
    """Yield plans as they are found, each with the gap that is proven by then; the last is that of :func:`solve`.

    A large problem has its first within a fraction of a second. Where no plan keeps every limit,
    nothing is yielded.

    Raises
    ------
    Undecided
        As :func:`solve`.
    """
    model = formulate(problem)
    told: Solution | None = None
    for x, bound, proven in _searched(problem, model):
        chosen = zip(model.columns, x[: len(model.columns)], strict=True)
        starts = improved(problem, {c.id: s for (c, s), taken in chosen if taken})
        value = problem.accrued(starts)
        if told and not proven and value < told.value:
            starts, value = dict(told.starts), told.value
        one = Solution(starts, value, _gap(value, min(bound, _unlimited_value(problem))))
        if one != told:
            yield one
        told = one


def _searched(problem: Problem, model: Model) -> Iterator[tuple[Vector, float, bool]]:
    """Yield choices of columns, the value that none can pass, and whether the choice is proven to reach it."""
    earned, rows, starts = model.earned, model.rows, model.starts
    x: Vector | None = None
    ideal = relaxed(-earned, rows) if len(starts) > LARGE else None
    if ideal and ideal.x is not None:
        for x in first_plans(-earned, rows, ideal.x, starts):
            yield x, -ideal.bound, False
    best, bound = _best(model, TRACE * float(earned.max(initial=0.0)))
    if best.infeasible:
        return
    if x is None and best.x is None and any(c.fixed for c in problem.candidates):
        raise Undecided
    found = [plan for plan in (best.x, x) if plan is not None] or [np.zeros(rows.width)]
    x = max(found, key=lambda plan: float(earned @ plan))
    proven = bound <= float(earned @ x) * (1 + PROVEN)
    yield x, bound, proven
    for better in () if proven else polished(-earned, rows, x, starts):
        yield better, bound, False


def _best(model: Model, trace: float) -> tuple[SearchResult, float]:
    """Search for the plan of most value, then of least ties; return it, and the value that none can pass.

    ``trace`` is the value for which ties count: no plan is worth more than what is found by more than that. Where it
    is too much of what the plan is worth, the search is made again with less.
    """
    earned, ties = model.earned, model.ties
    while True:
        if trace:
            best = minimise(trace * ties - earned, model.rows)
            bound = trace - best.bound
        else:
            # Nothing can be earned: what would earn is kept out, at a price above all ties.
            best, bound = minimise(ties + 2.0 * (earned > 0), model.rows), 0.0
        worth = None if best.x is None else float(earned @ best.x)
        if worth is None or bound > worth + 1.5 * trace or 2 * worth >= trace / TRACE:
            return best, bound
        trace = TRACE * worth


def _gap(value: float, bound: float) -> float:
    if value <= 0:
        return 1.0 if bound > 0 else 0.0
    return min(max(bound / value - 1, 0.0), 1.0)


def feasible(problem: Problem) -> bool | None:
    """Whether some plan keeps every limit and holds all that is fixed; None when the search did not settle it."""
    rows = formulate(problem).rows
    found = minimise(np.zeros(rows.width), rows)
    return True if found.x is not None else (False if found.infeasible else None)


def cheapest(problem: Problem, price: Callable[[Candidate, int], float]) -> dict[str, int] | None:
    """Return the starts of a plan that keeps every limit, holds all that is fixed and costs least; None where none is found.

    Parameters
    ----------
    price : callable
        Of a candidate and the quarter it starts in, what that costs, 0 or more.
    """
    model = formulate(problem)
    cost = np.zeros(model.rows.width)
    cost[: len(model.columns)] = [price(c, s) for c, s in model.columns]
    found = minimise(cost, model.rows)
    if found.x is None:
        return None
    return {c.id: s for (c, s), chosen in zip(model.columns, found.x, strict=False) if chosen > 0.5}


def _unlimited_value(problem: Problem) -> float:
    """Return what all candidates would earn, each begun as early as it may, if no limit were shared."""
    return problem.accrued({c.id: min(c.starts) for c in problem.candidates if c.starts})


def formulate(problem: Problem) -> Model:
    """Write a problem as a program.

    Work that earns nothing, and that neither must be in nor is needed, has no column: it is better left out.
    """
    needed = {need for c in problem.candidates for need in c.needs}
    columns = [
        (c, s)
        for c in problem.candidates
        for s in c.starts
        if c.fixed or c.id in needed or problem.alone(c, s) > 0
    ]
    shared = _shared(problem, columns)
    rows, of = Rows(len(columns) + len(shared)), {c.id: {} for c in problem.candidates}  # type: Rows, dict[str, dict[int, int]]
    for i, (c, s) in enumerate(columns):
        of[c.id][s] = i
    for c in problem.candidates:
        rows.add(dict.fromkeys(of[c.id].values(), 1.0), 1.0 if c.fixed else 0.0, 1.0)
        for need in c.needs:
            _wait_for(rows, of, c, next((d for d in problem.candidates if d.id == need), None))
    for group in sorted({c.alternative for c in problem.candidates if c.alternative}):
        rows.add(
            {i: 1.0 for c in problem.candidates if c.alternative == group for i in of[c.id].values()},
            0.0,
            1.0,
        )
    _money(rows, problem, columns)
    _people(rows, problem, columns)
    _once(rows, len(columns), shared)
    return Model(columns, rows, _earned(problem, columns, shared), _ties(problem, columns, rows.width))


@dataclass(frozen=True)
class _Settled:
    """A risk that several candidates settle, settled by work that ends in one quarter: the columns of that work."""

    risk: str
    columns: tuple[int, ...]
    earned: float


def _shared(problem: Problem, columns: Columns) -> list[_Settled]:
    """Return the choices of when a risk is settled, for risks that several candidates settle in time to earn by it."""
    out = []
    for risk in problem.risks:
        ends: dict[int, list[int]] = {}
        earned: dict[int, float] = {}
        for i, (c, s) in enumerate(columns):
            accrued = problem.settled(c, s).get(risk, 0.0) * problem.remaining(c, s)
            if accrued > 0:
                ends.setdefault(c.end(s), []).append(i)
                earned[c.end(s)] = accrued
        if len({columns[i][0].id for settling in ends.values() for i in settling}) > 1:
            out += [_Settled(risk, tuple(ends[end]), earned[end]) for end in sorted(ends)]
    return out


def _once(rows: Rows, first: int, shared: Sequence[_Settled]) -> None:
    """Credit a risk once, and only where work that settles it is chosen; its columns begin with ``first``."""
    of: dict[str, dict[int, float]] = {}
    for column, settled in enumerate(shared, start=first):
        of.setdefault(settled.risk, {})[column] = 1.0
        rows.add({column: 1.0, **dict.fromkeys(settled.columns, -1.0)}, -np.inf, 0.0)
    for terms in of.values():
        rows.add(terms, 0.0, 1.0)


def _earned(problem: Problem, columns: Columns, shared: Sequence[_Settled]) -> Vector:
    """Return what each column accrues; a risk that only one candidate settles is earned by its own columns."""
    apart = {settled.risk for settled in shared}
    own = [
        (c.served(s) + sum(worth for risk, worth in problem.settled(c, s).items() if risk not in apart))
        * problem.remaining(c, s)
        for c, s in columns
    ]
    return np.array([*own, *(settled.earned for settled in shared)])


def _ties(problem: Problem, columns: Columns, width: int) -> Vector:
    """Return what decides between plans of equal value, as :class:`Model` says."""
    count, quarters = len(problem.candidates) + 1, problem.quarters + 1
    late = {c.id: 1 + (count - i) / (count**2 * quarters) for i, c in enumerate(problem.candidates, start=1)}
    money = _shares(columns, [sum(c.cost(s, t) for t in range(problem.quarters)) for c, s in columns])
    starts = _shares(columns, [(s + 1) * late[c.id] for c, s in columns])
    return np.pad((money + starts / 1000) / 1.001, (0, width - len(columns)))


def _shares(columns: Columns, amounts: list[float]) -> Vector:
    """Return each column's part of the most that all candidates together could take, from 0 to 1."""
    most: dict[str, float] = {}
    for (c, _), amount in zip(columns, amounts, strict=True):
        most[c.id] = max(most.get(c.id, 0.0), amount)
    return np.array(amounts) / (sum(most.values()) or 1.0)


def _wait_for(
    rows: Rows, of: dict[str, dict[int, int]], candidate: Candidate, need: Candidate | None
) -> None:
    """By any quarter a candidate has started only if what it needs has finished; never, if that cannot be.

    One row a quarter, over all starts up to it: far tighter a bound than one row a start.
    """
    started: dict[int, float] = {}
    for start, column in sorted(of[candidate.id].items()):
        started[column] = 1.0
        ready = {i: -1.0 for s, i in of[need.id].items() if s + need.duration <= start} if need else {}
        rows.add({**started, **ready}, -np.inf, 0.0)


def _money(rows: Rows, problem: Problem, columns: Columns) -> None:
    for purse in problem.purses:
        terms = {i: cost for i, (c, s) in enumerate(columns)
                 if (cost := problem.drawn(c, s, purse)) and (purse.limit is not None or not c.fixed)}  # fmt: skip
        rows.add(terms, -np.inf, purse.limit or 0.0)


def _people(rows: Rows, problem: Problem, columns: Columns) -> None:
    for role, capacity in sorted(problem.people.items()):
        for t, limit in enumerate(capacity):
            terms = {
                i: c.people[role]
                for i, (c, s) in enumerate(columns)
                if c.people.get(role) and s <= t < s + c.duration
            }
            if terms and limit is not None:
                rows.add(terms, -np.inf, limit)
