"""What the register shows of slipped dates and grown budgets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.client.schema import Initiative
from toolkit.html.markup import paragraph, table, text_of, unbroken
from toolkit.method import GROWN
from toolkit.show.page import TITLE
from toolkit.words import (
    DAYS_A_YEAR,
    UNKNOWN,
    capital,
    count,
    day,
    excerpt,
    fixed,
    joined,
    money,
    number_word,
    part_of,
    percent,
    quoted,
)

if TYPE_CHECKING:
    from toolkit.show.story import Story

# Rows kept for the budgets that grew most, where more dates moved than a table holds.
_DEARER = 3


def symptoms_title_without_scores(story: Story) -> str:
    """Return the symptoms page's title when nobody was asked."""
    late, both = late_initiatives(story), both_dates(story)
    if both:
        verb = f"is{'' if late else ' not'}" if both == 1 else "is" if len(late) < 2 else "are"
        who = part_of(len(late), both, "initiative") if both > 1 else "the one initiative"
        who = "neither of two initiatives" if not late and both == 2 else who
        dates = f"{who} with both dates known {verb} later than first known to us"
        over = f", {over}" if (over := done_among(story, late)) else ""
        grew = f"; known budgets grew by {percent(growth)}" if (growth := budget_growth(story)) else ""
        short = dates.replace(" with both dates known ", " with both dates ").removesuffix(" to us")
        titles = (f"{dates}{over}{grew}", f"{dates}{grew}", f"{short}{grew}", dates)
        return capital(next(title for title in titles if len(title) <= TITLE or title == dates))
    return "How often the work suffers has not been asked yet"


def budget_growth(story: Story) -> float:
    """Return by what part the known budgets have grown in all, where that is worth a finding; else 0."""
    paid = [one.budgets for one in story.record.initiatives if one.budgets]
    first, now = sum(before for before, _ in paid), sum(today for _, today in paid)
    return now / first - 1 if first and now > first * GROWN else 0.0


def both_dates(story: Story) -> int:
    """Count the initiatives with a first and a present completion date."""
    return sum(x.completions is not None for x in story.record.initiatives)


def late_initiatives(story: Story) -> list[str]:
    """Return the ids of initiatives that finish later than first known to us."""
    return [x.id for x in story.record.initiatives if (x.days_late or 0) > 0]


def how_it_ended(work: Iterable[Initiative]) -> str:
    """Say how work ended that is all over: "done", "stopped" or "done or stopped"."""
    return joined(sorted({one.status or UNKNOWN for one in work}), "or")


def done_among(story: Story, late: Sequence[str]) -> str:
    """Say how many of late initiatives are done: "all of them done", "four of them done"; "" where none is."""
    by_id = {one.id: one for one in story.record.initiatives}
    done = sum(by_id[id].status == "done" for id in late)
    if not done:
        return ""
    if len(late) == 1:
        return "and it is done"
    if done == len(late) == 2:
        return "both done"
    return f"{'all' if done == len(late) else number_word(done)} of them done"


def slip_lead(story: Story) -> Markup:
    """Say what the register shows of slipped dates and grown budgets; nothing where it cannot."""
    both = both_dates(story)
    grown = [x for x in story.record.initiatives if x.budgets]
    sentences = []
    if both:
        days = sorted(x.days_late for x in story.record.initiatives if x.days_late is not None)
        late = late_initiatives(story)
        by = f", by {'' if len(late) == 1 else 'up to '}{time_span(days[-1])}" if late else ""
        over = f"; {done_among(story, late)}".replace("; and it", "; it") if done_among(story, late) else ""
        sentences.append(f"{_late_of(len(late), both)} moved later{by}{over}.")
    if grown:
        sentences.append(_growth(story, grown))
    return paragraph(text_of(" ".join(sentences))) if sentences else Markup("")


