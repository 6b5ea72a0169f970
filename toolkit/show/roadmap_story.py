"""The roadmap deck: at most twelve slides whose titles alone tell the story."""

from __future__ import annotations

from markupsafe import Markup

from toolkit.assess.wording import UNKNOWN, capital, count, day, money, words
from toolkit.show import assessment_charts as charts
from toolkit.show import assessment_text as said
from toolkit.show import goal_charts, goals_text, limit_charts
from toolkit.show import roadmap_charts as drawn
from toolkit.show import roadmap_text as text
from toolkit.show.page import Exhibit, Page, bullets, missing, paragraph, table, text_of
from toolkit.show.story import Story

ROWS = 8


class RoadmapStory(Story):
    """The roadmap of one client in one round, slide by slide."""

    kind = "Roadmap"

    def _told(self) -> tuple[Page, ...]:
        return (
            self._decisions(), self._goals(), self._perception(), self._cost(), self._risks(), self._spend(), self._ranked(),
            self._plan(), self._money(), self._people(), self._not_scheduled(), self._first_ninety_days(),
        )  # fmt: skip

    def decisions(self) -> Page:
        """Slide 1: the decisions asked for today."""
        return self.pages["decisions"]

    def goals(self) -> Page:
        """Slide 2: the goals, and the work behind each."""
        return self.pages["goals"]

    def perception(self) -> Page:
        """Slide 3: where business and IT see things differently."""
        return self.pages["perception"]

    def cost(self) -> Page:
        """Slide 4: what the symptoms cost."""
        return self.pages["cost"]

    def risks(self) -> Page:
        """Slide 5: risks that cannot wait."""
        return self.pages["risks"]

    def spend(self) -> Page:
        """Slide 6: where the money goes today."""
        return self.pages["spend"]

    def ranked_list(self) -> Page:
        """Slide 7: the ranked list with the funding line, or what is known of each initiative."""
        return self.pages["ranked"]

    def plan_on_a_page(self) -> Page:
        """Slide 8: the plan on a page, or the timeline of known dates."""
        return self.pages["plan"]

    def money_by_year(self) -> Page:
        """Slide 9: money by year, the reserve, and running cost after."""
        return self.pages["money"]

    def people(self) -> Page:
        """Slide 10: whom the work needs."""
        return self.pages["people"]

    def below_the_line(self) -> Page:
        """Slide 11: what is deferred or cannot be scheduled, and why."""
        return self.pages["below"]

    def first_ninety_days(self) -> Page:
        """Slide 12: what starts first, and the boxes to tick."""
        return self.pages["first"]

    def _slide(self, key: str, kicker: str, title: str, *body: Markup | Exhibit, level: int = 2) -> Page:
        a = self.assessment
        return self._page(
            key,
            kicker,
            title,
            *body,
            slide=True,
            level=level,
            footer=f"{words(a.client, 70)} · roadmap as of {day(a.as_of)}",
        )

    def _decisions(self) -> Page:
        asks = self.asks
        title = f"We ask for {count(len(asks), 'decision')} today" if asks else "No decision is needed today"
        items = Markup("").join(
            Markup("<li><strong>{}</strong><span>{}</span></li>").format(
                text_of(words(ask.what, 150) + "."), text_of(words(ask.why, 170))
            )
            for ask in asks
        )
        return self._slide(
            "decisions",
            f"Roadmap · {words(self.assessment.client, 90)}",
            title,
            Markup('<ol class="asks">{}</ol>').format(items),
            level=1,
        )

    def _goals(self) -> Page:
        a = self.assessment
        if not a.goals:
            return self._slide("goals", "Goals", goals_text.no_goals_title(self), missing(
                "No business goals are recorded.", "Three to five goals, each with an owner, a measure and a weight out of 100, would let every initiative be ranked."),
                bullets(map(text_of, self.roadmap.questions[:5]), css="questions"))  # fmt: skip
        return self._slide(
            "goals",
            "Goals",
            text.goals_title(self),
            goal_charts.goal_coverage(
                a.goals, a.initiatives_without_goal, self.record, goals_text.coverage_message(self)
            ),
        )

    def _perception(self) -> Page:
        a = self.assessment
        if not a.scored:
            return self._slide(
                "perception",
                "How business and IT see it",
                "How business and IT see each other has not been measured",
                missing("No scores to show.", said.survey_wanted(self)),
            )
        proxy = (
            paragraph(Markup("<strong>Proxy.</strong> "), text_of(words(a.proxy, 220)), css="proxy")
            if a.proxy
            else Markup("")
        )
        message = said.areas_message(self)
        return self._slide(
            "perception",
            "How business and IT see it",
            message,
            proxy,
            charts.dumbbells(a, a.areas, "areas", message, ("weak", "strong")),
        )

    def _cost(self) -> Page:
        impacts = sorted(
            self.record.facts.impact, key=lambda one: (one.agreed_by is None, -one.likely, one.id)
        )
        slip = goals_text.slip_lead(self)
        if not impacts:
            title = (
                goals_text.symptoms_title_without_scores(self)
                if slip
                else "No cost has been put on what goes wrong"
            )
            return self._slide("cost", "What it costs", title, slip, missing(
                "No cost a year is recorded.", "A low, a likely and a high figure a year, its source, and a finance lead who agrees to it."))  # fmt: skip
        rows = [(words(one.name, 60), said.SYMPTOM_NAMES[one.symptom], money(one.low), money(one.likely), money(one.high),
                 words(f"agreed by {one.agreed_by}" if one.agreed_by else "claimed, not agreed", 40)) for one in impacts[:ROWS]]  # fmt: skip
        more = (
            paragraph(f"{capital(count(len(impacts) - ROWS, 'further cost'))} in the assessment.", css="note")
            if len(impacts) > ROWS
            else Markup("")
        )
        overlap = (
            paragraph("Figures that count some of the same money are never added up.", css="note")
            if any(x.overlaps for x in impacts)
            else Markup("")
        )
        return self._slide("cost", "What it costs", text.cost_title(self),
                           table(("Cost", "Symptom", "Low", "Likely", "High", "Standing"), rows, f"A year, in {self.currency}", (2, 3, 4)), overlap, more)  # fmt: skip

    def _risks(self) -> Page:
        risks = sorted(
            self.record.facts.risks,
            key=lambda one: (one.due is None, one.due or self.assessment.as_of, one.id),
        )
        if not risks:
            return self._slide("risks", "Risks that cannot wait", "No risks or deadlines are recorded yet", missing(
                "Nothing to show.", "Contract renewals, end-of-life systems, insurance and compliance dates, each with its date and what happens if nothing is done."))  # fmt: skip
        rows = [(words(one.name, 62), day(one.due) if one.due else UNKNOWN, words(one.consequence or UNKNOWN, 90), words(text.settled_by(self, one.id), 66))
                for one in risks[:ROWS]]  # fmt: skip
        return self._slide("risks", "Risks that cannot wait", text.risks_title(self),
                           table(("Risk or deadline", "Due", "If nothing is done", "Answered by"), rows, "Risks and deadlines, soonest first"))  # fmt: skip

    def _spend(self) -> Page:
        if not self.record.facts.spend:
            return self._slide("spend", "Spending today", "Where the money goes today is not recorded", missing(
                "No IT spending is recorded.", "Spending of a year, split into run, grow, transform and protect."))  # fmt: skip
        message = goals_text.spend_message(self)
        return self._slide(
            "spend", "Spending today", message, goal_charts.spend_by_purpose(self.record, message)
        )

    def _ranked(self) -> Page:
        roadmap = self.roadmap
        if roadmap.kind != "optimised":
            if not self.record.initiatives:
                return self._slide(
                    "ranked",
                    "The line",
                    "There are no initiatives to rank yet",
                    missing("No initiatives.", "Import the project list."),
                )
            return self._slide(
                "ranked",
                "The line",
                text.no_ranking_title(self),
                text.why_no_ranking(self),
                bullets(map(text_of, roadmap.questions[:6]), css="questions"),
            )
        title = text.ranked_title(self)
        return self._slide(
            "ranked", "The line", title, drawn.ranked_list(self.record, roadmap, title), text.proof(self)
        )

    def _plan(self) -> Page:
        roadmap = self.roadmap
        if roadmap.kind == "optimised" and roadmap.scheduled:
            title = text.plan_title(self)
            return self._slide(
                "plan", "Plan on a page", title, drawn.plan_on_a_page(self.record, roadmap, title)
            )
        title = goals_text.timeline_message(self)
        if not any(row.finish for row in roadmap.timeline):
            return self._slide(
                "plan",
                "Known dates",
                "No completion dates are known",
                missing("No timeline.", "Start and completion dates of the initiatives under way."),
            )
        note = (
            paragraph("Drawn: the dates nearest to today; every initiative is in the data.", css="note")
            if sum(bool(r.finish) for r in roadmap.timeline) > 16
            else Markup("")
        )
        return self._slide(
            "plan",
            "Known dates",
            title,
            limit_charts.timeline(self.record, roadmap.timeline, self.assessment.as_of, title, most=16),
            note,
        )

    def _money(self) -> Page:
        if self.roadmap.kind == "optimised" and self.roadmap.years:
            title = text.money_title(self)
            return self._slide(
                "money", "Money by year", title, limit_charts.money_by_year(self.record, self.roadmap, title)
            )
        return self._slide("money", "Money by year", text.money_title_without_plan(self), missing(
            "No yearly plan of money.", "A budget for each fiscal year and the share held in reserve would give one."))  # fmt: skip

    def _people(self) -> Page:
        if any(one.capacity is not None for one in self.roadmap.loads):
            title = text.people_title(self)
            return self._slide(
                "people", "People", title, limit_charts.people(self.record, self.roadmap, title)
            )
        return self._slide("people", "People", "Whether people can carry the work is not known", missing(
            "No capacity is recorded.", "The people available in each role, and how many each initiative needs, would show who sets the pace."))  # fmt: skip

    def _not_scheduled(self) -> Page:
        return self._slide("below", "Below the line", text.below_title(self), *text.below_body(self, ROWS))

    def _first_ninety_days(self) -> Page:
        rows = text.first_steps(self, 7)
        if not rows:
            return self._slide(
                "first",
                "First 90 days",
                "The first step is to fill the gaps above",
                bullets(map(text_of, self.roadmap.questions[:6]), css="questions"),
            )
        boxes = Markup(
            '<span class="box">☐ approve</span> <span class="box">☐ defer</span> <span class="box">☐ accept risk</span>'
        )
        return self._slide("first", "First 90 days", text.first_title(self),
                           table(("What starts", "When", "Owners", "Decision"), [(*row, boxes) for row in rows], "The first 90 days"))  # fmt: skip
