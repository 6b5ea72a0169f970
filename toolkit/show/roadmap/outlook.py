"""What leadership gets: each goal's measure today, against its path, and with the plan by the goal's date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from toolkit.show.charts.goal_outlook import goal_outlook, outlook_message, value_of
from toolkit.show.page import Page
from toolkit.words import excerpt, joined

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory


def slide(story: RoadmapStory) -> Page | tuple[str, str] | None:
    """Return the slide, or what it needs; none where there are no goals, which the next slide says."""
    outlooks = story.outlooks
    if not outlooks:
        return None
    if all(one.way is None for one in outlooks):
        return (
            "What the goals’ measures say",
            "A measure for each goal, with its baseline and date, a target, and a reading now and then.",
        )
    title = outlook_message(outlooks, story.roadmap.kind == "optimised")
    return story.slide("outlook", title, *goal_outlook(story, outlooks, title))


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    for one in story.outlooks:
        if one.readings == 1:
            yield f"{excerpt(one.goal.name, 60)}: its pace rests on a single reading."
        if one.expected is not None and one.high is not None and one.low is not None:
            values = [value_of(one, one.value(share)) for share in (one.low, one.expected, one.high)]
            yield f"{excerpt(one.goal.name, 60)}: low, expected and high with the plan {joined(values)}."
