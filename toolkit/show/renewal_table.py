"""Services and assets on the pages: when each renews or ends, what answers it, and what services cost a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.html.markup import headed, paragraph, table, text_of, unbroken
from toolkit.method import SOON_DAYS
from toolkit.plan.renewals import Renewal, service_costs
from toolkit.words import (
    UNKNOWN,
    capital,
    count,
    day,
    excerpt,
    joined,
    money,
    number_word,
    part_of,
    percent,
    recorded_percent,
)

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story

_MOST = 20
_HEADS = ("Service or asset", "Act by", "What happens then", "Owner", "Answered by")


def soon(story: Story) -> list[Renewal]:
    """Return the renewals and ends of life on which to act within a year of the round's day."""
    as_of = story.assessment.as_of
    return [one for one in story.renewals if 0 <= (one.act_by - as_of).days <= SOON_DAYS]


def renewals_message(story: Story) -> str:
    """Say how many services and assets are to be acted on within a year, and how many nothing sure answers in time."""
    near, all_ = soon(story), story.renewals
    dates = f"{capital(count(len(near), 'date'))} of services and assets {'falls' if len(near) == 1 else 'fall'} within a year"
    if not near:
        dates = "No date of a service or asset falls within a year"
    told = near or all_
    open_ = sum(one.is_open for one in told)
    if not open_:
        return f"{dates}; planned work answers {'it' if len(told) == 1 else 'each'}"
    if open_ == len(told):
        return f"{dates}; {'it has' if open_ == 1 else 'none has'} {'no' if open_ == 1 else 'a'} sure answer"
    return f"{dates}; {number_word(open_)} of them {'has' if open_ == 1 else 'have'} no sure answer"


def renewal_table(story: Story, most: int = _MOST) -> Markup:
    """Return renewals and ends of life, the first to act on at the head, with what answers each; nothing where none is known."""
    shown, rest = story.renewals[:most], len(story.renewals) - most
    rows = [_row(story, one) for one in shown]
    more = f"{capital(count(rest, 'later date'))} of services and assets {'is' if rest == 1 else 'are'} in figures.xlsx."
    return table(_HEADS, rows, "Services and assets, the first to act on at the head") + (
        paragraph(more, css="note") if rest > 0 else Markup("")
    )


def _row(story: Story, one: Renewal) -> Sequence[object]:
    of = one.row
    aside = getattr(of, "vendor", None) or getattr(of, "kind", None)
    passed = " (passed)" if one.act_by < story.assessment.as_of else ""
    what = "last day of notice" if one.notice else "renewal" if one.is_service else "end of life"
    answer = (
        Markup("<strong>{}</strong>").format(text_of(one.answer.short)) if one.is_open else one.answer.short
    )
    return (
        headed(of.name, aside), unbroken(day(one.act_by)) + Markup('<br><span class="aside">{}</span>').format(f"{what}{passed}"), _then(story, one),
        of.owner or UNKNOWN, answer,
    )  # fmt: skip


def _then(story: Story, one: Renewal) -> str:
    """Say what happens on the day: a service renews at what cost, an asset ends, and what replacing it costs."""
    amount = money(one.amount, story.currency)
    if one.is_service:
        when = f"Renews on {day(one.due)}" if one.due else "Renews"
        rise = getattr(one.row, "price_rise", None)
        more = f", {recorded_percent(rise)} more" if rise else ""
        return when if one.amount is None else f"{when} at {amount} a year{more}"
    number = getattr(one.row, "number", None)
    ends = f"All {number:,} end" if (number or 1) > 1 else "Ends"
    return ends if one.amount is None else f"{ends}; {amount} to replace"


def renewals_count(story: Story) -> str:
    """Say in one short sentence how many dates of services and assets fall within a year; "" where none does."""
    near = soon(story)
    open_ = sum(one.is_open for one in near)
    sure = (
        "each with an answer"
        if not open_
        else f"{number_word(open_) if open_ < len(near) else 'all'} without a sure answer"
    )
    return f"Services and assets: {count(len(near), 'date')} within a year, {sure}." if near else ""


def renewals_note(story: Story) -> str:
    """Say of a year's dates of services and assets, in one sentence, which nothing sure answers; "" where there are none."""
    near = soon(story)
    if not near:
        return ""
    open_ = [excerpt(one.row.name, 40) for one in near if one.is_open]
    dates = f"{capital(count(len(near), 'date'))} of services and assets {'falls' if len(near) == 1 else 'fall'} within a year"
    if not open_:
        return f"{dates}, and planned work answers {'it' if len(near) == 1 else 'each'}."
    return f"{dates}; without a sure answer: {joined(open_, most=2)}."


def services_beside(story: AssessmentStory) -> list[Markup]:
    """Return what services cost a year, beside run spending, of which they are part, and the plan's budget; none where none is known."""
    costs, currency = service_costs(story.record, story.renewals), story.currency
    if costs.a_year is None:
        return []
    unknown = (
        f" ({part_of(costs.unknown, len(story.record.services), 'cost')} not known)" if costs.unknown else ""
    )
    said = [f"Services and contracts on record cost {money(costs.a_year, currency)} a year{unknown}"]
    spent = max(story.record.facts.spend, key=lambda one: one.year, default=None)
    if spent and spent.run:
        said.append(
            f"which is part of FY{spent.year}’s run spending ({percent(costs.a_year / spent.run)} of it), not on top of it"
            if costs.a_year <= spent.run
            else f"more than FY{spent.year}’s run spending of {money(spent.run, currency)}, so one of the two is incomplete"
        )
    budget = next((one for one in story.roadmap.years if one.budget), None)
    if budget:
        said.append(f"beside a budget of {money(budget.budget, currency)} for FY{budget.year}")
    text = ", ".join(said) + "."
    if costs.rise:
        text += f" Renewals add {money(costs.rise, currency)} a year at the price rises on record."
    if costs.retired:
        text += f" Planned work retires {money(costs.retired, currency)} a year of it in time."
    return [paragraph(text, css="so")]
