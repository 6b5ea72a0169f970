"""How business and IT work together: the practices as both score them, what is proposed, and the measures they own together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from toolkit.assess.assessment import DimensionResult
from toolkit.assess.meetings import meetings_held
from toolkit.assess.statements import Recommendation
from toolkit.client.schema import Kpi
from toolkit.html.markup import paragraph, text_of
from toolkit.method import PRACTICE_ACTIONS
from toolkit.show.canvas import room_below
from toolkit.show.page import TITLE, Page
from toolkit.show.roadmap.short_tables import ShortTable, columns, named_scores
from toolkit.show.sides import by_joint_score, own_scores, scored_by
from toolkit.words import capital, count, inside, joined, number_word, score

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory

# Fewer practices, without measures beside them, are told by the slide of the scores.
_LEAST = 3


def slide(story: RoadmapStory) -> Page | tuple[str, str] | None:
    """Return the slide, or what it needs; none where the slide of the scores tells all there is."""
    practices = _practices(story)
    if not practices:
        asked = "The full or the executive questionnaire, which asks about the five practices."
        return ("How business and IT work together", asked) if story.assessment.scored else None
    if len(practices) < _LEAST and not story.record.facts.kpis:
        return None
    title = _title(story)
    asked = _asked(story)
    parts = [[_scored(story)], [_owned(story.record.facts.kpis)]]
    below = [paragraph(text_of(asked), css="so")] if asked else []
    return story.slide(
        "together", title, story.proxy_note(260),
        columns(parts, room_below(title, (60 if asked else 0) + (50 if story.assessment.proxy else 0))), *below,
    )  # fmt: skip


def shared(measures: Iterable[Kpi]) -> list[Kpi]:
    """Return the measures that have an owner on each side."""
    return [one for one in measures if one.owner_business and one.owner_it]


def _practices(story: RoadmapStory) -> list[DimensionResult]:
    """Return the practices that are scored, weakest first."""
    rows = [area for area in story.assessment.scored if area.dimension.family == "practice"]
    return sorted(rows, key=by_joint_score)


def _title(story: RoadmapStory) -> str:
    """Say which practice is weakest, and how many measures both sides own."""
    practices, measures = _practices(story), story.record.facts.kpis
    owned = len(shared(measures))
    both = (
        f"{number_word(owned)} of {count(len(measures), 'measure')} {'have' if owned > 1 else 'has'} an owner on both sides"
        if len(measures) > 1
        else ""
    )
    low = practices[0]
    first = f"“{low.dimension.name}” is the weakest practice"
    if len(practices) < len(PRACTICE_ACTIONS):
        first = f"Of {count(len(practices), 'practice')} asked about, “{low.dimension.name}” scores lower"
    if len(practices) == 1:
        first = f"One practice was asked about, “{low.dimension.name}”"
    title = f"{first}; {both}" if both else f"{first}, {scored_by(story, low)}"
    return title if len(title) <= TITLE else first


def _proposed(story: RoadmapStory, practice: str) -> Recommendation | None:
    """Return what the assessment recommends for a practice."""
    return next(
        (one for one in story.assessment.recommendations if one.practices == (practice,) and one.findings),
        None,
    )


def _scored(story: RoadmapStory) -> ShortTable:
    rows, met = [], meetings_held(story.record.facts, story.assessment.as_of)
    for area in _practices(story):
        scores = [
            (group.label, score(area.scores[group.group].mean))
            for group in story.assessment.groups
            if group.group in own_scores(area)
        ]
        proposed = _proposed(story, area.dimension.id)
        aside = f"Proposed: {inside(proposed.action)}" if proposed else capital(area.dimension.meaning)
        if met and area.dimension.id == "open-communication":
            aside = f"{capital(number_word(met.held))} of {count(met.due, 'meeting')} held. {aside}"
        rows.append((area.dimension.name, aside, named_scores(scores)))
    return ShortTable("The practices", "Scored 1 to 5", "practice", rows)


def _owned(measures: Iterable[Kpi]) -> ShortTable:
    rows = []
    for one in sorted(measures, key=lambda one: bool(one.owner_business and one.owner_it)):
        owners = " · ".join(filter(None, (one.owner_business, one.owner_it)))
        lacking = [
            side for side, owner in (("business", one.owner_business), ("IT", one.owner_it)) if not owner
        ]
        stands = f"No owner in {joined(lacking, 'or')}" if lacking else "Owned by both"
        rows.append((one.name, owners or "nobody named", stands))
    return ShortTable("The measures", "Owner on both sides", "measure", rows)


def _asked(story: RoadmapStory) -> str:
    """Say what would close the weakest practice, and which decision asks for it."""
    practices = _practices(story)
    proposed = _proposed(story, practices[0].dimension.id) if practices else None
    if proposed is None:
        return ""
    asked = {ask.recommendation: n for n, ask in enumerate(story.asks, 1)}
    owners = joined([owner for owner in (proposed.owner_business, proposed.owner_it) if owner])
    number = (
        f"Decision {asked[proposed.id]}" if proposed.id in asked else f"For “{practices[0].dimension.name}”"
    )
    return f"{number}: {inside(proposed.action)}{f' ({owners})' if owners else ''}."


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    if met := meetings_held(story.record.facts, story.assessment.as_of):
        yield met.said
    for area in _practices(story):
        if proposed := _proposed(story, area.dimension.id):
            yield f"{area.dimension.name}: {' '.join(proposed.because[:2])}"
