"""A grid over the entries of a list: cells to type, fill and paste into, each marked with what is wrong or missing.

It is one HTML table that ``grid.js`` keeps in the page, beside two widgets out of sight: what the table shows comes
as JSON in the one, what is done in it goes back through the other, as the heartbeat does. Plain widgets were tried:
150 rows of ten fields took 10 s to show where this takes 0.6 s, on the same busy machine. ipydatagrid draws on a
canvas, which no screen reader reads and into which no words fit; an anywidget's code is loaded from a ``blob:``
address, which the Content-Security-Policy of the served form refuses; either is one dependency more. This needs
nothing installed, and is the same in JupyterLab and through Voilà.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup
from pydantic import ValidationError

from toolkit.client.schema import Profile
from toolkit.errors import Fault, InputError, shown, visible
from toolkit.intake.document import Document, Path, at, put
from toolkit.intake.form.entry import words_of
from toolkit.intake.form.grid_column import GridColumn, columns_of
from toolkit.intake.form.grid_rows import Cell, EntryRows, GridDesk, GridRows, LineRows
from toolkit.intake.form.import_preview import here
from toolkit.intake.form.look import HIDDEN, across, button, html, listed, paragraph, shown_as, tabled
from toolkit.intake.form.pasted_block import PastedBlock, PastedRow, read_block
from toolkit.intake.form.sections import FieldSpec, Part
from toolkit.intake.mapping import MODELS, ImportMap, map_of, shipped_map
from toolkit.intake.typed_value import notation_of, once_said
from toolkit.shipped import shipped_text
from toolkit.words import counted

MOST_TOLD = 12  # rows of a block, or cells that were refused, that are shown; the rest is counted
_GAP = "still needed"


class Grid:
    """Rows and columns over a list.

    Parameters
    ----------
    chosen : callable
        Is given the id of the row that is chosen.
    changed : callable
        Called after a change made here.
    """

    def __init__(
        self,
        rows: GridRows,
        desk: GridDesk,
        chosen: Callable[[str], None] = lambda _: None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._rows, self._desk, self._chosen_here, self._changed = rows, desk, chosen, changed
        self._done = 0  # the last message from the page that was acted on
        self._made: dict[str, str] = {}  # the page's names of the rows made in it → their ids
        self._chosen = ""
        self._choices = 0  # how often a row was chosen here and not in the page
        self._focus = 0
        self._cells: dict[str, tuple[Any, Any]] = {}  # a row's content, and what is shown of it
        self._columns: list[GridColumn] = []
        self._pasted: tuple[PastedBlock, list[str]] | None = None
        host = html().add_class("grid-host")
        self._heard = widgets.Textarea(layout=HIDDEN).add_class("grid-heard")
        self._heard.observe(self._hear, "value")
        self._state = widgets.HTML(layout=HIDDEN).add_class("grid-state")
        style = widgets.HTML(_style(), layout=HIDDEN)
        self._preview = html()
        self._take = button("Take it over", self.take, primary=True)
        self._paste = widgets.VBox([self._preview, across(self._take, button("Leave it", self.leave))], layout={"display": "none"}).add_class("grid-pasted")  # fmt: skip
        self._note = html()
        self.box = widgets.VBox([style, host, self._note, self._paste, self._heard, self._state]).add_class(
            "grid"
        )

    def show(self, chosen: str | None = None) -> None:
        """Show the rows as the document has them; what the page shows already is not sent again."""
        if chosen is not None and chosen != self._chosen:
            self._choose(chosen)
        document = self._desk.document
        self._columns = columns_of(self._rows.asks, document)
        state = {
            "done": self._done,
            "client": self._desk.record.slug,
            "born": f"{os.getpid()}-{id(self)}",
            "title": self._rows.title,
            "one": self._rows.one,
            "list": isinstance(self._rows, EntryRows),
            "decimal": notation_of(at(document, ("facts", "profile")) or {}).decimal,
            "chosen": self._chosen,
            "choices": self._choices,
            "focus": self._focus,
            "columns": [
                {
                    "key": one.key, "label": one.label, "kind": one.kind, "hint": one.ask.hint, "width": one.width, "figure": one.is_figure,
                    "options": [[value, text] for text, value in one.options],
                }
                for one in self._columns
            ],
            "rows": [*self._shown_rows(document)],
        }  # fmt: skip
        content = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        value = str(Markup('<i data-state="{}"></i>').format(content))
        if value != self._state.value:
            self._state.value = value

    def _choose(self, id: str) -> None:
        self._chosen, self._choices = id, self._choices + 1

    def _shown_rows(self, document: Document) -> Iterator[list[Any]]:
        """Yield of each row its id, the page's own name of it, its cells, what may be chosen from, and its marks."""
        notation = notation_of(at(document, ("facts", "profile")) or {})
        tokens = {id: token for token, id in self._made.items()}
        known = (notation, [(one.key, one.options) for one in self._columns])
        kept, self._cells = self._cells, {}
        for id, row in self._rows.rows():
            content = json.dumps(row, sort_keys=True, default=str)
            held = kept.get(id)
            judged = self._rows.judged(id)
            if held is None or held[0] != (content, known, judged):
                cells = [one.text(row, notation) for one in self._columns]
                chosen = {at_: one.value(row) for at_, one in enumerate(self._columns) if one.is_chosen and one.value(row)}  # fmt: skip
                held = ((content, known, judged), [cells, chosen, self._marks(row, judged)])
            self._cells[id] = held
            yield [id, tokens.get(id, ""), *held[1]]

    def _marks(self, row: Document, judged: Sequence[tuple[str, Fault]]) -> dict[int, list[str]]:
        """Return what is wrong in a row or missing from it, by the place of its column; -1 for the row itself."""
        marks: dict[int, list[str]] = {}
        notation = notation_of(at(self._desk.document, ("facts", "profile")) or {})
        for name, fault in [*self._rows.faults(row), *judged]:
            place = next((at_ for at_, one in enumerate(self._columns) if one.path[0] == name), -1)
            column = self._columns[place] if place >= 0 else None
            text = column.text(row, notation) if column else ""
            once = once_said(text, column.kind, notation) if column else ""
            kind, said = words_of(fault, once)
            marks.setdefault(place, ["gap" if kind == "open" else kind, visible(said)])
        goals = [at_ for at_, one in enumerate(self._columns) if one.kind == "level"]
        for place, column in enumerate(self._columns):
            if unknown := column.unknown(row):
                marks.setdefault(place, ["wrong", f"✗ “{shown(unknown)}” is not recorded."])
            lacks = column.ask.wanted and not column.value(row)
            if lacks and (column.kind != "level" or (place == goals[0] and not row.get(column.path[0]))):
                marks.setdefault(place, ["gap", f"{_GAP}."])
        return marks

    def _hear(self, change: Any) -> None:
        """Act on what was done in the page since the last time, in its order."""
        with self._desk.lock:
            try:
                messages = [one for one in json.loads(change["new"] or "[]") if one["n"] > self._done]
            except (ValueError, TypeError, KeyError):
                return
            for message in messages:
                self._done = message["n"]
                self._act(message)
            self.show()
            if any(one.get("do") != "choose" for one in messages):
                self._changed()

    def _act(self, message: Mapping[str, Any]) -> None:
        match message:
            case {"do": "set", "cells": list(cells)}:
                self._set(cells, bool(message.get("again")))
            case {"do": "fill", "ids": list(ids), "keys": list(keys)}:
                self._fill([self._id(str(one)) for one in ids], {str(one) for one in keys})
            case {"do": "copy", "id": str(id)}:
                self._copy(self._id(id))
            case {"do": "remove", "id": str(id)}:
                self._rows.remove(self._id(id))
                self._made.clear()
                self.say("Removed. Undo brings it back.")
            case {"do": "choose", "id": str(id)}:
                self._chosen = self._id(id)
                self._chosen_here(self._chosen)
            case {"do": "paste", "text": str(text), "ids": list(ids), "key": str(key)}:
                self._look_over(text, [self._id(str(one)) for one in ids], key)

    def _id(self, id: str) -> str:
        return self._made.get(id, id)

    def _set(self, cells: Sequence[Sequence[Any]], again: bool) -> None:
        """Set cells to what was typed or chosen; a row that the page has made is added with its first cell."""
        columns = {one.key: one for one in self._columns}
        notation = notation_of(at(self._desk.document, ("facts", "profile")) or {})
        there = {id for id, _ in self._rows.rows()}
        old: list[Cell] = []
        for name, key, typed in cells:
            column, id = columns.get(key), self._id(name)
            if column is None:
                continue
            value = column.read(typed, notation)
            if id not in there and name.startswith("new-"):
                (id,) = self._rows.fill([], [("", {})])
                self._made[name] = id
                there.add(id)
            old.append((id, column.path, value))
        if old:
            self._rows.change(old, again)

    def _fill(self, ids: Sequence[str], keys: set[str]) -> None:
        """Give rows the first one's values."""
        rows = dict(self._rows.rows())
        first = rows.get(ids[0]) if ids else None
        if first is None:
            return
        columns = [one for one in self._columns if one.key in keys]
        self._rows.change(
            [(id, one.path, one.value(first)) for id in ids[1:] if id in rows for one in columns]
        )
        self.say(f"Filled down: {counted(len(ids) - 1, 'row')}.")

    def _copy(self, id: str) -> None:
        """Put a second row like this one behind it."""
        row = dict(self._rows.rows()).get(id)
        if row is None:
            return
        name = {"name": f"{row['name']} (copy)"} if "name" in row else {}
        values: dict[Path, Any] = {(field,): value for field, value in (row | name).items() if field != "id"}
        (copy,) = self._rows.fill([], [("", values)], after=id)
        self._choose(copy)
        self._focus += 1
        self._chosen_here(self._chosen)
        self.say(f"Duplicated “{self._rows.called(id)}”.")

    def say(self, text: str) -> None:
        """Say what was done, under the grid."""
        self._note.value = shown_as(paragraph(text, role="status") if text else "")

    def _look_over(self, text: str, ids: list[str], key: str) -> None:
        """Read what was pasted and show what was understood of it; nothing is changed yet."""
        first = next((at_ for at_, one in enumerate(self._columns) if one.key == key), 0)
        document = self._desk.document
        try:
            block = read_block(
                text, self._columns, first, self._rows.model, _map(self._rows.kind), self._profile(), self._others(document)
            )  # fmt: skip
        except InputError as error:
            lines = [f"{one.where}: found {shown(one.found)}; wanted is {one.allowed}. {one.remedy}" for one in error.faults]  # fmt: skip
            self._pasted = None
            self._preview.value = shown_as(paragraph("Nothing was pasted.", "wrong", "alert") + listed(lines))
            self._take.layout.display = "none"
        else:
            self._pasted = block, [] if block.has_headings else ids
            self._preview.value = shown_as(self._account(block, self._pasted[1]))
            self._take.layout.display = "" if any(row.values for row in block.rows) else "none"
        self.say("")
        self._paste.layout.display = ""
        if not self._take.layout.display:
            self._take.focus()

    def _others(self, document: Document) -> list[GridColumn]:
        """Return the columns that the grid does not show and a heading may name: the other fields of an entry."""
        if "id" not in self._rows.model.model_fields:
            return []
        id = FieldSpec("id", "Its short name in the files")
        return [*columns_of(self._rows.others, document), GridColumn("id", id.label, id, "text", ("id",))]

    def _profile(self) -> Profile:
        """Return the profile of the draft where it is a valid one, else that of the record."""
        try:
            return Profile.model_validate(at(self._desk.document, ("facts", "profile")) or {})
        except ValidationError:
            return self._desk.record.facts.profile

    def _matched(self, block: PastedBlock, ids: Sequence[str]) -> list[tuple[PastedRow, str]]:
        """Return each row of a block with the id of the row that it goes into; "" for a new one."""
        rows = dict(self._rows.rows())
        if not block.has_headings:
            return [
                (one, ids[one.number - 1] if one.number <= len(ids) and ids[one.number - 1] in rows else "")
                for one in block.rows
            ]
        keys = ("name",) if "id" in self._rows.model.model_fields else self._rows.model.key

        def key(values: Iterable[Any]) -> tuple[str, ...]:
            return tuple(" ".join(str(value or "").casefold().split()) for value in values)

        named = {key(row.get(one) for one in keys): id for id, row in reversed(rows.items())}
        named.pop(("",) * len(keys), None)
        return [
            (row, row.id if row.id in rows else named.get(key(row.values.get((one,)) for one in keys), ""))
            for row in block.rows
        ]

    def _account(self, block: PastedBlock, ids: Sequence[str]) -> Markup:
        """Return what was understood of a block and where it goes, and what was refused."""
        matched = [(row, id) for row, id in self._matched(block, ids) if row.values]
        new = sum(not id for _, id in matched)
        cells = sum(len(row.values) for row, _ in matched)
        where = [f"{counted(len(matched) - new, 'row')} that {'is' if len(matched) - new == 1 else 'are'} there"] * (new < len(matched))  # fmt: skip
        where += [counted(new, "new row")] * bool(new)
        head = f"Pasted: {counted(cells, 'cell')} understood, for {' and '.join(where) or 'no row'}. Nothing is changed yet."
        said = paragraph(head, role="status")
        notation = notation_of(at(self._desk.document, ("facts", "profile")) or {})
        lines = []
        for row, id in matched[:MOST_TOLD]:
            entry: Document = {}
            for path, value in row.values.items():
                put(entry, path, value)
            read = [f"✗ {row.unread[one.key]}" if one.key in row.unread else one.text(entry, notation) for one in block.columns]  # fmt: skip
            lines.append((self._rows.called(id) if id else "a new row", *map(_line, read)))
        heads = ("Goes to", *(one.label for one in block.columns))
        more = f", the first {MOST_TOLD} of {len(matched)} rows" if len(matched) > MOST_TOLD else ""
        if lines:
            said += Markup('<div class="grid-scroll" tabindex="0" role="region" aria-label="As it was read">{}</div>').format(tabled(lines, f"As it was read{more}", heads))  # fmt: skip
        said += _told("Refused, and left as it is", [f"{one.where}: “{shown(one.found)}” is not {one.allowed}. {one.remedy}" for one in block.refused])  # fmt: skip
        said += _told("No value, as the cells themselves say", [f"{one.where}: “{shown(one.found)}”" for one in block.left_open])  # fmt: skip
        if block.unused:
            said += paragraph(f"Columns not used: {', '.join(map(shown, block.unused))}.")
        return said

    def take(self) -> None:
        """Take over what was pasted, as one step to undo."""
        if not self._pasted:
            return
        (block, ids), self._pasted = self._pasted, None
        held = dict(self._rows.rows())
        cells: list[Cell] = []
        new: list[tuple[str, Mapping[tuple[str, ...], Any]]] = []
        for row, id in self._matched(block, ids):
            if id:
                cells += [
                    (id, path, value) for path, value in row.values.items() if at(held[id], path) != value
                ]
            elif row.values:
                new.append((row.id, row.values))
        made = self._rows.fill(cells, new)
        self._close()
        changed = (
            f"{counted(len(cells), 'cell')} of {counted(len({id for id, _, _ in cells}), 'row')} changed"
        )
        did = [*([changed] if cells else []), *([f"{counted(len(made), 'row')} added"] if made else [])]
        self.say(f"Taken over: {', '.join(did)}. Undo takes all of it back." if did else "It was all there already.")  # fmt: skip
        if made:
            self._choose(made[0])
            self._chosen_here(made[0])
        self.show()
        self._changed()

    def leave(self) -> None:
        """Leave what was pasted."""
        self._pasted = None
        self._close()
        self.show()

    def _close(self) -> None:
        self._paste.layout.display = "none"
        self._focus += 1  # the button pressed is gone: the cell gets the focus again


