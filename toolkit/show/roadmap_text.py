"""The roadmap's sentences: slide titles and notes, each computed from the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import GoalTrace
from toolkit.assess.wording import UNKNOWN, capital, count, inside, joined, money, number_word, percent, words
from toolkit.client.facts import Impact
from toolkit.plan.table import proof as how_good_it_is
from toolkit.show.assessment_text import SYMPTOM_NAMES
from toolkit.show.page import lines, missing, paragraph, table, text_of, unbroken

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
    else:
        tail = f"today’s initiatives serve {number_word(len(served))}"
    return f"{how_many} {drives} the next {_span(story)}, and {tail}"


def _span(story: Story) -> str:
    quarters = story.roadmap.quarters
    return count(quarters // 4, "year") if quarters % 4 == 0 else count(quarters, "quarter")


def cost_title(story: Story) -> str:
    """Return the cost slide's title: the largest agreed cost, else the largest claimed one."""
    impacts = story.record.facts.impact
    agreed = [one for one in impacts if one.agreed_by]
    worst = max(agreed or impacts, key=lambda one: (one.likely, one.id))
    standing = "agreed by finance" if agreed else "claimed, and not yet agreed"
    standing = f"agreed by {worst.agreed_by}" if agreed else standing
    return f"{words(worst.name, 80)} costs about {money(worst.likely, story.currency)} a year, {words(standing, 50)}"


