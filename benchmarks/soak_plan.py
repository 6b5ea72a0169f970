"""The planner against every plan there is: small clients with all features mixed, and a checker of its own.

``python benchmarks/soak_plan.py [OPTIMA] [CHECKED] [RUNS]`` (500, 2,000 and 20): the value, then the money, then the
starts of so many plans equal those of the best plan of all; so many more, larger ones keep every limit, and what is
called impossible has no plan; every reason for a deferral holds; and one sample and three large clients give the same
bytes in so many fresh processes, idle and under load, rows shuffled and hash seeds changed. Exits 1 when anything fails.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core for each process

import hashlib
import importlib.util
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, count, islice, repeat
from pathlib import Path
from typing import Any, TypeVar

from toolkit.client import store
from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import (
    Budget,
    Capacity,
    Decision,
    Facts,
    Goal,
    Initiative,
    Planning,
    Profile,
    Risk,
    Round,
)
from toolkit.method import PROVEN
from toolkit.plan import Roadmap, plan_roadmap, to_json

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = "meridian-manufacturing"
ROLES = ("dev", "ops", "lead")
FIRST_YEAR = 2027
CLOSE = 1e-7

T = TypeVar("T")
Pick = Callable[[Sequence[T]], T]  # chooses one of several: at random, or as hypothesis will have it


def oracle_class() -> Any:
    """Return the tests' own reading of the method, which knows every plan of a small record."""
    spec = importlib.util.spec_from_file_location("plan_oracle", ROOT / "tests" / "plan" / "oracle.py")
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module.Oracle


Oracle = oracle_class()


def client(pick: Pick[Any], initiatives: int, quarters: int) -> Record:
    """Choose a client with every feature; of each the plainest comes first, for whoever simplifies a failure."""
    first, month, named = (
        Quarter(FIRST_YEAR, pick((1, 1, 2, 3, 4))),
        pick(range(1, 13)),
        pick(("last", "first")),
    )
    profile = Profile(name="Chosen", fiscal_year_starts=month, fiscal_year_named_after=named)
    unit, begins = pick((1, 1, 1000, 12345.67)), first.first_day(profile.fiscal)
    work = tuple(_initiative(pick, i, initiatives, first, quarters, unit) for i in range(initiatives))
    weights = pick(((70, 30), (50, 50), (100, 0), (60, None), (None, None)))
    facts = Facts(
        profile=profile,
        goals=tuple(
            Goal(id=id, name=id, weight=weight, due=_due(pick, begins, (None,) * 4))
            for id, weight in zip("gh", weights, strict=True)
        ),
        risks=tuple(
            Risk(id=f"r{i}", name="R", severity=pick((0.3, 1, 0.5, None, 0)), due=_due(pick, begins, (None,)))
            for i in range(3)
        ),
        budget=_budget(pick, work, first, quarters),
        capacity=_capacity(pick, first, initiatives),
        planning=Planning(start=pick((None, first)), quarters=quarters, risk_weight=pick((0, 0.2, 0.2, 1))),
        rounds=(
            Round(id="r1", as_of=date(2025, 5, 5)),
            Round(id="r2", as_of=begins - timedelta(days=pick((0, 1, 80)))),
        ),
    )
    return Record("chosen", facts, initiatives=work, decisions=_decisions(pick, work, first))


def _due(pick: Pick[Any], begins: date, never: tuple[None, ...]) -> date | None:
    """Choose a date: a quarter's last day or the one before, within a quarter, before the plan begins, or none."""
    days = pick((*never, 90, 182, 183, 230, 275, 320, 364, 365, 400, 550, 20, -1, -60))
    return None if days is None else begins + timedelta(days=days)


