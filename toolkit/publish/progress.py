"""How far a batch is, for a screen: what is done, how fast, how long it still takes, and what is being made now."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import get_args

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from toolkit.errors import shown
from toolkit.publish.batch import ClientResult, State
from toolkit.publish.worker import Call
from toolkit.words import fixed

MOST_SHOWN = 16  # calls


class Progress:
    """How far a batch of ``total`` clients is.

    Parameters
    ----------
    calls : callable
        Returns the calls that are being made now.
    """

    def __init__(self, total: int, calls: Callable[[], Iterable[Call]]) -> None:
        self._total, self._calls, self._begun = total, calls, time.monotonic()
        self._states: Counter[str] = Counter()
        self._worked = 0

    def note(self, result: ClientResult) -> None:
        """Count a client's result."""
        self._states[result.state] += 1
        self._worked += result.seconds > 0

    def text(self) -> str:
        """Return how far the batch is, in a line; rate and time left once a client has been made."""
        done = sum(self._states.values())
        states = ", ".join(
            f"{self._states[state]} {state}" for state in get_args(State) if self._states[state]
        )
        parts = [f"{done} of {self._total} clients", *([states] if states else [])]
        if self._worked:
            each = (time.monotonic() - self._begun) / self._worked  # seconds
            left = each * (self._total - done)
            took = f"{fixed(left)} s" if left < 90 else f"{fixed(left / 60)} min"
            parts += [f"{fixed(60 / each)} a minute", f"about {took} left"]
        return " · ".join(parts)

    def table(self) -> Group:
        """Return the line and, below it, each client that is being made and what is done for it; their text stays text."""
        table = Table(box=box.SIMPLE, show_header=False)
        calls = list(self._calls())
        for call in calls[:MOST_SHOWN]:
            table.add_row(Text(shown(call.name)), Text(shown(call.doing)))
        if len(calls) > MOST_SHOWN:
            table.add_row(Text(f"and {len(calls) - MOST_SHOWN} more"), Text())
        return Group(Text(self.text()), table)
