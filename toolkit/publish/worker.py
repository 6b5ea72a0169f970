"""A warm process: it has loaded what a call needs, makes each call in a process of its own, and leaves nothing behind.

Where a process can be forked safely (Linux), a worker loads the toolkit once and forks for each call; elsewhere it
makes one call and ends, and the next call starts another. The calls and their results are the same.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import math
import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import toolkit
from toolkit.errors import DeliverableError
from toolkit.files import temporary
from toolkit.words import plain

# A fork is safe where no library has started threads or talked to a system service by being imported.
FORKS = sys.platform == "linux" and hasattr(os, "pidfd_open")
START = 120.0  # seconds in which a worker must be ready
LOADS = "toolkit.publish.make"  # what takes longest to load of all that makes a document
IDLE = 600.0  # seconds after which a worker without a call gives its memory back
_GRACE = 5.0  # seconds that a worker has to end by itself
_SIZE = 8  # bytes that say how long a message is
_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>

# What a Python process needs to start, and to find its fonts and the browser that prints, on any system; nothing else of
# the consultant's environment reaches a notebook.
_KEPT = (
    "PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONUSERBASE",
    "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "MPLCONFIGDIR", "SYSTEMROOT", "SYSTEMDRIVE",
    "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES",
    "PROGRAMFILES(X86)", "ALIGN_BROWSER",
)  # fmt: skip


class WorkerDied(DeliverableError):
    """The process that made a call has ended before it was done: what it was doing, and how it ended."""

    def __init__(self, doing: str, ending: str) -> None:
        self.doing, self.ending = doing, ending
        super().__init__(f"The process {doing} died: {ending}.")


class Stopped(DeliverableError):
    """A call was stopped, or not begun, because its worker was closed."""

    def __init__(self) -> None:
        super().__init__("It was stopped.")


class OutOfTime(DeliverableError):
    """A call took longer than it may, and was stopped."""


@dataclass(frozen=True)
class Call:
    """A call that is being made: what it is told by, and what its process is doing."""

    name: str = ""
    doing: str = ""


class Worker:
    """A process that makes calls, one at a time; its environment and folder are private.

    Parameters
    ----------
    forks : bool
        Whether it forks for each call; only where :data:`FORKS` says that it can.
    idle : float
        Seconds after which its process ends when there is no call; the next call starts another.
    loads : str
        The module that its process loads before the first call, and whose ``warm`` it calls if there is one; empty
        means none.
    """

    def __init__(self, forks: bool = FORKS, idle: float = IDLE, loads: str = LOADS) -> None:
        self._forks, self._idle, self._loads = forks, idle, loads
        self.now: Call | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._group = 0  # the process group of the call that is being made
        self._folder = ExitStack()
        self._calling = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Start the process where none is running; it becomes ready by itself."""
        if self._process is not None and self._process.poll() is None:
            return
        self._end()
        place = self._folder.enter_context(temporary("align-run-")).resolve()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from toolkit.publish.worker import serve; serve()",
             str(int(self._forks)), str(self._idle), self._loads],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=place, env=_environment(place), start_new_session=True,
        )  # fmt: skip

    def call(
        self, function: Callable[..., Any], *arguments: Any, seconds: float, late: str, name: str = ""
    ) -> Any:
        """Return what ``function(*arguments)`` returns in a process of its own; raise what it raises.

        Function, arguments and result must be picklable.

        Parameters
        ----------
        seconds : float
            How long it may take.
        late : str
            What :class:`OutOfTime` says when it takes longer; :func:`step` sets limits to its parts.
        name : str
            What :meth:`Workers.calls` tells it by.

        Raises
        ------
        WorkerDied
            When the process ends before it is done.
        OutOfTime
            When it takes too long.
        Stopped
            When the worker is closed.
        """
        with self._calling:
            self.start()
            self.now = Call(name, "making it")
            killed, watch, answer = killed_for_memory(), _Watch(self._stop), None
            try:
                if not self._closed:
                    answer = self._answer(function, arguments, watch, seconds, late)
            finally:
                watch.end()
                code = None if answer and self._forks and not self._closed else self._end()
                doing, self.now, self._group = self.now.doing, None, 0
        match answer:
            case "returned", result:
                return result
            case "raised", error:
                raise error
            case "ended", left_with:  # it left without an answer, as if it had given one
                raise WorkerDied(doing, ending(left_with, killed))
        if watch.late:
            raise OutOfTime(watch.late)
        if self._closed:
            raise Stopped
        raise WorkerDied(doing, ending(code, killed))

    def _answer(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        watch: _Watch,
        seconds: float,
        late: str,
    ) -> tuple[str, Any] | None:
        """Send a call and return its answer; None when the process ends without one."""
        watch.expect(
            START, f"The process that makes the documents was not ready after {plain(START)} seconds."
        )
        self._send(function, arguments)
        end, answer = math.inf, None
        for message in self._messages():
            match message:
                case "began", group:
                    self._group, end = group, time.monotonic() + seconds
                    watch.expect(seconds, late)
                case "step", doing, allowed, overdue:
                    left = end - time.monotonic()
                    self.now = replace(self.now or Call(), doing=doing)
                    watch.expect(*((allowed, overdue) if allowed < left else (left, late)))
                case "ended", _:
                    answer = answer or message
                    break
                case _:
                    answer = message
                    if not self._forks:
                        break
        if answer is None or not self._forks:
            self._wait()
        return answer

    def close(self) -> None:
        """End the process, the call that it makes and all that this started, and remove its folder; for good."""
        self._closed = True
        self._stop()
        with self._calling:
            self._end()

    def _send(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        assert self._process is not None
        with suppress(BrokenPipeError):  # it has died; that it answers nothing says so
            _send(self._process.stdin, (function, arguments))

    def _messages(self) -> Iterator[Any]:
        assert self._process is not None
        while (message := _received(self._process.stdout)) is not None:
            yield pickle.loads(message)

    def _wait(self) -> None:
        """Give the process time to end by itself."""
        if (process := self._process) is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)

    def _stop(self) -> None:
        """End the process and what it has started, from whatever thread."""
        process, group = self._process, self._group
        if process is None:
            return
        process.terminate()
        self._wait()
        _kill(group)
        _kill(process.pid)
        process.wait()

    def _end(self) -> int | None:
        """End the process, forget it, remove its folder, and return its exit code."""
        self._stop()
        process, self._process = self._process, None
        self._folder.close()
        if process is None:
            return None
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr] # both are pipes
        return process.returncode


