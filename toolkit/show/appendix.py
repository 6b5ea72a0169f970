"""The assessment's appendix: how it was made, how sure it is, and what could not be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import Assessment, DimensionResult, GroupResult
from toolkit.assess.wording import UNKNOWN, percent, score
from toolkit.client.constructs import BY_ID
from toolkit.show.assessment_charts import shown_groups
from toolkit.show.assessment_text import MODES
from toolkit.show.page import lines, missing, paragraph, table

if TYPE_CHECKING:
    from toolkit.show.story import Story

METHOD = (
    "Answers run from 1 to 5; “don’t know” and blanks are missing, never a number. A person’s score on an area is the "
    "mean of the questions answered, if at least half were; a group’s score is the mean of its people. Maturity is the "
    "mean of business and IT, and its level the whole number below. The gap is business minus IT."
)
CONFIDENCE = (
    "A clear difference: the chance of a false alarm over all areas is held at 5 % (exact permutation test, "
    "Benjamini–Hochberg), and the gap is half a point or more. A likely difference: the 95 % interval (Welch, corrected "
    "for the share of people who answered) excludes zero, and the gap is half a point or more. Anything else is too close to call."
)
CONFIDENTIALITY = (
    "Answers of a surveyed group are confidential, not anonymous: the consultant holds them. A surveyed group is shown only "
    "when enough of its people answered, and only as a group. Where every member of a group gave the same answer, the group’s "
    "score reveals it. A group of two to four answers with one agreed position, and a single person answers by role; both are on the record."
)
LINKS = "Which cause feeds which symptom is the questionnaire’s reasoning, not a measurement at this client."


def appendix_parts(story: Story) -> list[Markup]:
    """Return the appendix's parts, in order; one whose input is missing is left out."""
    a = story.assessment
    return [
        Markup("<h3>What could not be judged</h3>"), _not_judged(a),
        *([Markup("<h3>Response and confidentiality</h3>"), _groups(a), paragraph(CONFIDENTIALITY)] if a.groups else []),
        *([Markup("<h3>Scores and how sure they are</h3>"), _statistics(a), paragraph(METHOD), paragraph(CONFIDENCE), paragraph(LINKS)]
          if a.scored or any(x.scores for x in a.symptoms) else []),
        *_provider(a), *_adjustments(story), *_questions(story), Markup("<h3>Initiatives</h3>"), _initiatives(story),
    ]  # fmt: skip


def _not_judged(a: Assessment) -> Markup:
    rows = [(one.what, one.why, one.needs) for one in a.not_judged]
    return table(("What", "Why", "What would allow it"), rows, "What could not be judged") or paragraph(
        "Everything the method covers could be judged."
    )


def _groups(a: Assessment) -> Markup:
    rows = [
        (one.label, MODES[one.mode], one.invited or UNKNOWN, UNKNOWN if one.answered is None else one.answered,
         percent(one.response_rate) if one.response_rate is not None else "–", "yes" if one.shown else "no: " + one.hidden_because)
        for one in a.groups
    ]  # fmt: skip
    return table(
        ("Group", "How it answers", "Invited", "Answered", "Response", "Shown"),
        rows,
        "Response and what is shown",
        (2, 3, 4),
    )


def _statistics(a: Assessment) -> Markup:
    groups = shown_groups(a)
    header = (
        "Dimension",
        *(f"{g.label} (n, spread)" for g in groups),
        "Gap and 95 % interval",
        "p and q",
        "Cliff’s δ",
        "In words",
    )
    rows = [
        (x.dimension.name, *(_score_cell(x, g) for g in groups), *_gap_cells(x))
        for x in (*a.areas, *a.symptoms)
        if x.scores
    ]
    return table(header, rows, "Scores, gaps and their uncertainty", range(1, len(header) - 1), css="dense")


def _score_cell(row: DimensionResult, group: GroupResult) -> str:
    one = row.scores.get(group.group)
    if one is None:
        return "–"
    if group.is_position:
        return f"{score(one.mean)} (position)"
    return f"{one.mean:.2f} ({one.n}, {'–' if one.spread is None else f'{one.spread:.2f}'})"


def _gap_cells(row: DimensionResult) -> tuple[object, ...]:
    gap = row.gap
    if gap is None:
        return "–", "–", "–", "one group only"
    interval = "" if gap.low is None or gap.high is None else f"{_exact(gap.low)} to {_exact(gap.high)}"
    chances = [
        f"{name} {'< .001' if x < 0.001 else f'{x:.3f}'}"
        for name, x in (("p", gap.p), ("q", gap.q))
        if x is not None
    ]
    return (
        lines(_exact(gap.value), interval),
        lines(*chances),
        "–" if gap.delta is None else _exact(gap.delta),
        gap.word or gap.because,
    )


def _exact(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _provider(a: Assessment) -> list[Markup]:
    provider = a.group("provider")
    if provider is None or not provider.shown:
        return []
    rows = [
        (x.dimension.name, score(x.scores["provider"].mean))
        for x in (*a.areas, *a.symptoms)
        if "provider" in x.scores
    ]
    if not rows:
        return []
    return [Markup("<h3>The outsourced provider</h3>"), table(("Dimension", provider.label), rows, "The outsourced provider’s view", (1,)),
            paragraph("The provider’s view stands beside the others; it is part of no gap and no maturity.")]  # fmt: skip


def _adjustments(story: Story) -> list[Markup]:
    made = story.assessment.adjustments
    if not made:
        return []
    rows = [
        (
            BY_ID[one.subject].name if one.subject in BY_ID else one.subject,
            one.kind,
            "–" if one.value is None else f"{one.value:g}",
            one.reason,
        )
        for one in made
    ]
    return [Markup("<h3>The consultant’s adjustments</h3>"), table(("Subject", "Kind", "Value", "Reason"), rows, "Adjustments and their reasons", (2,)),
            paragraph("Adjustments are proposals on the record; the computed scores above are unchanged by them.")]  # fmt: skip


def _questions(story: Story) -> list[Markup]:
    questionnaire = story.record.questionnaire_of(story.record.round(story.assessment.round))
    if questionnaire is None:
        return []
    rows = [
        (BY_ID[q.dimension].name, q.text, q.text_it or "as for business") for q in questionnaire.questions
    ]
    body = table(("Dimension", "Question", "Wording for IT"), rows, f"Questions of {questionnaire.title}")
    return [
        Markup("<h3>What was asked</h3>"),
        Markup("<details><summary>All {} questions</summary>{}</details>").format(str(len(rows)), body),
    ]


def _initiatives(story: Story) -> Markup:
    rows = [(one.name, one.status or UNKNOWN, one.owner_business or UNKNOWN, one.owner_it or UNKNOWN,
             UNKNOWN if one.capex is None else f"{one.capex:,.0f}", UNKNOWN if one.finish is None else one.finish.isoformat(),
             one.description or "") for one in story.record.initiatives]  # fmt: skip
    if not rows:
        return missing(
            "No initiatives are recorded.", "Import them from a spreadsheet, or enter them in the record."
        )
    body = table(
        (
            "Initiative",
            "Status",
            "Business owner",
            "IT owner",
            f"Capital, {story.currency}",
            "Completion",
            "Description",
        ),
        rows,
        "All initiatives as recorded",
        (4,),
    )
    return Markup("<details><summary>All {} initiatives as recorded</summary>{}</details>").format(
        str(len(rows)), body
    )
