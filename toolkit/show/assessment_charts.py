"""The assessment's exhibits: areas, symptoms, needs and goal coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import cast

import pandas as pd

from toolkit.assess import Assessment
from toolkit.assess.assessment import DimensionResult, GroupResult, NeedResult
from toolkit.assess.comparing import ADJUSTED, ONLY_COUNTS, POSITION, differs
from toolkit.html.fonts import text_width
from toolkit.method import COMPARED, GROUPS, HIGHEST, LOWEST, NOTICEABLE, SCALE, Group, Mode
from toolkit.show.canvas import LABEL, REPORT, TICK, Canvas, fitting, scale, wrapped
from toolkit.show.chart_style import GROUP_COLOUR, GROUP_MARKER
from toolkit.show.page import Exhibit
from toolkit.words import day, score, signed

_VOICE: dict[Mode, str] = {"survey": "", "consensus": ", agreed position", "named": ", one person’s view"}

# Where a slide's column of work begins, in pixels.
_WORK = 830


def survey_source(assessment: Assessment) -> str:
    """Say where the scores come from: the questionnaire, the round and, for a proxy, what it really was."""
    asked = assessment.questionnaire or "survey"
    return f"{asked}, a proxy" if assessment.proxy else f"{asked}, answers as of {day(assessment.as_of)}"


def shown_groups(assessment: Assessment) -> tuple[GroupResult, ...]:
    """Return the groups whose scores may be shown, in the fixed order."""
    return tuple(g for key in GROUPS for g in assessment.groups if g.group == key and g.shown)


UNTESTED = {POSITION: "position, not a sample", ONLY_COUNTS: "counts only", ADJUSTED: "adjusted"}


def dumbbells(
    assessment: Assessment,
    rows: Sequence[DimensionResult],
    key: str,
    title: str,
    ends: tuple[str, str],
    sure: bool = True,
    width: float = REPORT,
) -> Exhibit:
    """Draw each dimension as a dumbbell: one mark per shown group, the target as a tick; what differs comes first.

    ``ends`` names the scale's two ends; with ``sure`` the right margin says how sure each gap is.
    """
    groups = shown_groups(assessment)
    scored = sorted((row for row in rows if row.scores), key=_order)
    data = _dimension_data([row for row in rows if row.scores], groups)
    picture = partial(_dumbbells_picture, scored, groups, ends, sure, width)
    return Exhibit(
        key, title, data, "Score, 1 to 5, each rounded by itself", survey_source(assessment), picture
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
) -> bytes:
    wide = width > 1000
    name, gap = (262, 842) if wide else (212, 590)
    at = scale(LOWEST, HIGHEST, name + 20, gap - (70 if wide else 48))
    top, foot = 36, 30
    step = min(58.0, (444 - top - foot) / len(rows)) if wide else 38.0
    height = top + foot + step * len(rows)
    with Canvas(width, height) as canvas:
        for value in SCALE:
            end = {LOWEST: f"{value} {ends[0]}", HIGHEST: f"{value} {ends[1]}"}.get(value, str(value))
            canvas.line(at(value), top, at(value), height - foot)
            canvas.text(at(value), height - 12, end, TICK, "grey", align="center")
        _key(canvas, groups, any(row.target is not None for row in rows), gap)
        words = {_how_sure(row) for row in rows if row.gap}
        once = words.pop() if len(words) == 1 else ""
        if sure and any(row.gap for row in rows):
            canvas.text(gap, 13, f"Gap (business − IT){f': {once}' if once else ''}", TICK, "grey")
        for n, row in enumerate(rows):
            _dumbbell(canvas, row, groups, top + step * (n + 0.5), at, (gap, width), sure, once)
        return canvas.svg()


def _key(canvas: Canvas, groups: Sequence[GroupResult], target: bool, right: float) -> None:
    """Name the groups' marks, and the target's, above the chart."""
    x = 0.0
    for group in groups:
        name = fitting(f"{group.label}{_VOICE[group.mode]}", TICK, right - x - 110, "medium", group.group)
        canvas.mark(x + 7, 13, GROUP_MARKER[group.group], 11, GROUP_COLOUR[group.group])
        canvas.text(x + 19, 13, name, TICK, GROUP_COLOUR[group.group], "medium")
        x += 19 + text_width(name, TICK, 500) + 22
    if target:
        canvas.line(x + 4, 5, x + 4, 21, "ink", 2.2)
        canvas.text(x + 14, 13, "Target", TICK, weight="medium")


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
    for mean, group in marks:
        canvas.mark(at(mean), y, GROUP_MARKER[group], 13 if group == "business" else 12, GROUP_COLOUR[group])
    for (mean, group), side in (
        zip((marks[0], marks[-1]), ("right", "left"), strict=True) if len(marks) > 1 else ()
    ):
        near = (
            row.target is not None and 0 < (row.target - mean if side == "left" else mean - row.target) < 0.32
        )
        x = at(row.target if near and row.target is not None else mean) + (13 if side == "left" else -13)
        canvas.text(x, y, score(mean), LABEL, GROUP_COLOUR[group], "medium", side)  # type: ignore[arg-type]
    if len(marks) == 1:
        canvas.text(at(marks[0][0]) + 13, y, score(marks[0][0]), LABEL, GROUP_COLOUR[marks[0][1]], "medium")
    if sure and row.gap is not None:
        word = "" if told else _how_sure(row)
        said = ", ".join(filter(None, (word, "low on both sides" if low and not apart else "")))
        canvas.text(
            room[0],
            y,
            signed(row.gap.value),
            LABEL,
            "ink" if loud else "grey",
            "semibold" if apart else "normal",
        )
        canvas.text(
            room[0] + 50, y, fitting(said, LABEL, room[1] - room[0] - 50), LABEL, "ink" if loud else "grey",
            "medium" if loud else "normal",
        )  # fmt: skip


def _how_sure(row: DimensionResult) -> str:
    """Say how sure an area's gap is; "" where there is none."""
    return (row.gap.word or UNTESTED.get(row.gap.because, "not tested")) if row.gap else ""


