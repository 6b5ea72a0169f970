"""Where a draft lies on disk: locked while it is read and written, whole at every moment."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from toolkit.errors import AlignError, Fault, InputError

FOLDER = "draft"
FILE = "form.json"
WAITING = "form-unsettled.json"  # what was changed while a clash waits for its choice
LOCK = ".form.lock"
LOCK_SECONDS = 5.0
_PARTS = {"revision", "base", "document", "steps"}


class DraftFiles:
    """The files of one client's draft, in its ``draft`` folder."""

    def __init__(self, client: Path) -> None:
        self._folder = client / FOLDER

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the draft against other windows; AlignError when one does not let go, or the disk refuses."""
        try:
            self._folder.mkdir(exist_ok=True)
            with FileLock(self._folder / LOCK, timeout=LOCK_SECONDS):
                yield
        except Timeout:
            raise AlignError("Another window has been writing this draft for some seconds.") from None
        except OSError as error:
            said = f"The draft could not be written ({error.strerror}): see that {self._folder} can be written to."
            raise AlignError(said) from error

    def stamp(self) -> tuple[int, int]:
        """Return what tells, without reading it, whether the draft was written again."""
        try:
            seen = (self._folder / FILE).stat()
        except FileNotFoundError:
            return (0, 0)
        return (seen.st_mtime_ns, seen.st_size)

    def read(self, name: str = FILE) -> dict[str, Any] | None:
        """Return what a file holds, or the version before it where it was damaged; None where there is neither.

        Raises
        ------
        InputError
            When neither is a draft.
        """
        path = self._folder / name
        found = [one for one in (path, _before(path)) if one.exists()]
        for one in found:
            with contextlib.suppress(ValueError, AttributeError):
                content: dict[str, Any] = json.loads(one.read_bytes())
                if content.keys() - {"seen"} == _PARTS:
                    return content
        if found:
            where = f"{self._folder.parent.name}, {FOLDER}/{name}"
            remedy = "Rename or delete the file; the record itself is whole."
            raise InputError([Fault(where, "what the form did not write", "a draft of the form", remedy)])
        return None

    def write(self, content: dict[str, Any], name: str = FILE) -> None:
        """Write a file; whoever is killed meanwhile leaves the old one or the new one.

        Waiting for the disk would hold up the typing when it is busy, so a thread does; the version before
        is kept for the case that the power fails until then.
        """
        path = self._folder / name
        aside = path.with_name(f".{name}.new")
        aside.write_bytes(json.dumps(content, ensure_ascii=False).encode())
        if path.exists():
            shutil.copyfile(path, _before(path))
        os.replace(aside, path)
        threading.Thread(target=_reach_the_disk, args=(path,), daemon=True).start()

    def remove_waiting(self) -> None:
        """Remove what waited for a choice, now that it is made."""
        for one in (self._folder / WAITING, _before(self._folder / WAITING)):
            one.unlink(missing_ok=True)


def _before(path: Path) -> Path:
    return path.with_name(f".{path.name}.old")


def _reach_the_disk(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("rb+") as file:
        os.fsync(file.fileno())
