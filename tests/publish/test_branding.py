"""A brand on documents: its colour in every chart, style sheet and slide, its marks on the first page, and on no other client's."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image
from pptx import Presentation
from sent_sheets import SLUG, client
from slide_templates import named_otherwise

from toolkit.client.brand import Brand
from toolkit.html.colour import house_colours
from toolkit.html.markup import text_of
from toolkit.intake.decision_sheet import write_sheet
from toolkit.intake.questionnaire_files import write_questionnaire
from toolkit.publish.batch import run_batch
from toolkit.publish.client_task import task_of
from toolkit.publish.exporters import DeckExporter, ReportExporter
from toolkit.publish.job import Request
from toolkit.publish.make import _exported
from toolkit.publish.powerpoint import deck_files
from toolkit.show.page import Page

CLINIC = "lakeside-clinic"
VIOLET, RUST = "#7a3cc8", "#8a2b0f"
LINE = "Confidential: for the board alone"
CODED = "".join(f"\\{ord(letter):06x}" for letter in LINE)  # as a style sheet writes it
COMMON = f'meta: {{name: Ashdown Partners}}\nlogo: logo.png\ncolor: {{primary: "{VIOLET}"}}\ntypography: {{base: Open Sans}}\nconfidentiality: "{LINE}"\n'
OWN = f'meta: {{name: Elm Advisers}}\ncolor: {{primary: "{RUST}"}}\n'
PAGES = ("assessment.html", "roadmap.html", "roadmap-presenter.html")
SLIDES = ("roadmap.pptx", "roadmap-presenter.pptx")
HOUSE = [house_colours()[role] for role in ("accent", "accent-2", "accent-3", "accent-4", "on-accent")]


def logo() -> bytes:
    """Return a logo of four to one."""
    made = io.BytesIO()
    Image.new("RGB", (400, 100), VIOLET).save(made, "PNG")
    return made.getvalue()


@pytest.fixture(scope="module")
def branded(once: Callable[..., tuple[Path, str]], project: Path) -> Callable[[str], Path]:
    """Return where the documents of a client under the common brand, and of one with its own, are; for reading only."""

    def made(folder: Path) -> str:
        for slug in ("common", "own"):
            (folder / slug).mkdir()
            for name in ("client.yaml", "initiatives.csv", "responses.csv", "actions.csv"):
                shutil.copy(project / "client_data" / CLINIC / name, folder / slug)
        (folder / "brand.yaml").write_text(COMMON, encoding="utf-8")
        (folder / "logo.png").write_bytes(logo())
        (folder / "own" / "brand.yaml").write_text(OWN, encoding="utf-8")
        done = run_batch(folder, ["common", "own"], workers=2)
        return "".join(f"{one.state} {one.message}" for one in done.results)

    folder, said = once("branded", made)
    assert said == "made made ", said
    return lambda slug: next((folder / slug / "deliverables").iterdir())


def parts(path: Path) -> str:
    """Return all XML of a PowerPoint file."""
    with zipfile.ZipFile(path) as packed:
        return "\n".join(
            packed.read(name).decode()
            for name in sorted(packed.namelist())
            if name.endswith((".xml", ".rels"))
        )


@pytest.mark.parametrize(("slug", "colour"), [("common", VIOLET), ("own", RUST)])
def test_every_document_is_drawn_in_the_brands_colour(
    branded: Callable[[str], Path], slug: str, colour: str
) -> None:
    """The colour stands in the style sheet, in charts, in slides and in their theme; of the house's accents none is left."""
    for name in PAGES:
        page = (branded(slug) / name).read_text(encoding="utf-8")
        assert f"--accent: {colour};" in page
        assert re.search(rf'<svg.*? style="[^"]*{colour}', page, re.DOTALL)
        assert [old for old in HOUSE if old in page] == []
    for name in SLIDES:
        text = parts(branded(slug) / name)
        assert f'<a:accent1><a:srgbClr val="{colour[1:].upper()}"/>' in re.sub(
            r' xmlns:\w+="[^"]*"', "", text
        )
        assert text.count(colour[1:].upper()) > 5
        assert [old for old in HOUSE if old[1:].upper() in text] == []


