"""The README's tour, run as it stands, in an empty folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCK = re.compile(r"^```(\S+)(?: tour-file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps() -> list[tuple[str, str, str]]:
    """Return the tour's blocks in order: its kind, the file it is to be written to, its text."""
    return [
        (kind, file, text)
        for kind, file, text in BLOCK.findall(README.read_text(encoding="utf-8"))
        if kind == "tour" or file
    ]


def run(command: str, folder: Path) -> str:
    """Run one line of the tour as a consultant would, and return what it printed."""
    words = shlex.split(command)
    assert words[0] == "align"
    environment = {name: value for name, value in os.environ.items() if name != "ALIGN_CLIENTS"}
    done = subprocess.run(
        [sys.executable, "-m", "toolkit.cli", *words[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_every_command_of_the_tour_works(tmp_path: Path) -> None:
    """From an empty folder to a presented deck: each command succeeds, and the files named are there."""
    printed = ""
    for kind, file, text in steps():
        if kind == "tour":
            printed += "".join(run(line, tmp_path) for line in text.splitlines() if line.strip())
        else:
            (tmp_path / file).write_text(text, encoding="utf-8")
    made = tmp_path / "client_data" / "northwind" / "deliverables" / "2026-09"
    assert {"assessment.html", "roadmap.html", "findings.json", "roadmap.csv"} <= {
        one.name for one in made.iterdir()
    }
    assert (tmp_path / "client_data" / "client_book.html").is_file()
    deck = (made / "roadmap.html").read_text(encoding="utf-8")
    assert "Order portal for customers" in deck
    assert "northwind: no fault" in printed


def test_the_tour_is_a_tour() -> None:
    """The README holds at least eight commands and two files, so that the test above is not idle."""
    kinds = [kind for kind, _, text in steps() for _ in (text.splitlines() if kind == "tour" else [0])]
    assert kinds.count("tour") >= 8
    assert len(kinds) - kinds.count("tour") >= 2
