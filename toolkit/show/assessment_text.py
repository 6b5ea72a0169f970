"""The assessment's sentences: each computed from results, and saying what a chart means."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import DimensionResult, Finding
from toolkit.client.constructs import DIMENSIONS, SYMPTOMS
from toolkit.client.facts import Kpi
from toolkit.client.work import Action
from toolkit.show.page import bullets, paragraph, text_of
from toolkit.assess.wording import UNKNOWN, capital, count, day, inside, joined, money, number_word, percent, score, signed

if TYPE_CHECKING:
    from toolkit.show.story import Story

MODES = {"survey": "survey, confidential", "consensus": "one agreed position", "named": "one person, by role"}
DIMENSION_NAMES = {one.id: one.name for one in DIMENSIONS}
SYMPTOM_NAMES = {one.id: one.name for one in SYMPTOMS}
NOTICEABLE = 0.5


def survey_wanted(story: Story) -> str:
    """Say what would let the scores be shown."""
    hidden = [one for one in story.assessment.groups if not one.shown]
    if hidden:
        return " ".join(one.hidden_because for one in hidden)
    return "The alignment questionnaire, answered by business and by IT, would show where the two see things differently."


def _differing(story: Story) -> list[DimensionResult]:
    """Areas in which the two sides differ: surely in a sample, or by half a point where one is a position."""
    return [
        area for area in story.assessment.scored
        if area.gap and (area.gap.word in ("clear difference", "likely difference")
                         or (area.gap.word is None and abs(area.gap.value) >= NOTICEABLE))
    ]  # fmt: skip


def _widest(rows: list[DimensionResult] | tuple[DimensionResult, ...]) -> DimensionResult | None:
    gaps = [row for row in rows if row.gap]
    return max(gaps, key=lambda row: abs(row.gap.value) if row.gap else 0.0) if gaps else None


def _sides(story: Story, row: DimensionResult) -> str:
    names = {one.group: one.label for one in story.assessment.groups}
    return f"{names.get('business', 'Business')} {score(row.scores['business'].mean)}, {names.get('it', 'IT')} {score(row.scores['it'].mean)}"


def the_answer(story: Story) -> list[str]:
    """Return the answer in two sentences."""
    return [_first_sentence(story), _second_sentence(story)]


def _first_sentence(story: Story) -> str:
    a = story.assessment
    if not a.scored:
        hidden = any(not one.shown for one in a.groups)
        why = "too few people answered for scores to be shown" if hidden else "business and IT have not been asked yet"
        return f"How well business and IT work together cannot be said: {why}."
    asked = len(a.scored)
    of = f"the {count(asked, 'area')} asked about" if asked < 9 else "nine areas"
    weak, differ = len(a.weak), len(_differing(story))
    proxy = "By a proxy measure, " if a.proxy else ""
    first = f"{proxy}{number_word(weak)} of {of} {'is' if weak == 1 else 'are'} weak"
    both = any(area.gap for area in a.scored)
    if not both:
        return capital(f"{first}, and only one side’s view can be shown.")
    if not differ:
        return capital(f"{first}, and on none of them are business and IT surely apart.")
    return capital(f"{first}, and on {number_word(differ)} business and IT see things differently.")


def _second_sentence(story: Story) -> str:
    a, r = story.assessment, story.record
    bare = sum(not goal.initiatives for goal in a.goals)
    if a.goals and r.initiatives:
        loose, total = len(a.initiatives_without_goal), len(r.initiatives)
        served = len(a.goals) - bare
        work = f"{number_word(loose)} of {count(total, 'initiative')} {'serves' if loose == 1 else 'serve'} none" if loose else "every initiative serves at least one"
        return capital(f"{number_word(served)} of {count(len(a.goals), 'business goal')} {'has' if served == 1 else 'have'} work behind {'it' if served == 1 else 'them'}, and {work}.")
    if r.initiatives:
        return capital(f"{count(len(r.initiatives), 'initiative')} {'is' if len(r.initiatives) == 1 else 'are'} on the register, with no business goal recorded to rank {'it' if len(r.initiatives) == 1 else 'them'} by and no yearly budget to fit {'it' if len(r.initiatives) == 1 else 'them'} into." if not r.facts.budget else f"{count(len(r.initiatives), 'initiative')} on the register cannot be tied to a business goal, since none is recorded.")
    return "No initiatives are recorded yet, so there is no plan to judge."


def three_facts(story: Story) -> list[tuple[str, Markup]]:
    """Return up to three figures with what each means, the most telling first."""
    a, r = story.assessment, story.record
    facts: list[tuple[str, Markup]] = []
    widest = _widest(a.scored)
    if widest and widest.gap and abs(widest.gap.value) >= NOTICEABLE:
        facts.append((signed(widest.gap.value), Markup("widest gap: {} ({})").format(inside(widest.dimension.name), text_of(_sides(story, widest)))))
    agreed = [one for one in r.facts.impact if one.agreed_by]
    if agreed:
        worst = max(agreed, key=lambda one: (one.likely, one.id))
        facts.append((money(worst.likely, story.currency), Markup("a year lost to {}, agreed by {}").format(inside(SYMPTOM_NAMES[worst.symptom]), text_of(worst.agreed_by))))
    if r.facts.spend:
        last = max(r.facts.spend, key=lambda one: one.year)
        total = last.run + sum(x or 0 for x in (last.grow, last.transform, last.protect))
        if total:
            facts.append((percent(last.run / total), Markup("of FY{} spending keeps things running").format(str(last.year))))
    late = _late(story)
    if late:
        facts.append((f"{len(late)}", Markup("of {} with both dates known finish later than first approved").format(count(_both_dates(story), "initiative"))))
    known = [one.capex for one in r.initiatives if one.capex is not None]
    if known:
        facts.append((money(sum(known), story.currency), Markup("of capital across {} with a known cost").format(count(len(known), "initiative"))))
    if r.initiatives:
        facts.append((f"{len(r.initiatives)}", Markup("initiatives on the register")))
    return facts[:3]


def areas_message(story: Story) -> str:
    """Return the nine areas' message."""
    a, differ = story.assessment, _differing(story)
    weakest = min(a.scored, key=lambda x: (min(s.mean for s in x.scores.values()), x.dimension.id))
    if differ:
        widest = _widest(differ)
        name = inside(widest.dimension.name) if widest else ""
        where = f"furthest apart on {name}" if len(differ) > 1 else f"on {name}"
        return capital(f"business and IT see {count(len(differ), 'area')} differently, {where}" if len(differ) > 1 else f"business and IT see one area differently: {name}")
    if any(area.gap for area in a.scored):
        return f"Business and IT broadly agree; {inside(weakest.dimension.name)} is the weakest area"
    return f"{weakest.dimension.name} is the weakest area; only one side’s view can be shown"


