"""Meetings of both leaderships: how many that were to be were held, and in how many both sides sat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toolkit.client.schema import Facts
from toolkit.words import capital, count, day, number_word


@dataclass(frozen=True)
class MeetingsHeld:
    """The meetings whose day was over on a date, of which the record says whether they were held.

    Attributes
    ----------
    due, held, both : int
        How many were to be held, how many were, and in how many of those somebody of each side is on record.
    first : date
        The day of the earliest of them.
    """

    due: int
    held: int
    both: int
    first: date

    @property
    def share(self) -> float:
        """The share held, 0 to 1."""
        return self.held / self.due

    @property
    def said(self) -> str:
        """How many were held, as a sentence: "Since 14 January 2026, eight of nine meetings of both leaderships were held"."""
        since = f"since {day(self.first)}, {number_word(self.held)} of {count(self.due, 'meeting')} of both leaderships"
        held = f"{capital(since)} {'was' if self.held == 1 else 'were'} held"
        if not self.held:
            return f"{held}."
        if self.both == self.held:
            return f"{held}, with both sides there."
        return f"{held}; both sides are recorded as present at {number_word(self.both)}."


def meetings_held(facts: Facts, as_of: date) -> MeetingsHeld | None:
    """Count the meetings up to a day; None where of none it is on record whether it was held."""
    known = [one for one in facts.meetings if one.status and one.date <= as_of]
    if not known:
        return None
    return MeetingsHeld(
        len(known), sum(one.status == "held" for one in known), sum(one.both_sides for one in known),
        min(one.date for one in known),
    )  # fmt: skip
