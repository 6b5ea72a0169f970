"""Clients of any size: slides and pages hold what they show, with few initiatives and many, with short names and long."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from large_client import large_client
from nbformat import v4
from sent_sheets import FACTS, SLUG
from slices import sliced

from toolkit.client.known import known_on
from toolkit.client.record import Record
from toolkit.client.store import create, load
from toolkit.plan import explain_roadmap
from toolkit.publish.exporters import DeckExporter, Exporter, ReportExporter
from toolkit.publish.verify import verify
from toolkit.show import AssessmentStory, RoadmapStory
from toolkit.show.story import Story

REPOSITORY = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("ALIGN_REAL_DATA") or REPOSITORY.parent / "shared" / "real")
PROJECTOR, PHONE, A4 = (1280, 720), (390, 844), ("210mm", "297mm")
# How many initiatives, and whether every name is as long as eighty characters.
CASES = ((47, True), (6, False), (23, True), (115, True))
DOCUMENTS: tuple[tuple[type[Story], type[Exporter], str], ...] = (
    (AssessmentStory, ReportExporter, "assessment.html"),
    (RoadmapStory, DeckExporter, "roadmap.html"),
)
LARGEST = 1_500_000  # bytes of a document


def called(record: Record, long: bool) -> Record:
    """Return the record, where wanted with a name of eighty characters for all that pages name."""

    def named(name: str) -> str:
        rest = "of every branch, subsidiary and warehouse in all regions of the group, at last"
        return f"{name} {rest}"[:80].rstrip()

    if not long:
        return record
    facts = record.facts.model_copy(
        update={
            field: tuple(one.model_copy(update={"name": named(one.name)}) for one in getattr(record.facts, field))
            for field in ("goals", "kpis", "risks", "impact")
        }
    )  # fmt: skip
    work = tuple(one.model_copy(update={"name": named(one.name)}) for one in record.initiatives)
    return replace(record, facts=facts, initiatives=work)


def written(record: Record, folder: Path) -> list[Path]:
    """Write the client's two documents as a run exports them, without executing a notebook."""
    record = known_on(record, record.round().as_of)
    roadmap = explain_roadmap(record)
    paths = []
    for story, exporter, name in DOCUMENTS:
        notebook = v4.new_notebook()
        for page in story.of(record, roadmap).pages.values():
            data, metadata = page._repr_mimebundle_()
            output = v4.new_output("display_data", data=data, metadata=metadata)
            shown = {"tags": ["page"], "slideshow": {"slide_type": "slide"}}
            notebook.cells.append(v4.new_code_cell("page", outputs=[output], metadata=shown))
        made, _ = exporter().from_notebook_node(notebook)
        verify(name, made.encode())
        path = folder / name
        path.write_text(made, encoding="utf-8")
        paths.append(path)
    return paths


def faults_of_slides(deck: Any) -> dict[int, list[str]]:
    """Return what is wrong on a deck's slides, by their numbers: what overflows, overlaps, is faint, small, too much or too little."""
    found: dict[int, list[str]] = {}
    for number in deck.slides():
        measures = (deck.measured(what) for what in ("overflowing", "overlapping", "faint", "wordy"))
        faults = [fault for faults in measures for fault in faults] + deck.measured("small", 13)
        faults += ["emptier than half"] if deck.measured("empty") > 0.5 else []
        found |= {number + 1: faults} if faults else {}
    return found


