"""The roadmap's exhibits: the ranked list with its line, the plan on a page, money, people, known dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from toolkit.client.record import Record
from toolkit.client.work import Initiative
from toolkit.plan import Roadmap
from toolkit.plan.roadmap import KnownDate, Scheduled
from toolkit.show.page import Exhibit
from toolkit.show.style import (
    ACCENT, FUNDED, GOAL_COLOURS, INK, MUTED, NO_GOAL_COLOUR, UNFUNDED, drawable, house_style, label, svg_of,
)
from toolkit.assess.wording import money_short, month

WIDTH = 11.2
RECORD_SOURCE = "the client's record of initiatives, goals, budget and capacity"


def main_goal(initiative: Initiative, weights: Mapping[str, float]) -> str:
    """Return the goal an initiative serves most: by contribution times weight, then by id; "" for none."""
    served = [(level * weights.get(goal, 1.0), level, goal) for goal, level in initiative.goals.items() if level]
    return min(served, key=lambda one: (-one[0], -one[1], one[2]))[2] if served else ""


def goal_colours(record: Record) -> dict[str, str]:
    """Return a colour for each goal, in the record's order; "" is the colour of no goal."""
    colours = {goal.id: GOAL_COLOURS[i % len(GOAL_COLOURS)] for i, goal in enumerate(record.facts.goals)}
    return {**colours, "": NO_GOAL_COLOUR}


def _weights(record: Record) -> dict[str, float]:
    return {goal.id: goal.weight for goal in record.facts.goals if goal.weight is not None}


def _bare(axes: Axes) -> None:
    axes.tick_params(length=0)
    sns.despine(ax=axes, left=True, bottom=True)


def ranked_list(record: Record, roadmap: Roadmap, title: str) -> Exhibit:
    """Draw initiatives by value, those in the plan above the line and the deferred below it."""
    by_id = {one.id: one for one in record.initiatives}
    above = sorted(roadmap.scheduled, key=lambda s: (-s.value, s.initiative))
    below = sorted(roadmap.deferred, key=lambda d: (-d.value, d.initiative))
    rows = [(by_id[s.initiative].name, s.initiative, s.value, s.capex, s.fixed or "chosen") for s in above]
    rows += [(by_id[d.initiative].name, d.initiative, d.value, d.capex, d.because) for d in below]
    frame = pd.DataFrame(rows, columns=["Initiative", "id", "Value", "Capital cost", "Why"])
    frame["Place"] = ["above the line"] * len(above) + ["below the line"] * len(below)
    size = len(frame)
    spots = [i + (0.6 if i >= len(above) else 0.0) for i in range(size)]
    with house_style():
        figure, axes = plt.subplots(figsize=(WIDTH, min(5.9, 0.8 + 0.27 * size)))
        font = 9 if size <= 24 else max(5.5, 9 * 24 / size)
        axes.barh(spots, frame["Value"] * 100, height=0.66, color=[FUNDED] * len(above) + [UNFUNDED] * len(below))
        widest = max(float(frame["Value"].max()) * 100, 1.0)
        for spot, row in zip(spots, frame.itertuples(), strict=True):
            why = "" if row.Place == "below the line" or row.Why == "chosen" else f"   {drawable(str(row.Why))}"
            axes.text(float(row.Value) * 100 + widest * 0.01, spot, f"{float(row.Value) * 100:.0f}   {money_short(float(row._4))}{why}",
                      va="center", fontsize=font, color=INK)  # fmt: skip
        axes.set_yticks(spots, [label(str(r.Initiative), 52, 1, str(r.id)) for r in frame.itertuples()], fontsize=font)
        axes.set_ylim((spots[-1] if spots else 0) + 0.6, -0.7)
        axes.set_xlim(0, widest * 1.3)
        if above and below:
            line = len(above) - 0.2
            axes.axhline(line, color="#a83a28", linewidth=1.6, xmin=-0.5, clip_on=False)
            axes.text(widest * 1.3, line, "the line: funded above, deferred below", ha="right", va="bottom", fontsize=9, color="#a83a28")
        axes.set_xticks([])
        axes.text(0, -0.9, "value (0–100) and capital cost", fontsize=9, color=MUTED, va="bottom")
        _bare(axes)
        svg = svg_of(figure)
        plt.close(figure)
    frame["Value"] = (frame["Value"] * 100).round(1)
    unit = f"Value: weighted contribution to the goals and risks, 0 to 100; cost in {record.facts.profile.currency}"
    return Exhibit("ranked", title, frame.drop(columns="id"), unit, RECORD_SOURCE, svg)