class Tables:
    """A section of tables that are each one value of the document: a grid for each."""

    def __init__(self, part: Part, desk: GridDesk) -> None:
        self._grids = [Grid(LineRows(part, ask, desk), desk) for ask in part.asks]
        self.box = widgets.VBox([
            child
            for ask, grid in zip(part.asks, self._grids, strict=True)
            for child in (html(Markup("<h4>{}</h4>").format(ask.label)), grid.box)
        ])  # fmt: skip

    def show(self) -> None:
        """Show what the document has."""
        for grid in self._grids:
            grid.show()

    def relabel(self) -> None:
        """Bring the marks up to date."""
        self.show()


def _told(title: str, lines: list[str]) -> Markup:
    if not lines:
        return Markup("")
    more = [f"and {len(lines) - MOST_TOLD} more"] if len(lines) > MOST_TOLD else []
    return Markup("<h4>{}: {}</h4>").format(title, len(lines)) + listed(
        [*map(here, lines[:MOST_TOLD]), *more]
    )


def _line(text: str) -> str:
    return " ".join(text.split())


@cache
def _map(kind: str) -> ImportMap:
    """Return the import's own map of a kind of list; one that knows no heading where there is none."""
    return (
        map_of(shipped_map(kind), f"{kind}.yaml", kind) if kind in MODELS else ImportMap(kind="initiatives")
    )


@cache
def _style() -> str:
    return f"<style>{shipped_text('intake', 'form', 'grid.css')}</style>"
