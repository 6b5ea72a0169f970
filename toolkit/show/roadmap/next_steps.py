"""The last slide: the decisions again, with boxes to tick and room to sign, beside what starts first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.client.calendar import Quarter, quarters_head
from toolkit.client.schema import Initiative
from toolkit.html.fonts import cut_to, lines_of, sentence_within, text_width
from toolkit.html.markup import lines, paragraph, table, text_of, unbroken
from toolkit.plan.assumptions import begins_before
from toolkit.plan.decisions import RED, Ask
from toolkit.plan.roadmap import Scheduled
from toolkit.show.canvas import rows_within
from toolkit.show.page import Page
from toolkit.show.roadmap.decisions import decides, meeting, more_in_budgets
from toolkit.words import (
    UNKNOWN,
    capital,
    count,
    excerpt,
    inside,
    joined,
    money,
    number_word,
    percent,
)

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

# How wide what starts and its owners stand, in pixels, and how high a line and a row's own space are.
_NAME, _LINE, _ROW = 186, 19.5, 13
# Of what starts, at most so many rows: the rest is in the workbook.
_MOST = 4
# Words of what is decided and what starts; with the heads a slide has at most 220.
_WORDS = 205
_FIXED = {
    "": "starts: it is chosen",
    "in progress": "goes on: it is under way",
    "mandatory": "starts: it is mandatory",
    "decided": "starts: it is approved",
    "pinned": "starts: it is pinned",
}


def slide(story: RoadmapStory) -> Page | None:
    """Return the slide; none where there is nothing to decide and nothing starts."""
    rows = first_steps(story)
    if not rows and not story.asks:
        return None
    title = _title(story)
    room = 720 - 68 - 48 - 35 * lines_of(title, 29, 1130, 600)
    parts = [to_take(story, room, not rows)] if story.asks else []
    if rows:
        fit = max(min(rows_within([_height(row) for row in rows], room - 84), _MOST), 1)
        while fit > 1 and words_shown(*parts, *(cell for row in rows[:fit] for cell in row)) > _WORDS:
            fit -= 1
        rest = len(rows) - fit
        more = paragraph(f"{capital(number_word(rest))} more in roadmap.xlsx.", css="note") if rest else ""
        header = ("What starts", quarters_head(story.record.facts.profile.fiscal), "Owners")
        steps = table(header, rows[:fit], first_heading(story), css="steps")
        parts.append(
            Markup('<div><h3 class="minor">{}</h3>{}{}</div>').format(first_heading(story), steps, more)
        )
    body = Markup("").join(parts)
    return story.slide(
        "first", title, Markup('<div class="last">{}</div>').format(body) if len(parts) > 1 else body
    )


def words_shown(*parts: Markup) -> int:
    """Count the words that parts of the slide show, figures apart."""
    shown = Markup(" ".join(parts).replace("<", " <")).striptags().split()
    return sum(any(map(str.isalpha, word)) and not any(map(str.isdigit, word)) for word in shown)


def _height(row: Sequence[Markup]) -> float:
    name, _, owners = row
    return _LINE * max(str(name).count("\n") + 2, 2, str(owners).count("<br>") + 1) + _ROW


def _title(story: Story) -> str:
    asked = f"{capital(count(len(story.asks), 'decision'))} today" if story.asks else ""
    begun = first_title(story) if first_steps(story) else ""
    return "; ".join(filter(None, (asked, inside(begun) if asked else begun)))


def first_title(story: Story) -> str:
    """Say what starts or goes on in the first 90 days, or in a first quarter that is not in them."""
    first = _first(story)
    new = sum(one.fixed != "in progress" for one in first)
    under_way = len(first) - new + len(_going_on_uncounted(story))
    parts = [f"{count(new, 'initiative')} {'starts' if new == 1 else 'start'}"] if new else []
    if under_way:
        parts.append(f"{number_word(under_way)} already under way {'goes' if under_way == 1 else 'go'} on")
    elsewhere = f"In {story.roadmap.start}, the plan’s first quarter,"
    return f"{elsewhere if _begins_elsewhere(story) else 'In the first 90 days'} {joined(parts)}"


# How wide an ask stands beside what starts, and where nothing does, in pixels.
_WIDE, _ALONE = 1168 - 450 - 44 - 30, 1168 - 30
# Of an ask, how many lines are shown of what is asked and of who answers for it, and how wide a name at a box may be,
# in pixels: as much as fits.
_TO_TAKE = ((2, 1, _WIDE - 24), (1, 1, _WIDE - 24), (1, 1, 250), (1, 1, 150), (1, 0, 150), (1, 0, 100))
# What a box takes beside its words, and how high a row of boxes is.
_BOX, _BOXES = 48, 21.5


def to_take(story: Story, room: float, alone: bool) -> Markup:
    """Return the decisions in the order of the first slide, each with boxes to tick, and room for a name and a date; ``alone``
    with nothing beside them.

    Of the work that a decision is about, what stands red is named; the slide of the decisions names the rest.
    """

    wide = _ALONE if alone else _WIDE

    def texts(ask: Ask, what: int, who: int) -> tuple[str, str]:
        by = _who(ask, story)
        named = [name for name in ask.names if name.endswith(RED)]
        names = [f"{by} · {joined(named, most=n)}" for n in range(len(named), 0, -1)]
        by = next((text for text in names if lines_of(text, 14, wide) <= who), by)
        return sentence_within(ask.what, 17, wide, what, 500), cut_to(by, 14, wide, who)

    def height(ask: Ask, what: int, who: int, box: float) -> float:
        asked, by = texts(ask, what, who)
        told = 21.5 * lines_of(asked, 17, wide, 500) + (20.5 * lines_of(by, 14, wide) if by else 0)
        return told + _BOXES * _rows(_at_boxes(ask, box), wide) + 12

    size = next(
        (size for size in _TO_TAKE if sum(height(ask, *size) for ask in story.asks) <= room - 80),
        _TO_TAKE[-1],
    )
    items = Markup("").join(
        Markup('<li><strong>{}</strong>{}{}</li>').format(
            text_of(asked), Markup('<span class="who">{}</span>').format(text_of(by)) if by else "",
            Markup(" ").join(Markup('<span class="box">{}</span>').format(words) for words in _at_boxes(ask, size[2])),
        )
        for ask in story.asks
        for asked, by in [texts(ask, *size[:2])]
    )  # fmt: skip
    signed = Markup('<p class="signed"><span>Decided by</span><span>Date</span></p>')
    return Markup(
        '<div><h3 class="minor">Decisions, {} meeting {}</h3><ol class="decide">{}</ol>{}</div>'
    ).format(decides(story), meeting(story), items, signed)


def _at_boxes(ask: Ask, wide: float) -> list[str]:
    """Return the words at an ask's boxes; a name that is chosen is cut to a width in pixels."""
    return [
        cut_to(one.offered, 16, wide, 1) if one.answer.startswith("choose.") else one.offered
        for one in ask.options
    ]


