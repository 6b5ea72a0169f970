"""The roadmap's sentences: slide titles and notes, each computed from the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import GoalTrace
from toolkit.assess.trace import live
from toolkit.client.calendar import Quarter
from toolkit.client.models import Impact, Initiative
from toolkit.html.markup import lines, paragraph, table, text_of, unbroken
from toolkit.method import SOON_DAYS
from toolkit.plan import Roadmap
from toolkit.plan.assumptions import before_text, begins_before, how_many, spent_before, uncounted_text
from toolkit.plan.payback import after_text, share_known
from toolkit.plan.roadmap import Scheduled
from toolkit.show.assessment_text import SYMPTOM_NAMES
from toolkit.show.risk_answers import answer_to
from toolkit.words import (
    UNKNOWN,
    capital,
    count,
    excerpt,
    inside,
    joined,
    money,
    number_word,
    percent,
    plain,
    recorded_percent,
)

if TYPE_CHECKING:
    from toolkit.show.story import Story


def _verb(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def goals_title(story: Story) -> str:
    """Return the goals slide's title."""
    goals = story.assessment.goals
    served: list[GoalTrace] = [goal for goal in goals if goal.initiatives]
    how_many = capital(count(len(goals), "goal"))
    drives = _verb(len(goals), "drives", "drive")
    if len(served) == len(goals):
        tail = "today’s initiatives serve every one" if len(goals) > 1 else "today’s initiatives serve it"
    elif not live(story.record):
        tail = "no initiative is open" if story.record.initiatives else "no initiative is on record"
    else:
        tail = f"today’s initiatives serve {number_word(len(served))}"
    return f"{how_many} {drives} the {_coming(story)}, and {tail}"


