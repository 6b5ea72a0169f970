"""The plan: one record in, one frozen roadmap out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from toolkit.client.record import Record
from toolkit.method import VALUE_METHOD
from toolkit.plan.assumptions import commitments, known_dates, notes, past_whole, questions, unscheduled
from toolkit.plan.collisions import UNDECIDED, conflicts
from toolkit.plan.problem import Candidate, Problem, held_back, planning_case
from toolkit.plan.reasons import deferred
from toolkit.plan.roadmap import Roadmap, RoleLoad, RunningAfter, Scheduled, YearMoney, tidied
from toolkit.plan.solver import Solution, Undecided, solutions, solve
from toolkit.plan.value import closed


def plan_roadmap(record: Record, round_id: str = "") -> Roadmap:
    """Plan one client's roadmap as of a round; decisions of later rounds are not looked at.

    Where ``client.yaml`` names a scenario that the plan follows, that scenario is laid over the record.

    Returns
    -------
    Roadmap
        Chosen within budget, capacity and dependencies where there are goals or risks to serve and
        a limit to keep; else a timeline of known dates and money, with the questions to ask.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    *_, last = _plans(record, round_id, on_the_way=False)
    return last


def plans(record: Record, round_id: str = "") -> Iterator[Roadmap]:
    """Yield plans as they are found, ever better, the last being that of :func:`plan_roadmap`.

    Those before it say what keeps work out without searching for it.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    yield from _plans(record, round_id, on_the_way=True)


def _plans(record: Record, round_id: str, on_the_way: bool) -> Iterator[Roadmap]:
    case = planning_case(record, round_id)
    record, start = case.record, case.start
    common: dict[str, Any] = {
        "unscheduled": unscheduled(record),
        "timeline": known_dates(record),
        "questions": questions(record, start, case.lacking),
    }
    if case.lacking:
        yield Roadmap("timeline", start, record.facts.planning.quarters, why_timeline=case.lacking, **common)
        return
    problem, solution = case.problem, None
    known = commitments(record)
    common |= {"commitments": len(known.initiatives), "uncounted": known.uncounted}
    common |= notes(record, case.round, problem, case.scenario)
    try:
        for solution in solutions(problem) if on_the_way else ():
            yield _noted(record, replace(_roadmap(record, problem, solution, resolve=False), **common))
        solution = solution if on_the_way else solve(problem)
        collide = conflicts(record, problem) if solution is None else ()
    except Undecided:
        solution, collide = None, UNDECIDED
    if solution is None:
        yield Roadmap("infeasible", start, problem.quarters, conflicts=collide, **common)
    else:
        yield _noted(record, replace(_roadmap(record, problem, solution, resolve=True), **common))


def _noted(record: Record, roadmap: Roadmap) -> Roadmap:
    """Return a plan that says first where its work adds up past a goal's whole distance, its figures as files hold them."""
    noted: Roadmap = tidied(replace(roadmap, notes=(*past_whole(record, roadmap), *roadmap.notes)))
    return noted


def _roadmap(record: Record, problem: Problem, solution: Solution, resolve: bool) -> Roadmap:
    by_id = {c.id: c for c in problem.candidates}
    chosen = [(by_id[i], s) for i, s in sorted(solution.starts.items())]
    value = problem.credited(solution.starts)
    scheduled = tuple(
        Scheduled(
            c.id,
            problem.start.plus(s),
            problem.start.plus(s + c.duration - 1),
            value[c.id],
            value[c.id] * problem.remaining(c, s),
            sum(c.payments),
            c.fixed,
            "" if c.fixed == "in progress" else held_back(record, c.id, problem.start),
        )
        for c, s in chosen
    )
    needed = {role for c in problem.candidates for role in c.people}
    return Roadmap(
        "optimised",
        problem.start,
        problem.quarters,
        scheduled=tuple(sorted(scheduled, key=lambda one: (one.start, one.initiative))),
        deferred=deferred(record, problem, solution, resolve),
        years=_years(record, problem, chosen),
        loads=_loads(problem, chosen),
        gap=solution.gap,
        value=solution.value,
        unlimited=tuple(sorted(needed - set(problem.people))),
        running_after=_running_after(record, solution),
        closed=closed(record, problem.start, {c.id: c.end(s) for c, s in chosen}),
        method=VALUE_METHOD,
    )


def _running_after(record: Record, solution: Solution) -> RunningAfter:
    """Add up what the planned work costs to run, once all of it is finished."""
    planned = [one for one in sorted(record.initiatives, key=lambda one: one.id) if one.id in solution.starts]
    known = sum(one.opex for one in planned if one.opex is not None)
    return RunningAfter(known, tuple(one.id for one in planned if one.opex is None))


def _years(record: Record, problem: Problem, chosen: list[tuple[Candidate, int]]) -> tuple[YearMoney, ...]:
    budget = {one.year: one for one in record.facts.budget}
    out = []
    for year in sorted({problem.start.plus(t).year for t in range(problem.quarters)}):
        quarters = problem.quarters_of(year)
        capex = sum(c.payments[t - s] for c, s in chosen for t in quarters if 0 <= t - s < c.duration)
        opex = sum(c.opex for c, s in chosen for t in quarters if t - s >= c.duration)
        known = budget.get(year)
        out.append(
            YearMoney(
                year,
                known.amount + (known.opex or 0.0) if known else None,
                known.amount * known.reserve if known else 0.0,
                capex,
                opex,
                known.opex if known else None,
            )
        )
    return tuple(out)


def _loads(problem: Problem, chosen: list[tuple[Candidate, int]]) -> tuple[RoleLoad, ...]:
    roles = sorted(set(problem.people) | {role for c, _ in chosen for role in c.people})
    return tuple(
        RoleLoad(role, problem.start.plus(t), sum(c.people.get(role, 0.0) for c, s in chosen if s <= t < s + c.duration),
                 problem.people[role][t] if role in problem.people else None)
        for role in roles for t in range(problem.quarters)
    )  # fmt: skip
