"""The workshop's number fields: points over the goals, money by year, people by role."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.client.models import Budget, Capacity, Facts, Profile, Scenario
from toolkit.client.schema import LARGEST_AMOUNT, number_text
from toolkit.errors import Fault
from toolkit.html.markup import text_of
from toolkit.intake.amount import typed_number
from toolkit.intake.cell import Unreadable
from toolkit.intake.form.look import label
from toolkit.intake.typed_value import grouped as grouped_text
from toolkit.method import GOAL_POINTS, GOAL_POINTS_TOLERANCE
from toolkit.words import UNKNOWN, excerpt, fixed, money, plain, tidy
from toolkit.words import grouped as grouped_number

K = TypeVar("K", bound=Hashable)
MOST_FTE = 10_000
_LABEL = {"description_width": "13rem"}
WIDE: dict[str, Any] = {
    "style": {"description_width": "6rem"},
    "layout": {"width": "26rem", "max_width": "100%"},
}


def label_of(text: str, most: int = 36) -> str:
    """Return client text as the label of a field: cut at a word, without what a label would act upon."""
    return label(excerpt(text, most), most)


def styled(content: Markup) -> str:
    """Return content as a widget shows it, in the report's style."""
    return str(Markup('<div class="alignment">{}</div>').format(content))


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
        self, title: str, value: float, most: float, profile: Profile, grouped: bool = False
    ) -> None:
        self.title, self.value, self.wrong = title, value, ""
        self._most, self._grouped, self._profile = most, grouped, profile
        shown = grouped_text(number_text(value), profile.decimal) if grouped else number_text(value)
        self.text = widgets.Text(
            shown, description=title, continuous_update=False, style=_LABEL,
            layout={"width": "21rem", "max_width": "100%"},
        )  # fmt: skip
        self._message = widgets.HTML()
        self.box = widgets.VBox([self.text])
        self.text.observe(lambda _: self._read(), names="value")

    def _read(self) -> None:
        try:
            currency, told = self._profile.currency if self._grouped else "", self._profile.decimal
            number = float(typed_number(self.text.value, self._grouped, "money", currency, told))
            self.wrong = "" if 0 <= number <= self._most else f"a number from 0 to {fixed(self._most)}"
        except Unreadable as error:
            self.wrong = str(error)
        if not self.wrong:
            self.value = number
        said = f"Write {self.wrong}. Until then it counts as {grouped_number(self.value)}."
        self._message.value = styled(Markup('<p role="alert">{}</p>').format(text_of(said)))
        self.box.children = (self.text, self._message) if self.wrong else (self.text,)


class _Fields(Generic[K]):
    """Number fields by key; ``given`` are those that a scenario sets already."""

    def __init__(self, fields: Mapping[K, NumberField], given: Iterable[K] = ()) -> None:
        self.fields = fields
        self._given = set(given)
        self._began = {key: field.value for key, field in fields.items()}

    def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever a field is."""
        for field in self.fields.values():
            field.text.observe(lambda _: changed(), names="value")

    def faults(self) -> list[Fault]:
        """Return what stands in the fields and is no certain number."""
        remedy = "Correct the field; the scenario takes no number that could be another."
        return [Fault(f"the scenario, field {one.title}", one.text.value, one.wrong, remedy) for one in self.fields.values() if one.wrong]  # fmt: skip

    def set_keys(self) -> set[K]:
        """Return the fields that differ from what is recorded."""
        return self._given | {key for key, field in self.fields.items() if field.value != self._began[key]}


class Points(_Fields[str]):
    """Points for each goal, and what is left of the 100."""

    def __init__(self, facts: Facts, scenario: Scenario | None) -> None:
        given = [goal.weight for goal in facts.goals if goal.weight is not None]
        alike = tidy(GOAL_POINTS / max(len(facts.goals), 1), 1)
        fields = {
            goal.id: NumberField(
                label_of(goal.name), alike if not given else goal.weight or 0.0, GOAL_POINTS, facts.profile
            )
            for goal in facts.goals
        }
        super().__init__(fields, fields if scenario and scenario.points else ())
        self.left = widgets.HTML()
        self.box = widgets.VBox([*(one.box for one in fields.values()), self.left])
        self.watch(self._say)
        self._say()

    def value(self) -> dict[str, float]:
        """Return the points of all goals once one was moved; empty while they are as recorded."""
        return {key: field.value for key, field in self.fields.items()} if self.set_keys() else {}

    def _say(self) -> None:
        left = tidy(GOAL_POINTS - sum(field.value for field in self.fields.values()), 1)
        if not self.fields:
            said = "No goals are recorded."
        elif abs(left) <= GOAL_POINTS_TOLERANCE:
            said = "All 100 points are spread."
        else:
            much = (
                f"{plain(left)} of 100 points are left"
                if left > 0
                else f"{plain(-left)} points too many are spread"
            )
            said = f"{much}: the plan goes by each goal’s share; spread 100 before you save."
        self.left.value = styled(Markup('<p role="status">{}</p>').format(said))


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
        began = Markup("<p>Began with: {}.</p>").format(", ".join(notes))
        self.box = widgets.VBox([*(one.box for one in fields.values()), widgets.HTML(styled(began))])

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
                Fault(f"the scenario, field {self.fields[y, 'reserve'].title}", self.fields[y, "reserve"].text.value,
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
            key: NumberField(label_of(one.role, 30) + (f", from {one.quarter}" if one.quarter else "") + ", FTE", one.fte, MOST_FTE, facts.profile)
            for key, one in self._entries.items()
        }  # fmt: skip
        given = {one.role for one in scenario.capacity} if scenario else set()
        super().__init__(fields, [key for key in fields if key[0] in given])
        nobody = (
            []
            if fields
            else [widgets.HTML(styled(text_of("No capacity is recorded, so people set no limit.")))]
        )
        self.box = widgets.VBox([*(one.box for one in fields.values()), *nobody])

    def value(self) -> tuple[Capacity, ...]:
        """Return all entries of the roles that were moved."""
        roles = {role for role, _ in self.set_keys()}
        return tuple(
            one.model_copy(update={"fte": self.fields[key].value})
            for key, one in self._entries.items()
            if key[0] in roles
        )
