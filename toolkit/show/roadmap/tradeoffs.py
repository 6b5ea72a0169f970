"""What another budget would change: the plan's value at each, and by name what comes in and what goes at ten per cent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from toolkit.html.markup import text_of
from toolkit.plan.risk_answers import opened_without
from toolkit.plan.roadmap import BudgetStep, how_good
from toolkit.show.canvas import SLIDE, TICK, Canvas, Weight, on, scale
from toolkit.show.native_chart import ChartSeries, NativeChart
from toolkit.show.page import Exhibit, Page
from toolkit.words import capital, count, difference, fixed, joined, money, money_short, rounded

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story


def slide(story: RoadmapStory) -> Page | None:
    """Return the slide; none where no other budget was tried, or where the plan has no value to hold others against."""
    steps = steps_of(story)
    if not story.roadmap.value or not any(step.value is not None for step in steps):
        return None
    title = tradeoffs_title(story)
    return story.slide("tradeoffs", title, _exhibit(story, title), _cards(story))


def steps_of(story: Story) -> tuple[BudgetStep, ...]:
    """Return the budgets that were tried."""
    return story.roadmap.explained.budgets if story.roadmap.explained else ()


def _at(story: Story, share: int) -> BudgetStep | None:
    return next((one for one in steps_of(story) if int(rounded(100 * one.share)) == share), None)


def tradeoffs_title(story: Story) -> str:
    """Return the title: what a tenth of the budget, less or more, is worth."""
    less, more, plan = _at(story, -10), _at(story, 10), story.roadmap
    if less is None or more is None:
        return "What another budget would change"
    if less.value is None:
        lost = "With ten per cent less money the fixed work no longer fits"
    else:
        share = fixed(100 - plan.percent_of_value(less.value))
        lost = (
            f"Ten per cent less money costs {share} % of the plan’s value"
            if share != "0"
            else "Ten per cent less money costs next to nothing"
            if not math.isclose(less.value, plan.value or 0.0)
            else "Ten per cent less money costs none of the plan’s value"
        )
    if more.value is None:
        return lost
    share = fixed(plan.percent_of_value(more.value) - 100)
    return (
        f"{lost}; ten per cent more adds {share} %"
        if share != "0"
        else f"{lost}; ten per cent more adds {'next to nothing' if not math.isclose(more.value, plan.value or 0.0) else 'nothing'}"
    )


def _exhibit(story: Story, title: str) -> Exhibit:
    spent = sum(year.capex + year.opex for year in story.roadmap.years)
    here = BudgetStep(0.0, story.roadmap.value, spent)
    steps = sorted((*steps_of(story), here), key=lambda one: one.share)
    values = [None if step.value is None else story.roadmap.percent_of_value(step.value) for step in steps]
    rows = [
        (f"{difference(100 * step.share)} %", value, step.money, "; ".join(story.names(step.enter)), "; ".join(story.names(step.leave)), "; ".join(story.names(step.earlier)))
        for step, value in zip(steps, values, strict=True)
    ]  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=["Budget", "Value", "Money spent", "Comes in", "Goes", "Begins earlier"]
    )
    unit = f"Capital and running cost in {story.currency} over the plan’s years; every year’s budget changed alike, and planned afresh. Value counts from when work is done: what ends late weighs less than on the ranked list"
    return Exhibit(
        "tradeoffs",
        title,
        frame,
        unit,
        "the plan at each budget",
        lambda: _drawn(steps, values),
        lambda: _native(steps, values),
    )


def _native(steps: list[BudgetStep], values: list[float | None]) -> NativeChart:
    fills = (
        "plan" if not step.share else "plan-2" if abs(step.share) <= 0.101 else "light" for step in steps
    )
    return NativeChart(
        "columns", tuple(f"{difference(100 * step.share)} %" if step.share else "as budgeted" for step in steps),
        (
            ChartSeries("Value of the plan, as budgeted = 100", tuple(values), "plan",
                        tuple("" if value is None else fixed(value) for value in values), tuple(fills), side="above"),
        ),
        asides=tuple(
            "does not fit" if value is None else "" if step.money is None else money_short(step.money)
            for step, value in zip(steps, values, strict=True)
        ),
        stacked=False, low=0.0, heads=("", "Spends"),
    )  # fmt: skip


def _drawn(steps: list[BudgetStep], values: list[float | None]) -> bytes:
    height, floor = 270, 232
    most = max(value or 0.0 for value in values)
    at, width = scale(0, most, floor, 44), SLIDE / len(steps)
    with Canvas(SLIDE, height) as canvas:
        canvas.text(0, 10, "Value of the plan, as budgeted = 100, and what it spends", TICK, "grey")
        canvas.line(0, floor, SLIDE, floor, "mid", 1.2)
        for n, (step, value) in enumerate(zip(steps, values, strict=True)):
            x, near = width * (n + 0.5), abs(step.share) <= 0.101
            tone: tuple[str, Weight] = ("ink", "semibold") if near else ("grey", "normal")
            name = f"{difference(100 * step.share)} %" if step.share else "as budgeted"
            canvas.text(x, floor + 18, name, 16, *tone, "center")
            if value is None:
                canvas.text(x, floor - 14, "does not fit", TICK, "alarm", align="center")
                continue
            fill, top = (
                "plan-2" if step.share and near else "light" if step.share else "plan",
                at(value),
            )
            canvas.column(x - width * 0.45, width * 0.9, top, floor, fill)
            canvas.text(x, top - 14, fixed(value), 20 if near else 16, *tone, "center")
            if step.money is not None and floor - top > 30:
                canvas.text(x, floor - 14, money_short(step.money), 15, on(fill), align="center")
        return canvas.svg()


def _cards(story: Story) -> Markup:
    """Return three cards: ten per cent less, the plan, ten per cent more; names in full."""
    spent = sum(year.capex + year.opex for year in story.roadmap.years)
    gap = story.roadmap.gap
    plan = [
        f"{capital(count(len(story.roadmap.scheduled), 'initiative'))}, {money(spent, story.currency)} in the plan’s years."
    ]
    plan += [f"{capital(how_good(gap))}."] if gap is not None else []
    cards = [("10 % less", _card(story, -10), ""), ("The plan", [Markup("{}").format(one) for one in plan], "on"), ("10 % more", _card(story, 10), "")]  # fmt: skip
    shown = Markup("").join(
        Markup('<div class="card {}"><h3>{}</h3>{}</div>').format(css, name, Markup("<br>").join(lines))
        for name, lines, css in cards
    )
    return Markup('<div class="cards">{}</div>').format(shown)


def _card(story: Story, share: int) -> list[Markup]:
    step = _at(story, share)
    if step is None:
        return [Markup("Not tried.")]
    if step.value is None:
        return [Markup('<span class="alarm">The fixed work no longer fits.</span>')]
    lines = []
    changes = [("alarm", "Out", _named(story, step.leave), 3), ("in", "In", _named(story, step.enter), 3)]
    if share > 0 and step.leave:
        changes.append(("in", "Earlier", list(story.short_names(step.earlier)), 2))
    for css, word, names, most in changes:
        if names:
            lines.append(
                Markup('<span class="{} strong">{}:</span> {}').format(
                    css, word, text_of(joined(names, most=most))
                )
            )
    if share > 0 and step.leave:
        better = [word for word, ids in (("comes in", step.enter), ("begins earlier", step.earlier)) if ids]
        lines.append(
            text_of(f"What {joined(better, last='or')} is worth more, and leaves no room for what goes.")
        )
    if opened := _opened(story, step):
        lines.append(
            Markup('<span class="alarm strong">Then open:</span> {}').format(text_of(joined(opened, most=3)))
        )
    spent = sum(year.capex + year.opex for year in story.roadmap.years)
    if step.enter and (step.money or 0.0) > spent and step.value < (story.roadmap.value or 0.0):
        other = "other work fits: it costs more in all and is worth less"
        more = "some work ends later, more fits beside it, and all of it is worth less"
        lines.append(Markup("With less money a year {}.").format(other if step.leave else more))
    moved = abs((step.value or 0.0) / (story.roadmap.value or 1.0) - 1) >= 0.005
    return lines or [
        Markup("The same initiatives, some of them at another time." if moved else "The same initiatives.")
    ]


def _opened(story: Story, step: BudgetStep) -> list[str]:
    """Return the risks that the plan settles in time and the plan of another budget does not."""
    opened = opened_without(story.record, story.assessment.as_of, story.roadmap, step.leave, step.enter)
    return [risk.short or risk.name for risk in opened]


def _named(story: Story, ids: tuple[str, ...]) -> list[str]:
    by_id = {one.id: one for one in story.record.initiatives}
    costs = {s.initiative: s.capex for s in story.roadmap.scheduled} | {
        d.initiative: d.capex for d in story.roadmap.deferred
    }
    return [
        f"{by_id[i].short or by_id[i].name}{f' ({money_short(costs[i])})' if i in costs else ''}" for i in ids
    ]


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    for step in steps_of(story):
        if step.value is not None and (step.enter or step.leave):
            changes = [
                f"{word} {joined(story.names(ids), most=4)}"
                for word, ids in (("in:", step.enter), ("out:", step.leave))
                if ids
            ]
            yield f"{difference(100 * step.share)} %: {'; '.join(changes)}."
