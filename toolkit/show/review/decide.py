"""Decisions: each with boxes to tick, room to sign, and the actions that stay open beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.commitments import promises
from toolkit.assess.statements import Promise
from toolkit.html.fonts import cut_to, lines_of
from toolkit.html.markup import lines, missing, paragraph, table, text_of, unbroken
from toolkit.show.canvas import rows_within
from toolkit.show.page import Page
from toolkit.show.roadmap.next_steps import to_take, words_shown
from toolkit.words import UNKNOWN, capital, count, day, number_word

if TYPE_CHECKING:
    from toolkit.show.review_story import ReviewStory
    from toolkit.show.story import Story

_HEADING, _NAME = "Open actions", 148
# Words of what is asked and of the actions; with the heads a slide has at most 220.
_WORDS = 214


def slide(story: ReviewStory) -> Page:
    """Return the slide; it stands even where nothing is asked, for the review ends with it."""
    actions = open_actions(story)
    title = _title(story, actions)
    room = 720 - 68 - 48 - 35 * lines_of(title, 29, 1130, 600)
    parts = [to_take(story, room, not actions)] if story.asks else []
    if actions:
        rows = [_row(one) for one in actions]
        fit = max(rows_within([_height(one) for one in actions], room - 84), 1)
        while fit > 1 and words_shown(*parts, *(cell for row in rows[:fit] for cell in row)) > _WORDS:
            fit -= 1
        rest = len(rows) - fit
        more = paragraph(f"{capital(number_word(rest))} more in figures.xlsx.", css="note") if rest else ""
        shown = table(
            (
                "Action",
                "Due; new" if any(one.state == "overdue" for one in actions) else "Due",
                "Owners",
            ),
            rows[:fit],
            _HEADING,
            css="steps dues",
        )
        parts.append(Markup('<div><h3 class="minor">{}</h3>{}{}</div>').format(_HEADING, shown, more))
    if not parts:
        return story.slide("decide", title, missing("Nothing to decide, nothing open.", "The minutes have room for what comes up."))  # fmt: skip
    body = Markup("").join(parts)
    return story.slide(
        "decide", title, Markup('<div class="last">{}</div>').format(body) if len(parts) > 1 else body
    )


def open_actions(story: Story) -> list[Promise]:
    """Return what was promised up to and in this round and is not done, the soonest due first."""
    made = promises(story.record, story.record.round(story.assessment.round), own=True)
    return [one for one in made if one.state in ("open", "overdue")]


def _title(story: ReviewStory, actions: list[Promise]) -> str:
    when = f" on {day(story.meeting)}" if story.meeting else ""
    asked = (
        f"{capital(count(len(story.asks), 'decision'))} to take{when}"
        if story.asks
        else f"No decision is asked for{when}"
    )
    if not actions:
        return f"{asked}; no action is open"
    return f"{asked}; {count(len(actions), 'action')} {'is' if len(actions) == 1 else 'are'} still open"


def _row(one: Promise) -> tuple[Markup, Markup, Markup]:
    due = unbroken(day(one.due) if one.due else UNKNOWN)
    late = (
        Markup('<span class="why alarm">overdue</span><span class="why">__________</span>')
        if one.state == "overdue" and not one.over
        else Markup("")
    )
    return text_of(_cut(one)), due + late, _owners(one)


def _cut(one: Promise) -> str:
    return cut_to(one.action, 15, _NAME, 3, 500)


def _owners(one: Promise) -> Markup:
    owners = (one.owner_business or f"business: {UNKNOWN}", one.owner_it or f"IT: {UNKNOWN}")
    return lines(*(cut_to(owner.split(",")[0], 15, 148, 1) for owner in owners))


def _height(one: Promise) -> float:
    return 19.5 * max(lines_of(_cut(one), 15, _NAME, 500), 2 + (one.state == "overdue" and not one.over)) + 13
