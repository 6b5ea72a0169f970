"""Small clients and small notebooks, so that the real machinery runs in seconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

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


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    """Return a folder with both notebooks, each of one page that names the client and the round."""
    folder = tmp_path / "notebooks"
    for name in ("assessment", "roadmap"):
        notebook(folder / f"{name}.ipynb", TELL)
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
