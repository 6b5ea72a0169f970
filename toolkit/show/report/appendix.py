"""The assessment's appendix: how it was made, how sure it is, and what could not be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import Assessment, Difference, DimensionResult, GroupResult
from toolkit.assess.benchmark import FEWEST, MARGIN
from toolkit.assess.difference import ADJUSTED, BLANKS, ONLY_COUNTS, POSITION
from toolkit.client.edition import BOARD
from toolkit.client.expected_pages import at_once
from toolkit.html.markup import bullets, lines, missing, paragraph, table, text_of
from toolkit.method import BY_ID, CLEAR, CONFIDENCE, HIGHEST, LIKELY, LOWEST, WEAK_BELOW
from toolkit.show.page import Page
from toolkit.show.report.recommendations import evidence_line
from toolkit.show.report.since import noise
from toolkit.show.report.trace import trace_parts
from toolkit.show.sides import MODES, shown_groups, survey_wanted
from toolkit.words import (
    UNKNOWN,
    capital,
    count,
    day,
    difference,
    figures,
    fixed,
    joined,
    number_word,
    part_of,
    percent,
    plain,
    score,
    sentence,
)

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story

METHOD = (
    "Answers run from 1 to 5; “don’t know” and blanks are missing, never a number. A person’s score on an area is the "
    "mean of the questions answered, if at least half were; a group’s score is the mean of its people. Maturity joins "
    "business and IT, {weights}, and its level is the whole number below. The gap is business minus IT."
)
WEIGHTS = {"equal": "each counting half", "headcount": "each counting by its people"}
CERTAINTY = (
    f"Intervals (Welch’s t, {percent(CONFIDENCE)}) and words ask how far these people’s answers would stand if they were asked again; what a "
    "group that answered in full said is a fact. p is the larger of an exact permutation test’s and Welch’s t test’s, and q is p "
    f"after Benjamini–Hochberg over all areas and symptoms tested together. A clear difference: q is at most {fixed(CLEAR, 2)}, and the gap is "
    f"half a point or more. A likely difference: q is at most {fixed(LIKELY, 2)}, and the gap is half a point or more. Anything else is too close "
    "to call. So, where two sides do not differ at all, at most one organisation in twenty is told of a clear difference anywhere, and "
    "one in five of a likely one. Where the consultant adjusted a score, the difference has no word and is counted nowhere."
)
LINE = (
    f"An area is weak where business and IT together, or the one side shown, stand below the line: its target, or level {plain(WEAK_BELOW)} while "
    "none is set."
)
NEAR = (
    " Below it by no more than one standard error of where they stand, as their answers’ spread gives it, it is near the "
    "line, and not counted as weak. An agreed position has no such error and adds none; where a spread is not known or not told, or a "
    "score was adjusted, below the line is weak."
)
CONFIDENTIALITY = (
    "Answers of a surveyed group are confidential, not anonymous: the consultant holds them. A surveyed group is shown only "
    "when enough of its people answered, and only as a group. Where every member of a group gave the same answer, the group’s "
    "score reveals it.{blanks} A group of two to four answers with one agreed position, and a single person answers by role; "
    "both are on the record."
)
BLANKS_LEFT = (
    " Where someone left a question blank, spread, interval and distribution of a group of fewer than ten, and p "
    "and δ of any, are left out: beside the mean they could give that person’s answers away. q, which is reckoned from all p together, is "
    "then left out everywhere."
)
MOVED = (
    "A movement is judged by the same tests, over all movements together, with the two rounds taken as separate samples: "
    "cautious where the same people answered twice."
)
AGREEMENT = "Agreement within a group, r_WG(J), runs from 0, no more than chance, to 1, unanimity; it needs people who answered every question."
LENS = (
    "Each question on a practice also speaks to one criterion of Luftman’s maturity model. A criterion shows the scores of the "
    "practices whose questions speak to it, weighted by how many do: a lens on the same scores, not a rating by that model."
)
BENCHMARK = (
    "The band on the nine areas’ picture runs from the lower to the upper quartile of {whom}, each with what its business and IT "
    "scored together, each counting half, in its latest closed round with the same questionnaire; the line in it is the median. "
    "All of them agreed to be counted; this company’s own scores are among them only where it did. None is named, and no single one can "
    "be worked out: at least {fewest} are counted, the figures are told to a quarter of a point between {low} and {high}, everybody "
    "is shown the same, and a new benchmark takes at least {fewest} other figures. It shows where others stand, not where one should."
)
ONE_GROUP = "one group only"
# What a table's cell says of a difference that cannot be judged, where the full reason stands elsewhere in the report.
_SHORT = {
    ADJUSTED: "adjusted by the consultant",
    BLANKS: "a question was left blank",
    POSITION: "a position, not a sample",
}
CHANCES, DELTA = "p and q", "Cliff’s δ"
LINKS = "Which cause feeds which symptom is the questionnaire’s reasoning, not a measurement at this client."


def page(story: AssessmentStory) -> Page:
    """Return the page; a part whose input is missing is left out."""
    return story.sheet("appendix", "How this was made, and how sure it is", *_parts(story))


def _parts(story: Story) -> list[Markup]:
    a = story.assessment
    method = METHOD.format(weights=WEIGHTS[story.record.facts.weights])
    return [
        Markup("<h3>What could not be judged</h3>"), _not_judged(a), *_findings(a),
        Markup("<h3>Who answered, and confidentiality</h3>"), _groups(story),
        *([Markup("<h3>Scores and how sure they are</h3>"), _statistics(a), paragraph(method), *_certainty(a), paragraph(LINE, NEAR if any(x.error for x in a.areas) else ""), *_agreement(a), *_benchmark(story), paragraph(LINKS)]
          if a.scored or any(x.scores for x in a.symptoms) else []),
        *_movements(a), *_criteria(a), *_provider(a), *_adjustments(a), *_questions(story),
        *(trace_parts(story) if story.edition != BOARD else ()),
        Markup("<h3>Initiatives</h3>"), _initiatives(story),
    ]  # fmt: skip


def _certainty(a: Assessment) -> list[Markup]:
    """Say how differences are tested; nothing where none could be."""
    gaps = [row.gap for row in (*a.areas, *a.symptoms)]
    tested = any(gap and gap.low is not None for gap in gaps)
    said = reach(gaps, "area or symptom", "areas and symptoms")
    return [paragraph(CERTAINTY, *said)] if tested or said else []


def _benchmark(story: Story) -> list[Markup]:
    """Explain the consultancy's benchmark; nothing where the pages show none."""
    one = story.benchmark
    if one is None:
        return []
    whom = f"{count(one.clients, 'client')} of the consultancy{f' in the sector {one.sector}' if one.sector else ''}"
    said = BENCHMARK.format(
        whom=whom, fewest=number_word(FEWEST), low=plain(LOWEST + MARGIN), high=plain(HIGHEST - MARGIN)
    )
    return [paragraph(text_of(said))]


