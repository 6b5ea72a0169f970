"""What initiatives, decisions and actions may not contradict, among themselves and in ``client.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Protocol

from toolkit.client.faults import unknown_reference
from toolkit.client.parts import FACTS, INITIATIVES, Parts, repeated
from toolkit.client.tables import Table
from toolkit.client.work import Action, Decision, Initiative
from toolkit.errors import Fault
from toolkit.method import DIMENSIONS, RECOMMENDATION
from toolkit.words import plain

PROFILE_TOLERANCE = 0.01
_PRACTICES = tuple(dimension for dimension in DIMENSIONS if dimension.family == "practice")


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


def faults_of_work(parts: Parts) -> Iterator[Fault]:
    """Yield what is wrong with the rows of ``initiatives.csv``, ``decisions.csv`` and ``actions.csv``."""
    tables: tuple[tuple[Table[Initiative] | Table[Decision] | Table[Action], str], ...] = (
        (parts.initiatives, "initiative id"),
        (parts.decisions, "decision id"),
        (parts.actions, "action id"),
    )
    for table, what in tables:
        ids = zip(table.numbers, (row.id for row in table.rows), strict=True)
        yield from repeated(what, ((table.place(number, "id"), one) for number, one in ids))
    known = _known(parts)
    for number, one in parts.initiatives.numbered():
        yield from _references(parts.initiatives, number, one, known)
        yield from _money(parts.initiatives, number, one)
        yield from _dates(parts.initiatives, number, one)
    yield from _circles(parts.initiatives)
    for number, decision in parts.decisions.numbered():
        yield from _decision(parts.decisions, number, decision, known)
    for number, action in parts.actions.numbered():
        yield from _action(parts.actions, number, action, known)


@dataclass(frozen=True)
class _Known:
    """What a reference may name; ``ids`` is None when the file that holds them could not be read."""

    what: str
    home: str
    ids: Mapping[str, None] | None

    def faults(self, where: str, found: Iterable[str]) -> Iterator[Fault]:
        if self.ids is not None:
            for one in found:
                if one not in self.ids:
                    yield unknown_reference(where, one, self.what, self.ids, self.home)


def _known(parts: Parts) -> dict[str, _Known]:
    facts = parts.facts
    initiatives = _ids(parts.initiatives.rows) if parts.initiatives.complete else None
    risks = _ids(facts.risks) if facts else None
    either = {**initiatives, **risks} if initiatives is not None and risks is not None else None
    roles = dict.fromkeys(one.role for one in facts.capacity) if facts and facts.capacity else None
    return {
        "initiative": _Known("initiative", INITIATIVES, initiatives),
        "subject": _Known("initiative or risk", f"{INITIATIVES} or {FACTS}, risks", either),
        "goal": _Known("goal", f"{FACTS}, goals", _ids(facts.goals) if facts else None),
        "risk": _Known("risk", f"{FACTS}, risks", risks),
        "round": _Known("round", f"{FACTS}, rounds", _ids(facts.rounds) if facts else None),
        "role": _Known("role", f"{FACTS}, capacity", roles),
        "practice": _Known("practice", "the method", _ids(_PRACTICES)),
    }


def _ids(rows: Iterable[_HasId]) -> dict[str, None]:
    return dict.fromkeys(row.id for row in rows)


def _references(
    table: Table[Initiative], number: int, one: Initiative, known: Mapping[str, _Known]
) -> Iterator[Fault]:
    if one.id in one.depends_on:
        yield Fault(
            table.place(number, "depends_on"),
            f"{one.id}, the initiative itself",
            "the ids of other initiatives",
            "Remove the initiative's own id from depends_on.",
        )
    yield from known["initiative"].faults(table.place(number, "depends_on"), one.depends_on)
    yield from known["practice"].faults(table.place(number, "practices"), one.practices)
    yield from known["goal"].faults(table.place(number, "goals"), one.goals)
    yield from known["risk"].faults(table.place(number, "settles"), one.settles)
    yield from known["role"].faults(table.place(number, "fte"), one.fte)


def _money(table: Table[Initiative], number: int, one: Initiative) -> Iterator[Fault]:
    profile = one.capex_profile
    where = table.place(number, "capex_profile")
    if profile and one.duration is not None and len(profile) != one.duration:
        yield Fault(
            where,
            f"{len(profile)} shares for {one.duration} quarters of work",
            f"one share for each quarter of work: {one.duration}",
            "Add or remove shares, correct duration, or empty the cell to spread capex evenly.",
        )
    if profile and abs(sum(profile) - 1) > PROFILE_TOLERANCE:
        yield Fault(
            where,
            f"shares that add up to {plain(sum(profile))}",
            f"shares of capex that add up to 1 (± {PROFILE_TOLERANCE})",
            "Correct the shares, or empty the cell to spread capex evenly.",
        )


def _dates(table: Table[Initiative], number: int, one: Initiative) -> Iterator[Fault]:
    if one.start and one.status in (None, "proposed"):
        yield Fault(
            table.place(number, "start"),
            f"{one.start}, while status is {one.status or 'empty'}",
            "a start only for work that has begun (status in progress, done or stopped)",
            "Write status 'in progress', or move the quarter to earliest_start.",
        )
    if one.start and one.earliest_start and one.start < one.earliest_start:
        yield Fault(
            table.place(number, "start"),
            f"{one.start}, before earliest_start {one.earliest_start}",
            f"a start in {one.earliest_start} or later",
            "Correct the start, or empty earliest_start: work that has begun needs none.",
        )
    begin, name = (one.start, "start") if one.start else (one.earliest_start, "earliest_start")
    if begin is None or one.deadline is None:
        return
    if begin > one.deadline:
        yield Fault(
            table.place(number, name),
            f"{begin}, after the deadline {one.deadline}",
            f"a quarter no later than the deadline, {one.deadline}",
            f"Correct {name} or deadline.",
        )
    elif one.duration is not None and begin.plus(one.duration - 1) > one.deadline:
        yield Fault(
            table.place(number, "duration"),
            f"{one.duration} quarters from {begin}, which end in {begin.plus(one.duration - 1)}",
            f"work that ends by the deadline, {one.deadline}",
            f"Shorten the duration, begin earlier, or move the deadline to {begin.plus(one.duration - 1)}.",
        )


def _circles(table: Table[Initiative]) -> Iterator[Fault]:
    """Yield each circular dependency once, named from its first initiative in the file."""
    numbers = {one.id: number for number, one in reversed(list(table.numbered()))}
    waits_for = {
        one.id: [other for other in one.depends_on if other in numbers and other != one.id]
        for one in table.rows
    }
    while True:
        try:
            TopologicalSorter(waits_for).prepare()
        except CycleError as error:
            # graphlib lists a circle so that each waits for the one before it; we say who waits for whom.
            circle = list(reversed(error.args[1][:-1]))
            first = min(range(len(circle)), key=lambda i: numbers[circle[i]])
            circle = circle[first:] + circle[:first]
            yield Fault(
                table.place(numbers[circle[0]], "depends_on"),
                "a circular dependency: " + " → ".join([*circle, circle[0]]),
                "dependencies that lead to a beginning; each waits for those it names",
                "Remove one of these dependencies, the one that is a wish rather than a need.",
            )
            waits_for[circle[0]] = [other for other in waits_for[circle[0]] if other != circle[1]]
        else:
            return


def _decision(
    table: Table[Decision], number: int, one: Decision, known: Mapping[str, _Known]
) -> Iterator[Fault]:
    yield from known["round"].faults(table.place(number, "round"), [one.round])
    if not one.subject.startswith(RECOMMENDATION):
        yield from known["subject"].faults(table.place(number, "subject"), [one.subject])
    if one.decision == "pin" and one.quarter is None:
        yield Fault(
            table.place(number, "quarter"),
            "nothing, while decision is pin",
            "the fiscal quarter in which the initiative is to begin, such as 2027-Q1",
            "Write the quarter, or choose approve to leave it open.",
        )


def _action(table: Table[Action], number: int, one: Action, known: Mapping[str, _Known]) -> Iterator[Fault]:
    yield from known["round"].faults(table.place(number, "round"), [one.round])
    if one.initiative:
        yield from known["initiative"].faults(table.place(number, "initiative"), [one.initiative])
    if one.done_on and one.status != "done":
        yield Fault(
            table.place(number, "done_on"),
            f"{one.done_on}, while status is {one.status}",
            "a date only for an action whose status is done",
            "Write status 'done', or empty done_on.",
        )
