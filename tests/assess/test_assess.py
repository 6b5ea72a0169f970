"""The assessment of a record: scores, confidentiality, findings."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slices import examples

from toolkit.assess import Assessment, assess
from toolkit.assess.assess import RULES
from toolkit.assess.statements import Finding
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Action, Aggregate, Facts, Initiative, Response
from toolkit.client.store import load
from toolkit.words import day, money, number_word

QUESTIONNAIRE = shipped_questionnaires()["full"]
COMMUNICATION = [q.id for q in QUESTIONNAIRE.of("communication")]
BUSINESS_AND_IT: Sequence[dict[str, Any]] = [
    {"group": "business", "invited": 8},
    {"group": "it", "invited": 6},
]


def answers(
    group: str, scores: list[int | None], questions: list[str] = COMMUNICATION, round_id: str = "r"
) -> list[Response]:
    """One respondent a score, giving it to every question."""
    return [
        Response(round=round_id, respondent=f"{group}{i}", group=group, question=q, score=s)  # type: ignore[arg-type]
        for i, s in enumerate(scores)
        for q in questions
    ]


def record(
    responses: Sequence[Response] = (),
    groups: Sequence[dict[str, Any]] = BUSINESS_AND_IT,
    rounds: Sequence[dict[str, Any]] = (),
    **rest: Any,
) -> Record:
    """A record with one round of the full questionnaire."""
    tables = {
        name: tuple(rest.pop(name, ())) for name in ("initiatives", "actions", "decisions", "aggregates")
    }
    facts = {
        "profile": {"name": "Test"},
        "rounds": [*rounds, {"id": "r", "as_of": "2026-09-30", "questionnaire": "full", "groups": groups}],
        **rest,
    }
    return Record(
        "test",
        Facts.model_validate(facts),
        responses=tuple(responses),
        questionnaires=shipped_questionnaires(),
        **tables,
    )


def area(a: Assessment, name: str = "communication") -> Any:
    return next(one for one in (*a.areas, *a.symptoms) if one.dimension.id == name)


def rules_of(a: Assessment) -> set[str]:
    return {one.rule for one in a.findings}


BUSINESS, IT = [2, 2, 3, 2, 1, 2, 3], [4, 4, 5, 4, 3, 4]


def test_a_score_is_the_mean_of_respondents_and_the_gap_business_minus_it() -> None:
    """Means over people, to the last digit; maturity is the mean of the two sides and its level the floor."""
    one = area(assess(record(answers("business", BUSINESS) + answers("it", IT))))
    assert one.scores["business"].mean == pytest.approx(15 / 7)
    assert one.gap.value == pytest.approx(15 / 7 - 4)
    assert one.maturity == pytest.approx((15 / 7 + 4) / 2)
    assert one.level == 3
    assert one.gap.word == "clear difference"


@pytest.mark.parametrize(("maturity", "level"), [(2.7, 2), (2.8, 2), (2.9, 2), (2.77, 2), (3.0, 3)])
def test_a_level_is_the_floor(maturity: float, level: int) -> None:
    """2.9 is level 2, as in the published studies."""
    row = dataclasses.replace(area(assess(record())), maturity=maturity)
    assert row.level == level


def test_half_the_questions_make_a_respondents_score_and_fewer_do_not() -> None:
    """Someone who answered one of four questions has no score; two of four are enough."""
    few = [
        *answers("business", [3] * 5),
        Response(round="r", respondent="late", group="business", question=COMMUNICATION[0], score=5),
    ]
    assert area(assess(record(few))).scores["business"].n == 5
    half = [
        *few,
        Response(round="r", respondent="late", group="business", question=COMMUNICATION[1], score=5),
    ]
    assert area(assess(record(half))).scores["business"].n == 6


def test_counts_give_the_means_their_people_would() -> None:
    """Aggregated answers give the same scores as the individuals they count; how sure a gap is cannot be said."""
    people = answers("business", BUSINESS) + answers("it", IT)
    counted = [
        Aggregate(round="r", group=g, question=q, **{f"count_{n}": scores.count(n) for n in range(1, 6)})  # type: ignore[arg-type]
        for g, scores in (("business", BUSINESS), ("it", IT))
        for q in COMMUNICATION
    ]
    one, other = area(assess(record(people))), area(assess(record(aggregates=counted)))
    assert other.scores["business"].mean == pytest.approx(one.scores["business"].mean)
    assert other.gap.value == pytest.approx(one.gap.value)
    assert (other.gap.word, other.scores["business"].spread) == (None, None)


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(st.integers(1, 5), min_size=5, max_size=8),
    st.lists(st.integers(1, 5), min_size=5, max_size=6),
    st.randoms(use_true_random=False),
)
def test_names_order_and_blanks_change_nothing(
    business: list[int], it: list[int], rng: random.Random
) -> None:
    """Relabelling respondents, reordering rows and adding blank answers give the same assessment."""
    rows = answers("business", business) + answers("it", it)
    names = {row.respondent: f"x{i}" for i, row in enumerate(rng.sample(rows, len(rows)))}
    changed = [row.model_copy(update={"respondent": names[row.respondent]}) for row in rows]
    changed += [
        Response(round="r", respondent=names[r.respondent], group=r.group, question="roadmap-1")
        for r in rows[:1]
    ]
    rng.shuffle(changed)
    first, second = assess(record(rows)), assess(record(changed))
    assert area(second).gap.value == pytest.approx(area(first).gap.value, abs=1e-12)
    assert [f.statement for f in second.findings] == [f.statement for f in first.findings]


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.integers(1, 5), min_size=5, max_size=8), st.integers(0, 7), st.integers(0, 3))
def test_a_higher_answer_never_lowers_the_score(business: list[int], who: int, question: int) -> None:
    """Moving one business answer up never lowers the business score."""
    rows = answers("business", business)
    index = (who % len(business)) * len(COMMUNICATION) + question
    higher = [
        row.model_copy(update={"score": min(5, (row.score or 0) + 1)}) if i == index else row
        for i, row in enumerate(rows)
    ]
    before, after = (area(assess(record(one))).scores["business"].mean for one in (rows, higher))
    assert after >= before


@given(st.lists(st.integers(1, 5), min_size=5, max_size=6))
@settings(max_examples=examples(25), deadline=None)
def test_no_gap_is_never_a_finding(scores: list[int]) -> None:
    """Two sides that answer alike are never said to differ."""
    assert "difference" not in rules_of(assess(record(answers("business", scores) + answers("it", scores))))


# Confidentiality.


def everything(a: Assessment) -> Any:
    """All that leaves the assessment, as plain values."""
    return dataclasses.asdict(a)


def test_a_hidden_groups_answers_reach_nothing() -> None:
    """Four of nine answered: whatever they said, the assessment is the same, and holds no score of theirs."""
    groups = [{"group": "business", "invited": 9}, {"group": "it", "invited": 6}]
    seen = [
        assess(record(answers("business", scores) + answers("it", IT), groups))
        for scores in ([1, 1, 1, 1], [5, 4, 5, 3], [2, 5, 1, 3])
    ]
    assert everything(seen[0]) == everything(seen[1]) == everything(seen[2])
    one = area(seen[0])
    assert "business" not in one.scores
    assert (one.gap, one.maturity) == (None, None)
    assert "it" in one.scores


def test_a_question_few_answered_is_hidden_though_the_group_is_shown() -> None:
    """Six answered the survey, four an area: the area's score for that group stays hidden."""
    rows = answers("business", [3] * 6) + answers(
        "business", [1, 2, 3, 4], [q.id for q in QUESTIONNAIRE.of("roadmap")]
    )
    a = assess(record(rows))
    assert "business" in area(a).scores
    assert "business" not in area(a, "roadmap").scores


