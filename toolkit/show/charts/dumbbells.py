"""Areas, symptoms and practices as dumbbells: what each side scored, the target, and how sure the difference is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

import pandas as pd

from toolkit.assess import Assessment
from toolkit.assess.assessment import DimensionResult, GroupResult
from toolkit.assess.benchmark import Benchmark
from toolkit.assess.difference import ADJUSTED, ONLY_COUNTS, POSITION, differs, noticeable
from toolkit.html.fonts import text_width
from toolkit.method import COMPARED, HIGHEST, LOWEST, NOTICEABLE, SCALE, Group, Mode
from toolkit.show.canvas import LABEL, REPORT, TICK, Canvas, fitting, room_below, scale
from toolkit.show.chart_style import GROUP_COLOUR, GROUP_MARKER
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote, Side
from toolkit.show.page import Exhibit
from toolkit.show.sides import (
    by_joint_score,
    differing,
    shown_groups,
    survey_source,
    two_sides,
    weakest,
    widest_of,
)
from toolkit.words import capital, count, inside, joined, score, signed

if TYPE_CHECKING:
    from toolkit.show.story import Story

# How high the chart is on a slide at most, what stands below it and the box of a proxy above it, in pixels.
_HIGH, _BELOW, _PROXY = 444.0, 40.0, 80.0
# So many weak areas are named in a title.
_NAMED = 3
_UNIT = "Score, 1 to 5, each rounded by itself"
_VOICE: dict[Mode, str] = {"survey": "", "consensus": ", agreed position", "named": ", one person"}


def areas_message(story: Story) -> str:
    """Return the nine areas' message."""
    a, differ = story.assessment, differing(story)
    lowest = _lowest(a)
    if differ:
        widest = widest_of(differ)
        name = inside(widest.dimension.name) if widest else ""
        where = f"furthest apart on {name}" if len(differ) > 1 else f"on {name}"
        return capital(
            f"{two_sides(story)} see {count(len(differ), 'area')} differently, {where}"
            if len(differ) > 1
            else f"{two_sides(story)} see one area differently: {name}"
        )
    if any(area.measured_gap and noticeable(area.measured_gap.value) for area in a.scored):
        return f"Whether {two_sides(story)} differ is too close to call; {lowest}"
    if any(area.measured_gap for area in a.scored):
        return f"{capital(two_sides(story))} broadly agree; {lowest}"
    if any(area.gap for area in a.scored):
        return f"{capital(lowest)}; no difference was measured without adjustment"
    return f"{capital(lowest)}; only one side’s view can be shown"


def _lowest(a: Assessment) -> str:
    """Say which areas are weak; of many, how many and the lowest; where none is, which is lowest."""
    low = [inside(area.dimension.name) for area in weakest(a.scored)]
    weak = [inside(area.dimension.name) for area in sorted(a.weak, key=by_joint_score)]
    if not weak:
        return f"the lowest area{'s are' if len(low) > 1 else ' is'} {joined(low)}"
    are = f"{count(len(weak), 'area')} {'is' if len(weak) == 1 else 'are'} weak"
    return f"{are}: {joined(weak)}" if len(weak) <= _NAMED else f"{are}, most of all {joined(low)}"


UNTESTED = {POSITION: "position, not a sample", ONLY_COUNTS: "not tested", ADJUSTED: "adjusted"}


def dumbbells(
    assessment: Assessment,
    rows: Sequence[DimensionResult],
    key: str,
    title: str,
    ends: tuple[str, str],
    sure: bool = True,
    width: float = REPORT,
    benchmark: Benchmark | None = None,
    below: float = 0.0,
) -> Exhibit:
    """Draw each dimension as a dumbbell: one mark per shown group, the target as a tick; what differs comes first.

    ``ends`` names the scale's two ends; with ``sure`` the right margin says how sure each gap is. A grey band shows where
    the middle half of a ``benchmark``'s clients stand. ``below`` are the pixels of a slide that its text below takes.
    """
    groups = shown_groups(assessment)
    scored = sorted((row for row in rows if row.scores), key=_order)
    data = _dimension_data([row for row in rows if row.scores], groups, benchmark)
    high = min(_HIGH, room_below(title, below + _BELOW + (_PROXY if assessment.proxy else 0)))
    picture = partial(_dumbbells_picture, scored, groups, ends, sure, width, high, benchmark)
    source = survey_source(assessment)
    return Exhibit(
        key, title, data, _UNIT,
        f"{source}; {_compared(benchmark)}" if benchmark else source, picture,
        partial(_native, scored, groups, ends, sure, benchmark),
    )  # fmt: skip


