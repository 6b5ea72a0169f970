"""All that plans say would change them, tried: single changes, displacements, other budgets, other weightings.

``python benchmarks/soak_explained.py [CLIENTS]`` (100): for so many random clients with every feature, the record is
changed as the explanation says and planned again; values are compared with the best of all plans, found by trying.
Exits 1 when anything said is not so.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core for each process

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from soak_plan import Oracle, client, near, starts

from toolkit.client.record import Record
from toolkit.plan import Roadmap, explain_roadmap, plan_roadmap
from toolkit.plan.problem import planning_case, problem_of
from toolkit.plan.roadmap import RaisedLimit
from toolkit.plan.robustness import weightings
from toolkit.plan.solver import solve

MOVABLE = ("value", "budget", "capacity", "late", "dependency", "alternative")


def changed(record: Record, change: Any) -> Record:
    """Return the record with one limit raised, as the plan says it."""
    facts = record.facts
    if change.kind == "capacity":
        rows: Any = {"capacity": tuple(
            each.model_copy(update={"fte": each.fte + change.amount * (each.role == change.role)})
            for each in facts.capacity
        )}  # fmt: skip
    else:
        what = "opex" if change.kind == "running" else "amount"
        rows = {"budget": tuple(
            each.model_copy(update={what: getattr(each, what) + change.amount}) if each.year == change.year else each
            for each in facts.budget
        )}  # fmt: skip
    return replace(record, facts=facts.model_copy(update=rows))


def scaled(record: Record, by: float) -> Record:
    """Return the record with all its money multiplied."""
    budget = tuple(
        each.model_copy(
            update={"amount": each.amount * by, "opex": None if each.opex is None else each.opex * by}
        )
        for each in record.facts.budget
    )
    return replace(record, facts=record.facts.model_copy(update={"budget": budget}))


def untrue(record: Record, roadmap: Roadmap) -> Iterator[tuple[str, str]]:
    """Yield for everything that a plan says of itself what it is, and what about it is not so ("" for nothing)."""
    told = roadmap.explained
    if told is None:
        return
    movable = [
        one.initiative for one in roadmap.deferred if one.binding in MOVABLE or one.initiative in told.tried
    ]
    tried = [
        (change, starts(plan_roadmap(changed(record, change))))
        for change in _grid(record, roadmap)
        if movable
    ]
    for one in movable:
        yield "change", _changes(roadmap, one, tried)
        yield "displacement", _displacement(record, roadmap, one)
    for step in told.budgets:
        yield "budget", _budget_step(record, roadmap, step)
    if told.weightings:
        yield "weighting", _weightings(record, roadmap)


def _grid(record: Record, roadmap: Roadmap) -> list[RaisedLimit]:
    """Return every single change on the grid, each kind's least first."""
    known, told = Oracle(record), roadmap.explained
    if told is None:
        return []
    years = sorted({known.year_of(t) for t in range(known.quarters)} & known.budget.keys())
    apart = [year for year in years if known.budget[year].opex is not None]
    out = [RaisedLimit("budget", amount, year) for amount in told.grid.budget for year in years]
    out += [RaisedLimit("running", amount, year) for amount in told.grid.running for year in apart]
    roles = sorted({one.role for one in record.facts.capacity})
    out.sort(key=lambda one: (one.amount, one.year))
    return out + [RaisedLimit("capacity", fte, role=role) for fte in told.grid.capacity for role in roles]


def _changes(roadmap: Roadmap, one: str, tried: list[tuple[RaisedLimit, dict[str, int]]]) -> str:
    """Say where the single changes stated for an initiative are not the least that bring it in; "" for nowhere."""
    told = roadmap.explained.changes.get(one, ()) if roadmap.explained else ()
    due = []
    for money in (True, False):
        enough = [pair for pair in tried if one in pair[1] and (pair[0].kind != "capacity") == money]
        due += [(change.kind != "capacity", change.amount) for change, _ in enough[:1]]
    plans = {replace(change, leave=()): plan for change, plan in tried}
    for change in told:
        plan = plans[replace(change, leave=())]
        if one not in plan or change.leave != tuple(sorted(starts(roadmap).keys() - plan.keys())):
            return f"{one} is not brought in by {change}"
    found = [(change.kind != "capacity", change.amount) for change in told]
    return "" if found == due else f"{one} is brought in by {due}, not {found}"