def test_a_client_may_lower_the_minimum_to_three() -> None:
    """With a minimum of three, four answers are shown."""
    groups = [{"group": "business", "invited": 9, "minimum": 3}]
    assert "business" in area(assess(record(answers("business", [1, 2, 3, 4]), groups))).scores


def test_a_position_has_no_interval_and_no_spread() -> None:
    """Three people with one agreed position: shown, attributed, and not treated as a sample."""
    groups = [{"group": "business", "invited": 8}, {"group": "it", "invited": 3}]
    a = assess(record(answers("business", BUSINESS) + answers("it", [4]), groups))
    one = area(a)
    it = one.scores["it"]
    assert (it.mean, it.n, it.spread, it.low, it.agreement, it.distribution) == (4.0, 1, None, None, None, ())
    assert (one.gap.low, one.gap.p, one.gap.word) == (None, None, None)
    assert a.group("it").voice == "the IT team’s agreed position"  # type: ignore[union-attr]


def test_the_provider_is_in_no_gap_and_no_maturity() -> None:
    """An outsourced provider's view stands beside the others and changes nothing of theirs."""
    rows = answers("business", BUSINESS) + answers("it", IT)
    groups = [*BUSINESS_AND_IT, {"group": "provider", "invited": 1}]
    with_it, without = (
        area(assess(record(rows + answers("provider", [1]), groups))),
        area(assess(record(rows))),
    )
    assert with_it.scores["provider"].mean == 1.0
    assert (with_it.gap, with_it.maturity, with_it.verdict) == (
        without.gap,
        without.maturity,
        without.verdict,
    )


