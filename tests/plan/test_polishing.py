"""Plans told while the search goes on: each is allowed, each is better, and the last is the plan."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from toolkit.client.calendar import Quarter
from toolkit.plan import solver
from toolkit.plan.milp import SearchResult
from toolkit.plan.problem import Candidate, Problem
from toolkit.plan.solver import Solution, formulate, solutions, solve
from toolkit.plan.value import Credit

RISKS = ("r0", "r1", "r2")


def problem(seed: int, size: int = 36, quarters: int = 12, shared: bool = False) -> Problem:
    """Return a seeded problem large enough for plans before the last."""
    draw = np.random.default_rng(seed)
    candidates = tuple(
        Candidate(
            f"i{i:02}",
            {"g": Credit(float(draw.uniform(1, 40)))},
            tuple(range(quarters - duration + 1)),
            (float(draw.lognormal(4, 1)) / duration,) * duration,
            people={"dev": float(draw.integers(1, 5))},
            settles=RISKS[i % 5 : i % 5 + 1] if shared else (),
            needs=(f"i{int(draw.integers(i)):02}",) if i and draw.random() < 0.3 else (),
        )
        for i in range(size)
        for duration in (int(draw.integers(1, 6)),)
    )
    year = sum(sum(c.payments) for c in candidates) * 0.15
    money: dict[int, float | None] = {2027: year, 2028: year, 2029: year}
    risks = {risk: Credit(40.0, 3 + 2 * i) for i, risk in enumerate(RISKS)} if shared else {}
    return Problem(Quarter(2027, 1), quarters, candidates, money, {"dev": (20.0,) * quarters}, {}, risks)


@pytest.fixture(scope="module", params=[(1, False), (2, True)], ids=["goals", "risks shared"])
def told(request: pytest.FixtureRequest) -> tuple[Problem, list[Solution]]:
    """One problem with every plan that was told of it."""
    seed, shared = request.param
    one = problem(seed, shared=shared)
    return one, list(solutions(one))


def test_a_plan_is_told_before_the_last(told: tuple[Problem, list[Solution]]) -> None:
    """A large problem has plans to look at while it is still searched."""
    assert len(told[1]) > 1


def test_every_plan_told_keeps_every_limit(told: tuple[Problem, list[Solution]]) -> None:
    """No row of the program is passed by any plan told, in whole numbers of each column."""
    model = formulate(told[0])
    for one in told[1]:
        x = np.array([float(one.starts.get(id) == s) for id, s in model.starts])
        assert model.rows.passed_by(np.pad(x, (0, model.rows.width - len(x)))) == []
        assert x.sum() == len(one.starts)


def test_plans_told_grow_better_and_their_gaps_hold(told: tuple[Problem, list[Solution]]) -> None:
    """Value never falls, and no later plan is worth more than an earlier plan's gap allows."""
    values = [one.value for one in told[1]]
    assert all(later >= before * (1 - 1e-6) for before, later in pairwise(values))
    for one in told[1]:
        assert values[-1] <= one.value * (1 + one.gap) * (1 + 1e-6)


def test_the_last_plan_told_is_the_plan(told: tuple[Problem, list[Solution]]) -> None:
    """Looking at the plans on the way changes nothing."""
    assert told[1][-1] == solve(told[0])


def test_a_plan_of_no_value_beside_something_worth_more_is_not_called_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the search ends with nothing chosen and no proof, the gap says that nothing is proven."""
    monkeypatch.setattr(solver, "minimise", lambda cost, rows: SearchResult(None, -np.inf))
    one = Problem(Quarter(2027, 1), 4, (Candidate("a", {"g": Credit(1.0)}, (0,), (5.0,)),), {2027: 1.0}, {})
    assert list(solutions(one))[-1].gap == 1.0


def test_a_large_problem_without_any_money_is_planned_as_nothing() -> None:
    """Where no column can be taken even in part, there is no first plan to look at, and the empty plan is proven."""
    full = problem(1)
    none = Problem(full.start, full.quarters, full.candidates, dict.fromkeys(full.money, 0.0), full.people)
    assert list(solutions(none)) == [Solution({}, 0.0, 0.0)]