def _initiative(
    pick: Pick[Any], i: int, initiatives: int, first: Quarter, quarters: int, unit: float
) -> Initiative:
    """Choose what an initiative takes and earns, whom it waits for, and its place in time."""
    length = pick((1, 1, 1, 2, 2, 3))
    at_once, evenly = (1.0,) + (0.0,) * (length - 1), (round(1 / length, 2),) * length
    fields = {
        "id": f"i{i:02}",
        "name": f"Initiative {i}",
        "duration": length,
        "capex": unit * pick((4, 5, 6, 7, 8, 9, 11, 13, 1, 2, 3, 0)),
        "opex": pick((None, None, 0, unit, 4 * unit, 6 * unit)),
        "contingency": pick((None, None, 0.1, 0.5)),
        "goals": {"g": pick((2, 3, 1, 1, 2, 0)), "h": pick((0, 3, 1, 0))},
        "fte": {role: pick((0, 0, 0.5, 1, 1.5)) for role in ROLES},
        "settles": pick(((), (), (), ("r0",), ("r1",), ("r0", "r1"), ("r0", "r2"))),
        "alternative_group": pick((*(None,) * 6, "either", "or")),
        "depends_on": tuple(f"i{j:02}" for j in range(max(i - 4, 0), i) if pick((0,) * 7 + (1,))),
        "capex_profile": pick(((), at_once, evenly)),
    }
    kinds = ("late", "due", "must", "begun", "begins", "over", "unknown")
    return Initiative.model_validate(
        fields | _place(pick, pick(("free",) * 3 * initiatives + kinds), first, quarters)
    )


def _place(pick: Pick[Any], kind: str, first: Quarter, quarters: int) -> dict[str, Any]:
    """Choose an initiative's dates and status, by kind."""
    if kind == "late":
        return {"earliest_start": first.plus(pick((1, 2, quarters - 1, -1)))}
    if kind == "due":
        return {"deadline": first.plus(pick((0, 1, 2, 3))), "mandatory": pick((None, None, "the law"))}
    if kind == "must":
        return {"mandatory": "the law"}
    if kind in ("begun", "begins"):
        t = pick((-1, -2, -3) if kind == "begun" else (0, 1))
        return {"status": "in progress", "start": first.plus(t)}
    if kind == "over":
        return {"status": pick(("done", "stopped"))}
    if kind == "unknown":
        start = pick((None, first))
        status = "in progress" if start else pick((None, "in progress"))
        return {pick(("capex", "duration")): None, "capex_profile": (), "start": start, "status": status}
    return {}


def _budget(pick: Pick[Any], work: Sequence[Initiative], first: Quarter, quarters: int) -> tuple[Budget, ...]:
    """Choose the years' money as a share of what all work would take; a year may lack it, or keep running cost apart."""
    years = range(first.year, first.plus(quarters - 1).year + 1)
    capital = sum(one.capex or 0.0 for one in work) / len(years)
    running = sum(one.opex or 0.0 for one in work)
    out = []
    for year in years:
        money = {
            "amount": round(capital * pick((0.7, 1.0, 0.5, 1.5, 3)), 2),
            "reserve": pick((0, 0, 0.1, 1 / 3)),
            "opex": pick((None, None, round(running * pick((0.3, 0.1, 0.6)), 2))),
        }
        out += [Budget(year=year, **money)] if pick((1,) * 7 + (0,)) else []
    return tuple(out)


def _capacity(pick: Pick[Any], first: Quarter, initiatives: int) -> tuple[Capacity, ...]:
    """Choose for each role no limit, one, one from a later quarter on, or two steps."""
    few, more = max(1.0, initiatives / 5), max(2.0, initiatives / 3)
    steps = (
        (),
        ((None, more),),
        ((None, few),),
        ((1, few),),
        ((None, more), (2, few)),
        ((0, few), (3, more)),
    )
    return tuple(
        Capacity(role=role, fte=fte, quarter=None if t is None else first.plus(t))
        for role in ROLES
        for t, fte in pick(steps)
    )


def _decisions(pick: Pick[Any], work: Sequence[Initiative], first: Quarter) -> tuple[Decision, ...]:
    """Choose what leadership decided of some of the work, now and then twice."""
    out: list[Decision] = []
    for one in work:
        for n in range(pick((0,) * 2 * len(work) + (1, 2))):
            kind = pick(("approve", "pin", "reject", "defer", "accept risk"))
            t = pick((1, 2, 3) if kind == "pin" else (None, 0, 2))
            quarter = None if t is None else first.plus(t)
            made = {"id": f"d{len(out)}", "round": pick(("r1", "r2")), "date": date(2026, 5, 5 + n)}
            out.append(Decision(**made, subject=one.id, decision=kind, quarter=quarter))
    return tuple(out)


