"""The planning problem: candidates with their costs and people, what finishing them earns, and the limits they share.

Of a record and a round it is made by :func:`planning_case`, as of that round and under the scenario that its plan follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from toolkit.client.calendar import Quarter
from toolkit.client.known import known_on
from toolkit.client.record import Record
from toolkit.client.schema import Budget, Decision, Initiative, Round, Scenario
from toolkit.method import CONTRIBUTIONS
from toolkit.plan.roadmap import Holds
from toolkit.plan.scenario import Pinned, followed, proposed
from toolkit.plan.value import Credit, goal_credits, risk_credits
from toolkit.words import day, joined


@dataclass(frozen=True)
class Purse:
    """Money of one fiscal year for capital, for running costs, or for all; ``limit`` None: only fixed work may spend."""

    year: int
    holds: Holds
    limit: float | None


@dataclass(frozen=True)
class Candidate:
    """An initiative as the solver sees it.

    Attributes
    ----------
    goals : dict
        What it is worth to each goal, if it ends in time.
    settles : tuple of str
        The problem's risks that it settles.
    starts : tuple of int
        Allowed start quarters, counted from the horizon's first (negative: began before it).
    payments : tuple of float
        Capital in each quarter of work, contingency included.
    opex : float
        Running cost a quarter after completion.
    fixed : str
        Why it must be in; empty when it may be chosen.
    needs : tuple of str
        Candidates that must finish first.
    """

    id: str
    goals: Mapping[str, Credit]
    starts: tuple[int, ...]
    payments: tuple[float, ...]
    opex: float = 0.0
    people: Mapping[str, float] = field(default_factory=dict)
    fixed: str = ""
    needs: tuple[str, ...] = ()
    alternative: str = ""
    settles: tuple[str, ...] = ()

    @property
    def duration(self) -> int:
        """Quarters of work."""
        return len(self.payments)

    def cost(self, start: int, quarter: int) -> float:
        """Money in one quarter when it starts in ``start``: capital while it runs, running cost after."""
        return self.capital(start, quarter) + self.running(start, quarter)

    def capital(self, start: int, quarter: int) -> float:
        """Capital in one quarter when it starts in ``start``."""
        elapsed = quarter - start
        return self.payments[elapsed] if 0 <= elapsed < self.duration else 0.0

    def running(self, start: int, quarter: int) -> float:
        """Running cost in one quarter when it starts in ``start``."""
        return self.opex if quarter - start >= self.duration else 0.0

    def taken(self, holds: Holds, start: int, quarter: int) -> float:
        """Money in one quarter from what holds capital, running costs or all."""
        return {"all": self.cost, "capital": self.capital, "running": self.running}[holds](start, quarter)

    def end(self, start: int) -> int:
        """Return the last quarter of work when it starts in ``start``."""
        return start + self.duration - 1

    def served(self, start: int) -> float:
        """Return what it is worth to the goals, started in ``start``."""
        return sum(goal.at(self.end(start)) for goal in self.goals.values())


@dataclass(frozen=True)
class Problem:
    """Candidates and limits over ``quarters`` fiscal quarters from ``start``.

    ``money`` maps a fiscal year to what may be spent in it (None: only fixed work may spend); in a year
    that ``running`` names, that is for capital alone, and ``running`` holds what running costs may take;
    ``people`` maps a role to its capacity in each quarter, in FTE (None: not known, no limit).
    ``risks`` maps a risk to what settling it in time is worth, once: to the first that does. Value accrues
    for ``beyond`` quarters after the horizon's end; limits and work do not reach beyond it.
    Candidates stand in order of id, so that the same input in any order is the same problem.
    """

    start: Quarter
    quarters: int
    candidates: tuple[Candidate, ...]
    money: Mapping[int, float | None]
    people: Mapping[str, tuple[float | None, ...]]
    running: Mapping[int, float] = field(default_factory=dict)
    risks: Mapping[str, Credit] = field(default_factory=dict)
    beyond: int = 0

    def __hash__(self) -> int:
        # Mappings within have no hash of their own.
        return hash(repr(self))

    @cached_property
    def years(self) -> dict[int, list[int]]:
        """The horizon's fiscal years, each with its quarters within the horizon."""
        out: dict[int, list[int]] = {}
        for t in range(self.quarters):
            out.setdefault(self.start.plus(t).year, []).append(t)
        return out

    def quarters_of(self, year: int) -> list[int]:
        """Return the horizon's quarters that lie in a fiscal year."""
        return self.years.get(year, [])

    @cached_property
    def purses(self) -> tuple[Purse, ...]:
        """Every limit on money, in order of year."""
        out = [
            Purse(year, "capital" if year in self.running else "all", limit)
            for year, limit in self.money.items()
        ]
        out += [Purse(year, "running", limit) for year, limit in self.running.items()]
        return tuple(sorted(out, key=lambda purse: (purse.year, purse.holds)))

    def drawn(self, candidate: Candidate, start: int, purse: Purse) -> float:
        """Money a candidate takes from a purse."""
        return sum(candidate.taken(purse.holds, start, t) for t in self.quarters_of(purse.year))

    def within_budgets(self, candidate: Candidate) -> Candidate:
        """Return a candidate that may only start where it spends nothing in a year without a budget."""
        without = [purse for purse in self.purses if purse.limit is None]
        free = (s for s in candidate.starts if not any(self.drawn(candidate, s, purse) for purse in without))
        return replace(candidate, starts=tuple(free))

    def remaining(self, candidate: Candidate, start: int) -> float:
        """Return the share of the time in which value accrues that is left once work is finished: (T − finish) / T."""
        time = self.quarters + self.beyond
        return max(time - max(candidate.end(start) + 1, 0), 0) / time

    def settled(self, candidate: Candidate, start: int) -> dict[str, float]:
        """Return what each risk that a candidate settles in time is worth, if it is the first to do so."""
        end = candidate.end(start)
        return {r: worth for r in candidate.settles if r in self.risks and (worth := self.risks[r].at(end))}

    def worth(self, candidate: Candidate, start: int | None = None) -> float:
        """Return what work is worth by itself when it starts in ``start``; at most, when left out."""
        if start is None:
            start = min(candidate.starts, default=0)
        return candidate.served(start) + sum(self.settled(candidate, start).values())

    def alone(self, candidate: Candidate, start: int) -> float:
        """Return the value that work accrues by itself."""
        return self.worth(candidate, start) * self.remaining(candidate, start)

    def credited(self, starts: Mapping[str, int]) -> dict[str, float]:
        """Return the value of each chosen candidate within a plan: the goals that it serves in time, and its risks.

        A risk is credited once: to the first that settles it, of two that end together to the first in order of id.
        """
        chosen = [c for c in self.candidates if c.id in starts]
        first: dict[str, str] = {}
        for c in sorted(chosen, key=lambda c: (c.end(starts[c.id]), c.id)):
            for risk in self.settled(c, starts[c.id]):
                first.setdefault(risk, c.id)
        return {
            c.id: c.served(starts[c.id])
            + sum(worth for risk, worth in self.settled(c, starts[c.id]).items() if first[risk] == c.id)
            for c in chosen
        }

    def accrued(self, starts: Mapping[str, int]) -> float:
        """Return the value that a plan, as the start of each chosen candidate, earns: Σ v · (T − finish) / T (METHOD §6)."""
        value = self.credited(starts)
        return sum(value[c.id] * self.remaining(c, starts[c.id]) for c in self.candidates if c.id in starts)

    def added(self, starts: Mapping[str, int], candidate: Candidate, start: int) -> float:
        """Return the accrued value that one candidate more adds to a plan, or would if it stood nowhere in it yet."""
        left = self.remaining(candidate, start)
        out = candidate.served(start) * left
        for risk, worth in self.settled(candidate, start).items():
            before = max(
                (
                    self.risks[risk].at(c.end(starts[c.id])) * self.remaining(c, starts[c.id])
                    for c in self.settlers[risk]
                    if c.id in starts and c.id != candidate.id
                ),
                default=0.0,
            )
            out += max(worth * left - before, 0.0)
        return out

    @cached_property
    def settlers(self) -> dict[str, tuple[Candidate, ...]]:
        """The candidates that settle each risk."""
        return {r: tuple(c for c in self.candidates if r in c.settles) for r in self.risks}

    def spent(self, starts: Mapping[str, int]) -> float:
        """Money that a plan spends within the horizon, on capital and running costs."""
        chosen = (one for one in self.candidates if one.id in starts)
        return sum(one.cost(starts[one.id], t) for one in chosen for t in range(self.quarters))


