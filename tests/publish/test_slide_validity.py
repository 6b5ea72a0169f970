"""PowerPoint files that need no repair: every part held against the standard, and the check itself shown to bite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from large_client import large_client
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from slide_templates import changed, named_otherwise, without_cover
from slide_validity import invalid

from toolkit.plan import plan_roadmap
from toolkit.publish.powerpoint import deck_files
from toolkit.show import RoadmapStory

SAMPLES = ("meridian-manufacturing", "harbour-credit-union", "lakeside-clinic")


@pytest.fixture(scope="module")
def folder(toured: tuple[Path, str]) -> Callable[[str], Path]:
    """Return where a sample's latest deliverables are, as the README's tour made them."""
    return lambda sample: max((toured[0] / "client_data" / sample / "deliverables").iterdir())


def told(story: RoadmapStory) -> NotebookNode:
    """Return an executed notebook that shows a story."""
    cells = []
    for page in story.pages.values():
        data, metadata = page._repr_mimebundle_()
        cell = new_code_cell("story.page()", metadata={"slideshow": {"slide_type": "slide"}})
        cell.outputs = [new_output("display_data", data=data, metadata=metadata)]
        cells.append(cell)
    return new_notebook(cells=cells)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_deck_is_as_the_standard_has_it(sample: str, folder: Callable[[str], Path]) -> None:
    """Leadership's file and the presenter's: parts, types, relationships, ids, order of elements, axes, and charts as their workbooks."""
    home = folder(sample)
    for name in ("roadmap.pptx", "roadmap-presenter.pptx"):
        assert invalid((home / name).read_bytes()) == [], name


def test_the_review_is_as_the_standard_has_it(folder: Callable[[str], Path]) -> None:
    """The review's file, which the tour made of the manufacturer."""
    assert invalid((folder(SAMPLES[0]) / "review.pptx").read_bytes()) == []


@pytest.mark.parametrize("made", [named_otherwise, without_cover], ids=["4:3", "A4"])
def test_a_deck_in_a_template_is_as_the_standard_has_it(
    made: Callable[[], bytes], folder: Callable[[str], Path]
) -> None:
    """Whatever the layouts are, both files hold nothing to repair."""
    kept = nbformat.read(folder(SAMPLES[0]) / "roadmap.ipynb", as_version=4)
    assert [invalid(data) for data in deck_files(kept, made())] == [[], []]


@pytest.mark.heavy
def test_a_large_deck_is_as_the_standard_has_it() -> None:
    """Sixty initiatives, as a draft."""
    record = large_client(60)
    story = RoadmapStory.of(record, plan_roadmap(record, ""), edition="draft")
    assert [invalid(data) for data in deck_files(told(story))] == [[], []]


def _in(part: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        if part in name and not name.endswith(".rels") and old in data:
            return data.replace(old, new, 1)
        return data

    return change


BREACHES: dict[str, tuple[Callable[[str, bytes], bytes | None], str]] = {
    "not well-formed": (_in("slides/slide2.xml", b"<p:cSld>", b"<p:cSld><"), "not well-formed"),
    "a part without a type": (_in("[Content_Types]", b'Extension="xlsx"', b'Extension="xls"'), "has no content type"),
    "a part that is not there": (lambda name, data: None if name == "ppt/slides/slide2.xml" else data, "which is not there"),
    "a relationship that is not there": (
        lambda name, data: data.replace(b"charts/chart", b"charts/x", 1) if name == "ppt/slides/_rels/slide3.xml.rels" else data,
        "which is not there",
    ),
    "an id that no relationship has": (_in("charts/chart", b'<c:externalData r:id="rId1"', b'<c:externalData r:id="rId9"'), "uses rId9"),
    "one id for two shapes": (_in("slides/slide2.xml", b'<p:cNvPr id="3"', b'<p:cNvPr id="2"'), "shape id 2 stands 2 times"),
    "a text body without a paragraph": (_in("slides/slide2.xml", b"<a:p>", b"<a:q>"), "not well-formed"),
    "elements in another order": (_in("charts/chart", b"<c:order ", b"<c:tx/><c:order "), "behind <tx>"),
    "an axis that is not there": (_in("charts/chart", b"<c:crossAx val=", b"<c:crossAx val=\"7\" x="), "crosses 7"),
    "a number below nought": (_in("charts/chart", b"<c:axId val=\"", b"<c:axId val=\"-"), "not of 0 to"),
    "another figure than the workbook's": (_in("charts/chart", b"</c:formatCode><c:ptCount val=\"", b"</c:formatCode><c:ptCount val=\"1"), "counts 1"),
    "a colour of five digits": (_in("slides/slide2.xml", b'<a:srgbClr val="', b'<a:srgbClr val="1'), "has the colour"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "found"), BREACHES.values(), ids=BREACHES)
def test_the_check_bites(
    change: Callable[[str, bytes], bytes | None], found: str, folder: Callable[[str], Path]
) -> None:
    """Each breach is named."""
    whole = (folder(SAMPLES[2]) / "roadmap.pptx").read_bytes()
    assert any(found in fault for fault in invalid(changed(whole, change)))
