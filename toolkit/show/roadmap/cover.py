"""The cover: for whom, from when to when, and what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.html.markup import paragraph, text_of
from toolkit.show.page import Page
from toolkit.show.roadmap.decisions import decides, meeting
from toolkit.words import capital, count, day, excerpt

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory


def slide(story: RoadmapStory) -> Page:
    """Return the cover."""
    profile, a = story.record.facts.profile, story.assessment
    terms = (
        ("For", Markup("{} meeting, {}").format(capital(decides(story)), meeting(story))),
        ("Business lead", _named(profile.business_lead)),
        ("IT lead", _named(profile.it_lead)),
        ("As of", Markup("{}{}").format("Draft, " if story.is_draft else "", day(a.as_of))),
    )
    listed = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*term) for term in terms)
    return story.slide(
        "cover", _title(story), paragraph(text_of(excerpt(a.client, 90)), css="who"),
        paragraph(_promise(story), css="sub"), Markup("<dl>{}</dl>").format(listed), level=1, css="cover",
    )  # fmt: skip


def _named(lead: str | None) -> Markup:
    return text_of(excerpt(lead, 40)) if lead else Markup('<span class="slot">not named</span>')


def _title(story: RoadmapStory) -> str:
    roadmap = story.roadmap
    first, last = roadmap.start.year, roadmap.end.year
    years = f" {first}–{last}" if roadmap.kind != "timeline" and last > first else f" {first}"
    parts = (
        [count(len(roadmap.scheduled), "initiative")]
        if roadmap.kind == "optimised" and roadmap.scheduled
        else []
    )
    parts += [count(len(story.asks), "decision")] if story.asks else []
    said = f": {', '.join(parts)}" if parts else ""
    return f"IT roadmap{years}{said}"


def _promise(story: RoadmapStory) -> str:
    if story.roadmap.kind == "optimised":
        return "What the plan brings, what it costs, and what we ask of you today."
    return capital("what is known, what is missing, and what we ask of you today.")