def first_quarter(record: Record, as_of: date) -> Quarter:
    """Return the first quarter to plan: as recorded, else the first that begins on or after ``as_of``."""
    planning = record.facts.planning
    if planning.start:
        return planning.start
    fiscal = record.facts.profile.fiscal
    quarter = Quarter.of(as_of, fiscal)
    return quarter if quarter.first_day(fiscal) >= as_of else quarter.plus(1)


def standing(record: Record, one: Round) -> tuple[Decision, ...]:
    """Return the decision that stands for each subject in a round: its last, of that round or one before.

    Accepting a risk says nothing about work, so it replaces no other decision.
    """
    rounds = [other.id for other in record.rounds]
    order = {other: i for i, other in enumerate(rounds[: rounds.index(one.id) + 1])}
    made = [d for d in record.decisions if d.round in order and d.decision != "accept risk"]
    latest = {d.subject: d for d in sorted(made, key=lambda d: (order[d.round], d.date, d.id))}
    return tuple(latest[subject] for subject in sorted(latest))


def duration(record: Record, one: Initiative) -> int | None:
    """Return an initiative's quarters of work; None where they are not known."""
    return one.quarters(record.facts.profile.fiscal)


def unknowns(record: Record, one: Initiative) -> tuple[str, ...]:
    """Name what must be known before an initiative can be scheduled and is not."""
    needed = (("cost", one.capex), ("duration", duration(record, one)))
    out = [name for name, value in needed if value is None]
    return (*out, "start") if one.status == "in progress" and one.start is None else tuple(out)


