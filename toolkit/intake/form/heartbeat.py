"""The answer to the page's question, asked each second, whether a form or workshop still hears and saves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import ipywidgets as widgets
from IPython.core.getipython import get_ipython
from IPython.display import Javascript, display
from markupsafe import Markup

from toolkit.html.templates import inline
from toolkit.intake.form.look import HIDDEN
from toolkit.shipped import shipped_text

Edit = tuple[str, list[str]]  # a field's label, and the text in it or the options chosen
WATCHED = "watched"  # the class of a form's or workshop's outermost widget, within which its heartbeat is


def begin() -> None:
    """Let the page of this notebook ask, once its heartbeats are there."""
    display(Javascript(shipped_text("intake", "form", "heartbeat.js")))


class Heartbeat:
    """Two widgets out of sight: the page writes a number into the first, and reads it from the second.

    A page alone cannot know that its kernel was restarted: its widgets stand as they were, and what is typed into
    them goes nowhere. ``heartbeat.js`` asks, says in the bar what is not surely saved, and covers the page when no
    answer will come.

    Parameters
    ----------
    client : str
        The client's folder name, so that what was typed for one client is never offered in another's form.
    lock
        Held by whoever changes the draft: an answer waits until all that came before it is done.
    saved : callable
        Whether all that was heard is on disk.
    fields : callable
        The widgets in which somewhere the fields are: only what stands in them was heard.
    what : str
        "form" or "workshop".
    """

    def __init__(
        self,
        client: str,
        lock: AbstractContextManager[Any],
        saved: Callable[[], bool],
        fields: Callable[[], Iterable[widgets.Widget]],
        what: str = "form",
    ) -> None:
        self._client, self._lock, self._saved, self._fields, self._what = client, lock, saved, fields, what
        self._kernel, self._ended = _kernel_id(), False
        self._question = widgets.Text(layout=HIDDEN).add_class("pulse")
        self._answer = widgets.HTML(self._said(0, []), layout=HIDDEN).add_class("beat")
        self._question.observe(self._reply, "value")
        style = widgets.HTML(
            f"<style>{inline('style', shipped_text('intake', 'form', 'heartbeat.css'))}</style>"
        )
        self.box = widgets.HBox([self._question, self._answer, style], layout=HIDDEN)

    def end(self) -> None:
        """Tell every page that still shows this form that it no longer counts: it was opened anew."""
        self._ended = True
        self._answer.value = self._said(0, [])

    def _reply(self, change: Any) -> None:
        number, edits = json.loads(change["new"])
        with self._lock:
            self._answer.value = self._said(number, edits)

    def _said(self, question: int, edits: list[Edit]) -> str:
        echo = Markup(
            '<i data-client="{}" data-what="{}" data-kernel="{}" data-echo="{}" data-saved="{}" data-ended="{}"></i>'
        )
        return str(
            echo.format(
                self._client,
                self._what,
                self._kernel,
                question,
                int(self._saved() and self._hold(edits)),
                int(self._ended),
            )
        )

    def _hold(self, edits: list[Edit]) -> bool:
        """Return whether a field of each label, where there is one, holds what the page shows in it."""
        held: dict[str, list[list[str]]] = {}
        for label, texts in _texts(self._fields()) if edits else ():
            held.setdefault(label, []).append(texts)
        return all(label not in held or list(texts) in held[label] for label, texts in edits)


def _texts(roots: Iterable[widgets.Widget]) -> Iterator[tuple[str, list[str]]]:
    """Yield what stands in each field within some widgets, with its label."""
    for one in roots:
        if isinstance(one, widgets.Box):
            yield from _texts(one.children)
        elif isinstance(one, (widgets.Text, widgets.Textarea)):
            yield _plain(one.description), [_plain(one.value)]
        elif isinstance(one, (widgets.Dropdown, widgets.Select, widgets.SelectMultiple)):
            labels = one.label if isinstance(one.label, tuple) else (one.label,)
            yield _plain(one.description), [_plain(label) for label in labels if label is not None]


def _plain(text: str) -> str:
    """Return a text as the page compares it."""
    return text.replace("\xa0", " ").strip()


def _kernel_id() -> str:
    """Return the id under which the server knows this kernel; "" outside of one, or where its file has another name."""
    app = getattr(getattr(get_ipython(), "kernel", None), "parent", None)
    found = re.search(r"kernel-([0-9a-fA-F-]{36})\.json$", getattr(app, "connection_file", ""))
    return found[1] if found else ""
