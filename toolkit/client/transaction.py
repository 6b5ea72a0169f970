"""A save in one step: what it changes is written aside, one rename makes all of it count, then it moves in.

New files are written to ``.saving-<number>``. The save counts from the moment that ``.saved``, the mark,
names that number; until then the folder is a leftover that the next save clears away. From then on each
file in the folder stands for the one of its name in the record until it has moved there, so that a
reader sees the whole save whether none, some or all of its files have moved, and a save whose process
was killed is finished by whoever comes next. As no number is used twice, a reader who finds the same
mark before and after reading has seen one record. What a save replaces stays in the history folder, as
``history/NNNN-<file>``, one number for each save.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from toolkit.client.parts import FILES
from toolkit.client.schema import SCENARIOS, is_scenario_file
from toolkit.errors import AlignError, Fault, InputError
from toolkit.files import make_folder, names_in, patiently, place, read, remove, sync_folder, write_new

MARK = ".saved"
_ASIDE = ".saving-"
_LARGEST_MARK = 10_000
_NUMBERS = re.compile("([0-9]{1,15}) ([0-9]{1,15})")
HISTORY = "history"
_KEPT = re.compile(r"(\d{4,})-.+")


@dataclass(frozen=True)
class Saved:
    """The last save that counts.

    Attributes
    ----------
    number : int
        Which save it was; 0 before the first.
    kept : int
        The number in the history folder of what was kept last; 0 before the first, and when not known.
    gone : frozenset of str
        Names of files that it takes away: only the undoing of a save that had added one does so.
    """

    number: int = 0
    kept: int = 0
    gone: frozenset[str] = frozenset()


def last_save(folder: Path) -> Saved:
    """Read a client's mark; InputError when it is none."""
    place(folder, MARK)
    try:
        numbers, *gone = read(folder, MARK, _LARGEST_MARK).decode().split("\n")[:-1]
        if not (match := _NUMBERS.fullmatch(numbers)) or not all(
            name in FILES or is_scenario_file(name) for name in gone
        ):
            raise ValueError
        return Saved(int(match[1]), int(match[2]), frozenset(gone))
    except FileNotFoundError:
        return Saved()
    except (InputError, ValueError):
        remedy = f"Delete it, see that the record is whole, and copy what is not from the {HISTORY} folder."
        found = "a file that cannot be read as the number of a save"
        raise InputError(
            [Fault(f"{folder.name}, {MARK}", found, "the mark of the last save", remedy)]
        ) from None


def waiting(folder: Path, saved: Saved) -> Path | None:
    """Return the folder whose files of the last save have yet to move in; None when all have."""
    home = place(folder, _aside(folder, saved.number).name)
    return home if home.is_dir() else None


