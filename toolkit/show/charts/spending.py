"""Today's spending by purpose, how it has changed, and the plan's budget beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Spend
from toolkit.html.fonts import text_width
from toolkit.html.markup import paragraph
from toolkit.show.canvas import REPORT, SLIDE, TICK, Canvas, fitting, on, scale
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.show.page import Exhibit
from toolkit.words import UNKNOWN, difference, money, money_short, percent

if TYPE_CHECKING:
    from toolkit.show.story import Story


_PURPOSES = {
    "run": ("Run", "keep what there is working"),
    "protect": ("Protect", "security and continuity"),
    "transform": ("Transform", "change how the company works"),
    "grow": ("Grow", "win revenue"),
}


# By the chart's width: where the years' amounts and the share end, and where the bars begin and end.
_COLUMNS: dict[float, tuple[float, float, float, float, float]] = {
    SLIDE: (330, 440, 530, 600, 980), REPORT: (262, 350, 420, 470, 716),
}  # fmt: skip
# By the chart's width: where the bars of years begin and end, and where what follows from each stands.
_PLACES: dict[float, tuple[float, float, float]] = {SLIDE: (190, 800, 900), REPORT: (170, 540, 630)}


def complete_years(record: Record) -> list[Spend]:
    """Return the years whose spending is recorded for all four purposes; a missing part is not zero."""
    parts = ("run", "grow", "transform", "protect")
    return sorted(
        (y for y in record.facts.spend if all(getattr(y, p) is not None for p in parts)), key=lambda y: y.year
    )


def run_share(year: Spend) -> float:
    """Return the share (0–1) of a fully recorded year's spending that runs what exists."""
    total = year.run + (year.grow or 0) + (year.transform or 0) + (year.protect or 0)
    return year.run / total if total else 0.0


def spend_message(story: Story) -> str:
    """Return the spending's message, from the latest year recorded in full."""
    last = complete_years(story.record)[-1]
    return f"{percent(run_share(last))} of FY{last.year} spending keeps things running"


def total(year: Spend) -> float:
    """Return all that a year's spending comes to."""
    return sum(_parts(year).values())


def _parts(year: Spend) -> dict[str, float]:
    return {name: getattr(year, name) or 0.0 for name in _PURPOSES}


def spending_message(story: Story, years: list[Spend]) -> str:
    """Say how much of today's spending keeps things running, and whether growth lost money meanwhile."""
    first, last = years[0], years[-1]
    now = spend_message(story)
    lost = (first.grow or 0.0) - (last.grow or 0.0)
    if len(years) > 1 and lost > 0 and lost >= 0.05 * (first.grow or 1.0):
        return f"{now}; spending on growth fell by {money(lost, story.currency)} since FY{first.year}"
    return now


def spending(
    story: Story, years: list[Spend], title: str, width: float = SLIDE, alone: bool = False
) -> Exhibit:
    """Draw what each purpose takes in the last of these years, and the change since the first; larger where it stands alone."""
    rows = [
        {"Fiscal year": f"FY{one.year}"} | {_PURPOSES[key][0]: value for key, value in _parts(one).items()}
        for one in years
    ]
    unit = f"{story.currency} a fiscal year"
    return Exhibit(
        "spend", title, pd.DataFrame(rows), unit, "spending as recorded by the client",
        lambda: _drawn(years[0], years[-1], width, 92 if alone else 58), lambda: _native(years[0], years[-1]),
    )  # fmt: skip


def _native(first: Spend, last: Spend) -> NativeChart:
    then, now, several = _parts(first), _parts(last), first.year != last.year
    shown = {name: now[name] - then[name] if several else now[name] for name in _PURPOSES}
    labels = [
        "unchanged"
        if several and not value
        else _change(value, then[name])
        if several
        else money_short(value)
        for name, value in shown.items()
    ]
    whole = sum(now.values()) or 1.0
    return NativeChart(
        "bars", tuple(label for label, _ in _PURPOSES.values()),
        (
            ChartSeries(
                f"Change since FY{first.year}" if several else f"FY{last.year}", tuple(shown.values()), "mid",
                tuple(labels), fills=tuple("alarm" if shown[name] < 0 and name == "grow" else "mid" for name in shown),
            ),
        ),
        asides=tuple(meaning for _, meaning in _PURPOSES.values()),
        notes=tuple(
            RowNote(f"{money_short(now[name])}, {percent(now[name] / whole)}",
                    f"{money_short(then[name])} in FY{first.year}" if several else "")
            for name in _PURPOSES
        ),
        stacked=False, heads=(f"Change since FY{first.year}" if several else "", f"FY{last.year}, share"),
    )  # fmt: skip


