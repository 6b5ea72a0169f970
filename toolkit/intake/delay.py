"""Acting a moment later in a notebook, whichever thread asks for it, and one thread at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import cache, wraps
from itertools import count
from typing import Any, Protocol, TypeVar

import ipywidgets as widgets

F = TypeVar("F", bound=Callable[..., Any])

PATIENCE = 5.0  # seconds until a page that answers nothing is no longer waited for


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


class RoundTrip:
    """Numbers sent to the page, which sends each back after all that it held back before.

    Attributes
    ----------
    sent, returned : IntText
        Linked in the page: what the kernel writes into the first, the page writes into the second.
    """

    def __init__(self) -> None:
        self._numbers = count(1)
        self._waiting: dict[int, Callable[[], object]] = {}
        self.sent, self.returned = widgets.IntText(), widgets.IntText()
        self._link = widgets.jsdlink((self.sent, "value"), (self.returned, "value"))
        self.returned.observe(lambda change: self._act(change["new"]), "value")

    def before(self, act: Callable[[], object], loop: asyncio.AbstractEventLoop) -> None:
        """Run ``act`` once the page has answered, or some seconds later when none does."""
        number = next(self._numbers)
        self._waiting[number] = act
        loop.call_later(PATIENCE, self._act, number)
        self.sent.value = number

    def _act(self, number: int) -> None:
        for earlier in sorted(one for one in self._waiting.copy() if one <= number):
            act = self._waiting.pop(earlier, None)
            if act:
                act()


round_trip = cache(RoundTrip)


def after_pending_changes(act: Callable[[], object]) -> None:
    """Run an answer to a press or a choice once all that was typed before it is here; at once where no loop runs.

    A page holds a widget's next change back until the kernel is done with its last, but sends a press at once, past
    what it holds back: a name typed to its end would lack its last letter, or come into the entry chosen next. So the
    page is asked first: what it held back goes out when it hears that the last change is done, which it hears before
    the question.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        act()
    else:
        round_trip().before(act, loop)


def one_at_a_time(act: F) -> F:
    """Let one thread at a time into an object's methods so marked; the object has a ``_lock`` that its holder may take again.

    In JupyterLab, widgets' messages and timers come on different threads.
    """

    @wraps(act)
    def waited_for(self: Any, *given: Any, **named: Any) -> Any:
        with self._lock:
            return act(self, *given, **named)

    return waited_for  # type: ignore[return-value]
