"""Amounts as the form shows and takes them: 1,250,000 in groups of three, digits alone in the document."""

from __future__ import annotations

import re

from toolkit.client.schema import number_text
from toolkit.intake.amounts import typed_number
from toolkit.intake.cell import Unreadable

_PLAIN = re.compile(r"(-?)(\d{4,})(\.\d+)?", re.ASCII)


def grouped(text: str) -> str:
    """Return an amount with its thousands set apart; anything else as it is."""
    found = _PLAIN.fullmatch(text)
    if not found or found[2].startswith("0"):
        return text
    return f"{found[1]}{int(found[2]):,}{found[3] or ''}"


def plain(text: str) -> str:
    """Return an amount as digits alone, read as in a file (1.2m, 1 250 000); what is no number, or two, as it is.

    The form itself sets thousands apart with commas, so there they begin no decimal.
    """
    try:
        return number_text(float(typed_number(text)))
    except Unreadable:
        return text
