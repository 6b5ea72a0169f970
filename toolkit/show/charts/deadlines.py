"""The dates from outside: what meets each, and with how much slack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from toolkit.client.calendar import Quarter
from toolkit.client.schema import Risk
from toolkit.html.fonts import text_width
from toolkit.method import SOON_DAYS
from toolkit.plan.risk_answers import days_of_slack, first_to_settle
from toolkit.show.canvas import REPORT, SLIDE, TICK, Canvas, fitting, room_below, scale, wrapped
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.show.page import TITLE, Exhibit
from toolkit.words import UNKNOWN, capital, count, day, joined, month, number_word

if TYPE_CHECKING:
    from toolkit.show.story import Story


def soonest(story: Story) -> list[Risk]:
    """Return the record's risks, by date; those without one last."""
    as_of = story.assessment.as_of
    return sorted(story.record.facts.risks, key=lambda one: (one.due is None, one.due or as_of, one.id))


def drawable(story: Story) -> list[Risk]:
    """Return the risks with a date within the plan's years, and near enough after its end to be drawn."""
    if story.roadmap.kind != "optimised":
        return []
    end = story.roadmap.end.last_day(story.record.facts.profile.fiscal)
    return [risk for risk in soonest(story) if risk.due and story.assessment.as_of <= risk.due <= end]


def deadlines_message(story: Story) -> str:
    """Say how many dated answers have a quarter of slack, how many risks have no answer, and on how many work waits."""
    drawn = drawable(story)
    slacks = [
        days
        for risk in drawn
        if (days := days_of_slack(story.record, story.roadmap, risk)) is not None and days >= 0
    ]
    kinds = Counter(story.answer_to(one.id).kind for one in story.record.facts.risks)
    if len(slacks) >= 2 and not kinds["not counted"] and not kinds["too late"]:
        tight = sum(days < 90 for days in slacks)
        none, waits = kinds["none"], kinds["waits"]
        first = (
            f"None of the {number_word(len(slacks))} dates that the plan meets has a quarter of slack"
            if tight == len(slacks)
            else f"{capital(number_word(tight))} of the {number_word(len(slacks))} dates that the plan meets {'has' if tight == 1 else 'have'} less than a quarter of slack"
            if tight
            else f"Each of the {number_word(len(slacks))} dates that the plan meets has a quarter of slack or more"
        )
        parts = [f"{count(none, 'risk')} {'has' if none == 1 else 'have'} no answer"] if none else []
        parts += [f"work on {number_word(waits) if none else count(waits, 'risk')} waits"] if waits else []
        title = f"{first}; {joined(parts)}" if parts else first
        return title if len(title) <= TITLE else title.replace("dates that the plan meets", "answered dates")
    return plain_title(story)


def plain_title(story: Story) -> str:
    """Say how many deadlines are near, and how many risks nothing sure answers in time."""
    risks = story.record.facts.risks
    kinds = Counter(story.answer_to(one.id).kind for one in risks)
    soon = sum(
        one.due is not None and 0 <= (one.due - story.assessment.as_of).days <= SOON_DAYS for one in risks
    )
    first = (
        f"{capital(count(soon, 'deadline'))} {'falls' if soon == 1 else 'fall'} within a year"
        if soon
        else f"{capital(count(len(risks), 'risk'))} {'is' if len(risks) == 1 else 'are'} on the list"
    )
    none, waits, late, loose = (kinds[kind] for kind in ("none", "waits", "too late", "not counted"))
    parts = ["has no answer" if none == 1 else "have no answer"] if none else []
    parts += ["waits outside the plan" if waits == 1 else "wait outside the plan"] if waits else []
    parts += ["is answered too late" if late == 1 else "are answered too late"] if late else []
    parts += [f"{'rests' if loose == 1 else 'rest'} on work that the plan does not count"] if loose else []
    if not parts and kinds["unless"]:
        return f"{first}; work on each is named or done, but the fixed work does not all fit"
    unplanned = sum(one.due is not None and not story.answer_to(one.id).estimated for one in risks)
    if not parts and unplanned:
        return (
            f"{first}; work on {number_word(unplanned)} of {count(len(risks), 'risk')} is not estimated yet"
        )
    if not parts:
        return f"{first}, and {'every risk listed is answered or accepted' if kinds['accepted'] else 'work on every risk listed is named'}"
    numbers = [number_word(n) for n in (none, waits, late, loose) if n]
    numbers[0] += f" of {count(len(risks), 'risk')}"
    open_risks = joined([f"{n} {part}" for n, part in zip(numbers, parts, strict=True)])
    title = f"{first}; {open_risks}"
    return title if len(title) <= TITLE else capital(open_risks)


