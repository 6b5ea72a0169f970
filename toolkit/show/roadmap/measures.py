"""The measures that the client reports as not met, which a decision asks about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.client.schema import Kpi
from toolkit.html.fonts import cut_to, lines_of
from toolkit.html.markup import paragraph, table, text_of
from toolkit.show.canvas import SLIDE, room_below, rows_within
from toolkit.show.page import Page
from toolkit.show.report.goals import kpi_row, reported, told_first
from toolkit.words import UNKNOWN, capital, count, joined, part_of

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory

# A measure's share of the width beside other columns, the lines of its name, a line's height and a row's own space in pixels.
_NAME, _LINES, _LINE, _ROW = 0.46, 2, 20.5, 15.5
# What is said above the table, and its head.
_HEAD = 90


def slide(story: RoadmapStory) -> Page | None:
    """Return the slide: those not met, in the order of the report; none where fewer than two are reported as not met."""
    measures = told_first(story)
    unmet = [one for one in measures if one.reported == "not met"]
    if len(unmet) < 2:  # one is named by the decision that asks about it
        return None
    title = capital(
        f"{part_of(len(unmet), sum(bool(one.reported) for one in measures), 'reported measure')} are not met"
    )
    beside = _beside(story, unmet)
    share = _NAME if beside else 1.0
    each = (1 - share) / len(beside) if beside else 0.0
    names = [cut_to(one.name, 16, SLIDE * share - 20, _LINES, 500) for one in unmet]
    rows = list(zip(names, *beside.values(), strict=True))
    heights = [_height(row, (share, *[each] * len(beside))) for row in rows]
    room = room_below(title, _HEAD)
    fit = rows_within(heights, room)
    caption = "Measures reported as not met"
    listed = table(
        ("Measure", *beside), rows[:fit], caption, shares=(share, *[each] * len(beside)) if beside else ()
    )
    rest = f"{capital(count(len(unmet) - fit, 'further measure'))} not met: in figures.xlsx."
    more = [paragraph(rest, css="note")] if fit < len(unmet) else []
    lead = [reported(measures)] if len(unmet) < len(measures) else []
    css = "airy" if sum(heights) < room / 2 else ""
    return story.slide("measures", title, *lead, listed, *more, css=css)


def _beside(story: RoadmapStory, unmet: Sequence[Kpi]) -> dict[str, list[object]]:
    """Return what is known of measures, a column each; their category where nothing nearer is known."""
    rows = [(*kpi_row(one)[3:], _work(story, one), one.category or UNKNOWN) for one in unmet]
    columns = dict(
        zip(("Latest", "Target", "Initiative", "Category"), map(list, zip(*rows, strict=True)), strict=True)
    )
    known = {head: cells for head, cells in columns.items() if {*cells} - {UNKNOWN, unmet[0].reported}}
    return {head: cells for head, cells in known.items() if head != "Category" or len(known) == 1}


def _height(row: Sequence[object], shares: Sequence[float]) -> float:
    lines = (
        sum(
            lines_of(Markup(line).striptags(), 16, SLIDE * share - 20, 500)
            for line in text_of(cell).split("<br>")
        )
        for cell, share in zip(row, shares, strict=True)
    )
    return _LINE * max(lines) + _ROW


def _work(story: RoadmapStory, measure: Kpi) -> str:
    """Name the initiatives that serve a goal which this measure is of."""
    goals = {goal.id for goal in story.record.facts.goals if goal.kpi == measure.id}
    work = [one for one in story.record.initiatives if any(one.goals.get(goal) for goal in goals)]
    return joined([one.short or one.name for one in work], most=2) or UNKNOWN
