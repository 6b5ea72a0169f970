"""The two sides in words: who they are, what each scored, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess import Assessment
from toolkit.assess.assessment import DimensionResult, GroupResult, Score
from toolkit.assess.difference import differs
from toolkit.html.markup import paragraph, text_of
from toolkit.method import GROUPS, SYMPTOMS, Group
from toolkit.words import day, joined, score, stated

if TYPE_CHECKING:
    from toolkit.show.story import Story

MODES = {"survey": "survey, confidential", "consensus": "one agreed position", "named": "one person, by role"}
# Letters of the two sides' names that leave a title room for what it says of them.
_LONGEST = 50
SYMPTOM_NAMES = {symptom.id: symptom.name for symptom in SYMPTOMS}


def survey_source(assessment: Assessment) -> str:
    """Say where the scores come from: the questionnaire, the round and, for a proxy, what it really was."""
    asked = assessment.questionnaire or "survey"
    return f"{asked}, a proxy" if assessment.proxy else f"{asked}, answers as of {day(assessment.as_of)}"


def shown_groups(assessment: Assessment) -> tuple[GroupResult, ...]:
    """Return the groups whose scores may be shown, in the fixed order."""
    return tuple(g for key in GROUPS for g in assessment.groups if g.group == key and g.shown)


def survey_wanted(story: Story) -> str:
    """Say what would let the scores be shown."""
    hidden = [one for one in story.assessment.groups if not one.shown]
    if hidden:
        return " ".join(one.hidden_because for one in hidden)
    return "The alignment questionnaire, answered by business and by IT, would show where the two see things differently."


def differing(story: Story) -> list[DimensionResult]:
    """Areas in which the two sides differ: surely in a sample, or by half a point where one is a position."""
    return [area for area in story.assessment.scored if differs(area)]


def widest_of(rows: list[DimensionResult] | tuple[DimensionResult, ...]) -> DimensionResult | None:
    """Return the row with the widest gap that was measured; None where there is no such gap."""
    gaps = [(abs(row.measured_gap.value), row) for row in rows if row.measured_gap]
    return max(gaps, key=lambda gap: gap[0])[1] if gaps else None


def two_sides(story: Story) -> str:
    """Name the two sides as this client calls them: "business and IT", or their own labels where a title holds them."""
    names = {one.group: one.label for one in story.assessment.groups}
    first, second = names.get("business", "Business"), names.get("it", "IT")
    if (first, second) == ("Business", "IT"):
        return "business and IT"
    both = f"{first} and {second}"
    return both if len(both) <= _LONGEST else "the two sides"


def both_sides(story: Story, row: DimensionResult) -> str:
    """Say what each side scored: "Business 2.1, IT 3.4"."""
    names = {one.group: one.label for one in story.assessment.groups}
    return f"{names.get('business', 'Business')} {score(row.scores['business'].mean)}, {names.get('it', 'IT')} {score(row.scores['it'].mean)}"


def said_by(story: Story, group: Group) -> str:
    """Attribute a score: "by business", "in the IT team's agreed position"."""
    known = story.assessment.group(group)
    if known is None:
        return f"by {group}"
    return f"in {known.voice}" if known.is_position else f"by {known.named}"


def own_scores(row: DimensionResult) -> dict[Group, Score]:
    """Return what business and IT scored; the provider's view counts only where there is no other."""
    return {group: one for group, one in row.scores.items() if group != "provider"} or row.scores


def joint_score(row: DimensionResult) -> float:
    """Return what business and IT score together, as weak areas are judged; of one side alone, its score."""
    own = [score.mean for score in own_scores(row).values()]
    return sum(own) / len(own) if row.maturity is None else row.maturity


def by_joint_score(row: DimensionResult) -> tuple[float, str]:
    """Return what orders scored areas, weakest first: the score of both sides together, then the id."""
    return joint_score(row), row.dimension.id


def weakest(rows: Sequence[DimensionResult]) -> list[DimensionResult]:
    """Return the lowest of scored areas; several where their scores are shown alike."""
    lowest, *others = sorted(rows, key=by_joint_score)
    return [lowest, *(row for row in others if score(joint_score(row)) == score(joint_score(lowest)))]


def scored_by(story: Story, row: DimensionResult) -> str:
    """Say what each side scored, in a sentence: "2.2 by business and 2.0 by IT", "2.2 by both"."""
    own = own_scores(row)
    same = {score(one.mean) for one in own.values()}
    if len(own) > len(same) == 1:
        return f"{same.pop()} by both"
    return joined([f"{score(one.mean)} {said_by(story, group)}" for group, one in own.items()])


def statements_of(story: Story, rule: str) -> list[str]:
    """Return what the findings of a rule say, the weightiest first."""
    return [finding.statement for finding in story.assessment.findings if finding.rule == rule]


def adjusted_scores(story: Story, rows: Sequence[DimensionResult]) -> list[str]:
    """Return which scores the consultant adjusted, from what to what."""
    names = {one.group: one.label for one in story.assessment.groups}
    return [
        f"{row.dimension.name}, {names[group]}: {stated(one.mean)}, computed {score(one.computed)}"
        for row in rows
        for group, one in row.scores.items()
        if one.computed is not None
    ]


def adjusted_note(story: Story, rows: Sequence[DimensionResult]) -> Markup:
    """Say which scores the consultant adjusted, from what to what; nothing where none is."""
    said = adjusted_scores(story, rows)
    return paragraph(text_of(f"Adjusted by the consultant, reasons in the appendix: {'; '.join(said)}."), css="note") if said else Markup("")  # fmt: skip