def _displacement(record: Record, roadmap: Roadmap, one: str) -> str:
    """Say what making an initiative mandatory does otherwise than said; "" for nothing."""
    told = roadmap.explained.displaced.get(one) if roadmap.explained else None
    must = tuple(
        each.model_copy(update={"mandatory": "forced in"}) if each.id == one else each
        for each in record.initiatives
    )
    forced = replace(record, initiatives=must)
    after, before, known = starts(plan_roadmap(forced)), starts(roadmap), Oracle(forced)
    best, year = known.best(), f"{one} in a year without a budget"
    if best is not None and one not in before and year in Oracle(record).faults_alone(one, after[one]):
        return ""  # what is mandatory may spend in such a year, which stays closed to what is only tried
    if best is None or told is None:
        return "" if best is None and told is None else f"{one} forced in gives {best}, not {told}"
    later = {each for each in before.keys() & after.keys() if after[each] > before[each]}
    moved = before.keys() - after.keys(), after.keys() - before.keys() - {one}, later
    spending = known.figures(after)[1] - known.figures(before)[1]
    same = moved == tuple(map(set, (told.leave, told.enter, told.later)))
    cost = near((roadmap.value or 0.0, spending), (told.value + best[0], told.money))
    return "" if same and cost else f"{one} forced in gives {moved}, {best}, {spending}, not {told}"


def _budget_step(record: Record, roadmap: Roadmap, step: Any) -> str:
    """Say what another budget gives otherwise than said; "" for nothing."""
    record = scaled(record, 1 + step.share)
    best, plan, now = Oracle(record).best(), starts(plan_roadmap(record)), starts(roadmap)
    if best is None or step.value is None:
        return (
            "" if best is None and step.value is None else f"{step.share:+} of money gives {best}, not {step}"
        )
    moved = plan.keys() - now.keys(), now.keys() - plan.keys()
    same = moved == (set(step.enter), set(step.leave)) and near((step.value, step.money), best[:2])
    return "" if same else f"{step.share:+} of money gives {best} and {moved}, not {step}"


def _weightings(record: Record, roadmap: Roadmap) -> str:
    """Say where the count of ways to value the work that keep an initiative is not so; "" for nowhere."""
    kept: Counter[str] = Counter()
    for points in weightings(record):
        goals = tuple(each.model_copy(update={"weight": points[each.id]}) for each in record.facts.goals)
        other = replace(record, facts=record.facts.model_copy(update={"goals": goals}))
        kept.update(list(starts(plan_roadmap(other))))
    ways = roadmap.explained.draws if roadmap.explained else {}
    now = record.facts.planning.risk_weight
    for share in sorted({0.0, now / 2, min(2 * now, 1.0)} - {now}) if ways.get("risks") else ():
        planning = record.facts.planning.model_copy(update={"risk_weight": share})
        other = replace(record, facts=record.facts.model_copy(update={"planning": planning}))
        kept.update(list(starts(plan_roadmap(other))))
    case = planning_case(record)
    for kind, valued in (
        ("scale", {"contributions": {1: 1 / 3, 2: 2 / 3, 3: 1.0}}),
        ("horizon", {"beyond": 8}),
    ):
        solution = solve(problem_of(case.record, case.start, **valued)) if ways.get(kind) else None  # type: ignore[arg-type]
        kept.update(list(solution.starts) if solution else [])
    told = roadmap.explained.kept if roadmap.explained else {}
    return "" if told == {one: kept[one] for one in told} else f"{told}, not {kept}"


def explained(seed: int) -> tuple[Counter[str], list[str]]:
    """Explain one client's plan; return what was looked at, and what is wrong."""
    pick = random.Random(seed).choice
    size, length = pick(range(6, 11)), pick(range(4, 8))
    record = client(pick, size, length)
    said = list(untrue(record, explain_roadmap(record)))
    wrong = [f"seed {seed}, {size} initiatives, {length} quarters: {fault}" for _, fault in said if fault]
    return Counter(what for what, _ in said), wrong


def main(clients: int = 100) -> int:
    """Explain so many plans, and try all they say."""
    begun, counted, faults = time.perf_counter(), Counter[str](), list[str]()
    with ProcessPoolExecutor(2) as pool:
        for more, wrong in pool.map(explained, range(clients), chunksize=5):
            counted.update(more)
            faults += wrong
    looked_at = ", ".join(f"{number:,} of {what}" for what, number in sorted(counted.items()))
    print(f"{clients:,} clients, statements tried: {looked_at}; {time.perf_counter() - begun:.0f} s")
    print(*faults[:20], f"untrue: {len(faults):,}", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
