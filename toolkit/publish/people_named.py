"""Whom the deck names, and what it asks and says of each, so as to speak with them before it is shown.

It quotes private notes, so that it is for a terminal of the consultancy alone, and stands in no file of the client's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import html5lib

from toolkit.client.field_types import Row, people_in
from toolkit.client.record import Record
from toolkit.plan import plan_roadmap
from toolkit.publish.brief import Section
from toolkit.publish.deliverables_folder import checked
from toolkit.show.page import TITLE, Page
from toolkit.show.roadmap_story import RoadmapStory
from toolkit.words import excerpt

_BLOCKS = ("p", "li", "h1", "h2", "h3", "figcaption", "dd")
_MOST = 240  # letters of what is quoted


def people_named(clients: Path, slug: str) -> tuple[Section, ...]:
    """Return for each person whom the deck of a client's latest round names what it asks, and what it says on which slide.

    Persons are those of the record's fields for people, told by their name without their post.

    Raises
    ------
    InputError
        When the record has faults, all of them at once.
    """
    record = checked(clients, slug)
    story = RoadmapStory.of(record, plan_roadmap(record))
    said = [(page, tuple(dict.fromkeys(_texts(page)))) for page in story.pages.values()]
    told = ((person, tuple(_told(story, person, said))) for person in _people(record).values())
    return tuple((person, lines) for person, lines in told if lines)


def _people(record: Record) -> dict[str, str]:
    """Return the people of a record as they are named first, by their name without their post; both leads first."""
    profile = record.facts.profile
    rows: tuple[Row, ...] = (
        record.facts, *record.initiatives, *record.decisions, *record.actions, *record.services, *record.assets,
    )  # fmt: skip
    found = (profile.business_lead, profile.it_lead, *(person for row in rows for person in people_in(row)))
    out: dict[str, str] = {}
    for person in filter(None, found):
        out.setdefault(_name(person), person)
    return out


def _told(story: RoadmapStory, person: str, said: Sequence[tuple[Page, tuple[str, ...]]]) -> Iterator[str]:
    name = _name(person)
    named, told_of = _stands(name), _stands(*(part.strip() for part in person.split(",") if part.strip()))
    asks = [ask for ask in story.asks if name in ask.named]
    for ask in asks:
        yield f"Asked: {ask.what}. {ask.undecided}"
    for page, texts in said:
        found = [
            text
            for text in texts
            if named.search(text) and text != person and not any(ask.what in text for ask in asks)
        ]
        title = f" “{excerpt(page.title, TITLE)}”"
        for n, text in enumerate(found):
            yield f"Slide {page.place}{'' if n else title}: {excerpt(text, _MOST)}"
    for one in story.record.facts.adjustments:
        if one.private_note and told_of.search(one.private_note):
            yield f"Private note, not for the client: {one.private_note}"


def _stands(*names: str) -> re.Pattern[str]:
    """Return what finds one of these as whole words; in private notes people are called by their post, too."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def _name(person: str) -> str:
    return person.split(",")[0].strip()


def _texts(page: Page) -> Iterator[str]:
    """Yield what a slide says: each row of a table with its cells, those of charts’ data too, each paragraph and heading."""
    root = html5lib.parse(str(page.html()), treebuilder="etree", namespaceHTMLElements=False)
    within = {inner for row in root.iter("tr") for inner in row.iter() if inner is not row}
    for one in root.iter():
        tag = str(one.tag).rpartition("}")[2]
        if tag == "tr":
            cells = (" ".join(" ".join(cell.itertext()).split()) for cell in one)
            yield "; ".join(filter(None, cells))
        elif tag in _BLOCKS and one not in within:
            yield " ".join(" ".join(one.itertext()).split())
