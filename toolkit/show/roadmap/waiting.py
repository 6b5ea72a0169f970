"""What waits below the line and what cannot be planned: why, what would bring it in, and what it would push out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.html.fonts import lines_of
from toolkit.html.markup import paragraph, table, text_of
from toolkit.plan.plan_table import brought_in_by, displaces, grid_text
from toolkit.plan.problem import all_of
from toolkit.plan.roadmap import Deferred
from toolkit.show.canvas import room_below, rows_within
from toolkit.show.page import Page
from toolkit.words import capital, count, excerpt, joined, money_short, number_word, sentence_excerpt

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

# How wide the columns are, in pixels, of what waits, with and without what was tried, and of what cannot be planned; a row's own
# space, a line's height, and what a table's head and the note below take.
_TRIED, _TOLD, _UNKNOWN = (212.0, 300.0, 262.0, 330.0), (560.0, 576.0), (760.0, 376.0)
_SPACE, _LINE, _HEAD, _NOTE = 15.0, 20.5, 56.0, 56.0
# Words of the rows; with the heads a slide has at most 220.
_WORDS = 200
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
        work = story.roadmap.unscheduled
        alike = len({one.missing for one in work}) == 1
        lacking = all_of(one.missing for one in work)
        verb = "are" if alike and len(lacking) > 1 else "is"
        parts.append(
            f"{subject} cannot be planned until {whose} {joined(lacking, 'and' if alike else 'or')} {verb} known"
        )
    return capital(", and ".join(parts))


def waiting(story: Story) -> list[Deferred]:
    """Return what is below the line: first what a single change brings in, then what is worth most."""
    found = story.roadmap.explained.changes if story.roadmap.explained else {}
    return sorted(
        story.roadmap.deferred, key=lambda one: (one.initiative not in found, -one.value, one.initiative)
    )


def _body(story: Story) -> list[Markup]:
    unknown, deferred = story.roadmap.unscheduled, waiting(story)
    names = {one.id: one.name for one in story.record.initiatives}
    lacks = [(excerpt(names[x.initiative], 80), joined(list(x.missing))) for x in unknown]
    rows, columns = [_row(story, one) for one in deferred], _TRIED if story.roadmap.explained else _TOLD
    room = room_below(waiting_title(story), _HEAD + _NOTE)
    least = [_height(row, _UNKNOWN) for row in lacks[:2]]
    shown = rows[: _fitting(rows, columns, room - (_HEAD + sum(least) if least else 0), _WORDS)]
    if shown:
        room -= _HEAD + sum(_height(row, columns) for row in shown)
    lacking = lacks[: _fitting(lacks, _UNKNOWN, room, _WORDS - sum(map(_words, shown)))]
    header = ("Below the line", "Why", "Comes in with", "If it had to be in")
    parts = [
        table(header[: len(columns)], shown, f"What waits; capital in {story.currency}", css="waits"),
        table(("Not scheduled", "What is missing"), lacking, "Cannot be planned yet", css="lacks"),
        _note(story, len(rows) - len(shown) + len(lacks) - len(lacking)),
    ]
    return [part for part in parts if part]


def _fitting(rows: Sequence[Sequence[str]], columns: Sequence[float], room: float, words: int) -> int:
    """Return how many rows so many pixels and words hold."""
    shown = rows_within([_height(row, columns) for row in rows], room)
    while shown and sum(map(_words, rows[:shown])) > words:
        shown -= 1
    return shown


def _words(row: Sequence[str]) -> int:
    return len(" ".join(row).split())


def _height(row: Sequence[str], columns: Sequence[float]) -> float:
    """Return how high a row is, in pixels."""
    weights = (500, *[400] * (len(row) - 1))
    cells = zip(row, columns, weights, strict=True)
    return _SPACE + _LINE * max(lines_of(text, 16, width, weight) for text, width, weight in cells)


def _row(story: Story, deferred: Deferred) -> tuple[str, ...]:
    """Return what waits with its capital, why, and where it was tried what brings it in and what it pushes out."""
    work = next(one for one in story.record.initiatives if one.id == deferred.initiative)
    told = (
        f"{work.short or excerpt(work.name, 48)} ({money_short(deferred.capex)})",
        sentence_excerpt(deferred.because.partition("; ")[0], 90),
    )
    if not story.roadmap.explained:
        return told
    return (
        *told,
        sentence_excerpt(brought_in_by(story.record, story.roadmap, deferred), 80),
        sentence_excerpt(displaces(story.record, story.roadmap, deferred), 140),
    )


def _note(story: Story, hidden: int) -> Markup:
    explained, said = story.roadmap.explained, []
    if hidden:
        why = "its reason" if hidden == 1 else "their reasons"
        said.append(f"{capital(count(hidden, 'further initiative'))}, with {why}, in roadmap.xlsx.")
    if explained and story.roadmap.deferred:
        said.append(grid_text(story.roadmap))
        said.append(_of_another_year(story))
    elif story.roadmap.kind == "optimised" and story.roadmap.deferred:
        said.append(
            "With this many initiatives we cannot say for sure what each single change would bring in."
        )
    return paragraph(text_of(" ".join(filter(None, said))), css="note") if said else Markup("")


def _of_another_year(story: Story) -> str:
    """Say why more money in one year can bring in what another year has no room for; "" where no such change is told."""
    explained = story.roadmap.explained
    told = (
        {
            one.initiative: [
                change.year for change in explained.changes.get(one.initiative, ()) if change.year
            ]
            for one in story.roadmap.deferred
        }
        if explained
        else {}
    )
    apart = any(
        f"FY{year}" not in one.because
        for one in story.roadmap.deferred
        if "FY" in one.because
        for year in told.get(one.initiative, [])
    )
    return (
        "More money in one year lets other work begin earlier, which frees money in a later one."
        if apart
        else ""
    )


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
