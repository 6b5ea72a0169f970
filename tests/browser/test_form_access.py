"""The intake form for those who use it without a mouse or without seeing it, in a real JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from barriers import barriers
from forms import SECTIONS, go_to, opened, serve
from lab import JupyterLab
from playwright.sync_api import Browser, Page, expect

from toolkit.client.new_client import start_client
from toolkit.client.store import RECORD_FILES

pytestmark = pytest.mark.browser

CLIENT = "harbour-credit-union"
# What the Tab key must reach in the form: each control that shows and is not switched off.
CONTROLS = """() => [...document.querySelectorAll('.intake input, .intake select, .intake textarea, .intake button')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.type !== 'file')
  .map(e => { e.dataset.stop ??= String(window.stops = (window.stops ?? 0) + 1); return e.dataset.stop; })"""
BETWEEN = 40  # cells of a table's row, and texts to unfold, that Tab stops at as well
# Notes each element that gets the focus, as it looks then.
FOCUSED = """() => document.addEventListener('focusin', event => { const e = event.target, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  window.passed?.push({what: e.outerHTML.slice(0, 150), style: style.outline, stop: e.dataset.stop ?? '', seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, wide: box.width > 0}); })"""
# A tooltip that says nothing of its own: "null" is what a radio group makes of none.
TITLES = "() => [...document.querySelectorAll('.intake [title]')].filter(e => ['', 'null'].includes(e.title.trim()) && e.title && e.checkVisibility()).map(e => e.outerHTML.slice(0, 200))"
NAMELESS = """() => [...document.querySelectorAll('.intake input, .intake select, .intake textarea')]
  .filter(e => e.checkVisibility() && e.type !== 'file' && ![...(e.labels ?? [])].some(l => l.textContent.trim())).map(e => e.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def lab(
    tmp_path_factory: pytest.TempPathFactory, project: Path, jupyterlab: JupyterLab
) -> Iterator[JupyterLab]:
    """A real JupyterLab with a sample client, and one that was started a minute ago."""
    folder = tmp_path_factory.mktemp("access")
    source = project / "client_data" / CLIENT
    there = {name: (source / name).read_bytes() for name in RECORD_FILES if (source / name).is_file()}
    serve(project, folder, CLIENT, there)
    start_client(folder / "client_data", "new-works", "New Works", date(2026, 12, 1), "USD", "full")
    with jupyterlab.within(folder) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(chromium: Browser, lab: JupyterLab) -> Iterator[Page]:
    """The form, open on the sample client: one page for all tests, which change none of the same fields."""
    page = opened(lab, chromium)
    yield page
    page.context.close()


def test_every_section_is_reached_by_tab_seen_and_named(page: Page) -> None:
    """In each section axe finds no serious barrier, each control has a name, and Tab stops at each, in order, visibly."""
    page.evaluate(FOCUSED)
    for section in SECTIONS:
        go_to(page, section)
        assert barriers(page, ".intake") == [], section
        assert page.evaluate(NAMELESS) == [], section
        assert page.evaluate(TITLES) == [], section
        walked(page, section)


def walked(page: Page, section: str) -> None:
    """Walk through a section with the Tab key, from its first control to its last."""
    stops = page.evaluate(CONTROLS)
    page.evaluate("stop => document.querySelector(`[data-stop='${stop}']`).focus()", stops[0])
    page.keyboard.press("Shift+Tab")
    page.evaluate("window.passed = []")
    for _ in range(len(stops) + BETWEEN):
        page.keyboard.press("Tab")
        if page.evaluate("passed.at(-1)?.stop") == stops[-1]:
            break
    passed = page.evaluate("passed")
    assert [one for one in passed if not (one["seen"] and one["wide"])] == [], section
    assert [one["stop"] for one in passed if one["stop"]] == stops, section


def test_the_focus_stays_where_rows_come_and_go(page: Page) -> None:
    """After adding or removing a row or an entry by keyboard, the focus is on what comes next, never lost."""
    go_to(page, "spend")
    page.get_by_role("button", name="Add a row", exact=True).press("Enter")
    added = page.get_by_label("Fiscal year", exact=True).nth(2)
    expect(added).to_be_focused()
    page.keyboard.type("2029")
    expect(added).to_have_value("2029")
    page.get_by_role("button", name="Remove row 1", exact=True).first.press("Enter")
    expect(page.get_by_label("Fiscal year", exact=True)).to_have_count(2)
    expect(page.get_by_label("Fiscal year", exact=True).first).to_be_focused()
    for left in (1, 0):
        page.get_by_role("button", name="Remove row 1", exact=True).first.press("Enter")
        expect(page.get_by_label("Fiscal year", exact=True)).to_have_count(left)
    expect(page.get_by_role("button", name="Add a row", exact=True)).to_be_focused()
    go_to(page, "goals")
    page.get_by_role("button", name="Add a goal", exact=True).press("Enter")
    goal = page.get_by_label("Goal", exact=True)
    expect(goal).to_have_value("")
    expect(goal).to_be_focused()
    page.keyboard.type("Ship it")
    expect(goal).to_have_value("Ship it")
    remove = page.get_by_role("button", name="Remove", exact=True)
    remove.press("Enter")
    expect(page.get_by_text("Removed “Ship it”")).to_be_visible()
    expect(remove).to_be_focused()


def test_a_section_with_nothing_to_show_hides_nothing_elsewhere(page: Page, lab: JupyterLab) -> None:
    """A new client has nobody to score together; the fields of the other sections are all there afterwards."""
    page.locator(".jp-CodeCell .jp-Placeholder").first.click()  # the code is folded
    first = page.locator(".jp-CodeCell .cm-content").first
    first.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(f"client, clients_dir = 'new-works', r'{lab.folder / 'client_data'}'")
    lab.run_all(page)
    expect(page.locator(".intake h2").last).to_have_text("Intake: New Works")
    go_to(page, "scoring")
    expect(page.get_by_text("Nothing to score together yet")).to_be_visible()
    go_to(page, "profile")
    expect(page.get_by_label("Company", exact=True)).to_be_visible()
    assert barriers(page, ".intake") == []
