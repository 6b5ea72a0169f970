"""The roadmap's exhibits: the ranked list with its line, the plan on a page, money, people, known dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from toolkit.client.models import Initiative
from toolkit.client.record import Record
from toolkit.method import CONTRIBUTIONS
from toolkit.plan import Roadmap
from toolkit.plan.roadmap import Scheduled
from toolkit.show.chart_style import (
    FUNDED,
    GOAL_COLOURS,
    INK,
    MUTED,
    NO_GOAL_COLOUR,
    SLIDE_WIDTH,
    UNFUNDED,
    bare,
    house_style,
    label,
    svg_of,
)
from toolkit.show.page import Exhibit
from toolkit.words import fixed, money_short

SHORT_CAUSES = {
    "budget": "too little money",
    "capacity": "too few people",
    "dependency": "waits for other work",
    "date": "its dates do not allow it",
    "late": "fits only too late",
    "alternative": "an alternative is taken",
    "no goal served": "serves no goal",
    "settled": "other work settles it first",
    "decision": "kept out by decision",
    "value": "other work earns more",
    "horizon": "ends after the plan",
}
# Where the columns of the ranked list stand, in lengths of its longest bar.
_CAPITAL, _BESIDE = 1.28, 1.33
RECORD_SOURCE = "the client's record of initiatives, goals, budget and capacity"


def main_goal(initiative: Initiative, weights: Mapping[str, float]) -> str:
    """Return the goal an initiative serves most: by contribution times weight, then by id; "" for none."""
    served = [
        (CONTRIBUTIONS[level] * weights.get(goal, 1.0), level, goal)
        for goal, level in initiative.goals.items()
        if level
    ]
    return min(served, key=lambda one: (-one[0], -one[1], one[2]))[2] if served else ""


def goal_colours(record: Record) -> dict[str, str]:
    """Return a colour for each goal, in the record's order; "" is the colour of no goal."""
    colours = {goal.id: GOAL_COLOURS[i % len(GOAL_COLOURS)] for i, goal in enumerate(record.facts.goals)}
    return {**colours, "": NO_GOAL_COLOUR}


def _weights(record: Record) -> dict[str, float]:
    return {goal.id: goal.weight for goal in record.facts.goals if goal.weight is not None}


def ranked_list(record: Record, roadmap: Roadmap, title: str) -> Exhibit:
    """Draw initiatives by value, those in the plan above the line and the deferred below it.

    Beside each stand its capital and, above the line, in how many of the other ways tried it stays;
    below, what keeps it there.
    """
    frame = _ranked_frame(record, roadmap)
    above, size = len(roadmap.scheduled), len(frame)
    spots = [i + (0.6 if i >= above else 0.0) for i in range(size)]

    def picture() -> bytes:
        with house_style():
            figure, axes = plt.subplots(figsize=(SLIDE_WIDTH, min(5.6, max(4.2, 0.8 + 0.27 * size))))
            font = 9 if size <= 24 else max(5.5, 9 * 24 / size)
            axes.barh(
                spots, frame["Value"], height=0.66, color=[FUNDED] * above + [UNFUNDED] * (size - above)
            )
            widest = max(float(frame["Value"].max()), 1.0)
            _beside_bars(axes, frame, spots, widest, font)
            axes.set_yticks(
                spots, [label(str(r.Initiative), 52, 1, str(r.id)) for r in frame.itertuples()], fontsize=font
            )
            axes.set_ylim((spots[-1] if spots else 0) + 0.6, -0.7)
            axes.set_xlim(0, widest * 1.85)
            if 0 < above < size:
                _funding_line(axes, above - 0.2, widest * 1.16)
            axes.set_xticks([])
            _heads(axes, widest, roadmap)
            bare(axes)
            return svg_of(figure)

    unit = (
        "Value: per cent of what leadership wants that work brings in the plan, below the line what it would add; "
        f"capital in {record.facts.profile.currency} with contingency"
    )
    return Exhibit(
        "ranked",
        title,
        frame.drop(columns=["id", "Beside", "Firm"]).rename(columns={"Capital": "Capital cost"}),
        unit,
        RECORD_SOURCE,
        picture,
    )


