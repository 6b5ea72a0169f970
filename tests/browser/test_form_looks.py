"""How the form looks in JupyterLab's dark theme and enlarged: every section readable, and what counts always in view."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from barriers import barriers
from forms import SECTIONS, go_to, opened, serve
from lab import JupyterLab
from playwright.sync_api import Browser, Page, expect

from toolkit.client.store import RECORD_FILES

pytestmark = [pytest.mark.browser, pytest.mark.heavy]

CLIENT = "harbour-credit-union"
# Whether the bar lies within what shows of the page, at its top.
IN_VIEW = """() => { const box = document.querySelector('.intake .bar').getBoundingClientRect();
  return document.elementFromPoint(box.left + 3, box.top + box.height / 2)?.closest('.bar') !== null; }"""


@pytest.fixture(scope="module")
def page(
    tmp_path_factory: pytest.TempPathFactory, project: Path, chromium: Browser, jupyterlab: JupyterLab
) -> Iterator[Page]:
    """The form of a sample client in a JupyterLab in its dark theme."""
    folder = tmp_path_factory.mktemp("looks")
    source = project / "client_data" / CLIENT
    there = {name: (source / name).read_bytes() for name in RECORD_FILES if (source / name).is_file()}
    serve(project, folder, CLIENT, there)
    with jupyterlab.within(folder) as lab:
        page = opened(lab, chromium)
        page.locator(".lm-MenuBar-itemLabel", has_text="Settings").first.click()
        page.get_by_text("Theme", exact=True).first.hover()
        page.get_by_text("JupyterLab Dark", exact=True).first.click()
        page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
        yield page
        page.locator(".lm-MenuBar-itemLabel", has_text="Settings").first.click()
        page.get_by_text("Theme", exact=True).first.hover()
        page.get_by_text("JupyterLab Light", exact=True).first.click()
        page.wait_for_function("document.body.dataset.jpThemeLight === 'true'")
        page.context.close()


def test_every_section_can_be_read_in_the_dark_theme(page: Page) -> None:
    """In each section, with a mistake in it, axe finds no serious barrier; contrast is one of its rules."""
    go_to(page, "profile")
    page.get_by_label("Employees", exact=True).fill("many")
    expect(page.locator(".intake .under .wrong").first).to_be_visible()
    found = {}
    for section in SECTIONS:
        go_to(page, section)
        found[section] = barriers(page, ".intake")
    assert {section: one for section, one in found.items() if one} == {}


def test_the_bar_stays_in_view(page: Page) -> None:
    """However far down one is, the bar with the state of saving, Undo and the progress shows at the top."""
    go_to(page, "initiatives")
    page.get_by_label("Settles", exact=True).last.scroll_into_view_if_needed()
    assert page.evaluate(IN_VIEW)
    expect(page.locator(".intake .bar").get_by_role("button", name="Undo")).to_be_in_viewport()
