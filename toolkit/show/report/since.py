"""Since last time: what was promised and done, what was decided, what moved and whether that is noise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess import reread
from toolkit.assess.assessment import Assessment, Difference, Movement
from toolkit.assess.difference import ONLY_COUNTS, POSITION
from toolkit.assess.statements import Decided
from toolkit.client.calendar import span
from toolkit.html.markup import headed, lines, missing, paragraph, table
from toolkit.method import LIKELY, Group
from toolkit.plan.advice import planned_as
from toolkit.plan.plan_changes import PlanChange, changes
from toolkit.show.page import Page
from toolkit.words import (
    UNKNOWN,
    capital,
    count,
    day,
    difference,
    exact,
    fixed,
    inside,
    joined,
    number_word,
    score,
)

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story

SURE = ("clear difference", "likely difference")


def page(story: AssessmentStory) -> Page:
    """Return the page; in a first round it says that there is nothing to compare with."""
    a = story.assessment
    if not a.previous_round:
        first = missing(
            "Nothing to compare with yet.", "The next round will show what was promised, what was done and what moved."
        )  # fmt: skip
        answered = (Markup("<h3>Decisions</h3>"), decided_table(story)) if a.decided else ()
        title = (
            "This is the first round, and decisions have been taken"
            if answered
            else "This is the first round"
        )
        return story.sheet("since", title, first, *answered)
    return story.sheet("since", since_title(story), since_lead(story), *since_parts(story))


def since_parts(story: Story) -> Iterator[Markup]:
    """Yield each part that says something, under its heading."""
    a = story.assessment
    parts = (
        ("Promises", promises_table(story)),
        ("Decisions", decided_table(story)),
        ("What moved", movements_table(story)),
        ("What cannot be compared", not_compared_table(a)),
        ("What the method changed", reread_table(story)),
        ("What changed in the portfolio", portfolio_table(story)),
    )
    for name, shown in parts:
        if shown:
            yield Markup("<h3>{}</h3>").format(name)
            yield shown


def beyond_noise(a: Assessment) -> tuple[list[Movement], list[Movement]]:
    """Return the movements that are more than noise: those for the better, those for the worse."""
    sure = [one for one in a.movements if one.change.word in SURE]
    return [one for one in sure if _better(one)], [one for one in sure if not _better(one)]


def noise(change: Difference) -> str:
    """Say whether a movement is more than the noise of who happened to answer; why not, where it cannot be said."""
    if change.word is None:
        return change.because
    if change.word == "too close to call":
        if change.q is None:
            return "small or within noise"
        return "small, under half a point" if exact(change.q) <= LIKELY else "within noise"
    return "more than noise" if change.word == "clear difference" else "probably more than noise"


def _better(moved: Movement) -> bool:
    return (moved.change.value < 0) == (moved.dimension.family == "symptom")


def since_title(story: Story) -> str:
    """Return the page's title: promises kept, and what has moved beyond noise."""
    a = story.assessment
    said = [promises_kept(a)] if a.promises else []
    if a.movements:
        better, worse = beyond_noise(a)
        if better or worse:
            sure = all(one.change.word == "clear difference" for one in (*better, *worse))
            how = "clearly" if sure else "probably"
            said.append(
                f"{count(len(better), 'score')} {how} better and {number_word(len(worse))} {how} worse"
            )
        elif all(one.change.word is None for one in a.movements):
            said.append(f"{count(len(a.movements), 'score')} compared, none of which can be tested")
        else:
            said.append("no score has clearly moved")
    elif a.not_compared:
        said.append("no score can be compared")
    return capital("; ".join(said) or f"what was decided{' last time' if a.previous_round else ''}")


def promises_kept(a: Assessment) -> str:
    """Say how many promises of earlier rounds were kept, as a clause; there is at least one."""
    kept = sum(one.state in ("kept", "kept late") for one in a.promises)
    if len(a.promises) > 1:
        return f"{number_word(kept)} of {count(len(a.promises), 'promise')} kept"
    if a.promises[0].state == "open":
        return "the one promise is open"
    return f"the one promise was {'' if kept else 'not '}kept"


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
    if not a.movements:
        return paragraph(f"No score can be compared with {day(a.previous_as_of)}; the reasons are below.")
    groups = [one for one in a.groups if any(m.group == one.group for m in a.movements)]
    by_place: dict[tuple[str, Group], Movement] = {(m.dimension.id, m.group): m for m in a.movements}
    rows = []
    for dimension in dict.fromkeys(m.dimension for m in a.movements):
        moved = [by_place.get((dimension.id, group.group)) for group in groups]
        questions = max(m.questions for m in moved if m)
        rows.append((dimension.name, *(_moved_cell(m) for m in moved), questions))
    header = ("Area", *(group.label for group in groups), "Shared questions")
    caption = f"Scores then and now, since {day(a.previous_as_of)}"
    note = "Changes compare the answers as given, on the questions that both rounds asked, both by today’s method."
    if a.adjustments:
        note += " The consultant’s adjustments are left out."
    note += " Each figure is rounded by itself; where no word stands, the change is small or within noise."
    return table(header, rows, caption, range(1, len(header))) + paragraph(note, css="note")


