"""How a table is written, read off its whole columns: the order of day and month, what a decimal begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date

from toolkit.client.models import Profile
from toolkit.errors import shown as shown_text
from toolkit.intake.amount import against as contradicting
from toolkit.intake.amount import (
    may_be_millions_and_a_part,
    may_group_by_commas,
    may_group_by_points,
    needs_comma,
    needs_point,
    range_of,
)
from toolkit.intake.cell import Unreadable, as_shown
from toolkit.intake.date import MONTH_FIRST, days_of, is_pointed, order_of
from toolkit.intake.mapping import ImportMap, Source
from toolkit.intake.table import Sheet
from toolkit.intake.values import DATED, Habits, completion

_IN_MAP = "--dates or the map says otherwise; correct that cell, leave --dates out"
_IN_PROFILE = "the client's profile (date_order) says otherwise; correct that cell, name the order of this table with --dates"


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
    dated = [
        column
        for field, source in present.items()
        if kinds[field] in DATED and not source.dates
        for column in source.column
    ]
    shown = {column: order_of(_texts(sheet, column)) for column in dated}
    told = mapping.dates or profile.date_order or ""
    orders = {column: shown[column] or told for column in dated}
    against = {
        column: _shows_otherwise(sheet, column, told)
        for column in dated
        if told and shown[column] not in ("", told)
    }
    swapped = {column for column in dated if _may_be_swapped(sheet, column)}
    decimal_told, decimal_against = decimal_of_profile(
        profile, mapping, {column: list(_amounts(sheet, column)) for column in _numeric(present, kinds)}
    )
    certain = mapping.decimal or profile.decimal or sheet.decimal_mark("") != "."
    decimals = {} if certain else _decimals(sheet, present, kinds)
    done = {column for source in present.values() if source.percent_done for column in source.column}
    wholes = {column: whole for column in done if (whole := _whole_of(sheet, column))}
    signed = {
        column
        for field, source in present.items()
        if kinds[field] in ("share", "number")
        for column in source.column
        if any(as_shown(cells[column]).strip().endswith("%") for _, cells in sheet.rows if column in cells)
    }
    return Habits(
        orders,
        decimals,
        swapped,
        signed,
        wholes,
        mapping.missing_words,
        profile.fiscal,
        against,
        _IN_MAP if mapping.dates else _IN_PROFILE,
        decimal_told,
        decimal_against,
    )


def _shows_otherwise(sheet: Sheet, column: str, order: str) -> str:
    """Return the first cell of a column that is a day in figures, and none in this order."""
    return next(
        text
        for text in _texts(sheet, column)
        if (named := days_of(" ".join(text.split()))) and order not in named and "" not in named
    )


def decimal_of_profile(
    profile: Profile, mapping: ImportMap, texts: Mapping[str, Sequence[str]]
) -> tuple[str, str]:
    """Return what a decimal begins with by the profile, and the cell of ``texts``, by column, that contradicts it.

    Nothing is told where a map says it, nor where a cell contradicts: what one cell shows holds for the whole table.
    """
    if mapping.decimal or not profile.decimal:
        return "", ""
    for column, cells in texts.items():
        if cell := contradicting(cells, profile.decimal):
            return "", (
                f"{shown_text(cell)} in column {shown_text(column)} shows that decimals do not begin with a "
                f"{profile.decimal_mark} here, and the client's profile (decimal_mark) says that they do"
            )
    return profile.decimal, ""


def decimals_remark(habits: Habits) -> list[str]:
    """Return how a table contradicts what the profile says of decimals, as a sentence; none where it does not."""
    if not habits.decimal_against:
        return []
    said = habits.decimal_against[0].upper() + habits.decimal_against[1:]
    return [f"{said}: of what could be two numbers, none was taken."]


def _numeric(present: Mapping[str, Source], kinds: Mapping[str, str]) -> Iterator[str]:
    return (
        column
        for field, source in present.items()
        if kinds[field] in ("number", "money", "share")
        for column in source.column
    )


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


def _decimals(sheet: Sheet, present: Mapping[str, Source], kinds: Mapping[str, str]) -> dict[str, str]:
    """Return the columns in which a comma may begin a decimal, or a point a group: only what can be but one number is
    read there.

    What one column shows holds for all of them, for whoever writes 0,1 in one means 1.25 by 1,250 in the next.
    """  # fmt: skip
    columns = {
        column: (kinds[field], list(_amounts(sheet, column)))
        for field, source in present.items()
        if kinds[field] in ("number", "money", "share")
        for column in source.column
    }
    by_comma = any(needs_comma(texts) for _, texts in columns.values())
    by_point = any(needs_point(texts) for _, texts in columns.values())
    return {
        column: ""
        for column, (kind, texts) in columns.items()
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
