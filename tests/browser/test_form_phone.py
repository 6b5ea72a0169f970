"""The intake form as ``align form`` serves it, in a window as narrow as a phone's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from form_driver import Pointing, saved
from forms import MENU, SECTIONS, go_to
from lab import Served
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = pytest.mark.browser

SAMPLE = "meridian-manufacturing"
PHONE: ViewportSize = {"width": 390, "height": 844}
LAID_OUT = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# What can be read or used: by its name, how far it reaches beyond the window, and what of it lies under another.
CRAMPED = """() => {
  const seen = [...document.querySelectorAll('.intake input, .intake select, .intake textarea, .intake button, .intake .widget-label')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().width && !e.matches('.unlabelled > .widget-label'));
  const name = e => `${e.tagName} ${(e.labels?.[0] ?? e).textContent.trim().slice(0, 40)}`;
  const box = e => e.getBoundingClientRect(), found = [];
  const room = Math.min(innerWidth, document.documentElement.clientWidth);
  for (const e of seen) {
    let edge = room;
    for (let up = e.parentElement; up; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') edge = Math.min(edge, box(up).right);
    if (box(e).right > edge + 0.5) found.push(`cut off at the right: ${name(e)}`);
    if (e.matches('input:not([type=checkbox], [type=radio]), select, textarea') && box(e).height < 24) found.push(`flat: ${name(e)}`);
    for (const other of seen) {
      if (other === e || e.contains(other) || other.contains(e)) continue;
      const across = Math.min(box(e).right, box(other).right) - Math.max(box(e).left, box(other).left);
      const down = Math.min(box(e).bottom, box(other).bottom) - Math.max(box(e).top, box(other).top);
      if (across > 1 && down > 1) found.push(`overlap: ${name(e)} and ${name(other)}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  return found;
}"""

# Whether rows stand as far down as a table shows them.
ROWS_END = """it => [...it.querySelectorAll('tbody tr:not(.grid-space)')].at(-1).getBoundingClientRect().bottom
  >= it.getBoundingClientRect().bottom - 1"""


@pytest.fixture(scope="module")
def page(chromium: Browser, project: Path, one_form_server: Served) -> Iterator[Page]:
    """The form of a sample client, served, in a window of 390 pixels: one for both tests."""
    client = one_form_server.folder / "client_data" / "acme"
    shutil.copytree(project / "client_data" / SAMPLE, client)
    page = one_form_server.open(chromium, viewport=PHONE)
    page.locator(MENU).first.wait_for(timeout=60_000)
    yield page
    one_form_server.leave()
    shutil.rmtree(client)


def test_nothing_is_cut_off_or_overlaps_in_a_narrow_window(page: Page) -> None:
    """On a phone, and where a side bar leaves little room, each field, label and button is whole and lies free."""
    cramped = {}
    for section in SECTIONS:
        go_to(page, section)
        for width in (390, 800):
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate(LAID_OUT)
            cramped[section, width] = page.evaluate(CRAMPED)
    assert {place: found for place, found in cramped.items() if found} == {}


def test_the_sections_are_a_drop_down_where_there_is_no_room_for_a_list(page: Page) -> None:
    """The list of sections shows one line on a phone, and all of them in a wide window."""
    page.set_viewport_size(PHONE)
    expect(page.locator(MENU).first).to_have_attribute("size", "1")
    page.set_viewport_size({"width": 1280, "height": 844})
    expect(page.locator(MENU).first).to_have_attribute("size", str(len(SECTIONS)))
    page.set_viewport_size(PHONE)


def test_a_table_has_rows_down_to_its_lower_edge(page: Page) -> None:
    """Of more rows than there is room for, as many are drawn as the room holds, before anyone scrolls."""
    for width, height in ((1280, 844), (390, 844), (390, 1400)):
        page.set_viewport_size({"width": width, "height": height})
        go_to(page, "goals")
        go_to(page, "initiatives")
        page.evaluate(LAID_OUT)
        assert page.locator(".intake .grid-scroll").first.evaluate(ROWS_END)


def test_a_long_message_is_read_whole_on_a_phone(page: Page) -> None:
    """What was undone is told in a line as long as it takes, broken where the window ends."""
    page.set_viewport_size(PHONE)
    go_to(page, "profile")
    hands = Pointing(page)
    hands.fill("Sector", "Pumps")
    saved(page)
    hands.press("Undo")
    said = page.get_by_text("Undone: Company, Sector is Industrial pumps and valves again.")
    expect(said).to_be_visible()
    box = said.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
