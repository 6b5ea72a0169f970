"""An attack on confidentiality: all that is published of random organisations, read back with linear algebra."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from slices import sliced

from toolkit.assess import Assessment, assess
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Facts, Response
from toolkit.method import AREAS, NEEDS, SYMPTOMS, Group

ORGANISATIONS = sliced([24, 60], 1)
GROUPS: tuple[Group, ...] = ("business", "it", "provider")
SHIPPED = shipped_questionnaires()
Answer = tuple[str, str, str]  # round, respondent, question


def organisation(seed: int) -> Record:
    """A client of two rounds: 1 to 12 people a group, mode by the rule, some silent, some areas skipped, blanks."""
    rng = random.Random(seed)
    rounds, rows = [], []
    sizes = {group: rng.randint(1, 12) for group in GROUPS}
    for name, day in (("old", date(2025, 9, 30)), ("new", date(2026, 9, 30))):
        kind = rng.choice(["full", "executive", "pulse"])
        groups = [
            {"group": group, "invited": size, "minimum": rng.choice([3, 5, 5, 7])}
            for group, size in sizes.items()
        ]
        rounds.append({"id": name, "as_of": day, "questionnaire": kind, "groups": groups})
        for group, size in sizes.items():
            people = 1 if size < 5 else rng.randint(1, size)
            for person in range(people):
                rows += _replies(rng, name, kind, group, person)
    facts = Facts.model_validate({"profile": {"name": "Any"}, "rounds": rounds})
    return Record("any", facts, responses=tuple(rows), questionnaires=SHIPPED)


def _replies(rng: random.Random, name: str, kind: str, group: Group, person: int) -> Iterator[Response]:
    skipped = {d.id for d in (*AREAS, *SYMPTOMS, *NEEDS) if rng.random() < 0.2}
    for question in SHIPPED[kind].questions:
        if question.dimension not in skipped and rng.random() > 0.1:
            yield Response(
                round=name,
                respondent=f"{group}{person}",
                group=group,
                question=question.id,
                score=rng.randint(1, 5),
            )


def asked(record: Record, round_id: str, dimension: str, aspect: str | None = None) -> list[str]:
    questionnaire = record.questionnaire_of(record.round(round_id))
    assert questionnaire is not None
    return [q.id for q in questionnaire.of(dimension, aspect)]


def weights(record: Record, round_id: str, group: Group, questions: list[str]) -> dict[Answer, float]:
    """How much each answer weighs in a group's mean, worked out anew from the method's definition."""
    given: dict[str, list[str]] = {}
    for row in record.responses:
        if row.round == round_id and row.group == group and row.question in questions:
            given.setdefault(row.respondent, []).append(row.question)
    scored = {who: qs for who, qs in given.items() if len(qs) * 2 >= len(questions)}
    return {(round_id, who, q): 1 / len(qs) / len(scored) for who, qs in scored.items() for q in qs}


def published(record: Record, a: Assessment) -> Iterator[tuple[float, dict[Answer, float]]]:
    """Every mean in the assessment, with the weight of each answer in it; differences follow from them."""
    for row in (*a.areas, *a.symptoms):
        for group, score in row.scores.items():
            yield score.mean, weights(record, a.round, group, asked(record, a.round, row.dimension.id))
    for need in a.needs:
        for aspect in ("importance", "satisfaction"):
            for group, score in getattr(need, aspect).items():
                yield (
                    score.mean,
                    weights(record, a.round, group, asked(record, a.round, need.dimension.id, aspect)),
                )
    for moved in a.movements:
        shared = [q for q in asked(record, a.round, moved.dimension.id)
                  if all(any(r.question == q and r.round == one and r.group == moved.group for r in record.responses) for one in (a.round, a.previous_round))
                  and q in asked(record, a.previous_round, moved.dimension.id)]  # fmt: skip
        assert len(shared) == moved.questions
        yield moved.now, weights(record, a.round, moved.group, shared)
        yield moved.before, weights(record, a.previous_round, moved.group, shared)


def under_the_minimum(record: Record) -> Iterator[dict[Answer, float]]:
    """Every secret: a surveyed group's mean on an area or need, where fewer than its minimum are behind it."""
    for one in record.rounds:
        for known in one.groups:
            if known.answers_by != "survey":
                continue
            answered = {
                r.respondent for r in record.responses if r.round == one.id and r.group == known.group
            }
            for dimension in (*AREAS, *SYMPTOMS, *NEEDS):
                for aspect in ("importance", "satisfaction") if dimension in NEEDS else (None,):
                    secret = weights(record, one.id, known.group, asked(record, one.id, dimension.id, aspect))
                    people = {who for _, who, _ in secret}
                    if secret and (len(people) < known.minimum or len(answered) < known.minimum):
                        yield secret


