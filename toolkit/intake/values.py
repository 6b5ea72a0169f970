"""One cell to one value: numbers, days and words as people write them; never a guess.

What a cell does not show itself, its table does, by the habits of its whole columns: the order of day and month, what a
decimal begins with.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from toolkit.client.calendar import CALENDAR_YEAR, FiscalYear
from toolkit.client.faults import listed
from toolkit.client.field_types import ID_PATTERN
from toolkit.client.schema import Profile
from toolkit.errors import shown
from toolkit.intake.amount import (
    against,
    is_zero,
    may_be_millions_and_a_part,
    may_be_two,
    may_group_by_commas,
    may_group_by_points,
    needs_comma,
    needs_point,
    number_of,
    range_of,
    shown_number,
)
from toolkit.intake.cell import (
    Figure,
    LeftOpen,
    NoValue,
    PartOfDay,
    Unreadable,
    as_shown,
    says_missing,
)
from toolkit.intake.date import MONTH_FIRST, day_of, days_of, is_pointed, order_of, quarter_of, unmarked
from toolkit.intake.duration import quarters_of
from toolkit.intake.mapping import ImportMap, Source
from toolkit.intake.table import Cell, Sheet
from toolkit.intake.typed_value import PLAIN as UNSAID
from toolkit.intake.typed_value import Notation

_DIGEST = 8  # figures of an id that is made of letters which an id has not
DATED = ("date", "quarter", "deadline", "earliest_start")
# As CSV files and typed texts hold them.
_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!")
_SWAPPED = (
    "a date that is certain: beside texts such as 13/04/2027 or 04/13/2027, which a spreadsheet could not read, it may "
    "have taken day for month here; import the file that it opened, or, if its dates are right, give their form in a map "
    "(the field's dates: ['%d/%m/%Y'])"
)
_IN_MAP = "--dates or the map says otherwise; correct that cell, leave --dates out"
_IN_PROFILE = "the client's profile (date_order) says otherwise; correct that cell, name the order of this table with --dates"


@dataclass(frozen=True)
class Habits:
    """How a whole table is written, for cells that do not show it themselves.

    Attributes
    ----------
    notation : Notation
        How the client writes; what its profile says of decimals and dates decides only where neither a map nor the
        table does, and no decimal is told where a cell contradicts it.
    decimal : str
        What a decimal begins with, "." or ","; when empty, a number is read only if it can be but one.
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
    decimal_against : str
        The cell that contradicts what the profile says, with its column, in words.
    """

    notation: Notation = UNSAID
    decimal: str = "."
    orders: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, str] = field(default_factory=dict)
    swapped: Set[str] = frozenset()
    signed: Set[str] = frozenset()
    wholes: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    fiscal: FiscalYear = CALENDAR_YEAR
    against: Mapping[str, str] = field(default_factory=dict)
    named_in: str = ""
    decimal_against: str = ""


_PLAIN = Habits()


def habits_of(
    sheet: Sheet,
    mapping: ImportMap,
    present: Mapping[str, Source],
    kinds: Mapping[str, str],
    profile: Profile,
) -> Habits:
    """Return a table's habits.

    Parameters
    ----------
    kinds : mapping
        What each field holds.
    profile : Profile
        How the client's fiscal years run, and how it writes where neither a map nor the table says it.
    """
    undated = {field: source for field, source in present.items() if not source.dates}
    dated = [column for _, column in _columns(undated, kinds, DATED)]
    amounts = _columns(present, kinds, ("number", "money", "share"))
    figures = {column: (kind, list(_amounts(sheet, column))) for kind, column in amounts}
    orders = {column: order_of(_texts(sheet, column)) for column in dated}
    told = mapping.dates or profile.date_order or ""
    notation, decimal_against = notation_in(
        profile, mapping, {column: texts for column, (_, texts) in figures.items()}
    )
    certain = mapping.decimal or profile.decimal or sheet.decimal_mark("") != "."
    done = {column for source in present.values() if source.percent_done for column in source.column}
    return Habits(
        notation=notation,
        decimal=mapping.decimal or ("" if profile.decimal else sheet.decimal_mark("")),
        orders={column: order or told for column, order in orders.items()},
        decimals={} if certain else _decimals(sheet, figures),
        swapped={column for column in dated if _may_be_swapped(sheet, column)},
        signed={column for kind, column in amounts if kind != "money" and _has_signs(sheet, column)},
        wholes={column: whole for column in done if (whole := _whole_of(sheet, column))},
        missing=mapping.missing_words,
        fiscal=profile.fiscal,
        against={
            column: _shows_otherwise(sheet, column, told)
            for column, order in orders.items()
            if told and order not in ("", told)
        },
        named_in=_IN_MAP if mapping.dates else _IN_PROFILE,
        decimal_against=decimal_against,
    )


def _columns(
    present: Mapping[str, Source], kinds: Mapping[str, str], wanted: Sequence[str]
) -> list[tuple[str, str]]:
    """Return the columns of fields of some kinds, each with its kind."""
    return [
        (kinds[field], column)
        for field, source in present.items()
        if kinds[field] in wanted
        for column in source.column
    ]


def _has_signs(sheet: Sheet, column: str) -> bool:
    """Whether any cell of a column has a % sign."""
    return any(as_shown(cells[column]).strip().endswith("%") for _, cells in sheet.rows if column in cells)


def _shows_otherwise(sheet: Sheet, column: str, order: str) -> str:
    """Return the first cell of a column that is a day in figures, and none in this order."""
    return next(
        text
        for text in _texts(sheet, column)
        if (named := days_of(" ".join(text.split()))) and order not in named and "" not in named
    )


def notation_in(
    profile: Profile, mapping: ImportMap, texts: Mapping[str, Sequence[str]]
) -> tuple[Notation, str]:
    """Return how a client writes in a table, and the cell of ``texts``, by column, that contradicts what it says of decimals.

    Of decimals nothing is told where a map says it, nor where a cell contradicts: what one cell shows holds for the whole
    table.
    """
    notation = Notation(
        profile.currency, "" if mapping.decimal else profile.decimal, profile.date_order or ""
    )
    for column, cells in texts.items() if notation.decimal else ():
        if cell := against(cells, notation.decimal):
            return replace(notation, decimal=""), (
                f"{shown(cell)} in column {shown(column)} shows that decimals do not begin with a "
                f"{profile.decimal_mark} here, and the client's profile (decimal_mark) says that they do"
            )
    return notation, ""


def decimals_remark(habits: Habits) -> list[str]:
    """Return how a table contradicts what the profile says of decimals, as a sentence; none where it does not."""
    if not habits.decimal_against:
        return []
    said = habits.decimal_against[0].upper() + habits.decimal_against[1:]
    return [f"{said}: of what could be two numbers, none was taken."]


def _may_be_swapped(sheet: Sheet, column: str) -> bool:
    """Whether dates may be days and months the wrong way round: whoever opens 03/04/2027 and 13/04/2027 in an Excel that
    puts months first gets 4 March as a date, and the other left as text. Saved as CSV by one that puts days first and
    points between, such a date is 03.04.2027 beside 12/31/2027.
    """  # fmt: skip
    days = [cell for _, cells in sheet.rows if isinstance(cell := cells.get(column), date)]
    named = {text: days_of(" ".join(text.split())) for text in _texts(sheet, column)}
    orders = {order for one in named.values() for order in one if order}
    if orders == {MONTH_FIRST}:
        days += [one[""] for text, one in named.items() if "" in one and is_pointed(text)]
    return bool(days) and len(orders) == 1 and all(day.day <= 12 for day in days)


def _whole_of(sheet: Sheet, column: str) -> int:
    """Return what all of a completion is in a column: 100 or 1, as its figures without a % sign show; else 0."""
    figures = set()
    for _, cells in sheet.rows:
        if column in cells and not as_shown(cells[column]).strip().endswith("%"):
            with suppress(Unreadable):
                figures.add(completion(cells[column]))
    if any(figure > 1 for figure in figures):
        return 100
    return int(any(0 < figure < 1 for figure in figures))


def _decimals(sheet: Sheet, figures: Mapping[str, tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Return the columns in which a comma may begin a decimal, or a point a group: only what can be but one number is
    read there.

    What one column shows holds for all of them, for whoever writes 0,1 in one means 1.25 by 1,250 in the next.
    """  # fmt: skip
    by_comma = any(needs_comma(texts) for _, texts in figures.values())
    by_point = any(needs_point(texts) for _, texts in figures.values())
    return {
        column: ""
        for column, (kind, texts) in figures.items()
        if by_comma
        or (kind != "share" and may_group_by_points(texts))
        or (not by_point and _may_begin_decimals(sheet, kind, texts))
    }


