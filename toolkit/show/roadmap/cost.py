"""What misalignment costs a year, and which work ends it; without such figures, what the register shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.client.calendar import Quarter
from toolkit.client.schema import Impact, Initiative
from toolkit.html.markup import paragraph, text_of
from toolkit.show.charts.cost_ranges import by_standing, cost_ranges, costs_message
from toolkit.show.page import Page
from toolkit.show.slips import (
    budget_growth,
    is_short,
    largest_slips,
    late_initiatives,
    moved,
    register_facts,
    slip_lead,
    symptoms_title_without_scores,
)
from toolkit.words import capital, count, excerpt, inside, joined, money, quoted, sentence

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_MOST = 9
# Rows of initiatives that moved, each of one line.
_SLIPS = 10


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    impacts = by_standing(story)
    if impacts:
        title = costs_message(story, impacts)
        return story.slide(
            "cost", title, cost_ranges(story, impacts[:_MOST], title), *_so_what(story, impacts)
        )
    slips = moved(story)
    if (late_initiatives(story) or budget_growth(story)) and not is_short(story):
        alone = len(slips) == 1 or not late_initiatives(story)
        shown = register_facts(story, slips[:2]) if alone else largest_slips(story, _SLIPS)
        title, few = symptoms_title_without_scores(story), "airy" if len(slips) < 6 else ""
        return story.slide("cost", title, slip_lead(story), shown, css=few)
    return (
        "What the symptoms cost",
        "A low, a likely and a high figure a year, its source, and a finance lead who agrees to it.",
    )


def _so_what(story: Story, impacts: Sequence[Impact]) -> list[Markup]:
    """Say what of the plan ends which agreed cost, when, and how that meets the business case, as far as the record links them."""
    by_id = {one.id: one for one in story.record.initiatives}
    agreed = {one.id: one for one in impacts if one.agreed_by}
    ending = [
        (by_id[s.initiative], s.finish, ended)
        for s in story.roadmap.scheduled
        if (ended := [agreed[i] for i in by_id[s.initiative].removes if i in agreed])
    ]
    rest = len(impacts) - _MOST
    more = f"{capital(count(rest, 'further cost'))} in the assessment." if rest > 0 else ""
    if ending:
        ending.sort(key=lambda one: (-max(cost.likely for cost in one[2]), one[0].id))
        said = [
            f"{work.short or quoted(work.name, 60)}, done in {finish}, {_ends(work, ended)} {inside(_costs(ended))}"
            for work, finish, ended in ending[:2]
        ]
        parts = (capital(sentence("; ".join(said))), _of_waiting(story, ending), more)
        return [paragraph(text_of(" ".join(filter(None, parts))), css="so")]
    unlinked = story.roadmap.scheduled and not any(one.removes for one in story.record.initiatives)
    linked = "The record does not say which initiative ends which cost." if unlinked else ""
    note = " ".join(filter(None, (linked, more)))
    return [paragraph(note, css="note")] if note else []


def _costs(impacts: Sequence[Impact]) -> str:
    return joined([one.short or quoted(one.name, 50) for one in impacts], most=2)


def _saved(work: Initiative, ended: Iterable[Impact]) -> float:
    """Return what work saves a year of the costs that it ends: its benefit, where that is known and less."""
    likely = sum(cost.likely for cost in ended)
    return likely if work.benefit is None else min(work.benefit, likely)


def _ends(work: Initiative, ended: Sequence[Impact]) -> str:
    return "reduces" if _saved(work, ended) < sum(cost.likely for cost in ended) else "ends"


def _of_waiting(story: Story, ending: Sequence[tuple[Initiative, Quarter, list[Impact]]]) -> str:
    """Say what a quarter of waiting costs: of these costs what the benefits on record count, where that is less."""
    costs = sorted(
        {cost.id: cost for _, _, ended in ending for cost in ended}.values(),
        key=lambda one: (-one.likely, one.id),
    )
    apart: list[Impact] = []  # of costs that count some of the same money, the largest alone
    for cost in costs:
        if not any(one.id in cost.overlaps or cost.id in one.overlaps for one in apart):
            apart.append(cost)
    a_year = sum(one.likely for one in apart)
    saved = min(sum(_saved(work, ended) for work, _, ended in ending), a_year)
    if not saved:
        return ""
    least = "at least " if len(apart) < len(costs) else ""
    waiting = f"each quarter of waiting costs {least}{money(saved / 4, story.currency)}."
    if saved == a_year:
        return capital(waiting)
    be = "benefit on record is" if len(ending) == 1 else "benefits on record are"
    return f"The {be} {money(saved, story.currency)} of the {money(a_year, story.currency)} a year; {waiting}"


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    claimed = [one for one in story.record.facts.impact if not one.agreed_by]
    if claimed:
        yield f"Not agreed by finance: {'; '.join(excerpt(one.name, 60) for one in claimed)}. Ask who will agree or correct each."
    for one in story.record.facts.impact:
        if one.source:
            yield f"{excerpt(one.name, 60)}: from {excerpt(one.source, 90)}."
