"""The solver against brute force, published optima and its own limits."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slices import examples

from toolkit.client.calendar import Quarter
from toolkit.plan.problem import Candidate, Problem
from toolkit.plan.solver import solve
from toolkit.plan.value import Credit

START = Quarter(2027, 1)
REAL = (
    Path(os.environ.get("ALIGN_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "real"))
    / "optimum"
)
needs_data = pytest.mark.skipif(not REAL.is_dir(), reason="no published problems beside the project")


def keeps_limits(problem: Problem, starts: dict[str, int]) -> bool:
    """Check a choice of starts against every limit, independently of the solver."""
    by_id = {c.id: c for c in problem.candidates}
    chosen = [(by_id[i], s) for i, s in starts.items()]
    if any(c.fixed and c.id not in starts for c in problem.candidates):
        return False
    for c, s in chosen:
        if s not in c.starts or any(n not in starts or starts[n] + by_id[n].duration > s for n in c.needs):
            return False
    groups = [c.alternative for c, _ in chosen if c.alternative]
    if len(groups) != len(set(groups)):
        return False
    for year, money in problem.money.items():
        paying = [(c, s) for c, s in chosen if money is not None or not c.fixed]
        if sum(c.cost(s, t) for c, s in paying for t in problem.quarters_of(year)) > (money or 0.0) + 1e-6:
            return False
    return all(
        sum(c.people.get(role, 0.0) for c, s in chosen if s <= t < s + c.duration) <= capacity[t] + 1e-6
        for role, capacity in problem.people.items()
        for t in range(problem.quarters)
    )


def every_choice(problem: Problem) -> Iterator[dict[str, int]]:
    """Every way to start or leave out each candidate."""
    options = [[None, *c.starts] for c in problem.candidates]
    for pick in itertools.product(*options):
        yield {c.id: s for c, s in zip(problem.candidates, pick, strict=True) if s is not None}


def value_of(problem: Problem, starts: Mapping[str, int]) -> float:
    """Add up what each goal earns by work that ends in time, and each risk by the first that settles it in time."""
    by_id = {c.id: c for c in problem.candidates}
    ends = {i: s + len(by_id[i].payments) for i, s in starts.items()}

    def earned(credit: Credit, end: int) -> float:
        late = credit.last is not None and end - 1 > credit.last
        time = problem.quarters + problem.beyond
        return 0.0 if late else credit.worth * max(time - max(end, 0), 0) / time

    goals = sum(earned(goal, end) for i, end in ends.items() for goal in by_id[i].goals.values())
    return goals + sum(
        max((earned(credit, end) for i, end in ends.items() if risk in by_id[i].settles), default=0.0)
        for risk, credit in problem.risks.items()
    )


@st.composite
def worths(draw: st.DrawFn) -> Credit:
    """Something worth a tenth or more, or nothing, now and then with a date."""
    return Credit(draw(st.integers(0, 10)) / 10, draw(st.sampled_from([None, None, 3, 2, 1, 0, -1])))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Small problems with every kind of limit."""
    quarters, size = draw(st.integers(2, 5)), draw(st.integers(1, 4))
    candidates = []
    for i in range(size):
        duration = draw(st.integers(1, 2))
        candidates.append(
            Candidate(
                id=f"i{i}",
                goals={goal: draw(worths()) for goal in "gh"[: draw(st.integers(0, 2))]},
                starts=tuple(range(draw(st.integers(0, 1)), quarters - duration + 1)),
                payments=tuple(float(draw(st.integers(0, 5))) for _ in range(duration)),
                opex=float(draw(st.integers(0, 2))),
                people={"developer": float(draw(st.integers(0, 2)))},
                fixed=draw(st.sampled_from(["", "", "", "mandatory"])),
                needs=tuple(f"i{j}" for j in range(i) if draw(st.integers(0, 3)) == 0),
                alternative=draw(st.sampled_from(["", "", "a"])),
                settles=draw(st.sampled_from([(), ("r",), ("q",), ("q", "r")])),
            )
        )
    money = {2027: float(draw(st.integers(0, 12))), 2028: draw(st.sampled_from([None, 3.0, 8.0]))}
    people = {"developer": tuple(float(draw(st.integers(0, 3))) for _ in range(quarters))}
    risks = {risk: draw(worths()) for risk in "qr"}
    beyond = draw(st.sampled_from([0, 0, 8]))
    return Problem(START, quarters, tuple(candidates), money, people, {}, risks, beyond)


@settings(max_examples=examples(40), deadline=None)
@given(problems())
def test_the_plan_is_worth_what_brute_force_finds(problem: Problem) -> None:
    """On small problems the plan keeps every limit, and no plan at all is worth more."""
    possible = [value_of(problem, one) for one in every_choice(problem) if keeps_limits(problem, one)]
    solution = solve(problem)
    if not possible:
        assert solution is None
        return
    assert solution is not None
    assert keeps_limits(problem, solution.starts)
    assert solution.value == pytest.approx(max(possible), abs=1e-4)
    assert value_of(problem, solution.starts) == pytest.approx(max(possible), abs=1e-4)


