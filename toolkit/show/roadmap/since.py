"""What became of what was promised and decided in earlier rounds, what has moved, and what the plan has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import Assessment
from toolkit.assess.statements import Promise
from toolkit.html.fonts import cut_to, lines_of
from toolkit.html.markup import paragraph, table, text_of
from toolkit.plan.plan_changes import PlanChange, changes
from toolkit.show.canvas import SLIDE, room_below
from toolkit.show.page import Page
from toolkit.show.since_text import beyond_noise, noise, since_title
from toolkit.words import capital, count, day, excerpt, score, signed

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

# A column's width and its first cell's share of it; a line's height, and a row's own space, in pixels.
_COLUMN, _FIRST, _LINE, _ROW, _HEAD = (SLIDE - 44) / 2, 0.6, 20.5, 15, 40
# What is not as promised comes first, where not every promise fits.
_PRESSING = ("overdue", "open", "dropped", "kept late", "kept")

_DECIDED = {
    "approve": "Approved",
    "defer": "Deferred",
    "reject": "Rejected",
    "accept risk": "Risk accepted",
    "pin": "Pinned",
}

# What stands in a row: what it is about, who or why below it, and how it stands.
_Row = tuple[str, str, str]


@dataclass(frozen=True)
class _Part:
    """One table of the slide, and what is said below it."""

    heading: str
    how: str
    noun: str
    rows: list[_Row]
    note: str = ""


def slide(story: RoadmapStory) -> Page | None:
    """Return the slide; none in a first round, or where nothing of an earlier one is on record."""
    a = story.assessment
    if not (a.promises or a.decided or a.movements or plan_changes(story)):
        return None
    title = since_title(story)
    room = room_below(title)
    parts = [_promised(story), _moved(story), _changed(story), _decided(story)]
    left = parts[:1] if parts[0].rows else parts[3:]
    columns = [
        _column(each, room)
        for each in (left, [part for part in parts[1:] if part not in left and (part.rows or part.note)])
    ]
    body = Markup("").join(Markup("<div>{}</div>").format(column) for column in columns if column)
    return story.slide("since", title, Markup('<div class="halves">{}</div>').format(body))


def plan_changes(story: Story) -> tuple[PlanChange, ...]:
    """Return what the plan has changed since the one published in the earlier round; nothing where there is none."""
    then, a = story.earlier_plan, story.assessment
    if then is None or not {then.kind, story.roadmap.kind} & {"optimised"}:
        return ()
    return changes(story.record, then, story.roadmap, a.previous_round, a.round)


def _promised(story: Story) -> _Part:
    rows = sorted(story.assessment.promises, key=lambda each: _PRESSING.index(each.state))
    told = [
        (
            each.action,
            " · ".join(filter(None, (each.owner_business, each.owner_it))) or "no owner named",
            _stands(each),
        )
        for each in rows
    ]
    return _Part("What was promised", "How it stands", "promise", told)


def _stands(promise: Promise) -> str:
    if promise.state == "overdue" and promise.due and not promise.over:
        return f"Overdue since {day(promise.due)}"
    due = f", due {day(promise.due)}" if promise.state == "open" and promise.due else ""
    return capital(promise.stands) + due


def _decided(story: Story) -> _Part:
    told = [
        (each.subject, f"{_DECIDED[each.decision]} on {day(each.on)}", capital(each.outcome or "stands"))
        for each in story.assessment.decided
    ]
    return _Part("What was decided", "How it stands", "decision", told)


def _moved(story: Story) -> _Part:
    a = story.assessment
    names = {group.group: group.label for group in a.groups}
    told = [
        (
            each.dimension.name,
            names[each.group],
            f"{score(each.before)} → {score(each.now)} ({signed(each.change.value)}), {noise(each.change)}",
        )
        for way in beyond_noise(a)
        for each in way
    ]
    return _Part("What has moved", "Then and now", "score", told, _still(a))


def _changed(story: Story) -> _Part:
    told = [(each.name, capital(each.because), capital(each.what)) for each in plan_changes(story)]
    return _Part("What the plan has changed", "How", "change", told)


def _column(parts: Sequence[_Part], room: float) -> Markup:
    """Return tables one below the other, each with as many rows as fit and leave the next ones a row each."""
    out = []
    for n, part in enumerate(parts):
        behind = sum(_HEAD + 34 + sum(map(_height, rest.rows[:1])) for rest in parts[n + 1 :])
        said = 22 * lines_of(part.note, 16, _COLUMN) + 12 if part.note else 0
        shown = _that_fit(part.rows, room - behind - _HEAD - said)
        rest = len(part.rows) - len(shown)
        more = f"{capital(count(rest, f'further {part.noun}'))} in the assessment." if rest else ""
        note = " ".join(filter(None, (part.note, more)))
        room -= _HEAD + sum(map(_height, shown)) + (22 * lines_of(note, 16, _COLUMN) + 12 if note else 0)
        rows = [_cells(row) for row in shown]
        out.append(table((part.heading, part.how), rows, part.heading, css="since") or _heading(part))
        out.append(paragraph(text_of(note), css="note") if note else Markup(""))
    return Markup("").join(out)


def _heading(part: _Part) -> Markup:
    return Markup('<h3 class="minor">{}</h3>').format(part.heading)


def _that_fit(rows: Sequence[_Row], room: float) -> Sequence[_Row]:
    """Return the rows that a height holds, leaving room to say how many more there are where not all do."""
    if sum(map(_height, rows)) <= room:
        return rows
    used, shown = 34.0, 0
    for row in rows:
        used += _height(row)
        if used > room:
            break
        shown += 1
    return rows[:shown]


def _cells(row: _Row) -> tuple[Markup, Markup]:
    about, aside, stands = _cut(row)
    below = Markup("<small>{}</small>").format(text_of(aside)) if aside else Markup("")
    return text_of(about) + below, text_of(stands)


def _cut(row: _Row) -> _Row:
    first, second = _COLUMN * _FIRST - 16, _COLUMN * (1 - _FIRST)
    return cut_to(row[0], 16, first, 2, 500), cut_to(row[1], 14, first, 2), cut_to(row[2], 16, second, 3)


def _height(row: _Row) -> float:
    about, aside, stands = _cut(row)
    first, second = _COLUMN * _FIRST - 16, _COLUMN * (1 - _FIRST)
    high = _LINE * lines_of(about, 16, first, 500) + 18 * lines_of(aside, 14, first)
    return max(high, _LINE * lines_of(stands, 16, second)) + _ROW


def _still(a: Assessment) -> str:
    """Say how many scores have not moved by more than noise, or why none can be compared."""
    if not a.movements:
        return f"No score can be compared with {day(a.previous_as_of)}." if a.previous_as_of else ""
    rest = len(a.movements) - sum(map(len, beyond_noise(a)))
    if not rest:
        return ""
    untested = all(each.change.word is None for each in a.movements)
    scores = count(rest, "score") if rest == len(a.movements) else f"{rest} of {len(a.movements)} scores"
    if untested:
        return f"{capital(scores)} cannot be tested for noise."
    return f"{capital(scores)} {'has' if rest == 1 else 'have'} not moved by more than noise."


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    for each in story.assessment.promises:
        if each.state != "kept":
            yield f"{excerpt(each.action, 90)}: {each.stands}.{' ' + each.note if each.note else ''}"
    for change in plan_changes(story):
        yield f"{excerpt(change.name, 60)} {change.what}: {excerpt(change.because, 140)}."