def areas_lead(story: Story) -> Markup:
    """Return the paragraph above the nine areas."""
    a = story.assessment
    weak = [inside(x.dimension.name) for x in a.weak]
    level = "their target" if any(x.target for x in a.areas) else "level 3"
    sentences = [f"{capital(joined(weak))} {'falls' if len(weak) == 1 else 'fall'} below {level if len(weak) > 1 else level.replace('their', 'its')}." if weak else f"No area falls below {level}."]
    unsure = sum(1 for x in a.scored if x.gap and x.gap.word == "too close to call")
    if unsure:
        sentences.append(f"On {count(unsure, 'area')} the difference is too close to call with this many answers.")
    if any(one.is_position and one.shown for one in a.groups):
        voices = joined([one.voice for one in a.groups if one.is_position and one.shown])
        sentences.append(f"{capital(voices)} {'is' if sum(g.is_position and g.shown for g in a.groups) == 1 else 'are'} compared with the spread of the other answers, not with a sample.")
    return paragraph(text_of(" ".join(sentences)), css="lead")


def needs_message(story: Story) -> str:
    """Return the needs' message."""
    rows = [n for n in story.assessment.needs if n.gap is not None]
    worst = max(rows, key=lambda n: (n.gap or 0.0, n.dimension.id))
    if (worst.gap or 0) < NOTICEABLE:
        return "What the business needs most is broadly met"
    return f"{worst.dimension.name} is the need least met: importance {score(worst.importance['business'].mean)}, satisfaction {score(worst.satisfaction['business'].mean)}"


def needs_lead(story: Story) -> Markup:
    """Return the paragraph above the needs."""
    rows = [n for n in story.assessment.needs if n.gap is not None and n.gap >= NOTICEABLE]
    names = [f"{inside(n.dimension.name)} (short by {score(n.gap)})" for n in sorted(rows, key=lambda n: (-(n.gap or 0), n.dimension.id))]
    said = f"Unmet, widest first: {joined(names)}." if names else "No need is short by half a point or more."
    return paragraph(text_of(said), css="lead")


