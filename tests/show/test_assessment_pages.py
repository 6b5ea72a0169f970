"""The assessment's pages: what is counted as measured, near the line, and since last time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest

from toolkit.assess import assess
from toolkit.assess.assessment import Difference, DimensionResult, GroupResult, Score
from toolkit.assess.difference import ADJUSTED
from toolkit.client.new_client import SAMPLES
from toolkit.client.schema import Adjustment, Kpi, Round
from toolkit.method import AREAS, SYMPTOMS
from toolkit.publish.data_files import findings_json
from toolkit.show import AssessmentStory, RoadmapStory
from toolkit.show.canvas import REPORT, SLIDE
from toolkit.show.charts import cost_ranges
from toolkit.show.charts.dumbbells import dumbbells
from toolkit.show.report import recommendations
from toolkit.show.report.answer import _who_answered, widest_at_most
from toolkit.show.report.appendix import _movements, _statistics, reach
from toolkit.show.report.goals import kpis
from toolkit.show.report.symptoms import symptoms_message
from toolkit.words import day, number_word


@pytest.fixture(scope="module")
def stories(project: Path) -> dict[str, AssessmentStory]:
    """The samples' assessments, as a notebook in JupyterLab opens them."""
    return {sample: AssessmentStory.open(sample, str(project / "client_data")) for sample in SAMPLES}


def a_year_later(story: AssessmentStory, groups: Sequence[dict[str, Any]], **kept: Any) -> AssessmentStory:
    """The client after another round of these groups, which nobody has answered yet."""
    facts = story.record.facts
    later = Round.model_validate(
        {"id": "later", "as_of": "2027-09-30", "questionnaire": "full", "groups": groups}
    )
    record = replace(story.record, facts=facts.model_copy(update={"rounds": (*facts.rounds, later)}))
    return replace(story, record=record, assessment=assess(record, "later"), **kept)


@pytest.mark.parametrize("sample", SAMPLES)
def test_page_8_exists_whenever_an_earlier_round_does(
    sample: str, stories: dict[str, AssessmentStory]
) -> None:
    """With nothing moved, promised or decided, it still says so, what cannot be compared and why, and what was done."""
    story = stories[sample]
    record = replace(story.record, actions=(), decisions=())
    page = a_year_later(replace(story, record=record), [{"group": "it", "invited": 9}]).pages["since"]
    said = str(page.html())
    assert page.title != "This is the first round"
    for words in (
        "No promise of an earlier round is on record.",
        "No decision of an earlier round is on record.",
        "No score can be compared with",
        "Business: all scores",
        "Not asked in this round",
        "No plan published for",
        "can be compared with, and no work has a date of completion since then.",
    ):
        assert words in said
    assert "only completed work is listed" not in said


def test_page_8_says_what_the_plan_changed_since_it_was_published(
    stories: dict[str, AssessmentStory],
) -> None:
    """Held against the plan published for the earlier round, what has left or entered the plan stands on the page."""
    story = stories["meridian-manufacturing"]
    gone, *rest = story.roadmap.scheduled
    thinner = replace(story.roadmap, scheduled=tuple(rest))
    said = str(replace(story, earlier_plan=thinner).pages["since"].html())
    assert "What changed in the portfolio" in said
    assert escape(story.names([gone.initiative])[0]) in said.partition("What changed in the portfolio")[2]
    assert "Is in the plan" in said


def test_page_8_tells_the_method_apart_from_the_company(stories: dict[str, AssessmentStory]) -> None:
    """A word issued otherwise over the same answers is told as the method's doing; without what was issued, nothing is."""
    story = stories["meridian-manufacturing"]
    then = story.record.rounds[0]
    closed = then.model_copy(update={"closed": then.as_of})
    facts = story.record.facts.model_copy(update={"rounds": (closed, *story.record.rounds[1:])})
    record = replace(story.record, facts=facts)
    issued = findings_json(record, then.id, story.roadmap)
    assert b'"too close to call"' in issued
    by_another_method = issued.replace(b'"too close to call"', b'"likely difference"')
    pages = [
        str(replace(story, record=record, earlier_findings=found).pages["since"].html())
        for found in (None, issued, by_another_method)
    ]
    assert ["What the method changed" in page for page in pages] == [False, False, True]
    assert "None of this is a change in the company." in pages[2]


