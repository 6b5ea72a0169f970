"""Whom the work needs, quarter by quarter, and when they are full."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup
from matplotlib.colors import BoundaryNorm, ListedColormap

from toolkit.html.markup import paragraph, text_of
from toolkit.plan import Roadmap
from toolkit.plan.assumptions import how_many, uncounted_text
from toolkit.show.canvas import SLIDE, TICK, Canvas, fitting, on, room_below
from toolkit.show.chart_style import ROLES, sns
from toolkit.show.native_chart import ChartSeries, NativeChart
from toolkit.show.page import TITLE, Exhibit, Page
from toolkit.words import capital, count, excerpt, fixed, joined, number_word, percent, plain, quoted

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_MOST = 9
# Shares of a role's capacity from which on a cell takes the next colour.
_EDGES = (0.0, 0.001, 0.34, 0.67, 0.95, 10.0)
_RAMP = ("panel", "plan-4", "plan-3", "plan-2", "plan")


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    if any(one.capacity for one in story.roadmap.loads):
        title = _title(story)
        return story.slide("people", title, _exhibit(story, title), _notes_below(story))
    lacking = story.plan_lacking("people") if story.record.facts.capacity else ""
    return (
        "Whether people can carry the work",
        lacking or "The people available in each role, and how many each initiative needs.",
    )


def full_quarters(roadmap: Roadmap) -> dict[str, list[str]]:
    """Return, for each role that is ever fully used, the quarters in which it is."""
    full: dict[str, list[str]] = {}
    for one in roadmap.loads:
        if one.full:
            full.setdefault(one.role, []).append(str(one.quarter))
    return full


def _title(story: Story) -> str:
    """Say which quarter needs most roles in full, or which role comes closest."""
    roadmap, uncounted = story.roadmap, story.roadmap.uncounted
    but = f"; {how_many(roadmap.commitments, uncounted)}" if uncounted else ""
    roles = {one.role for one in roadmap.loads if one.capacity is not None}
    full = full_quarters(roadmap)
    if not full:
        shares = [(one, one.load / one.capacity) for one in roadmap.loads if one.capacity]
        highest = percent(max(share for _, share in shares))
        used = [one for one, share in shares if percent(share) == highest]
        begins: dict[str, str] = {}  # the first quarter in which each needs so much
        for one in used:
            begins.setdefault(quoted(one.role), str(one.quarter))
        closest = f"{joined(list(begins))} {'comes' if len(begins) == 1 else 'come'} closest"
        when = joined(list(dict.fromkeys(begins.values())))
        if len(used) > len(begins):
            number = len({str(one.quarter) for one in used})
            when = f"{count(number, 'quarter')}, first in {min(one.quarter for one in used)}"
        return f"No role is fully used; {closest}, at {highest} in {when}{but}"
    by_quarter = {
        str(roadmap.start.plus(t)): sum(str(roadmap.start.plus(t)) in quarters for quarters in full.values())
        for t in range(roadmap.quarters)
    }
    most = max(by_quarter.values())
    first = next(quarter for quarter, number in by_quarter.items() if number == most)
    if len(full) == 1:
        role, quarters = next(iter(full.items()))
        full_in = f"{number_word(len(quarters))} of {count(roadmap.quarters, 'quarter')}"
        title, more = f"{quoted(capital(role))} is fully used in {full_in}", but or _without_effect(story)
        return f"{title}{more}" if but or len(title + more) <= TITLE else title
    room = _room_from(roadmap)
    later = f"; from {room} on there is room" if room else ""
    if most == 1:
        return f"{capital(number_word(len(full)))} roles are fully used at some time, never two at once{later}{but}"
    return f"{first} needs {number_word(most)} of {number_word(len(roles))} roles in full{later}{but}"


def _room_from(roadmap: Roadmap) -> str:
    """Return the quarter from which on every role is used for 60 % at most; "" where there is none before the last year."""
    used = {
        t: max(
            (one.load / one.capacity for one in roadmap.loads
             if one.capacity and one.quarter == roadmap.start.plus(t)),
            default=0.0,
        )
        for t in range(roadmap.quarters)
    }  # fmt: skip
    busy = [t for t, share in used.items() if share > 0.6]
    first = (busy[-1] + 1) if busy else 0
    return str(roadmap.start.plus(first)) if first <= roadmap.quarters - 3 else ""


def _exhibit(story: Story, title: str) -> Exhibit:
    roadmap = story.roadmap
    known = [
        (one.role, str(one.quarter), one.load, one.capacity)
        for one in roadmap.loads
        if one.capacity is not None
    ]
    frame = pd.DataFrame(known, columns=["Role", "Quarter", "Load", "Capacity"])
    frame["Share used"] = frame["Load"] / frame["Capacity"].where(frame["Capacity"] > 0)
    unit = "Share of each role’s capacity used, %; load and capacity in full-time equivalents"
    source = "capacity and effort of the record; the plan"
    return Exhibit(
        "people",
        title,
        frame,
        unit,
        source,
        lambda: _drawn(roadmap, frame, title),
        lambda: _native(roadmap, frame),
    )


def _grid(roadmap: Roadmap, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the share used by role and quarter; the fullest roles, where there are more than a slide holds."""
    roles = list(dict.fromkeys(frame["Role"]))
    quarters = [str(roadmap.start.plus(t)) for t in range(roadmap.quarters)]
    grid = frame.pivot(index="Role", columns="Quarter", values="Share used").reindex(
        index=roles, columns=quarters
    )
    if len(grid) > _MOST:
        grid = grid.loc[grid.max(axis=1).sort_values(ascending=False, kind="stable").index[:_MOST]]
    return grid


