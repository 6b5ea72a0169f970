"""What solving again says about a plan: how firm it is, what would change it, and what it does better."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from toolkit.client.calendar import Quarter


@dataclass(frozen=True)
class Change:
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
        Accrued value lost; negative where the approved plan earns more, which only spending in a year
        without a budget allows.
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
class Grid:
    """The changes tried, each by itself: amounts added to each year's budget, FTE added to each role."""

    budget: tuple[float, ...] = ()
    running: tuple[float, ...] = ()
    capacity: tuple[float, ...] = ()


@dataclass(frozen=True)
class BudgetStep:
    """The plan with every budget changed by a share (−0.3: 30 % less), beside the plan as it is.

    ``value`` and ``money`` (spent within the plan's quarters) are None where what is fixed no longer fits.
    """

    share: float
    value: float | None
    money: float | None
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()


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
class Worth:
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
class Explained:
    """What was found by solving again.

    Attributes
    ----------
    weightings : int
        How many other ways to value the work were tried; 0: there is nothing to choose.
    kept : dict
        For each initiative that was chosen or is below the line, in how many of these it is in the plan.
    grid : Grid
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
    grid: Grid
    changes: dict[str, tuple[Change, ...]]
    displaced: dict[str, Displaced]
    budgets: tuple[BudgetStep, ...]
    tried: tuple[str, ...] = ()
    draws: dict[str, int] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()

    def firm(self, initiative: str) -> bool:
        """Whether an initiative that was chosen stays in the plan in every way tried; no, where none was."""
        return bool(self.weightings) and self.kept.get(initiative) == self.weightings
