"""What is typed into a field or a workbook's cell, read as in a file: 8 %, 80k, €120,000, 1,5, 30.06.2027; and what was understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from toolkit.client.calendar import in_files
from toolkit.client.field_types import label_of, number_text
from toolkit.client.schema import Profile, decimal_of
from toolkit.intake.amount import may_be_two, typed_number
from toolkit.intake.cell import Unreadable
from toolkit.intake.date import DAY_FIRST, MONTH_FIRST, day_of, days_of
from toolkit.words import day, recorded_percent

_ONCE = "Or choose once, in the section Company, “{}”."
_SWAPPED = str.maketrans(",.", ".,")
_DIGITS = re.compile(r"(-?)(\d{4,})(\.\d+)?", re.ASCII)
_AS_IT_IS = re.compile(r"-?\d+(\.\d+)?|\d{4}-\d{2}-\d{2}", re.ASCII)
READ = ("amount", "number", "share", "date")  # the kinds of fields that are read here


@dataclass(frozen=True)
class Notation:
    """How a client writes, as its profile says; "" where it does not.

    Attributes
    ----------
    currency : str
        What may stand beside an amount.
    decimal : str
        What a decimal begins with.
    dates : str
        What comes first in dates in figures, as :mod:`toolkit.intake.date` has it.
    """

    currency: str = ""
    decimal: str = ""
    dates: str = ""


PLAIN = Notation()


def notation_of(profile: Mapping[str, object]) -> Notation:
    """Return the notation of a profile as a draft holds it."""
    dates = str(profile.get("date_order") or "")
    mark = decimal_of(profile.get("decimal_mark"))
    return Notation(
        str(profile.get("currency") or ""), mark, dates if dates in (DAY_FIRST, MONTH_FIRST) else ""
    )


def grouped(text: str, decimal: str = "") -> str:
    """Return an amount with its thousands set apart, by points where decimals begin with a comma; else as it is."""
    found = _DIGITS.fullmatch(text)
    if not found or found[2].startswith("0"):
        return text
    number = f"{found[1]}{int(found[2]):,}{found[3] or ''}"
    return number.translate(_SWAPPED) if decimal == "," else number


def typed(text: str, kind: str, notation: Notation = PLAIN) -> str:
    """Return what was typed as the record has it; what is none, or could be two, as it is, so that it is asked about.

    Parameters
    ----------
    kind : str
        One of :data:`READ`, or "money": an amount where nothing sets thousands apart by itself, so that 350,000
        could be two. Text of any other kind is returned as it is.
    """
    bare = text.strip()
    as_it_is = kind != "amount" and _AS_IT_IS.fullmatch(bare)
    if kind not in _READERS or not bare or (as_it_is and not (kind == "number" and notation.decimal == ",")):
        return text
    try:
        return _READERS[kind](bare, notation)
    except Unreadable:
        return text


def understood(text: str, kind: str, notation: Notation = PLAIN) -> str:
    """Return what was understood, where a person may have typed it otherwise: "= 350,000 EUR"; else an empty text."""
    value = typed(text, kind, notation)
    if (
        kind not in READ
        or value in (text, text.strip())
        or (kind == "amount" and grouped(value) == text.strip())
    ):
        return ""
    if kind == "date":
        return f"= {day(date.fromisoformat(value))}"
    if kind == "share":
        return f"= {recorded_percent(float(value))}"
    return f"= {grouped(value)} {notation.currency if kind == 'amount' else ''}".rstrip()


def once_said(text: str, kind: str, notation: Notation) -> str:
    """Return what to say once in the profile so that a text which could be two numbers or days is read; else ""."""
    bare = text.strip()
    if kind in ("amount", "number") and not notation.decimal and may_be_two(bare):
        return _ONCE.format(label_of(Profile, "decimal_mark").text) if typed(text, kind) == text else ""
    if kind == "date" and not notation.dates and len(set(days_of(" ".join(bare.split())).values())) > 1:
        return _ONCE.format(label_of(Profile, "date_order").text)
    return ""


def _number(kind: str, is_grouped: bool) -> Callable[[str, Notation], str]:
    def read(text: str, notation: Notation) -> str:
        number: Decimal = typed_number(text, is_grouped, kind, notation.currency, notation.decimal)
        return number_text(float(number))

    return read


def _day(text: str, notation: Notation) -> str:
    days = set(days_of(" ".join(text.split())).values())
    return in_files(days.pop() if len(days) == 1 else day_of(text, order=notation.dates))


_READERS: dict[str, Callable[[str, Notation], str]] = {
    "amount": _number("money", True),
    "money": _number("money", False),
    "number": _number("number", False),
    "share": _number("share", False),
    "date": _day,
}
