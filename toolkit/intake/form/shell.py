"""The form as a whole: start a client, or work on one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from IPython.display import Javascript, display
from markupsafe import Markup

from toolkit.client.new_client import start_client
from toolkit.client.store import client_folder, clients_folder, slugs
from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.intake.delay import later_on
from toolkit.intake.draft import Draft
from toolkit.intake.form import heartbeat
from toolkit.intake.form.look import (
    BESIDE,
    FIELD,
    LABEL,
    across,
    button,
    html,
    listed,
    paragraph,
    shown_as,
    tool,
)
from toolkit.intake.form.workbench import Workbench
from toolkit.intake.values import Unreadable, slug_of
from toolkit.shipped import shipped_text


class Form:
    """One client's intake form in a notebook."""

    _opened: Form | None = None

    def __init__(
        self, clients: Path, slug: str, post: Callable[[Callable[[], None]], object], later: Callable[..., Any]
    ) -> None:  # fmt: skip
        self._clients, self._post, self._later = clients, post, later
        self._bench: Workbench | None = None
        self.panel = tool().add_class("intake").add_class(heartbeat.WATCHED)
        if slug and client_folder(clients, slug).is_dir():
            self._open(slug)
        else:
            self._put(html(Markup("<h2>Intake</h2>")), NewClient(clients, slug, self._open).box)

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
        for script in ("keys.js", "grid.js"):
            display(Javascript(shipped_text("intake", "form", script)))
        heartbeat.begin()
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


_ASKED = (("Full, about 50 questions", "full"), ("Executive, about 20", "executive"), ("Pulse, 6", "pulse"), ("No survey yet", "none"))  # fmt: skip


class NewClient:
    """Start a client, or open one that is there."""

    def __init__(self, clients: Path, slug: str, opened: Callable[[str], None]) -> None:
        self._clients, self._opened = clients, opened
        self._name = widgets.Text(description="Company", placeholder="Meridian Manufacturing", style=LABEL, layout=FIELD)  # fmt: skip
        self._slug = widgets.Text(slug, description="Folder name", placeholder="made from the company’s name", style=LABEL, layout=FIELD)  # fmt: skip
        self._currency = widgets.Text("USD", description="Currency", style=LABEL, layout=FIELD)
        self._day = widgets.Text(f"{date.today()}", description="Date of the first round", style=LABEL, layout=FIELD)  # fmt: skip
        self._asked = widgets.Dropdown(options=_ASKED, description="Questionnaire", style=LABEL, layout=FIELD)
        self._said = html()
        known = [(one, one) for one in slugs(clients)]
        self._known = widgets.Dropdown(options=known, description="Client", style=LABEL, layout=BESIDE)
        there = [html(Markup("<h3>Open a client</h3>")), across(self._known, button("Open", lambda: opened(self._known.value)))]  # fmt: skip
        self.box = widgets.VBox([
            *(there if known and not slug else []),
            html(Markup("<h3>Start a client</h3>")), self._name, self._slug, self._currency, self._day, self._asked,
            across(button("Start this client", self._start, primary=True)), self._said,
        ])  # fmt: skip

    def _start(self) -> None:
        name = self._name.value.strip()
        try:
            if not name:
                raise InputError([Fault("Company", "", "the company’s name", "Write it into the first field.")])  # fmt: skip
            slug = self._slug.value.strip() or _slug_of(name)
            start_client(self._clients, slug, name, self._as_of(), self._currency.value.strip(), self._asked.value)  # fmt: skip
        except AlignError as error:
            lines = [f"{one.where}: {f'“{shown(one.found)}” is not {one.allowed}. ' if one.found else ''}{one.remedy}" for one in getattr(error, "faults", ())]  # fmt: skip
            said = listed(lines) or Markup("{}").format(str(error))
            self._said.value = shown_as(paragraph("No client was made.", "wrong", "alert") + said)
        else:
            self._opened(slug)

    def _as_of(self) -> date:
        text = self._day.value.strip()
        try:
            return date.fromisoformat(text)
        except ValueError:
            where, remedy = "Date of the first round", "Write it like 2027-01-31."
            raise InputError([Fault(where, text, "a date that exists", remedy)]) from None


def _slug_of(name: str) -> str:
    """Make a folder's name of a company's; InputError where it has no letter or digit that one may hold."""
    try:
        return slug_of(name).replace(".", "-").replace("_", "-")[:63]
    except Unreadable:
        remedy = "Write a name for its folder into the second field, such as acme."
        raise InputError(
            [Fault("Folder name", name, "text with letters or digits to make one of", remedy)]
        ) from None
