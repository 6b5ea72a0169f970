"""The nine areas: what business and IT scored, what falls below the line, and how sure each difference is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.difference import ONLY_COUNTS, noticeable
from toolkit.assess.meetings import meetings_held
from toolkit.html.markup import bullets, missing, paragraph, text_of
from toolkit.method import BY_ID, Group
from toolkit.show.charts.dumbbells import areas_message, dumbbells
from toolkit.show.page import Page
from toolkit.show.sides import adjusted_note, own_scores, statements_of, survey_wanted
from toolkit.words import capital, count, inside, joined, number_word, score

if TYPE_CHECKING:
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story


def page(story: AssessmentStory) -> Page:
    """Return the page; without scores it says what they would take."""
    a = story.assessment
    if not a.scored:
        return story.sheet("areas", "How well business and IT work together has not been measured yet",
                           missing("No scores to show.", survey_wanted(story)))  # fmt: skip
    message = areas_message(story)
    return story.sheet(
        "areas", message, story.proxy_note(), areas_lead(story),
        dumbbells(a, a.areas, "areas", message, ("weak", "strong"), benchmark=story.benchmark), adjusted_note(story, a.areas),
        position_comparisons(story), _met(story), _split_within(story), _not_asked(story), _no_targets(story),
    )  # fmt: skip


def _met(story: Story) -> Markup:
    """Return how many meetings of both leaderships were held, the evidence beside the scores of open communication."""
    met = meetings_held(story.record.facts, story.assessment.as_of)
    return (
        paragraph(text_of(f"{BY_ID['open-communication'].name}: {inside(met.said)}")) if met else Markup("")
    )


def _split_within(story: Story) -> Markup:
    """Return where a group disagrees with itself; nothing where none does."""
    split = bullets(map(text_of, statements_of(story, "disagreement within")))
    return Markup("<h3>Where a side disagrees with itself</h3>{}").format(split) if split else split


def _not_asked(story: Story) -> Markup:
    silent = [area.dimension.name for area in story.assessment.areas if not area.scores]
    return (
        missing(f"Not asked: {joined(silent)}.", "The full questionnaire covers all nine areas.")
        if silent
        else Markup("")
    )


def _no_targets(story: Story) -> Markup:
    level = "Areas below 3, the level “established”, count as weak until leadership sets the level it wants."
    targets = any(area.target for area in story.assessment.areas)
    return Markup("") if targets else missing("No targets are set.", level)


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
    apart = any(
        score.mean < x.line for x in a.scored if len(own_scores(x)) > 1 for score in own_scores(x).values()
    )
    sentences = [
        f"{capital(joined(weak))} {'falls' if len(weak) == 1 else 'fall'} below {level if len(weak) > 1 else level.replace('their', 'its')}."
        if weak
        else f"No area falls{' clearly' if near else ''} below {level}{' where both sides are taken together' if apart else ''}."
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
    if any(x.gap and x.gap.because == ONLY_COUNTS for x in a.scored):
        sentences.append(
            "How sure the gaps are cannot be said: only how many people gave each answer is known."
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
