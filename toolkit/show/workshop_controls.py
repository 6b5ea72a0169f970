"""What can be moved in the workshop: points over the goals, money by year, people by role, pins; by hand, one change at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.client.calendar import Quarter
from toolkit.client.field_types import LARGEST_AMOUNT, number_text
from toolkit.client.record import Record
from toolkit.client.schema import Budget, Capacity, Facts, Initiative, Pin, Profile, Scenario
from toolkit.errors import Fault
from toolkit.html.markup import text_of
from toolkit.intake.amount import typed_number
from toolkit.intake.cell import Unreadable
from toolkit.intake.delay import after_pending_changes
from toolkit.intake.form.look import html, label, paragraph, points_said, shown_as
from toolkit.intake.typed_value import grouped as grouped_text
from toolkit.method import GOAL_POINTS, GOAL_POINTS_TOLERANCE
from toolkit.plan.problem import first_quarter
from toolkit.plan.scenario import applied
from toolkit.words import UNKNOWN, capital, excerpt, fixed, money, tidy
from toolkit.words import grouped as grouped_number

K = TypeVar("K", bound=Hashable)
# Is told what was moved, in words: "Budget of FY2027, USD: 300,000".
Moved = Callable[[str], None]
MOST_FTE = 10_000
# Labels that stand above their fields or beside them, as the page has room (workshop.css), whole.
AUTO: dict[str, Any] = {"style": {"description_width": "auto"}, "layout": {"width": "auto"}}
LONGEST_LABEL = 200


def label_of(text: str) -> str:
    """Return client text as the whole label of a field, without what a label would act upon."""
    return label(excerpt(text, LONGEST_LABEL), LONGEST_LABEL)


class NumberField:
    """A field for a number of 0 or more; what is no number, or could be two, is said under it and changes nothing.

    Attributes
    ----------
    value : float
        The last number that was certain.
    wrong : str
        What is wrong with what stands in the field; empty otherwise.
    """

    def __init__(
        self, title: str, value: float, most: float, profile: Profile, grouped: bool = False, slider: bool = False
    ) -> None:  # fmt: skip
        self.title, self.value, self.wrong = title, value, ""
        self._most, self._grouped, self._profile = most, grouped, profile
        self._moved: Moved = lambda _: None
        self.text = widgets.Text(self._shown(value), description=title, continuous_update=False, **AUTO)
        self._message = html()
        self.slider = self._slider() if slider else None
        self._parts = (self.text, self.slider) if self.slider else (self.text,)
        self.box = widgets.VBox(self._parts).add_class("slid" if slider else "number")
        self.text.observe(lambda _: self._read(), names="value")

    def watch(self, moved: Moved) -> None:
        """Tell ``moved`` of each change."""
        self._moved = moved

    def write(self, value: float) -> None:
        """Write a number into the field, as if it were typed."""
        self.text.value = self._shown(value)

    def _shown(self, value: float) -> str:
        text = number_text(value)
        return grouped_text(text, self._profile.decimal) if self._grouped else text

    def _slider(self) -> widgets.FloatSlider:
        slider = widgets.FloatSlider(self.value, min=0, max=self._most, step=1, readout=False, **AUTO)
        slider.observe(lambda _: self._slide(), names="value")
        return slider

    def _slide(self) -> None:
        if self.slider and self.slider.value != self.value:
            self.write(self.slider.value)

    def _read(self) -> None:
        try:
            currency, told = self._profile.currency if self._grouped else "", self._profile.decimal
            number = float(typed_number(self.text.value, self._grouped, "money", currency, told))
            self.wrong = "" if 0 <= number <= self._most else f"a number from 0 to {fixed(self._most)}"
        except Unreadable as error:
            self.wrong = str(error)
        if not self.wrong:
            self.value = number
            if self.slider:
                self.slider.value = number
        said = f"Write {self.wrong}. Until then it counts as {grouped_number(self.value)}."
        self._message.value = shown_as(paragraph(said, "wrong", "alert"))
        self.box.children = (*self._parts, self._message) if self.wrong else self._parts
        self._moved(f"{self.title}: {self.text.value.strip()}")


class _Fields(Generic[K]):
    """Number fields by key; ``given`` are those that a scenario sets already."""

    def __init__(self, fields: Mapping[K, NumberField], given: Iterable[K] = ()) -> None:
        self.fields = fields
        self._given = set(given)
        self._began = {key: field.value for key, field in fields.items()}

    def watch(self, moved: Moved) -> None:
        """Tell ``moved`` of each change."""
        for field in self.fields.values():
            field.watch(moved)

    def faults(self) -> list[Fault]:
        """Return what stands in the fields and is no certain number."""
        remedy = "Correct the field; the scenario takes no number that could be another."
        return [Fault(one.title, one.text.value, one.wrong, remedy) for one in self.fields.values() if one.wrong]  # fmt: skip

    def set_keys(self) -> set[K]:
        """Return the fields that differ from what is recorded."""
        return self._given | {key for key, field in self.fields.items() if field.value != self._began[key]}


class Points(_Fields[str]):
    """Points for each goal, by slider and number, and what is left of the 100."""

    def __init__(self, facts: Facts, scenario: Scenario | None) -> None:
        given = [goal.weight for goal in facts.goals if goal.weight is not None]
        alike = tidy(GOAL_POINTS / max(len(facts.goals), 1), 1)
        fields = {
            goal.id: NumberField(
                label_of(goal.name), goal.weight or 0.0 if given else alike, GOAL_POINTS, facts.profile, slider=True
            )
            for goal in facts.goals
        }  # fmt: skip
        super().__init__(fields, fields if scenario and scenario.points else ())
        self.left, self._spreading = html(), False
        self._spread = widgets.Button(description="Make it 100", tooltip="Raise or lower all goals alike")
        self._spread.on_click(lambda _: after_pending_changes(self.spread))
        self.box = widgets.VBox([*(one.box for one in fields.values()), self.left, self._spread])
        self.watch(lambda _: None)
        self._say()

    def watch(self, moved: Moved) -> None:
        """Tell ``moved`` of each change."""

        def told(what: str) -> None:
            self._say()
            if not self._spreading:
                moved(what)

        super().watch(told)
        self._moved = moved

    def value(self) -> dict[str, float]:
        """Return the points of all goals once one was moved; empty while they are as recorded."""
        return {key: field.value for key, field in self.fields.items()} if self.set_keys() else {}

    def spread(self) -> None:
        """Make the points add up to 100 by whole points, each goal keeping its share."""
        shares = {key: field.value * GOAL_POINTS / (self._total or 1.0) for key, field in self.fields.items()}
        given = {key: math.floor(share) for key, share in shares.items()}
        lacking = sorted(shares, key=lambda key: given[key] - shares[key])
        for key in lacking[: int(GOAL_POINTS) - sum(given.values())]:
            given[key] += 1
        self._spreading = True
        for key, field in self.fields.items():
            field.write(float(given[key]))
        self._spreading = False
        self._moved("All points raised or lowered alike to make 100")

    @property
    def _total(self) -> float:
        return sum(field.value for field in self.fields.values())

    def _say(self) -> None:
        left = tidy(GOAL_POINTS - self._total, 1)
        whole = abs(left) <= GOAL_POINTS_TOLERANCE
        self._spread.layout.display = "none" if whole or not self._total else ""
        if not self.fields:
            said = "No goals are recorded."
        elif whole:
            said = "All 100 points are spread."
        else:
            said = f"{points_said(left)}: the plan goes by each goal’s share; spread 100 before you save."
        self.left.value = shown_as(paragraph(said, "right" if whole else "open", "status"))


class Money(_Fields[tuple[int, str]]):
    """Budget, reserve and, where kept apart, money for running costs of each fiscal year; a year without a budget shows 0."""

    def __init__(self, facts: Facts, years: Iterable[int], scenario: Scenario | None) -> None:
        known = {one.year: one for one in facts.budget}
        fields: dict[tuple[int, str], NumberField] = {}
        notes = []
        for year in years:
            one = known.get(year)
            fields[year, "amount"] = NumberField(
                f"Budget of FY{year}, {facts.profile.currency}",
                one.amount if one else 0.0,
                LARGEST_AMOUNT,
                facts.profile,
                True,
            )
            fields[year, "reserve"] = NumberField(
                f"Reserve of FY{year}, %", tidy(one.reserve * 100) if one else 0.0, 100, facts.profile
            )
            if one and one.opex is not None:
                fields[year, "opex"] = NumberField(
                    f"Running costs of FY{year}, {facts.profile.currency}",
                    one.opex,
                    LARGEST_AMOUNT,
                    facts.profile,
                    True,
                )
            notes.append(f"FY{year} {money(one.amount) if one else UNKNOWN}")
        given = {one.year for one in scenario.budget} if scenario else set()
        super().__init__(fields, [key for key in fields if key[0] in given])
        self._known = known
        # Of years beyond those that are planned, which have no field.
        self._beyond = [known[year] for year in sorted(given) if (year, "amount") not in fields]
        began = html(paragraph(f"Began with: {', '.join(notes)}."))
        self.box = widgets.VBox([*(one.box for one in fields.values()), began])

    def value(self) -> tuple[Budget, ...]:
        """Return the budgets of the years that were moved, and of those a scenario sets beyond the plan."""
        moved = {year for year, _ in self.set_keys()} - self._reserved_only()
        made = [
            Budget(
                year=y,
                amount=self.fields[y, "amount"].value,
                reserve=self._reserve(y),
                opex=self.fields[y, "opex"].value if (y, "opex") in self.fields else None,
            )
            for y in sorted(moved)
        ]
        return tuple(sorted([*made, *self._beyond], key=lambda one: one.year))

    def faults(self) -> list[Fault]:
        """Return also the reserves of years without a budget, of which nothing can be held back."""
        remedy = "Write the year’s budget, too, or 0 for its reserve."
        return [
            *super().faults(),
            *(
                Fault(self.fields[y, 'reserve'].title, self.fields[y, "reserve"].text.value,
                      "a share of a budget; the year has none", remedy)
                for y in sorted(self._reserved_only())
            ),
        ]  # fmt: skip

    def _reserved_only(self) -> set[int]:
        """Return the years without a budget for which only a reserve was set."""
        unknown = {year for year, _ in self.set_keys()} - self._known.keys()
        return {y for y in unknown if (y, "amount") not in self.set_keys()}

    def _reserve(self, year: int) -> float:
        """Return a year's reserve as it is recorded until its field is changed, which shows it in per cent."""
        one, key = self._known.get(year), (year, "reserve")
        same = one and self.fields[key].value == self._began[key]
        return one.reserve if one and same else tidy(self.fields[key].value / 100, 8)


