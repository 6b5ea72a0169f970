"""The roadmap's exhibits of limits and dates: money by year, people by quarter, known dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib import dates
from matplotlib.axes import Axes

from toolkit.client.record import Record
from toolkit.plan import Roadmap
from toolkit.plan.roadmap import KnownDate, MoneyLimit, YearMoney
from toolkit.show.chart_style import (
    ACCENT,
    INK,
    MUTED,
    SLIDE_WIDTH,
    bare,
    house_style,
    label,
    sns,
    svg_of,
)
from toolkit.show.page import Exhibit
from toolkit.show.roadmap_charts import RECORD_SOURCE
from toolkit.words import fixed, money_short, month


def money_by_year(record: Record, roadmap: Roadmap, title: str) -> Exhibit:
    """Draw capital and running cost by fiscal year against the budget and its reserve."""
    columns = [
        "Fiscal year",
        "Capital",
        "Running cost of planned work",
        "Available",
        "Reserve held back",
        "Budget",
    ]
    rows = [
        (f"FY{y.year}", y.capex, y.opex, y.available, None if y.budget is None else y.reserve, y.budget)
        for y in roadmap.years
    ]
    frame = pd.DataFrame(rows, columns=columns)
    if any(y.running is not None for y in roadmap.years):
        frame["Of it for running costs"] = [y.running for y in roadmap.years]

    def picture() -> bytes:
        with house_style():
            figure, axes = plt.subplots(figsize=(SLIDE_WIDTH, 4.2))
            for x, row in enumerate(roadmap.years):
                _year(axes, x, row)
            axes.set_xticks(
                list(frame.index),
                [f"FY{y.year}\n{money_short(y.capex + y.opex)} in all" for y in roadmap.years],
            )
            axes.set_yticks([])
            top = max(
                [1.0, *(y.capex + y.opex for y in roadmap.years), *(y.budget or 0 for y in roadmap.years)]
            )
            axes.set_ylim(0, top * 1.15)
            axes.set_xlim(-0.6, len(frame) - 0.3)
            handles, labels = axes.get_legend_handles_labels()
            key = dict(zip(labels, handles, strict=True))
            axes.legend(
                key.values(),
                key.keys(),
                loc="lower left",
                bbox_to_anchor=(0, 1.0),
                ncol=4,
                frameon=False,
                fontsize=9.5,
            )
            bare(axes)
            axes.tick_params(axis="x", labelsize=11)
            return svg_of(figure)

    return Exhibit(
        "money", title, frame, f"{record.facts.profile.currency} in each fiscal year", RECORD_SOURCE, picture
    )


def _year(axes: Axes, x: int, row: YearMoney) -> None:
    """Draw a year's money: running costs on top of capital, or beside it where they have a budget of their own."""
    apart = row.running is not None
    at, width = ((x - 0.2, x + 0.2), 0.3) if apart else ((x, x), 0.5)
    below = 0.0 if apart else row.capex
    axes.bar(at[0], row.capex, width, color=ACCENT, label="Capital")
    axes.bar(at[1], row.opex, width, bottom=below, color="#8fbccb", label="Running cost of planned work")
    for place, limit in zip(at, row.limits, strict=False):
        _budget_lines(axes, place, width * (0.55 if apart else 0.72), limit)


def _budget_lines(axes: Axes, x: float, reach: float, limit: MoneyLimit) -> None:
    """Mark a budget and, dashed, what of it is left after the reserve."""
    ends = [x - reach, x + reach]
    axes.plot(ends, [limit.budget] * 2, color=INK, linewidth=2, label="Budget")
    if limit.holds != "running":
        less, dashed = "Budget less reserve", (0, (4, 3))
        axes.plot(ends, [limit.available] * 2, color=INK, linewidth=1.2, linestyle=dashed, label=less)
    axes.text(ends[1] + 0.02, limit.budget, money_short(limit.budget), va="center", fontsize=9.5, color=MUTED)


