"""A plan explained by solving again: other weightings, other budgets, one limit raised, one initiative forced in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from toolkit.client.record import Record
from toolkit.plan.changing import changed, grid, money_changes, people_changes, scaled
from toolkit.plan.colliding import needed_by_fixed
from toolkit.plan.explanations import BudgetStep, Change, Displaced, Explained
from toolkit.plan.planning import plan_roadmap
from toolkit.plan.posing import Posed, pose, problem_of
from toolkit.plan.problem import Problem
from toolkit.plan.ranking import rankings
from toolkit.plan.roadmap import PROVEN, Deferred, Roadmap, tidied
from toolkit.plan.solving import Undecided, solve
from toolkit.plan.weighing import Draw, draws
from toolkit.plan.worth import worths

# Some fifty searches explain a plan: past this many columns they would take longer than one waits.
MOST_COLUMNS = 300
STEPS = (-0.3, -0.2, -0.1, 0.1, 0.2, 0.3)
# What serves no goal is tried where it is groundwork for what does: the two come in together.
_MOVABLE = ("value", "budget", "capacity", "dependency", "alternative", "no goal served", "settled")

Starts = Mapping[str, int]


def explain_roadmap(record: Record, round_id: str = "") -> Roadmap:
    """Plan one client's roadmap as :func:`plan_roadmap` does, and explain it by solving again.

    Beside it stand the rankings that people usually make, and what the work pays back. A plan that has
    more candidates and quarters than can be searched some fifty times, or of which any search ends
    without a proof, has no more: what is said of it would not be sure.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    roadmap = plan_roadmap(record, round_id)
    if roadmap.kind != "optimised":
        return roadmap
    posed = pose(record, round_id)
    told = replace(
        roadmap,
        rankings=rankings(posed.record, posed.problem),
        worth=worths(posed.record, roadmap),
        explained=_explained(posed, roadmap),
    )
    explained: Roadmap = tidied(told)
    return explained


def _explained(posed: Posed, roadmap: Roadmap) -> Explained | None:
    few = sum(len(one.starts) for one in posed.problem.candidates) <= MOST_COLUMNS
    if not few or roadmap.gap is None or roadmap.gap > PROVEN:
        return None
    try:
        return _Explaining(posed, roadmap).explained()
    except Undecided:
        return None


