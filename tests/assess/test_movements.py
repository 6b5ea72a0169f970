"""Two rounds compared: what moved beyond noise, why the rest did not, and what is read otherwise than was issued."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from clients import COMMUNICATION, FULL, NEAR, SHIPPED, area, client, replies
from scipy import stats

from toolkit.assess import Assessment, assess, reread
from toolkit.assess.assessment import Difference
from toolkit.client.schema import Response
from toolkit.publish.data_files import json_bytes
from toolkit.show.report.since import noise
from toolkit.words import inside


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


GOVERNANCE = [q.id for q in FULL.questions if q.criterion == "governance"]
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
    ("too few answers that can be compared: to the questions of both rounds, by the people behind each score", {"groups": BUSINESS_ALONE}, {"groups": BUSINESS_ALONE}, replies("business", [3] * 8) + replies("business", [3] * 4, round_id="old") + replies("business", [3] * 8, GOVERNANCE, "old")),
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
