"""A client's form once it is open: sections by name, the draft saved as one types, undo, and others' changes."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.client.record import Record
from toolkit.errors import AlignError, Fault
from toolkit.intake.completeness import View, pages_of, points_left
from toolkit.intake.delay import after_pending_changes, one_at_a_time
from toolkit.intake.document import Document, Path, at, fiscal_example
from toolkit.intake.document_merge import Clash
from toolkit.intake.draft import Draft
from toolkit.intake.form.consensus import Consensus
from toolkit.intake.form.decision_panel import DecisionPanel
from toolkit.intake.form.entry import Entry
from toolkit.intake.form.entry_list import EntryList
from toolkit.intake.form.grid import Tables
from toolkit.intake.form.groups import GroupSection
from toolkit.intake.form.heartbeat import Heartbeat
from toolkit.intake.form.import_panel import ImportPanel
from toolkit.intake.form.look import Choices, across, button, html, label, paragraph, points_said, shown_as
from toolkit.intake.form.marks import Marks, section_line
from toolkit.intake.form.places import place, shown_change, undone
from toolkit.intake.form.review import Review
from toolkit.intake.form.sections import BY_KEY, PARTS, asks_for_periods
from toolkit.words import counted

SAVES = 0.2  # seconds from a change to the disk
LEGEND = "✓ complete, ○ open, ✗ wrong, – empty and not needed"
LOOKS = 2.0  # seconds between two looks for what others changed
_MORE = {"scoring": "Score together", "answers": "Import", "decisions": "Decisions", "review": "Review"}


class Section(Protocol):
    """A section of the form: its widgets, shown afresh or only named afresh."""

    box: widgets.Widget

    def show(self) -> None:
        """Show what the document has."""

    def relabel(self) -> None:
        """Bring what stands beside the fields up to date, without touching a field."""


class _Group:
    """A section that is one group of fields."""

    def __init__(self, entry: Entry) -> None:
        self._entry, self.box = entry, entry.box

    def show(self) -> None:
        """Show what the document has."""
        self._entry.show()

    def relabel(self) -> None:
        """Say again what is wrong."""
        self._entry.judge()


class Workbench:
    """The form of one client: what sections work on, and all that is around them."""

    def __init__(
        self, draft: Draft, post: Callable[[Callable[[], None]], object], later: Callable[..., Any]
    ) -> None:
        self._draft, self._post, self._later = draft, post, later
        self.lock = self._lock = threading.RLock()
        self._timers: dict[str, Any] = {}
        self._closed = self._switching = False
        self._sections: dict[str, Section] = {}
        self._title, self._progress, self._status, self._heading, self._line = (html() for _ in range(5))
        self._status.add_class("save-state")
        self._undo_button = button("Undo", self._undo)
        self._menu = Choices(self.lock, rows=len(PARTS) + len(_MORE), description="Sections", layout={"width": "17rem"}).add_class("unlabelled").add_class("sections")  # fmt: skip
        self._menu.observe(
            lambda _: None if self._switching else after_pending_changes(self._show_section), "value"
        )
        self._holder = widgets.VBox(layout={"flex": "1 1 30rem", "min_width": "0"})
        self._choice = Choice(self._settle)
        menu = widgets.VBox([self._menu, html(paragraph(LEGEND, "help")).add_class("legend")]).add_class("menu")  # fmt: skip
        body = widgets.HBox([menu, self._holder], layout={"flex_flow": "row wrap", "align_items": "flex-start"})  # fmt: skip
        self._beat = Heartbeat(draft.slug, self.lock, lambda: draft.saved, lambda: [one.box for one in self._sections.values()])  # fmt: skip
        self.box = widgets.VBox(
            [
                self._title,
                across(self._progress, self._status, self._undo_button).add_class("bar"),
                self._choice.box,
                body,
                self._beat.box,
            ]
        )
        self._judge()
        self._show_section()
        self._say_state()
        self._soon("look", LOOKS, self._look)

    @one_at_a_time
    def close(self) -> None:
        """Write what is not written yet, and stop looking for others' changes."""
        self._closed = True
        for timer in list(self._timers.values()):
            timer.cancel()
        with contextlib.suppress(AlignError):  # whoever opens the client next is told
            self._draft.sync()
        self._beat.end()

    @property
    def document(self) -> Document:
        """The draft as it stands."""
        return self._draft.document

    @property
    def record(self) -> Record:
        """The record that the draft is held against."""
        return self._draft.record

    @one_at_a_time
    def change(self, path: Path, value: Any, index: int | None = None, again: bool = False) -> None:
        """Change a place of the draft; it is on disk within a second."""
        self.change_all([(path, value, index)], again)

    @one_at_a_time
    def change_all(self, changes: Sequence[tuple[Path, Any, int | None]], again: bool = False) -> None:
        """Change several places of the draft as one step to undo."""
        self._draft.change_all(changes, again)
        if "save" not in self._timers:
            self._tell(paragraph("Saving…"))
        self._soon("save", SAVES, self._save)

    @one_at_a_time
    def forget(self, path: Path) -> None:
        """Remove a place for good, from the steps to undo as well."""
        self._draft.forget(path)
        self._soon("save", SAVES, self._save)

    def faults(self, path: Path) -> Iterator[tuple[str, Fault]]:
        """Yield what the whole record says of the fields of an entry: the field's name and the fault."""
        return self._marks.faults(path)

    def _judge(self) -> None:
        """Judge the draft; name the client and the sections, each with how it stands, and say how far one is."""
        self._marks = marks = Marks.of(self._draft)
        name = at(self.document, ("facts", "profile", "name")) or self._draft.slug
        self._title.value = shown_as(Markup("<h2>Intake: {}</h2>").format(name))
        self._progress.value = shown_as(_progress_said(marks))
        options = [(f"{marks.mark(key).sign} {part.title}{_number(self.document, key)}{marks.mark(key).words}", key) for key, part in BY_KEY.items()]  # fmt: skip
        options += [
            (f"{marks.mark(key).sign if key == 'answers' else '  '} {title}", key)
            for key, title in _MORE.items()
        ]
        if tuple(options) != tuple(self._menu.options):
            self._switching = True
            chosen = self._menu.value
            self._menu.options = options
            self._menu.value = chosen or PARTS[0].key
            self._switching = False

    @one_at_a_time
    def _show_section(self) -> None:
        key = self._shown = self._menu.value
        section = self._sections.get(key)
        if section is None:
            section = self._sections[key] = self._made(key)
        part = BY_KEY.get(key)
        title = part.title if part else _MORE[key]
        about = part.about if part else ""
        if part and asks_for_periods(part) and (covered := fiscal_example(self.document)):
            about = f"{about} {covered}"
        section.show()  # before its heading, so that no heading stands over another's fields for longer than need be
        self._heading.value = shown_as(
            Markup("<h3>{}</h3>{}").format(title, paragraph(about, "about") if about else "")
        )
        self._say_line()
        self._holder.children = (self._heading, self._line, section.box)

    def _made(self, key: str) -> Section:
        draft = self._draft
        if key == "rounds":
            return GroupSection(self)
        if key == "scoring":
            return Consensus(self)
        if key == "answers":
            return ImportPanel(
                draft.clients,
                draft.slug,
                lambda: [(label(one.name or one.id), one.id) for one in draft.record.rounds],
                self._look_now,
            )
        if key == "decisions":
            return DecisionPanel(draft.clients, draft.slug, done=self._look_now)
        if key == "review":
            return Review(draft, self._post, self._go, self._look_now)
        part = BY_KEY[key]
        if part.one:
            return EntryList(part, self, grid_desk=self)
        return Tables(part, self) if part.grid else _Group(Entry(part, self))

    @one_at_a_time
    def _go(self, key: str, id: str) -> None:
        self._switching, self._menu.value = True, key
        self._switching = False
        self._show_section()
        section = self._sections[key]
        if id and isinstance(section, (EntryList, GroupSection)):
            section.choose(id)

    def _say_line(self) -> None:
        """Say how far the section is, and for which pages something in it is still missing."""
        key, draft = self._shown, self._draft
        part = BY_KEY.get(key)
        if part is None:
            self._line.value = ""
            return
        marks, lacks = self._marks, self._marks.missing(key)
        mark, said = marks.mark(key), Markup("")
        if mark.wrong:
            said += paragraph(marks.mistakes(key), "wrong")
        if mark.open or not mark.wrong:
            state = "right" if mark.sign == "✓" else "open" if mark.open or mark.sign == "○" else ""
            said += paragraph(f"{'✓ ' if state == 'right' else ''}{section_line(part, self.document)}", state)
        if key == "goals" and mark.recorded:
            said += _points_said(points_left(View(self.document, draft.record)))
        if lacks and part.one and not at(self.document, part.path):  # what each entry lacks says nothing yet
            said += paragraph(f"Needed for {pages_of(lacks)}.", "open")
        else:
            for one in lacks:
                said += paragraph(f"Missing for {pages_of([one])}: {one.what}.", "open")
        self._line.value = shown_as(said)

    def _soon(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        """Act once, a moment later; what is waiting already is not put off."""
        if name in self._timers or self._closed:
            return

        def due() -> None:
            with self._lock:
                if self._timers.pop(name, None) and not self._closed:
                    act()

        self._timers[name] = self._later(seconds, due)

    @one_at_a_time
    def _save(self) -> None:
        """Write the draft, take in what others changed, and bring everything beside the fields up to date."""
        if timer := self._timers.pop(
            "save", None
        ):  # it has nothing left to do, and would tell over what is told now
            timer.cancel()
        try:
            others = self._draft.sync()
        except AlignError as error:
            self._tell(paragraph(f"Not saved yet: {error}", "wrong", "alert"))
            self._soon("save", LOOKS, self._save)
            return
        self._judge()
        self._say_line()
        if others:
            self._show_section()
        else:
            self._sections[self._shown].relabel()
        self._say_state("Somebody else’s changes have been taken in." if others else "")

    @one_at_a_time
    def _look(self) -> None:
        if self._draft.moved:
            self._save()
        self._soon("look", LOOKS, self._look)

    @one_at_a_time
    def _look_now(self) -> None:
        """After the record was changed from here."""
        self._save()
        if self._shown == "review":
            self._sections["review"].show()

    def _say_state(self, more: str = "") -> None:
        draft = self._draft
        number = len(draft.uncommitted)
        waits = f"{counted(number, 'change')} not yet committed" if number else "nothing to commit"
        self._tell(paragraph(f"{more} Saved in the draft; {waits}.".strip(), role="status"))
        step = draft.undoable
        self._undo_button.disabled = step is None
        self._undo_button.tooltip = f"Undo: {place(self.document, step.path)}" if step else "Nothing to undo"
        self._choice.show(draft.clash, self.document)
        self._holder.layout.display = "none" if draft.clash else ""

    def _tell(self, content: Markup) -> None:
        self._status.value = shown_as(content)

    @one_at_a_time
    def _undo(self) -> None:
        others = self._draft.undoable_places - 1
        try:
            step = self._draft.undo()
        except AlignError as error:
            self._save()
            return self._tell(paragraph(str(error), "wrong", "alert"))
        self._save()
        self._show_section()
        if step:
            said = undone(self.document, step.path, step.before)
            self._say_state(f"{said.removesuffix('.')}, and {counted(others, 'other place')} with it." if others > 0 else said)  # fmt: skip
        return None

    @one_at_a_time
    def _settle(self, mine: bool) -> None:
        with contextlib.suppress(AlignError):  # chosen it is; saving tries again and tells
            self._draft.settle(mine)
        self._save()
        self._show_section()


def _points_said(left: float) -> Markup:
    if math.isnan(left):
        return paragraph("The points cannot be added up: one of them is no number.", "open")
    if left == 0:
        return paragraph("All 100 points are spread.", "right")
    return paragraph(f"{points_said(left)}.", "open")


def _progress_said(marks: Marks) -> Markup:
    """Say how far one is: of what the pages need, how much is there, and how many mistakes there are."""
    there, whole = marks.progress
    bar = Markup('<progress max="{}" value="{}" aria-hidden="true"></progress>').format(whole, there)
    wrong = Markup(' <span class="wrong">✗ {} wrong</span>').format(marks.wrong) if marks.wrong else ""
    return Markup("<p>{} {} of {} needed by the pages{}</p>").format(bar, there, whole, wrong)


def _number(document: Document, key: str) -> str:
    part = BY_KEY[key]
    return f" ({len(at(document, part.path) or ())})" if part.one else ""


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
