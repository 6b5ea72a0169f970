"""The samples' documents as a client opens them: from disk, on a projector, a phone and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slices import sliced

pytestmark = pytest.mark.browser

MERIDIAN, CLINIC, HARBOUR = "meridian-manufacturing", "lakeside-clinic", "harbour-credit-union"
SAMPLES = (MERIDIAN, CLINIC, HARBOUR)  # the richest first, then the one where most is missing
REPORT, DECK = "assessment.html", "roadmap.html"
PROJECTOR = (1280, 720)
PHONE = (390, 844)
PAGES = [
    (sample, *way) for sample in SAMPLES for way in ((DECK, PHONE), (REPORT, PROJECTOR), (REPORT, PHONE))
]
A4 = ("210mm", "297mm")
A4_POINTS = (595, 842)

Visit = Callable[..., Any]
Deliverable = Callable[[str, str], Path]


@pytest.mark.parametrize("size", [PROJECTOR, PHONE])
@pytest.mark.parametrize("document", [REPORT, DECK])
@pytest.mark.parametrize("sample", sliced(SAMPLES, 1))
def test_it_opens_from_disk_without_a_network(
    sample: str, document: str, size: tuple[int, int], deliverable: Deliverable, reading: Visit
) -> None:
    """With the network off, a document asks for nothing but itself and reports no error or warning."""
    seen = reading(deliverable(sample, document), *size)
    seen.page.wait_for_timeout(300)
    assert (seen.elsewhere(), seen.trouble, seen.sprung()) == ([], [], [])
    assert seen.page.title().strip()
    assert "Synthetic sample" in seen.text()


@pytest.mark.parametrize("sample", sliced(SAMPLES, 1))
def test_the_deck_goes_through_by_keyboard_and_back(
    sample: str, deliverable: Deliverable, reading: Visit
) -> None:
    """Each press of an arrow key shows the next slide, to the last and back to the first, and no further."""
    seen = reading(deliverable(sample, DECK), *PROJECTOR)
    shown = [number for number in seen.slides() if seen.measured("inFront")]
    assert shown == list(range(seen.measured("slides")))
    assert 2 <= len(shown) <= 19
    seen.press("ArrowRight", shown[-1])
    for number in reversed(shown[:-1]):
        seen.press("ArrowLeft", number)
        assert seen.measured("inFront")
    seen.press("ArrowLeft", 0)
    assert seen.trouble == []


@pytest.mark.parametrize("sample", sliced(SAMPLES, 2))
def test_every_slide_fits_and_has_no_barrier(sample: str, deliverable: Deliverable, reading: Visit) -> None:
    """Projected at 1280×720, no slide overflows, no text lies on another, is too much or smaller than 13 px, and none is hard to see."""
    seen = reading(deliverable(sample, DECK), *PROJECTOR)
    found = {}
    for number in seen.slides():
        barriers = seen.barriers("section.present" if number else None)  # what is on every slide, once
        measures = (seen.measured(what) for what in ("overflowing", "overlapping", "faint", "wordy"))
        if faults := [
            *(fault for faults_found in measures for fault in faults_found),
            *seen.measured("small", 13),
            *barriers,
        ]:
            found[number + 1] = faults
    seen.press("Home", 0)
    assert found == {}


def test_no_slide_is_emptier_than_half(deliverable: Deliverable, reading: Visit) -> None:
    """Charts and rows fill the room that their slide has, also where there are few of them."""
    for sample in SAMPLES:
        seen = reading(deliverable(sample, DECK), *PROJECTOR)
        shares = {number + 1: round(seen.measured("empty"), 2) for number in seen.slides()}
        seen.press("Home", 0)
        assert {number: share for number, share in shares.items() if share > 0.5} == {}


@pytest.mark.parametrize("case", sliced([*PAGES[:2], PAGES[5], *PAGES[2:5], *PAGES[6:]], 3), ids=str)
def test_a_page_to_scroll_has_no_barrier(
    case: tuple[str, str, tuple[int, int]], deliverable: Deliverable, reading: Visit
) -> None:
    """The report, and the deck on a phone, scroll in one direction only, and axe finds nothing serious."""
    sample, document, size = case
    seen = reading(deliverable(sample, document), *size)
    assert seen.measured("sideways") == 0
    assert seen.barriers() == []


@pytest.mark.parametrize("sample", sliced(SAMPLES, 1))
def test_data_that_are_unfolded_have_no_barrier(
    sample: str, deliverable: Deliverable, reading: Visit
) -> None:
    """With every data table unfolded, the report still fits a phone and axe finds nothing serious."""
    seen = reading(deliverable(sample, REPORT), *PHONE)
    fold = "open => { for (const one of document.querySelectorAll('details')) one.open = open; }"
    seen.page.evaluate(fold, True)
    assert seen.measured("sideways") == 0
    assert seen.barriers() == []
    seen.page.evaluate(fold, False)


def test_no_number_is_broken_over_two_lines_on_a4(deliverable: Deliverable, visit: Visit) -> None:
    """In print's narrower columns too, a number without a space in it stands on one line."""
    seen = visit(deliverable(MERIDIAN, REPORT), *PROJECTOR)
    seen.page.emulate_media(media="print")
    paper = seen.measured("paper", *A4)
    seen.page.set_viewport_size({"width": int(paper["width"]), "height": int(paper["height"])})
    broken = """() => {
        const parted = [], range = document.createRange();
        for (const cell of document.querySelectorAll('td.figure')) {
            const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^ \\n\\t]+/g)) {
                range.setStart(texts.currentNode, word.index);
                range.setEnd(texts.currentNode, word.index + word[0].length);
                if (new Set([...range.getClientRects()].map(one => one.top)).size > 1) parted.push(word[0]);
            }
        }
        return parted;
    }"""
    assert seen.page.evaluate(broken) == []


