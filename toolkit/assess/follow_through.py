"""Follow-through: what work under way and finished costs and when it ends, beside what was budgeted and first known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toolkit.client.record import Record
from toolkit.client.schema import Initiative

_PRESSING = ("red", "amber", None, "green")


@dataclass(frozen=True)
class FollowThrough:
    """One piece of work under way, or finished, against its budget and its first date."""

    work: Initiative

    @property
    def cost(self) -> float | None:
        """What it costs in all as forecast now, of finished work what was spent; None where that is not known."""
        if self.work.status == "done" and self.work.spent is not None:
            return self.work.spent
        return self.work.forecast

    @property
    def over(self) -> float | None:
        """By how much that is more than its budget (less: negative); None where either is not known."""
        cost, budget = self.cost, self.work.capex
        return None if cost is None or budget is None else cost - budget

    @property
    def over_first(self) -> float | None:
        """By how much that is more than its first budget, or its only one; None where either is not known."""
        budget = self.work.capex if self.work.original_capex is None else self.work.original_capex
        return None if self.cost is None or budget is None else self.cost - budget

    @property
    def is_late(self) -> bool:
        """Whether it ends later than first known."""
        return (self.work.days_late or 0) > 0


def follow_through(record: Record, since: date | None) -> tuple[FollowThrough, ...]:
    """Return the work under way and what was finished after a day (None: any), what is red or over budget first."""
    found = [
        FollowThrough(one)
        for one in record.initiatives
        if one.status == "in progress"
        or (one.status == "done" and one.finish and (since is None or one.finish > since))
    ]
    return tuple(
        sorted(found, key=lambda one: (_PRESSING.index(one.work.health), -(one.over or 0.0), one.work.id))
    )
