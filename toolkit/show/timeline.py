"""The timeline of known dates: what the client states, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib import dates
from matplotlib.axes import Axes

from toolkit.client.record import Record
from toolkit.plan.roadmap import KnownDate
from toolkit.show.chart_style import (
    ACCENT,
    MUTED,
    SLIDE_WIDTH,
    bare,
    house_style,
    label,
    svg_of,
)
from toolkit.show.page import Exhibit
from toolkit.words import money_short, month


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
