"""Recommendations: what they answer, who owns them, and what the consultant may change."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from toolkit.assess import Assessment, assess
from toolkit.assess.recommending import MOST
from toolkit.assess.statements import Recommendation
from toolkit.client.facts import Facts
from toolkit.client.record import Record
from toolkit.client.store import load
from toolkit.client.work import Decision, Initiative
from toolkit.errors import InputError

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
GOAL = {"id": "g", "name": "Grow", "owner": "Ann, COO", "weight": 100}
RISK = {"id": "x", "name": "Lease", "due": "2027-06-30", "owner": "Bo, CIO", "consequence": "It renews."}
LEADS = {"business_lead": "Ann, COO", "it_lead": "Bo, CIO"}


def record(profile: dict[str, Any] | None = None, **rest: Any) -> Record:
    """A record without a survey; tables by name."""
    tables = {name: tuple(rest.pop(name, ())) for name in ("initiatives", "decisions")}
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


def edited(**made: Any) -> Record:
    """A record whose goal nobody works on, with one adjustment."""
    one = {"id": "a", "round": "r", "reason": "As agreed.", **made}
    work = Initiative(id="w", name="Work", capex=1.0, goals={})
    return record(goals=[GOAL], initiatives=[work], adjustments=[one])


@pytest.mark.parametrize("slug", ["meridian-manufacturing", "harbour-credit-union", "lakeside-clinic"])
def test_a_client_gets_five_to_seven_recommendations(slug: str) -> None:
    """Each sample is given five to seven, every one with an action, a reason, a date and a decision."""
    made = assess(load(SAMPLES, slug)).recommendations
    assert 5 <= len(made) <= MOST
    assert all(one.action and one.because and one.due and one.decision for one in made)


@pytest.mark.parametrize("slug", ["meridian-manufacturing", "harbour-credit-union"])
def test_a_recommendation_has_an_owner_on_both_sides(slug: str) -> None:
    """Where the profile names both leads, no recommendation is without an owner on either side."""
    made = assess(load(SAMPLES, slug)).recommendations
    assert all(one.owner_business and one.owner_it for one in made)


def test_an_owner_that_nobody_named_stays_missing() -> None:
    """Without leads, goals or risks that name anyone, both owners are missing and not invented."""
    made = assess(record(goals=[{"id": "g", "name": "Grow"}])).recommendations
    assert {(one.owner_business, one.owner_it) for one in made} == {(None, None)}


def test_a_risk_goes_to_its_owners_side() -> None:
    """A risk owned by the lead of IT has that owner in IT, and the business lead beside it."""
    one = advice(assess(record(LEADS, risks=[RISK])), "rec-risk.x")
    assert (one.owner_business, one.owner_it) == ("Ann, COO", "Bo, CIO")
    assert one.action == "Fund an answer to “Lease”, due 30 June 2027, or accept the risk"
    assert one.because == ("No initiative settles it. If nothing is done: It renews.",)
    assert one.risks == ("x",)


@pytest.mark.parametrize(
    ("due", "by"),
    [
        ("2026-11-15", date(2026, 11, 15)),
        ("2027-06-30", date(2026, 9, 30) + timedelta(days=90)),
        ("2026-01-01", date(2026, 12, 29)),
    ],
)
def test_a_decision_on_a_deadline_comes_before_it(due: str, by: date) -> None:
    """It is due with the deadline where that is less than 90 days off, else in 90 days."""
    assert advice(assess(record(risks=[RISK | {"due": due}])), "rec-risk.x").due == by


def test_every_place_in_an_action_is_filled() -> None:
    """No sentence of a recommendation keeps a name in braces, also where a deadline has passed and is missed."""
    late = Initiative(id="w", name="Work", settles=("x",), finish=date(2026, 12, 1))
    for risk in (RISK, RISK | {"due": "2026-01-01"}, {"id": "x", "name": "Lease"}):
        for work in ((), (late,)):
            for one in assess(record(risks=[risk], initiatives=work)).recommendations:
                assert "{" not in one.action + "".join(one.because)


def test_what_was_rejected_is_not_asked_again() -> None:
    """A recommendation that leadership rejected in an earlier round is gone; rejected in this round it stands."""
    for made_in, gone in (("old", True), ("r", False)):
        no = Decision(id="d", round=made_in, date=date(2025, 11, 1), subject="rec-risk.x", decision="reject")
        a = assess(record(risks=[RISK], decisions=[no], twice=True))
        assert ("rec-risk.x" not in ids(a)) == gone


def test_an_initiative_of_its_name_carries_a_recommendation() -> None:
    """Once it is in initiatives.csv under the recommendation's id, the recommendation points to it."""
    work = Initiative(id="rec-risk.x", name="Leave the lease")
    assert advice(assess(record(risks=[RISK], initiatives=[work])), "rec-risk.x").initiatives == (
        "rec-risk.x",
    )


