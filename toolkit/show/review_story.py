"""The quarterly review: six slides from what was promised to what is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property

from markupsafe import Markup

from toolkit.client.calendar import two_quarters_on
from toolkit.client.parts import PREVIOUS_PLAN
from toolkit.client.schema import Round
from toolkit.plan import explain_roadmap
from toolkit.show.page import Exhibit, Page
from toolkit.show.review import actual, dates, decide, measures, promises, proposed
from toolkit.show.story import Story
from toolkit.words import day

# Each slide's key, its section, and what makes it, in order.
SLIDES: tuple[tuple[str, str, Callable[[ReviewStory], Page]], ...] = (
    ("promises", "Looking back", promises.slide),
    ("measures", "Looking back", measures.slide),
    ("actual", "Looking back", actual.slide),
    ("dates", "Looking ahead", dates.slide),
    ("proposed", "Looking ahead", proposed.slide),
    ("decide", "Decisions", decide.slide),
)


class ReviewStory(Story):
    """The quarterly review of one client in one round, slide by slide.

    It looks back to the round before, whether that asked questions or not; the plan it compares with is the one
    published then.
    """

    kind = "Quarterly review"
    planner = staticmethod(explain_roadmap)
    keys = tuple(key for key, *_ in SLIDES)
    plan_of_then = PREVIOUS_PLAN

    def _told(self) -> tuple[Page, ...]:
        sections = tuple(dict.fromkeys(section for _, section, _ in SLIDES))
        return tuple(
            replace(make(self), kicker=section, sections=sections, place=str(n))
            for n, (_, section, make) in enumerate(SLIDES, 1)
        )

    def slide(self, key: str, title: str, *body: Markup | Exhibit, css: str = "") -> Page:
        """Return a slide; the first one's title is the document's first heading."""
        return self._slide(key, title, *body, level=1 if key == self.keys[0] else 2, css=css)

    @cached_property
    def previous(self) -> Round | None:
        """The round before this one; None in a first round."""
        return self.record.before(self.record.round(self.assessment.round))

    @property
    def compared_with(self) -> str:
        """The round whose published plan this one's is compared with; empty in a first round."""
        return self.previous.id if self.previous else ""

    @property
    def since(self) -> date | None:
        """The day to which it looks back; None in a first round."""
        return self.previous.as_of if self.previous else None

    @property
    def horizon(self) -> date:
        """The last day of the two quarters that follow the round's day."""
        return two_quarters_on(self.assessment.as_of, self.record.facts.profile.fiscal)

    @property
    def since_text(self) -> str:
        """The day to which it looks back, as it stands in a sentence."""
        return f"since {day(self.since)}" if self.since else "so far"
