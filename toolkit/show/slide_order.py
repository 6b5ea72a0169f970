"""Where the slides of a deck stand: the house's order, or the consultant's, and the sections that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from toolkit.client.deck import ALWAYS_SHOWN, COVER, LAST, Deck

APPENDIX = "Appendix"


@dataclass(frozen=True)
class Slot:
    """A slide's place in the deck.

    Attributes
    ----------
    key : str
        The slide's key.
    section : str
        The section that it belongs to.
    moved : bool
        Whether the consultant has put it, or the slide that it stands behind, before others.
    """

    key: str
    section: str
    moved: bool = False


def own_key(number: int) -> str:
    """Return the key of the consultant's own slide of this number, from 1 in the order of ``client.yaml``."""
    return f"own-{number}"


def slots(deck: Deck, sections: Mapping[str, str]) -> tuple[Slot, ...]:
    """Return the places of all slides that are not left out, in order.

    The cover stands first, then what ``order`` names, then the rest; what asks for decisions stays whatever the deck
    says. A slide of the consultant's own stands behind its slide, or where that one would stand.

    Parameters
    ----------
    sections : mapping
        Each slide's section, in the house's order.
    """
    first = [key for key in dict.fromkeys(deck.order) if key not in (COVER, LAST)]
    rest = [key for key in sections if key != COVER and key not in first]
    gone = set(deck.leave_out) - set(ALWAYS_SHOWN)
    out: list[Slot] = []
    for key in (COVER, *first, *rest):
        moved = key in first
        if key not in gone:
            out.append(Slot(key, sections[key], moved))
        section = APPENDIX if key == LAST else sections[key]
        out += [Slot(own_key(n), section, moved) for n, own in enumerate(deck.own, 1) if own.after == key]
    return tuple(out)


def sections_of(shown: Sequence[Slot]) -> dict[str, str]:
    """Return the section that each slide shown stands in, by its key; each section is one run of slides.

    A slide that was moved away from others of its section stands in that of the slide before it, else in the next one.
    """
    whole = _in_one_run(shown)
    kept = [slot.section if not slot.moved or slot.section in whole else "" for slot in shown]
    before = next(filter(None, kept), "")
    out: dict[str, str] = {}
    for slot, section in zip(shown, kept, strict=True):
        before = section or before
        out[slot.key] = "" if slot.key == COVER else before
    return out


def _in_one_run(shown: Iterable[Slot]) -> set[str]:
    """Return the sections all of whose slides follow each other; never the appendix, which is behind the others."""
    runs = [section for section, _ in groupby(slot.section for slot in shown)]
    return {section for section in runs if runs.count(section) == 1} - {APPENDIX}
