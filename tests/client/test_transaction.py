"""A save in one step: whenever it stops and whoever reads meanwhile, the record is all old or all new.

``benchmarks/soak_store.py`` proves the same at length; a slice of it is here.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import soak_store as soak
from filelock import FileLock

from toolkit.client import store, transaction
from toolkit.client.store import create, load, read_files, save
from toolkit.errors import AlignError, ConflictError, InputError

CLIENT, ACTIONS, ADDED, LAST = "client.yaml", "actions.csv", "scenarios/also.yaml", "scenarios/cut.yaml"
STEPS = ("replace", "fsync", "mkdir", "rmdir")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")


@pytest.fixture
def clients(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """A clients' folder that holds the valid record as ``base``."""
    create(tmp_path, "base", files)
    return tmp_path


@pytest.fixture
def changed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Two files changed and two added."""
    return {
        CLIENT: files[CLIENT].replace(b"Base Works", b"New Works"),
        ACTIONS: files[ACTIONS].replace(b"Meet", b"Talk"),
        ADDED: b"id: also\nname: Also\nround: y2026\n",
        LAST: b"id: cut\nname: Cut\nround: y2026\n",
    }


def dying(step: int, act: Callable[[], None]) -> bool:
    """Act in another process that is gone at a step on the disk, and say whether it got to its end."""
    child = os.fork()
    if child == 0:
        left = itertools.count(1)

        def or_die(true: Callable[..., object]) -> Callable[..., object]:
            return lambda *given, **named: os._exit(9) if next(left) == step else true(*given, **named)

        for name in STEPS:
            setattr(os, name, or_die(getattr(os, name)))
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def left_behind(folder: Path) -> set[str]:
    known = {*store.RECORD_FILES, "scenarios", "history", ".lock", ".saved", "modes.json", ".modes.json.new"}
    return {one.name for one in folder.iterdir()} - known


def stop_before_moving(clients: Path, changed: dict[str, bytes], files: dict[str, bytes]) -> None:
    """Leave a save that counts, none of whose files has moved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "_move_in", lambda *_: None)
        save(clients, "base", changed, files)


@needs_fork
def test_a_save_killed_at_any_step_is_all_old_or_all_new(
    clients: Path, files: dict[str, bytes], changed: dict[str, bytes]
) -> None:
    """Killed before each step on the disk in turn: the record is whole, saves again, and nothing is left."""
    outcomes = []
    for step in itertools.count(1):
        folder = clients / f"base-{step}"
        shutil.copytree(clients / "base", folder)
        ended = dying(step, lambda folder=folder: save(clients, folder.name, changed, files))
        found = read_files(clients, folder.name)
        assert found in (files, files | changed)
        outcomes.append(found == files)
        again = {CLIENT: files[CLIENT].replace(b"Base Works", b"Once more")}
        save(clients, folder.name, again, found)
        assert read_files(clients, folder.name) == found | again
        assert left_behind(folder) == set()
        if ended:
            break
    assert outcomes == sorted(outcomes, reverse=True)  # from one step on it counts
    assert outcomes.count(True) > 8
    assert outcomes.count(False) > 5


@needs_fork
def test_finishing_a_killed_save_may_be_killed_too(
    clients: Path, files: dict[str, bytes], changed: dict[str, bytes]
) -> None:
    """Whoever finishes what another left may be killed at any step, and the next finishes it."""
    stop_before_moving(clients, changed, files)
    for step in itertools.count(1):
        folder = clients / f"base-{step}"
        shutil.copytree(clients / "base", folder)
        ended = dying(step, lambda folder=folder: read_files(clients, folder.name))
        assert read_files(clients, folder.name) == files | changed
        assert left_behind(folder) == set()
        assert (folder / CLIENT).read_bytes() == changed[CLIENT]
        if ended:
            break
    assert step > 4


