"""The executive questionnaire, offered to a small company whose round asks the full one."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from toolkit.intake.document import PRIVATE, at
from toolkit.intake.form.entry import Desk
from toolkit.intake.form.look import across, button, html, paragraph, shown_as
from toolkit.intake.questionnaire_items import minutes_to_answer

_SMALL = 100  # employees, at most, of a company that is offered it


class ShorterQuestionnaire:
    """Offers a small company the executive questionnaire for a round that asks the full one and has no answer yet."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self._desk, self._changed, self._round = desk, changed, ""
        self._said = html()
        self._offer = widgets.VBox(
            [self._said, across(button("Ask the executive questionnaire", self._take))]
        )
        self.box = widgets.VBox([self._offer])

    def show(self, round_id: str) -> None:
        """Offer it for a round, or nothing."""
        self._round = round_id
        offered = self._offered()
        self._offer.layout.display = "" if offered else "none"
        if offered:
            full, short = (self._desk.record.questionnaires[name] for name in ("full", "executive"))
            said = (
                f"A company of {at(self._desk.document, ('facts', 'profile', 'employees'))} people is well served by the executive questionnaire: "
                f"{len(short.questions)} questions instead of {len(full.questions)}, {minutes_to_answer(short)} minutes instead of {minutes_to_answer(full)}. "
                "All of them stand in the full one too, so rounds still compare."
            )
            self._said.value = shown_as(paragraph(said))

    def _offered(self) -> bool:
        document, one = self._desk.document, self._round
        employees = str(at(document, ("facts", "profile", "employees")) or "")
        record = self._desk.record
        answered = (
            at(document, ("positions", one)) or at(document, (PRIVATE, one))
            or any(each.round == one for each in record.responses)
            or any(each.round == one for each in record.aggregates)
        )  # fmt: skip
        small = employees.isdecimal() and 0 < int(employees) <= _SMALL
        return small and not answered and at(document, ("facts", "rounds", one, "questionnaire")) == "full"

    def _take(self) -> None:
        self._desk.change(("facts", "rounds", self._round, "questionnaire"), "executive")
        self._changed()
