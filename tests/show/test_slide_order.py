"""Where slides stand: whatever the consultant asks, the decisions are there, and each slide once."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slices import examples

from toolkit.client.deck import ALWAYS_SHOWN, SLIDES, Deck, OwnSlide
from toolkit.show.roadmap_story import SECTIONS
from toolkit.show.roadmap_story import SLIDES as MADE
from toolkit.show.slide_order import APPENDIX, Slot, own_key, sections_of, slots

KEYS = st.lists(st.sampled_from(SLIDES), max_size=8).map(tuple)
OWN = st.lists(st.sampled_from(SLIDES), max_size=5).map(
    lambda after: tuple(OwnSlide(title=f"Own {n}", after=key, text="x") for n, key in enumerate(after))  # type: ignore[arg-type]
)
DECKS = st.builds(Deck, leave_out=KEYS, order=KEYS, own=OWN)


def shown(**deck: object) -> list[Slot]:
    return list(slots(Deck.model_validate(deck), SECTIONS))


def test_the_record_and_the_deck_name_the_same_slides() -> None:
    """The keys that client.yaml may name are those of the slides that are made, in their order."""
    assert tuple(key for key, *_ in MADE) == SLIDES
    assert set(ALWAYS_SHOWN) <= set(SLIDES)


def test_the_notebook_shows_every_slide_and_the_consultants_own(project: Path) -> None:
    """A slide without a cell would be missing from the deck without a word."""
    cells = json.loads((project / "notebooks" / "roadmap.ipynb").read_text("utf-8"))["cells"]
    shown = ["".join(cell["source"]) for cell in cells if "slideshow" in cell["metadata"]]
    assert shown == [*(f'story.page("{key}")' for key in SLIDES), "display(*story.own_slides)"]


def test_a_deck_that_says_nothing_is_the_deck_as_it_comes() -> None:
    """Keys and sections are the house's."""
    places = shown()
    assert [slot.key for slot in places] == list(SLIDES)
    assert sections_of(places) == SECTIONS


@settings(max_examples=examples(400))
@given(DECKS, st.sets(st.sampled_from(SLIDES)))
def test_the_decisions_stay_and_every_other_slide_stands_once(deck: Deck, not_made: set[str]) -> None:
    """Cover first, the asks with boxes last of the main part, what is left out gone, what is own all there."""
    places = slots(deck, SECTIONS)
    keys = [slot.key for slot in places]
    own = [own_key(n) for n in range(1, len(deck.own) + 1)]
    assert len(keys) == len(set(keys))
    assert set(keys) == (set(SLIDES) - set(deck.leave_out)) | set(ALWAYS_SHOWN) | set(own)
    assert keys[0] == "cover"
    behind = [key for key in keys[keys.index("first") + 1 :] if key not in own]
    assert set(behind) == {"tradeoffs", "waiting"} - set(deck.leave_out) - set(deck.order)
    kept = [slot for slot in places if slot.key not in not_made - {"cover"}]
    sections = sections_of(kept)
    assert sections.keys() == {slot.key for slot in kept}
    runs = [section for section, _ in groupby(sections.values()) if section]
    assert len(runs) == len(set(runs)), "a section is one run of slides"
    assert APPENDIX not in runs[:-1], "the appendix is behind the others"


@given(DECKS)
def test_what_is_put_first_follows_the_cover_in_that_order(deck: Deck) -> None:
    """The rest keep the order that they had."""
    keys = [slot.key for slot in slots(deck, SECTIONS) if slot.key in SLIDES]
    gone = set(deck.leave_out) - set(ALWAYS_SHOWN)
    first = [key for key in dict.fromkeys(deck.order) if key not in {"cover", "first", *gone}]
    assert keys[1 : 1 + len(first)] == first
    assert keys[1 + len(first) :] == [key for key in SLIDES[1:] if key not in {*first, *gone}]


def test_a_slide_put_first_by_itself_stands_in_the_section_before_it() -> None:
    """What is moved away from its section does not name that section twice."""
    sections = sections_of(shown(order=["decisions", "money", "plan"]))
    assert [sections[key] for key in ("decisions", "money", "plan", "outlook")] == [
        *["Decisions"] * 3,
        "Why now",
    ]
    assert (sections["ranked"], sections["case"]) == ("The plan", "Money and people")


def test_a_section_put_first_whole_keeps_its_name() -> None:
    """All of its slides follow each other, so the line above the title names it."""
    sections = sections_of(shown(order=["decisions", "case", "money", "people"]))
    assert list(dict.fromkeys(sections.values())) == [
        "", "Decisions", "Money and people", "Why now", "The plan", "Next steps", "Appendix",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "changed", "before", "section"),
    [
        ("risks", {}, "risks", "Why now"),
        ("risks", {"leave_out": ["risks"]}, "cost", "Why now"),
        ("outlook", {"leave_out": ["outlook"]}, "decisions", "Why now"),
        ("money", {"order": ["money"]}, "money", "Decisions"),
        ("first", {}, "first", "Appendix"),
        ("first", {"leave_out": ["tradeoffs", "waiting"]}, "first", "Appendix"),
        ("waiting", {}, "waiting", "Appendix"),
        ("cover", {}, "cover", "Decisions"),
    ],
)
def test_an_own_slide_stands_behind_its_slide_or_where_that_one_would(
    after: str, changed: dict[str, object], before: str, section: str
) -> None:
    """It is in the section of the slide that it follows; behind the last asks it begins the appendix."""
    places = shown(own=[{"title": "Own", "after": after, "text": "x"}], **changed)
    keys = [slot.key for slot in places]
    assert keys[keys.index("own-1") - 1] == before
    assert sections_of(places)["own-1"] == section