def _span(story: Story) -> str:
    quarters = story.roadmap.quarters
    return count(quarters // 4, "year") if quarters % 4 == 0 else count(quarters, "quarter")


def _coming(story: Story) -> str:
    """Name the time planned as what comes: "next two years", "next quarter"."""
    return {1: "next quarter", 4: "next year"}.get(story.roadmap.quarters, f"next {_span(story)}")


def cost_title(story: Story) -> str:
    """Return the cost slide's title: the largest agreed cost, else the largest claimed one."""
    impacts = story.record.facts.impact
    agreed = [one for one in impacts if one.agreed_by]
    worst = max(agreed or impacts, key=lambda one: (one.likely, one.id))
    standing = f"agreed by {worst.agreed_by}" if agreed else "claimed, and not yet agreed"
    return f"“{excerpt(worst.name, 80)}” costs about {money(worst.likely, story.currency)} a year, {excerpt(standing, 50)}"


def cost_body(story: Story, impacts: Sequence[Impact], most: int) -> list[Markup]:
    """Return the table of business impacts, agreed before claimed, and what must be said of it."""
    rows = [
        (
            excerpt(one.name, 60),
            SYMPTOM_NAMES[one.symptom],
            money(one.low),
            money(one.likely),
            money(one.high),
            excerpt(f"agreed by {one.agreed_by}" if one.agreed_by else "claimed, not agreed", 40),
        )
        for one in impacts[:most]
    ]
    header = ("Cost", "Symptom", "Low", "Likely", "High", "Standing")
    body = [table(header, rows, f"A year, in {story.currency}", (2, 3, 4))]
    if any(one.overlaps for one in impacts):
        body.append(paragraph("Figures that count some of the same money are never added up.", css="note"))
    if len(impacts) > most:
        body.append(
            paragraph(f"{capital(count(len(impacts) - most, 'further cost'))} in the assessment.", css="note")
        )
    return body


def risks_title(story: Story) -> str:
    """Return the risk slide's title: how many deadlines are near, and how many risks nothing sure answers in time."""
    risks = story.record.facts.risks
    kinds = Counter(answer_to(story, one.id).kind for one in risks)
    soon = sum(
        one.due is not None and 0 <= (one.due - story.assessment.as_of).days <= SOON_DAYS for one in risks
    )
    first = (
        f"{capital(count(soon, 'deadline'))} {_verb(soon, 'falls', 'fall')} within a year"
        if soon
        else f"{capital(count(len(risks), 'risk'))} {_verb(len(risks), 'is', 'are')} on the list"
    )
    none, waits, late, loose = (kinds[kind] for kind in ("none", "waits", "too late", "not counted"))
    parts = [f"{_verb(none, 'has', 'have')} no answer"] if none else []
    parts += [f"{_verb(waits, 'waits', 'wait')} outside the plan"] if waits else []
    parts += [f"{_verb(late, 'is', 'are')} answered too late"] if late else []
    parts += [f"{_verb(loose, 'rests', 'rest')} on work that the plan does not count"] if loose else []
    if not parts and kinds["unless"]:
        return f"{first}; work on each is named or done, but the fixed work does not all fit"
    if not parts:
        return f"{first}, and {'every risk listed is answered or accepted' if kinds['accepted'] else 'work on every risk listed is named'}"
    numbers = [number_word(n) for n in (none, waits, late, loose) if n]
    numbers[0] += f" of {count(len(risks), 'risk')} listed"
    return f"{first}; {joined([f'{n} {part}' for n, part in zip(numbers, parts, strict=True)])}"


def plan_title(story: Story) -> str:
    """Return the plan-on-a-page's title: how much begins in the first year, and when the last is done."""
    scheduled, year = story.roadmap.scheduled, story.roadmap.start.year
    first = sum(one.start.year <= year for one in scheduled)
    last = max(one.finish for one in scheduled)
    if len(scheduled) == 1:
        return f"One initiative is planned, and done in {last}"
    begin = "All" if first == len(scheduled) else capital(number_word(first)) + " of"
    return f"{begin} {count(len(scheduled), 'initiative')} start by the end of FY{year}; the last is done in {last}"


def money_title(story: Story) -> str:
    """Return the money slide's title: the fullest year against what it allows."""
    limits = [(one.year, limit) for one in story.roadmap.years for limit in one.limits if limit.available]
    currency = story.currency
    total = sum(one.capex + one.opex for one in story.roadmap.years)
    if not limits:
        return f"The plan spends {money(total, currency)} over {_span(story)}{_unseen(story)}"
    year, tight = max(limits, key=lambda one: (one[1].spent / one[1].available, -one[0]))
    what = {
        "all": f"FY{year} is fullest",
        "capital": f"capital is tightest in FY{year}",
        "running": f"running costs are tightest in FY{year}",
    }[tight.holds]
    return f"The plan spends {money(total, currency)} over {_span(story)}; {what}, at {_share_used(tight.spent / tight.available)} of what may be spent{_unseen(story)}"


def _share_used(share: float) -> str:
    """Write a share as a percentage that says 100 only where nothing is left."""
    return percent(0.99) if 0.99 < share < 1 - 1e-9 else percent(share)


def _unseen(story: Story) -> str:
    """Return what a title that says how full a budget is must add: what the budget has not seen."""
    start = story.roadmap.start
    if not before_text(story.planned, story.roadmap):
        return _but_for(story)
    before = money(spent_before(story.planned, start), story.currency)
    return f"{_but_for(story)}; {before} spent before {start} is not counted"


def money_notes(story: Story) -> Markup:
    """Say what the work costs to run once done, what it pays back, and what the money does not count."""
    said = [
        *_uncounted(story),
        *_outside(story),
        *_running_after(story),
        *_paid_back(story),
        *story.roadmap.money_notes,
    ]
    return paragraph(text_of(" ".join(said)), css="note") if said else Markup("")


def _uncounted(story: Story) -> list[str]:
    """Name the commitments that no limit shown has seen."""
    said = uncounted_text(story.record, story.roadmap.commitments, story.roadmap.uncounted, most=5, size=44)
    return [f"{capital(said)}."] if said else []


def _but_for(story: Story) -> str:
    """Return what a title that says how full a limit is must add: the commitments that it has not seen."""
    uncounted = story.roadmap.uncounted
    return f"; {how_many(story.roadmap.commitments, uncounted)}" if uncounted else ""


def _outside(story: Story) -> list[str]:
    """Say how much of the plan's capital is in no year shown, so that its sum and theirs can be reconciled."""
    scheduled, years = story.roadmap.scheduled, story.roadmap.years
    if not scheduled or not years:
        return []
    total = sum(one.capex for one in scheduled)
    outside = total - sum(one.capex for one in years)
    if outside < 0.001 * total or not outside:
        return []
    first, last = years[0].year, years[-1].year
    early = any(one.start < story.roadmap.start for one in scheduled)
    late = any(story.roadmap.end < one.finish for one in scheduled)
    before = f"FY{first}" if story.roadmap.start.number == 1 else str(story.roadmap.start)
    after = f"FY{last}" if story.roadmap.end.number == 4 else str(story.roadmap.end)
    when = (
        f"before {before} or after {after}"
        if early and late
        else f"after {after}"
        if late
        else f"before {before}"
    )
    return [
        f"Of the {money(total, story.currency)} of capital in all, {money(outside, story.currency)} falls {when}."
    ]


def _running_after(story: Story) -> list[str]:
    after = story.roadmap.running_after
    return [after_text(story.roadmap, after, story.currency)] if after and story.roadmap.scheduled else []


def _paid_back(story: Story) -> list[str]:
    """Say what is known of payback and net present value, and for how much of the plan nothing is."""
    worth, total = story.roadmap.worth, len(story.roadmap.scheduled)
    if not worth:
        return ["What the work pays back is not known."] if total else []
    back = sum(one.payback is not None for one in worth)
    never, rest = len(worth) - back, total - len(worth)
    paid = f"{number_word(back)} {_verb(back, 'pays', 'pay')} back within five years of completion"
    not_paid = f", {number_word(never)} {_verb(never, 'does', 'do')} not" if never and back else ""
    known = f"{capital(number_word(len(worth)))} of {count(total, 'initiative')} {_verb(len(worth), 'has', 'have')} known benefits"
    said = [f"{known}: {paid}{not_paid}."]
    present = [one.npv for one in worth if one.npv is not None]
    rate = story.record.facts.profile.discount_rate
    if present and rate is not None:
        said.append(
            f"Over these five years, at {recorded_percent(rate)} a year, {_verb(len(worth), 'it is', 'they are')} worth "
            f"{money(sum(present), story.currency)} at the plan’s start."
        )
    if rest:
        said.append(share_known(story.roadmap))
    return [" ".join([*said, *_in_spite(story)])]


def _in_spite(story: Story) -> list[str]:
    """Name the work that does not earn its money, each with why it is planned all the same."""
    names = {one.id: one.name for one in story.record.initiatives}
    losing = [one for one in story.roadmap.worth if one.because]
    if not losing:
        return []
    each = [f"“{excerpt(names[one.initiative], 36)}” ({excerpt(one.because, 64)})" for one in losing]
    return [
        f"Payback less than {_verb(len(losing), 'it costs', 'they cost')}, and planned all the same: {joined(each, most=2)}."
    ]


def full_quarters(roadmap: Roadmap) -> dict[str, list[str]]:
    """Return, for each role that is ever fully used, the quarters in which it is."""
    full: dict[str, list[str]] = {}
    for one in roadmap.loads:
        if one.full:
            full.setdefault(one.role, []).append(str(one.quarter))
    return full


def people_title(story: Story) -> str:
    """Return the people slide's title: which roles are fully used, and for how long."""
    full = {role: len(quarters) for role, quarters in full_quarters(story.roadmap).items()}
    if not full:
        used = max(
            (one for one in story.roadmap.loads if one.capacity),
            key=lambda one: (one.load / (one.capacity or 1), one.role),
        )
        return f"No role is fully used; {inside(used.role)} comes closest, at {percent(used.load / (used.capacity or 1))} in {used.quarter}{_but_for(story)}"
    most = max(full.values())
    longest = [inside(role) for role in sorted(full) if full[role] == most]
    when = f"{number_word(most)} of {count(story.roadmap.quarters, 'quarter')}"
    if len(full) == 1:
        return f"One role is fully used at some time: {longest[0]}, in {when}{_but_for(story)}"
    who = f"none in more than {when}" if len(longest) > 2 else f"{joined(longest)} in {when}"
    return f"{capital(number_word(len(full)))} roles are fully used at some time, {who}{_but_for(story)}"


def people_notes(story: Story) -> Markup:
    """Say whether more people would bring more work in, and what the people do not count."""
    said = [*_uncounted(story), *_more_people(story), *story.roadmap.people_notes]
    return paragraph(text_of(" ".join(said)), css="note") if said else Markup("")


def _more_people(story: Story) -> list[str]:
    explained = story.roadmap.explained
    if not explained or not explained.grid.capacity or not story.roadmap.deferred:
        return []
    most = max(explained.grid.capacity)
    helped = [i for i, found in explained.changes.items() if any(one.kind == "capacity" for one in found)]
    if not helped:
        return [
            f"Up to {plain(most)} FTE more in any one role would bring no further initiative in: other limits bind first."
        ]
    names = joined([f"“{excerpt(name, 44)}”" for name in story.names(sorted(helped))], most=3)
    return [f"More people in one role would bring in {names}."]


FIXED = {
    "": "starts: it is chosen",
    "in progress": "goes on: it is under way",
    "mandatory": "starts: it is mandatory",
    "decided": "starts: it is approved",
    "pinned": "starts: it is pinned",
}


def last_title(story: Story) -> str:
    """Return the last slide's title: how many decisions are asked for, and what starts in the first 90 days."""
    asked = f"{capital(count(len(story.asks), 'decision'))} today" if story.asks else ""
    begun = first_title(story) if first_steps(story) else ""
    return "; ".join(filter(None, (asked, inside(begun) if asked else begun)))


def first_kicker(story: Story) -> str:
    """Name the time of the first steps, as a heading: the first 90 days, or a first quarter that is not in them."""
    return "First quarter of the plan" if _begins_elsewhere(story) else "First 90 days"


def _begins_elsewhere(story: Story) -> bool:
    """Whether the plan's first quarter is over by the round's day, or more than one whole quarter lies between."""
    fiscal = story.record.facts.profile.fiscal
    tomorrow = Quarter.of(story.assessment.as_of + timedelta(days=1), fiscal)
    return (
        bool(begins_before(story.record, story.assessment.as_of, story.roadmap.start))
        or story.roadmap.start.index - tomorrow.index > 1
    )


def _first(story: Story) -> list[Scheduled]:
    """Return what starts or goes on in the plan's first quarter, what is worth most first."""
    begin = story.roadmap.start
    first = [one for one in story.roadmap.scheduled if one.start <= begin <= one.finish]
    return sorted(first, key=lambda one: (-one.value, one.initiative))


def _going_on_uncounted(story: Story) -> list[Initiative]:
    """Return the work under way that the plan does not count, unless it is known to end before the plan begins."""
    begins = story.roadmap.start.first_day(story.record.facts.profile.fiscal)
    return [
        one
        for one in story.record.initiatives
        if one.id in story.roadmap.uncounted
        and one.status == "in progress"
        and (one.finish is None or one.finish >= begins)
    ]


def first_steps(story: Story) -> list[tuple[Markup, Markup, Markup]]:
    """Return what starts or goes on in the plan's first quarter, with its owners and why; missing owners are said."""
    if story.roadmap.kind != "optimised":
        return []
    by_id = {one.id: one for one in story.record.initiatives}
    rows = [
        (
            _begun(initiative, FIXED[one.fixed or ""]),
            unbroken(str(one.start))
            if one.start == one.finish
            else Markup("<br>").join((unbroken(f"{one.start} to"), unbroken(str(one.finish)))),
            _owners(initiative),
        )
        for one in _first(story)
        for initiative in [by_id[one.initiative]]
    ]
    rows += [
        (
            _begun(one, f"{FIXED['in progress']}; not counted"),
            unbroken(f"since {one.start}" if one.start else UNKNOWN),
            _owners(one),
        )
        for one in _going_on_uncounted(story)
    ]
    return rows


def _begun(one: Initiative, why: str) -> Markup:
    return Markup('{}<span class="why">{}</span>').format(text_of(excerpt(one.name, 60)), why)


def _owners(one: Initiative) -> Markup:
    return lines(
        excerpt(one.owner_business or f"business: {UNKNOWN}", 42),
        excerpt(one.owner_it or f"IT: {UNKNOWN}", 42),
    )


def first_title(story: Story) -> str:
    """Return the title of the first 90 days."""
    first = _first(story)
    new = sum(one.fixed != "in progress" for one in first)
    under_way = len(first) - new + len(_going_on_uncounted(story))
    parts = [f"{count(new, 'initiative')} {_verb(new, 'starts', 'start')}"] if new else []
    parts += (
        [f"{number_word(under_way)} already under way {_verb(under_way, 'goes', 'go')} on"]
        if under_way
        else []
    )
    elsewhere = f"In {story.roadmap.start}, the plan’s first quarter,"
    return f"{elsewhere if _begins_elsewhere(story) else 'In the first 90 days'} {joined(parts)}"
