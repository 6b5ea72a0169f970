"""The command, run from the form in a process of its own: checking and making documents holds no field up."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

# What belongs to this kernel alone: its drawing backend and its parent.
_OWN = ("MPLBACKEND", "JPY_PARENT_PID", "JPY_SESSION_NAME")


def run_command(
    arguments: Sequence[str], heard: Callable[[int, str], None], post: Callable[[Callable[[], None]], object]
) -> None:
    """Run ``align`` with these arguments; ``heard`` gets its exit code and all it printed, through ``post``.

    Parameters
    ----------
    post : callable
        Runs a function on the thread that the widgets live on.
    """

    def work() -> None:
        kept = {name: value for name, value in os.environ.items() if name not in _OWN}
        command = [sys.executable, "-m", "toolkit.cli", *arguments]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=kept,
                encoding="utf-8", errors="replace", check=False,
            )  # fmt: skip
            code, said = done.returncode, done.stdout
        except OSError as error:
            code, said = 1, f"The command could not be started ({error.strerror})."
        post(lambda: heard(code, said))

    threading.Thread(target=work, daemon=True).start()
