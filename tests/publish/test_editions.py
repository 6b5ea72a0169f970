"""Editions: a draft that says so everywhere, and a board's that is shorter and asks for the same decisions."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat import NotebookNode
from pptx import Presentation
from slide_templates import named_otherwise

from toolkit.cli import main
from toolkit.client.deck import ALWAYS_SHOWN, SLIDES
from toolkit.client.edition import BOARD, SPARED_PAGES, SPARED_SLIDES
from toolkit.client.store import load
from toolkit.errors import DeliverableError, InputError
from toolkit.html.markup import DRAFT_MARK
from toolkit.plan import plan_roadmap
from toolkit.publish.batch import run_batch
from toolkit.publish.client_task import task_of
from toolkit.publish.documents import asked_for
from toolkit.publish.handover import hand_over
from toolkit.publish.job import Request
from toolkit.publish.notebook_run import execute
from toolkit.publish.powerpoint import deck_files
from toolkit.publish.status import client_status, out_of_date
from toolkit.show import AssessmentStory, RoadmapStory

SLUG = "lakeside-clinic"
SAMPLES = ("meridian-manufacturing", "harbour-credit-union", SLUG)
OWN = "\ndeck:\n  leave_out: [risks]\n  own:\n  - {title: How the list was drawn up, after: ranked, text: By hand.}\n"


@pytest.fixture(scope="module")
def made(once: Callable[..., tuple[Path, str]], project: Path) -> Path:
    """The clinic as a draft, and its board's edition; for reading only."""

    def fill(folder: Path) -> str:
        left_behind = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock")
        shutil.copytree(project / "client_data" / SLUG, folder / SLUG, ignore=left_behind)
        facts = folder / SLUG / "client.yaml"
        facts.write_text(facts.read_text("utf-8") + OWN, "utf-8")
        asked = (Request(draft=True), Request(documents=asked_for(edition=BOARD)))
        return " ".join(run_batch(folder, [SLUG], one, workers=1).results[0].state for one in asked)

    folder, said = once("editions", fill)
    assert said == "made made"
    return folder


@pytest.fixture
def clients(made: Path, tmp_path: Path) -> Path:
    """A copy of them."""
    return shutil.copytree(made, tmp_path / "clients")


def home(clients: Path) -> Path:
    """Return where the clinic's documents are."""
    (folder,) = (clients / SLUG / "deliverables").iterdir()
    return folder


def pages(html: str) -> dict[str, str]:
    """Return a document's pages by their keys."""
    return dict(
        re.findall(
            r'<div class="page [^"]*" id="([^"]+)">(.*?)(?=<div class="page |</main>)', html, re.DOTALL
        )
    )


def marks(deck: object) -> list[int]:
    """Return how often each slide of a PowerPoint file bears the mark of a draft."""
    return [
        sum(shape.text_frame.text == DRAFT_MARK for shape in slide.shapes if shape.has_text_frame)
        for slide in deck.slides  # type: ignore[attr-defined]
    ]


def test_what_a_board_decides_is_never_left_out() -> None:
    """Of what a board is spared, nothing asks for decisions, says what is not known or why something was adjusted."""
    assert {*SPARED_SLIDES} < {*SLIDES} - {*ALWAYS_SHOWN}
    assert not {*SPARED_PAGES} & {"answer", "recommendations", "appendix"}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_board_is_asked_what_leadership_is_asked(sample: str, project: Path) -> None:
    """Its first and last slide and the first page hold the same decisions, amounts and boxes; its pages link to no page it lacks."""
    record = load(project / "client_data", sample)
    roadmap = plan_roadmap(record)
    whole, board = (RoadmapStory.of(record, roadmap, edition=one) for one in ("leadership", BOARD))
    assert len(board.pages) < len(whole.pages)
    assert {*board.pages} == {*whole.pages} - {*SPARED_SLIDES}
    for key in ("decisions", "first"):
        rows = [
            re.findall("<(?:tr|li).*?</(?:tr|li)>", str(one.pages[key].html()), re.DOTALL)
            for one in (whole, board)
        ]
        assert rows[0] == rows[1]
        assert len(rows[0]) >= len(whole.asks) > 0
    page = AssessmentStory.of(record, roadmap, edition=BOARD)
    html = "".join(str(one.html()) for one in page.pages.values())
    assert {*page.pages} == {"answer", "areas", "deadlines", "recommendations", "since", "appendix"}
    assert {*re.findall(r'<a href="#([^"]+)"', html)} <= {*page.pages}
    assert [*re.findall(r'<p class="kicker"><bdi>(\d+) ', html)] == [
        str(n) for n in range(1, len(page.pages))
    ]


def test_a_board_s_presenter_knows_what_was_left_out_and_nobody_else(made: Path) -> None:
    """The notes to the cover name the slides that the edition and those that client.yaml leaves out, own ones among them."""
    board, notes = (
        (home(made) / f"roadmap-board{end}.html").read_text("utf-8") for end in ("", "-presenter")
    )
    assert "How the list was drawn up" not in board
    assert "Left out" not in board
    assert "Left out of this deck, as client.yaml says" in notes
    said = re.search("Left out of the board’s edition: (.*?)</bdi>", notes)
    assert said
    assert "“How the list was drawn up”" in said[1]
    whole = pages((home(made) / "roadmap.html").read_text("utf-8"))
    spared = [key for key in SPARED_SLIDES if key in whole]
    titles = [re.sub("<[^>]+>", "", re.search("<h2>(.*?)</h2>", whole[key])[1]) for key in spared]  # type: ignore[index]
    assert len(titles) > 3
    assert [one for one in titles if one.replace("\u00a0", " ") not in said[1].replace("\u00a0", " ")] == []
    assert "Left out of the board’s edition of the assessment: “What the business needs”" in notes


