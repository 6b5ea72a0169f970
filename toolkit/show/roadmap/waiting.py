"""What waits below the line and what cannot be planned: why, what would bring it in, and what it would push out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.html.markup import paragraph, table, text_of
from toolkit.plan.plan_table import brought_in_by, displaces, grid_text
from toolkit.plan.problem import all_of
from toolkit.plan.roadmap import Deferred
from toolkit.show.page import Page
from toolkit.words import capital, count, excerpt, joined, money_short, number_word

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_ROWS = 7
# Where nothing is deferred, fewer that cannot be planned are left to the assessment.
_LEAST = 4


def slide(story: RoadmapStory) -> Page | tuple[str, str] | None:
    """Return the slide, or what it needs; none where what is fixed collides, or too little waits for a slide."""
    if story.roadmap.kind == "infeasible":
        return None
    if not story.record.initiatives:
        return "What the work costs and how long it takes", "Cost and duration of each initiative."
    if not story.roadmap.deferred and len(story.roadmap.unscheduled) < _LEAST:
        return None
    few = (
        len(story.roadmap.unscheduled) < 8
        if not story.roadmap.deferred
        else len(waiting(story)) < 4 > len(story.roadmap.unscheduled)
    )
    return story.slide("waiting", waiting_title(story), *_body(story), css="airy" if few else "")


def waiting_title(story: Story) -> str:
    """Return the title of what is below the line or cannot be scheduled."""
    deferred, unknown = len(story.roadmap.deferred), len(story.roadmap.unscheduled)
    parts = []
    if deferred:
        parts.append(
            f"{count(deferred, 'initiative')} {'waits for' if deferred == 1 else 'wait, each for'} a stated reason"
        )
    if unknown:
        subject = number_word(unknown) if deferred else count(unknown, "initiative")
        whose = "its" if unknown == 1 else "their"
        lacking = joined(all_of(one.missing for one in story.roadmap.unscheduled), "or")
        parts.append(f"{subject} cannot be planned until {whose} {lacking} is known")
    return capital(", and ".join(parts))


def waiting(story: Story) -> list[Deferred]:
    """Return what is below the line: first what a single change brings in, then what is worth most."""
    found = story.roadmap.explained.changes if story.roadmap.explained else {}
    return sorted(
        story.roadmap.deferred, key=lambda one: (one.initiative not in found, -one.value, one.initiative)
    )


def _body(story: Story) -> list[Markup]:
    unknown, deferred = story.roadmap.unscheduled, waiting(story)
    room = _ROWS if not story.roadmap.explained else _ROWS - 2
    for_deferred = room if not unknown else max(room - 2, room - len(unknown))
    shown = deferred[:for_deferred]
    left = room - len(shown)
    names = {one.id: one.name for one in story.record.initiatives}
    lacks = [(excerpt(names[x.initiative], 80), joined(list(x.missing))) for x in unknown[:left]]
    parts = [
        _table(story, shown),
        table(("Not scheduled", "What is missing"), lacks, "Cannot be planned yet"),
        _note(story, len(deferred) - len(shown) + max(len(unknown) - left, 0)),
    ]
    return [part for part in parts if part]


def _table(story: Story, shown: list[Deferred]) -> Markup:
    by_id, explained = {one.id: one for one in story.record.initiatives}, story.roadmap.explained
    rows = []
    for one in shown:
        work = by_id[one.initiative]
        row: tuple[object, ...] = (
            f"{work.short or excerpt(work.name, 48)} ({money_short(one.capex)})",
            excerpt(one.because.partition("; ")[0], 90),
        )
        if explained:
            row += (
                excerpt(brought_in_by(story.record, story.roadmap, one), 80),
                excerpt(displaces(story.record, story.roadmap, one), 110),
            )
        rows.append(row)
    header = ("Below the line", "Why", "Comes in with", "If it had to be in")
    return table(header[: 4 if explained else 2], rows, f"What waits; capital in {story.currency}")


def _note(story: Story, hidden: int) -> Markup:
    explained, said = story.roadmap.explained, []
    if hidden:
        said.append(f"{capital(count(hidden, 'further initiative'))} in roadmap.xlsx.")
    if explained and story.roadmap.deferred:
        said.append(grid_text(story.roadmap))
    elif story.roadmap.kind == "optimised" and story.roadmap.deferred:
        said.append(
            "What single changes would bring in is not told: the plan is too large to be made again some fifty times, "
            "or not every search of it ends with a proof."
        )
    return paragraph(text_of(" ".join(said)), css="note") if said else Markup("")


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    names = {one.id: one.name for one in story.record.initiatives}
    for one in waiting(story):
        said = f"{excerpt(names[one.initiative], 60)}: {excerpt(one.because, 140)}"
        if story.roadmap.explained:
            brought = brought_in_by(story.record, story.roadmap, one)
            gone = displaces(story.record, story.roadmap, one)
            said += f"; comes in with: {brought}; if it had to be in: {gone}"
        yield f"{said}."
    if said := grid_text(story.roadmap):
        yield said
    for unknown in story.roadmap.unscheduled:
        yield f"{excerpt(names[unknown.initiative], 60)}: not known: {joined(list(unknown.missing))}."