def _verdict(row: DimensionResult) -> str:
    """Say whether an area is weak or near the line; "" where it is neither."""
    return "" if row.verdict in (None, "sound") else str(row.verdict)


def _dimension_data(rows: Sequence[DimensionResult], groups: Sequence[GroupResult]) -> pd.DataFrame:
    def of(row: DimensionResult, group: Group) -> float | None:
        return row.scores[group].mean if group in row.scores else None

    records = []
    for row in rows:
        record: dict[str, object] = {"Dimension": row.dimension.name}
        record |= {g.label: of(row, g.group) for g in groups}
        if any(r.target is not None for r in rows):
            record["Target"] = row.target
        if any(r.verdict for r in rows):
            record["Against the line"] = row.verdict or "–"
        if any(r.gap for r in rows):
            record["Gap"] = row.gap.value if row.gap else None
            record["How sure"] = (row.gap.word or row.gap.because) if row.gap else "one group only"
        records.append(record)
    return pd.DataFrame(records)


def needs(
    assessment: Assessment,
    title: str,
    served: Mapping[str, tuple[str, str]] | None = None,
    width: float = REPORT,
    room: float = 240,
) -> Exhibit:
    """Draw each need's importance against the satisfaction with it, as the business scored them, widest first.

    Parameters
    ----------
    served : mapping of str to (str, str), or None
        By a need's id, how much work serves it and which; empty where none does. None draws no such column.
    width, room : float
        How wide the chart is, and how high it may be, in pixels.
    """
    rows = sorted(
        (n for n in assessment.needs if n.gap is not None),
        key=lambda n: (-cast(float, n.gap), n.dimension.id),
    )
    points = pd.DataFrame(
        {
            "Need": [n.dimension.name for n in rows],
            "Importance": [n.importance["business"].mean for n in rows],
            "Satisfaction": [n.satisfaction["business"].mean for n in rows],
            "Need gap": [cast(float, n.gap) for n in rows],
        }
    )
    data, work = _need_data(assessment, points), None
    if served is not None:
        work = [served.get(n.dimension.id, ("", "")) for n in rows]
        data["Work that serves it"] = [" ".join(filter(None, told)) or "none" for told in work]
    unit = "Score by the business, 1 to 5, each rounded by itself"
    return Exhibit(
        "needs", title, data, unit, survey_source(assessment), partial(_needs_picture, points, work, width, room)
    )  # fmt: skip


