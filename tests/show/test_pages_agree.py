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

from toolkit.assess import assess
from toolkit.assess.assessment import Difference
from toolkit.assess.difference import ADJUSTED
from toolkit.assess.evidence import Evidence
from toolkit.client.calendar import Quarter
from toolkit.client.known import dated_later
from toolkit.client.new_client import SAMPLES
from toolkit.client.record import Record
from toolkit.client.schema import (
    Action,
    Budget,
    Decision,
    Facts,
    Goal,
    Initiative,
    Kpi,
    Profile,
    Reading,
    Risk,
    Round,
    Scenario,
    Spend,
)
from toolkit.client.store import load
from toolkit.html.fonts import text_width
from toolkit.plan import plan_roadmap
from toolkit.plan.business_case import BusinessCase, CashYear, in_all_text
from toolkit.plan.decisions import decisions_asked, left_open
from toolkit.plan.outlook import Outlook
from toolkit.plan.plan_table import brought_in_by
from toolkit.plan.risk_answers import answer_to
from toolkit.plan.roadmap import (
    BudgetStep,
    Deferred,
    Roadmap,
    RoleLoad,
    Scheduled,
    Sensitivity,
    TriedChanges,
    Unscheduled,
    YearMoney,
)
from toolkit.plan.robustness import explain_roadmap
from toolkit.plan.traceability import traced
from toolkit.show import AssessmentStory, RoadmapStory
from toolkit.show.canvas import fitting_apart
from toolkit.show.charts.deadlines import _dates_and_owners, plain_title
from toolkit.show.charts.dumbbells import areas_message
from toolkit.show.charts.goal_outlook import _why, outlook_message
from toolkit.show.charts.known_dates import known_dates, known_dates_message
from toolkit.show.page import Exhibit
from toolkit.show.report.answer import four_facts
from toolkit.show.report.areas import areas_lead
from toolkit.show.report.deadlines import risks
from toolkit.show.report.goals import kpi_row
from toolkit.show.report.needs import needs_lead
from toolkit.show.report.recommendations import evidence_line
from toolkit.show.roadmap import business_case, people, perception, plan, tradeoffs
from toolkit.show.roadmap.next_steps import first_heading, first_steps, first_title
from toolkit.show.roadmap.ranked import ranked_title
from toolkit.show.roadmap.short_tables import _cut, named_scores
from toolkit.show.roadmap.tradeoffs import tradeoffs_title
from toolkit.show.roadmap.waiting import waiting_title
from toolkit.show.slips import largest_slips, slip_lead, time_span
from toolkit.words import excerpt, inside, money, number_word, sentence

SAMPLE_FILES = Path(__file__).resolve().parents[2] / "client_data"


@pytest.fixture(scope="module")
def meridian() -> AssessmentStory:
    """The manufacturer's assessment, as a notebook opens it."""
    return AssessmentStory.open("meridian-manufacturing", str(SAMPLE_FILES))


def test_what_another_budget_brings_in_is_not_said_to_come_in_with_nothing() -> None:
    """What exhibit 8 shows coming in at another budget, the table below it never says that no change brings in."""
    record = load(SAMPLE_FILES, "harbour-credit-union")
    roadmap = explain_roadmap(record)
    assert roadmap.explained is not None
    enters = {one for step in roadmap.explained.budgets if step.share > 0 for one in step.enter}
    said = {one.initiative: brought_in_by(record, roadmap, one) for one in roadmap.deferred}
    assert enters & {one for one, by in said.items() if re.search(r"^every budget [123]0 % higher", by)}
    assert {one for one in enters if said[one].startswith(("none", "not"))} == set()
    (first, *_) = [one for one, by in said.items() if by.startswith("none")]
    tighter = BudgetStep(-0.1, 0.1, 1.0, (first,))
    explained = replace(roadmap.explained, budgets=(*roadmap.explained.budgets, tighter))
    below = next(one for one in roadmap.deferred if one.initiative == first)
    assert brought_in_by(record, replace(roadmap, explained=explained), below) == "every budget 10 % lower"


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
    story = SimpleNamespace(
        record=Record("test", facts, initiatives=work, decisions=(accepted, *decisions)),
        roadmap=Roadmap("optimised", start, 8, scheduled=planned),
        assessment=SimpleNamespace(as_of=date(2026, 9, 30)),
        meeting=None,
    )
    story.answer_to = lambda risk: answer_to(story.record, story.assessment.as_of, story.roadmap, risk)
    return story


def test_the_risk_title_tells_apart_what_has_no_answer_what_waits_and_what_comes_too_late() -> None:
    """A risk whose work waits or ends late is not told as one without any, nor as answered; an accepted one counts as neither."""
    story = risk_story()
    kinds = {risk.id: story.answer_to(risk.id).kind for risk in story.record.facts.risks}
    assert kinds == {
        "kept": "in time", "late": "too late", "waits": "waits", "none": "none", "taken": "accepted",
    }  # fmt: skip
    assert (
        plain_title(story)
        .casefold()
        .endswith("one of five risks has no answer, one waits outside the plan and one is answered too late")
    )
    only = {"risks": tuple(one for one in story.record.facts.risks if one.id in ("kept", "taken"))}
    story.record = replace(story.record, facts=story.record.facts.model_copy(update=only))
    assert plain_title(story).endswith(", and every risk listed is answered or accepted")


def test_a_risk_whose_work_was_rejected_does_not_wait() -> None:
    """Rejected work waits for nothing: the risk has no answer, and the slide says who said so."""
    no = Decision(id="n", round="r", date=date(2026, 1, 1), subject="waits", decision="reject")
    answer = risk_story(decisions=(no,)).answer_to("waits")
    assert (answer.kind, answer.said) == ("none", "nothing: Work for waits was rejected by leadership")


def with_work(story: Any, id: str, **fields: Any) -> Any:
    """The story with one initiative changed."""
    work = tuple(one.model_copy(update=fields) if one.id == id else one for one in story.record.initiatives)
    story.record = replace(story.record, initiatives=work)
    return story


def test_work_that_goes_on_uncounted_does_not_wait() -> None:
    """Work under way or mandatory of unknown cost answers its risk, uncounted; nobody is asked to accept that risk."""
    story = with_work(risk_story(), "waits", status="in progress", start=Quarter(2026, 4))
    story.roadmap = replace(story.roadmap, commitments=1, uncounted=("waits",))
    answer = story.answer_to("waits")
    assert (answer.kind, answer.said) == ("not counted", "Work for waits (under way, not counted)")
    assert plain_title(story).endswith(
        "is answered too late and one rests on work that the plan does not count"
    )
    none: Any = SimpleNamespace(recommendations=(), as_of=date(2026, 9, 30))
    assert "waits" not in [risk.id for risk in left_open(story.record, none, story.roadmap)]
    assert "Work for waits (under way, not counted)" in str(risks(story))
    with_work(story, "waits", finish=date(2027, 9, 1))
    answer = story.answer_to("waits")
    assert (answer.kind, answer.short) == (
        "too late", "too late: Work for waits (under way, not counted; done on 1 September 2027 at the earliest)",
    )  # fmt: skip
    assert "waits" in [risk.id for risk in left_open(story.record, none, story.roadmap)]