def _findings(a: Assessment) -> list[Markup]:
    """Return every finding with its evidence, those behind the recommendations and the rest."""
    if not a.findings:
        return []
    answered = {finding for one in a.recommendations for finding in one.findings}
    rows = [
        (
            one.statement,
            one.rule,
            "yes" if one.id in answered else "–",
            bullets(map(evidence_line, one.evidence)),
        )
        for one in a.findings
    ]
    body = table(
        ("Finding", "Rule", "Answered by an action", "Evidence"),
        rows,
        "Every finding, the weightiest first",
        css="dense",
    )
    summary = f"{capital(part_of(len(rows), len(rows), 'finding'))} with {'its' if len(rows) == 1 else 'their'} evidence"
    return [
        Markup("<h3>Findings</h3>"),
        Markup("<details><summary>{}</summary>{}</details>").format(summary, body),
    ]


def _not_judged(a: Assessment) -> Markup:
    rows = [(one.what, one.why, one.needs) for one in a.not_judged]
    return table(("What", "Why", "What would allow it"), rows, "Each with what would allow it") or paragraph(
        "Everything the method covers could be judged."
    )


def _groups(story: Story) -> Markup:
    """Return who was asked and who answered, by group; or that nobody was."""
    a = story.assessment
    if not a.groups:
        return missing(
            "Nobody has been asked yet.",
            "This assessment rests on the client’s own records. " + survey_wanted(story),
        )
    rows = [
        (
            group.label,
            MODES[group.mode],
            f"{group.invited:,}" if group.invited else UNKNOWN,
            UNKNOWN if group.answered is None else f"{group.answered:,}",
            percent(group.response_rate) if group.response_rate is not None else "–",
            "shown" if group.shown else group.hidden_because,
        )
        for group in a.groups
    ]
    header = ("Group", "How it answered", "Invited", "Answered", "Response", "Scores")
    told = [n for n in range(len(header)) if any(row[n] != "–" for row in rows)]
    shown = table(
        [header[n] for n in told],
        [[row[n] for n in told] for row in rows],
        "Who answered, by group",
        range(2, len(told) - 1),
    )
    notes = " ".join(f"{group.label}: {sentence(group.note)}" for group in a.groups if group.note)
    note = paragraph(text_of(notes), css="note") if notes else Markup("")
    return shown + note + paragraph(CONFIDENTIALITY.format(blanks="" if _counts_only(a) else BLANKS_LEFT))


