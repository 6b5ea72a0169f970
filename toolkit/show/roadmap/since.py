"""What became of what was promised and decided in earlier rounds, what has moved, and what the plan has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from toolkit.assess.assessment import Assessment
from toolkit.assess.statements import Decided, Promise
from toolkit.plan.advice import planned_as
from toolkit.show.canvas import room_below
from toolkit.show.page import Page
from toolkit.show.report.since import beyond_noise, moved_text, noise, plan_changes, since_title, stands_now
from toolkit.show.roadmap.short_tables import ShortTable, columns
from toolkit.words import capital, count, day, excerpt

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

# What is not as promised comes first, where not every promise fits.
_PRESSING = ("overdue", "open", "dropped", "kept late", "kept")

DECIDED = {
    "approve": "Approved",
    "defer": "Deferred",
    "reject": "Rejected",
    "accept risk": "Risk accepted",
    "pin": "Pinned",
}


def slide(story: RoadmapStory) -> Page | None:
    """Return the slide; none in a first round, or where nothing of an earlier one is on record."""
    a = story.assessment
    if not (a.promises or a.decided or a.movements or plan_changes(story)):
        return None
    title = since_title(story)
    made, *rest, taken = promised(story), _moved(story), _changed(story), decided(story)
    left, right = ([made], [*rest, taken]) if made.rows else ([taken], rest)
    return story.slide("since", title, columns([left, right], room_below(title)))


def promised(story: Story, states: Sequence[str] = _PRESSING) -> ShortTable:
    """Return what was promised and how it stands, what is not as promised first; only what is in one of these states."""
    rows = sorted(
        (each for each in story.assessment.promises if each.state in states),
        key=lambda each: _PRESSING.index(each.state),
    )
    told = [
        (
            each.action,
            " · ".join(name.split(",")[0] for name in (each.owner_business, each.owner_it) if name)
            or "no owner named",
            "; ".join(filter(None, (_stands(each), planned_as(story.record, story.roadmap, each)))),
        )
        for each in rows
    ]
    return ShortTable("What was promised", "How it stands", "promise", told)


def _stands(promise: Promise) -> str:
    if promise.state == "overdue" and promise.due and not promise.over:
        return f"Overdue since {day(promise.due)}"
    due = f", due {day(promise.due)}" if promise.state == "open" and promise.due else ""
    return capital(promise.stands) + due


def decided(story: Story) -> ShortTable:
    """Return what was decided and what has come of it: of each subject the last decision, the one before it beside it."""
    made: dict[tuple[str, str], list[Decided]] = {}
    for each in sorted(story.assessment.decided, key=lambda each: each.on, reverse=True):
        made.setdefault((each.subject, each.work), []).append(each)
    told = [
        (
            capital(subject),
            "; ".join([f"{DECIDED[last.decision]}{last.until} on {day(last.on)}",
                       *(f"{DECIDED[one.decision].lower()} on {day(one.on)}" for one in before[:1])]),
            capital(stands_now(story, last) or "stands"),
        )
        for (subject, _), (last, *before) in made.items()
    ]  # fmt: skip
    return ShortTable("What was decided", "How it stands", "decision", told)


def _moved(story: Story) -> ShortTable:
    a = story.assessment
    names = {group.group: group.label for group in a.groups}
    told = [
        (
            each.dimension.name,
            names[each.group],
            f"{moved_text(each)}, {noise(each.change)}",
        )
        for way in beyond_noise(a)
        for each in way
    ]
    return ShortTable("What has moved", "Then and now", "score", told, _still(a))


def _changed(story: Story) -> ShortTable:
    told = [(each.name, capital(each.because), capital(each.what)) for each in (plan_changes(story) or ())]
    return ShortTable("What the plan has changed", "How", "change", told)


def _still(a: Assessment) -> str:
    """Say how many scores have moved little or within noise, or why none can be compared."""
    if not a.movements:
        return f"No score can be compared with {day(a.previous_as_of)}." if a.previous_as_of else ""
    still = sum(each.change.word == "too close to call" for each in a.movements)
    untested = sum(each.change.word is None for each in a.movements)
    said = [f"{_of_all(still, a)} moved little, or within noise."] if still else []
    return " ".join([*said, *([f"{_of_all(untested, a)} not been tested for noise."] if untested else [])])


def _of_all(number: int, a: Assessment) -> str:
    whole = number == len(a.movements)
    scores = capital(count(number, "score")) if whole else f"{number} of {len(a.movements)} scores"
    return f"{scores} {'has' if number == 1 else 'have'}"


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    for each in story.assessment.promises:
        if each.state != "kept":
            yield f"{excerpt(each.action, 90)}: {each.stands}.{' ' + each.note if each.note else ''}"
    for change in plan_changes(story) or ():
        yield f"{excerpt(change.name, 60)} {change.what}: {excerpt(change.because, 140)}."
