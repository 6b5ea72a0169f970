"""A small valid record that uses every file and nearly every field; tests damage copies of it."""

from __future__ import annotations

import pytest

CLIENT = """\
schema_version: 1
synthetic: true
profile:
  name: Base Works
  currency: EUR
  employees: 120
goals:
  - {id: g-growth, name: Grow, kpi: k-orders, weight: 60, baseline: 10, target: 20, due: 2028-12-31}
  - {id: g-cost, name: Cut cost, weight: 40}
kpis:
  - id: k-orders
    name: Orders
    better: higher
    baseline: 10
    baseline_date: 2026-01-01
    target: 20
    target_date: 2028-12-31
    readings:
      - {date: 2026-06-30, value: 11}
      - {date: 2026-12-31, value: 12}
impact:
  - {id: i-late, symptom: delayed-projects, name: Late, low: 10, likely: 20, high: 30, overlaps: [i-idle]}
  - {id: i-idle, symptom: morale, name: Waiting, likely: 5}
spend:
  - {year: 2026, run: 700000, grow: 100000}
risks:
  - {id: r-erp, name: ERP end of life, kind: end-of-life, due: 2028-06-30, severity: 0.7}
themes:
  - {id: t-1, dimension: communication, text: Reasons rarely travel, round: y2026}
targets:
  communication: 4
budget:
  - {year: 2027, amount: 500000, reserve: 0.1}
capacity:
  - {role: developer, fte: 4}
  - {role: developer, fte: 5, quarter: 2027-Q3}
  - {role: architect, fte: 1}
planning: {start: 2027-Q1, quarters: 8}
rounds:
  - id: y2026
    as_of: 2026-12-31
    questionnaire: own
    closed: 2026-12-31
    groups:
      - {group: business, mode: survey, invited: 6, priorities: {g-growth: 1.2, g-cost: 1.8}}
      - {group: it, mode: consensus, invited: 3}
      - {group: provider, mode: named, invited: 1}
  - id: y2025
    as_of: 2025-12-31
    questionnaire: own
    groups:
      - {group: business, invited: 8}
adjustments:
  - {id: a-1, round: y2026, kind: score, subject: communication, group: business, value: 3, reason: Recount}
"""
QUESTIONNAIRE = """\
id: short
title: Two questions
questions:
  - {id: q-why, dimension: communication, text: We know why.}
  - {id: q-late, dimension: delayed-projects, text: Projects are late.}
"""
INITIATIVES = """\
id,name,status,duration,capex,capex_profile,goals,fte,depends_on,earliest_start,deadline,start,settles,practices
crm,CRM,in progress,2,200000,0.5; 0.5,g-growth: 3; g-cost: 1,developer: 2; architect: 0.5,,,,2026-Q4,,roadmap
erp,ERP,proposed,3,300000,,g-cost: 2,developer: 3,crm,2027-Q2,2028-Q2,,r-erp,
data,Data,,1,50000,,g-growth: 1,,crm; erp,,,,,
"""
DECISIONS = """\
id,round,date,subject,decision,quarter
d-1,y2026,2027-01-15,erp,approve,
d-2,y2026,2027-01-15,r-erp,accept risk,
d-3,y2026,2027-01-15,rec-1,defer,
d-4,y2026,2027-01-15,data,pin,2028-Q1
"""
ACTIONS = """\
id,round,action,due,status,done_on,initiative
a-1,y2026,Name an owner,2027-02-01,done,2027-01-20,erp
a-2,y2026,Meet monthly,2027-03-01,open,,
"""
AGGREGATES = """\
round,group,question,count_1,count_2,count_3,count_4,count_5
y2025,business,q-why,0,1,3,2,0
y2025,business,q-late,0,0,1,4,1
"""
RESPONSES = "round,respondent,group,question,score,comment\n" + "".join(
    f"y2026,{respondent},{group},{question},{score},\n"
    for respondent, group in [
        *((f"b{n}", "business") for n in range(1, 6)),
        ("team", "it"),
        ("lead", "provider"),
    ]
    for question, score in (("q-why", 2), ("q-late", 4))
)


@pytest.fixture
def files() -> dict[str, bytes]:
    """The files of a valid record, by name."""
    return {
        "client.yaml": CLIENT.encode(),
        "questionnaire.yaml": QUESTIONNAIRE.encode(),
        "initiatives.csv": INITIATIVES.encode(),
        "decisions.csv": DECISIONS.encode(),
        "actions.csv": ACTIONS.encode(),
        "aggregates.csv": AGGREGATES.encode(),
        "responses.csv": RESPONSES.encode(),
    }
