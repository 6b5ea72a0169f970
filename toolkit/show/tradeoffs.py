"""What another budget would change, and what would bring in the work that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from markupsafe import Markup

from toolkit.html.markup import missing, paragraph, table, text_of
from toolkit.plan.plan_table import brought_in_by, displaces, grid_text
from toolkit.plan.problem import all_of
from toolkit.plan.roadmap import BudgetStep, Deferred
from toolkit.show.chart_style import (
    FUNDED,
    INK,
    MUTED,
    SLIDE_WIDTH,
    UNFUNDED,
    bare,
    drawable,
    house_style,
    svg_of,
)
from toolkit.show.page import Exhibit
from toolkit.show.roadmap_charts import RECORD_SOURCE
from toolkit.words import (
    capital,
    count,
    difference,
    excerpt,
    fixed,
    joined,
    money_short,
    number_word,
    rounded,
)

if TYPE_CHECKING:
    from toolkit.show.story import Story

NAMES = (48, 36, 24)
LONGEST_TITLE = 118
BESIDE_CHART = 3


def title(story: Story) -> str:
    """Return the slide's title: what a tenth of the budget, less or more, would change; else what waits."""
    steps = {int(rounded(100 * one.share)): one for one in _steps(story)}
    if 10 not in steps or -10 not in steps:
        return waiting_title(story)
    less, more = steps[-10], steps[10]
    for named in (*NAMES, 0):
        if less.leave and less.leave == more.leave and more.enter:
            take = "takes" if len(more.enter) == 1 else "take"
            won = (
                f"{_some(story, more.enter, named)} {take} {'its' if len(more.leave) == 1 else 'their'} place"
            )
        else:
            won = _won(story, more, named)
        told = f"With 10 % less money {_lost(story, less, named)}; with 10 % more, {won}"
        if len(told) <= LONGEST_TITLE:
            break
    return told


def _lost(story: Story, step: BudgetStep, named: int) -> str:
    if step.value is None:
        return "the fixed work no longer fits"
    gone = _go(story, step.leave, named)
    if not step.enter:
        return gone or "nothing goes"
    return f"{gone} and {_come(story, step.enter, named)}" if gone else _come(story, step.enter, named)


def _won(story: Story, step: BudgetStep, named: int) -> str:
    if step.value is None or not step.enter:
        return "nothing new comes in"
    gone = _go(story, step.leave, named)
    comes = _come(story, step.enter, named)
    return f"{comes} and {gone}" if gone else comes


def _come(story: Story, ids: tuple[str, ...], named: int) -> str:
    return f"{_some(story, ids, named)} {'comes' if len(ids) == 1 else 'come'} in"


def _go(story: Story, ids: tuple[str, ...], named: int) -> str:
    return f"{_some(story, ids, named)} {'goes' if len(ids) == 1 else 'go'}" if ids else ""


def _some(story: Story, ids: tuple[str, ...], named: int) -> str:
    """Name one or two initiatives in so many characters; count more, and all where that is 0."""
    if len(ids) > 2 or not named:
        return count(len(ids), "initiative")
    return joined([f"“{excerpt(name, named)}”" for name in story.names(ids)])


def waiting_title(story: Story) -> str:
    """Return the title of what is below the line or cannot be scheduled."""
    deferred, unknown = len(story.roadmap.deferred), len(story.roadmap.unscheduled)
    parts = []
    if deferred:
        parts.append(
            f"{count(deferred, 'initiative')} {'waits for' if deferred == 1 else 'wait, each for'} a stated reason"
        )
    if unknown:
        subject = number_word(unknown) if deferred else count(unknown, "initiative")
        whose = "its" if unknown == 1 else "their"
        lacking = joined(all_of(one.missing for one in story.roadmap.unscheduled), "or")
        parts.append(f"{subject} cannot be planned until {whose} {lacking} is known")
    return capital(", and ".join(parts)) if parts else "Nothing is left below the line"


def body(story: Story, title: str, most: int) -> list[Markup | Exhibit]:
    """Return the chart of budgets, the work that waits with what would bring it in, and what cannot be planned."""
    chart = [budgets(story, title)] if any(step.value is not None for step in _steps(story)) else []
    css = "compact" if chart or story.roadmap.explained else ""
    room = BESIDE_CHART if chart else most
    unknown = story.roadmap.unscheduled
    deferred = waiting(story)
    for_deferred = room if not unknown else max(room - 2, room - len(unknown))
    shown = deferred[:for_deferred]
    left = room - len(shown)
    names = {one.id: one.name for one in story.record.initiatives}
    lacks = [(excerpt(names[x.initiative], 80), joined(list(x.missing))) for x in unknown[:left]]
    parts: list[Markup | Exhibit] = [
        *chart,
        _waiting(story, [one.initiative for one in shown], css),
        table(("Not scheduled", "What is missing"), lacks, "Cannot be planned yet", css=css),
        _note(story, len(deferred) - len(shown) + max(len(unknown) - left, 0)),
    ]
    if not deferred and not unknown:
        parts.append(missing("Nothing waits.", "Every initiative on record is in the plan, done or stopped."))
    return parts


