"""The decisions on the first and on the last slide, in the largest size in which all of them fit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from unicodedata import east_asian_width

from markupsafe import Markup

from toolkit.html.markup import text_of
from toolkit.show.decisions import Ask
from toolkit.words import excerpt, sentence

# Of a slide of 1280×720, in pixels, as deck.css sets it.
_TOP, _BOTTOM, _DRAFT_NOTE, _MARGINS = 46, 685, 150, 30
_KICKER, _KICKER_CHARACTERS = 24, 66
_TITLE, _TITLE_CHARACTERS = 42, 50


@dataclass(frozen=True)
class _Size:
    """How many characters of each part are shown, how many stand on a line, and how high a line is."""

    css: str
    what: int
    why: int
    cost: int
    who: int
    head: tuple[float, int]  # height of a line, characters on it
    text: tuple[float, int]
    gap: int

    def parts(self, ask: Ask) -> tuple[str, str, str]:
        """Return what is asked, why and at which cost, and who answers for it, each cut to size."""
        why = excerpt(ask.why, self.why) if self.why else ""
        said = " ".join(filter(None, (why, excerpt(ask.cost, self.cost)))) or excerpt(ask.why, 90)
        return sentence(excerpt(ask.what, self.what)), said, excerpt(ask.who, self.who)

    def height(self, ask: Ask) -> float:
        """Return how high an ask is."""
        what, said, who = self.parts(ask)
        text = sum(ceil(_width(part) / self.text[1]) for part in (said, who))
        return self.head[0] * ceil(_width(what) / self.head[1]) + self.text[0] * text + self.gap


def _width(text: str) -> float:
    """Return how wide a text is, in small letters: a capital is a third wider, a Chinese character twice as wide."""
    return sum(2.0 if east_asian_width(one) in "WF" else 4 / 3 if one.isupper() else 1.0 for one in text)


_LARGE = ((27.5, 74), (21.6, 110), 15)
_MEDIUM = ((23.8, 83), (19.3, 118), 9)
_SMALL = ((21.6, 90), (18.2, 126), 9)
_SIZES = (
    _Size("asks", 150, 240, 200, 140, *_LARGE),
    _Size("asks medium", 150, 240, 200, 140, *_MEDIUM),
    _Size("asks dense", 150, 240, 200, 140, *_SMALL),
    _Size("asks dense", 150, 150, 200, 110, *_SMALL),
    _Size("asks dense", 150, 80, 200, 110, *_SMALL),
    _Size("asks dense", 150, 0, 200, 110, *_SMALL),
    _Size("asks dense", 80, 0, 200, 110, *_SMALL),
)


def room_below(kicker: str, title: str, draft_note: bool) -> float:
    """Return how many pixels a title leaves for the decisions."""
    head = _KICKER * ceil(_width(kicker) / _KICKER_CHARACTERS) + _TITLE * ceil(
        _width(title) / _TITLE_CHARACTERS
    )
    return _BOTTOM - _TOP - head - _MARGINS - (_DRAFT_NOTE if draft_note else 0)


def asks_list(asks: Sequence[Ask], room: float) -> Markup:
    """Return the decisions as a list: in small type where large is too high, then with reasons cut short.

    What is asked and what it costs give way last.
    """
    size = next((size for size in _SIZES if sum(map(size.height, asks)) <= room + size.gap), _SIZES[-1])
    items = Markup("").join(
        Markup("<li><strong>{}</strong><span>{}</span><span>{}</span></li>").format(
            *map(text_of, size.parts(ask))
        )
        for ask in asks
    )
    return Markup('<ol class="{}">{}</ol>').format(size.css, items)


# Of the last slide: characters shown of what is asked and of who answers for it, the longest that fit coming first.
_TO_TAKE = ((150, 160), (150, 88), (124, 88), (124, 44), (62, 44))
_TO_TAKE_LINE, _TO_TAKE_WHO, _TO_TAKE_REST, _SIGNED = (22.1, 62), (18.2, 88), 41, 64


def decisions_to_take(asks: Sequence[Ask], room: float) -> Markup:
    """Return the decisions in the order of the first slide, each with boxes to tick, and room for a name and a date."""

    def height(ask: Ask, what: int, who: int) -> float:
        asked, answers_for_it = sentence(excerpt(ask.what, what)), excerpt(ask.who, who) if ask.who else ""
        return (
            _TO_TAKE_LINE[0] * ceil(_width(asked) / _TO_TAKE_LINE[1])
            + _TO_TAKE_WHO[0] * ceil(_width(answers_for_it) / _TO_TAKE_WHO[1])
            + _TO_TAKE_REST
        )

    what, who = next(
        (size for size in _TO_TAKE if sum(height(ask, *size) for ask in asks) <= room - _SIGNED), _TO_TAKE[-1]
    )
    items = Markup("").join(
        Markup('<li><strong>{}</strong><span class="who">{}</span>{}</li>').format(
            text_of(sentence(excerpt(ask.what, what))),
            text_of(excerpt(ask.who, who)) if ask.who else "",
            Markup(" ").join(
                Markup('<span class="box">☐ {}</span>').format(answer) for answer in ask.answers
            ),
        )
        for ask in asks
    )
    signed = Markup('<p class="signed"><span>Decided by</span><span>Date</span></p>')
    return Markup('<div><ol class="decide">{}</ol>{}</div>').format(items, signed)
