"""What a cell is that gives no value: one that cannot be read, or one whose own words leave it open."""

from __future__ import annotations

from functools import cache

# Casefolded; one that ends in * stands for every text that begins so.
MISSING_WORDS = (
    *("-", "--", "–", "—", "?", "n/a", "n.a.", "na", "n/d", "n.d.", "nd", "nfp", "not for publication"),
    *("tbd", "tba", "tbc", "to be determined", "to be confirmed", "to be announced", "to be decided"),
    *(
        "not available *",
        "not available",
        "unavailable",
        "not applicable",
        "not provided",
        "not stated",
        "not specified",
    ),
    *("not disclosed", "unknown", "none", "nil", "null", "no date", "withheld", "redacted"),
    *("exempt", "exempt under *", "exempted under *", "withheld under *", "commercial in confidence"),
    *("k.a.", "k. a.", "keine angabe", "offen", "unbekannt", "à déterminer", "à confirmer", "s.o.", "s/o"),
    *("non disponible", "inconnu", "por determinar", "no disponible", "da definire"),
)


class Unreadable(ValueError):
    """A cell that cannot be read; the text says what is allowed."""


class LeftOpen(Unreadable):
    """A cell whose own words say that its value is not known; what the record has stays as it is."""


class NoDay(LeftOpen):
    """A cell that says when, but not to the day or quarter that is wanted; what the record has no longer holds."""


def says_missing(text: str, extra: tuple[str, ...] = ()) -> bool:
    """Return whether a cell's words stand for "not available": by the general list, or by a map's own."""
    word = " ".join(text.casefold().split())
    whole, beginnings = _words(extra)
    return word in whole or word.startswith(beginnings)


@cache
def _words(extra: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    words = (*MISSING_WORDS, *(" ".join(one.casefold().split()) for one in extra))
    begin = tuple(one[:-1] for one in words if one.endswith("*"))
    return frozenset(one for one in words if not one.endswith("*")), begin
