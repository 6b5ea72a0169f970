"""The minutes of a review: one page with what is asked, what was decided, who does what by when, and room for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from markupsafe import Markup

from toolkit.assess.statements import Promise
from toolkit.client.record import Record
from toolkit.client.schema import Meeting
from toolkit.html.markup import headed, lines, paragraph, table, text_of
from toolkit.show.page import Page
from toolkit.show.review.decide import open_actions
from toolkit.show.review_story import ReviewStory
from toolkit.show.roadmap.since import DECIDED
from toolkit.words import day, excerpt, joined

_BLANK_ACTIONS = 3
_EMPTY = Markup("&nbsp;")


def minutes(story: ReviewStory) -> Page:
    """Return the page; what is not known yet is left blank, to be written in."""
    record, when = story.record, story.meeting
    met = next((one for one in record.facts.meetings if one.date == when), None)
    title = f"Minutes of the review of {day(when)}" if when else "Minutes of the review, date: ____________"
    later = record.next_meeting((when or story.assessment.as_of) + timedelta(days=1))
    return story.single(
        "minutes", f"{story.assessment.client} · figures as of {day(story.assessment.as_of)}", title,
        _there(met),
        Markup("<h3>Decisions</h3>{}").format(_decisions(story)),
        Markup("<h3>Actions</h3>{}").format(_actions(story)),
        paragraph(f"Next meeting: {day(later) if later else '____________'}. Minutes by: ____________"),
        document=f"Minutes: {story.assessment.client}, {day(when or story.assessment.as_of)}",
    )  # fmt: skip


def _there(met: Meeting | None) -> Markup:
    """Return who of each side was there, or room to write it down."""
    sides = (met.business, met.it) if met else ((), ())
    rows = [[text_of(joined(list(people))) if people else _EMPTY for people in sides]]
    shown = [[Markup("Present"), *rows[0]]]
    return table(("Who", "Of the business", "Of IT"), shown, "Who was there", css="minutes there")


def _decisions(story: ReviewStory) -> Markup:
    """Return what is asked with room for the answer, then what is on record as decided in this round."""
    asked: list[list[object]] = [
        [headed(f"{n}. {ask.what}", joined(list(ask.named))), _EMPTY, _EMPTY, _EMPTY]
        for n, ask in enumerate(story.asks, 1)
    ]
    rows = [*asked, *_decided(story.record, story.assessment.round)]
    head = ("Asked for, or decided", "Decision", "By", "From or until when; why")
    return table(head, rows, "Decisions", css="minutes") or paragraph("None is asked for.")


def _decided(record: Record, round_id: str) -> Iterator[list[object]]:
    names = {one.id: one.name for one in record.initiatives} | {
        one.id: one.name for one in record.facts.risks
    }
    for one in sorted(record.decisions, key=lambda each: (each.date, each.id)):
        if one.round == round_id:
            until = "; ".join(filter(None, (str(one.quarter or ""), one.note or "")))
            about = headed(names.get(one.subject, one.subject), f"on record, {day(one.date)}")
            yield [about, DECIDED[one.decision], one.by or _EMPTY, until or _EMPTY]


def _stands(one: Promise) -> Markup:
    """Return how an action stands, with room for a new date where it is overdue."""
    return lines(one.stands, "new date:", "__________") if one.state == "overdue" else text_of(one.stands)


def _actions(story: ReviewStory) -> Markup:
    """Return the actions that are open, with their owners and dates, and room for new ones."""
    rows: list[list[object]] = [
        [excerpt(one.action, 160), one.owner_business or _EMPTY, one.owner_it or _EMPTY, day(one.due) if one.due else _EMPTY, _stands(one)]
        for one in open_actions(story)
    ]  # fmt: skip
    rows += [[_EMPTY] * 5 for _ in range(_BLANK_ACTIONS)]
    return table(
        ("Action", "Owner in the business", "Owner in IT", "Due", "Stands"), rows, "Actions", css="minutes"
    )