@pytest.mark.parametrize("kind", ["infeasible", "timeline"])
def test_without_a_plan_a_risk_is_not_answered_by_work_put_off_or_too_late(kind: Any) -> None:
    """Where there is no plan, deferred work answers nothing, and work that cannot end in time comes too late."""
    later = Decision(id="l", round="r", date=date(2026, 1, 1), subject="waits", decision="defer")
    story = with_work(risk_story(decisions=(later,)), "late", duration=6)
    story.roadmap = Roadmap(kind, Quarter(2026, 4), 8, conflicts=("a", "b"))
    assert (story.answer_to("late").kind, story.answer_to("late").said) == (
        "too late", "too late: Work for late (done on 31 March 2028 at the earliest)",
    )  # fmt: skip
    assert (story.answer_to("waits").kind, story.answer_to("waits").short) == (
        "none", "nothing: Work for waits was deferred",
    )  # fmt: skip
    assert plain_title(story).endswith("two of five risks have no answer and one is answered too late")
    assert "Work for waits (was deferred by leadership)" in str(risks(story))


def test_work_under_way_counts_among_the_first_steps_until_it_ends() -> None:
    """What is under way uncounted goes on in the first quarter, too; what ends before the plan begins does not."""
    story = with_work(risk_story(), "waits", status="in progress", start=Quarter(2026, 4))
    with_work(story, "kept", status="in progress", start=Quarter(2026, 2), duration=2)
    over = Scheduled("kept", Quarter(2026, 2), Quarter(2026, 3), 0.0, 0.0, 1.0, "in progress")
    story.roadmap = replace(
        story.roadmap, scheduled=(over, story.roadmap.scheduled[1]), commitments=2, uncounted=("waits",)
    )
    assert (
        first_title(story) == "In the first 90 days one initiative starts and one already under way goes on"
    )
    rows = [
        tuple(" ".join(re.sub("<[^>]+>", " ", str(cell)).split()) for cell in row)
        for row in first_steps(story)
    ]
    assert rows == [
        ("Work for late starts: it is chosen", "Q1 2027 to Q3 2027", "business: not known IT: not known"),
        (
            "Work for waits goes on: it is under way; not counted",
            "since Q4 2026",
            "business: not known IT: not known",
        ),
    ]
    assert len(first_steps(with_work(story, "waits", finish=date(2026, 12, 1)))) == 1


def test_the_first_90_days_are_those_after_the_round() -> None:
    """A plan that begins a year later names its first quarter in their place."""
    story = risk_story()
    story.roadmap = replace(story.roadmap, start=Quarter(2027, 2), scheduled=(
        Scheduled("late", Quarter(2027, 2), Quarter(2027, 3), 0.0, 0.0, 1.0),
    ))  # fmt: skip
    assert first_title(story) == "In Q2 2027, the plan’s first quarter, one initiative starts"
    assert first_heading(story) == "First quarter of the plan"
    assert first_heading(risk_story()) == "First 90 days"


def test_the_plan_on_a_page_draws_no_bar_outside_itself(meridian: AssessmentStory) -> None:
    """Work that ends before the plan begins keeps its line, and says when it ends in place of a bar."""
    start = Quarter(2027, 4)
    one = meridian.record.initiatives[0]
    work = Scheduled(one.id, Quarter(2026, 2), Quarter(2027, 1), 0.0, 0.0, 9.0, "in progress")
    svg = plan.exhibit(meridian.record, Roadmap("optimised", start, 8, scheduled=(work,)), "Title").svg
    assert "ends in Q1 2027, before the plan" in svg.decode()


def test_without_a_plan_what_is_on_record_is_not_called_unknown(harbour: Record) -> None:
    """Where durations alone are missing, the gaps name them, not the budget and people that are recorded."""
    work = tuple(
        one.model_copy(update={"duration": None, "capex_profile": (), "capex": 9.0})
        for one in harbour.initiatives
    )
    deck = told(replace(harbour, initiatives=work))[1]
    page = " ".join(text_of(deck.pages["gaps"]).split())
    said = "A plan, which needs the duration of the work;"
    assert f"Money by year {said} the budget is on record." in page
    assert f"Whether people can carry the work {said} the people are on record." in page
    assert waiting_title(deck).endswith("cannot be planned until their duration is known")
    assert deck.roadmap.why_timeline == ("the duration of the work",)


def test_page_3_calls_no_need_unmet_that_no_finding_calls_so(meridian: AssessmentStory) -> None:
    """Page 3 lists by how much each need is short, however important; what is unmet, and important, the findings say."""
    lead = str(needs_lead(meridian))
    assert "Short by half a point or more, widest first: " in lead
    assert "nmet" not in lead


def test_the_ranked_lists_title_does_not_count_rejected_work() -> None:
    """What was rejected does not fail to fit the money and the people."""
    no = Decision(id="n", round="r", date=date(2026, 1, 1), subject="waits", decision="reject")
    story = risk_story(decisions=(no,))
    out = Deferred("waits", 0.0, 1.0, "decision", "so")
    story.roadmap = replace(story.roadmap, deferred=(out,))
    story.currency = "USD"
    assert ranked_title(story) == "All two initiatives that go ahead fit, for USD 2 of capital"
    story.roadmap = replace(
        story.roadmap,
        scheduled=story.roadmap.scheduled[:1],
        deferred=(out, replace(out, initiative="late", binding="budget")),
    )
    assert (
        ranked_title(story)
        == "One of two initiatives that go ahead fits the money and the people, for USD 1 of capital"
    )


def test_fiscal_quarters_are_not_taken_for_those_of_the_calendar(harbour: Record) -> None:
    """Where fiscal years begin in November, quarters beside dates are called fiscal, and a risk's answer has a day."""
    pages, deck = told(harbour)
    assert re.search(
        r"\(done by (31 January|30 April|31 July|31 October) 20\d\d\)", text_of(deck.pages["risks"])
    )
    assert "done by Q" not in text_of(deck.pages["risks"])
    assert "Fiscal quarters" in text_of(deck.pages["first"])
    chain = text_of(pages.pages["recommendations"])
    assert set(re.findall(r"(\w+) Q\d 20\d\d", chain)) == {"fiscal", "to"}
    for page in (*pages.pages.values(), *deck.pages.values()):
        body = text_of(page).replace(page.footer or "\0", "")
        if re.search(r"\bFY20\d\d\b|\bQ\d 20\d\d", body):
            assert re.search(r"FY(20\d\d) is November 20\d\d to October \1", page.footer), page.key
        else:
            assert " is November " not in page.footer
    calendar = facts_of(harbour, profile=harbour.facts.profile.model_copy(update={"fiscal_year_starts": 1}))
    assert "done by Q" in text_of(told(calendar)[1].pages["risks"])
    assert not any(" to October " in page.footer for page in told(calendar)[1].pages.values())


