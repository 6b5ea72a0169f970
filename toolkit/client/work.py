"""The rows of ``initiatives.csv``, ``decisions.csv`` and ``actions.csv``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from toolkit.client.calendar import Quarter
from toolkit.client.fields import (
    Amount,
    Day,
    Fte,
    Id,
    Kind,
    Name,
    Reason,
    Role,
    Row,
    Share,
    Someone,
    Text,
    Whole,
)
from toolkit.method import CONTRIBUTION_BANDS, CONTRIBUTIONS

FINISHED = ("done", "stopped")  # states of work that is over

_LOW, _HIGH = CONTRIBUTION_BANDS
Contribution = Annotated[
    Whole,
    Field(ge=0, le=max(CONTRIBUTIONS)),
    Kind(
        "how much of the goal's distance it closes",
        f"Write 0 for none, 1 for under {_LOW} %, 2 for {_LOW} to {_HIGH} %, 3 for more.",
    ),
]


def _pieces(value: Any) -> Any:
    """Split ``a; b`` as it stands in a cell; lists pass through."""
    if not isinstance(value, str):
        return value
    return tuple(piece.strip() for piece in value.split(";") if piece.strip())


def _pairs(value: Any) -> Any:
    """Split ``a: 1; b: 2`` as it stands in a cell; mappings pass through."""
    if not isinstance(value, str):
        return value
    pairs = [piece.rpartition(":") for piece in _pieces(value)]
    keys = [key.strip() for key, colon, _ in pairs if colon]
    if len(keys) != len(pairs):
        raise PydanticCustomError("pairs", "pairs like 'name: 1; other: 2'")
    if len(set(keys)) != len(keys):
        raise PydanticCustomError("pairs", "pairs like 'name: 1; other: 2', each name once")
    return {key.strip(): number.strip() for key, _, number in pairs}


class Initiative(Row):
    """One piece of work under discussion, planned or under way.

    Attributes
    ----------
    duration : int or None
        Quarters of work.
    capex, opex, benefit : float or None
        Capital cost in all; running cost a year after completion; benefit a year after
        completion; in the client's currency. Missing is unknown, not zero.
    capex_profile : tuple of float
        Share of capex in each quarter of work; empty spreads it evenly.
    contingency : float or None
        Share added to capex for the roughness of the estimate.
    goals : dict
        Contribution to each goal, 0–3 (1 closes under 10 % of its distance, 2 10–30 %, 3 more).
    fte : dict
        People per role while the work runs.
    original_capex, original_finish
        Budget and completion date as first known to us, where later ones have come in, or as the client states them.
    listed : str or None
        "no longer" where the register that came last has no such row: what it costs today is not known.
    finish : date or None
        Completion date as stated by the client; a known date, not a planned one. Of running work it decides, not
        the duration.
    mandatory : str or None
        Why it must be done; any text makes it mandatory.
    start : Quarter or None
        Fixed start of work in progress.
    rank : int or None
        Leadership's own place for it: 1 comes first.
    """

    id: Id
    name: Name
    description: Text | None = None
    purpose: Literal["run", "grow", "transform", "protect"] | None = None
    status: Literal["proposed", "in progress", "done", "stopped"] | None = None
    owner_business: Someone | None = None
    owner_it: Someone | None = None
    duration: (
        Annotated[
            Whole,
            Field(ge=1, le=40),
            Kind("a whole number of quarters", "Write the quarters of work; leave it empty when unknown."),
        ]
        | None
    ) = None
    capex: Amount | None = None
    capex_profile: Annotated[tuple[Share, ...], BeforeValidator(_pieces)] = ()
    estimate: Literal["rough", "budgetary", "firm"] | None = None
    contingency: Share | None = None
    opex: Amount | None = None
    benefit: Amount | None = None
    goals: Annotated[dict[Id, Contribution], BeforeValidator(_pairs)] = Field(default_factory=dict)
    scored_by: Someone | None = None
    fte: Annotated[dict[Role, Fte], BeforeValidator(_pairs)] = Field(default_factory=dict)
    depends_on: Annotated[tuple[Id, ...], BeforeValidator(_pieces)] = ()
    earliest_start: Quarter | None = None
    deadline: Quarter | None = None
    mandatory: (
        Annotated[
            Reason,
            Kind(
                "why it must be done",
                "Leave it empty if it is not mandatory; else write the reason, such as the law that asks for it.",
            ),
        ]
        | None
    ) = None
    start: Quarter | None = None
    alternative_group: Id | None = None
    settles: Annotated[tuple[Id, ...], BeforeValidator(_pieces)] = ()
    practices: Annotated[tuple[Id, ...], BeforeValidator(_pieces)] = ()
    rank: (
        Annotated[Whole, Field(ge=1), Kind("leadership's place for it", "Write 1 for what comes first.")]
        | None
    ) = None
    original_capex: Amount | None = None
    original_finish: Day | None = None
    finish: Day | None = None
    listed: Literal["no longer"] | None = None
    source: Text | None = None

    def quarters(self, fiscal_year_starts: int) -> int | None:
        """Return the quarters of work: of running work those from its start through its finish, else as recorded.

        The finish of running work is when it is expected to end, whatever was planned before. None where the two
        dates contradict each other, or a profile of the cost that no duration explains has another length.
        """
        if self.status != "in progress" or not self.start or not self.finish:
            return self.duration
        quarters = Quarter.of(self.finish, fiscal_year_starts).index - self.start.index + 1
        agrees = self.duration or not self.capex_profile or len(self.capex_profile) == quarters
        return quarters if quarters > 0 and agrees else None

    @property
    def budgets(self) -> tuple[float, float] | None:
        """The budget first known to us and the present one; None unless both are held and the row still stands."""
        if self.listed or self.original_capex is None or self.capex is None:
            return None
        return self.original_capex, self.capex

    @property
    def completions(self) -> tuple[date, date] | None:
        """The completion date first known to us and the present one; None unless both are held and the row still stands."""
        if self.listed or self.original_finish is None or self.finish is None:
            return None
        return self.original_finish, self.finish

    @property
    def days_late(self) -> int | None:
        """Days from the first known completion date to the present one; None unless both are held."""
        dates = self.completions
        return (dates[1] - dates[0]).days if dates else None

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor stopped."""
        return self.status not in FINISHED

    @property
    def capital(self) -> float | None:
        """Capex with its contingency, and of work that is over as recorded; None when it is not known."""
        return self.capex * (1 + (self.contingency or 0.0)) if self.capex and self.is_open else self.capex

    @property
    def lacks_contingency(self) -> bool:
        """Whether its cost is a rough estimate of which nobody said what to add for the roughness; 0 was said."""
        return self.estimate == "rough" and self.contingency is None and bool(self.capex)


class Decision(Row):
    """What leadership decided about an initiative, a risk or a recommendation."""

    id: Id
    round: Id
    date: Day
    subject: Id
    decision: Literal["approve", "defer", "reject", "accept risk", "pin"]
    quarter: Quarter | None = None
    by: Someone | None = None
    note: Text | None = None


class Action(Row):
    """Something promised in a round: by whom, by when, and whether it was done."""

    id: Id
    round: Id
    action: Name
    owner_business: Someone | None = None
    owner_it: Someone | None = None
    due: Day | None = None
    status: Literal["open", "done", "dropped"] = "open"
    done_on: Day | None = None
    initiative: Id | None = None
    note: Text | None = None
