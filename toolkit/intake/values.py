"""One cell to one value: numbers, days and words as people write them; never a guess."""

from __future__ import annotations

import hashlib
import re
import types
import unicodedata
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from toolkit.client.calendar import CALENDAR_YEAR, FiscalYear, Quarter
from toolkit.client.faults import listed
from toolkit.client.schema import ID_PATTERN, is_amount, is_share
from toolkit.intake.amount import is_zero, may_be_two, number_of, range_of, scaled_number, shown_number
from toolkit.intake.cell import (
    Figure,
    LeftOpen,
    NoDay,
    NoValue,
    PartOfDay,
    Unreadable,
    as_shown,
    says_missing,
)
from toolkit.intake.date import day_of, days_of, is_pointed, quarter_of, unmarked
from toolkit.intake.duration import quarters_of
from toolkit.intake.mapping import Source
from toolkit.intake.table import Cell

__all__ = ["PLAIN", "Habits", "LeftOpen", "NoDay", "Unreadable", "kind_of", "made_id", "read_cell", "slug_of"]

_DIGEST = 8  # figures of an id that is made of letters which an id has not
DATED = ("date", "quarter", "deadline", "earliest_start")
# As CSV files and typed texts hold them.
_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!")
_SWAPPED = (
    "a date that is certain: beside texts such as 13/04/2027 or 04/13/2027, which a spreadsheet could not read, it may "
    "have taken day for month here; import the file that it opened, or, if its dates are right, give their form in a map "
    "(the field's dates: ['%d/%m/%Y'])"
)


@dataclass(frozen=True)
class Habits:
    """How a whole table is written, for cells that do not show it themselves.

    Attributes
    ----------
    orders : mapping
        For a column whose days are figures, whether the day or the month comes first.
    decimals : mapping
        For a column, what a decimal begins with ("" is either), where that differs from the table.
    swapped : set of str
        Columns whose texts show that a spreadsheet may have taken days for months in what it could read as a date.
    signed : set of str
        Columns of shares or numbers in which some cells have a % sign, so that a bare 1 is not certain.
    wholes : mapping
        For a column of completion, what all of it is: 100 where a figure above 1 shows that, 1 where parts of 1 do.
    missing : tuple of str or None
        Words that stand for "not available" besides the general list; None where such words are text.
    fiscal : FiscalYear
        How the client's fiscal years run.
    against : mapping
        For a column whose figures contradict the order that the consultant or the profile named, the cell that does.
    named_in : str
        Where that order was named, and what to do about it there.
    decimal_told : str
        What the client's profile says that a decimal begins with, where no map does and no cell contradicts it.
    decimal_against : str
        The cell that contradicts what the profile says, with its column, in words.
    """

    orders: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, str] = field(default_factory=dict)
    swapped: Set[str] = frozenset()
    signed: Set[str] = frozenset()
    wholes: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    fiscal: FiscalYear = CALENDAR_YEAR
    against: Mapping[str, str] = field(default_factory=dict)
    named_in: str = ""
    decimal_told: str = ""
    decimal_against: str = ""


PLAIN = Habits()


@cache
def kind_of(model: type[BaseModel], field: str) -> str:
    """Return what a field holds.

    Returns
    -------
    str
        "money" (in the client's currency), "number", "share" (0–1, may be written in %), "date",
        "quarter", "deadline" or "earliest_start" (a quarter, of which no day goes beyond one that is given),
        "span" (quarters of work) or "text".
    """
    if field in ("deadline", "earliest_start"):
        return field
    if field == "duration":
        return "span"
    annotation = model.model_fields[field].annotation
    if is_share(model, field):
        return "share"
    if is_amount(model, field):
        return "money"
    names = _base_names(annotation)
    if names & {float, int}:
        return "number"
    return "quarter" if Quarter in names else "date" if date in names else "text"


