"""Risks, renewals and end-of-life dates of the next two quarters, and what comes after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.html.fonts import lines_of
from toolkit.html.markup import missing, paragraph, text_of
from toolkit.show.canvas import room_below
from toolkit.show.dates_ahead import DateAhead, dates_ahead
from toolkit.show.page import Page
from toolkit.show.roadmap.short_tables import ShortTable, columns
from toolkit.words import capital, count, day, excerpt, joined, number_word

if TYPE_CHECKING:
    from toolkit.show.review_story import ReviewStory

_REST = "in figures.xlsx"


def slide(story: ReviewStory) -> Page:
    """Return the slide; without dates it says what it would take."""
    ahead = dates_ahead(story)
    title = _title(story, ahead)
    undated = [risk for risk in story.record.facts.risks if not risk.due and not risk.notice]
    names = [excerpt(risk.short or risk.name, 50) for risk in undated]
    open_ = f"Without a date: {joined(names, most=4)}." if names else ""
    below = [paragraph(text_of(open_), css="so")] if open_ else []
    if not ahead:
        wants = "Contract, end-of-life, insurance and compliance dates, each with an owner."
        return story.slide("dates", title, missing("No date ahead is on record.", wants), *below)
    soon, later = (
        ShortTable(heading, "When, and what meets it", "date", [_row(one) for one in dates], "" if dates else "None on record.", _REST)
        for heading, dates in (
            (f"By {day(story.horizon)}", [one for one in ahead if one.day <= story.horizon]),
            ("After that", [one for one in ahead if one.day > story.horizon]),
        )
    )  # fmt: skip
    return story.slide(
        "dates",
        title,
        columns([[soon], [later]], room_below(title, 24 + 25 * lines_of(open_, 18, 1090) if below else 0)),
        *below,
    )


def _title(story: ReviewStory, ahead: tuple[DateAhead, ...]) -> str:
    """Say how many risks' dates fall in the next two quarters, and how many of those nothing sure answers."""
    soon = [one for one in ahead if one.is_risk and one.day <= story.horizon]
    if not soon:
        return f"No risk, renewal or end of life on record falls by {day(story.horizon)}"
    said = f"{capital(count(len(soon), 'date'))} of a risk, renewal or end of life {'falls' if len(soon) == 1 else 'fall'} by {day(story.horizon)}"
    bare = sum(one.unanswered for one in soon)
    if len(soon) == 1:
        return f"{said}, and {'no planned work surely meets it' if bare else 'it is answered'}"
    if not bare:
        return f"{said}, and each is answered"
    return f"{said}; {number_word(bare)} of them {'has' if bare == 1 else 'have'} no sure answer"


def _row(one: DateAhead) -> tuple[str, str, str]:
    return one.what, f"{one.kind} · {one.who}", ". ".join(filter(None, (day(one.day), one.stands)))
