"""What is typed into a field or a workbook's cell, read as in a file: 8 %, 80k, €120,000, 1,5, 30.06.2027; and what was understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from toolkit.client.calendar import in_files
from toolkit.client.schema import number_text
from toolkit.intake.amount import typed_number
from toolkit.intake.cell import Unreadable
from toolkit.intake.date import day_of, days_of
from toolkit.words import day, recorded_percent

_DIGITS = re.compile(r"(-?)(\d{4,})(\.\d+)?", re.ASCII)
_AS_IT_IS = re.compile(r"-?\d+(\.\d+)?|\d{4}-\d{2}-\d{2}", re.ASCII)
READ = ("amount", "number", "share", "date")  # the kinds of fields that are read here


def grouped(text: str) -> str:
    """Return an amount with its thousands set apart; anything else as it is."""
    found = _DIGITS.fullmatch(text)
    if not found or found[2].startswith("0"):
        return text
    return f"{found[1]}{int(found[2]):,}{found[3] or ''}"


def typed(text: str, kind: str, currency: str = "") -> str:
    """Return what was typed as the record has it; what is none, or could be two, as it is, so that it is asked about.

    Parameters
    ----------
    kind : str
        One of :data:`READ`, or "money": an amount where nothing sets thousands apart by itself, so that 350,000
        could be two. Text of any other kind is returned as it is.
    currency : str
        The client's, which may stand beside an amount.
    """
    bare = text.strip()
    if kind not in _READERS or not bare or (kind != "amount" and _AS_IT_IS.fullmatch(bare)):
        return text
    try:
        return _READERS[kind](bare, currency)
    except Unreadable:
        return text


def understood(text: str, kind: str, currency: str = "") -> str:
    """Return what was understood, where a person may have typed it otherwise: "= 350,000 EUR"; else an empty text."""
    value = typed(text, kind, currency)
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
    return f"= {grouped(value)} {currency if kind == 'amount' else ''}".rstrip()


def _number(kind: str, is_grouped: bool) -> Callable[[str, str], str]:
    def read(text: str, currency: str) -> str:
        number: Decimal = typed_number(text, is_grouped, kind, currency)
        return number_text(float(number))

    return read


def _day(text: str) -> str:
    days = set(days_of(" ".join(text.split())).values())
    return in_files(days.pop() if len(days) == 1 else day_of(text))


_READERS: dict[str, Callable[[str, str], str]] = {
    "amount": _number("money", True),
    "money": _number("money", False),
    "number": _number("number", False),
    "share": _number("share", False),
    "date": lambda text, _: _day(text),
}
