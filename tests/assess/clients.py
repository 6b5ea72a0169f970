"""Clients that the tests of an assessment assess, with and without a survey, and what is looked up in the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toolkit.assess import Assessment
from toolkit.assess.statements import Recommendation
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Aggregate, Facts, Response
from toolkit.method import Group

SHIPPED = shipped_questionnaires()
FULL = SHIPPED["full"]
COMMUNICATION = [q.id for q in FULL.of("communication")]
NEAR = ([2, 3, 3, 4, 2, 3, 3, 3], [3, 3, 2, 4, 3, 2, 4, 3])
GOAL = {"id": "g", "name": "Grow", "owner": "Ann, COO", "weight": 100}
RISK = {"id": "x", "name": "Lease", "due": "2027-06-30", "owner": "Bo, CIO", "consequence": "It renews."}


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


def record(profile: dict[str, Any] | None = None, **rest: Any) -> Record:
    """A record without a survey; tables by name."""
    tables = {name: tuple(rest.pop(name, ())) for name in ("initiatives", "decisions", "actions")}
    earlier = [{"id": "old", "as_of": "2025-09-30"}] if rest.pop("twice", False) else []
    facts = {
        "profile": {"name": "Test", **(profile or {})},
        "rounds": [*earlier, {"id": "r", "as_of": "2026-09-30"}],
        **rest,
    }
    return Record("test", Facts.model_validate(facts), **tables)


def advice(a: Assessment, name: str) -> Recommendation:
    return next(one for one in a.recommendations if one.id == name)


def ids(a: Assessment) -> list[str]:
    return [one.id for one in a.recommendations]
