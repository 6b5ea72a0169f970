"""Whether the plan pays: cash out, cash back and their sum by year, what is not known, and what is worth less than it costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from toolkit.client.schema import Initiative
from toolkit.html.fonts import lines_of, text_width
from toolkit.html.markup import paragraph, table, text_of
from toolkit.plan.business_case import BusinessCase, business_case, in_all_text, paid_back_text
from toolkit.plan.payback import BEFORE_RUNNING, losing_before_running
from toolkit.plan.roadmap import Payback
from toolkit.show.canvas import SLIDE, TICK, Canvas, on, room_below, scale
from toolkit.show.native_chart import ChartSeries, NativeChart
from toolkit.show.page import Exhibit, Page
from toolkit.words import (
    capital,
    count,
    excerpt,
    joined,
    money,
    money_short,
    number_word,
    percent,
    recorded_percent,
    sentence_excerpt,
)

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_WIDTH = 700
_MOST_YEARS = 9
_MOST_BENEFITS = 6
_MOST_LOSING = 2
_UNIT = (
    "{}, from the plan’s start on: capital with contingency; running cost and benefit from the quarter after "
    "the work ends; what falls before the plan is left out"
)


def slide(story: RoadmapStory) -> Page | None:
    """Return the slide; none where no benefit of planned work is on record, which the money's slide says."""
    case = business_case(story.planned, story.roadmap) if story.roadmap.kind == "optimised" else None
    if case is None:
        return None
    title = paid_back_text(case, story.currency)
    beside = _beside(story, case)
    known = _known(story, case)
    more_lines = max(lines_of(known, 18, 1102) - 2, 0)
    chart = _exhibit(story, case, title, _WIDTH if beside else SLIDE, 24.3 * more_lines)
    return story.slide(
        "case", title, chart, *beside, paragraph(known, css="so"), css="split" if beside else ""
    )


def _exhibit(story: Story, case: BusinessCase, title: str, wide: float, below: float) -> Exhibit:
    """Return the chart, lower by so many pixels where more is said below it than on two lines."""
    years = case.years[:_MOST_YEARS]

    def picture() -> bytes:
        height = min(room_below(title, (116 if wide == SLIDE else 164) + below), 430)
        top, foot, left = 26, 58, 96
        high = max([1.0, *(y.benefit for y in years), *(y.cumulative for y in years)]) * 1.12
        low = min([-1.0, *(y.cumulative for y in years), *(-(y.capital + y.running) for y in years)]) * 1.1
        at = scale(high, low, top, height - foot)
        step = (wide - left) / len(years)
        width = min(step * 0.5, 60)
        sums = [(left + step * (n + 0.5), at(year.cumulative)) for n, year in enumerate(years)]
        with Canvas(wide, height) as canvas:
            canvas.line(left, at(0), wide, at(0), "mid", 1.4, above=4)
            for n, year in enumerate(years):
                x = left + step * (n + 0.5)
                if year.benefit:
                    canvas.column(x - width / 2, width, at(year.benefit), at(0), "plan")
                    said = money_short(year.benefit)
                    y, inside = _label(sums, x, at(year.benefit), at(0), text_width(said, 14, 500))
                    canvas.text(x, y, said, 14, on("plan") if inside else "plan", "medium", "center")
                if year.capital:
                    canvas.column(x - width / 2, width, at(0), at(-year.capital), "light")
                if year.running:
                    canvas.column(
                        x - width / 2, width, at(-year.capital), at(-year.capital - year.running), "running"
                    )
                canvas.text(x, height - foot + 16, f"FY{year.year}", TICK, "grey", align="center")
                canvas.text(
                    x, height - 12, money_short(year.cumulative), TICK if step < 66 else 16,
                    "kept" if year.cumulative >= 0 else "ink", "semibold", "center",
                )  # fmt: skip
            canvas.path(sums, "ink")
            for x, y in sums:
                canvas.mark(x, y, "o", 8, "ink", above=8)
            canvas.text(0, at(high * 0.5), "Cash back", 15, "plan", "semibold")
            canvas.text(0, at(low * 0.22), "Capital", 15, "grey", "semibold")
            canvas.text(0, at(low * 0.22) + 20, "Running", 15, "running", "semibold")
            canvas.text(0, height - 12, "Sum so far", 15, weight="semibold")
            return canvas.svg()

    unit = f"{_UNIT.format(story.currency)}{_ended(story, case)}"
    source = "costs and benefits of the record; the plan"
    return Exhibit("case", title, _frame(case), unit, source, picture, lambda: _native(case))


def _label(
    line: Sequence[tuple[float, float]], x: float, top: float, foot: float, width: float
) -> tuple[float, bool]:
    """Return where the amount of a column stands, and whether that is inside it: where the line of the sums leaves it free."""
    passed = [
        y0 + (y1 - y0) * (min(max(edge, x0), x1) - x0) / (x1 - x0)
        for (x0, y0), (x1, y1) in pairwise(line)
        for edge in (x - width / 2 - 3, x + width / 2 + 3)
        if x0 <= x + width / 2 + 3 and x - width / 2 - 3 <= x1
    ]
    places = [(top - 11, False)]
    places += [(top + 13, True)] if foot - top > 26 else []
    free = (
        place for place in places if not passed or max(passed) < place[0] - 11 or min(passed) > place[0] + 11
    )
    return next(free, (min([top, *passed]) - 13, False))