def _late_of(late: int, both: int) -> str:
    """Say how many of the initiatives with both dates are late: "Of three initiatives with …, one has"."""
    dates = "with a first and a present completion date"
    if both == 1:
        return f"The one initiative {dates} has{'' if late else ' not'}"
    if not late:
        return f"Of {count(both, 'initiative')} {dates}, {'neither' if both == 2 else 'none'} has"
    who = number_word(late) if late < both else "both" if both == 2 else "all"
    return f"Of {count(both, 'initiative')} {dates}, {who} {'has' if late == 1 else 'have'}"


def _part(share: float) -> str:
    """Write a share as a percentage, with one decimal where it is below one per cent."""
    if share >= 0.01:
        return percent(share)
    return f"{fixed(100 * share, 1)} %" if share >= 0.0005 else "under 0.1 %"


def _growth(story: Story, work: Sequence[Initiative]) -> str:
    """Say how the budgets of work that holds both have changed since they were first known to us, and what makes most of that."""
    first, now = (sum(budgets) for budgets in zip(*(one.budgets for one in work if one.budgets), strict=True))
    way, part = "more" if now > first else "less", abs(now - first) / first if first else 0.0
    share = f", {_part(part)} {way}" if first else ""
    alone = len(work) == 1
    every = count(len(story.record.initiatives), "initiative")
    whole = len(work) == len(story.record.initiatives)
    who = f"Of {every}, {number_word(len(work))}"
    if whole:
        who = "The one initiative" if alone else capital(part_of(len(work), len(work), "initiative"))
    changes = sorted(
        (-abs(now - first), one.id, one) for one in work for first, now in [one.budgets or (0.0, 0.0)]
    )
    most, _, mover = changes[0]
    hold = f"{who} {'holds' if alone else 'hold'} a first and a present budget"
    if not most:
        return f"{hold}, unchanged at {money(now, story.currency)}{'' if alone else ' in all'}."
    today = f"now {'stands' if alone else 'stand'} at {money(now, story.currency)}{share}"
    said = f"{hold}: {'' if alone else 'in all '}first known to us at {money(first, story.currency)}, {'it' if alone else 'they'} {today}."
    gross = sum(-change for change, _, _ in changes)
    if alone or 4 * -most < gross:
        return said
    part = "All of the change is" if len(changes) == 1 or not changes[1][0] else "Most of the change is"
    if 2 * -most <= gross or abs(now - first) < gross - 1:  # of several alike, or some grew and some fell
        part = "The largest single change is"
    before, after = mover.budgets or (0.0, 0.0)
    name = quoted(mover.short or mover.name, 66)
    return f"{said} {part} {name}, from {money(before, story.currency)} to {money(after, story.currency)}."


def is_short(story: Story) -> bool:
    """Whether there is no plan, and so little on the register that one table beside the questions tells it."""
    return story.roadmap.kind == "timeline" and 0 < len(story.record.initiatives) < 3


def register_facts(story: Story, work: Sequence[Initiative]) -> Markup:
    """Return what the register says of initiatives, one a column: state, dates and budgets, now and as first known to us.

    Of one alone, first and now are the columns; its name and its state stand above them.
    """
    states = [one.status or "not known, counted as open" for one in work]
    names = [excerpt(one.short or one.name, 66) for one in work]
    before = [unbroken(day(one.original_finish)) if one.original_finish else UNKNOWN for one in work]
    now = [unbroken(day(one.finish)) if one.finish else UNKNOWN for one in work]
    first, today = [money(one.original_capex) for one in work], [money(one.capex) for one in work]
    budgets = f"budgets in {story.currency}, without contingency"
    if len(work) == 1:
        rows = [("Completion date", *before, *now), ("Budget", *first, *today)]
        caption = f"What the register says of “{names[0]}”; state: {states[0]}; {budgets}"
        return table(
            ("On the register", "First known to us", "Now"), rows, caption, shares=(0.34, 0.33, 0.33)
        )
    rows = [
        ("State", *states),
        ("First completion date", *before),
        ("Completion date now", *now),
        ("First budget", *first),
        ("Budget now", *today),
    ]
    caption = f"What the register says; {budgets}"
    return table(("On the register", *names), rows, caption, shares=(0.4, *[0.6 / len(work)] * len(work)))


