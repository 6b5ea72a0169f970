"""Tests of where a client stands, told in a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from toolkit.intake.draft import Draft
from toolkit.publish.batch import run_batch
from toolkit.publish.job import Request
from toolkit.publish.status import client_status

Add = Callable[..., Path]


@pytest.fixture
def clients(tmp_path: Path, add_client: Add) -> Path:
    """A folder with one client."""
    add_client(tmp_path / "c", "acme", "Acme")
    return tmp_path / "c"


def state(clients: Path) -> str:
    """Return a client's state."""
    return client_status(clients, "acme")[-1]


def make(clients: Path, notebooks: Path, documents: tuple[str, ...] = ("assessment", "roadmap")) -> str:
    """Make the client and return how that went."""
    with ThreadPoolExecutor(1) as pool:
        asked = Request(documents=documents, notebooks=notebooks)
        return run_batch(clients, ["acme"], asked, executor=pool).results[0].state


def test_a_state_says_what_has_changed(
    clients: Path, notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never made, one document lacking, up to date, which files changed, documents altered, why the last run failed."""
    # Documents made from the test's notebooks are judged beside the same ones.
    monkeypatch.setattr("toolkit.publish.job.shipped", lambda kind: notebooks)
    assert state(clients) == "not made"
    assert make(clients, notebooks, ("assessment",)) == "made"
    assert state(clients) == "out of date: roadmap not made"
    assert make(clients, notebooks) == "made"
    assert state(clients) == "up to date"

    page = clients / "acme" / "deliverables" / "r1" / "roadmap.csv"
    page.write_text("altered")
    assert state(clients) == "out of date: its files were altered or removed"
    facts, table = clients / "acme" / "client.yaml", clients / "acme" / "initiatives.csv"
    facts.write_text(facts.read_text().replace("Acme", "Acme Ltd"))
    table.write_text(table.read_text() + "i2,Two\n")
    assert state(clients) == "out of date: client.yaml, initiatives.csv changed"

    notebook = json.loads((notebooks / "roadmap.ipynb").read_text())
    good = json.dumps(notebook)
    notebook["cells"][2]["source"] = "raise ValueError('\x1b[31m[red]')"
    (notebooks / "roadmap.ipynb").write_text(json.dumps(notebook))
    assert make(clients, notebooks) == "failed"
    told = state(clients)
    assert "the toolkit changed" in told
    assert "failed last time: roadmap.ipynb stopped at its cell" in told
    assert "\x1b" not in told
    (notebooks / "roadmap.ipynb").write_text(good)
    assert make(clients, notebooks) == "made"
    assert state(clients) == "up to date"


def test_what_waits_in_the_form_is_told(clients: Path) -> None:
    """A draft with changes that are not in the record yet is told beside the state, also of a record with faults."""
    assert state(clients) == "not made"
    draft = Draft(clients, "acme")
    draft.change(("profile", "name"), "Acme Ltd")
    draft.sync()
    assert state(clients) == "not made; the form holds changes to commit"
    (clients / "acme" / "initiatives.csv").write_text("id\n")
    assert state(clients).endswith("the form holds changes to commit")
    (clients / "acme" / "draft" / "form.json").write_text("{")
    assert state(clients).endswith("the form's draft cannot be read")
