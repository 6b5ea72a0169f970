"""Where IT's money goes today, how that has changed, and how the plan's budget stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.html.markup import missing
from toolkit.show.canvas import REPORT
from toolkit.show.charts.spending import budget_beside, complete_years, spending, spending_message
from toolkit.show.page import Page
from toolkit.show.renewal_table import services_beside

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory


def page(story: AssessmentStory) -> Page:
    """Return the page; where no year's spending is recorded by purpose it says what that would show."""
    years = complete_years(story.record)
    if not years:
        what = (
            "IT spending is recorded, but not split by purpose in any year"
            if story.record.facts.spend
            else "No IT spending is recorded"
        )
        needs = "Spending of a year, split into run, grow, transform and protect, shows what is left for strategy."
        return story.sheet("spend", what, missing("No spending to show.", needs), *services_beside(story))
    title = spending_message(story, years)
    return story.sheet(
        "spend", title, spending(story, years, title, REPORT), *budget_beside(story, years[-1], REPORT), *services_beside(story),
    )  # fmt: skip
