"""The grid in a real browser: by keyboard alone, pasted into from the clipboard, with 150 rows, and with hostile text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from form_driver import saved
from form_speed import INITIATIVES, large
from forms import go_to, opened, serve
from lab import SPRUNG, JupyterLab, Served, until
from playwright.sync_api import Browser, Locator, Page, expect

from toolkit.client.store import create
from toolkit.intake.draft import Draft

pytestmark = pytest.mark.browser

HOSTILE = "<img src=//evil.invalid/x onerror=alert(1)> $x^2$"
FOREIGN = "() => [...document.querySelectorAll('.intake .grid *')].filter(e => ['IMG', 'SCRIPT', 'IFRAME', 'A'].includes(e.tagName)).length"


class Sheet:
    """The grid of a page as a person has it before them."""

    def __init__(self, page: Page, clients: Path) -> None:
        self.page, self.clients = page, clients

    def cell(self, row: int, column: str) -> Locator:
        """Return a cell by its row from 1 and its heading."""
        heads = self.page.locator(".grid thead th").all_text_contents()
        return self.page.locator(f".grid tr[aria-rowindex='{row + 1}'] td").nth(heads.index(column) - 1)

    def keys(self, *keys: str) -> None:
        """Press keys; what is no key's name is typed."""
        for key in keys:
            if key in ("Tab", "Enter", "Escape", "F2", "Home", "End", "Delete") or "Arrow" in key or "+" in key:  # fmt: skip
                self.page.keyboard.press(key)
            else:
                self.page.keyboard.type(key)

    def paste(self, text: str) -> None:
        """Press Ctrl+V with a text in the clipboard."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("Control+v")

    @property
    def work(self) -> list[dict[str, Any]]:
        """The initiatives of the draft on disk."""
        return list(Draft(self.clients, "acme").document["initiatives"])


@pytest.fixture
def sheet(chromium: Browser, form_server: Served) -> Sheet:
    """The grid of 150 initiatives, through Voilà."""
    clients = form_server.folder / "client_data"
    create(clients, "acme", large())
    page = form_server.open(chromium)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".intake .sections select").wait_for(timeout=60_000)
    go_to(page, "initiatives")
    return Sheet(page, clients)


def test_the_grid_is_worked_by_keyboard_alone(sheet: Sheet) -> None:
    """Typed, chosen, ticked, filled down, emptied, begun and sorted without a mouse; Esc leaves it for what follows."""
    page = sheet.page
    sheet.cell(1, "Initiative").focus()
    sheet.keys("Tab", "p", "Tab", "Ann", "Tab", "Bob", "Tab", "3", "Tab", "80k", "Enter")
    expect(sheet.cell(1, "Capital cost in all")).to_have_text("80,000")
    expect(sheet.cell(2, "Capital cost in all")).to_be_focused()
    sheet.keys("much")
    expect(page.locator(".grid-words")).to_contain_text("✗ “much” is not an amount")
    sheet.keys("Escape")
    expect(page.locator(".grid-words")).to_have_text("")
    sheet.keys("ArrowUp", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d", "ArrowDown", "Delete")
    sheet.keys("End", "Enter", " ", "Enter", "Control+End", "Home", HOSTILE, "Tab", "Enter", "Enter")
    saved(page)
    until(lambda: len(sheet.work) == INITIATIVES + 1, "the new initiative")
    first, second, third, *_, last = sheet.work
    assert (first["status"], first["owner_business"], first["owner_it"], first["duration"]) == ("proposed", "Ann", "Bob", "3")  # fmt: skip
    assert [one.get("capex") for one in (first, second, third)] == ["80000", "80000", "80000"]
    assert last["name"] == HOSTILE
    assert page.evaluate(FOREIGN) == 0
    page.keyboard.press("Control+Home")
    sheet.keys("ArrowUp", "Enter", "Enter", "ArrowDown")
    expect(sheet.cell(1, "Initiative")).to_contain_text("Initiative 150:")
    sheet.keys("Escape")
    assert not page.evaluate("!!document.activeElement.closest('table')")


def test_a_block_from_the_clipboard_arrives_as_meant(sheet: Sheet) -> None:
    """50 rows of 8 cells are shown as they were read, taken by Enter, in the draft, and gone again with one Undo."""
    page, before = sheet.page, sheet.work
    sheet.cell(2, "Business owner").click()
    rows = [[f"Own {i}", f"It {i}", str(1 + i % 5), f"{i}.5k", "1", "2", "3", HOSTILE if i == 7 else "0"] for i in range(50)]  # fmt: skip
    sheet.paste("\r\n".join("\t".join(row) for row in rows) + "\r\n")
    expect(page.locator(".grid-pasted")).to_contain_text("399 cells understood, for 50 rows that are there.")
    expect(page.locator(".grid-pasted")).to_contain_text(f"“{HOSTILE}” is not one of: 0, 1, 2, 3")
    expect(page.get_by_role("button", name="Take it over")).to_be_focused()
    assert sheet.work == before
    page.keyboard.press("Enter")
    expect(page.locator(".grid")).to_contain_text("of 50 rows changed. Undo takes all of it back.")
    expect(sheet.cell(2, "Business owner")).to_be_focused()
    saved(page)
    for number, one in enumerate(sheet.work[1:51]):
        assert (one["owner_business"], one["owner_it"], one["duration"]) == (f"Own {number}", f"It {number}", str(1 + number % 5))  # fmt: skip
        assert float(one["capex"]) == number * 1000 + 500
        assert {**one["goals"], "goal-1": "1", "goal-2": "2", "goal-3": "3"} == one["goals"]
    page.get_by_role("button", name="Undo", exact=True).click()
    saved(page)
    until(lambda: sheet.work == before, "all of it taken back")
    assert page.evaluate(FOREIGN) == 0


def test_in_jupyterlab_the_grid_takes_the_keys_and_what_is_typed_is_kept(
    tmp_path: Path, project: Path, chromium: Browser, jupyterlab: JupyterLab
) -> None:
    """Keys that are JupyterLab's own commands are the cell's; hostile text stays text; a section left and back is as it was."""
    client = serve(project, tmp_path / "lab", "acme", large())
    with jupyterlab.within(tmp_path / "lab") as lab:
        page = opened(lab, chromium, script=SPRUNG)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        sheet = Sheet(page, client.parent)
        go_to(page, "initiatives")
        sheet.cell(1, "Initiative").click()
        sheet.keys("dd x ", HOSTILE, "Enter", "ArrowUp", "Control+c")
        sheet.cell(3, "Business owner").click()
        page.keyboard.press("Control+v")
        go_to(page, "goals")
        go_to(page, "initiatives")
        expect(sheet.cell(1, "Initiative")).to_have_text(f"dd x {HOSTILE}")
        expect(sheet.cell(3, "Business owner")).to_have_text(f"dd x {HOSTILE}")
        page.locator(".grid-tools input").fill("initiative 77:")
        expect(page.locator(".grid-count")).to_have_text(re.compile(f"^[1-9] of {INITIATIVES} shown$"))
        assert page.evaluate("sprung") == []
        assert page.evaluate(FOREIGN) == 0
        saved(page)
        assert (sheet.work[0]["name"], sheet.work[2]["owner_business"]) == (f"dd x {HOSTILE}",) * 2
        page.context.close()


def test_what_is_typed_into_a_table_whose_kernel_is_gone_is_offered_again(
    chromium: Browser, form_server: Served
) -> None:
    """After a reload the table shows what was not surely saved, row and column named; put back, it is in the draft."""
    clients = form_server.folder / "client_data"
    create(clients, "acme", large())
    page = form_server.open(chromium)
    page.locator(".intake .sections select").wait_for(timeout=60_000)
    go_to(page, "initiatives")
    sheet = Sheet(page, clients)
    page.wait_for_timeout(2000)
    sheet.cell(2, "IT owner").click()
    for kernel in form_server.kernels():
        kernel.suspend()  # so that it hears nothing of what is typed, and the page does not know yet
    sheet.keys(HOSTILE, "Enter", "Control+End", "Home", "Begun", "Enter")
    form_server.kill_kernel()
    page.reload()
    form_server.ready(page)
    page.locator(".intake .sections select").wait_for(timeout=60_000)
    go_to(page, "initiatives")
    offer = page.locator(".grid-offer")
    expect(offer).to_contain_text(
        f"Initiative 2: renew what the warehouse of site 2 runs on, IT owner: {HOSTILE}"
    )
    assert page.evaluate(FOREIGN) == 0
    offer.get_by_role("button", name="Put it back").click()
    expect(offer).not_to_be_visible()
    until(lambda: (sheet.work[1]["owner_it"], sheet.work[-1]["name"]) == (HOSTILE, "Begun"), "both put back")
