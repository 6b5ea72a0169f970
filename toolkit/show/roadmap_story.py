"""The roadmap deck: at most twelve slides whose titles alone tell the story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Literal

from markupsafe import Markup

from toolkit.client.calendar import quarters_head
from toolkit.html.markup import bullets, paragraph, table, text_of, unbroken
from toolkit.plan import explain_roadmap
from toolkit.plan.assumptions import past_whole
from toolkit.show import assessment_charts as charts
from toolkit.show import assessment_text as said
from toolkit.show import goal_charts, goals_text, limit_charts, line_text, tradeoffs
from toolkit.show import roadmap_charts as drawn
from toolkit.show import roadmap_text as text
from toolkit.show.assessment_tables import earlier_draft_note
from toolkit.show.decisions import asks_title
from toolkit.show.fitting import asks_list, decisions_to_take, room_below
from toolkit.show.page import Exhibit, Page
from toolkit.show.risk_answers import answer_to
from toolkit.show.roadmap_notes import notes_for
from toolkit.show.story import Story
from toolkit.words import UNKNOWN, capital, count, day, excerpt, inside, joined, number_word

ROWS = 8
RISK_ROWS = 5
TIMELINE_ROWS = 16
STEP_ROWS = 4
Gap = tuple[str, str]


class RoadmapStory(Story):
    """The roadmap of one client in one round, slide by slide.

    A slide whose input is missing is left out; one slide near the end says all that is missing,
    and what it would take.
    """

    kind = "Roadmap"
    planner = staticmethod(explain_roadmap)

    def decisions(self) -> Page | None:
        """The decisions asked for today."""
        return self.pages.get("decisions")

    def goals(self) -> Page | None:
        """The goals, and the work behind each."""
        return self.pages.get("goals")

    def perception(self) -> Page | None:
        """Where business and IT see things differently."""
        return self.pages.get("perception")

    def cost(self) -> Page | None:
        """What the symptoms cost."""
        return self.pages.get("cost")

    def risks(self) -> Page | None:
        """Risks that cannot wait."""
        return self.pages.get("risks")

    def spend(self) -> Page | None:
        """Where the money goes today."""
        return self.pages.get("spend")

    def ranked_list(self) -> Page | None:
        """The ranked list with the funding line, or why there is none."""
        return self.pages.get("ranked")

    def plan_on_a_page(self) -> Page | None:
        """The plan on a page, or the timeline of known dates."""
        return self.pages.get("plan")

    def money_by_year(self) -> Page | None:
        """Money by year, the reserve, and running cost after."""
        return self.pages.get("money")

    def people(self) -> Page | None:
        """Whom the work needs, and when they are full."""
        return self.pages.get("people")

    def trade_offs(self) -> Page | None:
        """What another budget would change, and what would bring in the work that waits."""
        return self.pages.get("tradeoffs")

    def not_known(self) -> Page | None:
        """What is missing, and what it would take."""
        return self.pages.get("gaps")

    def first_ninety_days(self) -> Page | None:
        """What starts first, and the boxes to tick."""
        return self.pages.get("first")

    def _told(self) -> tuple[Page, ...]:
        makers: tuple[Callable[[], Page | Gap], ...] = (
            self._decisions, self._goals, self._perception, self._cost, self._risks, self._spend, self._ranked, self._plan,
            self._money, self._people, self._trade_offs,
        )  # fmt: skip
        # Where what is fixed collides there is no plan: its slides would tell of money and people as not known.
        told = makers[:-3] if self.roadmap.kind == "infeasible" else makers
        if self.roadmap.kind == "infeasible" and not any(row.finish for row in self.roadmap.timeline):
            told = makers[:-4]  # the dates come with the plan, once something gives way
        made = [make() for make in told]
        pages = [one for one in made if isinstance(one, Page)]
        gaps = [one for one in made if not isinstance(one, Page)]
        pages += [*([self._gaps(gaps)] if gaps else []), *self._first_ninety_days()]
        return tuple(replace(page, notes=notes_for(self, page.key)) for page in pages)

    def _slide(self, key: str, kicker: str, title: str, *body: Markup | Exhibit, level: int = 2) -> Page:
        a = self.assessment
        footer = f"{excerpt(a.client, 70)} · roadmap as of {day(a.as_of)}"
        return self._page(key, kicker, title, *body, slide=True, level=level, footer=footer)

    @cached_property
    def _proxy(self) -> Markup:
        return self.proxy_note(220)

    def _decisions(self) -> Page:
        kicker = f"Roadmap · {excerpt(self.assessment.client, 90)}"
        title, note = asks_title(self.asks), earlier_draft_note(self)
        items = asks_list(self.asks, room_below(kicker, title, bool(note)))
        return self._slide("decisions", kicker, title, note, items, level=1)

    def _goals(self) -> Page | Gap:
        a = self.assessment
        if not a.goals:
            return (
                "Business goals",
                "Three to five goals, each with an owner, a measure and a weight out of 100.",
            )
        chart = goal_charts.goal_coverage(
            self.goals_weighed, a.initiatives_without_goal, self.record, goals_text.coverage_message(self)
        )
        past = " ".join(filter(None, (self.points_note, *past_whole(self.planned, self.roadmap))))
        note = paragraph(text_of(past), css="note") if past else Markup("")
        return self._slide("goals", "Goals", text.goals_title(self), chart, note)

    def _perception(self) -> Page | Gap:
        a = self.assessment
        if not a.scored:
            return "How business and IT see each other", said.survey_wanted(self)
        message = said.areas_message(self)
        chart = charts.dumbbells(a, a.areas, "areas", message, ("weak", "strong"))
        return self._slide("perception", "How business and IT see it", message, self._proxy, chart)

    def _cost(self) -> Page | Gap:
        impacts = sorted(
            self.record.facts.impact, key=lambda one: (one.agreed_by is None, -one.likely, one.id)
        )
        slip = goals_text.slip_lead(self)
        if impacts:
            return self._slide(
                "cost", "What it costs", text.cost_title(self), *text.cost_body(self, impacts, ROWS)
            )
        if slip:
            return self._slide(
                "cost",
                "What the register shows",
                goals_text.symptoms_title_without_scores(self),
                slip,
                goals_text.largest_slips(self, 6),
            )
        return (
            "What the symptoms cost",
            "A low, a likely and a high figure a year, its source, and a finance lead who agrees to it.",
        )

    def _risks(self) -> Page | Gap:
        risks = sorted(
            self.record.facts.risks,
            key=lambda one: (one.due is None, one.due or self.assessment.as_of, one.id),
        )
        if not risks:
            return (
                "Risks and deadlines",
                "Contract, end-of-life, insurance and compliance dates, and what happens if nothing is done.",
            )
        rows = [
            (excerpt(one.name, 70), unbroken(day(one.due) if one.due else UNKNOWN), excerpt(one.consequence or UNKNOWN, 84), excerpt(answer_to(self, one.id).short, 62))
            for one in risks[:RISK_ROWS]
        ]  # fmt: skip
        rest = len(risks) - RISK_ROWS
        said = f"{capital(count(rest, 'further risk'))} {'is' if rest == 1 else 'are'} in the assessment."
        more = paragraph(said, css="note") if rest > 0 else Markup("")
        header = ("Risk or deadline", "Due", "If nothing is done", "Answered by")
        return self._slide(
            "risks",
            "Risks that cannot wait",
            text.risks_title(self),
            table(header, rows, "Risks and deadlines, soonest first"),
            more,
        )

    def _spend(self) -> Page | Gap:
        if not goal_charts.complete_years(self.record):
            return (
                "Where the money goes today",
                "A year's IT spending, split into run, grow, transform and protect.",
            )
        message = goals_text.spend_message(self)
        return self._slide(
            "spend", "Spending today", message, goal_charts.spend_by_purpose(self.record, message)
        )

    def _ranked(self) -> Page | Gap:
        roadmap = self.roadmap
        if not self.record.initiatives:
            return (
                "Initiatives",
                "The project list: each initiative with its cost, duration and the goal it serves.",
            )
        if roadmap.kind != "optimised":
            questions = bullets(map(text_of, roadmap.questions[:6]), css="questions")
            return self._slide(
                "ranked",
                "The line",
                line_text.no_ranking_title(self),
                line_text.why_no_ranking(self),
                questions,
            )
        title = line_text.ranked_title(self)
        chart = drawn.ranked_list(self.planned, roadmap, title)
        return self._slide("ranked", "The line", title, chart, line_text.line_notes(self))

    def _plan(self) -> Page | Gap:
        roadmap = self.roadmap
        if roadmap.kind == "optimised" and roadmap.scheduled:
            title = text.plan_title(self)
            return self._slide(
                "plan", "Plan on a page", title, drawn.plan_on_a_page(self.planned, roadmap, title)
            )
        dated = sum(row.finish is not None for row in roadmap.timeline)
        if not dated:
            return "Dates of the work", "The date by which each initiative is to be finished."
        title = goals_text.timeline_message(self)
        chart = limit_charts.timeline(
            self.record, roadmap.timeline, self.assessment.as_of, title, most=TIMELINE_ROWS
        )
        partial = "Drawn: the dates nearest to today; every initiative is in the data."
        return self._slide(
            "plan",
            "Known dates",
            title,
            chart,
            paragraph(partial, css="note") if dated > TIMELINE_ROWS else Markup(""),
        )

    def _money(self) -> Page | Gap:
        if self.roadmap.kind == "optimised" and self.record.facts.budget:
            title = text.money_title(self)
            chart = limit_charts.money_by_year(self.record, self.roadmap, title)
            return self._slide("money", "Money by year", title, chart, text.money_notes(self))
        lacking = self._plan_lacking("budget") if self.record.facts.budget else ""
        return "Money by year", lacking or "A budget for each fiscal year, and the share held in reserve."

    def _people(self) -> Page | Gap:
        if any(one.capacity for one in self.roadmap.loads):
            title = text.people_title(self)
            chart = limit_charts.people(self.record, self.roadmap, title)
            return self._slide("people", "People", title, chart, text.people_notes(self))
        lacking = self._plan_lacking("people") if self.record.facts.capacity else ""
        return (
            "Whether people can carry the work",
            lacking or "The people available in each role, and how many each initiative needs.",
        )

    def _plan_lacking(self, known: Literal["budget", "people"]) -> str:
        """Say what there is no plan for want of, although a limit is known; "" where there is a plan."""
        lacking = joined(list(self.roadmap.why_timeline))
        verb = "is" if known == "budget" else "are"
        return f"A plan, which needs {lacking}; the {known} {verb} on record." if lacking else ""

    def _trade_offs(self) -> Page | Gap:
        if not self.record.initiatives:
            return "What the work costs and how long it takes", "Cost and duration of each initiative."
        title = tradeoffs.title(self)
        kicker = "Trade-offs" if self.roadmap.explained else "What waits"
        return self._slide("tradeoffs", kicker, title, *tradeoffs.body(self, title, ROWS))

    def _gaps(self, gaps: list[Gap]) -> Page:
        sharper = f"; {'it' if len(gaps) == 1 else 'each'} would sharpen this plan"
        if self.roadmap.kind == "infeasible":
            sharper = ""
        title = (
            f"{capital(count(len(gaps), 'thing'))} {'is' if len(gaps) == 1 else 'are'} not known yet{sharper}"
        )
        return self._slide(
            "gaps",
            "What is missing",
            title,
            table(("Not known", "What it would take"), gaps, "Missing, and what it would take"),
        )

    def _first_ninety_days(self) -> list[Page]:
        rows = text.first_steps(self)
        if not rows and not self.asks:
            return []
        when = text.first_kicker(self) if rows else "Decisions"
        header = ("What starts", quarters_head(self.record.facts.profile.fiscal), "Owners")
        title, kicker = text.last_title(self), f"Decisions and {inside(when)}" if rows and self.asks else when
        parts = [decisions_to_take(self.asks, room_below(kicker, title, False))] if self.asks else []
        more = len(rows) - STEP_ROWS
        caption = f"The {inside(when)}" + (f"; {number_word(more)} more in roadmap.xlsx" if more > 0 else "")
        parts += [table(header, rows[:STEP_ROWS], caption, css="compact")] if rows else []
        body = (
            Markup('<div class="last">{}</div>').format(Markup("").join(parts))
            if len(parts) > 1
            else parts[0]
        )
        return [self._slide("first", kicker, title, body)]
