"""What a save replaces stays in the history folder, as ``history/NNNN-<file>``, one number for each save."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from toolkit.files import make_folder, names_in, sync_folder, write_new

HISTORY = "history"
_KEPT = re.compile(r"(\d{4,})-.+")


def kept_file(folder: Path, number: int, name: str) -> Path:
    """Return where a replaced file is kept; a '/' in the name becomes '-'."""
    return folder / HISTORY / f"{number:04d}-{name.replace('/', '-')}"


def next_number(folder: Path, last: int, names: Iterable[str]) -> int:
    """Return the number after the one kept last (0 when it is not known), given the names of all files.

    The history is listed only when the last number is unknown, or is not the last after all, as when
    a folder was put together from two copies: listed at every save, thousands of saves would crawl.
    """
    number = last + 1
    if last and not any(kept_file(folder, number, name).exists() for name in names):
        return number
    return (
        max(
            (int(match[1]) for each in names_in(folder, HISTORY) if (match := _KEPT.fullmatch(each))),
            default=0,
        )
        + 1
    )


def keep(folder: Path, number: int, old: Mapping[str, bytes]) -> None:
    """Copy what is about to be replaced, and wait until the disk has it.

    Raises
    ------
    InputError
        When the history folder is a link; nothing was written.
    OSError
        When the disk refuses.
    """
    if not old:
        return
    history = make_folder(folder, HISTORY)
    for name, data in old.items():
        write_new(folder, kept_file(folder, number, name).relative_to(folder).as_posix(), data)
    sync_folder(history)
