"""How a table is written, read off its whole columns: the order of day and month, what a decimal begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.intake.amounts import may_group_by_points, needs_comma
from toolkit.intake.days import order_of
from toolkit.intake.map_file import ImportMap, Source
from toolkit.intake.sheets import Sheet
from toolkit.intake.values import Habits


def habits_of(
    sheet: Sheet,
    mapping: ImportMap,
    present: Mapping[str, Source],
    kinds: Mapping[str, str],
    first_month: int,
) -> Habits:
    """Return a table's habits.

    Parameters
    ----------
    kinds : mapping
        What each field holds.
    first_month : int
        Month in which the client's fiscal years begin.
    """
    orders, decimals = {}, {}
    for field, source in present.items():
        for column in source.column:
            if kinds[field] in ("date", "quarter") and not source.dates:
                orders[column] = order_of(_texts(sheet, column)) or mapping.dates
            # A comma may begin a decimal there, or a point a group: then only what can be but one number is read.
            elif (
                kinds[field] in ("number", "money", "share")
                and not mapping.decimal
                and sheet.decimal_mark("") == "."
                and (
                    needs_comma(_texts(sheet, column))
                    or (kinds[field] != "share" and may_group_by_points(_texts(sheet, column)))
                )
            ):
                decimals[column] = ""
    return Habits(orders, decimals, mapping.missing_words, first_month)


def _texts(sheet: Sheet, column: str) -> Iterator[str]:
    return (cell for _, cells in sheet.rows if isinstance(cell := cells.get(column), str))