class Workers:
    """The workers of this process: a call takes one that is idle, or starts one. Calls may come from many threads."""

    def __init__(self, forks: bool = FORKS, loads: str = LOADS) -> None:
        self._forks, self._loads = forks, loads
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._users = 0
        self._closings = 0

    def warm(self, number: int) -> None:
        """Start so many workers, to be ready when they are needed."""
        with self._lock:
            while len(self._idle) < number:
                self._idle.append(Worker(self._forks, loads=self._loads))
            for worker in self._idle[:number]:
                worker.start()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Close the workers when the last block that uses them ends, however it ends."""
        with self._lock:
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                last = self._users == 0
            if last:
                self.close()

    def calls(self) -> list[Call]:
        """Return the calls that are being made now."""
        with self._lock:
            return sorted((call for worker in self._busy if (call := worker.now)), key=lambda call: call.name)

    def call(self, function: Callable[..., Any], *arguments: Any, **how: Any) -> Any:
        """Make a call, see :meth:`Worker.call`; where its process dies, in another one once more."""
        begun = self._closings
        with suppress(WorkerDied):
            return self._call(begun, function, *arguments, **how)
        return self._call(begun, function, *arguments, **how)

    def close(self) -> None:
        """End all workers and the calls they make; a later call starts others."""
        with self._lock:
            self._closings += 1
            workers, self._idle, self._busy = [*self._idle, *self._busy], [], set()
        for worker in workers:
            worker.close()

    def _call(self, begun: int, function: Callable[..., Any], *arguments: Any, **how: Any) -> Any:
        with self._lock:
            if self._closings != begun:
                raise Stopped
            worker = self._idle.pop() if self._idle else Worker(self._forks, loads=self._loads)
            self._busy.add(worker)
        try:
            return worker.call(function, *arguments, **how)
        finally:
            with self._lock:
                if worker in self._busy:  # not closed meanwhile
                    self._busy.remove(worker)
                    self._idle.append(worker)


HERE = Workers()
atexit.register(HERE.close)


class _Watch:
    """Stops a call whose step takes too long; ``late`` then says which."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.late = ""
        self._stop = stop
        self._timer: threading.Timer | None = None

    def expect(self, seconds: float, late: str) -> None:
        """Allow the next step so many seconds."""
        self.end()
        if not self.late:
            self._timer = threading.Timer(max(seconds, 0), self._over, [late])
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """Stop watching; return once nothing is being stopped."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()

    def _over(self, late: str) -> None:
        self.late = late
        self._stop()


def ending(code: int | None, killed_before: int) -> str:
    """Return how a process ended, as a clause; of memory it speaks only where the system says so.

    Parameters
    ----------
    code : int or None
        Its exit code, a signal's number negative; None when it has not ended.
    killed_before : int
        What :func:`killed_for_memory` said when it began.
    """
    if code is None:
        return "it answered no more"
    if code >= 0:
        return f"it ended itself with exit code {code}"
    known = {each.value: each.name for each in signal.Signals}
    clause = f"it was ended by the signal {known.get(-code, str(-code))}"
    short = code == -getattr(signal, "SIGKILL", 0) and killed_for_memory() > killed_before
    return f"{clause}, while the machine was out of memory" if short else clause


def killed_for_memory() -> int:
    """Return how many processes this machine has ended for want of memory since it started; 0 where it does not say."""
    with suppress(OSError):
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def _kill(group: int) -> None:
    """End a process group; on Windows, a process."""
    if group > 0:
        with suppress(OSError):  # it has just ended by itself
            if sys.platform == "win32":
                os.kill(group, signal.SIGTERM)
            else:
                os.killpg(group, signal.SIGKILL)


def _environment(place: Path) -> dict[str, str]:
    """Return the environment of a worker: what Python needs, and what makes every run the same."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    (place / "matplotlibrc").touch()  # in place of the consultant's own settings
    home = str(Path(toolkit.__file__).resolve().parents[1])
    if home not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        kept["PYTHONPATH"] = home  # a checkout
    private = {name: str(place) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP")}
    fixed = {
        "MATPLOTLIBRC": str(place / "matplotlibrc"),
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        # as many workers as cores run already
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    return kept | private | fixed


def _send(stream: Any, message: Any) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(_SIZE, "big") + data)
    stream.flush()


def _received(stream: Any) -> bytes | None:
    """Return the next message, pickled; None when there will be none."""
    head = stream.read(_SIZE)
    if len(head) < _SIZE:
        return None
    size = int.from_bytes(head, "big")
    data: bytes = stream.read(size)
    return data if len(data) == size else None


# What follows runs in the worker's own process.

_answers: BinaryIO | None = None


def step(doing: str, seconds: float, late: str) -> None:
    """Say within a call what it does next; without effect outside a worker.

    Parameters
    ----------
    doing : str
        What the process is doing, to stand after “The process”.
    seconds : float
        How long it may take until the next step.
    late : str
        What :class:`OutOfTime` says when it takes longer.
    """
    if _answers is not None:
        _send(_answers, ("step", doing, seconds, late))


def serve() -> None:
    """Make the calls that come in until no more do; the process's only task."""
    calls, answers = _private_streams()
    forks, idle, loads = sys.argv[1] == "1", float(sys.argv[2]), sys.argv[3]
    if forks:
        signal.signal(signal.SIGTERM, lambda *_: _leave())
    gc.disable()  # what is loaded stays
    if loads:
        getattr(importlib.import_module(loads), "warm", lambda: None)()
    gc.enable()
    if not forks:
        call = _received(calls) if _asked(calls, idle) else None
        threading.Thread(target=lambda: (calls.read(), _leave()), daemon=True).start()
        _make(call, answers) if call is not None else _leave()
    gc.collect()
    gc.freeze()  # what is loaded is shared with every fork
    while _asked(calls, idle) and (call := _received(calls)) is not None:
        _make_in_fork(call, calls, answers)
    _leave()


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Take the pipes for this module alone: whatever else reads or prints finds nothing there."""
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    return calls, answers


def _asked(calls: BinaryIO, seconds: float) -> bool:
    """Wait for a call, or for the end of all; False when neither has come in time."""
    if sys.platform == "win32":
        return True  # where a pipe cannot be waited for with a limit
    waiting = select.poll()
    waiting.register(calls, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))


_DONE = 98  # with what a process leaves whose call was made and answered
_child = 0


def _make_in_fork(call: bytes, calls: BinaryIO, answers: BinaryIO) -> None:
    """Make a call in a fork; leave when it ends otherwise than done, as it did, or when nobody waits for it any more."""
    global _child
    server, child = os.getpid(), os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server:
            os._exit(1)
        with suppress(OSError):  # should memory run out, this is what goes
            Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")
        _make(call, answers)
    with suppress(OSError):  # it does so, too; whichever is first
        os.setpgid(child, child)
    _child = child
    handle = os.pidfd_open(child)
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    waiting.register(calls, select.POLLHUP)
    if all(fd != handle for fd, _ in waiting.poll()):
        _leave()
    os.close(handle)
    _kill(child)  # what it has started and left; while it is not waited for, no other group has its number
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    _child = 0
    if code == _DONE:
        _send(answers, ("ended", code))
        return
    if code >= 0:
        _leave(code)
    if -code not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)


def _make(call: bytes, answers: BinaryIO) -> NoReturn:
    global _answers
    _answers = answers
    _send(answers, ("began", os.getpid()))
    try:
        function, arguments = pickle.loads(call)
        answer = "returned", function(*arguments)
    except Exception as error:
        answer = "raised", _portable(error)
    _send(answers, answer)
    os._exit(_DONE)


def _portable(error: Exception) -> Exception:
    """Return an error as it can be sent; in words where it cannot."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _leave(code: int = 0) -> NoReturn:
    """Leave at once, with whatever is being made, and remove the folder this works in."""
    if _child:
        _kill(_child)
        os.waitpid(_child, 0)
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os._exit(code)
