"""Clients on disk: read whole, saved under a lock, never overwritten unseen, never left half-written."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from toolkit.client.folders import client_folder, clients_folder, existing_folder, slugs
from toolkit.client.parts import FACTS, FILES, QUESTIONNAIRE, RESPONSES
from toolkit.client.reading import read_record
from toolkit.client.record import Record
from toolkit.client.scenarios import FOLDER as SCENARIOS
from toolkit.errors import AlignError, ConflictError, Fault, InputError

__all__ = [
    "RECORD_FILES",
    "client_folder",
    "clients_folder",
    "create",
    "load",
    "read_files",
    "read_record",
    "save",
    "slugs",
]

RECORD_FILES = FILES
HISTORY = "history"
LOCK = ".lock"
LOCK_SECONDS = 10.0
_LARGEST = {FACTS: 5_000_000, QUESTIONNAIRE: 5_000_000, RESPONSES: 256_000_000}
_LARGEST_TABLE = 50_000_000
_KEPT = re.compile(r"(\d{4,})-.+")


def load(clients: Path, slug: str) -> Record:
    """Read a client's record from disk; InputError with every fault when it cannot be used."""
    return read_record(slug, read_files(clients, slug))


def read_files(clients: Path, slug: str) -> dict[str, bytes]:
    """Return the bytes of a client's record files, those that exist, by name.

    Raises
    ------
    InputError
        When the client or its ``client.yaml`` does not exist, or a file is a link, is no plain
        file, is too large, or may not be read.
    """
    folder = existing_folder(clients, slug)
    files, faults = _files_in(folder)
    if FACTS not in files and not faults:
        remedy = "Restore it from the history folder or a backup, or make the client with 'align new'."
        faults = [Fault(f"{slug}, {FACTS}", "no such file", "a file that says who the client is", remedy)]
    if faults:
        raise InputError(faults)
    return files


