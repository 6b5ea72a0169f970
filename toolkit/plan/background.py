"""Plans that improve while one looks at them: searched in processes of their own, told as they are found.

The solver holds its process and silences its output for seconds at a time, so it shares neither with
a notebook. A process that has loaded the planner waits for each next search, so that a first plan does not wait for it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.context
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from typing import Literal

from toolkit.client.record import Record
from toolkit.plan.plan import plans
from toolkit.plan.roadmap import Roadmap, from_json, to_json

State = Literal["improving", "done", "failed"]
WAITING = 2


@dataclass(frozen=True)
class Heard:
    """What a search tells: a plan while it goes on, then that it is done, or why it failed."""

    state: State
    roadmap: Roadmap | None = None
    why: str = ""


class Searches:
    """Searches for plans, each in a process of its own.

    Parameters
    ----------
    post : callable
        Runs a function where the listeners live: an event loop's ``call_soon_threadsafe``.
    """

    def __init__(self, post: Callable[[Callable[[], None]], object]) -> None:
        self._post = post
        self._lock = threading.Lock()
        self._waiting: list[_Process] = []
        self._working: set[_Process] = set()
        self._closed = False
        # The first loads the planner, which takes seconds that nobody should wait for.
        threading.Thread(target=lambda: self._rest(_Process()), daemon=True).start()

    def start(self, record: Record, round_id: str, listener: Callable[[Heard], None]) -> Search:
        """Search for plans of a record; the listener hears each better one, and the end."""
        # Answers decide nothing here and are confidential: they stay in this process.
        record = replace(record, responses=(), aggregates=(), questionnaires={})
        search = Search(listener)

        def tell(process: _Process, heard: Heard) -> None:
            if heard.state != "improving":
                self._rest(process)
            search.hear(heard)

        def follow() -> None:
            try:
                process = self._taken()
            except OSError as error:  # the system has no room for another process
                self._post(partial(search.hear, Heard("failed", why=str(error))))
                return
            if not search.given(process):
                self._rest(process)
                return
            for heard in process.searched(record, round_id):
                with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
                    self._post(partial(tell, process, heard))

        threading.Thread(target=follow, daemon=True).start()
        return search

    def _taken(self) -> _Process:
        """Return a process that is at work from now on, and have another wait."""
        with self._lock:
            ready = [one for one in self._waiting if one.process.is_alive()]
            process = ready.pop(0) if ready else _Process()
            self._waiting = ready or [_Process()]
            self._working.add(process)
            if self._closed:
                self._end()
        return process

    def _rest(self, process: _Process) -> None:
        """Let a process that has finished wait for another search, if it is needed."""
        with self._lock:
            self._working.discard(process)
            if process.process.is_alive() and len(self._waiting) < WAITING and not self._closed:
                self._waiting.append(process)
            else:
                process.process.kill()

    def close(self) -> None:
        """End every process."""
        with self._lock:
            self._closed = True
            self._end()

    def _end(self) -> None:
        for one in (*self._waiting, *self._working):
            one.process.kill()
        self._waiting, self._working = [], set()


class Search:
    """One search under way."""

    def __init__(self, listener: Callable[[Heard], None]) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self.over = False

    def given(self, process: _Process) -> bool:
        """Take the process that searches; say whether it is still wanted."""
        with self._lock:
            self._process = process
            return not self.over

    def hear(self, heard: Heard) -> None:
        """Tell the listener, unless the search is over."""
        if not self.over:
            self.over = heard.state != "improving"
            self._listener(heard)

    def stop(self) -> None:
        """End the search at once; its listener hears no more of it."""
        with self._lock:
            if not self.over and self._process:
                self._process.process.kill()
            self.over = True


def _context() -> multiprocessing.context.SpawnContext | multiprocessing.context.ForkServerContext:
    """Return how processes are started: never by forking a notebook's process, which has threads.

    On Linux they are forked from one that has loaded the planner and does nothing else, within milliseconds, so that
    one change after the other finds a process ready. Elsewhere, where forking what has loaded the planner is not safe or
    not possible, each loads it anew.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


class _Process:
    """A process that loads the planner, then searches whenever it is asked to."""

    def __init__(self) -> None:
        context = _context()
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def searched(self, record: Record, round_id: str) -> Iterator[Heard]:
        """Yield what the process tells about one search, the last thing being that it is over."""
        try:
            self._pipe.send((record, round_id))
            while True:
                state, text = self._pipe.recv()
                heard = Heard(state, from_json(text)) if state == "improving" else Heard(state, why=text)
                yield heard
                if state != "improving":
                    return
        except (EOFError, OSError):
            yield Heard("failed", why="its process ended")


def _serve(pipe: Connection) -> None:
    """Answer each record received with its plans, until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # interrupting a notebook's cell is not meant for us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            record, round_id = pipe.recv()
            try:
                for roadmap in plans(record, round_id):
                    pipe.send(("improving", to_json(roadmap)))
                pipe.send(("done", ""))
            except Exception as error:
                pipe.send(("failed", f"{type(error).__name__}: {error}"))


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(0)
