"""The risks and deadlines, and what answers each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.commitments import Standing
from toolkit.client.schema import Initiative
from toolkit.html.markup import headed, missing, paragraph, table, unbroken
from toolkit.plan.risk_answers import not_counted
from toolkit.show.canvas import REPORT
from toolkit.show.charts.deadlines import deadlines, deadlines_message, drawable, soonest
from toolkit.show.page import Page
from toolkit.show.renewal_table import renewal_table, renewals_message, renewals_note
from toolkit.words import UNKNOWN, day, joined

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story


def page(story: AssessmentStory) -> Page:
    """Return the page: dates with the slack that the plan leaves, and every risk with its answer."""
    if not story.record.facts.risks:
        if story.renewals:
            return story.sheet("deadlines", renewals_message(story), renewal_table(story))
        return story.sheet("deadlines", "No risks or deadlines are recorded", risks(story))
    title, drawn = deadlines_message(story), drawable(story)
    chart = [deadlines(story, drawn, title, REPORT)] if len(drawn) > 1 else []
    return story.sheet("deadlines", title, *chart, risks(story), *_renewals(story))


def _renewals(story: Story) -> list[Markup]:
    """Return the dates of services and assets below the risks: what is near in a sentence, and each with its answer."""
    note = renewals_note(story)
    return [*([paragraph(note)] if note else []), renewal_table(story)] if story.renewals else []


def risks(story: Story) -> Markup:
    """Return risks and deadlines, soonest first, with what answers each."""
    if not story.record.facts.risks:
        return missing(
            "What belongs here:",
            "contract renewals, end-of-life systems, insurance and compliance dates.",
        )
    rows = [
        (
            headed(risk.name, risk.kind),
            unbroken(day(risk.due) if risk.due else UNKNOWN),
            risk.consequence or UNKNOWN,
            risk.owner or UNKNOWN,
            _answers(story, risk.id) or Markup("<strong>none</strong>"),
        )
        for risk in soonest(story)
    ]
    return table(
        ("Risk or deadline", "Due", "If nothing is done", "Owner", "Initiative"),
        rows,
        "By date, soonest first",
    )


def _answers(story: Story, risk: str) -> str:
    """Name the work that settles a risk, and say of open work that no plan holds what becomes of it."""
    return joined([
        f"{one.name}{_beside_plan(story, one)}"
        for one in story.record.initiatives
        if risk in one.settles and one.status != "stopped"
    ])  # fmt: skip


def _beside_plan(story: Story, one: Initiative) -> str:
    roadmap, aside = story.roadmap, Standing(story.record, story.assessment.as_of).set_aside
    if one.status == "done" or one.id in {each.initiative for each in roadmap.scheduled}:
        return ""
    if one.id in roadmap.uncounted:
        return f" ({not_counted(one)})"
    if roadmap.kind == "optimised":
        return " (not in the plan)"
    return f" ({aside[one.id]})" if one.id in aside else ""
