"""Each measure's readings beside the straight path from its baseline to its target."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from toolkit.assess.measure_path import MeasurePath
from toolkit.client.schema import Kpi, Reading
from toolkit.html.fonts import text_width
from toolkit.show.canvas import LABEL, REPORT, SLIDE, TICK, Canvas, fitting, room_below, scale
from toolkit.show.page import Exhibit
from toolkit.words import capital, day, month, recorded

MOST = 8  # drawn; the data behind holds all
# Where the lines begin and end, and where what is said of the latest reading stands, by the chart's width.
_PLACES: dict[float, tuple[float, float, float]] = {SLIDE: (300, 746, 880), REPORT: (250, 520, 612)}
_BAD = ("behind its path", "not met")


def measure_paths_chart(paths: Sequence[MeasurePath], title: str, width: float = SLIDE) -> Exhibit:
    """Draw the first measures, each on its own scale, as many as are readable."""
    shown = paths[:MOST]
    left, _, beside_it = _PLACES[width]

    def picture() -> bytes:
        top = 30.0
        step = min(100.0, (room_below(title, 90) - top) / len(shown)) if width == SLIDE else 58.0
        with Canvas(width, top + step * len(shown)) as canvas:
            for x, text in (
                (0.0, "Measure, and who answers for it"),
                (left, "From its baseline to its target"),
                (beside_it, "Latest reading"),
            ):
                canvas.text(x, 11, text, TICK, "grey")
            for n, one in enumerate(shown):
                _row(canvas, one, top + step * n, step)
            return canvas.svg()

    signs = "Line with dots: readings; dashed: a straight path from baseline to target; diamond: the target; red: behind the path"
    return Exhibit("measures", title, _data(paths), signs, "the record’s KPIs and readings", picture)


def _row(canvas: Canvas, one: MeasurePath, top: float, step: float) -> None:
    kpi, middle = one.kpi, top + step / 2
    bad = one.stands in _BAD
    left, _, beside_it = _PLACES[canvas.width]
    canvas.line(0, top, canvas.width, top)
    canvas.text(
        0,
        middle - 10,
        fitting(kpi.short or kpi.name, LABEL, left - 70, "medium", kpi.id),
        LABEL,
        weight="medium",
    )
    # Names cut short name nobody: where they do not fit they stand in the table below.
    if text_width(owners(kpi), TICK) <= left - 20:
        canvas.text(0, middle + 11, owners(kpi), TICK, "grey")
    _line(canvas, one, top + 16, step - 32, "alarm" if bad else "plan")
    value = f"{value_of(kpi, one.latest.value)}, {day(one.latest.date)}" if one.latest else "No reading"
    before = f"; {recorded(one.before.value)} before" if one.before else ""
    if text_width(value + before, LABEL) <= canvas.width - beside_it - 20:
        value += before
    canvas.text(
        beside_it,
        middle - 10,
        fitting(value, LABEL, canvas.width - beside_it, "medium"),
        LABEL,
        weight="medium",
    )
    canvas.text(beside_it, middle + 11, _stands(one), TICK, "alarm" if bad else "text")


def _stands(one: MeasurePath) -> str:
    """Say how a measure stands, with where it should be on the day of its reading."""
    if one.path is None:
        return capital(one.stands)
    return f"{capital(one.stands)}; it should be {value_of(one.kpi, one.path)}"


def _line(canvas: Canvas, one: MeasurePath, top: float, height: float, colour: str) -> None:
    """Draw the path and the readings; nothing where fewer than two points are known."""
    kpi, (left, right, _) = one.kpi, _PLACES[canvas.width]
    ends = [
        (when, value)
        for when, value in ((kpi.baseline_date, kpi.baseline), (kpi.target_date, kpi.target))
        if when is not None and value is not None
    ]
    read = [(each.date, each.value) for each in _until(one)]
    points = [*ends, *read]
    if len(points) < 2:
        return
    days, values = [when.toordinal() for when, _ in points], [value for _, value in points]
    x = scale(min(days), max(days), left + 46, right)
    y = scale(min(values), max(values), top + height, top)

    def at(point: tuple[date, float]) -> tuple[float, float]:
        return x(point[0].toordinal()), y(point[1])

    if len(ends) == 2:
        canvas.line(*at(ends[0]), *at(ends[1]), "mid", 1.6, dashed=True, above=4)
        canvas.mark(*at(ends[1]), "D", 10, "ink")
        by = f", {month(ends[1][0])}" if canvas.width == SLIDE else ""
        canvas.text(right + 12, at(ends[1])[1], f"{recorded(ends[1][1])}{by}", TICK, weight="medium")
    if kpi.baseline is not None and kpi.baseline_date is not None:
        start = (kpi.baseline_date, kpi.baseline)
        canvas.text(left + 36, at(start)[1], recorded(kpi.baseline), TICK, "grey", align="right")
        read = [start, *(each for each in read if each[0] > start[0])]
    if len(read) > 1:
        canvas.path([at(each) for each in read], colour, 2.2)
    for each in read[1:] if kpi.baseline is not None else read:
        canvas.mark(*at(each), "o", 7, colour)


def _until(one: MeasurePath) -> list[Reading]:
    last = one.latest
    return sorted(
        (each for each in one.kpi.readings if last and each.date <= last.date), key=lambda each: each.date
    )


def owners(kpi: Kpi) -> str:
    """Name who answers for a measure on both sides, without the posts they hold, and which side names nobody."""
    if not kpi.owner_business and not kpi.owner_it:
        return "no owner named"
    sides = ((kpi.owner_business, "none in business"), (kpi.owner_it, "none in IT"))
    return " · ".join((name or lacking).split(",")[0] for name, lacking in sides)


def value_of(kpi: Kpi, value: float) -> str:
    """Write a value of a measure, with its unit where that is short."""
    return f"{recorded(value)} {kpi.unit}" if kpi.unit and len(kpi.unit) <= 3 else recorded(value)


def _data(paths: Sequence[MeasurePath]) -> pd.DataFrame:
    heads = ("Measure", "Unit", "Baseline", "Latest reading", "Read on", "On a straight path", "Reading before", "Target", "Target by", "Stands")  # fmt: skip
    rows = [
        (
            one.kpi.name, one.kpi.unit, one.kpi.baseline, one.latest and one.latest.value, one.latest and day(one.latest.date),
            one.path, one.before and one.before.value, one.kpi.target, one.kpi.target_date and month(one.kpi.target_date),
            capital(one.stands),
        )
        for one in paths
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(heads))