def test_with_less_money_work_that_only_moves_is_not_said_to_stay() -> None:
    """Where the same work is done, some of it later, the slide of trade-offs says that nothing, or next to nothing, goes, not that everything stays."""
    for less, more, said in (
        (
            0.499,
            0.501,
            "Ten per cent less money costs next to nothing; ten per cent more adds next to nothing",
        ),
        (0.5, 0.5, "Ten per cent less money costs none of the plan’s value; ten per cent more adds nothing"),
    ):
        steps = (BudgetStep(-0.1, less, 1.0), BudgetStep(0.1, more, 1.0))
        explained = Sensitivity(0, {}, TriedChanges(), {}, {}, steps)
        roadmap = Roadmap("optimised", Quarter(2027, 1), 8, value=0.5, explained=explained)
        story: Any = SimpleNamespace(roadmap=roadmap)
        assert tradeoffs_title(story) == said


def test_a_plan_that_earns_nothing_is_held_against_no_other_budget() -> None:
    """Where no planned work serves a goal or a risk, there is no value of which another budget could cost a share."""
    steps = tuple(BudgetStep(share, 0.0, 1.0) for share in (-0.1, 0.1))
    explained = Sensitivity(0, {}, TriedChanges(), {}, {}, steps)
    story: Any = SimpleNamespace(
        roadmap=Roadmap("optimised", Quarter(2027, 1), 8, value=0.0, explained=explained)
    )
    assert tradeoffs.slide(story) is None


def test_only_risks_that_work_settles_in_time_are_its_reason_or_are_opened_without_it() -> None:
    """Work of a year comes too late for the first lease: its reason is the second, and without it the second alone is open."""
    facts = Facts.model_validate(
        {
            "profile": {"name": "Client"}, "planning": {"start": "2027-Q1", "quarters": 8},
            "goals": [{"id": "g", "name": "Grow", "weight": 100, "due": "2027-09-30"}],
            "risks": [{"id": id, "name": f"Lease {id}", "severity": 0.5, "due": due}
                      for id, due in (("early", "2027-06-30"), ("later", "2028-06-30"))],
            "budget": [{"year": year, "amount": 100} for year in (2027, 2028)], "rounds": [{"id": "r", "as_of": "2026-12-31"}],
        }
    )  # fmt: skip
    work = Initiative(id="a", name="Move", duration=4, capex=1, goals={"g": 3}, settles=("early", "later"))
    other = Initiative(id="b", name="Call", duration=1, capex=1, goals={"g": 3})
    record = Record("client", facts, initiatives=(work, other))
    planned = plan_roadmap(record)
    less = BudgetStep(-0.1, 0.1, 1.0, leave=("a",))
    told_again = Sensitivity(0, {}, TriedChanges(), {}, {}, (less,))
    deck = RoadmapStory.of(record, replace(planned, explained=told_again))
    ranked, cards = (re.sub("</?bdi>", "", str(deck.pages[key].html())) for key in ("ranked", "tradeoffs"))
    assert "settles “Lease later”" in ranked
    assert "settles “Lease early”" not in ranked
    assert re.findall(r"Then open:</span> ([^<]*)", cards) == ["Lease later"]


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (("done 2025", "done 2025"), "Both initiatives on record are over"),
        (
            ("open 2025", "open 2026", "open 2029", "done 2024"),
            "Of three open initiatives, one is past its date and one is due within a year",
        ),
        (("open 2028", "open 2029"), "Of two open initiatives, the later is due in 2029"),
        (("open 2026", "open 2026"), "Both open initiatives are due within a year"),
        (("open 2025", "open 2024", "open 2023"), "All three open initiatives are past their dates"),
        (
            ("open 2026", "open -", "open -"),
            "Of three open initiatives, one is due within a year and two have no date",
        ),
        (("open -", "stopped -"), "The one open initiative has no completion date"),
        (("open 2025", "done 2025"), "The one open initiative is past its date"),
        (("open 2030",), "The one open initiative is due in 2030"),
    ],
)
def test_the_title_of_known_dates_says_what_is_late_and_what_is_due(work: tuple[str, ...], said: str) -> None:
    """At the end of 2025 it counts the open work past its date, due within a year and without a date; work that is over is not late."""
    parts = [one.split() for one in work]
    rows = [
        SimpleNamespace(
            status=None if state == "open" else state, finish=None if year == "-" else date(int(year), 6, 30)
        )
        for state, year in parts
    ]
    story: Any = SimpleNamespace(
        roadmap=SimpleNamespace(timeline=rows), assessment=SimpleNamespace(as_of=date(2025, 12, 31))
    )
    assert known_dates_message(story) == said


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
    page = re.sub(r"<[^>]+>", " ", str(clinic.pages["goals"].html()))
    assert re.search(r"Days until a new patient is seen .* 19 days .* 10 days", page, re.DOTALL)
    no_target = [one.what for one in clinic.assessment.not_judged if one.why == "no target is recorded"]
    assert no_target == ["Whether one of two measures is on its path"]


def test_the_presenter_explains_only_words_that_the_slide_bears() -> None:
    """Of positions nothing is said to be clear or too close to call, since no difference of theirs is called so."""
    for sample in SAMPLES:
        story: Any = AssessmentStory.open(sample, str(SAMPLE_FILES))
        borne = {area.gap.word for area in story.assessment.scored if area.gap}
        said = " ".join(perception.notes(story))
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
    value, meaning = four_facts(both)[0]
    assert (value, "priorities" in meaning) == ("−0.9", True)
    assert areas_message(both).endswith("one area differently: priorities")
    unsure = told(communication=(1.5, "too close to call"))
    assert four_facts(unsure)[0][1].endswith(", too close to call")
    assert "agree" not in areas_message(unsure)
    assert "broadly agree" in areas_message(told(communication=(0.4, "too close to call")))


