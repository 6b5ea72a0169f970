"""The assessment's tables: who answered, costs, spending, risks and measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import DimensionResult
from toolkit.assess.standing import Standing
from toolkit.client.models import Impact, Initiative
from toolkit.html.markup import headed, missing, paragraph, table, text_of, unbroken
from toolkit.plan.risk_answers import not_counted
from toolkit.show import assessment_text as text
from toolkit.show import goal_charts, goals_text
from toolkit.show.page import Exhibit
from toolkit.words import UNKNOWN, day, joined, money, percent, score, stated

if TYPE_CHECKING:
    from toolkit.show.story import Story


def who_answered(story: Story) -> Markup:
    """Return who was asked and who answered, by group; or that nobody was."""
    a = story.assessment
    if not a.groups:
        return missing(
            "Nobody has been asked yet.",
            "This assessment rests on the client's own records. " + text.survey_wanted(story),
        )
    rows = [
        (one.label, text.MODES[one.mode], f"{one.invited:,}" if one.invited else UNKNOWN, UNKNOWN if one.answered is None else f"{one.answered:,}",
         percent(one.response_rate) if one.response_rate is not None else "–",
         "shown" if one.shown else one.hidden_because)
        for one in a.groups
    ]  # fmt: skip
    notes = [paragraph(text_of(one.note), css="note") for one in a.groups if one.note]
    return (
        story.proxy_note()
        + table(
            ("Group", "How it answered", "Invited", "Answered", "Response", "Scores"),
            rows,
            "Who answered, by group",
            (2, 3, 4),
        )
        + Markup("").join(notes)
    )


def costs(story: Story) -> Markup:
    """Return the business impacts, agreed before claimed."""
    impacts = story.record.facts.impact
    if not impacts:
        return missing(
            "No cost has been put on any symptom.",
            "It would take a low, a likely and a high figure a year, with its source, and a finance lead who agrees to it.",
        )
    rows = [
        (one.name, text.SYMPTOM_NAMES[one.symptom], money(one.low), money(one.likely), money(one.high),
         headed(f"agreed by {one.agreed_by}" if one.agreed_by else "claimed, not agreed", _shared(impacts, one)),
         headed(one.source or UNKNOWN, one.worksheet))
        for one in sorted(impacts, key=lambda one: (one.agreed_by is None, -one.likely, one.id))
    ]  # fmt: skip
    overlapping = any(one.overlaps for one in impacts)
    note = "Figures that count some of the same money are never added up. " if overlapping else ""
    return table(
        ("Cost", "Symptom", "Low", "Likely", "High", "Standing", "Source"), rows,
        f"Business impact a year, {story.currency}", (2, 3, 4),
    ) + paragraph(note, "Agreed and claimed figures are kept apart.", css="note")  # fmt: skip


def _shared(impacts: Sequence[Impact], one: Impact) -> str:
    """Say which other costs count some of the same money, whichever of the two says so."""
    others = [x.name for x in impacts if x.id != one.id and (x.id in one.overlaps or one.id in x.overlaps)]
    return f"counts some of the same money as {joined([f'“{name}”' for name in others])}" if others else ""


def spend(story: Story) -> Markup | Exhibit:
    """Return spending by purpose, or what it would take to show it."""
    if not goal_charts.complete_years(story.record):
        recorded = bool(story.record.facts.spend)
        return missing(
            "IT spending is recorded, but not split by purpose in any year."
            if recorded
            else "No IT spending is recorded.",
            "Spending of a year, split into run, grow, transform and protect, shows what is left for strategy.",
        )
    return goal_charts.spend_by_purpose(story.record, goals_text.spend_message(story))


def risks(story: Story) -> Markup:
    """Return risks and deadlines, soonest first, with what answers each."""
    listed = sorted(
        story.record.facts.risks,
        key=lambda one: (one.due is None, one.due or story.assessment.as_of, one.id),
    )
    if not listed:
        return missing(
            "No risks or deadlines are recorded.",
            "Contract renewals, end-of-life systems, insurance and compliance dates belong here.",
        )
    rows = [
        (
            headed(one.name, one.kind),
            unbroken(day(one.due) if one.due else UNKNOWN),
            one.consequence or UNKNOWN,
            one.owner or UNKNOWN,
            _answers(story, one.id) or Markup("<strong>none</strong>"),
        )
        for one in listed
    ]
    return table(
        ("Risk or deadline", "Due", "If nothing is done", "Owner", "Initiative"),
        rows,
        "By date, soonest first",
    )


def _answers(story: Story, risk: str) -> str:
    """Name the work that settles a risk, and say of open work that no plan holds what becomes of it."""
    return joined([
        f"{one.name}{_beside_plan(story, one)}"
        for one in story.record.initiatives
        if risk in one.settles and one.status != "stopped"
    ])  # fmt: skip


def _beside_plan(story: Story, one: Initiative) -> str:
    roadmap, aside = story.roadmap, Standing(story.record, story.assessment.as_of).set_aside
    if one.status == "done" or one.id in {each.initiative for each in roadmap.scheduled}:
        return ""
    if one.id in roadmap.uncounted:
        return f" ({not_counted(one)})"
    if roadmap.kind == "optimised":
        return " (not in the plan)"
    return f" ({aside[one.id]})" if one.id in aside else ""


def kpis(story: Story) -> Markup:
    """Return the measures with their owners and figures."""
    measures = story.record.facts.kpis
    if not measures:
        return missing(
            "No measures are recorded.",
            "A measure has a unit, a baseline, a target, dated readings and an owner on both sides.",
        )
    goals = {goal.kpi: goal for goal in reversed(story.record.facts.goals) if goal.kpi}
    rows = [goals_text.kpi_row(one, goals.get(one.id)) for one in measures]
    return table(
        ("Measure", "Owners", "Baseline", "Latest", "Target"),
        rows,
        "Latest reading beside baseline and target; owners on both sides",
        (2, 3, 4),
    )


def open_note(story: Story) -> Markup:
    """Say that answers may still come in, so that this is a draft; nothing once the round is closed."""
    if not story.assessment.open_for_answers:
        return Markup("")
    return missing(
        "Draft: this round is still open.",
        "Answers may still come in. Close the round before handing this out, or a later issue could give single answers away.",
    ) + earlier_draft_note(story)


def earlier_draft_note(story: Story) -> Markup:
    """Say that this draft and an earlier one must not both be shown; nothing where they may."""
    return missing("Not beside an earlier draft.", story.draft_note) if story.draft_note else Markup("")


def adjusted_note(story: Story, rows: Sequence[DimensionResult]) -> Markup:
    """Say which scores the consultant adjusted, from what to what; nothing where none is."""
    names = {one.group: one.label for one in story.assessment.groups}
    said = [
        f"{row.dimension.name}, {names[group]}: {stated(one.mean)}, computed {score(one.computed)}"
        for row in rows
        for group, one in row.scores.items()
        if one.computed is not None
    ]
    return paragraph(text_of(f"Adjusted by the consultant, reasons in the appendix: {'; '.join(said)}."), css="note") if said else Markup("")  # fmt: skip
