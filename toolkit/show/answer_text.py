"""Page one: the answer in two sentences, and three facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.comparing import noticeable
from toolkit.assess.standing import Standing
from toolkit.assess.trace import live
from toolkit.html.markup import text_of
from toolkit.show.assessment_text import (
    both_sides,
    differing,
    two_sides,
    widest_of,
)
from toolkit.show.goal_charts import complete_years
from toolkit.show.goals_text import both_dates, late_initiatives, run_share
from toolkit.words import capital, count, excerpt, inside, money, number_word, percent, signed

if TYPE_CHECKING:
    from toolkit.show.story import Story


def the_answer(story: Story) -> list[str]:
    """Return the answer in two sentences."""
    return [_first_sentence(story), _second_sentence(story)]


def _first_sentence(story: Story) -> str:
    a = story.assessment
    if not a.scored:
        earlier = any(one.as_of < a.as_of and one.questionnaire for one in story.record.rounds)
        if any(not one.shown and one.answered != 0 for one in a.groups):
            why = "too few people answered for scores to be shown"
        elif a.groups:
            why = "they are asked in this round, and nobody has answered yet"
        else:
            why = f"business and IT {'are not asked in this round' if earlier else 'have not been asked yet'}"
        return f"How well business and IT work together cannot be said: {why}."
    asked = len(a.scored)
    of = f"the {count(asked, 'area')} asked about" if asked < 9 else "nine areas"
    weak, near, differ = len(a.weak), len(a.near_the_line), len(differing(story))
    proxy = "By a proxy measure, " if a.proxy else ""
    first = f"{proxy}{number_word(weak)} of {of} {'is' if weak < 2 else 'are'} weak"
    if near:
        first += f", {number_word(near)} {'is' if near == 1 else 'are'} near the line"
    gaps = [area.measured_gap for area in a.scored if area.measured_gap]
    if not gaps and any(area.gap for area in a.scored):
        return capital(f"{first}, and no difference between the two sides was measured without adjustment.")
    if not gaps:
        return capital(f"{first}, and only one side’s view can be shown.")
    if not differ and all(gap.word is None for gap in gaps):
        return capital(
            f"{first}, and on {_each(len(gaps), asked)} the two sides are less than half a point apart."
        )
    if not differ:
        return capital(f"{first}, and on none of them are {two_sides(story)} surely apart.")
    return capital(f"{first}, and on {number_word(differ)} {two_sides(story)} see things differently.")


def _each(compared: int, asked: int) -> str:
    return "each of them" if compared == asked else f"the {count(compared, 'area')} compared"


def _second_sentence(story: Story) -> str:
    a, r = story.assessment, story.record
    bare = sum(not goal.initiatives for goal in a.goals)
    if a.goals and r.initiatives and not live(r):
        over = (
            "the one initiative is"
            if len(r.initiatives) == 1
            else f"all {count(len(r.initiatives), 'initiative')} are"
        )
        return capital(
            f"{_of_all(0, len(a.goals))} {'has' if len(a.goals) == 1 else 'have'} work behind {'it' if len(a.goals) == 1 else 'them'}: {over} done or stopped."
        )
    if a.goals and r.initiatives:
        going_ahead = Standing(r, a.as_of).going_ahead
        loose, total = len(a.initiatives_without_goal), len(going_ahead)
        served = len(a.goals) - bare
        by_id = {one.id: one for one in going_ahead}
        explained = sum(bool(by_id[i].mandatory or by_id[i].settles) for i in a.initiatives_without_goal)
        work = (
            f"{number_word(loose)} of {count(total, 'live initiative')} {'serves' if loose == 1 else 'serve'} none{_explained(explained, loose)}"
            if loose
            else "every initiative serves at least one"
        )
        late = sum(one.rule == "goal out of time" for one in a.findings)
        in_time = (
            f" (none of it in time{'' if late == served else f' for {number_word(late)}'})" if late else ""
        )
        return capital(
            f"{_of_all(served, len(a.goals))} {'has' if served == 1 else 'have'} work behind {'it' if served == 1 else 'them'}{in_time}, and {work}."
        )
    if r.initiatives:
        return _without_goals(len(r.initiatives), len(live(r)), bool(r.facts.budget))
    return "No initiatives are recorded yet, so there is no plan to judge."


def _explained(explained: int, loose: int) -> str:
    """Say how many of the initiatives that serve no goal have a reason of their own."""
    if not explained:
        return ""
    who = (
        "though it"
        if loose == 1
        else "all of which"
        if explained == loose
        else f"{number_word(explained)} of which"
    )
    return f", {who} {'is' if explained == 1 else 'are'} mandatory or {'answers' if explained == 1 else 'answer'} a risk"


def _without_goals(recorded: int, open_work: int, budgeted: bool) -> str:
    """Say what lies on the register while no goal is recorded."""
    known = f"{count(recorded, 'initiative')} {'is' if recorded == 1 else 'are'} on the register"
    if open_work < recorded:
        known += f", {number_word(open_work)} of them not yet done"
    it = "it" if recorded == 1 else "them"
    unfunded = "" if budgeted else f" and no yearly budget to fit {it} into"
    return capital(f"{known}, with no business goal recorded to rank {it} by{unfunded}.")


def _of_all(part: int, whole: int) -> str:
    """Write a part of the business goals: "three of four business goals", "all three business goals"."""
    if part == whole > 1:
        return f"{'both' if whole == 2 else 'all ' + number_word(whole)} business goals"
    if whole == 1:
        return "the one business goal" if part else "no business goal"
    return f"{number_word(part)} of {count(whole, 'business goal')}"


def three_facts(story: Story) -> list[tuple[str, Markup]]:
    """Return up to three figures with what each means, the most telling first."""
    return [*_gap_fact(story), *_cost_fact(story), *_spend_fact(story), *_register_facts(story)][:3]


def _gap_fact(story: Story) -> list[tuple[str, Markup]]:
    """Return the widest of the gaps that page 2 counts; where it counts none, the widest, and that it is unsure."""
    counted = differing(story)
    widest = widest_of(counted or story.assessment.scored)
    gap = widest.measured_gap if widest else None
    if widest is None or gap is None or not noticeable(gap.value):
        return []
    adjusted = [abs(row.gap.value) for row in story.assessment.scored if row.gap and not row.measured_gap]
    meaning = Markup("widest {}gap: {} ({}){}").format(
        "measured " if max(adjusted, default=0.0) > abs(gap.value) else "",
        inside(widest.dimension.name),
        text_of(both_sides(story, widest)),
        "" if counted else ", too close to call",
    )
    return [(signed(gap.value), meaning)]


def _cost_fact(story: Story) -> list[tuple[str, Markup]]:
    agreed = [one for one in story.record.facts.impact if one.agreed_by]
    if not agreed:
        return []
    worst = max(agreed, key=lambda one: (one.likely, one.id))
    meaning = Markup("a year: “{}”, agreed by {}").format(
        text_of(excerpt(worst.name, 90)), text_of(worst.agreed_by)
    )
    return [(money(worst.likely, story.currency), meaning)]


def _spend_fact(story: Story) -> list[tuple[str, Markup]]:
    years = complete_years(story.record)
    if not years:
        return []
    meaning = Markup("of FY{} spending keeps things running").format(str(years[-1].year))
    return [(percent(run_share(years[-1])), meaning)]


def _register_facts(story: Story) -> list[tuple[str, Markup]]:
    initiatives, facts = story.record.initiatives, []
    late = late_initiatives(story)
    priced = [one for one in live(story.record) if one.capex is not None]
    if late:
        both = count(both_dates(story), "initiative")
        facts.append(
            (
                f"{len(late)}",
                Markup("of {} with both dates known finish later than first known to us").format(both),
            )
        )
    if priced:
        open_work = f"{number_word(len(priced))} open {'initiative' if len(priced) == 1 else 'initiatives'}"
        added = ", contingency included" if any(one.contingency for one in priced) else ""
        facts.append(
            (
                money(sum(one.capital or 0.0 for one in priced), story.currency),
                Markup("of capital across {} with a known cost{}").format(open_work, added),
            )
        )
    if initiatives:
        facts.append(
            (
                f"{len(initiatives)}",
                Markup("{} on the register").format("initiative" if len(initiatives) == 1 else "initiatives"),
            )
        )
    return facts