@given(st.text(alphabet="ab “”….", max_size=60), st.integers(8, 50))
def test_what_is_cut_short_fits_closes_its_quotation_and_has_no_stop_after_its_ellipsis(
    text: str, most: int
) -> None:
    """Cut text has at most so many characters, opens no quotation that it does not close, and ends in one mark."""
    cut = excerpt(text, most)
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
    rounds = [{"id": "r", "as_of": "2026-12-31"}]
    facts = Facts.model_validate({"profile": {"name": "Test", "currency": "EUR"}, "rounds": rounds})
    start = Quarter(2027, 1)
    roadmap = Roadmap(
        "optimised", start, 4,
        scheduled=(Scheduled("w", start, start, 0.0, 0.0, 5000.0),), years=(YearMoney(2027, None, 0.0, 5000.0, 0.0),),
    )  # fmt: skip
    record = Record("test", facts, initiatives=(Initiative(id="w", name="Work"),))
    none: Any = SimpleNamespace(recommendations=(), findings=(), round="r", as_of=date(2026, 9, 30))
    (asked,) = decisions_asked(record, none, roadmap)
    assert asked.because == "The whole plan takes EUR 5,000 of capital."


def text_of(page: Any) -> str:
    """Return a page's text without tags."""
    return re.sub(r"<[^>]+>", " ", str(page.html())).replace("\u00a0", " ")


def told(record: Record) -> tuple[AssessmentStory, RoadmapStory]:
    """Return both stories of a record."""
    roadmap = plan_roadmap(record)
    return AssessmentStory.of(record, roadmap), RoadmapStory.of(record, roadmap)


@pytest.fixture(scope="module")
def harbour() -> Record:
    """The credit union's record."""
    return load(SAMPLE_FILES, "harbour-credit-union")


def facts_of(record: Record, **changed: Any) -> Record:
    """Return a record with other facts."""
    return replace(record, facts=record.facts.model_copy(update=changed))


def test_a_deadline_whose_work_may_give_way_is_not_called_answered() -> None:
    """Where the fixed work collides, the risk slide says what its answers hang on."""
    story = risk_story()
    story.roadmap = Roadmap("infeasible", Quarter(2027, 1), 8, conflicts=("a", "b"))
    only = {"risks": tuple(one for one in story.record.facts.risks if one.id in ("kept", "taken"))}
    story.record = replace(story.record, facts=story.record.facts.model_copy(update=only))
    assert story.answer_to("kept").short == "Work for kept, unless it gives way"
    assert plain_title(story).endswith("; work on each is named or done, but the fixed work does not all fit")


def test_a_late_answer_says_so_first() -> None:
    """What a narrow cell cuts off is never that the work comes too late."""
    assert risk_story().answer_to("late").short.startswith("too late: ")


def test_where_no_work_is_open_no_page_says_that_every_initiative_serves_a_goal(harbour: Record) -> None:
    """Of goals whose work is all done, and of goals without any work on record, each page says just that."""
    over = tuple(one.model_copy(update={"status": "done"}) for one in harbour.initiatives)
    done, deck = told(replace(harbour, initiatives=over))
    assert "have work behind them: all eleven initiatives are done." in text_of(done.pages["answer"])
    assert done.pages["goals"].title == "Three goals have no initiative: no initiative is open"
    assert "No work is open." in text_of(done.pages["appendix"])
    assert "All eleven initiatives on record are done." in text_of(deck.pages["ranked"])
    assert deck.pages["goals"].title.endswith(", and no initiative is open")
    none, _ = told(replace(harbour, initiatives=()))
    assert none.pages["goals"].title == "Three goals have no initiative: no initiative is on record"


def test_page_one_adds_up_the_capital_that_the_plan_does(harbour: Record) -> None:
    """The figure of the register counts open work alone, with its contingency, as the decision beside it does."""
    facts = {"impact": (), "spend": ()}
    bare = facts_of(replace(harbour, responses=(), aggregates=()), **facts)
    first, _ = told(bare)
    open_work = [
        one for one in bare.initiatives if one.status not in ("done", "stopped") and one.capex is not None
    ]
    in_all = sum((one.capex or 0.0) * (1 + (one.contingency or 0.0)) for one in open_work)
    figures = {value: str(meaning) for value, meaning in four_facts(first)}
    assert figures[money(in_all, "CAD")].endswith("with a known cost, contingency included")


def test_what_serves_no_goal_costs_the_same_on_every_page(harbour: Record) -> None:
    """The capital of work without a goal, and of what may be stopped, is what the plan and the trace give it."""
    pages, _ = told(harbour)
    trace = traced(harbour, pages.roadmap)
    loose = [one.capital for one in trace.work if one.is_open and not any(one.initiative.goals.values())]
    said = next(one.statement for one in pages.assessment.findings if one.rule == "work without goal")
    assert money(sum(filter(None, loose)), "CAD") in said
    tablets = next(one.capex for one in pages.roadmap.deferred if one.initiative == "branch-tablets")
    note = next(
        one.cost_note for one in pages.assessment.recommendations if "branch-tablets" in one.initiatives
    )
    assert note == f"none; to stop it saves {money(tablets, 'CAD')} of capital"


def test_both_documents_weigh_goals_as_the_plan_does(harbour: Record) -> None:
    """Under a scenario with its own points and money, one exhibit shows one set of points, and the decision says whose limits."""
    points = dict(zip((goal.id for goal in harbour.facts.goals), (10.0, 80.0, 10.0), strict=True))
    budget = (Budget(year=2027, amount=900_000),)
    board = Scenario(id="board", name="Board plan", round=harbour.rounds[-1].id, points=points, budget=budget)
    planning = harbour.facts.planning.model_copy(update={"scenario": "board"})
    pages, deck = told(replace(facts_of(harbour, planning=planning), scenarios=(board,)))
    weights = [
        list(made.data[column])
        for story, key, column in ((pages, "coverage", "Weight"), (deck, "goals", "Points"))
        for made in story.pages["goals"].body
        if isinstance(made, Exhibit) and made.key == key
    ]
    assert weights[0][:3] == weights[1][:3] == [10.0, 80.0, 10.0]
    assert pages.points_note in text_of(pages.pages["goals"])
    approve = next(ask for ask in pages.asks if ask.kind == "approve")
    assert "those of FY2027 from the scenario “Board plan”" in approve.because


def test_a_plan_that_begins_in_the_past_says_so_where_it_is_to_be_approved(harbour: Record) -> None:
    """Eight months after the plan's first quarter began, the decision and the first steps say that it is over."""
    last = harbour.rounds[-1].model_copy(update={"as_of": date(2027, 6, 30), "closed": date(2027, 6, 30)})
    late = facts_of(harbour, rounds=(*harbour.rounds[:-1], last))
    _, deck = told(late)
    assert deck.asks[0].because.startswith("The plan begins in Q1 2027, which is over on 30 June 2027: ")
    assert "; in Q1 2027, the plan’s first quarter," in deck.pages["first"].title
    _, today = told(harbour)
    assert not today.asks[0].because.startswith("The plan begins")


