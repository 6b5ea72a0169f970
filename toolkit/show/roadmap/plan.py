"""The plan on a page: by goal and quarter; as counts where it is too large for bars; else the dates that are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Goal, Initiative
from toolkit.html.markup import paragraph
from toolkit.plan.roadmap import Roadmap, Scheduled
from toolkit.plan.traceability import main_goal
from toolkit.show.canvas import SLIDE, TICK, Canvas, fitting, on, room_below, wrapped
from toolkit.show.charts.known_dates import known_dates, known_dates_message
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.show.page import Exhibit, Page
from toolkit.show.slips import is_short
from toolkit.words import capital, count, excerpt, joined, money_short, number_word

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_BARS = 18
# How wide the mark of a date is among bars, in quarters.
_MARK = 0.1
_KNOWN_DATES = 14
_RAMP = ("paper", "plan-4", "plan-3", "plan-3", "plan-2", "plan-2", "plan")


def slide(story: RoadmapStory) -> Page | tuple[str, str] | None:
    """Return the slide, or what it needs; none where what is fixed collides, or too little is known for one."""
    roadmap = story.roadmap
    if roadmap.kind == "optimised" and roadmap.scheduled:
        title = _title(story)
        return story.slide("plan", title, exhibit(story.planned, roadmap, title), _key(story))
    dated = sum(row.finish is not None for row in roadmap.timeline)
    if not dated:
        if roadmap.kind == "infeasible":
            return None  # the dates come with the plan, once something gives way
        return "Dates of the work", "The date by which each initiative is to be finished."
    if is_short(story):
        return None  # beside the questions that a ranking asks
    title = known_dates_message(story)
    return story.slide("plan", title, known_dates(story, title, _KNOWN_DATES))


def _title(story: Story) -> str:
    """Say how much begins in the first year, when the last is done, and who carries half of it or more."""
    scheduled, year = story.roadmap.scheduled, story.roadmap.start.year
    first = sum(one.start.year <= year for one in scheduled)
    last = max(one.finish for one in scheduled)
    if len(scheduled) == 1:
        return f"One initiative is planned, and done in {last}"
    begin = "All" if first == len(scheduled) else capital(number_word(first)) + " of"
    when = f"{begin} {count(len(scheduled), 'initiative')} start by the end of FY{year}; the last is done in {last}"
    carrier = _carrier(story)
    return f"{when}; {carrier}" if carrier and len(when) + len(carrier) < 100 else when


def _carrier(story: Story) -> str:
    """Name the owner of half of a plan's initiatives or more; "" where nobody carries so much."""
    by_id = {one.id: one for one in story.record.initiatives}
    owned: Counter[str] = Counter()
    for s in story.roadmap.scheduled:
        one = by_id[s.initiative]
        owned.update({owner for owner in (one.owner_business, one.owner_it) if owner})
    total = len(story.roadmap.scheduled)
    if not owned or total < 4:
        return ""
    name, number = min(owned.items(), key=lambda pair: (-pair[1], pair[0]))
    return f"{name.split(',')[0]} carries {number_word(number)} of {total}" if number * 2 >= total else ""


def exhibit(record: Record, roadmap: Roadmap, title: str) -> Exhibit:
    """Draw a plan by goal and quarter: a bar an initiative, or how many run where there are too many for bars.

    Parameters
    ----------
    record : Record
        As the plan rests on it.
    """
    draw, native = (_bars, _native) if len(roadmap.scheduled) <= _BARS else (_lanes, _native_lanes)
    unit = f"Fiscal quarters; capital in {record.facts.profile.currency} with contingency"
    return Exhibit(
        "plan", title, _frame(record, roadmap), unit, "the plan", lambda: draw(record, roadmap, title),
        lambda: native(record, roadmap),
    )  # fmt: skip


def _heads(roadmap: Roadmap) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the plan's quarters are called, and the years that they are in."""
    quarters = [roadmap.start.plus(n) for n in range(roadmap.quarters)]
    return tuple(f"Q{quarter.number}" for quarter in quarters), tuple(
        f"FY{quarter.year}" for quarter in quarters
    )


def _called(goal: str, goals: dict[str, Goal]) -> str:
    return (goals[goal].short or goals[goal].name) if goal else "No goal"