def _counts_only(a: Assessment) -> bool:
    """Whether only counts are known of all that answered: then there is no spread, p, q or δ to show or to leave out."""
    rows = (*a.areas, *a.symptoms)
    gaps = [row.gap for row in rows if row.gap]
    spread = any(score.spread is not None for row in rows for score in row.scores.values())
    return bool(gaps) and not spread and all(gap.because == ONLY_COUNTS for gap in gaps)


def _statistics(a: Assessment) -> Markup:
    groups, scored = shown_groups(a), [x for x in (*a.areas, *a.symptoms) if x.scores]
    beside = {g.group: _beside_score(g, scored) for g in groups}
    header = (
        "Dimension",
        *(f"{g.label}{beside[g.group]}" for g in groups),
        f"Gap and {percent(CONFIDENCE)} interval"
        if any(x.gap and x.gap.low is not None for x in scored)
        else "Gap",
        CHANCES,
        DELTA,
        "In words",
    )
    rows = [
        (x.dimension.name, *(_score_cell(x, g, beside[g.group]) for g in groups), *_gap_cells(x))
        for x in scored
    ]
    told, left = _columns(header, rows)
    words, same = {row[-1] for row in rows}, Markup("")
    if len(rows) > 1 and len(words) == 1:
        why = words.pop()
        said = "Only one group’s scores are shown, so no difference can be measured."
        told, same = told[:-1], paragraph(said if why == ONE_GROUP else f"Of every difference: {why}.")
    rows = [(*row[:-1], _SHORT.get(str(row[-1]), row[-1])) for row in rows]
    shown = table(
        [header[i] for i in told],
        [[row[i] for i in told] for row in rows],
        "Scores, gaps and their uncertainty",
        range(1, len(told) - (not same)),
        css="dense",
    )
    return shown + same + left


def _columns(header: Sequence[str], rows: Sequence[Sequence[object]]) -> tuple[list[int], Markup]:
    """Return which columns of a table of differences are drawn, and a note of what is left out.

    What is told of none is left out, and so are p, q and δ where they are told of fewer than half of the rows.
    """
    filled = [sum(row[i] != "–" for row in rows) for i in range(len(header))]
    sparse = [
        i for i, name in enumerate(header) if name in (CHANCES, DELTA) and 0 < 2 * filled[i] < len(rows)
    ]
    drawn = [i for i, number in enumerate(filled) if (number or not rows) and i not in sparse]
    names = joined([header[i] for i in sparse])
    note = f"Left out of the table, since fewer than half of its rows could bear them: {names}."
    return drawn, paragraph(note) if sparse else Markup("")


def _beside_score(group: GroupResult, rows: Iterable[DimensionResult]) -> str:
    """Say what stands beside a group's scores: how many answered and, where it is known of any, how far they spread."""
    if group.is_position:
        return ""
    spread = any(row.scores[group.group].spread is not None for row in rows if group.group in row.scores)
    return " (n, spread)" if spread else " (n)"


def _score_cell(row: DimensionResult, group: GroupResult, beside: str) -> str:
    one = row.scores.get(group.group)
    if one is None:
        return "–"
    if group.is_position:
        return f"{score(one.mean)} (position)"
    spread = f", {'–' if one.spread is None else fixed(one.spread, 2)}" if "spread" in beside else ""
    return f"{fixed(one.mean, 2)} ({one.n:,}{spread})"


def _gap_cells(row: DimensionResult) -> tuple[object, ...]:
    if row.gap is None:
        both = "business" in row.scores and "it" in row.scores
        return "–", "–", "–", "answered different questions" if both else ONE_GROUP
    return _difference_cells(row.gap)


def _difference_cells(one: Difference) -> tuple[object, ...]:
    interval = (
        f"{_exact(one.low)} to {_exact(one.high)}" if one.low is not None and one.high is not None else ""
    )
    if one.word and not interval:
        interval = one.because
    # Spaces that do not break: a narrow column must not part a letter from its number.
    chances = [
        f"{name} {'< 0.001' if x < 0.001 else fixed(x, 3)}".replace(" ", "\u00a0")
        for name, x in (("p", one.p), ("q", one.q))
        if x is not None
    ]
    return (
        lines(_exact(one.value), interval),
        lines(*chances) or "–",
        "–" if one.delta is None else _exact(one.delta),
        one.word or one.because,
    )