def _needs_picture(
    points: pd.DataFrame, work: Sequence[tuple[str, str]] | None, width: float, room: float
) -> bytes:
    name, gap, top, foot = 250, 690, 34, 30
    step = min(88.0, (room - top - foot) / len(points))
    at, height = scale(LOWEST, HIGHEST, name + 20, gap - 60), top + foot + step * len(points)
    with Canvas(width, height) as canvas:
        if work is not None:
            canvas.text(_WORK, 13, "Work in the plan that serves it", TICK, "plan", "medium")
        for value in SCALE:
            end = {LOWEST: f"{value} low", HIGHEST: f"{value} high"}.get(value, str(value))
            canvas.line(at(value), top, at(value), height - foot)
            canvas.text(at(value), height - 12, end, TICK, "grey", align="center")
        for x, shape, fill, edge, word in (
            (7, "o", "paper", "business", "Satisfaction"),
            (130, "D", "business", "paper", "Importance"),
        ):
            canvas.mark(x, 13, shape, 11, fill, edge)
            canvas.text(x + 13, 13, word, TICK, "business", "medium")
        for n, (need, important, satisfied, short) in enumerate(
            zip(points["Need"], points["Importance"], points["Satisfaction"], points["Need gap"], strict=True)
        ):
            y, loud = top + step * (n + 0.5), short >= 1
            canvas.text(0, y, need, LABEL, "ink" if loud else "text", "medium" if loud else "normal")
            canvas.line(at(satisfied), y, at(important), y, "mid" if loud else "light", 4, above=2)
            canvas.mark(at(satisfied), y, "o", 13, "paper", "business")
            canvas.mark(at(important), y, "D", 11, "business")
            low, high = sorted((satisfied, important))
            canvas.text(at(low) - 13, y, score(low), LABEL, "business", "medium", "right")
            canvas.text(at(high) + 13, y, score(high), LABEL, "business", "medium")
            said = f"short by {score(short)}" if short > 0.05 else "met"
            canvas.text(gap, y, said, LABEL, "ink" if loud else "grey", "semibold" if loud else "normal")
            if work is not None:
                _work_that_serves(canvas, y, *work[n], width - _WORK)
        return canvas.svg()


def _work_that_serves(canvas: Canvas, y: float, number: str, which: str, width: float) -> None:
    lines = wrapped(which, TICK, width) if number else []
    canvas.text(_WORK, y - 9 * len(lines), number or "None", LABEL, "plan" if number else "alarm", "medium")
    canvas.lines(_WORK, y + 11, lines, TICK, "text")


def _need_data(assessment: Assessment, business: pd.DataFrame) -> pd.DataFrame:
    """Add the other groups' importance and satisfaction to the business's, for the data table."""
    by_name = {need.dimension.name: need for need in assessment.needs}
    out = business.copy()
    for g in shown_groups(assessment):
        if g.group == "business":
            continue
        for aspect in ("importance", "satisfaction"):
            values = [_mean_of(by_name[name], aspect, g.group) for name in out["Need"]]
            if any(value is not None for value in values):
                out[f"{aspect.capitalize()}, {g.label}"] = values
    return out


def _mean_of(need: NeedResult, aspect: str, group: Group) -> float | None:
    scores = need.importance if aspect == "importance" else need.satisfaction
    return scores[group].mean if group in scores else None