def waiting(story: Story) -> list[Deferred]:
    """Return what is below the line: first what a single change brings in, then what is worth most."""
    found = story.roadmap.explained.changes if story.roadmap.explained else {}
    return sorted(
        story.roadmap.deferred, key=lambda one: (one.initiative not in found, -one.value, one.initiative)
    )


def _waiting(story: Story, ids: list[str], css: str) -> Markup:
    by_id = {one.initiative: one for one in story.roadmap.deferred}
    names, explained = {one.id: one.name for one in story.record.initiatives}, story.roadmap.explained
    rows = []
    for i in ids:
        one = by_id[i]
        row: tuple[object, ...] = (
            f"{excerpt(names[i], 54)} ({money_short(one.capex)})",
            excerpt(one.because, 104),
        )
        if explained:
            row += (
                brought_in_by(story.record, story.roadmap, one),
                displaces(story.record, story.roadmap, one),
            )
        rows.append(row)
    header = ("Below the line", "Why", "Comes in with", "If it had to be in")
    return table(
        header[: 4 if explained else 2],
        rows,
        f"What waits; capital in {story.currency}",
        css=css,
    )


def _note(story: Story, hidden: int) -> Markup:
    explained, said = story.roadmap.explained, []
    if hidden:
        said.append(f"{capital(count(hidden, 'further initiative'))} in roadmap.xlsx.")
    if explained and story.roadmap.deferred:
        said.append(grid_text(story.roadmap))
    elif story.roadmap.kind == "optimised" and story.roadmap.deferred:
        said.append(
            "What single changes would bring in is not told: the plan is too large to be made again some fifty times, "
            "or not every search of it ends with a proof."
        )
    return paragraph(text_of(" ".join(said)), css="note") if said else Markup("")


def _steps(story: Story) -> tuple[BudgetStep, ...]:
    return story.roadmap.explained.budgets if story.roadmap.explained else ()


def budgets(story: Story, title: str) -> Exhibit:
    """Draw the plan's value at each budget, with what comes in and what goes."""
    spent = sum(year.capex + year.opex for year in story.roadmap.years)
    here = BudgetStep(0.0, story.roadmap.value, spent)
    steps = sorted((*_steps(story), here), key=lambda one: one.share)
    base = story.roadmap.value or 1.0

    def picture() -> bytes:
        with house_style():
            figure, axes = plt.subplots(figsize=(SLIDE_WIDTH, 2.6))
            for y, step in enumerate(steps):
                value = 100 * (step.value or 0.0) / base
                axes.barh(
                    y,
                    value,
                    height=0.66,
                    color=FUNDED if step is here else "#8fbccb" if step.value is not None else UNFUNDED,
                )
                axes.text(value + 1.5, y, fixed(value) if step.value is not None else "the fixed work no longer fits",
                          va="center", fontsize=9, color=INK)  # fmt: skip
                axes.text(
                    150,
                    y,
                    _in_and_out(story, step, here),
                    va="center",
                    fontsize=9,
                    color=MUTED if step is here else INK,
                )
            names = [
                f"{difference(100 * step.share)} %" if step is not here else "as budgeted" for step in steps
            ]
            axes.set_yticks(range(len(steps)), names, fontsize=9)
            axes.set_ylim(len(steps) - 0.5, -0.6)
            axes.set_xlim(0, 420)
            axes.set_xticks([])
            axes.text(0, -0.75, "plan’s value, as budgeted = 100", fontsize=9, color=MUTED, va="bottom")
            bare(axes)
            return svg_of(figure)

    rows = [
        (f"{difference(100 * step.share)} %", None if step.value is None else 100 * step.value / base, step.money,
         "; ".join(story.names(step.enter)), "; ".join(story.names(step.leave)))
        for step in steps
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["Budget", "Value", "Money spent", "Comes in", "Goes"])
    unit = (
        f"Value of the plan, as budgeted = 100; money in {story.currency}, every year’s budget changed alike"
    )
    return Exhibit("tradeoffs", title, frame, unit, RECORD_SOURCE, picture)


def _in_and_out(story: Story, step: BudgetStep, here: BudgetStep) -> str:
    if step is here or step.value is None:
        return ""
    both = bool(step.enter and step.leave)
    parts = [
        f"{verb} {joined([drawable(excerpt(name, 42), i) for i, name in zip(ids, story.names(ids), strict=True)], most=1 if both else 2)}"
        for verb, ids in (("in:", step.enter), ("out:", step.leave)) if ids
    ]  # fmt: skip
    return "     ".join(parts) or "the same initiatives"
