"""The run that is going on in a folder of clients: said by it, and known elsewhere only as long as it lives."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import Timeout

from toolkit.errors import InputError
from toolkit.files import is_plain, locked, place, read

# The lock ends with its process, however that ends; the counts mean something only while it is held.
LOCK, COUNTS = ".run.lock", ".run.counts"
_AN_ASK = 0.2  # seconds, longer than whoever asks holds the lock
_WIDTH = 24  # characters of the counts, so that they are replaced by one write
_LARGEST = 1_000  # bytes of their file


@contextmanager
def announced(clients: Path, total: int) -> Iterator[Callable[[int], None]]:
    """Let other processes know that a run of so many clients goes on, and yield what tells how many are done.

    Where another run is known already, or the folder may not be written to, nobody is told.
    """
    with ExitStack() as stack:
        tell: Callable[[int], None] = lambda done: None  # noqa: E731
        with suppress(OSError, Timeout, InputError):
            stack.enter_context(locked(clients, LOCK, _AN_ASK))
            counts = os.open(
                place(clients, COUNTS), os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600
            )
            stack.callback(os.close, counts)

            def tell(done: int) -> None:
                with suppress(OSError):  # a full disk hinders those who look on, not the run
                    os.lseek(counts, 0, os.SEEK_SET)
                    os.write(counts, f"{done} of {total}".ljust(_WIDTH).encode())

            tell(0)
        yield tell


def current_run(clients: Path) -> str:
    """Return how far the run is that is going on in a folder of clients, as "3 of 40"; empty where none is known."""
    try:
        if not is_plain(place(clients, LOCK)):
            return ""
        with locked(clients, LOCK, _AN_ASK):
            return ""
    except Timeout:
        with suppress(OSError, InputError):
            return read(clients, COUNTS, _LARGEST).decode("ascii", "replace")[:_WIDTH].strip()
        return "some"
    except (OSError, InputError):
        return ""
