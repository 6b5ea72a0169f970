"""What the toolkit says when input cannot be used: every fault, with its place and its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

SHOWN_CHARACTERS = 120
MOST_TOLD = 500


def shown(value: object) -> str:
    """Return ``value`` as one safe line: control characters escaped, long text cut and counted.

    Clients' text reaches terminals through error messages, so escape sequences and
    direction overrides are made visible instead of being obeyed.
    """
    if value is None or value == "":
        return "nothing"
    whole = str(value)
    text = visible(whole[:SHOWN_CHARACTERS])  # a cell may be longer than memory has room to write out
    if len(text) > SHOWN_CHARACTERS or len(whole) > SHOWN_CHARACTERS:
        return f"{text[:SHOWN_CHARACTERS]}… ({len(whole)} characters)"
    return text


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with the input.

    Attributes
    ----------
    where : str
        File, and row and column or field.
    found : str
        The offending value, as it stands there.
    allowed : str
        What would be accepted, with its unit.
    remedy : str
        What the consultant should do.
    also : tuple of str
        The other places that it concerns, as ``where`` names them.
    """

    where: str
    found: str
    allowed: str
    remedy: str
    also: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def row(self) -> dict[str, str]:
        """Return its four texts by name, for a table or JSON."""
        return {
            "where": self.where,
            "found": self.found,
            "allowed": self.allowed,
            "remedy": self.remedy,
        }

    def __str__(self) -> str:
        return (
            f"{visible(self.where)}\n  found:   {shown(self.found)}\n"
            f"  allowed: {self.allowed}\n  do:      {self.remedy}"
        )


_NUMBERED = re.compile(r", (row|entry) (\d+)(?: \(([^)]*)\))?(?=, (?:column|field) |$)")
# What is told of one cause: different values, so many characters of each, and spans of rows or entries.
_FEW, _WIDEST, _MOST_PLACES = 3, 40, 10


def told_once(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults with those of one cause as one, where the first stands: in which rows or entries, and what they hold.

    One cause is one column or field for which the same is allowed and the same is to be done.
    """
    causes: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        place = _NUMBERED.sub(r", \1 *", fault.where)
        causes.setdefault((place, fault.allowed, fault.remedy), []).append(fault)
    return [told for same in causes.values() for told in _together(same)]


def _together(faults: Sequence[Fault]) -> Sequence[Fault]:
    """Return faults of one cause as one, where they stand at several rows or entries; else each as it is."""
    found_at = {fault.where: _NUMBERED.search(fault.where) for fault in faults}
    places = [place for place in found_at.values() if place]
    if len(places) < 2:
        return faults
    if places[0][1] == "row":
        listed, what = spans(sorted({int(place[2]) for place in places})), "rows"
    else:
        listed, what = list(dict.fromkeys(place[3] or place[2] for place in places)), "entries"
    values = [_cut(value) for value in dict.fromkeys(shown(fault.found) for fault in faults)]
    few = next((few for few in (_FEW, 2) if len(_first(values, few)) <= SHOWN_CHARACTERS), 1)
    many = f"{len(places):,} {what} ({_first(listed, _MOST_PLACES)})"
    where = _NUMBERED.sub(lambda _: f", {many}", faults[0].where)
    return [replace(faults[0], where=where, found=_first(values, few))]


def _cut(value: str) -> str:
    return value if len(value) <= _WIDEST else f"{value[: _WIDEST - 1]}…"


def _first(words: Sequence[str], most: int) -> str:
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more:,} more" if more > 0 else "")


def spans(numbers: Sequence[int]) -> list[str]:
    """Return whole numbers, in order, as spans such as "2–9"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [f"{low}" if low == high else f"{low}–{high}" for low, high in found]


def visible(where: str, keep: str = "") -> str:
    """Return text with its unprintable characters written out, so that it cannot steer a terminal."""
    return "".join(c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in where)


class AlignError(Exception):
    """Base of every error the toolkit raises on purpose; its text is fit for a consultant."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows instead of a traceback (IPython asks for it by this name)."""
        return visible(str(self), keep="\n").split("\n")


class InputError(AlignError):
    """Input that cannot be used.

    Attributes
    ----------
    faults : tuple of Fault
        Every fault found, not only the first, in a fixed order; the text tells the first 501 causes, each once.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        causes = told_once(self.faults)
        told = [str(fault) for fault in causes[: MOST_TOLD + 1]]  # a table may have 100,000 of them
        if more := len(causes) - len(told):
            told.append(
                f"and {more:,} more faults like these\n  do:      Correct those above, then try again."
            )
        super().__init__("\n".join(told))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)  # what goes to another process and back


class ConflictError(AlignError):
    """The record on disk is newer than the one about to be saved; nothing was written."""


class DeliverableError(AlignError):
    """A deliverable could not be made, or did not pass its checks; the last good one stands."""
