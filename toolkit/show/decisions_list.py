"""The decisions as the report's first page lists them: the same as on the deck's first slide, in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.html.markup import text_of
from toolkit.plan.business_case import business_case
from toolkit.plan.decisions import Ask
from toolkit.words import capital, count, day, joined, money, money_short, number_word, sentence

if TYPE_CHECKING:
    from toolkit.show.story import Story


def decisions_list(story: Story) -> Markup:
    """Return the decisions asked for, each with its money, its owners and what happens without it."""
    if not story.asks:
        return Markup("")
    numbers = {ask.id: n for n, ask in enumerate(story.asks, 1)}
    items = Markup("").join(
        Markup('<li><strong>{}.</strong><span>{}</span><span class="undecided">{}</span></li>').format(
            text_of(ask.what), text_of(f"{_terms(story, ask, numbers)} {_why(ask)}".strip()),
            Markup("If nothing is decided: {}").format(text_of(ask.undecided)) if ask.undecided else "",
        )
        for ask in story.asks
    )  # fmt: skip
    when = story.record.round(story.assessment.round).meeting
    asked = (
        f"Decisions asked of leadership’s meeting on {day(when)}"
        if when
        else "Decisions asked of the next leadership meeting"
    )
    return Markup('<section class="asks"><h2 class="minor">{}</h2><ol>{}</ol>{}</section>').format(
        asked, items, _total(story)
    )


def _terms(story: Story, ask: Ask, numbers: dict[str, int]) -> str:
    """Say what an ask costs and when, and who answers for it."""
    cost = ask.money
    years = [f"{money_short(amount)} in FY{year}" for year, amount in sorted(cost.years.items())]
    years += [f"{money_short(cost.later)} after the plan"] if cost.later else []
    parts = []
    if cost.new:
        within = f", part of number {numbers[cost.part_of]}" if cost.part_of in numbers else ""
        split = (
            f" ({joined(years)})"
            if len(years) > 1
            else f" in FY{next(iter(cost.years))}"
            if cost.years
            else ""
        )
        parts.append(f"{money(cost.new, story.currency)} of capital{split}{within}")
    if cost.before:
        parts.append(f"{money(cost.before, story.currency)} spent before")
    if cost.running:
        more = (
            f", and of {count(cost.running_unknown, 'initiative')} not known" if cost.running_unknown else ""
        )
        parts.append(f"{money(cost.running, story.currency)} a year to run{more}")
    elif cost.running_unknown:
        parts.append("what it costs to run is not known")
    if cost.saves:
        parts.append(f"saves {money(cost.saves, story.currency)} a year")
    if not parts or (cost.source and cost.years):
        parts.append(cost.source)
    owners = joined(list(ask.owners)) or "owners to be named"
    by = f", by {day(ask.due)}" if ask.due else ""
    return " ".join(
        sentence(capital(part)) for part in ("; ".join(filter(None, parts)), f"{owners}{by}") if part
    )


def _why(ask: Ask) -> str:
    """Say within which limits the plan's own decisions keep; why others are asked, what happens without them says."""
    if ask.kind in ("unblock", "release", "approve"):
        return ask.because
    return ask.about if ask.kind == "act" and ask.about.casefold() != ask.money.source.casefold() else ""


def _total(story: Story) -> Markup:
    """Return what all of it comes to, and what it brings."""
    own = [ask.money for ask in story.asks if ask.money.new and not ask.money.part_of]
    said = []
    if len(own) > 1:
        new, running = sum(cost.new for cost in own), sum(cost.running for cost in own)
        run = f", and {money(running, story.currency)} a year to run it" if running else ""
        said.append(f"New money in all: {money(new, story.currency)}{run}.")
    if story.roadmap.kind == "optimised" and story.roadmap.scheduled:
        there = sum(one.verdict in ("reached", "reaches") for one in story.outlooks)
        if there:
            goals = count(len(story.outlooks), "goal")
            said.append(
                f"With the plan {number_word(there)} of {goals} {'is' if there == 1 else 'are'} expected to reach the target in time."
            )
        case = business_case(story.planned, story.roadmap)
        if case and case.paid_back:
            known = count(len(case.known), "known benefit")
            said.append(f"With every new cost and {known} counted, it has paid back by {case.paid_back}.")
    return Markup('<p class="total">{}</p>').format(" ".join(said)) if said else Markup("")
