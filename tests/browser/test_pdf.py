"""The samples' documents as PDF: what a board's secretary, a screen reader and a printer get of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4
from pypdf import PageObject, PdfReader
from slices import sliced

from toolkit.client.store import load
from toolkit.html.markup import DRAFT_MARK, SYNTHETIC
from toolkit.plan import plan_roadmap
from toolkit.publish.exporters import DeckExporter, ReportExporter
from toolkit.publish.make import _exported
from toolkit.publish.pdf import printed
from toolkit.show import AssessmentStory, RoadmapStory

pytestmark = pytest.mark.browser

MERIDIAN, CLINIC, HARBOUR = "meridian-manufacturing", "lakeside-clinic", "harbour-credit-union"
REPORT, DECK = "assessment.html", "roadmap.html"
AS_OF = date(2026, 9, 30)
A4, SLIDE = (595, 842), (960, 540)  # in points; a slide is 1280 by 720 px
# What print's layout shows: texts that are neither folded away nor kept for screen readers alone.
SHOWN = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (texts.nextNode()) {
        const holder = texts.currentNode.parentElement, style = getComputedStyle(holder.closest('caption') ?? holder);
        const seen = holder.checkVisibility() && !holder.closest('script, style') && style.clipPath === 'none';
        if (seen) found.push(texts.currentNode.data);
    }
    return found.join(' ');
}"""
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
    .filter(one => one.checkVisibility()).map(one => one.textContent.trim())"""
TABLE_HEADS = "() => [...document.querySelectorAll('thead')].map(one => one.textContent).join(' ')"

Deliverable = Callable[[str, str], Path]
Print = Callable[[str, str], PdfReader]
Case = tuple[str, str]


def words(text: str) -> Counter[str]:
    """Return how often each word or number stands in a text."""
    return Counter(re.findall(r"\w+", text))


def letters(text: str) -> Counter[str]:
    """Return how often each letter stands in a text; where lines and cells end does not matter."""
    return Counter("".join(text.split()))


def bookmarks(outline: list[Any]) -> Iterator[str]:
    """Yield the titles of an outline in reading order."""
    for entry in outline:
        if isinstance(entry, list):
            yield from bookmarks(entry)
        else:
            yield " ".join(str(entry.title).split())


def outside(page: PageObject) -> list[str]:
    """Return the texts that begin outside a page's edges."""
    found = []

    def note(text: str, at: list[float], line: list[float], *_: Any) -> None:
        x = line[4] * at[0] + line[5] * at[2] + at[4]
        y = line[4] * at[1] + line[5] * at[3] + at[5]
        if text.strip() and not (0 <= x <= page.mediabox.width and 0 <= y <= page.mediabox.height):
            found.append(text)

    page.extract_text(visitor_text=note)
    return found


def structure(reader: PdfReader) -> Iterator[dict[str, Any]]:
    """Yield the elements of a document's structure."""
    objects = (reader.get_object(number) for number in sorted(reader.xref[0]) if number)
    yield from (one for one in objects if isinstance(one, dict) and one.get("/Type") == "/StructElem")


@pytest.fixture(scope="module")
def prints(deliverable: Deliverable) -> Print:
    """Return a sample's document, printed once for all tests."""
    return cache(
        lambda sample, name: PdfReader(
            BytesIO(printed(name, deliverable(sample, name).read_bytes(), AS_OF, 60))
        )
    )


CASES = [(sample, name) for sample in (CLINIC, MERIDIAN, HARBOUR) for name in (REPORT, DECK)]


@pytest.mark.parametrize("document", sliced(CASES, 2))
def test_a_pdf_says_what_the_page_says(
    document: Case, deliverable: Deliverable, prints: Print, visit: Callable[..., Any]
) -> None:
    """Its text is what print's layout shows, with page heads and repeated table heads; its bookmarks are the headings."""
    seen = visit(deliverable(*document), 640, 900)  # where the deck is not projected: all slides are shown
    seen.page.emulate_media(media="print")
    reader = prints(*document)
    got = "\n".join(page.extract_text() for page in reader.pages)
    shown = seen.page.evaluate(SHOWN)
    title = seen.page.title()
    assert letters(shown) - letters(got) == {}
    more = "0123456789."  # what lists and decisions are counted by
    if document[1] == REPORT:
        more += f"Page of {title} {SYNTHETIC} {seen.page.evaluate(TABLE_HEADS)}"
    assert set(letters(got) - letters(shown)) <= set(letters(more))
    assert [*bookmarks(reader.outline)] == [" ".join(one.split()) for one in seen.page.evaluate(HEADINGS)]
    assert reader.metadata is not None
    assert reader.metadata.title == title