def _later(days: int | None) -> str:
    if days is None:
        return UNKNOWN
    return time_span(days) if days > 0 else "earlier" if days < 0 else "as first known"


def time_span(days: int) -> str:
    """Say how long a number of days is: in days below half a year, then in years, as the findings do."""
    if days < DAYS_A_YEAR / 2:
        return count(days, "day")
    years = fixed(days / DAYS_A_YEAR, 1)
    return f"{years} {'year' if years == '1.0' else 'years'}"


def moved(story: Story) -> list[Initiative]:
    """Return the initiatives that finish later than first known to us, latest first, then those whose budget alone has grown."""
    late = [one for one in story.record.initiatives if (one.days_late or 0) > 0]
    late.sort(key=lambda one: (-(one.days_late or 0), one.id))
    return [*late, *(one for one in dearer(story.record.initiatives) if one not in late)]


def dearer(work: Iterable[Initiative]) -> list[Initiative]:
    """Return the work whose budget has grown, that which has grown most first."""
    grown = [
        (first - now, one.id, one)
        for one in work
        for first, now in [one.budgets or (0.0, 0.0)]
        if now > first
    ]
    return [one for _, _, one in sorted(grown)]


def _which(every: Sequence[Initiative], shown: Sequence[Initiative]) -> str:
    """Say which of the work that moved a table shows, as its caption begins."""
    over, over_shown = ([one for one in work if not one.is_open] for work in (every, shown))
    if not over or len(over_shown) == len(shown):
        return "Dates that moved furthest, budgets that grew most"
    if not over_shown:
        return "Of open work, the dates that moved furthest and the budgets that grew most"
    return (
        "Open work first, the dates that moved furthest and the budgets that grew most; "
        f"then work that is {how_it_ended(over_shown)}"
    )


def largest_slips(story: Story, most: int) -> Markup:
    """Return the initiatives that have moved most, open work first: by date, and a few by budget; nothing where no date has moved."""
    late = late_initiatives(story)
    if not late:
        return Markup("")
    every = sorted(moved(story), key=lambda one: not one.is_open)
    grown = sorted(dearer(every), key=lambda one: not one.is_open)
    kept = grown[: max(_DEARER, most - len(late))]
    kept += [one for one in every if one not in kept][: most - len(kept)]
    shown = [one for one in every if one in kept]
    rows = [
        (
            excerpt(one.name, 66) if one.is_open else f"{excerpt(one.name, 58)} ({one.status})",
            *(unbroken(day(when)) if when else UNKNOWN for when in (one.original_finish, one.finish)),
            _later(one.days_late),
            money(one.original_capex),
            money(one.capex),
        )
        for one in shown
    ]
    header = ("Moved most", "First date", "Date now", "Later by", "First budget", "Budget now")
    caption = f"{_which(every, shown)}; budgets in {story.currency}, without contingency"
    slips, alone = sum(one.id in late for one in shown), len(every) - len(late)
    unseen = [each.id for each in every if each.id in late and each not in shown]
    done = done_among(story, unseen)
    rest = (
        [f"{count(len(unseen), 'further initiative')} that moved later{f', {done}' if done else ''}"]
        if unseen
        else []
    )
    if unseen_grown := alone - (len(shown) - slips):
        over = not any(each.is_open for each in every if each.id not in late and each not in shown)
        rest += [
            f"{number_word(unseen_grown)} more{', done or stopped,' if over else ''} whose budget alone has grown"
        ]
    more = (
        paragraph(f"{capital((', and ' if done else ' and ').join(rest))}: in figures.xlsx.", css="note")
        if rest
        else Markup("")
    )
    return table(header, rows, caption, (3, 4, 5)) + more
