"""The alignment assessment: its pages in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from markupsafe import Markup

from toolkit.client.edition import pages_of
from toolkit.method import REPORT_PAGES
from toolkit.show.page import Exhibit, Page
from toolkit.show.report import (
    answer,
    appendix,
    areas,
    causes,
    deadlines,
    goals,
    needs,
    recommendations,
    since,
    spend,
    symptoms,
)
from toolkit.show.story import Story
from toolkit.words import day

PAGES: Mapping[str, Callable[[AssessmentStory], Page]] = MappingProxyType({
    "answer": answer.page, "areas": areas.page, "needs": needs.page, "symptoms": symptoms.page, "causes": causes.page,
    "goals": goals.page, "deadlines": deadlines.page, "spend": spend.page, "recommendations": recommendations.page,
    "since": since.page, "appendix": appendix.page,
})  # fmt: skip


class AssessmentStory(Story):
    """The alignment assessment of one client in one round, page by page."""

    kind = "Alignment assessment"
    keys = tuple(REPORT_PAGES)

    def _told(self) -> tuple[Page, ...]:
        return tuple(PAGES[key](self) for key in self.shown)

    @property
    def shown(self) -> tuple[str, ...]:
        """The keys of the pages that its edition shows, in order."""
        return pages_of(self.edition)

    def sheet(self, key: str, title: str, *body: Markup | Exhibit, level: int = 2) -> Page:
        """Return a page under its section's number and name; the first bears the document's kind and date."""
        number = self.shown.index(key)
        kicker = (
            f"{number} · {REPORT_PAGES[key]}" if number else f"{self.called} · {day(self.assessment.as_of)}"
        )
        return self._page(key, kicker, title, *body, level=level)

    def needed(self, what: str, otherwise: str) -> str:
        """Return what it would take to judge something, as the assessment says; ``otherwise`` where it says nothing."""
        return next((each.needs for each in self.assessment.not_judged if each.what == what), otherwise)
