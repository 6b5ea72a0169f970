"""The assessment's exhibits: areas, symptoms, needs and goal coverage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from toolkit.assess import Assessment
from toolkit.assess.assessment import DimensionResult, GroupResult, NeedResult
from toolkit.assess.comparing import ADJUSTED, ONLY_COUNTS, POSITION, differs
from toolkit.method import GROUPS, Group, Mode
from toolkit.show.chart_style import (
    GROUP_COLOUR,
    GROUP_MARKER,
    INK,
    MUTED,
    REPORT_WIDTH,
    house_style,
    label,
    sns,
    svg_of,
)
from toolkit.show.page import Exhibit
from toolkit.words import day, score, signed

_VOICE: dict[Mode, str] = {"survey": "", "consensus": ", agreed position", "named": ", one person’s view"}


def survey_source(assessment: Assessment) -> str:
    """Say where the scores come from: the questionnaire, the round and, for a proxy, what it really was."""
    asked = assessment.questionnaire or "survey"
    return f"{asked}, a proxy" if assessment.proxy else f"{asked}, answers as of {day(assessment.as_of)}"


def shown_groups(assessment: Assessment) -> tuple[GroupResult, ...]:
    """Return the groups whose scores may be shown, in the fixed order."""
    return tuple(g for key in GROUPS for g in assessment.groups if g.group == key and g.shown)


def _legend(axes: Axes, groups: Sequence[GroupResult], target: bool) -> None:
    # A leading space: matplotlib leaves labels that begin with "_" out of a legend.
    handles: list[Line2D] = [
        Line2D([], [], marker=GROUP_MARKER[g.group], color=GROUP_COLOUR[g.group], linestyle="none", markersize=8,
               label=" " + label(f"{g.label}{_VOICE[g.mode]}", 40, 1, g.group))
        for g in groups
    ]  # fmt: skip
    if target:
        handles.append(
            Line2D(
                [],
                [],
                marker="|",
                color=INK,
                linestyle="none",
                markersize=13,
                markeredgewidth=2,
                label=" Target",
            )
        )
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncol=4,
        frameon=False,
        borderpad=0,
        borderaxespad=1.9,  # clears the heading of the gaps, which may reach as far left
        handletextpad=0.1,
        fontsize=9.5,
    )


UNTESTED = {POSITION: "position, not a sample", ONLY_COUNTS: "counts only", ADJUSTED: "adjusted"}


def _scale(axes: Axes, rows: int, low: str, high: str) -> None:
    axes.set_xlim(0.8, 5.2)
    axes.set_xticks(range(1, 6), [f"1\n{low}", "2", "3", "4", f"5\n{high}"])
    axes.set_ylim(rows - 0.4, -0.6)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    axes.tick_params(axis="both", length=0)
    sns.despine(ax=axes, left=True, bottom=True)


def dumbbells(
    assessment: Assessment,
    rows: Sequence[DimensionResult],
    key: str,
    title: str,
    ends: tuple[str, str],
    sure: bool = True,
) -> Exhibit:
    """Draw each dimension as a dumbbell: one mark per shown group, the target as a tick.

    ``ends`` names the scale's two ends; with ``sure`` the right margin says how sure each gap is.
    """
    groups = shown_groups(assessment)
    scored = [row for row in rows if row.scores]

    def picture() -> bytes:
        with house_style():
            figure, axes = plt.subplots(figsize=(REPORT_WIDTH, 0.9 + 0.48 * len(scored)))
            for y, row in enumerate(scored):
                _dumbbell(axes, y, row, groups)
                if sure and row.gap is not None:
                    word = row.gap.word or UNTESTED.get(row.gap.because, "not tested")
                    axes.text(5.3, y, f"{signed(row.gap.value)}   {word}", va="center", fontsize=9.5,
                              color=INK if differs(row) else MUTED, fontweight="bold" if differs(row) else "normal")  # fmt: skip
            if sure and any(row.gap for row in scored):
                axes.text(5.3, -0.75, "Gap (business − IT)", va="bottom", fontsize=9.5, color=MUTED)
            axes.set_yticks(range(len(scored)), [_with_verdict(row) for row in scored])
            _scale(axes, len(scored), *ends)
            _legend(axes, groups, any(row.target is not None for row in scored))
            return svg_of(figure)

    return Exhibit(
        key,
        title,
        _dimension_data(scored, groups),
        "Score, 1 to 5, each rounded by itself",
        survey_source(assessment),
        picture,
    )


def _with_verdict(row: DimensionResult) -> str:
    """Name an area, and below the name whether it is weak or near the line."""
    return row.dimension.name if row.verdict in (None, "sound") else f"{row.dimension.name}\n{row.verdict}"


def _dumbbell(axes: Axes, y: int, row: DimensionResult, groups: Sequence[GroupResult]) -> None:
    means = [row.scores[g.group].mean for g in groups if g.group in row.scores and g.group != "provider"]
    if len(means) == 2:
        axes.plot(means, [y, y], color="#9aa7b2", linewidth=3, solid_capstyle="butt", zorder=2)
    if row.target is not None:
        axes.plot([row.target], [y], marker="|", markersize=16, markeredgewidth=2.2, color=INK, zorder=3)
    for g in groups:
        if g.group in row.scores:
            axes.plot([row.scores[g.group].mean], [y], marker=GROUP_MARKER[g.group], markersize=10, zorder=4,
                      color=GROUP_COLOUR[g.group], markeredgecolor="white", markeredgewidth=1.2)  # fmt: skip


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


def needs(assessment: Assessment, title: str) -> Exhibit:
    """Draw each need's importance against the satisfaction with it, as the business scored them, widest first."""
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
    return Exhibit(
        "needs",
        title,
        _need_data(assessment, points),
        "Score by the business, 1 to 5, each rounded by itself",
        survey_source(assessment),
        partial(_needs_picture, points),
    )


def _needs_picture(points: pd.DataFrame) -> bytes:
    blue = GROUP_COLOUR["business"]
    with house_style():
        figure, axes = plt.subplots(figsize=(REPORT_WIDTH, 1.0 + 0.55 * len(points)))
        axes.hlines(
            points.index, points.Satisfaction, points.Importance, color="#9aa7b2", linewidth=3, zorder=2
        )
        axes.plot(points.Satisfaction, points.index, "o", markersize=10, markerfacecolor="white", markeredgecolor=blue, markeredgewidth=2.4,
                  zorder=3, label=" Satisfaction")  # fmt: skip
        axes.plot(
            points.Importance, points.index, "D", markersize=9, color=blue, zorder=3, label=" Importance"
        )
        for y, gap in enumerate(points["Need gap"]):
            said = f"short by {score(gap)}" if gap > 0.05 else "met"
            axes.text(
                5.3,
                y,
                said,
                va="center",
                fontsize=9.5,
                fontweight="bold" if gap >= 1 else "normal",
                color=INK if gap >= 1 else MUTED,
            )
        axes.set_yticks(list(points.index), list(points["Need"]))
        _scale(axes, len(points), "low", "high")
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1.0),
            ncol=2,
            frameon=False,
            handletextpad=0.1,
            fontsize=9.5,
        )
        return svg_of(figure)


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
