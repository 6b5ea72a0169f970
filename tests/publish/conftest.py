"""Small clients and small notebooks, so that the real machinery runs in seconds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from toolkit.publish.batch import run_batch

REAL = "lakeside-clinic"
PARAMETERS = (
    'client: str = ""  # the client\nclients_dir: str = ""  # all clients\nround: str = ""  # the round'
)
TELL = """
from IPython.display import display
from html import escape
from pathlib import Path
name = Path(clients_dir, client, "client.yaml").read_text().split("name: ")[1].splitlines()[0]
html = f'<div class="page slide sheet" id="one"><h1>All about <bdi>{escape(name)}</bdi> in {round}</h1></div>'
facts = {"document_title": f"About {name}", "synthetic": False}
key = "application/vnd.alignment.html"
display({key: html, "text/plain": name}, raw=True, metadata={key: facts})
"""


def notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook with these code cells, each a slide, after its parameters."""
    nb = new_notebook(
        cells=[
            new_markdown_cell("# For the consultant", metadata={"tags": ["notebook-only"]}, id="about"),
            new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters"),
            *(
                new_code_cell(cell, metadata={"slideshow": {"slide_type": "slide"}}, id=f"cell-{number}")
                for number, cell in enumerate(cells, 1)
            ),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return path


@pytest.fixture
def write_notebook() -> Callable[..., Path]:
    """Return the function that writes a small notebook."""
    return notebook


@pytest.fixture(scope="session")
def tiny_notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with both notebooks, each of one page that names the client and the round; for reading only."""
    folder = tmp_path_factory.mktemp("notebooks")
    for name in ("assessment", "roadmap"):
        notebook(folder / f"{name}.ipynb", TELL)
    return folder


@pytest.fixture
def notebooks(tmp_path: Path, tiny_notebooks: Path) -> Path:
    """Return a copy of that folder, to be changed at will."""
    return shutil.copytree(tiny_notebooks, tmp_path / "notebooks")


@pytest.fixture(scope="session")
def real_clients(once: Callable[..., tuple[Path, str]], project: Path) -> Path:
    """Return a clients' folder in which the clinic's documents were made by the shipped notebooks; for reading only."""

    def made(folder: Path) -> str:
        left_behind = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock")
        shutil.copytree(project / "client_data" / REAL, folder / REAL, ignore=left_behind)
        return run_batch(folder, [REAL], workers=1).results[0].state

    folder, state = once("real_clients", made)
    assert state == "made"
    return folder


@pytest.fixture
def add_client() -> Callable[..., Path]:
    """Return a function that writes a client with one round and one initiative of unknown cost."""

    def add(clients: Path, slug: str, name: str, extra: str = "") -> Path:
        folder = clients / slug
        folder.mkdir(parents=True)
        (folder / "client.yaml").write_text(
            f"schema_version: 1\nprofile:\n  name: {name}\nrounds:\n- id: r1\n  as_of: 2027-01-31\n{extra}",
            encoding="utf-8",
        )
        (folder / "initiatives.csv").write_text("id,name\ni1,=HYPERLINK(1)\n", encoding="utf-8")
        return folder

    return add
