"""How firm a plan is, found by solving again: other weightings, scales and horizons, other budgets, one limit raised,
one initiative forced in; and the ranked lists that people usually make, within the same limits.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from toolkit.client.record import Record
from toolkit.client.schema import Budget, Capacity
from toolkit.method import (
    BUDGET_STEPS,
    CONTRIBUTIONS,
    EVEN_CONTRIBUTIONS,
    GOAL_FACTORS,
    LONGER,
    PROVEN,
    RAISED_BUDGETS,
    RAISED_FTE,
    RISK_FACTORS,
    WEIGHTING_SEED,
    WEIGHTING_SPREAD,
    WEIGHTINGS,
)
from toolkit.plan.collisions import needed_by_fixed
from toolkit.plan.payback import paybacks
from toolkit.plan.plan import plan_roadmap
from toolkit.plan.problem import Candidate, PlanningCase, Problem, planning_case, problem_of
from toolkit.plan.roadmap import (
    BudgetStep,
    Deferred,
    Displaced,
    RaisedLimit,
    Ranking,
    Roadmap,
    Sensitivity,
    TriedChanges,
    tidied,
)
from toolkit.plan.solver import Solution, Undecided, Usage, open_starts, solve
from toolkit.plan.value import risk_share
from toolkit.words import figures


def grid(record: Record, problem: Problem) -> TriedChanges:
    """Return the amounts to try: shares of the largest yearly budget, to two figures; and whole and half people."""
    years = [one for one in record.facts.budget if one.year in problem.money]
    return TriedChanges(
        _amounts(max((one.amount for one in years), default=0.0)),
        _amounts(max((one.opex or 0.0 for one in years), default=0.0)),
        RAISED_FTE if problem.people else (),
    )


def _amounts(largest: float) -> tuple[float, ...]:
    rounded = (float(figures(share * largest, 2)) for share in RAISED_BUDGETS)
    return tuple(sorted({amount for amount in rounded if amount}))


def money_changes(problem: Problem, tried: TriedChanges) -> list[tuple[RaisedLimit, ...]]:
    """Return the changes of each year's money, a row a budget, the least amount first."""
    years = [year for year, limit in problem.money.items() if limit is not None]
    return [tuple(RaisedLimit("budget", amount, year) for amount in tried.budget) for year in years] + [
        tuple(RaisedLimit("running", amount, year) for amount in tried.running) for year in problem.running
    ]


def people_changes(problem: Problem, tried: TriedChanges) -> list[tuple[RaisedLimit, ...]]:
    """Return the changes of each role's people, a row a role, the least first; roles that nothing needs are left out."""
    needed = {role for one in problem.candidates for role in one.people}
    roles = sorted(needed & problem.people.keys())
    return [tuple(RaisedLimit("capacity", fte, role=role) for fte in tried.capacity) for role in roles]


def changed(record: Record, change: RaisedLimit) -> Record:
    """Return the record with a change made."""
    facts = record.facts
    if change.kind == "capacity":
        capacity = tuple(_staffed(one, change) for one in facts.capacity)
        return replace(record, facts=facts.model_copy(update={"capacity": capacity}))
    budget = tuple(_paid(one, change) for one in facts.budget)
    return replace(record, facts=facts.model_copy(update={"budget": budget}))


def scaled(record: Record, share: float) -> Record:
    """Return the record with every budget changed by a share, running costs kept apart included."""

    def by(one: Budget) -> Budget:
        opex = None if one.opex is None else one.opex * (1 + share)
        return one.model_copy(update={"amount": one.amount * (1 + share), "opex": opex})

    budget = tuple(by(one) for one in record.facts.budget)
    return replace(record, facts=record.facts.model_copy(update={"budget": budget}))


def _staffed(one: Capacity, change: RaisedLimit) -> Capacity:
    return one.model_copy(update={"fte": one.fte + change.amount}) if one.role == change.role else one


def _paid(one: Budget, change: RaisedLimit) -> Budget:
    if one.year != change.year:
        return one
    field = "opex" if change.kind == "running" else "amount"
    return one.model_copy(update={field: (getattr(one, field) or 0.0) + change.amount})


