"""How good plans are proven to be, and how soon: the plain model beside ours, on the same instances.

Run: python benchmarks/plan_speed.py [SEEDS]. Instances are seeded: cost ~ lognormal(4, 1) + 10,
duration 1–5 quarters, value uniform 1–40 (once times √cost / 5, once independent of cost), three
roles, each used with probability .6 at 1–4 FTE, a dependency with probability .3, budget 45 % of all
costs, evenly by year, capacity half of the mean load; "shared risks" adds five risks worth 20 each, four of
them due within the horizon, of which every other initiative settles one. The plain model is one search by HiGHS over the
same time-indexed program with HiGHS's own settings, stopped after as many seconds of processor time as ours took,
and after ten.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np
from highspy import Highs

from toolkit.client.calendar import Quarter
from toolkit.method import PROVEN
from toolkit.plan.milp import highs_model, silence
from toolkit.plan.problem import Candidate, Problem
from toolkit.plan.solver import formulate, solutions
from toolkit.plan.value import Credit

ROLES = ("analyst", "developer", "engineer")
SIZES = ((20, 12), (40, 12), (60, 16), (115, 16))
LIMIT = 10.0


def instance(initiatives: int, quarters: int, seed: int, by_cost: bool) -> Problem:
    """Return one seeded problem."""
    draw = np.random.default_rng([seed, initiatives, quarters, int(by_cost)])
    candidates, total, load = [], 0.0, dict.fromkeys(ROLES, 0.0)
    for i in range(initiatives):
        cost, duration = float(draw.lognormal(4, 1) + 10), int(draw.integers(1, 6))
        value = float(draw.uniform(1, 40)) * (cost**0.5 / 5 if by_cost else 1.0)
        people = {role: float(draw.integers(1, 5)) for role in ROLES if draw.random() < 0.6}
        needs = (f"i{int(draw.integers(i)):03}",) if i and draw.random() < 0.3 else ()
        starts, payments = tuple(range(quarters - duration + 1)), (cost / duration,) * duration
        candidates.append(
            Candidate(f"i{i:03}", {"g": Credit(value)}, starts, payments, people=people, needs=needs)
        )
        total += cost
        for role, fte in people.items():
            load[role] += fte * duration
    years = quarters // 4
    money = {2027 + year: 0.45 * total / years for year in range(years)}
    capacity = {role: (0.5 * load[role] / quarters,) * quarters for role in ROLES}
    return Problem(Quarter(2027, 1), quarters, tuple(candidates), money, capacity)


def risky(problem: Problem) -> Problem:
    """Return a problem with risks that several candidates settle."""
    last = problem.quarters - 1
    risks = {f"r{i}": Credit(20.0, last * (i + 1) // 5) for i in range(5)}
    candidates = tuple(
        replace(c, settles=(f"r{i // 2 % 5}",) if i % 2 else ()) for i, c in enumerate(problem.candidates)
    )
    return replace(problem, candidates=candidates, risks=risks)


def plain(problem: Problem, seconds: float) -> tuple[float, float, float]:
    """Return seconds of processor taken, proven gap and value of one search by HiGHS as it comes."""
    model, began = formulate(problem), time.process_time()
    with silence():
        solver = Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_rel_gap", PROVEN)
        solver.passModel(highs_model(-model.earned, model.rows.constraints()))
        solver.cbMipInterrupt += lambda event: event.interrupt(time.process_time() - began > seconds)
        solver.run()
        found = solver.getInfo()
    value = max(-found.objective_function_value, 0.0)
    gap = -found.mip_dual_bound / value - 1 if 0 < value < float("inf") else float("inf")
    return time.process_time() - began, max(gap, 0.0), value


def main(seeds: int) -> None:
    """Print, for each instance, when the first plan and the last came, with their gaps, beside the plain model's."""
    print(
        "  n  T seed values       | first: s   gap % | ours: s   gap %    value | plain, as long: gap %    value | plain: s  gap %    value"
    )
    for initiatives, quarters in SIZES:
        for seed in range(seeds):
            for kind in ("independent", "by cost", "shared risks"):
                problem = instance(initiatives, quarters, seed, kind == "by cost")
                problem = risky(problem) if kind == "shared risks" else problem
                began, told = time.process_time(), []
                for one in solutions(problem):
                    told.append((time.process_time() - began, 100 * one.gap, one.value))
                took, gap, value = told[-1]
                _, same_gap, same_value = plain(problem, took)
                plain_took, plain_gap, plain_value = plain(problem, LIMIT)
                print(
                    f"{initiatives:3} {quarters:2} {seed:4} {kind:12} | {told[0][0]:8.2f} {told[0][1]:7.2f} | {took:7.2f} {gap:7.2f} {value:8.2f} "
                    f"| {100 * same_gap:21.2f} {same_value:8.2f} | {plain_took:8.2f} {100 * plain_gap:6.2f} {plain_value:8.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