def deadlines(story: Story, risks: list[Risk], title: str, width: float = SLIDE) -> Exhibit:
    """Draw each date with the work that meets it, and the slack between the two."""
    fiscal = story.record.facts.profile.fiscal
    rows = [
        (
            risk.name, day(risk.due) if risk.due else None, str(Quarter.of(risk.due, fiscal)) if risk.due else None,
            story.answer_to(risk.id).said, days_of_slack(story.record, story.roadmap, risk), risk.consequence, risk.owner,
        )
        for risk in soonest(story)
    ]  # fmt: skip
    heads = (
        "Risk or deadline",
        "Due",
        "Fiscal quarter",
        "Answered by",
        "Days of slack",
        "If nothing is done",
        "Owner",
    )
    unit = "Diamond: the date; bar: the work that meets it, by quarter, black where it is fixed"
    return Exhibit(
        "deadlines", title, pd.DataFrame(rows, columns=list(heads)), unit, "risks and deadlines of the record; the plan",
        lambda: _drawn(story, risks, title, width), lambda: _native(story, risks),
    )  # fmt: skip


def _quarters(story: Story, risks: list[Risk]) -> list[Quarter]:
    """Return the quarters from the one after the round's day to the last date's, four at least."""
    fiscal = story.record.facts.profile.fiscal
    first = Quarter.of(story.assessment.as_of + timedelta(days=1), fiscal)
    last = max(Quarter.of(risk.due or story.assessment.as_of, fiscal) for risk in risks)
    return [first.plus(n) for n in range(max(last.index - first.index + 1, 4))]


def _native(story: Story, risks: list[Risk]) -> NativeChart:
    """Return the dates as bars by quarter: the work on a clear base, then its slack, or what of it is too late."""
    quarters, fiscal = _quarters(story, risks), story.record.facts.profile.fiscal
    begin, end = quarters[0].first_day(fiscal).toordinal(), quarters[-1].last_day(fiscal).toordinal() + 1
    at = scale(begin, end, 0.0, len(quarters))
    rows = [_stretch(story, risk, at, len(quarters)) for risk in risks]
    names = (
        "Before the work",
        "Work, fixed",
        "Work, chosen",
        "From its end to the date",
        "Past the date",
        "No work until the date",
    )
    fills = ("", "ink", "plan", "plan-4", "alarm", "rule")
    verdicts = [_verdict(story, risk) for risk in risks]
    ends = tuple(day(risk.due) for risk in risks)
    return NativeChart(
        "bars", tuple(risk.short or risk.name for risk in risks),
        tuple(
            ChartSeries(name, tuple(row[n] or None if n else row[n] for row in rows), fill)
            for n, (name, fill) in enumerate(zip(names, fills, strict=True)) if not n or any(row[n] for row in rows)
        ),
        asides=tuple(
            f"{due} · {risk.owner.split(',')[0]}" if risk.owner else due for due, risk in zip(ends, risks, strict=True)
        ),
        notes=tuple(
            RowNote(
                " · ".join(filter(None, ("No slack" if said == "None" else capital(said), _met_by(story, risk)))),
                risk.consequence or "", tone,
            )
            for (said, tone), risk in zip(verdicts, risks, strict=True)
        ),
        low=0.0, high=float(len(quarters)), ticks=tuple(f"Q{quarter.number}" for quarter in quarters), spans=True,
        groups=tuple(f"FY{quarter.year}" for quarter in quarters), heads=("", "Slack, and the work; what is lost without it"),
        unit="By fiscal quarter: the work that meets each date, and what lies between its end and the date",
    )  # fmt: skip


def _met_by(story: Story, risk: Risk) -> str:
    """Return what the work that meets a date is called; "" where there is none."""
    work = first_to_settle(story.record, story.roadmap, risk)
    names = {one.id: one.short or one.name for one in story.record.initiatives}
    return names[work.initiative] if work else ""


def _stretch(story: Story, risk: Risk, at: Callable[[float], float], most: int) -> tuple[float, ...]:
    """Return how long each part of a date's bar is, in quarters: before, fixed, chosen, slack, late, without work."""
    fiscal, due = story.record.facts.profile.fiscal, at((risk.due or story.assessment.as_of).toordinal() + 1)
    work = first_to_settle(story.record, story.roadmap, risk)
    if work is None:
        return 0.0, 0.0, 0.0, 0.0, 0.0, due
    start = min(max(at(work.start.first_day(fiscal).toordinal()), 0.0), most)
    end = min(max(at(work.finish.last_day(fiscal).toordinal() + 1), start), most)
    in_time = max(min(end, due) - start, 0.0)
    fixed, chosen = (in_time, 0.0) if work.fixed else (0.0, in_time)
    return start, fixed, chosen, max(due - end, 0.0), end - start - in_time, 0.0


# Where the quarters begin and end, and where the slack stands, by the chart's width.
_PLACES: dict[float, tuple[float, float, float]] = {SLIDE: (350, 850, 874), REPORT: (236, 588, 606)}


