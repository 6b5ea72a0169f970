"""The dates from outside: what meets each, and with how much slack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from toolkit.client.calendar import Quarter
from toolkit.client.models import Risk
from toolkit.html.markup import paragraph, table, text_of, unbroken
from toolkit.method import SOON_DAYS
from toolkit.plan.roadmap import Scheduled
from toolkit.show.canvas import SLIDE, TICK, Canvas, fitting, room_below, scale, wrapped
from toolkit.show.page import Exhibit, Page
from toolkit.words import UNKNOWN, capital, count, day, excerpt, joined, number_word, rounded

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_MOST = 6
_ROWS = 6


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    risks = _soonest(story)
    if not risks:
        return (
            "Risks and deadlines",
            "Contract, end-of-life, insurance and compliance dates, and what happens if nothing is done.",
        )
    title = _title(story)
    drawn = _drawable(story)
    if len(drawn) >= 2:
        return story.slide(
            "risks", title, _exhibit(story, drawn[:_MOST], title), *_rest(story, drawn[:_MOST])
        )
    rows = [
        (risk.short or excerpt(risk.name, 70), unbroken(day(risk.due) if risk.due else UNKNOWN),
         excerpt(risk.consequence or UNKNOWN, 110), excerpt(story.answer_to(risk.id).short, 62))
        for risk in risks[:_ROWS]
    ]  # fmt: skip
    header = ("Risk or deadline", "Due", "If nothing is done", "Answered by")
    shown = table(header, rows, "Risks and deadlines, soonest first")
    return story.slide("risks", title, shown, _further(len(risks) - _ROWS))


def _soonest(story: Story) -> list[Risk]:
    as_of = story.assessment.as_of
    return sorted(story.record.facts.risks, key=lambda one: (one.due is None, one.due or as_of, one.id))


def _further(rest: int) -> Markup:
    said = f"{capital(count(rest, 'further risk'))} {'is' if rest == 1 else 'are'} in the assessment."
    return paragraph(said, css="note") if rest > 0 else Markup("")


def _drawable(story: Story) -> list[Risk]:
    """Return the risks with a date within the plan's years, and near enough after its end to be drawn."""
    if story.roadmap.kind != "optimised":
        return []
    end = story.roadmap.end.last_day(story.record.facts.profile.fiscal)
    return [risk for risk in _soonest(story) if risk.due and story.assessment.as_of <= risk.due <= end]


def answering(story: Story, risk: Risk) -> Scheduled | None:
    """Return the planned work that settles a risk first; None where none does."""
    settles = {one.id for one in story.record.initiatives if risk.id in one.settles}
    return min(
        (s for s in story.roadmap.scheduled if s.initiative in settles),
        key=lambda s: (s.finish, s.initiative),
        default=None,
    )


def _slack(story: Story, risk: Risk) -> int | None:
    """Return the days between the end of the work that settles a risk and its date; None where none does."""
    work = answering(story, risk)
    if work is None or risk.due is None:
        return None
    return (risk.due - work.finish.last_day(story.record.facts.profile.fiscal)).days


def _title(story: Story) -> str:
    """Say how many dated answers have a quarter of slack, and how many risks nothing sure answers in time."""
    drawn = _drawable(story)
    slacks = [slack for risk in drawn if (slack := _slack(story, risk)) is not None and slack >= 0]
    kinds = Counter(story.answer_to(one.id).kind for one in story.record.facts.risks)
    if len(slacks) >= 2 and not kinds["not counted"] and not kinds["too late"]:
        tight = sum(slack < 90 for slack in slacks)
        none = kinds["none"] + kinds["waits"]
        first = (
            f"None of the {number_word(len(slacks))} dates that the plan meets has a quarter of slack"
            if tight == len(slacks)
            else f"{capital(number_word(tight))} of the {number_word(len(slacks))} dates that the plan meets {'has' if tight == 1 else 'have'} less than a quarter of slack"
            if tight
            else f"Each of the {number_word(len(slacks))} dates that the plan meets has a quarter of slack or more"
        )
        return (
            f"{first}; {count(none, 'risk')} {'has' if none == 1 else 'have'} no answer in the plan"
            if none
            else first
        )
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
    if not parts:
        return f"{first}, and {'every risk listed is answered or accepted' if kinds['accepted'] else 'work on every risk listed is named'}"
    numbers = [number_word(n) for n in (none, waits, late, loose) if n]
    numbers[0] += f" of {count(len(risks), 'risk')} listed"
    return f"{first}; {joined([f'{n} {part}' for n, part in zip(numbers, parts, strict=True)])}"


