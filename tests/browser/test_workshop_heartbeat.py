"""A workshop without code, as ``align workshop`` serves it: opened by a command, and honest once its kernel is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Served
from playwright.sync_api import Browser, expect

from toolkit.client.schema import Facts
from toolkit.client.store import create
from toolkit.client.yaml_text import dump_facts

pytestmark = pytest.mark.browser

FACTS = {
    "profile": {"name": "Acme", "currency": "USD"},
    "goals": [{"id": "a", "name": "Grow", "weight": 60}, {"id": "b", "name": "Save", "weight": 40}],
    "budget": [{"year": 2027, "amount": 400000, "reserve": 0.1}],
    "planning": {"start": "2027-Q1", "quarters": 4},
    "rounds": [{"id": "r1", "as_of": "2026-09-30"}],
}
WORK = (
    b"id,name,duration,capex,goals\nx,Portal,2,200000,a: 3\ny,Prices,2,150000,b: 2\nz,Phones,2,300000,a: 1\n"
)


def test_what_was_moved_in_a_workshop_whose_kernel_is_gone_is_listed_and_offered_again(
    chromium: Browser, tmp_path: Path
) -> None:
    """No code shows; a budget set before the kernel was killed stands in no scenario: it is listed, and put back after a reload."""
    clients = tmp_path / "clients"
    create(clients, "acme", {"client.yaml": dump_facts(Facts.model_validate(FACTS)), "initiatives.csv": WORK})
    with Served("acme", clients, tmp_path, what="workshop") as served:
        page = served.open(chromium)
        expect(page.locator(".workshop")).to_contain_text("Acme", timeout=60_000)
        assert page.get_by_text("Workshop.open").count() == 0
        page.locator(".watched[data-heard]").wait_for(timeout=60_000)
        page.get_by_role("button", name="Money", exact=True).click()
        budget = page.get_by_label("Budget of FY2027, USD", exact=True)
        budget.fill("900,000")
        budget.press("Tab")
        page.wait_for_timeout(3000)
        served.kill_kernel()
        cover = page.locator(".watched > .cover")
        expect(cover).to_contain_text("The workshop has stopped", timeout=60_000)
        expect(cover).to_contain_text("Budget of FY2027, USD: 900,000")
        page.reload()
        served.ready(page)
        offer = page.locator(".watched > .offer")
        expect(offer).to_contain_text("900,000", timeout=60_000)
        offer.get_by_role("button", name="Put it back").click()
        expect(budget).to_have_value("900,000", timeout=60_000)
        expect(page.locator(".workshop")).to_contain_text("Budget of FY2027", timeout=60_000)
        served.leave()