def _drawn(story: Story, risks: list[Risk], title: str, width: float) -> bytes:
    left, right, beside = _PLACES[width]
    fiscal = story.record.facts.profile.fiscal
    quarters = _quarters(story, risks)
    at = scale(
        quarters[0].first_day(fiscal).toordinal(), quarters[-1].last_day(fiscal).toordinal() + 1, left, right
    )
    top = 52
    step = min(92, (room_below(title, 108) - top) / len(risks)) if width == SLIDE else 76
    most = 3 if step >= 72 else 2 if step >= 66 else 1
    owned = _dates_and_owners(risks, left - 20)
    with Canvas(width, top + step * len(risks)) as canvas:
        _quarter_heads(canvas, quarters, lambda q: at(q.first_day(fiscal).toordinal()), right, canvas.height)
        canvas.text(beside, 36, "Slack; what is lost without it", TICK, "grey")
        for n, risk in enumerate(risks):
            y, wide = top + step * (n + 0.5), left - 20
            canvas.line(0, y - step / 2, width, y - step / 2)
            name = fitting(risk.short or risk.name, 16, wide, "medium", risk.id)
            canvas.text(0, y - 11, name, 16, weight="medium")
            canvas.text(0, y + 12, owned[n], TICK, "grey")
            _work_for(canvas, story, risk, y, at)
            verdict, tone = _verdict(story, risk)
            verdict = fitting(verdict, 16, width - beside, "semibold")
            said = wrapped(risk.consequence or "", TICK, width - beside, most)
            above, below = {1: (16, 9), 2: (16, 14), 3: (25, 10)}[len(said)]
            canvas.text(beside, y - above, verdict, 16, tone, "semibold")
            canvas.lines(beside, y + below, said, TICK, "grey")
        return canvas.svg()


def _dates_and_owners(risks: Sequence[Risk], width: float) -> list[str]:
    """Return each risk's date and owner in so many pixels: the months in short where one row would be wider in full."""

    def told(when: Callable[[date], str]) -> list[str]:
        return [
            f"{when(risk.due)}{f' · {who}' if (who := (risk.owner or '').split(',')[0]) else ''}" if risk.due else UNKNOWN
            for risk in risks
        ]  # fmt: skip

    full = told(day)
    if all(text_width(text, TICK) <= width for text in full):
        return full
    return [fitting(text, TICK, width) for text in told(lambda due: f"{due.day} {month(due)}")]


def _work_for(canvas: Canvas, story: Story, risk: Risk, y: float, at: Callable[[float], float]) -> None:
    """Draw the work that meets a date, or the time without any, and the date itself."""
    fiscal, due = story.record.facts.profile.fiscal, at((risk.due or story.assessment.as_of).toordinal())
    left, right, _ = _PLACES[canvas.width]
    work = first_to_settle(story.record, story.roadmap, risk)
    if work is None:
        accepted = story.answer_to(risk.id).kind == "accepted"
        tone = "grey" if accepted else "alarm"
        canvas.bar(left + 2, due, y + 8, 18, "paper", tone, dashed=True)
        said = "accepted by leadership" if accepted else "no work in the plan"
        canvas.text(left + 4, y - 14, said, TICK, tone, "medium")
    else:
        tone = "ink" if work.fixed else "plan"
        name = _met_by(story, risk)
        start = max(at(work.start.first_day(fiscal).toordinal()), left + 1)
        end = min(at(work.finish.last_day(fiscal).toordinal() + 1), right)
        canvas.bar(start, end, y + 8, 18, tone)
        name = fitting(name, TICK, 300 if canvas.width == SLIDE else 220, "medium")
        if end > right - 200:
            canvas.text(end, y - 14, name, TICK, tone, "medium", "right")
        else:
            canvas.text(start, y - 14, name, TICK, tone, "medium")
    canvas.mark(due, y + 8, "D", 13, "alarm")


def _quarter_heads(
    canvas: Canvas, quarters: list[Quarter], at: Callable[[Quarter], float], right: float, bottom: float
) -> None:
    width = (right - at(quarters[0])) / len(quarters)
    canvas.years(quarters, at(quarters[0]), width, 12)
    for quarter in quarters:
        x = at(quarter)
        canvas.line(x, 46, x, bottom)
        if width >= 26 or quarter.number in (1, 3):
            canvas.text(x + width / 2, 36, f"Q{quarter.number}", TICK, "grey", align="center")
    canvas.line(right, 46, right, bottom)


def _verdict(story: Story, risk: Risk) -> tuple[str, str]:
    """Return how much slack there is, and the role of its colour."""
    days, answer = days_of_slack(story.record, story.roadmap, risk), story.answer_to(risk.id)
    if days is None:
        if answer.kind == "accepted":
            return "Accepted", "grey"
        return {"waits": "Its work waits"}.get(answer.kind, "No answer"), "alarm"
    if days < 0:
        return f"Too late by {count(-days, 'day')}", "alarm"
    if days >= 90:
        return capital(count(days // 90, "quarter")), "ink"
    return ("None" if days < 15 else f"{count(days, 'day')}"), "alarm" if days < 15 else "ink"
