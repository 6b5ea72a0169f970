"""What of a record was known on a day: a round's, whose pages leave out what is dated later, or one between two rounds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Action, Initiative, Kpi, Meeting, Round, Spend
from toolkit.errors import Fault, InputError, shown
from toolkit.words import day


def known_on(record: Record, as_of: date) -> Record:
    """Return the record without readings, spending, completions and kept promises dated after a day.

    Work done later is in progress on that day, a promise kept later is open, and a meeting after it is still to come.
    Decisions stay: leadership takes those of a round after its day.
    """
    if not any(_later(record, as_of)):
        return record
    facts = record.facts
    changed = {
        "kpis": tuple(one.model_copy(update={"readings": _read(one, as_of)}) for one in facts.kpis),
        "spend": tuple(one for one in facts.spend if not _not_begun(record, one, as_of)),
        "meetings": tuple(
            Meeting(id=one.id, date=one.date, kind=one.kind) if _met_after(one, as_of) else one
            for one in facts.meetings
        ),
    }
    return replace(
        record,
        facts=facts.model_copy(update=changed),
        initiatives=tuple(
            one.model_copy(update={"status": "in progress"}) if _done_after(one, as_of) else one
            for one in record.initiatives
        ),
        actions=tuple(
            one.model_copy(update={"status": "open", "done_on": None}) if _kept_after(one, as_of) else one
            for one in record.actions
        ),
    )


def round_on(record: Record, on: str) -> Round:
    """Return the round that a day, as 2026-11-15, is told in: the latest whose own day is no later.

    Raises
    ------
    InputError
        When it is no day, or lies before the first round's.
    """
    first = record.rounds[0].as_of if record.rounds else None
    found = [one for one in record.rounds if one.as_of <= (_day(on) or date.min)]
    if not found:
        allowed = (
            f"a day from {first} on, the first round’s" if first else "a day, and a round in client.yaml"
        )
        raise InputError([Fault("--on", shown(on), allowed, "Name a later day, written as 2026-11-15.")])
    return found[-1]


def decided_by(record: Record, on: str) -> Record:
    """Return the record without decisions taken after a day; as it is where no day is given."""
    decisions = tuple(one for one in record.decisions if one.date.isoformat() <= on)
    return replace(record, decisions=decisions) if on else record


def seen_on(record: Record, round_: Round, on: str = "") -> Record:
    """Return the record as it was known on a round's day, or on a later one (``on``) to which that round's day moves.

    Leadership's meeting about the round stays the one that it was, so that nothing promised becomes due later.
    """
    if not on:
        return known_on(record, round_.as_of)
    moved = round_.model_copy(update={"as_of": date.fromisoformat(on), "meeting": record.meeting(round_)})
    rounds = tuple(moved if one.id == round_.id else one for one in record.facts.rounds)
    facts = record.facts.model_copy(update={"rounds": rounds})
    return known_on(replace(decided_by(record, on), facts=facts), moved.as_of)


def dated_later(record: Record) -> list[str]:
    """Return a sentence for each thing dated after the latest round's day, and what its pages make of it."""
    if not record.rounds:
        return []
    one = record.round()
    after = f"dated after the day of round {one.id}, {day(one.as_of)}"
    out = [f"{what} {after}: {said}" for what, said in _later(record, one.as_of)]
    taken = sum(each.round == one.id and each.date > one.as_of for each in record.decisions)
    if taken:
        out.append(f"Decisions {after}: {taken}; the plan of that round keeps to them.")
    return out


def _later(record: Record, as_of: date) -> Iterator[tuple[str, str]]:
    """Yield what is dated after a day, and what its pages make of it."""
    facts = record.facts
    for what, names, instead in (
        (
            "Readings",
            [one.id for one in facts.kpis if len(_read(one, as_of)) < len(one.readings)],
            "left out",
        ),
        ("Spending", [f"FY{one.year}" for one in facts.spend if _not_begun(record, one, as_of)], "left out"),
        (
            "Completions",
            [one.id for one in record.initiatives if _done_after(one, as_of)],
            "told as in progress",
        ),
        ("Meetings", [one.id for one in facts.meetings if _met_after(one, as_of)], "told as to come"),
        ("Promises kept", [one.id for one in record.actions if _kept_after(one, as_of)], "told as open"),
    ):
        if names:
            yield what, f"{', '.join(names)}; {instead} until as_of moves."


def _day(text: str) -> date | None:
    with suppress(ValueError):
        found = date.fromisoformat(text)
        return found if found.isoformat() == text else None  # 20261115 is a date, too
    return None


def _read(one: Kpi, as_of: date) -> tuple[object, ...]:
    return tuple(reading for reading in one.readings if reading.date <= as_of)


def _not_begun(record: Record, one: Spend, as_of: date) -> bool:
    return Quarter(one.year, 1).first_day(record.facts.profile.fiscal) > as_of


def _done_after(one: Initiative, as_of: date) -> bool:
    return one.status == "done" and one.finish is not None and one.finish > as_of


def _met_after(one: Meeting, as_of: date) -> bool:
    return one.status is not None and one.date > as_of


def _kept_after(one: Action, as_of: date) -> bool:
    return one.status == "done" and one.done_on is not None and one.done_on > as_of
