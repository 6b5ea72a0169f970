"""One field each: shows a value of the document, tells what is typed, and says in words what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets
from ipywidgets.widgets.widget_description import DescriptionStyle
from ipywidgets.widgets.widget_string import TextStyle
from markupsafe import Markup

from toolkit.intake.document import Document, Path, at, entries
from toolkit.intake.form.look import (
    FIELD,
    LIST_LABEL,
    PLAIN,
    TEXT_LABEL,
    across,
    button,
    html,
    label,
    layout,
    paragraph,
    shown_as,
)
from toolkit.intake.form.sections import FieldSpec
from toolkit.intake.typed_value import PLAIN as NO_NOTATION
from toolkit.intake.typed_value import READ, Notation, grouped, notation_of, once_said, typed, understood
from toolkit.method import CONTRIBUTION_BANDS

Changed = Callable[[str, Any], None]
_GOAL_LABEL, _CELL_LABEL = DescriptionStyle(description_width="55%"), TextStyle(description_width="auto")
# By the number of columns in a row: with its button, a row is as wide as the fields above it.
_CELL = {
    columns: layout(width) for columns, width in ((2, "10rem"), (3, "10rem"), (4, "11rem"), (5, "6.8rem"))
}
_NUMBER = layout("27rem")  # of a field for a number or a date
_LOW, _HIGH = CONTRIBUTION_BANDS
CONTRIBUTION_CHOICES = (("not scored", ""), ("0: none", "0"), (f"1: under {_LOW} % of its distance", "1"), (f"2: {_LOW} to {_HIGH} %", "2"), (f"3: over {_HIGH} %", "3"))  # fmt: skip


def named(document: Document, path: Path) -> list[tuple[str, str]]:
    """Return the entries of a list as options: what each is called, and its id."""
    return [(called(one), one["id"]) for one in entries(document, path)]


def called(entry: Mapping[str, Any]) -> str:
    """Return what an entry is called in the form: the beginning of its :func:`full_name`."""
    return label(full_name(entry))


def full_name(entry: Mapping[str, Any]) -> str:
    """Return an entry's name, else its text, else its date, else its id."""
    text = next(filter(None, map(entry.get, ("name", "text", "action", "date"))), "")
    return str(text or f"{entry.get('id', '')} (no name yet)")


class Field:
    """A labelled control with room for a message under it."""

    def __init__(self, ask: FieldSpec, changed: Changed) -> None:
        self.ask, self._changed, self._muted = ask, changed, False
        self._notation = NO_NOTATION
        self._message: widgets.HTML | None = None
        heading = [html(Markup("<h4>{}</h4>").format(ask.heading))] if ask.heading else []
        self.box = widgets.VBox([*heading, *self._controls()], layout=PLAIN).add_class("intake-field")

    def show(self, value: Any, document: Document) -> None:
        """Show a value; nothing is told of it."""
        self._muted = True
        self._notation = notation_of(at(document, ("facts", "profile")) or {})
        try:
            self._show(value, document)
        finally:
            self._muted = False

    def say(self, message: Markup | str) -> None:
        """Show a message under the control, or none."""
        if self._message is None:
            if not message:
                return
            self._message = html().add_class("under")
            self.box.children = (*self.box.children, self._message)
        said = shown_as(message)
        if self._message.value != said:
            self._message.value = said

    @property
    def understood(self) -> str:
        """What was understood of what stands in the control, where that reads otherwise."""
        return ""

    @property
    def once_said(self) -> str:
        """What to say once in the profile so that what stands in the control, and could be two, is read."""
        return ""

    def _tell(self, value: Any) -> None:
        if not self._muted:
            self._changed(self.ask.name, value)

    def _controls(self) -> list[widgets.Widget]:
        raise NotImplementedError

    def _show(self, value: Any, document: Document) -> None:
        raise NotImplementedError


def value_of(ask: FieldSpec, text: str, notation: Notation) -> Any:
    """Return what was typed into a text field as the document holds it; what cannot be read stays as it is typed."""
    if ask.kind in READ:
        return typed(text, ask.kind, notation) if text.strip() else None
    pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
    if ask.kind == "parts":
        return [typed(piece, "share", notation) for piece in pieces] or None
    pairs = [piece.rpartition(":") for piece in pieces]
    named = {name.strip(): typed(number.strip(), "number", notation) for name, mark, number in pairs if mark}
    if ask.kind == "pairs" and pieces and len(named) == len(pairs):  # a name given twice is no pair
        return named
    return text if text.strip() else None