def moved_text(moved: Movement) -> str:
    """Say what a score was, what it is, and the change: to two decimals, so that they meet."""
    return f"{fixed(moved.before, 2)} → {fixed(moved.now, 2)} ({difference(moved.change.value or 0.0, 2)})"


def _moved_cell(moved: Movement | None) -> object:
    if moved is None:
        return "–"
    told = moved_text(moved)
    if moved.change.word in SURE:
        return lines(told, noise(moved.change))
    return told if moved.change.word else lines(told, "not tested")


def not_compared_table(a: Assessment) -> Markup:
    """Return what has no movement, and why."""
    rows = [(row.what, capital(row.why)) for row in a.not_compared]
    return table(("What", "Why"), rows, f"What cannot be compared with {day(a.previous_as_of)}")


def reread_table(story: Story) -> Markup:
    """Return what today's method reads otherwise than was issued, apart from what the company changed."""
    a = story.assessment
    if story.earlier_findings is None:
        return Markup("")
    rows = [
        (row.dimension, row.what, row.issued, row.today)
        for row in reread(story.record, a.previous_round, story.earlier_findings)
    ]
    if not rows:
        return Markup("")
    note = (
        f"The answers of {day(a.previous_as_of)} are the same; the method has changed since they were issued. Computed again "
        "by today’s method, they read as in the last column. None of this is a change in the company."
    )
    header = ("Dimension", "What", "As issued", "By today’s method")
    return paragraph(note) + table(
        header, rows, f"What the method changed in the round of {day(a.previous_as_of)}"
    )


def plan_changes(story: Story) -> tuple[PlanChange, ...] | None:
    """Return what the plan has changed since the one that it is compared with; None where the two cannot be compared."""
    then, a = story.earlier_plan, story.assessment
    if then is None or not {then.kind, story.roadmap.kind} & {"optimised"}:
        return None
    return changes(story.record, then, story.roadmap, story.compared_with, a.round)


def portfolio_table(story: Story) -> Markup:
    """Return what was finished, entered, left or moved since the plan that was published then; or what is done since."""
    a, since = story.assessment, story.assessment.previous_as_of or story.assessment.as_of
    found = plan_changes(story)
    if found is not None:
        rows = [(change.name, capital(change.what), capital(change.because)) for change in found]
        caption = f"Against the plan published for {day(since)}"
        return table(("Initiative", "What", "Why"), rows, caption) or paragraph(
            f"The plan is the one published for {day(since)}."
        )
    done = [
        (initiative.name, day(initiative.finish))
        for initiative in story.record.initiatives
        if initiative.status == "done" and initiative.finish and since < initiative.finish <= a.as_of
    ]
    note = f"No plan published for {day(since)} can be compared with"
    if not done:
        return paragraph(f"{note}, and no work has a date of completion since then.")
    return paragraph(f"{note}, so only completed work is listed.") + table(
        ("Initiative", "Done on"), done, "Completed since"
    )


def promises_table(story: Story) -> Markup:
    """Return what was promised, by whom, for when, and how it stands."""
    a = story.assessment
    if not a.promises:
        return paragraph("No promise of an earlier round is on record.")
    rows = [
        (
            headed(one.action, one.note),
            joined([x for x in (one.owner_business, one.owner_it) if x]) or UNKNOWN,
            day(one.due) if one.due else UNKNOWN,
            "; ".join(filter(None, (one.stands, planned_as(story.record, story.roadmap, one)))),
        )
        for one in a.promises
    ]
    return table(("Promise", "Owners", "Due", "State"), rows, "By date promised, soonest first")


def decided_table(story: Story) -> Markup:
    """Return what was decided, by whom, and what has come of it."""
    a = story.assessment
    if not a.decided:
        return paragraph("No decision of an earlier round is on record.")
    rows = [
        (
            f"{capital(one.decision)}{one.until}",
            headed(capital(one.subject), one.note),
            day(one.on),
            one.by or UNKNOWN,
            capital(stands_now(story, one) or "stands"),
        )
        for one in a.decided
    ]
    return table(
        ("Decision", "About", "On", "By", "Stands now"),
        rows,
        "In the order decided, with how the initiative stands now",
    )


def stands_now(story: Story, one: Decided) -> str:
    """Say as a clause how what was decided stands: its work's status, what the plan does with it, what it costs now; "" where nothing can be said."""
    later = [
        each for each in story.assessment.decided
        if each.on > one.on and (each.subject, each.work) == (one.subject, one.work)
    ]  # fmt: skip
    if later:
        return f"superseded on {day(max(each.on for each in later))}"
    said = ["not started" if one.outcome == "proposed" else one.outcome] if one.outcome else []
    planned = one.ask or (one.outcome == "proposed" and one.decision in ("approve", "pin"))
    if planned and one.work and story.roadmap.kind == "optimised" and one.outcome not in ("done", "stopped"):
        row = next((each for each in story.roadmap.scheduled if each.initiative == one.work), None)
        if row:
            said.append(f"in the plan, {span(row.start, row.finish, story.record.facts.profile.fiscal)}")
        elif one.work in story.roadmap.uncounted:
            said.append("approved, but the plan cannot count it: its cost, duration or start is not known")
        else:
            said.append("not in the plan")
    return "; ".join([*said, *([one.since] if one.since else [])])
