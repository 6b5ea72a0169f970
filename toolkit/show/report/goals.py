"""The business goals: where each gets to, which work serves it, and the measures with their owners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.client.schema import Goal, Kpi
from toolkit.html.markup import lines, missing, paragraph, table, text_of
from toolkit.method import COMPARED
from toolkit.plan.traceability import distance
from toolkit.show.canvas import REPORT
from toolkit.show.charts.goal_coverage import coverage_message, goal_coverage
from toolkit.show.charts.goal_outlook import goal_outlook, outlook_message
from toolkit.show.charts.known_dates import known_dates, known_dates_message
from toolkit.show.page import Exhibit, Page
from toolkit.show.report.trace import where_traced
from toolkit.show.sides import statements_of
from toolkit.words import UNKNOWN, capital, count, day, inside, joined, number_word, recorded

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story


_KNOWN_DATES = 14
# Rows of measures; all are in the workbook.
_MEASURES = 24


def page(story: AssessmentStory) -> Page:
    """Return the page: which work serves each goal, its measure, and where it gets to; without goals, the dates that are known."""
    has_goals = bool(story.assessment.goals)
    title = coverage_message(story) if has_goals else no_goals_title(story)
    # The measures stand between two pictures that are too high for one page of paper.
    after = [*_outlook(story), *_ranks(story)] if has_goals else []
    return story.sheet("goals", title, *_goals(story), Markup("<h3>Measures</h3>"), kpis(story), *after)


def _goals(story: Story) -> list[Markup | Exhibit]:
    a, record = story.assessment, story.record
    if not a.goals:
        wanted = "Name the goals, their owners and their measures; then each initiative can be traced to one."
        dated = any(row.finish for row in story.roadmap.timeline)
        dates = [known_dates(story, known_dates_message(story), _KNOWN_DATES, REPORT)] if dated else []
        return [missing("No business goals are recorded.", wanted), *dates]
    note = [paragraph(text_of(story.points_note), css="note")] if story.points_note else []
    coverage = goal_coverage(story.goals_weighed, a.initiatives_without_goal, record, coverage_message(story))
    traced = [where_traced()] if record.initiatives else []
    return [coverage, *note, *traced]


def _ranks(story: Story) -> list[Markup]:
    """Return the order in which business and IT each put the goals; nothing where not both may be shown."""
    a = story.assessment
    if a.priority_agreement is None:
        return []
    means = {group.group: group.priorities for group in story.record.round(a.round).groups}
    sides = [[means[side].get(goal.goal) for goal in a.goals] for side in COMPARED]
    places = [[_place(mean, side) for mean in side] for side in sides]
    rows = [(goal.name, *(side[n] for side in places)) for n, goal in enumerate(a.goals)]
    names = [group.label for side in COMPARED for group in a.groups if group.group == side]
    shown = table(
        ("Goal", *(f"{name} puts it" for name in names)), rows, "Order of the goals, 1 first", (1, 2)
    )
    said = (paragraph(text_of(said)) for said in statements_of(story, "priorities differ"))
    return [Markup("<h3>How the two sides rank the goals</h3>"), *said, shown]


def _place(mean: float | None, means: Sequence[float | None]) -> str:
    """Return a goal's place among those that a side ranked, 1 the first; goals ranked alike share one."""
    if mean is None:
        return "–"
    return str(1 + sum(other is not None and other < mean for other in means))


def _outlook(story: Story) -> list[Markup | Exhibit]:
    """Return where each goal's measure stands and gets to; nothing where no measure says."""
    if all(goal.way is None for goal in story.outlooks):
        return []
    message = outlook_message(story.outlooks, story.roadmap.kind == "optimised")
    return goal_outlook(story, story.outlooks, message, REPORT)


