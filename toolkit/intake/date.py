"""Days, quarters and moments as people and tools write them; a year, a quarter or a month alone never becomes a day.

Whether the day or the month comes first in figures is decided from a whole column, never cell by cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from toolkit.client.calendar import FiscalYear, Quarter
from toolkit.intake.cell import Cell, Moment, NoDay, Unreadable

DAY_FIRST, MONTH_FIRST, _YEAR_FIRST = "day first", "month first", "year first"
_IN_WORDS = {DAY_FIRST, _YEAR_FIRST}  # where a month in words leaves it open
# 27-Mar-12 is the 27th wherever months are in words, unless that lies before and the other year is at hand.
_OF_LATE = 2020
_FIRST_YEAR = 1900  # what lies before is a slip: 0207 for 2027
_MONTHS = (
    "january jan januar janvier janv enero ene gennaio gen januari janeiro tammikuuta",
    "february feb februar fevrier fevr fev febrero febbraio februari fevereiro helmikuuta",
    "march mar marz maerz mrz mars marzo maart mrt marco marts maaliskuuta",
    "april apr avril avr abril abr aprile huhtikuuta",
    "may mai mayo maggio mag mei maio maj toukokuuta",
    "june jun juni juin junio giugno giu junho kesakuuta",
    "july jul juli juillet juil julio luglio lug julho heinakuuta",
    "august aug aout agosto ago augustus augusti elokuuta",
    "september sep sept septembre septiembre settembre set setembro syyskuuta",
    "october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta",
    "november nov novembre noviembre novembro marraskuuta",
    "december dec dezember dez decembre diciembre dic dicembre desember dezembro joulukuuta",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_WEEKDAYS = (
    "mo mon lun seg monday montag lundi lunes lunedi maandag",
    "di tue mar ter tuesday dienstag mardi martes martedi dinsdag",
    "mi wed mer mie qua wednesday mittwoch mercredi miercoles mercoledi woensdag",
    "do thu jeu jue gio qui thursday donnerstag jeudi jueves giovedi donderdag",
    "fr fri ven vie sex friday freitag vendredi viernes venerdi vrijdag",
    "sa sat sam sab saturday samstag samedi sabado sabato zaterdag",
    "so sun dim dom sunday sonntag dimanche domingo domenica zondag",
)
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_PERIOD_WORDS = {
    *("fy", "fiscal", "financial", "year", "exercice", "q", "quarter", "quartal", "trimestre", "half", "h"),
    *("early", "mid", "late", "end", "start", "beginning", "of", "in", "by", "the", "fin", "ende", "mitte", "anfang"),
    *("spring", "summer", "fall", "autumn", "winter", "first", "second", "third", "fourth", "last"),
    *("1st", "2nd", "3rd", "4th", "q1", "q2", "q3", "q4", "t1", "t2", "t3", "t4", "h1", "h2", "to"),
}  # fmt: skip
_RAISED = re.compile("<super>|<fraction>")
_TIME = re.compile(
    r"(?:[ T]|,\s*|,?\s+(?:at|um|à|a las|alle|om|kl)\.?\s+)(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(?:([ap])\.?\s?m\.?)?"
    r"(?:\s*uhr)?\s*(?:(?:Z|[A-Z]{2,5})?\s?(?:[+-]\d{1,2}(?::?\d{2})?)?)?(?:\s*\([^()]*\))?$",
    re.I,
)
_CLOCK_WITH_POINTS = re.compile(r"(?<=\d{4})(,?\s+(?:[a-zà]+\s+)?\d{1,2})\.(\d{2})(?:\.(?=\d{2}))?", re.I)
_POINT = re.compile(r"(?<=\d)\.\s+(?=\d)", re.ASCII)  # 31. 12. 2027
_NOT_KEPT = date(1980, 1, 1)  # LimeSurvey writes it where times are not kept
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_FIGURES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s/-]*([^\W\d_]+)\.?[\s,/-]*(\d{4}|\d{2})", re.A)
_SHORT_YEAR = re.compile(r"[^\W\d_]\.?[\s,/-]*\d{2}$")
_MONTH_DAY = re.compile(r"([a-z]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{4})", re.A)
_QUARTER = re.compile(
    r"(?:(?P<y1>\d{4})(?P<e1>[-/]\d{2,4})?|(?:fy|fiscal year)\s*'?(?P<y2>\d{4}|\d{2})(?P<e2>[-/]\d{2,4})?)"
    r"[\s,-]*(?:q|t|quarter|quartal)\s*(?P<n1>[1-4])"
    r"|(?:q|t|quarter|quartal)\s*(?P<n2>[1-4])[\s,/-]*(?:of\s+)?"
    r"(?:(?P<y3>\d{4})(?P<e3>[-/]\d{2,4})?|(?:fy|fiscal year)\s*'?(?P<y4>\d{4}|\d{2})(?P<e4>[-/]\d{2,4})?)",
    re.ASCII,
)


def day_of(text: str, forms: tuple[str, ...] = (), order: str = "") -> date:
    """Read the one day a text names.

    Parameters
    ----------
    forms : tuple of str
        ``strptime`` forms that the map names; figures such as 04/05/2026 are then read by these alone.
    order : str
        :data:`DAY_FIRST` or :data:`MONTH_FIRST`, as the whole column or the client has it; empty when none tells.

    Raises
    ------
    NoDay
        When it names a year, a quarter or a month, but no day.
    Unreadable
        When it names no day, or could name two.
    """
    plain = " ".join(text.split())
    named = days_of(plain)
    days = {day for form in forms if (day := _by_form(plain, form))}
    # A form says which figures of 27-Jun-30 are the year; of any other text that is certain, it must say the same.
    days |= {named[""]} if "" in named and not (days and _SHORT_YEAR.search(plain)) else set()
    if not forms:
        days |= {named[order]} if order in named else set(named.values()) if len(named) > 1 else set()
    if len(days) == 1:
        return days.pop()
    if not named and not days and names_a_period(plain):
        raise NoDay("a day; a year, a quarter or a month alone is none")
    written = f", or written {', '.join(forms)}" if forms else ""
    raise Unreadable(
        f"a date like 2027-01-31 or January 31, 2027{written}{_doubt(named, days, forms, order)}"
    )


def _doubt(named: Mapping[str, date], days: set[date], forms: tuple[str, ...], order: str) -> str:
    """Return why a text that could be a day is not read as one."""
    if named and order and not forms and len(named) < 2:
        return f"; in this column the {order.split()[0]} comes first"
    if named and not forms:
        ask = (
            "say it with --dates day-first or --dates month-first, in the map (dates: day first; for a year of two "
            "figures that comes first, the field's dates: ['%y-%m-%d'], or ['%y-%b-%d']), or once in the client's profile "
            "(date_order)"
        )
        return f"; the column does not show whether day or month comes first, or the year: {ask}"
    return "; this one could be two days" if days else ""


def order_of(texts: Iterable[str]) -> str:
    """Return whether the day or the month comes first in a column's figures; "" when its cells do not tell."""
    orders = {DAY_FIRST, MONTH_FIRST, _YEAR_FIRST}
    for text in dict.fromkeys(texts):
        named = days_of(" ".join(text.split()))
        if named and "" not in named and named.keys() != _IN_WORDS:
            orders &= set(named)
    return orders.pop() if len(orders) == 1 else ""


