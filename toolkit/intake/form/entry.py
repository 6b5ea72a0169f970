"""A group of fields over one place of the document, each with what is wrong with it in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Protocol

import ipywidgets as widgets
from markupsafe import Markup
from pydantic import ValidationError

from toolkit.client.faults import fault_of, found_text
from toolkit.client.field_types import Row, label_of, labelled
from toolkit.client.record import Record
from toolkit.client.schema import Facts
from toolkit.errors import Fault
from toolkit.intake.document import Document, Path, at
from toolkit.intake.form.fields import Field, field_for
from toolkit.intake.form.look import across, button, paragraph
from toolkit.intake.form.maker import Maker, can_make
from toolkit.intake.form.sections import FieldSpec, Part
from toolkit.words import counted

_NAME = re.compile(r"[a-z]+(?:_[a-z]+)+")  # a field's name that is no word


class Desk(Protocol):
    """What a section works on: the draft, and who is told of a change."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held by whoever changes what is shown; its holder may take it again."""

    @property
    def document(self) -> Document:
        """The draft as it stands."""

    @property
    def record(self) -> Record:
        """The record that the draft is held against, as it is now."""

    def faults(self, path: Path) -> Iterator[tuple[str, Fault]]:
        """Yield what the whole record says of the fields of an entry, as it was last judged: the field's name and the fault."""

    def change(self, path: Path, value: Any, index: int | None = None, again: bool = False) -> None:
        """Change a place of the draft."""

    def forget(self, path: Path) -> None:
        """Remove a place for good, from the steps to undo as well."""


class Entry:
    """The fields of a part, over one entry of its list or over its one group of fields.

    Parameters
    ----------
    changed : callable, optional
        Called after each change made here.
    """

    def __init__(self, part: Part, desk: Desk, changed: Callable[[], None] = lambda: None) -> None:
        self.part, self._desk, self._told = part, desk, changed
        self.path: Path = part.path
        self.fields: dict[str, Field] = {}
        self._makers: list[Maker] = []
        first = [ask for ask in part.asks if not part.first or ask.name in part.first]
        self._rest = [ask for ask in part.asks if ask not in first]
        self._more = button("More", self._turn)
        self._more_box = widgets.VBox([], layout={"display": "none"})
        self.box = widgets.VBox(
            [*self._boxes(first), *([across(self._more), self._more_box] if self._rest else [])]
        )

    def _boxes(self, asks: Sequence[FieldSpec]) -> list[widgets.Widget]:
        """Make fields; return their boxes, each with what can be made beside it."""
        boxes = []
        for ask in asks:
            field = self.fields[ask.name] = field_for(ask, self._change)
            boxes.append(field.box)
            if can_make(ask):
                self._makers.append(Maker(ask, self._desk, partial(self._take, ask)))
                boxes.append(self._makers[-1].box)
        return boxes

    def _take(self, ask: FieldSpec, id: str) -> None:
        """Choose what was made beside a field."""
        now = (at(self._desk.document, self.path) or {}).get(ask.name)
        if ask.kind == "one":
            self._desk.change((*self.path, ask.name), id)
        elif ask.kind == "several":
            self._desk.change((*self.path, ask.name), [*(now or ()), id])
        self.show(self.path)
        self._told()

    def _turn(self) -> None:
        """Show the fields that are not shown at once, or hide them again."""
        if self._more_box.layout.display:
            self._open()
        else:
            self._more_box.layout.display = "none"
        self._say(at(self._desk.document, self.path) or {})

    def _open(self) -> None:
        self._more_box.layout.display = ""
        if not self._more_box.children:
            self._more_box.children = tuple(self._boxes(self._rest))
            self._fill(at(self._desk.document, self.path) or {}, [ask.name for ask in self._rest])

    def show(self, path: Path | None = None) -> None:
        """Show what the document has at a path (the part's own when left out)."""
        self.path = path or self.part.path
        values = at(self._desk.document, self.path) or {}
        self._fill(values, self.fields)
        hidden = {ask.name for ask in self._rest}
        if self._more_box.layout.display and any(
            name in hidden for name, _ in [*faults_in(self.part, values), *self._desk.faults(self.path)]
        ):
            self._open()
        self._say(values)

    def judge(self) -> None:
        """Say again what is wrong, once the whole record was judged; no field is touched."""
        self._say(at(self._desk.document, self.path) or {})

    def _fill(self, values: Document, names: Iterable[str]) -> None:
        for name in names:
            self.fields[name].show(values.get(name), self._desk.document)
        for maker in self._makers:
            maker.show()

    def _change(self, name: str, value: Any) -> None:
        self._desk.change((*self.path, name), value, again=True)
        self._say(at(self._desk.document, self.path) or {})
        self._told()

    def _say(self, values: Document) -> None:
        said: dict[str, list[Markup]] = {}
        own = list(faults_in(self.part, values))
        known = {(name, fault.found) for name, fault in own}
        others = [(name, fault) for name, fault in self._desk.faults(self.path) if (name, fault.found) not in known]  # fmt: skip
        for name, fault in [*own, *others]:
            once = self.fields[name].once_said if name in self.fields else ""
            said.setdefault(name, []).append(told(fault, once))
        if self._rest:
            filled = sum(ask.name in values for ask in self._rest)
            hidden = self._more_box.layout.display
            self._more.description = f"{'More' if hidden else 'Less'}: {counted(len(self._rest), 'further field')}, {filled} filled in"  # fmt: skip
        for name, field in self.fields.items():
            field.say(
                Markup("").join(said.get(name, ()))
                or (paragraph(field.understood) if field.understood else "")
            )


