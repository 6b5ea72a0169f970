"""The ranked list in three bands, fixed, chosen and deferred, with one reason each; or why there is no ranking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.commitments import Standing
from toolkit.client.schema import FINISHED, Initiative
from toolkit.html.fonts import cut_to, lines_of, text_width
from toolkit.html.markup import bullets, missing, paragraph, text_of
from toolkit.method import LONGER
from toolkit.plan.assumptions import how_many
from toolkit.plan.plan_table import proof
from toolkit.plan.risk_answers import in_time
from toolkit.plan.roadmap import Deferred, Scheduled, Sensitivity
from toolkit.plan.value import risk_share
from toolkit.show.page import Page
from toolkit.show.slips import how_it_ended, is_short, register_facts
from toolkit.words import (
    capital,
    count,
    excerpt,
    fixed,
    joined,
    money,
    money_short,
    number_word,
    part_of,
)

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

# Rows of 21.5 pixels that a slide holds beside its note, those of its title included; and the note's characters.
_ROWS, _NOTE = 22.9, 170
# The characters of the note where nothing else bounds it.
ROOM = 420
# The width in pixels that a reason has.
_REASON = 464
# So many rows stand larger.
_FEW = 11
_FIXED = {
    "in progress": "under way",
    "mandatory": "mandatory",
    "decided": "approved before",
    "pinned": "pinned",
}


def slide(story: RoadmapStory) -> Page | tuple[str, str]:
    """Return the slide, or what it needs."""
    if not story.record.initiatives:
        return (
            "Initiatives",
            "The project list: each initiative with its cost, duration and the goal it serves.",
        )
    if story.roadmap.kind != "optimised":
        asked = bullets(map(text_of, story.roadmap.questions[:6]), css="questions")
        if is_short(story):
            asked = Markup('<div class="halves airy"><div>{}</div><div>{}</div></div>').format(
                asked, register_facts(story, story.record.initiatives)
            )
        return story.slide("ranked", no_ranking_title(story), why_no_ranking(story), asked)
    title = ranked_title(story)
    note = line_notes(story, _NOTE)
    lines = lines_of(title, 29, 1130, 600) * 35 / 21.5
    return story.slide("ranked", title, _table(story, int(_ROWS - lines)), note, _source(story))


def _table(story: Story, room: int) -> Markup:
    by_id = {one.id: one for one in story.record.initiatives}
    scheduled = sorted(story.roadmap.scheduled, key=lambda s: (-s.value, s.initiative))
    deferred = sorted(story.roadmap.deferred, key=lambda d: (-d.value, d.initiative))
    bands: list[tuple[str, str, list[Scheduled | Deferred]]] = [
        ("fixed", "Fixed", [s for s in scheduled if s.fixed]),
        ("chosen", "Chosen", [s for s in scheduled if not s.fixed]),
        ("deferred", "Deferred", list(deferred)),
    ]
    shown = _shares([len(rows) for _, _, rows in bands], room)
    most = max([0.01, *(s.value for s in scheduled), *(d.value for d in deferred)])
    body = Markup("").join(
        _band(story, css, name, rows, room, by_id, most)
        for (css, name, rows), room in zip(bands, shown, strict=True)
        if rows
    )
    heads = (
        ("", ""), ("Initiative", ""), ("Value, 0–100", ""), ("Capital", "figure"), ("Running a year", "figure"),
        ("Main reason", "reason"),
    )  # fmt: skip
    head = Markup("").join(
        Markup('<th scope="col" class="{}">{}</th>').format(css, text) for text, css in heads
    )
    caption = Markup('<caption class="said">Initiatives by value, money in {}</caption>').format(
        story.currency
    )
    css = "rank few" if sum(len(rows) for _, _, rows in bands) <= _FEW else "rank"
    listed = Markup('<table class="{}">{}<thead><tr>{}</tr></thead>{}</table>').format(
        css, caption, head, body
    )
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="The ranked list">{}</div>'
    ).format(listed)


def _shares(sizes: Sequence[int], room: int) -> list[int]:
    """Return how many rows of each band are shown: all where they fit, else deferred ones give way first."""
    out = []
    least = [min(size, 3) for size in sizes]
    for n, size in enumerate(sizes):
        kept = sum(least[n + 1 :])
        shown = min(size, max(room - kept, least[n]))
        out.append(shown)
        room -= shown
    return out


def _band(
    story: Story, css: str, name: str, rows: Sequence[Scheduled | Deferred], room: int, by_id: dict[str, Initiative],
    most: float,
) -> Markup:  # fmt: skip
    shown = rows[:room] if len(rows) <= room else rows[: max(room - 1, 1)]
    rest = len(rows) - len(shown)
    total = money_short(sum(row.capex for row in rows))
    lines = len(shown) + (rest > 0)
    head = Markup('<th scope="rowgroup" rowspan="{}" class="band">{}<small>{}, {}</small></th>').format(
        lines, name, len(rows), total
    )
    cells = [_cells(story, css, row, by_id[row.initiative], most) for row in shown]
    if rest:
        cells.append(
            Markup('<td colspan="5" class="quiet">{} more in roadmap.xlsx</td>').format(
                capital(number_word(rest))
            )
        )
    body = Markup("").join(
        Markup("<tr>{}{}</tr>").format(head if n == 0 else "", cell) for n, cell in enumerate(cells)
    )
    return Markup('<tbody class="{}">{}</tbody>').format(css, body)


def _cells(story: Story, css: str, row: Scheduled | Deferred, one: Initiative, most: float) -> Markup:
    explained = story.roadmap.explained
    firm = css == "fixed" or bool(explained and explained.firm(one.id))
    name = text_of(excerpt(one.short or one.name, 44))
    width = f"width: {fixed(max(76 * row.value / most, 1.0 if row.value else 0.0))}px"
    return Markup(
        '<td class="{}">{}</td><td><span class="bar" style="{}"></span>{}</td><td class="figure">{}</td><td class="figure">{}</td>'
        '<td class="reason">{}</td>'
    ).format(
        "strong" if firm else "", name, width, fixed(100 * row.value), money_short(row.capex),
        "?" if one.opex is None else money_short(one.opex), text_of(_fitting(*_reasons(story, row, one))),
    )  # fmt: skip


def _fitting(*said: str) -> str:
    """Return the first of some wordings, the longest first, that stands whole in its cell; the last one cut where none does."""
    whole = (each for each in said if lines_of(each, 16, _REASON) == 1)
    return next(whole, cut_to(said[-1], 16, _REASON, 1))


def _reasons(story: Story, row: Scheduled | Deferred, one: Initiative) -> tuple[str, ...]:
    """Return the main reason for an initiative's place, in a few words and in fewer: of chosen work, what it does in time."""
    if isinstance(row, Deferred):
        return row.because, row.because.partition("; ")[0]
    if row.held:
        return (row.held,)
    if row.fixed == "mandatory" and one.mandatory:
        return (one.mandatory,)
    if row.fixed:
        since = f" since {one.start}" if row.fixed == "in progress" and one.start else ""
        return (f"{_FIXED[row.fixed]}{since}; ends {row.finish}",)
    end = row.finish.last_day(story.record.facts.profile.fiscal)
    risks = {risk.id: risk for risk in story.record.facts.risks if in_time(end, risk.due)}
    settled = [risks[i] for i in one.settles if i in risks]
    if settled:
        return (f"settles “{settled[0].short or settled[0].name}”",)
    goals = {goal.id: goal for goal in story.record.facts.goals if in_time(end, goal.due)}
    served = sorted(
        ((level, goal) for goal, level in one.goals.items() if level and goal in goals), reverse=True
    )
    if served:
        level, goal = served[0]
        share = {3: "over 30 %", 2: "10–30 %", 1: "up to 10 %"}[level]
        name, way = goals[goal].short or goals[goal].name, f": {share} of the way"
        more = f"; helps {count(len(served) - 1, 'other goal')}" if len(served) > 1 else ""
        cut = cut_to(name, 16, _REASON - text_width(way, 16) - 2, 1)
        return f"{name}{way}{more}", f"{name}{way}", f"{cut}{way}"
    return ("comes before other work in the plan",)


