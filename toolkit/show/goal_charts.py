"""Exhibits of goals and money: what serves which goal, and what spending is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from toolkit.assess.assessment import GoalTrace
from toolkit.client.models import Spend
from toolkit.client.record import Record
from toolkit.show.chart_style import (
    ACCENT,
    INK,
    NO_GOAL_COLOUR,
    REPORT_WIDTH,
    UNFUNDED,
    drawable,
    house_style,
    label,
    sns,
    svg_of,
)
from toolkit.show.page import Exhibit
from toolkit.words import fixed, plain


def goal_coverage(goals: Sequence[GoalTrace], loose: Sequence[str], record: Record, title: str) -> Exhibit:
    """Draw how many initiatives serve each goal, strongest contribution apart, and how many serve none."""
    frame = _coverage(goals, loose, record)

    def picture() -> bytes:
        with house_style():
            figure, axes = plt.subplots(figsize=(REPORT_WIDTH, 0.8 + 0.55 * len(frame)))
            colours = [ACCENT] * len(goals) + [NO_GOAL_COLOUR]
            spots = list(range(len(frame)))
            axes.barh(spots, frame["Strong"], color=colours, height=0.55)
            axes.barh(spots, frame["Partial"], left=frame["Strong"], height=0.55,
                      color=["#8fbccb"] * len(goals) + [UNFUNDED])  # fmt: skip
            for y, row in enumerate(frame.itertuples()):
                total = cast(int, row.Strong) + cast(int, row.Partial)
                axes.text(total + 0.12, y, str(total) if total else "none", va="center", color=INK if total else "#a83a28",
                          fontweight="normal" if total else "bold")  # fmt: skip
            labels = [
                label(str(r.Goal), 44, 2, str(r.id))
                + (f"\n{plain(cast(float, r.Weight))} points" if pd.notna(cast(float, r.Weight)) else "")
                for r in frame.itertuples()
            ]
            axes.set_yticks(spots, labels, fontsize=9.5)
            axes.set_ylim(len(frame) - 0.5, -0.5)
            axes.set_xlim(0, max(1.0, float((frame["Strong"] + frame["Partial"]).max())) * 1.12)
            axes.set_xticks([])
            sns.despine(ax=axes, bottom=True, left=True)
            axes.tick_params(length=0)
            _coverage_key(axes)
            return svg_of(figure)

    data = frame.drop(columns="id").rename(
        columns={"Strong": "Strong contribution", "Partial": "Partial or none"}
    )
    return Exhibit(
        "coverage",
        title,
        data,
        "Number of initiatives; one may serve several goals",
        "goals and initiatives of the record",
        picture,
    )


def _coverage(goals: Sequence[GoalTrace], loose: Sequence[str], record: Record) -> pd.DataFrame:
    """Count each goal's initiatives by strength of contribution; the last row counts those that serve none."""
    contribution = {one.id: one.goals for one in record.initiatives}
    names = {one.id: one.name for one in record.initiatives}
    columns = ["Goal", "Owner", "Weight", "Strong", "Partial", "Initiatives", "id"]
    rows: list[tuple[object, ...]] = []
    for goal in goals:
        strong = sum(contribution[i].get(goal.goal, 0) == 3 for i in goal.initiatives)
        listed = "; ".join(names[i] for i in goal.initiatives) or "none"
        rows.append(
            (goal.name, goal.owner, goal.weight, strong, len(goal.initiatives) - strong, listed, goal.goal)
        )
    rows.append(
        ("No goal served", None, None, 0, len(loose), "; ".join(names[i] for i in loose) or "none", "")
    )
    return pd.DataFrame(rows, columns=columns)


def _coverage_key(axes: Axes) -> None:
    handles = [Line2D([], [], marker="s", linestyle="none", markersize=9, color=colour, label=text)
               for colour, text in ((ACCENT, "strong contribution"), ("#8fbccb", "partial"), (UNFUNDED, "serves no goal"))]  # fmt: skip
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncol=3,
        frameon=False,
        fontsize=9.5,
        handletextpad=0.2,
    )


def complete_years(record: Record) -> list[Spend]:
    """Return the years whose spending is recorded for all four purposes; a missing part is not zero."""
    parts = ("run", "grow", "transform", "protect")
    return sorted(
        (y for y in record.facts.spend if all(getattr(y, p) is not None for p in parts)), key=lambda y: y.year
    )


def spend_by_purpose(record: Record, title: str) -> Exhibit:
    """Draw each fiscal year's spending as shares of run, grow, transform and protect."""
    purposes = {"run": "#8b949d", "protect": "#5d7a1f", "grow": "#1d4f91", "transform": "#c8600a"}
    years = complete_years(record)
    frame = pd.DataFrame(
        [
            {"Fiscal year": f"FY{one.year}"} | {p.capitalize(): getattr(one, p) for p in purposes}
            for one in years
        ]
    )

    def picture() -> bytes:
        with house_style():
            figure, axes = plt.subplots(figsize=(REPORT_WIDTH, 0.9 + 0.55 * len(frame)))
            left = pd.Series(0.0, index=frame.index)
            for purpose, colour in purposes.items():
                values = frame[purpose.capitalize()].astype(float).fillna(0.0)
                totals = frame[[p.capitalize() for p in purposes]].astype(float).sum(axis=1)
                share = (values / totals.where(totals > 0)).fillna(0.0)
                axes.barh(
                    frame.index, share, left=left, color=colour, height=0.6, label=purpose, edgecolor="white"
                )
                for y, (start, width) in enumerate(zip(left, share, strict=True)):
                    if width >= 0.035:
                        axes.text(
                            start + width / 2,
                            y,
                            f"{fixed(width * 100)}\u202f%",  # a narrow space: the segment may be narrow too
                            ha="center",
                            va="center",
                            color="white",
                            fontsize=9,
                        )
                left = left + share
            axes.set_yticks(list(frame.index), list(frame["Fiscal year"]))
            axes.set_ylim(len(frame) - 0.5, -0.5)
            axes.set_xticks([])
            axes.tick_params(length=0)
            sns.despine(ax=axes, bottom=True, left=True)
            axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncol=4, frameon=False, fontsize=9.5)
            return svg_of(figure)

    return Exhibit(
        "spend",
        title,
        frame,
        f"Share of each year’s spending; data in {drawable(record.facts.profile.currency)} a year",
        "spending as recorded by the client",
        picture,
    )
