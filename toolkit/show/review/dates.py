"""Risks, renewals and end-of-life dates: those passed without an answer, those of the next two quarters, and what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from toolkit.html.fonts import lines_of
from toolkit.html.markup import missing, paragraph, text_of
from toolkit.show.canvas import room_below
from toolkit.show.dates_ahead import DateAhead, dates_ahead, dates_passed
from toolkit.show.page import Page
from toolkit.show.roadmap.short_tables import ShortTable, columns
from toolkit.words import capital, day, joined, number_word, quoted

if TYPE_CHECKING:
    from toolkit.client.schema import Risk
    from toolkit.show.review_story import ReviewStory

_REST = "in figures.xlsx"
_LETTERS = 105  # of a title that is read at once


def slide(story: ReviewStory) -> Page:
    """Return the slide; without dates it says what it would take."""
    ahead, passed = dates_ahead(story), _passed(story)
    title = _title(story, ahead, passed)
    undated = [risk for risk in story.record.facts.risks if not risk.due and not risk.notice]
    names = [_undated(story, risk) for risk in undated]
    open_ = f"Without a date: {joined(names, most=4)}." if names else ""
    below = [paragraph(text_of(open_), css="so")] if open_ else []
    if not ahead and not passed:
        wants = "Contract, end-of-life, insurance and compliance dates, each with an owner."
        return story.slide("dates", title, missing("No date ahead is on record.", wants), *below)
    risks = [one for one in ahead if one.is_risk]
    over, soon, later, work = (
        ShortTable(heading, how, "date", [_row(one) for one in dates], note if not dates else "", _REST)
        for heading, how, dates, note in (
            ("Passed without an answer", "When, and what is known", passed, ""),
            (f"By {day(story.horizon)}", "When, and what meets it", [one for one in risks if one.day <= story.horizon], "None on record."),
            ("After that", "When, and what meets it", [one for one in risks if one.day > story.horizon], "None on record."),
            ("Work under way that ends", "When, and how it stands", [one for one in ahead if not one.is_risk], ""),
        )
    )  # fmt: skip
    return story.slide(
        "dates",
        title,
        columns(
            [[over, soon], [later, work]],
            room_below(title, 24 + 25 * lines_of(open_, 18, 1090) if below else 0),
        ),
        *below,
    )


def _passed(story: ReviewStory) -> list[DateAhead]:
    """Return the risks' dates that have passed without an answer; of a risk with two such dates the later one."""
    passed = dates_passed(story)
    return [one for n, one in enumerate(passed) if one.what not in {each.what for each in passed[:n]}]


def _undated(story: ReviewStory, risk: Risk) -> str:
    """Name a risk without a date as its decision is named, and say where it is accepted."""
    accepted = " (accepted)" if story.answer_to(risk.id).kind == "accepted" else ""
    return f"{quoted(risk.name, 70)}{accepted}"


def _title(story: ReviewStory, ahead: tuple[DateAhead, ...], passed: Sequence[DateAhead]) -> str:
    """Say how many risks' dates fall in the next two quarters, how many of those are met, rest on work or have no sure
    answer, and how many dates have passed without one.
    """
    soon = [one for one in ahead if one.is_risk and one.day <= story.horizon]
    late = (
        f"; {number_word(len(passed))} {'has' if len(passed) == 1 else 'have'} passed unanswered"
        if passed
        else ""
    )
    if not soon:
        return f"No risk’s date on record falls by {day(story.horizon)}{late}"
    dates = (
        "One risk’s date falls" if len(soon) == 1 else f"{capital(number_word(len(soon)))} risks’ dates fall"
    )
    said = f"{dates} by {day(story.horizon)}"
    met, bare = sum(one.met for one in soon), sum(one.unanswered for one in soon)
    parts = (
        (met, "is met", "are met"),
        (len(soon) - met - bare, "rests on work", "rest on work"),
        (bare, "has no sure answer", "have no sure answer"),
    )
    told = [f"{number_word(n)} {one if n == 1 else several}" for n, one, several in parts if n]
    if len(soon) == 1:
        told = [f"it {next(one for n, one, _ in parts if n)}"]
    while len(told) > 1 and len(f"{said}: {joined(told)}{late}") > _LETTERS:
        told = told[1:]
    return f"{said}: {joined(told)}{late}"


def _row(one: DateAhead) -> tuple[str, str, str]:
    return one.what, f"{one.kind} · {one.who}", ". ".join(filter(None, (day(one.day), one.stands)))
