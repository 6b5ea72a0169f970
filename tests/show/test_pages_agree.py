"""Two pages of one document never say different things, and what is cut short still reads as a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.assess.assessment import Difference
from toolkit.assess.comparing import ADJUSTED
from toolkit.assess.statements import Evidence
from toolkit.assess.wording import sentence, words
from toolkit.client.calendar import Quarter
from toolkit.client.facts import Facts, Goal, Kpi
from toolkit.client.record import Record
from toolkit.client.starting import SAMPLES
from toolkit.client.store import load
from toolkit.client.work import Decision, Initiative
from toolkit.plan.explaining import explain_roadmap
from toolkit.plan.explanation_text import brought_in_by
from toolkit.plan.roadmap import Roadmap, Scheduled, YearMoney
from toolkit.show import AssessmentStory
from toolkit.show.answer_text import three_facts
from toolkit.show.assessment_text import areas_lead, areas_message
from toolkit.show.decisions import Ask, decisions_asked
from toolkit.show.fitting import asks_list, room_below
from toolkit.show.goals_text import kpi_row
from toolkit.show.recommendation_text import evidence_line
from toolkit.show.roadmap_notes import notes_for
from toolkit.show.roadmap_text import answer_to, risks_title

SAMPLE_FILES = Path(__file__).resolve().parents[2] / "client_data"


@pytest.fixture(scope="module")
def meridian() -> AssessmentStory:
    """The manufacturer's assessment, as a notebook opens it."""
    return AssessmentStory.open("meridian-manufacturing", str(SAMPLE_FILES))


def test_what_a_larger_budget_brings_in_is_not_said_to_come_in_with_nothing() -> None:
    """What exhibit 8 shows coming in at a larger budget, the table below it never says that no change brings in."""
    record = load(SAMPLE_FILES, "harbour-credit-union")
    roadmap = explain_roadmap(record)
    assert roadmap.explained is not None
    enters = {one for step in roadmap.explained.budgets if step.share > 0 for one in step.enter}
    said = {one.initiative: brought_in_by(record, roadmap, one) for one in roadmap.deferred}
    assert enters & {one for one, by in said.items() if re.search(r"^every budget [123]0 % higher", by)}
    assert {one for one in enters if said[one].startswith(("none", "not"))} == set()


def risk_story(*rest: Initiative, decisions: tuple[Decision, ...] = (), ends: str = "2027-Q2") -> Any:
    """One risk that the plan's work settles, and four more: settled late, waiting, answered by nothing, accepted."""
    risks = [
        {"id": id, "name": f"Risk {id}", "due": "2027-06-30"}
        for id in ("kept", "late", "waits", "none", "taken")
    ]
    facts = Facts.model_validate(
        {"profile": {"name": "Test"}, "risks": risks, "rounds": [{"id": "r", "as_of": "2026-09-30"}]}
    )
    work = tuple(Initiative(id=id, name=f"Work for {id}", settles=(id,)) for id in ("kept", "late", "waits"))
    accepted = Decision(id="d", round="r", date=date(2026, 1, 1), subject="taken", decision="accept risk")
    start = Quarter(2027, 1)
    planned = tuple(
        Scheduled(id, start, Quarter.parse(finish), 0.0, 0.0, 1.0)
        for id, finish in (("kept", "2027-Q2"), ("late", "2027-Q3"))
    )
    return SimpleNamespace(
        record=Record("test", facts, initiatives=work, decisions=(accepted, *decisions)),
        roadmap=Roadmap("optimised", start, 8, scheduled=planned),
        assessment=SimpleNamespace(as_of=date(2026, 9, 30)),
    )