def _files_in(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    files: dict[str, bytes] = {}
    faults = []
    for name in [*FILES, *_scenarios_in(folder)]:
        path = folder / name
        largest = _LARGEST.get(name, _LARGEST_TABLE)
        where = f"{folder.name}, {name}"
        if path.is_symlink():
            remedy = "Replace the link by a copy of the file."
            faults.append(
                Fault(where, "a link to another place", "a plain file inside the client's folder", remedy)
            )
        elif path.exists() and not path.is_file():
            faults.append(Fault(where, "a folder or device", "a plain file", "Move it away or rename it."))
        elif path.exists() and path.stat().st_size > largest:
            found, remedy = (
                f"{path.stat().st_size:,} bytes",
                "Look for what was pasted in by mistake, and remove it.",
            )
            faults.append(Fault(where, found, f"at most {largest:,} bytes", remedy))
        elif path.exists():
            try:
                files[name] = path.read_bytes()
            except OSError as error:
                remedy = "Close it in other programs, and see that you may read it."
                faults.append(Fault(where, error.strerror or "an unreadable file", "a readable file", remedy))
    return files, faults


def _scenarios_in(folder: Path) -> list[str]:
    """Return the names of the scenarios' files; the folder's own when it is not one to be read."""
    home = folder / SCENARIOS
    if home.is_symlink() or (home.exists() and not home.is_dir()):
        return [SCENARIOS]
    return sorted(f"{SCENARIOS}/{one.name}" for one in home.glob("*.yaml")) if home.is_dir() else []


def save(clients: Path, slug: str, changed: Mapping[str, bytes], read: Mapping[str, bytes]) -> None:
    """Write changed files of a record, all of them or none.

    Parameters
    ----------
    changed : mapping
        The new bytes of the files that change, by name.
    read : mapping
        The record's files as they were read before the change was made.

    Raises
    ------
    ConflictError
        When someone else is saving, or a file on disk is no longer as it was read; nothing was written.
    InputError
        When the record would not be valid; nothing was written.
    AlignError
        When the disk refused; what had been written was put back.
    """
    folder = existing_folder(clients, slug)
    with _locked(folder):
        on_disk = read_files(clients, slug)
        names = dict.fromkeys([*FILES, *on_disk, *read])
        differing = [name for name in names if on_disk.get(name) != read.get(name)]
        if differing:
            raise ConflictError(
                f"{', '.join(differing)} of {slug} changed on disk since it was read; nothing was written.\n"
                "  do:      Load the client again and repeat the change; what is on disk now stays as it is."
            )
        read_record(slug, {**on_disk, **changed})
        new = {name: data for name, data in changed.items() if on_disk.get(name) != data}
        if new:
            _replace_all(folder, new, on_disk)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / LOCK, timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise ConflictError(
            f"Another window, command or colleague has been saving {folder.name} "
            f"for over {LOCK_SECONDS:g} seconds; nothing was written.\n"
            "  do:      Wait and save again. If nobody else is at work on this client, close each JupyterLab "
            "and align window that has it open, and save again."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _replace_all(folder: Path, new: Mapping[str, bytes], old: Mapping[str, bytes]) -> None:
    """Write all files aside, keep what they replace, then put them in place; put back on failure."""
    replaced: list[str] = []
    for name in {*FILES, *new}:
        _aside(folder, name).unlink(missing_ok=True)  # left by a save that was killed; the lock is ours
    try:
        for name, data in new.items():
            _write_aside(folder, name, data)
        _keep(folder, {name: old[name] for name in new if name in old})
        for name in new:
            replaced.append(name)
            os.replace(_aside(folder, name), folder / name)
        for home in sorted({folder, *((folder / name).parent for name in new)}):
            _sync_folder(home)
    except BaseException as error:
        _put_back(folder, replaced, old)
        for name in new:
            _aside(folder, name).unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        names = ", ".join(new)
        hint = (
            "Close the file in Excel and save again"
            if isinstance(error, PermissionError)
            else "Free some space"
        )
        raise AlignError(
            f"{names} of {folder.name} could not be written ({error.strerror}); the record is as it was.\n"
            f"  do:      {hint}, and see that you may write to {folder}."
        ) from error


def _put_back(folder: Path, names: list[str], old: Mapping[str, bytes]) -> None:
    for name in names:
        path = folder / name
        try:
            if name not in old:
                path.unlink(missing_ok=True)
            elif not path.is_file() or path.read_bytes() != old[name]:
                _write_aside(folder, name, old[name])
                os.replace(_aside(folder, name), path)
        except OSError as error:
            raise AlignError(
                f"{path} was being saved and could not be put back ({error.strerror}).\n"
                f"  do:      Copy the newest {name} from {folder / HISTORY} to {path}."
            ) from error


def _aside(folder: Path, name: str) -> Path:
    path = folder / name
    return path.with_name(f".{path.name}.new")


def _write_aside(folder: Path, name: str, data: bytes) -> None:
    path = _aside(folder, name)
    path.parent.mkdir(exist_ok=True)
    _write_new(path, data)
    if (folder / name).exists():
        shutil.copymode(folder / name, path)


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet, and wait until the disk has it."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _keep(folder: Path, old: Mapping[str, bytes]) -> None:
    """Copy what is about to be replaced to ``history/NNNN-<file>``, one number for each save; '/' becomes '-'."""
    if not old:
        return
    history = folder / HISTORY
    if history.is_symlink():
        raise AlignError(
            f"{folder.name}/{HISTORY} is a link to another place; nothing was written.\n"
            "  do:      Replace the link by a folder."
        )
    history.mkdir(exist_ok=True)
    used = [int(match[1]) for one in history.iterdir() if (match := _KEPT.fullmatch(one.name))]
    number = max(used, default=0) + 1
    for name, data in old.items():
        _write_new(history / f"{number:04d}-{name.replace('/', '-')}", data)
    _sync_folder(history)


def _sync_folder(folder: Path) -> None:
    # A rename lasts through a power cut only once the folder is on disk; Windows cannot open folders.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def create(clients: Path, slug: str, files: Mapping[str, bytes]) -> None:
    """Make a new client's folder, complete or not at all.

    Raises
    ------
    InputError
        When the slug cannot be used, the client exists, or the files make no valid record.
    """
    folder = client_folder(clients, slug)
    if os.path.lexists(folder):
        remedy = f"Choose another name, or open the client that is there: 'align form {slug}'."
        raise InputError([Fault(f"{slug}, folder", "a client of this name", "a name not yet used", remedy)])
    read_record(slug, files)
    building = clients / f".new-{slug}-{os.getpid()}"
    try:
        clients.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        for name, data in files.items():
            (building / name).parent.mkdir(exist_ok=True)
            _write_new(building / name, data)
        _sync_folder(building)
        building.rename(folder)
        _sync_folder(clients)
    except OSError as error:
        raise AlignError(
            f"The folder of {slug} could not be made ({error.strerror}); nothing was left behind.\n"
            f"  do:      See that you may write to {clients}, and that its disk has space."
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
