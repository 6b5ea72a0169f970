"""What is allowed: every field of every model says so in its own words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from toolkit.client.faults import faults_of, place_in_yaml
from toolkit.client.field_types import Row, accepted_at
from toolkit.client.questionnaire import Link, Question, Questionnaire
from toolkit.client.schema import (
    Action,
    Aggregate,
    Decision,
    Facts,
    Goal,
    Initiative,
    Kpi,
    Response,
    Round,
    RoundGroup,
)


def models(base: type[Row] = Row) -> list[type[Row]]:
    return [model for model in base.__subclasses__() if model.__module__.startswith("toolkit.client")]


FIELDS = [(model, name) for model in models() for name in model.model_fields]


@pytest.mark.parametrize(("model", "name"), FIELDS)
def test_every_field_says_what_it_accepts(model: type[Row], name: str) -> None:
    """No field of any model falls back to a general sentence."""
    kind = accepted_at(model, (name,))
    assert kind.allowed
    assert kind.remedy
    assert "another kind" not in kind.allowed


@pytest.mark.parametrize("model", models())
@pytest.mark.parametrize(
    "bad", [object(), [], {}, "?!", "x" * 30_000, -1e15, 1e15, True, float("nan"), b"\xff"]
)
def test_any_bad_value_gives_a_fault_in_the_house_voice(model: type[Row], bad: Any) -> None:
    """Whatever a field is given, its fault has four parts and none of the library's own words."""
    for name in model.model_fields:
        try:
            model.model_validate({name: bad})
        except ValidationError as error:
            for fault in faults_of(error, model, place_in_yaml("f", {name: bad})):
                parts = (fault.where, fault.allowed, fault.remedy)
                assert all(part.strip() for part in parts), name
                text = " ".join(parts).lower()
                assert not any(
                    word in text for word in ("pydantic", "http", "input", "tuple", "instance", "valid ")
                ), name


@pytest.mark.parametrize(
    ("model", "loc", "allowed"),
    [
        (Facts, ("goals", 2, "weight"), "points, 0 to 100"),
        (Facts, ("rounds", 0, "groups", 1, "minimum"), "a number of answers, 3 to 1,000"),
        (Facts, ("rounds", 0, "groups", 1, "priorities", "g"), "a mean rank, at least 1"),
        (Facts, ("budget", 0, "amount"), "an amount in the client's currency, 0 to 1,000,000,000,000"),
        (Initiative, ("fte", "dev"), "people in full-time equivalents (FTE), 0 to 10,000"),
        (Initiative, ("capex_profile", 1), "a share, 0 to 1"),
        (Initiative, ("deadline",), "a fiscal quarter, written year-quarter"),
        (Response, ("score",), "a score, 1 to 5"),
        (Decision, ("date",), "a date that exists, written year-month-day, 1990-01-01 to 2100-12-31"),
        (Action, ("status",), "one of: open, done, dropped"),
    ],
)
def test_limits_are_read_off_the_types(model: type[Row], loc: tuple[str | int, ...], allowed: str) -> None:
    """The sentence names the unit and the very limits the model enforces."""
    assert accepted_at(model, loc).allowed == allowed


def test_the_models_under_test_are_all_there() -> None:
    """The walk over models finds those of every file of a record."""
    wanted = {Aggregate, Response, Facts, Goal, Kpi, Round, RoundGroup, Link, Question, Questionnaire, Action}
    assert wanted <= set(models())
