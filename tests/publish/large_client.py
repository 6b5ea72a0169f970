"""A synthetic client of any number of initiatives: every amount another, so that two figures are seldom alike."""

from __future__ import annotations

import random
from typing import Any

from toolkit.client.record import Record
from toolkit.client.schema import Facts, Initiative

YEARS = (2027, 2028, 2029)
ROLES = ("developer", "analyst", "engineer", "project manager")
VERBS = ("Replace", "Move", "Join", "Split", "Renew", "Open", "Secure", "Measure")
THINGS = ("orders", "stores", "invoices", "lines", "branches", "contracts", "records", "networks", "devices")


def large_client(size: int) -> Record:
    """Return a client with so many initiatives, six goals with measures, costs, spending, risks, budgets and people."""
    draw = random.Random(size)
    goals = [
        {"id": f"g{n}", "name": f"Reach aim {'ABCDEF'[n]} for customers", "weight": points, "kpi": f"k{n}", "owner": "Ann Bell, COO",
         "baseline": draw.randrange(20, 50), "target": draw.randrange(60, 95), "due": f"{draw.choice(YEARS)}-12-31"}
        for n, points in enumerate((28, 23, 18, 14, 11, 6))
    ]  # fmt: skip
    kpis = [
        {"id": f"k{n}", "name": f"Measure {'ABCDEF'[n]} of customers", "unit": "%", "better": "higher", "baseline": goals[n]["baseline"],
         "baseline_date": "2025-06-30", "target": goals[n]["target"], "readings": [{"date": "2026-06-30", "value": goals[n]["baseline"] + draw.randrange(1, 9)}]}
        for n in range(6)
    ]  # fmt: skip
    risks = [
        {"id": f"r{n}", "name": f"Contract {'ABCDEFGH'[n]} of a supplier ends", "severity": draw.randrange(2, 10) / 10,
         "due": f"{draw.choice(YEARS)}-0{draw.randrange(1, 10)}-15", "owner": "Bo Carr, CIO"}
        for n in range(8)
    ]  # fmt: skip
    impact = [
        {"id": f"c{n}", "symptom": symptom, "name": f"Hours lost to cause {'ABCD'[n]}", "low": low, "likely": low * 2 + 7_000,
         "high": low * 3 + 11_000} | ({"agreed_by": "Cleo Day, CFO"} if n % 2 == 0 else {})
        for n, symptom in enumerate(("delayed-projects", "shadow-it", "wasted-budget", "morale"))
        for low in (draw.randrange(60, 400) * 1000,)
    ]  # fmt: skip
    work = tuple(_initiative(draw, n, size) for n in range(size))
    total = sum(one.capex or 0 for one in work)
    facts = {
        "profile": {"name": "Large Client", "currency": "EUR", "business_lead": "Ann Bell, COO", "it_lead": "Bo Carr, CIO", "discount_rate": 0.08},
        "goals": goals, "kpis": kpis, "risks": risks, "impact": impact,
        "spend": [{"year": year, "run": 3_100_000 + 90_000 * n, "grow": 410_000 - 37_000 * n, "transform": 260_000, "protect": 170_000 + 13_000 * n}
                  for n, year in enumerate((2024, 2025, 2026))],
        "budget": [{"year": year, "amount": round(total * 0.21), "reserve": 0.1} for year in YEARS],
        "capacity": [{"role": role, "fte": 2 + size // 8} for role in ROLES],
        "planning": {"start": "2027-Q1", "quarters": 12},
        "rounds": [{"id": "r1", "as_of": "2026-09-30"}],
    }  # fmt: skip
    return Record("large", Facts.model_validate(facts), initiatives=work)


def _initiative(draw: random.Random, n: int, size: int) -> Initiative:
    capex = draw.randrange(31, 900) * 1000
    given: dict[str, Any] = {
        "id": f"i{n}", "name": f"{VERBS[n % 8]} {THINGS[n % 9]} of region {n + 100}", "duration": draw.randrange(1, 6), "capex": capex,
        "contingency": draw.choice((0.05, 0.1, 0.2)), "estimate": "budgetary", "status": "proposed", "owner_business": "Ann Bell, COO", "owner_it": "Bo Carr, CIO",
        "fte": {draw.choice(ROLES): draw.choice((0.25, 0.5, 1))}, "goals": {f"g{draw.randrange(6)}": draw.randrange(1, 4)},
    }  # fmt: skip
    given |= {"opex": draw.randrange(4, 90) * 1000} if draw.random() < 0.8 else {}
    given |= {"benefit": draw.randrange(20, 400) * 1000} if draw.random() < 0.6 else {}
    given |= {"settles": (f"r{n}",)} if n < min(8, size // 2) else {}
    given |= {"removes": (f"c{n % 4}",)} if n % 11 == 3 else {}
    given |= (
        {
            "original_capex": round(capex * 0.8),
            "original_finish": "2026-12-31",
            "finish": f"2027-0{draw.randrange(1, 10)}-28",
        }
        if n % 5 == 0
        else {}
    )
    given |= {"status": "in progress", "start": "2026-Q3"} if n % 9 == 4 else {}
    return Initiative.model_validate(given)
