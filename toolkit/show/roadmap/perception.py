"""Where business and IT see things differently, and where both score low."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from toolkit.html.fonts import cut_to, lines_of
from toolkit.html.markup import paragraph, text_of
from toolkit.show.canvas import SLIDE
from toolkit.show.charts.dumbbells import areas_message, dumbbells
from toolkit.show.page import Page
from toolkit.show.sides import adjusted_scores, statements_of, survey_wanted
from toolkit.words import UNKNOWN, capital, count

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory

# What a paragraph below the chart takes: the space above it, a line, and the line of a note, in pixels.
_SPACE, _LINE, _NOTE_LINE = 12.0, 26.0, 24.0


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    a = story.assessment
    if not a.scored:
        return "How business and IT see each other", survey_wanted(story)
    message = areas_message(story)
    split = " ".join(statements_of(story, "disagreement within"))
    said = cut_to(split, 18, 1120, 2 if lines_of(message, 29, 1130, 600) == 1 else 1)
    said, note = "" if a.proxy else said, _adjusted(story)
    high = (_SPACE + _LINE * lines_of(said, 18, 1120) if said else 0) + (_SPACE + _NOTE_LINE if note else 0)
    chart = dumbbells(
        a, a.areas, "areas", message, ("weak", "strong"), width=SLIDE, benchmark=story.benchmark, below=high
    )
    below = [paragraph(text_of(text), css=css) for text, css in ((said, "so"), (note, "note")) if text]
    return story.slide("perception", message, story.proxy_note(260), chart, *below)


def _adjusted(story: RoadmapStory) -> str:
    """Say in one line which of the scores drawn the consultant adjusted, or how many; "" where none is."""
    adjusted = adjusted_scores(story, story.assessment.areas)
    if not adjusted:
        return ""
    where = "adjusted by the consultant, reasons in the assessment’s appendix"
    note = f"{capital(where)}: {'; '.join(adjusted)}."
    if lines_of(note, 16, 1120) == 1:
        return note
    return f"{capital(count(len(adjusted), 'score'))} {'is' if len(adjusted) == 1 else 'are'} {where}."


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    for one in story.assessment.groups:
        answered = UNKNOWN if one.answered is None else f"{one.answered:,}"
        of = f" of {one.invited:,} invited" if one.invited else ""
        yield f"{one.label}: answered {answered}{of}.{'' if one.shown else ' ' + one.hidden_because}"
    yield from _how_sure(story)


def _how_sure(story: RoadmapStory) -> Iterable[str]:
    """Explain the words that the slide's differences bear, and no others."""
    gaps = [area.gap for area in story.assessment.scored if area.gap]
    told = {
        "clear difference": "A difference called clear is one that chance alone would seldom make",
        "likely difference": "one called likely is less sure",
        "too close to call": "one too close to call may be chance",
    }
    words_used = {gap.word for gap in gaps}
    parts = [text for word, text in told.items() if word in words_used]
    if parts:
        yield f"{capital('; '.join(parts))}."
    yield from (
        f"{capital(why)}."
        for why in sorted({gap.because for gap in gaps if gap.word is None and gap.because})
    )
