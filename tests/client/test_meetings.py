"""Meetings in the record: one source of the next one, by which what has no date of its own is due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from toolkit.assess.commitments import promises
from toolkit.assess.meetings import meetings_held
from toolkit.client.checks import check
from toolkit.client.known import dated_later, known_on
from toolkit.client.record import Record
from toolkit.client.schema import Action, Facts

ROUNDS = [{"id": "old", "as_of": "2026-03-31"}, {"id": "new", "as_of": "2026-09-30"}]
MEETINGS: list[dict[str, Any]] = [
    {"id": "m-1", "date": "2026-04-15", "status": "held", "business": ["Ann, COO"], "it": ["Bo, CIO"]},
    {"id": "m-2", "date": "2026-06-17", "kind": "workshop", "status": "held", "it": ["Bo, CIO"]},
    {"id": "m-3", "date": "2026-07-15", "status": "not held"},
    {"id": "m-4", "date": "2026-08-19", "kind": "review"},
    {"id": "m-5", "date": "2026-10-14"},
    {"id": "m-6", "date": "2027-01-20", "kind": "review"},
]


def record(*actions: Action, rounds: list[dict[str, str]] = ROUNDS, **more: Any) -> Record:
    facts = {"profile": {"name": "Any"}, "rounds": rounds, "meetings": MEETINGS, **more}
    return Record("any", Facts.model_validate(facts), actions=actions)


def test_a_rounds_meeting_is_the_next_one_listed() -> None:
    """Leadership meets about a round in its first own meeting from the round's day on, never in a workshop."""
    assert [record().meeting(one) for one in record().rounds] == [date(2026, 4, 15), date(2026, 10, 14)]
    assert record(meetings=[]).meeting(record().round()) is None


def test_what_a_round_says_of_its_meeting_stands_and_agrees_with_the_list() -> None:
    """A meeting that the round names counts before an earlier one listed; one that is not listed is a fault."""
    named = [ROUNDS[0], ROUNDS[1] | {"meeting": "2027-01-20"}]
    assert record(rounds=named).meeting(record(rounds=named).round()) == date(2027, 1, 20)
    assert check(record(rounds=named)) == []
    (fault,) = check(record(rounds=[ROUNDS[0], ROUNDS[1] | {"meeting": "2027-01-21"}]))
    assert (fault.where, fault.found) == (
        "client.yaml, rounds, entry 2 (new), field meeting",
        "2027-01-21, on which no meeting is listed",
    )
    assert check(record(rounds=[ROUNDS[0], ROUNDS[1] | {"meeting": "2027-01-21"}], meetings=[])) == []


@pytest.mark.parametrize(
    ("due", "expected", "state"),
    [(None, date(2026, 8, 19), "overdue"), (date(2026, 12, 1), date(2026, 12, 1), "open")],
)
def test_an_action_without_a_date_is_due_at_the_meeting_after_its_own(
    due: date | None, expected: date, state: str
) -> None:
    """Promised in the meeting of April, it is due at the next one of leadership that was not called off; a date of its own stands."""
    one = record(Action(id="a", round="old", action="Meet", due=due))
    assert [(each.due, each.state) for each in promises(one, one.round())] == [(expected, state)]


def test_meetings_held_are_counted_up_to_a_day() -> None:
    """Of those whose outcome is on record: how many were held, and how many with both sides."""
    met = meetings_held(record().facts, date(2026, 9, 30))
    assert met is not None
    assert (met.due, met.held, met.both, met.first) == (3, 2, 1, date(2026, 4, 15))
    assert met.said == (
        "Since 15 April 2026, two of three meetings of both leaderships were held; both sides are recorded as present at one."
    )
    assert meetings_held(record().facts, date(2026, 4, 1)) is None


def test_a_meeting_after_a_rounds_day_is_still_to_come_on_its_pages() -> None:
    """What became of a later meeting is not known on an earlier round's day, and that is told."""
    known = known_on(record(), date(2026, 3, 31))
    assert [one.status for one in known.facts.meetings] == [None] * len(MEETINGS)
    held = [MEETINGS[-1] | {"status": "held"}]
    assert "Meetings dated after the day of round new, 30 September 2026: m-6; told as to come until as_of moves." in dated_later(
        record(meetings=held)
    )  # fmt: skip


def test_who_was_there_is_said_only_of_what_was_held() -> None:
    """Names without the word that it was held are a fault with its remedy."""
    (fault,) = check(record(meetings=[MEETINGS[0] | {"status": "not held", "it": []}]))
    assert fault.where == "client.yaml, meetings, entry 1 (m-1), field business"
    assert fault.remedy == "Write status 'held', or empty business."
