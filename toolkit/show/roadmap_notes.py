"""What the presenter says and is likely to be asked, slide by slide: for the presenter's copy alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from toolkit.assess.commitments import Commitments
from toolkit.assess.trace import reached
from toolkit.plan.plan_table import brought_in_by, displaces, grid_text
from toolkit.show.goal_charts import complete_years
from toolkit.show.line_text import rivals
from toolkit.show.risk_answers import answer_to
from toolkit.show.roadmap_text import full_quarters
from toolkit.show.tradeoffs import waiting
from toolkit.words import (
    UNKNOWN,
    capital,
    count,
    day,
    excerpt,
    joined,
    money,
    number_word,
    percent,
    plain,
    sentence,
)

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory

NAME = 60


def notes_for(story: RoadmapStory, slide: str) -> tuple[str, ...]:
    """Return a slide's speaker notes as sentences; none for a slide that needs none."""
    return tuple(_NOTES[slide](story)) if slide in _NOTES else ()


def _decisions(story: RoadmapStory) -> Iterable[str]:
    if story.asks:
        yield "Read the decisions out first, and take each at the end; write down what was decided, by whom and when."
    asked = {one.what for one in story.asks}
    rest = [excerpt(one.action, 110) for one in story.assessment.recommendations if one.action not in asked]
    if rest:
        yield sentence(
            f"The assessment holds {count(len(rest), 'further recommendation')}: {'; '.join(rest)}"
        )


def _goals(story: RoadmapStory) -> Iterable[str]:
    goals = story.assessment.goals
    weights = [
        f"{excerpt(goal.name, NAME)} {plain(goal.weight)}"
        for goal in story.planned.facts.goals
        if goal.weight
    ]
    yield (
        f"The points, as they stand: {'; '.join(weights)}."
        if weights
        else "No points have been spread: ask leadership to spread 100 over the goals."
    )
    commitments = Commitments(story.record, story.assessment)
    unserved = [goal for goal in goals if not goal.initiatives]
    met = [goal for goal in unserved if reached(story.record, goal.goal, story.assessment.as_of)]
    kin = {goal.goal: commitments.kin_of_goal(goal.goal) for goal in unserved if goal not in met}
    if bare := [excerpt(goal.name, NAME) for goal in goals if goal.goal in kin and kin[goal.goal] is None]:
        yield f"Nothing serves: {'; '.join(bare)}. Ask who would start something, or whether the goal still stands."
    if met:
        named = "; ".join(excerpt(goal.name, NAME) for goal in met)
        yield f"Reached by the latest reading, and served by nothing: {named}. Ask whether that stands, or for a new target."
    for goal in goals:
        if like := kin.get(goal.goal):
            yield f"Nothing is linked to {excerpt(goal.name, NAME)}: ask whether “{excerpt(like.name, NAME)}” serves it."
    if loose := story.assessment.initiatives_without_goal:
        yield f"Serving no goal: {'; '.join(excerpt(name, NAME) for name in story.names(list(loose)))}."


def _perception(story: RoadmapStory) -> Iterable[str]:
    for one in story.assessment.groups:
        answered = UNKNOWN if one.answered is None else f"{one.answered:,}"
        of = f" of {one.invited:,} invited" if one.invited else ""
        yield f"{one.label}: answered {answered}{of}.{'' if one.shown else ' ' + one.hidden_because}"
    yield from _how_sure(story)


def _how_sure(story: RoadmapStory) -> Iterable[str]:
    """Explain the words that the slide's differences bear, and no others."""
    gaps = [area.gap for area in story.assessment.scored if area.gap]
    said = {
        "clear difference": "A difference called clear is one that chance alone would seldom make",
        "likely difference": "one called likely is less sure",
        "too close to call": "one too close to call may be chance",
    }
    words_used = {gap.word for gap in gaps}
    told = [text for word, text in said.items() if word in words_used]
    if told:
        yield f"{capital('; '.join(told))}."
    yield from (
        f"{capital(why)}."
        for why in sorted({gap.because for gap in gaps if gap.word is None and gap.because})
    )


def _cost(story: RoadmapStory) -> Iterable[str]:
    claimed = [one for one in story.record.facts.impact if not one.agreed_by]
    if claimed:
        yield f"Not agreed by finance: {'; '.join(excerpt(one.name, NAME) for one in claimed)}. Ask who will agree or correct each."
    for one in story.record.facts.impact:
        if one.source:
            yield f"{excerpt(one.name, NAME)}: from {excerpt(one.source, 90)}."


def _spend(story: RoadmapStory) -> Iterable[str]:
    for year in complete_years(story.record):
        total = year.run + (year.grow or 0) + (year.transform or 0) + (year.protect or 0)
        yield f"FY{year.year}: {money(total, story.currency)} in all, {money(year.run, story.currency)} of it to keep things running."


def _risks(story: RoadmapStory) -> Iterable[str]:
    for risk in story.record.facts.risks:
        answer = answer_to(story, risk.id)
        if answer.kind in ("none", "waits", "too late"):
            due = f", due {day(risk.due)}" if risk.due else ""
            yield f"{excerpt(risk.name, NAME)}{due}: {excerpt(answer.said, 120)}. Ask for work, or for the risk to be accepted by name."


