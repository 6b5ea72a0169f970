"""What people suffer, what it costs a year, and what the register shows of late work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import DimensionResult
from toolkit.client.schema import Impact
from toolkit.html.markup import headed, missing, paragraph, table, text_of
from toolkit.method import COMPARED, OFTEN
from toolkit.show.canvas import REPORT
from toolkit.show.charts import cost_ranges
from toolkit.show.charts.dumbbells import dumbbells
from toolkit.show.page import Exhibit, Page
from toolkit.show.sides import (
    SYMPTOM_NAMES,
    adjusted_note,
    by_joint_score,
    joint_score,
    own_scores,
    scored_by,
)
from toolkit.show.slips import largest_slips, slip_lead, symptoms_title_without_scores
from toolkit.words import UNKNOWN, joined, money, score

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story


def page(story: AssessmentStory) -> Page:
    """Return the page: how often people suffer, what it costs, and which dates and budgets moved."""
    scored = any(symptom.scores for symptom in story.assessment.symptoms)
    title = symptoms_message(story) if scored else symptoms_title_without_scores(story)
    return story.sheet("symptoms", title, *_suffered(story, scored), *_costs(story), *_slipped(story))


def _suffered(story: AssessmentStory, scored: bool) -> list[Markup | Exhibit]:
    a = story.assessment
    if not scored:
        asked = "The full questionnaire asks about five symptoms, twice each."
        return [missing("How often people suffer has not been asked.", asked)]
    chart = dumbbells(a, a.symptoms, "symptoms", symptoms_message(story), ("never", "constantly"))
    return [story.proxy_note(), symptoms_lead(story), chart, adjusted_note(story, a.symptoms)]


def _costs(story: Story) -> list[Markup | Exhibit]:
    """Return what the symptoms cost: the ranges drawn, and a table of who agreed to each."""
    impacts = cost_ranges.by_standing(story)
    message = cost_ranges.costs_message(story, impacts) if impacts else ""
    chart = [cost_ranges.cost_ranges(story, impacts, message, REPORT)] if impacts else []
    return [Markup("<h3>What it costs a year</h3>"), *chart, costs(story)]


def _slipped(story: Story) -> list[Markup | Exhibit]:
    said = slip_lead(story)
    return [Markup("<h3>What the project register shows</h3>"), said, largest_slips(story, 7)] if said else []


def symptoms_message(story: Story) -> str:
    """Return the symptoms' message: which is reported most often, and whether only by both sides taken together."""
    rows = [x for x in story.assessment.symptoms if x.scores]
    worst = max(rows, key=by_joint_score)
    alike = [x for x in rows if score(joint_score(x)) == score(joint_score(worst))]
    names = joined([x.dimension.meaning for x in alike])
    if len(rows) == 1:
        return f"The one symptom scored: {names}, {scored_by(story, worst)}"
    if len(alike) == len(rows):
        return f"Reported equally often: {names}"
    most = "Most often, both sides together" if _only_together(rows, alike) else "Most often reported"
    return f"{most}: {names}" if len(alike) > 1 else f"{most}: {names}, {scored_by(story, worst)}"


def _only_together(rows: Sequence[DimensionResult], worst: Sequence[DimensionResult]) -> bool:
    """Whether a side does not report each of those most often that both sides together do."""
    for group in COMPARED:
        said = {x.dimension.id: score(x.scores[group].mean) for x in rows if group in x.scores}
        if any(said.get(x.dimension.id, max(said.values())) < max(said.values()) for x in worst if said):
            return True
    return False


def symptoms_lead(story: Story) -> Markup:
    """Return the paragraph above the symptoms."""
    often = [
        x.dimension.meaning
        for x in story.assessment.symptoms
        if x.scores and max(s.mean for s in own_scores(x).values()) >= OFTEN
    ]
    said = f"Reported often, {score(OFTEN)} or more, by at least one side: {'; '.join(often)}."
    if not often:
        said = f"No symptom is reported often, {score(OFTEN)} or more, by either side."
    return paragraph(text_of(said), css="lead")


def costs(story: Story) -> Markup:
    """Return the business impacts, agreed before claimed."""
    impacts = story.record.facts.impact
    if not impacts:
        return missing(
            "No cost has been put on any symptom.",
            "It would take a low, a likely and a high figure a year, with its source, and a finance lead who agrees to it.",
        )
    rows = [
        (one.name, SYMPTOM_NAMES[one.symptom], money(one.low), money(one.likely), money(one.high),
         headed(f"agreed by {one.agreed_by}" if one.agreed_by else "claimed, not agreed", _shared(impacts, one)),
         headed(one.source or UNKNOWN, one.worksheet))
        for one in cost_ranges.by_standing(story)
    ]  # fmt: skip
    overlapping = any(one.overlaps for one in impacts)
    note = "Figures that count some of the same money are never added up. " if overlapping else ""
    return table(
        ("Cost", "Symptom", "Low", "Likely", "High", "Standing", "Source"), rows,
        f"Business impact a year, {story.currency}", (2, 3, 4),
    ) + paragraph(note, "Agreed and claimed figures are kept apart.", css="note")  # fmt: skip


def _shared(impacts: Sequence[Impact], one: Impact) -> str:
    """Say which other costs count some of the same money, whichever of the two says so."""
    others = [x.name for x in impacts if x.id != one.id and (x.id in one.overlaps or one.id in x.overlaps)]
    return f"counts some of the same money as {joined([f'“{name}”' for name in others])}" if others else ""