def _drawn(first: Spend, last: Spend, width: float, step: float) -> bytes:
    """Draw what each purpose takes, and by how much that has changed since the first year on record."""
    then, now, several = _parts(first), _parts(last), first.year != last.year
    shown = {name: now[name] - then[name] if several else now[name] for name in _PURPOSES}
    low, high = min(0.0, *shown.values()), max(1.0, *shown.values())
    earlier, later, part, left, right = _COLUMNS[width]
    at, top = scale(low, high, left + 40 if low < 0 else left, right), 34
    with Canvas(width, top + step * len(_PURPOSES) + 12) as canvas:
        heads = [(later, f"FY{last.year}"), (part, "Share")]
        heads += [(earlier, f"FY{first.year}")] if several else []
        for x, head in heads:
            canvas.text(x, 14, head, TICK, "grey", align="right")
        canvas.text(at(0), 14, f"Change since FY{first.year}" if several else f"FY{last.year}", TICK, "grey")
        canvas.line(at(0), top - 6, at(0), canvas.height, "mid", 1.5)
        for n, (name, (label, meaning)) in enumerate(_PURPOSES.items()):
            y, value = top + step * (n + 0.5), shown[name]
            canvas.line(0, y - step / 2, width, y - step / 2)
            canvas.text(0, y - 11, label, 18, weight="medium")
            canvas.text(0, y + 12, meaning, TICK, "grey")
            if several:
                canvas.text(earlier, y, money_short(then[name]), 17, "grey", align="right")
            canvas.text(later, y, money_short(now[name]), 17, weight="medium", align="right")
            canvas.text(part, y, percent(now[name] / (sum(now.values()) or 1.0)), 17, align="right")
            if several and not value:
                canvas.text(at(0) + 10, y, "unchanged", 16, "grey")
                continue
            lost = value < 0 and name == "grow"
            canvas.bar(at(0), at(value), y, 30, "alarm" if lost else "mid")
            said = _change(value, then[name]) if several else money_short(value)
            canvas.text(max(at(value), at(0)) + 10, y, said, 17, "alarm" if lost else "text", "semibold")
        return canvas.svg()


def _change(value: float, then: float) -> str:
    share = f" ({difference(100 * value / then)} %)" if then else ""
    return f"{'+' if value > 0 else '−'}{money_short(abs(value))}{share}"


# A bar of parts: its label, each part's amount, fill and words, and what is said beside it.
Parts = list[tuple[float, str, str]]


Row = tuple[str, Parts, str]


def budget_beside(story: Story, last: Spend, width: float = SLIDE) -> list[Exhibit | Markup]:
    """Return the plan's first budget beside today's spending: inside it or on top, as the record says, else both."""
    year = next((one for one in story.roadmap.years if one.budget), None)
    if story.roadmap.kind != "optimised" or year is None or not year.budget:
        return []
    ended = Quarter(last.year, 4).last_day(story.record.facts.profile.fiscal) <= story.assessment.as_of
    rows = _readings(last, ended, year.year, year.budget, story.record.facts.planning.budget_is)
    head = f"Today’s spending and the plan’s FY{year.year} budget{': two readings' if len(rows) > 2 else ''}"
    frame = pd.DataFrame(
        [(label, text, value) for label, bars, _ in rows for value, _, text in bars],
        columns=["Year", "Part", "Amount"],
    )
    shown = Exhibit(
        "bridge", head, frame, f"{story.currency} a fiscal year", "spending as recorded; budget of the plan",
        lambda: _bars(rows, width), lambda: _native_readings(rows),
    )  # fmt: skip
    return [shown, *([paragraph(said, css="so")] if (said := basis_open(story)) else [])]