@pytest.mark.parametrize("case", sliced(CASES, 1), ids=str)
def test_documents_of_any_size_hold_what_they_show(
    case: tuple[int, bool], tmp_path: Path, visit: Callable[..., Any]
) -> None:
    """No slide overflows or is emptier than half; on slides, paper and phone no text lies on another or is too small; no file is too large.

    On a phone, charts of rows are drawn within its width.
    """
    size, long = case
    report, deck = written(called(large_client(size), long), tmp_path)
    assert max(path.stat().st_size for path in (report, deck)) < LARGEST
    assert faults_of_slides(visit(deck, *PROJECTOR)) == {}
    read = visit(report, *PHONE)
    assert (read.measured("sideways"), read.measured("small", 14)) == (0, [])
    assert read.measured("narrow") == []
    assert read.measured("overlapping") == []
    read.page.emulate_media(media="print")
    paper = read.measured("paper", *A4)
    read.page.set_viewport_size({"width": int(paper["width"]), "height": int(paper["height"])})
    assert read.measured("small", 8 * 96 / 72) == []
    assert read.measured("overlapping") == []
    assert read.measured("unprintable", paper["width"], paper["height"]) == []


# A register alone, as a public body hands it over: no goals, no budget, nobody asked, and owners only sometimes.
REGISTER = """id,name,status,original_finish,finish,original_capex,capex
cms,Case management system and its portal,in progress,2026-03-31,2028-02-28,1980000,4000000
pay,A new payroll,done,2025-03-31,2025-03-31,1810000,1810000
sites,Web sites of all regions on one platform,,,2027-06-30,,2500000
"""


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_register_of_a_few_initiatives_fills_its_slides(
    number: int, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    """Of one, two or three initiatives and nothing else, no slide is emptier than half."""
    rows = "\n".join(REGISTER.splitlines()[: number + 1])
    facts = {key: FACTS[key] for key in ("profile", "rounds")}
    create(tmp_path, SLUG, {"client.yaml": yaml.safe_dump(facts).encode(), "initiatives.csv": rows.encode()})
    _, deck = written(load(tmp_path, SLUG), tmp_path)
    assert faults_of_slides(visit(deck, *PROJECTOR)) == {}


@pytest.mark.heavy
@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data at {REAL}; ALIGN_REAL_DATA says where it is")
def test_real_departments_fill_their_slides(tmp_path: Path, visit: Callable[..., Any]) -> None:
    """Of the real departments and bureaus, no slide overflows, is emptier than half, too full or too small to read."""
    subprocess.run(
        [sys.executable, REPOSITORY / "tests/real/drive.py", REAL, tmp_path / "clients"], check=True
    )
    found: dict[tuple[str, int], list[str]] = {}
    for client in sorted(path.name for path in (tmp_path / "clients").iterdir() if path.is_dir()):
        folder = tmp_path / client
        folder.mkdir()
        _, deck = written(load(tmp_path / "clients", client), folder)
        seen = visit(deck, *PROJECTOR)
        found |= {(client, slide): faults for slide, faults in faults_of_slides(seen).items()}
        seen.page.context.close()
    assert found == {}


def test_four_choices_between_three_long_names_fit_the_last_slide(
    tmp_path: Path, visit: Callable[..., Any]
) -> None:
    """Names at the boxes are cut, whoever answers gives way, and nothing leaves the slide; all boxes are there."""
    rows = ["id,name,duration,capex,goals,alternative_group,mandatory", "law,A law,1,50,,,A law asks for it"]
    rows += ["scan,Scanning in the warehouse,2,300,g: 3,,"]
    rows += [
        f"w{g}{n},{n} is a name that is as long as names of work are in large companies {g},2,{100 + 10 * n},g: {3 - n},group{g},"
        for g in range(4)
        for n in range(3)
    ]
    facts = {**FACTS, "budget": [{"year": year, "amount": 5000} for year in (2027, 2028)]}
    files = {"client.yaml": yaml.safe_dump(facts).encode(), "initiatives.csv": "\n".join(rows).encode()}
    create(tmp_path, SLUG, files)
    _, deck = written(load(tmp_path, SLUG), tmp_path)
    seen = visit(deck, *PROJECTOR)
    for _number in seen.slides():
        if seen.page.locator("section.present .decide").count():
            break
    assert seen.page.locator("section.present .box").count() == 3 + 3 + 4 * 5
    assert (seen.measured("overflowing"), seen.measured("overlapping")) == ([], [])