def rankings(record: Record, problem: Problem) -> tuple[Ranking, ...]:
    """Return what going down each list gives: by value per cost, and leadership's own where two ranks are recorded.

    Work that is fixed comes first, with what it needs, planned as well as it can be by itself.
    Then each initiative in turn starts as early as it fits and adds value; what waits for another is looked at
    again once that is in. An initiative's value is what it is worth by itself, begun as early as it may. Groundwork without value of its own comes in with the first that needs it and fits.
    Initiatives without a rank follow those with one, by value per cost.
    """
    try:
        fixed = solve(replace(problem, candidates=needed_by_fixed(problem)))
    except Undecided:
        return ()
    if fixed is None:
        return ()
    order = sorted(problem.candidates, key=lambda one: (-_value_per_cost(problem, one), one.id))
    out = [_filled("value per cost", problem, fixed, order)]
    ranks = {one.id: one.rank for one in record.initiatives if one.rank is not None}
    if sum(one.id in ranks for one in problem.candidates) > 1:
        order.sort(key=lambda one: ranks.get(one.id, math.inf))
        out.append(_filled("leadership", problem, fixed, order))
    return tuple(out)


def _value_per_cost(problem: Problem, one: Candidate) -> float:
    cost = sum(one.payments)
    return problem.worth(one) / cost if cost else math.inf


def _filled(
    by: Literal["value per cost", "leadership"], problem: Problem, fixed: Solution, order: Sequence[Candidate]
) -> Ranking:
    """Take each candidate in order where it fits, until a whole round takes none."""
    plan, usage = dict(fixed.starts), Usage.of(problem, fixed.starts)
    taking = True
    while taking:
        taking = False
        for one in order:
            more = _with(problem, plan, usage, one) if problem.worth(one) > 0 and one.id not in plan else None
            if more:
                plan, usage, taking = more, Usage.of(problem, more), True
    taken = tuple(one.id for one in order if one.id in plan)
    return Ranking(by, taken, problem.accrued(plan), problem.spent(plan))


def _with(problem: Problem, plan: dict[str, int], usage: Usage, one: Candidate) -> dict[str, int] | None:
    """Return the plan with a candidate as early as it fits, after groundwork that is worth nothing by itself."""
    for need in problem.candidates:
        if need.id in one.needs and need.id not in plan and not problem.worth(need):
            more = _with(problem, plan, usage, need)
            if more is None:
                return None
            plan, usage = more, Usage.of(problem, more)
    start = _start(problem, plan, usage, one)
    return None if start is None else plan | {one.id: start}


def _start(problem: Problem, plan: Mapping[str, int], usage: Usage, one: Candidate) -> int | None:
    """Return the earliest start at which a candidate still fits and, if it is worth anything, adds value."""
    return next(
        (
            start for start in open_starts(problem, one, plan)
            if (problem.added(plan, one, start) > 0 or not problem.worth(one))
            and not usage.money_lacking(one, start) and not usage.people_lacking(one, start)
        ),
        None,
    )  # fmt: skip


Kind = Literal["goals", "risks", "scale", "horizon"]


@dataclass(frozen=True)
class Draw:
    """One other way to value the same work within the same limits.

    ``contributions`` says what share of a goal's distance each level closes; value accrues for ``beyond``
    quarters after the horizon's end.
    """

    kind: Kind
    record: Record
    contributions: Mapping[int, float]
    beyond: int = 0


def draws(record: Record) -> tuple[Draw, ...]:
    """Return the other ways to value a record's work; none of a kind where there is nothing to weigh.

    The goals' weightings come first; then risks that weigh nothing, half and double; contributions at
    1 : 2 : 3; and a view eight quarters longer.
    """
    goals = [Draw("goals", weighed(record, points), CONTRIBUTIONS) for points in weightings(record)]
    risks = [
        Draw("risks", _with_risk_weight(record, share), CONTRIBUTIONS) for share in _risk_weights(record)
    ]
    scale = [Draw("scale", record, EVEN_CONTRIBUTIONS)] if _scale_matters(record) else []
    return (*goals, *risks, *scale, Draw("horizon", record, CONTRIBUTIONS, LONGER))


def _risk_weights(record: Record) -> list[float]:
    """Return other shares of value for the risks, at most all of it; none where goals or risks are all there is."""
    now = risk_share(record.facts) if record.facts.goals else 0.0
    shares = dict.fromkeys(min(by * now, 1.0) for by in RISK_FACTORS)
    return [share for share in shares if share != now]


