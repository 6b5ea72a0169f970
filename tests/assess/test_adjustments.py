"""What the consultant words otherwise, moves or leaves out: filled in, published, or refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest
from clients import GOAL, RISK, advice, ids, record

from toolkit.assess import assess
from toolkit.client.record import Record
from toolkit.client.schema import Initiative
from toolkit.errors import InputError


def edited(**made: Any) -> Record:
    """A record whose goal nobody works on, with one adjustment."""
    one = {"id": "a", "round": "r", "reason": "As agreed.", **made}
    work = Initiative(id="w", name="Work", capex=1.0, goals={})
    return record(goals=[GOAL], initiatives=[work], adjustments=[one])


def test_a_wording_keeps_its_numbers_computed() -> None:
    """Names in braces are filled in from the evidence, and the change is published with its reason."""
    a = assess(
        edited(
            kind="finding",
            subject="goal-without-work.g",
            wording="{goal}: {weight} of {hundred} points, no work.",
        )
    )
    assert [one.statement for one in a.findings if one.rule == "goal without work"] == [
        "“Grow”: 100 of 100 points, no work."
    ]
    (made,) = a.adjustments
    assert (made.after, made.reason) == ("“Grow”: 100 of 100 points, no work.", "As agreed.")
    assert made.before.startswith("No initiative serves the goal “Grow”")


@pytest.mark.parametrize(
    ("wording", "found"),
    [
        ("About {nothing}.", "{nothing}"),
        ("It costs 70 thousand.", "the number 70"),
        ("{goal} has 100 points and 3 friends.", "the number 3"),
    ],
)
def test_a_wording_with_a_number_or_name_of_its_own_is_refused(wording: str, found: str) -> None:
    """A number typed by hand, or a name that the evidence does not hold, is a fault that says where and what to do."""
    with pytest.raises(InputError) as refused:
        assess(edited(kind="finding", subject="goal-without-work.g", wording=wording))
    (fault,) = refused.value.faults
    assert found in fault.found
    assert fault.where == "client.yaml, adjustments, entry 1 (a), field wording"
    assert "{weight}" in fault.allowed


def test_text_in_braces_is_never_run_as_a_format() -> None:
    """Braces around anything but a name of the evidence stand as they are."""
    text = "{goal.__class__} {} {{goal}} {goal!r}"
    a = assess(edited(kind="finding", subject="goal-without-work.g", wording=text))
    said = next(one.statement for one in a.findings if one.rule == "goal without work")
    assert said == "{goal.__class__} {} {“Grow”} {goal!r}"


def test_a_finding_left_out_takes_its_recommendation_along() -> None:
    """Without the finding nothing asks for work on the goal; the adjustment says that it was left out."""
    plain = assess(edited(kind="rank", subject="goal-without-work.g", value=1))
    without = assess(edited(kind="finding", subject="goal-without-work.g"))
    assert "rec-goals-without-work" in ids(plain)
    assert "rec-goals-without-work" not in ids(without)
    assert [one.after for one in without.adjustments] == [""]


def test_a_rank_moves_a_recommendation_and_nothing_else() -> None:
    """Moved to the second place, a recommendation stands there and the others keep their order."""
    plain = ids(assess(edited(kind="rank", subject="goal-without-work.g", value=1)))
    moved = ids(assess(edited(kind="rank", subject=plain[-1], value=2)))
    assert moved == [plain[0], plain[-1], *plain[1:-1]]


@pytest.mark.parametrize("kind", ["finding", "recommendation", "rank"])
def test_an_adjustment_of_nothing_is_refused(kind: str) -> None:
    """An adjustment about a finding or recommendation that this round does not hold names those that it does."""
    with pytest.raises(InputError) as refused:
        assess(edited(kind=kind, subject="goal-without-work.h", value=1))
    assert (
        "goal-without-work.g" in refused.value.faults[0].allowed + refused.value.faults[0].remedy
        or kind == "recommendation"
    )
    assert refused.value.faults[0].where.endswith("field subject")


def test_a_completed_recommendation_of_nothing_is_refused() -> None:
    """An owner given to a recommendation that this round does not make is a fault that lists those it makes."""
    added = {"id": "rec-risk.y", "round": "r", "owner_it": "Cy"}
    with pytest.raises(InputError) as refused:
        assess(record(risks=[RISK], recommendations=[added]))
    assert "rec-risk.x" in refused.value.faults[0].allowed
    assert refused.value.faults[0].where == "client.yaml, recommendations, entry 1 (rec-risk.y), field id"


def test_what_the_consultants_other_entries_leave_nothing_of_is_told_so() -> None:
    """Work that one entry makes the carrier of a recommendation may not be stopped by another; the fault names the cause."""
    loose = Initiative(id="w", name="Visitors' network")
    goal = {"id": "g", "name": "Grow"}
    ends = {"id": "rec-work-without-goals", "round": "r", "cost": 5}
    carried = {"id": "rec-risk.x", "round": "r", "initiative": "w"}
    facts: dict[str, Any] = {"risks": [RISK], "goals": [goal], "initiatives": [loose]}
    assert advice(assess(record(**facts, recommendations=[ends])), ends["id"]).cost == 5
    with pytest.raises(InputError) as refused:
        assess(record(**facts, recommendations=[ends, carried]))
    assert "take this entry away, or theirs" in refused.value.faults[0].remedy