def _frame(case: BusinessCase) -> pd.DataFrame:
    return pd.DataFrame(
        [(f"FY{y.year}", y.capital, y.running, y.benefit, y.cumulative) for y in case.years],
        columns=["Fiscal year", "Capital", "Running cost", "Benefit", "Sum up to its end"],
    )


def _native(case: BusinessCase) -> NativeChart:
    years = case.years[:_MOST_YEARS]
    sums = tuple(year.cumulative for year in years)
    return NativeChart(
        "columns", tuple(f"FY{year.year}" for year in years),
        (
            ChartSeries("Cash back", tuple(year.benefit or None for year in years), "plan"),
            ChartSeries("Capital", tuple(-year.capital or None for year in years), "light"),
            ChartSeries("Running cost", tuple(-year.running or None for year in years), "running"),
            ChartSeries("Sum so far", sums, "ink", mark="line"),
            ChartSeries(
                "Cash back, in words", tuple(year.benefit or None for year in years), "",
                tuple(money_short(year.benefit) if year.benefit else "" for year in years), side="above", mark="top",
            ),
        ),
        asides=tuple(map(money_short, sums)), heads=("", "Sum so far"),
    )  # fmt: skip


def _beside(story: Story, case: BusinessCase) -> list[Markup]:
    """Return what stands beside the chart: what loses money and the alternatives, else where the cash comes from."""
    parts = [part for part in (_losing(story), _alternatives(story)) if part] or [_benefits(story, case)]
    return [Markup('<div class="aside">{}</div>').format(Markup("").join(parts))] if parts else []


def _benefits(story: Story, case: BusinessCase) -> Markup:
    """Return the planned work with a benefit on record, the largest first, and who agreed to each figure.

    Where one person agreed to all that are agreed to, that is said once, in the heading. The last row sums up the rest, two at least.
    """
    by_id = {one.id: one for one in story.record.initiatives}
    known = sorted((by_id[id] for id in case.known), key=lambda one: (-(one.benefit or 0.0), one.id))
    people = {one.benefit_agreed_by for one in known if one.benefit_agreed_by}
    alone = people.pop() if len(people) == 1 else ""

    def agreed(one: Initiative) -> Markup:
        by = one.benefit_agreed_by
        said = "" if by and by == alone else f"agreed by {excerpt(by, 44)}" if by else "agreed by nobody yet"
        return Markup("<small>{}</small>").format(text_of(said)) if said else Markup("")

    named = len(known) if len(known) == _MOST_BENEFITS + 1 else _MOST_BENEFITS
    rows = [
        (text_of(excerpt(one.short or one.name, 40)) + agreed(one), money_short(one.benefit))
        for one in known[:named]
    ]
    if rest := known[named:]:
        said = {agreed(one) for one in rest}
        rows.append(
            (
                text_of(capital(count(len(rest), "other")))
                + (said.pop() if len(said) == 1 else Markup("<small>agreed in part</small>")),
                money_short(sum(one.benefit or 0.0 for one in rest)),
            )
        )
    once = Markup('<span class="why">agreed by {}, where nothing else is said</span>').format(text_of(excerpt(alone, 44))) if alone else ""  # fmt: skip
    head = Markup('<h3 class="minor">Cash back a year once done, {}{}</h3>').format(story.currency, once)
    return head + table(("Initiative", "A year"), rows, "Cash back a year", (1,))


def _losing(story: Story) -> Markup:
    """Return the planned work that is worth less than it costs, the worst first, and why it is planned; the rest as a sum."""
    names = {one.id: one.short or one.name for one in story.record.initiatives}
    unknown = losing_before_running(story.planned, story.roadmap)
    before = {payback.initiative: BEFORE_RUNNING for payback in unknown}
    losing = [payback for payback in story.roadmap.worth if payback.because]
    losing = sorted((*losing, *unknown), key=lambda payback: (payback.npv or 0.0, payback.initiative))
    rows = [
        (
            Markup("{}<small>{}</small>").format(
                text_of(excerpt(names[payback.initiative], 40)),
                text_of(sentence_excerpt(before.get(payback.initiative, "") + payback.because, 48)),
            ),
            _net([payback]),
        )
        for payback in losing[:_MOST_LOSING]
    ]
    if rest := losing[_MOST_LOSING:]:
        part = sum(payback.initiative in before for payback in rest)
        which = f"{number_word(part)} of them " if part < len(rest) else ""
        said = f"{capital(count(len(rest), 'other'))}{f', {which}before running cost' if part else ''}"
        rows.append((text_of(said), _net(rest)))
    head = Markup('<h3 class="minor">Worth less than it costs, {}</h3>').format(story.currency)
    return (
        head + table(("Initiative", "Over five years"), rows, "Worth less than it costs", (1,))
        if rows
        else Markup("")
    )


