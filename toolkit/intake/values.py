"""One cell to one value: numbers, dates and words as people write them; never a guess."""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from toolkit.intake.map_file import Source
from toolkit.intake.sheets import Cell

ENGLISH_DATES = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%B %d %Y")
_MONEY = re.compile(r"[\s\u00a0\u202f'’]|[$€£¥]|\b[A-Z]{3}\b")
_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


class Unreadable(ValueError):
    """A cell that cannot be read; the text says what is allowed."""


def kind_of(model: type[BaseModel], field: str) -> str:
    """Return what a field holds: "number", "date" or "text"."""
    names = _base_names(model.model_fields[field].annotation)
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


def read_cell(cells: Mapping[str, Cell], source: Source, kind: str, decimal: str) -> tuple[Any, str]:
    """Read a field from a row: its value (None is missing) and the column it came from.

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
        if kind == "number":
            return _number(cell, text, decimal) * source.unit_factor, column
        if kind == "date":
            return _date(cell, text, source.dates), column
        return (slug_of(text) if source.make_id else text), column
    return None, source.column[0]


def _word(text: str, source: Source) -> str | None:
    known = {theirs.casefold(): ours for theirs, ours in source.values.items()}
    if text.casefold() in known:
        return known[text.casefold()] or None
    if source.other_values == "missing":
        return None
    raise Unreadable(f"one of the map's values: {', '.join(source.values)}")


def _number(cell: Cell, text: str, decimal: str) -> float:
    if isinstance(cell, (int, float)):
        return float(cell)
    bare = _MONEY.sub("", text)
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    share = bare.endswith("%")
    bare = bare.rstrip("%")
    thousands = "," if decimal == "." else "."
    if re.fullmatch(rf"[-+]?\d{{1,3}}(\{thousands}\d{{3}})+(\{decimal}\d+)?", bare):
        bare = bare.replace(thousands, "")
    bare = bare.replace(decimal, ".") if decimal == "," else bare
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", bare):
        raise Unreadable("a number")
    return float(bare) / 100 if share else float(bare)


def _date(cell: Cell, text: str, formats: tuple[str, ...]) -> date:
    if isinstance(cell, date):
        return cell
    for form in ("%Y-%m-%d", *formats, *ENGLISH_DATES):
        try:
            return datetime.strptime(" ".join(text.split()), form).date()
        except ValueError:
            continue
    written = f", or written {', '.join(formats)}" if formats else ""
    raise Unreadable(f"a date like 2027-01-31 or January 31, 2027{written}")


def slug_of(text: str) -> str:
    """Make an id of a text: unaccented lower case, other characters to hyphens, at most 64 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9._]+", "-", plain).strip("-._")[:64].rstrip("-._")
    if not made:
        raise Unreadable("text with letters or digits to make an id of")
    return made