def reach(gaps: Iterable[Difference | None], noun: str, plural: str) -> list[str]:
    """Say how many of the differences tested together must be found at once before any can be called clear."""
    least = [gap.least for gap in gaps if gap and gap.least is not None]
    if not least:
        return []
    tested, needed = count(len(least), noun, plural), at_once(least)
    smallest = f" With so few answers p cannot fall below {plain(float(figures(min(least), 2)))}, whatever they say, so "
    if needed is None:
        return [f"{smallest}of the {tested} tested together none can be called clear."]
    if needed == 1:
        return [
            f" With so many answers, any one of the {tested} tested together can be called clear, even if no other is."
        ]
    return [f"{smallest}at least {number_word(needed)} of the {tested} tested together must differ at once before any can be "
            "called clear; more where people within a group differ, since Welch’s p is then the larger."]  # fmt: skip


def _exact(value: float) -> str:
    return difference(value, 2)


def _agreement(a: Assessment) -> list[Markup]:
    """Return how far each surveyed group agrees with itself on each dimension."""
    groups = [g for g in shown_groups(a) if not g.is_position]
    rows = []
    for x in (*a.areas, *a.symptoms):
        cells = [x.scores[g.group].agreement if g.group in x.scores else None for g in groups]
        if any(one is not None for one in cells):
            rows.append((x.dimension.name, *("–" if one is None else fixed(one, 2) for one in cells)))
    header = ("Dimension", *(g.label for g in groups))
    return (
        [table(header, rows, "Agreement within each group", range(1, len(header))), paragraph(AGREEMENT)]
        if rows
        else []
    )


def _movements(a: Assessment) -> list[Markup]:
    """Return the figures behind each movement since the earlier round."""
    if not a.movements:
        return []
    names = {one.group: one.label for one in a.groups}
    rows = [
        (m.dimension.name, names[m.group], f"{fixed(m.before, 2)} → {fixed(m.now, 2)}", *_difference_cells(m.change)[:2],
         _SHORT.get(noise(m.change), noise(m.change)))
        for m in a.movements
    ]  # fmt: skip
    header = (
        "Dimension",
        "Group",
        "Then → now",
        f"Change and {percent(CONFIDENCE)} interval",
        CHANCES,
        "In words",
    )
    drawn, left = _columns(header, rows)
    shown = [[row[i] for i in drawn] for row in rows]
    caption = f"Movements since {day(a.previous_as_of)}"
    body = table([header[i] for i in drawn], shown, caption, range(2, len(drawn) - 1), css="dense")
    told = reach([m.change for m in a.movements], "movement", "movements")
    return [Markup("<h3>What moved, and how sure that is</h3>"), body, left, paragraph(MOVED, *told)]


def _criteria(a: Assessment) -> list[Markup]:
    """Return the scores of the practices read by the criteria of Luftman's maturity model."""
    if not a.criteria:
        return []
    groups = [g for g in shown_groups(a) if any(g.group in one.scores for one in a.criteria)]
    rows = [
        (
            capital(one.criterion),
            joined([BY_ID[area].name for area in one.areas]),
            one.questions,
            *(score(one.scores.get(g.group)) if g.group in one.scores else "–" for g in groups),
        )
        for one in a.criteria
    ]
    header = ("Criterion", "Practices that speak to it", "Questions", *(g.label for g in groups))
    body = table(header, rows, "Practices by the criteria of Luftman’s maturity model", range(2, len(header)))
    return [Markup("<h3>The practices by Luftman’s criteria</h3>"), body, paragraph(LENS)]


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
            paragraph("The provider’s view stands beside the others; it counts in no gap and no maturity.")]  # fmt: skip


def _adjustments(a: Assessment) -> list[Markup]:
    if not a.adjustments:
        return []
    names = {one.group: one.label for one in a.groups}
    rows = [
        (
            BY_ID[one.subject].name if one.subject in BY_ID else one.subject.split(".")[0].replace("-", " "),
            one.kind + (f", {names[one.group]}" if one.group else ""),
            one.before,
            one.after or "left out",
            one.reason,
        )
        for one in a.adjustments
    ]
    header = ("About", "What", "As computed", "As published", "Reason")
    return [
        Markup("<h3>The consultant’s adjustments</h3>"),
        table(header, rows, "Adjustments and their reasons"),
    ]


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
        Markup("<details><summary>{}</summary>{}</details>").format(
            capital(part_of(len(rows), len(rows), "question")), body
        ),
    ]


def _initiatives(story: Story) -> Markup:
    rows = [(one.name, one.status or UNKNOWN, one.owner_business or UNKNOWN, one.owner_it or UNKNOWN,
             UNKNOWN if one.capex is None else fixed(one.capex), UNKNOWN if one.finish is None else one.finish.isoformat(),
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
        "As the record states them",
        (4,),
    )
    summary = f"{capital(part_of(len(rows), len(rows), 'initiative'))} as recorded"
    return Markup("<details><summary>{}</summary>{}</details>").format(summary, body)