def _net(work: Sequence[Payback]) -> str:
    """Return what work is worth in all, in few digits; that it is not paid back, where no rate of discount is known."""
    values = [payback.npv for payback in work if payback.npv is not None]
    return money_short(sum(values)) if values else "not paid back"


def _alternatives(story: Story) -> Markup:
    """Return the alternatives between which the plan chooses, side by side: the first such choice."""
    ask = next((one for one in story.decisions if one.kind == "choose"), None)
    if ask is None:
        return Markup("")
    group = ask.id.partition(".")[2]
    planned = {s.initiative for s in story.roadmap.scheduled}
    members = sorted(
        (one for one in story.record.initiatives if one.alternative_group == group and one.is_open),
        key=lambda one: (one.id not in planned, one.id),
    )[:2]
    displaced = story.roadmap.explained.displaced if story.roadmap.explained else {}
    pushed = [displaced.get(one.id) for one in members]
    rows = [
        ("Capital", *(money_short(one.capital) for one in members)),
        ("Running, a year", *(money_short(one.opex) for one in members)),
        ("Benefit, a year", *(money_short(one.benefit) for one in members)),
    ]
    if any(pushed):
        ids = {one.id for one in members}
        gone = [len(set(each.leave) - ids) if each else 0 for each in pushed]
        rows.append(("Pushes out", *(count(n, "other") if n else "nothing" for n in gone)))
    heads = ("", *(excerpt(one.short or one.name, 24) for one in members))
    return Markup('<h3 class="minor">The alternatives, {}</h3>').format(story.currency) + table(
        heads, rows, "The alternatives", (1, 2)
    )


def _known(story: Story, case: BusinessCase) -> str:
    """Say of how much of the plan the benefit is known, and what that is worth."""
    total = len(case.known) + len(case.unknown)
    rate = story.record.facts.profile.discount_rate
    worth, valued = "", len(case.valued)
    if case.present is not None and rate is not None:
        which = f"; the {number_word(valued)} with a known running cost {'is' if valued == 1 else 'are'}"
        worth = f" worth {money(case.present, story.currency)} net over five years each at {recorded_percent(rate)} a year"
        worth = f"{which if valued < len(case.known) else ','}{worth}"
    first = f"{capital(number_word(len(case.known)))} of {count(total, 'initiative')} {'has' if len(case.known) == 1 else 'have'} a benefit on record{worth}."
    rest = (
        f" The {number_word(len(case.unknown))} without one, {percent(case.unknown_share)} of the capital shown, {'counts' if len(case.unknown) == 1 else 'count'} as cost alone."
        if case.unknown
        else ""
    )
    running = (
        f" The running cost of {number_word(len(case.unknown_running))} is not known."
        if case.unknown_running
        else ""
    )
    in_all = in_all_text(case, story.currency)
    whole = f" {in_all}." if in_all else ""
    return first + _agreed(story, case) + rest + running + whole


def _agreed(story: Story, case: BusinessCase) -> str:
    """Say how much of the yearly benefit somebody has agreed to by name; "" where it is none, as the title says."""
    if case.all_agreed:
        return f" All {money(case.yearly, story.currency)} a year is agreed by name."
    if not case.agreed:
        return ""
    return f" Of {money(case.yearly, story.currency)} a year, {money(case.agreed, story.currency)} is agreed by name."


def _ended(story: Story, case: BusinessCase) -> str:
    """Say that agreed costs which work without a benefit on record ends are left out, too; "" where it ends none."""
    ended = {cost for one in story.record.initiatives if one.id in case.unknown for cost in one.removes}
    agreed = sum(bool(one.agreed_by) for one in story.record.facts.impact if one.id in ended)
    what = (
        "an agreed cost that work without a benefit ends"
        if agreed == 1
        else "agreed costs that work without a benefit ends"
    )
    return f", and so {'is' if agreed == 1 else 'are'} {what}" if agreed else ""


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    names = {one.id: one.name for one in story.record.initiatives}
    unknown = losing_before_running(story.planned, story.roadmap)
    for one in (*story.roadmap.worth, *unknown):
        back = (
            f"paid back by {one.payback}"
            if one.payback
            else "not paid back within five years of its completion"
        )
        net = "" if one.npv is None else f", worth {money(one.npv, story.currency)} at the plan’s start"
        why = f"; planned all the same: {excerpt(one.because, 140)}" if one.because else ""
        before = "before its running cost, which is not known, " if one in unknown else ""
        yield f"{excerpt(names[one.initiative], 60)}: {before}{back}{net}{why}."
    agreed = [one for one in story.record.initiatives if one.benefit is not None and one.benefit_agreed_by]
    unsaid = [
        one for one in story.record.initiatives if one.benefit is not None and not one.benefit_agreed_by
    ]
    if agreed and unsaid:
        yield f"Nobody is named as having agreed to the benefit of {joined([excerpt(one.name, 60) for one in unsaid], most=4)}."
    if story.roadmap.worth and story.record.facts.profile.discount_rate is None:
        yield "No discount rate is recorded, so net present value is not shown: ask finance for it."
