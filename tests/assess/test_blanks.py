"""What is told of a group in which someone left a question blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import pytest

from toolkit.assess import assess
from toolkit.assess.assessment import Difference
from toolkit.assess.difference import with_words
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Facts, Response
from toolkit.method import Group

FULL = shipped_questionnaires()["full"]
ASKED = [q.id for q in FULL.of("communication")]


def communication(business: Sequence[int], it: Sequence[int], blank: bool) -> Any:
    """Assess one area: each person's one answer to all its questions; with ``blank`` IT's first left one out."""
    sides: dict[Group, Sequence[int]] = {"business": business, "it": it}
    rows = [
        Response(round="new", respondent=f"{group}{i}", group=group, question=q, score=said)
        for group, answers in sides.items()
        for i, said in enumerate(answers)
        for q in ASKED
        if not (blank and (group, i, q) == ("it", 0, ASKED[0]))
    ]
    groups = [{"group": group, "invited": len(answers)} for group, answers in sides.items()]
    round_ = {"id": "new", "as_of": "2026-09-30", "questionnaire": "full", "groups": groups}
    facts = Facts.model_validate({"profile": {"name": "Any"}, "rounds": [round_]})
    record = Record("any", facts, responses=tuple(rows), questionnaires={"full": FULL})
    return next(row for row in assess(record).areas if row.dimension.id == "communication")


@pytest.mark.parametrize("people", [6, 9])
def test_of_few_people_with_a_blank_no_more_than_the_mean_is_told(people: int) -> None:
    """Beside it, spread, interval, distribution and chances leave who left it blank one score in up to a third of draws."""
    row = communication([1, 1, 2, 2, 1, 1], [4, 5] * people, blank=False)
    assert row.scores["it"].spread is not None
    row = communication([1, 1, 2, 2, 1, 1], ([4, 5] * people)[:people], blank=True)
    score = row.scores["it"]
    told = {each.name for each in fields(score) if getattr(score, each.name) not in (None, ())}
    assert told == {"mean", "n"}
    gap = row.gap
    assert (gap.low, gap.high, gap.p, gap.q, gap.delta, row.error) == (None,) * 6
    assert gap.word == "clear difference"
    assert "blank" in gap.because


def test_of_ten_people_spread_and_distribution_are_told_but_no_exact_chance() -> None:
    """Among so many, from whom comments may be quoted, they point at nobody; p would give the exact spread away."""
    row = communication([1, 1, 2, 2, 1, 1], [4, 5] * 5, blank=True)
    assert sum(row.scores["it"].distribution) == 10
    assert row.scores["it"].spread == 0.5
    assert (row.gap.p, row.gap.q, row.gap.delta) == (None, None, None)
    assert row.gap.low is not None


def test_where_one_chance_is_hidden_no_other_area_tells_its_q() -> None:
    """Each q of a family rests on all its p, so the others' would give the hidden one away; words and own p stay."""
    wide = Difference(1.0, p=0.01, delta=0.8)
    alone, *_ = with_words([wide, Difference(1.0, p=0.02, delta=0.8)])
    assert alone is not None
    assert alone.q is not None
    first, hidden = with_words([wide, Difference(1.0, p=0.02)])
    assert first is not None
    assert hidden is not None
    assert (first.p, first.q, first.word) == (0.01, None, "clear difference")
    assert (hidden.p, hidden.q, hidden.word) == (None, None, "clear difference")


def test_of_few_people_with_a_blank_no_verdict_reads_the_hidden_spread() -> None:
    """Issued again with another target and another, it would give the spread away: below the line is then weak."""
    whole = communication([2, 3, 3, 3, 4, 2], [2, 3, 3, 3, 4, 2], blank=False)
    row = communication([2, 3, 3, 3, 4, 2], [2, 3, 3, 3, 4, 2], blank=True)
    assert (whole.verdict, row.verdict) == ("near the line", "weak")
    assert row.error is None
