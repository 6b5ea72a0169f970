"""The scorecard: the measures that both sides look at, on one page."""

from __future__ import annotations

from toolkit.html.markup import lines, missing, paragraph, table, text_of
from toolkit.show.canvas import REPORT
from toolkit.show.charts.measure_paths import measure_paths_chart, value_of
from toolkit.show.page import Page
from toolkit.show.review.measures import measure_paths, measures_title
from toolkit.show.roadmap.together import shared
from toolkit.show.story import Story
from toolkit.words import capital, count, day, joined, quoted


class ScorecardStory(Story):
    """The measures of one client in one round, on one page."""

    kind = "Scorecard"
    keys = ("scorecard",)

    def _told(self) -> tuple[Page, ...]:
        paths, a = measure_paths(self), self.assessment
        kicker = f"{self.kind} · {a.client} · {'Draft, ' if self.is_draft else ''}{day(a.as_of)}"
        if not paths:
            wants = "KPIs with an owner on each side, a baseline, a target, their dates, and a reading each quarter."
            body = missing("Nothing is measured.", wants)
            return (self._page("scorecard", kicker, "No measure is on record yet", body, level=1),)
        title, rows = measures_title(paths), []
        for one in paths:
            kpi = one.kpi
            latest = lines(value_of(kpi, one.latest.value), day(one.latest.date)) if one.latest else "–"
            target = (
                "–"
                if kpi.target is None
                else lines(value_of(kpi, kpi.target), day(kpi.target_date) if kpi.target_date else "")
            )
            path = "–" if one.path is None else value_of(kpi, one.path)
            owners = lines(
                (kpi.owner_business or "business: to be named").split(",")[0],
                (kpi.owner_it or "IT: to be named").split(",")[0],
            )
            rows.append((kpi.name, owners, latest, path, target, capital(one.stands)))
        head = ("Measure", "Owners", "Latest reading", "On a straight path", "Target", "Stands")
        loose = [quoted(one.kpi.name) for one in paths if one.kpi not in shared([one.kpi])]
        note = (
            f"{capital(count(len(loose), 'measure'))} without an owner on both sides: {joined(loose)}."
            if loose
            else ""
        )
        return (
            self._page(
                "scorecard", kicker, title, measure_paths_chart(paths, title, REPORT),
                table(head, rows, "Measures, those behind their path first"),
                *([paragraph(text_of(note))] if note else []), level=1,
            ),
        )  # fmt: skip
