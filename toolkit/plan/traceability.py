"""Where each initiative stands, and traceability both ways: goal, KPI, initiative, quarter, cost and owners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Goal, Initiative, Kpi
from toolkit.method import CONTRIBUTIONS
from toolkit.plan.roadmap import Roadmap, Scheduled
from toolkit.words import day, joined

Place = Literal["above the line", "below the line", "not scheduled", "not ranked", "done", "stopped"]


@dataclass(frozen=True)
class PlacedWork:
    """An initiative and its place in the plan.

    Attributes
    ----------
    start, finish : Quarter, date or None
        As planned above the line, both included; without a plan as recorded, where a finish is a date.
    capital : float or None
        In the client's currency; with contingency, and of work that is done or stopped as recorded.
    settles : tuple of str
        Names of the risks and deadlines that it settles.
    because : str
        Above the line, why it was not chosen freely; below, what keeps it there; of the rest, what must be
        known to schedule it; a clause, or empty.
    """

    initiative: Initiative
    place: Place
    start: Quarter | None = None
    finish: Quarter | date | None = None
    capital: float | None = None
    settles: tuple[str, ...] = ()
    because: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor stopped."""
        return self.initiative.is_open

    @property
    def unowned(self) -> tuple[str, ...]:
        """The sides on which nobody owns it: "the business", "IT"."""
        one = self.initiative
        sides = (("the business", one.owner_business), ("IT", one.owner_it))
        return tuple(side for side, owner in sides if not owner)


def placed(record: Record, roadmap: Roadmap) -> Iterator[PlacedWork]:
    """Yield each initiative once: above the line and below it by value, then not scheduled, then the rest by id."""
    by_id = {one.id: one for one in record.initiatives}
    risks = {risk.id: risk.name for risk in record.facts.risks}
    settles = {one.id: tuple(risks.get(risk, risk) for risk in one.settles) for one in record.initiatives}
    rest = dict(sorted(by_id.items()))
    for s in above_the_line(roadmap):
        one = rest.pop(s.initiative)
        yield PlacedWork(one, "above the line", s.start, s.finish, s.capex, settles[one.id], _why_in(one, s))
    for d in sorted(roadmap.deferred, key=lambda d: (-d.value, d.initiative)):
        one = rest.pop(d.initiative)
        yield PlacedWork(one, "below the line", None, None, d.capex, settles[one.id], d.because)
    for u in roadmap.unscheduled:
        one = rest.pop(u.initiative)
        because = f"its {joined(list(u.missing))} {'are' if len(u.missing) > 1 else 'is'} not known"
        yield PlacedWork(one, "not scheduled", None, None, one.capital, settles[one.id], because)
    for one in rest.values():
        place: Place = one.status if one.status in ("done", "stopped") else "not ranked"
        yield PlacedWork(one, place, one.start, one.finish, one.capital, settles[one.id])


def above_the_line(roadmap: Roadmap) -> list[Scheduled]:
    """Return what is planned, what is worth most first."""
    return sorted(roadmap.scheduled, key=lambda s: (-s.value, s.initiative))


def _why_in(one: Initiative, s: Scheduled) -> str:
    why = f"mandatory: {one.mandatory}" if s.fixed == "mandatory" and one.mandatory else s.fixed
    return "; ".join(filter(None, (why, s.held)))


def main_goal(record: Record, one: Initiative) -> str:
    """Return the goal an initiative serves most: by contribution times points, then by id; "" for none.

    Parameters
    ----------
    record : Record
        As the plan rests on it.
    """
    points = {goal.id: goal.weight for goal in record.facts.goals}
    served = [
        (CONTRIBUTIONS[level] * (1.0 if (weight := points.get(goal)) is None else weight), level, goal)
        for goal, level in one.goals.items()
        if level
    ]
    return min(served, key=lambda each: (-each[0], -each[1], each[2]))[2] if served else ""


_ORDER = {place: n for n, place in enumerate(get_args(Place))}


@dataclass(frozen=True)
class GoalLink:
    """A goal and an initiative that serves it; a goal or an initiative alone where it has no counterpart.

    ``level`` is the contribution, 1–3; 0 where one of the two is absent. ``late`` says whether the plan ends the
    work after the goal's date, so that it counts nothing for the goal.
    """

    goal: Goal | None
    kpi: Kpi | None
    work: PlacedWork | None
    level: int = 0
    late: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """What the record lacks on the way, as clauses; of work that is done or stopped nothing is missed."""
        return (*self._of_goal(), *self._of_work())

    def _of_goal(self) -> Iterator[str]:
        if self.goal is None:
            return
        if self.work is None:
            yield "no initiative serves the goal"
        if not self.goal.owner:
            yield "the goal has no owner"
        if self.kpi is None:
            yield "the goal has no measure"
            return
        if not self.kpi.owner_business:
            yield "the measure has no owner in the business"
        if not self.kpi.owner_it:
            yield "the measure has no owner in IT"
        figures = zip(("baseline", "target"), distance(self.goal, self.kpi), strict=True)
        if unknown := [name for name, value in figures if value is None]:
            yield f"the measure has no {joined(unknown, 'or')}"

    def _of_work(self) -> Iterator[str]:
        if self.work is None or not self.work.is_open:
            return
        if self.goal is None:
            yield "it serves no goal" + (", but settles a risk" if self.work.settles else "")
        for side in self.work.unowned:
            yield f"the initiative has no owner in {side}"
        if self.late and self.goal and self.goal.due:
            yield f"it ends after the goal’s date, {day(self.goal.due)}, and counts nothing for it"
        if self.level and not self.work.initiative.scored_by:
            yield "who scored the contribution is not known"
        if self.work.place == "not scheduled":
            yield self.work.because


