"""Scores side by side: adjustments, weights, counts on shared questions, criteria, verdicts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from clients import COMMUNICATION, FULL, NEAR, area, client, replies
from scipy import stats

from toolkit.assess import assess
from toolkit.assess.assessment import Difference
from toolkit.assess.difference import differs, with_words
from toolkit.client.schema import Aggregate
from toolkit.method import Group

GOVERNANCE = [q for q in FULL.questions if q.criterion == "governance"]


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
