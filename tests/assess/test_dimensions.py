"""Scores side by side: adjustments, weights, counts on shared questions, criteria, and movement beyond noise."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import stats

from toolkit.assess import Assessment, assess, reread
from toolkit.assess.assessment import Difference
from toolkit.assess.difference import differs, with_words
from toolkit.client.models import Aggregate, Facts, Response
from toolkit.client.questionnaires import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.method import Group
from toolkit.publish.data_files import json_bytes
from toolkit.show.report.since import noise
from toolkit.words import inside

SHIPPED = shipped_questionnaires()
FULL = SHIPPED["full"]
COMMUNICATION = [q.id for q in FULL.of("communication")]
GOVERNANCE = [q for q in FULL.questions if q.criterion == "governance"]
GOVERNANCE_IDS = [q.id for q in GOVERNANCE]


def replies(
    group: Group, scores: Sequence[int], questions: Sequence[str] = COMMUNICATION, round_id: str = "new"
) -> list[Response]:
    """One respondent a score, giving it to every question."""
    return [
        Response(round=round_id, respondent=f"{group}{i}", group=group, question=q, score=s)
        for i, s in enumerate(scores)
        for q in questions
    ]


def client(
    answers: Sequence[Response] = (), counts: Sequence[Aggregate] = (), it: int = 8, **rest: Any
) -> Record:
    """A client of two full rounds, eight invited in business and ``it`` in IT."""
    groups = [{"group": "business", "invited": 8}, {"group": "it", "invited": it}]
    rounds = [
        {"id": name, "as_of": day, "questionnaire": "full", "groups": groups}
        for name, day in (("old", "2025-09-30"), ("new", "2026-09-30"))
    ]
    facts = Facts.model_validate({"profile": {"name": "Any"}, "rounds": rounds, **rest})
    return Record("any", facts, responses=tuple(answers), aggregates=tuple(counts), questionnaires=SHIPPED)


def area(a: Assessment, name: str = "communication") -> Any:
    return next(one for one in (*a.areas, *a.symptoms) if one.dimension.id == name)


def test_an_adjusted_score_is_published_beside_what_was_computed() -> None:
    """The consultant's score stands, the computed one is kept, and no certainty is claimed for the gap."""
    made = {
        "id": "a",
        "round": "new",
        "kind": "score",
        "subject": "communication",
        "group": "it",
        "value": 3,
        "reason": "As agreed.",
    }
    plain = area(assess(client(replies("business", [2] * 7 + [1]) + replies("it", [5] * 7 + [4]))))
    row = area(
        assess(client(replies("business", [2] * 7 + [1]) + replies("it", [5] * 7 + [4]), adjustments=[made]))
    )
    assert (row.scores["it"].mean, row.scores["it"].computed) == (3, plain.scores["it"].mean)
    assert row.gap.value == pytest.approx(row.scores["business"].mean - 3)
    assert (row.gap.word, row.gap.p, row.gap.low) == (None, None, None)
    assert plain.gap.word == "clear difference"


def test_maturity_by_headcount_weighs_each_side_by_its_people() -> None:
    """Eight people at 2 and a position of three people at 5: (8 × 2 + 3 × 5) / 11; each half by default."""
    answers = replies("business", [2] * 8) + replies("it", [5])
    assert area(assess(client(answers, it=3, weights="headcount"))).maturity == pytest.approx(31 / 11)
    assert area(assess(client(answers, it=3))).maturity == 3.5


def counted(group: Group, question: str, counts: tuple[int, int, int, int, int]) -> Aggregate:
    one, two, three, four, five = counts
    return Aggregate(
        round="new",
        group=group,
        question=question,
        count_1=one,
        count_2=two,
        count_3=three,
        count_4=four,
        count_5=five,
    )


def test_counts_are_compared_on_the_questions_both_sides_answered() -> None:
    """Business answered a fourth question, all 5: its score and the gap leave that question out."""
    rows = [counted("business", q, (0, 8, 0, 0, 0)) for q in COMMUNICATION[:3]] + [
        counted("business", COMMUNICATION[3], (0, 0, 0, 0, 8))
    ]
    rows += [counted("it", q, (0, 0, 8, 0, 0)) for q in COMMUNICATION[:3]]
    row = area(assess(client(counts=rows)))
    assert (row.scores["business"].mean, row.scores["it"].mean, row.gap.value) == (2.0, 3.0, -1.0)


