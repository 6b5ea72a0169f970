"""The roadmap's deck as the consultant wants it: slides left out, put first, and added."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from toolkit.client.field_types import Contradiction, Kind, Label, Name, Row, SlideTitle, Text
from toolkit.html.fonts import lines_of
from toolkit.html.prose import prose_height
from toolkit.words import joined

SlideKey = Literal[
    "cover", "decisions", "outlook", "goals", "measures", "perception", "together", "needs", "cost", "risks", "spend", "ranked", "plan", "case",
    "money", "people", "since", "gaps", "first", "tradeoffs", "waiting",
]  # fmt: skip
SLIDES: tuple[str, ...] = get_args(SlideKey)
COVER, LAST = (
    "cover",
    "first",
)  # of the main part, which ends with the decisions to tick; the appendix follows
# The slides that ask for decisions, and the one that says what the plan could not know.
ALWAYS_SHOWN = (COVER, "decisions", "gaps", LAST)
MOST_OWN = 12
# A slide's text, in pixels as templates/deck/deck.css sets it, beside a picture and alone; and its words.
TYPE, LINE = 18, 24.3
WIDE, BESIDE = 1000, 562
MOST_WORDS, MOST_WORDS_BESIDE = 220, 100
_ROOM, _TITLE_LINE, _SOURCE = 604, 35, 36

# As it stands in client.yaml, so that it can be found there before the file is understood.
PICTURE = r"slides/[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\.(?:png|jpe?g|PNG|JPE?G)"
_PICTURE_FILE = re.compile(PICTURE)
_NAMED = re.compile(rb"(?<![A-Za-z0-9_./-])" + PICTURE.encode())


def is_picture_file(name: str) -> bool:
    """Tell whether a path within a client's folder can be that of a slide's picture."""
    return _PICTURE_FILE.fullmatch(name) is not None


def pictures_named(facts: bytes) -> list[str]:
    """Return the pictures that a ``client.yaml`` may mean, sorted: every path in it that can be a picture's."""
    return sorted({name.decode() for name in _NAMED.findall(facts)})


class OwnSlide(Row):
    """A slide of the consultant's own, behind the slide ``after``.

    Where that slide is not shown, it stands where that one would. After ``first`` it begins the appendix.
    """

    noun: ClassVar = "slide"
    key: ClassVar = ("title",)

    title: Annotated[SlideTitle, Label("Title", "What we learned at the plant visit")]
    after: Annotated[SlideKey, Label("Behind the slide")]
    text: Annotated[Text | None, Label("Text", "paragraphs, lists, **bold**, *italics*")] = None
    picture: Annotated[
        Annotated[
            str,
            Field(pattern=f"^{PICTURE}$"),
            Kind(
                "a PNG or JPEG file in the client's folder slides, such as slides/plant.png",
                "Put the picture into the folder slides, under a name of letters a–z, digits, '.', '-' and '_'.",
            ),
        ]
        | None,
        Label("Picture", "slides/plant.png"),
    ] = None
    alt: Annotated[Name | None, Label("What the picture shows, for who cannot see it")] = None
    source: Annotated[
        Annotated[Name, Field(max_length=150)] | None, Label("Source", "Plant visit, 12 August 2026")
    ] = None

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a slide that shows nothing, a picture without its description, and more text than a slide holds."""
        if not self.text and not self.picture:
            yield Contradiction(
                "text",
                "nothing, and no picture",
                "a text, a picture, or both",
                "Write one, or remove the slide.",
            )
        if self.picture and not self.alt:
            yield Contradiction(
                "alt",
                "nothing, beside a picture",
                "what the picture shows, in a sentence",
                "Write it for those who cannot see the picture.",
            )
        if self.text:
            yield from self._too_much(self.text)

    def _too_much(self, text: str) -> Iterator[Contradiction]:
        words, most = len(text.split()), MOST_WORDS_BESIDE if self.picture else MOST_WORDS
        where = "beside a picture" if self.picture else "on a slide"
        remedy = "Shorten it, or make two slides of it."
        if words > most:
            yield Contradiction("text", f"{words} words", f"at most {most} words {where}", remedy)
            return
        high = prose_height(text, TYPE, LINE, BESIDE if self.picture else WIDE)
        room = _ROOM - _TITLE_LINE * lines_of(self.title, 29, 1130, 600) - _SOURCE
        if high > room:
            found, allowed = (f"{int(pixels // LINE)} lines" for pixels in (high + LINE - 1, room))
            yield Contradiction("text", found, f"at most {allowed} {where} below this title", remedy)


_ShownSlides = Annotated[
    tuple[SlideKey, ...],
    Kind(f"a list of slides' keys: {', '.join(SLIDES)}", "Write keys in brackets: [needs, spend]."),
]


class Deck(Row):
    """What differs from the deck as it comes: slides left out, slides put first, slides of one's own.

    ``order`` names the slides that follow the cover, in this order; the rest keep theirs.
    """

    leave_out: Annotated[_ShownSlides, Label("Slides left out", "needs; spend")] = ()
    order: Annotated[_ShownSlides, Label("Slides that come first", "decisions; money; plan")] = ()
    own: Annotated[
        tuple[OwnSlide, ...],
        Field(max_length=MOST_OWN),
        Kind(f"a list of at most {MOST_OWN} slides", "Begin each slide with '- title:'."),
        Label("Slides of one’s own"),
    ] = ()

    @property
    def pictures(self) -> frozenset[str]:
        """The paths of the pictures that its slides show."""
        return frozenset(one.picture for one in self.own if one.picture)

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield slides that may not be left out or moved, and keys that stand twice."""
        for key in dict.fromkeys(self.leave_out):
            if key in ALWAYS_SHOWN:
                yield Contradiction(
                    "leave_out",
                    key,
                    f"slides other than {joined(ALWAYS_SHOWN)}, which ask for the decisions and say what is not known",
                    f"Take {key} out of leave_out; leadership has to see it.",
                )
        for key in dict.fromkeys(self.order):
            if key in (COVER, LAST):
                yield Contradiction(
                    "order",
                    key,
                    f"slides other than {COVER}, which stands first, and {LAST}, which ends the main part",
                    f"Take {key} out of order.",
                )
            elif key in self.leave_out:
                remedy = "Take it out of one of the two."
                yield Contradiction(
                    "order", f"{key}, which leave_out leaves out", "slides that are shown", remedy
                )
        yield from _twice("leave_out", self.leave_out)
        yield from _twice("order", self.order)


def _twice(field: str, keys: Sequence[str]) -> Iterator[Contradiction]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Contradiction(
                field, f"{key}, {times} times", "each slide once", "Keep it where it belongs."
            )
