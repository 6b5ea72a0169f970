"""Acting a moment later in a notebook, whichever thread asks for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Protocol


class Waiting(Protocol):
    """Something that will be done, unless it is cancelled first."""

    def cancel(self) -> None:
        """Do not do it."""


def later_on(loop: asyncio.AbstractEventLoop) -> Callable[[float, Callable[[], None]], Waiting]:
    """Return a function that runs another on a loop after some seconds.

    JupyterLab handles widgets' messages on a thread of their own, from which a loop's ``call_later`` neither is
    safe nor wakes the loop: it would act when something else does, seconds later.
    """

    def later(seconds: float, act: Callable[[], None]) -> Waiting:
        timer = threading.Timer(seconds, lambda: loop.is_closed() or loop.call_soon_threadsafe(act))
        timer.daemon = True
        timer.start()
        return timer

    return later
