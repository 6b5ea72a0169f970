"""What the toolkit says when input cannot be used: every fault, with its place and its remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
    """

    where: str
    found: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        return (
            f"{visible(self.where)}\n  found:   {shown(self.found)}\n"
            f"  allowed: {self.allowed}\n  do:      {self.remedy}"
        )


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
        Every fault found, not only the first, in a fixed order; the text tells of the first 501.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        told = [str(fault) for fault in self.faults[: MOST_TOLD + 1]]  # a table may have 100,000 of them
        if more := len(self.faults) - len(told):
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