def days_of(text: str) -> dict[str, date]:
    """Return the day a text names under each order of its figures; under "" where there is but one reading."""
    plain = _unaccented(_TIME.sub("", _POINT.sub(".", _with_colons(text)))).replace(" de ", " ")
    named = _days(plain)
    begin = re.match(r"([a-z]+)\.?,?\s+", plain)
    if named or not begin or begin[1] not in _WEEKDAY:
        return named
    right = {
        order: day
        for order, day in _days(plain[begin.end() :]).items()
        if day.weekday() == _WEEKDAY[begin[1]]
    }
    return {"": next(iter(right.values()))} if len(right) == 1 and "" in right else right


def _with_colons(text: str) -> str:
    """Return a text whose time of day, behind a year of four figures, has colons: 5.1.2026 10.30."""
    return _CLOCK_WITH_POINTS.sub(
        lambda found: f"{found[1]}:{found[2]}{':' if found[0].endswith('.') else ''}", text.strip()
    )


def is_pointed(text: str) -> bool:
    """Return whether a text is a day in figures parted by points, 03.04.2027."""
    found = _FIGURES.fullmatch(_TIME.sub("", text.strip()))
    return bool(found) and found[2] == "."  # type: ignore[index]


def _days(plain: str) -> dict[str, date]:
    if found := _ISO.fullmatch(plain):
        return _certain(int(found[1]), int(found[3]), int(found[4]))
    if (found := _DAY_MONTH.fullmatch(plain)) and found[2] in _MONTH:
        named = _certain(_year(found[3]), _MONTH[found[2]], int(found[1]))
        return _or_year_first(named, found[1], _MONTH[found[2]], found[3])
    if (found := _MONTH_DAY.fullmatch(plain)) and found[1] in _MONTH:
        return _certain(_year(found[3]), _MONTH[found[1]], int(found[2]))
    if not (found := _FIGURES.fullmatch(plain)):
        return {}
    one, two, year = int(found[1]), int(found[3]), _year(found[4])
    if found[2] == ".":  # wherever days are written with points, the day comes first (Unicode CLDR)
        return _certain(year, two, one)
    readings = {DAY_FIRST: _day(year, two, one), MONTH_FIRST: _day(year, one, two)}
    if len(found[4]) == 2:  # 27-03-12 is 12 March 2027 to whoever writes 2027-03-12
        readings[_YEAR_FIRST] = _day(_year(found[1]), two, int(found[4])) if len(found[1]) == 2 else None
    return {order: day for order, day in readings.items() if day}


