"""Tests of the report and the deck as nbconvert makes them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import html5lib
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from toolkit.publish.exporters import (
    HTML_KEY,
    DeckExporter,
    PowerPointExporter,
    PresenterPowerPointExporter,
    ReportExporter,
)
from toolkit.publish.verify import verify

ROOT = Path(__file__).resolve().parents[2]
SLIDE = {"slideshow": {"slide_type": "slide"}}


def told(*texts: str, metadata: dict | None = None) -> nbformat.NotebookNode:
    """Return an executed notebook, a slide for each text."""
    facts = {HTML_KEY: {"document_title": "Title"}}
    return new_notebook(
        cells=[
            new_code_cell(
                "secret_code()",
                id=f"c{number}",
                metadata=SLIDE if metadata is None else metadata,
                outputs=[new_output("display_data", {HTML_KEY: f"<h1>{text}</h1>"}, metadata=facts)]
                if text
                else [],
            )
            for number, text in enumerate(texts)
        ]
    )


def test_report_has_no_script() -> None:
    """A report holds no script, and its policy lets none run."""
    html, _ = ReportExporter().from_notebook_node(told("One", "Two"))
    verify("report.html", html.encode())
    assert "<script" not in html
    assert "script-src &#39;none&#39;" in html


@pytest.mark.parametrize("exporter", [ReportExporter, DeckExporter])
def test_no_code(exporter: type) -> None:
    """Code and execution counts appear in neither."""
    html, _ = exporter().from_notebook_node(told("One"))
    assert "secret_code" not in html
    assert not re.search(r"(In|Out)\s*\[", html.split("<script>")[0])


def test_slides() -> None:
    """Each cell marked as a slide becomes one section, in order; empty and unmarked ones none."""
    nb = told("One", "", "Two")
    unmarked = told("Unmarked", metadata={}).cells[0]
    unmarked.id = "unmarked"
    nb.cells.append(unmarked)
    html, _ = DeckExporter().from_notebook_node(nb)
    root = html5lib.parse(html, namespaceHTMLElements=False)
    assert ["".join(section.itertext()) for section in root.iter("section")] == ["One", "Two"]


@pytest.mark.parametrize("exporter", [ReportExporter, DeckExporter])
def test_same_bytes(exporter: type) -> None:
    """The same notebook gives the same bytes."""
    once, _ = exporter().from_notebook_node(told("One"))
    again, _ = exporter().from_notebook_node(told("One"))
    assert once == again


def test_entry_points() -> None:
    """The names registered for nbconvert lead to the exporters."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    points = project["project"]["entry-points"]["nbconvert.exporters"]
    assert points == {
        "report": f"{ReportExporter.__module__}:ReportExporter",
        "deck": f"{DeckExporter.__module__}:DeckExporter",
        "pptx": f"{PowerPointExporter.__module__}:PowerPointExporter",
        "presenter_pptx": f"{PresenterPowerPointExporter.__module__}:PresenterPowerPointExporter",
    }


def plant(folder: Path, template: str) -> None:
    """Put a stranger's template where the command is run."""
    (folder / template).mkdir()
    (folder / template / "conf.json").write_text(json.dumps({"preprocessors": {"1": {"type": "no.Such"}}}))
    for name in ("index.html.j2", "null.j2", "report.css", "deck.css"):
        (folder / template / name).write_text("PLANTED")
        (folder / name).write_text("PLANTED")


@pytest.mark.parametrize("exporter", [ReportExporter, DeckExporter])
def test_nothing_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exporter: type
) -> None:
    """No template, style or setting is taken from where the command is run."""
    expected, _ = exporter().from_notebook_node(told("One"))
    for template in ("report", "deck", "base"):
        plant(tmp_path, template)
    monkeypatch.chdir(tmp_path)
    assert exporter().from_notebook_node(told("One"))[0] == expected


def test_through_nbconvert(tmp_path: Path) -> None:
    """``jupyter nbconvert`` makes the same file, whatever templates lie where it is run."""
    nbformat.write(told("One"), tmp_path / "a.ipynb")
    plant(tmp_path, "report")  # a planted "base" stops nbconvert's command itself, for its own exporters
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "toolkit.publish.exporters.ReportExporter", "a.ipynb"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    expected, _ = ReportExporter().from_notebook_node(told("One"))
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == expected
