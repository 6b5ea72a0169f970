"""A brief for a colleague who takes a client over: where it stands, what is open, what comes, what to be careful with.

It holds private notes, so that it is for a terminal of the consultancy alone, and stands in no file of the client's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from toolkit.assess.meetings import meetings_held
from toolkit.plan import plan_roadmap
from toolkit.publish.deliverables_folder import checked
from toolkit.publish.status import client_status
from toolkit.show.dates_ahead import dates_ahead, meetings_ahead
from toolkit.show.review.decide import open_actions
from toolkit.show.roadmap_story import RoadmapStory
from toolkit.words import capital, day, joined

Section = tuple[str, tuple[str, ...]]
_NOBODY = "nobody named"


def brief(clients: Path, slug: str) -> tuple[Section, ...]:
    """Return the brief of a client's latest round: each section's heading and lines; those without any are left out.

    Raises
    ------
    InputError
        When the record has faults, all of them at once.
    """
    record = checked(clients, slug)
    story = RoadmapStory.of(record, plan_roadmap(record))
    sections = (
        ("Where it stands", _stage(clients, slug, story)),
        ("Decisions pending", (f"{ask.what} ({joined(list(ask.named))})" for ask in story.decisions)),
        ("Actions not done", _actions(story)),
        ("Work that is not green", _work(story)),
        ("What comes", _ahead(story)),
        ("Still to be asked", iter(story.roadmap.questions)),
        ("Private notes: not for the client", _private(story)),
    )
    told = ((heading, tuple(lines)) for heading, lines in sections)
    return tuple((heading, lines) for heading, lines in told if lines)


def _stage(clients: Path, slug: str, story: RoadmapStory) -> Iterator[str]:
    record, one = story.record, story.record.round(story.assessment.round)
    profile = record.facts.profile
    yield f"{profile.name}: {profile.business_lead or _NOBODY} (business), {profile.it_lead or _NOBODY} (IT)."
    ended = (
        f"closed on {day(one.closed)}" if one.closed else "open" if one.questionnaire else "without a survey"
    )
    yield f"Round {one.name or one.id}, as of {day(one.as_of)}, {ended}; documents {client_status(clients, slug)[-1]}."
    yield (
        f"Leadership meets on {day(story.meeting)}."
        if story.meeting
        else "Leadership’s next meeting is not on record."
    )
    if met := meetings_held(record.facts, one.as_of):
        yield met.said


def _actions(story: RoadmapStory) -> Iterator[str]:
    for one in open_actions(story):
        owners = joined([name for name in (one.owner_business, one.owner_it) if name]) or _NOBODY
        yield f"{one.action}: {one.stands}, due {day(one.due) if one.due else 'on no day'} ({owners})"


def _work(story: RoadmapStory) -> Iterator[str]:
    for one in story.record.initiatives:
        if one.status == "in progress" and one.health in ("red", "amber"):
            yield f"{one.name}: {one.health}, {one.health_reason or 'no reason given'}"


def _ahead(story: RoadmapStory) -> Iterator[str]:
    meetings = [(one.day, one.what) for one in meetings_ahead(story)]
    dates = [
        (one.day, f"{one.kind}: {one.what}, {one.who}. {one.stands}".strip()) for one in dates_ahead(story)
    ]
    for when, what in sorted([*meetings, *dates]):
        yield f"{day(when)}: {what}"


def _private(story: RoadmapStory) -> Iterator[str]:
    for one in story.record.facts.adjustments:
        if one.private_note:
            yield f"{capital(one.kind)} {one.subject}, round {one.round}: {one.private_note}"