def _or_year_first(named: dict[str, date], one: str, month: int, last: str) -> dict[str, date]:
    """Return a day whose month is in words, with its other reading where the year may come first."""
    other = _day(_year(one), month, int(last)) if len(one) == len(last) == 2 else None
    day = named.get("")
    return (
        {DAY_FIRST: day, _YEAR_FIRST: other} if other and day and day.year < _OF_LATE <= other.year else named
    )


def _certain(year: int, month: int, day: int) -> dict[str, date]:
    made = _day(year, month, day)
    return {"": made} if made else {}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _FIRST_YEAR else None
    except ValueError:
        return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 69 else 1900)  # as strptime does


def _by_form(text: str, form: str) -> date | None:
    try:
        day = datetime.strptime(text, form).date()
        return day if day.year >= _FIRST_YEAR else None
    except ValueError:
        return None


def quarter_of(
    text: str, fiscal: FiscalYear, forms: tuple[str, ...] = (), order: str = "", kind: str = "quarter"
) -> Quarter:
    """Read a fiscal quarter: 2024-Q3, Q3 2024, FY24 Q3, Q3 2023/24, or the one that holds a day.

    Of a day, a "deadline" is the last quarter that ends by it, an "earliest_start" the first that begins on it or
    later: neither allows more than the day does.

    Parameters
    ----------
    fiscal : FiscalYear
        How the client's fiscal years run; needed for a day and for a year of two, such as 2023/24.

    Raises
    ------
    NoDay, Unreadable
        As :func:`day_of`.
    """
    found = _QUARTER.fullmatch(_unaccented(" ".join(text.split())))
    if not found:
        try:
            day = day_of(text, forms, order)
        except NoDay:
            raise NoDay("a quarter; a year or a month alone is none") from None
        except Unreadable as error:
            raise Unreadable(f"a fiscal quarter like 2027-Q1, or {error}") from None
        within = Quarter.of(day, fiscal)
        if kind == "deadline" and day < within.last_day(fiscal):
            return within.plus(-1)
        return within.plus(kind == "earliest_start" and day > within.first_day(fiscal))
    parts = found.groupdict()
    year = _year(next(parts[name] for name in ("y1", "y2", "y3", "y4") if parts[name]))
    until = next((parts[name][1:] for name in ("e1", "e2", "e3", "e4") if parts[name]), "")
    if until and _year(until) != year + 1:
        raise Unreadable("a fiscal year of two that follow each other, such as 2023/24")
    return Quarter(year + bool(until and fiscal.named_after == "last"), int(parts["n1"] or parts["n2"]))


