"""A form whose kernel is gone says so, keeps what is typed, and offers it again."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from form_driver import Pointing, saved
from forms import NOTEBOOK, go_to, opened, serve
from jupyter_client.blocking import BlockingKernelClient
from lab import JupyterLab, Served, Server, accept, until
from playwright.sync_api import Browser, Page, expect
from slices import sliced

from toolkit.client.schema import Facts
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
    expect(page.locator(".intake .save-state").last).not_to_be_visible()
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
        for (
            kernel
        ) in lab.kernels():  # so that it saves nothing any more; once the page is shut, it takes no typing
            kernel.suspend()
        type_into(page, "Goal", HOSTILE)
        getattr(lab, end)()
        until(lambda: not accept(page), "no dialog")
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


def occupied(kernel: psutil.Process, seconds: int) -> None:
    """Let a kernel run something else for a while, as another cell of its notebook would."""
    file = next(word for word in kernel.cmdline() if word.endswith(".json"))
    client = BlockingKernelClient(connection_file=file)
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute(f"import time; time.sleep({seconds})")
    time.sleep(1)
    client.stop_channels()


@pytest.mark.parametrize("where", sliced(["jupyterlab", "voila"], 1))
def test_a_kernel_busy_with_something_else_is_told_as_that_and_what_is_typed_is_not_called_saved(
    where: str, tmp_path: Path, project: Path, chromium: Browser, request: pytest.FixtureRequest
) -> None:
    """While another cell runs, the page stays open, says that nothing is saved yet and why; afterwards all is in the draft."""
    with ExitStack() as stack:
        if where == "voila":
            server: Server = request.getfixturevalue("form_server")
            clients = server.folder / "client_data"
            create(clients, "acme", FILES)
            page = request.getfixturevalue("form_server").open(chromium)
        else:
            clients = serve(project, tmp_path / "lab", "acme", FILES).parent
            server = stack.enter_context(request.getfixturevalue("jupyterlab").within(tmp_path / "lab"))
            page = opened(request.getfixturevalue("jupyterlab"), chromium)
        expect(page.get_by_label("Sector", exact=True)).to_have_value("Trade", timeout=60_000)
        page.wait_for_timeout(2000)
        occupied(server.kernels()[0], 25)
        type_into(page, "Sector", "Bakery")
        state = page.locator(".intake .save-state").last
        expect(state).to_have_text(re.compile("Not saved yet: the kernel has been busy"), timeout=20_000, use_inner_text=True)  # fmt: skip
        expect(page.locator(".intake .cover")).not_to_be_visible()
        expect(state).to_have_text(re.compile("^Saved in the draft"), timeout=90_000, use_inner_text=True)
        assert Draft(clients, "acme").document["facts"]["profile"]["sector"] == "Bakery"


def test_a_form_opened_again_elsewhere_says_that_it_no_longer_counts(
    tmp_path: Path, project: Path, chromium: Browser, jupyterlab: JupyterLab
) -> None:
    """The notebook is run in a second tab: the first is covered, with what was typed into it since."""
    serve(project, tmp_path / "lab", "acme", FILES)
    with jupyterlab.within(tmp_path / "lab") as lab:
        page = opened(lab, chromium)
        go_to(page, "goals")
        other = page.context.new_page()
        path = (lab.folder / NOTEBOOK).relative_to(lab.root).as_posix()
        other.goto(f"{lab.address}/lab/tree/{path}?reset&token={lab.token}")
        other.locator(".jp-Notebook").wait_for(timeout=60_000)
        lab.ready(other)
        lab.run_all(other)
        expect(page.locator(".intake .cover")).to_contain_text("opened again elsewhere", timeout=60_000)
        expect(page.locator(".intake .save-state").last).not_to_be_visible()
        expect(other.locator(".intake .cover")).not_to_be_visible()
        page.context.close()


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
