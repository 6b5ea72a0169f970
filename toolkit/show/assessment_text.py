"""The assessment's sentences: each computed from results, and saying what a chart means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.assessment import DimensionResult, NeedResult, Score
from toolkit.assess.comparing import differs, noticeable
from toolkit.html.markup import bullets, paragraph, text_of
from toolkit.method import DIMENSIONS, OFTEN, SYMPTOMS, Group
from toolkit.words import capital, count, inside, joined, number_word, score

if TYPE_CHECKING:
    from toolkit.show.story import Story

MODES = {"survey": "survey, confidential", "consensus": "one agreed position", "named": "one person, by role"}
DIMENSION_NAMES = {one.id: one.name for one in DIMENSIONS}
SYMPTOM_NAMES = {one.id: one.name for one in SYMPTOMS}


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
    """Name the two sides as this client calls them: "business and IT", or their own labels."""
    names = {one.group: one.label for one in story.assessment.groups}
    first, second = names.get("business", "Business"), names.get("it", "IT")
    return "business and IT" if (first, second) == ("Business", "IT") else f"{first} and {second}"


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


def areas_message(story: Story) -> str:
    """Return the nine areas' message."""
    a, differ = story.assessment, differing(story)
    weakest = min(a.scored, key=by_lowest_score)
    if differ:
        widest = widest_of(differ)
        name = inside(widest.dimension.name) if widest else ""
        where = f"furthest apart on {name}" if len(differ) > 1 else f"on {name}"
        return capital(
            f"{two_sides(story)} see {count(len(differ), 'area')} differently, {where}"
            if len(differ) > 1
            else f"{two_sides(story)} see one area differently: {name}"
        )
    if any(area.measured_gap and noticeable(area.measured_gap.value) for area in a.scored):
        return f"Whether {two_sides(story)} differ is too close to call; the weakest area is {inside(weakest.dimension.name)}"
    if any(area.measured_gap for area in a.scored):
        return (
            f"{capital(two_sides(story))} broadly agree; the weakest area is {inside(weakest.dimension.name)}"
        )
    if any(area.gap for area in a.scored):
        return f"The weakest area is {inside(weakest.dimension.name)}; no difference was measured without adjustment"
    return f"The weakest area is {inside(weakest.dimension.name)}; only one side’s view can be shown"


def areas_lead(story: Story) -> Markup:
    """Return the paragraph above the nine areas."""
    a = story.assessment
    weak, near = ([inside(x.dimension.name) for x in rows] for rows in (a.weak, a.near_the_line))
    aimed = [x.target is not None for x in (a.weak or a.scored)]
    level = (
        "their target"
        if all(aimed)
        else "their target, or level 3 where none is set"
        if any(aimed)
        else "level 3"
    )
    sentences = [
        f"{capital(joined(weak))} {'falls' if len(weak) == 1 else 'fall'} below {level if len(weak) > 1 else level.replace('their', 'its')}."
        if weak
        else f"No area falls{' clearly' if near else ''} below {level}."
    ]
    if near:
        are = "is" if len(near) == 1 else "are"
        sentences.append(
            f"{capital(joined(near))} {are} near the line: below it by no more than one standard error."
        )
    unsure = sum(1 for x in a.scored if x.gap and x.gap.word == "too close to call")
    if unsure:
        sentences.append(
            f"On {count(unsure, 'area')} the difference is too close to call with this many answers."
        )
    return paragraph(text_of(" ".join(sentences)), css="lead")


def position_comparisons(story: Story) -> Markup:
    """Compare each agreed or named position, where it is half a point or more off, with the spread of the other side."""
    a, said = story.assessment, []
    sides: tuple[tuple[Group, Group], ...] = (("it", "business"), ("business", "it"))
    for row in sorted(a.scored, key=lambda x: (-abs(x.gap.value) if x.gap else 0.0, x.dimension.id)):
        for group, other in sides:
            position, people = a.group(group), a.group(other)
            if (
                not (row.measured_gap and position and people)
                or not position.is_position
                or people.is_position
                or not noticeable(row.measured_gap.value)
            ):
                continue
            stands, spread = row.scores[group].mean, row.scores[other].distribution
            if not sum(spread):
                continue
            level = int(stands + 0.5)
            below, above = sum(spread[: level - 1]), sum(spread[level:])
            many, way = (below, "lower") if row.scores[other].mean < stands else (above, "higher")
            of = count(sum(spread), "person", "people")
            said.append(
                f"{row.dimension.name}: {position.voice} is {score(stands)}; {number_word(many)} of {of} in {people.named} scored it {way}."
            )
    if not said:
        return Markup("")
    lead = "A position is one voice, not a sample. This is how the answers of the other side lie around it:"
    return paragraph(lead) + bullets(map(text_of, said))


