"""Tests of warm workers, with real processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from making import made_of
from patience import HANG

from toolkit.client.store import read_files
from toolkit.publish.job import Job
from toolkit.publish.make import make_deliverables
from toolkit.publish.worker import FORKS, OutOfTime, Stopped, Worker, WorkerDied, Workers

WAYS = [
    pytest.param(True, id="forks", marks=pytest.mark.skipif(not FORKS, reason="Linux only")),
    pytest.param(False, id="fresh"),
]


LOUD = """[
    print("x" * 10_000_000), print("x", file=__import__("sys").stderr), __import__("os").write(1, b"x" * 1_000_000),
    __import__("os").write(2, b"x" * 1_000_000), len(__import__("sys").stdin.read()),
][-1]"""
WHERE = "(lambda os: (os.getcwd(), os.environ['TMPDIR'], os.getpid()))(__import__('os'))"


@pytest.fixture(params=WAYS)
def worker(request: pytest.FixtureRequest) -> Iterator[Worker]:
    """Return a worker of each way of making calls, which has loaded nothing."""
    made = Worker(request.param, loads="")
    yield made
    made.close()


def ask(
    worker: Worker | Workers, function: Callable[..., Any], *arguments: Any, seconds: float = HANG
) -> Any:
    """Call a function with a generous limit."""
    return worker.call(function, *arguments, seconds=seconds, late="It hangs.")


def gone(pid: int) -> bool:
    """Return whether a process ends within the time that one waits for it."""
    end = time.monotonic() + HANG
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_calls_one_after_the_other(worker: Worker) -> None:
    """Each call returns what its function does or raises what it raises, whatever the one before did."""
    assert ask(worker, eval, "2 * 21") == 42
    with pytest.raises(ZeroDivisionError):
        ask(worker, eval, "1 / 0")
    with pytest.raises(RuntimeError, match="UnicodeDecodeError"):  # it cannot be sent as it is
        ask(worker, exec, "class UnicodeDecodeError(Exception): pass\nraise UnicodeDecodeError('no')")
    assert ask(worker, eval, "2 * 4") == 8


def test_what_is_printed_goes_nowhere(worker: Worker) -> None:
    """What a call prints disturbs no answer, and what it reads is empty."""
    assert ask(worker, eval, LOUD) == 0
    assert ask(worker, eval, "2 * 1") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
def test_what_a_call_has_started_ends_with_it(worker: Worker) -> None:
    """A process that a call leaves behind is ended."""
    started = ask(worker, eval, "__import__('subprocess').Popen(['sleep', '600']).pid")
    worker.close()
    assert gone(started)


def test_a_closed_worker_leaves_nothing(worker: Worker) -> None:
    """A closed worker's process and folder are gone, and it takes no more calls."""
    cwd, temporary, pid = ask(worker, eval, WHERE)
    assert cwd == temporary
    worker.close()
    assert gone(pid)
    assert not Path(cwd).exists()
    with pytest.raises(Stopped):
        ask(worker, eval, "2 * 1")


def test_a_call_that_is_too_late_is_stopped_and_the_next_is_made(worker: Worker) -> None:
    """A call that takes too long is told in the caller's words; the worker goes on with the next."""
    with pytest.raises(OutOfTime, match="It hangs"):
        ask(worker, signal.pause, seconds=0.5)
    assert ask(worker, eval, "2 * 2") == 4


@pytest.mark.skipif(not FORKS, reason="Linux only")
def test_a_worker_whose_process_was_killed_starts_another() -> None:
    """A worker that dies while it makes a call says how; the next call starts another."""
    worker = Worker(loads="")
    try:
        assert ask(worker, eval, "2 * 2") == 4
        assert worker._process is not None
        with pytest.raises(WorkerDied) as died:
            ask(worker, exec, f"import os, signal; os.kill({worker._process.pid}, 9); signal.pause()")
        assert died.value.ending == "it was ended by the signal SIGKILL"
        assert ask(worker, eval, "2 * 3") == 6
        os.kill(worker._process.pid, signal.SIGKILL)
        assert gone(worker._process.pid)
        assert ask(worker, eval, "2 * 4") == 8
    finally:
        worker.close()


@pytest.mark.skipif(not FORKS, reason="Linux only")
def test_however_a_process_ends_before_it_answers_it_has_died_so() -> None:
    """A code or a signal, even the code of a call that was answered: the call has died by it, and the next is made."""
    worker = Worker(loads="")
    try:
        for code in (0, 1, 98):
            with pytest.raises(WorkerDied) as died:
                ask(worker, os._exit, code)
            assert died.value.ending == f"it ended itself with exit code {code}"
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM):
            with pytest.raises(WorkerDied) as died:
                ask(worker, exec, f"import os; os.kill(os.getpid(), {int(number)})")
            assert died.value.ending == f"it was ended by the signal {number.name}"
        assert ask(worker, eval, "2 * 4") == 8
    finally:
        worker.close()


def test_closing_stops_what_is_being_made() -> None:
    """Workers that are closed stop their calls, and no stopped call is made again."""
    workers, told = Workers(loads=""), []

    def wait() -> None:
        try:
            ask(workers, signal.pause)
        except Stopped as error:
            told.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not workers._busy:
        time.sleep(0.01)
    workers.close()
    waiting.join(HANG)
    assert len(told) == 1
    assert not workers._busy
    assert not workers._idle


@pytest.mark.skipif(not FORKS, reason="Linux only")
def test_both_ways_make_the_same(tmp_path: Path, add_client: Callable[..., Path], notebooks: Path) -> None:
    """A process that makes one client alone makes the same bytes as the fork of a warm one."""
    add_client(tmp_path / "c", "acme", "Acme é 🙂")
    job = Job("acme", read_files(tmp_path / "c", "acme"), notebooks=notebooks)
    alone = Worker(forks=False)
    try:
        assert ask(alone, make_deliverables, job) == made_of(job)
    finally:
        alone.close()


@pytest.mark.parametrize("forks", WAYS)
def test_an_idle_worker_gives_its_memory_back(forks: bool) -> None:
    """A worker without a call ends after its time, and its folder goes with it."""
    worker = Worker(forks, idle=0.2, loads="")
    try:
        worker.start()
        assert worker._process is not None
        assert gone(worker._process.pid)
    finally:
        worker.close()
