"""A column of the grid: what of an entry it shows, as which text, and what its cell may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.intake.document import Document, Path, at, entries
from toolkit.intake.form.fields import CONTRIBUTION_CHOICES, full_name, text_of, value_of
from toolkit.intake.form.look import label
from toolkit.intake.form.sections import FieldSpec, Options
from toolkit.intake.typed_value import Notation

LEVEL_OPTIONS: Options = tuple((value, value) for _, value in CONTRIBUTION_CHOICES if value)
_WIDTHS = {"long": 16, "amount": 7, "number": 6, "share": 6, "date": 7, "choice": 7, "level": 6}  # in rem
_OTHERS, _NAME = 9, 16
_COUNTS = ("duration", "year", "fte")
_LONGEST = 28  # letters of a goal's name over its column


@dataclass(frozen=True)
class GridColumn:
    """One column.

    Attributes
    ----------
    key : str
        What the page calls it; of a goal's column, the field and the goal's id.
    label, hint : str
        Its heading, and what a good answer looks like.
    ask : FieldSpec
        What the form asks there.
    kind : str
        As the field's, but "level" for the contribution to one goal.
    path : tuple of str
        Where its value lies in an entry.
    options : tuple
        For a choice: label and value of each.
    """

    key: str
    label: str
    ask: FieldSpec
    kind: str
    path: Path
    options: Options = ()

    @property
    def is_chosen(self) -> bool:
        """Whether its cells are chosen from a list rather than typed."""
        return self.kind in ("choice", "one", "several", "level")

    @property
    def is_figure(self) -> bool:
        """Whether its cells are figures, which stand at the right and are sorted by what they count."""
        return self.kind in ("amount", "number", "share", "level") or (
            self.key in _COUNTS and self.kind != "pairs"
        )

    @property
    def width(self) -> int:
        """How wide it is shown, in rem."""
        if self.key == "name" or (self.key in _COUNTS and self.kind != "pairs"):
            return _NAME if self.key == "name" else _WIDTHS["number"]
        return _WIDTHS.get(self.kind, _OTHERS)

    @property
    def names(self) -> dict[str, str]:
        """The label of each value that may be chosen."""
        return {value: text for text, value in self.options}

    def value(self, entry: Mapping[str, Any]) -> Any:
        """Return what an entry has there."""
        return at(entry, self.path)

    def text(self, entry: Mapping[str, Any], notation: Notation) -> str:
        """Return what the cell of an entry shows."""
        value = self.value(entry)
        if not self.is_chosen:
            return text_of(self.ask, value, notation)
        chosen = value if isinstance(value, list) else [value] if value else []
        return "; ".join(self.names.get(str(one), str(one)) for one in chosen)

    def unknown(self, entry: Mapping[str, Any]) -> str:
        """Return the first value of an entry that cannot be chosen here; "" for none."""
        value = self.value(entry)
        chosen = value if isinstance(value, list) else [value] if value else []
        return next((str(one) for one in chosen if self.is_chosen and str(one) not in self.names), "")

    def read(self, typed: Any, notation: Notation) -> Any:
        """Return what was typed into a cell, or chosen in it, as the document holds it."""
        if self.kind == "several":
            return [str(one) for one in typed] if isinstance(typed, list) else None
        return (str(typed) or None) if self.is_chosen else value_of(self.ask, str(typed), notation)


def columns_of(asks: Sequence[FieldSpec], document: Document) -> list[GridColumn]:
    """Return the columns for some fields: one each, for contributions to goals one for every goal."""
    return [column for ask in asks for column in _columns(ask, document)]


def _columns(ask: FieldSpec, document: Document) -> Iterator[GridColumn]:
    if ask.kind == "levels":
        for goal in entries(document, ask.of):
            name = goal.get("short") or full_name(goal)
            yield GridColumn(f"{ask.name}/{goal['id']}", label(f"→ {name}", _LONGEST), ask, "level", (ask.name, goal["id"]), LEVEL_OPTIONS)  # fmt: skip
        return
    options = [(label(full_name(one)), one["id"]) for one in entries(document, ask.of)] if ask.of else ask.options  # fmt: skip
    yield GridColumn(ask.name, ask.label, ask, ask.kind, (ask.name,), tuple(options))