class People(_Fields[tuple[str, str]]):
    """Capacity in FTE, one field for each recorded entry of each role."""

    def __init__(self, facts: Facts, scenario: Scenario | None) -> None:
        self._entries = {(one.role, one.quarter.key if one.quarter else ""): one for one in facts.capacity}
        fields = {
            key: NumberField(label_of(one.role) + (f", from {one.quarter}" if one.quarter else "") + ", FTE", one.fte, MOST_FTE, facts.profile)
            for key, one in self._entries.items()
        }  # fmt: skip
        given = {one.role for one in scenario.capacity} if scenario else set()
        super().__init__(fields, [key for key in fields if key[0] in given])
        nobody = html("" if fields else paragraph("No capacity is recorded, so people set no limit."))
        self.box = widgets.VBox([*(one.box for one in fields.values()), nobody])

    def value(self) -> tuple[Capacity, ...]:
        """Return all entries of the roles that were moved."""
        roles = {role for role, _ in self.set_keys()}
        return tuple(
            one.model_copy(update={"fte": self.fields[key].value})
            for key, one in self._entries.items()
            if key[0] in roles
        )


_MARKS = {"in": "in: ", "out": "out: "}


class Pins:
    """The pins set so far, and the fields that set another; a table and a search, however many initiatives.

    Parameters
    ----------
    quarters : sequence of Quarter
        Those a pinned initiative may be told to begin in.
    """

    def __init__(
        self, initiatives: Sequence[Initiative], quarters: Sequence[Quarter], pins: Iterable[Pin]
    ) -> None:
        self._names = {one.id: one.short or one.name for one in initiatives}
        self._full = {one.id: f"{one.name} {one.short or ''} {one.id}".casefold() for one in initiatives}
        self._pins = {pin.initiative: pin for pin in pins}
        self._moved: Moved = lambda _: None
        self._find = widgets.Text(description="Find", placeholder="part of an initiative’s name", **AUTO)
        self._found = widgets.Select(description="Initiative", rows=8, **AUTO)
        self._place = widgets.Dropdown(
            description="Pin it", options=[("in the plan", "in"), ("out of the plan", "out")], **AUTO
        )
        begin = [("when it fits best", ""), *((str(one), one) for one in quarters)]
        self._quarter = widgets.Dropdown(description="It begins", options=begin, **AUTO)
        self._reason = widgets.Text(description="Reason", placeholder="a pin needs one", **AUTO)
        self._said, self._list_of_pins = html(), html()
        pin, free = widgets.Button(description="Pin"), widgets.Button(description="Free it")
        pin.on_click(lambda _: after_pending_changes(self._pin))
        free.on_click(lambda _: after_pending_changes(self._free))
        self._find.observe(self._list, names="value")
        self._found.observe(self._recall, names="value")
        self.box = widgets.VBox([
            self._find, self._found, self._place, self._quarter, self._reason, widgets.HBox([pin, free]),
            self._said, self._list_of_pins,
        ])  # fmt: skip
        self._list()

    def value(self) -> tuple[Pin, ...]:
        """Return the pins, in order of initiative."""
        return tuple(self._pins[one] for one in sorted(self._pins))

    def watch(self, moved: Moved) -> None:
        """Tell ``moved`` whenever a pin is set or taken away."""
        self._moved = moved

    def _list(self, _: Any = None) -> None:
        """Offer the initiatives that match what is looked for, pinned ones marked; show the pins."""
        sought, chosen = self._find.value.casefold().split(), self._found.value
        options = [
            (f"{_MARKS[self._pins[one].place] if one in self._pins else ''}{self._offered(one)}", one)
            for one, text in self._full.items()
            if all(word in text for word in sought)
        ]
        self._found.options = options
        offered = [one for _, one in options]
        self._found.value = chosen if chosen in offered else next(iter(offered), None)
        said = Markup("").join(
            Markup("<li><strong>{}</strong> {}: {}</li>").format(
                pin.place + (f", from {pin.quarter}" if pin.quarter else ""),
                text_of(self._names.get(pin.initiative, pin.initiative)), text_of(pin.reason),
            )
            for pin in self.value()
        )  # fmt: skip
        self._list_of_pins.value = shown_as(
            Markup('<ul class="pins">{}</ul>').format(said) if said else paragraph("Nothing is pinned.")
        )

    def _offered(self, id: str) -> str:
        """Return what an initiative is called, with its id where another is called the same."""
        name = self._names[id]
        return name if list(self._names.values()).count(name) == 1 else f"{name} ({id})"

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
        self._moved(capital(said.rstrip(".")))

    def _say(self, text: str) -> None:
        self._said.value = shown_as(paragraph(capital(text), role="status"))


