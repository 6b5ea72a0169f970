"""How long assessing takes as respondents grow, against a plain pandas mean per group and question.

``python benchmarks/assess_speed.py``: prints seconds and the ratio to the rival, measured in the same run.
"""

from __future__ import annotations

import random
import time

import pandas as pd

from toolkit.assess import assess
from toolkit.client.questionnaire import Questionnaire, shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Facts, Response

SIZES = (100, 1_000, 3_000, 10_000)
QUESTIONS = 60


def questionnaire() -> Questionnaire:
    """The full questionnaire, with some of its questions asked twice so that there are sixty."""
    full = shipped_questionnaires()["full"]
    twice = full.questions[: QUESTIONS - len(full.questions)]
    again = tuple(one.model_copy(update={"id": f"{one.id}-again"}) for one in twice)
    return full.model_copy(update={"questions": full.questions + again})


def record(people: int) -> Record:
    """A client whose people all answered sixty questions, a third of them in IT."""
    rng, asked = random.Random(1), questionnaire()
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
        for q in asked.questions
    )
    groups = [{"group": "business", "invited": people}, {"group": "it", "invited": people}]
    rounds = [{"id": "r", "as_of": "2026-09-30", "questionnaire": "own", "groups": groups}]
    facts = Facts.model_validate({"profile": {"name": "Large"}, "rounds": rounds})
    return Record("large", facts, responses=rows, questionnaires={"own": asked})


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
