"""What a field refers to and is not recorded yet, made beside the field: a KPI, a goal, a risk, a role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import ipywidgets as widgets

from toolkit.client.field_types import label_of, rows_within
from toolkit.client.schema import Facts
from toolkit.intake.document import Document, Path, at, free_id
from toolkit.intake.form.fields import called
from toolkit.intake.form.look import BESIDE, LABEL, PLAIN, across, button, html, label, paragraph, shown_as
from toolkit.intake.form.sections import BY_KEY, GOALS, KPIS, RISKS, FieldSpec
from toolkit.intake.typed_value import notation_of, typed

_MADE = {part.path: part for part in (KPIS, GOALS, RISKS)}
CAPACITY: Path = ("facts", "capacity")
_CAPACITY_MODEL = next(model for name, model, _ in rows_within(Facts) if name == CAPACITY[-1])


class MakerDesk(Protocol):
    """The draft, as far as a maker works on it."""

    @property
    def document(self) -> Document:
        """The draft as it stands."""

    def change(self, path: Path, value: Any, index: int | None = None, again: bool = False) -> None:
        """Change a place of the draft."""


class Maker:
    """A button under a field; pressed, it asks for a name and records what bears it.

    Parameters
    ----------
    made : callable
        Is given the id of what was made; of a role, its name.
    """

    def __init__(self, ask: FieldSpec, desk: MakerDesk, made: Callable[[str], None]) -> None:
        self._ask, self._desk, self._made = ask, desk, made
        self._part = _MADE.get(ask.of)
        self._one = self._part.one if self._part else "role"
        self._open = button(f"New {self._one}", self._ask_for_it)
        self._said = html()
        self._form = widgets.VBox([], layout={"display": "none"})
        self.box = widgets.VBox([across(self._open, self._said), self._form], layout=PLAIN).add_class("under")

    def show(self) -> None:
        """Say what may be named, where that is not a list to choose from."""
        if self._part is None:
            roles = dict.fromkeys(str(one["role"]) for one in at(self._desk.document, CAPACITY) or () if one.get("role"))  # fmt: skip
            said = (
                f"Roles on record: {', '.join(map(label, roles))}." if roles else "No role is on record yet."
            )
            self._said.value = shown_as(paragraph(said))

    def _ask_for_it(self) -> None:
        if not self._form.children:
            self._name = widgets.Text(description=f"Name of the new {self._one}", style=LABEL, layout=BESIDE)
            self._people = widgets.Text(description=f"Of the new role: {label_of(_CAPACITY_MODEL, 'fte').text}", placeholder="2.5", style=LABEL, layout=BESIDE)  # fmt: skip
            buttons = across(button(f"Make this {self._one}", self.make, primary=True), button("Not now", self._close))  # fmt: skip
            fields = [self._name] if self._part else [self._name, self._people]
            self._form.children = (*fields, buttons)
        self._form.layout.display = ""
        self._name.focus()

    def make(self) -> None:
        """Record what was named; nothing without a name."""
        name = self._name.value.strip()
        if not name:
            self._said.value = shown_as(paragraph("Write its name first.", "open", "status"))
            return
        document = self._desk.document
        if self._part:
            id = free_id(document, self._part.path)
            self._desk.change((*self._part.path, id), {"id": id, "name": name})
        else:
            id, notation = name, notation_of(at(document, ("facts", "profile")) or {})
            people = typed(self._people.value, "number", notation).strip()
            row = {"role": name, **({"fte": people} if people else {})}
            self._desk.change(CAPACITY, [*(at(document, CAPACITY) or ()), row])
        self._name.value = self._people.value = ""
        self._close()
        self._made(id)
        self.show()
        section = BY_KEY["money"] if not self._part else self._part
        where = f"“{called({'name': name})}” is recorded under {section.title}"
        more = f"; write “{label(name)}: 1” above for one person." if not self._part else ", to be completed there."  # fmt: skip
        self._said.value = shown_as(paragraph(f"{where}{more}", "right", "status"))

    def _close(self) -> None:
        self._form.layout.display = "none"
        self._open.focus()


def can_make(ask: FieldSpec) -> bool:
    """Whether what a field refers to can be made beside it."""
    return (ask.of in _MADE and ask.kind in ("one", "several", "levels")) or (
        ask.name == "fte" and ask.kind == "pairs"
    )