@pytest.mark.parametrize("sample", sliced(SAMPLES, 2))
def test_documents_are_read_without_a_glass_on_paper_and_on_a_phone(
    sample: str, deliverable: Deliverable, visit: Visit
) -> None:
    """Charts included, no text is smaller than 8 points on A4 and 14 px on a phone; none lies on another or is faint.

    On a phone, charts of rows are drawn within its width.
    """
    for document in (DECK, REPORT):
        seen = visit(deliverable(sample, document), *PHONE)
        faults = [
            seen.measured("small", 14),
            seen.measured("narrow"),
            seen.measured("overlapping"),
            seen.measured("faint"),
        ]
        assert faults == [[], [], [], []], document
    seen.page.emulate_media(media="print")
    paper = seen.measured("paper", *A4)
    seen.page.set_viewport_size({"width": int(paper["width"]), "height": int(paper["height"])})
    assert seen.measured("small", 8 * 96 / 72) == []
    assert seen.measured("overlapping") == []
    assert seen.measured("faint") == []
    first = seen.page.locator(".sheet").first.bounding_box()
    assert first is not None
    assert first["height"] <= paper["height"], "the first page stands alone"


@pytest.mark.parametrize("sample", sliced(SAMPLES, 1))
def test_the_report_prints_to_a4_with_whole_figures(
    sample: str, deliverable: Deliverable, visit: Visit
) -> None:
    """On A4 every figure fits within the margins, undivided and uncut, in print's own layout."""
    seen = visit(deliverable(sample, REPORT), *PROJECTOR)
    seen.page.emulate_media(media="print")
    paper = seen.measured("paper", *A4)
    assert paper["size"].lower().startswith("a4")
    seen.page.set_viewport_size({"width": int(paper["width"]), "height": int(paper["height"])})
    assert seen.page.locator("figure").count() > 0
    assert seen.measured("unprintable", paper["width"], paper["height"]) == []
    assert seen.measured("sideways") == 0
    pages = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", seen.page.pdf(prefer_css_page_size=True))
    assert pages
    assert {(round(float(w)), round(float(h))) for w, h in pages} == {A4_POINTS}
