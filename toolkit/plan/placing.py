"""Where each initiative stands: above or below the line, not scheduled, done; one answer for every table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from toolkit.assess.wording import joined
from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.work import Initiative
from toolkit.plan.roadmap import Roadmap, Scheduled

Place = Literal["above the line", "below the line", "not scheduled", "not ranked", "done", "stopped"]


@dataclass(frozen=True)
class Work:
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


def placed(record: Record, roadmap: Roadmap) -> Iterator[Work]:
    """Yield each initiative once: above the line and below it by value, then not scheduled, then the rest by id."""
    by_id = {one.id: one for one in record.initiatives}
    risks = {risk.id: risk.name for risk in record.facts.risks}
    settles = {one.id: tuple(risks.get(risk, risk) for risk in one.settles) for one in record.initiatives}
    rest = dict(sorted(by_id.items()))
    for s in above_the_line(roadmap):
        one = rest.pop(s.initiative)
        yield Work(one, "above the line", s.start, s.finish, s.capex, settles[one.id], _why_in(one, s))
    for d in sorted(roadmap.deferred, key=lambda d: (-d.value, d.initiative)):
        one = rest.pop(d.initiative)
        yield Work(one, "below the line", None, None, d.capex, settles[one.id], d.because)
    for u in roadmap.unscheduled:
        one = rest.pop(u.initiative)
        because = f"its {joined(list(u.missing))} {'are' if len(u.missing) > 1 else 'is'} not known"
        yield Work(one, "not scheduled", None, None, one.capital, settles[one.id], because)
    for one in rest.values():
        place: Place = one.status if one.status in ("done", "stopped") else "not ranked"
        yield Work(one, place, one.start, one.finish, one.capital, settles[one.id])


def above_the_line(roadmap: Roadmap) -> list[Scheduled]:
    """Return what is planned, what is worth most first."""
    return sorted(roadmap.scheduled, key=lambda s: (-s.value, s.initiative))


def _why_in(one: Initiative, s: Scheduled) -> str:
    return f"mandatory: {one.mandatory}" if s.fixed == "mandatory" and one.mandatory else s.fixed
