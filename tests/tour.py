"""The README's tour, read from the README and run as a consultant would run it."""

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


def toured_in(folder: Path) -> str:
    """Take the whole tour in an empty folder and return what its commands printed.

    Raises
    ------
    AssertionError
        When a command fails; it holds what the command printed.
    """
    printed = ""
    for kind, file, text in steps():
        if kind == "tour":
            printed += "".join(_run(line, folder) for line in text.splitlines() if line.strip())
        else:
            (folder / file).write_text(text, encoding="utf-8")
    return printed


def _run(command: str, folder: Path) -> str:
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
        timeout=3600,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
