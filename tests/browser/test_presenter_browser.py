"""The presenter's copy as it is used: slides in one window, notes and what comes next in the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SAMPLE = "meridian-manufacturing"
COPY = "roadmap-presenter.html"
PROJECTOR, PHONE = (1280, 720), (390, 844)

Visit = Callable[..., Any]
Deliverable = Callable[[str, str], Path]


@pytest.mark.parametrize("size", [PROJECTOR, PHONE])
def test_it_opens_from_disk_without_a_network(
    size: tuple[int, int], deliverable: Deliverable, visit: Visit
) -> None:
    """The copy asks for nothing but itself, and reports no error or warning."""
    seen = visit(deliverable(SAMPLE, COPY), *size)
    seen.page.wait_for_timeout(300)
    assert (seen.elsewhere(), seen.trouble, seen.sprung()) == ([], [], [])
    assert seen.page.title().startswith("Presenter’s copy: ")


def test_notes_do_not_show_where_slides_are_projected(deliverable: Deliverable, visit: Visit) -> None:
    """In the window that the room sees stand the slides of the client's deck, and nothing else."""
    seen = visit(deliverable(SAMPLE, COPY), *PROJECTOR)
    for _ in seen.slides():
        assert not seen.page.locator("aside.notes:visible").count()
        assert seen.measured("overflowing") == []


def test_the_speaker_view_shows_the_notes_of_the_slide_in_front(
    deliverable: Deliverable, visit: Visit
) -> None:
    """The key S opens the notes of the slide shown, and they follow it on and back; no script is refused."""
    seen = visit(deliverable(SAMPLE, COPY), *PROJECTOR)
    seen.page.wait_for_function("() => measures.slide() === 0")
    said: list[str] = []
    seen.page.context.on(
        "console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None
    )
    with seen.page.expect_popup() as opened:
        seen.page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    expect(notes).to_contain_text("No notes to this slide", timeout=10_000)
    expect(notes).to_contain_text("not for clients")
    seen.press("ArrowRight", 1)
    expect(notes).to_contain_text("Read the decisions out first")
    opened.value.wait_for_timeout(1500)
    assert seen.measured("slide") == 1, "the speaker view moved the slides by itself"
    seen.press("ArrowLeft", 0)
    expect(notes).to_contain_text("No notes to this slide")
    assert [one for one in seen.trouble if not one.startswith("popup: about:blank")] == []
    assert said == [], "the speaker view's window or one of its frames reported something"


def test_notes_stand_beneath_each_slide_on_a_phone(deliverable: Deliverable, visit: Visit) -> None:
    """On a narrow screen each slide has its notes below it, marked as not for clients, without barriers."""
    seen = visit(deliverable(SAMPLE, COPY), *PHONE)
    notes = seen.page.locator("section > aside.notes:visible")
    assert notes.count() == seen.page.locator("section").count() == 19
    assert all("not for clients" in notes.nth(i).inner_text() for i in range(notes.count()))
    assert seen.measured("sideways") == 0
    assert seen.barriers() == []


def test_on_paper_each_slide_has_its_notes_after_it(deliverable: Deliverable, visit: Visit) -> None:
    """Printed on A4, every slide has its notes on sheets of their own right after it."""
    seen = visit(deliverable(SAMPLE, COPY), *PROJECTOR)
    slides = seen.page.locator("section").count()
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", seen.page.pdf(format="A4"))
    assert len(sheets) >= 2 * slides
    assert {(round(float(w)), round(float(h))) for w, h in sheets} == {(843, 596)}
    seen.page.emulate_media(media="print")
    notes = seen.page.locator("section > .slide + aside.notes:visible")
    assert notes.count() == slides
    broken = "one => [getComputedStyle(one).breakBefore, getComputedStyle(one).breakAfter]"
    for one in notes.all():
        assert one.evaluate(broken) == ["page", "page"]
