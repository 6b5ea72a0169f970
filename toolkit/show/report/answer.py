"""The first page, which stands alone: the answer, four facts, the decisions asked for, and what else there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from toolkit.assess.assessment import Difference
from toolkit.assess.commitments import Standing, live
from toolkit.assess.difference import noticeable
from toolkit.client.calendar import done_by
from toolkit.client.edition import BOARD
from toolkit.client.record import Record
from toolkit.client.schema import Initiative
from toolkit.html.markup import lines, missing, paragraph, table, text_of, titled
from toolkit.method import REPORT_PAGES
from toolkit.plan.business_case import business_case, in_all_text, paid_back_text
from toolkit.plan.decisions import Ask, AskMoney
from toolkit.show.charts.goal_outlook import outlook_message
from toolkit.show.charts.spending import basis_open, complete_years, run_share
from toolkit.show.page import Page
from toolkit.show.sides import both_sides, differing, two_sides, widest_of
from toolkit.show.slips import both_dates, done_among, how_it_ended, late_initiatives
from toolkit.words import (
    capital,
    count,
    day,
    excerpt,
    fixed,
    inside,
    joined,
    money,
    money_short,
    number_word,
    part_of,
    percent,
    sentence,
    signed,
)  # fmt: skip

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story


_NAMES = 120  # letters of the names that a decision on the first page lists


def page(story: AssessmentStory) -> Page:
    """Return the page."""
    facts = Markup("").join(
        Markup('<div class="fact"><p class="value">{}</p><p>{}</p></div>').format(value, meaning)
        for value, meaning in four_facts(story)
    )
    return story.sheet(
        "answer", story.assessment.client, _draft_notes(story), story.proxy_note(),
        paragraph(*(text_of(said + " ") for said in the_answer(story)), css="answer"),
        Markup('<div class="facts">{}</div>').format(facts) if facts else Markup(""),
        decisions_table(story), paragraph(text_of(_who_answered(story)), css="note"), _contents(story), level=1,
    )  # fmt: skip


def _draft_notes(story: Story) -> Markup:
    """Say why this is a draft: answers may still come in, nobody else has read it; nothing once it is final."""
    unread = (
        missing("Draft: not read yet.", "It is final once a second reader has read it.")
        if story.unread
        else Markup("")
    )
    if not story.assessment.open_for_answers:
        return unread
    return (
        unread
        + missing(
            "Draft: this round is still open.",
            "Answers may still come in. Close the round before handing this out, or a later issue could give single answers away.",
        )
        + story.draft_warning
    )


def _who_answered(story: Story) -> str:
    """Say who was asked and how many answered; the appendix holds the rest."""
    a = story.assessment
    if not a.groups:
        return "Nobody has been asked yet: this assessment rests on the client’s own records."
    said, answered = [], []
    for group in a.groups:
        of = f" of {group.invited:,}" if group.invited else ""
        if group.mode == "consensus":
            said.append(f"{group.label} gave one agreed position")
        elif group.mode == "named":
            said.append(f"{group.label} is one person’s view, by role")
        elif group.answered is None:
            said.append(f"how many of {group.label} answered is not known")
        elif group.shown:
            answered.append(f"{group.answered:,}{of} in {group.label}")
        else:
            said.append(f"{group.answered:,}{of} in {group.label} answered, too few for scores to be shown")
    if answered:
        said.insert(0, f"{joined(answered)} answered")
    confidential = " Answers are confidential." if any(group.mode == "survey" for group in a.groups) else ""
    apart = any(", " in part for part in said[:-1])
    return sentence(capital("; ".join(said) if apart else joined(said))) + confidential


def _contents(story: AssessmentStory) -> Markup:
    """Return the names of the sections, each a link to it."""
    items = Markup("").join(
        Markup('<li><a href="#{}">{}</a></li>').format(key, REPORT_PAGES[key])
        for key in story.shown
        if key != "answer"
    )
    return Markup(
        '<nav aria-label="Contents"><h2 class="minor">Contents</h2><ol class="contents">{}</ol></nav>'
    ).format(items)


def decisions_table(story: Story) -> Markup:
    """Return the decisions asked for, each with its money, its owners and what happens without it."""
    if not story.asks:
        return Markup("")
    numbers = {ask.id: n for n, ask in enumerate(story.asks, 1)}
    rows = [
        (
            str(n),
            titled(f"{ask.what}.", _about(story, ask)),
            titled(*_amounts(story, ask.money, numbers)),
            lines(*ask.named),
            ask.undecided,
        )
        for n, ask in enumerate(story.asks, 1)
    ]
    when = story.meeting
    meeting = f"leadership’s meeting on {day(when)}" if when else "the next leadership meeting"
    meeting = "the board" if story.edition == BOARD else meeting
    head = f"{capital(count(len(rows), 'decision'))} asked of {meeting}"
    header = ("", "Decision", "Amount", "Owners", "If nothing is decided")
    shown = table(header, rows, f"Decisions asked of {meeting}", css="numbered")
    return Markup('<section class="asks"><h2 class="minor">{}</h2>{}{}</section>').format(
        head, shown, _total(story)
    )


def _amounts(story: Story, cost: AskMoney, numbers: dict[str, int]) -> tuple[str, str]:
    """Return what a decision costs or saves, and below it when, what falls before the plan and what it costs to run."""
    years = [f"{money_short(amount)} in FY{year}" for year, amount in sorted(cost.years.items())]
    years += [f"{money_short(cost.later)} after the plan"] if cost.later else []
    saves = f"saves {money(cost.saves, story.currency)} a year" if cost.saves else ""
    more = []
    if cost.new:
        head = f"{money(cost.new, story.currency)}{f', part of {numbers[cost.part_of]}' if cost.part_of in numbers else ''}"
        more += (
            [years[0].removeprefix(f"{money_short(cost.new)} ") if len(years) == 1 else joined(years)]
            if years
            else []
        )
    else:
        head, saves = saves or ("" if cost.before or cost.running else cost.source), ""
    more += [saves] if saves else []
    more += [f"{money_short(cost.before)} before the plan"] if cost.before else []
    if cost.running:
        unknown = (
            f", of {count(cost.running_unknown, 'initiative')} not known" if cost.running_unknown else ""
        )
        more.append(f"{money_short(cost.running)} a year to run{unknown}")
    elif cost.running_unknown:
        more.append("what it costs to run is not known")
    more += [cost.source] if cost.source and head != cost.source and cost.years else []
    return capital(head) or "–", "; ".join(more)


def _about(story: Story, ask: Ask) -> str:
    """Name the work that a decision is about, the limits that the plan keeps, and the day by which it has to be taken."""
    names = _named(story.short_names(ask.work)) if ask.work else ""
    by = f"By {day(ask.due)} at the latest." if ask.due else ""
    if ask.kind in ("unblock", "release", "approve"):
        because = "" if ask.because == ask.undecided else ask.because
        return " ".join(filter(None, (names, because, by)))
    if ask.about.casefold() == ask.money.source.casefold():
        ask = replace(ask, about="")
    about = sentence(ask.beside) if ask.beside else ""
    return " ".join(filter(None, (about, by)))


def _named(names: Sequence[str]) -> str:
    """Return names as a sentence: as many as a few lines hold, each cut where it is long; the rest are counted."""
    cut = [excerpt(name, 44) for name in names]
    most = sum(sum(map(len, cut[: n + 1])) <= _NAMES for n in range(len(cut)))
    return sentence(joined(cut, most=max(most, 1)))


def _total(story: Story) -> Markup:
    """Return what all of it comes to, and what it brings."""
    own = [ask.money for ask in story.asks if ask.money.new and not ask.money.part_of]
    said = []
    if len(own) > 1:
        new, running = sum(cost.new for cost in own), sum(cost.running for cost in own)
        least = "at least " if any(cost.running_unknown for cost in own) else ""
        run = f", and {least}{money(running, story.currency)} a year to run it" if running else ""
        said.append(f"Capital in all: {money(new, story.currency)}{run}.")
        said += [basis] if (basis := basis_open(story)) else []
    if story.roadmap.kind == "optimised" and story.roadmap.scheduled:
        case = business_case(story.planned, story.roadmap)
        if case:
            pays = (f"A benefit of {paid_back_text(case, story.currency)}", in_all_text(case, story.currency))
            said += [f"{text}." for text in pays if text]
    return Markup('<p class="total">{}</p>').format(text_of(" ".join(said))) if said else Markup("")


def the_answer(story: Story) -> list[str]:
    """Return the answer: how the two work together, what work serves the goals, and with a plan what it brings and by when."""
    return [_first_sentence(story), _second_sentence(story), *_with_the_plan(story)]


def _with_the_plan(story: Story) -> list[str]:
    """Say which goals get there with the plan, and when its last work is done; nothing where there is no plan."""
    if story.roadmap.kind != "optimised" or not story.roadmap.scheduled:
        return []
    last = max(one.finish for one in story.roadmap.scheduled)
    done = done_by(last, story.record.facts.profile.fiscal)
    if not any(goal.expected is not None for goal in story.outlooks):
        return [f"The plan’s last work is {done}."]
    message = outlook_message(story.outlooks, True)
    return [
        f"{message}; the plan’s last work is {done}."
        if ";" in message
        else f"{message}, and the plan’s last work is {done}."
    ]


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
            f"{first}, and the two sides are at most {widest_at_most(gaps)} apart on {_each(len(gaps), asked)}."
        )
    if not differ:
        return capital(f"{first}, and on none of them are {two_sides(story)} surely apart.")
    return capital(f"{first}, and {two_sides(story)} see {number_word(differ)} differently.")


def widest_at_most(gaps: Sequence[Difference]) -> str:
    """Return the widest of gaps in points, as the table of scores has it: "0.24 points"."""
    widest = fixed(max(abs(gap.value) for gap in gaps), 2)
    return "less than 0.01 points" if widest == "0.00" else f"{widest} points"


def _each(compared: int, asked: int) -> str:
    return "each area" if compared == asked else f"the {count(compared, 'area')} compared"


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
            f"{_of_all(0, len(a.goals))} {'has' if len(a.goals) == 1 else 'have'} work behind {'it' if len(a.goals) == 1 else 'them'}: {over} {how_it_ended(r.initiatives)}."
        )
    if a.goals and r.initiatives:
        going_ahead = Standing(r, a.as_of).going_ahead
        loose, total = len(a.initiatives_without_goal), len(going_ahead)
        served = len(a.goals) - bare
        by_id = {one.id: one for one in going_ahead}
        without = [by_id[i] for i in a.initiatives_without_goal]
        work = (
            f"{number_word(loose)} of {count(total, 'open initiative')} {'serves' if loose == 1 else 'serve'} none{_explained(without)}"
            if loose
            else "every initiative serves at least one"
        )
        late = sum(one.rule == "goal out of time" for one in a.findings)
        in_time = (
            f" (none of it in time{'' if late == served else f' for {number_word(late)}'})" if late else ""
        )
        has = "has" if 1 in (served, len(a.goals)) else "have"
        return capital(f"{_of_all(served, len(a.goals))} {has} work on record{in_time}, and {work}.")
    if r.initiatives:
        return _without_goals(r, len(live(r)))
    return "No initiatives are recorded yet, so there is no plan to judge."


def _explained(without: Sequence[Initiative]) -> str:
    """Say how many of the initiatives that serve no goal are there for another reason: a duty, or a risk they answer."""
    duties = sum(bool(one.mandatory) for one in without)
    answers = sum(bool(one.settles) and not one.mandatory for one in without)
    parts = [f"{number_word(duties)} {'is' if duties == 1 else 'are'} mandatory"] if duties else []
    parts += [f"{number_word(answers)} {'answers' if answers == 1 else 'answer'} a risk"] if answers else []
    if not parts:
        return ""
    return (
        f", of which {joined(parts)}"
        if len(without) > 1
        else f", but {joined(parts).replace('one', 'it', 1)}"
    )


def _without_goals(record: Record, open_work: int) -> str:
    """Say what lies on the register while no goal is recorded."""
    recorded = len(record.initiatives)
    if not open_work:
        all_of_it = f"{part_of(recorded, recorded, 'initiative')} on the register"
        ended = f"{'is' if recorded == 1 else 'are'} {how_it_ended(record.initiatives)}"
        return capital(f"{all_of_it} {ended}; no business goal is recorded.")
    known = f"{count(recorded, 'initiative')} {'is' if recorded == 1 else 'are'} on the register"
    if open_work < recorded:
        surely = all(one.status for one in record.initiatives)
        known += f", {number_word(open_work)} of them not {'yet' if surely else 'recorded as'} done"
    it = "it" if recorded == 1 else "them"
    unfunded = "" if record.facts.budget else f" and no yearly budget to fit {it} into"
    return capital(f"{known}, with no business goal recorded to rank {it} by{unfunded}.")


def _of_all(part: int, whole: int) -> str:
    """Write a part of the business goals: "three of four business goals", "all three business goals"."""
    if part == whole > 1:
        return f"{'both' if whole == 2 else 'all ' + number_word(whole)} business goals"
    if whole == 1:
        return "the one business goal" if part else "no business goal"
    return f"{number_word(part)} of {count(whole, 'business goal')}"


def four_facts(story: Story) -> list[tuple[str, Markup]]:
    """Return up to four figures with what each means, the most telling first."""
    return [
        *_gap_fact(story),
        *_cost_fact(story),
        *_goals_fact(story),
        *_measures_fact(story),
        *_spend_fact(story),
        *_register_facts(story),
    ][:4]


def _measures_fact(story: Story) -> list[tuple[str, Markup]]:
    """Return how many measures are reported as not met; nothing where none is."""
    told = [one.reported for one in story.record.facts.kpis if one.reported]
    unmet = told.count("not met")
    what = "the one measure reported on is not met" if len(told) == 1 else "measures reported on are not met"
    return [(f"{unmet} of {len(told)}", text_of(what))] if unmet else []


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


def _goals_fact(story: Story) -> list[tuple[str, Markup]]:
    """Return how many goals' measures are behind their path; nothing where none can be held against one."""
    known = [goal for goal in story.outlooks if goal.path is not None]
    if not known:
        return []
    behind = sum(goal.behind for goal in known)
    verb = "is" if behind == 1 else "are"
    meaning = f"goals with a reading {verb} behind the straight path to the target"
    return [(f"{behind} of {len(known)}", Markup(escape(meaning)))]


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
        both, over = both_dates(story), done_among(story, late)
        known = "initiative" if both == 1 else "initiatives"
        said = (
            f"{known} with both dates known {'is' if len(late) == 1 else 'are'} later than first known to us"
        )
        facts.append((f"{len(late)} of {both}", Markup("{}{}").format(said, f", {over}" if over else "")))
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
