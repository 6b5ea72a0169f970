"""Hands on the intake form in a browser: one that points and types, and one that has a keyboard alone."""

from __future__ import annotations

import re
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

MENU = ".intake .widget-select select"  # the first is the list of sections
SAVED = re.compile("Saved in the draft")
# What a reader would call the element that has the focus: its label, or its own text.
CALLED = """one => {
  const label = (one.labels && one.labels[0] ? one.labels[0].textContent : '') || one.getAttribute('aria-label') || one.textContent;
  return label.replace(/\\u00a0/g, ' ').trim();
}"""
FOCUSED = f"""() => {{
  const one = document.activeElement;
  if (!one || !one.closest('.intake')) return null;
  return one === document.querySelector('{MENU}') ? 'Sections' : ({CALLED})(one);
}}"""
# The key that leads from what has the focus to what is called so, as a person sees it; nothing while it is not there.
WAY = f"""name => {{
  const all = [...document.querySelectorAll('.intake :is(input, select, textarea, button)')].filter(one => one.checkVisibility()
    && (name === 'Sections' ? one === document.querySelector('{MENU}') : name ? ({CALLED})(one) === name : one.type === 'radio'));
  const after = one => document.activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
  return all.length && (all.some(after) ? 'Tab' : 'Shift+Tab');
}}"""
# Whether the section shows whose line in the menu this is.
SHOWN = """line => [...document.querySelectorAll('.intake h3')].some(e => e.checkVisibility() && line.includes(e.textContent))"""
OUTSIDE_MOST = {"Tab": 6, "Shift+Tab": 40}  # presses out of the form, at either end of it
OPTIONS = "one => [...one.options].map(o => o.textContent.replace(/\\u00a0/g, ' ').trim())"


class Hands(Protocol):
    """What a person can do to the form; fields, buttons and options are named as they read on the page."""

    page: Page

    def fill(self, field: str, text: str) -> None:
        """Replace what a field holds."""

    def choose(self, field: str, option: str) -> None:
        """Choose the option that holds a text."""

    def press(self, button: str) -> None:
        """Press a button."""

    def radio(self, option: str) -> None:
        """Choose the radio button whose text holds this."""

    def add_row(self, table: str, *cells: str) -> None:
        """Type a new row into a table."""


def option_number(select: Locator, wanted: str) -> int:
    """Return the place of the first option that holds a text; waits until it is offered."""
    expect(select).to_contain_text(re.compile(re.escape(wanted).replace(r"\ ", r"[\s ]")))
    return next(i for i, text in enumerate(select.evaluate(OPTIONS)) if wanted in text)


class Pointing:
    """Points, clicks and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def _field(self, name: str) -> Locator:
        return self.page.locator(".intake").last.get_by_label(name, exact=True)

    def fill(self, field: str, text: str) -> None:
        """Click into a field, select what it holds, and type."""
        one = self._field(field)
        one.click()
        one.press("ControlOrMeta+a")
        one.press_sequentially(text)
        expect(one).to_have_value(text)

    def choose(self, field: str, option: str) -> None:
        """Choose from a list."""
        one = self.page.locator(MENU).first if field == "Sections" else self._field(field)
        one.select_option(index=option_number(one, option))

    def press(self, button: str) -> None:
        """Click a button."""
        self.page.locator(".intake").last.get_by_role("button", name=button, exact=True).click()

    def radio(self, option: str) -> None:
        """Click a radio button."""
        self.page.locator(".intake label", has_text=option).locator("input[type=radio]").check()

    def add_row(self, table: str, *cells: str) -> None:
        """Click into the last row's first cell, and type from cell to cell."""
        self.page.get_by_role("grid", name=f"{table}, as a table").locator(".grid-new td").first.click()
        typed_cells(self.page, *cells)


class Typing:
    """Has a keyboard alone: Tab and Shift+Tab to get anywhere, arrows to choose, Enter and Space to press."""

    MOST = 150  # presses of Tab before a place counts as out of reach

    def __init__(self, page: Page) -> None:
        self.page = page

    def _way(self, name: str) -> str:
        """Wait until what is called so, or without a name a radio button, is there; return the key that leads to it."""
        return str(self.page.wait_for_function(WAY, arg=name).json_value())

    def _go(self, name: str) -> None:
        """Press Tab until what has the focus is called so, first in the direction where it can be seen."""
        keys, seen = self.page.keyboard, []
        way = self._way(name)
        for key in sorted(OUTSIDE_MOST, key=lambda key: key != way):
            outside = 0
            for _ in range(self.MOST):
                here = self.page.evaluate(FOCUSED)
                if here == name:
                    return
                seen.append(here)
                outside = outside + 1 if here is None else 0
                if outside > OUTSIDE_MOST[key]:
                    break  # out of the form at this end
                keys.press(key)
        raise AssertionError(f"“{name}” cannot be reached by Tab; passed: {list(dict.fromkeys(seen))}")

    def fill(self, field: str, text: str) -> None:
        """Tab to a field, select what it holds, and type."""
        self._go(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, field: str, option: str) -> None:
        """Tab to a list and move with the arrows."""
        self._go(field)
        one = self.page.locator("select:focus")
        wanted = option_number(one, option)
        for _ in range(200):
            at = one.evaluate("one => one.selectedIndex")
            if at == wanted:
                break
            self.page.keyboard.press("ArrowDown" if at < wanted else "ArrowUp")
        else:
            raise AssertionError(f"{option} cannot be chosen in {field} by arrows")
        if field == "Sections":
            self.page.wait_for_function(SHOWN, arg=one.evaluate(OPTIONS)[wanted])

    def press(self, button: str) -> None:
        """Tab to a button and press Enter."""
        self._go(button)
        self.page.keyboard.press("Enter")

    def radio(self, option: str) -> None:
        """Tab to the radio buttons, and move with the arrows to the one whose text holds this."""
        key = self._way("")
        for _ in range(self.MOST):
            if self.page.evaluate("document.activeElement.type === 'radio'"):
                break
            self.page.keyboard.press(key)
        self.page.keyboard.press("Space")
        for _ in range(8):
            if option in str(self.page.evaluate(FOCUSED)) and self.page.evaluate(
                "document.activeElement.checked"
            ):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no radio button “{option}”")

    def add_row(self, table: str, *cells: str) -> None:
        """Tab to the table, go to its last row, and type from cell to cell."""
        for _ in range(self.MOST):
            if (
                self.page.evaluate("document.activeElement.closest('table')?.ariaLabel")
                == f"{table}, as a table"
            ):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"the table of {table} cannot be reached by Tab")
        self.page.keyboard.press("Control+End")
        self.page.keyboard.press("Home")
        typed_cells(self.page, *cells)


def typed_cells(page: Page, *cells: str) -> None:
    """Type texts into the cells from the one that has the focus on."""
    for number, text in enumerate(cells):
        if number:
            page.keyboard.press("Tab")
        if text:
            page.keyboard.type(text)
    page.keyboard.press("Enter")


def saved(page: Page) -> None:
    """Wait until what was typed is in the draft, as the form says it."""
    page.wait_for_timeout(1000)  # the promise: on disk within a second
    said = page.locator(".intake").last.locator(".save-state > .widget-html-content")
    expect(said).to_be_visible()
    expect(said).to_contain_text(SAVED)
