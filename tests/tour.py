"""The README's tour, read from the README and run as a consultant would run it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from commands import run_commands

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
    commands = list[list[str]]()
    for kind, file, text in steps():
        if kind == "tour":
            commands += [shlex.split(line) for line in text.splitlines() if line.strip()]
        else:
            printed += _run(commands, folder)
            commands.clear()
            (folder / file).write_text(text, encoding="utf-8")
    return printed + _run(commands, folder)


def _run(commands: list[list[str]], folder: Path) -> str:
    assert all(words[0] == "align" for words in commands)
    return run_commands([words[1:] for words in commands], folder)
