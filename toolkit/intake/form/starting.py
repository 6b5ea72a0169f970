"""The first page for a client that does not exist yet: a name, and what the first round asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.client.starting import start_client
from toolkit.client.store import slugs
from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.intake.form.look import BESIDE, FIELD, LABEL, across, button, html, listed, paragraph, shown_as
from toolkit.intake.values import Unreadable, slug_of

_ASKED = (("Full, about 50 questions", "full"), ("Executive, about 20", "executive"), ("Pulse, 6", "pulse"), ("No survey yet", "none"))  # fmt: skip


class Starting:
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