@pytest.mark.parametrize("document", sliced(CASES, 2))
def test_a_pdf_is_whole_on_its_pages(document: Case, deliverable: Deliverable, prints: Print) -> None:
    """A report's pages are numbered A4 sheets, a deck's its slides, one a page; none is blank, nothing lies past an edge."""
    reader = prints(*document)
    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages}
    texts = [page.extract_text() for page in reader.pages]
    if document[1] == REPORT:
        assert sizes == {A4}
        assert all(f"Page {number} of {len(texts)}" in text for number, text in enumerate(texts, 1))
    else:
        assert sizes == {SLIDE}
        titles = re.findall(
            r"<section>.*?<h[12][^>]*>(.*?)</h[12]>", deliverable(*document).read_text(), re.DOTALL
        )
        plain = [re.sub(r"<[^>]+>", "", one) for one in titles]
        assert len(plain) == len(texts)
        assert all(letters(title) <= letters(text) for title, text in zip(plain, texts, strict=True))
    assert all(len(text) > 100 for text in texts)
    assert [text for page in reader.pages for text in outside(page)] == []


@pytest.mark.parametrize("document", sliced(CASES, 2))
def test_a_pdf_can_be_read_aloud_and_printed_anywhere(document: Case, prints: Print) -> None:
    """It is tagged, in a language; each chart has its words, each table its heads; every font lies in the file."""
    reader = prints(*document)
    root = reader.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    kinds = Counter(element["/S"] for element in structure(reader))
    told = [element for element in structure(reader) if element["/S"] == "/Figure" and element.get("/Alt")]
    assert told
    assert kinds["/TH"] > 0
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    descriptors = [
        one["/DescendantFonts"][0]["/FontDescriptor"] for one in fonts if "/DescendantFonts" in one
    ]
    assert descriptors
    assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)
    assert all("/DescendantFonts" in one or one["/Subtype"] == "/Type3" for one in fonts)


def test_the_same_page_prints_to_the_same_bytes(deliverable: Deliverable) -> None:
    """Printed again in another second, a document is the same bytes; they tell the day of its round, and no machine."""
    html = deliverable(CLINIC, DECK).read_bytes()
    first, second = (printed(DECK, html, AS_OF, 60) for _ in range(2))
    assert first == second
    facts = PdfReader(BytesIO(first)).metadata
    assert facts is not None
    assert (facts.creation_date_raw, facts.modification_date_raw) == ("D:20260930000000+00'00'",) * 2
    assert facts.creator == "IT alignment toolkit"


@pytest.mark.parametrize(
    ("kind", "exporter"),
    [(AssessmentStory, ReportExporter), (RoadmapStory, DeckExporter)],
    ids=["report", "deck"],
)
def test_each_page_of_a_draft_is_printed_as_one(kind: Any, exporter: Any, project: Path) -> None:
    """Every printed page and slide bears the mark, also where a section runs over several pages; a final one bears none."""
    record = load(project / "client_data", CLINIC)
    for edition in ("draft", "leadership"):
        story = kind.of(record, plan_roadmap(record), edition=edition)
        notebook = v4.new_notebook()
        for page in story.pages.values():
            data, metadata = page._repr_mimebundle_()
            output = v4.new_output("display_data", data=data, metadata=metadata)
            shown = {"slideshow": {"slide_type": "slide"}}
            notebook.cells.append(v4.new_code_cell("page", outputs=[output], metadata=shown))
        pages = PdfReader(BytesIO(printed("draft.pdf", _exported(exporter, notebook), AS_OF, 60))).pages
        assert len(pages) > 5
        marked = {bool(re.search(rf"\b{DRAFT_MARK}\b(?!, as of)", page.extract_text())) for page in pages}
        assert marked == {edition == "draft"}
