"""Where the money of each recommendation comes from: what the plan leaves in its year, the reserve, or what gives way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from toolkit.assess.advising import TO_ESTIMATE
from toolkit.assess.assessment import Assessment
from toolkit.assess.standing import Standing
from toolkit.assess.statements import Recommendation
from toolkit.assess.wording import day, money, quoted
from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.work import Initiative
from toolkit.plan.roadmap import Roadmap
from toolkit.plan.table import quarters_of, spread
from toolkit.plan.telling import told

_NOTHING = 0.5  # of the currency's unit: less is a trace of rounding


def funded(record: Record, assessment: Assessment, roadmap: Roadmap) -> Assessment:
    """Return the assessment with the cost of each recommendation, and whence it comes, as the plan has it.

    Its reasons say what the plan leaves out of the work behind it. A recommendation costs what the initiatives cost that are this very recommendation on the register; without one,
    what the consultant says. Money asked for earlier in the list is gone for those that follow.

    Parameters
    ----------
    record : Record
        As the plan rests on it.
    """
    till = Till(record, assessment, roadmap)
    made = tuple(till.paid(one) for one in assessment.recommendations)
    return told(record, replace(assessment, recommendations=made), roadmap)


@dataclass
class Till:
    """What the plan leaves of each year's money, and of its reserve, once the recommendations so far are paid."""

    record: Record
    assessment: Assessment
    roadmap: Roadmap
    spent: dict[int, float] = field(default_factory=dict)

    def paid(self, one: Recommendation) -> Recommendation:
        """Return a recommendation with its cost, and with where that comes from as its note."""
        work = [each for each in self.record.initiatives if each.id in one.carriers]
        planned = {each.initiative: each.capex for each in self.roadmap.scheduled}
        if work and all(each.id in planned for each in work):
            return replace(one, cost=sum(planned[each.id] for each in work), cost_note="in the plan")
        finished = [each for each in work if not each.is_open]
        if work and len(finished) == len(work):
            return replace(
                one, cost_note="the work is done" if all(x.status == "done" for x in work) else one.cost_note
            )
        cost = one.cost
        if cost is None and work:
            known = [each.capital for each in work]
            if None in known:
                return replace(one, cost_note=TO_ESTIMATE)
            cost = sum(amount or 0.0 for amount in known)
        if not cost:
            return replace(one, cost=cost)
        if refused := self._refused(work):
            return replace(one, cost=cost, cost_note=refused)
        if waiting := next((each for each in self.roadmap.deferred if each.initiative in one.carriers), None):
            # The plan has looked at every year of it; the year of the recommendation's date says nothing of that.
            return replace(one, cost=cost, cost_note=f"not in the plan: {waiting.because}")
        return replace(one, cost=cost, cost_note=self._source(one, cost))

    def _refused(self, work: list[Initiative]) -> str:
        """Say that leadership put off or rejected all of a recommendation's work, which asks for no money until it changes its mind."""
        standing = Standing(self.record, self.assessment.as_of)
        if not work or not all(each.id in standing.set_aside for each in work):
            return ""
        last = max((standing.decisions[each.id] for each in work), key=lambda d: d.date)
        done = "rejected" if last.decision == "reject" else "deferred"
        return f"only if what was {done} on {day(last.date)} is taken up again"

    def _source(self, one: Recommendation, cost: float) -> str:
        """Say as a clause where a cost comes from, and take it from there."""
        if self.roadmap.kind != "optimised":
            return "whether a year’s money holds it cannot be said without a plan"
        year = self._year(one)
        left, reserve = self._left(year)
        earlier = self.spent.get(year, 0.0)
        self.spent[year] = earlier + cost
        free, held = max(0.0, left - earlier), max(0.0, reserve - max(0.0, earlier - left))
        name, now = f"FY{year}", "after what is asked for above, " if earlier else ""
        if next((each.budget for each in self.roadmap.years if each.year == year), None) is None:
            return f"no budget is recorded for {name}, so where it comes from has to be said"
        if cost <= free + _NOTHING:
            return f"{now}from the {self._money(free)} that {name} has left beside the plan"
        beside = (
            f"{now}{name} has {self._money(free)} left beside the plan"
            if free > _NOTHING
            else f"{now}{name} has nothing left beside the plan"
            if now
            else f"the plan leaves nothing in {name}"
        )
        if cost <= free + held + _NOTHING:
            rest = "the rest" if free > _NOTHING else "it"
            return f"{beside}; {rest} comes from the reserve of {self._money(held)}"
        lacking = cost - free - held
        return f"{beside}{self._and_reserve(held)}; {self._gives_way(year, lacking)}"

    def _and_reserve(self, held: float) -> str:
        return f" and {self._money(held)} in reserve" if held > _NOTHING else " and nothing in reserve"

    def _gives_way(self, year: int, lacking: float) -> str:
        """Name the planned work of least value that could wait instead; else say by how much the budget has to grow."""
        needed = {need for each in self.record.initiatives for need in each.depends_on}
        in_year = [t for t, quarter in enumerate(quarters_of(self.roadmap)) if quarter.year == year]
        spreads = spread(self.record, self.roadmap)
        by_id = {each.id: each for each in self.record.initiatives}
        for each in sorted(self.roadmap.scheduled, key=lambda s: (s.value, s.initiative)):
            freed = sum(spreads[each.initiative].capital[t] for t in in_year)
            if not each.fixed and each.initiative not in needed and freed >= lacking - _NOTHING:
                return f"{quoted(by_id[each.initiative].name, 80)} ({self._money(freed)} in FY{year}) would have to wait for it"
        return f"the budget of FY{year} would have to be raised by {self._money(lacking)}"

    def _year(self, one: Recommendation) -> int:
        """Return the fiscal year whose money pays: that of its date, but none before the plan begins."""
        when = Quarter.of(one.due or self.assessment.as_of, self.record.facts.profile.fiscal_year_starts)
        return max(when.year, self.roadmap.start.year)

    def _left(self, year: int) -> tuple[float, float]:
        """Return what the plan leaves of a year's money for capital, and the year's reserve."""
        money_of = next((each for each in self.roadmap.years if each.year == year), None)
        limit = (
            next((each for each in money_of.limits if each.holds != "running"), None) if money_of else None
        )
        if money_of is None or limit is None:
            return 0.0, 0.0
        return max(0.0, limit.available - limit.spent), money_of.reserve

    def _money(self, amount: float) -> str:
        return money(amount, self.record.facts.profile.currency)