def seeded(seed: int, initiatives: int, quarters: int) -> Record:
    """Return the client that a seed chooses."""
    return client(random.Random(seed).choice, initiatives, quarters)


def starts(roadmap: Roadmap) -> dict[str, int]:
    """Return each start, in quarters from the plan's first."""
    return {one.initiative: one.start.index - roadmap.start.index for one in roadmap.scheduled}


def near(found: Iterable[float], expected: Iterable[float]) -> bool:
    """Whether figures agree but for rounding."""
    pairs = zip(found, expected, strict=True)
    return all(abs(one - other) <= CLOSE * (1 + abs(other)) for one, other in pairs)


def broken(record: Record, roadmap: Roadmap) -> list[str]:
    """Name the limits a roadmap breaks, and what it says of itself that is not so."""
    known = Oracle(record)
    if roadmap.kind != "optimised":
        possible = known.best() if roadmap.kind == "infeasible" else known.ranked
        named = roadmap.conflicts or roadmap.why_timeline
        return ["called impossible, and it is not"] * bool(possible) + ["nothing is named"] * (not named)
    horizon = roadmap.start.year, roadmap.start.number, roadmap.quarters
    if horizon != (known.year, known.number, known.quarters) or not known.ranked:
        return [f"planned are {roadmap.quarters} quarters from {roadmap.start}"]
    return known.broken(starts(roadmap)) + _told(roadmap, known) + _placed(record, roadmap, known)


def _told(roadmap: Roadmap, known: Any) -> list[str]:
    """Name the figures of a roadmap that are not those of its starts."""
    plan, out = starts(roadmap), []
    value = known.credited(plan)
    for s in roadmap.scheduled:
        one, length = known.by_id[s.initiative], s.finish.index - s.start.index + 1
        figures = (
            value[one.id],
            value[one.id] * known.left(one.id, plan[one.id]),
            one.capex * (1 + (one.contingency or 0)),
        )
        if length != one.duration or not near((s.value, s.accrued, s.capex), figures):
            out.append(f"{one.id} is told wrongly")
    if not near([sum(s.accrued for s in roadmap.scheduled)], [roadmap.value or 0.0]):
        out.append("the values do not add up")
    closed = known.closed(plan)
    if roadmap.closed.keys() != closed.keys() or not near(
        roadmap.closed.values(), (closed[g] for g in roadmap.closed)
    ):
        out.append("what the work closes of each goal is told wrongly")
    settled = {of for id in plan for of, _, last in known.credits[id] if known.ends(id, plan[id]) <= last}
    for d in roadmap.deferred:
        end = known.ends(d.initiative, known.earliest(d.initiative))
        adds = sum(worth for of, worth, last in known.credits[d.initiative]
                   if end <= last and not (of in settled and of.startswith("risk ")))  # fmt: skip
        if known.open(known.by_id[d.initiative]) and not near([d.value], [adds]):
            out.append(f"{d.initiative} is said to add {d.value}, not {adds}")
    money, years = known.money(plan), {y.year: (y.capex, y.opex) for y in roadmap.years}
    if years.keys() != money.keys() or not all(near(years[year], money[year]) for year in money):
        out.append("the years' money is told wrongly")
    for r in roadmap.loads:
        t = r.quarter.index - roadmap.start.index
        limit = known.limits.get((r.role, t))
        agree = r.capacity == limit if None in (r.capacity, limit) else near([r.capacity], [limit])  # type: ignore[list-item]
        if not near([r.load], [known.load(plan, r.role, t)]) or not agree:
            out.append(f"the load of {r.role} in quarter {t} is told wrongly")
    return out


def _placed(record: Record, roadmap: Roadmap, known: Any) -> list[str]:
    """Name what is not in exactly one place: planned, deferred, not known, or over."""
    places = Counter(one.initiative for one in (*roadmap.scheduled, *roadmap.deferred, *roadmap.unscheduled))
    due = {
        one.id for one in record.initiatives
        if one.status not in ("done", "stopped") and (one.id in known.live or known.open(one) or one.capex is not None)
    }  # fmt: skip
    return [f"{id} stands in {places[id]} places" for id in places.keys() | due if (id in due) != places[id]]


