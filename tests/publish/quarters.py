"""Four quarters of the manufacturer: its sample, and what three more quarters bring, as a consultant would record it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.client.checks import check
from toolkit.client.known import known_on
from toolkit.client.record import Record
from toolkit.client.schema import Action, Decision, Facts, Initiative
from toolkit.client.store import load
from toolkit.plan import Roadmap, plan_roadmap
from toolkit.show import ReviewStory

MERIDIAN = "meridian-manufacturing"
# As pages write small numbers, from one on.
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
COO, CFO = "Dana Whitfield, COO", "Priya Raman, CFO"
IT, APPS = "Tomasz Zielinski, Head of IT", "Greg Kowalczyk, Applications Manager"


@dataclass(frozen=True)
class Brought:
    """What a quarter brings: its round, and what the record says anew of work, measures, meetings, actions, decisions."""

    round: str
    as_of: date
    plan_from: str
    work: dict[str, dict[str, Any]] = field(default_factory=dict)
    readings: dict[str, float] = field(default_factory=dict)
    actions: tuple[dict[str, Any], ...] = ()
    decisions: tuple[dict[str, Any], ...] = ()
    meetings: tuple[dict[str, Any], ...] = ()


NEW_WORK = {
    "name": "Quality records without paper", "short": "Paperless quality", "status": "proposed", "duration": 2, "capex": 90000,
    "estimate": "firm", "contingency": 0.05, "opex": 6000, "benefit": 70000, "goals": {"unit-cost": 2, "customer-audits": 2},
    "fte": {"application developer": 0.25}, "owner_business": "Ingrid Solberg, Head of Quality", "owner_it": APPS,
    "deadline": "2027-Q4", "mandatory": "Asked for by the largest customer from 2028 on",
}  # fmt: skip
BROUGHT = (
    Brought(
        "2026-q4", date(2026, 12, 31), "2027-Q1",
        work={
            "machine-data": {"spent": 228000, "forecast": 285000, "health": "red", "finish": "2027-06-30", "health_reason": "The supplier of the adapters is two months late."},
            "service-portal": {"spent": 180000, "forecast": 352000, "health": "amber", "health_reason": "The interface runs in test."},
        },
        readings={"on-time-delivery": 84.6, "conversion-cost": 39.0, "line-stops": 7.4},
        actions=(
            {"id": "a-q3-1", "round": "2026-q3", "action": "Order the keys for the second login factor", "owner_business": "Amara Okafor, HR Director", "owner_it": "Fatima Al-Hassan, Security Lead", "due": "2026-12-01", "status": "done", "done_on": "2026-11-28"},
            {"id": "a-q3-2", "round": "2026-q3", "action": "Agree with the insurer what counts as everyone", "owner_business": CFO, "owner_it": IT, "due": "2026-11-30", "status": "done", "done_on": "2026-12-09"},
            {"id": "a-q3-3", "round": "2026-q3", "action": "Cancel or keep the warehouse contract", "owner_business": "Lena Fischer, Supply Chain Director", "owner_it": APPS, "status": "open"},
        ),
        decisions=(
            {"id": "d-q3-1", "round": "2026-q3", "date": "2026-10-14", "subject": "second-factor", "decision": "approve", "quarter": "2027-Q1", "by": "Management meeting"},
            {"id": "d-q3-2", "round": "2026-q3", "date": "2026-10-14", "subject": "plant-scheduling", "decision": "reject", "by": "Management meeting", "note": "Not before line 3 is decided."},
        ),
        meetings=({"id": "m-2026-10", "status": "held", "business": [COO, CFO], "it": [IT]}, {"id": "m-2026-11", "status": "held", "business": [COO], "it": [IT, APPS]}, {"id": "m-2026-12", "status": "not held"}),
    ),
    Brought(
        "2027-q1", date(2027, 3, 31), "2027-Q2",
        work={
            "second-factor": {"status": "in progress", "start": "2027-Q1", "spent": 41000, "forecast": 88000, "health": "green"},
            "network-split": {"status": "in progress", "start": "2027-Q1", "spent": 60000, "forecast": 240000, "finish": "2027-09-30", "health": "green"},
            "storage-refresh": {"capex": 195000},
            "quality-records": NEW_WORK,
            "service-portal": {"spent": 262000, "forecast": 361000, "health": "amber"},
            "machine-data": {"spent": 270000, "health": "amber", "health_reason": "The adapters are in; tests run until June."},
        },
        readings={"on-time-delivery": 86.0, "service-share": 13.6, "conversion-cost": 38.7, "audit-findings": 4, "line-stops": 6.1},
        actions=({"id": "a-q4-1", "round": "2026-q4", "action": "Name a deputy for the scheduling spreadsheet", "owner_business": COO, "owner_it": APPS, "due": "2027-02-28", "status": "open"},),
        meetings=({"id": "m-2027-01", "status": "held", "business": [COO, CFO], "it": [IT]}, {"id": "m-2027-04", "date": "2027-04-14"}),
    ),
    Brought(
        "2027-q2", date(2027, 6, 30), "2027-Q3",
        work={
            "machine-data": {"status": "done", "finish": "2027-06-18", "spent": 291000, "forecast": 291000, "health": "green"},
            "second-factor": {"status": "done", "finish": "2027-06-24", "spent": 86500},
            "service-portal": {"spent": 330000, "forecast": 402000, "health": "red", "finish": "2027-12-31", "health_reason": "Customers’ test found 31 faults."},
        },
        readings={"on-time-delivery": 88.9, "service-share": 14.9, "conversion-cost": 38.1, "audit-findings": 3, "line-stops": 5.2, "skilled-retention": 84.5},
        actions=({"id": "a-q3-3", "status": "done", "done_on": "2027-03-30"}, {"id": "a-q4-1", "status": "dropped", "note": "Plant scheduling is taken up again."},
                 {"id": "a-q1-1", "round": "2027-q1", "action": "Bring a date for line 3", "owner_business": "Luis Medina, Plant Director", "owner_it": IT, "due": "2027-06-15", "status": "open"}),
        decisions=({"id": "d-q1-1", "round": "2027-q1", "date": "2027-04-14", "subject": "plant-scheduling", "decision": "approve", "by": "Management meeting", "note": "Line 3 is decided."},),
        meetings=({"id": "m-2027-04", "status": "held", "business": [COO, CFO], "it": [IT]}, {"id": "m-2027-07", "date": "2027-07-14", "kind": "review"}),
    ),
)  # fmt: skip


def _rows(rows: tuple[Any, ...], changes: dict[str, dict[str, Any]], model: Any) -> tuple[Any, ...]:
    """Return rows with these changed by id, new ones behind them."""
    kept = {one.id: one.model_dump(exclude_unset=True) for one in rows}
    for id, change in changes.items():
        kept[id] = kept.get(id, {"id": id}) | change
    return tuple(model.model_validate(one) for one in kept.values())


def _by_id(rows: tuple[dict[str, Any], ...]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in rows}


def after(record: Record, brought: Brought) -> Record:
    """Return the record as it stands after another quarter."""
    facts = record.facts.model_dump(exclude_unset=True)
    facts["rounds"] = [*facts["rounds"], {"id": brought.round, "as_of": brought.as_of}]
    facts["planning"] |= {"start": brought.plan_from}
    for kpi in facts["kpis"]:
        if kpi["id"] in brought.readings:
            kpi["readings"] = [
                *kpi["readings"],
                {"date": brought.as_of, "value": brought.readings[kpi["id"]]},
            ]
    meetings = {one["id"]: one for one in facts["meetings"]}
    for one in brought.meetings:
        meetings[one["id"]] = meetings.get(one["id"], {}) | one
    facts["meetings"] = [*meetings.values()]
    return replace(
        record, facts=Facts.model_validate(facts), initiatives=_rows(record.initiatives, brought.work, Initiative),
        actions=_rows(record.actions, _by_id(brought.actions), Action), decisions=_rows(record.decisions, _by_id(brought.decisions), Decision),
    )  # fmt: skip


@dataclass(frozen=True)
class Reviewed:
    """One quarter: the record as it stood, its plan, and the review against the plan of the quarter before."""

    record: Record
    roadmap: Roadmap
    story: ReviewStory
    before: Roadmap | None


@cache
def four_quarters(clients: Path) -> tuple[Reviewed, ...]:
    """Return the manufacturer's four quarters, each plan made as it was due; ``clients`` holds the sample."""
    record, before, out = load(clients, MERIDIAN), None, []
    for brought in (None, *BROUGHT):
        record = after(record, brought) if brought else record
        assert check(record) == []
        roadmap = plan_roadmap(known_on(record, record.round().as_of))
        out.append(Reviewed(record, roadmap, ReviewStory.of(record, roadmap, earlier_plan=before), before))
        before = roadmap
    return tuple(out)