def test_capital_before_a_plan_that_begins_within_a_year_is_said_to_fall_before_its_quarter(
    harbour: Record,
) -> None:
    """What falls in the plan's first fiscal year, but before its first quarter, is not said to fall before that year."""
    planning = harbour.facts.planning.model_copy(update={"start": Quarter(2027, 2), "quarters": 7})
    undated = tuple(one.model_copy(update={"deadline": None}) for one in harbour.initiatives)
    _, deck = told(replace(facts_of(harbour, planning=planning), initiatives=undated))
    page = text_of(deck.pages["money"])
    assert "falls before Q2 2027;" in page
    assert "before FY2027" not in page


def test_a_collision_names_the_work_to_choose_among(harbour: Record) -> None:
    """The decision names up to five demands, begins as a sentence does, and no slide asks for dates that are known."""
    conflicts = ("“A” (decided)", "“B” (mandatory: law)", "the budget of FY2027")
    collides = Roadmap("infeasible", Quarter(2027, 1), 8, conflicts=conflicts)
    (ask, *_) = decisions_asked(harbour, assess(harbour), collides)
    assert ask.because == "“A” (decided), “B” (mandatory: law) and the budget of FY2027."
    deck = RoadmapStory.of(harbour, collides)
    assert "Dates of the work" not in " ".join(text_of(page) for page in deck.pages.values())
    longer = replace(collides, conflicts=("“A” (decided): it takes 3 quarters, longer than the plan’s 1",))
    assert decisions_asked(harbour, assess(harbour), longer)[0].what.startswith(
        "Decide whether the plan looks further ahead"
    )


def test_a_budget_larger_than_all_spending_is_not_said_to_be_inside_it(harbour: Record) -> None:
    """How much of it comes on top at least is said, and of the rest alone that nobody has said; both readings are drawn."""
    small = tuple(
        year.model_copy(update={"run": 100_000, "grow": 50_000, "transform": 0, "protect": 0})
        for year in harbour.facts.spend
    )
    planning = harbour.facts.planning.model_copy(update={"budget_is": None})
    for story in told(facts_of(harbour, spend=small, planning=planning)):
        said = " ".join(text_of(page) for page in story.pages.values())
        assert (
            "At least CAD 630k of the plan’s budget comes on top of today’s spending; of the rest, finance has yet to say."
            in said
        )
        assert "Finance has yet to say whether" not in said
        assert "420 % more than FY2026" in said
        assert "520 % more than FY2026" in said


def test_the_goals_slide_counts_the_plans_work_in_title_and_chart(harbour: Record) -> None:
    """A goal whose work waits outside the plan is not said to be served; the chart says that none is in it."""
    goals = tuple(goal.model_copy(update={"short": None}) for goal in harbour.facts.goals)
    alone = goals[1].id
    work = tuple(
        one.model_copy(
            update={"goals": {alone: 3}, "capex": 9_000_000.0}
            if one.id == "member-record"
            else {"goals": {key: value for key, value in one.goals.items() if key != alone}}
        )
        for one in harbour.initiatives
    )
    assert any(alone in one.goals for one in work)
    _, deck = told(facts_of(replace(harbour, initiatives=work), goals=goals))
    assert deck.pages["goals"].title == "Three goals drive the next two years, and the plan’s work serves two"
    assert "None in the plan" in str(deck.pages["goals"].html())


def test_spending_that_is_not_split_is_not_said_to_be_absent(harbour: Record) -> None:
    """The page on spending tells spending without a split from no spending."""
    pages, _ = told(facts_of(harbour, spend=(Spend(year=2026, run=1_000_000),)))
    assert "IT spending is recorded, but not split by purpose in any year" in text_of(pages.pages["spend"])


def test_a_slip_is_as_long_on_page_four_as_on_page_one() -> None:
    """Half a year and more is told in years, as the findings tell it; less in days."""
    assert [time_span(days) for days in (1, 182, 365, 640)] == [
        "one day",
        "182 days",
        "1.0 year",
        "1.8 years",
    ]


def test_one_of_a_kind_is_not_counted_as_one_of_one(harbour: Record) -> None:
    """A single goal, initiative with dates or year to come is told in the singular."""
    (goal, *_) = harbour.facts.goals
    serving = tuple(
        x.model_copy(update={"goals": {goal.id: 3}, "mandatory": None, "deadline": None, "settles": ()})
        for x in harbour.initiatives
    )
    one = facts_of(replace(harbour, initiatives=serving), goals=(goal,))
    pages, deck = told(one)
    assert "The one business goal has work on record" in text_of(pages.pages["answer"])
    unserved = tuple(x.model_copy(update={"goals": {}}) for x in serving)
    pages, _ = told(facts_of(replace(harbour, initiatives=unserved), goals=(goal,)))
    assert "No business goal has work on record" in text_of(pages.pages["answer"])
    year = one.facts.planning.model_copy(update={"quarters": 4})
    _, deck = told(facts_of(one, planning=year))
    unnamed = (goal.model_copy(update={"short": None}),)
    _, deck = told(facts_of(one, planning=year, goals=unnamed))
    assert deck.pages["goals"].title.startswith("One goal drives the next year, and")
    dated = tuple(x.model_copy(update={"original_finish": None}) for x in harbour.initiatives[1:])
    first = harbour.initiatives[0].model_copy(
        update={"original_finish": date(2027, 1, 1), "finish": date(2028, 1, 1)}
    )
    single = SimpleNamespace(record=replace(harbour, initiatives=(first, *dated)), currency="CAD")
    assert "The one initiative with a first and a present completion date has moved later" in slip_lead(
        single
    )  # type: ignore[arg-type]


def test_a_decision_on_advice_is_told_by_what_was_advised(harbour: Record) -> None:
    """That leadership rejected one co-owned roadmap does not read as if it had rejected the roadmap; one promise is no sum."""
    before = Round(id="before", as_of=date(2026, 1, 31), closed=date(2026, 1, 31))
    common: dict[str, Any] = {"round": "before", "date": date(2026, 1, 20), "decision": "reject"}
    made = tuple(
        Decision(id=subject, subject=subject, **common) for subject in ("rec-roadmap", "rec-late-work")
    )
    promise = Action(id="a", round="before", action="Call", due=date(2026, 2, 1))
    first = facts_of(harbour, rounds=(before, *harbour.rounds))
    pages, _ = told(replace(first, decisions=made, actions=(promise,)))
    since = pages.pages["since"]
    assert "Keep a single roadmap, owned together and reviewed every quarter" in text_of(since)
    assert "The recommendation on late work" in text_of(since)
    assert since.title.startswith("The one promise was not kept")
    assert "The one promise made earlier is overdue: “Call”" in " ".join(
        one.statement for one in pages.assessment.findings
    )