def test_every_page_and_slide_of_a_draft_says_so(made: Path) -> None:
    """On screen each page, on paper each printed one, in PowerPoint each slide, under a template of one's own too; a final document bears none."""
    folder = home(made)
    for name in ("assessment.html", "roadmap.html", "roadmap-presenter.html"):
        html = (folder / name).read_text("utf-8")
        shown = pages(html)
        assert len(shown) > 9
        assert [
            key for key, page in shown.items() if page.count(f'<p class="draft">{DRAFT_MARK}</p>') != 1
        ] == []
    coded = "".join(f"\\{ord(letter):06x}" for letter in DRAFT_MARK)
    assert f'@top-right {{ content: "{coded}"' in (folder / "assessment.html").read_text("utf-8")
    for name in ("roadmap.pptx", "roadmap-presenter.pptx"):
        assert {*marks(Presentation(str(folder / name)))} == {1}
    notebook = nbformat.read(folder / "roadmap.ipynb", as_version=4)
    own, _ = deck_files(notebook, named_otherwise())
    assert {*marks(Presentation(io.BytesIO(own)))} == {1}
    assert 'class="draft"' not in (folder / "assessment-board.html").read_text("utf-8")
    assert {*marks(Presentation(str(folder / "roadmap-board.pptx")))} == {0}


def test_a_round_that_is_open_marks_its_documents_as_asking_for_a_draft_does(project: Path) -> None:
    """Leadership's edition of an open round bears the same mark on every page."""
    record = load(project / "client_data", SLUG)
    rounds = tuple(one.model_copy(update={"closed": None}) for one in record.facts.rounds)
    still_open = replace(record, facts=record.facts.model_copy(update={"rounds": rounds}))
    for kind in (AssessmentStory, RoadmapStory):
        story = kind.of(still_open, plan_roadmap(still_open))
        assert all(DRAFT_MARK in str(page.html()).partition("</p>")[0] for page in story.pages.values())


def test_drafts_are_not_handed_over_and_the_board_s_edition_is(clients: Path, tmp_path: Path) -> None:
    """A draft is refused by name and status tells of it; made final, all leaves but the presenters' copies."""
    with pytest.raises(InputError, match="assessment, roadmap, made as a draft"):
        hand_over(clients, SLUG, tmp_path / "out")
    assert client_status(clients, SLUG)[-1] == "up to date; drafts, as asked for"
    assert out_of_date(clients, SLUG) == ""
    facts = clients / SLUG / "client.yaml"
    facts.write_text(facts.read_text("utf-8") + "# a remark\n", "utf-8")
    told = out_of_date(clients, SLUG)
    assert f"'align run {SLUG} --edition draft'" in told
    assert f"'align run {SLUG} --only roadmap --edition board'" in told
    for asked in (Request(), Request(documents=asked_for(edition=BOARD))):
        assert run_batch(clients, [SLUG], asked, workers=1).results[0].state == "made"
    with zipfile.ZipFile(hand_over(clients, SLUG, tmp_path / "out")) as packed:
        given = {name.rpartition("/")[2] for name in packed.namelist()}
    assert {"roadmap.html", "roadmap-board.html", "roadmap-board.pptx", "assessment-board.html"} <= given
    assert not [name for name in given if "presenter" in name]


def test_each_edition_is_made_from_its_own_parameters(made: Path) -> None:
    """The manifest says which edition a document is; leadership's has no parameter more, so notebooks of one's own need none."""
    documents = json.loads((home(made) / "manifest.json").read_text("utf-8"))["documents"]
    told = {name: entry["made_from"]["parameters"].get("edition") for name, entry in documents.items()}
    assert told == {
        "assessment": "draft", "roadmap": "draft", "assessment-board": "board", "roadmap-board": "board",
    }  # fmt: skip
    sources = task_of(made, SLUG).job.sources([])
    assert all("edition" not in source["parameters"] for source in sources.values())


def test_a_notebook_without_editions_says_so(write_notebook: Callable[..., Path], tmp_path: Path) -> None:
    """One of one's own that does not take the parameter is refused in words, not run as if it did."""
    notebook = write_notebook(tmp_path / "roadmap.ipynb", "1")
    with pytest.raises(DeliverableError, match="has no parameter “edition”"):
        execute(notebook, {"client": "acme", "edition": "draft"}, tmp_path)
    assert isinstance(execute(notebook, {"client": "acme"}, tmp_path), NotebookNode)


def test_the_command_says_what_the_board_s_edition_leaves_out_and_refuses_one_of_the_review(
    tmp_path: Path, add_client: Callable[..., Path]
) -> None:
    """Told behind the result; the review has no shorter edition, and an unknown one is named with those there are."""
    add_client(tmp_path, "acme", "Acme")
    run = CliRunner().invoke
    done = run(main, ["batch", "acme", "--only", "roadmap", "--edition", "board", "--clients", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "roadmap-board.html" in done.output
    assert "leaves out of the deck: goals, perception" in done.output
    assert {path.name for path in (tmp_path / "acme" / "deliverables" / "r1").glob("*.html")} == {
        "roadmap-board.html", "roadmap-board-presenter.html",
    }  # fmt: skip
    refused = run(main, ["run", "acme", "--only", "review", "--edition", "board", "--clients", str(tmp_path)])
    assert refused.exit_code == 2
    assert "The review has no edition of its own for the board" in refused.output
    with pytest.raises(InputError, match="one of: draft, leadership, board"):
        RoadmapStory.open("acme", str(tmp_path), "", "bord")
