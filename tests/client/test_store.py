"""The store: whole or not at all, never over someone else's work, never outside the folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from toolkit.client import store
from toolkit.client.store import (
    client_folder,
    clients_folder,
    create,
    load,
    read_files,
    read_record,
    save,
    slugs,
)
from toolkit.errors import AlignError, ConflictError, InputError

ROOT = Path(__file__).resolve().parents[2]
CLIENT, INITIATIVES = "client.yaml", "initiatives.csv"


@pytest.fixture
def clients(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """A clients' folder that holds the valid record as ``base``."""
    create(tmp_path, "base", files)
    return tmp_path


def renamed(files: dict[str, bytes], name: str) -> bytes:
    return files[CLIENT].replace(b"Base Works", name.encode())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start another Python process on ``code``."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


NO_SLUGS = ["../x", "a/b", "a\\b", "", ".", "..", "A", "a_b", "-a", "a" * 64, "a b", "ä", "a\n", "a\0b", "٣"]
DEVICES = ["con", "nul", "com1", "lpt9"]


@pytest.mark.parametrize("slug", NO_SLUGS + DEVICES)
def test_a_name_that_is_no_slug_is_refused_everywhere(
    tmp_path: Path, files: dict[str, bytes], slug: str
) -> None:
    """No reading, creating or saving accepts a name that could leave the folder or open a device."""
    for attempt in (
        lambda: client_folder(tmp_path, slug),
        lambda: read_files(tmp_path, slug),
        lambda: create(tmp_path, slug, files),
        lambda: save(tmp_path, slug, {}, {}),
    ):
        with pytest.raises(InputError) as caught:
            attempt()
        (fault,) = caught.value.faults
        assert fault.where == "client name"
        assert "1 to 63 lower-case letters" in fault.allowed
    assert list(tmp_path.iterdir()) == []


