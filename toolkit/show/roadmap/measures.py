"""The measures that the client reports as not met, which a decision asks about."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
_NAME, _LINES, _LINE, _ROW = 0.46, 2, 21.5, 17
# What is said above the table, its head, and the line below it.
_HEAD = 110


def slide(story: RoadmapStory) -> Page | None:
    """Return the slide: those not met, in the order of the report; none where none is reported as not met."""
    measures = told_first(story)
    unmet = [one for one in measures if one.reported == "not met"]
    if not unmet:
        return None
    title = capital(
        f"{part_of(len(unmet), len(measures), 'measure')} {'is' if len(unmet) == 1 else 'are'} not met"
    )
    rows = [(*kpi_row(one), one.category or UNKNOWN, _work(story, one)) for one in unmet]
    heads = ("Measure", "Owners", "Baseline", "Latest", "Target", "Category", "Initiative")
    known = [
        n
        for n in range(len(heads))
        if not n or any(row[n] not in (UNKNOWN, unmet[0].reported) for row in rows)
    ]
    share = _NAME if len(known) > 1 else 1.0
    names = [cut_to(one.name, 17, SLIDE * share - 20, _LINES, 500) for one in unmet]
    heights = [
        _LINE * _lines(name, row, share, len(known)) + _ROW for name, row in zip(names, rows, strict=True)
    ]
    fit = rows_within(heights, room_below(title, _HEAD))
    shown = [(name, *(row[n] for n in known[1:])) for name, row in zip(names[:fit], rows, strict=False)]
    rest = len(unmet) - fit
    more = (
        [paragraph(f"{capital(count(rest, 'further measure'))} not met: in figures.xlsx.", css="note")]
        if rest
        else []
    )
    shares = [share, *[(1 - share) / (len(known) - 1)] * (len(known) - 1)] if len(known) > 1 else []
    listed = table([heads[n] for n in known], shown, "Measures reported as not met", shares=shares)
    return story.slide("measures", title, reported(measures), listed, *more)


def _lines(name: str, row: tuple[object, ...], share: float, columns: int) -> int:
    """Return how many lines a row takes: its name's, or those of the longest of its other cells."""
    wide = SLIDE * (1 - share) / max(columns - 1, 1) - 20
    beside = [lines_of(str(text_of(cell)), 16, wide) for cell in row[1:] if columns > 1 and cell != UNKNOWN]
    return max(lines_of(name, 17, SLIDE * share - 20, 500), *beside, 1)


def _work(story: RoadmapStory, measure: Kpi) -> str:
    """Name the initiatives that serve a goal which this measure is of."""
    goals = {goal.id for goal in story.record.facts.goals if goal.kpi == measure.id}
    work = [one for one in story.record.initiatives if any(one.goals.get(goal) for goal in goals)]
    return joined([one.short or one.name for one in work], most=2) or UNKNOWN
