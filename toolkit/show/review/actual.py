"""Plan against actual: what work costs and when it ends, and what entered, left, slipped and costs more, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.follow_through import FollowThrough, follow_through
from toolkit.html.fonts import cut_to, lines_of
from toolkit.html.markup import missing, paragraph, table, text_of
from toolkit.plan.plan_changes import PlanChange
from toolkit.show.canvas import room_below, rows_within
from toolkit.show.page import Page
from toolkit.show.report.since import plan_changes
from toolkit.words import capital, count, day, joined, money, money_short, number_word, part_of, quoted

if TYPE_CHECKING:
    from toolkit.show.review_story import ReviewStory

# How wide columns are, and how high a table's head, in pixels.
_WORK, _REASON, _WHAT, _WHY, _HEAD = 206, 214, 400, 520, 44


def slide(story: ReviewStory) -> Page:
    """Return the slide; where neither work under way nor an earlier plan is known it says what it would take."""
    work = follow_through(story.record, story.since)
    found = plan_changes(story)
    title = _title(story, work)
    if not work and found is None:
        wants = "Work with status “in progress”, its budget, forecast and dates; and the plan of an earlier round."
        return story.slide("actual", title, missing("Nothing to hold the plan against.", wants))
    room = room_below(title)
    shown, used = _work_table(story, work, room * (0.5 if found else 0.8))
    asked = _asked(story, work)
    if asked:
        shown += paragraph(text_of(asked), css="note")
        used += 12 + 20.5 * lines_of(asked, 15, 1130)
    note = _no_plan(story) if found is None else "" if found else _same(story)
    return story.slide("actual", title, shown, _changes_table(story, found or (), note, room - used))


def _work_table(story: ReviewStory, work: tuple[FollowThrough, ...], room: float) -> tuple[Markup, float]:
    """Return what work costs and when it ends, and how high that is; what is red or over budget first."""
    rows = [_row(one) for one in work]
    heights = [
        max(
            20.5 * min(lines_of(one.work.short or one.work.name, 16, _WORK, 500), 2),
            20.5 + 18 * (min(lines_of(_why(one), 14, _REASON), 2) if _why(one) else 0),
        )
        + 15
        for one in work
    ]
    fit = rows_within(heights, room - _HEAD)
    head = ("Work under way and finished", "State", "First budget", "Budget", "Spent", "Forecast", "Over budget", "Planned finish", "Forecast finish", "Days later")  # fmt: skip
    rest = len(rows) - fit
    more = f"{capital(count(rest, 'further piece'))} of work in figures.xlsx." if rest else ""
    shown = table(
        head,
        rows[:fit],
        f"Work under way and finished, money in {story.currency}",
        (2, 3, 4, 5, 6, 9),
        css="actual",
    )
    return shown + (paragraph(more, css="note") if more else Markup("")), _HEAD + sum(
        heights[:fit]
    ) + 30 * bool(more)


def _asked(story: ReviewStory, work: tuple[FollowThrough, ...]) -> str:
    """Say which decision holds the work that stands red; "" where none does."""
    red = {one.work.id: one.work for one in work if one.work.health == "red" and one.work.status != "done"}
    said = []
    for n, ask in enumerate(story.asks, 1):
        names = [quoted(red[i].short or red[i].name, 50) for i in ask.work if i in red]
        if names:
            goes = "goes" if len(names) == 1 else "go"
            said.append(f"Whether {joined(names, most=3)} {goes} on is part of decision {n}, “{ask.what}”.")
    free = [
        quoted(one.short or one.name, 50)
        for i, one in red.items()
        if not any(i in ask.work for ask in story.asks)
    ]
    if free:
        said.append(f"No decision is asked for on {joined(free, last='or', most=3)}.")
    return " ".join(said)


def _changes_table(story: ReviewStory, found: Sequence[PlanChange], note: str, room: float) -> Markup:
    """Return what the plan has changed, each with its reason, as many as fit."""
    if not found:
        return Markup('<h3 class="minor">What has changed in the plan</h3>') + paragraph(
            text_of(note), css="note"
        )
    found = sorted(found, key=lambda one: (_pressing(one), -one.quarters, one.name))
    rows = [
        (text_of(cut_to(one.name, 16, _WORK, 2, 500)), text_of(cut_to(capital(one.what), 16, _WHAT, 2)), text_of(cut_to(capital(one.because), 16, _WHY, 2)))
        for one in found
    ]  # fmt: skip
    heights = [_height((one.name, _WORK), (one.what, _WHAT), (one.because, _WHY)) for one in found]
    fit = rows_within(heights, room - _HEAD)
    since = f"Since the plan published for {day(story.since)}" if story.since else "What"
    shown = table(
        ("Changed in the plan", since, "Why"), rows[:fit], "What has changed in the plan", css="changes"
    )
    return shown + _all_changes(found) if fit < len(rows) else shown


def _all_changes(found: Sequence[PlanChange]) -> Markup:
    """Return every change with its whole reason, folded away."""
    rows = [(one.name, capital(one.what), capital(one.because)) for one in found]
    every = table(("Initiative", "What", "Why"), rows, "All that has changed in the plan", css="data")
    return Markup("<details><summary>All {}, with their reasons</summary>{}</details>").format(
        count(len(rows), "change"), every
    )


def _pressing(one: PlanChange) -> int:
    """Return the place of a change among the others: what leaves, costs more and slips comes first."""
    if one.kind == "moved":
        return 2 if one.quarters > 0 else 4
    return {"left": 0, "cost changed": 1, "entered": 3, "finished": 5}[one.kind]


def _height(*cells: tuple[str, float]) -> float:
    """Return how high a row is whose cells hold these texts in these widths, each in two lines at most."""
    return 20.5 * max(min(lines_of(text, 16, width), 2) for text, width in cells) + 15


def _no_plan(story: ReviewStory) -> str:
    if story.since is None:
        return "This is the first round: there is no earlier plan."
    return f"No plan published for {day(story.since)} is at hand to compare with."


def _same(story: ReviewStory) -> str:
    return f"The plan is the one published for {day(story.since)}."


def _title(story: ReviewStory, work: tuple[FollowThrough, ...]) -> str:
    """Say how much of the work is over budget and late; what the plan has changed, where nothing is known of that."""
    priced = [one.over for one in work if one.over is not None]
    first = [one.over_first for one in work if one.over_first is not None and one.over_first > 0]
    dated = [one for one in work if one.work.completions]
    over, late = [each for each in priced if each > 0], sum(one.is_late for one in dated)
    parts = []
    if priced:
        said = part_of(len(over), len(priced), "project")
        by = f", by {money(sum(over), story.currency)}{' in all' if len(over) > 1 else ''}" if over else ""
        beyond = money_short(sum(first)) if over else money(sum(first), story.currency)
        more = f", {beyond} over the first" if sum(first) > sum(over) else ""
        parts.append(f"{said} {'runs' if len(over) == 1 else 'run'} over today’s budget{by}{more}")
    if dated:
        said = number_word(late) if parts else part_of(late, len(dated), "project")
        parts.append(f"{said} {'ends' if late == 1 else 'end'} later than planned")
    if parts:
        return capital("; ".join(parts))
    found = plan_changes(story)
    if found:
        return f"The plan has changed in {count(len(found), 'place')} {story.since_text}"
    if found is not None:
        return "The plan has not changed"
    if not work:
        return "No work is under way"
    which = "the one project" if len(work) == 1 else f"any of {count(len(work), 'project')}"
    return f"Neither forecast nor first date of {which} is known"


def _row(one: FollowThrough) -> list[object]:
    work = one.work
    health = work.health if work.status != "done" else None
    why = Markup("<small>{}</small>").format(text_of(cut_to(_why(one), 14, _REASON, 2)))
    state = text_of(capital(health or work.status or "")) + why
    name = text_of(cut_to(work.short or work.name, 16, _WORK, 2, 500))
    money_cells = [
        "–" if amount is None else money_short(amount)
        for amount in (work.original_capex, work.capex, work.spent, one.cost)
    ]
    over = money_short(one.over) if one.over and one.over > 0 else "–"
    dates = [day(when) if when else "–" for when in (work.original_finish, work.finish)]
    days = "–" if not work.days_late else str(work.days_late)
    return [name, state, *money_cells, over, *dates, days]


def _why(one: FollowThrough) -> str:
    """Say why work under way stands as it does; that nobody has said, where it is red or amber."""
    if one.work.status == "done":
        return ""
    said = one.work.health_reason or ""
    return said or ("no reason given" if one.work.health in ("red", "amber") else "")
