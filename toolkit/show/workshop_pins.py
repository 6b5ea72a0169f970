"""The workshop's pins: find an initiative, hold it in the plan or keep it out, and say why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.client.calendar import Quarter
from toolkit.client.models import Initiative, Pin
from toolkit.html.markup import table, text_of
from toolkit.intake.delay import after_pending_changes
from toolkit.show.workshop_fields import WIDE, styled
from toolkit.words import capital

_MARKS = {"in": "in: ", "out": "out: "}


class Pins:
    """The pins set so far, and the fields that set another; a table and a search, however many initiatives.

    Parameters
    ----------
    quarters : sequence of Quarter
        Those a pinned initiative may be told to begin in.
    """

    def __init__(
        self, initiatives: Iterable[Initiative], quarters: Sequence[Quarter], pins: Iterable[Pin]
    ) -> None:
        self._names = {one.id: one.name for one in initiatives}
        self._pins = {pin.initiative: pin for pin in pins}
        self._changed: Callable[[], None] = lambda: None
        self._find = widgets.Text(
            description="Find", placeholder="part of an initiative’s name or id", **WIDE
        )
        self._found = widgets.Select(description="Initiative", rows=8, **WIDE)
        self._place = widgets.Dropdown(
            description="Pin it", options=[("in the plan", "in"), ("out of the plan", "out")], **WIDE
        )
        begin = [("when it fits best", ""), *((str(one), one) for one in quarters)]
        self._quarter = widgets.Dropdown(description="It begins", options=begin, **WIDE)
        self._reason = widgets.Text(description="Reason", placeholder="a pin needs one", **WIDE)
        self._said, self._table = widgets.HTML(), widgets.HTML()
        pin, free = widgets.Button(description="Pin"), widgets.Button(description="Free it")
        pin.on_click(lambda _: after_pending_changes(self._pin))
        free.on_click(lambda _: after_pending_changes(self._free))
        self._find.observe(self._list, names="value")
        self._found.observe(self._recall, names="value")
        self.box = widgets.VBox([
            self._find, self._found, self._place, self._quarter, self._reason, widgets.HBox([pin, free]),
            self._said, self._table,
        ])  # fmt: skip
        self._list()

    def value(self) -> tuple[Pin, ...]:
        """Return the pins, in order of initiative."""
        return tuple(self._pins[one] for one in sorted(self._pins))

    def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever a pin is set or taken away."""
        self._changed = changed

    def _list(self, _: Any = None) -> None:
        """Offer the initiatives that match what is looked for, pinned ones marked; show the pins."""
        sought, chosen = self._find.value.casefold().split(), self._found.value
        options = [
            (f"{_MARKS[self._pins[one].place] if one in self._pins else ''}{name} ({one})", one)
            for one, name in self._names.items()
            if all(word in f"{name} {one}".casefold() for word in sought)
        ]
        self._found.options = options
        offered = [one for _, one in options]
        self._found.value = chosen if chosen in offered else next(iter(offered), None)
        rows = [
            (self._names.get(pin.initiative, pin.initiative), pin.place + (f", from {pin.quarter}" if pin.quarter else ""), pin.reason)
            for pin in self.value()
        ]  # fmt: skip
        self._table.value = styled(
            table(("Pinned", "Place", "Reason"), rows, "Pins", css="dense") or text_of("Nothing is pinned.")
        )

    def _recall(self, _: Any = None) -> None:
        """Show the pin of the initiative chosen, if it has one."""
        pin = self._pins.get(self._found.value or "")
        self._reason.value = pin.reason if pin else ""
        if pin:
            self._place.value, self._quarter.value = (
                pin.place,
                pin.quarter if pin.quarter in self._quarters else "",
            )

    @property
    def _quarters(self) -> list[Quarter | str]:
        return [value for _, value in self._quarter.options]

    def _pin(self) -> None:
        one, reason = self._found.value, "".join(c for c in self._reason.value if c.isprintable()).strip()
        if not one:
            self._say("choose an initiative first.")
        elif not reason:
            self._say("say why, in the field Reason: a pin without a reason is not kept.")
        else:
            place = self._place.value
            quarter = (self._quarter.value or None) if place == "in" else None
            self._pins[one] = Pin(initiative=one, place=place, quarter=quarter, reason=reason)
            self._set(f"pinned {place}: {self._names[one]}.")

    def _free(self) -> None:
        if self._pins.pop(self._found.value or "", None):
            self._set(f"free again: {self._names[self._found.value]}.")
        else:
            self._say("the initiative chosen is not pinned.")

    def _set(self, said: str) -> None:
        self._say(said)
        self._list()
        self._changed()

    def _say(self, text: str) -> None:
        self._said.value = styled(Markup('<p role="status">{}</p>').format(text_of(capital(text))))