def test_counts_on_different_questions_are_not_compared() -> None:
    """Two questions on one side and the other two on the other: both scores, and no gap."""
    rows = [counted("business", q, (0, 8, 0, 0, 0)) for q in COMMUNICATION[:2]]
    rows += [counted("it", q, (0, 0, 8, 0, 0)) for q in COMMUNICATION[2:]]
    row = area(assess(client(counts=rows)))
    assert set(row.scores) == {"business", "it"}
    assert row.gap is None


def test_a_criterion_reads_the_scores_of_the_practices_that_speak_to_it() -> None:
    """Governance is the mean of its practices' scores, each weighing as many questions as speak to it."""
    answers = [
        r
        for q in FULL.questions
        if q.anchors
        for r in replies("business", [2 if q.dimension == "roadmap" else 5] * 8, [q.id])
    ]
    found = {one.criterion: one for one in assess(client(answers)).criteria}["governance"]
    of_roadmap = sum(q.dimension == "roadmap" for q in GOVERNANCE)
    assert 0 < of_roadmap < found.questions == len(GOVERNANCE)
    assert found.scores["business"] == pytest.approx(
        (2 * of_roadmap + 5 * (len(GOVERNANCE) - of_roadmap)) / len(GOVERNANCE)
    )


def test_a_criterion_holds_nothing_of_a_hidden_dimension() -> None:
    """Where too few answered a practice, the criteria it speaks to are not shown."""
    hidden = GOVERNANCE[0].dimension
    rest = [q.id for q in FULL.questions if q.anchors and q.dimension != hidden]
    few = [q.id for q in FULL.of(hidden)]
    a = assess(client(replies("business", [3] * 8, rest) + replies("business", [1] * 4, few)))
    assert a.criteria
    assert all(hidden not in one.areas for one in a.criteria)


def test_a_movement_counts_the_very_people_of_the_score() -> None:
    """Someone who counts in the score but answered little of the shared part: no movement, for it would single them out."""
    part = COMMUNICATION[:3]
    whole = replies("business", [3] * 8, round_id="old", questions=part) + replies("business", [3] * 8)
    a = assess(client(whole))
    assert [m.questions for m in a.movements] == [3]
    first_two_blank = [
        r
        for r in whole
        if not (r.round == "new" and r.respondent == "business0" and r.question in COMMUNICATION[:2])
    ]
    assert area(assess(client(first_two_blank))).scores["business"].n == 8
    assert assess(client(first_two_blank)).movements == ()


def test_a_movement_is_tested_like_a_gap() -> None:
    """The change's interval is Welch's, and one beyond noise is told from one within it."""
    then, now = [1, 2, 2, 1, 2, 2, 1, 2], [4, 4, 5, 4, 4, 3, 4, 5]
    loose = [{"group": "business", "mode": "survey"}]
    rounds = [
        {"id": n, "as_of": d, "questionnaire": "full", "groups": loose}
        for n, d in (("old", "2025-09-30"), ("new", "2026-09-30"))
    ]
    a = assess(client(replies("business", now) + replies("business", then, round_id="old"), rounds=rounds))
    (moved,) = a.movements
    welch = stats.ttest_ind(now, then, equal_var=False).confidence_interval()
    assert (moved.change.low, moved.change.high) == pytest.approx((welch.low, welch.high))
    assert moved.change.word == "clear difference"
    same = assess(
        client(
            replies("business", now) + replies("business", [4, 4, 4, 4, 4, 4, 4, 5], round_id="old"),
            rounds=rounds,
        )
    )
    assert same.movements[0].change.word == "too close to call"


