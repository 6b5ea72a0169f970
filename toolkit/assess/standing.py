"""What leadership has decided by a round: which work is set aside, which risk is accepted, when work can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from toolkit.client.calendar import Quarter
from toolkit.client.models import Decision, Initiative, Pin, Scenario
from toolkit.client.record import Record


@dataclass(frozen=True)
class Standing:
    """The decisions that stand on a day, with the pins of the scenario that the plan follows in their place.

    Parameters
    ----------
    as_of : date
        The round's day; decisions of later rounds are not looked at.
    """

    record: Record
    as_of: date

    @cached_property
    def decisions(self) -> dict[str, Decision]:
        """The last decision on each initiative or recommendation."""
        made = [d for d in self.record.decisions if d.round in self._rounds and d.decision != "accept risk"]
        return {d.subject: d for d in sorted(made, key=lambda d: (self._rounds[d.round], d.date, d.id))}

    @cached_property
    def accepted(self) -> frozenset[str]:
        """The risks that leadership has accepted."""
        made = (d for d in self.record.decisions if d.round in self._rounds)
        return frozenset(d.subject for d in made if d.decision == "accept risk")

    @cached_property
    def pins(self) -> dict[str, Pin]:
        """The pins of the scenario that the plan follows, by initiative."""
        return {pin.initiative: pin for pin in self._scenario.pins} if self._scenario else {}

    @cached_property
    def rejected(self) -> dict[str, str]:
        """What leadership has rejected, or the scenario keeps out: each initiative, with that as a clause."""
        out = {id: "was rejected by leadership" for id, d in self._unpinned.items() if d.decision == "reject"}
        if self._scenario:
            kept_out = f"is kept out by the scenario “{self._scenario.name}”"
            out |= {id: kept_out for id, pin in self.pins.items() if pin.place == "out"}
        return out

    @cached_property
    def set_aside(self) -> dict[str, str]:
        """What is rejected, or deferred to no stated quarter: each initiative, with that as a clause."""
        deferred = (id for id, d in self._unpinned.items() if d.decision == "defer" and d.quarter is None)
        return dict.fromkeys(deferred, "was deferred by leadership") | self.rejected

    @property
    def going_ahead(self) -> list[Initiative]:
        """The initiatives that are neither done, stopped nor rejected."""
        return [one for one in self.record.initiatives if one.is_open and one.id not in self.rejected]

    def earliest_end(self, one: Initiative) -> date | None:
        """Return when open work ends at the earliest, within any plan; None where that is not known.

        Of work under way the recorded date counts, else its start and duration. Other work ends as its duration
        and the first quarter it may start in allow; the date recorded for it counts where it has no duration.
        """
        fiscal = self.record.facts.profile.fiscal
        begin = one.start if one.status == "in progress" else self._first_start(one)
        if one.duration is None or begin is None or (one.status == "in progress" and one.finish):
            return one.finish
        return begin.plus(one.duration - 1).last_day(fiscal)

    def _first_start(self, one: Initiative) -> Quarter:
        fiscal = self.record.facts.profile.fiscal
        now = Quarter.of(self.as_of, fiscal)
        plan = self.record.facts.planning.start or (
            now if now.first_day(fiscal) >= self.as_of else now.plus(1)
        )
        pin, decision = self.pins.get(one.id), self._unpinned.get(one.id)
        dates = [
            plan,
            one.earliest_start,
            pin.quarter if pin else None,
            decision.quarter if decision else None,
        ]
        return max(quarter for quarter in dates if quarter)

    @cached_property
    def _unpinned(self) -> dict[str, Decision]:
        return {id: d for id, d in self.decisions.items() if id not in self.pins}

    @cached_property
    def _rounds(self) -> dict[str, int]:
        return {one.id: n for n, one in enumerate(self.record.rounds) if one.as_of <= self.as_of}

    @cached_property
    def _scenario(self) -> Scenario | None:
        scenario = self.record.followed
        return scenario if scenario and scenario.round in self._rounds else None
