"""Amounts as the form shows and takes them: 1,250,000 in groups of three, digits alone in the document."""

from __future__ import annotations

import re

from toolkit.client.fields import TWO_NUMBERS, number_text
from toolkit.intake.amounts import number_of
from toolkit.intake.unreadable import Unreadable

_PLAIN = re.compile(r"(-?)(\d{4,})(\.\d+)?", re.ASCII)


def grouped(text: str) -> str:
    """Return an amount with its thousands set apart; anything else as it is."""
    found = _PLAIN.fullmatch(text)
    if not found or found[2].startswith("0"):
        return text
    return f"{found[1]}{int(found[2]):,}{found[3] or ''}"


def plain(text: str) -> str:
    """Return an amount as digits alone, read as in a file (1.2m, 1 250 000); what is no number, or two, as it is.

    The form itself sets thousands apart with commas, so there they never begin a decimal.
    """
    bare = text.strip()
    if TWO_NUMBERS.fullmatch(bare) and "." in bare:
        return text
    try:
        return number_text(float(number_of(bare, "money", ".")))
    except Unreadable:
        return text