class Controls:
    """All that can be moved, as recorded or as a scenario has it.

    Attributes
    ----------
    sections : dict
        What is shown under each name: "Points", "Money", "People" and "Pins".
    """

    def __init__(self, record: Record, round_id: str, scenario: Scenario | None) -> None:
        one = record.round(round_id)
        facts = (applied(record, scenario) if scenario else record).facts
        start = first_quarter(record, one.as_of)
        quarters = [start.plus(t) for t in range(facts.planning.quarters)]
        open_ = [each for each in record.initiatives if each.is_open]
        self._round = one.id
        self.points = Points(facts, scenario)
        self.money = Money(facts, sorted({each.year for each in quarters}), scenario)
        self.people = People(facts, scenario)
        self.pins = Pins(open_, quarters, scenario.pins if scenario else ())
        self.sections: dict[str, widgets.Widget] = {
            "Points": section("Spread 100 points over the goals.", self.points.box),
            "Money": section(
                "The budget of each fiscal year, and the share of it held back.", self.money.box
            ),
            "People": section("How many people each role has, in full-time posts (FTE).", self.people.box),
            "Pins": section("Hold an initiative in the plan, or keep it out, and say why.", self.pins.box),
        }

    def watch(self, moved: Moved) -> None:
        """Tell ``moved`` what was moved, in words, whenever something is."""
        self.points.watch(moved)
        self.money.watch(moved)
        self.people.watch(moved)
        self.pins.watch(moved)

    def faults(self) -> list[Fault]:
        """Return what stands in the number fields and is no certain number."""
        return [*self.points.faults(), *self.money.faults(), *self.people.faults()]

    def scenario(self, id: str, name: str, note: str = "") -> Scenario:
        """Return what is set as a scenario; pydantic's ValidationError when it cannot be one."""
        return Scenario(
            id=id, name=name, note=note or None, round=self._round, points=self.points.value(), pins=self.pins.value(),
            budget=self.money.value(), capacity=self.people.value(),
        )  # fmt: skip


def section(about: str, *content: widgets.Widget) -> widgets.VBox:
    """Return widgets under a sentence that says what they are for."""
    return widgets.VBox([html(paragraph(about, "about")), *content])
