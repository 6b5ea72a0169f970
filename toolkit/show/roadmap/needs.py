"""What the business needs from IT: how important, how well met, and which work in the plan serves it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from toolkit.assess.assessment import NeedResult
from toolkit.client.schema import Initiative
from toolkit.show.canvas import SLIDE, room_below
from toolkit.show.charts.need_gaps import least_met, least_met_text, need_gaps, needs_message, short_of
from toolkit.show.page import TITLE, Page
from toolkit.words import capital, count, excerpt, inside, joined, score

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory


def slide(story: RoadmapStory) -> Page | tuple[str, str] | None:
    """Return the slide, or what it needs; none where there are no scores at all, which another slide says."""
    a = story.assessment
    if not any(need.gap is not None for need in a.needs):
        asked = "The full or the executive questionnaire, which asks for the importance of four needs and the satisfaction with each."
        return ("What the business needs from IT", asked) if a.scored else None
    served = serving(story)
    told = {
        need: (
            capital(count(len(work), "initiative")),
            joined([one.short or one.name for one in work], most=3),
        )
        for need, work in served.items()
    }
    title = _title(story, served)
    room = room_below(title, 40)
    return story.slide(
        "needs", title, story.proxy_note(260),
        need_gaps(a, title, told if _is_told(story) else None, SLIDE, room - (60 if a.proxy else 0)),
    )  # fmt: skip


def serving(story: RoadmapStory) -> dict[str, list[Initiative]]:
    """Return the plan's initiatives that serve each need, by the need's id, largest first."""
    by_id = {one.id: one for one in story.record.initiatives}
    planned = [by_id[each.initiative] for each in sorted(story.roadmap.scheduled, key=lambda s: -s.capex)]
    needs = dict.fromkeys(need for one in planned for need in one.serves)
    return {need: [one for one in planned if need in one.serves] for need in needs}


def _is_told(story: RoadmapStory) -> bool:
    """Whether there is a plan, and the record says of any work which need it serves."""
    return bool(story.roadmap.scheduled) and any(one.serves for one in story.record.initiatives)


def _title(story: RoadmapStory, served: dict[str, list[Initiative]]) -> str:
    """Say which need is least met, and how much of the plan's work serves it."""
    worst = least_met(story)
    if not short_of(worst[0]) or not _is_told(story):
        return needs_message(story)
    bare = [inside(need.dimension.name) for need in worst if not served.get(need.dimension.id)]
    work = {one.id for need in worst for one in served.get(need.dimension.id, [])}
    verb = "serves" if len(work) == 1 else "serve"
    them = "it" if len(worst) == 1 else "them"
    tail = (
        f"{count(len(work), 'initiative')} in the plan {verb} {them}"
        if not bare
        else f"nothing in the plan serves {them if len(bare) == len(worst) else joined(bare)}"
    )
    title = f"{least_met_text(worst)}; {tail}"
    if len(title) <= TITLE or len(worst) == 1:
        return title
    return f"{capital(count(len(worst), 'need'))} are least met, short by {score(worst[0].gap)}; {tail}"


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    served = serving(story)
    for need in sorted(story.assessment.needs, key=_by_gap):
        if need.gap is None:
            continue
        work = [excerpt(one.name, 60) for one in served.get(need.dimension.id, [])]
        tail = f"; served by {joined(work)}" if work else "; no work in the plan is said to serve it"
        yield f"{need.dimension.name}: {need.dimension.meaning}{tail if _is_told(story) else ''}."


def _by_gap(need: NeedResult) -> tuple[float, str]:
    return -(need.gap or 0.0), need.dimension.id