def test_logo_name_and_line_stand_on_the_first_page_and_the_line_on_every_slide(
    branded: Callable[[str], Path],
) -> None:
    """The logo, described by the name, is a picture of the file itself; the line stands on each slide and on each printed page."""
    home = branded("common")
    for name in PAGES:
        page = (home / name).read_text(encoding="utf-8")
        first, *others = re.split('<div class="page ', page)[1:]
        assert re.search(
            '<img alt="Ashdown Partners" width="192" height="48" src="data:image/png;base64,', first
        )
        assert LINE in first
        if "assessment" not in name:
            assert all(f'<p class="foot"><span><bdi>{LINE}</bdi>' in one for one in others)
    printed = (home / "assessment.html").read_text(encoding="utf-8")
    assert f'@bottom-left {{ content: "{CODED}"' in printed
    for name in SLIDES:
        deck = Presentation(str(home / name))
        for slide in deck.slides:
            assert LINE in "\n".join(one.text_frame.text for one in slide.shapes if one.has_text_frame)
        (picture,) = (one for one in deck.slides[0].shapes if one.shape_type == 13)
        assert picture._element.nvPicPr.cNvPr.get("descr") == "Ashdown Partners"


def test_a_typeface_stands_before_the_houses(branded: Callable[[str], Path]) -> None:
    """Pages name it first, with the house's embedded behind it; slides name it in their theme. Without one, nothing changes."""
    page = (branded("common") / "roadmap.html").read_text(encoding="utf-8")
    assert '--font: "Open Sans", "Fira Sans",' in page
    assert 'font-family: "Fira Sans"; font-weight: 400' in page
    assert 'typeface="Open Sans"' in parts(branded("common") / "roadmap.pptx")
    assert "font-size-adjust" not in (branded("own") / "roadmap.html").read_text(encoding="utf-8")


def test_nothing_of_one_brand_reaches_another_client(branded: Callable[[str], Path]) -> None:
    """A client with a brand of its own bears nothing of the common one, and the other nothing of that; made at the same time."""
    for slug, foreign in (
        ("own", ("Ashdown", VIOLET[1:], LINE, CODED, "Open Sans")),
        ("common", ("Elm Advisers", RUST[1:])),
    ):
        for path in branded(slug).iterdir():
            text = parts(path) if path.suffix == ".pptx" else path.read_bytes().decode("utf-8", "replace")
            assert [word for word in foreign if word.lower() in text.lower()] == [], path.name


def test_an_exporter_forgets_a_brand(branded: Callable[[str], Path]) -> None:
    """One process exports a branded document, then one without: the second is byte for byte what it is without the first."""
    for exporter, name in ((ReportExporter, "assessment"), (DeckExporter, "roadmap")):
        notebook = nbformat.read(branded("own") / f"{name}.ipynb", as_version=4)
        before = _exported(exporter, notebook)
        assert _exported(exporter, notebook, Brand("Ashdown", colour=VIOLET, confidentiality=LINE)) != before
        assert _exported(exporter, notebook) == before


def test_two_runs_give_the_same_bytes(branded: Callable[[str], Path], tmp_path: Path) -> None:
    """Made again elsewhere, every file of a branded client is the same, and its manifest names brand and logo."""
    home = branded("common")
    clients = home.parents[2]
    shutil.copytree(
        clients, tmp_path / "again", ignore=shutil.ignore_patterns("deliverables", "draft", "own")
    )
    done = run_batch(tmp_path / "again", ["common"], workers=1)
    assert done.results[0].state == "made", done.results[0].message
    again = tmp_path / "again" / "common" / "deliverables" / home.name
    assert {path.name for path in home.iterdir()} == {path.name for path in again.iterdir()}
    assert [
        path.name for path in home.iterdir() if path.read_bytes() != (again / path.name).read_bytes()
    ] == []
    manifest = (home / "manifest.json").read_text(encoding="utf-8")
    assert '"brand.yaml"' in manifest
    assert '"logo.png"' in manifest