def _rows(boxes: Iterable[str], wide: float) -> int:
    """Return how many rows these boxes take in a width."""
    rows, used = 1, 0.0
    for words in boxes:
        takes = _BOX + text_width(words, 16)
        rows, used = (rows + 1, takes) if used and used + takes > wide else (rows, used + takes)
    return rows


def _who(ask: Ask, story: Story) -> str:
    """Name who answers for an ask, and its amount."""
    owners = joined([name.split(",")[0] for name in ask.owners]) or "Owners to be named"
    cost = ask.money
    amount = (
        f"{money(cost.new, story.currency)}{', part of another' if cost.part_of else ' new'}"
        if cost.new
        else more_in_budgets(ask)
    )
    saved = f"saves {money(cost.saves, story.currency)} a year" if cost.saves else ""
    return " · ".join(filter(None, (owners, amount, saved)))


def first_heading(story: Story) -> str:
    """Name the time of the first steps: the first 90 days, or a first quarter that is not in them."""
    return "First quarter of the plan" if _begins_elsewhere(story) else "First 90 days"


def _begins_elsewhere(story: Story) -> bool:
    """Whether the plan's first quarter is over by the round's day, or more than one whole quarter lies between."""
    fiscal = story.record.facts.profile.fiscal
    tomorrow = Quarter.of(story.assessment.as_of + timedelta(days=1), fiscal)
    return (
        bool(begins_before(story.record, story.assessment.as_of, story.roadmap.start))
        or story.roadmap.start.index - tomorrow.index > 1
    )


