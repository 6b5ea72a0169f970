"""Columns of a file that are not known: each with a list to choose from, for the form's import."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets

from toolkit.client.questionnaire import Questionnaire
from toolkit.intake.form.import_preview import label_of_field
from toolkit.intake.form.look import FIELD, LABEL, html, label, paragraph, shown_as
from toolkit.intake.mapping import fields_of
from toolkit.intake.unknown_columns import NOT_USED

MOST = 30
UNDECIDED = "?"
_FIRST = (("not read; ask again next time", UNDECIDED), ("never used", NOT_USED))


class ColumnChoice:
    """A list for each heading that nothing is read from; what is chosen is kept while the same file is looked at."""

    def __init__(self) -> None:
        self._lists: dict[str, widgets.Dropdown] = {}
        self._about = html()
        self.box = widgets.VBox([])

    def forget(self) -> None:
        """Empty the lists: another file has other columns."""
        self._lists.clear()
        self.box.children = ()

    def offer(self, headings: Sequence[str], options: Sequence[tuple[str, str]]) -> None:
        """Offer a list for each heading, beside those for which something was chosen before."""
        kept = {heading: each for heading, each in self._lists.items() if each.value != UNDECIDED}
        wanted = list(dict.fromkeys([*kept, *headings]))[: len(kept) + MOST]
        self._lists = {heading: kept.get(heading) or self._list(heading, options) for heading in wanted}
        more = len(headings) - MOST
        text = "Columns that nothing is read from. Choose what one is, then look at the file again; it is remembered once you import."  # fmt: skip
        self._about.value = shown_as(
            paragraph(text + (f" The first {MOST} of {len(headings)}." if more > 0 else ""))
        )
        self.box.children = (self._about, *self._lists.values()) if self._lists else ()

    def chosen(self) -> dict[str, str]:
        """Return what was chosen: their heading, and our field or question, "" for a column that is never used."""
        return {heading: each.value for heading, each in self._lists.items() if each.value != UNDECIDED}

    def _list(self, heading: str, options: Sequence[tuple[str, str]]) -> widgets.Dropdown:
        return widgets.Dropdown(
            options=[*_FIRST, *options], description=label(heading), style=LABEL, layout=FIELD
        )


def fields_to_choose(kind: str) -> list[tuple[str, str]]:
    """Return the fields of a kind of table by their labels."""
    return [(label_of_field(kind, name), name) for name in fields_of(kind)]


def questions_to_choose(questionnaire: Questionnaire | None) -> list[tuple[str, str]]:
    """Return the questions of a round by their wordings."""
    return [
        (label(f"{one.id}: {one.text}"), one.id) for one in (questionnaire.questions if questionnaire else ())
    ]