def plan_on_a_page(record: Record, roadmap: Roadmap, title: str) -> Exhibit:
    """Draw the plan as a Gantt chart, grouped by the goal each initiative serves most."""
    by_id = {one.id: one for one in record.initiatives}
    weights, colours = _weights(record), goal_colours(record)
    order = {goal.id: i for i, goal in enumerate(record.facts.goals)} | {"": len(record.facts.goals)}
    bars = sorted(
        ((main_goal(by_id[s.initiative], weights), s) for s in roadmap.scheduled),
        key=lambda one: (order.get(one[0], 99), one[1].start.index, one[1].finish.index, one[1].initiative),
    )
    with house_style():
        figure, axes = plt.subplots(figsize=(WIDTH, min(5.7, 1.0 + 0.3 * len(bars))))
        for y, (goal, one) in enumerate(bars):
            _bar(axes, y, one, roadmap, colours.get(goal, NO_GOAL_COLOUR))
        axes.set_yticks(range(len(bars)), [label(by_id[s.initiative].name, 46, 1, s.initiative) for _, s in bars], fontsize=9)
        axes.set_ylim(len(bars) - 0.4, -0.6)
        _quarter_axis(axes, roadmap)
        _goal_key(axes, record, [goal for goal, _ in bars], colours)
        svg = svg_of(figure)
        plt.close(figure)
    goals = {goal.id: goal.name for goal in record.facts.goals} | {"": "no goal"}
    frame = pd.DataFrame(
        [(goals.get(g, g), by_id[s.initiative].name, str(s.start), str(s.finish), s.capex, by_id[s.initiative].opex) for g, s in bars],
        columns=["Goal", "Initiative", "Start", "Finish", "Capital cost", "Running cost a year after"],
    )
    return Exhibit("plan", title, frame, f"Fiscal quarters; money in {record.facts.profile.currency}", RECORD_SOURCE, svg)


def _bar(axes: Axes, y: int, one: Scheduled, roadmap: Roadmap, colour: str) -> None:
    left = one.start.index - roadmap.start.index
    width = one.finish.index - one.start.index + 1
    axes.barh(y, width, left=left, height=0.68, color=colour, edgecolor="white", hatch="///" if one.fixed else None)
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
        axes.axvline(i, color="#b4bec7" if quarter.number == 1 else "#e8ecef", linewidth=1.1 if quarter.number == 1 else 0.8, zorder=0)
        if quarter.number == 1 or i == 0:
            axes.text(i + 0.05, 1.065, f"FY{quarter.year}", transform=axes.get_xaxis_transform(), fontsize=9.5, color=INK,
                      fontweight="bold", va="bottom")  # fmt: skip
    _bare(axes)


def _goal_key(axes: Axes, record: Record, used: Sequence[str], colours: Mapping[str, str]) -> None:
    goals = [(goal.id, goal.name) for goal in record.facts.goals if goal.id in used]
    handles = [Patch(color=colours[i], label=" " + label(name, 38, 1, i)) for i, name in goals]
    if "" in used:
        handles.append(Patch(color=NO_GOAL_COLOUR, label=" No goal served"))
    handles.append(Patch(facecolor="#c3cad1", hatch="///", edgecolor="white", label=" Fixed: under way, mandatory or decided"))
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(-0.3, -0.01), ncol=3, frameon=False, fontsize=8.5, columnspacing=1.2)


def money_by_year(record: Record, roadmap: Roadmap, title: str) -> Exhibit:
    """Draw capital and running cost by fiscal year against the budget and its reserve."""
    frame = pd.DataFrame(
        [(f"FY{y.year}", y.capex, y.opex, y.available, y.reserve if y.budget is not None else None, y.budget) for y in roadmap.years],
        columns=["Fiscal year", "Capital", "Running cost of finished work", "Available", "Reserve held back", "Budget"],
    )
    capital, running = frame["Capital"], frame["Running cost of finished work"]
    with house_style():
        figure, axes = plt.subplots(figsize=(WIDTH, 4.2))
        axes.bar(frame.index, capital, width=0.5, color=ACCENT, label="Capital")
        axes.bar(frame.index, running, bottom=capital, width=0.5, color="#8fbccb", label="Running cost of finished work")
        for x, row in enumerate(roadmap.years):
            total = row.capex + row.opex
            axes.text(x, total, f"{money_short(total)}", ha="center", va="bottom", fontweight="bold")
            if row.budget is not None and row.available is not None:
                axes.plot([x - 0.36, x + 0.36], [row.budget] * 2, color=INK, linewidth=2, label="Budget" if x == 0 else None)
                axes.plot([x - 0.36, x + 0.36], [row.available] * 2, color=INK, linewidth=1.2, linestyle=(0, (4, 3)),
                          label="Budget less reserve" if x == 0 else None)  # fmt: skip
                axes.text(x + 0.38, row.budget, money_short(row.budget), va="center", fontsize=9.5, color=MUTED)
        axes.set_xticks(list(frame.index), list(frame["Fiscal year"]))
        axes.set_yticks([])
        top = max([1.0, *(y.capex + y.opex for y in roadmap.years), *(y.budget or 0 for y in roadmap.years)])
        axes.set_ylim(0, top * 1.15)
        axes.set_xlim(-0.6, len(frame) - 0.3)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncol=4, frameon=False, fontsize=9.5)
        _bare(axes)
        axes.tick_params(axis="x", labelsize=11)
        svg = svg_of(figure)
        plt.close(figure)
    return Exhibit("money", title, frame, f"{record.facts.profile.currency} in each fiscal year", RECORD_SOURCE, svg)