def _with_risk_weight(record: Record, share: float) -> Record:
    planning = record.facts.planning.model_copy(update={"risk_weight": share})
    return replace(record, facts=record.facts.model_copy(update={"planning": planning}))


def _scale_matters(record: Record) -> bool:
    """Whether another scale changes more than the unit of value: levels differ, or risks stand beside goals."""
    goals = {goal.id for goal in record.facts.goals}
    live = (one for one in record.initiatives if one.is_open)
    levels = {level for one in live for goal, level in one.goals.items() if level and goal in goals}
    return len(levels) > 1 or bool(levels and 0 < risk_share(record.facts) < 1)


def weightings(record: Record) -> tuple[dict[str, float], ...]:
    """Return other ways to spread 100 points over the goals; none where fewer than two goals weigh anything.

    Each goal that weighs anything is doubled, then each is dropped; then come seeded draws, in which
    each goal's points are multiplied by something between a half and one and a half (METHOD §6).
    Goals without any points count alike, as in the plan.
    """
    points = {goal.id: goal.weight or 0.0 for goal in sorted(record.facts.goals, key=lambda goal: goal.id)}
    if not any(points.values()):
        points = dict.fromkeys(points, 1.0)
    heavy = [goal for goal, weight in points.items() if weight]
    if len(heavy) < 2:
        return ()
    draw = random.Random(WEIGHTING_SEED)
    return tuple(
        [_spread(points | {goal: by * points[goal]}) for by in GOAL_FACTORS for goal in heavy]
        + [
            _spread(
                {
                    goal: weight * draw.uniform(1 - WEIGHTING_SPREAD, 1 + WEIGHTING_SPREAD)
                    for goal, weight in points.items()
                }
            )
            for _ in range(WEIGHTINGS)
        ]
    )


def weighed(record: Record, points: Mapping[str, float]) -> Record:
    """Return the record with the goals' points replaced."""
    goals = tuple(goal.model_copy(update={"weight": points[goal.id]}) for goal in record.facts.goals)
    return replace(record, facts=record.facts.model_copy(update={"goals": goals}))


def _spread(points: Mapping[str, float]) -> dict[str, float]:
    total = sum(points.values())
    return {goal: 100 * weight / total for goal, weight in points.items()}


# Some fifty searches explain a plan: past this many columns they would take longer than one waits.
MOST_COLUMNS = 300
# What serves no goal is tried where it is groundwork for what does: the two come in together.
_MOVABLE = ("value", "budget", "capacity", "late", "dependency", "alternative", "no goal served", "settled")

Starts = Mapping[str, int]


