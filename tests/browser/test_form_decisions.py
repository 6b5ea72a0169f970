"""The decisions asked for, answered in the form in a real browser: recorded as given, obeyed by the next plan."""

from __future__ import annotations

import pytest
from form_driver import Pointing, Typing
from lab import Served
from playwright.sync_api import Browser, expect
from sent_sheets import ROUND, SLUG, client

from toolkit.client.store import load
from toolkit.plan.plan import plan_roadmap

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "kind", [Pointing, pytest.param(Typing, marks=pytest.mark.heavy)], ids=["mouse", "keyboard alone"]
)
def test_an_answer_given_in_the_form_steers_the_next_plan(
    kind: type[Pointing] | type[Typing], form_server: Served, chromium: Browser
) -> None:
    """Approve all but one initiative, with an action that follows; a deferral without its quarter is refused in words."""
    clients = form_server.folder / "client_data"
    client(clients)
    page = form_server.open(chromium)
    hands = kind(page)
    hands.choose("Sections", "Decisions")
    shown = page.locator(".intake").last
    expect(shown).to_contain_text("Asked by the plan of round r1, as of 31 December 2026: 0 of")
    hands.choose("Decision", "Approve the")
    expect(shown).to_contain_text("approve.chosen-work")
    expect(shown).to_contain_text("EUR 600 in FY2027")
    hands.choose("Answer", "Defer until")
    hands.fill("Decided by", "Ann, COO")
    hands.press("Record this answer")
    expect(shown).to_contain_text("the fiscal quarter until which it is deferred, from 2027-Q2")
    assert load(clients, SLUG).decisions == ()
    hands.choose("Answer", "Approve")
    hands.choose("Customer <script>alert(1)</script> portal", "Reject")
    hands.fill("Action that follows", "Ask the vendor")
    hands.fill("Its IT owner", "Bo, CIO")
    hands.press("Record this answer")
    expect(shown).to_contain_text("Recorded.")
    expect(shown).to_contain_text("1 of")
    record = load(clients, SLUG)
    assert {(d.subject, d.decision, str(d.date), d.ask) for d in record.decisions} == {
        ("scan", "approve", "2027-01-12", "approve.chosen-work"), ("portal", "reject", "2027-01-12", "approve.chosen-work"),
    }  # fmt: skip
    assert [(a.action, a.owner_it) for a in record.actions] == [("Ask the vendor", "Bo, CIO")]
    plan = plan_roadmap(record, ROUND)
    assert {one.initiative: one.fixed for one in plan.scheduled}["scan"] == "decided"
    assert "portal" not in {one.initiative for one in plan.scheduled}
