"""The answer to the page's question, asked each second, whether the form still hears and saves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.intake.form.look import HIDDEN


class Heartbeat:
    """Two widgets out of sight: the page writes a number into the first, and reads it from the second.

    A page alone cannot know that its kernel was restarted: its widgets stand as they were, and what is typed into
    them goes nowhere. ``heartbeat.js`` asks and, when no answer comes, covers the form.

    Parameters
    ----------
    client : str
        The client's folder name, so that what was typed for one client is never offered in another's form.
    lock
        Held by whoever changes the draft: an answer waits until all that came before it is done.
    saved : callable
        Whether all that was heard is on disk.
    """

    def __init__(self, client: str, lock: AbstractContextManager[Any], saved: Callable[[], bool]) -> None:
        self._client, self._lock, self._saved = client, lock, saved
        self._question = widgets.Text(layout=HIDDEN).add_class("pulse")
        self._answer = widgets.HTML(self._said(""), layout=HIDDEN).add_class("beat")
        self._question.observe(self._reply, "value")
        self.box = widgets.HBox([self._question, self._answer], layout=HIDDEN)

    def _reply(self, change: Any) -> None:
        with self._lock:
            self._answer.value = self._said(change["new"])

    def _said(self, question: str) -> str:
        echo = Markup('<i data-client="{}" data-echo="{}" data-saved="{}"></i>')
        return str(echo.format(self._client, question, int(self._saved())))
