"""Tests of one client's work, in real workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from making import made_of

from toolkit.client.store import read_files
from toolkit.errors import DeliverableError, InputError
from toolkit.publish.job import Job

ROOT = Path(__file__).resolve().parents[2]
Add = Callable[..., Path]
Write = Callable[..., Path]

RUN = """
import hashlib, sys
from pathlib import Path
from toolkit.client.store import read_files
from toolkit.publish.batch import attempt
from toolkit.publish.job import Job
made = attempt(Job("acme", read_files(Path(sys.argv[1]), "acme"), notebooks=Path(sys.argv[2]))).deliverables
for name, data in sorted(made.files.items()):
    print(name, hashlib.sha256(data).hexdigest())
"""


def test_what_is_made(tmp_path: Path, add_client: Add, notebooks: Path) -> None:
    """A client's files become documents, data, notebooks and a manifest that accounts for them."""
    add_client(tmp_path / "c", "acme", "Acme <b>Rockets</b>")
    files = read_files(tmp_path / "c", "acme")
    made = made_of(Job("acme", files, notebooks=notebooks))
    assert set(made.files) == {
        "assessment.html", "assessment.ipynb", "findings.json",
        "roadmap.html", "roadmap-presenter.html", "roadmap.pptx", "roadmap-presenter.pptx", "roadmap.ipynb", "roadmap.csv", "roadmap.xlsx", "figures.xlsx",
        "plan.json", "manifest.json",
    }  # fmt: skip
    assert made.round == "r1"
    assert b"<title>About Acme &lt;b&gt;Rockets&lt;/b&gt;</title>" in made.files["assessment.html"]
    assert b"in r1</h1>" in made.files["roadmap.html"]
    assert json.loads(made.files["findings.json"])["client"] == "Acme <b>Rockets</b>"
    assert b"'=HYPERLINK(1)" in made.files["roadmap.csv"]
    source = json.loads(made.files["manifest.json"])["documents"]["roadmap"]["made_from"]
    assert set(source["inputs"]) == {"initiatives.csv"}  # digests of facts and answers are private
    assert source["parameters"] == {"client": "acme", "round": "r1"}


def test_same_bytes_anywhere(tmp_path: Path, add_client: Add, notebooks: Path) -> None:
    """The same client gives the same bytes here and in another folder, time zone, locale and hash seed."""
    here, there = tmp_path / "c", tmp_path / ("x" * 41) / "clients"
    for clients in (here, there):
        add_client(clients, "acme", "Acme é 🙂")
    made = made_of(Job("acme", read_files(here, "acme"), notebooks=notebooks))
    env = {
        "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "2", "LC_ALL": "de_DE.UTF-8",
        "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(there), str(notebooks)],
        cwd=there, env=os.environ | env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    digests = {name: sha256(data).hexdigest() for name, data in made.files.items()}
    assert dict(line.split() for line in done.stdout.splitlines()) == digests
    assert len(digests) == 13


def test_sees_its_own_folder_alone(tmp_path: Path, add_client: Add, write_notebook: Write) -> None:
    """A notebook finds one client where it looks for clients, whoever else the consultant has."""
    for slug in ("acme", "other"):
        add_client(tmp_path / "c", slug, slug.title())
    tell = """
import os
from IPython.display import display
html = f"<h1>{sorted(os.listdir(clients_dir))} {sorted(os.listdir(os.path.join(clients_dir, client)))}</h1>"
key = "application/vnd.alignment.html"
display({key: html}, raw=True, metadata={key: {"document_title": "T"}})
"""
    write_notebook(tmp_path / "n" / "assessment.ipynb", tell)
    job = Job("acme", read_files(tmp_path / "c", "acme"), documents=("assessment",), notebooks=tmp_path / "n")
    html = made_of(job).files["assessment.html"].decode()
    assert "<h1>['acme'] ['client.yaml', 'draft', 'initiatives.csv']</h1>" in html


def test_another_clients_name(tmp_path: Path, add_client: Add, write_notebook: Write) -> None:
    """A document that names another client is refused, unless this client's own files name it too."""
    add_client(tmp_path / "c", "acme", "Acme")
    add_client(tmp_path / "c", "buyer", "Buyer", "goals:\n- id: g1\n  name: Buy Globex Corporation\n")
    tell = """
from IPython.display import display
key = "application/vnd.alignment.html"
display({key: "<h1>Globex Corporation</h1>"}, raw=True, metadata={key: {"document_title": "T"}})
"""
    write_notebook(tmp_path / "n" / "assessment.ipynb", tell)

    def make(slug: str) -> None:
        files = read_files(tmp_path / "c", slug)
        made_of(Job(slug, files, "", ("assessment",), tmp_path / "n", ("Globex Corporation", "globex")))

    with pytest.raises(DeliverableError, match="names another client: Globex Corporation"):
        make("acme")
    make("buyer")


@pytest.mark.parametrize(
    ("extra", "round_id", "said"),
    [("", "r9", "one of: r1"), ("colour: red\n", "", "colour")],
    ids=["unknown round", "unknown field"],
)
def test_faults_come_first(
    tmp_path: Path, add_client: Add, notebooks: Path, extra: str, round_id: str, said: str
) -> None:
    """Faults of the input are told before any notebook is run."""
    add_client(tmp_path / "c", "acme", "Acme", extra)
    (notebooks / "assessment.ipynb").unlink()
    with pytest.raises(InputError, match=said):
        made_of(Job("acme", read_files(tmp_path / "c", "acme"), round_id, notebooks=notebooks))
