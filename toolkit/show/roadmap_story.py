"""The roadmap deck: slides whose titles alone tell the story."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Literal

from markupsafe import Markup

from toolkit.client.deck import Deck
from toolkit.client.edition import BOARD, deck_of, spared_pages
from toolkit.html.markup import bullets, table, text_of
from toolkit.plan import explain_roadmap
from toolkit.show.page import Exhibit, Page
from toolkit.show.roadmap import (
    business_case,
    cost,
    cover,
    decisions,
    goals,
    measures,
    money,
    needs,
    next_steps,
    outlook,
    own,
    people,
    perception,
    plan,
    ranked,
    risks,
    since,
    spend,
    together,
    tradeoffs,
    waiting,
)
from toolkit.show.slide_order import APPENDIX, own_key, sections_of, slots
from toolkit.show.story import Story
from toolkit.words import capital, count, joined

# What a slide would show, and what that takes.
Gap = tuple[str, str]
Maker = Callable[["RoadmapStory"], Page | Gap | None]
Notes = Callable[["RoadmapStory"], Iterable[str]]


def _none(story: RoadmapStory) -> Iterable[str]:
    return ()


def _left_out(story: RoadmapStory) -> Iterable[str]:
    """Yield what the slides that the consultant, or the edition, has left out would have said."""
    whole = story.record.facts.deck
    own = [page.title for page in story.left_out if page.key in whole.leave_out]
    spared = [page.title for page in story.left_out if page.key not in whole.leave_out]
    spared += [one.title for one in whole.own if one not in story.deck.own]
    for gone, why in ((own, "this deck, as client.yaml says"), (spared, "the board’s edition")):
        if gone:
            yield f"Left out of {why}: {'; '.join(f'“{title}”' for title in gone)}."
    if story.edition == BOARD:
        yield f"Left out of the board’s edition of the assessment: {spared_pages()}."


# Each slide's key, its section, what makes it and what its presenter says, in the deck's order.
SLIDES: tuple[tuple[str, str, Maker, Notes], ...] = (
    ("cover", "", cover.slide, _left_out),
    ("decisions", "Decisions", decisions.slide, decisions.notes),
    ("outlook", "Why now", outlook.slide, outlook.notes),
    ("goals", "Why now", goals.slide, goals.notes),
    ("measures", "Why now", measures.slide, _none),
    ("perception", "Why now", perception.slide, perception.notes),
    ("together", "Why now", together.slide, together.notes),
    ("needs", "Why now", needs.slide, needs.notes),
    ("cost", "Why now", cost.slide, cost.notes),
    ("risks", "Why now", risks.slide, risks.notes),
    ("spend", "Why now", spend.slide, spend.notes),
    ("ranked", "The plan", ranked.slide, ranked.notes),
    ("plan", "The plan", plan.slide, plan.notes),
    ("case", "Money and people", business_case.slide, business_case.notes),
    ("money", "Money and people", money.slide, money.notes),
    ("people", "Money and people", people.slide, people.notes),
    ("since", "Next steps", since.slide, since.notes),
    ("gaps", "Next steps", lambda story: story.missing(), lambda story: story.roadmap.questions),
    ("first", "Next steps", next_steps.slide, next_steps.notes),
    ("tradeoffs", APPENDIX, tradeoffs.slide, tradeoffs.notes),
    ("waiting", APPENDIX, waiting.slide, waiting.notes),
)
SECTIONS = {key: section for key, section, *_ in SLIDES}
KEYS = tuple(SECTIONS)
# Of a plan, which there is none of where the fixed work collides.
_OF_A_PLAN = ("outlook", "case", "money", "people", "tradeoffs", "waiting")
# What a deck rests on, by the slide that shows it.
_INPUTS = {
    "outlook": "What the goals’ measures say", "measures": "Which measures are not met", "perception": "How business and IT see each other",
    "together": "How business and IT work together", "needs": "What the business needs", "cost": "What the symptoms cost",
    "risks": "Risks and deadlines", "spend": "Where the money goes today", "ranked": "The list of initiatives",
    "money": "Money by year", "people": "The people available in each role",
}  # fmt: skip


class RoadmapStory(Story):
    """The roadmap of one client in one round, slide by slide.

    A slide whose input is missing is left out; one slide near the end says all that is missing,
    and what it would take. ``deck`` in the record leaves slides out, puts some first and adds some of the consultant's own.
    """

    kind = "Roadmap"
    planner = staticmethod(explain_roadmap)
    keys = KEYS

    def _told(self) -> tuple[Page, ...]:
        notes = {key: said for key, _, _, said in SLIDES}
        made = self.made | {"gaps": self.missing()}
        made |= {own_key(n): own.slide(self, own_key(n), one) for n, one in enumerate(self.deck.own, 1)}
        shown = [slot for slot in slots(self.deck, SECTIONS) if isinstance(made[slot.key], Page)]
        sections = sections_of(shown)
        named = tuple(dict.fromkeys(filter(None, sections.values())))
        return tuple(
            replace(
                page,
                kicker=sections[page.key],
                sections=named,
                place=str(n),
                notes=tuple(notes.get(page.key, _none)(self)),
            )
            for n, page in enumerate((made[slot.key] for slot in shown), 1)
            if isinstance(page, Page)
        )

    @property
    def deck(self) -> Deck:
        """What differs from the deck as it comes: by the consultant's word, and by the edition."""
        return deck_of(self.record.facts.deck, self.edition)

    @property
    def left_out(self) -> tuple[Page, ...]:
        """The slides that the consultant or the edition has left out, of those that there would be."""
        there = {slot.key for slot in slots(self.deck, SECTIONS)}
        return tuple(page for key, page in self.made.items() if isinstance(page, Page) and key not in there)

    @property
    def own_slides(self) -> tuple[Page, ...]:
        """The slides of the consultant's own, in the deck's order."""
        return tuple(page for key, page in self.pages.items() if key not in KEYS)

    @cached_property
    def made(self) -> dict[str, Page | Gap | None]:
        """Each slide as it was made: a page, what it would take, or nothing."""
        left_out = _OF_A_PLAN if self.roadmap.kind == "infeasible" else ()
        return {key: None if key in left_out else make(self) for key, _, make, _ in SLIDES if key != "gaps"}

    def missing(self) -> Page | None:
        """Return the slide of what is missing, and what it would take; none where nothing is."""
        gaps = [one for one in self.made.values() if isinstance(one, tuple)]
        if not gaps:
            return None
        sharper = (
            f"; {'it' if len(gaps) == 1 else 'each'} would sharpen this plan"
            if self.roadmap.kind == "optimised"
            else ""
        )
        verb = "is" if len(gaps) == 1 else "are"
        title = f"{capital(count(len(gaps), 'part'))} of the picture {verb} still missing{sharper}"
        return self.slide(
            "gaps",
            title,
            table(("Missing", "What it would take"), gaps, "Missing, and what it would take"),
            *([self._on_record()] if len(gaps) == 1 else []),
            css="airy" if len(gaps) < 8 else "",
        )

    def _on_record(self) -> Markup:
        """Name what the deck rests on that is known, beside the little that is not."""
        known = [bullet for key, bullet in _INPUTS.items() if isinstance(self.made[key], Page)]
        head = Markup('<h3 class="minor">On record</h3>')
        return head + bullets(map(text_of, known), css="questions two") if known else Markup("")

    def slide(self, key: str, title: str, *body: Markup | Exhibit, level: int = 2, css: str = "") -> Page:
        """Return a slide; its place, its section and its notes are the deck's to say."""
        return self._slide(key, title, *body, level=level, css=css, what="IT roadmap")

    def plan_lacking(self, known: Literal["budget", "people"]) -> str:
        """Say what there is no plan for want of, although a limit is known; "" where there is a plan."""
        lacking = joined(list(self.roadmap.why_timeline))
        verb = "is" if known == "budget" else "are"
        return f"A plan, which needs {lacking}; the {known} {verb} on record." if lacking else ""
