"""How each year's budget is used up, step by step: under way, mandatory, chosen, running cost, reserve, left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from toolkit.html.fonts import text_width
from toolkit.html.markup import paragraph, text_of
from toolkit.plan.assumptions import before_text, how_many, spent_before, uncounted_text
from toolkit.plan.decisions import ended_work
from toolkit.plan.payback import after_text
from toolkit.plan.plan_table import quarters_of, spread
from toolkit.plan.roadmap import MoneyLimit, YearMoney
from toolkit.show.canvas import SLIDE, TICK, Canvas, scale
from toolkit.show.native_chart import ChartSeries, NativeChart
from toolkit.show.page import TITLE, Exhibit, Page
from toolkit.show.roadmap.goals import span
from toolkit.words import capital, count, day, joined, money, money_short, percent

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_STEPS = (
    ("under way", "Under way", "mid"), ("fixed", "Other fixed", "ink"), ("chosen", "Chosen", "plan"),
    ("running", "Running cost", "running"),
)  # fmt: skip
_PANELS = 4
# What is left of a year stands in the title where the plan spends less than this share of it.
_IDLE = 0.5


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    if story.roadmap.kind == "optimised" and story.record.facts.budget:
        title = _title(story)
        return story.slide("money", title, _exhibit(story, title), _notes_below(story))
    lacking = story.plan_lacking("budget") if story.record.facts.budget else ""
    return "Money by year", lacking or "A budget for each fiscal year, and the share held in reserve."


def _title(story: Story) -> str:
    """Say which year is fullest and what it leaves, then what is left where most is, or what running costs take in the last year."""
    limits = [(one, limit) for one in story.roadmap.years for limit in one.limits if limit.available]
    total = sum(one.capex + one.opex for one in story.roadmap.years)
    if not limits:
        return f"The plan spends {money(total, story.currency)} over {span(story)}{_unseen(story)}"
    year, tight = max(limits, key=lambda one: (one[1].spent / one[1].available, -one[0].year))
    what = {
        "all": f"FY{year.year}",
        "capital": f"capital in FY{year.year}",
        "running": f"running costs in FY{year.year}",
    }[tight.holds]
    left = tight.available - tight.spent
    verb = "are" if tight.holds == "running" else "is"
    held = (
        f" beside a reserve of {money(year.reserve, story.currency)}"
        if year.reserve and tight.holds != "running"
        else ""
    )
    used = (
        f"{capital(what)} {'leave' if tight.holds == 'running' else 'leaves'} {money(left, story.currency)}{held}"
        if 0 < left < 0.02 * tight.available
        else f"{capital(what)} {verb} fullest, at {_share_used(tight.spent / tight.available)} of what may be spent"
    )
    last = story.roadmap.years[-1]
    share = last.opex / last.budget if last.budget else 0.0
    grows = (
        f"; by FY{last.year} running costs take {percent(share)} of the budget"
        if share >= 0.1 and last.running is None
        else ""
    )
    more = f"{_unplanned(story, limits, tight) or grows}{_unseen(story)}"
    return f"{used}{more}" if len(used + more) <= TITLE else f"{used.removesuffix(held)}{more}"


def _unplanned(story: Story, limits: Sequence[tuple[YearMoney, MoneyLimit]], tight: MoneyLimit) -> str:
    """Say what is left of years of which less than half is planned; "" where there is none."""
    idle = [
        (year, limit)
        for year, limit in limits
        if limit is not tight and limit.holds != "running" and limit.spent < _IDLE * limit.available
    ]
    if not idle:
        return ""
    names = joined([f"FY{year.year}" for year, _ in idle], most=2)
    left = money(sum(limit.available - limit.spent for _, limit in idle), story.currency)
    of_capital = " of capital" if any(limit.holds == "capital" for _, limit in idle) else ""
    return f"; {names} {'leaves' if len(idle) == 1 else 'leave'} {left}{of_capital} unplanned"


def _share_used(share: float) -> str:
    """Write a share as a percentage that says 100 only where nothing is left."""
    return percent(0.99) if 0.99 < share < 1 - 1e-9 else percent(share)


def _unseen(story: Story) -> str:
    """Return what a title that says how full a budget is must add: what the budget has not seen."""
    start, uncounted = story.roadmap.start, story.roadmap.uncounted
    but = f"; {how_many(story.roadmap.commitments, uncounted)}" if uncounted else ""
    if not before_text(story.planned, story.roadmap):
        return but
    before = money(spent_before(story.planned, start), story.currency)
    return f"{but}; {before} before {start} is not counted"


def steps_of(story: Story) -> dict[int, dict[str, float]]:
    """Return what each year's plan takes for work under way, other fixed work, chosen work and running it."""
    fixed = {s.initiative: s.fixed for s in story.roadmap.scheduled}
    out = {
        year.year: {"under way": 0.0, "fixed": 0.0, "chosen": 0.0, "running": year.opex}
        for year in story.roadmap.years
    }
    for i, one in spread(story.planned, story.roadmap).items():
        kind = "under way" if fixed[i] == "in progress" else "fixed" if fixed[i] else "chosen"
        for quarter, amount in zip(quarters_of(story.roadmap), one.capital, strict=True):
            if quarter.year in out:
                out[quarter.year][kind] += amount
    return out