def test_readers_see_a_save_whole_while_its_files_move(
    clients: Path, files: dict[str, bytes], changed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two files that move, a reader who has no lock reads the whole of the save."""
    replace, seen = os.replace, []

    def read_then_replace(source: Path, target: Path) -> None:
        seen.append(read_files(clients, "base"))
        replace(source, target)

    monkeypatch.setattr(os, "replace", read_then_replace)
    save(clients, "base", changed, files)
    assert seen == [files, *[files | changed] * 5]  # the mark, three files, and the modes kept beside them
    assert left_behind(clients / "base") == set()


def test_what_waits_is_finished_by_a_reader_unless_someone_is_saving(
    clients: Path, files: dict[str, bytes], changed: dict[str, bytes]
) -> None:
    """With the lock held the reader only looks; with the lock free it puts the files in their place."""
    stop_before_moving(clients, changed, files)
    place = clients / "base" / CLIENT
    with FileLock(clients / "base" / ".lock"):
        assert read_files(clients, "base") == files | changed
        assert place.read_bytes() == files[CLIENT]
    assert load(clients, "base").facts.profile.name == "New Works"
    assert place.read_bytes() == changed[CLIENT]


def test_what_is_written_by_hand_over_a_waiting_file_is_kept(
    clients: Path, files: dict[str, bytes], changed: dict[str, bytes]
) -> None:
    """Who edits a file after a save was killed does not know of it; their words go to the history."""
    stop_before_moving(clients, changed, files)
    (clients / "base" / ACTIONS).write_bytes(b"by hand")
    assert read_files(clients, "base") == files | changed
    assert read_files(clients, "base") == files | changed
    history = {one.name: one.read_bytes() for one in (clients / "base" / "history").iterdir()}
    assert history == {
        "0001-client.yaml": files[CLIENT],
        "0001-actions.csv": files[ACTIONS],
        "0002-actions.csv": b"by hand",
    }


@pytest.mark.parametrize("failing", [1, 2, 3, 4, 5])
def test_a_disk_that_refuses_any_one_file_leaves_the_record_as_it_was(
    clients: Path, files: dict[str, bytes], changed: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch, failing: int,
) -> None:  # fmt: skip
    """The mark or any of the four files is refused: nothing is changed, added or left behind."""
    replace, calls = os.replace, itertools.count(1)

    def refuse(source: Path, target: Path) -> None:
        if next(calls) == failing:
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(AlignError, match="the record is as it was"):
        save(clients, "base", changed, files)
    assert read_files(clients, "base") == files
    assert (clients / "base" / CLIENT).read_bytes() == files[CLIENT]
    assert not any((clients / "base" / name).exists() for name in (ADDED, LAST))
    assert left_behind(clients / "base") == set()
    save(clients, "base", changed, files)
    assert read_files(clients, "base") == files | changed


@pytest.mark.parametrize("words", ["saved nevertheless", "as it was"])
def test_when_putting_back_is_refused_too_what_is_said_is_so(
    clients: Path, files: dict[str, bytes], changed: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch, words: str,
) -> None:  # fmt: skip
    """The last file is refused for good, then the undoing or its files: the record is what the error says."""
    replace = os.replace

    def refuse(source: Path, target: Path) -> None:
        undoing = source.parent.name == ".saving-2"
        if Path(target).name == Path(LAST).name or (
            undoing and (words == "saved nevertheless" or target.name == CLIENT)
        ):
            raise OSError(28, "No space left on device")
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(AlignError, match=words):
            save(clients, "base", changed, files)
        stands = files | changed if words == "saved nevertheless" else files
        assert read_files(clients, "base") == stands
        with pytest.raises(AlignError, match="the record is whole"):
            save(clients, "base", {CLIENT: files[CLIENT] + b"\n"}, stands)
    assert read_files(clients, "base") == stands
    save(clients, "base", {CLIENT: files[CLIENT] + b"\n"}, stands)
    assert left_behind(clients / "base") == set()


def test_the_history_goes_on_from_its_last_number_wherever_the_mark_is_lost(
    clients: Path, files: dict[str, bytes]
) -> None:
    """Without its mark, or with an older one from another copy, a save overwrites nothing that is kept."""
    history, mark = clients / "base" / "history", clients / "base" / ".saved"
    stands = files
    for number in range(1, 7):
        if number == 3:
            mark.unlink()
        if number == 5:
            mark.write_bytes(b"1 1\n")
        changed = {CLIENT: files[CLIENT] + b"# %d\n" % number}
        save(clients, "base", changed, stands)
        assert (history / f"{number:04d}-client.yaml").read_bytes() == stands[CLIENT]
        stands = stands | changed
    assert len(list(history.iterdir())) == 6


def test_the_history_is_not_listed_at_every_save(
    clients: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once numbered, saves do not look through what thousands before them have kept."""
    save(clients, "base", {CLIENT: files[CLIENT] + b"#\n"}, files)

    def refuse(folder: Path) -> None:
        raise AssertionError(f"{folder} was listed")

    monkeypatch.setattr(Path, "iterdir", refuse)
    save(clients, "base", {CLIENT: files[CLIENT]}, files | {CLIENT: files[CLIENT] + b"#\n"})
    assert (clients / "base" / "history" / "0002-client.yaml").exists()


@pytest.mark.parametrize(
    "mark", [b"", b"x\n", b"1\n", b"1 1\n../../evil\n", b"1 1\nnotes.txt\n", "1 ٣\n".encode(), b"\xff", b"9" * 20_000]
)  # fmt: skip
def test_a_mark_that_is_none_is_refused_in_words(clients: Path, files: dict[str, bytes], mark: bytes) -> None:
    """A mark made by hand neither leads out of the folder nor is passed over."""
    (clients / "base" / ".saved").write_bytes(mark)
    for attempt in (
        lambda: load(clients, "base"),
        lambda: save(clients, "base", {CLIENT: files[CLIENT] + b"#\n"}, files),
    ):
        with pytest.raises(InputError, match=r"base, \.saved") as caught:
            attempt()
        assert "Delete it" in str(caught.value)


@needs_links
def test_links_in_the_place_of_a_saves_own_files_are_refused(
    clients: Path, files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Neither the mark nor what waits is read through a link; a pipe is not waited for."""
    outside, base = tmp_path_factory.mktemp("outside"), clients / "base"
    (outside / CLIENT).write_bytes(b"profile: {name: Secret}\n")
    (base / ".saved").symlink_to(outside / CLIENT)
    with pytest.raises(InputError, match="a link to another place"):
        load(clients, "base")
    (base / ".saved").unlink()
    os.mkfifo(base / ".saved")
    with pytest.raises(InputError, match="cannot be read as the number"):
        load(clients, "base")
    (base / ".saved").unlink()
    (base / ".saved").write_bytes(b"1 1\n")
    (base / ".saving-1").symlink_to(outside)
    with pytest.raises(InputError, match="a link to another place"):
        load(clients, "base")
    (base / ".saving-1").unlink()
    (base / ".saving-1").mkdir()
    (base / ".saving-1" / CLIENT).symlink_to(outside / CLIENT)
    with pytest.raises(InputError, match="a link to another place"):
        load(clients, "base")
    assert (base / CLIENT).read_bytes() == files[CLIENT]


def test_a_reader_whom_others_never_let_finish_is_told(
    clients: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record saved anew during every reading is not read in part; it is said what to do."""
    numbers = itertools.count(1)
    monkeypatch.setattr(transaction, "last_save", lambda folder: transaction.Saved(next(numbers)))
    monkeypatch.setattr(store, "READ_SECONDS", 0.05)
    with pytest.raises(ConflictError, match="again and again") as caught:
        load(clients, "base")
    assert "try again" in str(caught.value)


def test_a_slice_of_the_crowd(tmp_path: Path) -> None:
    """Two processes save ten times each while another reads: no save is lost, no reading is torn."""
    counted = soak.crowd(tmp_path, writers=2, times=10, readers=1)
    assert counted["count"] == counted["saves"] == 20
    assert counted["agree"]
    assert counted["readings"] > 0
    assert (counted["torn"], counted["refused"], counted["kept"]) == (0, 0, 40)


def test_a_slice_of_the_kills(tmp_path: Path) -> None:
    """Killed three times at random, once at each length, a save is all old or all new, and leaves nothing behind."""
    counted = soak.kills(tmp_path, 3)
    assert counted["old"] + counted["new"] == 3
    assert counted["wrong"] == counted["left behind"] == 0
