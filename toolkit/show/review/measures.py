"""KPIs against their path: each measure's readings beside a straight line from its baseline to its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.assess.measure_path import MeasurePath, measure_path
from toolkit.html.markup import missing, paragraph
from toolkit.show.charts.measure_paths import MOST, measure_paths_chart
from toolkit.show.page import Page
from toolkit.words import capital, count, part_of

if TYPE_CHECKING:
    from toolkit.show.review_story import ReviewStory
    from toolkit.show.story import Story

_PRESSING = ("behind its path", "not met", "on its path", "at its target", "met", "no path", "no reading")


def slide(story: ReviewStory) -> Page:
    """Return the slide; without measures it says what it would take."""
    paths = measure_paths(story)
    if not paths:
        wants = "KPIs with a baseline, a target, their dates, and a reading each quarter."
        return story.slide("measures", "No measure is on record yet", missing("Nothing is measured.", wants))
    title, rest = measures_title(paths), len(paths) - MOST
    more = f"{capital(count(rest, 'further measure'))} in the data behind the chart and in figures.xlsx."
    below = [paragraph(more, css="note")] if rest > 0 else []
    return story.slide("measures", title, measure_paths_chart(paths, title), *below)


def measure_paths(story: Story) -> list[MeasurePath]:
    """Return where each measure stands, those behind their path first."""
    previous = story.record.before(story.record.round(story.assessment.round))
    since = previous.as_of if previous else None
    found = [measure_path(kpi, story.assessment.as_of, since) for kpi in story.record.facts.kpis]
    return sorted(found, key=lambda one: _PRESSING.index(one.stands))


def measures_title(paths: list[MeasurePath]) -> str:
    """Say how many measures are behind their path, of those that have one; or how many have none."""
    judged = [
        one.stands for one in paths if one.stands in ("behind its path", "on its path", "at its target")
    ]
    if not judged:
        which = "the one measure" if len(paths) == 1 else f"any of {count(len(paths), 'measure')}"
        return f"No path can be drawn yet for {which}"
    behind, there = judged.count("behind its path"), judged.count("at its target")
    title = f"{capital(part_of(behind, len(judged), 'measure'))} {'is' if behind == 1 else 'are'} behind the path to the target"
    if not behind:
        title = f"None of {count(len(judged), 'measure')} is behind the path to the target"
    return (
        f"{title}; {part_of(there, len(judged), 'measure')} {'has' if there == 1 else 'have'} reached it"
        if there
        else title
    )
