"""What the business needs from IT, and how well each need is met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.html.markup import missing, paragraph, text_of
from toolkit.show.charts.need_gaps import need_gaps, needs_message, short_of
from toolkit.show.page import Page
from toolkit.words import inside, joined, score

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story


def page(story: AssessmentStory) -> Page:
    """Return the page; without scores of needs it says what they would take."""
    if not any(need.gap is not None for need in story.assessment.needs):
        asked = "The full or the executive questionnaire asks for the importance of four needs and the satisfaction with each."
        return story.sheet("needs", "What the business needs from IT has not been asked yet",
                           missing("No needs to show.", story.needed("needs", asked)))  # fmt: skip
    message = needs_message(story)
    return story.sheet(
        "needs", message, story.proxy_note(), needs_lead(story), need_gaps(story.assessment, message)
    )


def needs_lead(story: Story) -> Markup:
    """Return the paragraph above the needs."""
    rows = [n for n in story.assessment.needs if short_of(n)]
    names = [
        f"{inside(n.dimension.name)} (by {score(n.gap)})"
        for n in sorted(rows, key=lambda n: (-(n.gap or 0), n.dimension.id))
    ]
    said = (
        f"Short by half a point or more, widest first: {joined(names)}."
        if names
        else "No need is short by half a point or more."
    )
    return paragraph(text_of(said), css="lead")
