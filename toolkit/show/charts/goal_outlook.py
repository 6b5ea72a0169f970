"""Each goal's measure today, against its path, and with the plan by the goal's date."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from toolkit.html.fonts import text_width
from toolkit.html.markup import paragraph
from toolkit.plan.outlook import Outlook
from toolkit.show.canvas import REPORT, SLIDE, TICK, Canvas, fitting, room_below, scale, wrapped
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.show.page import TITLE, Exhibit
from toolkit.words import (
    beside,
    capital,
    count,
    day,
    joined,
    month,
    number_word,
    plain,
    recorded,
    tidy,
)

if TYPE_CHECKING:
    from toolkit.show.story import Story

_MOST = 7
_HOW_EXPECTED = (
    "With the plan: today’s pace, or today’s reading and what the initiatives were scored to add by the goal’s date, whichever "
    "is better; the two are not added. A judgement, not a forecast."
)
# Where the way from baseline to target begins and ends, and where the verdict stands, by the chart's width.
_PLACES: dict[float, tuple[float, float, float]] = {SLIDE: (340, 690, 800), REPORT: (232, 480, 590)}


def outlook_message(outlooks: tuple[Outlook, ...], planned: bool) -> str:
    """Say how many goals reach their target with the plan, how many are ahead of their path or fall short, and which have no work."""
    verdicts = [one.verdict for one in outlooks]
    there = sum(one in ("reached", "reaches") for one in verdicts)
    behind = sum(one.behind for one in outlooks)
    bare = [one for one in outlooks if one.verdict == "no initiative"]
    recorded_only = any(one.waiting for one in bare)
    if not planned:
        known = sum(one.path is not None for one in outlooks)
        if not known:
            return _read_at_all(outlooks)
        return f"{capital(number_word(behind))} of {count(known, 'measure')} {'is' if behind == 1 else 'are'} behind the path to the target"
    alone = sum(one.verdict in ("reached", "reaches") and (one.pace or 0.0) >= 1 for one in outlooks)
    needing = there - alone
    parts = []
    if there:
        reach = "reaches its target" if there == 1 else "reach their target"
        only = (
            ""
            if not needing
            else " only with the plan"
            if not alone
            else f", {number_word(needing)} only with the plan"
        )
        parts.append(f"{count(there, 'goal')} {reach}{only or ' at today’s pace'}")
    if ahead := verdicts.count("ahead"):
        parts.append(
            f"{number_word(ahead) if parts else count(ahead, 'goal')} {'is ahead of its' if ahead == 1 else 'are ahead of their'} path"
        )
    if short := verdicts.count("short"):
        parts.append(
            f"{number_word(short) if parts else count(short, 'goal')} {'falls' if short == 1 else 'fall'} short"
        )
    if bare:
        who = _called(bare[0]) if len(bare) == 1 else number_word(len(bare))
        none = "no planned work" if recorded_only else "no initiative"
        parts.append(f"{who} {'has' if len(bare) == 1 else 'have'} {none}")
    if not parts:
        return f"{capital(count(len(outlooks), 'goal'))}, and where their measures stand"
    title = capital("; ".join(parts) if any(", " in part for part in parts) else joined(parts))
    for long, less in (
        (" of its path", ""),
        (" of their path", ""),
        (" only with the plan", " with the plan"),
    ):
        title = title if len(title) <= TITLE else title.replace(long, less)
    return title


def _read_at_all(outlooks: tuple[Outlook, ...]) -> str:
    """Say how many goals have a measure with a reading, where none can be held against a path."""
    read, goals = sum(one.way is not None for one in outlooks), count(len(outlooks), "goal")
    verb = "has" if read == 1 else "have"
    if read == len(outlooks):
        return f"{capital(number_word(read))} of {goals} {verb} a reading, and no date to be held against"
    follow = (
        "the other cannot be followed yet"
        if len(outlooks) - read == 1
        else "the others cannot be followed yet"
    )
    return f"{capital(number_word(read))} of {goals} {verb} a measure with a reading; {follow}"


def _called(one: Outlook) -> str:
    return f"“{one.goal.short}”" if one.goal.short else "one goal"


def goal_outlook(
    story: Story, outlooks: tuple[Outlook, ...], title: str, width: float = SLIDE
) -> list[Exhibit | Markup]:
    """Draw each goal's way from its baseline to its target, and say below how what is expected was reckoned."""
    expected = any(one.expected is not None for one in outlooks)
    shown = sorted(outlooks, key=lambda one: -(one.goal.weight or 0.0))[:_MOST]

    def picture() -> bytes:
        top = 34
        step = min(100, (room_below(title, 112) - top) / len(shown)) if width == SLIDE else 84
        with Canvas(width, top + step * len(shown) + 6) as canvas:
            left, right, beside_it = _PLACES[width]
            at = scale(0, 1, left, right)
            for x, text in ((0.0, "Goal"), (beside_it, "By the goal’s date")):
                canvas.text(x, 13, text, TICK, "grey")
            for x, text in ((at(0), "start"), (at(1), "target")):
                canvas.text(x, 13, text, TICK, "grey", align="center")
            for n, one in enumerate(shown):
                y = top + step * (n + 0.5)
                canvas.line(0, y - step / 2, width, y - step / 2)
                _row(canvas, one, y, 3 if step >= 82 else 2 if step >= 74 else 1)
            return canvas.svg()

    signs = (
        ("Grey: today", True),
        ("triangle: where a straight path would be", any(one.path is not None for one in outlooks)),
        ("red: behind it", any(one.behind for one in outlooks)),
        ("circle: expected with the plan", expected),
    )
    exhibit = Exhibit(
        "outlook", title, _data(outlooks),
        "; ".join(said for said, drawn in signs if drawn),
        "the record’s KPIs, readings and goals; the plan", picture, lambda: _native(shown),
    )  # fmt: skip
    return [exhibit, paragraph(_HOW_EXPECTED, css="note")] if expected else [exhibit]