def test_a_gap_that_was_measured_is_told_from_a_wider_one_that_was_adjusted(
    meridian: AssessmentStory,
) -> None:
    """Where an adjusted score makes a wider gap, page one calls its own the widest that was measured."""
    value, meaning = four_facts(meridian)[0]
    assert str(meaning).startswith("widest gap")
    areas = tuple(
        replace(area, gap=Difference(4.0)) if area.gap and not area.measured_gap else area
        for area in meridian.assessment.areas
    )
    wider = replace(meridian, assessment=replace(meridian.assessment, areas=areas))
    assert four_facts(wider)[0][0] == value
    assert str(four_facts(wider)[0][1]).startswith("widest measured gap")


def test_what_waits_for_one_reason_is_not_said_to_wait_for_each() -> None:
    """One initiative waits for a stated reason; several wait, each for its own."""
    one = Deferred("a", 0.0, 1.0, "budget", "so")
    roadmap = Roadmap(
        "optimised", Quarter(2027, 1), 8, deferred=(one,), unscheduled=(Unscheduled("b", ("cost",)),)
    )
    story: Any = SimpleNamespace(roadmap=roadmap)
    assert waiting_title(story) == (
        "One initiative waits for a stated reason, and one cannot be planned until its cost is known"
    )


@pytest.fixture(scope="module")
def dated_after(harbour: Record) -> Record:
    """The credit union with a reading, spending, a completion and a kept promise dated after the round's day."""
    (kpi, *kpis) = harbour.facts.kpis
    later = kpi.model_copy(update={"readings": (*kpi.readings, Reading(date=date(2027, 1, 31), value=69.0))})
    before = Round(id="before", as_of=date(2026, 1, 31), closed=date(2026, 1, 31))
    spend = (*harbour.facts.spend, Spend(year=2027, run=100, grow=100, transform=100, protect=100))
    work = tuple(
        one.model_copy(update={"status": "done", "finish": date(2027, 4, 30)})
        if one.id == "restore-test"
        else one
        for one in harbour.initiatives
    )
    kept = Action(id="a", round="before", action="Meet", status="done", done_on=date(2026, 12, 20))
    changed = {"kpis": (later, *kpis), "spend": spend, "rounds": (before, *harbour.rounds)}
    return facts_of(replace(harbour, initiatives=work, actions=(kept,)), **changed)


def test_what_is_dated_after_the_rounds_day_is_left_out_of_every_page(dated_after: Record) -> None:
    """No page tells a later reading, spending of a year not begun, a completion or a kept promise to come."""
    pages, deck = told(dated_after)
    said = " ".join(text_of(page) for page in (*pages.pages.values(), *deck.pages.values()))
    assert "31 January 2027" not in said
    assert "FY2027 spending" not in said
    assert "20 December 2026" not in said
    assert "(done)" not in said
    restore = next(one for one in pages.record.initiatives if one.id == "restore-test")
    assert restore.status == "in progress"


def test_the_check_names_what_is_dated_after_the_rounds_day(dated_after: Record) -> None:
    """Each kind is told once, with its ids and what the pages make of it; decisions stay, and are counted."""
    late = Decision(
        id="d",
        round=dated_after.round().id,
        date=date(2026, 12, 15),
        subject="member-app",
        decision="approve",
    )
    after = f"dated after the day of round {late.round}, 31 October 2026:"
    assert dated_later(replace(dated_after, decisions=(late,))) == [
        f"Readings {after} {dated_after.facts.kpis[0].id}; left out until as_of moves.",
        f"Spending {after} FY2027; left out until as_of moves.",
        f"Completions {after} restore-test; told as in progress until as_of moves.",
        f"Promises kept {after} a; told as open until as_of moves.",
        f"Decisions {after} 1; the plan of that round keeps to them.",
    ]
    assert dated_later(load(SAMPLE_FILES, "meridian-manufacturing")) == []


@given(
    late=st.integers(1, 14), dearer=st.integers(0, 14), both=st.integers(0, 3), most=st.sampled_from([7, 10])
)
def test_what_a_table_of_slips_shows_and_leaves_out_adds_up_to_what_is_said(
    late: int, dearer: int, both: int, most: int
) -> None:
    """Rows and note together count each initiative that moved later, as the title counts them, and each that only grew dearer."""
    then, now = date(2025, 1, 1), date(2025, 12, 1)
    work = [
        Initiative(id=f"l{n}", name="Late", original_finish=then, finish=now, **(GREW if n < both else {}))
        for n in range(late)
    ]
    work += [Initiative(id=f"d{n}", name="Dear", **GREW) for n in range(dearer)]
    story: Any = SimpleNamespace(record=SimpleNamespace(initiatives=work), currency="USD")
    html = str(largest_slips(story, most))
    rows = re.findall(r'<th scope="row"><bdi>(Late|Dear)</bdi>', html)
    assert len(rows) == min(most, late + dearer)
    unseen = re.search(r'note">(?:<bdi>)?(.*?): in figures', html)
    told = unseen[1].lower() if unseen else ""
    later = re.search(r"(\w+) further initiatives? that moved later", told)
    alone = re.search(r"(\w+) more whose budget alone", told)
    assert rows.count("Late") + (NUMBERS.index(later[1]) if later else 0) == late
    assert rows.count("Dear") + (NUMBERS.index(alone[1]) if alone else 0) == dearer