def _native(record: Record, roadmap: Roadmap) -> NativeChart:
    """Return the plan as bars by quarter on a clear base; a narrow one marks the date that work must meet."""
    goals, groups = {goal.id: goal for goal in record.facts.goals}, work_by_goal(record, roadmap)
    rows: list[str] = []
    notes: list[RowNote] = []
    bars: list[tuple[float, ...]] = []
    amounts: list[tuple[str, bool]] = []
    for goal, work in groups:
        for n, (s, one) in enumerate(work):
            begin = min(max(s.start.index - roadmap.start.index, 0), roadmap.quarters)
            end = max(min(s.finish.index - roadmap.start.index + 1, roadmap.quarters), begin)
            due = next((place for place in sorted(_dates_met(record, roadmap, one)) if place >= end), None)
            until = 0.0 if due is None else max(due - _MARK - end, 0.0)
            long = float(end - begin)
            bars.append(
                (
                    float(begin),
                    long if s.fixed else 0.0,
                    0.0 if s.fixed else long,
                    until,
                    0.0 if due is None else _MARK,
                )
            )
            rows.append(one.short or one.name)
            notes.append(RowNote("" if n else _called(goal, goals)))
            amounts.append((money_short(s.capex), bool(s.fixed)))
        if not work:
            why, tone = _why_empty(goals[goal], groups, record)
            bars.append((0.0,) * 5)
            rows.append(capital(why))
            notes.append(RowNote(_called(goal, goals), "", tone))
            amounts.append(("", False))
    parts = (("Before the work", "", None), ("Fixed", "ink", True), ("Chosen", "plan", False),
             ("Until the date", "", None), ("Date of a risk that it settles", "alarm", None))  # fmt: skip
    quarters, years = _heads(roadmap)
    return NativeChart(
        "bars", tuple(rows),
        tuple(
            ChartSeries(
                name, tuple(bar[n] or (None if n else 0.0) for bar in bars), fill,
                () if fixed is None else tuple(said if it == fixed else "" for said, it in amounts), side="inside",
            )
            for n, (name, fill, fixed) in enumerate(parts)
        ),
        notes=tuple(notes), low=0.0, high=float(roadmap.quarters), ticks=quarters, spans=True, groups=years,
        heads=("Amounts: capital", "Goal that it moves most"),
    )  # fmt: skip


def _native_lanes(record: Record, roadmap: Roadmap) -> NativeChart:
    """Return how many initiatives of each goal run in each quarter."""
    goals, groups = {goal.id: goal for goal in record.facts.goals}, work_by_goal(record, roadmap)
    names, years = _heads(roadmap)
    series = []
    for t, name in enumerate(names):
        quarter = roadmap.start.plus(t)
        running = [sum(s.start <= quarter <= s.finish for s, _ in work) for _, work in groups]
        series.append(
            ChartSeries(
                name, tuple(map(float, running)), labels=tuple(str(n) if n else "" for n in running),
                fills=tuple(_RAMP[min(n, len(_RAMP) - 1)] for n in running),
            )
        )  # fmt: skip
    return NativeChart(
        "grid", tuple(_called(goal, goals) for goal, _ in groups), tuple(series),
        asides=tuple(
            f"{count(len(work), 'initiative')}, {money_short(sum(s.capex for s, _ in work))}" if work else "none"
            for _, work in groups
        ),
        groups=years,
    )  # fmt: skip


# A goal's id, and the work of the plan that serves it most.
GoalWork = tuple[str, list[tuple[Scheduled, Initiative]]]


def work_by_goal(record: Record, roadmap: Roadmap) -> list[GoalWork]:
    """Return the plan's work under the goal that each serves most, in the goals' order, each by its start."""
    by_id = {one.id: one for one in record.initiatives}
    work: dict[str, list[tuple[Scheduled, Initiative]]] = {goal.id: [] for goal in record.facts.goals}
    work[""] = []
    for s in sorted(roadmap.scheduled, key=lambda s: (s.start, s.finish, s.initiative)):
        work[main_goal(record, by_id[s.initiative])].append((s, by_id[s.initiative]))
    return [(goal, rows) for goal, rows in work.items() if rows or goal]


