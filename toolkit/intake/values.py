"""One cell to one value: numbers, dates and words as people write them; never a guess."""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from toolkit.client.fields import ID_PATTERN, Share
from toolkit.intake.map_file import Source
from toolkit.intake.sheets import Cell
from toolkit.intake.workbook import NOT_COMPUTED

ISO_DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
ENGLISH_DATES = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%B %d %Y")
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_MONEY = re.compile(r"[$€£¥]|(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_SIGNS = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS"),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
}
_ERRORS = (
    *("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!"),
    NOT_COMPUTED,
)


class Unreadable(ValueError):
    """A cell that cannot be read; the text says what is allowed."""


@cache
def kind_of(model: type[BaseModel], field: str) -> str:
    """Return what a field holds: "number", "share" (0–1, may be written in %), "date" or "text"."""
    annotation = model.model_fields[field].annotation
    if Share in get_args(annotation):
        return "share"
    names = _base_names(annotation)
    if names & {float, int}:
        return "number"
    return "date" if date in names else "text"


def _base_names(annotation: Any) -> set[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _base_names(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return set().union(*map(_base_names, get_args(annotation)))
    return {annotation} if isinstance(annotation, type) else set()


def read_cell(
    cells: Mapping[str, Cell], source: Source, kind: str, decimal: str, currency: str = ""
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
    Unreadable
        When the cell is not of the field's kind.
    """
    if source.constant is not None:
        return source.constant, ""
    for column in source.column:
        cell = cells.get(column)
        text = "" if cell is None else str(cell).strip()
        if not text or text in source.ignore:
            continue
        if text in _ERRORS:
            raise Unreadable("a value, not a spreadsheet error")
        if source.values:
            return _word(text, source), column
        if kind in ("number", "share", "percentage"):
            number = _number(cell, text, kind, decimal, currency)
            return float(number * Decimal(str(source.unit_factor))), column
        if kind == "date":
            return _date(cell, text, source.dates), column
        return (made_id(text) if source.make_id else text), column
    return None, source.column[0]


def _word(text: str, source: Source) -> str | None:
    known = {theirs.casefold(): ours for theirs, ours in source.values.items()}
    if text.casefold() in known:
        return known[text.casefold()] or None
    if source.other_values == "missing":
        return None
    raise Unreadable(f"one of the map's values: {', '.join(source.values)}")


def _number(cell: Cell, text: str, kind: str, decimal: str, currency: str) -> Decimal:
    if isinstance(cell, (int, float)):
        return Decimal(repr(cell))
    for mark in _MONEY.findall(text):
        if currency != mark and currency not in _SIGNS.get(mark, ()):
            raise Unreadable(f"an amount in {currency}" if currency else "a number without a currency")
    bare = _SPACES.sub("", _MONEY.sub("", text))
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    share = bare.endswith("%")
    if share and kind == "number":
        raise Unreadable("a number without %")
    bare = bare.removesuffix("%")
    readings = {one for mark in (decimal or ".,") if (one := _written(bare, mark)) is not None}
    if len(readings) > 1:
        raise Unreadable("a number that is certain; say in the map what a decimal begins with (decimal)")
    if not readings:
        raise Unreadable("a number")
    number = readings.pop()
    return number / 100 if share and kind == "share" else number


def _written(bare: str, decimal: str) -> Decimal | None:
    """Return the number a text is when a decimal begins with ``decimal``, or None."""
    thousands = "," if decimal == "." else "."
    if re.fullmatch(rf"[-+]?[1-9]\d{{0,2}}(\{thousands}\d{{3}})+(\{decimal}\d+)?", bare, re.ASCII):
        bare = bare.replace(thousands, "")
    elif thousands in bare:
        return None
    bare = bare.replace(decimal, ".")
    plain = re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", bare, re.ASCII)
    return Decimal(bare) if plain else None


def _date(cell: Cell, text: str, formats: tuple[str, ...]) -> date:
    if isinstance(cell, date):
        return cell
    days = set()
    for form in (*ISO_DATES, *formats, *ENGLISH_DATES):
        try:
            days.add(datetime.strptime(" ".join(text.split()), form).date())
        except ValueError:
            continue
    if len(days) == 1:
        return days.pop()
    written = f", or written {', '.join(formats)}" if formats else ""
    certain = "; this one could be two days" if days else ""
    raise Unreadable(f"a date like 2027-01-31 or January 31, 2027{written}{certain}")


def made_id(text: str) -> str:
    """Return a text that is an id as it stands, so that other rows still find it; else an id made of it."""
    return text if ID_PATTERN.fullmatch(text) else slug_of(text)


def slug_of(text: str) -> str:
    """Make an id of a text: unaccented lower case, other characters to hyphens, at most 64 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9._]+", "-", plain).strip("-._")[:64].rstrip("-._")
    if not made:
        raise Unreadable("text with letters or digits to make an id of")
    return made