def test_a_rise_of_a_symptom_is_a_step_back() -> None:
    """Blame reported more often than last time, beyond noise, is a finding; reported less often it is none."""
    blame = [q.id for q in FULL.of("blame")]
    low, high = [1, 2, 1, 2, 1, 2, 1, 2], [5, 4, 5, 4, 5, 4, 5, 4]
    for then, now, found in ((low, high, True), (high, low, False)):
        a = assess(client(replies("business", now, blame) + replies("business", then, blame, "old")))
        assert ("fallen-back.blame-business" in {one.id for one in a.findings}) == found


def test_rounds_may_be_compared_in_any_pair() -> None:
    """Named, an earlier round than the last is the one compared with."""
    answers = [
        r
        for name, score in (("oldest", 1), ("old", 3), ("new", 5))
        for r in replies("business", [score] * 8, round_id=name)
    ]
    groups = [{"group": "business", "invited": 8}]
    days = (("oldest", "2024-09-30"), ("old", "2025-09-30"), ("new", "2026-09-30"))
    record = client(
        answers, rounds=[{"id": n, "as_of": d, "questionnaire": "full", "groups": groups} for n, d in days]
    )
    assert [assess(record, "new", since).movements[0].before for since in ("", "old", "oldest")] == [
        3.0,
        3.0,
        1.0,
    ]


def test_a_comment_is_quoted_only_from_ten_answers_on() -> None:
    """Of ten who answered a chosen comment is published, by group alone; of nine it is not."""
    quote = {
        "id": "q",
        "round": "new",
        "group": "business",
        "dimension": "communication",
        "text": "We never meet.",
    }
    groups = [{"group": "business", "invited": 12}]
    rounds = [{"id": "new", "as_of": "2026-09-30", "questionnaire": "full", "groups": groups}]
    for people, said in ((9, []), (10, [("communication", "business", "We never meet.")])):
        a = assess(client(replies("business", [3] * people), rounds=rounds, quotes=[quote]))
        assert [(one.dimension, one.group, one.text) for one in a.quotes] == said


def adjustment(value: float, group: str = "it", subject: str = "communication") -> dict[str, Any]:
    return {
        "id": f"{subject}-{group}", "round": "new", "kind": "score", "subject": subject, "group": group,
        "value": value, "reason": "As agreed.",
    }  # fmt: skip


def test_no_finding_counts_a_difference_that_rests_on_an_adjusted_score() -> None:
    """Two sides half the scale apart are a finding; once a score is adjusted the same gap is none, sample or position."""
    for it in ([5] * 7 + [4], [5]):
        answers = replies("business", [2] * 7 + [1]) + replies("it", it)
        people = 8 if len(it) > 1 else 3
        plain = assess(client(answers, it=people))
        adjusted = assess(client(answers, it=people, adjustments=[adjustment(4.5)]))
        assert differs(area(plain))
        assert not differs(area(adjusted))
        assert area(adjusted).gap.value == pytest.approx(1.875 - 4.5)
        assert {"difference", "position apart"} & {finding.rule for finding in plain.findings}
        assert not {"difference", "position apart"} & {finding.rule for finding in adjusted.findings}


@pytest.mark.parametrize("q", [0.04, 0.05, 0.051, 0.2, 0.201])
@pytest.mark.parametrize("value", [0.49, 0.5, -0.5, -2.0])
def test_words_come_from_q_and_half_a_point_alone(q: float, value: float) -> None:
    """Clear up to .05, likely up to .20, both from half a point on; no interval, however narrow, makes a word."""
    interval = (value - 0.01, value + 0.01)
    (gap,) = with_words([Difference(value, *interval, p=q)])
    assert gap is not None
    large = abs(value) >= 0.5
    expected = "clear difference" if q <= 0.05 else "likely difference" if q <= 0.2 else "too close to call"
    assert gap.word == (expected if large else "too close to call")


def test_full_response_is_no_proof() -> None:
    """Everyone invited answered on both sides: the interval is Welch's own, as wide as if more had been invited."""
    rows = replies("business", [2, 3, 3, 4, 2, 3, 4, 3]) + replies("it", [3, 4, 3, 4, 4, 3, 4, 4])
    welch = stats.ttest_ind([2, 3, 3, 4, 2, 3, 4, 3], [3, 4, 3, 4, 4, 3, 4, 4], equal_var=False)
    interval = welch.confidence_interval()
    more = client(rows, it=90)
    for record in (client(rows), more):
        gap = area(assess(record)).gap
        assert (gap.low, gap.high) == pytest.approx((interval.low, interval.high))
    assert area(assess(client(rows))).gap.word == area(assess(more)).gap.word