def names_a_period(text: str) -> bool:
    """Return whether a text names a year, a quarter, a month or a season, and nothing else."""
    words = [one for one in re.split(r"[\s,/\-–.()']+", _unaccented(text)) if one]
    words = [
        part for one in words for part in re.findall(r"\d+[a-z]{2}\b|[a-z]+\d(?!\d)|[a-z]+|\d+", one) or [one]
    ]
    years = [one for one in words if re.fullmatch(r"(19|20)\d{2}", one)]
    short = [one for one in words if re.fullmatch(r"\d{1,2}", one)]
    rest = [one for one in words if one not in years and one not in short]
    fiscal = 1 <= len(short) <= 3 and any(
        one in ("fy", "fiscal") or re.fullmatch("[qt][1-4]", one) for one in rest
    )
    return (
        all(one in _MONTH or one in _PERIOD_WORDS for one in rest)
        and (1 <= len(years) <= 2 or fiscal)
        and len(short) <= (3 if fiscal and not years else 1)
    )


def names_a_quarter(text: str) -> bool:
    """Return whether a text is a fiscal quarter and no day."""
    return bool(_QUARTER.fullmatch(_unaccented(" ".join(text.split()))))


def unmarked(text: str) -> str:
    """Return a text without raised figures and fractions, which would pass for plain ones: the 1 of a footnote."""
    return "".join(
        one for one in text if not (one.isnumeric() and _RAISED.match(unicodedata.decomposition(one)))
    )


def _unaccented(text: str) -> str:
    return unicodedata.normalize("NFKD", unmarked(text)).encode("ascii", "ignore").decode().casefold().strip()


Order = Literal["", "day first", "month first"]


@dataclass(frozen=True)
class Days:
    """The days of a column that says when replies were sent.

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
    order: Order = ""
    undecided: str = ""
    unreadable: tuple[int, ...] = ()


def days_sent(cells: Mapping[int, Cell], told: Order) -> Days:
    """Read when replies were sent, by row; what the column itself shows stands above ``told``."""
    named = {number: _readings(cell) for number, cell in cells.items() if cell not in (None, "")}
    open_ = {number: days for number, days in named.items() if days and "" not in days}
    orders = {DAY_FIRST, MONTH_FIRST, _YEAR_FIRST}.intersection(*open_.values())
    order = orders.pop() if len(orders) == 1 else told if orders else ""
    by_row, unreadable, undecided = {}, [], ""
    for number, days in named.items():
        day = days.get("") or days.get(order) or (next(iter(days.values())) if _is_one(days) else None)
        if day:
            by_row[number] = day
        elif days and not order:
            undecided = undecided or _TIME.sub("", str(cells[number]).strip())
        else:
            unreadable.append(number)
    shown: Order = "day first" if order == DAY_FIRST else "month first" if order == MONTH_FIRST else ""
    return Days(by_row, shown if open_ else "", undecided, tuple(unreadable))


def _is_one(days: Mapping[str, date]) -> bool:
    """Whether it is one day whichever of day and month comes first, as 05/05/2026 is."""
    return len({day for order, day in days.items() if order != _YEAR_FIRST}) == 1 and len(days) > 1


def _readings(cell: Cell) -> dict[str, date]:
    if isinstance(cell, date):
        return {"": date(cell.year, cell.month, cell.day)}
    days = days_of(" ".join(str(cell).split()))
    if len(days) > 1 and "/" in str(cell):  # no tool puts a year of two figures first there
        days.pop(_YEAR_FIRST, None)
    return days


def moment_of(cell: Cell) -> str:
    """Return when a reply was sent, the same however it is written; "" where nothing says it.

    Day and month stand in order of size, for a later export of the form may show which of them comes first, and
    this one not.
    """
    text = "" if cell is None else " ".join(str(cell).split())
    days = _readings(text if not isinstance(cell, date) else cell)
    day = days.get("") or days.get(MONTH_FIRST) or days.get(DAY_FIRST)
    if day is None:
        return text
    if day == _NOT_KEPT:
        return ""
    found = _TIME.search(_with_colons(text))
    hour, minute, second = (int(one or 0) for one in found.groups()[:3]) if found else (0, 0, 0)
    if found and found[4]:
        hour = hour % 12 + (12 if found[4].casefold() == "p" else 0)
    time_ = cell.clock.isoformat() if isinstance(cell, Moment) else f"{hour:02}:{minute:02}:{second:02}"
    low, high = sorted((day.month, day.day))
    return f"{day.year} {low} {high} {time_}"
