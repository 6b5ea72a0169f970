"""Changes proposed: what is asked for now, what it costs by year, and what happens if nobody decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.html.markup import missing
from toolkit.show.page import Page
from toolkit.show.roadmap.decisions import asks_title, decisions_table

if TYPE_CHECKING:
    from toolkit.show.review_story import ReviewStory


def slide(story: ReviewStory) -> Page:
    """Return the slide: the deck's own list of decisions, so that both ask for the same."""
    if not story.asks:
        wants = "Goals, initiatives and a budget in the record."
        return story.slide("proposed", "No change is proposed", missing("Nothing to decide.", wants))
    title = asks_title(story, " proposed")
    return story.slide("proposed", title, *decisions_table(story, title, 10))
