"""What leaves the planning: one frozen roadmap, solved and explained or, where nothing can be optimised, a timeline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter

from toolkit.client.calendar import Quarter
from toolkit.method import PROVEN
from toolkit.words import fixed, tidy


@dataclass(frozen=True)
class RaisedLimit:
    """One limit raised, all else as it is.

    ``amount`` is money added to the budget of ``year`` ("budget"; to its running costs where these are
    kept apart: "running"), or FTE added to ``role`` in every quarter ("capacity"). ``leave`` names, where the
    change brings an initiative in, what the plan then leaves out.
    """

    kind: Literal["budget", "running", "capacity"]
    amount: float
    year: int | None = None
    role: str = ""
    leave: tuple[str, ...] = ()


@dataclass(frozen=True)
class Displaced:
    """The plan that approving one initiative would give, beside the plan as it is.

    Attributes
    ----------
    leave, enter, later : tuple of str
        Initiatives that go, that come in besides the one approved, and that end later; in order of id.
    value : float
        Accrued value lost; never negative, since a year without a budget stays closed to the one approved.
    money : float
        More money spent within the plan's quarters, capital and running costs; negative: less.
    too_late : bool
        Whether the one approved has value, but finds room only where it earns none by the plan's end.
    """

    leave: tuple[str, ...]
    enter: tuple[str, ...]
    later: tuple[str, ...]
    value: float
    money: float
    too_late: bool = False


@dataclass(frozen=True)
class TriedChanges:
    """The changes tried, each by itself: amounts added to each year's budget, FTE added to each role."""

    budget: tuple[float, ...] = ()
    running: tuple[float, ...] = ()
    capacity: tuple[float, ...] = ()


@dataclass(frozen=True)
class BudgetStep:
    """The plan with every budget changed by a share (−0.3: 30 % less), beside the plan as it is.

    ``value`` and ``money`` (spent within the plan's quarters) are None where what is fixed no longer fits; ``earlier`` is
    what is in both and begins earlier than in the plan as it is.
    """

    share: float
    value: float | None
    money: float | None
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """What going down a ranked list gives: each initiative as early as it fits, if it still fits.

    ``initiatives`` are those that it takes, in order of the list; ``money`` is what it spends within
    the plan's quarters.
    """

    by: Literal["value per cost", "leadership"]
    initiatives: tuple[str, ...]
    value: float
    money: float


@dataclass(frozen=True)
class Payback:
    """What a scheduled initiative pays back, where its benefit and running cost are known.

    ``payback`` is the quarter by whose end its benefits, less running costs, have paid its capital; None:
    not within five years of its completion. ``npv`` is its net present value over these five years, at
    the plan's start; None where the client's discount rate is not known. ``because`` says, where it is
    worth less than nothing, why it is planned all the same; without a rate, where it is never paid back.
    """

    initiative: str
    payback: Quarter | None
    npv: float | None
    because: str = ""


@dataclass(frozen=True)
class Sensitivity:
    """What was found by solving again.

    Attributes
    ----------
    weightings : int
        How many other ways to value the work were tried; 0: there is nothing to choose.
    kept : dict
        For each initiative that was chosen or is below the line, in how many of these it is in the plan.
    grid : TriedChanges
        The single changes tried.
    changes : dict
        For an initiative below the line, the least single change of money and the least of people that
        brings it in.
    tried : tuple of str
        The initiatives below the line for which changes and forcing in were tried: those that limits or
        other work keep out.
    displaced : dict
        For an initiative below the line, what approving it would change; absent where no plan holds it.
    draws : dict
        How many of the ways tried weigh the goals otherwise ("goals"), the risks otherwise ("risks"), take the other
        scale of contributions ("scale"), or let value accrue longer ("horizon").
    chosen : tuple of str
        The initiatives of the plan that could have been left out: neither fixed nor needed by what is.
    """

    weightings: int
    kept: dict[str, int]
    grid: TriedChanges
    changes: dict[str, tuple[RaisedLimit, ...]]
    displaced: dict[str, Displaced]
    budgets: tuple[BudgetStep, ...]
    tried: tuple[str, ...] = ()
    draws: dict[str, int] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()

    def firm(self, initiative: str) -> bool:
        """Whether an initiative that was chosen stays in the plan in every way tried; no, where none was."""
        return bool(self.weightings) and self.kept.get(initiative) == self.weightings


# The share of a role's capacity from which on it counts as fully used.
FULL = 0.95

Holds = Literal["all", "capital", "running"]
Binding = Literal[
    "budget",
    "capacity",
    "dependency",
    "date",
    "late",
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
    ``held`` says, as a clause without subject, that leadership deferred it until a quarter of the plan, else "".
    ``capex`` includes contingency.
    """

    initiative: str
    start: Quarter
    finish: Quarter
    value: float
    accrued: float
    capex: float
    fixed: str = ""
    held: str = ""


@dataclass(frozen=True)
class Deferred:
    """An initiative below the line, what it would add to the plan's value (0–1), and what keeps it there.

    ``late_because`` says of a risk that it settles, by id, what keeps it from doing so by the risk's date, where it could earn
    something after that date, so that ``because`` may be about then.
    """

    initiative: str
    value: float
    capex: float
    binding: Binding
    because: str
    late_because: Mapping[str, str] = field(default_factory=dict)

    def leaves_open(self, risk: str) -> str:
        """Say what keeps it from settling a risk."""
        return self.late_because.get(risk, self.because)


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
    worth : tuple of Payback
        Payback and net present value of the scheduled work whose figures are known.
    explained : Sensitivity or None
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
    worth: tuple[Payback, ...] = ()
    explained: Sensitivity | None = None
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

    def percent_of_value(self, value: float) -> float:
        """Return a value in per cent of the plan's, to four decimals: values are held to nine, so that no more are sure."""
        return tidy(100 * value / self.value, 4) if self.value else 0.0


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
        return "no other plan within these limits is worth more by leadership’s weights"
    more = math.ceil(gap * 1000 - 1e-9) / 10
    return f"no other plan within these limits is worth over {fixed(more, 1)} % more by leadership’s weights"


# Where publish leaves the plan it solved, in the private copy of a client's folder that notebooks see.
PLAN_FILE = "draft/plan.json"
_ROADMAP = TypeAdapter(Roadmap)


def to_json(roadmap: Roadmap) -> str:
    """Return a roadmap as JSON: the same roadmap, the same text."""
    return _ROADMAP.dump_json(roadmap, indent=1).decode() + "\n"


def from_json(text: str) -> Roadmap:
    """Return the roadmap that :func:`to_json` wrote; pydantic's ValidationError for anything else."""
    return _ROADMAP.validate_json(text)
