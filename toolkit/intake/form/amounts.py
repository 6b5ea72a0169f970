"""Amounts as the form shows and takes them: 1,250,000 in groups of three, digits alone in the document."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"(-?)(\d{4,})(\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)


def grouped(text: str) -> str:
    """Return an amount with its thousands set apart; anything else as it is."""
    found = _PLAIN.fullmatch(text)
    if not found or found[2].startswith("0"):
        return text
    return f"{found[1]}{int(found[2]):,}{found[3] or ''}"


def plain(text: str) -> str:
    """Return an amount in groups of three as digits alone; anything else as it is."""
    bare = text.strip()
    return bare.replace(",", "") if _GROUPED.fullmatch(bare) else text
