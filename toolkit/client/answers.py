"""Survey answers: the rows of ``responses.csv`` and ``aggregates.csv``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from toolkit.client.fields import Id, Kind, Row, Text, Whole
from toolkit.method import HIGHEST, LOWEST, Group

Score = Annotated[
    Whole,
    Field(ge=LOWEST, le=HIGHEST),
    Kind("a score", 'Write a whole number from 1 to 5; leave it empty for "don\'t know".'),
]
Count = Annotated[
    Whole,
    Field(ge=0, le=100_000_000),
    Kind("a number of answers", "Write how many gave this answer; 0 if none did."),
]


class Response(Row):
    """One answer of one respondent. A missing ``score`` is "don't know" or blank, never a number.

    ``respondent`` is an opaque code; names and e-mail addresses are dropped before they get here.
    """

    round: Id
    respondent: Id
    group: Group
    question: Id
    score: Score | None = None
    comment: Text | None = None


class Aggregate(Row):
    """How many of a group gave each answer, 1 to 5, to one question."""

    round: Id
    group: Group
    question: Id
    count_1: Count
    count_2: Count
    count_3: Count
    count_4: Count
    count_5: Count

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """Answers of 1, 2, 3, 4 and 5."""
        return (self.count_1, self.count_2, self.count_3, self.count_4, self.count_5)