def needs_message(story: Story) -> str:
    """Return the needs' message."""
    rows = [n for n in story.assessment.needs if n.gap is not None]
    worst = max(rows, key=lambda n: (n.gap or 0.0, n.dimension.id))
    if not short_of(worst):
        return "What the business needs most is broadly met"
    return f"The need least met is {inside(worst.dimension.name)}: importance {score(worst.importance['business'].mean)}, satisfaction {score(worst.satisfaction['business'].mean)}"


def short_of(need: NeedResult) -> bool:
    """Whether the business is short of a need by half a point or more."""
    return need.gap is not None and need.gap > 0 and noticeable(need.gap)


def needs_lead(story: Story) -> Markup:
    """Return the paragraph above the needs."""
    rows = [n for n in story.assessment.needs if short_of(n)]
    names = [
        f"{inside(n.dimension.name)} (by {score(n.gap)})"
        for n in sorted(rows, key=lambda n: (-(n.gap or 0), n.dimension.id))
    ]
    said = (
        f"Short by half a point or more, widest first: {joined(names)}."
        if names
        else "No need is short by half a point or more."
    )
    return paragraph(text_of(said), css="lead")


def own_scores(row: DimensionResult) -> dict[Group, Score]:
    """Return what business and IT scored; the provider's view counts only where there is no other."""
    return {group: one for group, one in row.scores.items() if group != "provider"} or row.scores


def by_lowest_score(row: DimensionResult) -> tuple[float, str]:
    """Return what orders scored areas, weakest first: the lower of both sides' scores, then the id."""
    return min(one.mean for one in own_scores(row).values()), row.dimension.id


def symptoms_message(story: Story) -> str:
    """Return the symptoms' message."""
    rows = [x for x in story.assessment.symptoms if x.scores]
    worst = max(rows, key=lambda x: (max(s.mean for s in own_scores(x).values()), x.dimension.id))
    group, top = max(own_scores(worst).items(), key=lambda item: (item[1].mean, item[0]))
    return f"Most often reported: {worst.dimension.meaning}, {score(top.mean)} of 5 {said_by(story, group)}"


def symptoms_lead(story: Story) -> Markup:
    """Return the paragraph above the symptoms."""
    often = [
        x.dimension.meaning
        for x in story.assessment.symptoms
        if x.scores and max(s.mean for s in own_scores(x).values()) >= OFTEN
    ]
    said = f"Reported often, {score(OFTEN)} or more, by at least one side: {'; '.join(often)}."
    if not often:
        said = f"No symptom is reported often, {score(OFTEN)} or more, by either side."
    return paragraph(text_of(said), css="lead")


def feeds(story: Story, cause: str) -> list[str]:
    """Return the names of the symptoms a cause feeds, by the questionnaire's reasoning."""
    questionnaire = story.record.questionnaire_of(story.record.round(story.assessment.round))
    return (
        [inside(SYMPTOM_NAMES[link.symptom]) for link in questionnaire.links if link.cause == cause]
        if questionnaire
        else []
    )


def causes_message(story: Story) -> str:
    """Return the causes' message."""
    causes = [x for x in story.assessment.scored if x.dimension.family == "cause"]
    if not causes:
        return (
            "Likely causes: what interviews and scores point to"
            if story.record.facts.themes
            else "Likely causes cannot be named yet"
        )
    lowest = min(causes, key=by_lowest_score)
    group, low = min(own_scores(lowest).items(), key=lambda item: (item[1].mean, item[0]))
    return f"The weakest of the likely causes is {inside(lowest.dimension.name)}: {score(low.mean)} of 5 {said_by(story, group)}"


def heard(story: Story) -> list[tuple[str, Markup]]:
    """Return what interviews and comments said: the dimension's id, and the words; a comment only by its group."""
    a = story.assessment
    names = {one.group: one.label for one in a.groups}
    themes = [
        (one.dimension, text_of(one.text))
        for one in story.record.facts.themes
        if one.round in (None, a.round)
    ]
    quotes = [
        (one.dimension, Markup("“{}” <small>({}, in the survey)</small>").format(text_of(one.text), text_of(names[one.group])))
        for one in a.quotes
    ]  # fmt: skip
    return themes + quotes