def put(folder: Path, new: Mapping[str, bytes], old: Mapping[str, bytes]) -> None:
    """Save files, all or none, and keep what they replace; the caller holds the lock, nothing is waiting.

    Parameters
    ----------
    new, old : mapping
        What is to be saved, and the record's files as they are.

    Raises
    ------
    AlignError
        When the disk refused; the record is as it was.
    """
    last = last_save(folder)
    replaced = {name: old[name] for name in new if name in old}
    kept = next_number(folder, last.kept, {**old, **new}) if replaced else last.kept
    saved = Saved(last.number + 1, kept)
    try:
        for left in names_in(folder):
            if left.startswith(_ASIDE):
                shutil.rmtree(place(folder, left))  # by a save that was killed before it counted
        _write_aside(folder, saved.number, new)
        keep(folder, kept, replaced)
        _count(folder, saved)
    except BaseException as error:
        shutil.rmtree(_aside(folder, saved.number), ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        raise _refused(folder, new, "could not be written", "the record is as it was", error) from error
    try:
        sync_folder(folder)
        _move_in(folder, saved)
    except OSError as error:
        _undo(folder, saved, new, old)
        raise _refused(folder, new, "could not be written", "the record is as it was", error) from error


def finish(folder: Path) -> None:
    """Move in what a save that counts has left waiting; the caller holds the lock.

    Whoever wrote to one of its files since, by hand, did not know of it: what they wrote is kept.

    Raises
    ------
    AlignError
        When the disk refused; what is waiting still stands for the files of its names.
    """
    saved = last_save(folder)
    home = waiting(folder, saved)
    if home is None:
        return
    names = list(_names_in(home))
    try:
        unknown = {name: data for name in names if (data := _unknown(folder, home, saved, name)) is not None}
        if unknown:
            keep(folder, next_number(folder, saved.kept, names), unknown)
        _move_in(folder, saved)
    except OSError as error:
        ending = "the record is whole, and the next save tries again"
        raise _refused(folder, names, "could not be put in their place", ending, error) from error


def _aside(folder: Path, number: int) -> Path:
    return folder / f"{_ASIDE}{number}"


def _write_aside(folder: Path, number: int, new: Mapping[str, bytes]) -> None:
    home = _aside(folder, number)
    home.mkdir()
    for name, data in new.items():
        (home / name).parent.mkdir(exist_ok=True)
        write_new(home, name, data)
        if place(folder, name).exists():
            shutil.copymode(folder / name, home / name)
    for one in {home, *((home / name).parent for name in new)}:
        sync_folder(one)
    sync_folder(folder)


def _count(folder: Path, saved: Saved) -> None:
    """Make a save count, in one step; what it changes has been written aside."""
    mark = _aside(folder, saved.number) / MARK
    lines = (f"{saved.number} {saved.kept}", *sorted(saved.gone))
    write_new(mark.parent, MARK, "".join(f"{line}\n" for line in lines).encode())
    patiently(os.replace, mark, folder / MARK)


def _move_in(folder: Path, saved: Saved) -> None:
    """Move a save's files to where they belong.

    Not waited for: should the power fail, they are found waiting again, and move again.
    """
    home = _aside(folder, saved.number)
    for name in _names_in(home):
        if parent := PurePosixPath(name).parent.name:
            make_folder(folder, parent)
        patiently(os.replace, home / name, folder / name)
    for name in saved.gone:
        remove(folder, name)
    if (folder / SCENARIOS).is_dir():
        sync_folder(folder / SCENARIOS)  # the next save waits for the client's folder only
    with contextlib.suppress(OSError):  # empty, it changes nothing; the next save clears it away
        patiently(shutil.rmtree, home)


def _undo(folder: Path, saved: Saved, new: Mapping[str, bytes], old: Mapping[str, bytes]) -> None:
    """Save once more what the files were that had moved when the disk refused one; the others never did."""
    moved = [name for name in new if not (_aside(folder, saved.number) / name).exists()]
    undone = Saved(saved.number + 1, saved.kept, frozenset(name for name in moved if name not in old))
    try:
        _write_aside(folder, undone.number, {name: old[name] for name in moved if name in old})
        _count(folder, undone)
    except OSError as error:
        shutil.rmtree(_aside(folder, undone.number), ignore_errors=True)
        ending = "they are saved nevertheless, and the next save puts them there"
        raise _refused(folder, new, "could not be put in their place", ending, error) from error
    with contextlib.suppress(OSError):  # what stays waiting counts as it is
        sync_folder(folder)
        _move_in(folder, undone)
        shutil.rmtree(_aside(folder, saved.number))


def _unknown(folder: Path, home: Path, saved: Saved, name: str) -> bytes | None:
    """Return what stands in a waiting file's place when neither it nor the history has it."""
    kept = kept_file(folder, saved.kept, name).relative_to(folder).as_posix()
    try:
        there = read(folder, name)
        if there == read(home, name) or there == read(folder, kept):
            return None
    except FileNotFoundError as error:
        return None if error.args[0] == name else there
    return there


def _names_in(home: Path) -> Iterator[str]:
    yield from (name for name in FILES if (home / name).exists())
    for each in names_in(home, SCENARIOS):
        if is_scenario_file(name := f"{SCENARIOS}/{each}"):
            yield name


def _refused(folder: Path, names: Iterable[str], what: str, ending: str, error: OSError) -> AlignError:
    closing = isinstance(error, PermissionError)
    hint = "Close the file in Excel and save again" if closing else "Free some space"
    return AlignError(
        f"{', '.join(names)} of {folder.name} {what} ({error.strerror}); {ending}.\n"
        f"  do:      {hint}, and see that you may write to {folder}."
    )


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