def test_no_page_counts_a_difference_that_rests_on_an_adjusted_score(
    stories: dict[str, AssessmentStory],
) -> None:
    """With a score adjusted in every area there is no widest gap, no area seen differently and none in bold."""
    story = stories["meridian-manufacturing"]
    reasoned = {
        "kind": "score",
        "round": story.assessment.round,
        "group": "it",
        "value": 5,
        "reason": "As agreed.",
    }
    made = tuple(Adjustment.model_validate({"id": area.id, "subject": area.id, **reasoned}) for area in AREAS)
    record = replace(story.record, facts=story.record.facts.model_copy(update={"adjustments": made}))
    adjusted = replace(story, record=record, assessment=assess(record))
    assert (
        len({area.id for area in AREAS} & {row.dimension.id for row in adjusted.assessment.areas if row.gap})
        > 5
    )
    pages = adjusted.pages
    assert "differently" not in pages["areas"].title + str(pages["answer"].html())
    assert "widest gap" not in str(pages["answer"].html())
    assert "measured without adjustment" in str(pages["answer"].html())
    drawn = dumbbells(
        adjusted.assessment, adjusted.assessment.areas, "areas", "", ("weak", "strong")
    ).svg.decode()
    assert not [one for one in drawn.split("<!--")[1:] if "Bold" in one and re.match(r" [+−]\d", one)]


@pytest.mark.parametrize(
    ("adjusted", "said"),
    [
        (0, ""),
        (1, "Adjusted by the consultant, reasons in the assessment’s appendix: Communication, IT: 2.0, computed 3.3."),
        (9, "Nine scores are adjusted by the consultant, reasons in the assessment’s appendix."),
    ],
)  # fmt: skip
def test_the_decks_areas_say_which_scores_are_adjusted(
    adjusted: int, said: str, stories: dict[str, AssessmentStory]
) -> None:
    """As the report does: each where one line holds them, else how many; nothing where none is."""
    story = stories["meridian-manufacturing"]
    made = tuple(
        Adjustment.model_validate(
            {
                "id": area.id, "subject": area.id, "kind": "score", "round": story.assessment.round, "group": "it",
                "value": 2, "reason": "As agreed.",
            }
        )
        for area in AREAS[:adjusted]
    )  # fmt: skip
    record = replace(story.record, facts=story.record.facts.model_copy(update={"adjustments": made}))
    deck = replace(RoadmapStory.of(record, story.roadmap), assessment=assess(record))
    html = re.sub(r"<[^>]+>", "", str(deck.pages["perception"].html())).replace("\u00a0", " ")
    assert said in html
    assert ("by the consultant" in html) == bool(said)


def test_near_the_line_is_told_apart_from_weak_wherever_weak_is_counted(
    stories: dict[str, AssessmentStory],
) -> None:
    """One area moved from weak to near the line: page one counts one fewer, and the lead, chart and data name it so."""
    story = stories["meridian-manufacturing"]
    first = story.assessment.weak[0]
    areas = tuple(
        replace(row, verdict="near the line") if row is first else row for row in story.assessment.areas
    )
    near = replace(story, assessment=replace(story.assessment, areas=areas))
    weak = number_word(len(story.assessment.weak) - 1)
    assert f"{weak} of nine areas are weak, one is near the line," in str(near.pages["answer"].html()).lower()
    page = near.pages["areas"]
    assert f"{first.dimension.name} is near the line" in str(page.html())
    told = page.exhibits[0].data.set_index("Dimension")["Against the line"]
    assert list(told[told == "near the line"].index) == [first.dimension.name]
    assert "near the line" in page.exhibits[0].svg.decode()


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ({"late": (3.9, 2.9), "worn": (3.4, 3.8)}, "Most often, both sides together: worn, 3.4 by business and 3.8 by IT"),
        ({"late": (3.4, 3.6), "worn": (3.4, 3.8)}, "Most often reported: worn, 3.4 by business and 3.8 by IT"),
        ({"late": (3.8, 3.4), "worn": (3.4, 3.8), "lost": (2.0, 2.0)}, "Most often, both sides together: late and worn"),
        ({"late": (3.8, 3.4), "worn": (3.8, 3.4), "lost": (2.0, 2.0)}, "Most often reported: late and worn"),
        ({"late": (3.8, 3.4), "worn": (3.4, 3.8)}, "Reported equally often: late and worn"),
        ({"late": (3.8, 3.4)}, "The one symptom scored: late, 3.8 by business and 3.4 by IT"),
    ],
)  # fmt: skip
def test_the_symptom_reported_most_is_said_to_be_so_by_whom(
    scores: dict[str, tuple[float, float]], said: str, stories: dict[str, AssessmentStory]
) -> None:
    """Top on the mean of both sides alone is told as that; of one symptom, or of all alike, none is called the most frequent."""
    story = stories["meridian-manufacturing"]
    rows = tuple(
        DimensionResult(replace(SYMPTOMS[0], id=id, meaning=id), {"business": Score(business, 9), "it": Score(it, 9)})
        for id, (business, it) in scores.items()
    )  # fmt: skip
    assert symptoms_message(replace(story, assessment=replace(story.assessment, symptoms=rows))) == said