def _may_begin_decimals(sheet: Sheet, kind: str, texts: Sequence[str]) -> bool:
    """Whether a comma may, where no cell shows what does: commas between cells tell that it does not, tabs do not tell."""
    if sheet.separator == "\t" or (kind == "number" and not sheet.separator):
        return may_group_by_commas(texts)
    return kind == "money" and may_be_millions_and_a_part(texts)


def _amounts(sheet: Sheet, column: str) -> Iterator[str]:
    """Yield a column's texts, of a range its ends."""
    for text in _texts(sheet, column):
        yield from filter(None, range_of(text.strip()) or (text,))


def _texts(sheet: Sheet, column: str) -> Iterator[str]:
    return (cell for _, cells in sheet.rows if isinstance(cell := cells.get(column), str))


def read_cell(
    cells: Mapping[str, Cell], source: Source, kind: str, habits: Habits = _PLAIN
) -> tuple[Any, str]:
    """Read a field from a row: its value (None is missing) and the column it came from.

    Parameters
    ----------
    kind : str
        As :func:`kind_of` says, or "percentage": a number whose ``%`` sign may stand there.
    habits : Habits
        The table's; an amount in another currency than its notation's cannot be read.

    Raises
    ------
    LeftOpen, NoDay
        When the cell's words say that its value is not known, or not to the day.
    Unreadable
        When the cell is not of the field's kind.
    """
    if source.constant is not None:
        return source.constant, ""
    if source.joined:
        return _joined(cells, source), source.column[0]
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
            return _value(cell, text, column, source, kind, habits), column
        if source.other_values != "missing":
            unknown = unknown or Unreadable(f"one of the map's values: {listed(source.values)}")
    if unknown:
        raise unknown
    return None, source.column[0]


