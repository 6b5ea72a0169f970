"""What leaves the planning: one frozen roadmap, solved or, where nothing can be optimised, a timeline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal

from toolkit.client.calendar import Quarter
from toolkit.plan.explanations import Explained, Ranking, Worth
from toolkit.words import fixed, tidy

# A relative gap (0–1) up to which a plan counts as proven: what the search cannot tell from none.
PROVEN = 2e-6

# How value is counted, 2: contributions of 5, 20 and 65 %, each risk once, and both only in time; 1: before that.
METHOD = 2

# The share of a role's capacity from which on it counts as fully used.
FULL = 0.95

Holds = Literal["all", "capital", "running"]
Binding = Literal[
    "budget",
    "capacity",
    "dependency",
    "date",
    "alternative",
    "no goal served",
    "settled",
    "decision",
    "value",
    "horizon",
]


@dataclass(frozen=True)
class Scheduled:
    """An initiative above the line: works from ``start`` through ``finish``, both included.

    ``value`` is what it is credited with in the plan (0–1): the goals it serves and the risks it is first to settle,
    each in time; ``accrued`` is what of it the plan earns by its end;
    ``fixed`` says why it could not be chosen freely ("in progress", "mandatory", "decided", or "pinned" in a scenario), else "".
    ``capex`` includes contingency.
    """

    initiative: str
    start: Quarter
    finish: Quarter
    value: float
    accrued: float
    capex: float
    fixed: str = ""


@dataclass(frozen=True)
class Deferred:
    """An initiative below the line, what it would add to the plan's value (0–1), and what keeps it there."""

    initiative: str
    value: float
    capex: float
    binding: Binding
    because: str


@dataclass(frozen=True)
class Unscheduled:
    """An initiative that cannot be planned because something about it is unknown."""

    initiative: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class MoneyLimit:
    """What a year's plan takes of one budget, what of that may be spent, and the budget with its reserve."""

    holds: Holds
    spent: float
    available: float
    budget: float


@dataclass(frozen=True)
class YearMoney:
    """One fiscal year's money, in the client's currency. ``budget`` None means no budget is recorded.

    ``running`` is the part of the budget kept apart for running costs; None where one budget covers all.
    """

    year: int
    budget: float | None
    reserve: float
    capex: float
    opex: float
    running: float | None = None

    @property
    def limits(self) -> tuple[MoneyLimit, ...]:
        """The year's limits on money: one for all, or capital and running costs apart; none without a budget."""
        if self.budget is None or self.available is None:
            return ()
        if self.running is None:
            return (MoneyLimit("all", self.capex + self.opex, self.available, self.budget),)
        capital = self.budget - self.running
        return (
            MoneyLimit("capital", self.capex, capital - self.reserve, capital),
            MoneyLimit("running", self.opex, self.running, self.running),
        )

    @property
    def available(self) -> float | None:
        """Budget less the reserve held back."""
        return None if self.budget is None else self.budget - self.reserve


@dataclass(frozen=True)
class RunningAfter:
    """What a plan's work costs to run in each year after the last planned, in the client's currency.

    ``cost`` adds up the known running costs; ``unknown`` names the planned initiatives without one.
    """

    cost: float
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoleLoad:
    """A role's planned load against its capacity, in FTE, in one quarter."""

    role: str
    quarter: Quarter
    load: float
    capacity: float | None

    @property
    def full(self) -> bool:
        """Whether so much of it is needed that the role counts as fully used."""
        return self.capacity is not None and 0 < self.load >= FULL * self.capacity


@dataclass(frozen=True)
class KnownDate:
    """On a timeline: an initiative with what is known of its dates and money; nothing invented."""

    initiative: str
    start: date | None
    finish: date | None
    original_finish: date | None
    amount: float | None
    original_amount: float | None
    status: str | None


@dataclass(frozen=True)
class Roadmap:
    """The plan.

    Attributes
    ----------
    kind : str
        "optimised" (chosen within limits), "timeline" (nothing to optimise: known dates and money
        only), or "infeasible" (what is fixed collides; ``conflicts`` names it).
    gap : float or None
        Proven relative gap (0–1): no plan within these limits scores more than this much higher; 1 says
        only that nothing less is proven.
    why_timeline : tuple of str
        What is absent, as nouns ("goals", "a yearly budget"), when kind is "timeline".
    unlimited : tuple of str
        Roles that initiatives need but for which no capacity is recorded, so that they set no limit.
    questions : tuple of str
        What to ask the client so that a ranking becomes possible.
    conflicts : tuple of str
        When infeasible: the fixed work and the limits that collide.
    commitments : int
        How many open initiatives are under way, mandatory or decided.
    uncounted : tuple of str
        Those of them whose cost, duration or start is not known: what they take is in no figure of the plan.
    running_after : RunningAfter or None
        What the planned work costs to run each year once all of it is finished; None without a plan.
    notes, money_notes, people_notes : tuple of str
        What was assumed for want of input, as sentences: of the choice, of its money, of its people.
    rankings : tuple of Ranking
        What the rankings that people usually make would give within the same limits.
    worth : tuple of Worth
        Payback and net present value of the scheduled work whose figures are known.
    explained : Explained or None
        What was found by solving again; None where that was not asked for, or takes too long.
    closed : dict
        The share of each goal's distance that the plan's work closes by the goal's date; over 1: past its whole distance.
    method : int
        The method of counting value that ``value`` and those of initiatives follow; plans of two methods are on two scales.
    """

    kind: Literal["optimised", "timeline", "infeasible"]
    start: Quarter
    quarters: int
    scheduled: tuple[Scheduled, ...] = ()
    deferred: tuple[Deferred, ...] = ()
    unscheduled: tuple[Unscheduled, ...] = ()
    years: tuple[YearMoney, ...] = ()
    loads: tuple[RoleLoad, ...] = ()
    timeline: tuple[KnownDate, ...] = ()
    gap: float | None = None
    value: float | None = None
    unlimited: tuple[str, ...] = ()
    why_timeline: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    commitments: int = 0
    uncounted: tuple[str, ...] = ()
    running_after: RunningAfter | None = None
    notes: tuple[str, ...] = ()
    money_notes: tuple[str, ...] = ()
    people_notes: tuple[str, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    worth: tuple[Worth, ...] = ()
    explained: Explained | None = None
    closed: Mapping[str, float] = field(default_factory=dict)
    method: int = 1

    @property
    def assumptions(self) -> tuple[str, ...]:
        """All that was assumed."""
        return (*self.notes, *self.money_notes, *self.people_notes)

    @property
    def end(self) -> Quarter:
        """The last quarter planned."""
        return self.start.plus(self.quarters - 1)


def tidied(value: Any) -> Any:
    """Return a roadmap, or any part of one, without the traces of binary arithmetic, to nine decimals."""
    if isinstance(value, float):
        return tidy(value, 9) if math.isfinite(value) else value
    if isinstance(value, tuple):
        return tuple(map(tidied, value))
    if isinstance(value, dict):
        return {key: tidied(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, (type, Quarter)):
        return replace(value, **{each.name: tidied(getattr(value, each.name)) for each in fields(value)})
    return value


def how_good(gap: float) -> str:
    """Say as a clause what a proven gap (0–1) means; its figure is a bound, and so rounded up."""
    if gap >= 1:
        return "how much better a plan could be is not proven yet"
    if gap <= PROVEN:
        return "no plan within these limits scores higher on the values you set"
    more = math.ceil(gap * 1000 - 1e-9) / 10
    return f"no plan within these limits scores more than {fixed(more, 1)} % higher on the values you set"
