"""Reading and writing files: bounded, whole, inside the folder; and temporary folders that outlive nobody for long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit import files
from toolkit.errors import InputError

HOLDER = """
import sys, time
from pathlib import Path
from toolkit.files import temporary
with temporary("align-run-", Path(sys.argv[1])) as folder:
    (folder / "work").mkdir()
    print(folder, flush=True)
    time.sleep(3600)
"""
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX alone has it")


def holder(home: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that holds a temporary folder, and return both."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


@posix
def test_what_a_killed_process_left_is_collected_and_nothing_else(tmp_path: Path) -> None:
    """The next process removes a dead one's folder, but neither a living one's nor what is not of this kind."""
    (tmp_path / "align-run-notes").mkdir()
    (tmp_path / "align-run-notes" / "mine.txt").touch()
    living, kept = holder(tmp_path)
    dead, left = holder(tmp_path)
    try:
        dead.send_signal(signal.SIGKILL)
        dead.communicate()
        assert left.is_dir()
        with files.temporary("align-run-", tmp_path) as own:
            assert {one.name for one in tmp_path.iterdir()} == {"align-run-notes", kept.name, own.name}
            assert (kept / "work").is_dir()
    finally:
        living.kill()
        living.communicate()
    assert not own.exists()


@posix
def test_who_may_read_a_file_is_not_changed_by_writing_it(tmp_path: Path) -> None:
    """A file that its owner alone may read stays so when it is written again."""
    for mode in (0o600, 0o640):
        files.write(tmp_path, "a", b"1")
        (tmp_path / "a").chmod(mode)
        files.write(tmp_path, "a", b"2")
        assert (tmp_path / "a").stat().st_mode & 0o777 == mode
        assert files.read(tmp_path, "a") == b"2"


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/../../b", "", "a\\..\\b", "a\0"])
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    """A name that leads out of the folder is refused, to read and to write."""
    for act in (lambda: files.read(tmp_path, name), lambda: files.write(tmp_path, name, b"x")):
        with pytest.raises(InputError):
            act()
    assert list(tmp_path.iterdir()) == []


@posix
def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    """A pipe, a folder and a file over the limit are refused in words; a file that is not there is said not to be."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "large").write_bytes(b"12345")
    for name, told in (("pipe", "folder or device"), ("folder", "folder or device"), ("large", "5 bytes")):
        with pytest.raises(InputError, match=told):
            files.read(tmp_path, name, largest=4)
    with pytest.raises(FileNotFoundError):
        files.read(tmp_path, "large/none")


@posix
def test_a_file_that_a_person_named_is_read_up_to_its_limit(tmp_path: Path) -> None:
    """A link of theirs is followed; a pipe is not waited for, and what is missing or too large is told with what to do."""
    (tmp_path / "table").write_bytes(b"1234")
    (tmp_path / "link").symlink_to(tmp_path / "table")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    assert files.read_named(tmp_path / "link", 4, "a table", "Correct it.", "Make it smaller.") == b"1234"
    for name, found, remedy in (
        ("table", "4 bytes", "Make it smaller."), ("pipe", "folder or device", "Correct it."), (".", "folder or device", "Correct it."),
        ("none", "No such file", "Correct it."), ("table/in", "Not a directory", "Correct it."), ("loop", "symbolic links", "Correct it."),
        ("a\0", "unreadable", "Correct it."),
    ):  # fmt: skip
        with pytest.raises(InputError, match=found) as refusal:
            files.read_named(tmp_path / name, 3, "a table", "Correct it.", "Make it smaller.")
        assert refusal.value.faults[0].remedy == remedy


@posix
def test_a_file_that_a_person_named_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A link of theirs is followed and stays one; a device or folder is never replaced by a file."""
    (tmp_path / "report").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "report")
    os.mkfifo(tmp_path / "pipe")
    files.write_named(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report").read_bytes() == b"new"
    for name in ("pipe", ".", "none/report"):
        with pytest.raises(OSError):
            files.write_named(tmp_path / name, b"new")
    assert {one.name for one in tmp_path.iterdir()} == {"report", "link", "pipe"}


def test_what_is_removed_may_be_gone_already(tmp_path: Path) -> None:
    """A file is taken away once or twice alike, and never one outside its folder."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "file").touch()
    (tmp_path / "other").touch()
    for _ in range(2):
        files.remove(tmp_path / "own", "file")
    with pytest.raises(InputError):
        files.remove(tmp_path / "own", "../other")
    assert [one.name for one in sorted(tmp_path.rglob("*"))] == ["other", "own"]


@posix
@pytest.mark.parametrize("name", ["file", "home/file"])
def test_a_link_put_there_after_the_check_is_not_followed(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between a look and an opening, a file or its folder becomes a link: nothing is read or written through it."""
    own, other = tmp_path / "own", tmp_path / "other"
    (other / "home").mkdir(parents=True)
    (other / name).write_bytes(b"secret")
    own.mkdir()
    (own / Path(name).parts[0]).symlink_to(other / Path(name).parts[0])
    # As if the link had not yet been there when it was looked for.
    monkeypatch.setattr(files, "place", lambda folder, name: folder / name)
    monkeypatch.setattr(files, "_judge", lambda *_: None)
    with pytest.raises((InputError, FileNotFoundError)):
        files.read(own, name)
    with pytest.raises(OSError):
        files.write_new(own, f"{name}", b"mine")
    assert {one: one.read_bytes() for one in other.rglob("*") if one.is_file()} == {other / name: b"secret"}