def _exhibit(story: Story, risks: list[Risk], title: str) -> Exhibit:
    fiscal = story.record.facts.profile.fiscal
    rows = [
        (
            risk.name, day(risk.due) if risk.due else None, str(Quarter.of(risk.due, fiscal)) if risk.due else None,
            story.answer_to(risk.id).said, _slack(story, risk), risk.consequence, risk.owner,
        )
        for risk in _soonest(story)
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
        lambda: _drawn(story, risks, title),
    )  # fmt: skip


# Where the quarters begin and end, and where the slack stands, in pixels.
_LEFT, _RIGHT, _BESIDE = 350, 850, 874


def _drawn(story: Story, risks: list[Risk], title: str) -> bytes:
    fiscal = story.record.facts.profile.fiscal
    first = Quarter.of(story.assessment.as_of + timedelta(days=1), fiscal)
    last = max(Quarter.of(risk.due or story.assessment.as_of, fiscal) for risk in risks)
    quarters = [first.plus(n) for n in range(max(last.index - first.index + 1, 4))]
    at = scale(
        first.first_day(fiscal).toordinal(), quarters[-1].last_day(fiscal).toordinal() + 1, _LEFT, _RIGHT
    )
    top = 52
    step = min(92, (room_below(title, 108) - top) / len(risks))
    with Canvas(SLIDE, top + step * len(risks)) as canvas:
        _quarter_heads(canvas, quarters, lambda q: at(q.first_day(fiscal).toordinal()), _RIGHT, canvas.height)
        canvas.text(_BESIDE, 36, "Slack; what is lost without it", TICK, "grey")
        for n, risk in enumerate(risks):
            y, wide = top + step * (n + 0.5), _LEFT - 20
            canvas.line(0, y - step / 2, SLIDE, y - step / 2)
            name = fitting(risk.short or risk.name, 17, wide, "medium", risk.id)
            canvas.text(0, y - 11, name, 17, weight="medium")
            who = f" · {risk.owner.split(',')[0]}" if risk.owner else ""
            canvas.text(0, y + 12, fitting(f"{day(risk.due)}{who}", TICK, wide), TICK, "grey")
            _work_for(canvas, story, risk, y, at)
            verdict, tone = _verdict(story, risk)
            verdict = fitting(verdict, 17, SLIDE - _BESIDE, "semibold")
            canvas.text(_BESIDE, y - 12, verdict, 17, tone, "semibold")
            lost = wrapped(risk.consequence or "", TICK, SLIDE - _BESIDE, 2 if step >= 66 else 1)
            canvas.lines(_BESIDE, y + (20 if len(lost) > 1 else 13), lost, TICK, "grey")
        return canvas.svg()


def _work_for(canvas: Canvas, story: Story, risk: Risk, y: float, at: Callable[[float], float]) -> None:
    """Draw the work that meets a date, or the time without any, and the date itself."""
    fiscal, due = story.record.facts.profile.fiscal, at((risk.due or story.assessment.as_of).toordinal())
    work = answering(story, risk)
    if work is None:
        accepted = story.answer_to(risk.id).kind == "accepted"
        tone = "grey" if accepted else "alarm"
        canvas.bar(_LEFT + 2, due, y + 8, 18, "paper", tone, dashed=True)
        said = "accepted by leadership" if accepted else "no work in the plan"
        canvas.text(_LEFT + 4, y - 14, said, TICK, tone, "medium")
    else:
        tone = "ink" if work.fixed else "plan"
        name = next(one.short or one.name for one in story.record.initiatives if one.id == work.initiative)
        start = max(at(work.start.first_day(fiscal).toordinal()), _LEFT + 1)
        end = min(at(work.finish.last_day(fiscal).toordinal() + 1), _RIGHT)
        canvas.bar(start, end, y + 8, 18, tone)
        name = fitting(name, TICK, 300, "medium")
        if end > _RIGHT - 200:
            canvas.text(end, y - 14, name, TICK, tone, "medium", "right")
        else:
            canvas.text(start, y - 14, name, TICK, tone, "medium")
    canvas.mark(due, y + 8, "D", 13, "alarm")


