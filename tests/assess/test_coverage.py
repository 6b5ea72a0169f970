"""A small slice of the simulation of coverage and false alarms."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from toolkit.assess import assess
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.client.schema import Facts, Response
from toolkit.method import AREAS, SYMPTOMS


@pytest.fixture(scope="module")
def simulation(project: Path) -> ModuleType:
    """The simulation, loaded from the benchmarks."""
    spec = importlib.util.spec_from_file_location(
        "soak_statistics", project / "benchmarks" / "soak_statistics.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_intervals_cover_the_true_gap(simulation: ModuleType) -> None:
    """Of 1,500 organisations of five and eight, some 95 % of the intervals hold the true gap."""
    case = simulation.Coverage((5, 8), ("symmetric", "symmetric"), "94 to 96 %", 1500)
    assert [line for line in case.lines() if simulation.missed(line, errors=2)] == []


@pytest.mark.parametrize("answered", [((5, 5), (5, 5)), ((12, 12), (5, 5)), ((12, 14), (6, 8))])
@pytest.mark.parametrize("questions", [1, 3])
def test_no_true_difference_seldom_gets_a_word(
    simulation: ModuleType, answered: tuple[tuple[int, int], tuple[int, int]], questions: int
) -> None:
    """Where two sides are drawn alike, at most 5 % of organisations get a "clear", 20 % a "likely", by whoever answered."""
    case = simulation.Words(answered, questions, ("symmetric", "symmetric"), organisations=30)
    assert [line for line in case.lines() if simulation.missed(line, errors=2)] == []


def test_the_simulation_judges_as_the_assessment_does(simulation: ModuleType) -> None:
    """The words of a drawn organisation are those that an assessment of the same answers gives its areas and symptoms."""
    case = simulation.Words(((12, 14), (6, 8)), 3, ("symmetric", "skewed"), organisations=1)
    sides = case.organisation(np.random.default_rng(0))
    named = dict(zip((f"{n}" for n in range(simulation.DIMENSIONS)), (*AREAS, *SYMPTOMS), strict=True))
    own = Questionnaire.model_validate({
        "id": "own", "title": "Own",
        "questions": [{"id": q, "dimension": named[q.split("-")[0]].id, "text": "Any"} for q in sides[0].answers.columns],
    })  # fmt: skip
    groups = [
        {"group": side.result.group, "mode": "survey", "invited": side.result.invited} for side in sides
    ]
    facts = Facts.model_validate({
        "profile": {"name": "Any"},
        "rounds": [{"id": "r", "as_of": "2026-09-30", "questionnaire": "own", "groups": groups}],
    })  # fmt: skip
    given = tuple(
        Response(
            round="r", respondent=f"p{who}", group=side.result.group, question=question, score=int(score)
        )
        for side in sides
        for (who, question), score in side.answers.stack().items()
    )
    a = assess(Record("any", facts, responses=given, questionnaires={"own": own}))
    words = [row.gap.word for row in (*a.areas, *a.symptoms) if row.gap]
    assert words == case.words(*sides)
    assert len(set(words)) > 1


def test_a_wrong_interval_would_be_told(simulation: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation bites: with intervals of 80 % in place of 95 %, the aim is missed."""
    wide = simulation.welch_interval
    monkeypatch.setattr(simulation, "welch_interval", lambda first, second: wide(first, second, 0.8))
    case = simulation.Coverage((5, 8), ("symmetric", "symmetric"), "94 to 96 %", 1500)
    assert all(simulation.missed(line, errors=2) for line in case.lines())