def _frame(record: Record, roadmap: Roadmap) -> pd.DataFrame:
    goals = {goal.id: goal.name for goal in record.facts.goals} | {"": "no goal"}
    rows = [
        (goals[goal], one.name, str(s.start), str(s.finish), s.capex, one.opex, s.fixed or "chosen", one.owner_business, one.owner_it)
        for goal, work in work_by_goal(record, roadmap)
        for s, one in work
    ]  # fmt: skip
    columns = [
        "Goal", "Initiative", "Start", "Finish", "Capital cost", "Running cost a year after", "Fixed or chosen", "Business owner",
        "IT owner",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _quarters(canvas: Canvas, roadmap: Roadmap, left: float, bottom: float) -> float:
    """Draw the heads of the plan's quarters and the lines below them; return how wide a quarter is."""
    quarters = [roadmap.start.plus(n) for n in range(roadmap.quarters)]
    width = (SLIDE - left) / len(quarters)
    canvas.years(quarters, left, width, 10)
    for n, quarter in enumerate(quarters):
        x, first = left + n * width, quarter.number == 1 or n == 0
        canvas.line(x, 24 if first else 44, x, bottom, "light" if first else "rule", 1.2 if first else 1)
        if width >= 28 or quarter.number in (1, 3):
            canvas.text(x + width / 2, 33, f"Q{quarter.number}", TICK, "grey", align="center")
    return width


def _bars(record: Record, roadmap: Roadmap, title: str) -> bytes:
    groups = work_by_goal(record, roadmap)
    goals = {goal.id: goal for goal in record.facts.goals}
    lines = sum(max(len(rows), 1) for _, rows in groups)
    left, top, gap = 470.0, 48.0, 7.0
    step = min(46.0, (room_below(title, 58) - top - gap * (len(groups) - 1)) / lines)
    bottom = top + step * lines + gap * (len(groups) - 1)
    with Canvas(SLIDE, bottom + 2) as canvas:
        width, y = _quarters(canvas, roadmap, left, bottom), top
        for goal, rows in groups:
            height = step * max(len(rows), 1)
            canvas.bar(0, 148, y + height / 2, height - 1, "panel", above=0)
            name = (goals[goal].short or goals[goal].name) if goal else "No goal"
            most = 1 if height < 36 else 2 if height < 56 else 3
            named = wrapped(name, TICK, 136, most, "medium", goal)
            canvas.lines(8, y + height / 2, named, TICK, weight="medium")
            if not rows:
                said, tone = _why_empty(goals[goal], groups, record)
                canvas.text(158, y + step / 2, fitting(said, 15, left - 170, "medium"), 15, tone, "medium")
                canvas.bar(left + 2, SLIDE - 2, y + step / 2, step * 0.6, "paper", tone, dashed=True)
            for n, (s, one) in enumerate(rows):
                middle = y + step * (n + 0.5)
                dates = [left + place * width for place in _dates_met(record, roadmap, one)]
                _one_bar(canvas, roadmap, s, one, middle, step, left, width, dates)
                for x in dates:
                    canvas.mark(x, middle, "D", 11, "alarm", above=8)
            y += height + gap
        return canvas.svg()


def _why_empty(goal: Goal, groups: Sequence[GoalWork], record: Record) -> tuple[str, str]:
    """Say why no work stands under a goal, and the role of its colour."""
    if any(one.goals.get(goal.id, 0) for _, rows in groups for _, one in rows):
        return "served by work under another goal", "grey"
    if goal.served_by:
        return f"served outside IT by {goal.served_by}", "grey"
    waits = any(one.is_open and one.goals.get(goal.id, 0) > 0 for one in record.initiatives)
    return ("no initiative in the plan" if waits else "no initiative"), "alarm"


def _dates_met(record: Record, roadmap: Roadmap, one: Initiative) -> Iterator[float]:
    """Yield where the dates of the risks stand that an initiative settles, in quarters from the plan's first."""
    fiscal = record.facts.profile.fiscal
    for risk in record.facts.risks:
        if risk.due is None or risk.id not in one.settles:
            continue
        quarter = Quarter.of(risk.due, fiscal)
        place = quarter.index - roadmap.start.index
        if 0 <= place < roadmap.quarters:
            first, last = quarter.first_day(fiscal), quarter.last_day(fiscal)
            yield place + ((risk.due - first).days + 1) / ((last - first).days + 1)


def _one_bar(
    canvas: Canvas,
    roadmap: Roadmap,
    s: Scheduled,
    one: Initiative,
    y: float,
    step: float,
    left: float,
    width: float,
    dates: Sequence[float],
) -> None:
    """Draw one initiative's bar, with its capital where none of the dates marked on it lies."""
    canvas.text(158, y, fitting(one.short or one.name, 15, left - 168, otherwise=one.id), 15)
    begin, end = s.start.index - roadmap.start.index, s.finish.index - roadmap.start.index + 1
    if end <= 0:
        canvas.text(left + 6, y, f"ends in {s.finish}, before the plan", TICK, "grey")
        return
    fill = "ink" if s.fixed else "plan"
    x0, x1 = left + max(begin, 0) * width + 1.5, left + min(end, roadmap.quarters) * width - 1.5
    canvas.bar(x0, x1, y, step * 0.66, fill)
    if begin < 0:
        canvas.mark(x0 + 8, y, ">", 7, "paper", fill)
    amount, inside = money_short(s.capex), x0 + (16 if begin < 0 else 8)
    if inside + 54 <= x1 and not any(inside - 8 < x < inside + 58 for x in dates):
        canvas.text(inside, y, amount, TICK, "paper", "medium")
        return
    beside = max([x1 + 6, *(x + 12 for x in dates if x1 - 10 < x < x1 + 60)])
    if beside + 54 < SLIDE:
        canvas.text(beside, y, amount, TICK, "text", "medium")
    else:
        canvas.text(x0 - 6, y, amount, TICK, "text", "medium", "right")


def _lanes(record: Record, roadmap: Roadmap, title: str) -> bytes:
    """Draw how many initiatives of each goal run in each quarter, where there are too many for bars."""
    groups = work_by_goal(record, roadmap)
    goals = {goal.id: goal for goal in record.facts.goals}
    quarters = roadmap.quarters

    left, top = 470.0, 48.0
    step = min(72.0, (room_below(title, 90) - top) / len(groups))
    bottom = top + step * len(groups)
    with Canvas(SLIDE, bottom + 2) as canvas:
        width = _quarters(canvas, roadmap, left, bottom)
        canvas.text(350, 33, "initiatives", TICK, "grey", align="right")
        canvas.text(452, 33, "capital", TICK, "grey", align="right")
        for n, (goal, rows) in enumerate(groups):
            y = top + step * (n + 0.5)
            canvas.line(0, y - step / 2, SLIDE, y - step / 2)
            name = (goals[goal].short or goals[goal].name) if goal else "No goal"
            canvas.lines(
                0, y, wrapped(name, 16, 262, 2 if step >= 42 else 1, "medium", goal), 16, weight="medium"
            )
            number = (
                str(len(rows))
                if rows
                else "none"
                if _why_empty(goals[goal], groups, record)[1] == "alarm"
                else "0"
            )
            canvas.text(350, y, number, 17, "alarm" if number == "none" else "ink", align="right")
            canvas.text(
                452, y, money_short(sum(s.capex for s, _ in rows)) if rows else "–", 17, align="right"
            )
            for t in range(quarters):
                quarter = roadmap.start.plus(t)
                running = sum(s.start <= quarter <= s.finish for s, _ in rows)
                fill = _RAMP[min(running, len(_RAMP) - 1)]
                x = left + t * width
                canvas.bar(x + 1, x + width - 1, y, step * 0.72, fill, "" if running else "rule")
                if running:
                    canvas.text(x + width / 2, y, str(running), 15, on(fill), "medium", "center")
        return canvas.svg()


def _key(story: Story) -> Markup:
    """Say what the bars' colours and signs mean."""
    if len(story.roadmap.scheduled) > _BARS:
        return paragraph(
            "In each cell: how many initiatives run in that quarter. Every initiative with its quarters is in roadmap.xlsx.",
            css="note",
        )
    parts = [
        '<span><i class="fixed"></i>fixed: under way (arrow), mandatory or decided</span>',
        '<span><i class="chosen"></i>chosen</span>',
        '<span><i class="due"></i>date of a risk that it settles</span>',
        "<span>Amounts: capital</span>",
    ]
    return Markup('<p class="key">{}</p>').format(Markup("").join(map(Markup, parts)))


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    by_id = {one.id: one for one in story.record.initiatives}
    planned = {s.initiative for s in story.roadmap.scheduled}
    if carrier := _carrier(story):
        yield f"{carrier}: ask who stands in."
    for s in story.roadmap.scheduled:
        one = by_id[s.initiative]
        if s.fixed:
            reason = f": {excerpt(one.mandatory, 90)}" if s.fixed == "mandatory" and one.mandatory else ""
            yield f"{excerpt(one.name, 60)} was not chosen, it is {s.fixed}{reason}."
        if needs := [excerpt(by_id[need].name, 60) for need in one.depends_on if need in planned]:
            yield f"{excerpt(one.name, 60)} waits for {joined(needs)}."