def _first(story: Story) -> list[Scheduled]:
    """Return what starts or goes on in the plan's first quarter, what is worth most first."""
    begin = story.roadmap.start
    first = [one for one in story.roadmap.scheduled if one.start <= begin <= one.finish]
    return sorted(first, key=lambda one: (-one.value, one.initiative))


def _going_on_uncounted(story: Story) -> list[Initiative]:
    """Return the work under way that the plan does not count, unless it is known to end before the plan begins."""
    begins = story.roadmap.start.first_day(story.record.facts.profile.fiscal)
    return [
        one
        for one in story.record.initiatives
        if one.id in story.roadmap.uncounted
        and one.status == "in progress"
        and (one.finish is None or one.finish >= begins)
    ]


def first_steps(story: Story) -> list[tuple[Markup, Markup, Markup]]:
    """Return what starts or goes on in the plan's first quarter, with its owners and why; missing owners are said."""
    if story.roadmap.kind != "optimised":
        return []
    by_id = {one.id: one for one in story.record.initiatives}
    rows = [
        (
            _begun(initiative, _why_first(story, one)),
            unbroken(str(one.start))
            if one.start == one.finish
            else Markup("<br>").join((unbroken(f"{one.start} to"), unbroken(str(one.finish)))),
            _owners(initiative),
        )
        for one in _first(story)
        for initiative in [by_id[one.initiative]]
    ]
    rows += [
        (
            _begun(one, f"{_FIXED['in progress']}; not counted"),
            Markup("<br>").join((text_of("since"), unbroken(str(one.start))))
            if one.start
            else text_of(UNKNOWN),
            _owners(one),
        )
        for one in _going_on_uncounted(story)
    ]
    return rows


def _why_first(story: Story, one: Scheduled) -> str:
    """Say why work starts or goes on in the plan's first quarter; that it starts before leadership meets, where it does."""
    starts = story.roadmap.start.first_day(story.record.facts.profile.fiscal)
    if one.fixed != "in progress" and story.meeting and starts < story.meeting:
        return "starts before this meeting"
    return _FIXED[one.fixed or ""]


def _begun(one: Initiative, why: str) -> Markup:
    name = cut_to(one.short or one.name, 15, _NAME, 2, 500)
    # A line's end stands for itself: how high the row is, is counted by it.
    lines = "\n" * (lines_of(name, 15, _NAME, 500) - 1)
    return Markup('{}{}<span class="why">{}</span>').format(text_of(name), lines, why)


def _owners(one: Initiative) -> Markup:
    owners = (one.owner_business or f"business: {UNKNOWN}", one.owner_it or f"IT: {UNKNOWN}")
    return lines(*(cut_to(owner.split(",")[0], 15, 148, 1) for owner in owners))


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    by_id = {one.id: one for one in story.record.initiatives}
    for s in story.roadmap.scheduled:
        one = by_id[s.initiative]
        missing = [
            side for side, owner in (("business", one.owner_business), ("IT", one.owner_it)) if not owner
        ]
        if s.start <= story.roadmap.start and missing:
            yield f"{excerpt(one.name, 60)} has no owner in {joined(missing)}: ask for a name before it starts."
    first = sum(s.start <= story.roadmap.start for s in story.roadmap.scheduled)
    share = first / len(story.roadmap.scheduled) if story.roadmap.scheduled else None
    if share:
        verb = "starts or goes on" if first == 1 else "start or go on"
        yield f"{capital(number_word(first))} of {count(len(story.roadmap.scheduled), 'initiative')}, {percent(share)}, {verb} here."