def _compared(benchmark: Benchmark) -> str:
    """Say whom the band is of."""
    sector = f" in the sector {benchmark.sector}" if benchmark.sector else ""
    return f"band: the consultancy’s clients{sector}, business and IT together; see the assessment’s appendix"


def _band(benchmark: Benchmark) -> str:
    """Return what the band is called."""
    return f"Middle half of {benchmark.clients} companies"


def _native(
    rows: Sequence[DimensionResult], groups: Sequence[GroupResult], ends: tuple[str, str], sure: bool,
    benchmark: Benchmark | None = None,
) -> NativeChart:  # fmt: skip
    """Return the dumbbells as marks in rows, the second group's joined to the first's."""
    means = {g.group: tuple(_score_of(row, g.group) for row in rows) for g in groups}
    two = [group for group in COMPARED if group in means]
    ends_of = [
        sorted((mean, n) for n, g in enumerate(groups) if (mean := _score_of(row, g.group)) is not None)
        for row in rows
    ]
    series = [_native_band(rows, benchmark)] if benchmark else []
    for n, g in enumerate(groups):
        # As in the picture, the lowest and the highest mark of each row bear their value.
        first = [len(marks) > 1 and marks[0][1] == n for marks in ends_of]
        last = [bool(marks) and marks[-1][1] == n for marks in ends_of]
        labels = (
            "" if mean is None or not (a or b) else score(mean)
            for mean, a, b in zip(means[g.group], first, last, strict=True)
        )
        sides: tuple[Side, ...] = tuple("left" if one else "right" for one in first)
        series.append(
            ChartSeries(
                f"{g.label}{_VOICE[g.mode]}", means[g.group], GROUP_COLOUR[g.group], tuple(labels), sides=sides,
                mark=GROUP_MARKER[g.group], since=means[two[0]] if len(two) == 2 and g.group == two[1] else (),
            )
        )  # fmt: skip
    if any(row.target is not None for row in rows):
        series.append(ChartSeries("Target", tuple(row.target for row in rows), "ink", mark="|"))
    told = sure and any(row.gap for row in rows)
    once = _said_of_all(rows)
    return NativeChart(
        "marks", tuple(row.dimension.name for row in rows), tuple(series),
        asides=tuple(_verdict(row) for row in rows), notes=tuple(_note(row, once) for row in rows) if told else (),
        low=LOWEST, high=HIGHEST, ticks=_ends(ends), heads=("", "Gap (business − IT)" if told else ""),
        unit=f"{_UNIT}; of every gap: {once}" if told and once else "",
    )  # fmt: skip


def _native_band(rows: Sequence[DimensionResult], benchmark: Benchmark) -> ChartSeries:
    bands = [benchmark.bands.get(row.dimension.id) for row in rows]
    highs, lows = (
        tuple(None if band is None else getattr(band, end) for band in bands) for end in ("high", "low")
    )
    return ChartSeries(_band(benchmark), highs, "light", mark="band", since=lows)


def _score_of(row: DimensionResult, group: Group) -> float | None:
    return row.scores[group].mean if group in row.scores else None


def _said_of_all(rows: Sequence[DimensionResult]) -> str:
    """Return how sure the gaps are where that is the same of all of them, to be said once; else ""."""
    words = {_how_sure(row) for row in rows if row.gap}
    return words.pop() if len(words) == 1 else ""


def _note(row: DimensionResult, once: str) -> RowNote:
    """Return an area's gap, and how sure it is where that is not said ``once`` for all."""
    if row.gap is None:
        return RowNote()
    apart, low = differs(row), low_on_both_sides(row)
    both = "low on both sides" if low and not apart else ""
    said = ", ".join(filter(None, ("" if once else _how_sure(row), both)))
    return RowNote(signed(row.gap.value), said, "ink" if apart or low else "grey")