def _native(shown: list[Outlook]) -> NativeChart:
    """Return the goals as marks in rows, in per cent of the way from baseline to target, as far as is drawn."""

    def drawn(share: float | None, least: float = -0.12) -> float | None:
        return None if share is None else 100 * min(max(share, least), 1.0)

    known = [one.way is not None and one.today is not None for one in shown]
    behind = [one.behind for one in shown]
    series = (
        ChartSeries("Start", tuple(0.0 if it else None for it in known), "mid",
                    tuple(recorded(one.baseline or 0.0) if it else "" for one, it in zip(shown, known, strict=True)),
                    sides=tuple("right" if (one.way or 0.0) < 0 else "left" for one in shown), mark="|"),
        ChartSeries("Today", tuple(drawn(one.way) if it else None for one, it in zip(shown, known, strict=True)), "text",
                    tuple(f"{recorded(one.today or 0.0)} today" if it else "" for one, it in zip(shown, known, strict=True)),
                    side="above", mark="s", since=tuple(0.0 if it else None for it in known)),
        ChartSeries("Where a straight path would be", tuple(drawn(one.path) for one in shown), "text",
                    tuple("" if one.path is None else f"path {recorded(_near(one, one.value(one.path)))}" for one in shown),
                    fills=tuple("alarm" if late else "text" for late in behind), side="below", mark="^"),
        ChartSeries("Expected with the plan", tuple(drawn(one.expected) for one in shown), "plan", mark="o"),
        ChartSeries("Target", tuple(None if one.target is None else 100.0 for one in shown), "ink",
                    tuple("" if one.target is None else value_of(one, one.target) for one in shown), mark="|"),
    )  # fmt: skip
    verdicts = [_verdict(one) for one in shown]
    weights = [f"{plain(tidy(one.goal.weight, 1))} points" if one.goal.weight else "" for one in shown]
    dues = [f"due {month(one.due)}" if one.due else "" for one in shown]
    return NativeChart(
        "marks", tuple(one.goal.short or one.goal.name for one in shown),
        tuple(one for one in series if any(value is not None for value in one.values)),
        asides=tuple(" · ".join(filter(None, two)) for two in zip(weights, dues, strict=True)),
        notes=tuple(RowNote(said, _why(one, math.inf), tone) for (said, tone), one in zip(verdicts, shown, strict=True)),
        low=-20.0, high=120.0, heads=("Goal", "By the goal’s date"), unit="Where each measure stands between its start and its target",
    )  # fmt: skip


