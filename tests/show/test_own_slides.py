"""The deck as the consultant wants it: slides left out, put first and added, told about a sample."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
import pytest
from PIL import Image

from toolkit.client.deck import Deck
from toolkit.client.store import load
from toolkit.html.picture import Picture
from toolkit.html.policy import ATTRIBUTES, ELEMENTS
from toolkit.plan import plan_roadmap
from toolkit.show import RoadmapStory
from toolkit.show.roadmap import own as slides

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
ATTACK = (
    "</bdi></div><script>alert(1)</script>\"' onerror=alert(1) ![](//e.com/a.png) [x](javascript:1) {{7*7}}"
)


@cache
def sample() -> RoadmapStory:
    """The manufacturer's deck as it comes; its pages are made when they are asked for."""
    record = load(SAMPLES, "meridian-manufacturing")
    return RoadmapStory.of(record, plan_roadmap(record))


def told(pictures: dict[str, bytes] | None = None, **deck: Any) -> RoadmapStory:
    """Return the deck with what client.yaml says of it."""
    facts = sample().record.facts.model_copy(update={"deck": Deck.model_validate(deck)})
    return replace(sample(), record=replace(sample().record, facts=facts, pictures=pictures or {}))


def own(title: str = "What we saw", after: str = "risks", **more: str) -> dict[str, str]:
    return {"title": title, "after": after, "text": "Some *words*."} | more


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3000, 1000), "red").save(out, "PNG")
    return out.getvalue()


def test_a_slide_left_out_is_gone_and_its_message_is_in_the_presenters_notes() -> None:
    """The cover's notes name each by its title; nothing else of them is on the deck."""
    story = told(leave_out=["needs", "spend"])
    titles = [sample().pages[key].title for key in ("needs", "spend")]
    assert story.pages.keys() == sample().pages.keys() - {"needs", "spend"}
    (note,) = story.pages["cover"].notes
    assert all(f"“{title}”" in note for title in titles)
    assert not any(title in page.html() for title in titles for page in story.pages.values())
    assert sample().pages["cover"].notes == ()


def test_the_decisions_are_shown_even_if_they_were_left_out() -> None:
    """A record with that fault is refused; a deck made of it all the same would show them."""
    story = told(leave_out=["cover", "decisions", "first"])
    assert list(story.pages) == list(sample().pages)


def test_pages_and_exhibits_are_numbered_in_the_order_shown() -> None:
    """Page numbers go from one without a gap, exhibits too; the line above the title names each section once."""
    story = told(order=["money", "plan"], leave_out=["goals"], own=[own()])
    pages = list(story.pages.values())
    assert [page.key for page in pages[:4]] == ["cover", "money", "plan", "decisions"]
    assert [page.place for page in pages] == [str(n) for n in range(1, len(pages) + 1)]
    numbers = [exhibit.number for page in pages for exhibit in page.exhibits]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {page.sections for page in pages} == {
        ("Decisions", "Why now", "The plan", "Money and people", "Next steps", "Appendix")
    }
    assert all(page.kicker in page.sections for page in pages[1:])


def test_an_own_slide_looks_like_the_others_and_says_whose_it_is() -> None:
    """Behind its slide, with the tracker, the footer and a number, its text in Markdown and its source named."""
    story = told(own=[own(source="Plant visit, 12 August 2026")])
    keys = list(story.pages)
    assert keys[keys.index("risks") + 1] == "own-1"
    slide = story.pages["own-1"]
    assert slide.kicker == "Why now"
    assert slide.footer.startswith("Meridian")
    html = str(slide.html())
    assert "<p><bdi>Some <em>words</em>.</bdi></p>" in html
    assert "The consultant’s own slide.<bdi> Source: Plant visit, 12 August 2026</bdi>" in html
    assert story.own_slides == (slide,)


def test_own_slides_behind_one_slide_keep_their_order() -> None:
    """They stand as client.yaml lists them."""
    story = told(own=[own("A"), own("B", after="cover"), own("C")])
    assert [page.title for page in story.own_slides] == ["B", "A", "C"]
    keys = list(story.pages)
    assert keys[keys.index("risks") + 1 :][:2] == ["own-1", "own-3"]


def test_a_picture_is_embedded_as_large_as_fits_and_described() -> None:
    """Its data is in the page; beside a text it takes half, alone the whole width."""
    files = {"slides/a.png": picture()}
    beside, alone = (
        str(told(files, own=[one]).pages["own-1"].html())
        for one in (
            own(picture="slides/a.png", alt="A red wall"),
            own(picture="slides/a.png", alt="A red wall", text=""),
        )
    )
    for html, width in ((beside, 562), (alone, 1168)):
        assert re.search(
            rf'<img alt="A red wall" width="{width}" height="\d+" src="data:image/png;base64,', html
        )


def test_a_pictures_data_names_no_fiscal_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters in it that look like a year’s name give no remark in the footer; the text’s own do."""
    shown = Picture(base64.b64decode("+FY2027+"), "image/png", 10, 10)
    monkeypatch.setattr("toolkit.show.roadmap.own.picture_of", lambda data: shown)
    year = {"fiscal_year_starts": 7}
    for text, expected in (("Nothing", False), ("In FY2027", True)):
        story = told({"slides/a.png": b""}, own=[own(picture="slides/a.png", alt="A", text=text)])
        facts = story.record.facts
        profile = facts.profile.model_copy(update=year)
        record = replace(story.record, facts=facts.model_copy(update={"profile": profile}))
        page = slides.slide(replace(story, record=record), "own-1", record.facts.deck.own[0])
        assert ("FY2027 is" in page.footer) == expected


@pytest.mark.parametrize("field", ["title", "text", "alt", "source"])
def test_hostile_text_in_any_field_of_an_own_slide_is_text(field: str) -> None:
    """No element and no attribute comes of it but what pages may hold, and nothing that loads or runs."""
    one = own(picture="slides/a.png", alt="A", source="B") | {field: ATTACK[:104]}
    html = str(told({"slides/a.png": picture()}, own=[one]).pages["own-1"].html())
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    for element in root.iter():
        assert element.tag in {"DOCUMENT_FRAGMENT", *ELEMENTS} - {"script", "a"}
        assert set(element.attrib) <= ATTRIBUTES
    (image,) = root.iter("img")
    assert image.attrib["src"].startswith("data:image/png;base64,")
    shown = " ".join(root.itertext()) + image.attrib["alt"]
    assert "<script>alert(1)</script>" in shown
