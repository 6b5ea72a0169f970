"""What misalignment costs a year, and which work ends it; without such figures, what the register shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.client.models import Impact
from toolkit.html.markup import paragraph, text_of
from toolkit.show.charts.cost_ranges import by_standing, cost_ranges, costs_message
from toolkit.show.page import Page
from toolkit.show.slips import largest_slips, slip_lead, symptoms_title_without_scores
from toolkit.words import capital, count, excerpt, inside, joined, money, sentence

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_MOST = 9


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    impacts = by_standing(story)
    if impacts:
        title = costs_message(story, impacts)
        return story.slide(
            "cost", title, cost_ranges(story, impacts[:_MOST], title), *_so_what(story, impacts)
        )
    if slip := slip_lead(story):
        title = symptoms_title_without_scores(story)
        return story.slide("cost", title, slip, largest_slips(story, 6))
    return (
        "What the symptoms cost",
        "A low, a likely and a high figure a year, its source, and a finance lead who agrees to it.",
    )


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
                    f"{capital(name)}, done in {s.finish}, ends {inside(costs)}",
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


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    claimed = [one for one in story.record.facts.impact if not one.agreed_by]
    if claimed:
        yield f"Not agreed by finance: {'; '.join(excerpt(one.name, 60) for one in claimed)}. Ask who will agree or correct each."
    for one in story.record.facts.impact:
        if one.source:
            yield f"{excerpt(one.name, 60)}: from {excerpt(one.source, 90)}."