def text_of(ask: FieldSpec, value: Any, notation: Notation) -> str:
    """Return a value of the document as a text field shows it."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {number}" for name, number in value.items())
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return _cell(ask, value or "", notation)


class TextField(Field):
    """One or several lines of text, or what is written as such: ``developer: 1; analyst: 0.5`` or ``0.6; 0.4``."""

    def _controls(self) -> list[widgets.Widget]:
        kind = widgets.Textarea if self.ask.kind == "long" else widgets.Text
        self._text = kind(
            description=self.ask.label, placeholder=self.ask.hint, style=TEXT_LABEL, layout=_NUMBER if self.ask.kind in READ else FIELD
        )  # fmt: skip
        self._text.observe(lambda _: self._tell(self._read(self._text.value)), "value")
        return [self._text]

    def _show(self, value: Any, document: Document) -> None:
        if value != self._read(self._text.value):
            self._text.value = self._written(value)

    def _read(self, text: str) -> Any:
        return value_of(self.ask, text, self._notation)

    def _written(self, value: Any) -> str:
        return text_of(self.ask, value, self._notation)

    @property
    def understood(self) -> str:
        if self.ask.kind in ("pairs", "parts"):
            value = self._read(self._text.value)
            written = self._written(value) if value and not isinstance(value, str) else ""
            return f"= {written}" if written and written != self._text.value.strip() else ""
        return understood(self._text.value, self.ask.kind, self._notation)

    @property
    def once_said(self) -> str:
        return once_said(self._text.value, self.ask.kind, self._notation)


class ChoiceField(Field):
    """One of a few values, or one entry of another list."""

    def _controls(self) -> list[widgets.Widget]:
        options = [("not said", ""), *self.ask.options]
        self._choice = widgets.Dropdown(
            options=options, description=self.ask.label, style=LIST_LABEL, layout=FIELD
        )
        self._choice.observe(lambda _: self._tell(self._choice.value or None), "value")
        return [self._choice]

    def _show(self, value: Any, document: Document) -> None:
        if self.ask.of:
            options = [("not said", ""), *named(document, self.ask.of)]
            options += [(f"{label(value)}: not recorded", value)] if value and value not in {v for _, v in options} else []  # fmt: skip
            if tuple(options) != tuple(self._choice.options):
                self._choice.options = options
        self._choice.value = value or ""


class SeveralField(Field):
    """Any number of the entries of another list, or of a few values."""

    def _controls(self) -> list[widgets.Widget]:
        self._several = widgets.SelectMultiple(
            description=self.ask.label, options=self.ask.options, rows=4, style=LIST_LABEL, layout=FIELD
        )
        self._several.observe(lambda _: self._choose(), "value")
        self._chosen = html().add_class("chosen")
        return [self._several, self._chosen]

    def _choose(self) -> None:
        self._tell(list(self._several.value) or None)
        self._say_chosen()

    def _say_chosen(self) -> None:
        """Say what is chosen, for the list shows four lines at a time, and how to choose more than one."""
        text = "; ".join(self._several.label)
        said = f"Chosen: {text}." if text else "None chosen. Hold Ctrl (⌘ on a Mac) to choose several."
        self._chosen.value = shown_as(paragraph(said))

    def _show(self, value: Any, document: Document) -> None:
        given = list(value or ())
        if self.ask.of:
            options = named(document, self.ask.of)
            options += [(f"{label(one)}: not recorded", one) for one in given if one not in {v for _, v in options}]  # fmt: skip
            if tuple(options) != tuple(self._several.options):
                self._several.value = ()
                self._several.options = options
        self._several.value = given
        self._say_chosen()


class LevelsField(Field):
    """How much an initiative contributes to each goal, 0 to 3."""

    def _controls(self) -> list[widgets.Widget]:
        self._choices: dict[str, widgets.Dropdown] = {}
        self._goals = widgets.VBox([html("No goals are recorded yet.")])
        return [html(Markup("<h4>{}</h4>").format(self.ask.label)), self._goals]

    def _show(self, value: Any, document: Document) -> None:
        given: dict[str, str] = dict(value) if isinstance(value, Mapping) else {}
        goals = {id: text for text, id in named(document, self.ask.of)}
        goals |= {id: f"{label(id)}: not recorded" for id in given if id not in goals}
        if goals.keys() != self._choices.keys():
            self._choices = {id: self._choice() for id in goals}
            self._goals.children = tuple(self._choices.values()) or (html("No goals are recorded yet."),)
        for id, choice in self._choices.items():
            choice.description, choice.value = goals[id], given.get(id, "")

    def _choice(self) -> widgets.Dropdown:
        one = widgets.Dropdown(options=CONTRIBUTION_CHOICES, style=_GOAL_LABEL, layout=FIELD)
        one.observe(lambda _: self._tell(self._levels()), "value")
        return one

    def _levels(self) -> dict[str, str] | None:
        return {id: one.value for id, one in self._choices.items() if one.value} or None


class RowsField(Field):
    """A small table: rows of short fields, with buttons to add and remove one."""

    def _controls(self) -> list[widgets.Widget]:
        self._rows: list[dict[str, widgets.Text]] = []
        self._table = widgets.VBox()
        heading = html(Markup("<h4>{}</h4>").format(self.ask.label))
        self._more = button("Add a row", self._add, hint=f"Add a row to {self.ask.label.lower()}")
        return [heading, self._table, across(self._more)]

    def _show(self, value: Any, document: Document) -> None:
        given = value if isinstance(value, list) else []
        if given != (self._value() or []):
            self._rows = [self._row(one) for one in given]
            self._lay()

    def _add(self) -> None:
        self._rows.append(self._row({}))
        self._lay()
        next(iter(self._rows[-1].values())).focus()

    def _row(self, values: Mapping[str, Any]) -> dict[str, widgets.Text]:
        row = {
            ask.name: widgets.Text(_cell(ask, values.get(ask.name, ""), self._notation), description=ask.label, placeholder=ask.hint, style=_CELL_LABEL, layout=_CELL[len(self.ask.columns)]).add_class("cell")
            for ask in self.ask.columns
        }  # fmt: skip
        for one in row.values():
            one.observe(lambda _: self._tell(self._value()), "value")
        return row

    def _lay(self) -> None:
        self._table.children = tuple(
            across(*row.values(), button(f"Remove row {at + 1}", lambda at=at: self._remove(at), hint=f"Remove row {at + 1} of {self.ask.label.lower()}")).add_class("cells")
            for at, row in enumerate(self._rows)
        )  # fmt: skip

    def _remove(self, at: int) -> None:
        del self._rows[at]
        self._lay()
        self._tell(self._value())
        # The button pressed is gone; without this a keyboard would start again at the top of the page.
        last = next(iter(self._rows[min(at, len(self._rows) - 1)].values())) if self._rows else self._more
        last.focus()

    def _value(self) -> list[dict[str, str]] | None:
        kinds = {ask.name: ask.kind for ask in self.ask.columns}
        rows = [{name: typed(one.value, kinds[name], self._notation) for name, one in row.items() if one.value.strip()} for row in self._rows]  # fmt: skip
        return [row for row in rows if row] or None

    @property
    def understood(self) -> str:
        said = [
            f"row {number}, {ask.label} {what}"
            for number, row in enumerate(self._rows, start=1)
            for ask in self.ask.columns
            if (what := understood(row[ask.name].value, ask.kind, self._notation))
        ]
        return "; ".join(said)[:1].upper() + "; ".join(said)[1:]

    @property
    def once_said(self) -> str:
        cells = [(row[ask.name].value, ask.kind) for row in self._rows for ask in self.ask.columns]
        return next((said for text, kind in cells if (said := once_said(text, kind, self._notation))), "")


def _cell(ask: FieldSpec, value: Any, notation: Notation) -> str:
    return grouped(str(value), notation.decimal) if ask.kind == "amount" else str(value)


_KINDS: Mapping[str, type[Field]] = {
    "choice": ChoiceField, "one": ChoiceField, "several": SeveralField, "levels": LevelsField, "rows": RowsField,
}  # fmt: skip


def field_for(ask: FieldSpec, changed: Changed) -> Field:
    """Return the field that asks for something; it calls ``changed`` with the name and the new value."""
    return _KINDS.get(ask.kind, TextField)(ask, changed)
