"""How many initiatives serve each goal, and how many serve none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import pandas as pd

from toolkit.assess.assessment import GoalTrace
from toolkit.assess.commitments import live
from toolkit.client.record import Record
from toolkit.html.fonts import text_width
from toolkit.show.canvas import LABEL, REPORT, TICK, Canvas, fitting, scale, wrapped
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.show.page import Exhibit
from toolkit.words import capital, count, inside, plain, tidy

if TYPE_CHECKING:
    from toolkit.show.story import Story

# What the parts of a bar are called, in the picture, the slide's own chart and the data.
_STRONG, _PARTIAL, _NO_GOAL = "Strong contribution", "Partial or slight", "Serves no goal"


def coverage_message(story: Story) -> str:
    """Return the goal coverage's message."""
    a = story.assessment
    bare, loose = [g for g in a.goals if not g.initiatives], len(a.initiatives_without_goal)
    left = (
        "Every goal has work on record"
        if not bare
        else f"{capital(count(len(bare), 'goal'))} {'has' if len(bare) == 1 else 'have'} no initiative"
    )
    if not live(story.record):
        return (
            f"{left}: no initiative is {'open' if story.record.initiatives else 'on record'}"
            if bare
            else left
        )
    right = (
        "every initiative serves a goal"
        if not loose
        else f"{count(loose, 'initiative')} {'serves' if loose == 1 else 'serve'} no goal"
    )
    return f"{left}, and {right}"


def goal_coverage(
    goals: Sequence[GoalTrace], loose: Sequence[str], record: Record, title: str, width: float = REPORT
) -> Exhibit:
    """Draw how many initiatives serve each goal, strongest contribution apart, and how many serve none."""
    frame = _coverage(goals, loose, record)
    short = {goal.id: goal.short for goal in record.facts.goals}
    data = frame.rename(columns={"Strong": _STRONG, "Partial": _PARTIAL, "Loose": _NO_GOAL})
    if any(short.values()):
        data["In short"] = [short.get(id) or "" for id in data["id"]]
    data = data.drop(columns="id")
    return Exhibit(
        "coverage",
        title,
        data,
        "Number of open initiatives; one may serve several goals",
        "goals and initiatives of the record",
        lambda: _coverage_picture(frame, short, width),
        lambda: _native(frame, short),
    )


def _native(frame: pd.DataFrame, short: Mapping[str, str | None]) -> NativeChart:
    strong, partial, loose = (list(frame[part].astype(int)) for part in ("Strong", "Partial", "Loose"))
    series = [
        ChartSeries(name, tuple(float(n) or None for n in values), fill, tuple(str(n) if n else "" for n in values), side="inside")
        for name, values, fill in (
            (_STRONG, strong, "plan"), (_PARTIAL, partial, "plan-3"), (_NO_GOAL, loose, "light")
        )
    ]  # fmt: skip
    totals = [sum(parts) for parts in zip(strong, partial, loose, strict=True)]
    bare = [not n and bool(goal) for goal, n in zip(frame["id"], totals, strict=True)]
    return NativeChart(
        "bars", tuple(short.get(str(goal)) or str(name) for goal, name in zip(frame["id"], frame["Goal"], strict=True)),
        tuple(series),
        asides=tuple(f"{plain(tidy(n, 1))} points" if pd.notna(n) else "" for n in frame["Weight"]),
        notes=tuple(
            RowNote(str(n) if n else "none", "", "alarm" if none else "ink") for n, none in zip(totals, bare, strict=True)
        ),
        low=0.0, high=float(max(1, *totals)), heads=("", "Initiatives"),
    )  # fmt: skip


def _coverage_picture(frame: pd.DataFrame, short: Mapping[str, str | None], width: float) -> bytes:
    name, top = (430.0 if width > REPORT else 330.0), 32.0
    step = min(84.0 if width > REPORT else 52.0, (450 - top) / len(frame))
    thick = max(24.0, step * 0.45)
    most = max(1, int(frame[["Strong", "Partial", "Loose"]].sum(axis=1).max()))
    at = scale(0, most, name + 14, width - 60)
    with Canvas(width, top + step * len(frame) + 4) as canvas:
        x = 0.0
        for fill, said in (
            ("plan", inside(_STRONG)),
            ("plan-3", inside(_PARTIAL)),
            ("light", inside(_NO_GOAL)),
        ):
            canvas.bar(x, x + 16, 12, 14, fill)
            canvas.text(x + 23, 12, said, TICK, "text")
            x += 23 + text_width(said, TICK) + 26
        for n, row in enumerate(frame.itertuples()):
            y, total = top + step * (n + 0.5), 0
            goal, points = str(row.id), cast(float, row.Weight)
            weight = f" · {plain(tidy(points, 1))} points" if pd.notna(points) else ""
            called = short.get(goal) or str(row.Goal)
            lines = wrapped(called, LABEL, name, 2 if step >= 42 else 1, otherwise=goal)
            lines[-1] = fitting(lines[-1], LABEL, name - text_width(weight, LABEL)) + weight
            canvas.lines(0, y, lines, LABEL)
            for number, fill in ((row.Strong, "plan"), (row.Partial, "plan-3"), (row.Loose, "light")):
                part = cast(int, number)
                if part:
                    canvas.bar(at(total), at(total + part), y, thick, fill)
                total += part
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
    columns = ["Goal", "Owner", "Weight", "Strong", "Partial", "Loose", "Initiatives", "id"]
    rows: list[tuple[object, ...]] = []
    for goal in goals:
        strong = sum(contribution[i].get(goal.goal, 0) == 3 for i in goal.initiatives)
        listed = "; ".join(names[i] for i in goal.initiatives) or "none"
        partial = len(goal.initiatives) - strong
        rows.append((goal.name, goal.owner, goal.weight, strong, partial, 0, listed, goal.goal))
    listed = "; ".join(names[i] for i in loose) or "none"
    rows.append(("No goal served", None, None, 0, 0, len(loose), listed, ""))
    return pd.DataFrame(rows, columns=columns)