def _row(canvas: Canvas, one: Outlook, y: float, lines: int) -> None:
    left, right, beside_it = _PLACES[canvas.width]
    at, room = scale(0, 1, left, right), canvas.width - beside_it
    weight = f"{plain(tidy(one.goal.weight, 1))} points" if one.goal.weight else ""
    due = f"due {month(one.due)}" if one.due else ""
    size = 18 if one.goal.short and canvas.width == SLIDE else 16
    name = (
        [fitting(one.goal.short, size, left - 44, "medium", one.goal.id)]
        if one.goal.short
        else wrapped(one.goal.name, 16, left - 44, lines, "medium", one.goal.id)
    )
    up, down = {1: (10, 13), 2: (14, 18)}.get(len(name), (12, 28))
    canvas.lines(0, y - up, name, size, weight="medium")
    canvas.text(0, y + down, " · ".join(filter(None, (weight, due))), TICK, "grey")
    canvas.bar(at(0), at(1), y, 16, "panel", above=2)
    canvas.line(at(1), y - 15, at(1), y + 15, "ink", 2.5, above=6)
    if one.target is not None:
        canvas.text(at(1) + 14, y, value_of(one, one.target), 15, weight="medium")
    if one.way is not None and one.today is not None:
        way = min(max(one.way, -0.12), 1.0)
        colour = "mid" if one.way >= 0 else "alarm"
        canvas.bar(at(0), at(way), y, 16, colour, above=4)
        canvas.text(
            at(min(max(way, 0.06), 0.94)), y - 21, f"{recorded(one.today)} today", TICK,
            "text" if one.way >= 0 else "alarm", "medium", "center",
        )  # fmt: skip
        start = at(0) - 10 if way >= 0 else at(way) - 8
        canvas.text(start, y, recorded(one.baseline or 0.0), 15, "grey", align="right")
    if one.path is not None:
        colour = "alarm" if one.behind else "text"
        canvas.line(at(one.path), y - 8, at(one.path), y + 12, colour, 1.6, above=7)
        canvas.mark(at(one.path), y + 14, "^", 10, colour)
        canvas.text(
            at(one.path) + 11, y + 24, f"path {recorded(_near(one, one.value(one.path)))}", TICK, colour
        )
    if one.expected is not None:
        canvas.mark(at(min(one.expected, 1.0)), y, "o", 15, "plan", above=8)
    verdict, tone = _verdict(one)
    canvas.text(beside_it, y - 14, fitting(verdict, 16, room, "semibold"), 16, tone, "semibold")
    most = min(lines, 2)
    below = wrapped(_why(one, most * room * 0.95), TICK, room, most)
    canvas.lines(beside_it, y + (16 if len(below) > 1 else 9), below, TICK, "grey")


def _near(one: Outlook, value: float) -> float:
    """Round a computed value to the decimals of what is recorded."""
    known = [each for each in (one.baseline, one.target, one.today) if each is not None]
    return beside(value, *known) if known else value


def value_of(one: Outlook, value: float) -> str:
    """Write a value of a goal's measure, with its unit where that is short."""
    unit = one.kpi.unit if one.kpi and one.kpi.unit else ""
    said = recorded(_near(one, value))
    return f"{said} {unit}".strip() if len(unit) <= 3 else said


def _verdict(one: Outlook) -> tuple[str, str]:
    """Return what is said of a goal's end, and the role of its colour."""
    if one.verdict == "reached":
        return "At its target", "plan"
    if one.verdict == "reaches":
        return "Reaches its target with the plan", "plan"
    if one.verdict == "ahead":
        return "Ahead of its path", "plan"
    if one.verdict == "outside IT":
        return f"Served outside IT by {one.goal.served_by}", "text"
    if one.verdict == "behind":
        return "Behind its path", "alarm"
    if one.verdict == "no initiative":
        return ("None in the plan" if one.waiting else "No initiative"), "alarm"
    if one.verdict == "short" and one.expected is not None:
        return (
            f"{value_of(one, one.value(one.expected))} expected with the plan",
            "alarm" if one.behind else "plan",
        )
    return ("Not known" if one.planned else "No plan yet"), "grey"


def _why(one: Outlook, room: float) -> str:
    """Say where the pace leads, and what the low end and late work come to: as much as so many pixels hold."""
    said, pace, low = [], "", ""
    if one.pace is not None and one.verdict != "reached":
        pace = "past the target" if one.pace >= 1 else value_of(one, one.value(one.pace))
        said.append(f"{pace} at today’s pace")
    if one.low is not None and one.expected is not None and one.low < min(one.expected, 1.0):
        low = value_of(one, one.value(one.low))
        if low == pace:
            said[-1] += ", and if all effects are low"
        elif low != value_of(one, one.value(one.expected)):
            said.append(f"{low} if all effects are low")
    if one.late:
        said.append(f"{count(one.late, 'initiative')} {'ends' if one.late == 1 else 'end'} after its date")
    if not said and one.way is None:
        return "no reading on record" if one.initiatives or one.goal.kpi else "no measure linked to it"
    while len(said) > 1 and text_width("; ".join(said), TICK) > room:
        said.pop()
    return "; ".join(said)


def _data(outlooks: tuple[Outlook, ...]) -> pd.DataFrame:
    def of(one: Outlook, share: float | None) -> float | None:
        return None if share is None else _near(one, one.value(share))

    rows = [
        (one.goal.name, one.kpi.name if one.kpi else None, one.kpi.unit if one.kpi else None, one.baseline, one.today,
         of(one, one.path), of(one, one.pace), of(one, one.low), of(one, one.expected), of(one, one.high), one.target,
         day(one.due) if one.due else None, one.initiatives, one.late, one.readings, one.goal.served_by)
        for one in outlooks
    ]  # fmt: skip
    columns = [
        "Goal", "Measure", "Unit", "Baseline", "Today", "Straight path", "At today’s pace", "With the plan, low", "Expected",
        "High", "Target", "By", "Initiatives in time", "Late", "Readings", "Served outside IT by",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame if any(one.goal.served_by for one in outlooks) else frame.drop(columns=columns[-1])