def _ends(ends: tuple[str, str]) -> tuple[str, ...]:
    return tuple(
        {LOWEST: f"{value} {ends[0]}", HIGHEST: f"{value} {ends[1]}"}.get(value, str(value))
        for value in SCALE
    )


def low_on_both_sides(row: DimensionResult) -> bool:
    """Whether business and IT both score an area noticeably below its target."""
    sides = [row.scores[group].mean for group in COMPARED if group in row.scores]
    return row.target is not None and len(sides) == 2 and max(sides) <= row.target - NOTICEABLE


def _order(row: DimensionResult) -> tuple[bool, bool, float]:
    return not differs(row), not low_on_both_sides(row), -abs(row.gap.value) if row.gap else 0.0


def _dumbbells_picture(
    rows: Sequence[DimensionResult],
    groups: Sequence[GroupResult],
    ends: tuple[str, str],
    sure: bool,
    width: float,
    high: float,
    benchmark: Benchmark | None,
) -> bytes:
    wide = width > 1000
    name, gap = (262, 842) if wide else (212, 590)
    at = scale(LOWEST, HIGHEST, name + 20, gap - (70 if wide else 48))
    top, foot = 36, 30
    step = min(96.0, (high - top - foot) / len(rows)) if wide else 38.0
    height = top + foot + step * len(rows)
    with Canvas(width, height) as canvas:
        for value in SCALE:
            end = {LOWEST: f"{value} {ends[0]}", HIGHEST: f"{value} {ends[1]}"}.get(value, str(value))
            canvas.line(at(value), top, at(value), height - foot)
            canvas.text(at(value), height - 12, end, TICK, "grey", align="center")
        _key(canvas, groups, any(row.target is not None for row in rows), gap, benchmark)
        once = _said_of_all(rows)
        if sure and any(row.gap for row in rows):
            canvas.text(gap, 13, f"Gap (business − IT){f': {once}' if once else ''}", TICK, "grey")
        for n, row in enumerate(rows):
            y = top + step * (n + 0.5)
            if band := benchmark.bands.get(row.dimension.id) if benchmark else None:
                canvas.bar(at(band.low), at(band.high), y, 28, "wash", "light", above=1)
                canvas.line(at(band.middle), y - 14, at(band.middle), y + 14, "mid", 1.2, above=2)
            _dumbbell(canvas, row, groups, y, at, (gap, width), sure, once)
        return canvas.svg()


def _key(
    canvas: Canvas, groups: Sequence[GroupResult], target: bool, right: float, benchmark: Benchmark | None
) -> None:
    """Name the groups' marks, the target's and the band above the chart."""
    behind = text_width(_band(benchmark), TICK, 500) + 48 if benchmark else 0.0
    x, room = 0.0, right - (80 if target else 20) - behind
    for group in groups:
        name = fitting(f"{group.label}{_VOICE[group.mode]}", TICK, room - x - 19, "medium", group.group)
        canvas.mark(x + 7, 13, GROUP_MARKER[group.group], 11, GROUP_COLOUR[group.group])
        canvas.text(x + 19, 13, name, TICK, GROUP_COLOUR[group.group], "medium")
        x += 19 + text_width(name, TICK, 500) + 22
    if target:
        canvas.line(x + 4, 5, x + 4, 21, "ink", 2.2)
        canvas.text(x + 14, 13, "Target", TICK, weight="medium")
        x += 14 + text_width("Target", TICK, 500) + 22
    if benchmark:
        canvas.bar(x, x + 22, 13, 16, "wash", "light")
        canvas.line(x + 11, 5, x + 11, 21, "mid", 1.2, above=4)
        canvas.text(x + 29, 13, _band(benchmark), TICK, "grey", "medium")


