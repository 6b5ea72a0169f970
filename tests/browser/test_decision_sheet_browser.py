"""The decision sheet in a real browser without a network: filled in, saved, sent back, and obeyed by the next plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sent_sheets import ROUND, SLUG, client

from toolkit.client.store import load
from toolkit.intake import import_sheets
from toolkit.intake.decision_sheet import write_sheet
from toolkit.plan.plan import plan_roadmap

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """The decision sheet of a client whose plan asks for decisions."""
    client(tmp_path / "clients")
    return write_sheet(tmp_path / "clients", SLUG)


def tab_to(page: Page, matches: str) -> None:
    """Press Tab until what has the focus matches a selector."""
    for _ in range(150):
        if page.evaluate("selector => document.activeElement.matches(selector)", matches):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by keyboard to {matches}")


def test_a_sheet_filled_in_by_keyboard_offline_steers_the_next_plan(
    page: Path, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    """Without mouse or network: approve all but one initiative, accept a risk; saved, imported, obeyed and said."""
    seen = visit(page)
    sheet: Page = seen.page
    tab_to(sheet, "#by")
    sheet.keyboard.type("Ann, COO")
    approve, risk = "[data-ask='approve.chosen-work']", "[data-ask='risk.k']"
    tab_to(sheet, f"{approve} input[type=radio]")
    sheet.keyboard.press("ArrowRight")
    tab_to(sheet, f"{approve} summary")
    sheet.keyboard.press("Enter")
    tab_to(sheet, f"{approve} [data-part=portal]")
    sheet.keyboard.type("Reject")
    tab_to(sheet, f"{risk} input[type=radio]")
    sheet.keyboard.press("ArrowLeft")  # round to the last
    expect(sheet.locator("#progress")).to_contain_text("2 of")
    tab_to(sheet, "[data-does=save]")
    with sheet.expect_download() as waiting:
        sheet.keyboard.press("Enter")
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    assert (seen.elsewhere(), seen.trouble) == ([], [])
    content = json.loads(saved.read_text(encoding="utf-8"))
    assert content["answers"] == {
        "approve.chosen-work": {"answer": "approve", "otherwise": {"portal": "reject"}}, "risk.k": {"answer": "accept"},
    }  # fmt: skip
    assert content["on"] == "2027-01-12"  # the round's meeting
    import_sheets(tmp_path / "clients", SLUG, saved)
    record = load(tmp_path / "clients", SLUG)
    plan = plan_roadmap(record, ROUND)
    assert {one.initiative: one.fixed for one in plan.scheduled}["scan"] == "decided"
    assert {one.initiative: one.because for one in plan.deferred}["portal"] == "leadership rejected it on 12 January 2027"  # fmt: skip


def test_what_is_missing_is_asked_for_and_what_was_entered_is_kept(
    page: Path, visit: Callable[..., Any]
) -> None:
    """Nothing is saved without an answer, a name, or the quarter of a deferral; a page opened again shows what was entered."""
    sheet: Page = visit(page).page
    save, said = sheet.get_by_role("button", name="Save my answers"), sheet.locator("#said")
    save.click()
    expect(said).to_contain_text("answer at least one decision first")
    choose = sheet.locator("[data-ask='choose.erp']")
    choose.get_by_text("Defer until …", exact=True).click()
    save.click()
    expect(said).to_contain_text("Write your name and post first")
    sheet.fill("#by", "Bo, CIO")
    save.click()
    expect(said).to_contain_text("Choose the quarter until which this is deferred")
    assert sheet.evaluate("document.activeElement.dataset.is") == "quarter"
    choose.get_by_label("Defer until the beginning of").select_option("2027-Q3")
    sheet.reload()
    expect(sheet.locator("#by")).to_have_value("Bo, CIO")
    expect(choose.get_by_label("Defer until the beginning of")).to_have_value("2027-Q3")
    with sheet.expect_download() as waiting:
        save.click()
    answers = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))["answers"]
    assert answers == {"choose.erp": {"answer": "defer", "quarter": "2027-Q3"}}


@pytest.mark.parametrize("width", [1280, 320])
def test_everybody_can_use_the_sheet(page: Path, visit: Callable[..., Any], width: int) -> None:
    """No serious barrier, folded parts open as well, nothing wider than the screen, and no text of a client's runs."""
    seen = visit(page, width, 800)
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    seen.page.evaluate("document.querySelectorAll('.until').forEach(one => { one.hidden = false; })")
    assert seen.barriers() == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.sprung() == []
