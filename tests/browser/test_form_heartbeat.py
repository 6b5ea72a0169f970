"""A form whose kernel is gone says so, keeps what is typed, and offers it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from form_driver import Pointing, saved
from forms import go_to, opened, serve
from lab import JupyterLab, Served, accept, until
from playwright.sync_api import Browser, Page, expect
from slices import sliced

from toolkit.client.models import Facts
from toolkit.client.store import create
from toolkit.client.yaml_text import dump_facts
from toolkit.intake.draft import Draft

pytestmark = pytest.mark.browser

FACTS = {
    "profile": {"name": "Acme", "sector": "Trade"},
    "goals": [{"id": "a", "name": "Grow"}, {"id": "b", "name": "Save"}],
    "rounds": [{"id": "r1", "as_of": "2026-09-30"}],
}
FILES = {"client.yaml": dump_facts(Facts.model_validate(FACTS))}
SURELY_SAVED = "() => sessionStorage.getItem('align-intake-unsaved') === '[]'"
HOSTILE = "Bakery <img src=x onerror=alert(1)>"


def type_into(page: Page, field: str, text: str) -> None:
    """Type into a field without waiting for anything."""
    one = page.locator(".intake").last.get_by_label(field, exact=True)
    one.fill(text)


def covered(page: Page, text: str) -> None:
    """Expect the form to be covered, to show what was typed as not saved, and to claim nothing else."""
    cover = page.locator(".intake .cover")
    expect(cover).to_contain_text("nothing typed in it is saved", timeout=60_000)
    expect(cover).to_contain_text(text)
    expect(page.locator(".intake .state").last).not_to_be_visible()
    assert not page.evaluate("document.querySelector('.intake .cover img')")


def put_back(page: Page) -> None:
    """Take the offer, and wait until the draft has it."""
    offer = page.locator(".intake .offer").last
    expect(offer).to_be_visible(timeout=60_000)
    offer.get_by_role("button", name="Put it back").click()
    expect(offer).not_to_be_visible()


def goals(clients: Path) -> list[str]:
    return [goal["name"] for goal in Draft(clients, "acme").document["facts"]["goals"]]


@pytest.mark.parametrize("end", sliced(["kill_kernel", "restart_kernel"], 1))
def test_in_jupyterlab_what_is_typed_into_a_dead_form_is_shown_as_unsaved_and_put_back(
    end: str, tmp_path: Path, project: Path, chromium: Browser, jupyterlab: JupyterLab
) -> None:
    """The kernel restarted from outside the tab, or killed: the form says so, and after Run all the text is offered again."""
    client = serve(project, tmp_path / "lab", "acme", FILES)
    with jupyterlab.within(tmp_path / "lab") as lab:
        page = opened(lab, chromium)
        go_to(page, "goals")
        Pointing(page).fill("Goal", "Grow at home")
        saved(page)
        page.wait_for_function(SURELY_SAVED)
        getattr(lab, end)()
        until(lambda: not accept(page), "no dialog")
        type_into(page, "Goal", HOSTILE)
        covered(page, HOSTILE)
        assert "Grow at home" not in page.locator(".intake .cover").inner_text()
        if end == "restart_kernel":  # JupyterLab itself goes on with a kernel that is gone
            page.reload()
            page.locator(".jp-Notebook").wait_for(timeout=60_000)
        lab.run_all(page)
        put_back(page)
        until(
            lambda: goals(client.parent) == [HOSTILE, "Save"],
            f"the goal put back, not {goals(client.parent)}",
            30,
        )
        page.context.close()


def test_through_voila_what_is_typed_into_a_dead_form_is_offered_after_a_reload(
    chromium: Browser, form_server: Served
) -> None:
    """Without JupyterLab, the window keeps what was typed over a reload; put back, it is in the draft."""
    clients = form_server.folder / "client_data"
    create(clients, "acme", FILES)
    page = form_server.open(chromium)
    expect(page.get_by_label("Sector", exact=True)).to_have_value("Trade", timeout=60_000)
    page.wait_for_timeout(2000)
    for (
        kernel
    ) in form_server.kernels():  # once the page hears of the end, it takes no typing: that would be a race
        kernel.suspend()
    type_into(page, "Sector", HOSTILE)
    form_server.kill_kernel()
    covered(page, HOSTILE)
    page.reload()
    form_server.ready(page)
    put_back(page)
    until(lambda: Draft(clients, "acme").document["facts"]["profile"]["sector"] == HOSTILE, "the sector", 30)


def test_a_form_that_was_only_busy_comes_back_and_offers_nothing(
    chromium: Browser, form_server: Served
) -> None:
    """While the kernel is stopped for a while the form is covered; it comes back by itself with all that was typed."""
    clients = form_server.folder / "client_data"
    create(clients, "acme", FILES)
    page = form_server.open(chromium)
    expect(page.get_by_label("Sector", exact=True)).to_have_value("Trade", timeout=60_000)
    page.wait_for_timeout(2000)
    for kernel in form_server.kernels():
        kernel.suspend()
    type_into(page, "Sector", "Bakery")
    covered(page, "Bakery")
    for kernel in form_server.kernels():
        kernel.resume()
    expect(page.locator(".intake .cover")).not_to_be_visible(timeout=60_000)
    saved(page)
    expect(page.locator(".intake .offer")).not_to_be_visible()
    assert Draft(clients, "acme").document["facts"]["profile"]["sector"] == "Bakery"