def turned_down(record: Record) -> dict[str, Decision]:
    """Return the decisions that keep an initiative out: rejected, or deferred to no stated quarter."""
    out = ("reject", "defer")
    return {
        d.subject: d
        for d in record.decisions
        if d.decision in out and not (d.decision == "defer" and d.quarter)
    }


def deferral(record: Record, initiative: str) -> Decision | None:
    """Return the decision that keeps work from beginning before a stated quarter; ``record`` holds one a subject."""
    found = (d for d in record.decisions if d.subject == initiative)
    return next((d for d in found if d.decision == "defer" and d.quarter), None)


def held_back(record: Record, initiative: str, start: Quarter) -> str:
    """Say as a clause without subject that leadership deferred work past a plan's first quarter; "" where it did not."""
    decision = deferral(record, initiative)
    if decision is None or decision.quarter is None or decision.quarter <= start:
        return ""
    return f"deferred by leadership on {day(decision.date)} until {decision.quarter}"


def finish(record: Record, one: Initiative) -> Quarter | None:
    """Return when work in progress ends; None when that is not known."""
    quarters = duration(record, one)
    if one.status != "in progress" or one.start is None or quarters is None:
        return None
    return one.start.plus(quarters - 1)


def alternative_taken(record: Record, one: Initiative) -> Initiative | None:
    """Return an alternative to an initiative that is done, or under way at a cost not known, if there is one."""
    out = turned_down(record)
    for other in sorted(record.initiatives, key=lambda other: other.id):
        under_way = other.status == "in progress" and bool(unknowns(record, other)) and other.id not in out
        same = one.alternative_group is not None and other.alternative_group == one.alternative_group
        if same and other.id != one.id and (other.status == "done" or under_way):
            return other
    return None


