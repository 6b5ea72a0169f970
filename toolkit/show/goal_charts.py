"""Exhibits of goals and money: what serves which goal, and what spending is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import matplotlib.pyplot as plt
import pandas as pd

from toolkit.assess.assessment import GoalTrace
from toolkit.client.models import Spend
from toolkit.client.record import Record
from toolkit.html.fonts import text_width
from toolkit.show.canvas import LABEL, REPORT, TICK, Canvas, scale, wrapped
from toolkit.show.chart_style import (
    REPORT_WIDTH,
    drawable,
    house_style,
    sns,
    svg_of,
)
from toolkit.show.page import Exhibit
from toolkit.words import fixed, plain, tidy


def goal_coverage(
    goals: Sequence[GoalTrace], loose: Sequence[str], record: Record, title: str, width: float = REPORT
) -> Exhibit:
    """Draw how many initiatives serve each goal, strongest contribution apart, and how many serve none."""
    frame = _coverage(goals, loose, record)
    short = {goal.id: goal.short for goal in record.facts.goals}
    data = frame.rename(columns={"Strong": "Strong contribution", "Partial": "Partial or none"})
    if any(short.values()):
        data["In short"] = [short.get(id) or "" for id in data["id"]]
    data = data.drop(columns="id")
    return Exhibit(
        "coverage",
        title,
        data,
        "Number of initiatives; one may serve several goals",
        "goals and initiatives of the record",
        lambda: _coverage_picture(frame, short, width),
    )


def _coverage_picture(frame: pd.DataFrame, short: Mapping[str, str | None], width: float) -> bytes:
    name, top = (430.0 if width > REPORT else 330.0), 32.0
    step = min(52.0, (450 - top) / len(frame))
    most = max(1, int((frame["Strong"] + frame["Partial"]).max()))
    at = scale(0, most, name + 14, width - 60)
    with Canvas(width, top + step * len(frame) + 4) as canvas:
        x = 0.0
        for fill, said in (
            ("plan", "strong contribution"),
            ("plan-3", "partial"),
            ("light", "serves no goal"),
        ):
            canvas.bar(x, x + 16, 12, 14, fill)
            canvas.text(x + 23, 12, said, TICK, "text")
            x += 23 + text_width(said, TICK) + 26
        for n, row in enumerate(frame.itertuples()):
            y, strong, partial = top + step * (n + 0.5), cast(int, row.Strong), cast(int, row.Partial)
            goal, points = str(row.id), cast(float, row.Weight)
            weight = f" · {plain(tidy(points, 1))} points" if pd.notna(points) else ""
            called = short.get(goal) or str(row.Goal)
            lines = wrapped(f"{called}{weight}", LABEL, name, 2 if step >= 42 else 1, otherwise=goal)
            canvas.lines(0, y, lines, LABEL)
            if strong:
                canvas.bar(at(0), at(strong), y, 24, "plan")
            if partial:
                canvas.bar(at(strong), at(strong + partial), y, 24, "plan-3" if goal else "light")
            total = strong + partial
            none = not total and bool(goal)
            canvas.text(
                at(total) + 10,
                y,
                str(total) if total else "none",
                LABEL,
                "alarm" if none else "ink",
                "medium",
            )
        return canvas.svg()


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


def complete_years(record: Record) -> list[Spend]:
    """Return the years whose spending is recorded for all four purposes; a missing part is not zero."""
    parts = ("run", "grow", "transform", "protect")
    return sorted(
        (y for y in record.facts.spend if all(getattr(y, p) is not None for p in parts)), key=lambda y: y.year
    )


def spend_by_purpose(record: Record, title: str) -> Exhibit:
    """Draw each fiscal year's spending as shares of run, grow, transform and protect."""
    purposes = {"run": "#5f6b76", "protect": "#2e6b3a", "grow": "#1f4e9e", "transform": "#b85208"}
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
