"""Promises kept: what was promised in earlier rounds and how it stands, what was decided and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.assess.meetings import meetings_held
from toolkit.html.markup import missing, paragraph, text_of
from toolkit.show.canvas import room_below
from toolkit.show.page import Page
from toolkit.show.report.since import promises_kept
from toolkit.show.roadmap.short_tables import columns
from toolkit.show.roadmap.since import decided, promised
from toolkit.words import capital, count, number_word

if TYPE_CHECKING:
    from toolkit.show.review_story import ReviewStory


def slide(story: ReviewStory) -> Page:
    """Return the slide; without anything promised or decided it says what it would take."""
    a = story.assessment
    met = meetings_held(story.record.facts, a.as_of)
    below = [paragraph(text_of(met.said), css="so")] if met else []
    if not (a.promises or a.decided):
        wants = "Actions with two owners and a date, and decisions, in the record of an earlier round."
        title = "Nothing promised or decided earlier is on record"
        return story.slide("promises", title, missing("Nothing to look back on yet.", wants), *below)
    title = _title(story)
    room = room_below(title, 60 if met else 0)
    return story.slide("promises", title, columns([[promised(story)], [decided(story)]], room), *below)


def _title(story: ReviewStory) -> str:
    """Say how many promises were kept, and how many are overdue."""
    a = story.assessment
    if not a.promises:
        return f"{capital(count(len(a.decided), 'decision'))} taken so far, and no action promised"
    late = sum(one.state == "overdue" for one in a.promises)
    said = promises_kept(a)
    if late and len(a.promises) > 1:
        said += f"; {number_word(late)} {'is' if late == 1 else 'are'} overdue"
    return capital(said)