def cost_body(story: Story, impacts: Sequence[Impact], most: int) -> list[Markup]:
    """Return the table of business impacts, agreed before claimed, and what must be said of it."""
    rows = [
        (
            words(one.name, 60),
            SYMPTOM_NAMES[one.symptom],
            money(one.low),
            money(one.likely),
            money(one.high),
            words(f"agreed by {one.agreed_by}" if one.agreed_by else "claimed, not agreed", 40),
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


def settled_by(story: Story, risk: str) -> str:
    """Say what answers a risk: planned work and when it is done, leadership's acceptance, or nothing yet."""
    if any(one.subject == risk and one.decision == "accept risk" for one in story.record.decisions):
        return "accepted by leadership"
    work = [one for one in story.record.initiatives if risk in one.settles and one.status != "stopped"]
    finish = {one.initiative: str(one.finish) for one in story.roadmap.scheduled}
    planned = [f"{one.name} (done {finish[one.id]})" for one in work if one.id in finish]
    planned += [f"{one.name} (done)" for one in work if one.status == "done"]
    if planned:
        return joined(planned)
    ranked = story.roadmap.kind == "optimised"
    return (
        f"nothing in the plan: {joined([one.name for one in work])} {'waits' if len(work) == 1 else 'wait'}"
        if work and ranked
        else joined([one.name for one in work]) or "nothing yet"
    )


def risks_title(story: Story) -> str:
    """Return the risk slide's title."""
    risks = story.record.facts.risks
    unanswered = sum(settled_by(story, one.id).startswith("nothing") for one in risks)
    soon = sum(one.due is not None and 0 <= (one.due - story.assessment.as_of).days <= 365 for one in risks)
    first = (
        f"{capital(count(soon, 'deadline'))} {_verb(soon, 'falls', 'fall')} within a year"
        if soon
        else f"{capital(count(len(risks), 'risk'))} {_verb(len(risks), 'is', 'are')} on the list"
    )
    if not unanswered:
        return f"{first}, and work on every risk listed is named"
    return f"{first}; {number_word(unanswered)} of {count(len(risks), 'risk')} listed {_verb(unanswered, 'has', 'have')} no answer"


def ranked_title(story: Story) -> str:
    """Return the ranked list's title."""
    roadmap = story.roadmap
    above, total = len(roadmap.scheduled), len(roadmap.scheduled) + len(roadmap.deferred)
    cost = money(sum(one.capex for one in roadmap.scheduled), story.currency)
    if not roadmap.deferred:
        return (
            f"All {count(total, 'initiative')} fit, for {cost} of capital"
            if total > 1
            else f"The one initiative that can be planned fits, for {cost} of capital"
        )
    return f"{capital(number_word(above))} of {number_word(total)} initiatives fit the money and the people, for {cost} of capital"


def proof(story: Story) -> Markup:
    """Say how good the plan is proven to be, and what it was not limited by."""
    said = how_good_it_is(story.roadmap)
    return paragraph(text_of(" ".join((*said, *story.roadmap.notes))), css="note") if said else Markup("")


def no_ranking_title(story: Story) -> str:
    """Return the title where a ranking would stand, when there is nothing to rank by."""
    roadmap = story.roadmap
    if roadmap.kind == "infeasible":
        return "The fixed commitments collide: something must give way first"
    absent = list(roadmap.why_timeline)
    several = len(absent) > 1 or absent[:1] == ["goals"]
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
    known = sum(one.amount is not None for one in roadmap.timeline)
    after = (
        " The next slide shows the dates that are known."
        if any(one.finish for one in roadmap.timeline)
        else ""
    )
    return missing(
        f"{capital(count(len(roadmap.timeline), 'initiative'))} on record, {number_word(known)} with a known cost.",
        f"To rank them it takes {joined(list(roadmap.why_timeline)) or 'goals and a budget'}.{after}",
    )


def plan_title(story: Story) -> str:
    """Return the plan-on-a-page's title."""
    scheduled = story.roadmap.scheduled
    first = sum(one.start.year == story.roadmap.start.year for one in scheduled)
    last = max(one.finish for one in scheduled)
    return f"{capital(count(len(scheduled), 'initiative'))} by {last}: {number_word(first)} {_verb(first, 'starts', 'start')} in or before FY{story.roadmap.start.year}"


def money_title(story: Story) -> str:
    """Return the money slide's title: the fullest year against what it allows."""
    limits = [(one.year, limit) for one in story.roadmap.years for limit in one.limits if limit.available]
    currency = story.currency
    total = sum(one.capex + one.opex for one in story.roadmap.years)
    if not limits:
        return f"The plan spends {money(total, currency)} over {_span(story)}"
    year, tight = max(limits, key=lambda one: (one[1].spent / one[1].available, -one[0]))
    what = {
        "all": f"FY{year} is fullest",
        "capital": f"capital is tightest in FY{year}",
        "running": f"running costs are tightest in FY{year}",
    }[tight.holds]
    return f"The plan spends {money(total, currency)} over {_span(story)}; {what}, at {percent(tight.spent / tight.available)} of what may be spent"


def money_title_without_plan(story: Story) -> str:
    """Return the money slide's title when there is no plan: what is known of cost."""
    known = [one.capex for one in story.record.initiatives if one.capex is not None]
    total = len(story.record.initiatives)
    if not known:
        return "What the work costs is not known yet"
    return f"{money(sum(known), story.currency)} is the stated cost of {number_word(len(known))} of {count(total, 'initiative')}; no budget by year is recorded"


def people_title(story: Story) -> str:
    """Return the people slide's title: who is fully used, and when."""
    full: dict[str, int] = {}
    for one in story.roadmap.loads:
        if one.capacity and one.load / one.capacity >= 0.95:
            full[one.role] = full.get(one.role, 0) + 1
    if not full:
        used = max(
            (one for one in story.roadmap.loads if one.capacity),
            key=lambda one: (one.load / (one.capacity or 1), one.role),
        )
        return f"No role is fully used; {inside(used.role)} comes closest, at {percent(used.load / (used.capacity or 1))} in {used.quarter}"
    ranked = sorted(full, key=lambda role: (-full[role], role))
    named = [f"{inside(role)} (full in {count(full[role], 'quarter')})" for role in ranked]
    return f"{capital(joined(named, most=2))} {_verb(len(ranked), 'sets', 'set')} the pace"


def below_title(story: Story) -> str:
    """Return the title of what is below the line or cannot be scheduled."""
    deferred, unknown = len(story.roadmap.deferred), len(story.roadmap.unscheduled)
    parts = []
    if deferred:
        parts.append(
            f"{count(deferred, 'initiative')} {_verb(deferred, 'waits', 'wait')}, each for a stated reason"
        )
    if unknown:
        parts.append(
            f"{count(unknown, 'initiative') if not deferred else number_word(unknown)} cannot be planned until {_verb(unknown, 'its', 'their')} cost or duration is known"
        )
    return capital(joined(parts)) if parts else "Nothing is left below the line"


def below_body(story: Story, most: int) -> list[Markup]:
    """Return the tables of deferred and unscheduled initiatives."""
    names = {one.id: one.name for one in story.record.initiatives}
    deferred = sorted(story.roadmap.deferred, key=lambda one: (-one.value, one.initiative))
    unknown = story.roadmap.unscheduled
    room = most if not unknown else max(most - 3, most - len(unknown))
    body = [table(("Deferred", "Capital", "Why"), [(words(names[x.initiative], 60), money(x.capex), words(x.because, 120)) for x in deferred[:room]],
                  "Below the line, by value", (1,))]  # fmt: skip
    left = most - min(len(deferred), room)
    body.append(table(("Not scheduled", "What is missing"), [(words(names[x.initiative], 80), joined(list(x.missing))) for x in unknown[:left]],
                      "Cannot be planned yet"))  # fmt: skip
    hidden = max(len(deferred) - room, 0) + max(len(unknown) - left, 0)
    if hidden:
        body.append(paragraph(f"{capital(count(hidden, 'further initiative'))} in roadmap.csv.", css="note"))
    return [part for part in body if part] or [
        missing("Nothing waits.", "Every initiative on record is in the plan, done or stopped.")
    ]


def first_steps(story: Story, most: int) -> list[tuple[str, Markup, Markup]]:
    """Return what starts in the plan's first quarter, with its owners; missing owners are said."""
    by_id = {one.id: one for one in story.record.initiatives}
    first = [one for one in story.roadmap.scheduled if one.start <= story.roadmap.start]
    first.sort(key=lambda one: (-one.value, one.initiative))
    rows = []
    for one in first[:most]:
        initiative = by_id[one.initiative]
        owners = lines(
            f"{words(initiative.owner_business or UNKNOWN, 42)} (business)",
            f"{words(initiative.owner_it or UNKNOWN, 42)} (IT)",
        )
        rows.append(
            (
                words(initiative.name, 60),
                Markup("<br>").join((unbroken(f"{one.start} to"), unbroken(str(one.finish)))),
                owners,
            )
        )
    return rows


def first_title(story: Story) -> str:
    """Return the title of the first 90 days."""
    first = [one for one in story.roadmap.scheduled if one.start <= story.roadmap.start]
    under_way = sum(one.fixed == "in progress" for one in first)
    new = len(first) - under_way
    parts = [f"{count(new, 'initiative')} {_verb(new, 'starts', 'start')}"] if new else []
    parts += (
        [f"{number_word(under_way)} already under way {_verb(under_way, 'goes', 'go')} on"]
        if under_way
        else []
    )
    return f"In the first 90 days {joined(parts)}"
