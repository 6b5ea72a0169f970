"""What misalignment costs a year: agreed and claimed figures as ranges, never added up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.ticker import MaxNLocator

from toolkit.client.schema import Impact
from toolkit.show.canvas import SLIDE, TICK, Canvas, Weight, fitting, room_below, scale
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.show.page import Exhibit
from toolkit.show.sides import SYMPTOM_NAMES
from toolkit.words import capital, count, inside, money, money_short, number_word

if TYPE_CHECKING:
    from toolkit.show.story import Story


def by_standing(story: Story) -> list[Impact]:
    """Return the record's impacts: agreed before claimed, each the largest first."""
    return sorted(story.record.facts.impact, key=lambda one: (one.agreed_by is None, -one.likely, one.id))


def costs_message(story: Story, impacts: Sequence[Impact]) -> str:
    """Say what the largest agreed cost is, and how many claims nobody has agreed to."""
    agreed = [one for one in impacts if one.agreed_by]
    claimed = len(impacts) - len(agreed)
    worst = max(agreed or impacts, key=lambda one: (one.likely, one.id))
    amount = f"{money(worst.likely, story.currency)} a year"
    if not agreed:
        return f"{capital(count(claimed, 'cost'))} {'is' if claimed == 1 else 'are'} claimed, the largest {amount}; nobody has agreed to {'it' if claimed == 1 else 'any'} yet"
    named = f", {inside(worst.short)}," if worst.short else ""
    what = f"The largest agreed cost{named} is {amount}"
    still = f"{number_word(claimed)} more {'claim needs' if claimed == 1 else 'claims need'} agreement"
    return f"{what}; {still}" if claimed else f"{what}, and every figure is agreed"


def cost_ranges(story: Story, impacts: Sequence[Impact], title: str, width: float = SLIDE) -> Exhibit:
    """Draw each cost from its low to its high figure, agreed ones solid and claimed ones hollow."""
    frame = pd.DataFrame(
        [
            (one.name, one.short, SYMPTOM_NAMES[one.symptom], one.low, one.likely, one.high,
             f"agreed by {one.agreed_by}" if one.agreed_by else "claimed, not agreed", one.source)
            for one in story.record.facts.impact
        ],
        columns=["Cost", "Drawn as", "Symptom", "Low", "Likely", "High", "Standing", "Source"],
    ).dropna(axis="columns", how="all")  # fmt: skip
    shared = (
        " Those that count the same money are never added up." if any(one.overlaps for one in impacts) else ""
    )
    unit = (
        f"{story.currency} a year; bar: low to high, line: likely.{shared} Who agreed to each is in the data"
    )
    sourced = all(one.source for one in story.record.facts.impact)
    source = f"the record’s business impacts{', each with its own source' if sourced else ''}"
    return Exhibit(
        "cost",
        title,
        frame,
        unit,
        source,
        lambda: _drawn(impacts, title, width),
        lambda: _native(impacts, unit),
    )


def _native(impacts: Sequence[Impact], unit: str) -> NativeChart:
    """Return the ranges as bars on a clear base, broken at the likely figure."""
    lows = [one.likely if one.low is None else one.low for one in impacts]
    highs = [one.likely if one.high is None else one.high for one in impacts]
    most = max(highs)
    ticks = _ticks(most)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else most
    shown = [*ticks, ticks[-1] + step] if most > ticks[-1] else ticks
    end = shown[-1] or 1.0
    ranged = [low < high for low, high in zip(lows, highs, strict=True)]
    mark = 0.006 * end  # how wide a figure is drawn that has no range
    series = [
        ChartSeries("Low", tuple(low if wide else max(low - mark, 0.0) for low, wide in zip(lows, ranged, strict=True)), ""),
        ChartSeries(
            "Low to likely", tuple(one.likely - low or None for one, low in zip(impacts, lows, strict=True)), "plan",
            fills=tuple("plan" if one.agreed_by else "mid" for one in impacts),
        ),
        ChartSeries(
            "Likely to high", tuple(high - one.likely or None for one, high in zip(impacts, highs, strict=True)), "plan-2",
            fills=tuple("plan-2" if one.agreed_by else "light" for one in impacts),
        ),
    ]  # fmt: skip
    if not all(ranged):
        series.append(
            ChartSeries("One figure, no range", tuple(None if wide else mark for wide in ranged), "ink")
        )
    return NativeChart(
        "bars", tuple(one.short or one.name for one in impacts), tuple(series),
        asides=tuple(f"agreed by {one.agreed_by}" if one.agreed_by else "claimed, not agreed" for one in impacts),
        notes=tuple(
            RowNote(money_short(one.likely), f"{money_short(low)}–{money_short(high)}" if low != high else "")
            for one, low, high in zip(impacts, lows, highs, strict=True)
        ),
        low=0.0, high=end, ticks=tuple(map(money_short, shown)), heads=("", "Likely; low to high"),
        unit=unit.replace("line: likely", "broken at the likely figure"),
    )  # fmt: skip


def _drawn(impacts: Sequence[Impact], title: str, width: float) -> bytes:
    most = max(one.high or one.likely for one in impacts)
    name, right = (400, 950) if width == SLIDE else (290, 630)
    at = scale(0, most or 1.0, name + 20, right)
    agreed = [one for one in impacts if one.agreed_by]
    claimed = [one for one in impacts if not one.agreed_by]
    groups = [(head, rows) for head, rows in (("Agreed", agreed), ("Claimed, not agreed", claimed)) if rows]
    step = min(96, (room_below(title, 150) - 30 * len(groups)) / len(impacts)) if width == SLIDE else 40
    with Canvas(width, 30 * len(groups) + step * len(impacts) + 34) as canvas:
        for value in _ticks(most):
            canvas.line(at(value), 6, at(value), canvas.height - 30)
            canvas.text(at(value), canvas.height - 13, money_short(value), TICK, "grey", align="center")
        y = 0.0
        for head, rows in groups:
            canvas.text(0, y + 16, head, 15, "plan" if rows is agreed else "grey", "semibold")
            y += 30
            for impact in rows:
                _range(canvas, impact, y + step / 2, at, name)
                y += step
        return canvas.svg()


def _range(canvas: Canvas, one: Impact, y: float, at: Callable[[float], float], name: float) -> None:
    """Draw one cost: its range, its likely figure, and both in words."""
    weight: Weight = "medium" if one.agreed_by else "normal"
    low = one.likely if one.low is None else one.low
    high = one.likely if one.high is None else one.high
    canvas.text(0, y, fitting(one.short or one.name, 16, name, weight, one.id), 16, weight=weight)
    fill, edge = ("plan", "") if one.agreed_by else ("paper", "grey")
    canvas.bar(at(low), at(high), y, 24, fill, edge)
    canvas.line(at(one.likely), y - 12, at(one.likely), y + 12, edge or "paper", 3, above=5)
    canvas.text(at(high) + 10, y, money_short(one.likely), 17, weight="semibold")
    if low != high:
        canvas.text(at(high) + 62, y, f"{money_short(low)}–{money_short(high)}", TICK, "grey")


def _ticks(most: float) -> list[float]:
    """Return four or five round values from zero up to the most."""
    return [
        float(value)
        for value in MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(0, most)
        if value <= most
    ]