@dataclass(frozen=True)
class Trace:
    """Every link, heaviest goal first and initiatives without a goal last; within a goal in the plan's order.

    ``planned`` says whether work was chosen, so that it can be above or below the line.
    """

    links: tuple[GoalLink, ...]
    planned: bool

    @property
    def goals(self) -> dict[str, tuple[GoalLink, ...]]:
        """Each goal's links, by its id."""
        ids = dict.fromkeys(link.goal.id for link in self.links if link.goal)
        return {id: tuple(link for link in self.links if link.goal and link.goal.id == id) for id in ids}

    @property
    def work(self) -> tuple[PlacedWork, ...]:
        """Each initiative once, in order of id."""
        by_id = {link.work.initiative.id: link.work for link in self.links if link.work}
        return tuple(by_id[id] for id in sorted(by_id))

    @property
    def never_served(self) -> tuple[Goal, ...]:
        """Goals that no initiative serves or has served."""
        return tuple(link.goal for link in self.links if link.goal and link.work is None)

    @property
    def no_longer_served(self) -> tuple[Goal, ...]:
        """Goals whose initiatives are all done or stopped."""
        return tuple(goal for goal, serving in self._served() if not any(one.is_open for one in serving))

    @property
    def outside_the_plan(self) -> tuple[Goal, ...]:
        """Goals with open work, none of it above the line; none where there is no plan."""
        return tuple(
            goal for goal, serving in self._served()
            if self.planned and any(one.is_open for one in serving)
            and not any(one.place == "above the line" for one in serving)
        )  # fmt: skip

    @property
    def out_of_time(self) -> tuple[Goal, ...]:
        """Goals whose work above the line all ends after their date."""
        planned = [
            [link for link in links if link.work and link.work.place == "above the line"]
            for links in self.goals.values()
        ]
        return tuple(
            links[0].goal for links in planned if links and links[0].goal and all(one.late for one in links)
        )

    @property
    def serving_nothing(self) -> tuple[PlacedWork, ...]:
        """Open initiatives that serve no goal and settle no risk."""
        return tuple(one for one in self._without_goal() if not one.settles)

    @property
    def settling_only(self) -> tuple[PlacedWork, ...]:
        """Open initiatives that serve no goal, but settle a risk."""
        return tuple(one for one in self._without_goal() if one.settles)

    @property
    def not_owned_on_both_sides(self) -> tuple[PlacedWork, ...]:
        """Open initiatives with an owner on one side only, or with none."""
        return tuple(one for one in self.work if one.is_open and one.unowned)

    def _served(self) -> Iterator[tuple[Goal, list[PlacedWork]]]:
        for links in self.goals.values():
            goal, serving = links[0].goal, [link.work for link in links if link.work]
            if goal and serving:
                yield goal, serving

    def _without_goal(self) -> Iterator[PlacedWork]:
        return (link.work for link in self.links if link.work and link.work.is_open and link.goal is None)


def traced(record: Record, roadmap: Roadmap) -> Trace:
    """Trace every goal to its initiatives and every initiative to its goals, as far as the record goes.

    Parameters
    ----------
    record : Record
        As the plan rests on it: the points of a scenario that it follows decide which goal is the heaviest.
    roadmap : Roadmap
        The plan made from it; a timeline or an infeasible one gives no quarters.
    """
    everything = sorted(
        placed(record, roadmap), key=lambda work: (_ORDER[work.place], _begins(work), work.initiative.id)
    )
    kpis = {kpi.id: kpi for kpi in record.facts.kpis}
    links: list[GoalLink] = []
    for goal in sorted(record.facts.goals, key=lambda goal: -(goal.weight or 0.0)):
        kpi = kpis.get(goal.kpi or "")
        serving = [(work, work.initiative.goals.get(goal.id, 0)) for work in everything]
        pairs = [
            GoalLink(goal, kpi, work, level, _late(record, goal, work)) for work, level in serving if level
        ]
        links += pairs or [GoalLink(goal, kpi, None)]
    reached = {link.work.initiative.id for link in links if link.work}
    links += [GoalLink(None, None, work) for work in everything if work.initiative.id not in reached]
    return Trace(tuple(links), roadmap.kind == "optimised")


def _late(record: Record, goal: Goal, work: PlacedWork) -> bool:
    """Whether the plan ends work after a goal's date."""
    if goal.due is None or work.place != "above the line" or not isinstance(work.finish, Quarter):
        return False
    return work.finish.last_day(record.facts.profile.fiscal) > goal.due


def distance(goal: Goal, kpi: Kpi | None) -> tuple[float | None, float | None]:
    """Return a goal's baseline and target in its KPI's unit: the KPI's own, else as the goal states them."""
    if kpi is None:
        return goal.baseline, goal.target
    baseline = goal.baseline if kpi.baseline is None else kpi.baseline
    return baseline, goal.target if kpi.target is None else kpi.target


def _begins(work: PlacedWork) -> int:
    """Order by the plan's quarters alone; what is only recorded, in order of id."""
    return work.start.index if work.start and work.place == "above the line" else 0
