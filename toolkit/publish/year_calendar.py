"""A client's year as a calendar file: meetings, rounds and dates of risks, services and assets, for any program that reads iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from toolkit.client.field_types import label_of
from toolkit.client.record import Record
from toolkit.client.schema import Facts, Meeting
from toolkit.client.store import load
from toolkit.errors import AlignError, shown
from toolkit.files import write_named
from toolkit.words import day

_LINE = 75  # octets of a line, its end not counted (RFC 5545, 3.1)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class CalendarDay:
    """One day of a calendar: what it is called, and what is said of it. ``key`` tells it from the client's others."""

    key: str
    day: date
    title: str
    text: str = ""
    cancelled: bool = False


def write_calendar(clients: Path, slug: str, to: Path | None = None) -> tuple[Path, int]:
    """Write a client's year to a file (left out: ``<slug>.ics`` in this folder); return where, and how many days it has.

    Raises
    ------
    InputError
        When the record has faults.
    AlignError
        When the file cannot be written.
    """
    record = load(clients, slug)
    target = to or Path(f"{slug}.ics")
    try:
        write_named(target, year_calendar(record))
    except OSError as error:
        raise AlignError(
            f"The calendar {shown(target)} could not be written ({error.strerror}).\n"
            "  do:      Name a file in a folder that exists, closed in other programs, and try again."
        ) from error
    return target, len(days_of(record))


def year_calendar(record: Record) -> bytes:
    """Return a record's days as iCalendar: all-day events, UTF-8; the same record gives the same bytes.

    Each event is stamped with the latest round's day and bears an id that stays, so that a calendar that has it is
    brought up to date when the file is read again.
    """
    stamp = f"{record.round().as_of:%Y%m%d}T000000Z"
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//IT alignment toolkit//Year//EN", "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(record.facts.profile.name)}",
    ]  # fmt: skip
    for one in days_of(record):
        lines += [
            "BEGIN:VEVENT", f"UID:{one.key}.{record.slug}@it-alignment-toolkit", f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}", f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(one.title)}", *([f"DESCRIPTION:{_escaped(one.text)}"] if one.text else []),
            f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}", "TRANSP:TRANSPARENT", "END:VEVENT",
        ]  # fmt: skip
    return b"".join(_folded(line) for line in (*lines, "END:VCALENDAR"))


def days_of(record: Record) -> tuple[CalendarDay, ...]:
    """Return the days of a record's year in order: meetings, rounds, dates of risks, services and assets."""
    facts = record.facts
    found = [*_meetings(facts), *_rounds(record), *_risks(facts), *_renewals(record)]
    return tuple(sorted(found, key=lambda one: (one.day, one.key)))


def _meetings(facts: Facts) -> Iterator[CalendarDay]:
    kinds = {value: text for text, value in label_of(Meeting, "kind").choices}
    for one in facts.meetings:
        title = f"{kinds[one.kind]}, {facts.profile.name}"
        yield CalendarDay(f"meeting.{one.id}", one.date, title, one.note or "", one.status == "not held")


def _rounds(record: Record) -> Iterator[CalendarDay]:
    listed = {one.date for one in record.facts.meetings}
    for one in record.rounds:
        yield CalendarDay(
            f"round.{one.id}", one.as_of, f"Figures as of today: round {one.name or one.id}",
            "All that is reported of the round is as known on this day.",
        )  # fmt: skip
        if one.meeting and one.meeting not in listed:
            yield CalendarDay(
                f"meeting.round.{one.id}", one.meeting, f"Leadership meeting, {record.facts.profile.name}"
            )


def _risks(facts: Facts) -> Iterator[CalendarDay]:
    for one in facts.risks:
        if one.due:
            yield CalendarDay(f"risk.{one.id}", one.due, one.name, one.consequence or "")
        if one.notice:
            due = f", due {day(one.due)}" if one.due else ""
            yield CalendarDay(f"notice.{one.id}", one.notice, f"Last day to act: {one.name}{due}")


def _renewals(record: Record) -> Iterator[CalendarDay]:
    for service in record.services:
        if service.renewal:
            yield CalendarDay(
                f"renewal.{service.id}", service.renewal, f"Renews: {service.name}", service.vendor or ""
            )
        if service.notice_by:
            renews = f", renews on {day(service.renewal)}" if service.renewal else ""
            yield CalendarDay(
                f"service-notice.{service.id}",
                service.notice_by,
                f"Last day of notice: {service.name}{renews}",
            )
    for asset in record.assets:
        if asset.ends:
            yield CalendarDay(f"asset.{asset.id}", asset.ends, f"End of life: {asset.name}", asset.kind or "")


def _escaped(text: str) -> str:
    """Return a text as a value of iCalendar holds it (RFC 5545, 3.3.11)."""
    return text.translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """Return a line of at most 75 octets, continued on lines that begin with a space; no character is cut in two."""
    out, room = bytearray(), _LINE
    for letter in line:
        octets = letter.encode()
        if len(octets) > room:
            out += b"\r\n "
            room = _LINE - 1
        out += octets
        room -= len(octets)
    return bytes(out) + b"\r\n"
