"""Scores side by side: adjustments, weights, counts on shared questions, criteria, and movement beyond noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from scipy import stats

from toolkit.assess import Assessment, assess
from toolkit.client.answers import Aggregate, Response
from toolkit.client.constructs import Group
from toolkit.client.facts import Facts
from toolkit.client.questionnaires import shipped_questionnaires
from toolkit.client.record import Record

SHIPPED = shipped_questionnaires()
FULL = SHIPPED["full"]
COMMUNICATION = [q.id for q in FULL.of("communication")]
GOVERNANCE = [q for q in FULL.questions if q.criterion == "governance"]


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
