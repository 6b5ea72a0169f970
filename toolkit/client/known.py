"""What of a record was known on a round's day: what is dated later is left out of that round's pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from toolkit.client.calendar import Quarter
from toolkit.client.models import Action, Initiative, Kpi, Meeting, Spend
from toolkit.client.record import Record
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
