"""What collides where no plan exists: fixed work, and every limit that it breaks, each with need against limit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from toolkit.client.record import Record
from toolkit.plan.problem import Candidate, Problem, Purse, candidate, turned_down, unknowns
from toolkit.plan.reasons import never
from toolkit.plan.scenario import Pinned
from toolkit.plan.solver import cheapest, feasible
from toolkit.words import day, figures, grouped, joined, money, plain, quoted

MOST_COLLISIONS = 12
_HALVINGS = 12
_HELD = {"all": "budget", "capital": "capital budget", "running": "budget for running costs"}

UNDECIDED = (
    "what must be in the plan; the search found neither a plan that holds it nor proof that there is none",
)


@dataclass(frozen=True)
class Demand:
    """One thing that is asked of a plan, and the problem without it.

    ``limit`` is the role or the purse that it limits; ``work`` the fixed initiative that it is; each empty for others.
    """

    text: str
    without: Callable[[Problem], Problem]
    limit: str | Purse = ""
    work: str = ""


def conflicts(record: Record, problem: Problem) -> tuple[str, ...]:
    """Name what collides, as noun phrases: fixed work first, then every limit that it breaks, then dates and the like.

    Of one collision, demands are dropped one after the other, limits before dates before work; one without which the
    rest still collides is dropped for good, so that none that remains can be left out. Its limits are then lifted, and
    what still collides is named, too, until the fixed work could all be done. A limit stands with the least that would
    do if the others of its collision stayed as they are.
    """
    alone = [c for c in problem.candidates if c.fixed and not c.starts]
    if alone:
        return tuple(f"{_named(record, c)}: {never(record, problem, c)[1]}" for c in alone)
    whole = replace(problem, candidates=needed_by_fixed(problem))
    collisions = list(_collisions(whole, _demands(record, whole)))
    by_id = {c.id: c for c in whole.candidates}
    work: dict[str, str] = {}
    others: dict[str, str] = {}
    limits: dict[str, str] = {}
    for kept, alone_there in collisions:
        lifted = [
            one for others_kept, _ in collisions for one in others_kept if one.limit and one not in kept
        ]
        eased = whole
        for demand in lifted:
            eased = demand.without(eased)
        for demand in kept:
            if demand.work:
                said = f"{demand.text[:-1]}{_only_running(alone_there, by_id[demand.work])})"
                work.setdefault(demand.text, said)
            elif demand.limit:
                limits[demand.text] = _with_need(record, (eased, alone_there), demand)
            else:
                others[demand.text] = demand.text
    return (*work.values(), *limits.values(), *others.values())


def _collisions(problem: Problem, demands: list[Demand]) -> Iterator[tuple[list[Demand], Problem]]:
    """Yield collisions one after the other, the limits of each lifted for the next, until none is left."""
    for _ in range(MOST_COLLISIONS):
        kept, alone = _collision(problem, demands)
        yield kept, alone
        lifted = [demand for demand in kept if demand.limit]
        for demand in lifted:
            problem = demand.without(problem)
        demands = [demand for demand in demands if demand not in lifted]
        if not lifted or feasible(problem) is not False:
            return


def _collision(problem: Problem, demands: list[Demand]) -> tuple[list[Demand], Problem]:
    """Return a smallest set of demands that collide, and the problem that holds these alone."""
    rest, kept = problem, []
    for demand in demands:
        lighter = demand.without(rest)
        if feasible(lighter) is False:
            rest = lighter
        else:
            kept.append(demand)
    return kept, rest


def _with_need(record: Record, problems: tuple[Problem, Problem], demand: Demand) -> str:
    """Return a limit with what it is and the least that is needed of it while the others of its collision hold.

    Parameters
    ----------
    problems : tuple of Problem
        All fixed work, without the limits of other collisions; and, where that tells nothing, the collision alone.
    """
    if isinstance(demand.limit, str):
        needs = (_least_people(problem, demand.without(problem), demand.limit) for problem in problems)
        return demand.text + next(filter(None, needs), "")
    purse, currency = demand.limit, record.facts.profile.currency
    amounts = (_least_money(demand.without(problem), purse) for problem in problems)
    need = next((amount for amount in amounts if amount is not None), None)
    if purse.limit is None:
        return demand.text if need is None else f"{demand.text} ({money(need, currency)} needed)"
    there = money(purse.limit, currency)
    needed = "" if need is None else f"; {_apart(need, there, currency)} needed"
    after = "" if purse.holds == "running" else " after the reserve"
    return f"{demand.text} ({there}{after}{needed})"


def _least_money(free: Problem, purse: Purse) -> float | None:
    """Return the least that fixed work takes from a purse whose limit is lifted; None where the search does not say."""
    starts = cheapest(free, lambda c, s: free.drawn(c, s, purse))
    if starts is None:
        return None
    return sum(free.drawn(c, starts[c.id], purse) for c in free.candidates if c.id in starts)


def _apart(need: float, there: str, currency: str) -> str:
    """Return an amount so that it does not read like the limit that it passes."""
    text = money(need, currency)
    return text if text != there else f"{currency} {grouped(need)}"


def _least_people(problem: Problem, free: Problem, role: str) -> str:
    """Return how many people of a role would do, in which quarter, against how many there are; "" where it is not known.

    Found by halving how many more there would have to be in each quarter.
    """
    capacity = problem.people[role]
    low, high = 0.0, sum(c.people.get(role, 0.0) for c in free.candidates)
    found: dict[str, int] | None = None
    for _ in range(_HALVINGS):
        more = (low + high) / 2
        raised = tuple(None if there is None else there + more for there in capacity)
        starts = cheapest(replace(problem, people={**problem.people, role: raised}), lambda c, s: 0.0)
        low, high, found = (more, high, found) if starts is None else (low, more, starts)
    if found is None:
        return ""
    over = {
        t: (need - there, need, there)
        for t, there in enumerate(capacity)
        if there is not None and (need := sum(_in_work(c, found, t, role) for c in free.candidates)) > there
    }
    if not over:
        return ""
    worst = max(over, key=lambda t: (over[t][0], -t))
    _, need, there = over[worst]
    return f" ({_fte(there)} in {problem.start.plus(worst)}; {_fte(need)} needed)"


def _in_work(c: Candidate, starts: Mapping[str, int], quarter: int, role: str) -> float:
    """Return how many people of a role work takes in a quarter of a plan."""
    at = starts.get(c.id)
    return c.people.get(role, 0.0) if at is not None and at <= quarter <= c.end(at) else 0.0


def _fte(people: float) -> str:
    return f"{plain(float(figures(people, 3)))} FTE"


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
    out = [Demand(f"the capacity of {quoted(role)}", _without_role(role), role) for role in problem.people]
    for purse in problem.purses:
        limit = f"the {_HELD[purse.holds]} of FY{purse.year}"
        out.append(
            Demand(
                limit if purse.limit is not None else f"no budget for FY{purse.year}",
                _without_purse(purse),
                purse,
            )
        )
    for group in sorted({c.alternative for c in problem.candidates if c.alternative}):
        mates = " or ".join(names[c.id] for c in problem.candidates if c.alternative == group)
        out.append(Demand(f"the choice of {mates}", _without_group(group)))
    for c in problem.candidates:
        if by_id[c.id].deadline and c.fixed != "in progress":
            timeless = by_id[c.id].model_copy(update={"deadline": None})
            undated = candidate(record, timeless, problem.start, problem.quarters)
            text = f"the deadline of {names[c.id]} ({by_id[c.id].deadline})"
            out.append(Demand(text, _changed(c.id, starts=undated.starts)))
    for c in problem.candidates:
        if c.needs:
            needs = joined([f"{names[need]}{_absent(record, problem, need)}" for need in c.needs])
            out.append(Demand(f"that {names[c.id]} waits for {needs}", _changed(c.id, needs=())))
    out += [
        Demand(_named(record, c), _changed(c.id, fixed=""), work=c.id) for c in problem.candidates if c.fixed
    ]
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
        why = f"pinned in the scenario {quoted(decision.by)}" if decision.by else "pinned"
        why += f" for {decision.quarter}" if decision.quarter else ""
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
