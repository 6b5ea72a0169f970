"""Acting a moment later in a notebook, whichever thread asks for it, and one thread at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


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


def one_at_a_time(act: F) -> F:
    """Let one thread at a time into an object's methods so marked; the object has a ``_lock`` that its holder may take again.

    In JupyterLab, widgets' messages and timers come on different threads.
    """

    @wraps(act)
    def waited_for(self: Any, *given: Any, **named: Any) -> Any:
        with self._lock:
            return act(self, *given, **named)

    return waited_for  # type: ignore[return-value]
