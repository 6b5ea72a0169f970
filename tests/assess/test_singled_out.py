"""Figures published together rest on enough people, whoever left what blank."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from toolkit.assess import Assessment, assess
from toolkit.assess.confidentiality import rests_on_enough, who_answered
from toolkit.assess.scores import GroupAnswers
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Aggregate, Facts, Response, RoundGroup

SHIPPED = shipped_questionnaires()
ROUNDS = {"old": (date(2026, 3, 31), "executive"), "new": (date(2026, 9, 30), "full")}


def group_of(rows: list[list[float]]) -> GroupAnswers:
    """Return a surveyed group's answers, people × questions."""
    answers = pd.DataFrame(rows, columns=[f"q{i}" for i in range(len(rows[0]))])
    return GroupAnswers(
        who_answered(RoundGroup(group="it", invited=len(rows)), len(rows)), answers, minimum=5
    )


def test_agreement_stands_on_the_people_of_the_mean() -> None:
    """One blank of six people, and neither how far the other five agree nor the spread is said."""
    rows = [[4, 4], [3, 2], [5, 4], [2, 1], [3, 3], [4, 5.0]]
    whole = group_of(rows).score(["q0", "q1"])
    rows[5][1] = np.nan
    blank = group_of(rows).score(["q0", "q1"])
    assert whole is not None
    assert blank is not None
    assert whole.agreement is not None
    assert whole.spread == pytest.approx(np.std([4, 2.5, 4.5, 1.5, 3, 4.5], ddof=1))
    assert blank.agreement is None
    assert blank.spread is None


def record_with(unshared: int) -> Record:
    """A record of six people in two rounds, of whom so many answered the questions that only the later one asks."""
    shared = {q.id for q in SHIPPED["executive"].questions}
    rng = np.random.default_rng(1)
    rows = [
        Response(round=name, respondent=f"p{i}", group="it", question=q.id, score=int(rng.integers(1, 6)))
        for name, (_, kind) in ROUNDS.items()
        for i in range(6)
        for q in SHIPPED[kind].questions
        if q.id in shared or i < unshared
    ]
    rounds = [
        {
            "id": name,
            "as_of": day,
            "closed": day,
            "questionnaire": kind,
            "groups": [{"group": "it", "invited": 6}],
        }
        for name, (day, kind) in ROUNDS.items()
    ]
    facts = Facts.model_validate({"profile": {"name": "Any"}, "rounds": rounds})
    return Record("any", facts, responses=tuple(rows), questionnaires=SHIPPED)


@pytest.mark.parametrize(("unshared", "moved"), [(0, True), (1, False), (4, False), (5, True), (6, True)])
def test_no_movement_where_few_answered_what_is_not_shared(unshared: int, moved: bool) -> None:
    """Executive, then full: score and movement would tell what those few said of the questions not shared.

    Dimensions that each person answers half of either way; those of which all questions are shared move in any case.
    """
    asked = {
        area
        for area in {q.dimension for q in SHIPPED["executive"].questions}
        if len(SHIPPED["executive"].of(area)) * 2 == len(SHIPPED["full"].of(area))
        or len(SHIPPED["executive"].of(area)) * 2 > len(SHIPPED["full"].of(area)) > len(SHIPPED["executive"].of(area))
    }  # fmt: skip
    found = {one.dimension.id for one in assess(record_with(unshared)).movements} & asked
    assert asked
    assert bool(found) == moved


def rests_on_few(given: np.ndarray, parts: list[list[int]], minimum: int) -> bool:
    """Say by brute force whether a combination of the figures rests on somebody, but on fewer than the minimum.

    For each set of people to be singled out: the figures' combinations that vanish on everyone else, by rank.
    """
    people = len(given)
    rows = []
    for columns in [list(range(given.shape[1])), *parts]:
        figure = np.zeros(given.shape)
        figure[:, columns] = given[:, columns] / np.maximum(given[:, columns].sum(axis=1, keepdims=True), 1)
        rows.append(figure.ravel())
    figures = np.array(rows)
    rank = np.linalg.matrix_rank
    for size in range(1, minimum):
        for chosen in combinations(range(people), size):
            others = np.repeat([i not in chosen for i in range(people)], given.shape[1])
            if rank(figures[:, others], tol=1e-9) < rank(figures, tol=1e-9):
                return True
    return False


def test_what_rests_on_enough_agrees_with_the_row_space() -> None:
    """For random blanks and parts, the verdict is that of a search through every set of people."""
    rng, verdicts = np.random.default_rng(7), []
    for _ in range(300):
        people, questions, minimum = rng.integers(5, 8), rng.integers(2, 5), int(rng.integers(3, 6))
        given = rng.random((people, questions)) >= rng.choice([0.0, 0.1, 0.3])
        given = given[given.any(axis=1)]
        every = [list(c) for size in range(1, questions) for c in combinations(range(questions), size)]
        parts = [
            every[i] for i in rng.choice(len(every), min(len(every), int(rng.integers(1, 4))), replace=False)
        ]
        if len(given) < minimum or not all(given[:, part].any(axis=1).all() for part in parts):
            continue
        verdicts.append(rests_on_enough(given, parts, minimum))
        assert verdicts[-1] != rests_on_few(given, parts, minimum)
    assert 20 < sum(verdicts) < len(verdicts) - 20


