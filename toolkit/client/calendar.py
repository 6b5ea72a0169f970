"""Fiscal years and quarters: the periods in which work, money and people are planned, and how they are written."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from toolkit.words import MONTHS, day

_PATTERN = re.compile(r"(?P<year>\d{4})-?Q(?P<number>[1-4])|Q(?P<first>[1-4])[ \xa0](?P<last>\d{4})")
_NAMED = re.compile(
    r"\bFY((?:19|20|21)\d\d)\b|\b((?:19|20|21)\d\d)[-‑]Q[1-4]\b|\bQ[1-4][ \xa0]((?:19|20|21)\d\d)\b", re.ASCII
)  # in client text, too


@dataclass(frozen=True)
class FiscalYear:
    """How a client's fiscal years run.

    Attributes
    ----------
    starts : int
        The month they begin in, 1 to 12.
    named_after : str
        The calendar year that gives them their name: the "last" they lie in, or the "first".
    """

    starts: int = 1
    named_after: Literal["first", "last"] = "last"

    @property
    def is_calendar(self) -> bool:
        """Whether fiscal years are calendar years."""
        return self.starts == 1

    @property
    def ahead(self) -> int:
        """By how many years a fiscal year's name is ahead of the calendar year it begins in."""
        return int(self.starts > 1 and self.named_after == "last")

    def covers(self, year: int) -> str:
        """Say which months a fiscal year covers: "April 2026 to March 2027"."""
        first, last = Quarter(year, 1).first_day(self), Quarter(year, 4).last_day(self)
        return f"{MONTHS[first.month - 1]} {first.year} to {MONTHS[last.month - 1]} {last.year}"


CALENDAR_YEAR = FiscalYear()


@total_ordering
@dataclass(frozen=True)
class Quarter:
    """One fiscal quarter: "2027-Q1" in files (``key``), "Q1 2027" in sentences (``str``).

    Attributes
    ----------
    year : int
        The fiscal year, as the client names it.
    number : int
        1 to 4 within the fiscal year.
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2027-Q1``, ``2027Q1`` or ``Q1 2027``; raise ValueError for anything else."""
        match = _PATTERN.fullmatch(text.strip())
        if not match:
            raise ValueError(f"not a fiscal quarter: {text!r}; write it as 2027-Q1")
        return cls(int(match["year"] or match["last"]), int(match["number"] or match["first"]))

    @classmethod
    def of(cls, day: date, fiscal: FiscalYear) -> Quarter:
        """Return the quarter that holds a day."""
        begins = day.year - (day.month < fiscal.starts)
        return cls(begins + fiscal.ahead, (day.month - fiscal.starts) % 12 // 3 + 1)

    @property
    def index(self) -> int:
        """Quarters since year 0, so that subtraction gives a distance in quarters."""
        return self.year * 4 + self.number - 1

    def plus(self, quarters: int) -> Quarter:
        """Return the quarter ``quarters`` later (earlier when negative)."""
        year, number = divmod(self.index + quarters, 4)
        return Quarter(year, number + 1)

    def first_day(self, fiscal: FiscalYear) -> date:
        """Return the first day of this quarter."""
        months = fiscal.starts - 1 + 3 * (self.number - 1)
        return date(self.year - fiscal.ahead + months // 12, months % 12 + 1, 1)

    def last_day(self, fiscal: FiscalYear) -> date:
        """Return the last day of this quarter."""
        return date.fromordinal(self.plus(1).first_day(fiscal).toordinal() - 1)

    def __lt__(self, other: Quarter) -> bool:
        return self.index < other.index

    @property
    def key(self) -> str:
        """The quarter as files hold it, in the order of time: "2027-Q1"."""
        return f"{self.year}-Q{self.number}"

    def __str__(self) -> str:
        return f"Q{self.number} {self.year}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def validate(value: Any) -> Quarter:
            if isinstance(value, cls):
                return value
            try:
                return cls.parse(str(value))
            except ValueError:
                raise PydanticCustomError("quarter", "a fiscal quarter, written like 2027-Q1") from None

        return core_schema.no_info_plain_validator_function(
            validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda quarter, info: quarter.key if info.mode == "json" else quarter,
                info_arg=True,
                # Without it, pydantic would take a quarter apart where it stays one.
                return_schema=core_schema.any_schema(serialization=core_schema.to_string_ser_schema()),
            ),
        )


FiscalQuarter = Annotated[Quarter, "fiscal quarter"]


def in_files(when: Quarter | date) -> str:
    """Write a quarter or a day as files hold it: "2027-Q1", "2027-03-31"."""
    return when.key if isinstance(when, Quarter) else when.isoformat()


def months_on(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def two_quarters_on(day: date, fiscal: FiscalYear) -> date:
    """Return the last day of the two quarters that follow a day."""
    return Quarter.of(date.fromordinal(day.toordinal() + 1), fiscal).plus(1).last_day(fiscal)


def span(start: Quarter, finish: Quarter, fiscal: FiscalYear) -> str:
    """Write the quarters of some work: "Q1 2027 to Q2 2027"; called fiscal where they are not the calendar's."""
    said = str(start) if start == finish else f"{start} to {finish}"
    return said if fiscal.is_calendar else f"fiscal {said}"


def done_by(finish: Quarter, fiscal: FiscalYear) -> str:
    """Say by when work is done that ends in a quarter: by that, or by its last day where it is not the calendar's."""
    return f"done by {finish if fiscal.is_calendar else day(finish.last_day(fiscal))}"


def fiscal_note(text: str, fiscal: FiscalYear) -> str:
    """Say which months the fiscal year covers that a text names most often; "" where it names none, or years are calendar years."""
    named = Counter(int(next(filter(None, found.groups()))) for found in _NAMED.finditer(text))
    if fiscal.is_calendar or not named:
        return ""
    year = named.most_common(1)[0][0]
    return f"FY{year} is {fiscal.covers(year)}"


def quarters_head(fiscal: FiscalYear) -> str:
    """Return the heading over the quarters of some work."""
    return "When" if fiscal.is_calendar else "Fiscal quarters"
