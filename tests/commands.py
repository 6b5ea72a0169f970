"""Several commands, one after the other, in one process, so that what they all load is loaded once."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from toolkit.cli import main
from toolkit.publish.worker import HERE


def run_commands(commands: Sequence[Sequence[str]], cwd: Path) -> str:
    """Run commands, each given by its words after ``align``, in a folder; return what they printed.

    Raises
    ------
    AssertionError
        When a command fails, or puts the folder where Python looks for modules; it holds what was printed.
    """
    environment = {name: value for name, value in os.environ.items() if name != "ALIGN_CLIENTS"}
    done = subprocess.run(
        [sys.executable, __file__, json.dumps([list(words) for words in commands])],
        cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=3600,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def _run(words: list[str]) -> None:
    """Run a command in this process; end the process where the command fails."""
    try:
        main(words, "align")
    except SystemExit as left:
        if left.code:
            sys.exit(f"align {shlex.join(words)} ended with {left.code}")
    if {"", ".", os.getcwd()} & {*sys.path}:
        sys.exit(f"align {shlex.join(words)} lets modules be loaded from where it is called")


if __name__ == "__main__":
    with HERE.used():
        for each in json.loads(sys.argv[1]):
            _run(each)