def _ranked(story: RoadmapStory) -> Iterable[str]:
    roadmap, names = story.roadmap, {one.id: one.name for one in story.record.initiatives}
    if explained := roadmap.explained:
        loose = [one for one in explained.chosen if not explained.firm(one)]
        if loose and explained.weightings:
            kept = [f"{excerpt(names[one], NAME)} {explained.kept[one]}" for one in loose]
            yield f"Chosen, and not in the plan in every other way tried (stays in, of {explained.weightings}): {'; '.join(kept)}."
    yield from rivals(story)
    yield from roadmap.notes
    yield from roadmap.questions[:6] if roadmap.kind != "optimised" else ()


def _plan(story: RoadmapStory) -> Iterable[str]:
    by_id, planned = (
        {one.id: one for one in story.record.initiatives},
        {s.initiative for s in story.roadmap.scheduled},
    )
    for s in story.roadmap.scheduled:
        one = by_id[s.initiative]
        if s.fixed:
            reason = f": {excerpt(one.mandatory, 90)}" if s.fixed == "mandatory" and one.mandatory else ""
            yield f"{excerpt(one.name, NAME)} was not chosen, it is {s.fixed}{reason}."
        if needs := [excerpt(by_id[need].name, NAME) for need in one.depends_on if need in planned]:
            yield f"{excerpt(one.name, NAME)} waits for {joined(needs)}."


def _money(story: RoadmapStory) -> Iterable[str]:
    roadmap, names = story.roadmap, {one.id: one.name for one in story.record.initiatives}
    for year in roadmap.years:
        if year.budget is not None:
            held = (
                f", {money(year.reserve, story.currency)} of it held in reserve"
                if year.reserve
                else ", with no reserve"
            )
            yield f"FY{year.year}: {money(year.budget, story.currency)} budgeted{held}; the plan takes {money(year.capex + year.opex, story.currency)}."
    for one in roadmap.worth:
        back = (
            f"paid back by {one.payback}"
            if one.payback
            else "not paid back within five years of its completion"
        )
        net = "" if one.npv is None else f", worth {money(one.npv, story.currency)} at the plan’s start"
        why = f"; planned all the same: {excerpt(one.because, 140)}" if one.because else ""
        yield f"{excerpt(names[one.initiative], NAME)}: {back}{net}{why}."
    if roadmap.worth and story.record.facts.profile.discount_rate is None:
        yield "No discount rate is recorded, so net present value is not shown: ask finance for it."
    yield from roadmap.money_notes


def _people(story: RoadmapStory) -> Iterable[str]:
    for role, quarters in full_quarters(story.roadmap).items():
        yield f"{excerpt(role, NAME)}: fully used in {joined(quarters)}."
    if story.roadmap.unlimited:
        yield f"No capacity is recorded for {joined(list(story.roadmap.unlimited))}: these set no limit."
    yield from story.roadmap.people_notes


def _trade_offs(story: RoadmapStory) -> Iterable[str]:
    names = {one.id: one.name for one in story.record.initiatives}
    for one in waiting(story):
        said = f"{excerpt(names[one.initiative], NAME)}: {excerpt(one.because, 140)}"
        if story.roadmap.explained:
            brought, gone = (
                brought_in_by(story.record, story.roadmap, one),
                displaces(story.record, story.roadmap, one),
            )
            said += f"; comes in with: {brought}; if it had to be in: {gone}"
        yield f"{said}."
    if said := grid_text(story.roadmap):
        yield said
    for unknown in story.roadmap.unscheduled:
        yield f"{excerpt(names[unknown.initiative], NAME)}: not known: {joined(list(unknown.missing))}."


def _gaps(story: RoadmapStory) -> Iterable[str]:
    return story.roadmap.questions


def _first(story: RoadmapStory) -> Iterable[str]:
    by_id = {one.id: one for one in story.record.initiatives}
    for s in story.roadmap.scheduled:
        one = by_id[s.initiative]
        missing = [
            side for side, owner in (("business", one.owner_business), ("IT", one.owner_it)) if not owner
        ]
        if s.start <= story.roadmap.start and missing:
            yield f"{excerpt(one.name, NAME)} has no owner in {joined(missing)}: ask for a name before it starts."
    first = sum(s.start <= story.roadmap.start for s in story.roadmap.scheduled)
    share = first / len(story.roadmap.scheduled) if story.roadmap.scheduled else None
    if share:
        yield f"{capital(number_word(first))} of {count(len(story.roadmap.scheduled), 'initiative')}, {percent(share)}, {'starts' if first == 1 else 'start'} or {'goes' if first == 1 else 'go'} on here."


_NOTES: dict[str, Callable[[RoadmapStory], Iterable[str]]] = {
    "decisions": _decisions,
    "goals": _goals,
    "perception": _perception,
    "cost": _cost,
    "spend": _spend,
    "risks": _risks,
    "ranked": _ranked,
    "plan": _plan,
    "money": _money,
    "people": _people,
    "tradeoffs": _trade_offs,
    "gaps": _gaps,
    "first": _first,
}
