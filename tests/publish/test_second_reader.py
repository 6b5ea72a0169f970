"""Final takes a second reader's name where the consultancy's file says so; nothing of that file is any client's."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.client.consultancy import CONSULTANCY, consultancy_of
from toolkit.errors import InputError
from toolkit.publish.batch import run_batch
from toolkit.publish.client_task import task_of
from toolkit.publish.handover import hand_over
from toolkit.publish.job import Request
from toolkit.publish.status import client_status
from toolkit.show import AssessmentStory, RoadmapStory, ScorecardStory
from toolkit.show.story import UNREAD

Add = Callable[..., Path]
REQUIRED = (
    "second_reader: required\nclients:\n  acme:\n    consultant: Ada Berg\n    reviewer: Jo Lindqvist\n"
)
READ = f"{REQUIRED}    read_by: {{r1: Jo Lindqvist}}\n"


def test_documents_are_drafts_until_the_second_reader_is_named(
    tmp_path: Path, add_client: Add, notebooks: Path
) -> None:
    """They are made anew as final once the name is there, and only then leave; the names stand in none of them."""
    clients = tmp_path / "clients"
    home = add_client(clients, "acme", "Acme")
    with ThreadPoolExecutor(1) as pool:

        def run() -> str:
            (result,) = run_batch(clients, ["acme"], Request(notebooks=notebooks), executor=pool).results
            return result.state

        (clients / CONSULTANCY).write_text(REQUIRED, encoding="utf-8")
        assert (run(), run()) == ("made", "unchanged")
        assert "no second reader has read them" in client_status(clients, "acme")[-1]
        with pytest.raises(InputError, match="draft that no second reader has read") as refused:
            hand_over(clients, "acme", tmp_path)
        assert "Name who has read it in consultancy.yaml, under clients, acme, read_by, r1." in str(
            refused.value
        )
        (clients / CONSULTANCY).write_text(READ, encoding="utf-8")
        assert run() == "made"
    packed = hand_over(clients, "acme", tmp_path)
    with zipfile.ZipFile(packed) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    files = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for name in (b"Jo Lindqvist", b"Ada Berg", b"consultancy"):
        assert name not in held
        assert name not in files
    assert b"Jo Lindqvist" in (clients / "client_book.html").read_bytes()


def test_a_reader_asked_for_later_holds_back_what_was_made_before(
    tmp_path: Path, add_client: Add, notebooks: Path
) -> None:
    """Final documents do not leave either, once a second reader is required and none is named."""
    add_client(tmp_path, "acme", "Acme")
    with ThreadPoolExecutor(1) as pool:
        run_batch(tmp_path, ["acme"], Request(notebooks=notebooks), executor=pool)
    (tmp_path / CONSULTANCY).write_text(REQUIRED, encoding="utf-8")
    with pytest.raises(InputError, match="documents of which no second reader is named"):
        hand_over(tmp_path, "acme", tmp_path)


def test_every_document_says_that_it_is_a_draft(tmp_path: Path, add_client: Add) -> None:
    """The assessment's first page, the deck's cover and feet, and the scorecard; none once it is read."""
    home = add_client(tmp_path, "acme", "Acme")

    def said() -> list[bool]:
        stories = [
            each.open("acme", str(tmp_path)) for each in (AssessmentStory, RoadmapStory, ScorecardStory)
        ]
        return ["Draft" in next(iter(story.pages.values())).html() for story in stories]

    assert said() == [False] * 3
    (home / UNREAD).parent.mkdir()
    (home / UNREAD).write_bytes(b"")
    assert said() == [True] * 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (READ.replace("Ada Berg", "jo lindqvist"), "somebody else: a second reader"),
        (READ.replace("required", "maybe"), "second_reader"),
        (READ.replace("reviewer", "colour"), "colour"),
        ("second_reader: [", "line 1"),
    ],
    ids=["the consultant reads", "another word", "an unknown field", "no YAML"],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(tmp_path: Path, text: str, told: str) -> None:
    """No run begins before it is mended, for it could not be said what is final."""
    (tmp_path / CONSULTANCY).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        consultancy_of(tmp_path)


def test_check_says_what_final_takes(tmp_path: Path, add_client: Add) -> None:
    """It names the round and the reader; a file that cannot be used is a fault of every client."""
    add_client(tmp_path, "acme", "Acme")
    (tmp_path / CONSULTANCY).write_text(REQUIRED, encoding="utf-8")
    check = ["check", "acme", "--clients", str(tmp_path)]
    assert "drafts until consultancy.yaml names who has read them (Jo Lindqvist)" in " ".join(
        CliRunner().invoke(main, check).output.split()
    )
    (tmp_path / CONSULTANCY).write_text(READ, encoding="utf-8")
    assert "consultancy.yaml" not in CliRunner().invoke(main, check).output
    (tmp_path / CONSULTANCY).write_text("colour: red\n", encoding="utf-8")
    assert CliRunner().invoke(main, check).exit_code == 1


def test_without_the_file_nothing_is_asked_for(tmp_path: Path, add_client: Add) -> None:
    """As before: a closed round, or one without a survey, is final when it is made."""
    add_client(tmp_path, "acme", "Acme")
    assert not task_of(tmp_path, "acme").job.unread