def candidate(
    record: Record, one: Initiative, start: Quarter, quarters: int, goals: Mapping[str, Credit] | None = None
) -> Candidate:
    """Describe a known initiative for the solver; ``record`` holds the decisions that stand, one a subject.

    ``goals`` says what it is worth to each goal; where only dates, money and people are asked for, it is left out.
    """
    money = one.capital or 0.0
    length = duration(record, one) or len(one.capex_profile) or 1
    # A profile made for another duration than running work now has says nothing of its quarters.
    shares = one.capex_profile if len(one.capex_profile) == length else (1.0,) * length
    total = sum(shares) or 1.0
    decision = next((d for d in record.decisions if d.subject == one.id), None)
    under_way = one.status == "in progress" and one.start is not None
    return Candidate(
        id=one.id,
        goals=goals or {},
        starts=_starts(record, one, decision, start, quarters),
        payments=tuple(money * share / total for share in shares),
        opex=(one.opex or 0.0) / 4,
        people=dict(sorted(one.fte.items())),
        fixed=fixed_by(one, decision),
        needs=()
        if under_way
        else tuple(other.id for other in _unfinished(record, one) if not _ends_alone(record, other)),
        alternative=one.alternative_group or "",
        settles=tuple(sorted(set(one.settles))),
    )


def _starts(
    record: Record, one: Initiative, decision: Decision | None, start: Quarter, quarters: int
) -> tuple[int, ...]:
    """Return when it may start: where it did, where a decision puts it, or within its dates and the horizon."""
    if one.status == "in progress" and one.start is not None:
        return (one.start.index - start.index,)
    if alternative_taken(record, one):
        return ()
    dates = [one.earliest_start] if one.earliest_start else []
    dates += [decision.quarter] if decision and decision.decision == "defer" and decision.quarter else []
    dates += [end.plus(1) for other in _unfinished(record, one) if (end := _ends_alone(record, other))]
    earliest = max([0, *(day.index - start.index for day in dates)])
    last = min(quarters, one.deadline.index - start.index + 1 if one.deadline else quarters) - (
        one.duration or 1
    )
    allowed = range(earliest, last + 1)
    if decision and decision.decision in ("approve", "pin") and decision.quarter:
        pinned = decision.quarter.index - start.index
        return (pinned,) if pinned in allowed else ()
    return tuple(allowed)


def fixed_by(one: Initiative, decision: Decision | None) -> str:
    """Say why an initiative must be in, given the decision that stands for it; "" where it may be chosen."""
    if one.status == "in progress":
        return "in progress"
    if one.mandatory:
        return "mandatory"
    if decision is None or decision.decision not in ("approve", "pin"):
        return ""
    return "pinned" if isinstance(decision, Pinned) else "decided"


def _unfinished(record: Record, one: Initiative) -> list[Initiative]:
    return [other for other in sorted(record.initiatives, key=lambda other: other.id)
            if other.id in one.depends_on and other.status != "done"]  # fmt: skip


def _ends_alone(record: Record, other: Initiative) -> Quarter | None:
    """Return when work under way that is no candidate, for want of its cost, ends all the same."""
    return finish(record, other) if unknowns(record, other) and other.id not in turned_down(record) else None


def budgets(record: Record, start: Quarter) -> dict[int, Budget]:
    """Return the budgets of the years that the horizon asked for touches, by year."""
    years = {start.plus(t).year for t in range(record.facts.planning.quarters)}
    return {one.year: one for one in sorted(record.facts.budget, key=lambda b: b.year) if one.year in years}


def horizon(record: Record, start: Quarter) -> int:
    """Return how many quarters can be planned: no further than the last year with a budget."""
    asked, known = record.facts.planning.quarters, budgets(record, start)
    return min(asked, Quarter(max(known), 4).index - start.index + 1) if known else asked


def absent(record: Record, start: Quarter) -> tuple[str, ...]:
    """Name what is lacking for a ranking: something to serve, a limit to choose within, and work that is known."""
    facts = record.facts
    live = [one for one in record.initiatives if one.is_open]
    out = [] if live else ["open initiatives"]
    if not facts.goals and not any(risk.severity for risk in facts.risks):
        out.append("goals")
    if not budgets(record, start) and not facts.capacity:
        out.append("a yearly budget")
    if out:
        return tuple(out)
    missing = [unknowns(record, one) for one in live]
    return (f"the {joined(all_of(missing))} of the work",) if all(missing) else ()


