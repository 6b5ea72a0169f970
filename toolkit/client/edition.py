"""Editions: for whom documents are made, whether they are final, and what a board is spared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from toolkit.errors import Fault, InputError, shown
from toolkit.method import REPORT_PAGES
from toolkit.words import joined, quoted

if TYPE_CHECKING:
    from toolkit.client.deck import Deck, SlideKey

Edition = Literal["draft", "leadership", "board"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)
DRAFT: Edition = "draft"
LEADERSHIP: Edition = "leadership"
BOARD: Edition = "board"
# A board decides on aims, money and risks: how business and IT see each other, and how the plan was chosen, it is spared.
SPARED_SLIDES: tuple[SlideKey, ...] = (
    "goals", "perception", "together", "needs", "cost", "spend", "ranked", "people", "waiting",
)  # fmt: skip
# The appendix stays, which says what was adjusted and why, and how sure it all is; its trace from goals to work goes.
SPARED_PAGES = ("needs", "symptoms", "causes", "goals", "spend")


def edition_of(name: str) -> Edition:
    """Return the edition of that name; raise InputError where there is none."""
    for one in EDITIONS:
        if one == name:
            return one
    raise InputError([Fault("edition", shown(name), f"one of: {', '.join(EDITIONS)}", "Write one of these.")])


def deck_of(deck: Deck, edition: Edition) -> Deck:
    """Return a client's deck as an edition has it.

    A board's goes without the slides that a board is spared, and without the consultant's own behind those.
    """
    if edition != BOARD:
        return deck
    leave_out = tuple(dict.fromkeys((*deck.leave_out, *SPARED_SLIDES)))
    own = tuple(one for one in deck.own if one.after not in SPARED_SLIDES)
    return deck.model_copy(update={"leave_out": leave_out, "own": own})


def pages_of(edition: Edition) -> tuple[str, ...]:
    """Return the keys of the assessment's pages that an edition shows, in order."""
    return tuple(key for key in REPORT_PAGES if edition != BOARD or key not in SPARED_PAGES)


def board_is_spared() -> str:
    """Say which slides and pages the board's edition leaves out."""
    return (
        f"The board’s edition leaves out of the deck: {joined(SPARED_SLIDES)}, and your own slides behind these; of the "
        f"assessment: {spared_pages()}. The presenter’s notes to the cover say what the slides would show."
    )


def spared_pages() -> str:
    """Name the assessment's pages that a board is spared, and what it is spared of the last one."""
    return joined(
        [*(quoted(REPORT_PAGES[key]) for key in SPARED_PAGES), "the appendix’s trace from goals to work"]
    )
