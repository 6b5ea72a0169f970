"""The year as a calendar file: read back by the rules of RFC 5545, written here anew."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.record import Record
from toolkit.client.schema import Facts
from toolkit.client.store import load
from toolkit.publish.year_calendar import days_of, year_calendar

LINE = re.compile(rb"[A-Z-]+(?:;VALUE=DATE)?:.*", re.DOTALL)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(',;:\\\n"é€😀'), max_size=200
)


def events(data: bytes) -> list[dict[str, str]]:
    """Read a calendar as RFC 5545 has it: unfold, part name and value, take escapes back; return its events."""
    assert data.endswith(b"\r\n")
    physical = data.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in physical)
    assert all(not re.search(rb"[\r\n]", line) for line in physical)
    for line in physical:
        line.decode()  # no letter is cut in two
    lines = data.replace(b"\r\n ", b"").split(b"\r\n")[:-1]
    assert all(LINE.fullmatch(line) for line in lines)
    assert (lines[0], lines[-1]) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.decode().partition(":")
        if line == b"BEGIN:VEVENT":
            found.append({})
        elif found and line != b"END:VEVENT":
            found[-1][name] = re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
    return found


def record(name: str, consequence: str) -> Record:
    facts: dict[str, Any] = {
        "profile": {"name": "Any"},
        "rounds": [{"id": "r", "as_of": "2026-09-30"}],
        "risks": [{"id": "x", "name": name, "consequence": consequence, "due": "2027-02-28", "notice": "2026-11-30"}],
    }  # fmt: skip
    return Record("any", Facts.model_validate(facts))


@given(TEXTS.filter(str.strip), TEXTS)
def test_any_text_comes_back_as_it_was(name: str, consequence: str) -> None:
    """No line is longer than 75 octets or cuts a letter; commas, semicolons, backslashes and line ends come back."""
    try:
        one = record(name, consequence)
    except ValueError:
        return
    risk = one.facts.risks[0]
    found = {each["UID"].partition(".")[0]: each for each in events(year_calendar(one))}
    assert found["risk"]["SUMMARY"] == risk.name
    assert found["risk"].get("DESCRIPTION") == (risk.consequence or None)
    assert found["notice"]["DTSTART;VALUE=DATE"] == "20261130"


def test_the_year_of_a_sample(project: Path) -> None:
    """Each meeting, round and date of a risk stands once, a whole day each; what was not held is cancelled; ids are apart."""
    one = load(project / "client_data", "meridian-manufacturing")
    found = events(year_calendar(one))
    facts = one.facts
    dated = [*(each.date for each in facts.meetings), *(each.as_of for each in facts.rounds), *(each.due for each in facts.risks if each.due)]  # fmt: skip
    starts = [date.fromisoformat(each["DTSTART;VALUE=DATE"]) for each in found]
    assert starts == sorted(dated)
    assert [(date.fromisoformat(each["DTEND;VALUE=DATE"]) - start).days for each, start in zip(found, starts, strict=True)] == [1] * len(found)  # fmt: skip
    assert len({each["UID"] for each in found}) == len(found)
    assert [each["DTSTART;VALUE=DATE"] for each in found if each["STATUS"] == "CANCELLED"] == ["20260722"]
    assert year_calendar(one) == year_calendar(one)


@pytest.mark.parametrize(
    ("listed", "titles"), [(True, ["Quarterly review, Any"]), (False, ["Leadership meeting, Any"])]
)
def test_a_rounds_meeting_stands_once(listed: bool, titles: list[str]) -> None:
    """A meeting that both the list and the round name is one day of the calendar; one that only the round names is there."""
    meetings = [{"id": "m", "date": "2026-10-14", "kind": "review"}] if listed else []
    rounds = [{"id": "r", "as_of": "2026-09-30", "meeting": "2026-10-14"}]
    facts = Facts.model_validate({"profile": {"name": "Any"}, "rounds": rounds, "meetings": meetings})
    assert [each.title for each in days_of(Record("any", facts)) if each.day == date(2026, 10, 14)] == titles
