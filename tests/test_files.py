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
