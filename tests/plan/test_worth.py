"""Payback and net present value against a cash-flow table written out quarter by quarter."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import soak_plan as soak

from toolkit.client.work import Initiative
from toolkit.plan import explain_roadmap

FIVE_YEARS = 20


def cash_flows(one: Initiative, start: int) -> np.ndarray:
    """Return money in less money out by quarter, from its start or the plan's, the earlier, for five years of plan.

    The parameters are recorded: ``duration``, ``capex`` with ``contingency`` by its profile, then a quarter
    of ``benefit`` less ``opex`` in every quarter.
    """
    before, length = max(-start, 0), one.duration or 0
    flows = np.full(before + FIVE_YEARS, ((one.benefit or 0.0) - (one.opex or 0.0)) / 4)
    first = start + before
    flows[:first] = 0.0
    shares = np.array(one.capex_profile or [1.0] * length)
    paid = (one.capex or 0.0) * (1 + (one.contingency or 0.0)) * shares / shares.sum()
    flows[first : first + length] = -paid[: len(flows) - first]
    return flows


def paid_back(flows: np.ndarray, before: int, done: int) -> int | None:
    """Return the first quarter of the plan after completion by whose end all that was paid has come back."""
    total = np.round(np.cumsum(flows), 6)
    found = [t - before for t in range(len(flows)) if total[t] >= 0 and t - before >= done]
    return found[0] if found else None


@pytest.mark.parametrize("seed", range(3000, 3040))
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
            assert worth.npv == pytest.approx(present, abs=1e-6)


def test_money_is_paid_back_in_the_quarter_that_ends_even(make: Any) -> None:
    """100 out, 25 a quarter in from the second on: even by the end of the fifth; a quarter of a cent less, by the sixth."""
    for benefit, quarter in ((100, "2028-Q1"), (99.99, "2028-Q2")):
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
    assert str(worth.payback) == "2026-Q3"
