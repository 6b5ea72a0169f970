"""Files: read up to a limit, written whole, and within a folder never through a link.

A name says what lies below a folder, as ``draft/form.json``. No part of it may be a link: through one, another
client's files would be read or written. The folder itself is the caller's to judge (``client.folders``). A path that
a person has named, for an import say, is theirs to choose: a link is followed, the limits hold.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TypeVar

from filelock import FileLock, Timeout

from toolkit.errors import Fault, InputError

LARGEST = 256_000_000
HELD = ".held"
_SMALLER = "Look for what was pasted in by mistake, and remove it."
_BEGUN = 3600.0  # seconds after which an empty folder without a lock is no longer just being made
_PATIENCE = 1.0 if os.name == "nt" else 0.0  # Windows refuses to replace a file that another process reads
# A device or pipe is opened without waiting for it; Windows has none of these, and writes line ends of its own.
_SAFELY = sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT")
)
_BY_HANDLE = os.open in os.supports_dir_fd
T = TypeVar("T")
_SYSTEMS = frozenset(("thumbs.db", "desktop.ini", "__macosx", "icon\r"))


def ignored(name: str) -> bool:
    """Tell whether a name in a folder is the system's own, not a person's: passed over wherever one is read.

    Such are ``.DS_Store`` and ``._plan.yaml`` (macOS), ``Thumbs.db`` (Windows), ``~$plan.xlsx`` (Excel, while
    the workbook is open), and all else that is hidden.
    """
    return name.startswith((".", "~$")) or name.lower() in _SYSTEMS


def place(folder: Path, name: str) -> Path:
    """Return the path of a name in a folder, whether or not it exists.

    Raises
    ------
    InputError
        When a part of it is a link, or it leads out of the folder.
    """
    path = folder
    for part in _parts(name):
        path = path / part
        try:
            linked = _is_link(path.lstat())
        except (FileNotFoundError, NotADirectoryError):
            break
        if linked:
            where = f"{folder.name}, {path.relative_to(folder).as_posix()}"
            remedy = "Replace the link by a copy of what it leads to, or remove it."
            raise InputError([Fault(where, "a link to another place", "a plain file or folder", remedy)])
    return folder / name


def read(folder: Path, name: str, largest: int = LARGEST, where: str = "", smaller: str = _SMALLER) -> bytes:
    """Return a plain file's bytes.

    Parameters
    ----------
    largest : int
        In bytes; a larger file is not read.
    where : str
        What a fault calls the file; empty means the folder's name and the file's.
    smaller : str
        What to do when it is too large.

    Raises
    ------
    FileNotFoundError
        When there is none.
    InputError
        When it is a link or lies in one, is no plain file, is too large, or may not be read.
    """
    try:
        where = where or f"{folder.name}, {name}"
        _judge(place(folder, name).lstat(), largest, where, smaller)
        handle = patiently(_opened, folder, name, os.O_RDONLY)
        try:
            _judge(os.fstat(handle), largest, where, smaller)
            with os.fdopen(handle, "rb", closefd=False) as file:
                data = file.read(largest + 1)  # it may have grown since
        finally:
            os.close(handle)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(name) from None
    except OSError as error:
        found, remedy = (
            error.strerror or "an unreadable file",
            "Close it in other programs, and see that you may read it.",
        )
        raise InputError([Fault(where, found, "a readable file", remedy)]) from None
    if len(data) > largest:
        raise _too_large(len(data), largest, where, smaller)
    return data


def read_named(path: Path, largest: int, allowed: str, remedy: str, smaller: str, where: str = "") -> bytes:
    """Return the bytes of a plain file that a person has named; neither a pipe nor a device is waited for.

    Parameters
    ----------
    largest : int
        In bytes; a larger file is not read.
    allowed, remedy : str
        Of the fault when there is none that can be read.
    smaller : str
        What to do when it is too large.
    where : str
        What a fault calls the file; empty means its name.

    Raises
    ------
    InputError
        When it is missing, no plain file, or too large.
    """
    try:
        found = path.stat()
        if stat.S_ISREG(found.st_mode):  # a device is not so much as opened
            handle = patiently(os.open, path, os.O_RDONLY | _SAFELY & ~getattr(os, "O_NOFOLLOW", 0))
            with os.fdopen(handle, "rb") as file:
                found = os.fstat(handle)
                if stat.S_ISREG(found.st_mode) and found.st_size <= largest:
                    data = file.read(largest + 1)  # it may have grown since
                    if len(data) <= largest:
                        return data
    except (OSError, ValueError) as error:  # a path with a NUL is no path
        told = getattr(error, "strerror", "") or "unreadable"
        raise InputError([Fault(where or path.name, told, allowed, remedy)]) from None
    if not stat.S_ISREG(found.st_mode):
        raise InputError([Fault(where or path.name, "a folder or device", allowed, remedy)])
    size, most = f"{found.st_size:,} bytes", f"a file of at most {largest:,} bytes"
    raise InputError([Fault(where or path.name, size, most, smaller)])


def write(folder: Path, name: str, data: bytes) -> None:
    """Write a file whole, or leave what stood there: a new file, flushed to disk, then renamed.

    Raises
    ------
    InputError
        When it is a link, or lies in one.
    OSError
        When the disk refuses.
    """
    path = place(folder, name)
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)  # of a writer that was killed; were it a link, the link alone goes
    write_new(folder, aside.relative_to(folder).as_posix(), data)
    with suppress(FileNotFoundError):  # whoever may read it may read it afterwards, and nobody else
        shutil.copymode(path, aside)
    patiently(os.replace, aside, path)


def write_new(folder: Path, name: str, data: bytes) -> None:
    """Write a file that must not exist yet, and wait until the disk has it; errors as :func:`write`."""
    place(folder, name)
    with os.fdopen(_opened(folder, name, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_named(path: Path, data: bytes) -> None:
    """Write a file that a person has named, whole, or leave what stood there; a link is followed.

    Raises
    ------
    OSError
        When the disk refuses, or a folder, pipe or device stands there.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise OSError(errno.EEXIST, "a folder or device", str(path))
    write(target.parent, target.name, data)