def test_a_column_of_chances_is_left_out_where_few_rows_could_bear_it(
    stories: dict[str, AssessmentStory],
) -> None:
    """With p and q of two of many movements there is no column of them, and a line below the table says so; with all there is."""
    story = stories["meridian-manufacturing"]
    moved = story.assessment.movements
    for bearing in (2, len(moved)):
        changes = [replace(m.change, p=0.2 if n < bearing else None, q=None) for n, m in enumerate(moved)]
        movements = tuple(replace(m, change=change) for m, change in zip(moved, changes, strict=True))
        told = replace(story, assessment=replace(story.assessment, movements=movements))
        _, table, note, _ = _movements(told.assessment)
        assert ("p and q" in table) == (bearing > 2)
        assert ("Left out of the table" in note and "p and q" in note) == (bearing == 2)


def test_a_long_reason_does_not_widen_the_table_of_scores(stories: dict[str, AssessmentStory]) -> None:
    """Among differences with a word, one that the consultant adjusted is told in a few words."""
    a = stories["meridian-manufacturing"].assessment
    first, *rest = a.areas
    adjusted = replace(first, gap=Difference(-0.5, because=ADJUSTED))
    html = _statistics(replace(a, areas=(adjusted, *rest)))
    assert "adjusted by the consultant" in html
    assert ADJUSTED not in html


@pytest.mark.parametrize("width", [SLIDE, REPORT])
def test_how_sure_a_difference_is_stands_beside_it_however_wide_the_chart(
    width: float, stories: dict[str, AssessmentStory]
) -> None:
    """Areas that are low on both sides bear the word of their difference, too, so that chart and lead count alike."""
    a = stories["meridian-manufacturing"].assessment
    areas = tuple(replace(row, target=5.0) for row in a.areas)
    svg = dumbbells(a, areas, "areas", "", ("weak", "strong"), width=width).svg.decode()
    unsure = sum(row.gap.word == "too close to call" for row in areas if row.gap)
    assert svg.count("too close to call") == unsure > 0
    assert svg.count("low on both sides") > 0


def test_the_appendix_says_what_words_ask_and_what_head_counts_allow(
    stories: dict[str, AssessmentStory],
) -> None:
    """Intervals and words ask how answers would stand if asked again; how many must differ at once is said for these n."""
    story = stories["meridian-manufacturing"]
    said = str(story.pages["appendix"].html())
    assert "would stand if they were asked again" in said
    assert "what a group that answered in full said is a fact" in said
    assert "can be called clear, even if no other is" in said
    few = [Difference(1.0, p=1.0, least=2 / 252)] * 14
    assert "at least three of the 14 areas" in reach(few, "area", "areas")[0]
    assert "none can be called clear" in reach([Difference(1.0, p=1.0, least=0.1)] * 9, "area", "areas")[0]
    assert reach([Difference(1.0)], "area", "areas") == []


def test_the_goals_page_shows_how_the_two_sides_rank_the_goals(stories: dict[str, AssessmentStory]) -> None:
    """The places are those of the mean ranks, and the deck says who puts what first; where one side is hidden, neither is."""
    story = stories["meridian-manufacturing"]
    html = str(story.pages["goals"].html()).replace("\u00a0", " ")
    said = html.partition("How the two sides rank the goals")[2]
    rows = re.findall(r'<th scope="row"><bdi>([^<]*)</bdi></th>((?:<td.*?</td>){2})</tr>', said)
    places = {name: re.findall(r"<bdi>(\d)</bdi>", cells) for name, cells in rows}
    groups = {group.group: group.priorities for group in story.record.round(story.assessment.round).groups}
    for goal in story.assessment.goals:
        expected = [
            str(sorted(groups[side].values()).index(groups[side][goal.goal]) + 1)
            for side in ("business", "it")
        ]
        assert places[escape(goal.name)] == expected
    (statement,) = (one.statement for one in story.assessment.findings if one.rule == "priorities differ")
    deck = RoadmapStory.of(story.record, story.roadmap)
    assert escape(statement, quote=False) in str(deck.pages["goals"].html()).replace("\u00a0", " ")
    hidden = replace(story, assessment=replace(story.assessment, priority_agreement=None))
    assert "rank the goals" not in str(hidden.pages["goals"].html())


