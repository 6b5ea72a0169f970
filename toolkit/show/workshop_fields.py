"""The workshop's number fields: points over the goals, money by year, people by role."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.assess.wording import UNKNOWN, money, words
from toolkit.client.facts import Budget, Capacity, Facts
from toolkit.client.fields import LARGEST_AMOUNT
from toolkit.client.scenarios import Scenario
from toolkit.intake.labels import label
from toolkit.show.page import text_of
from toolkit.words import plain, tidy

K = TypeVar("K", bound=Hashable)
MOST_FTE = 10_000
_LABEL = {"description_width": "13rem"}
WIDE: dict[str, Any] = {
    "style": {"description_width": "6rem"},
    "layout": {"width": "26rem", "max_width": "100%"},
}


def label_of(text: str, most: int = 36) -> str:
    """Return client text as the label of a field: cut at a word, without what a label would act upon."""
    return label(words(text, most), most)


def styled(content: Markup) -> str:
    """Return content as a widget shows it, in the report's style."""
    return str(Markup('<div class="alignment">{}</div>').format(content))


def _number(title: str, value: float, most: float) -> widgets.BoundedFloatText:
    size = 10.0 ** (math.floor(math.log10(value)) - 1) if value >= 100 else 1.0
    return widgets.BoundedFloatText(
        value=value, min=0, max=most, step=size if value % size == 0 else None, description=title,
        style=_LABEL, layout={"width": "21rem", "max_width": "100%"},
    )  # fmt: skip


class _Fields(Generic[K]):
    """Number fields by key; ``given`` are those that a scenario sets already."""

    def __init__(self, fields: Mapping[K, widgets.BoundedFloatText], given: Iterable[K] = ()) -> None:
        self.fields = fields
        self._given = set(given)
        self._began = {key: field.value for key, field in fields.items()}

    def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever a field is."""
        for field in self.fields.values():
            field.observe(lambda _: changed(), names="value")

    def set_keys(self) -> set[K]:
        """Return the fields that differ from what is recorded."""
        return self._given | {key for key, field in self.fields.items() if field.value != self._began[key]}


class Points(_Fields[str]):
    """Points for each goal, and what is left of the 100."""

    def __init__(self, facts: Facts, scenario: Scenario | None) -> None:
        given = [goal.weight for goal in facts.goals if goal.weight is not None]
        alike = tidy(100 / max(len(facts.goals), 1), 1)
        fields = {
            goal.id: _number(label_of(goal.name), alike if not given else goal.weight or 0.0, 100)
            for goal in facts.goals
        }
        super().__init__(fields, fields if scenario and scenario.points else ())
        self.left = widgets.HTML()
        self.box = widgets.VBox([*fields.values(), self.left])
        self.watch(self._say)
        self._say()

    def value(self) -> dict[str, float]:
        """Return the points of all goals once one was moved; empty while they are as recorded."""
        return {key: field.value for key, field in self.fields.items()} if self.set_keys() else {}

    def _say(self) -> None:
        left = tidy(100 - sum(field.value for field in self.fields.values()), 1)
        if not self.fields:
            said = "No goals are recorded."
        elif abs(left) <= 0.5:
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
        fields: dict[tuple[int, str], widgets.BoundedFloatText] = {}
        notes = []
        for year in years:
            one = known.get(year)
            fields[year, "amount"] = _number(
                f"Budget of FY{year}, {facts.profile.currency}", one.amount if one else 0.0, LARGEST_AMOUNT
            )
            fields[year, "reserve"] = _number(
                f"Reserve of FY{year}, %", tidy(one.reserve * 100) if one else 0.0, 100
            )
            if one and one.opex is not None:
                fields[year, "opex"] = _number(
                    f"Running costs of FY{year}, {facts.profile.currency}", one.opex, LARGEST_AMOUNT
                )
            notes.append(f"FY{year} {money(one.amount) if one else UNKNOWN}")
        given = {one.year for one in scenario.budget} if scenario else set()
        super().__init__(fields, [key for key in fields if key[0] in given])
        began = Markup("<p>Began with: {}.</p>").format(", ".join(notes))
        self.box = widgets.VBox([*fields.values(), widgets.HTML(styled(began))])

    def value(self) -> tuple[Budget, ...]:
        """Return the budgets of the years that were moved."""
        years = sorted({year for year, _ in self.set_keys()})
        return tuple(
            Budget(
                year=y,
                amount=self.fields[y, "amount"].value,
                reserve=tidy(self.fields[y, "reserve"].value / 100, 8),
                opex=self.fields[y, "opex"].value if (y, "opex") in self.fields else None,
            )
            for y in years
        )  # fmt: skip


class People(_Fields[tuple[str, str]]):
    """Capacity in FTE, one field for each recorded entry of each role."""

    def __init__(self, facts: Facts, scenario: Scenario | None) -> None:
        self._entries = {(one.role, str(one.quarter or "")): one for one in facts.capacity}
        fields = {
            key: _number(label_of(one.role, 30) + (f", from {one.quarter}" if one.quarter else "") + ", FTE", one.fte, MOST_FTE)
            for key, one in self._entries.items()
        }  # fmt: skip
        given = {one.role for one in scenario.capacity} if scenario else set()
        super().__init__(fields, [key for key in fields if key[0] in given])
        nobody = (
            []
            if fields
            else [widgets.HTML(styled(text_of("No capacity is recorded, so people set no limit.")))]
        )
        self.box = widgets.VBox([*fields.values(), *nobody])

    def value(self) -> tuple[Capacity, ...]:
        """Return all entries of the roles that were moved."""
        roles = {role for role, _ in self.set_keys()}
        return tuple(
            one.model_copy(update={"fte": self.fields[key].value})
            for key, one in self._entries.items()
            if key[0] in roles
        )
