"""The goals, with leadership's points beside the share of the plan's capital that goes to each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from toolkit.assess.commitments import Commitments, live
from toolkit.assess.trace import reached
from toolkit.html.fonts import cut_to, lines_of
from toolkit.html.markup import paragraph, text_of
from toolkit.plan.assumptions import past_whole
from toolkit.plan.risk_answers import in_time
from toolkit.plan.traceability import main_goal
from toolkit.show.canvas import SLIDE, TICK, Canvas, fitting, room_below, scale
from toolkit.show.charts.goal_coverage import coverage_message, goal_coverage
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.show.page import Exhibit, Page
from toolkit.show.sides import statements_of
from toolkit.words import capital, count, excerpt, inside, money, number_word, percent, plain, quoted, tidy

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_NAME = 60
_MOST = 8


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    if not story.assessment.goals:
        return "Business goals", "Three to five goals, each with an owner, a measure and a weight out of 100."
    said = [
        *statements_of(story, "priorities differ"),
        story.points_note,
        _on_course(story),
        *past_whole(story.planned, story.roadmap, most=2),
    ]
    note = cut_to(" ".join(filter(None, said)), 16, 1120, 4)
    below = [paragraph(text_of(note), css="note")] if note else []
    if story.roadmap.kind == "optimised" and story.roadmap.scheduled:
        title = _title_with_money(story)
        room = room_below(title, 56 + (12 + 22 * lines_of(note, 16, 1120) if note else 0))
        return story.slide("goals", title, _exhibit(story, title, room), *below)
    title = _title(story)
    chart = goal_coverage(
        story.goals_weighed, story.assessment.initiatives_without_goal, story.record,
        coverage_message(story), SLIDE,
    )  # fmt: skip
    return story.slide("goals", title, chart, *below)


def capital_by_goal(story: Story) -> dict[str, float]:
    """Return the plan's capital under the goal that each initiative serves most; "" is no goal."""
    by_id = {one.id: one for one in story.record.initiatives}
    out: dict[str, float] = {}
    for s in story.roadmap.scheduled:
        goal = main_goal(story.planned, by_id[s.initiative])
        out[goal] = out.get(goal, 0.0) + s.capex
    return out


def _on_course(story: Story) -> str:
    """Say why the goal with most of the capital has it though its measure is on course without the plan; "" where it is not."""
    shares = {goal: amount for goal, amount in capital_by_goal(story).items() if goal}
    top = max(sorted(shares), key=lambda goal: shares[goal], default="")
    outlook = next((one for one in story.outlooks if one.goal.id == top), None)
    if outlook is None or (outlook.pace or 0.0) < 1:
        return ""
    name = quoted(outlook.goal.short or outlook.goal.name, 50)
    return f"{name} gets there at today’s pace, too: the plan goes by leadership’s points and what work adds, not by where a measure stands."


def _title_with_money(story: Story) -> str:
    """Say which goal most of the capital goes to, and which has no work in the plan."""
    rows = _rows(story)
    total, goals = sum(row.capital for row in rows), [row for row in rows if row.goal]
    bare = [row for row in goals if not row.work and not row.served_by]
    top = min(goals, key=lambda row: (-row.capital, row.goal))
    if not top.capital or not top.short:
        return _title(story)
    part = "Most" if top.capital > total / 2 else "The largest share"
    first = f"{part} of capital, {percent(top.capital / total)}, goes to “{inside(top.short)}”"
    if not bare:
        return first
    nothing = (
        f"“{inside(bare[0].short)}” gets"
        if len(bare) == 1 and bare[0].short
        else f"{count(len(bare), 'goal')} get{'s' if len(bare) == 1 else ''}"
    )
    return f"{first}; {nothing} nothing"


def _title(story: Story) -> str:
    """Say how many goals drive the plan, and how many of them its work serves; without a plan, the work on record."""
    goals, planned = (
        story.assessment.goals,
        story.roadmap.kind == "optimised" and bool(story.roadmap.scheduled),
    )
    served = (
        [row for row in _rows(story) if row.goal and row.work]
        if planned
        else [goal for goal in goals if goal.initiatives]
    )
    drives = "drives" if len(goals) == 1 else "drive"
    work, serves = ("the plan’s work", "serves") if planned else ("today’s initiatives", "serve")
    if len(served) == len(goals):
        tail = f"{work} {serves} {'every one' if len(goals) > 1 else 'it'}"
    elif not planned and not live(story.record):
        tail = "no initiative is open" if story.record.initiatives else "no initiative is on record"
    else:
        tail = f"{work} {serves} {number_word(len(served))}"
    what = _coming(story) if story.roadmap.kind == "optimised" else "roadmap"
    return f"{capital(count(len(goals), 'goal'))} {drives} the {what}, and {tail}"