def _source(story: Story) -> Markup:
    """Say what the value is, and what strong names mean."""
    explained = story.roadmap.explained
    strong = (
        f" Bold: kept under all {count(explained.weightings, 'other weighting')}; fixed work always is."
        if explained and explained.weightings
        else ""
    )
    risks = risk_share(story.planned.facts)
    said = (
        "Value, 0 to 100: what the work delivers of leadership’s weighted goals, and the risks that it settles in time"
        if 0 < risks < 1
        else "Value: share of the risks’ severity that the work settles in time, 0 to 100"
        if risks
        else "Value: share of leadership’s weighted goals that the work delivers, 0 to 100"
    ) + "; of deferred work, what it would add in time."
    return paragraph(f"{said}{strong} Capital with contingency, in {story.currency}.", css="source")


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    roadmap, names = story.roadmap, {one.id: one.name for one in story.record.initiatives}
    if explained := roadmap.explained:
        loose = [one for one in explained.chosen if not explained.firm(one)]
        if loose and explained.weightings:
            kept = [f"{excerpt(names[one], 60)} {explained.kept[one]}" for one in loose]
            yield f"Chosen, and not in the plan in every other way tried (stays in, of {explained.weightings}): {'; '.join(kept)}."
    yield from rivals(story)
    yield from roadmap.notes
    yield from roadmap.questions[:6] if roadmap.kind != "optimised" else ()


# The title, and what stands below the list.


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
    kept = [explained.kept.get(one, 0) for one in explained.chosen]
    least, most = min(kept), max(kept)
    who = "the one chosen stays" if chosen == 1 else f"the {number_word(chosen)} chosen stay"
    return f"{who} under {least if least == most else f'{least} to {most}'} of {count(ways, 'weighting')}"


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
    if story.record.initiatives and not any(one.is_open for one in story.record.initiatives):
        return "No work is open, so there is nothing to rank"
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
    dated = any(one.finish for one in rows) and not is_short(story)
    deck = story.record.facts.deck
    follows = not deck.order and all(one.after != "ranked" for one in deck.own)
    shown = dated and "plan" not in deck.leave_out
    after = (
        f" The timeline{' on the next slide' if follows else ''} shows the dates that are known."
        if shown
        else ""
    )
    if not live:
        over = (
            "the one initiative on record is"
            if len(rows) == 1
            else f"all {count(len(rows), 'initiative')} on record are"
        )
        return missing(
            f"{capital(over)} {how_it_ended(story.record.initiatives)}.",
            f"A ranking takes {joined(list(roadmap.why_timeline))}.{after}",
        )
    over = f", {number_word(len(live))} of them open" if len(live) < len(rows) else ""
    costs = f"the cost is known for {part_of(known, len(live), 'open initiative' if over else 'initiative')}"
    if not known and len(live) > 1:
        costs = f"no cost is known for any of {'those' if over else 'them'}"
    if len(live) == 1:
        costs = f"{'the' if over else 'its'} cost is {'' if known else 'not '}known"
    return missing(
        f"{capital(count(len(rows), 'initiative'))} on record{over}; {costs}.",
        f"A ranking takes {joined(list(roadmap.why_timeline)) or 'goals and a budget'}.{after}",
    )
