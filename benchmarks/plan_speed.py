"""How long a whole roadmap takes, from record to reasons, and how good it is proven to be.

Run: python benchmarks/plan_speed.py [SEEDS]. Instances are seeded: cost ~ lognormal(4, 1) + 10 in
thousands, 1–5 quarters, value uniform (once times √cost / 5), five roles each used with probability
.4, a dependency with probability .3, budget 45 % of all cost, evenly by year, capacity half the mean load.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import numpy as np

from toolkit.client.calendar import Quarter
from toolkit.client.facts import Budget, Capacity, Facts, Planning, Profile, Risk, Round
from toolkit.client.record import Record
from toolkit.client.work import Initiative
from toolkit.plan import plan_roadmap

ROLES = ("analyst", "developer", "engineer", "lead", "security")


def record(initiatives: int, quarters: int, seed: int, by_cost: bool) -> Record:
    """Return a seeded client whose initiatives each settle one risk, so that values are free numbers."""
    draw = np.random.default_rng(seed)
    work, risks = [], []
    for i in range(initiatives):
        cost = float(draw.lognormal(4, 1) + 10)
        value = float(draw.uniform(1, 40)) * (cost**0.5 / 5 if by_cost else 1.0)
        risks.append((f"r{i:03}", value))
        needs = (f"i{int(draw.integers(i)):03}",) if i and draw.random() < 0.3 else ()
        people = {role: float(draw.integers(1, 5)) for role in ROLES if draw.random() < 0.4}
        work.append(
            Initiative(
                id=f"i{i:03}",
                name=f"Initiative {i}",
                duration=int(draw.integers(1, 6)),
                capex=cost * 1000,
                fte=people,
                depends_on=needs,
                settles=(f"r{i:03}",),
            )
        )
    most = max(value for _, value in risks)
    years = -(-quarters // 4)
    total = sum(one.capex or 0.0 for one in work)
    load = {
        role: sum(one.fte.get(role, 0.0) * (one.duration or 0) for one in work) / quarters for role in ROLES
    }
    facts = Facts(
        profile=Profile(name="Benchmark"),
        risks=tuple(Risk(id=one, name=one, severity=value / most) for one, value in risks),
        budget=tuple(Budget(year=2027 + y, amount=0.45 * total / years) for y in range(years)),
        capacity=tuple(Capacity(role=role, fte=max(0.5 * amount, 4.0)) for role, amount in load.items()),
        planning=Planning(start=Quarter(2027, 1), quarters=quarters),
        rounds=(Round(id="r", as_of=date(2026, 12, 31)),),
    )
    return Record("benchmark", facts, initiatives=tuple(work))


def main(seeds: int) -> None:
    """Print seconds, proven gap and the split above and below the line for each size and seed."""
    print("initiatives quarters seed values      seconds  gap %  above below")
    for initiatives, quarters in ((20, 12), (23, 12), (40, 12), (60, 16), (100, 12), (115, 16)):
        for seed in range(seeds):
            for by_cost in (False, True):
                one = record(initiatives, quarters, seed, by_cost)
                began = time.perf_counter()
                roadmap = plan_roadmap(one)
                took = time.perf_counter() - began
                kind = "by cost" if by_cost else "independent"
                print(
                    f"{initiatives:11} {quarters:8} {seed:4} {kind:11} {took:7.2f} "
                    f"{100 * (roadmap.gap or 0.0):6.2f} {len(roadmap.scheduled):6} {len(roadmap.deferred):5}",
                    flush=True,
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