def people(record: Record, roadmap: Roadmap, title: str) -> Exhibit:
    """Draw each role's load as a share of its capacity, quarter by quarter."""
    frame = pd.DataFrame(
        [
            (one.role, str(one.quarter), one.load, one.capacity)
            for one in roadmap.loads
            if one.capacity is not None
        ],
        columns=["Role", "Quarter", "Load", "Capacity"],
    )
    frame["Share used"] = frame["Load"] / frame["Capacity"].where(frame["Capacity"] > 0)
    roles = list(dict.fromkeys(frame["Role"]))
    quarters = [str(roadmap.start.plus(i)) for i in range(roadmap.quarters)]
    grid = frame.pivot(index="Role", columns="Quarter", values="Share used").reindex(
        index=roles, columns=quarters
    )
    shares = grid.map(lambda share: "" if pd.isna(share) else fixed(share * 100))

    def picture() -> bytes:
        with house_style():
            figure, axes = plt.subplots(figsize=(SLIDE_WIDTH, min(4.6, 0.9 + 0.62 * len(roles))))
            sns.heatmap(grid * 100, annot=shares, fmt="", cmap=sns.light_palette(ACCENT, as_cmap=True), vmin=0, vmax=110, cbar=False,
                        linewidths=1.5, linecolor="white", ax=axes, annot_kws={"fontsize": 9})  # fmt: skip
            axes.set(xlabel="", ylabel="")
            axes.set_yticklabels([label(role, 34, 1) for role in roles], rotation=0)
            axes.set_xticklabels(quarters, rotation=0, fontsize=8.5)
            axes.tick_params(length=0)
            return svg_of(figure)

    return Exhibit(
        "people",
        title,
        frame,
        "Load as % of capacity; load and capacity in full-time equivalents",
        RECORD_SOURCE,
        picture,
    )


def timeline(record: Record, rows: Sequence[KnownDate], as_of: date, title: str, most: int = 20) -> Exhibit:
    """Draw what is known of dates: completion as stated now and as first known, and nothing else.

    At most ``most`` initiatives with a known date are drawn, those finishing soonest after
    ``as_of`` first; the data table holds every one.
    """
    by_id = {one.id: one for one in record.initiatives}
    dated = [row for row in rows if row.finish]
    drawn = sorted(
        sorted(dated, key=lambda r: (_distance(r, as_of), r.initiative))[:most],
        key=lambda r: (r.finish or as_of, r.initiative),
    )

    def picture() -> bytes:
        with house_style():
            figure, axes = plt.subplots(figsize=(SLIDE_WIDTH, 0.9 + 0.26 * max(len(drawn), 1)))
            for y, row in enumerate(drawn):
                _known_date(axes, y, row)
            axes.axvline(_day_number(as_of), color="#a83a28", linewidth=1.2)
            axes.text(
                _day_number(as_of), -0.9, f" as of {month(as_of)}", color="#a83a28", fontsize=9, va="bottom"
            )
            axes.set_yticks(
                range(len(drawn)),
                [label(by_id[r.initiative].name, 56, 1, r.initiative) for r in drawn],
                fontsize=8.5,
            )
            axes.set_ylim(len(drawn) - 0.4, -0.8)
            axes.xaxis_date()
            axes.margins(x=0.08)
            axes.grid(axis="x")
            bare(axes)
            return svg_of(figure)

    frame = _dates(record, rows)
    return Exhibit("timeline", title, frame, f"Dates as stated by the client (diamond: now; bar: as first known to us); money in {record.facts.profile.currency}",
                   "the client's register of initiatives", picture)  # fmt: skip


def _dates(record: Record, rows: Sequence[KnownDate]) -> pd.DataFrame:
    """Return every known date and amount; a column in which nothing is known is left out."""
    by_id = {one.id: one for one in record.initiatives}
    columns = [
        "Initiative",
        "Status",
        "Start",
        "First completion date",
        "Completion date",
        "First budget",
        "Budget",
    ]
    data = [
        (
            by_id[r.initiative].name,
            r.status,
            r.start,
            r.original_finish,
            r.finish,
            r.original_amount,
            r.amount,
        )
        for r in rows
    ]
    return pd.DataFrame(data, columns=columns).dropna(axis="columns", how="all")


def _known_date(axes: Axes, y: int, row: KnownDate) -> None:
    """Mark a completion date as stated now, and the way it has come from the first one."""
    if row.finish is None:
        return
    now = _day_number(row.finish)
    if row.original_finish and row.original_finish != row.finish:
        first = _day_number(row.original_finish)
        axes.plot([first, now], [y, y], color="#c3cad1", linewidth=3, zorder=1)
        axes.plot([first], [y], "|", color=MUTED, markersize=11, markeredgewidth=2, zorder=2)
    axes.plot([now], [y], "D", color=ACCENT, markersize=6.5, zorder=3)
    if row.amount is not None:
        axes.annotate(
            money_short(row.amount),
            (now, y),
            (8, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=MUTED,
        )


def _distance(row: KnownDate, as_of: date) -> int:
    days = (row.finish - as_of).days if row.finish else 0
    return days if days >= 0 else 100_000 - days


def _day_number(day: date) -> float:
    return float(dates.date2num(day))  # type: ignore[no-untyped-call]