def _dumbbell(
    canvas: Canvas, row: DimensionResult, groups: Sequence[GroupResult], y: float, at: Callable[[float], float],
    room: tuple[float, float], sure: bool, told: str,
) -> None:  # fmt: skip
    apart, low = differs(row), low_on_both_sides(row)
    loud = apart or low or not sure
    canvas.text(
        0,
        y - (9 if _verdict(row) else 0),
        row.dimension.name,
        LABEL,
        "ink" if loud else "text",
        "medium" if loud else "normal",
    )
    if _verdict(row):
        canvas.text(0, y + 10, _verdict(row), TICK, "grey")
    means = [row.scores[g.group].mean for g in groups if g.group in row.scores and g.group != "provider"]
    if len(means) == 2:
        canvas.line(at(means[0]), y, at(means[1]), y, "mid" if loud else "light", 4, above=2)
    if row.target is not None:
        canvas.line(at(row.target), y - 11, at(row.target), y + 11, "ink", 2.2, above=3)
    marks = sorted((row.scores[g.group].mean, g.group) for g in groups if g.group in row.scores)
    for n, (mean, group) in enumerate(marks):
        hidden = any(abs(at(mean) - at(other)) < 11 for m, (other, _) in enumerate(marks) if m != n)
        apart_by = (-5 if n % 2 else 5) if hidden else 0
        size = 13 if group == "business" else 12
        canvas.mark(at(mean), y + apart_by, GROUP_MARKER[group], size, GROUP_COLOUR[group])
    sides: tuple[Literal["right", "left"], ...] = ("right", "left") if len(marks) > 1 else ("left",)
    for (mean, group), side in zip(marks[:: max(len(marks) - 1, 1)], sides, strict=True):
        x = _beside(at, mean, row.target, 1 if side == "left" else -1)
        canvas.text(x, y, score(mean), LABEL, GROUP_COLOUR[group], "medium", side)
    if sure and row.gap is not None:
        word = "" if told else _how_sure(row)
        both = "low on both sides" if low and not apart else ""
        canvas.text(
            room[0],
            y,
            signed(row.gap.value),
            LABEL,
            "ink" if loud else "grey",
            "semibold" if apart else "normal",
        )
        parts, wide = [part for part in (word, both) if part], room[1] - room[0] - 50
        said, size = [fitting(", ".join(parts), LABEL, wide)], LABEL
        if len(parts) > 1 and text_width(", ".join(parts), LABEL, 500) > wide:
            said, size = [fitting(part, TICK, wide, "medium") for part in parts], TICK
        colour = "ink" if loud else "grey"
        canvas.lines(room[0] + 50, y, said, size, colour, "medium" if loud else "normal")


def _beside(at: Callable[[float], float], mean: float, target: float | None, way: int) -> float:
    """Return where a mark's value begins, to its right (``way`` 1) or left (−1): clear of the mark and of the target."""
    x = way * at(mean) + 13
    ends = x + text_width(score(mean), LABEL, 500) + 6
    if target is not None and way * at(mean) - 4 <= way * at(target) < ends:
        x = max(x, way * at(target) + 8)
    return way * x


def _how_sure(row: DimensionResult) -> str:
    """Say how sure an area's gap is; "" where there is none."""
    return (row.gap.word or UNTESTED.get(row.gap.because, "not tested")) if row.gap else ""


def _verdict(row: DimensionResult) -> str:
    """Say whether an area is weak or near the line; "" where it is neither."""
    return "" if row.verdict in (None, "sound") else str(row.verdict)


def _dimension_data(
    rows: Sequence[DimensionResult], groups: Sequence[GroupResult], benchmark: Benchmark | None
) -> pd.DataFrame:
    records = []
    for row in rows:
        record: dict[str, object] = {"Dimension": row.dimension.name}
        record |= {g.label: _score_of(row, g.group) for g in groups}
        if any(r.target is not None for r in rows):
            record["Target"] = row.target
        if any(r.verdict for r in rows):
            record["Against the line"] = row.verdict or "–"
        if any(r.gap for r in rows):
            record["Gap"] = row.gap.value if row.gap else None
            record["How sure"] = (row.gap.word or row.gap.because) if row.gap else "one group only"
        if benchmark:
            band = benchmark.bands.get(row.dimension.id)
            record["Companies compared: lower quartile"] = band.low if band else None
            record["Their median"] = band.middle if band else None
            record["Their upper quartile"] = band.high if band else None
        records.append(record)
    return pd.DataFrame(records)
