"""A client whose plan asks for decisions, and decision sheets as they come back, for tests and soaks alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from toolkit.client.asks import digest, published_asks
from toolkit.client.store import client_folder, create, load
from toolkit.intake.decision_sheet import with_checksum
from toolkit.plan.plan import plan_roadmap
from toolkit.publish.data_files import plan_json

SLUG, ROUND = "acme", "r1"
NAME = "Acme <b>&\"'"
FACTS = {
    "profile": {"name": NAME, "business_lead": "Ann, COO", "it_lead": "Bo, CIO", "currency": "EUR"},
    "goals": [{"id": "g", "name": "Deliver on time", "weight": 100}],
    "risks": [{"id": "k", "name": "Support ends", "severity": 0.9, "due": "2027-09-30", "owner": "Bo, CIO"}],
    "planning": {"start": "2027-Q1", "quarters": 8},
    "budget": [{"year": 2027, "amount": 1000}, {"year": 2028, "amount": 1000}],
    "rounds": [{"id": ROUND, "as_of": "2026-12-31", "meeting": "2027-01-12"}],
}
WORK = """id,name,duration,capex,goals,alternative_group,mandatory
scan,Scanning in the warehouse,2,300,g: 3,,
portal,Customer <script>alert(1)</script> portal,2,200,g: 2,,
keep,Keep the old ERP,1,100,g: 2,erp,
new,A new ERP,2,700,g: 2,erp,
law,What a law asks for,1,50,,,A law asks for it
"""


def publish(clients: Path, slug: str = SLUG, round_id: str = ROUND) -> None:
    """Write the plan of a client's round where its documents would hold it."""
    record = load(clients, slug)
    folder = client_folder(clients, slug) / "deliverables" / round_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_bytes(plan_json(record, round_id, plan_roadmap(record, round_id)))


def client(clients: Path) -> None:
    """Make the client, with its plan published."""
    create(clients, SLUG, {"client.yaml": yaml.safe_dump(FACTS).encode(), "initiatives.csv": WORK.encode()})
    publish(clients)


def sheet(clients: Path, answers: Mapping[str, Any], number: int = 1, **changed: Any) -> dict[str, Any]:
    """Return a sheet's content: answers by ask, with fields changed."""
    plan = digest(published_asks(client_folder(clients, SLUG), ROUND))
    return {
        "format": "align-decisions", "version": 1, "checksum": "00000000", "client": SLUG, "round": ROUND, "plan": plan,
        "reply": f"{number:032x}", "by": "Ann, COO", "on": "2027-01-12", "answers": dict(answers),
    } | changed  # fmt: skip


def saved(content: Mapping[str, Any]) -> bytes:
    """Return content as the page saves it."""
    return with_checksum(json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n")