def _exhibit(story: Story, title: str) -> Exhibit:
    years, steps = story.roadmap.years, steps_of(story)

    def picture() -> bytes:
        return _waterfalls(years, steps) if len(years) <= _PANELS else _columns(years, steps)

    rows = [
        (f"FY{y.year}", *(steps[y.year][key] for key, _, _ in _STEPS), y.capex, y.opex, y.available,
         None if y.budget is None else y.reserve, y.budget, y.running, None if y.available is None else y.available - y.capex - y.opex)
        for y in years
    ]  # fmt: skip
    frame = pd.DataFrame(
        rows,
        columns=["Fiscal year", *(name for _, name, _ in _STEPS), "Capital", "Running cost of planned work", "Available",
                 "Reserve held back", "Budget", "Of it for running costs", "Left"],
    ).dropna(axis="columns", how="all")  # fmt: skip
    unit = f"{story.currency} in each fiscal year, capital with contingency"
    return Exhibit(
        "money", title, frame, unit, "budget of the record; the plan", picture, lambda: _native(years, steps)
    )


def _native(years: tuple[YearMoney, ...], steps: dict[int, dict[str, float]]) -> NativeChart:
    """Return the waterfalls as columns on a clear base, one year behind the other; of many years, a column each."""
    if len(years) > _PANELS:
        return _native_columns(years, steps)
    rows: list[str] = []
    groups: list[str] = []
    bars: list[tuple[int, float, float]] = []  # which series, its base, its height
    names = [name for _, name, _ in _STEPS] + ["Reserve", "Left", "Over"]
    for year in years:
        total = 0.0
        budget = (
            f", budget {money_short(year.budget)}" if year.budget is not None else ", no budget on record"
        )
        parts = [(n, steps[year.year][key]) for n, (key, _, _) in enumerate(_STEPS)]
        parts += [(4, year.reserve)] if year.budget is not None else []
        for n, value in parts:
            bars.append((n, total, value))
            total += value
        if year.budget is not None:
            left = year.budget - total
            bars.append((5, total, left) if left >= 0 else (6, year.budget, -left))
        rows += [names[n] for n, _, _ in bars[len(rows) :]]
        groups += [f"FY{year.year}{budget}"] * (len(rows) - len(groups))
    fills = [fill for _, _, fill in _STEPS] + ["light", "kept", "alarm"]
    series = [ChartSeries("Base", tuple(base for _, base, _ in bars), "")]
    series += [
        ChartSeries(name, tuple(value if n == at else None for at, _, value in bars), fill)
        for n, (name, fill) in enumerate(zip(names, fills, strict=True))
        if any(n == at for at, _, _ in bars)
    ]
    amounts = tuple(money_short(value) if value > 0.5 else "0" for _, _, value in bars)
    tops = tuple(base + value for _, base, value in bars)
    series.append(ChartSeries("Amounts", tops, "", amounts, side="above", mark="top"))
    return NativeChart("columns", tuple(rows), tuple(series), groups=tuple(groups), low=0.0)


def _native_columns(years: tuple[YearMoney, ...], steps: dict[int, dict[str, float]]) -> NativeChart:
    totals = [sum(steps[year.year].values()) for year in years]
    series = [
        ChartSeries(name, tuple(steps[year.year][key] for year in years), fill) for key, name, fill in _STEPS
    ]
    budgets = ChartSeries("Budget", tuple(year.budget for year in years), "ink", mark="line")
    asides = (
        f"{money_short(total)} of {money_short(year.budget)}" if year.budget is not None else f"{money_short(total)}, no budget"
        for year, total in zip(years, totals, strict=True)
    )  # fmt: skip
    return NativeChart(
        "columns", tuple(f"FY{year.year}" for year in years),
        (*series, budgets) if any(budgets.values) else tuple(series), asides=tuple(asides), low=0.0,
    )  # fmt: skip


def _waterfalls(years: tuple[YearMoney, ...], steps: dict[int, dict[str, float]]) -> bytes:
    height, top, base = 400, 40, 336
    most = max([1.0, *(max(y.budget or 0.0, y.capex + y.opex) for y in years)])
    at, panel = scale(0, most, base, top + 16), SLIDE / len(years)
    with Canvas(SLIDE, height) as canvas:
        for k, year in enumerate(years):
            if k:
                canvas.line(k * panel, 0, k * panel, height)
            _waterfall(canvas, year, steps[year.year], k * panel + (16 if k else 0), (panel - 34) / 6, at)
        return canvas.svg()