def test_the_risk_title_tells_apart_what_has_no_answer_what_waits_and_what_comes_too_late() -> None:
    """A risk whose work waits or ends late is not told as one without any, nor as answered; an accepted one counts as neither."""
    story = risk_story()
    kinds = {risk.id: answer_to(story, risk.id).kind for risk in story.record.facts.risks}
    assert kinds == {
        "kept": "in time", "late": "too late", "waits": "waits", "none": "none", "taken": "accepted",
    }  # fmt: skip
    assert risks_title(story).endswith(
        "one of five risks listed has no answer, one waits outside the plan and one is answered too late"
    )
    only = {"risks": tuple(one for one in story.record.facts.risks if one.id in ("kept", "taken"))}
    story.record = replace(story.record, facts=story.record.facts.model_copy(update=only))
    assert risks_title(story).endswith(", and every risk listed is answered or accepted")


def test_a_risk_whose_work_was_rejected_does_not_wait() -> None:
    """Rejected work waits for nothing: the risk has no answer, and the slide says who said so."""
    no = Decision(id="n", round="r", date=date(2026, 1, 1), subject="waits", decision="reject")
    answer = answer_to(risk_story(decisions=(no,)), "waits")
    assert (answer.kind, answer.said) == ("none", "nothing: Work for waits was rejected by leadership")


def test_an_adjusted_score_is_not_said_to_lack_answers(meridian: AssessmentStory) -> None:
    """Where 42 people answered and one score was adjusted, what is missing is not the answers of five people."""
    (told,) = [one for one in meridian.assessment.not_judged if one.why == ADJUSTED]
    assert told.what == "How sure the difference on Investment is"
    assert told.needs == "the score left as the answers give it"


def test_a_measure_has_its_goals_target_on_every_page() -> None:
    """A baseline or target that only the goal states stands on page 6 as in the appendix; one of its own comes first."""
    goal = Goal(id="g", name="Shorter waits", kpi="k", baseline=19, target=10)
    kpi = Kpi(id="k", name="Days", unit="days")
    assert kpi_row(kpi, goal)[2::2] == ("19 days", "10 days")
    assert kpi_row(kpi.model_copy(update={"target": 12}), goal)[2::2] == ("19 days", "12 days")
    assert kpi_row(kpi)[2::2] == ("not known", "not known")
    clinic = AssessmentStory.open("lakeside-clinic", str(SAMPLE_FILES))
    page = re.sub(r"<[^>]+>", " ", str(clinic.goals_and_work().html()))
    assert re.search(r"Days until a new patient is seen .* 19 days .* 10 days", page, re.DOTALL)
    no_target = [one.what for one in clinic.assessment.not_judged if one.why == "no target is recorded"]
    assert no_target == ["Whether one of two measures is on its path"]


def test_the_presenter_explains_only_words_that_the_slide_bears() -> None:
    """Of positions nothing is said to be clear or too close to call, since no difference of theirs is called so."""
    for sample in SAMPLES:
        story: Any = AssessmentStory.open(sample, str(SAMPLE_FILES))
        borne = {area.gap.word for area in story.assessment.scored if area.gap}
        said = " ".join(notes_for(story, "perception"))
        assert ("called clear" in said) == ("clear difference" in borne)
        assert ("close to call" in said) == ("too close to call" in borne)


def test_the_first_fact_is_the_gap_that_the_title_calls_widest(meridian: AssessmentStory) -> None:
    """A wider gap that is too close to call makes no headline beside one that is clear; by itself it is told as unsure."""

    def told(**gaps: tuple[float, Any]) -> Any:
        areas = tuple(
            replace(area, gap=Difference(value, word=word, q=0.5))
            for area in meridian.assessment.areas
            for id, (value, word) in gaps.items()
            if area.dimension.id == id
        )
        return replace(meridian, assessment=replace(meridian.assessment, areas=areas))

    both = told(communication=(1.5, "too close to call"), priorities=(-0.9, "clear difference"))
    value, meaning = three_facts(both)[0]
    assert (value, "priorities" in meaning) == ("−0.9", True)
    assert areas_message(both).endswith("one area differently: priorities")
    unsure = told(communication=(1.5, "too close to call"))
    assert three_facts(unsure)[0][1].endswith(", too close to call")
    assert "agree" not in areas_message(unsure)
    assert "broadly agree" in areas_message(told(communication=(0.4, "too close to call")))


