"""A pool of processes that is gone when the work is: done, interrupted, terminated or killed."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NoReturn

from toolkit.files import HELD
from toolkit.publish.kernels import end_everything, workplace

TIME_OVER = 124  # with what a worker leaves whose client took too long
_within: Path | None = None


@contextmanager
def process_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of fresh processes, none of which outlives this one, nor does what they started.

    Each worker holds one end of a pipe. When the other end closes, because this process leaves
    early or is killed, a worker ends its kernels, removes its files and leaves at once. What a
    killed worker leaves lying goes with the pool's own folder.
    """
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    with workplace() as folder:
        pool = ProcessPoolExecutor(workers, context, _begin, (reader, folder))
        try:
            yield pool
        except BaseException:
            writer.close()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            writer.close()
            reader.close()


def own_folder() -> Path | None:
    """Return the folder in which this worker shall work; None outside a pool."""
    return _within


def leave(code: int = 1) -> NoReturn:
    """Leave this worker at once: kernels ended, files removed; its job counts as not done."""
    end_everything()
    if _within is not None:
        with suppress(OSError):
            if set(os.listdir(_within)) <= {HELD}:  # nobody else works in it
                shutil.rmtree(_within)
    os._exit(code)


def _begin(reader: Connection, folder: Path) -> None:
    global _within
    _within = folder
    # On Ctrl-C the main process decides; it closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, lambda *_: leave())
    threading.Thread(target=_leave_with, args=(reader,), daemon=True).start()


def _leave_with(reader: Connection) -> None:
    wait([reader])
    leave()


@contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM end this process in an orderly way, as Ctrl-C does, rather than on the spot."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: object) -> NoReturn:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