def faults_in(part: Part, values: Document) -> Iterator[tuple[str, Fault]]:
    """Yield what is wrong with the values of a part: the field's name and the fault, in the fields' order."""
    model: type[Row] = part.model
    content: Any = {ask.name: values[ask.name] for ask in part.asks if ask.name in values}
    above: Path = ()
    if model is Row:  # a part of the facts without a model of its own
        model, above = Facts, part.path[1:]
        content = {"profile": {"name": "-"}, **({above[0]: content} if above else content)}
    elif "id" in model.model_fields:
        content["id"] = "id"
    try:
        yield from _contradicted(model.model_validate(content))
    except ValidationError as error:
        for one in error.errors(include_url=False):
            inside = one["loc"][len(above) :]
            name = str(inside[0]) if inside else ""
            yield name, fault_of(one, model, one["loc"], _row(part, name, *inside[1:]))


def _contradicted(row: Row) -> Iterator[tuple[str, Fault]]:
    """Yield what a row says against itself, under each field that it concerns."""
    names = {name: label_of(type(row), name).text for name in labelled(type(row))}
    for it in row.contradictions():
        found = it.found if isinstance(it.found, str) else found_text(it.found)
        allowed, remedy = (_NAME.sub(lambda one: names.get(one[0], one[0]), text) for text in (it.allowed, it.remedy))  # fmt: skip
        yield it.field, Fault("", found, allowed, remedy)
        for other in it.also:
            yield other, Fault(names.get(it.field, it.field), found, allowed, remedy)


def _row(part: Part, name: str, *inside: str | int) -> str:
    """Return the row and the column of a fault in a table, in the words above its fields; "" outside of one."""
    if not inside or not isinstance(inside[0], int):
        return ""
    labels = {one.name: one.label for ask in part.asks if ask.name == name for one in ask.columns}
    return ", ".join([f"row {inside[0] + 1}", *(labels[one] for one in map(str, inside[1:2]) if one in labels)])  # fmt: skip


def told(fault: Fault, once: str = "") -> Markup:
    """Return a fault as the message under its field; what is only missing is no mistake.

    ``once`` is what would settle it in the profile, behind the remedy.
    """
    kind, said = words_of(fault, once)
    return paragraph(said, kind, "alert" if kind == "wrong" else "status")


def words_of(fault: Fault, once: str = "") -> tuple[str, str]:
    """Return a fault as :func:`told` says it: "open" where something is only missing, else "wrong"; and the words."""
    where = f"{fault.where}: " if fault.where else ""
    if fault.found == "nothing":
        said = f"{where}{needed(fault)}"
        return "open", said[0].upper() + said[1:]
    return "wrong", f"✗ {where}“{fault.found}” is not {fault.allowed}. {fault.remedy} {once}".rstrip()


def needed(fault: Fault) -> str:
    """Return what is missing in words; that a text is a text goes without saying."""
    wanted = fault.allowed.removesuffix("; this field is required")
    return "still needed." if wanted.startswith("text ") else f"still needed: {wanted}."
