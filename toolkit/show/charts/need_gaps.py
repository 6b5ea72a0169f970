"""What the business needs from IT: importance beside satisfaction, and the work that serves each need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

import pandas as pd

from toolkit.assess import Assessment
from toolkit.assess.assessment import NeedResult
from toolkit.assess.difference import noticeable
from toolkit.method import HIGHEST, LOWEST, SCALE, Group
from toolkit.show.canvas import LABEL, REPORT, TICK, Canvas, scale, wrapped
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.show.page import Exhibit
from toolkit.show.sides import shown_groups, survey_source
from toolkit.words import inside, joined, score

if TYPE_CHECKING:
    from toolkit.show.story import Story


# Where a slide's column of work begins, in pixels.
_WORK = 830


def needs_message(story: Story) -> str:
    """Return the needs' message."""
    worst, *others = least_met(story)
    if not short_of(worst):
        return "What the business needs most is broadly met"
    if others:
        return least_met_text([worst, *others])
    return f"The need least met is {inside(worst.dimension.name)}: importance {score(worst.importance['business'].mean)}, satisfaction {score(worst.satisfaction['business'].mean)}"


def least_met(story: Story) -> list[NeedResult]:
    """Return the need that is least met, and those that are short of it by as much, to one decimal."""
    rows = sorted(
        (n for n in story.assessment.needs if n.gap is not None),
        key=lambda n: (-(n.gap or 0.0), n.dimension.id),
    )
    return [need for need in rows if score(need.gap) == score(rows[0].gap)]


def least_met_text(needs: Sequence[NeedResult]) -> str:
    """Say which needs are least met, and by how much."""
    names = joined([inside(need.dimension.name) for need in needs])
    what = "The need least met is" if len(needs) == 1 else "The needs least met are"
    return f"{what} {names}, short by {score(needs[0].gap)}"


def short_of(need: NeedResult) -> bool:
    """Whether the business is short of a need by half a point or more."""
    return need.gap is not None and need.gap > 0 and noticeable(need.gap)


def need_gaps(
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
        "needs", title, data, unit, survey_source(assessment), partial(_needs_picture, points, work, width, room),
        partial(_native, points, work),
    )  # fmt: skip


def _native(points: pd.DataFrame, work: Sequence[tuple[str, str]] | None) -> NativeChart:
    important, satisfied = tuple(points["Importance"]), tuple(points["Satisfaction"])
    notes = []
    for n, short in enumerate(points["Need gap"]):
        said = f"Short by {score(short)}" if short > 0.05 else "Met"
        serves = "; ".join(filter(None, work[n])) if work is not None else ""
        tone = "alarm" if work is not None and not serves else "ink" if short >= 1 else "grey"
        notes.append(
            RowNote(said, serves or ("nothing in the plan serves it" if work is not None else ""), tone)
        )
    met = [have >= want for have, want in zip(satisfied, important, strict=True)]
    return NativeChart(
        "marks", tuple(points["Need"]),
        (
            ChartSeries("Satisfaction", satisfied, "plan-2", tuple(map(score, satisfied)), mark="o",
                        sides=tuple("right" if more else "left" for more in met)),
            ChartSeries("Importance", important, "business", tuple(map(score, important)), mark="D", since=satisfied,
                        sides=tuple("left" if more else "right" for more in met)),
        ),
        notes=tuple(notes), low=LOWEST, high=HIGHEST,
        ticks=tuple({LOWEST: f"{value} low", HIGHEST: f"{value} high"}.get(value, str(value)) for value in SCALE),
        heads=("", "Gap" if work is None else "Gap, and the work in the plan that serves it"),
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