NEAR = ([2, 3, 3, 4, 2, 3, 3, 3], [3, 3, 2, 4, 3, 2, 4, 3])


@pytest.mark.parametrize("target", [2.5, 2.9, 3.0, 3.1, 3.2, 3.5])
@pytest.mark.parametrize("weights", ["equal", "headcount"])
def test_weak_within_one_standard_error_is_near_the_line(target: float, weights: str) -> None:
    """Below the target as printed, an area is near it by up to the standard error of the two sides' mean, by hand."""
    business, it = NEAR
    answers = replies("business", business) + replies("it", it[:6])
    row = area(assess(client(answers, targets={"communication": target}, weights=weights)))
    share = 8 / 14 if weights == "headcount" else 0.5
    standing = share * float(np.mean(business)) + (1 - share) * float(np.mean(it[:6]))
    error = math.hypot(share * stats.sem(business), (1 - share) * stats.sem(it[:6]))
    expected = (
        "sound" if round(standing, 1) >= target else "near the line" if target - standing <= error else "weak"
    )
    assert (row.verdict, row.error) == (expected, pytest.approx(error))


def test_a_position_adds_no_error_and_an_adjusted_score_leaves_none() -> None:
    """Beside a position the error is half that of the surveyed side; two positions, counts or an adjustment: weak is weak."""
    business = NEAR[0]
    beside = area(assess(client(replies("business", business) + replies("it", [3]), it=3)))
    assert (beside.verdict, beside.error) == ("near the line", pytest.approx(stats.sem(business) / 2))
    made = [adjustment(2.9)]
    adjusted = area(
        assess(client(replies("business", business) + replies("it", [3]), it=3, adjustments=made))
    )
    assert (adjusted.verdict, adjusted.error) == ("weak", None)
    rows = [counted("business", q, (0, 3, 4, 1, 0)) for q in COMMUNICATION]
    counts = area(assess(client(counts=rows)))
    assert (counts.verdict, counts.error) == ("weak", None)


def test_an_area_near_the_line_is_no_weak_one() -> None:
    """It makes a finding of its own and none of weakness, and by itself asks leadership for nothing."""
    a = assess(client(replies("business", NEAR[0]) + replies("it", NEAR[1]), targets={"communication": 3.0}))
    assert ([row.dimension.id for row in a.near_the_line], a.weak) == (["communication"], ())
    assert [finding.rule for finding in a.findings] == ["near the line"]
    assert not any("near-the-line.communication" in one.findings for one in a.recommendations)


def test_a_small_movement_is_told_by_q() -> None:
    """Under half a point, a movement is "small" where q would make it likely, else "within noise"."""
    assert noise(Difference(0.3, 0.1, 0.5, p=0.3, q=0.3, word="too close to call")) == "within noise"
    assert noise(Difference(0.3, -0.1, 0.7, p=0.1, q=0.2, word="too close to call")).startswith("small")


def two_rounds(then: dict[str, Any], now: dict[str, Any], answers: Sequence[Response]) -> Assessment:
    """A client whose two rounds differ as given."""
    base = {"questionnaire": "full"}
    rounds = [
        base | {"id": "old", "as_of": "2025-09-30"} | then,
        base | {"id": "new", "as_of": "2026-09-30"} | now,
    ]
    return assess(client(answers, rounds=rounds))