def _quarter_heads(
    canvas: Canvas, quarters: list[Quarter], at: Callable[[Quarter], float], right: float, bottom: float
) -> None:
    width = (right - at(quarters[0])) / len(quarters)
    for n, quarter in enumerate(quarters):
        x = at(quarter)
        canvas.line(x, 46, x, bottom)
        if width >= 26 or quarter.number in (1, 3):
            canvas.text(x + width / 2, 36, f"Q{quarter.number}", TICK, "grey", align="center")
        if quarter.number == 1 or n == 0:
            wide = width * (5 - quarter.number) > 60
            canvas.text(
                x + 4, 12, f"FY{quarter.year}" if wide else f"FY{quarter.year % 100:02d}", 15, weight="medium"
            )
    canvas.line(right, 46, right, bottom)


def _verdict(story: Story, risk: Risk) -> tuple[str, str]:
    """Return how much slack there is, and the role of its colour."""
    slack, answer = _slack(story, risk), story.answer_to(risk.id)
    if slack is None:
        if answer.kind == "accepted":
            return "Accepted", "grey"
        return {"waits": "Its work waits"}.get(answer.kind, "No answer"), "alarm"
    if slack < 0:
        return f"Too late by {count(-slack, 'day')}", "alarm"
    if slack >= 90:
        return count(slack // 90, "quarter"), "ink"
    return ("None" if slack < 15 else f"{count(slack, 'day')}"), "alarm" if slack < 15 else "ink"


def _fails(story: Story, risks: Iterable[Risk], quarters: int) -> list[Risk]:
    """Return the risks whose work, met in time as planned, ends too late if it ends so many quarters later."""
    fiscal = story.record.facts.profile.fiscal
    out = []
    for risk in risks:
        work = answering(story, risk)
        if (
            work
            and risk.due
            and work.finish.last_day(fiscal) <= risk.due < work.finish.plus(quarters).last_day(fiscal)
        ):
            out.append(risk)
    return out


def _rest(story: Story, drawn: list[Risk]) -> list[Markup]:
    """Say which dates fail if all of it ends a quarter late, beside how late the record's late work is; and what is not drawn."""
    met = [risk for risk in drawn if (slack := _slack(story, risk)) is not None and slack >= 0]
    late = sorted(days for one in story.record.initiatives if (days := one.days_late) and days > 0)
    said = []
    if met:
        failing = len(_fails(story, met, 1))
        result = (
            f"all {number_word(len(met))} of these dates are missed" if failing == len(met) > 1
            else f"{number_word(failing)} of {count(len(met), 'date')} {'is' if failing == 1 else 'are'} missed" if failing
            else "every date that the plan meets still holds"
        )  # fmt: skip
        said.append(f"If all of it ends a quarter late, {result}{_how_late(late)}.")
    rest = len(story.record.facts.risks) - len(drawn)
    if rest > 0:
        verb = "is" if rest == 1 else "are"
        said.append(f"{capital(count(rest, 'further risk'))} {verb} in the assessment.")
    return [paragraph(text_of(" ".join(said)), css="so" if met else "note")] if said else []


def _how_late(late: list[int]) -> str:
    """Say how late the record's late work is, in months; "" where none is."""
    if not late:
        return ""
    first, last = (max(int(rounded(days / 30.4)), 1) for days in (late[0], late[-1]))
    span = count(first, "month") if first == last else f"{number_word(first)} to {count(last, 'month')}"
    return (
        f"; the {count(len(late), 'late project')} on record {'is' if len(late) == 1 else 'are'} {span} late"
    )


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    for risk in story.record.facts.risks:
        answer = story.answer_to(risk.id)
        if answer.kind in ("none", "waits", "too late"):
            due = f", due {day(risk.due)}" if risk.due else ""
            yield f"{excerpt(risk.name, 60)}{due}: {excerpt(answer.said, 120)}. Ask for work, or for the risk to be accepted by name."