def symptoms_message(story: Story) -> str:
    """Return the symptoms' message."""
    rows = [x for x in story.assessment.symptoms if x.scores]
    worst = max(rows, key=lambda x: (max(s.mean for s in x.scores.values()), x.dimension.id))
    names = {one.group: one.voice for one in story.assessment.groups}
    group, top = max(worst.scores.items(), key=lambda item: (item[1].mean, item[0]))
    return f"{worst.dimension.name} is what people suffer most: {score(top.mean)} of 5 by {names.get(group, group)}"


def symptoms_lead(story: Story) -> Markup:
    """Return the paragraph above the symptoms."""
    often = [inside(x.dimension.name) for x in story.assessment.symptoms if x.scores and max(s.mean for s in x.scores.values()) >= 3.5]
    said = f"{capital(joined(often))} {'is' if len(often) == 1 else 'are'} reported often (3.5 or more) by at least one side." if often else "No symptom is reported often (3.5 or more) by either side."
    return paragraph(text_of(said), css="lead")


def symptoms_title_without_scores(story: Story) -> str:
    """Return the symptoms page's title when nobody was asked."""
    late, both = _late(story), _both_dates(story)
    if both:
        return capital(f"{number_word(len(late))} of {count(both, 'initiative')} with both dates known {'is' if len(late) == 1 else 'are'} later than first approved")
    return "What people suffer has not been asked yet"


def _both_dates(story: Story) -> int:
    return sum(bool(x.original_finish and x.finish) for x in story.record.initiatives)


def _late(story: Story) -> list[str]:
    return [x.id for x in story.record.initiatives if x.original_finish and x.finish and x.finish > x.original_finish]


def slip_lead(story: Story) -> Markup:
    """Say what the register shows of slipped dates and grown budgets; nothing where it cannot."""
    both = _both_dates(story)
    grown = [x for x in story.record.initiatives if x.original_capex and x.capex is not None]
    sentences = []
    if both:
        days = sorted((x.finish - x.original_finish).days for x in story.record.initiatives if x.finish and x.original_finish)
        late = len(_late(story))
        sentences.append(f"Of {count(both, 'initiative')} with a first and a present completion date, {number_word(late)} {'has' if late == 1 else 'have'} moved later" + (f", by up to {days[-1] / 365.25:.1f} years." if late else "."))
    if grown:
        first, now = sum(x.original_capex or 0 for x in grown), sum(x.capex or 0 for x in grown)
        change = "the same" if now == first else f"{percent(abs(now - first) / first)} {'more' if now > first else 'less'}"
        sentences.append(f"The {count(len(grown), 'initiative')} with both budgets known were first approved at {money(first, story.currency)} and now stand at {money(now, story.currency)}, {change}.")
    return paragraph(text_of(" ".join(sentences))) if sentences else Markup("")


def feeds(story: Story, cause: str) -> list[str]:
    """Return the names of the symptoms a cause feeds, by the questionnaire's reasoning."""
    questionnaire = story.record.questionnaire_of(story.record.round(story.assessment.round))
    return [inside(SYMPTOM_NAMES[link.symptom]) for link in questionnaire.links if link.cause == cause] if questionnaire else []


def causes_message(story: Story) -> str:
    """Return the causes' message."""
    causes = [x for x in story.assessment.scored if x.dimension.family == "cause"]
    if not causes:
        return "Likely causes: what interviews and scores point to" if story.record.facts.themes else "Likely causes cannot be named yet"
    lowest = min(causes, key=lambda x: (min(s.mean for s in x.scores.values()), x.dimension.id))
    group, low = min(lowest.scores.items(), key=lambda item: (item[1].mean, item[0]))
    voice = {one.group: one.voice for one in story.assessment.groups}[group]
    return f"{lowest.dimension.name} is the weakest cause area: {score(low.mean)} of 5 by {voice}"


def coverage_message(story: Story) -> str:
    """Return the goal coverage's message."""
    a = story.assessment
    bare, loose = [g for g in a.goals if not g.initiatives], len(a.initiatives_without_goal)
    left = "Every goal has work behind it" if not bare else f"{capital(count(len(bare), 'goal'))} {'has' if len(bare) == 1 else 'have'} no initiative"
    right = "every initiative serves a goal" if not loose else f"{count(loose, 'initiative')} {'serves' if loose == 1 else 'serve'} no goal"
    return f"{left}, and {right}"