def _waterfall(
    canvas: Canvas,
    year: YearMoney,
    amounts: dict[str, float],
    left: float,
    step: float,
    at: Callable[[float], float],
) -> None:
    """Draw how a year's budget is used up, step by step, from ``left`` on."""
    base, total = at(0), 0.0
    canvas.text(left, 12, f"FY{year.year}", 18, weight="semibold")
    budget = f"budget {money_short(year.budget)}" if year.budget is not None else "no budget on record"
    canvas.text(left + 74, 12, budget, 16, "text")
    canvas.line(left, base, left + step * 6, base, "mid", 1.2)
    parts = [(name, amounts[key], fill) for key, name, fill in _STEPS]
    parts += [("Reserve", year.reserve, "")] if year.budget is not None else []
    for n, (name, value, fill) in enumerate(parts):
        x, low, high = left + n * step, at(total), at(total + value)
        if value > 0.5:
            canvas.column(
                x + 3, step - 6, low, high, fill or "paper", "" if fill else "grey", dashed=not fill
            )
        # The reserve's amount stands below it, where the budget's line is not, unless its name stands there.
        # A wide amount of the first step begins where its panel does: further left it would be cut.
        middle = x + step / 2 if n else max(x + step / 2, left + text_width(money_short(value), 16, 500) / 2)
        _value(canvas, middle, high, low, value, below=not fill and low + 24 < base)
        if n < len(parts) - 1:
            canvas.line(x + 3, high, x + 2 * step - 3, high, "mid", 0.8, above=2)
        _below(canvas, x + step / 2, base, name, lower=_touches(parts, n, step))
        total += value
    if year.budget is not None:
        left_over, x, line = year.budget - total, left + 5.5 * step, at(year.budget)
        tone, word = ("kept", "Left") if left_over >= 0 else ("alarm", "Over")
        canvas.line(left, line, left + step * 6, line, "ink", 1.6, dashed=True, above=4)
        canvas.column(x - step / 2 + 3, step - 6, at(total), line, tone)
        end = max(at(total), line)
        beside = end + 13 if end + 24 < base else min(at(total), line) - 12
        text = money_short(abs(left_over))
        middle = max(x, left + 5 * step + text_width(text, 16, 600) / 2)  # not into the reserve beside it
        canvas.text(middle, beside, text, 16, tone, "semibold", "center")
        canvas.text(x, base + 18, word, TICK, tone, "medium", "center")


def _value(canvas: Canvas, x: float, upper: float, lower: float, value: float, below: bool) -> None:
    """Write a step's amount above its bar, or below: there the budget's line stands above it."""
    known = value > 0.5
    text, y = (money_short(value) if known else "0"), (lower + 13 if below and known else upper - 12)
    canvas.text(
        x,
        y,
        text,
        16 if known else TICK,
        "ink" if known else "grey",
        "medium" if known else "normal",
        "center",
    )


def _touches(parts: Sequence[tuple[str, float, str]], n: int, step: float) -> bool:
    """Whether a step's name would touch the name before it, which is not lower itself."""
    if not n or _touches(parts, n - 1, step):
        return False
    widths = [text_width(name.split(" ")[0], TICK) for name, _, _ in parts[n - 1 : n + 1]]
    return sum(widths) / 2 + 2 > step


def _below(canvas: Canvas, x: float, base: float, name: str, lower: bool = False) -> None:
    words = name.split(" ")
    for n, word in enumerate(
        words, start=3 - len(words) if lower else 0
    ):  # lower: its last word on the third line
        canvas.text(x, base + 18 + 16 * n, word, TICK, "text", align="center")


def _columns(years: tuple[YearMoney, ...], steps: dict[int, dict[str, float]]) -> bytes:
    """Draw a column a year, where there are too many years for a waterfall each."""
    height, top, base = 410, 40, 340
    most = max([1.0, *(max(y.budget or 0.0, y.capex + y.opex) for y in years)])
    at, step = scale(0, most, base, top + 16), SLIDE / len(years)
    with Canvas(SLIDE, height) as canvas:
        x = 0.0
        for _, name, fill in _STEPS:
            canvas.bar(x, x + 16, 10, 14, fill)
            canvas.text(x + 24, 10, name, TICK, "text")
            x += 150
        canvas.line(x, 10, x + 22, 10, "ink", 1.6, dashed=True)
        canvas.text(x + 30, 10, "budget; below it, what the reserve leaves", TICK, "text")
        for n, year in enumerate(years):
            left, width, total = n * step + step * 0.22, step * 0.5, 0.0
            for key, _, fill in _STEPS:
                value = steps[year.year][key]
                if value > 0.5:
                    canvas.column(left, width, at(total), at(total + value), fill)
                total += value
            canvas.text(
                left + width / 2, at(total) - 12, money_short(total), 16, weight="semibold", align="center"
            )
            if year.budget is not None and year.available is not None:
                for value, thick in ((year.budget, 1.8), (year.available, 1.0)):
                    canvas.line(
                        left - 10, at(value), left + width + 10, at(value), "ink", thick, dashed=True, above=5
                    )
            canvas.text(left + width / 2, base + 18, f"FY{year.year}", 16, weight="medium", align="center")
            said = f"of {money_short(year.budget)}" if year.budget is not None else "no budget"
            canvas.text(left + width / 2, base + 38, said, TICK, "grey", align="center")
        canvas.line(0, base, SLIDE, base, "mid", 1.2)
        return canvas.svg()