def test_the_clients_folder_is_given_or_named_by_the_environment_or_local(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An explicit folder wins over ALIGN_CLIENTS, which wins over ./client_data."""
    monkeypatch.setenv("ALIGN_CLIENTS", "/elsewhere")
    assert clients_folder("/given") == Path("/given")
    assert clients_folder(None) == Path("/elsewhere")
    monkeypatch.delenv("ALIGN_CLIENTS")
    assert clients_folder(None) == Path("client_data")


def test_slugs_lists_folders_with_a_client_file_only(clients: Path, files: dict[str, bytes]) -> None:
    """Clients are listed sorted; other folders and files are passed over; no folder is no clients."""
    create(clients, "alpha", files)
    (clients / "no-file").mkdir()
    (clients / "Notes").mkdir()
    (clients / "Notes" / CLIENT).write_bytes(b"")
    (clients / "plain.txt").write_bytes(b"")
    assert slugs(clients) == ["alpha", "base"]
    assert slugs(clients / "absent") == []


def test_a_created_client_loads_as_its_files_say(clients: Path, files: dict[str, bytes]) -> None:
    """What was created is read back byte for byte and gives the same record."""
    assert read_files(clients, "base") == files
    assert load(clients, "base") == read_record("base", files)
    assert [path.name for path in clients.iterdir()] == ["base"]


def test_creating_refuses_an_existing_client_and_an_invalid_record(
    clients: Path, files: dict[str, bytes]
) -> None:
    """A client is never created twice, and never with faults; nothing is left behind."""
    before = contents(clients)
    with pytest.raises(InputError, match="not yet used"):
        create(clients, "base", files)
    with pytest.raises(InputError, match="at least one round"):
        create(clients, "other", {CLIENT: b"profile: {name: X}\n"})
    with pytest.raises(InputError, match="no part of a record"):
        create(clients, "other", {**files, "../evil": b""})
    assert contents(clients) == before


def test_an_unknown_client_is_named_with_the_nearest_one(clients: Path) -> None:
    """A misspelt client is told what exists and which was probably meant."""
    with pytest.raises(InputError, match="Did you mean 'base'"):
        load(clients, "bsae")


def test_a_folder_without_a_client_file_says_so(clients: Path) -> None:
    """A client whose client.yaml is gone is a fault with a way out."""
    (clients / "base" / CLIENT).unlink()
    with pytest.raises(InputError, match="Restore it from the history folder"):
        load(clients, "base")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_links_are_not_followed(clients: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A client's folder or file that is a link to another place is refused, not read."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / CLIENT).write_bytes(b"profile: {name: Secret}\n")
    (clients / "linked").symlink_to(outside)
    with pytest.raises(InputError, match="a link to"):
        load(clients, "linked")
    (clients / "base" / INITIATIVES).unlink()
    (clients / "base" / INITIATIVES).symlink_to(outside / CLIENT)
    with pytest.raises(InputError, match="a link to another place"):
        load(clients, "base")


def test_what_is_no_file_or_too_large_is_refused_before_reading(
    clients: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder in a file's place and an oversized file are faults, both told at once."""
    (clients / "base" / INITIATIVES).unlink()
    (clients / "base" / INITIATIVES).mkdir()
    monkeypatch.setitem(store._LARGEST, "responses.csv", 10)
    with pytest.raises(InputError) as caught:
        read_files(clients, "base")
    assert {fault.where for fault in caught.value.faults} == {"base, initiatives.csv", "base, responses.csv"}


def test_saving_replaces_and_keeps_what_was_there(clients: Path, files: dict[str, bytes]) -> None:
    """Each save writes what changed, keeps the previous bytes under one number, and touches no other file."""
    save(clients, "base", {CLIENT: renamed(files, "Second"), INITIATIVES: files[INITIATIVES]}, files)
    second = read_files(clients, "base")
    assert second == {**files, CLIENT: renamed(files, "Second")}
    changed = {CLIENT: renamed(files, "Third"), "actions.csv": files["actions.csv"].replace(b"Meet", b"Talk")}
    save(clients, "base", changed, second)
    assert load(clients, "base").facts.profile.name == "Third"
    history = contents(clients / "base" / "history")
    assert history == {
        "0001-client.yaml": files[CLIENT],
        "0002-client.yaml": second[CLIENT],
        "0002-actions.csv": files["actions.csv"],
    }
    assert not list((clients / "base").glob(".*.new"))


def test_a_file_can_be_added_by_saving(clients: Path, files: dict[str, bytes]) -> None:
    """A file the record did not have is written, with nothing to keep."""
    minimal = {CLIENT: b"profile: {name: X}\nrounds:\n- {id: r, as_of: 2026-12-31}\n"}
    create(clients, "new", minimal)
    save(clients, "new", {INITIATIVES: b"id,name\na,A\n"}, minimal)
    assert load(clients, "new").initiatives[0].name == "A"
    assert not (clients / "new" / "history").exists()


def test_an_edit_by_hand_is_not_overwritten(clients: Path, files: dict[str, bytes]) -> None:
    """When any record file changed, appeared or vanished since it was read, nothing is written."""
    folder = clients / "base"
    for spoil in (
        lambda: (folder / INITIATIVES).write_bytes(files[INITIATIVES].replace(b"ERP", b"SAP")),
        lambda: (folder / "actions.csv").unlink(),
    ):
        spoil()
        before = contents(folder)
        with pytest.raises(ConflictError, match="changed on disk") as caught:
            save(clients, "base", {CLIENT: renamed(files, "Mine")}, files)
        assert "Load the client again" in str(caught.value)
        assert contents(folder) == before


def test_an_invalid_change_is_not_written(clients: Path, files: dict[str, bytes]) -> None:
    """A change that would contradict another file of the record leaves everything as it was."""
    before = contents(clients)
    with pytest.raises(InputError, match="g-cost"):
        save(clients, "base", {CLIENT: files[CLIENT].replace(b"id: g-cost", b"id: g-costs")}, files)
    with pytest.raises(InputError, match="no part of a record"):
        save(clients, "base", {"notes.txt": b""}, files)
    assert contents(clients) == before


@pytest.mark.parametrize("failing", [1, 2])
def test_a_failure_midway_puts_everything_back(
    clients: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """When the disk refuses one of two files, neither is changed and the error says what to do."""
    true_replace, calls = os.replace, []

    def refuse(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == failing:
            raise PermissionError(13, "Permission denied")
        true_replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    changed = {CLIENT: renamed(files, "New"), "actions.csv": files["actions.csv"].replace(b"Meet", b"Talk")}
    with pytest.raises(AlignError, match="Close the file in Excel"):
        save(clients, "base", changed, files)
    assert read_files(clients, "base") == files
    assert not list((clients / "base").glob(".*.new"))


HOLD = """
import sys, time
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_save_waits_for_another_process_and_then_gives_up(
    clients: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process holds the lock, saving waits, then says who may hold it and what to do."""
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.3)
    holder = run(HOLD, str(clients / "base" / ".lock"))
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ConflictError, match="Another window, command or colleague"):
            save(clients, "base", {CLIENT: renamed(files, "Mine")}, files)
    finally:
        holder.kill()
        holder.communicate()
    assert read_files(clients, "base") == files
    save(clients, "base", {CLIENT: renamed(files, "Mine")}, files)
    assert load(clients, "base").facts.profile.name == "Mine"


RACE = """
import sys
from pathlib import Path
from toolkit.client.store import read_files, save
from toolkit.errors import ConflictError
clients, name = Path(sys.argv[1]), sys.argv[2]
files = read_files(clients, "base")
print("ready", flush=True)
sys.stdin.readline()
try:
    save(clients, "base", {"client.yaml": files["client.yaml"].replace(b"Base Works", name.encode())}, files)
    print("saved", name)
except ConflictError:
    print("conflict", name)
"""


def test_of_several_processes_that_save_at_once_one_wins(clients: Path, files: dict[str, bytes]) -> None:
    """Of four processes that read the same record and save together, one saves and three are told."""
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(clients), f"Racer {number}"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    said = []
    threads = [
        threading.Thread(
            target=lambda racer=racer: said.append(racer.communicate("go\n", timeout=60)[0].strip())
        )
        for racer in racers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [line.removeprefix("saved ") for line in said if line.startswith("saved")]
    assert len(winners) == 1
    assert sorted(line.split()[0] for line in said) == ["conflict"] * 3 + ["saved"]
    assert load(clients, "base").facts.profile.name == winners[0]
    assert [path.name for path in (clients / "base" / "history").iterdir()] == ["0001-client.yaml"]


SAVE_FOREVER = """
import sys
from pathlib import Path
from toolkit.client.store import read_files, save
clients = Path(sys.argv[1])
files = read_files(clients, "base")
plain = files["client.yaml"]
for number in range(100_000):
    comment = "# " + ("even ", "odd ")[number % 2] * 40_000
    changed = {"client.yaml": comment.encode() + bytes([10]) + plain}
    save(clients, "base", changed, files)
    files.update(changed)
    if number == 0:
        print("saving", flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a process cannot be killed outright here")
def test_a_killed_save_leaves_the_old_or_the_new_file(clients: Path, files: dict[str, bytes]) -> None:
    """Killed at any moment, a save leaves a whole file, a record that loads, and a lock that frees itself."""
    versions = [("# " + word * 40_000 + "\n").encode() + files[CLIENT] for word in ("even ", "odd ")]
    for delay in (0.0, 0.011, 0.023, 0.041):
        saver = run(SAVE_FOREVER, str(clients))
        assert saver.stdout is not None
        assert saver.stdout.readline() == "saving\n", saver.communicate()[1]
        time.sleep(delay)
        os.kill(saver.pid, signal.SIGKILL)
        saver.communicate()
        found = read_files(clients, "base")
        assert found[CLIENT] in versions
        assert load(clients, "base").facts == read_record("base", files).facts
        save(clients, "base", {CLIENT: files[CLIENT]}, found)
        assert read_files(clients, "base") == files
        assert not list((clients / "base").glob(".*.new"))