def timeline_message(story: Story) -> str:
    """Return the message of the timeline of known dates."""
    dated = sum(1 for row in story.roadmap.timeline if row.finish)
    return f"{capital(count(dated, 'initiative'))} of {len(story.roadmap.timeline)} {'has' if dated == 1 else 'have'} a known completion date"


def no_goals_title(story: Story) -> str:
    """Return the goals page's title when no goal is recorded."""
    missing = ["business goals"] if not story.record.facts.goals else []
    missing += ["a yearly budget"] if not story.record.facts.budget else []
    return f"{capital(joined(missing))} {'are' if len(missing) > 1 or missing[0] == 'business goals' else 'is'} absent, so nothing can be ranked"


def spend_message(story: Story) -> str:
    """Return the spending's message."""
    last = max(story.record.facts.spend, key=lambda one: one.year)
    total = last.run + sum(x or 0 for x in (last.grow, last.transform, last.protect))
    share = percent(last.run / total) if total else UNKNOWN
    return f"{share} of FY{last.year} spending keeps things running"


def kpi_row(kpi: Kpi) -> tuple[object, ...]:
    """Return one measure as a table row; missing stays missing."""

    def value(number: float | None) -> str:
        return UNKNOWN if number is None else f"{number:,g}{' ' + kpi.unit if kpi.unit else ''}"

    latest = max(kpi.readings, key=lambda one: one.date, default=None)
    return (kpi.name, kpi.owner_business or UNKNOWN, kpi.owner_it or UNKNOWN, value(kpi.baseline),
            value(latest.value) + f" ({day(latest.date)})" if latest else UNKNOWN, value(kpi.target), kpi.reported or "–")  # fmt: skip


def finding_item(story: Story, finding: Finding) -> Markup:
    """Return one finding with its chain and its evidence, closed."""
    chain = [
        ("Symptoms", [DIMENSION_NAMES.get(x, x) for x in finding.symptoms]), ("Causes", [DIMENSION_NAMES.get(x, x) for x in finding.causes]),
        ("Practices", [DIMENSION_NAMES.get(x, x) for x in finding.practices]), ("Initiatives", _with_quarter(story, finding.initiatives)),
    ]  # fmt: skip
    links = Markup("").join(
        Markup("<span><em>{}</em> {}</span>").format(name, text_of(joined(items, most=3))) for name, items in chain if items
    )
    evidence = bullets(
        text_of(f"{one.what}: {one.value}{' ' + one.unit if one.unit else ''}{' – ' + one.source if one.source else ''}") for one in finding.evidence
    )
    return Markup('<li><p class="statement">{}</p><p class="chain">{}</p><details><summary>Evidence</summary>{}</details></li>').format(
        text_of(finding.statement), links, evidence
    )


def _with_quarter(story: Story, initiatives: tuple[str, ...]) -> list[str]:
    """Join each initiative's name with when the plan does it and what it costs."""
    planned = {one.initiative: f"{one.start} to {one.finish}, {money(one.capex, story.currency)}" for one in story.roadmap.scheduled}
    return [f"{name} ({planned[i]})" if i in planned else name for i, name in zip(initiatives, story.names(initiatives), strict=True)]


def action_state(action: Action, as_of: date) -> str:
    """Say how a promise stands as of a day."""
    if action.status == "done":
        return f"done on {day(action.done_on)}" if action.done_on else "done"
    if action.status == "dropped":
        return "dropped"
    return "overdue" if action.due and action.due < as_of else "open"


def subject_name(story: Story, subject: str) -> str:
    """Return the name of what a decision is about: an initiative, a risk, or its id."""
    names = {one.id: one.name for one in story.record.initiatives} | {one.id: one.name for one in story.record.facts.risks}
    return names.get(subject, subject)


def since_message(story: Story) -> str:
    """Return the message of the page on what changed since last time."""
    a = story.assessment
    earlier = {one.id for one in story.record.rounds if one.as_of < a.as_of}
    actions = [one for one in story.record.actions if one.round in earlier]
    done = sum(one.status == "done" for one in actions)
    up = sum(one.now - one.before >= 0.1 for one in a.movements)
    down = sum(one.before - one.now >= 0.1 for one in a.movements)
    kept = f"{capital(number_word(done))} of {count(len(actions), 'promise')} kept" if actions else ""
    moved = f"{count(up, 'score')} up and {number_word(down)} down" if a.movements else ""
    return "; ".join(x for x in (kept, moved) if x) or "What was decided last time"
