"""The likely causes: their scores, what people said of them, and the symptoms they feed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import DimensionResult
from toolkit.html.markup import bullets, missing, table, text_of
from toolkit.method import DIMENSIONS
from toolkit.show.page import Page
from toolkit.show.sides import SYMPTOM_NAMES, scored_by, shown_groups, weakest
from toolkit.words import inside, joined, score

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story

_NOTHING = "–"
DIMENSION_NAMES = {dimension.id: dimension.name for dimension in DIMENSIONS}


def page(story: AssessmentStory) -> Page:
    """Return the page; where nothing points to a cause it says what would."""
    said = heard(story)
    causes = [area for area in story.assessment.areas if area.dimension.family == "cause"]
    rows = [row for area in causes if (row := _row(story, area, said))]
    sound = _all_sound(causes)
    caption = "The areas that could be causes" if sound else "Likely causes"
    heads = ("Area" if sound else "Cause", "Scores", "What people said", "Feeds, by the method’s reasoning")
    told = [n for n in range(4) if any(row[n] != _NOTHING for row in rows)]
    body = (
        table([heads[n] for n in told], [[row[n] for n in told] for row in rows], caption)
        or missing("Nothing points to causes yet.", "It would take a survey, or interview themes in the consultant’s words.")
    )  # fmt: skip
    other = [each for each in said if each[0] not in {area.dimension.id for area in causes}]
    return story.sheet(
        "causes", causes_message(story), story.proxy_note() if rows else Markup(""), body, *_of_others(other)
    )


def _row(
    story: Story, area: DimensionResult, said: Sequence[tuple[str, Markup]]
) -> tuple[object, ...] | None:
    """Return a cause's scores, what was said of it and what it feeds; None where it has neither scores nor words."""
    words = [text for dimension, text in said if dimension == area.dimension.id]
    scores = [
        f"{group.label} {score(area.scores[group.group].mean)}"
        for group in shown_groups(story.assessment)
        if group.group in area.scores
    ]
    if not scores and not words:
        return None
    return (area.dimension.name, joined(scores) or "not asked", bullets(words) or _NOTHING,
            joined(feeds(story, area.dimension.id)) or _NOTHING)  # fmt: skip


def _of_others(said: Sequence[tuple[str, Markup]]) -> list[Markup]:
    """Return what people said of areas that are no causes."""
    if not said:
        return []
    items = (Markup("<strong>{}.</strong> {}").format(DIMENSION_NAMES[area], words) for area, words in said)
    return [Markup("<h3>What people said of other areas</h3>"), bullets(items)]


def causes_message(story: Story) -> str:
    """Return the causes' message."""
    causes = [x for x in story.assessment.scored if x.dimension.family == "cause"]
    if not causes:
        return (
            "Likely causes: what interviews and scores point to"
            if story.record.facts.themes
            else "Likely causes cannot be named yet"
        )
    low = weakest(causes)
    said = f": {scored_by(story, low[0])}" if len(low) == 1 else ""
    lowest = f"the lowest score{' is' if len(low) == 1 else 's are'} on {joined([inside(row.dimension.name) for row in low])}{said}"
    if _all_sound(causes):
        return f"No likely cause is weak; {lowest}"
    return f"Of the likely causes, {lowest}"


def _all_sound(causes: Sequence[DimensionResult]) -> bool:
    """Whether some causes are scored, and none of these is weak or near the line."""
    scored = [area for area in causes if area.scores]
    return bool(scored) and all(area.verdict == "sound" for area in scored)


def heard(story: Story) -> list[tuple[str, Markup]]:
    """Return what interviews and comments said: the dimension's id, and the words; a comment only by its group."""
    a = story.assessment
    names = {one.group: one.label for one in a.groups}
    themes = [
        (one.dimension, text_of(one.text))
        for one in story.record.facts.themes
        if one.round in (None, a.round)
    ]
    quotes = [
        (one.dimension, Markup("“{}” <small>({}, in the survey)</small>").format(text_of(one.text), text_of(names[one.group])))
        for one in a.quotes
    ]  # fmt: skip
    return themes + quotes


def feeds(story: Story, cause: str) -> list[str]:
    """Return the names of the symptoms a cause feeds, by the questionnaire's reasoning."""
    questionnaire = story.record.questionnaire_of(story.record.round(story.assessment.round))
    return (
        [inside(SYMPTOM_NAMES[link.symptom]) for link in questionnaire.links if link.cause == cause]
        if questionnaire
        else []
    )