@settings(max_examples=examples(80), deadline=None)
@given(problems(), st.data())
def test_one_definition_of_value_stands_behind_every_figure(problem: Problem, data: st.DataObject) -> None:
    """Of any plan, the credited values, each for the time left, add up to what it accrues; so do additions one by one."""
    starts = {
        c.id: data.draw(st.sampled_from(c.starts))
        for c in problem.candidates
        if c.starts and data.draw(st.booleans())
    }
    by_id = {c.id: c for c in problem.candidates}
    credited = problem.credited(starts)
    assert sum(
        worth * problem.remaining(by_id[i], starts[i]) for i, worth in credited.items()
    ) == pytest.approx(value_of(problem, starts))
    plan: dict[str, int] = {}
    for i, start in starts.items():
        added = problem.added(plan, by_id[i], start)
        plan[i] = start
        assert problem.accrued(plan) == pytest.approx(value_of(problem, plan))
        rest = {other: at for other, at in plan.items() if other != i}
        assert added == pytest.approx(value_of(problem, plan) - value_of(problem, rest))


@settings(max_examples=examples(40), deadline=None)
@given(problems())
def test_more_money_is_never_worth_less(problem: Problem) -> None:
    """Raising every budget keeps or raises the plan's value."""
    richer = replace(problem, money={y: (m or 0.0) + 2 for y, m in problem.money.items()})
    before, after = solve(problem), solve(richer)
    assert before is None or (after is not None and after.value >= before.value - 1e-4)


def test_equal_value_goes_to_the_cheaper_and_then_to_the_earlier() -> None:
    """Among plans of equal value the cheapest is taken, and among those the earliest."""
    twins = (
        Candidate("cheap", {"g": Credit(0.5)}, (0, 1), (1.0,), alternative="a"),
        Candidate("dear", {"g": Credit(0.5)}, (0, 1), (2.0,), alternative="a"),
    )
    solution = solve(Problem(START, 4, twins, {2027: 9.0}, {}))
    assert solution is not None
    assert solution.starts == {"cheap": 0}


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing reaches standard output, not even from the solver's own code."""
    solve(Problem(START, 4, (Candidate("a", {"g": Credit(1.0)}, (0, 1), (1.0,)),), {2027: 1.0}, {}))
    assert capfd.readouterr().out == ""


def knapsacks() -> list[tuple[float, Problem]]:
    """Petersen's (1967) project selections: rows of weights become roles, profits values of one-quarter work."""
    numbers = iter((REAL / "mknap1.txt").read_text().split()) if REAL.is_dir() else iter(["0"])
    out = []
    for _ in range(int(next(numbers))):
        n, m, best = int(next(numbers)), int(next(numbers)), float(next(numbers))
        profits = [float(next(numbers)) for _ in range(n)]
        weights = [[float(next(numbers)) for _ in range(n)] for _ in range(m)]
        limits = [float(next(numbers)) for _ in range(m)]
        candidates = tuple(
            Candidate(
                f"p{i:03}",
                {"g": Credit(2 * profits[i])},
                (0,),
                (0.0,),
                people={f"r{k}": weights[k][i] for k in range(m) if weights[k][i]},
            )
            for i in range(n)
        )
        out.append(
            (best, Problem(START, 2, candidates, {}, {f"r{k}": (limits[k], limits[k]) for k in range(m)}))
        )
    return out


@needs_data
@pytest.mark.parametrize("number", range(7))
def test_petersens_project_selections_reach_the_published_optimum(number: int) -> None:
    """Seven R&D project selections (OR-Library mknap1) come out at their published optimum."""
    best, problem = knapsacks()[number]
    solution = solve(problem)
    assert solution is not None
    assert solution.value == pytest.approx(best, rel=1e-4)
    assert solution.gap <= 1e-4


@needs_data
@pytest.mark.parametrize(("share", "best"), [("0.3", 1204), ("0.5", 1836), ("0.7", 2507)])
def test_the_next_release_problem_reaches_the_proven_optimum(share: str, best: int) -> None:
    """Requirements with prerequisites under a budget come out at the proven optimum.

    Requirements cost money and are worth nothing; a customer costs nothing, needs its requirements
    and is worth its weight. The levels of prerequisites fix how many quarters are needed; value is
    scaled so that a customer accrues exactly its weight, in the last quarter but one.
    """
    numbers = iter((REAL / f"nrp1-{share}.txt").read_text().split())
    budget_share = float(next(numbers))
    costs = [float(next(numbers)) for _ in range(int(next(numbers))) for _ in range(int(next(numbers)))]
    needs: dict[int, list[int]] = {}
    for _ in range(int(next(numbers))):
        before, after = int(next(numbers)), int(next(numbers))
        needs.setdefault(after, []).append(before)
    depth = {}

    def level(i: int) -> int:
        if i not in depth:
            depth[i] = 1 + max((level(j) for j in needs.get(i, [])), default=-1)
        return depth[i]

    last = max(level(i) for i in range(1, len(costs) + 1)) + 1
    quarters = last + 2
    candidates = [
        Candidate(f"r{i:04}", {}, (level(i),), (cost,), needs=tuple(f"r{j:04}" for j in needs.get(i, [])))
        for i, cost in enumerate(costs, start=1)
    ]
    for c in range(int(next(numbers))):
        weight, count = float(next(numbers)), int(next(numbers))
        wants = tuple(f"r{int(next(numbers)):04}" for _ in range(count))
        candidates.append(
            Candidate(f"c{c:04}", {"g": Credit(weight * quarters)}, (last,), (0.0,), needs=wants)
        )
    assert last < 4, "all requirements are paid for in the first fiscal year, the one with the budget"
    problem = Problem(START, quarters, tuple(candidates), {START.year: budget_share * sum(costs)}, {})
    solution = solve(problem)
    assert solution is not None
    assert round(solution.value) == best
