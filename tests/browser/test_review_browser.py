"""The quarterly review, its minutes, scorecard, status and closing page in a browser: on a projector, a phone and on paper, over four quarters and of any size."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from large_client import large_client
from nbformat import v4
from quarters import four_quarters
from slices import sliced

from toolkit.client.known import known_on
from toolkit.plan import plan_roadmap
from toolkit.publish.exporters import DeckExporter, Exporter
from toolkit.publish.single_page import page_html
from toolkit.show import ClosingStory, ReviewStory, ScorecardStory, StatusStory
from toolkit.show.minutes import minutes

pytestmark = pytest.mark.browser

PROJECTOR, PHONE = (1280, 720), (390, 844)
# The quarter with most changes of the plan first; then clients of so many initiatives.
CASES = (3, 47, 0, 1, 2, 115)

Visit = Callable[..., Any]


def written(case: int, project: Path, folder: Path) -> tuple[Path, tuple[Path, ...]]:
    """Write a review, and the pages of one sheet beside it, as a run exports them, without executing a notebook."""
    first = None
    if case < 4:
        quarters = four_quarters(project / "client_data")
        story, first = quarters[case].story, quarters[0].roadmap if case else None
    else:
        record = large_client(case)
        record = known_on(record, record.round().as_of)
        story = ReviewStory.of(record, plan_roadmap(record))
    notebook = v4.new_notebook()
    for page in story.pages.values():
        data, metadata = page._repr_mimebundle_()
        output = v4.new_output("display_data", data=data, metadata=metadata)
        shown = {"tags": ["page"], "slideshow": {"slide_type": "slide"}}
        notebook.cells.append(v4.new_code_cell("page", outputs=[output], metadata=shown))
    exporter: type[Exporter] = DeckExporter
    deck, sheet = folder / "review.html", folder / "review-minutes.html"
    deck.write_text(exporter().from_notebook_node(notebook)[0], encoding="utf-8")
    sheet.write_bytes(page_html(minutes(story)))
    cards = []
    for one in (ScorecardStory, StatusStory, ClosingStory):
        cards.append(folder / f"{one.keys[0]}.html")
        then = first if one is ClosingStory else story.earlier_plan
        told = one.of(story.record, story.roadmap, earlier_plan=then)
        cards[-1].write_bytes(page_html(*told.pages.values()))
    return deck, (sheet, *cards)


@pytest.mark.parametrize("case", sliced(CASES, 1))
def test_a_review_is_read_on_a_projector_a_phone_and_paper(
    case: int, project: Path, tmp_path: Path, visit: Visit
) -> None:
    """No slide overflows, is wordy or hard to see, none has a barrier; a phone scrolls one way; the manufacturer's minutes and scorecard, and everybody's status and closing page, fill one page of A4 each."""
    deck, sheets = written(case, project, tmp_path)
    seen, found = visit(deck, *PROJECTOR), {}
    for number in seen.slides():
        measures = (seen.measured(what) for what in ("overflowing", "overlapping", "faint", "wordy"))
        faults = [fault for faults in measures for fault in faults] + seen.measured("small", 13)
        faults += seen.barriers("section.present" if number else None)
        found |= {number + 1: faults} if faults else {}
    assert (found, seen.trouble, seen.elsewhere()) == ({}, [], [])
    for path in (deck, *sheets):
        read = visit(path, *PHONE)
        assert (read.measured("sideways"), read.barriers(), read.elsewhere()) == (0, [], [])
    for path in sheets:
        paper = visit(path, *PROJECTOR).page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type /Page\b", paper)) == 1 or (
            case >= 4 and path.stem not in ("status", "closing")
        )
