"""How long assessing takes as respondents grow, against a plain pandas mean per group and question.

``python benchmarks/assess_speed.py``: prints seconds and the ratio to the rival, measured in the same run.
"""

from __future__ import annotations

import random
import time

import pandas as pd

from toolkit.assess import assess
from toolkit.client.answers import Response
from toolkit.client.facts import Facts
from toolkit.client.questionnaires import shipped_questionnaires
from toolkit.client.record import Record

SIZES = (100, 1_000, 3_000, 10_000)


def record(people: int) -> Record:
    """A client whose people all answered the full questionnaire, a third of them in IT."""
    rng, questionnaire = random.Random(1), shipped_questionnaires()["full"]
    rows = tuple(
        Response.model_construct(
            round="r",
            respondent=f"p{i}",
            group="it" if i % 3 == 0 else "business",
            question=q.id,
            score=rng.randint(1, 5),
            comment=None,
        )
        for i in range(people)
        for q in questionnaire.questions
    )
    groups = [{"group": "business", "invited": people}, {"group": "it", "invited": people}]
    rounds = [{"id": "r", "as_of": "2026-09-30", "questionnaire": "full", "groups": groups}]
    facts = Facts.model_validate({"profile": {"name": "Large"}, "rounds": rounds})
    return Record("large", facts, responses=rows, questionnaires=shipped_questionnaires())


def rival(client: Record) -> pd.Series:
    """The mean of each question in each group, and nothing else."""
    frame = pd.DataFrame(
        [(r.group, r.question, r.score) for r in client.responses], columns=["group", "question", "score"]
    )
    return frame.groupby(["group", "question"])["score"].mean()


def seconds(action: object, client: Record) -> float:
    begun = time.perf_counter()
    action(client)  # type: ignore[operator]
    return time.perf_counter() - begun


if __name__ == "__main__":
    assess(record(50))
    for size in SIZES:
        client = record(size)
        ours, theirs = (min(seconds(action, client) for _ in range(3)) for action in (assess, rival))
        print(
            f"{size:>6} respondents, {len(client.responses):>7} answers: {ours:.2f} s, {ours / theirs:.1f} times the rival's {theirs:.2f} s"
        )