def explain_roadmap(record: Record, round_id: str = "", threads: int = 1) -> Roadmap:
    """Plan one client's roadmap as :func:`plan_roadmap` does, and explain it by solving again.

    So many searches run at a time as there are ``threads``; what they find is the same.

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
    case = planning_case(record, round_id)
    told = replace(
        roadmap,
        rankings=rankings(case.record, case.problem),
        worth=paybacks(case.record, roadmap),
        explained=_explained(case, roadmap, threads),
    )
    explained: Roadmap = tidied(told)
    return explained


def _explained(case: PlanningCase, roadmap: Roadmap, threads: int) -> Sensitivity | None:
    few = sum(len(one.starts) for one in case.problem.candidates) <= MOST_COLUMNS
    if not few or roadmap.gap is None or roadmap.gap > PROVEN:
        return None
    pool = ThreadPoolExecutor(threads)
    try:
        return _Explaining(case, roadmap, pool).explained()
    except Undecided:
        return None
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class _Explaining:
    case: PlanningCase
    roadmap: Roadmap
    pool: Executor

    @property
    def problem(self) -> Problem:
        """The problem that the plan solves."""
        return self.case.problem

    @cached_property
    def starts(self) -> dict[str, int]:
        """When each initiative of the plan starts, in quarters from its first."""
        first = self.case.start.index
        return {one.initiative: one.start.index - first for one in self.roadmap.scheduled}

    def explained(self) -> Sensitivity:
        record, tried = self.case.record, grid(self.case.record, self.problem)
        chosen = self.starts.keys() - {one.id for one in needed_by_fixed(self.problem)}
        weighing = draws(record) if chosen or self.roadmap.deferred else ()
        known = {*chosen, *(one.initiative for one in self.roadmap.deferred)}
        waiting = [one.initiative for one in self.roadmap.deferred if self._movable(one)]
        rows = (money_changes(self.problem, tried), people_changes(self.problem, tried)) if waiting else ()
        # All searches are asked for before the first is waited for.
        plans = self.pool.map(self._drawn, weighing)
        displaced = self.pool.map(self._displaced, waiting)
        along = [self.pool.map(self._along, kind) for kind in rows]
        steps = self.pool.map(self._step, BUDGET_STEPS if self.problem.money else ())
        kept = Counter(one for plan in plans for one in plan)
        return Sensitivity(
            len(weighing),
            {one: kept[one] for one in sorted(known)},
            tried,
            self._changes(waiting, [[pair for row in kind for pair in row] for kind in along]),
            {one: found for one, found in zip(waiting, displaced, strict=True) if found},
            tuple(steps),
            tuple(waiting),
            dict(Counter(draw.kind for draw in weighing)),
            tuple(sorted(chosen)),
        )

    def _drawn(self, draw: Draw) -> Starts:
        """Return the starts of the plan that another way to value the work gives."""
        return _starts(problem_of(draw.record, self.case.start, draw.contributions, draw.beyond)) or {}

    def _solved(self, record: Record) -> Starts | None:
        """Return the starts of another record's plan; None where it has none."""
        return _starts(problem_of(record, self.case.start))

    def _movable(self, one: Deferred) -> bool:
        """Whether limits or other work keep it out, rather than a date, a decision or that nothing has value through it."""
        return one.binding in _MOVABLE and any(c.id == one.initiative for c in self.problem.candidates)

    def _displaced(self, forced: str) -> Displaced | None:
        """Search again with one more initiative that must be in; a year without a budget stays closed to it."""
        candidates = tuple(
            replace(self.problem.within_budgets(one), fixed="mandatory") if one.id == forced else one
            for one in self.problem.candidates
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

    def _changes(
        self, waiting: Sequence[str], kinds: Sequence[Sequence[tuple[RaisedLimit, Starts]]]
    ) -> dict[str, tuple[RaisedLimit, ...]]:
        """Return for each initiative below the line the least change of each kind that brings it in.

        ``kinds`` are the changes of money and those of people, each with the plan that it gives.
        """
        changes: dict[str, tuple[RaisedLimit, ...]] = {}
        for one in waiting:
            enough = ([pair for pair in kind if one in pair[1]] for kind in kinds)
            least = (min(pairs, key=lambda pair: _least_first(pair[0])) for pairs in enough if pairs)
            changes[one] = tuple(replace(change, leave=self._gone(plan)) for change, plan in least)
        return {one: least for one, least in changes.items() if least}

    def _gone(self, plan: Starts) -> tuple[str, ...]:
        return tuple(sorted(self.starts.keys() - plan.keys()))

    def _along(self, row: Sequence[RaisedLimit]) -> list[tuple[RaisedLimit, Starts]]:
        """Return each change of one limit, which only grows along the row, with the plan that it gives.

        Where the plans of two changes are the same, so is every plan between them: it is within their
        limits, and nothing within wider ones beats it. Those need no search.
        """
        plans: dict[int, Starts] = {-1: self.starts}

        def fill(low: int, high: int) -> None:
            if high not in plans:
                plans[high] = self._solved(changed(self.case.record, row[high])) or {}
            for middle in [(low + high) // 2] if high - low > 1 else []:
                if plans[low] == plans[high]:
                    plans.update(dict.fromkeys(range(low + 1, high), plans[high]))
                else:
                    fill(low, middle)
                    fill(middle, high)

        if row:
            fill(-1, len(row) - 1)
        return [(change, plans[i]) for i, change in enumerate(row)]

    def _step(self, share: float) -> BudgetStep:
        record = scaled(self.case.record, share)
        problem = problem_of(record, self.case.start)
        plan = _starts(problem)
        if plan is None:
            return BudgetStep(share, None, None)
        return BudgetStep(
            share,
            problem.accrued(plan),
            problem.spent(plan),
            enter=tuple(sorted(plan.keys() - self.starts.keys())),
            leave=self._gone(plan),
            earlier=tuple(
                sorted(one for one in self.starts.keys() & plan.keys() if plan[one] < self.starts[one])
            ),
        )


def _least_first(change: RaisedLimit) -> tuple[float, int, str, str]:
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
