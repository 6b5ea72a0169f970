"""Small clients to plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from toolkit.client.record import Record
from toolkit.client.schema import Budget, Decision, Facts, Goal, Initiative, Planning, Profile, Round
from toolkit.plan import Roadmap


def initiative(id: str, **fields: Any) -> Initiative:
    """Return an initiative of two quarters and 100 that serves goal g fully, unless told otherwise."""
    return Initiative.model_validate(
        {"id": id, "name": f"Name of {id}", "duration": 2, "capex": 100, "goals": {"g": 3}} | fields
    )


def decision(
    subject: str, kind: str, round: str = "r1", day: date = date(2027, 1, 5), **fields: Any
) -> Decision:
    """Return a decision."""
    one = {
        "id": f"d-{subject}-{kind[:6]}-{round}",
        "round": round,
        "date": day,
        "subject": subject,
        "decision": kind,
    }
    return Decision.model_validate(one | fields)


def client(initiatives: Sequence[Initiative], decisions: Sequence[Decision] = (), **facts: Any) -> Record:
    """Return a client with one goal and 1,000 a year, planned over eight quarters from 2027-Q1."""
    base = {
        "profile": Profile(name="Client"),
        "goals": (Goal(id="g", name="Goal", weight=100),),
        "budget": tuple(Budget(year=year, amount=1000) for year in (2027, 2028)),
        "planning": Planning(start="2027-Q1", quarters=8),  # type: ignore[arg-type]
        "rounds": (Round(id="r1", as_of=date(2026, 12, 31)), Round(id="r2", as_of=date(2027, 6, 30))),
    }
    return Record(
        "client", Facts(**(base | facts)), initiatives=tuple(initiatives), decisions=tuple(decisions)
    )


@dataclass(frozen=True)
class Making:
    """The functions that make small clients."""

    client: Callable[..., Record]
    initiative: Callable[..., Initiative]
    decision: Callable[..., Decision]


@pytest.fixture(scope="session")
def make() -> Making:
    """Return the functions that make small clients."""
    return Making(client, initiative, decision)


@pytest.fixture(scope="session")
def starts() -> Callable[[Roadmap], dict[str, int]]:
    """Return the function that reads each start off a roadmap, in quarters from its first."""
    return lambda roadmap: {
        one.initiative: one.start.index - roadmap.start.index for one in roadmap.scheduled
    }