def people(record: Record, roadmap: Roadmap, title: str) -> Exhibit:
    """Draw each role's load as a share of its capacity, quarter by quarter."""
    frame = pd.DataFrame(
        [(one.role, str(one.quarter), round(one.load, 2), one.capacity) for one in roadmap.loads if one.capacity is not None],
        columns=["Role", "Quarter", "Load", "Capacity"],
    )
    frame["Share used"] = (frame["Load"] / frame["Capacity"].where(frame["Capacity"] > 0)).round(3)
    roles = list(dict.fromkeys(frame["Role"]))
    quarters = [str(roadmap.start.plus(i)) for i in range(roadmap.quarters)]
    grid = frame.pivot(index="Role", columns="Quarter", values="Share used").reindex(index=roles, columns=quarters)
    with house_style():
        figure, axes = plt.subplots(figsize=(WIDTH, 0.9 + 0.5 * len(roles)))
        sns.heatmap(grid * 100, annot=True, fmt=".0f", cmap=sns.light_palette(ACCENT, as_cmap=True), vmin=0, vmax=110, cbar=False,
                    linewidths=1.5, linecolor="white", ax=axes, annot_kws={"fontsize": 9})  # fmt: skip
        axes.set(xlabel="", ylabel="")
        axes.set_yticklabels([label(role, 34, 1) for role in roles], rotation=0)
        axes.set_xticklabels(quarters, rotation=0, fontsize=8.5)
        axes.tick_params(length=0)
        svg = svg_of(figure)
        plt.close(figure)
    return Exhibit("people", title, frame, "Load as % of capacity; load and capacity in full-time equivalents", RECORD_SOURCE, svg)


def timeline(record: Record, rows: Sequence[KnownDate], as_of: date, title: str, most: int = 20) -> Exhibit:
    """Draw what is known of dates: completion as stated now and as first approved, and nothing else.

    At most ``most`` initiatives with a known date are drawn, those finishing soonest after
    ``as_of`` first; the data table holds every one.
    """
    by_id = {one.id: one for one in record.initiatives}
    dated = [row for row in rows if row.finish]
    drawn = sorted(sorted(dated, key=lambda r: (_distance(r, as_of), r.initiative))[:most], key=lambda r: (r.finish or as_of, r.initiative))
    with house_style():
        figure, axes = plt.subplots(figsize=(WIDTH, 0.9 + 0.26 * max(len(drawn), 1)))
        for y, row in enumerate(drawn):
            finish = row.finish
            if row.original_finish and finish and row.original_finish != finish:
                axes.plot([row.original_finish, finish], [y, y], color="#c3cad1", linewidth=3, zorder=1)
                axes.plot([row.original_finish], [y], "|", color=MUTED, markersize=11, markeredgewidth=2, zorder=2)
            axes.plot([finish], [y], "D", color=ACCENT, markersize=6.5, zorder=3)  # type: ignore[list-item]
            axes.annotate(money_short(row.amount) if row.amount is not None else "", (finish, y), (8, 0),  # type: ignore[arg-type]
                          textcoords="offset points", va="center", fontsize=8.5, color=MUTED)  # fmt: skip
        axes.axvline(as_of, color="#a83a28", linewidth=1.2)  # type: ignore[arg-type]
        axes.text(as_of, -0.9, f" as of {month(as_of)}", color="#a83a28", fontsize=9, va="bottom")  # type: ignore[arg-type]
        axes.set_yticks(range(len(drawn)), [label(by_id[r.initiative].name, 56, 1, r.initiative) for r in drawn], fontsize=8.5)
        axes.set_ylim(len(drawn) - 0.4, -0.8)
        axes.margins(x=0.08)
        axes.grid(axis="x")
        _bare(axes)
        svg = svg_of(figure)
        plt.close(figure)
    frame = pd.DataFrame(
        [(by_id[r.initiative].name, r.status, r.start, r.original_finish, r.finish, r.original_amount, r.amount) for r in rows],
        columns=["Initiative", "Status", "Start", "First completion date", "Completion date", "First budget", "Budget"],
    ).dropna(axis="columns", how="all")
    return Exhibit("timeline", title, frame, f"Dates as stated by the client (diamond: now; bar: as first approved); money in {record.facts.profile.currency}",
                   "the client's register of initiatives", svg)  # fmt: skip


def _distance(row: KnownDate, as_of: date) -> int:
    days = (row.finish - as_of).days if row.finish else 0
    return days if days >= 0 else 100_000 - days
