"""The choice that two people's changes of one place leave to whoever sees it: whose stands."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.intake.document import Document
from toolkit.intake.document_merge import Clash
from toolkit.intake.form.look import across, button, html, paragraph, shown_as
from toolkit.intake.form.places import place, shown_change


class Choice:
    """Shows each place with both values, and two buttons; hidden while there is no clash."""

    def __init__(self, settle: Callable[[bool], None]) -> None:
        self._said = html()
        buttons = across(button("Mine stands", lambda: settle(True)), button("Theirs stands", lambda: settle(False)))  # fmt: skip
        self.box = widgets.VBox([self._said, buttons])

    def show(self, clash: Clash | None, document: Document) -> None:
        """Show a clash, or nothing."""
        self.box.layout.display = "" if clash else "none"
        self._said.value = shown_as(_asked(clash, document) if clash else "")


def _asked(clash: Clash, document: Document) -> Markup:
    rows = Markup("").join(
        Markup("<tr><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            place(document, one.path), shown_change(document, one.path, one.before, one.mine), shown_change(document, one.path, one.before, one.theirs)
        )
        for one in clash.conflicts
    )  # fmt: skip
    head = f"The same was changed here and in {clash.where}. Whose stands? Everything else has been brought together."
    table = Markup('<table><tr><th scope="col">Where</th><th scope="col">Mine</th><th scope="col">Theirs</th></tr>{}</table>')  # fmt: skip
    return paragraph(head, "wrong", "alert") + table.format(rows)
