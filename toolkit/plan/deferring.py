"""Why an initiative is below the line, and what collides when no plan exists."""

from __future__ import annotations

from dataclasses import replace

from toolkit.assess.wording import joined, money
from toolkit.client.record import Record
from toolkit.client.work import Initiative
from toolkit.plan.problem import FINISHED, Candidate, Problem, candidate, capital, unknowns, values
from toolkit.plan.roadmap import Deferred
from toolkit.plan.solving import Solution, solve

ROUNDING = 1e-6


def deferred(record: Record, problem: Problem, solution: Solution) -> tuple[Deferred, ...]:
    """List every plannable initiative that the plan leaves out, each with its first binding cause."""
    worth, out = values(record), []
    for one in sorted(record.initiatives, key=lambda one: one.id):
        if one.status in FINISHED or unknowns(one) or one.id in solution.starts:
            continue
        c = candidate(record, one, worth[one.id], problem.start, problem.quarters)
        binding, because = _cause(record, problem, solution, one, c)
        out.append(Deferred(one.id, c.value, capital(one) or 0.0, binding, because))  # type: ignore[arg-type]
    return tuple(out)


def _cause(
    record: Record, problem: Problem, solution: Solution, one: Initiative, c: Candidate
) -> tuple[str, str]:
    """Return the binding cause: a decision, no goal, a date, a dependency, an alternative, or a limit."""
    names = {other.id: other.name for other in record.initiatives}
    decided = [d for d in record.decisions if d.subject == one.id]
    if decided and max(decided, key=lambda d: (d.date, d.id)).decision in ("reject", "defer"):
        return "decision", "leadership decided to leave it out for now"
    if c.value <= 0:
        return "no goal served", "it serves no goal and settles no risk"
    if not c.starts:
        return (
            ("date", "it cannot be done between its earliest start and its deadline")
            if one.deadline or one.earliest_start
            else ("horizon", "it takes longer than the plan lasts")
        )
    waiting = [names[need] for need in c.needs if need not in solution.starts]
    if waiting:
        return (
            "dependency",
            f"it needs {joined([f'“{name}”' for name in waiting], most=2)} first, which is not in the plan",
        )
    rivals = [
        names[o.id]
        for o in problem.candidates
        if o.alternative and o.alternative == c.alternative and o.id in solution.starts
    ]
    if rivals:
        return "alternative", f"“{rivals[0]}” was chosen instead"
    return _limit(record, problem, solution, c)


def _limit(record: Record, problem: Problem, solution: Solution, c: Candidate) -> tuple[str, str]:
    """Return the limit it breaks where it would break the fewest: what it needs there, and what is left."""
    by_id = {other.id: other for other in problem.candidates}
    chosen = [(by_id[i], s) for i, s in sorted(solution.starts.items())]
    ready = max(
        (s + by_id[need].duration for need, s in solution.starts.items() if need in c.needs),
        default=min(c.starts),
    )
    starts = [s for s in c.starts if s >= ready]
    if not starts:
        return "dependency", "what it needs first finishes too late for it"
    options = [
        [*_money_short(record, problem, chosen, c, s), *_people_short(problem, chosen, c, s)] for s in starts
    ]
    fewest = min(options, key=len)
    if not fewest:
        return "value", "it would finish too late to earn anything within the plan"
    binding, said = fewest[0]
    more = (
        f" ({len(fewest) - 1} more {'limit' if len(fewest) == 2 else 'limits'} would break too)"
        if len(fewest) > 1
        else ""
    )
    return binding, said + more


def _money_short(
    record: Record, problem: Problem, chosen: list[tuple[Candidate, int]], c: Candidate, start: int
) -> list[tuple[str, str]]:
    currency, out = record.facts.profile.currency, []
    for year, available in sorted(problem.money.items()):
        need = problem.year_cost(c, start, year)
        left = (available or 0.0) - sum(problem.year_cost(o, s, year) for o, s in chosen)
        if need > max(left, 0.0) + ROUNDING * max(available or 1.0, 1.0):
            out.append(
                (
                    "budget",
                    f"it needs {money(need, currency)} in FY{year}, where {money(max(left, 0.0), currency)} is left",
                )
            )
    return out


def _people_short(
    problem: Problem, chosen: list[tuple[Candidate, int]], c: Candidate, start: int
) -> list[tuple[str, str]]:
    out = []
    for role, need in c.people.items():
        if role not in problem.people:
            continue
        for t in range(max(start, 0), min(start + c.duration, problem.quarters)):
            left = problem.people[role][t] - sum(
                o.people.get(role, 0.0) for o, s in chosen if s <= t < s + o.duration
            )
            if need > left + ROUNDING:
                out.append(
                    (
                        "capacity",
                        f"it needs {need:g} {role} in {problem.start.plus(t)}, where {max(left, 0.0):g} is free",
                    )
                )
                break
    return out


def conflicts(record: Record, problem: Problem) -> tuple[str, ...]:
    """Name what collides: each limit, and each fixed initiative, whose removal alone would allow a plan."""
    names = {one.id: one.name for one in record.initiatives}
    out = []
    for year in sorted(problem.money):
        if solve(replace(problem, money={y: m for y, m in problem.money.items() if y != year})):
            out.append(f"the budget of FY{year}")
    for role in sorted(problem.people):
        if solve(replace(problem, people={r: p for r, p in problem.people.items() if r != role})):
            out.append(f"the capacity of {role}")
    fixed = [c for c in problem.candidates if c.fixed]
    for c in fixed:
        freed = tuple(replace(o, fixed="") if o.id == c.id else o for o in problem.candidates)
        if solve(replace(problem, candidates=freed)):
            out.append(f"“{names[c.id]}” ({c.fixed})")
    return tuple(out) or tuple(f"“{names[c.id]}” ({c.fixed})" for c in fixed)
