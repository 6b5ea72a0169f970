"""A deck with slides left out, put first and added, made by the shipped notebook, and handed over."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from making import made_of
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from toolkit.client.deck import Deck
from toolkit.client.store import load, read_files
from toolkit.html.markup import HTML_KEY
from toolkit.publish.batch import run_batch
from toolkit.publish.client_task import task_of
from toolkit.publish.exporters import in_deck_order
from toolkit.publish.handover import hand_over
from toolkit.publish.manifest import plan_basis

SLUG = "lakeside-clinic"
DECK = """
deck:
  leave_out: [perception]
  order: [goals]
  own:
  # as told on the way out
  - title: What we learned at the clinic visit
    after: risks
    text: |
      - Two people know the *booking system*.
      - **Nobody** has written it down. <script>alert(1)</script>
    picture: slides/visit.jpg
    alt: A desk with two screens
    source: Visit, 12 August 2026
  - {title: Behind it all, after: first, text: More.}
"""


def photograph(colour: str = "red") -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "Secret Author"
    out = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Path:
    """The clinic with such a deck, its documents made; for reading only."""
    folder = tmp_path_factory.mktemp("decks")
    left_behind = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock")
    shutil.copytree(project / "client_data" / SLUG, folder / SLUG, ignore=left_behind)
    home = folder / SLUG
    (home / "slides").mkdir()
    (home / "slides" / "visit.jpg").write_bytes(photograph())
    (home / "slides" / "unused.jpg").write_bytes(photograph("blue"))
    facts = home / "client.yaml"
    facts.write_text(facts.read_text("utf-8") + DECK + "# not slides/unused.jpg\n", "utf-8")
    result = run_batch(folder, [SLUG], workers=1).results[0]
    assert result.state == "made", result
    return folder


@pytest.fixture
def clients(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(made, tmp_path / "clients")


def deck(clients: Path, name: str = "roadmap.html") -> str:
    (path,) = clients.glob(f"{SLUG}/deliverables/*/{name}")
    return path.read_text("utf-8")


def test_the_exported_deck_has_every_slide_in_its_place(made: Path) -> None:
    """What is put first follows the cover, own slides stand behind theirs, what is left out is nowhere."""
    keys = re.findall(r'<div class="page slide [^"]*" id="([^"]+)"', deck(made))
    assert keys[:2] == ["cover", "goals"]
    assert keys[keys.index("risks") + 1] == "own-1"
    assert keys[keys.index("first") + 1] == "own-2"
    assert "perception" not in keys
    places = [int(n) for n in re.findall(r"<b>(\d+)</b></p></div></section>", deck(made))]
    assert places == list(range(1, len(keys) + 1))


def test_the_exported_deck_holds_the_picture_and_the_text_as_text(made: Path) -> None:
    """The photograph is data without what the camera wrote; HTML in the text is shown, not made."""
    html = deck(made)
    assert '<img alt="A desk with two screens" width="300" height="200" src="data:image/jpeg;base64,' in html
    assert "<strong>Nobody</strong> has written it down. &lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Secret" not in html


def test_only_the_presenters_copy_says_what_was_left_out(made: Path) -> None:
    """The client's copy is silent on it."""
    said = "Left out of this deck, as client.yaml says"
    assert said not in deck(made)
    assert said in deck(made, "roadmap-presenter.html")


def test_the_same_record_gives_the_same_deck(made: Path) -> None:
    """A second making differs in no byte."""
    job = replace(task_of(made, SLUG).job, documents=("roadmap",))
    assert made_of(job).files["roadmap.html"].decode() == deck(made)


def test_a_changed_picture_makes_the_client_again_and_plans_nothing_anew(clients: Path) -> None:
    """Its digest is among the inputs; the plan does not rest on it, nor on the deck."""
    assert task_of(clients, SLUG).job.documents == ()
    (clients / SLUG / "slides" / "unused.jpg").write_bytes(photograph("green"))
    assert task_of(clients, SLUG).job.documents == ()
    (clients / SLUG / "slides" / "visit.jpg").write_bytes(photograph("green"))
    assert task_of(clients, SLUG).job.documents == ("assessment", "roadmap")
    record = load(clients, SLUG)
    bare = replace(record, facts=record.facts.model_copy(update={"deck": Deck()}), pictures={})
    assert plan_basis(record, "") == plan_basis(bare, "")


def test_what_goes_to_a_worker_holds_the_pictures_that_are_shown_and_no_other(made: Path) -> None:
    """A notebook sees no file that no slide names."""
    assert {name for name in read_files(made, SLUG) if name.startswith("slides/")} == {
        "slides/unused.jpg", "slides/visit.jpg",
    }  # fmt: skip
    assert {name for name in task_of(made, SLUG).job.files if name.startswith("slides/")} == {
        "slides/visit.jpg"
    }


def test_the_hand_over_holds_the_picture_without_what_the_camera_wrote(made: Path, tmp_path: Path) -> None:
    """The record in it reads back with its deck."""
    with zipfile.ZipFile(hand_over(made, SLUG, tmp_path)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    pictures = {name for name in held if "slides/" in name}
    assert pictures == {"record/slides/visit.jpg"}
    assert b"Secret" not in held["record/slides/visit.jpg"]
    assert Image.open(io.BytesIO(held["record/slides/visit.jpg"])).size == (300, 200)
    copy = tmp_path / "copy" / SLUG
    for name, data in held.items():
        if name.startswith("record/"):
            (copy / name.removeprefix("record/")).parent.mkdir(parents=True, exist_ok=True)
            (copy / name.removeprefix("record/")).write_bytes(data)
    assert load(tmp_path / "copy", SLUG).facts.deck == load(made, SLUG).facts.deck


def slide(number: int, place: object) -> object:
    """Return an output that says its place."""
    return new_output(
        "display_data",
        {HTML_KEY: f"<h1>{number}</h1>"},
        metadata={HTML_KEY: {"document_title": "T", "place": place}},
    )


def test_slides_are_sorted_by_the_place_they_say_and_others_stay_behind_theirs() -> None:
    """Several slides of one cell part; prose, and what says no place or a strange one, follows what it followed."""
    notebook = new_notebook(
        cells=[
            new_code_cell("a", outputs=[slide(1, 3)]),
            new_markdown_cell("behind one"),
            new_code_cell("b", outputs=[slide(2, "first"), slide(3, None)]),
            new_code_cell("c", outputs=[slide(4, 4), slide(5, 1)]),
            new_code_cell("d", outputs=[slide(6, 2)]),
        ]
    )
    before = json.dumps(notebook)
    sources = [
        cell.source if cell.cell_type == "markdown" else [output["data"][HTML_KEY] for output in cell.outputs]
        for cell in in_deck_order(notebook).cells
    ]
    assert sources == [
        ["<h1>5</h1>"], ["<h1>6</h1>"], ["<h1>1</h1>"], "behind one", ["<h1>2</h1>", "<h1>3</h1>"], ["<h1>4</h1>"],
    ]  # fmt: skip
    assert json.dumps(notebook) == before