def _beside_bars(axes: Axes, frame: pd.DataFrame, spots: Sequence[float], widest: float, size: float) -> None:
    """Write each initiative's value at its bar, and its capital and what stands beside it in columns."""
    for row, spot in zip(frame.itertuples(), spots, strict=True):
        value, weight = cast(float, row.Value), "bold" if row.Firm else "normal"
        for x, said, side, how in (
            (value + widest * 0.01, fixed(value, 1), "left", "normal"),
            (widest * _CAPITAL, money_short(cast(float, row.Capital)), "right", "normal"),
            (widest * _BESIDE, str(row.Beside), "left", weight),
        ):
            axes.text(x, spot, said, ha=side, va="center", fontsize=size, color=INK, fontweight=how)


def _heads(axes: Axes, widest: float, roadmap: Roadmap) -> None:
    """Write what stands in the columns above them."""
    tried = roadmap.explained.weightings if roadmap.explained else 0
    beside = f"stays in, of {tried} ways tried" if tried else ""
    for x, said, side in (
        (0, "value, %", "left"),
        (_CAPITAL, "capital", "right"),
        (_BESIDE, beside, "left"),
    ):
        axes.text(x * widest, -0.9, said, fontsize=9, color=MUTED, va="bottom", ha=side)


def _ranked_frame(record: Record, roadmap: Roadmap) -> pd.DataFrame:
    """Return a row an initiative, above the line first; ``Beside`` is written at its right, bold where ``Firm``."""
    by_id, explained = {one.id: one for one in record.initiatives}, roadmap.explained
    weightings = explained.weightings if explained else 0
    rows: list[tuple[object, ...]] = []
    for s in sorted(roadmap.scheduled, key=lambda s: (-s.value, s.initiative)):
        kept = explained.kept.get(s.initiative) if explained and weightings else None
        beside = "   ".join(part for part in ("" if kept is None else str(kept), s.fixed) if part)
        rows.append((by_id[s.initiative].name, s.initiative, s.value * 100, s.capex, s.fixed or "chosen",
                     "above the line", kept, beside, bool(explained and explained.firm(s.initiative))))  # fmt: skip
    for d in sorted(roadmap.deferred, key=lambda d: (-d.value, d.initiative)):
        kept = explained.kept.get(d.initiative) if explained and weightings else None
        often = f", in {kept} of {weightings}" if kept else ""
        rows.append((by_id[d.initiative].name, d.initiative, d.value * 100, d.capex, d.because,
                     "below the line", kept, SHORT_CAUSES[d.binding] + often, False))  # fmt: skip
    columns = [
        "Initiative",
        "id",
        "Value",
        "Capital",
        "Why",
        "Place",
        f"In, of {weightings} ways tried",
        "Beside",
        "Firm",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    reasons = [by_id[one].mandatory for one in frame["id"]]
    if any(reasons):
        frame["Reason it is mandatory"] = reasons
    return frame if weightings else frame.drop(columns=columns[6])


def _funding_line(axes: Axes, line: float, right: float) -> None:
    said = "the line: funded above, deferred below"
    axes.axhline(line, color="#a83a28", linewidth=1.6, xmin=-0.5, clip_on=False)
    axes.text(right, line, said, ha="right", va="bottom", fontsize=9, color="#a83a28")


def plan_on_a_page(record: Record, roadmap: Roadmap, title: str) -> Exhibit:
    """Draw the plan as a Gantt chart, grouped by the goal each initiative serves most."""
    by_id = {one.id: one for one in record.initiatives}
    weights, colours = _weights(record), goal_colours(record)
    order = {goal.id: i for i, goal in enumerate(record.facts.goals)} | {"": len(record.facts.goals)}
    bars = sorted(
        ((main_goal(by_id[s.initiative], weights), s) for s in roadmap.scheduled),
        key=lambda one: (order.get(one[0], 99), one[1].start.index, one[1].finish.index, one[1].initiative),
    )

    def picture() -> bytes:
        with house_style():
            figure, axes = plt.subplots(figsize=(SLIDE_WIDTH, min(5.7, max(4.4, 1.0 + 0.3 * len(bars)))))
            for y, (goal, one) in enumerate(bars):
                _bar(axes, y, one, roadmap, colours.get(goal, NO_GOAL_COLOUR))
            axes.set_yticks(
                range(len(bars)),
                [label(by_id[s.initiative].name, 46, 1, s.initiative) for _, s in bars],
                fontsize=9,
            )
            axes.set_ylim(len(bars) - 0.4, -0.6)
            _quarter_axis(axes, roadmap)
            _goal_key(axes, record, [goal for goal, _ in bars], colours)
            return svg_of(figure)

    goals = {goal.id: goal.name for goal in record.facts.goals} | {"": "no goal"}
    named = [(goals.get(goal, goal), by_id[one.initiative], one) for goal, one in bars]
    frame = pd.DataFrame(
        [
            (goal, work.name, str(one.start), str(one.finish), one.capex, work.opex)
            for goal, work, one in named
        ],
        columns=["Goal", "Initiative", "Start", "Finish", "Capital cost", "Running cost a year after"],
    )
    return Exhibit(
        "plan",
        title,
        frame,
        f"Fiscal quarters; money in {record.facts.profile.currency}",
        RECORD_SOURCE,
        picture,
    )


def _bar(axes: Axes, y: int, one: Scheduled, roadmap: Roadmap, colour: str) -> None:
    if one.finish < roadmap.start:
        axes.text(0.1, y, f"ends in {one.finish}, before the plan", va="center", fontsize=8.5, color=MUTED)
        return
    left = max(one.start.index - roadmap.start.index, 0)
    width = one.finish.index - roadmap.start.index + 1 - left
    axes.barh(
        y, width, left=left, height=0.68, color=colour, edgecolor="white", hatch="///" if one.fixed else None
    )
    amount = money_short(one.capex)
    inside = width >= 3
    axes.text(left + (0.1 if inside else width + 0.1), y, amount, va="center", fontsize=8.5, color="white" if inside else INK,
              bbox={"facecolor": colour, "edgecolor": "none", "pad": 0.6} if inside and one.fixed else None)  # fmt: skip


def _quarter_axis(axes: Axes, roadmap: Roadmap) -> None:
    quarters = [roadmap.start.plus(i) for i in range(roadmap.quarters)]
    axes.set_xlim(0, roadmap.quarters)
    axes.set_xticks([i + 0.5 for i in range(roadmap.quarters)], [f"Q{q.number}" for q in quarters])
    axes.xaxis.tick_top()
    for i, quarter in enumerate(quarters):
        axes.axvline(
            i,
            color="#b4bec7" if quarter.number == 1 else "#e8ecef",
            linewidth=1.1 if quarter.number == 1 else 0.8,
            zorder=0,
        )
        if quarter.number == 1 or i == 0:
            axes.annotate(f"FY{quarter.year}", (i + 0.05, 1.0), xycoords=axes.get_xaxis_transform(), xytext=(0, 20),
                          textcoords="offset points", fontsize=9.5, color=INK, fontweight="bold")  # fmt: skip
    bare(axes)


def _goal_key(axes: Axes, record: Record, used: Sequence[str], colours: Mapping[str, str]) -> None:
    goals = [(goal.id, goal.name) for goal in record.facts.goals if goal.id in used]
    handles = [Patch(color=colours[i], label=" " + label(name, 38, 1, i)) for i, name in goals]
    if "" in used:
        handles.append(Patch(color=NO_GOAL_COLOUR, label=" No goal served"))
    handles.append(
        Patch(
            facecolor="#c3cad1",
            hatch="///",
            edgecolor="white",
            label=" Fixed: under way, mandatory, decided or pinned",
        )
    )
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(-0.3, -0.01),
        ncol=3,
        frameon=False,
        fontsize=8.5,
        columnspacing=1.2,
    )
