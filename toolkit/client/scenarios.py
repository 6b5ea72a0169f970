"""A scenario: one way to spread the points, to pin work in or out, and to set money and people."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from toolkit.client.calendar import Quarter
from toolkit.client.facts import Budget, Capacity
from toolkit.client.fields import SLUG_PATTERN, Id, Kind, Name, Row, SmallNumber, Text

FOLDER = "scenarios"
_FILE = re.compile(rf"{FOLDER}/{SLUG_PATTERN.pattern}\.yaml")

ScenarioId = Annotated[
    str,
    Field(pattern=f"^{SLUG_PATTERN.pattern}$"),
    Kind(
        "a scenario's id: 1 to 63 lower-case letters a–z, digits and '-', beginning with a letter or digit",
        "Choose a short id such as 'budget-cut'; the file is named after it.",
    ),
]
Points = Annotated[
    SmallNumber,
    Field(ge=0, le=100),
    Kind("points", "Write the goal's share of the 100 points that are spread over all goals."),
]


class Pin(Row):
    """An initiative held in the plan, from ``quarter`` on where one is given, or kept out of it."""

    initiative: Id
    place: Literal["in", "out"]
    quarter: Quarter | None = None
    reason: Annotated[Text, Field(min_length=1)]


class Scenario(Row):
    """What a plan rests on in place of the record's own; what is left out stays as recorded.

    Attributes
    ----------
    round : str
        The round it was made for; plans of earlier rounds do not follow it.
    points : dict
        Points of each goal, 100 in all; a goal without an entry has none. Empty: the record's weights.
    budget : tuple of Budget
        Money and reserve of the fiscal years that differ.
    capacity : tuple of Capacity
        All entries of each role that differs.
    """

    id: ScenarioId
    name: Name
    note: Text | None = None
    round: Id
    points: dict[Id, Points] = Field(default_factory=dict)
    pins: tuple[Pin, ...] = ()
    budget: tuple[Budget, ...] = ()
    capacity: tuple[Capacity, ...] = ()


def scenario_file(scenario: str) -> str:
    """Return where a scenario lies in its client's folder."""
    return f"{FOLDER}/{scenario}.yaml"


def is_scenario_file(name: str) -> bool:
    """Tell whether a path within a client's folder can be a scenario's."""
    return _FILE.fullmatch(name) is not None
