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
from toolkit.words import capital, count, plain, tidy

if TYPE_CHECKING:
    from toolkit.show.story import Story


def coverage_message(story: Story) -> str:
    """Return the goal coverage's message."""
    a = story.assessment
    bare, loose = [g for g in a.goals if not g.initiatives], len(a.initiatives_without_goal)
    left = (
        "Every goal has work behind it"
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
        lambda: _native(frame, short),
    )


def _native(frame: pd.DataFrame, short: Mapping[str, str | None]) -> NativeChart:
    strong, partial = frame["Strong"].astype(int), frame["Partial"].astype(int)
    loose = [n if not goal else 0 for goal, n in zip(frame["id"], partial, strict=True)]
    partly = [n if goal else 0 for goal, n in zip(frame["id"], partial, strict=True)]
    series = [
        ChartSeries(name, tuple(float(n) or None for n in values), fill, tuple(str(n) if n else "" for n in values), side="inside")
        for name, values, fill in (
            ("Strong contribution", list(strong), "plan"), ("Partial", partly, "plan-3"), ("Serves no goal", loose, "light")
        )
    ]  # fmt: skip
    totals = [int(a + b) for a, b in zip(strong, partial, strict=True)]
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
    most = max(1, int((frame["Strong"] + frame["Partial"]).max()))
    at = scale(0, most, name + 14, width - 60)
    with Canvas(width, top + step * len(frame) + 4) as canvas:
        x = 0.0
        for fill, said in (
            ("plan", "strong contribution"),
            ("plan-3", "partial or slight"),
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
            lines = wrapped(called, LABEL, name, 2 if step >= 42 else 1, otherwise=goal)
            lines[-1] = fitting(lines[-1], LABEL, name - text_width(weight, LABEL)) + weight
            canvas.lines(0, y, lines, LABEL)
            if strong:
                canvas.bar(at(0), at(strong), y, thick, "plan")
            if partial:
                canvas.bar(at(strong), at(strong + partial), y, thick, "plan-3" if goal else "light")
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