def test_a_table_of_slips_keeps_open_work_and_the_largest_growth() -> None:
    """Of more that moved than it holds: the three budgets that grew most among open work, then open work by its slip, then done."""
    then = date(2025, 1, 1)
    work = [
        Initiative(
            id=f"d{n}", name=f"Done {n}", status="done", original_finish=then, finish=date(2030, 1, 1 + n)
        )
        for n in range(5)
    ]
    work += [
        Initiative(id=f"o{n}", name=f"Open {n}", original_finish=then, finish=date(2026, 1, 1 + n))
        for n in range(5)
    ]
    work += [
        Initiative(
            id=f"g{n}",
            name=f"Grew {n}",
            original_capex=1.0,
            capex=float(n),
            original_finish=then,
            finish=date(2025, 2, 1),
        )
        for n in range(2, 7)
    ]
    story: Any = SimpleNamespace(record=SimpleNamespace(initiatives=work), currency="USD")
    html = str(largest_slips(story, 7))
    rows = re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', html)
    assert rows == ["Open 4", "Open 3", "Open 2", "Open 1", "Grew 4", "Grew 5", "Grew 6"]
    assert "Of open work, the dates that moved furthest and the budgets that grew most;" in html


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (("in progress", "in progress"), "Dates that moved furthest, budgets that grew most;"),
        (("done", "stopped"), "Dates that moved furthest, budgets that grew most;"),
        (("in progress", "done"), "Open work first, the dates that moved furthest and the budgets that grew most; then work that is done;"),
    ],
)  # fmt: skip
def test_the_caption_of_slips_says_of_which_work_they_are(statuses: tuple[str, ...], said: str) -> None:
    """Of work that is all open or all over nothing more is said; of both, that open work comes first."""
    then, now = date(2025, 1, 1), date(2025, 12, 1)
    work = [
        Initiative.model_validate(
            {"id": f"w{n}", "name": "Work", "status": status, "original_finish": then, "finish": now}
        )
        for n, status in enumerate(statuses)
    ]
    story: Any = SimpleNamespace(record=SimpleNamespace(initiatives=work), currency="USD")
    assert said in str(largest_slips(story, 7))


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (100_600.0, "0.6 % more"),
        (101_400.0, "1 % more"),
        (99_500.0, "0.5 % less"),
        (100_010.0, "under 0.1 % more"),
    ],
)
def test_a_growth_below_one_per_cent_has_one_decimal(now: float, said: str) -> None:
    """0.6 % is not told as 1 %."""
    work = [Initiative(id="a", name="Mail", original_capex=100_000.0, capex=now)]
    story: Any = SimpleNamespace(record=SimpleNamespace(initiatives=work), currency="USD")
    assert f", {said}." in str(slip_lead(story))


def test_the_work_that_makes_most_of_a_growth_is_named() -> None:
    """One of two budgets makes most of the change, or all; of two that change alike, or one up and one down, the largest is."""
    pair = {"original_capex": 100.0, "capex": 110.0}
    for now, named in ((130.0, "Most of the change is “Web”"), (110.0, "The largest single change is “Mail”"),
                       (100.0, "All of the change is “Mail”"), (60.0, "The largest single change is “Web”")):  # fmt: skip
        other = {"original_capex": 100.0, "capex": now}
        work = [Initiative(id="a", name="Mail", **pair), Initiative(id="b", name="Web", **other)]
        story: Any = SimpleNamespace(record=SimpleNamespace(initiatives=work), currency="USD")
        assert named in str(slip_lead(story))


GREW = {"original_capex": 100.0, "capex": 150.0}
NUMBERS = [number_word(n) for n in range(20)]


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (16 * ["in progress"], "14 of 16 open ones drawn, those nearest to today"),
        (14 * ["in progress"] + ["done"], "all 14 open ones drawn"),
        (
            12 * ["in progress"] + 4 * ["done"],
            "14 of 16 drawn: the twelve open ones with a date, and two of those last done or stopped",
        ),
        (16 * ["stopped"], "14 of 16 drawn: 14 of those last done or stopped"),
    ],
)
def test_the_note_of_known_dates_counts_what_is_drawn(work: list[str], said: str) -> None:
    """Where fewer are open than there is room for, those drawn that are over are said to be."""
    days = [
        date(2026, 1, 1 + n) if state == "in progress" else date(2024, 1, 1 + n)
        for n, state in enumerate(work)
    ]
    tables = tuple(
        Initiative(id=f"w{n}", name=f"W{n}", status=state, finish=day)
        for n, (state, day) in enumerate(zip(work, days, strict=True))
    )
    record = Record(
        "acme",
        Facts(profile=Profile(name="Acme"), rounds=(Round(id="r", as_of=date(2025, 12, 31)),)),
        initiatives=tables,
    )
    a = assess(record)
    story: Any = SimpleNamespace(roadmap=plan_roadmap(record), assessment=a, record=record, currency="USD")
    assert f"; {said};" in known_dates(story, "Title", 14).unit


def test_a_goal_ahead_of_its_path_does_not_fall_short() -> None:
    """Half of the way where the path is at 0.4 is ahead; a fifth, expected to become 0.6, falls short: each is counted by itself."""
    goal = Goal(id="g", name="Deliver")
    ahead = Outlook(goal, None, 0.0, 100.0, None, way=0.5, path=0.4, expected=0.9, initiatives=1)
    short = replace(ahead, way=0.2, expected=0.6)
    assert outlook_message((ahead, short, short), True) == "One goal is ahead of its path and two fall short"


def test_the_slide_of_dates_counts_the_same_dates_above_and_below_its_picture() -> None:
    """Six dates are met with time to spare, a seventh a month before: title and note know of seven; other work waits.

    Of eight, six are drawn: the one that waits and the one without a quarter of slack, of which the title speaks, among them.
    """
    long, waiting = {"duration": 7, "mandatory": "A law."}, {"capex": 9_000}
    given = [*([{}] * 6), long, waiting]
    work = tuple(
        Initiative.model_validate({"id": f"i{n}", "name": f"Work {n}", "duration": 1, "capex": 1, "settles": (f"r{n}",)} | more)
        for n, more in enumerate(given)
    )  # fmt: skip
    dates = [*(["2028-06-30"] * 6), "2028-10-31", "2028-12-31"]
    facts = Facts.model_validate(
        {
            "profile": {"name": "Client"}, "planning": {"start": "2027-Q1", "quarters": 8},
            "goals": [{"id": "g", "name": "Grow", "weight": 100}],
            "risks": [{"id": f"r{n}", "name": f"Risk {n}", "severity": 0.5, "due": due} for n, due in enumerate(dates)],
            "budget": [{"year": year, "amount": 1_000} for year in (2027, 2028)], "rounds": [{"id": "r", "as_of": "2026-12-31"}],
        }
    )  # fmt: skip
    record = Record("client", facts, initiatives=work)
    page = RoadmapStory.of(record, plan_roadmap(record)).pages["risks"]
    assert page.title == (
        "One of the seven dates that the plan meets has less than a quarter of slack; work on one risk waits"
    )
    said = str(page.html()).replace("\u00a0", " ")
    assert "one of seven dates that the plan meets is missed" in said
    (drawn,) = (made.native() for made in page.body if isinstance(made, Exhibit) and made.native)
    assert drawn.rows == ("Risk 0", "Risk 1", "Risk 2", "Risk 3", "Risk 6", "Risk 7")


def test_roles_that_are_used_alike_come_closest_together() -> None:
    """Half of two roles in two quarters: both are named with both quarters; of one role used alike in both, how many and the first."""
    first, second = Quarter(2027, 1), Quarter(2027, 2)
    loads = (RoleLoad("Developer", first, 1.0, 2.0), RoleLoad("Analyst", second, 1.0, 2.0))
    again = replace(loads[0], quarter=second)
    for used, said in (
        (loads, "“Developer” and “Analyst” come closest, at 50 % in Q1 2027 and Q2 2027"),
        ((loads[0], again), "“Developer” comes closest, at 50 % in two quarters, first in Q1 2027"),
    ):
        story: Any = SimpleNamespace(roadmap=Roadmap("optimised", first, 8, loads=used))
        assert people._title(story) == f"No role is fully used; {said}"
    full = tuple(replace(load, load=2.0) for load in (loads[0], again))
    story = SimpleNamespace(roadmap=Roadmap("optimised", first, 8, loads=full))
    assert people._title(story) == "“Developer” is fully used in two of eight quarters"


