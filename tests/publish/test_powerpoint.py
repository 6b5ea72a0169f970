"""The deck as a PowerPoint file: the same messages and figures as in the page, in charts and tables that can be edited."""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
import nbformat
import pytest
from click.testing import CliRunner
from large_client import large_client
from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image
from pptx import Presentation
from pptx.oxml.ns import qn
from slide_templates import changed, named_otherwise, own_template, without_cover

from toolkit.cli import main
from toolkit.errors import DeliverableError, InputError
from toolkit.html.markup import EXHIBITS_KEY, table, text_of
from toolkit.plan import plan_roadmap
from toolkit.publish import documents
from toolkit.publish.batch import run_batch
from toolkit.publish.exporters import PowerPointExporter
from toolkit.publish.job import Request
from toolkit.publish.powerpoint import deck_files
from toolkit.publish.slide_template import deck_template
from toolkit.publish.verify import verify_slides
from toolkit.show import RoadmapStory
from toolkit.show.page import Page

SAMPLES = ("meridian-manufacturing", "harbour-credit-union", "lakeside-clinic")
MERIDIAN = SAMPLES[0]
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def folder(toured: tuple[Path, str]) -> Callable[[str], Path]:
    """Return where a sample's latest deliverables are, as the README's tour made them."""
    return lambda sample: max((toured[0] / "client_data" / sample / "deliverables").iterdir())


@cache
def deck_at(path: Path) -> Any:
    """Return a PowerPoint file, opened; for reading only."""
    return Presentation(str(path))


def titles(deck: Any) -> list[str]:
    """Return each slide's title, spaces of any kind alike."""
    return [" ".join(slide.shapes.title.text_frame.text.split()) for slide in deck.slides]


def page_titles(page: str) -> list[str]:
    """Return each slide's heading in the HTML deck."""
    root = html5lib.parse(page, treebuilder="etree")
    return [
        " ".join("".join(one.itertext()).split())
        for one in root.iter()
        if one.tag in (XHTML + "h1", XHTML + "h2")
    ]