def test_a_changed_brand_makes_the_documents_anew(
    tmp_path: Path, add_client: Callable[..., Path], notebooks: Path
) -> None:
    """A changed logo of all clients makes those anew that bear it, a brand that is taken away those that bore it, and no other."""
    for slug, name in (("acme", "Acme"), ("zenith", "Zenith")):
        add_client(tmp_path, slug, name)
    (tmp_path / "zenith" / "brand.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "brand.yaml").write_text(COMMON, encoding="utf-8")
    (tmp_path / "logo.png").write_bytes(logo())

    def run() -> list[str]:
        return [
            one.state for one in run_batch(tmp_path, ["acme", "zenith"], Request(notebooks=notebooks)).results
        ]

    assert run() == ["made", "made"]
    assert run() == ["unchanged", "unchanged"]
    made = io.BytesIO()
    Image.new("RGB", (300, 100), RUST).save(made, "PNG")
    (tmp_path / "logo.png").write_bytes(made.getvalue())
    assert run() == ["made", "unchanged"]
    (tmp_path / "zenith" / "brand.yaml").unlink()
    assert run() == ["unchanged", "made"]
    (tmp_path / "brand.yaml").write_text('color: {primary: "#ffcc00"}', encoding="utf-8")
    assert run() == ["failed", "failed"]
    page = tmp_path / "acme" / "deliverables" / "r1" / "assessment.html"
    assert f"--accent: {VIOLET};" in page.read_text(encoding="utf-8")


def test_a_narrow_footer_cuts_all_else_before_the_confidentiality_line(
    branded: Callable[[str], Path],
) -> None:
    """In a 4:3 template, whose footer is a quarter of the slide, each slide's foot begins with the line, whole."""
    line = "Strictly confidential: for the members of the board alone"
    notebook = nbformat.read(branded("own") / "roadmap.ipynb", as_version=4)
    leadership, _ = deck_files(notebook, named_otherwise(), Brand(confidentiality=line))
    for slide in Presentation(io.BytesIO(leadership)).slides:
        assert any(one.text_frame.text.startswith(line) for one in slide.shapes if one.has_text_frame)


@pytest.mark.parametrize(
    ("formats", "pdf", "slides"),
    [("[html]", False, False), ("[pdf]", True, False), ("[pptx, pdf]", True, True)],
)
def test_documents_are_made_as_the_brand_says(
    formats: str, pdf: bool, slides: bool, tmp_path: Path, add_client: Callable[..., Path], notebooks: Path
) -> None:
    """PDFs without being asked, PowerPoint files only where they are listed, pages always; what is no longer listed is taken away."""
    add_client(tmp_path, "acme", "Acme")
    (tmp_path / "brand.yaml").write_text(f"formats: {formats}", encoding="utf-8")
    assert task_of(tmp_path, "acme").job.pdf is pdf
    run_batch(tmp_path, ["acme"], Request(notebooks=notebooks, documents=("roadmap",)), workers=1)
    made = {path.suffix for path in (tmp_path / "acme" / "deliverables" / "r1").iterdir()}
    assert {".html"} | ({".pdf"} if pdf else set()) | ({".pptx"} if slides else set()) == made & {
        ".html", ".pdf", ".pptx",
    }  # fmt: skip


def test_what_is_sent_out_bears_the_brand_and_a_questionnaire_no_line(tmp_path: Path) -> None:
    """Decision sheet and questionnaires have logo and colour; who may read the documents is said to nobody who is asked."""
    client(tmp_path)
    facts = tmp_path / SLUG / "client.yaml"
    asked = facts.read_text("utf-8").replace("id: r1", "id: r1\n  questionnaire: executive\n  groups: [{group: business, invited: 9}]")  # fmt: skip
    facts.write_text(asked, encoding="utf-8")
    (tmp_path / "brand.yaml").write_text(COMMON, encoding="utf-8")
    (tmp_path / "logo.png").write_bytes(logo())
    sheet = write_sheet(tmp_path, SLUG).read_text("utf-8")
    folder = write_questionnaire(tmp_path, SLUG).folder
    offline, paper = (
        (folder / f"questionnaire-{kind}business.html").read_text("utf-8") for kind in ("offline-", "")
    )
    for page in (sheet, offline, paper):
        assert '<img alt="Ashdown Partners" width="192" height="48" src="data:image/png;base64,' in page
        assert f"--accent: {VIOLET};" in page
        assert 'body { font-family: "Open Sans", system-ui' in page
    assert LINE in sheet
    assert LINE not in offline + paper
    assert "Ashdown" not in (folder / "first-meeting.html").read_text("utf-8")


def test_a_deck_without_a_cover_bears_the_brand_at_its_head() -> None:
    """Its first slide has the name, and no other; in PowerPoint, too."""
    pages = [Page(key, f"Slide {key}", (text_of("Body"),), "Review", False, slide=True) for key in "ab"]
    notebook = new_notebook()
    for page in pages:
        data, metadata = page._repr_mimebundle_()
        cell = new_code_cell("page", metadata={"slideshow": {"slide_type": "slide"}})
        cell.outputs = [new_output("display_data", data=data, metadata=metadata)]
        notebook.cells.append(cell)
    brand = Brand("Ashdown Partners", colour=VIOLET)
    html = _exported(DeckExporter, notebook, brand).decode()
    assert html.count('<p class="brand"><bdi>Ashdown Partners</bdi></p>') == 1
    first, second = Presentation(io.BytesIO(deck_files(notebook, brand=brand)[0])).slides
    told = [
        "\n".join(one.text_frame.text for one in slide.shapes if one.has_text_frame)
        for slide in (first, second)
    ]
    assert ["Ashdown Partners" in text for text in told] == [True, False]
