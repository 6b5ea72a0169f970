"""What leadership has answered to what it was asked, whether that still stands, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from toolkit.assess.commitments import Standing, cost_since, costs_other
from toolkit.client.record import Record
from toolkit.client.schema import Decision
from toolkit.words import day, quoted

_DONE = {"approve": "approved", "defer": "deferred", "reject": "rejected", "accept risk": "accepted as a risk", "pin": "pinned"}  # fmt: skip


@dataclass(frozen=True)
class LeadershipAnswers:
    """The answers on record on a round's day.

    Parameters
    ----------
    as_of : date
        The round's day; answers of later rounds are not looked at.
    """

    record: Record
    as_of: date

    @cached_property
    def _last(self) -> dict[str, tuple[Decision, ...]]:
        """The last answer to each ask: all its decisions of one day."""
        order = {one.id: at for at, one in enumerate(self.record.rounds) if one.as_of <= self.as_of}
        made = [d for d in self.record.decisions if d.ask and d.round in order]
        out: dict[str, tuple[Decision, ...]] = {}
        for d in sorted(made, key=lambda d: (order[d.round], d.date, d.id)):
            before = out.get(str(d.ask), ())
            same = bool(before) and (before[0].round, before[0].date) == (d.round, d.date)
            out[str(d.ask)] = (*before, d) if same else (d,)
        return out

    @cached_property
    def _of_work(self) -> dict[str, Decision]:
        """The decision that stands for each initiative, where it answers an ask and no pin stands over it."""
        standing = Standing(self.record, self.as_of)
        return {i: d for i, d in standing.decisions.items() if d.ask and i not in standing.pins}

    def stands(self, ask: str, costs: float | None = None) -> bool:
        """Whether an ask is answered, and nothing that the answer rests on has changed.

        ``costs`` is what the ask itself costs now, where no initiative carries it.
        """
        last = self._last.get(ask, ())
        return bool(last) and not any(self._changed(d, costs) for d in last)

    def told(self, ask: str, costs: float | None = None) -> str:
        """Say how an ask was answered and what has changed since; "" where it never was."""
        last = self._last.get(ask, ())
        changed = next((text for d in last if (text := self._changed(d, costs))), "")
        if not last or changed:
            return changed
        return f"{_DONE[last[0].decision].capitalize()} on {day(last[0].date)}, and still open."

    def how(self, ask: str) -> str:
        """Say as a clause how an ask was answered, where that stands: "approved on 12 November 2025"; else ""."""
        if not self.stands(ask):
            return ""
        last = self._last[ask][0]
        until = f" until {last.quarter}" if last.decision == "defer" and last.quarter else ""
        return f"{_DONE[last.decision]} on {day(last.date)}{until}"

    def stands_for(self, initiative: str) -> bool:
        """Whether the answer about an initiative stands: approved at the cost that it has, or deferred for now."""
        d = self._of_work.get(initiative)
        return d is not None and d.decision in ("approve", "defer") and not self._changed(d)

    def told_of(self, initiative: str) -> str:
        """Say what has changed since an initiative was answered; "" where nothing has."""
        d = self._of_work.get(initiative)
        return self._changed(d) if d else ""

    def _changed(self, d: Decision, costs: float | None = None) -> str:
        """Say why a decision has to be taken again: its quarter has come, or the work costs something else."""
        one = next((one for one in self.record.initiatives if one.id == d.subject), None)
        name = quoted(one.short or one.name, 60) if one else "It"
        done = f"{name} was {_DONE[d.decision]}"
        fiscal = self.record.facts.profile.fiscal
        if d.decision == "defer" and d.quarter and d.quarter.first_day(fiscal) <= self.as_of:
            return f"{done} on {day(d.date)} until {d.quarter}, which has come."
        currency = self.record.facts.profile.currency
        other = cost_since(d, one, currency) if one or not costs else costs_other(d.amount, costs, currency)
        return f"{done} on {day(d.date)}; {other}." if other else ""
