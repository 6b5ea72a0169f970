"""Tests of what is kept of clients that are up to date, so that they need not be read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from toolkit.publish.batch import ClientResult, run_batch
from toolkit.publish.client_book import book_line
from toolkit.publish.job import Request
from toolkit.publish.result_cache import cache_result, cached_result, seen

Add = Callable[..., Path]
Write = Callable[..., Path]
MARK = "This was kept."


@pytest.fixture
def request_(notebooks: Path) -> Request:
    """Return what is asked for: both documents, of one page each."""
    return Request(notebooks=notebooks)


def run(clients: Path, request: Request) -> ClientResult:
    """Make a client's documents, if need be."""
    (result,) = run_batch(clients, ["acme"], request).results
    return result


@pytest.fixture
def acme(tmp_path: Path, add_client: Add, request_: Request) -> Path:
    """Return the folder of a client that is up to date, what is kept of it with a mark in it."""
    add_client(tmp_path / "clients", "acme", "Acme")
    folder = tmp_path / "clients" / "acme"
    assert run(folder.parent, request_).state == "made"
    kept = folder / "draft" / "result.json"
    text = json.loads(kept.read_text("utf-8"))
    text["found"]["warnings"] = [MARK]
    kept.write_text(json.dumps(text), "utf-8")
    return folder


def test_a_client_whose_folder_has_not_changed_is_not_read(acme: Path, request_: Request) -> None:
    """Its result is what was kept, its page links to the same documents."""
    book = (acme.parent / "client_book.html").read_bytes()
    again = run(acme.parent, request_)
    assert (again.state, again.warnings) == ("unchanged", (MARK,))
    assert [path.name for path in again.open_these if path.is_file()] == [
        "assessment.html",
        "roadmap.html",
        "roadmap-presenter.html",
        "roadmap.pptx",
        "roadmap-presenter.pptx",
    ]
    assert (acme.parent / "client_book.html").read_bytes() == book


def rewritten(path: Path) -> None:
    """Change a byte, and give the file the size and the time of writing that it had."""
    before = path.stat()
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b" ")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a line in the record": lambda acme: (acme / "client.yaml").open("a").write("# a remark\n"),
    "a byte of the record, its time set back": lambda acme: rewritten(acme / "client.yaml"),
    "a byte of a document": lambda acme: rewritten(next(acme.glob("deliverables/*/assessment.html"))),
    "a document removed": lambda acme: next(acme.glob("deliverables/*/roadmap.html")).unlink(),
    "a private file": lambda acme: rewritten(next(acme.glob("draft/made-from-*.json"))),
    "a new file": lambda acme: (acme / "initiatives.csv").write_text("id,name\n"),
    "what is kept cut short": lambda acme: (acme / "draft" / "result.json").write_text('{"files": {}}'),
    "what is kept of another shape": lambda acme: (acme / "draft" / "result.json").write_text("[1]"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_client_in_whose_folder_anything_has_changed_is_read(
    acme: Path, request_: Request, change: str
) -> None:
    """Whatever it is, nothing that was kept is told."""
    CHANGES[change](acme)
    assert run(acme.parent, request_).warnings == ()


def test_what_was_kept_for_one_question_answers_no_other(acme: Path, request_: Request) -> None:
    """One document alone, other notebooks, all anew: each is looked into."""
    assert run(acme.parent, replace(request_, documents=("assessment",))).warnings == ()
    assert run(acme.parent, replace(request_, force=True)).state == "made"


def test_other_notebooks_make_other_documents(acme: Path, request_: Request, write_notebook: Write) -> None:
    """A notebook changed in its place: the client is made again."""
    assert request_.notebooks
    write_notebook(request_.notebooks / "roadmap.ipynb", "1 + 1")
    assert run(acme.parent, request_).state != "unchanged"


def test_a_record_that_changes_while_it_is_made_is_not_kept(
    tmp_path: Path, add_client: Add, request_: Request
) -> None:
    """What a person saves meanwhile is in no document yet: the next run makes them again."""
    add_client(tmp_path / "clients", "acme", "Acme")
    record, saved = tmp_path / "clients" / "acme" / "client.yaml", request_.notebooks / "assessment.ipynb"  # type: ignore[operator]
    notebook = json.loads(saved.read_text("utf-8"))
    notebook["cells"][-1]["source"] += f"\nopen({str(record)!r}, 'a').write('# a remark\\n')\n;"
    saved.write_text(json.dumps(notebook), "utf-8")
    assert run(record.parents[1], request_).state == "made"
    assert run(record.parents[1], request_).state == "made"


def test_a_record_saved_between_reading_and_settling_is_read_again(acme: Path) -> None:
    """What is kept holds for the record that was read, not for one that was saved a moment later."""
    before = seen(acme)
    found = cached_result(acme)
    assert found
    (acme / "draft" / "result.json").unlink()
    rewritten(acme / "client.yaml")
    cache_result(acme, before, found)
    assert cached_result(acme) is None


def test_what_another_version_kept_of_a_line_is_not_shown(acme: Path) -> None:
    """A line of other fields: the client book makes its own."""
    kept = acme / "draft" / "result.json"
    text = json.loads(kept.read_text("utf-8"))
    text["found"]["line"] = {"colour": "red"}
    kept.write_text(json.dumps(text), "utf-8")
    assert book_line(acme.parent, "acme").name == "Acme"