def remove(folder: Path, name: str) -> None:
    """Take a file away, where there is one; errors as :func:`write`."""
    patiently(place(folder, name).unlink, missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has a folder's names; Windows cannot open folders, and needs no such wait."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path, name: str) -> Path:
    """Make a folder below another where it is absent, and return it; errors as :func:`write`."""
    path = place(folder, name)
    path.mkdir(parents=True, exist_ok=True)
    return place(folder, name)


def names_in(folder: Path, name: str = "") -> list[str]:
    """Return the names of what lies in a folder below another, sorted; none where there is no such folder.

    Raises
    ------
    InputError
        When it is a link, or lies in one.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(os.listdir(place(folder, name) if name else folder))
    return []


Stamps = dict[str, list[int]]


def stamps(folder: Path) -> Stamps:
    """Return what tells whether the files below a folder have changed, by their paths with slashes.

    A file's size, when it was written, when anything of it was last changed (on Windows: when it was made), in
    nanoseconds, and its number on the disk; a link stands for itself.
    """
    out: Stamps = {}
    for home, _, names in os.walk(folder):
        for name in names:
            path = Path(home, name)
            with suppress(FileNotFoundError):  # gone since it was listed
                found = path.lstat()
                out[path.relative_to(folder).as_posix()] = [
                    found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino,
                ]  # fmt: skip
    return out


def is_plain(path: Path) -> bool:
    """Return whether this is a file, and no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


@contextmanager
def locked(folder: Path, name: str, seconds: float) -> Iterator[None]:
    """Hold a lock, which is a file below a folder; Timeout when another process holds it for longer."""
    with FileLock(place(folder, name), timeout=seconds):
        yield


@contextmanager
def temporary(prefix: str, parent: Path | None = None) -> Iterator[Path]:
    """Yield a private temporary folder, removed afterwards; what a killed process left of this kind goes first.

    A lock in the folder, which ends with its process however that ends, tells which are still in use.
    """
    home = parent or Path(tempfile.gettempdir())
    _collect(home, prefix)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=home))
        lock = FileLock(folder / HELD)
        with suppress(OSError):  # collected by another in the instant before the lock
            lock.acquire()
            if (folder / HELD).exists():
                break
            lock.release()
    try:
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def patiently(act: Callable[..., T], *arguments: object, **options: object) -> T:
    """Do what Windows refuses for as long as another process has the file open; elsewhere, do it once."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return act(*arguments, **options)
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.01)


def _parts(name: str) -> tuple[str, ...]:
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\\" in name or "\0" in name:
        remedy = "Name a file inside the folder."
        raise InputError([Fault("a file's name", name, "a name inside its folder", remedy)])
    return path.parts


def _is_link(found: os.stat_result) -> bool:
    # On Windows a junction is a link, too; a file that OneDrive keeps elsewhere is none.
    junction = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0)
    return stat.S_ISLNK(found.st_mode) or (junction != 0 and getattr(found, "st_reparse_tag", 0) == junction)


def _judge(found: os.stat_result, largest: int, where: str, smaller: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise InputError([Fault(where, "a folder or device", "a plain file", "Move it away or rename it.")])
    if found.st_size > largest:
        raise _too_large(found.st_size, largest, where, smaller)


def _too_large(size: int, largest: int, where: str, smaller: str) -> InputError:
    return InputError([Fault(where, f"{size:,} bytes", f"at most {largest:,} bytes", smaller)])


def _opened(folder: Path, name: str, flags: int) -> int:
    """Open a file, each folder on the way in the one before, so that no link put there meanwhile is followed."""
    if not _BY_HANDLE:
        return os.open(folder / name, flags | _SAFELY, 0o666)
    *above, last = _parts(name)
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in above:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = below
        return os.open(last, flags | _SAFELY, 0o666, dir_fd=at)
    finally:
        os.close(at)


def _collect(home: Path, prefix: str) -> None:
    """Remove this user's folders of a kind that no living process holds."""
    for folder in home.glob(f"{prefix}*"):
        with suppress(OSError, Timeout):
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
                continue
            if is_plain(folder / HELD):
                with FileLock(folder / HELD, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)
                if os.name == "nt":  # where the lock itself stays as long as it is held
                    shutil.rmtree(folder, ignore_errors=True)
            elif time.time() - found.st_mtime > _BEGUN:
                folder.rmdir()  # only an empty one: killed between its making and its lock
