"""Where the money goes today, how that has changed, and how the plan's budget stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.show.charts.spending import budget_beside, complete_years, spending, spending_message, total
from toolkit.show.page import Exhibit, Page
from toolkit.words import money

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    years = complete_years(story.record)
    if not years:
        return (
            "Where the money goes today",
            "A year’s IT spending, split into run, grow, transform and protect.",
        )
    title = spending_message(story, years)
    beside = budget_beside(story, years[-1])
    heads = [
        Markup('<h3 class="minor">{}</h3>').format(part.title)
        for part in beside[:1]
        if isinstance(part, Exhibit)
    ]
    return story.slide("spend", title, spending(story, years, title, alone=not heads), *heads, *beside)


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    for year in complete_years(story.record):
        yield f"FY{year.year}: {money(total(year), story.currency)} in all, {money(year.run, story.currency)} of it to keep things running."
