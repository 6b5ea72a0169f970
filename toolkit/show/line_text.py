"""The line in sentences: what fits, how good and how firm that is, or why there is no ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.commitments import Standing
from toolkit.client.models import FINISHED
from toolkit.html.markup import missing, paragraph, text_of
from toolkit.method import LONGER
from toolkit.plan.assumptions import how_many
from toolkit.plan.plan_table import proof
from toolkit.plan.roadmap import Sensitivity
from toolkit.words import capital, count, fixed, joined, money, number_word

if TYPE_CHECKING:
    from toolkit.show.story import Story

ROOM = 420


def ranked_title(story: Story) -> str:
    """Return the ranked list's title: what fits, for how much, and how much of it stays whatever the weights."""
    roadmap = story.roadmap
    rejected = Standing(story.record, story.assessment.as_of).rejected
    below = [one for one in roadmap.deferred if one.initiative not in rejected]
    above, total = len(roadmap.scheduled), len(roadmap.scheduled) + len(below)
    ahead = " that go ahead" if len(below) < len(roadmap.deferred) else ""
    cost = money(sum(one.capex for one in roadmap.scheduled), story.currency)
    but = f"; {how_many(roadmap.commitments, roadmap.uncounted)}" if roadmap.uncounted else ""
    if total == 1 and above:
        return f"The one initiative that can be planned fits, for {cost} of capital{but}"
    if not below:
        return f"All {count(total, 'initiative')}{ahead} fit, for {cost} of capital{but}"
    fits = f"{capital(number_word(above))} of {number_word(total)} initiatives{ahead} {'fits' if above == 1 else 'fit'}"
    if not above or not roadmap.explained or not roadmap.explained.weightings:
        return f"{fits} the money and the people, for {cost} of capital{but}"
    return f"{fits}, for {cost}; {_firm(roadmap.explained)}{but}"


def _firm(explained: Sensitivity) -> str:
    """Say how many of those that could have been left out stay in, whatever was tried."""
    chosen = len(explained.chosen)
    if not chosen:
        return "none of it was a choice"
    firm = sum(explained.firm(one) for one in explained.chosen)
    ways = explained.weightings
    every = {1: "the other weighting", 2: "both other weightings"}.get(
        ways, f"all {count(ways, 'weighting')}"
    )
    each = "the one chosen" if chosen == 1 else f"each of the {number_word(chosen)} chosen"
    if firm == chosen:
        return f"{each} stays under {every}"
    if firm:
        return f"{number_word(firm)} of the {number_word(chosen)} chosen {'stays' if firm == 1 else 'stay'} under {every}"
    none = (
        "the one chosen does not stay" if chosen == 1 else f"none of the {number_word(chosen)} chosen stays"
    )
    return f"{none} under {every}"


def line_notes(story: Story, room: int = ROOM) -> Markup:
    """Say in so many characters how good and how firm the choice is, what the usual lists would give, and what it rests on."""
    told: list[str] = []
    left = room
    # What the title's limits have not seen is named first, and never cut off.
    roadmap, uncounted = story.roadmap, story.roadmap.uncounted
    first = [
        note
        for note in roadmap.notes
        if uncounted and note.startswith(capital(how_many(roadmap.commitments, uncounted)))
    ]
    rest = [note for note in roadmap.notes if note not in first]
    said = (*first, *proof(roadmap), *_weightings(story), *rivals(story), *rest)
    for sentence in said:
        if told and len(sentence) > left:
            told.append("More on what it rests on: roadmap.xlsx.")
            break
        told.append(sentence)
        left -= len(sentence)
    return paragraph(text_of(" ".join(told)), css="note") if told else Markup("")


def _weightings(story: Story) -> tuple[str, ...]:
    explained = story.roadmap.explained
    if not explained or not explained.weightings:
        return ()
    tried = {
        "goals": "each goal doubled, each dropped, and draws between half and one and a half times its points",
        "risks": "risks that weigh nothing, half and double",
        "scale": "contributions counted 1 : 2 : 3",
        "horizon": f"value that accrues {number_word(LONGER)} quarters longer",
    }
    parts = [said for kind, said in tried.items() if explained.draws.get(kind)]
    return (f"Planned again under {explained.weightings} other weightings: {'; '.join(parts)}.",)


def rivals(story: Story) -> tuple[str, ...]:
    """Say what going down the lists that people usually make would earn, beside the plan."""
    out, roadmap = [], story.roadmap
    names = {"value per cost": "a list by value per cost", "leadership": "leadership’s own list"}
    for one in roadmap.rankings if roadmap.value else ():
        share = roadmap.percent_of_value(one.value)
        earned = (
            "as much value"
            if share > 99.95
            else f"{fixed(share)} % of this plan’s value"
            if share < 99.5
            else f"{fixed(share, 1)} % of this plan’s value"
        )
        more = one.money - sum(year.capex + year.opex for year in roadmap.years)
        spent = (
            f"for {money(abs(more), story.currency)} {'more' if more > 0 else 'less'}"
            if abs(more) >= 1
            else "for the same money"
        )
        out.append(f"Going down {names[one.by]} within the same limits would earn {earned}, {spent}.")
    return tuple(out)


def no_ranking_title(story: Story) -> str:
    """Return the title where a ranking would stand, when there is nothing to rank by."""
    roadmap = story.roadmap
    if roadmap.kind == "infeasible":
        return "The fixed commitments collide: something must give way first"
    absent = list(roadmap.why_timeline)
    several = len(absent) > 1 or absent[:1] in (["goals"], ["open initiatives"]) or " and " in joined(absent)
    return (
        f"No ranking yet: {joined(absent)} {'are' if several else 'is'} absent"
        if absent
        else "No ranking yet"
    )


def why_no_ranking(story: Story) -> Markup:
    """Say why there is no ranking, and what would give one."""
    roadmap = story.roadmap
    if roadmap.kind == "infeasible":
        return missing("These collide:", joined(list(roadmap.conflicts)) or "the limits and the fixed work.")
    rows = roadmap.timeline
    live = [one for one in rows if one.status not in FINISHED]
    known = sum(one.amount is not None for one in live)
    shown = any(one.finish for one in rows) and "plan" not in story.record.facts.deck.leave_out
    after = " The slide of the plan shows the dates that are known." if shown else ""
    if not live:
        over = (
            "the one initiative on record is"
            if len(rows) == 1
            else f"all {count(len(rows), 'initiative')} on record are"
        )
        return missing(
            f"{capital(over)} done or stopped.",
            f"To rank there must be {joined(list(roadmap.why_timeline))}.{after}",
        )
    over = f", {number_word(len(live))} of them neither done nor stopped" if len(live) < len(rows) else ""
    return missing(
        f"{capital(count(len(rows), 'initiative'))} on record{over}; the cost is known for {number_word(known)} of {'these ' if over else ''}{number_word(len(live))}.",
        f"To rank them it takes {joined(list(roadmap.why_timeline)) or 'goals and a budget'}.{after}",
    )