def test_movements_are_shown_only_for_groups_shown_in_both_rounds() -> None:
    """A group hidden a year ago has no movement now, for the difference would give its old score away."""
    earlier = {
        "id": "old",
        "as_of": "2025-09-30",
        "questionnaire": "pulse",
        "groups": [{"group": "business", "invited": 9}, {"group": "it", "invited": 6}],
    }
    rows = answers("business", BUSINESS) + answers("it", IT)
    rows += answers("business", [5, 5, 5, 5], COMMUNICATION[:1], "old") + answers(
        "it", [3] * 6, COMMUNICATION[:1], "old"
    )
    a = assess(record(rows, rounds=[earlier]))
    assert {(m.dimension.id, m.group) for m in a.movements} == {("communication", "it")}
    assert (a.movements[0].questions, a.movements[0].before) == (1, 3.0)


def test_a_private_note_never_leaves() -> None:
    """The consultant's private note is in nothing the assessment holds."""
    secret = {
        "id": "a",
        "round": "r",
        "kind": "score",
        "subject": "communication",
        "group": "it",
        "value": 3,
        "reason": "agreed",
        "private_note": "the-secret",
    }
    assert "the-secret" not in repr(assess(record(answers("it", IT), adjustments=[secret])))


# Findings.

GOAL = {"id": "g", "name": "Grow", "weight": 100}
KPI = {"id": "k", "name": "Share", "owner_business": "Ann"}
WORK = Initiative(id="w", name="Work", capex=1000.0)
CASES: dict[str, dict[str, Any]] = {
    "weak area": {"responses": answers("business", [2] * 5)},
    "near the line": {"responses": answers("business", [1, 3, 3, 3, 4])},
    "difference": {"responses": answers("business", BUSINESS) + answers("it", IT)},
    "disagreement within": {"responses": answers("business", [1, 1, 1, 5, 5, 5])},
    "unmet need": {"responses": answers("business", [5] * 5, ["growth-importance"]) + [r.model_copy(update={"question": "growth-satisfaction", "score": 2}) for r in answers("business", [5] * 5, ["growth-importance"])]},
    "frequent symptom": {"responses": answers("business", [4] * 5, [q.id for q in QUESTIONNAIRE.of("blame")])},
    "priced symptom": {"impact": [{"id": "i", "symptom": "blame", "name": "Meetings", "likely": 1000}]},
    "goal without work": {"goals": [GOAL], "initiatives": [WORK]},
    "goal out of time": {"goals": [GOAL | {"due": "2026-12-01"}], "initiatives": [WORK.model_copy(update={"duration": 2, "goals": {"g": 3}})]},
    "work without goal": {"goals": [GOAL], "initiatives": [WORK]},
    "goal without measure": {"goals": [GOAL]},
    "measure owned on one side": {"goals": [GOAL | {"kpi": "k"}], "kpis": [KPI]},
    "measure without owner": {"goals": [GOAL | {"kpi": "k"}], "kpis": [{"id": "k", "name": "Share"}]},
    "position apart": {"responses": answers("business", BUSINESS) + answers("it", [4]), "groups": [{"group": "business", "invited": 8}, {"group": "it", "invited": 3}]},
    "deadline missed": {"risks": [{"id": "x", "name": "Contract", "due": "2027-01-01"}], "initiatives": [Initiative(id="w", name="Work", settles=("x",), finish="2027-03-01")]},  # type: ignore[arg-type]
    "spending": {"spend": [{"year": 2026, "run": 90, "grow": 5, "transform": 0, "protect": 5}]},
    "priorities differ": {"responses": answers("business", BUSINESS) + answers("it", IT), "goals": [GOAL | {"id": x, "weight": w} for x, w in (("a", 50), ("b", 30), ("c", 20))], "groups": [
        {"group": "business", "invited": 8, "priorities": {"a": 1, "b": 2, "c": 3}}, {"group": "it", "invited": 6, "priorities": {"a": 3, "b": 2, "c": 1}}]},
    "measure not met": {"kpis": [KPI | {"reported": "not met"}]},
    "measure off its path": {"kpis": [KPI | {"baseline": 0, "baseline_date": "2026-01-01", "target": 10, "target_date": "2026-12-31", "readings": [{"date": "2026-07-01", "value": 1}]}]},
    "deadline unanswered": {"risks": [{"id": "x", "name": "Contract", "due": "2027-01-01"}]},
    "deadline unplanned": {"risks": [{"id": "x", "name": "Contract", "due": "2027-01-01"}], "initiatives": [WORK.model_copy(update={"settles": ("x",)})]},
    "risk unanswered": {"risks": [{"id": "x", "name": "Contract"}]},
    "meetings not held": {"meetings": [{"id": "m", "date": "2026-05-20", "status": "not held"}, {"id": "n", "date": "2026-06-17", "status": "held", "it": ["Bo, CIO"]}]},
    "promise not kept": {"rounds": [{"id": "old", "as_of": "2025-09-30"}], "actions": [Action(id="a", round="old", action="Meet", due="2026-01-01")]},  # type: ignore[arg-type]
    "slipped projects": {"initiatives": [Initiative(id=f"s{i}", name="S", original_finish="2025-01-01", finish="2026-01-01") for i in range(3)]},  # type: ignore[arg-type]
    "fallen back": {"responses": answers("business", [2] * 5 + [1]) + answers("business", [5] * 5 + [4], round_id="old"), "rounds": [{"id": "old", "as_of": "2025-09-30", "questionnaire": "full", "groups": [{"group": "business", "invited": 8}]}]},
    "grown budgets": {"initiatives": [Initiative(id=f"s{i}", name="S", original_capex=100.0, capex=200.0) for i in range(3)]},
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_speaks_when_it_should_and_not_otherwise(rule: str) -> None:
    """Each rule makes its finding on a record that calls for it, and none on an empty one."""
    assert rule in rules_of(assess(record(**CASES[rule])))
    assert rule not in rules_of(assess(record()))


def test_every_rule_has_a_case() -> None:
    """No rule is untested: each function of the registry makes a finding in one of the cases above."""
    clients = [record(**case) for case in CASES.values()]
    made = {rule: [f for client in clients for f in rule(client, assess(client))] for rule in RULES}
    assert [rule.__name__ for rule, found in made.items() if not found] == []


FIGURE = re.compile(r"(?<![A-Za-z])\d+(?:,\d{3})*(?:\.\d+)?")
SPELLED = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def figures(text: str) -> set[str]:
    """Every number in a text, in digits or as a word."""
    return set(FIGURE.findall(text)) | {word for word in SPELLED if re.search(rf"\b{word}\b", text.lower())}


def unsupported(finding: Finding) -> set[str]:
    """The numbers a finding states that are no value of its evidence, as it would be written."""
    known = set()
    for one in finding.evidence:
        known |= figures(str(one.value))
        if isinstance(one.value, (int, float)):
            known |= figures(f"{one.value:.1f}") | figures(money(one.value))
            known |= figures(number_word(round(one.value)))
        if isinstance(one.value, date):
            known |= figures(day(one.value))
    return figures(finding.statement) - known


@pytest.mark.parametrize("rule", CASES)
def test_every_number_in_a_sentence_is_evidence(rule: str) -> None:
    """Each number that a finding states, in digits or words, is the value of a piece of its evidence."""
    for finding in assess(record(**CASES[rule])).findings:
        assert unsupported(finding) == set(), finding.statement


@pytest.mark.parametrize("slug", ["meridian-manufacturing", "harbour-credit-union", "lakeside-clinic"])
def test_every_number_about_the_samples_is_evidence(slug: str, project: Path) -> None:
    """The same holds for all that is found of the three samples, in each of their rounds."""
    sample = load(project / "client_data", slug)
    found = [finding for one in sample.rounds for finding in assess(sample, one.id).findings]
    assert found
    assert {f.statement: unsupported(f) for f in found if unsupported(f)} == {}


def test_findings_come_most_severe_first_and_always_alike() -> None:
    """The order is by severity, then by rule and subject, so that the same record gives the same page."""
    client = record(
        **{
            **CASES["difference"],
            "goals": [GOAL],
            "risks": [{"id": "x", "name": "C"}, {"id": "y", "name": "D"}],
        }
    )
    found = assess(client).findings
    keys = [(-f.severity, f.rule, f.subject) for f in found]
    assert keys == sorted(keys)
    assert found == assess(client).findings


def test_what_is_missing_is_listed_with_what_would_allow_it() -> None:
    """An empty record lists survey, targets, cost, spending, risks, goals, budget and capacity as not judged."""
    missing = assess(record(groups=[])).not_judged
    said = " ".join(one.what for one in missing)
    for word in (
        "see each other",
        "needs from IT",
        "should be",
        "cost",
        "Spending".lower(),
        "Risks",
        "serves the business",
        "fits the money",
        "carry the work",
    ):
        assert word in said
    assert all(one.why and one.needs for one in missing)


PATH = {"baseline": 1, "baseline_date": "2025-01-01", "target_date": "2027-01-01", "readings": [{"date": "2026-01-01", "value": 2}]}  # fmt: skip


@pytest.mark.parametrize(
    ("measures", "why"),
    [
        ([PATH], ""),
        ([PATH | {"readings": []}], "readings are missing"),
        ([PATH | {"baseline_date": None}, PATH], "the baseline’s date is missing"),
        ([PATH | {"baseline_date": None, "baseline": None}], "a dated baseline is missing"),
        ([PATH | {"baseline": None, "readings": []}], "the baseline and readings are missing"),
        (
            [PATH | {"target_date": None}, PATH | {"readings": []}],
            "the target’s date or readings are missing",
        ),
    ],
)
def test_of_a_measure_without_a_path_only_what_is_missing_is_named(
    measures: list[dict[str, Any]], why: str
) -> None:
    """Baseline, dates and readings are each asked for where some measure lacks them, and not otherwise."""
    kpis = [{"id": f"k{n}", "name": f"K{n}", "target": 9} | one for n, one in enumerate(measures)]
    missing = assess(record(kpis=kpis)).not_judged
    assert [one.why for one in missing if " path" in one.what] == ([why] if why else [])


def test_an_end_that_follows_from_a_duration_is_not_called_recorded() -> None:
    """Of two initiatives without a completion date, the one with start and duration has an end; what is told of the other says so."""
    work = [Initiative(id="a", name="A", duration=2), Initiative(id="b", name="B")]
    told = {one.what: one.why for one in assess(record(initiatives=work)).not_judged}
    assert told["The duration and end date of one of two initiatives"] == (
        "not recorded; when the rest ends is recorded, or follows from start and duration"
    )


def test_done_work_serves_no_goal_any_more() -> None:
    """Finished and stopped initiatives count neither as serving a goal nor as serving none."""
    done = Initiative(id="d", name="Done", status="done", goals={"g": 3})
    a = assess(record(goals=[GOAL], initiatives=[done]))
    assert a.goals[0].initiatives == ()
    assert a.initiatives_without_goal == ()


def statements(a: Assessment, rule: str) -> list[str]:
    return [one.statement for one in a.findings if one.rule == rule]


def needs_of(a: Assessment) -> dict[str, str]:
    return {one.what: one.needs for one in a.not_judged}


def counts(
    group: str, scores: list[int], questions: list[str] = COMMUNICATION, round_id: str = "r"
) -> list[Aggregate]:
    """The same answers, as counts of 1 to 5."""
    return [
        Aggregate(
            round=round_id, group=group, question=q, **{f"count_{n}": scores.count(n) for n in range(1, 6)}
        )  # type: ignore[arg-type]
        for q in questions
    ]


# More of confidentiality.


def test_a_hidden_sides_order_of_goals_is_hidden_too() -> None:
    """Mean ranks of a group with too few answers reach neither the agreement nor a finding."""
    case = CASES["priorities differ"]
    assert assess(record(**case)).priority_agreement == pytest.approx(-1)
    hidden = assess(record(**case | {"responses": answers("business", [2, 3]) + answers("it", IT)}))
    assert hidden.priority_agreement is None
    assert "priorities differ" not in rules_of(hidden)
    assert "Whether business and IT rank the goals alike" in needs_of(hidden)


def test_agreement_needs_as_many_complete_answers_as_a_score() -> None:
    """Six have a score but two answered every question: agreement, which needs them, is not shown."""
    rows = answers("business", [2, 4]) + answers("business", [1, 3, 5, 2, 4, 3], COMMUNICATION[:2])
    mixed = [*rows[8:], *(r for r in rows[:8] if r.question not in COMMUNICATION[:2])]
    score = area(assess(record(mixed))).scores["business"]
    assert (score.n, score.agreement) == (6, None)


def test_an_adjustment_is_published_without_its_note_and_not_for_a_hidden_group() -> None:
    """Reason and value are published; of a group that is not shown, nothing."""
    made = [
        {
            "id": g,
            "round": "r",
            "kind": "score",
            "subject": "communication",
            "group": g,
            "value": 3,
            "reason": "agreed",
        }
        for g in ("it", "business")
    ]
    a = assess(record(answers("it", IT) + answers("business", [5]), adjustments=made))
    assert [(one.group, one.after, one.reason) for one in a.adjustments] == [("it", "3.0", "agreed")]


def test_counts_too_few_are_hidden_like_answers() -> None:
    """Four counted answers give no score; a dimension half of whose questions have too few gives one, more none."""
    few = assess(record(aggregates=counts("business", [1, 2, 3, 4])))
    assert (few.group("business").shown, area(few).scores) == (False, {})  # type: ignore[union-attr]
    half = counts("business", [2] * 6, COMMUNICATION[:2]) + counts("business", [5] * 4, COMMUNICATION[2:])
    assert area(assess(record(aggregates=half))).scores["business"].mean == 2.0
    most = counts("business", [2] * 6, COMMUNICATION[:1]) + counts("business", [5] * 4, COMMUNICATION[1:])
    assert area(assess(record(aggregates=most))).scores == {}


# Earlier rounds.

OLD = {
    "id": "old",
    "as_of": "2025-09-30",
    "questionnaire": "full",
    "groups": [{"group": "business", "invited": 8}, {"group": "it", "invited": 6}],
}
REVIEW = {"id": "review", "as_of": "2026-03-31"}


def test_a_review_without_questions_is_not_what_scores_moved_since() -> None:
    """Between two surveys stands a review: movement is counted from the survey before it."""
    rows = answers("it", [3] * 6, round_id="old") + answers("it", [4] * 6)
    a = assess(record(rows, rounds=[OLD, REVIEW]))
    assert a.previous_round == "old"
    assert [(m.group, m.before, m.now, m.questions) for m in a.movements] == [("it", 3.0, 4.0, 4)]


def test_movement_is_counted_on_what_was_answered_in_both_rounds() -> None:
    """A question with counts in one round only is left out of both sides of the movement."""
    then = counts("it", [3] * 6, COMMUNICATION[:2], "old")
    now = counts("it", [3] * 6, COMMUNICATION[:2]) + counts("it", [5] * 6, COMMUNICATION[2:])
    moved = assess(record(aggregates=then + now, rounds=[OLD])).movements
    assert [(m.before, m.now, m.questions) for m in moved] == [(3.0, 3.0, 2)]


def test_a_survey_and_a_position_are_not_compared_over_time() -> None:
    """A team surveyed a year ago and speaking with one voice now has not "moved"."""
    groups = [{"group": "it", "invited": 6, "mode": "consensus"}]
    rows = answers("it", [3] * 6, round_id="old") + answers("it", [4])
    a = assess(record(rows, groups, rounds=[OLD]))
    assert a.movements == ()
    assert "What has moved" in needs_of(a)


# What the sentences say.


def test_a_position_is_compared_with_how_the_others_answered() -> None:
    """Nine of twelve at about 2 or lower against a position of 4; silent where the others are divided around it."""
    groups = [{"group": "business", "invited": 12}, {"group": "it", "invited": 3}]
    twelve = [1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4]
    a = assess(record(answers("business", twelve) + answers("it", [4]), groups))
    assert statements(a, "position apart") == [
        "On communication, nine of twelve people in business say about 2 or lower; the IT team’s agreed position is 4.0."
    ]
    divided = [2] * 5 + [1] * 2 + [4] * 5
    b = assess(record(answers("business", divided) + answers("it", [2]), groups))
    assert abs(area(b).gap.value) >= 0.5
    assert statements(b, "position apart") == []


def test_two_positions_are_set_side_by_side() -> None:
    """Where neither side is a sample, both positions are named with their score."""
    groups = [{"group": "business", "invited": 4}, {"group": "it", "invited": 1}]
    a = assess(record(answers("business", [2]) + answers("it", [4]), groups))
    assert statements(a, "position apart") == [
        "On communication, the business leaders’ agreed position is 2.0 and the head of IT’s view is 4.0."
    ]


def test_an_area_that_prints_as_its_target_is_not_weak() -> None:
    """2.96 prints as 3.0 and so does not fall short of 3.0; 2.94 prints as 2.9 and does."""

    def weak(scores: list[int]) -> bool:
        groups = [{"group": "business", "invited": 60}]
        row = area(assess(record(answers("business", scores), groups, targets={"communication": 3})))
        return row.verdict != "sound"

    assert not weak([3] * 24 + [2])
    assert weak([3] * 16 + [2])


def test_overlapping_costs_are_never_added_and_say_so() -> None:
    """Whichever of two costs names the other, the evidence of both findings says so, and no sum is made."""
    impact = [
        {"id": "a", "symptom": "blame", "name": "First", "low": 100, "likely": 200, "high": 300, "agreed_by": "CFO", "overlaps": ["b"]},
        {"id": "b", "symptom": "blame", "name": "Second", "likely": 400},
    ]  # fmt: skip
    a = assess(record(impact=impact))
    first, second = (one for one in a.findings if one.rule == "priced symptom")
    assert first.statement == (
        "“First” (blame) costs about USD 200 a year (between USD 100 and USD 300), a figure agreed by CFO."
    )
    assert "claimed" in second.statement
    overlaps = [
        e.said
        for one in (first, second)
        for e in one.evidence
        if e.what == "Counts some of the same money as"
    ]
    assert overlaps == ["“Second”", "“First”"]
    assert "600" not in repr(assess(record(impact=impact)))


PATH = {"id": "k", "name": "Share", "baseline": 0, "baseline_date": "2026-01-01", "target_date": "2027-01-01"}


@pytest.mark.parametrize(
    ("target", "value", "off"), [(100, 49, True), (100, 50, False), (-100, -49, True), (-100, -50, False)]
)
def test_a_path_is_straight_in_either_direction(target: float, value: float, off: bool) -> None:
    """Half-way through the year half the distance is due, whether the measure should rise or fall."""
    kpi = PATH | {"target": target, "readings": [{"date": "2026-07-02", "value": value}]}
    assert ("measure off its path" in rules_of(assess(record(kpis=[kpi])))) is off


def test_a_measure_close_to_its_target_is_told_in_full() -> None:
    """Availability of 99.85 on the way from 99.90 to 99.99 is off its path, and every figure stands as recorded."""
    kpi = PATH | {"baseline": 99.9, "target": 99.99, "readings": [{"date": "2026-07-02", "value": 99.85}]}
    found = next(one for one in assess(record(kpis=[kpi])).findings if one.rule == "measure off its path")
    assert "stood at 99.85 on" in found.statement
    assert "target of 99.99 it would have been 99.94" in found.statement
    assert [e.value for e in found.evidence if e.what == "Target"] == ["99.99"]


def test_points_and_scores_that_were_given_stand_as_they_are() -> None:
    """12.5 points are not 13, a target of 4.95 is not 5.0, an adjustment to 3.25 not 3.3."""
    goals = [GOAL | {"weight": 12.5}, GOAL | {"id": "h", "weight": 87.5}]
    work = [Initiative(id="w", name="Work", goals={"h": 3})]
    said = " ".join(one.statement for one in assess(record(goals=goals, initiatives=work)).findings)
    assert "gives 12.5 of 100 points" in said
    made = [{"id": "x", "round": "r", "kind": "score", "group": "it", "subject": "communication", "value": 3.25, "reason": "agreed"}]  # fmt: skip
    rows = answers("it", IT) + answers("business", [1] * 8)
    a = assess(record(rows, adjustments=made, targets={"communication": 4.95}))
    assert [one.after for one in a.adjustments] == ["3.25"]
    told = " ".join(one.statement for one in a.findings)
    assert "the target of 4.95" in told
    assert "3.25 by IT" in told


def test_a_deadline_is_missed_only_when_all_work_for_it_ends_too_late() -> None:
    """One initiative in time, one with no date, or one already done is enough for silence."""
    late = Initiative(id="w", name="Work", settles=("x",), finish="2027-03-01")  # type: ignore[arg-type]
    risk = CASES["deadline missed"]["risks"]
    for changed in (
        {"finish": date(2026, 12, 1)},
        {"finish": None},
        {"status": "done", "finish": date(2026, 9, 1)},
    ):
        other = late.model_copy(update={"id": "v", **changed})
        assert "deadline missed" not in rules_of(assess(record(risks=risk, initiatives=[late, other])))


def test_a_measure_whose_path_its_goal_completes_is_judged() -> None:
    """The measure has a baseline's date, a target and a reading; its goal says by when: only without that is it not judged."""
    kpi = {
        "id": "k", "name": "On time", "baseline": 80, "baseline_date": "2026-01-01", "target": 95,
        "readings": [{"date": "2026-06-01", "value": 84}],
    }  # fmt: skip
    for due, said in (("2027-12-31", False), (None, True)):
        goal = {"id": "g", "name": "Deliver", "kpi": "k", "due": due}
        needs = needs_of(assess(record(goals=[goal], kpis=[kpi])))
        assert ("Whether the one measure with a target is on its path" in needs) is said


def test_goals_without_any_initiative_on_record_are_not_judged() -> None:
    """No list of initiatives is missing input, not a finding about every goal."""
    a = assess(record(goals=[GOAL]))
    assert "goal without work" not in rules_of(a)
    assert (
        needs_of(a)["Which goals have work behind them"]
        == "the list of initiatives, with the goals each serves"
    )


def test_a_side_that_was_not_asked_is_named() -> None:
    """A round with business alone says that IT was not asked; a hidden one says how many must answer."""
    a = assess(record(answers("business", [3] * 5), [{"group": "business", "invited": 8}]))
    assert needs_of(a)["IT: its scores"] == "a round that asks IT too"
    b = assess(record(answers("business", [3] * 2)))
    assert needs_of(b)["Business: its scores"] == "a round that at least five people of this group answer"


def test_the_clients_text_cannot_fill_in_for_evidence() -> None:
    """Names with braces stand in the sentence as they are written."""
    goal = GOAL | {"name": "{weight} {0} {{goal}}"}
    (said,) = statements(assess(record(goals=[goal], initiatives=[WORK])), "goal without work")
    assert "“{weight} {0} {{goal}}”" in said


@pytest.mark.parametrize(
    ("costs", "said"),
    [([None], "The cost of the one initiative"), ([None, None], "The cost of both initiatives"), ([None, 1.0], "The cost of one of two initiatives")],
)  # fmt: skip
def test_what_is_not_recorded_is_counted(costs: list[float | None], said: str) -> None:
    """How many initiatives lack a cost is said in words that agree in number."""
    known = {"duration": 1, "finish": "2027-03-31", "benefit": 1, "opex": 1, "owner_business": "B"}
    work = [
        Initiative.model_validate({"id": f"w{i}", "name": "W", "capex": cost} | known)
        for i, cost in enumerate(costs)
    ]
    assert said in needs_of(assess(record(initiatives=work)))


def test_what_work_lacks_of_its_state_and_running_cost_is_named() -> None:
    """Of two initiatives, one without a status is said to count as open, and what both lack is named together."""
    known = {"name": "W", "capex": 1, "duration": 1, "finish": "2027-03-31", "benefit": 1}
    work = [
        Initiative.model_validate({"id": "a", "status": "proposed"} | known),
        Initiative.model_validate({"id": "b"} | known),
    ]
    needs = needs_of(assess(record(initiatives=work)))
    assert needs["Whether one of two open initiatives is still open"] == "its status"
    assert needs["The yearly running cost and business owner of both initiatives"].startswith("each of these")
