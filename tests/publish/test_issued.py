"""A closed round is issued with one set of answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.publish.checking import checked
from toolkit.publish.issued import ISSUED, answers_behind, check_issued, note_issued

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
SLUG = "meridian-manufacturing"


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A folder with a copy of Meridian, both of whose rounds have been issued."""
    own = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock")
    shutil.copytree(SAMPLES / SLUG, tmp_path / SLUG, ignore=own)
    record = load(tmp_path, SLUG)
    note_issued(tmp_path / SLUG, answers_behind(record, ""))
    return tmp_path


def add_a_reply(clients: Path, round_id: str) -> None:
    """Add one late reply to a round."""
    path = clients / SLUG / "responses.csv"
    path.write_text(path.read_text("utf-8") + f"{round_id},late,business,communication-1,5,\n", "utf-8")


def test_the_same_answers_may_be_issued_again(clients: Path) -> None:
    """Nothing has changed, so nothing stands against another issue."""
    assert checked(clients, SLUG).slug == SLUG
    assert set(answers_behind(load(clients, SLUG), "")) == {"2025-q3", "2026-q3"}


@pytest.mark.parametrize("round_id", ["2025-q3", "2026-q3"])
def test_a_late_reply_to_an_issued_round_is_refused(clients: Path, round_id: str) -> None:
    """One reply more, in this round or in the one it is compared with, is a fault with its remedy."""
    add_a_reply(clients, round_id)
    with pytest.raises(InputError) as refused:
        checked(clients, SLUG)
    (fault,) = refused.value.faults
    assert round_id in fault.where
    assert "new round" in fault.remedy


def test_an_answer_withdrawn_from_an_issued_round_is_refused(clients: Path) -> None:
    """One reply less gives that reply away just as well."""
    path = clients / SLUG / "responses.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:-1], ""]), "utf-8")
    with pytest.raises(InputError):
        check_issued(clients / SLUG, load(clients, SLUG), "")


def test_reopening_a_round_does_not_let_a_reply_in(clients: Path) -> None:
    """Taking the closing date away does not help: what was issued was issued."""
    path = clients / SLUG / "client.yaml"
    path.write_text(path.read_text("utf-8").replace("    closed: 2026-09-30\n", ""), "utf-8")
    add_a_reply(clients, "2026-q3")
    with pytest.raises(InputError):
        checked(clients, SLUG)


def test_a_damaged_list_of_issues_is_refused(clients: Path) -> None:
    """What was issued cannot be told from a file that cannot be read, so nothing is made."""
    (clients / SLUG / ISSUED).write_text("{", "utf-8")
    with pytest.raises(InputError, match="as align wrote it"):
        checked(clients, SLUG)
