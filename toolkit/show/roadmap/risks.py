"""The dates from outside: what meets each, and with how much slack."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.client.schema import Risk
from toolkit.html.markup import paragraph, table, text_of, unbroken
from toolkit.plan.risk_answers import days_of_slack, first_to_settle
from toolkit.show.charts.deadlines import deadlines, deadlines_message, drawable, soonest
from toolkit.show.page import Page
from toolkit.show.renewal_table import renewal_table, renewals_count, renewals_message, soon
from toolkit.words import UNKNOWN, capital, count, day, excerpt, joined, number_word, part_of, quoted, rounded

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_MOST = 6
_ROWS = 6


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    risks = soonest(story)
    if not risks and story.renewals:
        return story.slide(
            "risks",
            renewals_message(story),
            renewal_table(story, _ROWS),
            css="airy" if len(story.renewals) < 4 else "",
        )
    if not risks:
        return (
            "Risks and deadlines",
            "Contract, end-of-life, insurance and compliance dates, and what happens if nothing is done.",
        )
    title = deadlines_message(story)
    drawn = drawable(story)
    if len(drawn) >= 2:
        drawn = _most_pressing(story, drawn, _MOST)
        return story.slide("risks", title, deadlines(story, drawn, title), *_rest(story, drawn))
    rows = [
        (risk.short or excerpt(risk.name, 70), unbroken(day(risk.due) if risk.due else UNKNOWN),
         excerpt(risk.consequence or UNKNOWN, 110), excerpt(story.answer_to(risk.id).short, 62))
        for risk in _most_pressing(story, risks, _ROWS)
    ]  # fmt: skip
    header = ("Risk or deadline", "Due", "If nothing is done", "Answered by")
    shown = table(header, rows, "Risks and deadlines, soonest first")
    return story.slide(
        "risks",
        title,
        shown,
        _further(len(risks) - _ROWS),
        _not_said(risks),
        *([paragraph(said, css="note")] if (said := renewals_count(story)) else []),
        css="airy" if len(rows) < 4 else "",
    )


def _most_pressing(story: Story, risks: list[Risk], most: int) -> list[Risk]:
    """Return so many risks, in their order: those that nothing sure answers in time, then those whose work has least slack."""

    def slack(risk: Risk) -> float:
        if story.answer_to(risk.id).kind in ("none", "waits", "too late", "not counted"):
            return -math.inf
        days = days_of_slack(story.record, story.roadmap, risk)
        return math.inf if days is None else days

    chosen = {risk.id for risk in sorted(risks, key=slack)[:most]}
    return [risk for risk in risks if risk.id in chosen]


def _not_said(risks: Iterable[Risk]) -> Markup:
    """Name the risks that lack a date, a consequence or an owner, and what each lacks; nothing where none does."""
    parts = (("a date", "due"), ("what happens if nothing is done", "consequence"), ("an owner", "owner"))
    said = [
        f"{joined(lacking)} for {quoted(risk.short or risk.name, 60)}"
        for risk in risks
        if (lacking := [name for name, field in parts if getattr(risk, field) is None])
    ]
    more = f", and {count(len(said) - 3, 'other')}" if len(said) > 3 else ""
    return (
        paragraph(text_of(f"Not on record yet: {'; '.join(said[:3])}{more}."), css="so")
        if said
        else Markup("")
    )


def _further(rest: int) -> Markup:
    said = f"{capital(count(rest, 'further risk'))} {'is' if rest == 1 else 'are'} in the assessment."
    return paragraph(said, css="note") if rest > 0 else Markup("")


def _fails(story: Story, risks: Iterable[Risk], quarters: int) -> list[Risk]:
    """Return the risks whose work, met in time as planned, ends too late if it ends so many quarters later."""
    fiscal = story.record.facts.profile.fiscal
    out = []
    for risk in risks:
        work = first_to_settle(story.record, story.roadmap, risk)
        if (
            work
            and risk.due
            and work.finish.last_day(fiscal) <= risk.due < work.finish.plus(quarters).last_day(fiscal)
        ):
            out.append(risk)
    return out


def _rest(story: Story, drawn: list[Risk]) -> list[Markup]:
    """Say which dates fail if all of it ends a quarter late, beside how late the record's late work is; and what is not drawn."""
    met = [
        risk
        for risk in drawable(story)
        if (days := days_of_slack(story.record, story.roadmap, risk)) is not None and days >= 0
    ]
    late = sorted(days for one in story.record.initiatives if (days := one.days_late) and days > 0)
    said = []
    if met:
        failing = len(_fails(story, met, 1))
        result = (
            f"{part_of(failing, len(met), 'date')} that the plan meets {'is' if failing == 1 else 'are'} missed" if failing
            else "every date that the plan meets still holds" if len(met) > 1 else "the one date that the plan meets still holds"
        )  # fmt: skip
        said.append(f"If all of it ends a quarter late, {result}{_how_late(late)}.")
    passed = [
        f"{quoted(risk.short or risk.name, 50)} on {day(risk.due)}"
        for risk in story.record.facts.risks
        if risk.due and story.answer_to(risk.id).passed
    ]
    if passed:
        said.append(f"Passed without an answer on record: {joined(passed, most=2)}.")
    rest = len(story.record.facts.risks) - len(drawn) - len(passed)
    if rest > 0:
        verb = "is" if rest == 1 else "are"
        said.append(f"{capital(count(rest, 'further risk'))} {verb} in the assessment.")
    if near := renewals_count(story):
        said.append(near)
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
    for renewal in soon(story):
        if renewal.is_open:
            yield f"{excerpt(renewal.row.name, 60)}, to be acted on by {day(renewal.act_by)}: {excerpt(renewal.answer.said, 120)}."