def _base_names(annotation: Any) -> set[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _base_names(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return set().union(*map(_base_names, get_args(annotation)))
    return {annotation} if isinstance(annotation, type) else set()


def read_cell(
    cells: Mapping[str, Cell],
    source: Source,
    kind: str,
    decimal: str,
    currency: str = "",
    habits: Habits = PLAIN,
) -> tuple[Any, str]:
    """Read a field from a row: its value (None is missing) and the column it came from.

    Parameters
    ----------
    kind : str
        As :func:`kind_of` says, or "percentage": a number whose ``%`` sign may stand there.
    decimal : str
        ``.`` or ``,``; when empty, a number is read only if it can be but one.
    currency : str
        The client's; a number in another currency cannot be read. Empty accepts none.

    Raises
    ------
    LeftOpen, NoDay
        When the cell's words say that its value is not known, or not to the day.
    Unreadable
        When the cell is not of the field's kind.
    """
    if source.constant is not None:
        return source.constant, ""
    unknown: Unreadable | None = None
    for column in source.column:
        cell = cells.get(column)
        text = "" if cell is None else str(cell).strip()
        if not text or text in source.ignore or (source.zero_is_missing and is_zero(text)):
            continue
        if isinstance(cell, NoValue) or text in _ERRORS:
            raise Unreadable("a value, not a spreadsheet error")
        if source.values and text.casefold() in source.known:
            return source.known[text.casefold()] or None, column
        if habits.missing is not None and says_missing(text, habits.missing):
            raise LeftOpen("a value; these words say that there is none")
        if source.percent_done:
            return _progress(cell, habits.wholes.get(column, 0)), column
        if not source.values:
            return _value(cell, text, column, source, kind, decimal, currency, habits), column
        if source.other_values != "missing":
            unknown = unknown or Unreadable(f"one of the map's values: {listed(source.values)}")
    if unknown:
        raise unknown
    return None, source.column[0]


def _value(
    cell: Cell, text: str, column: str, source: Source, kind: str, decimal: str, currency: str, habits: Habits
) -> Any:
    order = habits.orders.get(column, "")
    signed = as_shown(cell).strip().endswith("%")
    if kind in ("number", "percentage", "share") and source.unit_factor != 1:
        if signed and (kind == "share" or source.unit_factor != 100):
            raise Unreadable(
                "a number without a % sign, which the map multiplies by unit_factor"
                + ("" if kind == "share" else "; with 100, 10 % is 10")
            )
        kind = "share"  # 10 % is 0.1, then as many as the map says
    if kind in ("number", "money", "share", "percentage", "span"):
        _refuse_date(cell)
    mixed = column in habits.signed and not signed and not is_zero(text)
    if mixed and kind == "share":
        raise Unreadable("a share with a % sign, as other cells of the column have")
    if kind in ("number", "money", "share", "percentage") or (kind == "span" and source.unit_factor != 1):
        mark = habits.decimals.get(column, decimal)
        number = _number(cell, text, source, kind, mark, currency, habits)
        if mixed and kind == "percentage" and abs(number) <= 1:
            raise Unreadable(
                "a figure with a % sign, as other cells of the column have: 0.4 may be 40 % or 0.4 %"
            )
        return float(number)
    if kind == "span" and source.unit_factor == 1:
        return quarters_of(as_shown(cell), source.unit)
    if column in habits.swapped and kind in DATED and (isinstance(cell, date) or is_pointed(text)):
        raise Unreadable(_SWAPPED)
    if column in habits.against and kind in DATED and (named := days_of(text)) and "" not in named:
        raise Unreadable(
            f"a date that is certain: {habits.against[column]} shows that in this column the {order.split()[0]} comes "
            f"first, and {habits.named_in}, or give the form in a map (the field's dates: ['%d/%m/%Y'])"
        )
    if kind == "date" and isinstance(cell, date):
        return date(cell.year, cell.month, cell.day)
    if kind == "date":
        return day_of(text, source.dates, order)
    if kind in DATED:
        return quarter_of(text, habits.fiscal, source.dates, order, kind)
    shown = as_shown(cell).strip()
    return made_id(shown) if source.make_id else shown


def _number(
    cell: Cell, text: str, source: Source, kind: str, decimal: str, currency: str, habits: Habits
) -> Decimal:
    factor = source.unit_factor
    if isinstance(cell, Figure):
        return shown_number(cell, kind, currency, factor) * Decimal(str(factor))
    if isinstance(cell, (int, float)):
        return Decimal(repr(cell)) * Decimal(str(factor))

    def read(one: str) -> Decimal:
        if habits.decimal_against and may_be_two(one):
            raise Unreadable(
                f"a number that is certain: {habits.decimal_against}; say in a map what a decimal begins with (decimal), or "
                "correct the cell"
            )
        return scaled_number(one, kind, decimal, currency, factor, habits.decimal_told)

    try:
        return read(text)
    except Unreadable:
        ends = range_of(text) if kind == "money" else None
        if ends is None:
            raise
    low, high = (read(one) if one else None for one in ends)
    return _end_of(low, high, source.range)


def _end_of(low: Decimal | None, high: Decimal | None, wanted: str) -> Decimal:
    """Return the end of a range that a map asks for, or its middle; None is an open end."""
    if low is not None and high is not None and low > high:
        raise Unreadable("an amount, or a range whose first end is the lower")
    if not wanted:
        raise Unreadable(
            "one amount, not a range; say in a map which end counts (the field's range: low, middle or high), or that "
            "such a cell is no value (ignore)"
        )
    if wanted == "middle":
        end = (low + high) / 2 if low is not None and high is not None else None
    else:
        end = low if wanted == "low" else high
    if end is None:
        raise LeftOpen(f"a range that has the end which the map asks for ({wanted})")
    return end


def _refuse_date(cell: Cell) -> None:
    # A spreadsheet's format decides what is a date: 1000 in the format "USD #,##0" passes for 26 September 1902.
    if isinstance(cell, (date, PartOfDay)):
        raise Unreadable("a number; the cell's format makes a date of it: format it as a number")


def completion(cell: Cell) -> Decimal:
    """Return the figure of a cell that says how much is completed, 1 to 100 or 0 to 1."""
    _refuse_date(cell)
    plain = isinstance(cell, (int, float)) and not isinstance(cell, Figure)
    return Decimal(repr(cell)) if plain else number_of(as_shown(cell), "percentage", "")


def _progress(cell: Cell, whole: int) -> str:
    """Return the status that a completion stands for; ``whole``: what all of it is, as its column shows, else 0."""
    share = completion(cell)
    whole = 100 if as_shown(cell).strip().endswith("%") else whole
    if not 0 <= share <= 100 or (share == 1 and not whole):
        raise Unreadable("0 to 100 % of completion; 1 may be all of it or 1 %: write 100 % or 1 %")
    return "proposed" if share == 0 else "done" if share == (whole or 100) else "in progress"


def made_id(text: str) -> str:
    """Return a text that is an id as it stands, so that other rows still find it; else an id made of it.

    Letters of other scripts than the Latin one are not told in an id: a digest of the text stands for them.
    """
    if re.fullmatch(r"\d([.,]\d+)?E\+\d+", text, re.IGNORECASE | re.ASCII):
        raise Unreadable("an id in full; a spreadsheet has rounded this one")
    if ID_PATTERN.fullmatch(text):
        return text
    if not any(one.isalpha() and "LATIN" not in unicodedata.name(one, "") for one in _decomposed(text)):
        return slug_of(text)
    same = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    digest = hashlib.sha256(same.encode()).hexdigest()[:_DIGEST]
    made = _slug(text)[: 63 - _DIGEST].rstrip("-._")
    return f"{made or 'n'}-{digest}"


def slug_of(text: str) -> str:
    """Make an id of a text: unaccented lower case, other characters to hyphens, at most 64 characters."""
    if not (made := _slug(text)):
        raise Unreadable("text with letters or digits to make an id of")
    return made


def _slug(text: str) -> str:
    plain = _decomposed(text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._]+", "-", plain).strip("-._")[:64].rstrip("-._")


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", unmarked(text))