@given(st.text(alphabet="ab “”….", max_size=60), st.integers(8, 50))
def test_what_is_cut_short_fits_closes_its_quotation_and_has_no_stop_after_its_ellipsis(
    text: str, most: int
) -> None:
    """Cut text has at most so many characters, opens no quotation that it does not close, and ends in one mark."""
    cut = words(text, most)
    assert len(cut) <= most
    if cut != " ".join(text.split()):
        assert sentence(cut) == cut
        assert not re.search(r"“[^”]*$", cut)


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        (Evidence("Their known capital", 50000.0, "USD"), "Their known capital: 50,000 USD"),
        (Evidence("Initiatives not yet done", 7, "live initiative"), "Initiatives not yet done: 7"),
        (Evidence("Due", date(2027, 6, 30)), "Due: 30 June 2027"),
        (Evidence("Share", 82, "%", "spend"), "Share: 82 % – spend"),
        (Evidence("Score", 2.0, "points of 5"), "Score: 2.0 points of 5"),
    ],
)
def test_evidence_reads_as_the_pages_do(evidence: Evidence, line: str) -> None:
    """Amounts, counts and dates of the evidence are written as on the pages, not as a program holds them."""
    assert re.sub(r"<[^>]+>", "", evidence_line(evidence)) == line


COST = "It takes EUR 35 thousand of capital: the rest comes from the reserve of EUR 150 thousand."


@given(st.lists(st.tuples(st.integers(10, 200), st.integers(0, 400), st.booleans()), min_size=1, max_size=4))
def test_a_cost_is_told_whole_however_long_the_reasons_are(lengths: list[tuple[int, int, bool]]) -> None:
    """Reasons are cut before what a decision costs and where that comes from."""
    asks = [
        Ask(("what " * 40)[:what], ("why it is " * 40)[:why], "", "Ann and Bo", COST if cost else "")
        for what, why, cost in lengths
    ]
    shown = str(
        asks_list(asks, room_below("Roadmap · Test", "We ask for four decisions today", draft_note=False))
    )
    assert shown.count(COST) == sum(cost for *_, cost in lengths)
    assert shown.count("<li>") == len(asks)


def test_a_short_list_of_decisions_stays_large() -> None:
    """Decisions that fit are neither made small nor cut."""
    asks = [Ask("Approve it", "Because it pays.", "", "Ann, by 1 May 2027", COST)] * 4
    shown = str(
        asks_list(asks, room_below("Roadmap · Test", "We ask for four decisions today", draft_note=False))
    )
    assert shown.startswith('<ol class="asks">')
    assert shown.count("Because it pays. It takes") == 4


def test_areas_without_a_target_are_not_said_to_fall_below_theirs(meridian: AssessmentStory) -> None:
    """Where some weak areas have a target and some have none, the lead names both lines; where all have one, that alone."""
    weak = meridian.assessment.weak
    assert "fall below their target." in str(areas_lead(meridian))
    bare = weak[0].dimension.id
    areas = tuple(
        replace(one, target=None) if one.dimension.id == bare else one for one in meridian.assessment.areas
    )
    mixed = replace(meridian, assessment=replace(meridian.assessment, areas=areas))
    assert "fall below their target, or level 3 where none is set." in str(areas_lead(mixed))


def test_a_plan_without_any_limit_is_asked_for_in_a_whole_sentence() -> None:
    """Where no year of the plan has a budget and no role a capacity, the sentence ends after the capital."""
    facts = Facts.model_validate({"profile": {"name": "Test", "currency": "EUR"}})
    start = Quarter(2027, 1)
    roadmap = Roadmap(
        "optimised", start, 4,
        scheduled=(Scheduled("w", start, start, 0.0, 0.0, 5000.0),), years=(YearMoney(2027, None, 0.0, 5000.0, 0.0),),
    )  # fmt: skip
    record = Record("test", facts, initiatives=(Initiative(id="w", name="Work"),))
    none: Any = SimpleNamespace(recommendations=(), as_of=date(2026, 9, 30))
    (plan,) = decisions_asked(record, none, roadmap)
    assert plan.why == "EUR 5 thousand of capital in all."