def _notes_below(story: Story) -> Markup:
    """Say what the work costs to run once done, and what the money does not count."""
    roadmap = story.roadmap
    uncounted = uncounted_text(story.record, roadmap.commitments, roadmap.uncounted, most=5, size=44)
    after = (
        [after_text(roadmap, roadmap.running_after, story.currency)]
        if roadmap.running_after and roadmap.scheduled
        else []
    )
    said = [
        *([f"{capital(uncounted)}."] if uncounted else []),
        *_bridge(story),
        *_ended(story),
        *after,
        *(["What the work pays back is not known."] if _nothing_pays_back(story) else []),
        *roadmap.money_notes,
    ]
    return paragraph(text_of(" ".join(said)), css="note") if said else Markup("")


def _nothing_pays_back(story: Story) -> bool:
    """Whether no benefit of the planned work is on record; where one is, the slide of the business case counts it."""
    roadmap = story.roadmap
    planned = {one.initiative for one in roadmap.scheduled}
    known = any(one.benefit is not None for one in story.record.initiatives if one.id in planned)
    return bool(planned) and not roadmap.worth and not known


def _bridge(story: Story) -> list[str]:
    """Say how much of the plan's capital is in no year shown, so that its sum and theirs can be reconciled."""
    scheduled, years = story.roadmap.scheduled, story.roadmap.years
    if not scheduled or not years:
        return []
    total = sum(one.capex for one in scheduled)
    outside = total - sum(one.capex for one in years)
    if outside < 0.001 * total or not outside:
        return _asked_beside(story)
    early = any(one.start < story.roadmap.start for one in scheduled)
    late = any(story.roadmap.end < one.finish for one in scheduled)
    start, end = story.roadmap.start, story.roadmap.end
    before = f"before {f'FY{start.year}' if start.number == 1 else start}" if early else ""
    after = f"after {f'FY{end.year}' if end.number == 4 else end}" if late else ""
    when = joined([part for part in (before, after) if part], last="or")
    shown = f"{money(total - outside, story.currency)} in the years shown"
    said = f"Of the {money(total, story.currency)} of capital in all, {money(outside, story.currency)} falls {when}; {shown}."
    return [said, *_asked_beside(story)]


def _ended(story: Story) -> list[str]:
    """Say what the plan counts and no decision asks for, since it ends by the round's day."""
    ended = ended_work(story.record, story.assessment.as_of, story.roadmap)
    if not ended:
        return []
    ids = {work.initiative for work in ended}
    running = [initiative.opex for initiative in story.record.initiatives if initiative.id in ids]
    amounts = money(sum(work.capex for work in ended), story.currency)
    if known := sum(filter(None, running)):
        amounts += (
            f" and {'at least ' if None in running else ''}{money(known, story.currency)} a year to run"
        )
    which = f"the {count(len(ended), 'initiative')} that {'ends' if len(ended) == 1 else 'end'}"
    return [f"No decision asks for {which} by {day(story.assessment.as_of)}: {amounts}."]


def _asked_beside(story: Story) -> list[str]:
    """Say which decisions ask for capital beside the plan's, which these years do not hold."""
    beside = [
        (n, ask.money.new)
        for n, ask in enumerate(story.asks, 1)
        if ask.money.new and not ask.money.part_of and ask.kind not in ("release", "approve")
    ]
    if not beside:
        return []
    which = (
        f"Decision {beside[0][0]} asks"
        if len(beside) == 1
        else f"Decisions {joined([str(n) for n, _ in beside])} ask"
    )
    return [f"{which} for a further {money(sum(new for _, new in beside), story.currency)}."]


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    roadmap = story.roadmap
    for year in roadmap.years:
        if year.budget is not None:
            held = (
                f", {money(year.reserve, story.currency)} of it held in reserve"
                if year.reserve
                else ", with no reserve"
            )
            yield f"FY{year.year}: {money(year.budget, story.currency)} budgeted{held}; the plan takes {money(year.capex + year.opex, story.currency)}."
    yield from roadmap.money_notes
