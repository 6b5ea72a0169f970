"""Dates ahead, and those that have passed without an answer: risks, renewals, ends of life, last days to act, when work under way ends, and meetings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from toolkit.client.field_types import label_of
from toolkit.client.schema import Meeting
from toolkit.plan.renewals import UNANSWERED
from toolkit.words import capital, day, excerpt

if TYPE_CHECKING:
    from toolkit.show.story import Story

_KINDS = {
    "contract": "Contract", "end-of-life": "End of life", "insurance": "Insurance", "compliance": "Compliance",
    "security": "Security", "people": "People", "other": "Risk",
}  # fmt: skip
_NOT_KNOWN = "Passed; what happened is not on record"


@dataclass(frozen=True)
class DateAhead:
    """A day that comes.

    Attributes
    ----------
    what, kind, who, stands : str
        What it is about, of what kind, who answers for it, and what is known of it.
    is_risk, unanswered, met : bool
        Whether it is a risk's, a service's or an asset's; whether nothing answers that in time for sure; whether nothing is to
        be done for it any more.
    """

    day: date
    what: str
    kind: str
    who: str
    stands: str
    is_risk: bool = False
    unanswered: bool = False
    met: bool = False


def dates_ahead(story: Story) -> tuple[DateAhead, ...]:
    """Return all days from the round's own on, the soonest first."""
    found = [
        one for one in (*_risks(story), *_renewals(story), *_work(story)) if one.day >= story.assessment.as_of
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.what)))


def dates_passed(story: Story) -> tuple[DateAhead, ...]:
    """Return the risks' dates before the round's day that nothing answered, the last ones first."""
    found = [
        one for one in _risks(story) if one.day < story.assessment.as_of and one.unanswered and not one.met
    ]
    return tuple(sorted(found, key=lambda one: (-one.day.toordinal(), one.what)))


def meetings_ahead(story: Story) -> tuple[DateAhead, ...]:
    """Return the meetings after the round's day of which it is not known whether they were held, the soonest first."""
    kinds = {value: text for text, value in label_of(Meeting, "kind").choices}
    found = [
        DateAhead(one.date, kinds[one.kind], "Meeting", "", "")
        for one in story.record.facts.meetings
        if one.date > story.assessment.as_of and one.status is None
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.what)))


def _risks(story: Story) -> Iterator[DateAhead]:
    for risk in story.record.facts.risks:
        answer = story.answer_to(risk.id)
        open_ = (answer.kind in UNANSWERED and not answer.met) or answer.passed
        name, who = risk.short or risk.name, risk.owner or "no owner named"
        said = capital(excerpt(answer.short, 90))
        if risk.notice:
            due = f" Due {day(risk.due)}." if risk.due else ""
            yield DateAhead(
                risk.notice, name, "Last day to act", who, f"{said}.{due}", True, open_, answer.met
            )
        if risk.due:
            told = _NOT_KNOWN if answer.passed else said
            yield DateAhead(risk.due, name, _KINDS[risk.kind], who, told, True, open_, answer.met)


def _renewals(story: Story) -> Iterator[DateAhead]:
    for one in story.renewals:
        who, said = one.row.owner or "no owner named", capital(excerpt(one.answer.short, 90))
        if one.notice:
            due = f" Renews on {day(one.due)}." if one.due else ""
            yield DateAhead(
                one.notice,
                one.row.name,
                "Last day to act",
                who,
                f"{said}.{due}",
                True,
                one.is_open,
                one.answer.met,
            )
        if one.due:
            kind = "Renewal" if one.is_service else "End of life"
            yield DateAhead(one.due, one.row.name, kind, who, said, True, one.is_open, one.answer.met)


def _work(story: Story) -> Iterator[DateAhead]:
    for work in story.record.initiatives:
        if work.status == "in progress" and work.finish:
            who = work.owner_business or work.owner_it or "no owner named"
            health = capital(work.health or "")
            yield DateAhead(work.finish, work.short or work.name, "Work ends", who, health)