def test_where_a_group_disagrees_with_itself_is_shown_on_page_and_slide(
    stories: dict[str, AssessmentStory],
) -> None:
    """What the findings say of a split stands below the areas in both documents."""
    story = stories["meridian-manufacturing"]
    split = replace(story.assessment.findings[0], rule="disagreement within", statement="Views are split.")
    told = replace(story, assessment=replace(story.assessment, findings=(split,)))
    assert "Views are split." in str(told.pages["areas"].html())
    deck = replace(RoadmapStory.of(story.record, story.roadmap), assessment=told.assessment)
    assert "Views are split." in str(deck.pages["perception"].html())


def test_a_column_of_measures_in_which_nothing_is_known_is_named_and_not_drawn(
    stories: dict[str, AssessmentStory],
) -> None:
    """Measures reported in words alone have two columns, and the caption says that no measure has the rest on record; one owner brings a column back."""
    story = stories[SAMPLES[0]]
    bare = [Kpi(id=f"k{n}", name=f"K{n}", reported="met") for n in range(2)]
    for measures, heads in (
        (bare, ["Measure", "Latest"]),
        ([bare[0], bare[1].model_copy(update={"owner_it": "Tom"})], ["Measure", "Owners", "Latest"]),
    ):
        facts = story.record.facts.model_copy(update={"kpis": tuple(measures), "goals": ()})
        shown = str(kpis(replace(story, record=replace(story.record, facts=facts))))
        assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', shown) == heads
        lacking = "an owner, a baseline or a target" if len(heads) == 2 else "a baseline or a target"
        assert f"No measure has {lacking} on record" in shown


def test_costs_are_said_to_have_their_own_source_only_where_each_has_one(
    stories: dict[str, AssessmentStory],
) -> None:
    """With one source missing, the line below the picture does not speak of sources."""
    story = stories["meridian-manufacturing"]
    for source, said in (("ledger", True), (None, False)):
        first, *rest = (one.model_copy(update={"source": "payroll"}) for one in story.record.facts.impact)
        impacts = (first.model_copy(update={"source": source}), *rest)
        facts = story.record.facts.model_copy(update={"impact": impacts})
        told = replace(story, record=replace(story.record, facts=facts))
        exhibit = cost_ranges.cost_ranges(told, impacts, "Title")
        assert ("each with its own source" in exhibit.source) == said


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (
            (GroupResult("business", "Business", "survey", 9, 4, False), GroupResult("it", "IT", "named", 1, 1, True)),
            "4 of 9 in Business answered, too few for scores to be shown; IT is one person’s view, by role. Answers are confidential.",
        ),
        (
            (GroupResult("business", "Business", "survey", 9, 7, True), GroupResult("it", "IT", "named", 1, 1, True)),
            "7 of 9 in Business answered and IT is one person’s view, by role. Answers are confidential.",
        ),
    ],
)  # fmt: skip
def test_who_answered_is_told_group_by_group(
    groups: tuple[GroupResult, ...], said: str, stories: dict[str, AssessmentStory]
) -> None:
    """Where what is said of one group holds a comma, a semicolon parts it from the next."""
    story = stories["meridian-manufacturing"]
    told = replace(story, assessment=replace(story.assessment, groups=groups))
    assert _who_answered(told) == said


@pytest.mark.parametrize(("gap", "said"), [(-0.148, "0.15 points"), (0.1, "0.10 points"), (-0.001, "less than 0.01 points"), (0.30000000000000004, "0.30 points")])  # fmt: skip
def test_the_widest_gap_is_told_as_the_table_of_scores_has_it(gap: float, said: str) -> None:
    """What follows “at most” has the two decimals of the scores."""
    assert widest_at_most([Difference(gap), Difference(0.0)]) == said


@pytest.mark.parametrize("sample", SAMPLES)
def test_an_action_that_no_decision_asks_for_now_bears_no_date_of_the_next_meeting(
    sample: str, stories: dict[str, AssessmentStory]
) -> None:
    """With nothing asked on the first page, each action without a date of its own is left to a later meeting."""
    story = stories[sample]
    made = tuple(replace(action, due=None) for action in story.assessment.recommendations)
    told = replace(story, assessment=replace(story.assessment, recommendations=made))
    told.__dict__["asks"] = ()
    said = str(recommendations.page(told).html())
    assert said.count("a later meeting") == said.count("Decision, not asked for now") > 0
    assert story.meeting is None or day(story.meeting) not in said.partition("</table>")[0]


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_action_is_folded_out_with_nothing_behind_it(
    sample: str, stories: dict[str, AssessmentStory]
) -> None:
    """Each action that is folded out has a way from symptom to initiative, or evidence."""
    said = str(stories[sample].pages["recommendations"].html())
    assert 'class="chain"></p>' not in said
    assert "</bdi></p></li>" not in said.partition("How each action follows")[2]
