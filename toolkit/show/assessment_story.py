"""The alignment assessment: eight pages and an appendix, after the outline of the design."""

from __future__ import annotations

from functools import cached_property

from markupsafe import Markup

from toolkit.html.markup import bullets, missing, paragraph, table, text_of
from toolkit.show import answer_text, goal_charts, goals_text, recommendation_text, since_text
from toolkit.show import assessment_charts as charts
from toolkit.show import assessment_tables as tables
from toolkit.show import assessment_text as text
from toolkit.show.appendix import appendix_parts
from toolkit.show.decisions_list import decisions_list
from toolkit.show.page import Exhibit, Page
from toolkit.show.story import Story
from toolkit.show.timeline import timeline
from toolkit.show.trace_text import where_traced
from toolkit.words import day, joined, score


class AssessmentStory(Story):
    """The alignment assessment of one client in one round, page by page."""

    kind = "Alignment assessment"
    keys = (
        "answer", "areas", "needs", "symptoms", "causes", "goals", "recommendations", "since", "appendix",
    )  # fmt: skip

    @cached_property
    def _needs_for(self) -> dict[str, str]:
        return {one.what: one.needs for one in self.assessment.not_judged}

    def _told(self) -> tuple[Page, ...]:
        return (
            self._answer(), self._areas(), self._needs(), self._symptoms(), self._causes(), self._goals(),
            self._recommendations(), self._since_last_time(), self._appendix(),
        )  # fmt: skip

    def _answer(self) -> Page:
        a = self.assessment
        facts = answer_text.three_facts(self)
        tiles = Markup("").join(
            Markup('<div class="fact"><p class="value">{}</p><p>{}</p></div>').format(value, meaning)
            for value, meaning in facts
        )
        return self._page(
            "answer", f"Alignment assessment · {day(a.as_of)}", a.client,
            tables.open_note(self),
            paragraph(*(text_of(sentence + " ") for sentence in answer_text.the_answer(self)), css="answer"),
            Markup('<div class="facts">{}</div>').format(tiles) if tiles else Markup(""),
            decisions_list(self),
            Markup('<h2 class="minor">Who answered</h2>'), tables.who_answered(self), level=1,
        )  # fmt: skip

    def _areas(self) -> Page:
        a = self.assessment
        if not a.scored:
            return self._page("areas", "The nine areas", "How well business and IT work together has not been measured yet",
                              missing("No scores to show.", text.survey_wanted(self)))  # fmt: skip
        chart = charts.dumbbells(a, a.areas, "areas", text.areas_message(self), ("weak", "strong"))
        silent = [area.dimension.name for area in a.areas if not area.scores]
        rest = (
            missing(f"Not asked: {joined(silent)}.", "The full questionnaire covers all nine areas.")
            if silent
            else Markup("")
        )
        target = Markup("") if any(x.target for x in a.areas) else missing(
            "No targets are set.", "Areas below 3, the level “established”, count as weak until leadership sets the level it wants.")  # fmt: skip
        return self._page(
            "areas",
            "The nine areas",
            chart.title,
            self.proxy_note(),
            text.areas_lead(self),
            chart,
            tables.adjusted_note(self, a.areas),
            text.position_comparisons(self),
            rest,
            target,
        )

    def _needs(self) -> Page:
        a = self.assessment
        if not any(need.gap is not None for need in a.needs):
            return self._page("needs", "What the business needs", "What the business needs from IT has not been asked yet",
                              missing("No needs to show.", self._wanted("needs", "The full or the executive questionnaire asks for the importance of four needs and the satisfaction with each.")))  # fmt: skip
        chart = charts.needs(a, text.needs_message(self))
        return self._page(
            "needs", "What the business needs", chart.title, self.proxy_note(), text.needs_lead(self), chart
        )

    def _wanted(self, what: str, otherwise: str) -> str:
        return self._needs_for.get(what, otherwise)

    def _symptoms(self) -> Page:
        a = self.assessment
        body: list[Markup | Exhibit] = []
        scored = [one for one in a.symptoms if one.scores]
        if scored:
            body += [self.proxy_note(), text.symptoms_lead(self),
                     charts.dumbbells(a, a.symptoms, "symptoms", text.symptoms_message(self), ("never", "constantly")), tables.adjusted_note(self, a.symptoms)]  # fmt: skip
        else:
            body.append(
                missing(
                    "How often people suffer has not been asked.",
                    "The full questionnaire asks about five symptoms, twice each.",
                )
            )
        body += [Markup("<h3>What it costs a year</h3>"), tables.costs(self)]
        slip = goals_text.slip_lead(self)
        if slip:
            body += [
                Markup("<h3>What the project register shows</h3>"),
                slip,
                goals_text.largest_slips(self, 7),
            ]
        title = text.symptoms_message(self) if scored else goals_text.symptoms_title_without_scores(self)
        return self._page("symptoms", "What people suffer, and what it costs", title, *body)

    def _causes(self) -> Page:
        a = self.assessment
        causes = [area for area in a.areas if area.dimension.family == "cause"]
        heard = text.heard(self)
        rows = []
        for area in causes:
            said = [words for dimension, words in heard if dimension == area.dimension.id]
            values = [
                f"{one.label} {score(area.scores[one.group].mean)}"
                for one in charts.shown_groups(a)
                if one.group in area.scores
            ]
            if values or said:
                rows.append((area.dimension.name, joined(values) or "not asked", bullets(said) or text_of("–"),
                             joined(text.feeds(self, area.dimension.id)) or "–"))  # fmt: skip
        other = [one for one in heard if one[0] not in {each.dimension.id for each in causes}]
        body = [table(("Cause", "Scores", "What people said", "Feeds, by the method's reasoning"), rows, "Likely causes")] if rows else [
            missing("Nothing points to causes yet.", "It would take a survey, or interview themes in the consultant's words.")]  # fmt: skip
        if other:
            body += [Markup("<h3>What people said of other areas</h3>"),
                     bullets(Markup("<strong>{}.</strong> {}").format(text.DIMENSION_NAMES[dimension], words) for dimension, words in other)]  # fmt: skip
        return self._page(
            "causes",
            "Likely causes",
            text.causes_message(self),
            self.proxy_note() if rows else Markup(""),
            *body,
        )

    def _goals(self) -> Page:
        a, r = self.assessment, self.record
        body: list[Markup | Exhibit] = []
        if a.goals:
            body.append(
                goal_charts.goal_coverage(
                    self.goals_weighed, a.initiatives_without_goal, r, goals_text.coverage_message(self)
                )
            )
            if self.points_note:
                body.append(paragraph(text_of(self.points_note), css="note"))
            if r.initiatives:
                body.append(where_traced())
        else:
            body.append(
                missing(
                    "No business goals are recorded.",
                    "Name the goals, their owners and their measures; then each initiative can be traced to one.",
                )
            )
            dated = [row for row in self.roadmap.timeline if row.finish]
            if dated:
                body.append(
                    timeline(r, self.roadmap.timeline, a.as_of, goals_text.timeline_message(self), most=14)
                )
        body += [Markup("<h3>Spending</h3>"), tables.spend(self), Markup("<h3>Risks and deadlines</h3>"), tables.risks(self),
                 Markup("<h3>Measures</h3>"), tables.kpis(self)]  # fmt: skip
        title = goals_text.coverage_message(self) if a.goals else goals_text.no_goals_title(self)
        return self._page("goals", "Goals, money and deadlines", title, *body)

    def _recommendations(self) -> Page:
        if not self.assessment.recommendations:
            return self._page("recommendations", "What to do", "There is too little to recommend from yet",
                              missing("No recommendation.", text.survey_wanted(self)))  # fmt: skip
        return self._page("recommendations", "What to do", recommendation_text.recommendations_title(self),
                          recommendation_text.recommendation_items(self))  # fmt: skip

    def _since_last_time(self) -> Page:
        a = self.assessment
        if not a.previous_round:
            return self._page("since", "Since last time", "This is the first round", missing(
                "Nothing to compare with yet.", "The next round will show what was promised, what was done and what moved."))  # fmt: skip
        parts = (
            ("Promises", since_text.promises_table(self)),
            ("Decisions", since_text.decided_table(a)),
            ("What moved", since_text.movements_table(self)),
            ("What cannot be compared", since_text.not_compared_table(a)),
            ("What the method changed", since_text.reread_table(self)),
            ("What changed in the portfolio", since_text.portfolio_table(self)),
        )
        body = [
            part for name, shown in parts if shown for part in (Markup("<h3>{}</h3>").format(name), shown)
        ]
        return self._page(
            "since", "Since last time", since_text.since_title(self), since_text.since_lead(self), *body
        )

    def _appendix(self) -> Page:
        return self._page(
            "appendix", "Appendix", "How this was made, and how sure it is", *appendix_parts(self)
        )
