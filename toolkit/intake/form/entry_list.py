"""A list with a detail form: choose an entry, in the list or in a grid over all, and its fields stand beside it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.intake.delay import after_pending_changes
from toolkit.intake.document import Path, entries, free_id
from toolkit.intake.form.entry import Desk, Entry
from toolkit.intake.form.fields import called, full_name
from toolkit.intake.form.grid import Grid
from toolkit.intake.form.grid_rows import EntryRows, GridDesk
from toolkit.intake.form.look import FIELD, HIDDEN, PLAIN, Choices, across, button, html, paragraph, shown_as
from toolkit.intake.form.sections import Part

MOST_ROWS = 12  # of the list in view


class EntryList:
    """The entries of a list, the fields of the one chosen, and buttons to add, remove and move."""

    def __init__(
        self,
        part: Part,
        desk: Desk,
        below: Callable[[Path], None] | None = None,
        grid_desk: GridDesk | None = None,
    ) -> None:
        self.part, self._desk, self._below = part, desk, below
        self._entry = Entry(part, desk)
        self._grid = Grid(EntryRows(part, grid_desk), grid_desk, self._chosen_in_grid, self._changed_in_grid) if part.grid and grid_desk else None  # fmt: skip
        self._offering = False
        self._find = widgets.Text(
            description="Find",
            placeholder="part of a name",
            style={"description_width": "12rem"},
            layout=FIELD,
        )
        self._find.observe(lambda _: self._offer(), "value")
        # Where there is a grid, a drop-down that says whose fields stand below.
        self._chosen = Choices(desk.lock, description=part.title, rows=1 if self._grid else 8, layout=FIELD).add_class("unlabelled")  # fmt: skip
        self._chosen.observe(
            lambda _: None if self._offering else after_pending_changes(self._show_another), "value"
        )
        self._note = html()
        self._add_button = button(f"Add {_a(part.one)}", self._add, primary=True)
        self._remove_button = button("Remove", self._remove, hint=f"Remove the {part.one} chosen")
        self._begin = html(paragraph(_beginning(part)))
        self._detail = widgets.VBox([self._entry.box])
        buttons = across(self._add_button, self._remove_button)
        if self._grid:
            self._there = widgets.VBox([html(Markup("<h4>{}</h4>").format(f"One {part.one} in full")), self._chosen.add_class("one-in-full")])  # fmt: skip
            above = [self._begin, self._grid.box, buttons, self._note, self._there]
        else:
            self._there = widgets.VBox([self._find, self._chosen])
            above = [self._begin, self._there, buttons, self._note]
        self.box = widgets.VBox([widgets.VBox(above), self._detail])

    def show(self) -> None:
        """Show the list as the document has it, and the entry chosen."""
        self._offer()
        self._show_chosen()
        self._show_grid()

    def relabel(self) -> None:
        """Name the entries as they are called by now, and say what is wrong, without touching the fields."""
        self._offer()
        if self._grid:
            self._grid.show()
        self._entry.judge()

    def choose(self, id: str) -> None:
        """Choose an entry, whatever is looked for."""
        self._find.value = ""
        self._offer(id)
        self._show_chosen()
        self._show_grid()

    def _show_another(self) -> None:
        self._show_chosen()
        self._show_grid()

    def _show_grid(self) -> None:
        """Show the grid, the entry chosen here chosen in it."""
        if self._grid:
            self._grid.show(self._chosen.value or "")

    def _chosen_in_grid(self, id: str) -> None:
        """Show the fields of the row that was chosen, once what was typed into those of the one before is here."""
        after_pending_changes(lambda: self._choose_row(id))

    def _choose_row(self, id: str) -> None:
        if id != self._chosen.value and any(one["id"] == id for one in self._entries()):
            self._offer(id)
            self._show_chosen()

    def _changed_in_grid(self) -> None:
        """After cells were changed: the fields of the entry that stands below say the same."""
        self._offer()
        if self._chosen.value:
            self._entry.show((*self.part.path, self._chosen.value))

    def _offer(self, chosen: str = "") -> None:
        wanted = self._find.value.casefold()
        options = [(f"{i}. {called(one)}", one["id"]) for i, one in enumerate(self._entries(), start=1)
                   if wanted in full_name(one).casefold() or one["id"] == chosen]  # fmt: skip
        keep = chosen or self._chosen.value
        ids = [id for _, id in options]
        self._offering = True
        if tuple(options) != tuple(self._chosen.options):
            self._chosen.options = options
        if not self._grid:
            self._chosen.rows = min(max(len(ids), 2), MOST_ROWS)
        if ids and self._chosen.value != (keep if keep in ids else ids[0]):
            self._chosen.value = keep if keep in ids else ids[0]
        self._offering = False
        some = bool(self._entries())
        self._begin.layout = PLAIN if not some else HIDDEN
        self._there.layout.display = self._remove_button.layout.display = "" if some else "none"
        if keep not in ids:
            self._show_chosen()

    def _entries(self) -> list[dict[str, str]]:
        return entries(self._desk.document, self.part.path)

    def _show_chosen(self) -> None:
        id = self._chosen.value
        self._detail.layout.display = "" if id else "none"
        if id:
            self._entry.show((*self.part.path, id))
            if self._below:
                self._below((*self.part.path, id))

    def _add(self) -> None:
        id = free_id(self._desk.document, self.part.path)
        self._desk.change((*self.part.path, id), {"id": id})
        self.choose(id)
        self._say(f"A new {self.part.one}: fill in what is known.")
        first = next(iter(self._entry.fields.values())).box.children[0]
        if isinstance(first, (widgets.Text, widgets.Textarea)):
            first.focus()

    def _remove(self) -> None:
        id = self._chosen.value
        if not id:
            return
        gone = next(called(one) for one in self._entries() if one["id"] == id)
        self._desk.change((*self.part.path, id), None)
        self.show()
        self._say(f"Removed “{gone}”. Undo brings it back.")
        if not self._entries():
            self._add_button.focus()  # the button pressed is gone

    def _say(self, text: str) -> None:
        self._note.value = shown_as(paragraph(text, role="status"))


def _beginning(part: Part) -> str:
    """Return what to do with an empty list."""
    other = f" A register of {part.title} that you have can be read in under “Import”." if part.key in ("initiatives", "kpis") else ""  # fmt: skip
    if part.key in ("risks", "services", "assets", "actions"):
        other = " A list that you have can be read in under “Import”."
    grid = " You can also type or paste into the table." if part.grid else ""
    return f"Begin with “Add {_a(part.one)}”.{other.replace('Initiatives', 'initiatives')}{grid}"


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