def test_the_measures_not_met_are_listed_in_one_order() -> None:
    """The decision asks about those that the slide and the report put first, and the slide counts them as the decision does."""
    kpis = tuple(
        Kpi(id=f"k{n}", name=f"Measure {n}.", reported="met" if n in (8, 10) else "not met")
        for n in range(7, 12)
    )
    rounds = (Round(id="r", as_of=date(2025, 12, 31)),)
    report, deck = told(Record("acme", Facts(profile=Profile(name="Acme"), rounds=rounds, kpis=kpis)))
    slide = deck.pages["measures"]
    assert slide.title == "Three of five reported measures are not met"
    assert "meet three measures" in str(deck.pages["decisions"].html())
    shown, page = (re.findall(r"Measure \d+", text_of(part)) for part in (slide, report.pages["goals"]))
    assert shown == page[:3]
    met = tuple(kpi.model_copy(update={"reported": "met"}) for kpi in kpis)
    assert (
        "measures"
        not in told(Record("acme", Facts(profile=Profile(name="Acme"), rounds=rounds, kpis=met)))[1].pages
    )


@given(st.lists(st.tuples(st.text("abc W", min_size=1, max_size=50), st.just("3.9")), min_size=1, max_size=4))
def test_no_score_is_cut_away_behind_a_name(scores: list[tuple[str, str]]) -> None:
    """However long the groups' names are, each score stands in the row's last cell."""
    said = named_scores(scores)
    assert _cut(("", "", said))[2] == " ".join(said.split())
    assert said.count("3.9") == len(scores)


def test_names_that_would_be_cut_alike_differ() -> None:
    """Of long names with one beginning, the line shows where they part."""
    names = {
        n: f"Canadian Intellectual Property Office (CIPO) {n} modernization" for n in ("Patents", "Finance")
    }
    shown = fitting_apart(names | {"c": "Cloud"}, 16, 300)
    assert shown["c"] == "Cloud"
    assert all(name in shown[name] and text_width(shown[name], 16) <= 300 for name in names)


def test_the_parts_of_the_goals_bars_bear_one_name() -> None:
    """What the picture's legend calls a part, the data table and the slide's own chart call it, too."""
    pages = told(load(SAMPLE_FILES, "meridian-manufacturing"))[0].pages
    (exhibit,) = [each for each in pages["goals"].exhibits if each.key == "coverage"]
    parts = ["Strong contribution", "Partial or slight", "Serves no goal"]
    assert [column for column in exhibit.data.columns if column in parts] == parts
    assert exhibit.native is not None
    assert [series.name for series in exhibit.native().series] == parts
    assert all(inside(part) in exhibit.picture().decode() for part in parts)


def test_every_date_drawn_bears_its_owner() -> None:
    """Where one row is too wide with its month in full, all months are short; a name that is wider still is cut."""
    risks = [
        Risk(id="a", name="A", due=date(2027, 11, 15), owner="Keisha Monroe, VP Sales and Service"),
        Risk(id="b", name="B", due=date(2027, 6, 30), owner="Al Lee"),
        Risk(id="c", name="C", due=date(2027, 3, 31)),
    ]
    assert _dates_and_owners(risks, 330) == [
        "15 November 2027 · Keisha Monroe",
        "30 June 2027 · Al Lee",
        "31 March 2027",
    ]
    assert _dates_and_owners(risks, 200) == [
        "15 Nov 2027 · Keisha Monroe",
        "30 Jun 2027 · Al Lee",
        "31 Mar 2027",
    ]
    assert _dates_and_owners(risks, 150)[0].startswith("15 Nov 2027 · Keish")


@pytest.mark.parametrize(
    ("known", "named", "rest"), [(6, 6, ""), (7, 7, ""), (8, 6, "Two others"), (9, 6, "Three others")]
)
def test_a_row_that_a_name_would_fill_is_not_one_other(known: int, named: int, rest: str) -> None:
    """The last row of the benefits sums up two or more, since the name of one takes no more room."""
    work = [Initiative(id=f"w{n}", name=f"Work {n}", benefit=1_000.0) for n in range(known)]
    story: Any = SimpleNamespace(record=SimpleNamespace(initiatives=work), currency="USD")
    case: Any = SimpleNamespace(known=tuple(one.id for one in work))
    html = str(business_case._benefits(story, case))
    assert len(re.findall(r"Work \d", html)) == named
    assert re.findall(r"\w+ others?", html) == ([rest] if rest else [])


@pytest.mark.parametrize(
    ("agreed", "end", "said"),
    [
        (100.0, Quarter(2032, 4), "it pays back by Q4 2032."),
        (100.0, None, "it does not pay back by the end of FY2033."),
        (0.0, Quarter(2032, 4), "it would pay back by Q4 2032."),
    ],
)
def test_when_the_plan_pays_back_is_told_as_what_is_to_come(
    agreed: float, end: Quarter | None, said: str
) -> None:
    """A quarter years ahead has nothing paid back yet; what nobody has agreed to would pay."""
    years = (CashYear(2033, 0.0, 0.0, 100.0, 0.0),)
    case = BusinessCase(years, Quarter(2032, 1), 500.0, end, ("a",), (), (), 0.0, ("a",), None, agreed)
    assert f"{in_all_text(case, 'USD')}.".endswith(said)


@pytest.mark.parametrize(
    ("outlook", "said"),
    [
        ({"pace": 0.59, "low": 0.59, "expected": 0.8}, "59 % at today’s pace, and if all effects are low"),
        ({"pace": 0.5, "low": 0.59, "expected": 0.8}, "50 % at today’s pace; 59 % if all effects are low"),
        ({"low": 0.7999, "expected": 0.8}, ""),
        ({"pace": 0.5, "late": 2}, "50 % at today’s pace; two initiatives end after its date"),
    ],
)
def test_where_a_goal_leads_no_figure_is_told_twice(outlook: dict[str, Any], said: str) -> None:
    """Where the low end is the pace or the expected value, its figure is not repeated; late work is late by the goal's date."""
    kpi = Kpi(id="k", name="On time", unit="%")
    assert _why(Outlook(Goal(id="g", name="Deliver"), kpi, 0.0, 100.0, None, way=0.2, **outlook), 1e3) == said
