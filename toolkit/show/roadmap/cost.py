"""What misalignment costs a year: agreed and claimed figures as ranges, never added up; else what the register shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup
from matplotlib.ticker import MaxNLocator

from toolkit.client.models import Impact
from toolkit.html.markup import paragraph, text_of
from toolkit.plan.roadmap import Scheduled
from toolkit.show import goals_text
from toolkit.show.assessment_text import SYMPTOM_NAMES
from toolkit.show.canvas import SLIDE, TICK, Canvas, Weight, fitting, room_below, scale
from toolkit.show.page import Exhibit, Page
from toolkit.words import capital, count, excerpt, inside, joined, money, money_short, sentence

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_MOST = 9


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    impacts = _sorted(story)
    if impacts:
        title = _title(story, impacts)
        return story.slide("cost", title, exhibit(story, impacts[:_MOST], title), *_so_what(story, impacts))
    if slip := goals_text.slip_lead(story):
        title = goals_text.symptoms_title_without_scores(story)
        return story.slide("cost", title, slip, goals_text.largest_slips(story, 6))
    return (
        "What the symptoms cost",
        "A low, a likely and a high figure a year, its source, and a finance lead who agrees to it.",
    )


def _sorted(story: Story) -> list[Impact]:
    return sorted(story.record.facts.impact, key=lambda one: (one.agreed_by is None, -one.likely, one.id))


def _title(story: Story, impacts: Sequence[Impact]) -> str:
    """Say what the largest agreed cost is, and how many claims nobody has agreed to."""
    agreed = [one for one in impacts if one.agreed_by]
    claimed = len(impacts) - len(agreed)
    worst = max(agreed or impacts, key=lambda one: (one.likely, one.id))
    amount = f"{money(worst.likely, story.currency)} a year"
    if not agreed:
        return f"{capital(count(claimed, 'cost'))} {'is' if claimed == 1 else 'are'} claimed, the largest {amount}; nobody has agreed to {'it' if claimed == 1 else 'any'} yet"
    named = f", {inside(worst.short)}," if worst.short else ""
    what = f"The largest agreed cost{named} is {amount}"
    still = f"{count(claimed, 'further claim')} still {'needs' if claimed == 1 else 'need'} agreement"
    return f"{what}; {still}" if claimed else f"{what}, and every figure is agreed"


def exhibit(story: Story, impacts: Sequence[Impact], title: str) -> Exhibit:
    """Draw each cost from its low to its high figure, agreed ones solid and claimed ones hollow."""
    frame = pd.DataFrame(
        [
            (one.name, one.short, SYMPTOM_NAMES[one.symptom], one.low, one.likely, one.high,
             f"agreed by {one.agreed_by}" if one.agreed_by else "claimed, not agreed", one.source)
            for one in story.record.facts.impact
        ],
        columns=["Cost", "Drawn as", "Symptom", "Low", "Likely", "High", "Standing", "Source"],
    ).dropna(axis="columns", how="all")  # fmt: skip
    shared = (
        " Some count the same money and are never added up." if any(one.overlaps for one in impacts) else ""
    )
    unit = (
        f"{story.currency} a year; bar: low to high, line: likely.{shared} Who agreed to each is in the data"
    )
    source = "the record’s business impacts, each with its own source"
    return Exhibit("cost", title, frame, unit, source, lambda: _drawn(impacts, title))


def _drawn(impacts: Sequence[Impact], title: str) -> bytes:
    most = max(one.high or one.likely for one in impacts)
    at = scale(0, most or 1.0, 420, 950)
    agreed = [one for one in impacts if one.agreed_by]
    claimed = [one for one in impacts if not one.agreed_by]
    groups = [(head, rows) for head, rows in (("Agreed", agreed), ("Claimed, not agreed", claimed)) if rows]
    step = min(96, (room_below(title, 150) - 30 * len(groups)) / len(impacts))
    with Canvas(SLIDE, 30 * len(groups) + step * len(impacts) + 34) as canvas:
        for value in _ticks(most):
            canvas.line(at(value), 6, at(value), canvas.height - 30)
            canvas.text(at(value), canvas.height - 13, money_short(value), TICK, "grey", align="center")
        y = 0.0
        for head, rows in groups:
            canvas.text(0, y + 16, head, 15, "plan" if rows is agreed else "grey", "semibold")
            y += 30
            for one in rows:
                _range(canvas, one, y + step / 2, at)
                y += step
        return canvas.svg()


def _range(canvas: Canvas, one: Impact, y: float, at: Callable[[float], float]) -> None:
    """Draw one cost: its range, its likely figure, and both in words."""
    weight: Weight = "medium" if one.agreed_by else "normal"
    low = one.likely if one.low is None else one.low
    high = one.likely if one.high is None else one.high
    canvas.text(0, y, fitting(one.short or one.name, 17, 400, weight, one.id), 17, weight=weight)
    fill, edge = ("plan", "") if one.agreed_by else ("paper", "grey")
    canvas.bar(at(low), at(high), y, 24, fill, edge)
    canvas.line(at(one.likely), y - 12, at(one.likely), y + 12, edge or "paper", 3, above=5)
    canvas.text(at(high) + 10, y, money_short(one.likely), 17, weight="semibold")
    if low != high:
        canvas.text(at(high) + 62, y, f"{money_short(low)}–{money_short(high)}", TICK, "grey")


def _ticks(most: float) -> list[float]:
    """Return four or five round values from zero up to the most."""
    return [
        float(value)
        for value in MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(0, most)
        if value <= most
    ]


def _so_what(story: Story, impacts: Sequence[Impact]) -> list[Markup]:
    """Say what of the plan ends which agreed cost, and when, as far as the record links them."""
    by_id = {one.id: one for one in story.record.initiatives}
    known = {one.id: one for one in impacts}
    said = []
    for s in story.roadmap.scheduled:
        work = by_id[s.initiative]
        ended = [known[i] for i in work.removes if i in known and known[i].agreed_by]
        if ended:
            name = work.short or f"“{excerpt(work.name, 60)}”"
            costs = joined([one.short or f"“{excerpt(one.name, 50)}”" for one in ended], most=2)
            said.append(
                (
                    -max(one.likely for one in ended),
                    f"{capital(name)}, done in {_done(story, s)}, ends {inside(costs)}",
                )
            )
    told = [text for _, text in sorted(said)[:2]]
    parts = [*told[:1], *map(inside, told[1:])]
    rest = len(impacts) - _MOST
    more = f"{capital(count(rest, 'further cost'))} in the assessment." if rest > 0 else ""
    if parts:
        waiting = sum(
            one.likely for one in impacts
            if one.agreed_by and any(one.id in by_id[s.initiative].removes for s in story.roadmap.scheduled)
        )  # fmt: skip
        quarter = f" Each quarter of waiting costs {money(waiting / 4, story.currency)}." if waiting else ""
        return [
            paragraph(text_of(" ".join(filter(None, (sentence("; ".join(parts)) + quarter, more)))), css="so")
        ]
    unlinked = story.roadmap.scheduled and not any(one.removes for one in story.record.initiatives)
    linked = "The record does not say which initiative ends which cost." if unlinked else ""
    note = " ".join(filter(None, (linked, more)))
    return [paragraph(note, css="note")] if note else []


def _done(story: Story, s: Scheduled) -> str:
    return str(s.finish)


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    claimed = [one for one in story.record.facts.impact if not one.agreed_by]
    if claimed:
        yield f"Not agreed by finance: {'; '.join(excerpt(one.name, 60) for one in claimed)}. Ask who will agree or correct each."
    for one in story.record.facts.impact:
        if one.source:
            yield f"{excerpt(one.name, 60)}: from {excerpt(one.source, 90)}."
