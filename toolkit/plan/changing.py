"""One limit raised at a time, on a stated grid: the record as it would then stand."""

from __future__ import annotations

from dataclasses import replace

from toolkit.client.facts import Budget, Capacity
from toolkit.client.record import Record
from toolkit.plan.explanations import Change, Grid
from toolkit.plan.problem import Problem
from toolkit.words import figures

SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)
PEOPLE = (0.5, 1.0, 2.0)


def grid(record: Record, problem: Problem) -> Grid:
    """Return the amounts to try: shares of the largest yearly budget, to two figures; and whole and half people."""
    years = [one for one in record.facts.budget if one.year in problem.money]
    return Grid(
        _amounts(max((one.amount for one in years), default=0.0)),
        _amounts(max((one.opex or 0.0 for one in years), default=0.0)),
        PEOPLE if problem.people else (),
    )


def _amounts(largest: float) -> tuple[float, ...]:
    rounded = (float(figures(share * largest, 2)) for share in SHARES)
    return tuple(sorted({amount for amount in rounded if amount}))


def money_changes(problem: Problem, tried: Grid) -> list[tuple[Change, ...]]:
    """Return the changes of each year's money, a row a budget, the least amount first."""
    years = [year for year, limit in problem.money.items() if limit is not None]
    return [tuple(Change("budget", amount, year) for amount in tried.budget) for year in years] + [
        tuple(Change("running", amount, year) for amount in tried.running) for year in problem.running
    ]


def people_changes(problem: Problem, tried: Grid) -> list[tuple[Change, ...]]:
    """Return the changes of each role's people, a row a role, the least first; roles that nothing needs are left out."""
    needed = {role for one in problem.candidates for role in one.people}
    roles = sorted(needed & problem.people.keys())
    return [tuple(Change("capacity", fte, role=role) for fte in tried.capacity) for role in roles]


def changed(record: Record, change: Change) -> Record:
    """Return the record with a change made."""
    facts = record.facts
    if change.kind == "capacity":
        capacity = tuple(_staffed(one, change) for one in facts.capacity)
        return replace(record, facts=facts.model_copy(update={"capacity": capacity}))
    budget = tuple(_paid(one, change) for one in facts.budget)
    return replace(record, facts=facts.model_copy(update={"budget": budget}))


def scaled(record: Record, share: float) -> Record:
    """Return the record with every budget changed by a share, running costs kept apart included."""

    def by(one: Budget) -> Budget:
        opex = None if one.opex is None else one.opex * (1 + share)
        return one.model_copy(update={"amount": one.amount * (1 + share), "opex": opex})

    budget = tuple(by(one) for one in record.facts.budget)
    return replace(record, facts=record.facts.model_copy(update={"budget": budget}))


def _staffed(one: Capacity, change: Change) -> Capacity:
    return one.model_copy(update={"fte": one.fte + change.amount}) if one.role == change.role else one


def _paid(one: Budget, change: Change) -> Budget:
    if one.year != change.year:
        return one
    field = "opex" if change.kind == "running" else "amount"
    return one.model_copy(update={field: (getattr(one, field) or 0.0) + change.amount})
