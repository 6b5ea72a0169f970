"""Payback and net present value against a cash-flow table written out quarter by quarter."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
import soak_plan as soak
from slices import sliced

from toolkit.client.schema import Initiative, Profile, Risk
from toolkit.plan import explain_roadmap, plan_roadmap, to_json
from toolkit.plan.payback import after_text, losing_before_running, share_known
from toolkit.plan.plan_table import roadmap_rows
from toolkit.plan.roadmap import RunningAfter

FIVE_YEARS = 20


def cash_flows(one: Initiative, start: int) -> np.ndarray:
    """Return money in less money out by quarter, from its start or the plan's, the earlier, to five years after its end.

    The parameters are recorded: ``duration``, ``capex`` with ``contingency`` by its profile, then a quarter
    of ``benefit`` less ``opex`` in every quarter.
    """
    before, length = max(-start, 0), one.duration or 0
    shares = np.array(one.capex_profile or [1.0] * length)
    paid = (one.capex or 0.0) * (1 + (one.contingency or 0.0)) * shares / shares.sum()
    earned = np.full(FIVE_YEARS, ((one.benefit or 0.0) - (one.opex or 0.0)) / 4)
    return np.concatenate([np.zeros(start + before), -paid, earned])


def paid_back(flows: np.ndarray, before: int, done: int) -> int | None:
    """Return the first quarter of the plan after completion by whose end all that was paid has come back."""
    total = np.round(np.cumsum(flows), 6)
    found = [t - before for t in range(len(flows)) if total[t] >= 0 and t - before >= done]
    return found[0] if found else None


@pytest.mark.parametrize("seed", sliced(range(3000, 3040), 8))
def test_worth_is_that_of_a_cash_flow_table(seed: int) -> None:
    """For all planned work with known figures, and no other, payback and present value are those of its table."""
    pick = random.Random(seed).choice
    record = soak.client(pick, pick(range(4, 10)), pick(range(4, 8)))
    most = max(one.capex or 0.0 for one in record.initiatives)
    work = tuple(
        one.model_copy(update={"benefit": pick((None, 0, most, 2 * most, 5 * most))})
        for one in record.initiatives
    )
    rate = pick((None, 0.0, 0.08, 0.3))
    profile = record.facts.profile.model_copy(update={"discount_rate": rate})
    roadmap = explain_roadmap(
        replace(record, initiatives=work, facts=record.facts.model_copy(update={"profile": profile}))
    )
    by_id, starts = {one.id: one for one in work}, soak.starts(roadmap)
    known = [one for one in sorted(starts) if None not in (by_id[one].benefit, by_id[one].opex)]
    assert [one.initiative for one in roadmap.worth] == known
    for worth in roadmap.worth:
        one, start = by_id[worth.initiative], starts[worth.initiative]
        flows, before = cash_flows(one, start), max(-start, 0)
        paid = paid_back(flows, before, start + (one.duration or 0))
        assert worth.payback == (None if paid is None else roadmap.start.plus(paid))
        if rate is None:
            assert worth.npv is None
        else:
            # Σ flow · q^(t + 1), as a polynomial in q = (1 + r)^(−1/4): what was paid before the plan is sunk.
            present = np.polynomial.Polynomial([0.0, *flows[before:]])((1 + rate) ** -0.25)
            assert worth.npv == pytest.approx(present, rel=1e-11, abs=1e-6)


def test_projects_compare_over_equal_lives_wherever_they_stand_in_the_plan(make: Any) -> None:
    """The same work five quarters later is worth the same, discounted by those five: no shorter life is held against it."""
    rate, money = 0.08, Profile(name="Client", discount_rate=0.08)
    same = {"duration": 2, "capex": 100, "benefit": 60, "opex": 8}
    work = [make.initiative("a", **same), make.initiative("b", **same, earliest_start="2028-Q2")]
    first, later = explain_roadmap(make.client(work, profile=money)).worth
    q = (1 + rate) ** -0.25
    # Closed form: 50 a quarter out for two, 13 a quarter in for twenty, each at its quarter's end.
    annuity = [(1 - q**n) / (1 - q) * q for n in (2, 20)]
    assert first.npv == pytest.approx(-50 * annuity[0] + 13 * annuity[1] * q**2)
    assert later.npv == pytest.approx((first.npv or 0.0) * q**5)
    assert (later.payback.index if later.payback else 0) - (first.payback.index if first.payback else 0) == 5


def test_work_worth_less_than_nothing_carries_its_reason(make: Any) -> None:
    """Mandatory, under way, decided, settling a risk in time, serving a goal, or groundwork: each says why it is planned."""
    loss = {"capex": 100, "benefit": 1, "opex": 0, "duration": 1}
    work = [
        make.initiative("law", **loss, mandatory="the law asks for it"),
        make.initiative("runs", **loss, status="in progress", start="2027-Q1"),
        make.initiative("agreed", **loss),
        make.initiative("settles", **loss, goals={}, settles=("r", "late")),
        make.initiative("serves", **loss),
        make.initiative("ground", **loss, goals={}),
        make.initiative("needs", **(loss | {"benefit": 500}), depends_on=("ground",)),
    ]
    record = make.client(
        work,
        [make.decision("agreed", "approve", day=date(2026, 12, 1))],
        profile=Profile(name="Client", discount_rate=0.05),
        risks=(
            Risk(id="r", name="Fine", severity=1),
            Risk(id="late", name="Gone", severity=1, due=date(2026, 1, 1)),
        ),
    )
    roadmap = explain_roadmap(record)
    assert {one.initiative: one.because for one in roadmap.worth} == {
        "law": "mandatory: the law asks for it",
        "runs": "in progress",
        "agreed": "decided",
        "settles": "settles “Fine”",
        "serves": "serves “Goal”",
        "ground": "comes before “Name of needs”",
        "needs": "",
    }
    assert all((one.npv or 0.0) < 0 for one in roadmap.worth if one.because)
    rows = {row["initiative"]: row for row in roadmap_rows(record, roadmap)}
    assert rows["settles"]["planned_because"] == "settles “Fine”"
    assert rows["needs"]["planned_because"] is None


def test_work_that_loses_even_before_an_unknown_running_cost_says_so(make: Any) -> None:
    """200 out and 10 a year in for five years: −150 at no rate, whatever it costs to run; at 100 a year nothing is said."""
    work = [make.initiative("a", capex=200, benefit=10), make.initiative("b", capex=200, benefit=100)]
    record = make.client(work, profile=Profile(name="Client", discount_rate=0.0))
    roadmap = explain_roadmap(record)
    assert roadmap.worth == ()
    assert [(one.initiative, one.npv) for one in losing_before_running(record, roadmap)] == [("a", -150)]
    rows = {row["initiative"]: (row["npv"], row["planned_because"]) for row in roadmap_rows(record, roadmap)}
    assert rows == {"a": (-150, "before running cost; serves “Goal”"), "b": (None, None)}


def test_the_share_without_a_figure_is_said(make: Any) -> None:
    """Of three planned, one without a benefit and one without a running cost: two, 67 %, have no figure."""
    work = [
        make.initiative("a", benefit=1, opex=1),
        make.initiative("b", opex=1),
        make.initiative("c", benefit=1),
    ]
    assert (
        share_known(explain_roadmap(make.client(work)))
        == "Two of three initiatives planned (67 %) have no figure."
    )


def test_what_the_work_costs_to_run_after_the_plan_is_counted_with_what_is_unknown(make: Any) -> None:
    """Two planned at 10 and 30 a year, one unknown, two below the line: 40 a year after FY2028, one of three unknown, said once."""
    work = [
        make.initiative("a", opex=10), make.initiative("b", opex=30), make.initiative("c"),
        make.initiative("d", capex=9999, opex=500), make.initiative("e", capex=9999),
    ]  # fmt: skip
    roadmap = plan_roadmap(make.client(work))
    assert roadmap.running_after == RunningAfter(40, ("c",))
    assert json.loads(to_json(roadmap))["running_after"] == {"cost": 40, "unknown": ["c"]}
    assert roadmap.running_after is not None
    said = after_text(roadmap, roadmap.running_after, "USD")
    assert said == (
        "Each year after FY2028, the planned work, once done, costs USD 40 to run; "
        "of one of three initiatives that is not known and not counted."
    )
    assert not any("running cost" in note for note in roadmap.assumptions)


def test_money_is_paid_back_in_the_quarter_that_ends_even(make: Any) -> None:
    """100 out, 25 a quarter in from the second on: even by the end of the fifth; a quarter of a cent less, by the sixth."""
    for benefit, quarter in ((100, "Q1 2028"), (99.99, "Q2 2028")):
        work = [make.initiative("a", duration=1, benefit=benefit, opex=0)]
        (worth,) = explain_roadmap(make.client(work)).worth
        assert str(worth.payback) == quarter


def test_work_paid_back_before_the_plan_says_so(make: Any) -> None:
    """Begun and done before the plan's start, at 10 and 40 a year, it was paid back in the quarter after: 2026-Q3."""
    work = [
        make.initiative("a", duration=1, capex=10, benefit=40, opex=0, status="in progress", start="2026-Q2"),
        make.initiative("b"),
    ]
    (worth,) = explain_roadmap(make.client(work)).worth
    assert str(worth.payback) == "Q3 2026"