def optimum(record: Record, roadmap: Roadmap) -> list[str]:
    """Name where a plan's value, money or starts differ from those of the best plan of all."""
    known, out = Oracle(record), broken(record, roadmap)
    if roadmap.kind == "optimised":
        found, best = known.figures(starts(roadmap)), known.best()
        proven = roadmap.gap is not None and 0 <= roadmap.gap <= PROVEN
        if best is None or not near((*found, roadmap.value or 0.0), (*best, best[0])) or not proven:
            out.append(
                f"value, money and starts {found}, best {best}, told {roadmap.value}, gap {roadmap.gap}"
            )
    return out


def reasons(record: Record, roadmap: Roadmap) -> list[str]:
    """Name the deferrals whose cause is not so."""
    out = []
    for one in roadmap.deferred:
        out += [f"{one.initiative} ({one.binding}) {fault}" for fault in _cause(record, roadmap, one)]
    return out


def _cause(record: Record, roadmap: Roadmap, one: Any) -> list[str]:
    """Look for a plan of the chosen work, free to move, and one more: as things are, and with limits lifted."""
    together, known, facts = [*starts(roadmap), one.initiative], Oracle(record), record.facts
    if one.binding in ("value", "budget", "capacity", "late"):
        together = [*_missing(known, together), *together]
    ample = tuple(Budget(year=each.year, amount=1e12) for each in roadmap.years) if facts.budget else ()
    paid = replace(record, facts=facts.model_copy(update={"budget": ample}))
    staffed, free = (
        replace(each, facts=each.facts.model_copy(update={"capacity": ()})) for each in (record, paid)
    )

    def fits(each: Record) -> bool:
        return Oracle(each).exists(together, last_earns=True)

    def earns() -> bool:
        alone = Oracle(free)
        return any(alone.accrued({one.initiative: start}) > 0 for start in alone.starts(one.initiative))

    holds = {
        "value": lambda: fits(record),
        "budget": lambda: not fits(record) and (fits(paid) or (fits(free) and not fits(staffed))),
        "capacity": lambda: not fits(record) and not fits(paid) and fits(staffed),
        "late": lambda: holds["budget"]() or holds["capacity"](),
        "dependency": lambda: not fits(free),
        "alternative": lambda: not fits(free),
        "date": lambda: not earns(),
        "horizon": lambda: not earns(),
        "no goal served": lambda: not known.credits[one.initiative],
        "settled": lambda: _settled(known, starts(roadmap), one.initiative),
        "decision": lambda: not known.open(known.by_id[one.initiative]),
    }
    return [] if holds[one.binding]() else [f"is not why: {one.because}"]


def _settled(known: Any, plan: dict[str, int], one: str) -> bool:
    """Whether work that earns something by itself adds nothing to a plan: wherever it may begin, or where it fits in."""
    begins = [s for s in range(known.quarters) if known.alone(one) and known.accrued({one: s}) > 0]
    adds = {s for s in begins if known.accrued({**plan, one: s}) > known.accrued(plan) + CLOSE}
    return bool(begins) and (
        not adds.intersection(known.starts(one))
        or any(not known.broken({**plan, one: s}) for s in begins if s not in adds)
    )


def _missing(known: Any, together: list[str]) -> list[str]:
    """Return what the last of some work needs, directly or not, beside them: it counts as part of that work."""
    found: list[str] = []
    todo = list(known.by_id[together[-1]].depends_on)
    while todo:
        need = known.by_id[todo.pop()]
        if need.status not in ("done", "in progress") and need.id not in (*found, *together):
            found.append(need.id)
            todo += need.depends_on
    return found