BUSINESS_ALONE = [{"group": "business", "invited": 8}]
REASONS: list[tuple[str, dict[str, Any], dict[str, Any], list[Response]]] = [
    ("this round asked no questions", {"groups": BUSINESS_ALONE}, {"questionnaire": None}, []),
    ("the round of 30 September 2025 asked no questions", {"questionnaire": None}, {"groups": BUSINESS_ALONE}, replies("business", [3] * 8)),
    ("not asked in this round", {"groups": BUSINESS_ALONE}, {"groups": []}, replies("business", [3] * 8, round_id="old")),
    ("not asked on 30 September 2025", {"groups": []}, {"groups": BUSINESS_ALONE}, replies("business", [3] * 8)),
    ("its scores were not shown on 30 September 2025", {"groups": BUSINESS_ALONE}, {"groups": BUSINESS_ALONE}, replies("business", [3] * 8) + replies("business", [3] * 2, round_id="old")),
    ("its scores are not shown in this round", {"groups": BUSINESS_ALONE}, {"groups": BUSINESS_ALONE}, replies("business", [3] * 2) + replies("business", [3] * 8, round_id="old")),
    ("answered as a survey in this round, as one position on 30 September 2025", {"groups": [{"group": "business", "invited": 4}]}, {"groups": BUSINESS_ALONE}, replies("business", [3] * 8) + replies("business", [3], round_id="old")),
    ("not asked on 30 September 2025", {"groups": BUSINESS_ALONE, "questionnaire": "pulse"}, {"groups": BUSINESS_ALONE}, replies("business", [3] * 8) + replies("business", [3] * 8, [q.id for q in SHIPPED["pulse"].questions], "old")),
    ("too few answers that can be compared: to the questions of both rounds, by the people behind each score", {"groups": BUSINESS_ALONE}, {"groups": BUSINESS_ALONE}, replies("business", [3] * 8) + replies("business", [3] * 4, round_id="old") + replies("business", [3] * 8, GOVERNANCE_IDS, "old")),
]  # fmt: skip


@pytest.mark.parametrize(("why", "then", "now", "answers"), REASONS)
def test_what_cannot_be_compared_says_why(
    why: str, then: dict[str, Any], now: dict[str, Any], answers: list[Response]
) -> None:
    """Each way in which two rounds do not compare is told as its own reason; what moved is not among them."""
    a = two_rounds(then, now, answers)
    assert a.previous_round == "old"
    assert why in {row.why for row in a.not_compared}
    told = " and ".join(row.what.partition(": ")[2] for row in a.not_compared)
    named = told.replace(" and ", ", ").split(", ")
    assert not {inside(movement.dimension.name) for movement in a.movements} & {*named}


def published(a: Assessment, **changed: Any) -> bytes:
    """The findings of a round as they were published, with its first area changed."""
    found = json.loads(json_bytes(a))
    found["areas"][0] |= changed
    return json.dumps(found).encode()


def test_what_todays_method_reads_otherwise_is_told_apart_from_what_the_company_changed() -> None:
    """A word, a verdict or a score issued otherwise over the same answers is told; another target or more answers are not."""
    answers = replies("business", NEAR[0], round_id="old") + replies("it", [4, 5] * 4, round_id="old")
    groups = [{"group": "business", "invited": 8}, {"group": "it", "invited": 8}]
    closed = {
        "id": "old",
        "as_of": "2025-09-30",
        "closed": "2025-09-30",
        "questionnaire": "full",
        "groups": groups,
    }
    record = client(answers, rounds=[closed])
    then = assess(record, "old")
    row = area(then)
    assert reread(record, "old", json_bytes(then)) == ()
    gap = json.loads(json_bytes(then))["areas"][0]["gap"] | {"word": "likely difference"}
    assert [(r.dimension, r.issued, r.today) for r in reread(record, "old", published(then, gap=gap))] == [
        ("Communication", "likely difference", row.gap.word)
    ]
    # As earlier versions wrote it: only whether an area was weak.
    older = published(then, verdict=None, weak=True)
    assert [(r.what, r.issued, r.today) for r in reread(record, "old", older)] == [
        ("against the line", "weak", "sound")
    ]
    assert reread(record, "old", published(then, verdict="weak", target=4.0)) == ()
    scores = json.loads(json_bytes(then))["areas"][0]["scores"]
    scores["it"]["mean"] += 0.3
    assert [r.what for r in reread(record, "old", published(then, scores=scores))] == ["score by IT"]
    scores["it"]["n"] -= 1
    assert reread(record, "old", published(then, scores=scores)) == ()
    assert reread(record, "old", b"[1]") == reread(record, "old", b"{") == ()
