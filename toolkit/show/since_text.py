"""Page 8: what was promised and done since last time, what was decided, what moved and whether it is noise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import Assessment, Difference, Movement
from toolkit.assess.comparing import ONLY_COUNTS, POSITION
from toolkit.assess.statements import Promise
from toolkit.assess.wording import UNKNOWN, capital, count, day, inside, joined, number_word, score, signed
from toolkit.client.constructs import Group
from toolkit.method import LIKELY
from toolkit.show.page import headed, lines, paragraph, table
from toolkit.words import exact

if TYPE_CHECKING:
    from toolkit.show.story import Story

SURE = ("clear difference", "likely difference")


def beyond_noise(a: Assessment) -> tuple[list[Movement], list[Movement]]:
    """Return the movements that are more than noise: those for the better, those for the worse."""
    sure = [one for one in a.movements if one.change.word in SURE]
    return [one for one in sure if _better(one)], [one for one in sure if not _better(one)]


def noise(change: Difference) -> str:
    """Say whether a movement is more than the noise of who happened to answer; why not, where it cannot be said."""
    if change.word is None:
        return change.because
    if change.word == "too close to call":
        sure = change.q is not None and exact(change.q) <= LIKELY
        return "small, under half a point" if sure else "within noise"
    return "more than noise" if change.word == "clear difference" else "probably more than noise"


def _better(moved: Movement) -> bool:
    return (moved.change.value < 0) == (moved.dimension.family == "symptom")


def since_title(story: Story) -> str:
    """Return the page's title: promises kept, and what has moved beyond noise."""
    a = story.assessment
    kept = sum(one.state in ("kept", "kept late") for one in a.promises)
    said = [f"{number_word(kept)} of {count(len(a.promises), 'promise')} kept"] if a.promises else []
    if a.movements:
        better, worse = beyond_noise(a)
        if better or worse:
            said.append(
                f"{count(len(better), 'score')} better and {number_word(len(worse))} worse, beyond noise"
            )
        elif all(one.change.word is None for one in a.movements):
            said.append(f"{count(len(a.movements), 'score')} compared, none of which can be tested")
        else:
            said.append("no score has moved by more than noise")
    return capital("; ".join(said) or "what was decided last time")


def since_lead(story: Story) -> Markup:
    """Name what has moved by more than noise, in words."""
    a = story.assessment
    parts = []
    for moved, way in zip(beyond_noise(a), ("Better", "Worse"), strict=True):
        if moved:
            parts.append(f"{way}: {joined([_named(a, one) for one in moved])}.")
    if a.movements and not parts:
        untested = {one.change.because for one in a.movements} <= {POSITION, ONLY_COUNTS}
        parts.append(
            "These figures cannot be tested for noise." if untested
            else "Each change is small enough to come from who happened to answer."
        )  # fmt: skip
    return paragraph(" ".join(parts), css="lead") if parts else Markup("")


def _named(a: Assessment, moved: Movement) -> str:
    group = a.group(moved.group)
    by = moved.group if group is None else group.voice if group.is_position else group.named
    return f"{inside(moved.dimension.name)} as {by} scores it ({score(moved.before)} to {score(moved.now)})"


def movements_table(story: Story) -> Markup:
    """Return how each group's scores moved on the questions that both rounds asked, and whether that is noise."""
    a = story.assessment
    groups = [one for one in a.groups if any(m.group == one.group for m in a.movements)]
    by_place: dict[tuple[str, Group], Movement] = {(m.dimension.id, m.group): m for m in a.movements}
    rows = []
    for dimension in dict.fromkeys(m.dimension for m in a.movements):
        moved = [by_place.get((dimension.id, group.group)) for group in groups]
        questions = max(m.questions for m in moved if m)
        rows.append((dimension.name, *(_moved_cell(m) for m in moved), questions))
    header = ("Area", *(group.label for group in groups), "Shared questions")
    caption = f"Scores then and now, since {day(a.previous_as_of)}"
    note = "Changes compare the answers as given, on the questions that both rounds asked."
    if a.adjustments:
        note += " The consultant’s adjustments are left out."
    return table(header, rows, caption, range(1, len(header))) + paragraph(note, css="note")


def _moved_cell(moved: Movement | None) -> object:
    if moved is None:
        return "–"
    word = noise(moved.change) if moved.change.word else "not tested"
    return lines(f"{score(moved.before)} → {score(moved.now)}  ({signed(moved.change.value)})", word)


def promises_table(promises: Iterable[Promise]) -> Markup:
    """Return what was promised, by whom, for when, and how it stands."""
    rows = [
        (
            headed(one.action, one.note),
            joined([x for x in (one.owner_business, one.owner_it) if x]) or UNKNOWN,
            day(one.due) if one.due else UNKNOWN,
            f"{one.state}, {day(one.done_on)}" if one.done_on else one.state,
        )
        for one in promises
    ]
    return table(("Promise", "Owners", "Due", "State"), rows, "By date promised, soonest first")


def decided_table(story: Story) -> Markup:
    """Return what was decided, by whom, and what has come of it."""
    rows = [
        (
            capital(one.decision),
            headed(one.subject, one.note),
            day(one.on),
            one.by or UNKNOWN,
            one.outcome or "–",
        )
        for one in story.assessment.decided
    ]
    return table(
        ("Decision", "About", "On", "By", "Stands now"),
        rows,
        "In the order decided, with how the initiative stands now",
    )
