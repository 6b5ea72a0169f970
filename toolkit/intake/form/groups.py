"""Who answers how: the groups of a round, the rule of confidentiality, and what each choice will show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup
from pydantic import ValidationError

from toolkit.client.expected_pages import pages_expected
from toolkit.client.record import Record
from toolkit.client.schema import Facts, RoundGroup
from toolkit.errors import Fault
from toolkit.intake.document import Document, Path, at
from toolkit.intake.form.entry import Desk, Entry
from toolkit.intake.form.entry_list import EntryList
from toolkit.intake.form.fields import called
from toolkit.intake.form.look import across, button, html, listed, paragraph, shown_as
from toolkit.intake.form.sections import GROUP_ASKS, GROUP_CHOICES, ROUNDS, FieldSpec, Part
from toolkit.intake.form.shorter_questionnaire import ShorterQuestionnaire

_RULE = (
    "5 or more invited: a survey, each alone and confidential; scores show from 5 answers (3 at the very least).",
    "2 to 4, the usual IT team: consensus, one agreed position, on the record.",
    "1: named, that person’s view.",
    "Decide before anyone is invited. Once answers exist, the way a group answers stays as it is.",
)


def _asked_of(title: str) -> tuple[FieldSpec, ...]:
    return tuple(replace(ask, label=f"{title}: {ask.label[0].lower()}{ask.label[1:]}") for ask in GROUP_ASKS)


class _GroupDesk:
    """Changes a group inside a round, whose groups are one value of the document."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self.round = desk, ""
        self._last: Path = ()

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held by whoever changes what is shown."""
        return self._desk.lock

    @property
    def record(self) -> Record:
        """The record that the draft is held against."""
        return self._desk.record

    @property
    def document(self) -> Document:
        """The groups of the round by name, for fields to read."""
        groups = at(self._desk.document, ("facts", "rounds", self.round, "groups")) or []
        return {one["group"]: one for one in groups if "group" in one}

    def faults(self, path: Path) -> Iterator[tuple[str, Fault]]:
        """Nothing of a group is known but by its round."""
        return iter(())

    def change(self, path: Path, value: Any, index: int | None = None, again: bool = False) -> None:
        """Change a field of a group; the group is added with its first field."""
        name, field = path
        groups = self.document
        one = {**groups.get(name, {"group": name}), field: value}
        groups[name] = {key: each for key, each in one.items() if each}
        order = [each for _, each in GROUP_CHOICES]
        again = again and self._last == (
            self.round,
            name,
            field,
        )  # the groups are one place, their fields are not
        self._last = (self.round, name, field)
        self._desk.change(
            ("facts", "rounds", self.round, "groups"), sorted(groups.values(), key=lambda each: order.index(each["group"])), again=again
        )  # fmt: skip

    def forget(self, path: Path) -> None:
        """Nothing of a group is forgotten apart from its round."""

    def drop(self, name: str) -> None:
        """Take a group out of the round."""
        left = [one for each, one in self.document.items() if each != name]
        self._desk.change(("facts", "rounds", self.round, "groups"), left)


class GroupSection:
    """The rounds, and under each how its groups answer and what its pages will show."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._groups = _GroupDesk(desk)
        self._round = widgets.VBox()
        self._entries: dict[str, Entry] = {}
        blocks = []
        for title, name in GROUP_CHOICES:
            part = Part(name, title, "", (name,), RoundGroup, _asked_of(title))
            entry = self._entries[name] = Entry(part, self._groups, self._expect)
            drop = button(f"{title} is not asked", lambda name=name: self._drop(name))
            blocks += [html(Markup("<h4>{}</h4>").format(title)), entry.box, across(drop)]
        self._expected = html()
        self._shorter = ShorterQuestionnaire(desk, self.show)
        self._listing = EntryList(ROUNDS, desk, self._show_groups)
        self._below = widgets.VBox([html(Markup("<h3>How each group answers</h3>") + listed(_RULE)), self._shorter.box, *blocks, self._expected])  # fmt: skip
        self.box = widgets.VBox([self._listing.box, self._below])

    def show(self) -> None:
        """Show the rounds as the document has them."""
        self._below.layout.display = "none"
        self._listing.show()

    def relabel(self) -> None:
        """Name the rounds as they are called by now, and say again what their pages will show."""
        self._listing.relabel()
        self._expect()

    def choose(self, id: str) -> None:
        """Choose a round."""
        self._listing.choose(id)

    def _show_groups(self, path: Path) -> None:
        self._groups.round = path[-1]
        self._below.layout.display = ""
        for entry in self._entries.values():
            entry.show()
        self._expect()

    def _drop(self, name: str) -> None:
        self._groups.drop(name)
        self._entries[name].show()
        self._expect()

    def _expect(self) -> None:
        self._shorter.show(self._groups.round)
        one = at(self._desk.document, ("facts", "rounds", self._groups.round))
        if not one:
            return
        content = {"profile": {"name": "-"}, "rounds": at(self._desk.document, ("facts", "rounds"))}
        try:
            record = Record(
                "draft", Facts.model_validate(content), questionnaires=self._desk.record.questionnaires
            )
            sentences = pages_expected(record, one["id"])
        except (ValidationError, KeyError):
            said = paragraph("What its pages will show is said here once the fields above are right.", "open")
        else:
            said = Markup("<h4>What the pages of {} will show</h4>").format(called(one)) + listed(sentences)
        self._expected.value = shown_as(said)
