"""Wherever a page says that the plan keeps its limits, it says what these have not seen."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from toolkit.assess import assess
from toolkit.client.record import Record
from toolkit.client.schema import Initiative
from toolkit.client.store import load
from toolkit.plan import Roadmap, plan_roadmap
from toolkit.plan.assumptions import within_limits
from toolkit.publish.roadmap_workbook import roadmap_xlsx
from toolkit.show.roadmap_story import RoadmapStory

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
CLAIMS = re.compile(
    r"within every|within the|\bfits?\b.*\bfor [A-Z]{3}|of what may be spent|the people available"
    r"|fully used|is full in|comes closest|may be spent"
)
EXTRA = ("Payroll move", "Archive law", "Branch closure", "Card scheme", "Data room", "Exit of the provider")


@pytest.fixture(scope="module")
def planned() -> tuple[Record, Roadmap]:
    """The credit union with six commitments more, of unknown cost or duration."""
    record = load(SAMPLES, "harbour-credit-union")
    more = [
        Initiative.model_validate({"id": f"extra-{i}", "name": name, **({"mandatory": "the law"} if i % 2 else {"status": "in progress"})})
        for i, name in enumerate(EXTRA)
    ]  # fmt: skip
    record = replace(record, initiatives=(*record.initiatives, *more))
    return record, plan_roadmap(record)


def text_of(page: object) -> str:
    """Return a page's text without tags."""
    return re.sub(r"<[^>]+>", " ", str(page)).replace("\u00a0", " ")


def test_no_page_claims_limits_without_what_they_have_not_seen(planned: tuple[Record, Roadmap]) -> None:
    """Every page with a claim about limits says "six of … commitments are not counted"; of line, money and people, and where a year is said to have money left."""
    record, roadmap = planned
    assert len(roadmap.uncounted) == len(EXTRA)
    story = RoadmapStory(record, assess(record), roadmap)
    said = f"6 of {roadmap.commitments} commitments are not counted"
    if roadmap.commitments <= 12:
        said = re.compile(r"six of \w+ commitments are not counted").pattern
    claiming = {
        key: page for key, page in story.pages.items() if CLAIMS.search(page.title + text_of(page.html()))
    }
    assert {"ranked", "money", "people"} <= claiming.keys()
    claiming["decisions"] = story.pages["decisions"]  # it says what a year has left
    for key, page in claiming.items():
        assert re.search(said, page.title + text_of(page.html()), re.IGNORECASE), key
        named = sum(name in text_of(page.html()) for name in EXTRA)
        assert named >= 2, key


def test_the_workbook_names_every_commitment_that_is_not_counted(planned: tuple[Record, Roadmap]) -> None:
    """The sheet of notes names all six; the sheet of money ends with what the work costs to run each year after."""
    record, roadmap = planned
    book = openpyxl.load_workbook(io.BytesIO(roadmap_xlsx(record, roadmap)))
    notes = {row[0]: str(row[1]) for row in book["Notes"].iter_rows(values_only=True)}
    assert all(name in notes["Not counted"] for name in EXTRA)
    assert roadmap.running_after is not None
    last = [
        row for row in book["Money"].iter_rows(values_only=True) if str(row[0]).startswith("Each year after")
    ]
    assert [row[2] for row in last] == [roadmap.running_after.cost]


def test_a_claim_of_limits_says_of_how_much_planned_work_people_and_running_cost_are_not_known() -> None:
    """Decision one names how many planned initiatives no limit on people or money has seen whole."""
    record = load(SAMPLES, "harbour-credit-union")
    roadmap = plan_roadmap(record)
    bare = {one.initiative for one in roadmap.scheduled[:2]}
    work = tuple(
        one.model_copy(update={"fte": {}, "opex": None}) if one.id in bare else one
        for one in record.initiatives
    )
    said = within_limits(replace(record, initiatives=work), roadmap)
    assert "the people of two and the running cost of two of six planned initiatives are not known" in said
    assert "not known" not in within_limits(record, roadmap)