@dataclass(frozen=True)
class _Explaining:
    posed: Posed
    roadmap: Roadmap

    @property
    def problem(self) -> Problem:
        """The problem that the plan solves."""
        return self.posed.problem

    @cached_property
    def starts(self) -> dict[str, int]:
        """When each initiative of the plan starts, in quarters from its first."""
        first = self.posed.start.index
        return {one.initiative: one.start.index - first for one in self.roadmap.scheduled}

    def explained(self) -> Explained:
        record = self.posed.record
        chosen = self.starts.keys() - {one.id for one in needed_by_fixed(self.problem)}
        weighing = draws(record) if chosen or self.roadmap.deferred else ()
        plans = [self._drawn(draw) for draw in weighing]
        known = {*chosen, *(one.initiative for one in self.roadmap.deferred)}
        waiting = [one for one in self.roadmap.deferred if self._movable(one)]
        displaced = {one.initiative: self._displaced(one.initiative) for one in waiting}
        return Explained(
            len(plans),
            {one: sum(one in plan for plan in plans) for one in sorted(known)},
            grid(record, self.problem),
            self._changes([one.initiative for one in waiting]),
            {one: found for one, found in displaced.items() if found},
            tuple(self._step(share) for share in STEPS) if self.problem.money else (),
            tuple(one.initiative for one in waiting),
            dict(Counter(draw.kind for draw in weighing)),
            tuple(sorted(chosen)),
        )

    def _drawn(self, draw: Draw) -> Starts:
        """Return the starts of the plan that another way to value the work gives."""
        return _starts(problem_of(draw.record, self.posed.start, draw.contributions, draw.beyond)) or {}

    def _solved(self, record: Record) -> Starts | None:
        """Return the starts of another record's plan; None where it has none."""
        return _starts(problem_of(record, self.posed.start))

    def _movable(self, one: Deferred) -> bool:
        """Whether limits or other work keep it out, rather than a date, a decision or that nothing has value through it."""
        return one.binding in _MOVABLE and any(c.id == one.initiative for c in self.problem.candidates)

    def _displaced(self, forced: str) -> Displaced | None:
        """Search again with one more initiative that must be in."""
        candidates = tuple(
            replace(one, fixed="mandatory") if one.id == forced else one for one in self.problem.candidates
        )
        problem = replace(self.problem, candidates=candidates)
        plan = _starts(problem)
        if plan is None:
            return None
        stay = self.starts.keys() & plan.keys()
        return Displaced(
            leave=self._gone(plan),
            enter=tuple(sorted(plan.keys() - self.starts.keys() - {forced})),
            later=tuple(sorted(one for one in stay if plan[one] > self.starts[one])),
            value=problem.accrued(self.starts) - problem.accrued(plan),
            money=problem.spent(plan) - problem.spent(self.starts),
            too_late=any(one.id == forced and problem.worth(one) for one in candidates)
            and not problem.accrued({forced: plan[forced]}),
        )

    def _changes(self, waiting: Sequence[str]) -> dict[str, tuple[Change, ...]]:
        """Return for each initiative below the line the least change of money, and of people, that brings it in."""
        tried = grid(self.posed.record, self.problem)
        kinds = money_changes(self.problem, tried), people_changes(self.problem, tried)
        found: dict[str, tuple[Change, ...]] = dict.fromkeys(waiting, ())
        for rows in kinds if waiting else ():
            plans = [pair for row in rows for pair in zip(row, self._along(row), strict=True)]
            for one in waiting:
                enough = [pair for pair in plans if one in pair[1]]
                least = sorted(enough, key=lambda pair: _least_first(pair[0]))[:1]
                found[one] += tuple(replace(change, leave=self._gone(plan)) for change, plan in least)
        return {one: changes for one, changes in found.items() if changes}

    def _gone(self, plan: Starts) -> tuple[str, ...]:
        return tuple(sorted(self.starts.keys() - plan.keys()))

    def _along(self, row: Sequence[Change]) -> list[Starts]:
        """Return the plan at each change of one limit, which only grows along the row.

        Where the plans of two changes are the same, so is every plan between them: it is within their
        limits, and nothing within wider ones beats it. Those need no search.
        """
        plans: dict[int, Starts] = {-1: self.starts}

        def fill(low: int, high: int) -> None:
            if high not in plans:
                plans[high] = self._solved(changed(self.posed.record, row[high])) or {}
            for middle in [(low + high) // 2] if high - low > 1 else []:
                if plans[low] == plans[high]:
                    plans.update(dict.fromkeys(range(low + 1, high), plans[high]))
                else:
                    fill(low, middle)
                    fill(middle, high)

        if row:
            fill(-1, len(row) - 1)
        return [plans[i] for i in range(len(row))]

    def _step(self, share: float) -> BudgetStep:
        record = scaled(self.posed.record, share)
        problem = problem_of(record, self.posed.start)
        plan = _starts(problem)
        if plan is None:
            return BudgetStep(share, None, None)
        return BudgetStep(
            share,
            problem.accrued(plan),
            problem.spent(plan),
            enter=tuple(sorted(plan.keys() - self.starts.keys())),
            leave=self._gone(plan),
        )


def _least_first(change: Change) -> tuple[float, int, str, str]:
    return change.amount, change.year or 0, change.kind, change.role


def _starts(problem: Problem) -> Starts | None:
    """Return when each initiative of a problem's best plan starts; None where no plan keeps every limit.

    Raises
    ------
    Undecided
        When the search ends without a proof.
    """
    solution = solve(problem)
    if solution is None:
        return None
    if solution.gap > PROVEN:
        raise Undecided
    return solution.starts