def exhibits(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the exhibits of an executed notebook, in the order of their numbers."""
    cells = nbformat.read(path, as_version=4).cells
    found = [
        one
        for cell in cells
        for output in cell.get("outputs", ())
        for one in output.get("data", {}).get(EXHIBITS_KEY, ())
    ]
    yield from sorted(found, key=lambda one: one["number"])


def charts(deck: Any) -> list[Any]:
    """Return the native charts, in order."""
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def values(chart: Any) -> dict[str, list[float | None]]:
    """Return what a chart holds by its series' names: of points, where they stand across."""
    out = {}
    for plot in chart.plots:
        for series in plot.series:
            across = series._element.find(qn("c:xVal"))
            points = [] if across is None else [float(one.text) for one in across.iter(qn("c:v"))]
            out[series.name] = points if across is not None else list(series.values)
    return out


def notebook(*pages: Page) -> NotebookNode:
    """Return an executed notebook that shows these slides."""
    cells = []
    for page in pages:
        data, metadata = page._repr_mimebundle_()
        cell = new_code_cell("story.page()", metadata={"slideshow": {"slide_type": "slide"}})
        cell.outputs = [new_output("display_data", data=data, metadata=metadata)]
        cells.append(cell)
    return new_notebook(cells=cells)


def slide(title: str, *body: Markup, notes: tuple[str, ...] = ()) -> Page:
    """Return a slide."""
    return Page("one", title, body, "Roadmap", False, slide=True, notes=notes)


def texts(data: bytes) -> str:
    """Return all parts of a PowerPoint file and of the workbooks in it, as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    return "\n".join(
        texts(part) if name.endswith(".xlsx") else part.decode("utf-8", "replace") for name, part in parts
    )


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_slides_bear_the_titles_of_the_page_in_its_order(
    sample: str, folder: Callable[[str], Path]
) -> None:
    """Leadership's file and the presenter's have a slide for each of the page's, with the same title."""
    home = folder(sample)
    expected = page_titles((home / "roadmap.html").read_text("utf-8"))
    assert (
        titles(deck_at(home / "roadmap.pptx")) == titles(deck_at(home / "roadmap-presenter.pptx")) == expected
    )


def test_the_charts_hold_the_exhibits_figures(folder: Callable[[str], Path]) -> None:
    """Nine charts or more of the manufacturer's deck are native, each series as its exhibit's data in the notebook."""
    home = folder(MERIDIAN)
    drawn = charts(deck_at(home / "roadmap.pptx"))
    expected = [one for one in exhibits(home / "roadmap.ipynb") if one["chart"]["kind"] != "grid"]
    assert len(drawn) == len(expected) >= 9
    for chart, exhibit in zip(drawn, expected, strict=True):
        held, points = values(chart), exhibit["chart"]["kind"] == "marks"
        for series in exhibit["chart"]["series"]:
            given = [value for value in series["values"] if value is not None or not points]
            assert held[series["name"]] == given, exhibit["key"]


@pytest.mark.parametrize(
    ("key", "series", "column"),
    [
        ("areas", "Business", "Business"),
        ("areas", "IT", "IT"),
        ("needs", "Importance", "Importance"),
        ("goals", "Share of the plan’s capital, %", "Share of capital, %"),
        ("case", "Sum so far", "Sum up to its end"),
        ("tradeoffs", "Value of the plan, as budgeted = 100", "Value"),
    ],
)
def test_a_chart_holds_what_the_table_behind_the_exhibit_says(
    key: str, series: str, column: str, folder: Callable[[str], Path]
) -> None:
    """A series has the figures of its column in the exhibit's own table, in whatever order the chart has its rows."""
    home = folder(MERIDIAN)
    all_exhibits = [one for one in exhibits(home / "roadmap.ipynb") if one["chart"]["kind"] != "grid"]
    at, exhibit = next((n, one) for n, one in enumerate(all_exhibits) if one["key"] == key)
    place = exhibit["columns"].index(column)
    known = sorted(row[place] for row in exhibit["rows"] if row[place] is not None)
    assert sorted(values(charts(deck_at(home / "roadmap.pptx"))[at])[series]) == pytest.approx(known)


def test_every_chart_table_and_picture_says_what_it_shows(folder: Callable[[str], Path]) -> None:
    """Each has an alternative text; a chart's is its exhibit's message."""
    for sample in SAMPLES:
        for one in deck_at(folder(sample) / "roadmap.pptx").slides:
            for shape in one.shapes:
                if shape.has_chart or shape.has_table or shape.shape_type == 13:
                    assert len(shape._element.xpath(".//p:cNvPr/@descr")[0]) > 4


def test_notes_are_in_the_presenters_file_alone(folder: Callable[[str], Path]) -> None:
    """Leadership's file has no notes at all; the presenter's has them, and is marked on every slide."""
    home = folder(MERIDIAN)
    assert not any(one.has_notes_slide for one in deck_at(home / "roadmap.pptx").slides)
    assert "Read the decisions out first" not in texts((home / "roadmap.pptx").read_bytes())
    own = deck_at(home / "roadmap-presenter.pptx")
    assert "Read the decisions out first" in own.slides[1].notes_slide.notes_text_frame.text
    marked = [
        "not for clients" in " ".join(shape.text_frame.text for shape in one.shapes if shape.has_text_frame)
        for one in own.slides
    ]
    assert all(marked)


def test_the_file_names_nobody_and_no_time(folder: Callable[[str], Path]) -> None:
    """Its title is the deck's; neither the library's author nor a clock is in it or in the workbooks in it."""
    data = (folder(MERIDIAN) / "roadmap.pptx").read_bytes()
    deck = Presentation(io.BytesIO(data))
    assert deck.core_properties.title == "Roadmap: Meridian Manufacturing, 30 September 2026"
    assert deck.core_properties.author == deck.core_properties.last_modified_by == ""
    assert "Canny" not in texts(data)
    years = re.findall(r"<dcterms:(?:created|modified)[^>]*>(\d{4})", texts(data))
    assert set(years) == {"1980"}


def test_the_same_notebook_gives_the_same_bytes(folder: Callable[[str], Path]) -> None:
    """Both files come out of the kept notebook again as they stand, notes apart; no part bears the time it was made at."""
    home = folder(MERIDIAN)
    made, _ = PowerPointExporter().from_notebook_node(nbformat.read(home / "roadmap.ipynb", as_version=4))
    assert made == (home / "roadmap.pptx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        books = [
            zipfile.ZipFile(io.BytesIO(packed.read(name)))
            for name in packed.namelist()
            if name.endswith(".xlsx")
        ]
        dates = {one.date_time for archive in (packed, *books) for one in archive.infolist()}
    assert len(books) >= 9
    assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_a_consultants_own_slides_come_with_text_list_and_picture() -> None:
    """A slide of one's own has its text and its picture, described; a picture that a cell shows becomes a slide, too."""
    red = io.BytesIO()
    Image.new("RGB", (300, 100), "red").save(red, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(red.getvalue()).decode()}"
    body = Markup(
        '<div class="halves"><div class="words"><p>Seen:</p><ul><li>No <strong>deputy</strong></li></ul></div>'
        '<p class="picture"><img alt="A red desk" width="300" height="100" src="{}"></p></div>'
    ).format(address)
    shown = notebook(slide("What we saw", body))
    cell = new_code_cell("plt.show()", metadata={"slideshow": {"slide_type": "slide"}})
    data = {"image/png": base64.b64encode(red.getvalue()).decode(), "text/plain": "A chart of my own"}
    cell.outputs = [new_output("display_data", data=data)]
    shown.cells.append(cell)
    first, second = Presentation(io.BytesIO(deck_files(shown)[0])).slides
    said = " ".join(shape.text_frame.text for shape in first.shapes if shape.has_text_frame)
    assert "Seen:" in said
    assert "No deputy" in said
    assert [
        shape._element.xpath(".//p:cNvPr/@descr") for shape in first.shapes if shape.shape_type == 13
    ] == [["A red desk"]]
    assert second.shapes.title.text_frame.text == "A chart of my own"
    assert [shape.shape_type for shape in second.shapes].count(13) == 1


def crossings(deck: Any) -> list[str]:
    """Return each two tables or boxes of text on a slide that stand on each other, and what leaves its slide."""
    found = []
    for n, one in enumerate(deck.slides, 1):
        boxes = [
            (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height, shape.name)
            for shape in one.shapes
            if shape.has_table or (shape.has_text_frame and shape.text_frame.text.strip())
        ]
        found += [
            f"{n}: {box[4]}" for box in boxes if box[2] > deck.slide_width or box[3] > deck.slide_height
        ]
        for a, b in itertools.combinations(boxes, 2):
            wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            if wide > 2 * 9525 and high > 2 * 9525:
                found.append(f"{n}: {a[4]} and {b[4]}")
    return found


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_text_stands_on_another(sample: str, folder: Callable[[str], Path]) -> None:
    """Tables and boxes of text have room of their own on each slide, as they are measured."""
    assert crossings(deck_at(folder(sample) / "roadmap.pptx")) == []


HOSTILE = "=HYPERLINK(1) <a:t>&amp; \x0b\x1b[31m \u202eturned שלום \ufffe " + "x" * 400


def test_hostile_text_stays_text() -> None:
    """Control characters, markup, formulas, directions and endless words neither break the file nor run in it."""
    body = (Markup("<p>{}</p>").format(text_of(HOSTILE)), table(("Name", HOSTILE), [(HOSTILE, "1")], HOSTILE))
    for data in deck_files(notebook(slide(HOSTILE, *body, notes=(HOSTILE,)))):
        verify_slides("a", data, presenter=True)
        shown = Presentation(io.BytesIO(data)).slides[0].shapes
        assert "=HYPERLINK(1) <a:t>&amp;" in shown.title.text_frame.text
        assert any(
            "שלום" in cell.text
            for shape in shown
            if shape.has_table
            for row in shape.table.rows
            for cell in row.cells
        )


@pytest.mark.parametrize("made", [named_otherwise, without_cover], ids=["4:3", "A4"])
def test_a_consultancys_template_carries_the_deck(
    made: Callable[[], bytes], folder: Callable[[str], Path]
) -> None:
    """Layouts are found by kind whatever they are called, sizes kept, its own slide and author left behind."""
    template, home = made(), folder(MERIDIAN)
    leadership, _ = deck_files(nbformat.read(home / "roadmap.ipynb", as_version=4), template)
    verify_slides("roadmap.pptx", leadership)
    deck, bare = Presentation(io.BytesIO(leadership)), Presentation(io.BytesIO(template))
    assert titles(deck) == titles(deck_at(home / "roadmap.pptx"))
    assert (deck.slide_width, deck.slide_height) == (bare.slide_width, bare.slide_height)
    assert {one.slide_layout.name for one in deck.slides} <= {one.name for one in bare.slide_layouts}
    assert len(charts(deck)) == len(charts(deck_at(home / "roadmap.pptx")))
    assert "Initech" not in texts(leadership)
    assert "Pat Template" not in texts(leadership)
    for one in deck.slides:
        for shape in one.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def external(name: str, part: bytes) -> bytes:
    """Put a link to elsewhere into a layout."""
    link = b'<Relationship Id="rIdX" Type="http://x/hyperlink" Target="http://x.example/" TargetMode="External"/></Relationships>'
    return part.replace(b"</Relationships>", link) if "slideLayouts/_rels" in name else part


REFUSED = {
    "no layout with a title": (lambda: blank_only(), "the layouts Leer"),
    "macros": (lambda: changed(without_cover(), lambda _, part: part, {"ppt/vbaProject.bin": b"x"}), "macros"),
    "a link to elsewhere": (lambda: changed(without_cover(), external), "a link to elsewhere, in ppt/slideLayouts"),
    "an embedded file": (lambda: changed(without_cover(), lambda _, part: part, {"ppt/embeddings/a.bin": b"x"}), "the embedded file"),
    "a bomb": (lambda: changed(without_cover(), lambda _, part: part, {"ppt/media/a.png": bytes(160_000_000)}), "bytes packed into"),
    "entities": (
        lambda: changed(without_cover(), lambda _, part: part, {"ppt/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "declares entities",
    ),
    "slides higher than wide": (lambda: own_template((7.5, 10), {}, (0, 5)), "higher than wide"),
    "no presentation": (lambda: b"PK\x05\x06" + bytes(18), "no presentation"),
    "half a file": (lambda: without_cover()[:9_000], "no presentation, or a damaged one"),
    "an old file": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "old (.ppt) or encrypted"),
}  # fmt: skip


def blank_only() -> bytes:
    """Return a template whose one layout has neither title nor body."""
    deck = Presentation()
    for layout in list(deck.slide_layouts):
        if layout.name != "Blank":
            deck.slide_layouts.remove(layout)
    deck.slide_layouts[0].name = "Leer"
    made = io.BytesIO()
    deck.save(made)
    return made.getvalue()


@pytest.mark.parametrize(("made", "found"), REFUSED.values(), ids=REFUSED)
def test_an_unusable_template_is_refused_in_words(made: Callable[[], bytes], found: str) -> None:
    """The fault names the file and what was found in it, and says what would do."""
    with pytest.raises(InputError, match=re.escape(found)) as told:
        deck_template(made(), "acme, template.pptx")
    (fault,) = told.value.faults
    assert fault.where == "acme, template.pptx"
    assert fault.remedy


def test_check_says_what_a_template_lacks(tmp_path: Path, add_client: Callable[..., Path]) -> None:
    """The client's own template goes before the common one; what it lacks, and what is done instead, is told."""
    own = add_client(tmp_path, "acme", "Acme")
    add_client(tmp_path, "zenith", "Zenith")
    (tmp_path / "template.pptx").write_bytes(named_otherwise())
    (own / "template.pptx").write_bytes(without_cover())
    said = CliRunner().invoke(main, ["check", "--clients", str(tmp_path)]).output
    acme, zenith = said.split("zenith: no fault")
    assert "acme, template.pptx has no layout for a cover" in acme
    assert "no placeholder for the footer and the slide number" in acme
    assert "slides with its layout “Folie mit Inhalt”, the cover with “Deckblatt”" in zenith
    (tmp_path / "template.pptx").write_bytes(blank_only())
    refused = CliRunner().invoke(main, ["check", "zenith", "--clients", str(tmp_path)])
    assert refused.exit_code == 1
    assert "a layout with a title" in refused.output


def test_a_new_template_makes_the_file_anew(
    tmp_path: Path, add_client: Callable[..., Path], notebooks: Path
) -> None:
    """Put among the clients, or taken away, it makes each client's documents anew; otherwise they stay as they are."""
    add_client(tmp_path, "acme", "Acme")
    made = tmp_path / "acme" / "deliverables" / "r1" / "roadmap.pptx"

    def run() -> tuple[str, int]:
        (result,) = run_batch(tmp_path, ["acme"], Request(notebooks=notebooks), workers=1).results
        return result.state, Presentation(str(made)).slide_width

    _, wide = run()
    (tmp_path / "template.pptx").write_bytes(named_otherwise())
    assert run() == ("made", 9_144_000)
    assert run() == ("unchanged", 9_144_000)
    (tmp_path / "template.pptx").unlink()
    assert run() == ("made", wide)


REACHING_OUT = {
    "a link to elsewhere": (
        lambda name, part: part.replace(b"</Relationships>", b'<Relationship Id="rIdX" Type="t" Target="http://x" TargetMode="External"/></Relationships>')
        if name == "ppt/slides/_rels/slide1.xml.rels"
        else part,
        "points elsewhere",
    ),
    "macros": (lambda name, part: part.replace(b"presentation.main", b"presentation.macroEnabled.main"), "it holds macros"),
    "another client's name": (lambda name, part: part.replace(b"A title", b"About Initech Ltd"), "it names another client: Initech Ltd"),
    "an author": (lambda name, part: part.replace(b"<dc:creator></dc:creator>", b"<dc:creator>Pat</dc:creator>").replace(b"<dc:creator/>", b"<dc:creator>Pat</dc:creator>"), "it names its author"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "found"), REACHING_OUT.values(), ids=REACHING_OUT)
def test_a_file_that_reaches_out_or_leaks_is_not_published(
    change: Callable[[str, bytes], bytes], found: str
) -> None:
    """What the page may not hold, the PowerPoint file may not hold either."""
    leadership, _ = deck_files(notebook(slide("A title", Markup("<p>Body</p>"))))
    verify_slides("roadmap.pptx", leadership, ["Initech Ltd"])
    with pytest.raises(DeliverableError, match=re.escape(found)):
        verify_slides("roadmap.pptx", changed(leadership, change), ["Initech Ltd"])


def test_leaderships_file_with_notes_is_refused() -> None:
    """The presenter's copy under leadership's name stops publication."""
    _, presenter = deck_files(notebook(slide("A title", Markup("<p>Body</p>"), notes=("Ask Priya.",))))
    verify_slides("roadmap-presenter.pptx", presenter, presenter=True)
    with pytest.raises(DeliverableError, match="speaker notes"):
        verify_slides("roadmap.pptx", presenter)


def test_without_the_library_all_else_is_made_and_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, add_client: Callable[..., Path], notebooks: Path
) -> None:
    """Where python-pptx is missing, no PowerPoint file is among what is made, and the command says what it needs."""
    from toolkit.publish import make

    monkeypatch.setattr(make, "powerpoint_installed", lambda: False)
    document = documents.DOCUMENTS["roadmap"]
    assert make._slides(document, notebook(slide("A title")), [], lambda name: False, b"") == {}
    monkeypatch.setattr(documents, "powerpoint_installed", lambda: False)
    add_client(tmp_path, "acme", "Acme")
    said = CliRunner().invoke(main, ["batch", "acme", "--clients", str(tmp_path)])
    assert said.exit_code == 0
    assert "pip install 'it-alignment-toolkit[pptx]'" in said.output


@pytest.mark.heavy
@pytest.mark.parametrize("what", [*SAMPLES, "60 initiatives", "4:3", "A4"])
def test_an_office_program_shows_every_slide(
    what: str, folder: Callable[[str], Path], tmp_path: Path
) -> None:
    """LibreOffice turns the file into as many pages as it has slides."""
    office = shutil.which("soffice")
    assert office, "LibreOffice Impress is needed: make soak installs it"
    kept = nbformat.read(folder(what if what in SAMPLES else MERIDIAN) / "roadmap.ipynb", as_version=4)
    template = {"4:3": named_otherwise, "A4": without_cover}.get(what, bytes)()
    if what == "60 initiatives":
        record = large_client(60)
        kept = notebook(*RoadmapStory.of(record, plan_roadmap(record, "")).pages.values())
    data, _ = deck_files(kept, template)
    assert crossings(Presentation(io.BytesIO(data))) == []
    path = tmp_path / "deck.pptx"
    path.write_bytes(data)
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    subprocess.run(
        [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True,
        timeout=300,
    )
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / "deck.pdf").read_bytes()))
    assert pages == len(Presentation(io.BytesIO(data)).slides)


def test_a_kept_notebook_holds_charts_as_plain_data(folder: Callable[[str], Path]) -> None:
    """What is drawn is JSON beside the exhibit's table: another program needs neither the toolkit nor the picture."""
    for exhibit in exhibits(folder(MERIDIAN) / "roadmap.ipynb"):
        chart = json.loads(json.dumps(exhibit["chart"]))
        assert all(len(series["values"]) == len(chart["rows"]) for series in chart["series"])