def basis_open(story: Story) -> str:
    """Say that nobody has said whether the budget is inside today's spending, or how much of it; "" where that is said."""
    first = next((year.budget for year in story.roadmap.years if year.budget), None)
    years = complete_years(story.record)
    if (
        story.roadmap.kind != "optimised"
        or first is None
        or not years
        or story.record.facts.planning.budget_is
    ):
        return ""
    if (more := first - total(years[-1])) > 0:
        return f"At least {money(more, story.currency)} of the plan’s budget comes on top of today’s spending; of the rest, finance has yet to say."
    return "Finance has yet to say whether the plan’s budget is inside today’s spending or on top."


def _readings(last: Spend, over: bool, year: int, budget: float, basis: str | None) -> list[Row]:
    """Return today's spending, of a year that is over or not, and a year's if the plan's budget is inside it and if it is on top."""
    parts = _parts(last)
    spent, running = total(last), parts["run"]
    run = (running, "mid", f"run {money_short(running)}")
    rest = (spent - running, "light", money_short(spent - running))
    plan = (budget, "plan", f"plan {money_short(budget)}")
    rows: list[Row] = [
        (
            f"FY{last.year}, {'spent' if over else 'as recorded'}",
            [run, rest],
            f"{money_short(spent - running)}: grow, transform, protect",
        )
    ]
    name = f"FY{year}{', inside today’s' if basis else ' if inside'}"
    if basis != "on top" and budget <= spent:
        left = spent - budget
        falls = f"run would fall by {money_short(running - left)}" if left < running else "run need not fall"
        rows.append((name, [(left, "mid", f"all else {money_short(left)}"), plan], falls))
    elif basis != "on top":
        more = f"{percent((budget - spent) / spent) if spent else UNKNOWN} more than FY{last.year}"
        rows.append((name, [plan], more))
    if basis != "inside":
        more = f"{percent(budget / spent) if spent else UNKNOWN} more than FY{last.year}"
        name = f"FY{year}{', on top' if basis else ' if on top'}"
        rows.append((name, [run, rest, plan], more))
    return rows


def _native_readings(rows: list[Row]) -> NativeChart:
    """Return the readings as stacked bars, each part in a series of its own kind."""
    kinds = {"mid": "Run, or all else", "light": "Grow, transform, protect", "plan": "The plan"}
    series = []
    for fill, name in kinds.items():
        parts = [next((part for part in bars if part[1] == fill), None) for _, bars, _ in rows]
        values, labels = (
            tuple(part[0] if part else None for part in parts),
            tuple(part[2] if part else "" for part in parts),
        )
        series.append(ChartSeries(name, values, fill, labels, side="inside"))
    totals = [sum(value for value, _, _ in bars) for _, bars, _ in rows]
    notes = (RowNote(money_short(total), note) for total, (_, _, note) in zip(totals, rows, strict=True))
    return NativeChart(
        "bars", tuple(label for label, _, _ in rows), tuple(series), notes=tuple(notes), low=0.0, high=max(totals)
    )  # fmt: skip


def _bars(rows: list[Row], width: float) -> bytes:
    step, most = 44, max(sum(value for value, _, _ in row[1]) for row in rows)
    left, right, beside = _PLACES[width]
    at = scale(0, most, left, right)
    with Canvas(width, step * len(rows) + 4) as canvas:
        for n, (label, bars, note) in enumerate(rows):
            y, x = step * (n + 0.5) + 4, 0.0
            canvas.line(0, y - step / 2, width, y - step / 2)
            canvas.text(0, y, label, 16, weight="medium")
            for value, fill, text in bars:
                canvas.bar(at(x) + 1, at(x + value) - 1, y, 26, fill)
                room = at(x + value) - at(x) - 10
                # Whole, else the amount alone, else nothing: a label cut short says less than none.
                said = (text, text.rpartition(" ")[2])
                shown = next((each for each in said if text_width(each, 15, 500) <= room), "")
                if shown:
                    canvas.text((at(x) + at(x + value)) / 2, y, shown, 15, on(fill), "medium", "center")
                x += value
            canvas.text(at(x) + 12, y, money_short(x), 16, weight="semibold")
            canvas.text(beside, y, fitting(note, 15, width - beside), 15, "text")
        return canvas.svg()