def test_two_movements_together_single_nobody_out() -> None:
    """Halves of a dimension, each compared with another round, give the one with a blank away together, not apart."""
    given = np.ones((6, 4), dtype=bool)
    given[0, 3] = False
    assert rests_on_enough(given, [[0, 1]], 5)
    assert rests_on_enough(given, [[2, 3]], 5)
    assert not rests_on_enough(given, [[0, 1], [2, 3]], 5)


QUESTIONS = [q.id for q in SHIPPED["full"].of("communication")]


def two_rounds(
    now: Sequence[str], then: Sequence[str], blank: str, counted: Sequence[str] = (), alike: bool = False
) -> tuple[Assessment, set[str]]:
    """Assess one area of six IT people in two rounds that asked these questions; one left a question blank in the later.

    ``counted`` are the questions on which the business is known by counts. Returned with the questions of the movement.
    """
    asked = {q.id: q for q in SHIPPED["full"].questions}
    wordings = {
        name: SHIPPED["full"].model_copy(update={"id": name, "questions": tuple(asked[q] for q in ids)})
        for name, ids in (("executive", then), ("full", now))
    }
    rows = [
        Response(
            round=name, respondent=f"p{i}", group="it", question=q, score=3 if alike else 1 + (i * 2 + n) % 5
        )
        for name, ids in (("old", then), ("new", now))
        for i in range(6)
        for n, q in enumerate(ids)
        if not (name == "new" and i == 0 and q == blank)
    ]
    counts = [
        Aggregate(
            round=name, group="business", question=q, count_1=4, count_2=4, count_3=4, count_4=4, count_5=4
        )
        for name in ("old", "new")
        for q in counted
    ]
    groups = [{"group": "it", "invited": 6}] + ([{"group": "business", "invited": 20}] if counted else [])
    rounds = [
        {"id": name, "as_of": day, "closed": day, "questionnaire": kind, "groups": groups}
        for name, (day, kind) in ROUNDS.items()
    ]
    facts = Facts.model_validate({"profile": {"name": "Any"}, "rounds": rounds})
    record = Record("any", facts, responses=tuple(rows), aggregates=tuple(counts), questionnaires=wordings)
    found = assess(record)
    moved = [one for one in found.movements if one.dimension.id == "communication" and one.group == "it"]
    return found, {q for one in moved for q in one.shared}


def test_a_movement_says_no_more_than_means_where_a_blank_lies_outside_it() -> None:
    """Its interval, p and δ would give the spread of the same people away, and with it the part of the one with the blank."""
    for blank, told in ((QUESTIONS[3], False), ("", True)):
        found, shared = two_rounds(QUESTIONS, QUESTIONS[:3], blank)
        assert shared == set(QUESTIONS[:3])
        (moved,) = [one for one in found.movements if one.dimension.id == "communication"]
        exact = (moved.change.low, moved.change.high, moved.change.p, moved.change.q, moved.change.delta)
        assert (None not in exact) == told
        assert any(exact) == told


def test_a_score_on_part_of_an_area_says_no_more_than_its_mean_where_a_blank_lies_outside_it() -> None:
    """Business is known on three of four questions, so that IT's score stands on these; the fourth was left blank by one."""
    found, _ = two_rounds(QUESTIONS, QUESTIONS, QUESTIONS[3], counted=QUESTIONS[:3])
    score = next(row for row in found.areas if row.dimension.id == "communication").scores["it"]
    assert (score.spread, score.distribution, score.agreement) == (None, (), None)
    found, _ = two_rounds(QUESTIONS, QUESTIONS, "", counted=QUESTIONS[:3])
    score = next(row for row in found.areas if row.dimension.id == "communication").scores["it"]
    assert score.spread is not None


def test_no_movement_beside_a_score_on_other_questions_that_few_answered() -> None:
    """The score stands on the three that the business answered too, the movement on all four: one of six answered the fourth."""
    asked = QUESTIONS
    record = two_rounds(asked, asked, "", counted=asked[:3])[0]
    assert any(one.group == "it" for one in record.movements)
    wordings = {name: SHIPPED["full"].model_copy(update={"id": name}) for name in ("executive", "full")}
    rows = [
        Response(round=name, respondent=f"p{i}", group="it", question=q, score=1 + (i + n) % 5)
        for name in ROUNDS
        for i in range(6)
        for n, q in enumerate(asked)
        if name == "old" or n < 3 or i == 0
    ]
    counts = [
        Aggregate(
            round=name, group="business", question=q, count_1=4, count_2=4, count_3=4, count_4=4, count_5=4
        )
        for name in ROUNDS
        for q in asked[:3]
    ]
    groups = [{"group": "it", "invited": 6}, {"group": "business", "invited": 20}]
    rounds = [
        {"id": name, "as_of": day, "closed": day, "questionnaire": kind, "groups": groups}
        for name, (day, kind) in ROUNDS.items()
    ]
    facts = Facts.model_validate({"profile": {"name": "Any"}, "rounds": rounds})
    found = assess(
        Record("any", facts, responses=tuple(rows), aggregates=tuple(counts), questionnaires=wordings)
    )
    assert not [one for one in found.movements if one.group == "it" and one.dimension.id == "communication"]


def test_that_all_scored_alike_is_not_said_of_a_group_with_a_blank() -> None:
    """The spread is not told, and the reason that there is no interval must not tell it."""
    found, _ = two_rounds(QUESTIONS, QUESTIONS, QUESTIONS[0], alike=True)
    (moved,) = [one for one in found.movements if one.dimension.id == "communication"]
    assert "alike" not in moved.change.because
    assert "blank" in moved.change.because
