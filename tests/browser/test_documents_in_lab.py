"""assessment.ipynb and roadmap.ipynb in a real JupyterLab: they read as the documents, without their code."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from barriers import barriers
from lab import JupyterLab
from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = pytest.mark.browser

SAMPLE = "lakeside-clinic"
WINDOW: ViewportSize = {"width": 1280, "height": 720}
# The code that can be read without a click, and what stands for code that is collapsed.
CODE = ".jp-CodeCell .cm-editor:visible, .jp-CodeCell .jp-InputPlaceholder:visible"
# Of the tables' rows in view, the least room between the text of two cells beside each other, in pixels.
LEAST_ROOM = """() => {
  const box = cell => { const range = document.createRange(); range.selectNodeContents(cell); return range.getBoundingClientRect(); };
  return Math.min(...[...document.querySelectorAll('.alignment tr')].flatMap(row => {
    const cells = [...row.cells].filter(cell => cell.textContent.trim()).map(box);
    return cells.slice(1).map((cell, n) => cell.left - cells[n].right);
  }));
}"""
# How far text of the charts in view passes their edges, in pixels.
OUTSIDE = """() => Math.max(0, ...[...document.querySelectorAll('.alignment svg.chart')].flatMap(chart => {
  const edge = chart.getBoundingClientRect();
  return [...chart.querySelectorAll('text')].map(text => text.getBoundingClientRect().right - edge.right);
}))"""


@pytest.fixture(scope="module")
def lab(
    tmp_path_factory: pytest.TempPathFactory, project: Path, jupyterlab: JupyterLab
) -> Iterator[JupyterLab]:
    """A real JupyterLab over both notebooks, for one sample."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "notebooks").mkdir()
    for name in ("assessment.ipynb", "roadmap.ipynb"):
        text = (project / "notebooks" / name).read_text(encoding="utf-8")
        (folder / "notebooks" / name).write_text(
            text.replace("meridian-manufacturing", SAMPLE), encoding="utf-8"
        )
    ignored = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock")
    shutil.copytree(project / "client_data" / SAMPLE, folder / "client_data" / SAMPLE, ignore=ignored)
    with jupyterlab.within(folder) as lab:
        yield lab


def scrolled(page: Page) -> Iterator[None]:
    """Yield at each screenful of the notebook, from its top to its end."""
    outer = page.locator(".jp-WindowedPanel-outer").first
    outer.evaluate("it => it.scrollTo(0, 0)")
    for _ in range(60):
        page.wait_for_timeout(150)
        yield
        if outer.evaluate(
            "it => { const was = it.scrollTop; it.scrollBy(0, 500); return it.scrollTop === was; }"
        ):
            return


def test_the_assessment_reads_as_the_report(chromium: Browser, lab: JupyterLab) -> None:
    """Only the client's name shows as code; cells stand apart, charts are as wide as the page and hold their text; axe agrees."""
    page = lab.open(chromium, "notebooks/assessment.ipynb", viewport=WINDOW)
    lab.run_all(page)
    charts = 0
    for _ in scrolled(page):
        assert page.locator(CODE).count() <= 1
        assert page.evaluate(LEAST_ROOM) >= 8
        assert page.evaluate(OUTSIDE) <= 4
        for figure in page.locator(".alignment figure:has(svg.chart)").all():
            chart, body = figure.locator("svg.chart:not(.narrow)").bounding_box(), figure.bounding_box()
            assert chart
            assert body
            assert abs(chart["width"] - body["width"]) <= 2
            charts += 1
    assert charts
    assert barriers(page, ".jp-OutputArea") == []
    page.context.close()


def test_the_roadmap_reads_as_the_deck(chromium: Browser, lab: JupyterLab) -> None:
    """Each slide stands whole, sixteen to nine, within the page; its words end where it does; no code between the slides."""
    page = lab.open(chromium, "notebooks/roadmap.ipynb", viewport=WINDOW)
    lab.run_all(page)
    seen = 0
    for _ in scrolled(page):
        assert page.locator(CODE).count() <= 1
        assert page.evaluate(OUTSIDE) <= 4
        width = page.locator(".jp-WindowedPanel-outer").first.evaluate("it => it.clientWidth")
        for slide in page.locator(".alignment > .slide").all():
            box = slide.bounding_box()
            assert box
            assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.01)
            assert 0.8 * width <= box["width"] <= width
            seen += 1
    assert seen >= 3
    page.context.close()
