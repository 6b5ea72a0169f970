"""The form as a whole: start a client, or work on one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from IPython.display import Javascript, display
from markupsafe import Markup

from toolkit.client.store import client_folder, clients_folder
from toolkit.errors import AlignError
from toolkit.intake.draft import Draft
from toolkit.intake.form.look import STYLE, html, paragraph
from toolkit.intake.form.starting import Starting
from toolkit.intake.form.workbench import Workbench
from toolkit.intake.timing import later_on
from toolkit.shipped import shipped_text


class Form:
    """One client's intake form in a notebook."""

    _opened: Form | None = None

    def __init__(
        self, clients: Path, slug: str, post: Callable[[Callable[[], None]], object], later: Callable[..., Any]
    ) -> None:  # fmt: skip
        self._clients, self._post, self._later = clients, post, later
        self._bench: Workbench | None = None
        self.panel = widgets.VBox([widgets.HTML(STYLE)]).add_class("intake")
        if slug and client_folder(clients, slug).is_dir():
            self._open(slug)
        else:
            self._put(html(Markup("<h2>Intake</h2>")), Starting(clients, slug, self._open).box)

    @classmethod
    def open(cls, client: str = "", clients_dir: str = "") -> Form:
        """Open the intake form of a client in a notebook; one opened in it before is closed.

        Parameters
        ----------
        client : str
            The client's folder name; empty, or one that is not there yet, offers to start a client.
        clients_dir : str
            The folder of all clients; empty means ``ALIGN_CLIENTS``, else ``client_data``.

        Raises
        ------
        InputError
            When the name cannot be a client's.
        """
        if cls._opened:
            cls._opened.close()
        loop = asyncio.get_running_loop()
        folder = clients_folder(clients_dir or None)
        for script in ("keys.js", "heartbeat.js"):
            display(Javascript(shipped_text("intake", "form", script)))
        cls._opened = cls(folder, client, loop.call_soon_threadsafe, later_on(loop))
        return cls._opened

    def close(self) -> None:
        """Write what is not written yet, and stop looking for others' changes."""
        if self._bench:
            self._bench.close()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.panel._repr_mimebundle_(**options)

    def _put(self, *children: widgets.Widget) -> None:
        self.panel.children = (self.panel.children[0], *children)

    def _open(self, slug: str) -> None:
        try:
            self._bench = Workbench(Draft(self._clients, slug), self._post, self._later)
        except AlignError as error:
            said = paragraph("This client cannot be opened in the form yet.", "wrong", "alert")
            self._put(html(said + Markup("<pre>{}</pre>").format(str(error))))
        else:
            self._put(self._bench.box)