def no_goals_title(story: Story) -> str:
    """Return the goals page's title when no goal is recorded."""
    missing = ["business goals"] if not story.record.facts.goals else []
    missing += ["a yearly budget"] if not story.record.facts.budget else []
    verb = "are" if len(missing) > 1 or missing[0] == "business goals" else "is"
    so = (
        "so nothing can be ranked"
        if any(one.is_open for one in story.record.initiatives)
        else "and no work is open"
    )
    return f"{capital(joined(missing))} {verb} absent, {so}"


def kpis(story: Story) -> Markup:
    """Return the measures with their owners and figures."""
    measures = told_first(story)
    if not measures:
        return missing(
            "No measures are recorded.",
            "A measure has a unit, a baseline, a target, dated readings and an owner on both sides.",
        )
    goals = {goal.kpi: goal for goal in reversed(story.record.facts.goals) if goal.kpi}
    rows = [kpi_row(one, goals.get(one.id)) for one in measures[:_MEASURES]]
    rest = len(measures) - len(rows)
    more = (
        paragraph(f"{capital(count(rest, 'further measure'))} in figures.xlsx.", css="note")
        if rest
        else Markup("")
    )
    known = [column for column in range(5) if column < 1 or any(row[column] != UNKNOWN for row in rows)]
    rows = [tuple(row[column] for column in known) for row in rows]
    heads = ("Measure", "Owners", "Baseline", "Latest", "Target")
    singular = ("", "an owner", "a baseline", "a reading", "a target")
    absent = [singular[column] for column in range(5) if column not in known]
    caption = "Latest reading beside baseline and target; owners on both sides"
    if absent:
        caption = f"No measure {'shown ' if rest else ''}has {joined(absent, 'or')} on record"
    return (
        reported(measures)
        + table(
            [heads[column] for column in known],
            rows,
            caption,
            [n for n, column in enumerate(known) if column > 1],
        )
        + more
    )


def told_first(story: Story) -> list[Kpi]:
    """Return the measures: those off their path or not met, in the order in which they are asked about, those of goals, then those with a reading."""
    goals = {goal.kpi for goal in story.record.facts.goals}
    asked = [
        finding.subject
        for finding in story.assessment.findings
        if finding.rule in ("measure off its path", "measure not met")
    ]
    return sorted(
        story.record.facts.kpis,
        key=lambda one: (
            asked.index(one.id) if one.id in asked else len(asked), one.id not in goals,
            not (one.readings or one.reported),
        ),
    )  # fmt: skip


def reported(measures: Sequence[Kpi]) -> Markup:
    """Say how many measures are reported as met and as not met; nothing where none is reported in words."""
    told = Counter(one.reported for one in measures if one.reported)
    if not told:
        return Markup("")
    parts = joined([f"{number_word(number)} as {inside(said)}" for said, number in sorted(told.items())])
    silent = len(measures) - sum(told.values())
    rest = f"; of {number_word(silent)} nothing is reported" if silent else ""
    return paragraph(text_of(f"Of {count(len(measures), 'measure')}, the register reports {parts}{rest}."))


def kpi_row(kpi: Kpi, goal: Goal | None = None) -> tuple[object, ...]:
    """Return one measure as a table row, with what its goal says where it says nothing; missing stays missing."""

    def value(number: float | None) -> str:
        return UNKNOWN if number is None else f"{recorded(number)}{' ' + kpi.unit if kpi.unit else ''}"

    latest = max(kpi.readings, key=lambda one: one.date, default=None)
    owners = (
        f"{kpi.owner_business or UNKNOWN} (business)",
        f"{kpi.owner_it or UNKNOWN} (IT)",
    )
    read = lines(value(latest.value), day(latest.date)) if latest else kpi.reported or UNKNOWN
    baseline, target = distance(goal, kpi) if goal else (kpi.baseline, kpi.target)
    nobody = not kpi.owner_business and not kpi.owner_it
    return kpi.name, UNKNOWN if nobody else lines(*owners), value(baseline), read, value(target)