def _joined(cells: Mapping[str, Cell], source: Source) -> str | None:
    """Return the texts of a map's columns as one; None where all of them are empty."""
    texts = [as_shown(cells[column]).strip() for column in source.column if column in cells]
    text = " – ".join(one for one in texts if one and one not in source.ignore)
    return made_id(text) if text and source.make_id else text or None


def _value(cell: Cell, text: str, column: str, source: Source, kind: str, habits: Habits) -> Any:
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
        number = _number(cell, text, column, source, kind, habits)
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
    whole = as_shown(cell).strip()
    return made_id(whole) if source.make_id else whole


def _number(cell: Cell, text: str, column: str, source: Source, kind: str, habits: Habits) -> Decimal:
    factor, notation = source.unit_factor, habits.notation
    if isinstance(cell, Figure):
        return shown_number(cell, kind, notation.currency, factor) * Decimal(str(factor))
    if isinstance(cell, (int, float)):
        return Decimal(repr(cell)) * Decimal(str(factor))

    def read(one: str) -> Decimal:
        if habits.decimal_against and may_be_two(one):
            raise Unreadable(
                f"a number that is certain: {habits.decimal_against}; say in a map what a decimal begins with (decimal), or "
                "correct the cell"
            )
        mark = habits.decimals.get(column, habits.decimal)
        return number_of(one, kind, mark, notation.currency, notation.decimal, factor)

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