def _native(roadmap: Roadmap, frame: pd.DataFrame) -> NativeChart:
    grid = _grid(roadmap, frame)
    series = []
    for t, column in enumerate(grid.columns):
        quarter, shares = (
            roadmap.start.plus(t),
            [None if pd.isna(share) else float(share) for share in grid[column]],
        )
        series.append(
            ChartSeries(
                f"Q{quarter.number}", tuple(shares), labels=tuple(map(_said, shares)),
                fills=tuple("panel" if share is None else _RAMP[_step(share)] for share in shares),
            )
        )  # fmt: skip
    return NativeChart(
        "grid", tuple(map(str, grid.index)), tuple(series),
        asides=tuple(f"{_available(frame, str(role))} FTE" for role in grid.index),
        groups=tuple(f"FY{roadmap.start.plus(t).year}" for t in range(roadmap.quarters)),
    )  # fmt: skip


def _step(share: float) -> int:
    return next(n for n, edge in enumerate(_EDGES[1:]) if share < edge)


def _said(share: float | None, room: bool = True) -> str:
    """Return what a cell says of a share; ``room`` for a word."""
    if share is None:
        return "?"
    return "full" if share >= 0.995 and room else fixed(100 * share) if share else "·"


def _drawn(roadmap: Roadmap, frame: pd.DataFrame, title: str) -> bytes:
    quarters = [roadmap.start.plus(t) for t in range(roadmap.quarters)]
    grid = _grid(roadmap, frame)
    left, top, step = 232.0, 52.0, min(84.0, (room_below(title, 112) - 52) / len(grid))
    height, width = top + step * len(grid), (SLIDE - left) / len(quarters)
    with Canvas(SLIDE, height) as canvas:
        cells = canvas.figure.add_axes((left / SLIDE, 0, 1 - left / SLIDE, 1 - top / height))
        sns.heatmap(
            grid.fillna(0.0), ax=cells, cbar=False, linewidths=3, linecolor="white", xticklabels=False, yticklabels=False,
            cmap=ListedColormap([ROLES[role] for role in _RAMP]), norm=BoundaryNorm(_EDGES, len(_RAMP)),
        )  # fmt: skip
        cells.set(xlabel="", ylabel="")
        canvas.axes.set_zorder(5)
        canvas.years(quarters, left, width, 12)
        for n, quarter in enumerate(quarters):
            canvas.text(left + width * (n + 0.5), 38, f"Q{quarter.number}", TICK, "grey", align="center")
        for i, (role, row) in enumerate(grid.iterrows()):
            y = top + step * (i + 0.5)
            canvas.text(0, y - 10, fitting(str(role), 17, left - 14, "medium"), 17, weight="medium")
            canvas.text(0, y + 12, f"{_available(frame, str(role))} FTE", TICK, "grey")
            for j, share in enumerate(row):
                _cell(canvas, left + width * (j + 0.5), y, share, width)
        return canvas.svg()


def _available(frame: pd.DataFrame, role: str) -> str:
    """Say how many people of a role there are: a number, or the least and the most."""
    known = sorted(set(frame.loc[frame["Role"] == role, "Capacity"].dropna()))
    return plain(known[0]) if len(known) == 1 else f"{plain(known[0])} to {plain(known[-1])}"


def _cell(canvas: Canvas, x: float, y: float, share: float, width: float) -> None:
    if pd.isna(share):
        canvas.text(x, y, "?", 16, "grey", align="center")
        return
    step, full, text = _step(share), share >= 0.995, _said(share, width >= 40)
    size = 16 if width >= 40 else TICK
    canvas.text(
        x, y, text, size, on(_RAMP[step]) if share else "grey", "semibold" if full else "normal", "center"
    )


def _notes_below(story: Story) -> Markup:
    """Say whether more people would bring more work in, and what the people do not count."""
    roadmap = story.roadmap
    uncounted = uncounted_text(story.record, roadmap.commitments, roadmap.uncounted, most=5, size=44)
    said = [*([f"{capital(uncounted)}."] if uncounted else []), *_more_people(story), *roadmap.people_notes]
    return paragraph(text_of(" ".join(said)), css="note") if said else Markup("")


def _without_effect(story: Story) -> str:
    """Say, to stand behind that one role is fully used, that more of it brings no work in; "" where that is not known."""
    explained = story.roadmap.explained
    if not explained or not explained.grid.capacity or not story.roadmap.deferred:
        return ""
    helped = any(one.kind == "capacity" for found in explained.changes.values() for one in found)
    return "" if helped else "; more people would bring no further work in"


def _more_people(story: Story) -> list[str]:
    explained = story.roadmap.explained
    if not explained or not explained.grid.capacity or not story.roadmap.deferred:
        return []
    most = max(explained.grid.capacity)
    helped = [i for i, found in explained.changes.items() if any(one.kind == "capacity" for one in found)]
    if not helped:
        return [
            f"Up to {plain(most)} FTE more in any one role would bring no further initiative in: other limits bind first."
        ]
    names = joined([f"“{excerpt(name, 44)}”" for name in story.names(sorted(helped))], most=3)
    return [f"More people in one role would bring in {names}."]


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    for role, quarters in full_quarters(story.roadmap).items():
        yield f"{excerpt(role, 60)}: fully used in {joined(quarters)}."
    if story.roadmap.unlimited:
        yield f"No capacity is recorded for {joined(list(story.roadmap.unlimited))}: these set no limit."
    yield from story.roadmap.people_notes
