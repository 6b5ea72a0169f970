"""Tests of putting deliverables in the place of the last ones."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from toolkit.errors import DeliverableError
from toolkit.publish.deliverables_folder import DeliverablesFolder
from toolkit.publish.manifest import NAME, manifest


def made(document: str, text: str) -> dict[str, bytes]:
    """Return one document's files with their manifest."""
    files = {f"{document}.html": text.encode(), f"{document}.ipynb": b"{}"}
    return files | {NAME: manifest("a", "r1", {document: {"code": text}}, {document: files})}


def state(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def deliverables(tmp_path: Path, add_client: Callable[..., Path]) -> DeliverablesFolder:
    """Return the folder of a client with an assessment in it."""
    add_client(tmp_path, "a", "A")
    deliverables = DeliverablesFolder(tmp_path, "a", "r1")
    deliverables.put(made("assessment", "one"), {"assessment": {"code": "print-1"}})
    return deliverables


def test_current(deliverables: DeliverablesFolder) -> None:
    """A document is current when it was made from the same and still stands byte for byte."""
    assert deliverables.current("assessment", {"code": "print-1"})
    assert not deliverables.current("assessment", {"code": "print-2"})
    assert not deliverables.current("roadmap", {"code": "print-1"})


@pytest.mark.parametrize("name", ["assessment.html", "assessment.ipynb", NAME])
@pytest.mark.parametrize("change", ["edited", "removed"])
def test_changed_by_hand(deliverables: DeliverablesFolder, name: str, change: str) -> None:
    """A document of which any file was edited or removed is not current."""
    path = deliverables.folder / name
    path.write_bytes(b"x") if change == "edited" else path.unlink()
    assert not deliverables.current("assessment", {"code": "print-1"})


def test_other_documents_and_files_stay(deliverables: DeliverablesFolder) -> None:
    """Documents not made anew stay current, and files the consultant put there stay."""
    (deliverables.folder / "notes.txt").write_text("mine")
    deliverables.put(made("roadmap", "two"), {"roadmap": {"code": "print-2"}})
    assert deliverables.current("assessment", {"code": "print-1"})
    assert deliverables.current("roadmap", {"code": "print-2"})
    assert (deliverables.folder / "notes.txt").read_text() == "mine"


def test_no_digest_of_answers(deliverables: DeliverablesFolder) -> None:
    """The digests that cover the answers stand with the drafts, not with what is given away."""
    assert all(b"print-1" not in data for data in state(deliverables.folder).values())


@pytest.mark.parametrize("failing", range(3))
def test_last_good_survives(
    deliverables: DeliverablesFolder, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """When any file cannot be put in place, all that stood there stands as it was, with no litter."""
    before, replace, count = state(deliverables.folder), os.replace, iter(range(99))

    def refuse(source: Path, target: Path) -> None:
        if (
            Path(target).parent == deliverables.folder
            and not Path(source).name.endswith(".new")
            and next(count) == failing
        ):
            raise PermissionError(13, "Permission denied", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(DeliverableError, match=r"could not be written .* the last good deliverables stand"):
        deliverables.put(made("assessment", "two"), {"assessment": {"code": "print-2"}})
    assert state(deliverables.folder) == before
    assert [path.name for path in deliverables.folder.parent.iterdir()] == ["r1"]
    assert deliverables.current("assessment", {"code": "print-1"})


def test_log_goes_with_the_next_success(deliverables: DeliverablesFolder) -> None:
    """The log of a failed run stands with the drafts until a run succeeds."""
    path = deliverables.log("Traceback …")
    assert path is not None
    assert path.parent.name == "draft"
    deliverables.put(made("assessment", "two"), {"assessment": {"code": "print-2"}})
    assert not path.exists()


def test_manifest_says_what_it_was_made_from(deliverables: DeliverablesFolder) -> None:
    """The manifest names each document's sources and the digest of each of its files."""
    found = json.loads((deliverables.folder / NAME).read_bytes())
    assert found["client"] == "a"
    assert found["status"] == "complete"
    assert set(found["documents"]["assessment"]["outputs"]) == {"assessment.html", "assessment.ipynb"}
    assert found["documents"]["assessment"]["made_from"] == {"code": "one"}


def test_what_a_killed_run_left_half_placed_is_cleared_away(deliverables: DeliverablesFolder) -> None:
    """A run killed while it put its files leaves a folder beside them, which the next run clears away."""
    left = deliverables.folder.parent / ".r1.new"
    left.mkdir()
    (left / "assessment.html").write_bytes(b"half")
    deliverables.put(made("assessment", "two"), {"assessment": {"code": "print-2"}})
    assert [path.name for path in deliverables.folder.parent.iterdir()] == ["r1"]
    assert (deliverables.folder / "assessment.html").read_bytes() == b"two"