def recovered(known: list[dict[Answer, float]], secrets: list[dict[Answer, float]]) -> int:
    """How many secrets lie in the row space of what is known, and so follow from it exactly."""
    columns = {answer: i for i, answer in enumerate(sorted({a for row in (*known, *secrets) for a in row}))}

    def matrix(rows: list[dict[Answer, float]]) -> np.ndarray:
        out = np.zeros((len(rows), len(columns)))
        for i, row in enumerate(rows):
            for answer, weight in row.items():
                out[i, columns[answer]] = weight
        return out

    if not known or not secrets:
        return 0
    rows, targets = matrix(known), matrix(secrets)
    solved = targets @ rows.T @ np.linalg.pinv(rows @ rows.T, rcond=1e-10, hermitian=True)
    return int((np.abs(solved @ rows - targets).max(axis=1) < 1e-6).sum())


@pytest.fixture(scope="module", params=ORGANISATIONS)
def attacks(
    request: pytest.FixtureRequest,
) -> list[tuple[list[dict[Answer, float]], list[dict[Answer, float]], Record]]:
    """What the attacker of each organisation knows (both rounds' assessments), and what must stay secret."""
    out = []
    for seed in range(request.param):
        record = organisation(seed)
        known = []
        for one in record.rounds:
            for mean, weight in published(record, assess(record, one.id)):
                scores = {(r.round, r.respondent, r.question): r.score or 0 for r in record.responses}
                assert mean == pytest.approx(sum(w * scores[a] for a, w in weight.items()))
                known.append(weight)
        out.append((known, list(under_the_minimum(record)), record))
    return out


def test_no_score_under_the_minimum_can_be_worked_out(attacks: list) -> None:
    """Of all that both rounds publish, no combination gives a surveyed group's score with too few behind it."""
    assert sum(len(secrets) for _, secrets, _ in attacks) > 8 * len(attacks)
    assert [recovered(known, secrets) for known, secrets, _ in attacks] == [0] * len(attacks)


def test_no_single_answer_of_a_surveyed_group_can_be_worked_out(attacks: list) -> None:
    """Nor does any combination give one respondent's score on anything."""
    for known, _, record in attacks[:20]:
        surveyed = {
            (one.id, g.group) for one in record.rounds for g in one.groups if g.answers_by == "survey"
        }
        alone = [
            {(r.round, r.respondent, r.question): 1.0}
            for r in record.responses
            if (r.round, r.group) in surveyed
        ]
        assert recovered(known, alone) == 0


def test_the_attack_bites_on_plain_thresholding(attacks: list) -> None:
    """With the mean over all respondents published beside the groups, the same attack finds hidden scores."""
    found = 0
    for known, secrets, record in attacks:
        everyone: dict[tuple[str, str], dict[Answer, float]] = {}
        for one in record.rounds:
            for area in (*AREAS, *SYMPTOMS):
                parts = [weights(record, one.id, group, asked(record, one.id, area.id)) for group in GROUPS]
                people = [len({who for _, who, _ in part}) for part in parts]
                if sum(people):
                    everyone[one.id, area.id] = {
                        answer: w * n / sum(people)
                        for part, n in zip(parts, people, strict=True)
                        for answer, w in part.items()
                    }
        found += recovered([*known, *everyone.values()], secrets)
    assert found > 0.4 * len(attacks)


@pytest.mark.parametrize("organisations", sliced([20, 40], 1))
def test_what_hidden_people_answer_changes_nothing(organisations: int) -> None:
    """Whatever a hidden group says, in this round or the last, the assessment is the same to the last digit."""
    tried = 0
    for seed in range(organisations):
        record = organisation(seed)
        hidden = {
            (one.id, g.group)
            for one in record.rounds
            for g in one.groups
            if g.answers_by == "survey"
            and len({r.respondent for r in record.responses if (r.round, r.group) == (one.id, g.group)})
            < g.minimum
        }
        if not hidden:
            continue
        tried += 1
        changed = tuple(
            r.model_copy(update={"score": 6 - (r.score or 3)}) if (r.round, r.group) in hidden else r
            for r in record.responses
        )
        other = dataclasses.replace(record, responses=changed)
        for one in record.rounds:
            assert dataclasses.asdict(assess(record, one.id)) == dataclasses.asdict(assess(other, one.id))
    assert tried > organisations / 4