def test_the_record_completes_a_recommendation() -> None:
    """Owner, date and cost that the consultant adds stand in place of what is proposed; the rest stays."""
    added = {"id": "rec-risk.x", "round": "r", "owner_it": "Cy", "due": "2026-10-31", "cost": 500}
    one = advice(assess(record(LEADS, risks=[RISK], recommendations=[added])), "rec-risk.x")
    assert (one.owner_business, one.owner_it, one.due, one.cost) == (
        "Ann, COO",
        "Cy",
        date(2026, 10, 31),
        500,
    )


def test_the_consultants_own_recommendation_stands_first() -> None:
    """One with an action of its own is listed first, and the computed ones make room for it."""
    own = {
        "id": "rec-own",
        "round": "r",
        "action": "Move the office",
        "why": "It leaks.",
        "decision": "Approve",
    }
    a = assess(load(SAMPLES, "meridian-manufacturing"))
    assert "rec-own" not in ids(a)
    facts = load(SAMPLES, "meridian-manufacturing").facts
    more = Facts.model_validate(facts.model_dump() | {"recommendations": [own | {"round": "2026-q3"}]})
    b = assess(dataclasses.replace(load(SAMPLES, "meridian-manufacturing"), facts=more))
    assert ids(b)[0] == "rec-own"
    assert len(b.recommendations) == MOST


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


def test_what_the_consultant_completed_stays_on_the_list() -> None:
    """A light recommendation that was given an owner is kept among the seven; nothing of it is lost."""
    risks = [RISK | {"id": f"x{i}", "severity": 1} for i in range(3)]
    goals = [{"id": f"g{i}", "name": f"Goal {i}"} for i in range(3)]
    rest: dict[str, Any] = {"risks": risks, "goals": goals, "initiatives": [Initiative(id="w", name="Work")]}
    assert "rec-set-targets" not in ids(assess(record(**rest)))
    added = {"id": "rec-set-targets", "round": "r", "owner_it": "Cy"}
    a = assess(record(**rest, recommendations=[added]))
    assert advice(a, "rec-set-targets").owner_it == "Cy"
    assert len(a.recommendations) == MOST


def test_an_action_of_the_consultants_own_replaces_the_computed_one() -> None:
    """With an action of its own under a computed recommendation's id, only the consultant's stands."""
    own = {"id": "rec-risk.x", "round": "r", "action": "Let the lease end", "why": "Nobody needs it."}
    a = assess(record(risks=[RISK], recommendations=[own]))
    assert [one.action for one in a.recommendations if one.id == "rec-risk.x"] == ["Let the lease end"]


def test_more_own_actions_than_seven_are_all_listed() -> None:
    """Whatever the consultant adds is shown; the computed ones then make way altogether."""
    own = [{"id": f"own-{i}", "round": "r", "action": f"Do {i}"} for i in range(9)]
    assert ids(assess(record(risks=[RISK], recommendations=own))) == [f"own-{i}" for i in range(9)]