def all_of(missing: Iterable[tuple[str, ...]]) -> list[str]:
    """Return what any of some work lacks, in the order in which it is asked for."""
    lacking = {one for each in missing for one in each}
    return [name for name in ("cost", "duration", "start") if name in lacking]


@dataclass(frozen=True)
class PlanningCase:
    """What is to be planned.

    Attributes
    ----------
    record : Record
        The record under the scenario that its plan follows, if any, with one decision a subject: the one that stands.
    scenario : Scenario or None
        That scenario.
    start : Quarter
        The plan's first quarter.
    lacking : tuple of str
        What there is not, and a ranking needs, as nouns; there is a problem where this is empty.
    """

    record: Record
    round: Round
    scenario: Scenario | None
    start: Quarter
    lacking: tuple[str, ...]

    @cached_property
    def problem(self) -> Problem:
        """What there is to choose from, and within which limits."""
        return problem_of(self.record, self.start)


def planning_case(record: Record, round_id: str = "") -> PlanningCase:
    """Return what is to be planned as of a round (empty: the latest); decisions of later rounds are not looked at.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    one = record.round(round_id)
    under = proposed(known_on(record, one.as_of), one)
    standing_now = replace(under, decisions=standing(under, one))
    start = first_quarter(standing_now, one.as_of)
    return PlanningCase(standing_now, one, followed(record, one), start, absent(standing_now, start))


def problem_of(
    record: Record, start: Quarter, contributions: Mapping[int, float] = CONTRIBUTIONS, beyond: int = 0
) -> Problem:
    """Return what there is to choose from, and within which limits.

    Parameters
    ----------
    contributions : dict
        The share of a goal's distance that each level of contribution closes.
    beyond : int
        Quarters after the horizon's end in which value goes on accruing.
    """
    quarters, out = horizon(record, start), turned_down(record)
    goals = goal_credits(record, start, contributions)
    money: dict[int, float | None] = {}
    known = budgets(record, start)
    if known:
        available = {year: one.amount * (1 - one.reserve) for year, one in known.items()}
        money = {year: available.get(year) for year in sorted({start.plus(t).year for t in range(quarters)})}
    everything = Problem(
        start,
        quarters,
        tuple(
            candidate(record, one, start, quarters, goals[one.id])
            for one in sorted(record.initiatives, key=lambda one: one.id)
            if one.is_open and not unknowns(record, one) and one.id not in out
        ),
        money,
        _capacity(record, start, quarters),
        {year: one.opex for year, one in known.items() if one.opex is not None and year in money},
        risk_credits(record, start, quarters),
        beyond,
    )
    return replace(everything, candidates=_useful(everything))


def _useful(problem: Problem) -> tuple[Candidate, ...]:
    """Return what is worth something or is fixed, with everything that such work needs first.

    What earns nothing is never chosen: leaving it out keeps "below the line" meaningful.
    """
    by_id = {c.id: c for c in problem.candidates}
    out: set[str] = set()
    todo = [c.id for c in problem.candidates if problem.worth(c) > 0 or c.fixed]
    while todo:
        one = todo.pop()
        if one not in out and one in by_id:
            out.add(one)
            todo += by_id[one].needs
    return tuple(c for c in problem.candidates if c.id in out)


def _capacity(record: Record, start: Quarter, quarters: int) -> dict[str, tuple[float | None, ...]]:
    """Return each recorded role's capacity by quarter: the latest entry that has begun; before any, unknown."""
    out = {}
    for role in sorted({one.role for one in record.facts.capacity}):
        entries = sorted(
            (one for one in record.facts.capacity if one.role == role),
            key=lambda one: one.quarter.index if one.quarter else -1,
        )
        out[role] = tuple(
            next(
                (e.fte for e in reversed(entries) if e.quarter is None or e.quarter.index <= start.index + t),
                None,
            )
            for t in range(quarters)
        )
    return out
