"""Fiscal quarters: the periods in which work, money and people are planned, and how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from toolkit.words import day

_PATTERN = re.compile(r"(\d{4})-?Q([1-4])")


@total_ordering
@dataclass(frozen=True)
class Quarter:
    """One fiscal quarter, written ``2027-Q1``.

    Attributes
    ----------
    year : int
        The fiscal year, named after the calendar year in which it ends.
    number : int
        1 to 4 within the fiscal year.
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2027-Q1`` or ``2027Q1``; raise ValueError for anything else."""
        match = _PATTERN.fullmatch(text.strip())
        if not match:
            raise ValueError(f"not a fiscal quarter: {text!r}; write it as 2027-Q1")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date, first_month: int) -> Quarter:
        """Return the quarter that holds ``day`` when fiscal years begin in ``first_month`` (1–12)."""
        months = (day.month - first_month) % 12
        began_this_calendar_year = day.month >= first_month
        ends_next_year = first_month > 1 and began_this_calendar_year
        return cls(day.year + (1 if ends_next_year else 0), months // 3 + 1)

    @property
    def index(self) -> int:
        """Quarters since year 0, so that subtraction gives a distance in quarters."""
        return self.year * 4 + self.number - 1

    def plus(self, quarters: int) -> Quarter:
        """Return the quarter ``quarters`` later (earlier when negative)."""
        year, number = divmod(self.index + quarters, 4)
        return Quarter(year, number + 1)

    def first_day(self, first_month: int) -> date:
        """Return the first day of this quarter when fiscal years begin in ``first_month``."""
        start_year = self.year - (1 if first_month > 1 else 0)
        months = first_month - 1 + 3 * (self.number - 1)
        return date(start_year + months // 12, months % 12 + 1, 1)

    def last_day(self, first_month: int) -> date:
        """Return the last day of this quarter when fiscal years begin in ``first_month``."""
        return date.fromordinal(self.plus(1).first_day(first_month).toordinal() - 1)

    def __lt__(self, other: Quarter) -> bool:
        return self.index < other.index

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

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
            validate, serialization=core_schema.to_string_ser_schema()
        )


FiscalQuarter = Annotated[Quarter, "fiscal quarter"]


def span(start: Quarter, finish: Quarter, fiscal_year_starts: int) -> str:
    """Write the quarters of some work: "2027-Q1 to 2027-Q2"; called fiscal where they are not the calendar's."""
    said = str(start) if start == finish else f"{start} to {finish}"
    return said if fiscal_year_starts == 1 else f"fiscal {said}"


def done_by(finish: Quarter, fiscal_year_starts: int) -> str:
    """Say by when work is done that ends in a quarter: by that, or by its last day where it is not the calendar's."""
    return f"done by {finish if fiscal_year_starts == 1 else day(finish.last_day(fiscal_year_starts))}"


def quarters_head(fiscal_year_starts: int) -> str:
    """Return the heading over the quarters of some work."""
    return "When" if fiscal_year_starts == 1 else "Fiscal quarters"
