"""Deck, review, assessment and decision sheet without a mouse: every control reached, seen, and used; nothing holds one fast."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sent_sheets import SLUG, client

from toolkit.intake.decision_sheet import write_sheet

pytestmark = pytest.mark.browser

MERIDIAN = "meridian-manufacturing"
PROJECTOR = (1280, 720)
# What Tab is to reach: of a group of radio buttons, the one that is chosen.
CONTROLS = """() => {
    const found = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
        .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0)
        .filter(one => !one.closest('details:not([open])') || one.matches('summary'))
        .filter(one => one.type !== 'radio' || one.checked);
    found.forEach((one, n) => { one.dataset.control = n; });
    return found.length;
}"""
# Of what has the focus: its number, and whether one sees that it has it.
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const rings = [one, one.closest('label')].filter(Boolean).map(each => getComputedStyle(each));
    const box = one.getBoundingClientRect();
    return {
        number: one.dataset.control ?? '', what: one.outerHTML.slice(0, 120),
        seen: rings.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""

Visit = Callable[..., Any]
Deliverable = Callable[[str, str], Path]


def walked(page: Page) -> tuple[int, list[dict[str, Any]]]:
    """Press Tab from the beginning until it leaves the page; return how many controls there are, and what had the focus."""
    number, steps = page.evaluate(CONTROLS), []
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    for _ in range(5 * number + 20):  # a date has a stop for each of its parts
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            return number, steps
        steps.append(focused)
        if len(steps) > number and steps[-1]["number"] == steps[0]["number"]:
            return number, steps[:-1]
    raise AssertionError(f"no way out past {steps[-1]['what']}")


def faults(page: Page) -> list[str]:
    """Return the controls that Tab does not reach, and those of which one does not see that they have the focus."""
    number, steps = walked(page)
    missed = {*map(str, range(number))} - {step["number"] for step in steps}
    tag = "one => one.outerHTML.slice(0, 120)"
    found = [
        f"not reached: {page.locator(f'[data-control={one!r}]').evaluate(tag)}" for one in sorted(missed)
    ]
    found += [f"not seen: {step['what']}" for step in steps if not step["seen"]]
    return found + [f"off the screen: {step['what']}" for step in steps if not step["inside"]]


@pytest.mark.parametrize("document", ["roadmap.html", "review.html"])
def test_each_slide_is_used_by_keyboard(document: str, deliverable: Deliverable, visit: Visit) -> None:
    """On every slide of a projected deck Tab reaches what there is to use, and only what shows; the focus is seen; nothing traps it."""
    seen = visit(deliverable(MERIDIAN, document), *PROJECTOR)
    found = {number + 1: wrong for number in seen.slides() if (wrong := faults(seen.page))}
    assert (found, seen.trouble) == ({}, [])


def test_data_behind_a_slide_unfold_by_enter_and_by_space_and_arrows_still_turn_slides(
    deliverable: Deliverable, visit: Visit
) -> None:
    """Enter and Space open and close the data; the slide stays; an arrow key goes on from there."""
    seen = visit(deliverable(MERIDIAN, "roadmap.html"), *PROJECTOR)
    page: Page = seen.page
    for _number in seen.slides():
        if page.locator("section.present summary").count():
            break
    at = seen.measured("slide")
    summary = page.locator("section.present summary").first
    data = page.locator("section.present details").first
    summary.focus()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        expect(data).to_have_attribute("open", "")
        page.keyboard.press(key)
        expect(data).not_to_have_attribute("open", "")
        assert seen.measured("slide") == at
    seen.press("ArrowRight", at + 1)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_assessment_and_a_deck_to_scroll_are_read_by_keyboard(
    width: int, deliverable: Deliverable, visit: Visit
) -> None:
    """Tab reaches every link, table and folded part, on a phone's width too, in the deck as well."""
    for document in ("assessment.html", *(["roadmap.html"] if width < 700 else [])):
        assert faults(visit(deliverable(MERIDIAN, document), width, 800).page) == [], document


def test_the_decision_sheet_is_reached_and_seen_by_keyboard(tmp_path: Path, visit: Visit) -> None:
    """Every field, answer and button has the focus in turn and shows it, folded parts open as well."""
    client(tmp_path / "clients")
    page: Page = visit(write_sheet(tmp_path / "clients", SLUG), *PROJECTOR).page
    assert faults(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert faults(page) == []
    page.locator("fieldset input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#progress")).to_contain_text("1 of")
