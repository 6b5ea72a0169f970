"""When replies were sent: the order of day and month is decided from the whole column, never row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from toolkit.intake.cell import Moment
from toolkit.intake.survey_layouts import Export, cell_at
from toolkit.intake.survey_map import Dates
from toolkit.intake.table import Cell

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    r"(?:(?P<a>\d{1,2})[ -])?(?P<month>[a-z]{3})[a-z]*\.?[ -](?:(?P<b>\d{1,2}),? )?(?P<year>\d{4})\b"
)


_CLOCK = re.compile(
    r"(?:^|[ T,])(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\S*?\s*(?:([ap])\.?m)?", re.I | re.ASCII
)


@dataclass(frozen=True)
class Days:
    """The days of an export's replies.

    Attributes
    ----------
    by_row : mapping
        Row number to day, where it can be told.
    order : str
        "day first" or "month first", as the column shows or the map says; empty where no cell needs it.
    undecided : str
        A cell that may be two days, where neither the column nor a map decides; empty otherwise.
    unreadable : tuple of int
        Rows whose cell is no day.
    """

    by_row: Mapping[int, date] = field(default_factory=dict)
    order: Dates = ""
    undecided: str = ""
    unreadable: tuple[int, ...] = ()


def days_of(export: Export, told: Dates) -> Days:
    """Read the column that says when replies were sent; what a column itself shows stands above ``told``."""
    cells = {number: cell for number, row in export.rows
             if (cell := cell_at(row, export.submitted)) not in (None, "")}  # fmt: skip
    if export.submitted is None or not cells:
        return Days()
    numeric = [match for cell in cells.values() if (match := _YEAR_LAST.match(str(cell).strip()))]
    order, undecided = _order(numeric, told)
    by_row, unreadable = {}, []
    for number, cell in cells.items():
        day = _day(cell, order)
        if day is not None:
            by_row[number] = day
        elif not (undecided and _YEAR_LAST.match(str(cell).strip())):
            unreadable.append(number)
    return Days(by_row, order if numeric else "", undecided, tuple(unreadable))


def moment_of(cell: Cell) -> str:
    """Return when a reply was sent, the same however it is written; "" where nothing says it.

    Day and month stand in order of size, for a later export of the form may show which of them comes first, and
    this one not.
    """
    text = "" if cell is None else " ".join(str(cell).split())
    clock = _CLOCK.search(text)
    day = _day(cell, "month first") or _day(cell, "day first")
    if day is None:
        return text
    if day == date(1980, 1, 1):  # LimeSurvey writes it where times are not kept
        return ""
    hour, minute, second = (int(one or 0) for one in clock.groups()[:3]) if clock else (0, 0, 0)
    if clock and clock[4]:
        hour = hour % 12 + (12 if clock[4].casefold() == "p" else 0)
    time_ = cell.clock.isoformat() if isinstance(cell, Moment) else f"{hour:02}:{minute:02}:{second:02}"
    low, high = sorted((day.month, day.day))
    return f"{day.year} {low} {high} {time_}"


def _order(numeric: list[re.Match[str]], told: Dates) -> tuple[Dates, str]:
    """Return the order of a column, and an example where it cannot be told."""
    # A date written with full stops begins with its day wherever such dates are written.
    day = any(int(one[1]) > 12 or (one[2] == "." and int(one[3]) <= 12) for one in numeric)
    month = any(int(one[3]) > 12 for one in numeric)
    if day != month:
        return ("day first" if day else "month first"), ""
    unequal = next((one for one in numeric if int(one[1]) != int(one[3])), None)
    if unequal is None:
        return "day first", ""
    if day and month:
        return "", unequal[0]
    return told, "" if told else unequal[0]


def _day(cell: Cell, order: Dates) -> date | None:
    """Return the day a cell says; None when it says none that can be told."""
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    try:
        if match := _YEAR_FIRST.match(text):
            return date(int(match[1]), int(match[3]), int(match[4]))
        if match := _YEAR_LAST.match(text):
            first, second, year = int(match[1]), int(match[3]), int(match[4])
            year += 2000 if len(match[4]) == 2 else 0
            if order or first == second:
                return date(year, second, first) if order != "month first" else date(year, first, second)
            return None
        if (match := _NAMED.match(text.lower())) and bool(match["a"]) != bool(match["b"]):
            return date(int(match["year"]), _MONTHS.index(match["month"]) + 1, int(match["a"] or match["b"]))
    except ValueError:  # 31 February, or a word that is no month
        return None
    return None
