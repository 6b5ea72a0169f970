"""Promises kept: what was promised in earlier rounds and how it stands, what was decided and what came of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from toolkit.assess.meetings import meetings_held
from toolkit.html.fonts import lines_of
from toolkit.html.markup import missing, paragraph, text_of
from toolkit.show.canvas import room_below
from toolkit.show.page import Page
from toolkit.show.report.since import promises_kept
from toolkit.show.roadmap.short_tables import columns
from toolkit.show.roadmap.since import decided, promised
from toolkit.words import capital, count, excerpt, number_word

if TYPE_CHECKING:
    from toolkit.show.review_story import ReviewStory


def slide(story: ReviewStory) -> Page:
    """Return the slide; without anything promised or decided it says what it would take."""
    a = story.assessment
    met = meetings_held(story.record.facts, a.as_of)
    said = [*([_kept(story)] if a.promises else []), *([met.said] if met else [])]
    below = [paragraph(text_of(" ".join(said)), css="so")] if said else []
    if not (a.promises or a.decided):
        wants = "Actions with two owners and a date, and decisions, in the record of an earlier round."
        title = "Nothing promised or decided earlier is on record"
        return story.slide("promises", title, missing("Nothing to look back on yet.", wants), *below)
    title = _title(story)
    room = room_below(title, 24 + 25 * lines_of(" ".join(said), 18, 1090) if said else 0)
    made = promised(story, ("overdue", "open"))
    return story.slide("promises", title, columns([[made], [decided(story)]], room), *below)


def _others(story: ReviewStory) -> str:
    """Say, to stand behind another sentence, what became of all promises that are neither overdue nor open; "" where there are none."""
    states = Counter(one.state for one in story.assessment.promises)
    kept, late, dropped = states["kept"] + states["kept late"], states["kept late"], states["dropped"]
    tardy = f", {number_word(late) if late < kept else 'all'} late" if late else ""
    said = [f"{number_word(kept)} kept{tardy}"] if kept else []
    said += [f"{number_word(dropped)} dropped"] if dropped else []
    return f" In all: {'; '.join(said)}." if said else ""


def _kept(story: ReviewStory) -> str:
    """Name what was kept since the round before, as a sentence: what is open stands first in the table, and fills it."""
    since = story.since
    kept = [
        one
        for one in story.assessment.promises
        if one.state in ("kept", "kept late") and (since is None or (one.done_on and one.done_on > since))
    ]
    names = [f"{excerpt(one.action, 60)}{' (late)' if one.state == 'kept late' else ''}" for one in kept]
    return f"Kept {story.since_text}: {'; '.join(names) if names else 'none'}.{_others(story)}"


def _title(story: ReviewStory) -> str:
    """Say how many promises were kept, and how many are overdue."""
    a = story.assessment
    if not a.promises:
        return f"{capital(count(len(a.decided), 'decision'))} taken so far, and no action promised"
    late = sum(one.state == "overdue" for one in a.promises)
    said = promises_kept(a)
    if late and len(a.promises) > 1:
        said += f"; {number_word(late)} {'is' if late == 1 else 'are'} overdue"
    return capital(said)