def shuffled(record: Record, seed: int) -> Record:
    """Return the same record with every row, pair and list of references in another order."""
    mix = random.Random(seed)

    def mixed(rows: Any) -> Any:
        rows = list(rows.items()) if (pairs := isinstance(rows, dict)) else list(rows)
        mix.shuffle(rows)
        return dict(rows) if pairs else tuple(rows)

    def inside(one: Initiative) -> Initiative:
        lists = ("goals", "fte", "depends_on", "settles", "practices")
        return one.model_copy(update={name: mixed(getattr(one, name)) for name in lists})

    rows = ("goals", "risks", "budget", "capacity", "rounds")
    facts = record.facts.model_copy(update={name: mixed(getattr(record.facts, name)) for name in rows})
    work = mixed(inside(one) for one in record.initiatives)
    return replace(record, facts=facts, initiatives=work, decisions=mixed(record.decisions))


def digests(seed: int, large: int) -> str:
    """Return the digest of each plan, in a row: the sample, and large clients that have a plan, all shuffled."""
    sample = store.load(ROOT / "client_data", SAMPLE)
    records = chain([sample], (seeded(number, 40, 12) for number in count()))
    plans = (plan_roadmap(shuffled(one, seed)) for one in records)
    made = islice((one for one in plans if one.kind == "optimised"), 1 + large)
    return " ".join(hashlib.sha256(to_json(one).encode()).hexdigest() for one in made)


def same_bytes(runs: int, busy: int, large: int = 3) -> set[str]:
    """Return the distinct digests of so many fresh processes, each with its own order and hash seed."""
    loads = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
    try:
        return {
            subprocess.run(
                [sys.executable, __file__, "digests", str(seed), str(large)], check=True, capture_output=True, text=True,
                env=os.environ | {"PYTHONHASHSEED": str(1000 * busy + seed)},
            ).stdout
            for seed in range(runs)
        }  # fmt: skip
    finally:
        for one in loads:
            one.kill()


def proven(seed: int, large: bool) -> tuple[Counter[str], list[str]]:
    """Check one client; return what was counted and what is wrong. Small ones are compared with the best of all plans.

    Every fortieth of the large is so large that only what it keeps and tells is looked at.
    """
    pick, huge = random.Random(seed).choice, large and seed % 40 == 0
    sizes, lengths = (range(6, 15), range(4, 11)) if large else (range(2, 9), range(2, 7))
    size, length = (pick(range(30, 51)), 12) if huge else (pick(sizes), pick(lengths))
    record = client(pick, size, length)
    roadmap = plan_roadmap(record)
    checks, whys = not huge or roadmap.kind == "optimised", () if huge else roadmap.deferred
    wrong = (broken if large else optimum)(record, roadmap) if checks else []
    untrue = reasons(record, roadmap) if whys else []
    counted = Counter({roadmap.kind: 1, "wrong": len(wrong), "reasons": len(whys), "untrue": len(untrue)})
    return counted, [f"seed {seed}, {size} initiatives, {length} quarters: {one}" for one in wrong + untrue]


def _soak(title: str, clients: int, large: bool) -> list[str]:
    begun, counted, faults = time.perf_counter(), Counter[str](), list[str]()
    with ProcessPoolExecutor(2) as pool:
        for more, wrong in pool.map(proven, range(clients), repeat(large), chunksize=10):
            counted.update(more)
            faults += wrong
    print(
        f"{title}: {clients:,} clients, {counted['infeasible']:,} of them without a plan, {counted['wrong']} wrong"
    )
    print(
        f"reasons: {counted['reasons']:,}, {counted['untrue']:,} untrue; {time.perf_counter() - begun:.0f} s",
        flush=True,
    )
    return faults


def main(optima: int = 500, checked: int = 2000, runs: int = 20) -> int:
    """Prove so many plans, check so many more, and compare the bytes of so many runs; say what came of it."""
    faults = _soak("equal to the best of all plans", optima, large=False)
    faults += _soak("every limit kept, no plan where none is given", checked, large=True)
    begun, seen = time.perf_counter(), set[str]()
    for busy in (0, 2):
        seen |= same_bytes(runs, busy)
    print(f"same bytes: {2 * runs} runs, {len(seen)} outcomes; {time.perf_counter() - begun:.0f} s")
    faults += ["the bytes differ"] if len(seen) > 1 else []
    print(*faults[:20], f"faults: {len(faults):,}", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["digests"]:
        print(digests(*map(int, sys.argv[2:])))
    else:
        sys.exit(main(*map(int, sys.argv[1:4])))
