"""When no plan exists: a smallest set of demands and limits that cannot hold together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from toolkit.assess.wording import day, joined, money, quoted
from toolkit.client.record import Record
from toolkit.plan.deferring import never
from toolkit.plan.problem import Candidate, Problem, Purse, candidate, turned_down, unknowns
from toolkit.plan.scenario import Pinned
from toolkit.plan.solving import feasible

UNDECIDED = (
    "what must be in the plan; the search found neither a plan that holds it nor proof that there is none",
)

Demand = tuple[str, Callable[[Problem], Problem]]


def conflicts(record: Record, problem: Problem) -> tuple[str, ...]:
    """Name demands that collide and none of which can be left out of the collision, as noun phrases.

    Demands are dropped one after the other, limits before dates before work; one without which the
    rest still collides is dropped for good. What remains is a smallest such set; there may be others.
    """
    alone = [c for c in problem.candidates if c.fixed and not c.starts]
    if alone:
        return tuple(f"{_named(record, c)}: {never(record, problem, c)[1]}" for c in alone)
    rest, kept = replace(problem, candidates=needed_by_fixed(problem)), []
    work = {_named(record, c): c for c in rest.candidates if c.fixed}
    for said, without in _demands(record, rest):
        lighter = without(rest)
        if feasible(lighter) is False:
            rest = lighter
        else:
            kept.append(said)
    # Work first: it is what leadership chooses among.
    fixed = [f"{said[:-1]}{_only_running(rest, work[said])})" for said in kept if said in work]
    return (*fixed, *(said for said in kept if said not in work))


def _only_running(problem: Problem, c: Candidate) -> str:
    """Say in which colliding years work takes nothing but its running cost; "" where there is none."""
    years = sorted(
        {
            purse.year
            for purse in problem.purses
            if c.starts
            and purse.limit != math.inf
            and all(
                not sum(c.capital(start, t) for t in problem.quarters_of(purse.year))
                and sum(c.running(start, t) for t in problem.quarters_of(purse.year))
                for start in c.starts
            )
        }
    )
    return f"; of {joined([f'FY{year}' for year in years])} it takes only its running cost" if years else ""


def needed_by_fixed(problem: Problem) -> tuple[Candidate, ...]:
    """Return what is fixed with all it needs: nothing else can be part of a collision."""
    by_id = {c.id: c for c in problem.candidates}
    needed: set[str] = set()
    todo = [c.id for c in problem.candidates if c.fixed]
    while todo:
        one = todo.pop()
        if one not in needed and one in by_id:
            needed.add(one)
            todo += by_id[one].needs
    return tuple(c for c in problem.candidates if c.id in needed)


def _demands(record: Record, problem: Problem) -> list[Demand]:
    """Return every demand that can collide, in the order in which it is tried without them."""
    names = {one.id: quoted(one.name) for one in record.initiatives}
    by_id = {one.id: one for one in record.initiatives}
    currency = record.facts.profile.currency
    out: list[Demand] = [(f"the capacity of {quoted(role)}", _without_role(role)) for role in problem.people]
    for purse in problem.purses:
        kind, after = {
            "all": ("budget", " after the reserve"),
            "capital": ("capital budget", " after the reserve"),
            "running": ("budget for running costs", ""),
        }[purse.holds]
        limit = f"the {kind} of FY{purse.year} ({money(purse.limit, currency)}{after})"
        out.append(
            (limit if purse.limit is not None else f"no budget for FY{purse.year}", _without_purse(purse))
        )
    for group in sorted({c.alternative for c in problem.candidates if c.alternative}):
        mates = " or ".join(names[c.id] for c in problem.candidates if c.alternative == group)
        out.append((f"the choice of {mates}", _without_group(group)))
    for c in problem.candidates:
        if by_id[c.id].deadline and c.fixed != "in progress":
            timeless = by_id[c.id].model_copy(update={"deadline": None})
            undated = candidate(record, timeless, problem.start, problem.quarters)
            out.append(
                (
                    f"the deadline of {names[c.id]} ({by_id[c.id].deadline})",
                    _changed(c.id, starts=undated.starts),
                )
            )
    for c in problem.candidates:
        if c.needs:
            needs = joined([f"{names[need]}{_absent(record, problem, need)}" for need in c.needs])
            out.append((f"that {names[c.id]} waits for {needs}", _changed(c.id, needs=())))
    out += [(_named(record, c), _changed(c.id, fixed="")) for c in problem.candidates if c.fixed]
    return out


def _absent(record: Record, problem: Problem, need: str) -> str:
    """Say why work that other work waits for cannot be in the plan; "" where it can."""
    if need in {c.id for c in problem.candidates}:
        return ""
    one = next(one for one in record.initiatives if one.id == need)
    if one.status == "stopped":
        return ", which is stopped"
    if decision := turned_down(record).get(need):
        return f", which was {'rejected' if decision.decision == 'reject' else 'deferred'}"
    lacking = unknowns(record, one)
    return (
        f", whose {joined(list(lacking))} {'is' if len(lacking) == 1 else 'are'} not known" if lacking else ""
    )


def _named(record: Record, c: Candidate) -> str:
    """Return an initiative with why it must be in."""
    one = next(one for one in record.initiatives if one.id == c.id)
    decision = next((d for d in record.decisions if d.subject == c.id), None)
    if c.fixed == "mandatory" and one.mandatory:
        why = f"mandatory: {one.mandatory}"
    elif c.fixed == "decided" and decision:
        why = f"decided on {day(decision.date)}" + (f" for {decision.quarter}" if decision.quarter else "")
    elif isinstance(decision, Pinned):
        why = f"pinned in the scenario {quoted(decision.by or '')}" + (
            f" for {decision.quarter}" if decision.quarter else ""
        )
    else:
        why = c.fixed
    return f"{quoted(one.name)} ({why})"


def _without_role(role: str) -> Callable[[Problem], Problem]:
    return lambda p: replace(p, people={name: known for name, known in p.people.items() if name != role})


def _without_purse(purse: Purse) -> Callable[[Problem], Problem]:
    if purse.holds == "running":
        # Unlimited rather than gone: without it, the year's capital would have to pay running costs too.
        return lambda p: replace(p, running={**p.running, purse.year: math.inf})
    return lambda p: replace(p, money={one: amount for one, amount in p.money.items() if one != purse.year})


def _without_group(group: str) -> Callable[[Problem], Problem]:
    def without(p: Problem) -> Problem:
        freed = (replace(c, alternative="") if c.alternative == group else c for c in p.candidates)
        return replace(p, candidates=tuple(freed))

    return without


def _changed(one: str, **fields: Any) -> Callable[[Problem], Problem]:
    return lambda p: replace(
        p, candidates=tuple(replace(c, **fields) if c.id == one else c for c in p.candidates)
    )
