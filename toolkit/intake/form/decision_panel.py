"""The decisions asked for, answered in the room: each by its id with amount, owners and date, recorded as it is given."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.client.asks import PublishedAsk, published_asks
from toolkit.client.record import Record
from toolkit.client.schema import Decision
from toolkit.client.store import client_folder, read_files, read_record
from toolkit.errors import AlignError, InputError, told_once
from toolkit.intake.decision_answers import AnswerFields, kept, recorded_answer, taken
from toolkit.intake.decision_sheet import quarters_offered
from toolkit.intake.delay import after_pending_changes
from toolkit.intake.form.import_preview import refused
from toolkit.intake.form.look import (
    FIELD,
    LABEL,
    across,
    button,
    html,
    label,
    layout,
    listed,
    offer,
    paragraph,
    shown_as,
    tabled,
)
from toolkit.words import day

_NONE = ("no answer yet", "")
_AS_ABOVE = ("as the rest", "")
_DATE = "2027-01-31"
_ELSEWHERE = (
    "The documents follow an answer when they are made again; the prioritisation workshop shows at once what it does to the plan."
)  # fmt: skip


class DecisionPanel:
    """One ask at a time: what it is, the answer as it is given, and who does what by when.

    Parameters
    ----------
    round_id : str
        The round whose plan asks; empty means the latest with a published plan.
    done : callable
        Called after an answer was recorded.
    changed : callable, optional
        Called whenever what is being answered changes, before anything is recorded.
    about : str
        What is said above the list.
    """

    def __init__(
        self, clients: Path, slug: str, round_id: str = "", *, done: Callable[[], None],
        changed: Callable[[], None] = lambda: None, about: str = _ELSEWHERE,
    ) -> None:  # fmt: skip
        self._clients, self._slug, self._wanted, self._done, self._changed = (
            clients,
            slug,
            round_id,
            done,
            changed,
        )
        self._asks: tuple[PublishedAsk, ...] = ()
        self._record: Record | None = None
        self._round = ""
        self._quiet = False
        self._head, self._facts, self._outcome = html(), html(), html()
        self._ask = self._choice("Decision")
        self._answer, self._quarter = self._choice("Answer"), self._choice("Defer until")
        self._quarter.layout = layout()
        self._apart: dict[str, widgets.Dropdown] = {}
        self._parts = widgets.VBox()
        self._by, self._on = _text("Decided by", "Dana Whitfield, COO"), _text("On", _DATE)
        self._note, self._action = _text("Note on it"), _text("Action that follows")
        self._business, self._it = _text("Its business owner"), _text("Its IT owner")
        self._due = _text("To be done by", _DATE)
        self._save = button("Record this answer", self.record, primary=True)
        for field in (self._answer, self._quarter):
            field.observe(lambda _: self._move(), "value")
        self._ask.observe(lambda _: None if self._quiet else after_pending_changes(self._turn), "value")
        self._fields = widgets.VBox([
            html(paragraph(about)), self._ask, self._facts, self._answer, self._quarter, self._parts, self._by, self._on, self._note, self._action,
            self._business, self._it, self._due, across(self._save),
        ])  # fmt: skip
        self.box = widgets.VBox([self._head, self._fields, self._outcome])

    def show(self) -> None:
        """Read what the published plan asks, and what of it is answered."""
        try:
            self._record = read_record(self._slug, read_files(self._clients, self._slug))
            self._round, self._asks = self._published(self._record)
        except InputError as error:
            self._asks = ()
            lines = [one.remedy if one.found == "nothing" else f"{one.where}: {one.found}. {one.remedy}" for one in told_once(error.faults)]  # fmt: skip
            self._head.value = shown_as(paragraph("There is nothing to answer yet.", "open") + listed(lines))
            self._fields.layout.display = "none"
            return
        self._fields.layout.display = ""
        self._head.value = shown_as(self._told())
        chosen = self._ask.value
        self._quiet = True
        offer(self._ask, [(self._line(n, ask), ask.id) for n, ask in enumerate(self._asks, 1)])
        if chosen in {ask.id for ask in self._asks}:
            self._ask.value = chosen
        self._quiet = False
        self._show_ask()

    def relabel(self) -> None:
        """Do nothing: what is asked changes only when documents are made."""

    def tried(self, record: Record) -> Record:
        """Return a record with the answer that is being given; the record itself while none is, or it cannot be taken."""
        with suppress(InputError):
            if self._answer.value and (fields := self._given(meanwhile=True)):
                return taken(record, self._round, self._asks, [fields], instead=True).record
        return record

    def record(self) -> None:
        """Record the answer, or say why not."""
        ask = self._chosen
        if ask is None:
            return
        try:
            before = read_files(self._clients, self._slug)
            record = read_record(self._slug, before)
            outcome = taken(record, self._round, self._asks, [self._given()], instead=True)
            kept(self._clients, self._slug, before, outcome)
        except AlignError as error:
            self._outcome.value = shown_as(refused(error))
            return
        for field in (self._note, self._action, self._business, self._it, self._due):
            field.value = ""
        said = [*outcome.told, *(f"{id}: was {was}" for id, _, was, _ in outcome.changes)]
        self._outcome.value = shown_as(paragraph("Recorded.", "right", "status") + listed(said))
        self.show()
        self._done()

    def _published(self, record: Record) -> tuple[str, tuple[PublishedAsk, ...]]:
        """Return the round whose plan asks, and what it asks."""
        home = client_folder(self._clients, self._slug)
        rounds = [self._wanted] if self._wanted else [one.id for one in reversed(record.rounds)]
        for round_id in rounds[:-1]:
            with suppress(InputError):
                return round_id, published_asks(home, round_id)
        return (rounds[-1], published_asks(home, rounds[-1])) if rounds else ("", ())

    @property
    def _chosen(self) -> PublishedAsk | None:
        return next((ask for ask in self._asks if ask.id == self._ask.value), None)

    def _turn(self) -> None:
        """Turn to another ask."""
        self._outcome.value = ""
        self._show_ask()
        self._changed()

    def _show_ask(self) -> None:
        """Show the ask chosen: what it costs, who answers for it, and how it stands answered."""
        ask, record = self._chosen, self._record
        self._fields.layout.display = "" if ask else "none"
        if ask is None or record is None:
            return
        self._quiet = True
        self._answer.options = [_NONE, *((option.offered, option.answer) for option in ask.options)]
        self._answer.value = ""
        quarters = quarters_offered(record, record.round(self._round))
        self._quarter.options = [
            ("choose a quarter", ""),
            *((text, quarter) for quarter, text, _ in quarters),
        ]
        self._quarter.value = ""
        self._lay_parts(ask, [(quarter, text) for quarter, text, _ in quarters])
        self._facts.value = shown_as(_facts(ask, record.facts.profile.currency, self._answered(ask)))
        self._save.description = "Record in its place" if self._answered(ask) else "Record this answer"
        if not self._on.value and (meeting := record.round(self._round).meeting):
            self._on.value = meeting.isoformat()
        self._quiet = False
        self._ask_quarter()

    def _lay_parts(self, ask: PublishedAsk, quarters: list[tuple[str, str]]) -> None:
        """Offer an answer of its own for each initiative of an ask about several."""
        self._apart = {}
        for part in ask.parts:
            options = [_AS_ABOVE]
            for option in ask.options:
                if part.subject not in {effect.subject for effect in option.effects}:
                    continue
                when = [(f" {text}", f" {q}") for q, text in quarters] if option.until else [("", "")]
                options += [(f"{option.label}{text}", f"{option.answer}{q}") for text, q in when]
            self._apart[part.subject] = self._choice(label(part.name))
            self._apart[part.subject].options = options
            self._apart[part.subject].value = ""
            self._apart[part.subject].observe(lambda _: self._move(), "value")
        about = html(paragraph("Single initiatives may be answered otherwise than the rest:"))
        self._parts.children = (about, *self._apart.values()) if self._apart else ()

    def _move(self) -> None:
        """Tell that the answer has changed."""
        if not self._quiet:
            self._ask_quarter()
            self._changed()

    def _ask_quarter(self) -> None:
        """Ask for a quarter only where the answer defers."""
        ask = self._chosen
        option = ask.option(self._answer.value) if ask else None
        self._quarter.layout.display = "" if option and option.until else "none"

    def _given(self, meanwhile: bool = False) -> AnswerFields:
        """Return the answer as it was typed; ``meanwhile`` takes what is still missing of who and when for granted."""
        ask, on = self._chosen, None
        with suppress(ValueError):
            on = date.fromisoformat(self._on.value.strip())
        if meanwhile and self._record:
            on = self._record.round(self._round).as_of
        option = ask.option(self._answer.value) if ask else None
        apart = {i: field.value.partition(" ") for i, field in self._apart.items() if field.value}
        known = {
            "by": "Decided by",
            "on": "On",
            "answer": "Answer",
            "quarter": "Defer until",
            "due": "To be done by",
        }
        action = ("", "", "", "") if meanwhile else tuple(
            field.value for field in (self._action, self._business, self._it, self._due)
        )  # fmt: skip
        return AnswerFields(
            ask=ask.id if ask else "", answer=self._answer.value, by="the workshop" if meanwhile else self._by.value, on=on,
            quarter=self._quarter.value if option and option.until else "", note=self._note.value, action=action[0],
            owner_business=action[1], owner_it=action[2], due=action[3],
            otherwise={i: (answer, quarter) for i, (answer, _, quarter) in apart.items()},
            where=lambda name: known.get(name, name.replace("_", " ").capitalize()),
        )  # fmt: skip

    def _answered(self, ask: PublishedAsk) -> list[Decision]:
        return recorded_answer(self._record, self._round, ask) if self._record else []

    def _line(self, number: int, ask: PublishedAsk) -> str:
        mark = "✓ " if self._answered(ask) else ""
        return f"{mark}{number}. {label(ask.what)}"

    def _told(self) -> Markup:
        """Say how many of the decisions are answered."""
        if not self._asks or self._record is None:
            return paragraph("The published plan asks for no decision.")
        done = sum(bool(self._answered(ask)) for ask in self._asks)
        as_of = day(self._record.round(self._round).as_of)
        said = (
            f"Asked by the plan of round {self._round}, as of {as_of}: {done} of {len(self._asks)} answered."
        )
        return paragraph(said, role="status")

    def _choice(self, title: str) -> widgets.Dropdown:
        return widgets.Dropdown(description=title, style=LABEL, layout=FIELD)


def _text(title: str, hint: str = "") -> widgets.Text:
    return widgets.Text(description=title, placeholder=hint, style=LABEL, layout=FIELD)


def _facts(ask: PublishedAsk, currency: str, answered: list[Decision]) -> Markup:
    """Return what has to be known of an ask, and how it is answered on record."""
    rows = [("Amount", ask.costs(currency)), ("Owners", ask.owners)]
    rows += [("At the latest", day(ask.due))] if ask.due else []
    rows += [("In detail", ask.about)] if ask.about else []
    rows += [("If nobody decides", ask.undecided)] if ask.undecided else []
    if answered:
        kinds = dict.fromkeys(f"{d.decision} {d.quarter}" if d.quarter else d.decision for d in answered)
        said = f"{', '.join(kinds)}; by {answered[0].by or 'somebody not named'} on {day(answered[0].date)}"
        rows.append(("On record", said))
    rows.append(("Id", ask.id))
    return tabled(rows, ask.what)
