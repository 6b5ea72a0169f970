"""Where a disk refuses, every command that writes says where and what to do, in a sentence."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from slices import sliced

from toolkit.client.new_client import start_client

REGISTER = "id,name,capex\np1,ERP,1000\n"
SURVEY = "respondent,communication-1\nr0,4\n"
COMMANDS = [
    ("new", "other"),
    ("import", "initiatives", "t", "register.csv"),
    ("import", "survey", "t", "survey.csv", "--group", "it"),
    ("import", "initiatives", "t", "register.csv", "--make-map", "{clients}/map.yaml"),
    ("questionnaire", "t"),
    ("run", "t"),
    ("demo",),
]


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A folder with one client, and tables beside it."""
    folder = tmp_path / "clients"
    start_client(folder, "t", "T", date(2026, 9, 30), "USD", "executive")
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    (tmp_path / "survey.csv").write_text(SURVEY, encoding="utf-8")
    return folder


def told(
    clients: Path, words: Sequence[str], before: Sequence[str] = (), limit: Callable[[], None] | None = None
) -> str:
    """Run a command that must be refused; return what it says."""
    given = [word.format(clients=clients) for word in words]
    done = subprocess.run(
        [*before, sys.executable, "-m", "toolkit.cli", *given, "--clients", str(clients)],
        cwd=clients.parent, capture_output=True, text=True, preexec_fn=limit, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert "do:" in done.stderr
    return done.stderr


def as_anyone() -> list[str]:
    """Return what makes root subject to permissions; nothing for anyone else."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("run as root, without setpriv: no folder can be closed to it")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_folder_that_may_not_be_written(clients: Path, words: Sequence[str]) -> None:
    """Not a traceback: the folder or file, "Permission denied", and what to do."""
    before = as_anyone()
    for path in (clients, clients / "t"):
        path.chmod(0o555)
    try:
        said = told(clients, words, before)
    finally:
        for path in (clients, clients / "t"):
            path.chmod(0o755)
    assert "Permission denied" in said
    assert str(clients) in said or "map.yaml" in said


def _full() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.parametrize("words", COMMANDS[:2], ids=" ".join)
def test_a_disk_that_takes_no_byte(clients: Path, words: Sequence[str]) -> None:
    """A full disk is told as such, and the record is as it was."""
    before = (clients / "t" / "client.yaml").read_bytes()
    assert "disk" in told(clients, words, limit=_full)
    assert (clients / "t" / "client.yaml").read_bytes() == before
    assert sorted(path.name for path in clients.iterdir() if not path.name.startswith(".")) == ["t"]


@pytest.mark.parametrize("kind", sliced(["initiatives", "survey"], 1))
def test_a_name_that_is_too_long(clients: Path, kind: str) -> None:
    """The disk's own limit is a sentence, too."""
    said = told(clients, ("import", kind, "t", "x" * 300 + ".csv"))
    assert "too long" in said