def _coming(story: Story) -> str:
    """Name the time planned as what comes: "next two years", "next quarter"."""
    return {1: "next quarter", 4: "next year"}.get(story.roadmap.quarters, f"next {span(story)}")


def span(story: Story) -> str:
    """Say how long the plan is: "three years", "five quarters"."""
    quarters = story.roadmap.quarters
    return count(quarters // 4, "year") if quarters % 4 == 0 else count(quarters, "quarter")


@dataclass(frozen=True)
class _Row:
    """A goal, or the work that serves none: its points, the capital under it, the initiatives that end by its date by how they
    move it, how many end after it, and whether work on record serves it that is not in the plan.
    """

    goal: str
    name: str
    short: str | None
    points: float | None
    capital: float
    levels: tuple[int, int, int]
    served_by: str | None = None
    which: str = ""
    late: int = 0
    waiting: bool = False

    @property
    def work(self) -> int:
        """How many initiatives of the plan serve it."""
        return sum(self.levels) + self.late


def _rows(story: Story) -> list[_Row]:
    by_id = {one.id: one for one in story.record.initiatives}
    planned = [by_id[s.initiative] for s in story.roadmap.scheduled]
    shares, goals = capital_by_goal(story), {goal.id: goal for goal in story.record.facts.goals}
    fiscal, dues = story.record.facts.profile.fiscal, {one.goal.id: one.due for one in story.outlooks}
    ends = {s.initiative: s.finish.last_day(fiscal) for s in story.roadmap.scheduled}
    rows = []
    for trace in story.goals_weighed:
        serving = [one for one in planned if one.goals.get(trace.goal, 0)]
        timely = [one for one in serving if in_time(ends[one.id], dues[trace.goal])]
        strong, partly, slightly = (
            sum(one.goals[trace.goal] == level for one in timely) for level in (3, 2, 1)
        )
        rows.append(
            _Row(
                trace.goal, trace.name, goals[trace.goal].short, trace.weight, shares.get(trace.goal, 0.0),
                (strong, partly, slightly), goals[trace.goal].served_by, "; ".join(one.name for one in serving),
                len(serving) - len(timely), bool(trace.initiatives) and not serving,
            )
        )  # fmt: skip
    if loose := [one.name for one in planned if not any(one.goals.values())]:
        rows.append(
            _Row(
                "",
                "No goal served",
                None,
                None,
                shares.get("", 0.0),
                (0, 0, len(loose)),
                None,
                "; ".join(loose),
            )
        )
    return rows


def _exhibit(story: Story, title: str, room: float) -> Exhibit:
    rows = _rows(story)
    total = sum(row.capital for row in rows) or 1.0
    frame = pd.DataFrame(
        [
            (row.name, row.points, row.capital, row.capital / total * 100, row.work, *row.levels, row.late, row.which)
            for row in rows
        ],
        columns=["Goal", "Points", "Capital", "Share of capital, %", "Initiatives", "over 30 %", "10–30 %", "under 10 %", "After its date", "Which"],
    )  # fmt: skip
    if any(row.short for row in rows):
        frame.insert(1, "In short", [row.short or "" for row in rows])
    unit = (
        f"Capital in {story.currency} with contingency, each initiative’s under the goal that it moves most"
    )
    return Exhibit(
        "goals", title, frame, unit, "the plan; goals weighted by leadership",
        lambda: _drawn(rows[:_MOST], total, story.currency, room),
        lambda: _native(rows[:_MOST], total, story.currency),
    )  # fmt: skip


def _native(rows: list[_Row], total: float, currency: str) -> NativeChart:
    points = sum(row.points or 0.0 for row in rows) or 1.0
    nothing = ["counted under another goal" if row.work else "nothing" for row in rows]
    shares = ChartSeries(
        "Share of the plan’s capital, %", tuple(100 * row.capital / total for row in rows), "plan",
        tuple(
            f"{percent(row.capital / total)}  {money(row.capital, currency)}" if row.capital else none
            for row, none in zip(rows, nothing, strict=True)
        ),
    )  # fmt: skip
    weights = ChartSeries(
        "Leadership’s points, %", tuple(100 * row.points / points if row.points else None for row in rows), "light",
        tuple(plain(tidy(row.points, 1)) if row.points else "" for row in rows),
    )  # fmt: skip
    work = [_work(row) for row in rows]
    return NativeChart(
        "bars", tuple(row.short or row.name for row in rows),
        (weights, shares) if any(row.points for row in rows) else (shares,),
        notes=tuple(
            RowNote(said, aside, "ink" if row.work else "alarm") for (said, aside), row in zip(work, rows, strict=True)
        ),
        stacked=False, low=0.0, heads=("Goal", "Work in the plan"),
    )  # fmt: skip


def _drawn(rows: list[_Row], total: float, currency: str, room: float) -> bytes:
    points = sum(row.points or 0.0 for row in rows) or 1.0
    high = max([0.4, *((row.points or 0.0) / points for row in rows), *(row.capital / total for row in rows)])
    at, top = scale(0, high, 330, 690), 30
    step = min(84, (room - top) / len(rows))
    with Canvas(SLIDE, top + step * len(rows)) as canvas:
        canvas.text(0, 12, "Goal", TICK, "grey")
        if any(row.points for row in rows):
            canvas.text(330, 12, "Leadership’s points", TICK, "grey", "medium")
        canvas.text(490, 12, "Share of the plan’s capital", TICK, "plan", "medium")
        canvas.text(880, 12, "Work in the plan", TICK, "grey")
        for n, row in enumerate(rows):
            y, moved = top + step * (n + 0.5), row.work > 0
            canvas.line(0, y - step / 2, SLIDE, y - step / 2)
            name = fitting(row.short or row.name, 18, 310, "medium", row.goal)
            canvas.text(0, y, name, 18, weight="medium")
            if row.points:
                canvas.bar(at(0), at(row.points / points), y - 13, 14, "light")
                canvas.text(at(row.points / points) + 8, y - 13, plain(tidy(row.points, 1)), TICK, "grey")
            if row.capital:
                canvas.bar(at(0), at(row.capital / total), y + 9, 20, "plan")
                said = f"{percent(row.capital / total)}  {money(row.capital, currency)}"
                canvas.text(at(row.capital / total) + 8, y + 9, said, 16, "plan", "medium")
            else:
                nothing = "counted under another goal" if moved else "nothing"
                canvas.text(at(0), y + 9, nothing, 16, "grey" if moved else "alarm", "medium")
            work, aside = _work(row)
            canvas.text(
                880, y - 10, fitting(work, 16, SLIDE - 880), 16, "ink" if moved else "alarm", "medium"
            )
            canvas.text(880, y + 12, fitting(aside, TICK, SLIDE - 880), TICK, "grey")
        return canvas.svg()


def _work(row: _Row) -> tuple[str, str]:
    """Say how many initiatives of the plan serve a goal, and how."""
    if not row.goal:
        return capital(count(row.work, "initiative")), "for a risk, or for other work"
    if not row.work:
        aside = f"served outside IT by {row.served_by}" if row.served_by else "nothing in the plan serves it"
        return "None in the plan" if row.waiting else "No initiative", aside
    words = [f"{n} {how}" for n, how in zip(row.levels, ("strongly", "partly", "slightly"), strict=True) if n]
    if not row.late:
        return capital(count(row.work, "initiative")), f"moving it: {', '.join(words)}"
    late = f"{row.late} after its date"
    return capital(count(row.work, "initiative")), ", ".join([*words, late])


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    goals = story.assessment.goals
    weights = [
        f"{excerpt(goal.name, _NAME)} {plain(goal.weight)}"
        for goal in story.planned.facts.goals
        if goal.weight
    ]
    yield (
        f"The points, as they stand: {'; '.join(weights)}."
        if weights
        else "No points have been spread: ask leadership to spread 100 over the goals."
    )
    commitments = Commitments(story.record, story.assessment)
    unserved = [goal for goal in goals if not goal.initiatives]
    met = [goal for goal in unserved if reached(story.record, goal.goal, story.assessment.as_of)]
    kin = {goal.goal: commitments.kin_of_goal(goal.goal) for goal in unserved if goal not in met}
    if bare := [excerpt(goal.name, _NAME) for goal in goals if goal.goal in kin and kin[goal.goal] is None]:
        yield f"Nothing serves: {'; '.join(bare)}. Ask who would start something, or whether the goal still stands."
    if met:
        named = "; ".join(excerpt(goal.name, _NAME) for goal in met)
        yield f"Reached by the latest reading, and served by nothing: {named}. Ask whether that stands, or for a new target."
    for goal in goals:
        if like := kin.get(goal.goal):
            yield f"Nothing is linked to {excerpt(goal.name, _NAME)}: ask whether “{excerpt(like.name, _NAME)}” serves it."
    if loose := story.assessment.initiatives_without_goal:
        yield f"Serving no goal: {'; '.join(excerpt(name, _NAME) for name in story.names(list(loose)))}."
