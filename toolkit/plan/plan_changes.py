"""Plan against plan: what was finished, entered, left, moved or costs otherwise since an earlier round, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Decision, Initiative
from toolkit.plan.milp import ROUNDING
from toolkit.plan.plan_table import accounts_for
from toolkit.plan.problem import candidate, standing
from toolkit.plan.roadmap import Deferred, Roadmap, Scheduled
from toolkit.plan.scenario import Pinned, proposed
from toolkit.words import count, day, figures, fixed, joined, money, plain, quoted

NO_CAUSE = "no single cause is on record"
_IN = {"approve": "approved", "pin": "pinned", "defer": "deferred"}
_OUT = {"reject": "rejected", "defer": "deferred"}
_KEPT_OUT = {"budget": "money", "capacity": "people", "value": "other work", "late": "its dates"}
_TELLING = 0.001  # less of a difference in value does not show


@dataclass(frozen=True)
class Causes:
    """Two plans, the record of the later one, and the decisions made between them, by subject.

    Each method yields the causes of one kind of change, as clauses, the most direct first; none is guessed.
    """

    record: Record
    before: Roadmap
    after: Roadmap
    decided: Mapping[str, Decision]

    @cached_property
    def register(self) -> dict[str, Initiative]:
        """The initiatives of today's register, by id."""
        return {one.id: one for one in self.record.initiatives}

    @cached_property
    def _same_facts(self) -> bool:
        return accounts_for(self.record, self.before)

    def entered(self, now: Scheduled) -> Iterator[str]:
        """Yield why work is in the later plan and was not in the earlier one."""
        one = self.register[now.initiative]
        yield from _no_plan(self.before, "earlier")
        if one.id not in {known.initiative for known in self.before.timeline}:
            yield "it was not on the register at the earlier plan"
        yield from self._decision(one.id, _IN)
        for then in self.before.unscheduled:
            if then.initiative == one.id:
                verb = "was" if len(then.missing) == 1 else "were"
                yield f"its {joined(then.missing)} {verb} not known at the earlier plan"
        if now.fixed == "in progress":
            yield "work on it has begun, and work under way stays in the plan"
        for waited in self.before.deferred:
            if waited.initiative == one.id:
                # Mandatory work is in every plan unless leadership decided against it.
                if now.fixed == "mandatory" and waited.binding != "decision":
                    yield f"it is mandatory now: {one.mandatory}"
                yield from self._freed(one, waited, now)
                yield f"{NO_CAUSE}; the earlier plan left it out because {waited.because}"

    def left(self, was: Scheduled) -> Iterator[str]:
        """Yield why work is not in the later plan any more."""
        one = self.register.get(was.initiative)
        yield from _no_plan(self.after, "later")
        if one is None:
            yield "it is not on the register any more"
            return
        if one.status == "stopped":
            yield "the register says it was stopped"
        yield from self._decision(one.id, _OUT)
        for unknown in self.after.unscheduled:
            if unknown.initiative == one.id:
                yield f"its {joined(unknown.missing)} {'is' if len(unknown.missing) == 1 else 'are'} not known now"
        for out in self.after.deferred:
            if out.initiative == one.id:
                facts = joined([*self._differences(one, was, out, was, -1)])
                yield out.because + (f"; {facts}" if facts else "")

    def moved(self, was: Scheduled, now: Scheduled) -> Iterator[str]:
        """Yield why work has other dates in the later plan."""
        one = self.register[now.initiative]
        decision = self.decided.get(one.id)
        if decision and decision.quarter and was.start < decision.quarter <= now.start:
            yield from self._decision(one.id, {"defer": "deferred"})
        if decision and decision.quarter == now.start != was.start:
            yield from self._decision(one.id, _IN)
        if now.fixed == "in progress" and was.start != now.start:
            yield f"the register says that work on it began in {now.start}"
        if was.start == now.start:
            yield f"it takes {count(_length(now), 'quarter')}, not {count(_length(was), 'quarter')}"
        yield from self._waits(one, was, now)
        if one.earliest_start and was.start < one.earliest_start == now.start:
            yield f"it may not begin before {one.earliest_start}"
        if one.deadline and now.finish <= one.deadline < was.finish:
            yield f"it must be finished by {one.deadline}"
        if was.start < self.after.start <= now.start:
            yield f"it was to begin in {was.start}, has not, and the plan now begins in {self.after.start}"
        if was.start < now.start:
            for need, left in self._passed(one, now, was.start, self.after):
                yield f"begun in {was.start} as before, it needs {need}, and {_leaves(left)}"
        else:
            for need, left in self._passed(one, was, now.start, self.before):
                yield f"in the earlier plan it would have needed {need}, and {_leaves(left, 'was', 'left')}"

    def cost(self, i: str) -> Iterator[str]:
        """Yield why capital with contingency differs; only what the register said at the earlier plan can tell."""
        now = self.register[i].capex
        then = next((known.amount for known in self.before.timeline if known.initiative == i), None)
        if then is not None and then == now:
            yield "its contingency has changed, and its cost before contingency has not"
        elif then is not None and now is not None:
            yield f"before contingency, the register now says {self.amounts(now, then)}"

    def amounts(self, now: float, then: float) -> str:
        """Write two amounts, in full where they would look alike."""
        currency = self.record.facts.profile.currency
        new, old = money(now, currency), money(then, currency)
        return (
            f"{new} instead of {old}"
            if new != old
            else f"{currency} {fixed(now, 2)} instead of {fixed(then, 2)}"
        )

    def _decision(self, i: str, verbs: Mapping[str, str]) -> Iterator[str]:
        """Yield the decision made since the earlier plan, if it is one of those meant."""
        d = self.decided.get(i)
        if d is None or d.decision not in verbs:
            return
        word = {"defer": "until", "pin": "to"}.get(d.decision, "for")
        quarter = f" {word} {d.quarter}" if d.quarter else ""
        if not isinstance(d, Pinned):
            yield f"leadership {verbs[d.decision]} it{quarter} on {day(d.date)}"
        else:
            puts = "leaves it out" if d.decision == "reject" else "puts it in"
            yield f"the scenario that the plan follows, {quoted(d.by or d.id)}, {puts}{f' for {d.quarter}' if d.quarter else ''}"

    def _freed(self, one: Initiative, then: Deferred, now: Scheduled) -> Iterator[str]:
        """Yield what bound it in the earlier plan and binds no more."""
        was_in, is_in = ({s.initiative for s in plan.scheduled} for plan in (self.before, self.after))
        if then.binding == "dependency":
            for need in sorted(set(one.depends_on) - was_in):
                if need in is_in or self.register[need].status == "done":
                    state = "in the plan" if need in is_in else "done"
                    yield f"{self._name(need)}, which it needs first, is now {state}"
        if then.binding == "alternative" and one.alternative_group:
            for other in sorted((was_in - is_in) & self.register.keys()):
                if self.register[other].alternative_group == one.alternative_group:
                    yield f"{self._name(other)}, the alternative to it, is not in the plan any more"
        if then.binding == "horizon" and self.before.end < self.after.end:
            yield f"the plan now reaches {self.after.end} instead of {self.before.end}"
        if then.binding == "no goal served" and then.value <= 0 < now.value:
            yield "it served no goal and settled no risk then, and does now"
        facts = joined([*self._differences(one, then, now, now, +1)])
        if facts and then.binding in _KEPT_OUT:
            yield f"{_KEPT_OUT[then.binding]} kept it out of the earlier plan, and {facts}"

    def _waits(self, one: Initiative, was: Scheduled, now: Scheduled) -> Iterator[str]:
        """Yield what it waits for, or waited for, to the very quarter, where that is what moved."""
        was_in, is_in = ({s.initiative: s for s in plan.scheduled} for plan in (self.before, self.after))
        for need in sorted(set(one.depends_on) & is_in.keys()):
            then, today = was_in.get(need), is_in[need]
            waits = was.start < now.start == today.finish.plus(1)
            if then is None and waits:
                yield f"{self._name(need)}, which it needs first, is in the plan now and ends in {today.finish}"
            elif then and (
                (waits and then.finish < today.finish)
                or (now.start < was.start == then.finish.plus(1) and today.finish < then.finish)
            ):
                yield f"{self._name(need)}, which it needs first, now ends in {today.finish} instead of {then.finish}"

    def _differences(
        self, one: Initiative, then: Scheduled | Deferred, now: Scheduled | Deferred, at: Scheduled, sign: int
    ) -> Iterator[str]:
        """Yield what speaks for it more (``sign`` −1: less) than at the earlier plan, of what bound it there or here."""
        out = then if sign > 0 else now
        binding = out.binding if isinstance(out, Deferred) else ""
        same_scale = self.before.method == self.after.method
        if binding in _KEPT_OUT and same_scale and sign * (now.value - then.value) >= _TELLING:
            yield f"its value is {fixed(100 * now.value, 1)} % instead of {fixed(100 * then.value, 1)} %"
        if binding in ("budget", "value", "late"):
            if sign * (then.capex - now.capex) > ROUNDING * then.capex:
                yield f"it costs {self.amounts(now.capex, then.capex)}"
            allowed = {year.year: year.available or 0.0 for year in self.before.years}
            for year in self.after.years:
                new, old = year.available or 0.0, allowed.get(year.year)
                if (
                    at.start.year <= year.year <= at.finish.year
                    and old is not None
                    and sign * (new - old) > 0
                ):
                    yield f"FY{year.year} allows {self.amounts(new, old)}"
        if binding in ("capacity", "value", "late"):
            had = {(load.role, load.quarter): load.capacity for load in self.before.loads}
            for load in self.after.loads:
                has, had_then = load.capacity, had.get((load.role, load.quarter))
                used = load.role in one.fte and at.start <= load.quarter <= at.finish
                if used and has is not None and had_then is not None and sign * (has - had_then) > 0:
                    yield f"{quoted(load.role)} has {plain(has)} FTE in {load.quarter} instead of {plain(had_then)}"
                    return

    def _passed(
        self, one: Initiative, own: Scheduled, start: Quarter, plan: Roadmap
    ) -> Iterator[tuple[str, str]]:
        """Yield what it needs and what is left of each limit of a plan that it alone would pass, begun at another time.

        What it takes of a plan now is known where today's record accounts for that plan; else only the
        quarters and years are looked at in which it takes nothing.
        """
        c = candidate(self.record, one, plan.start, plan.quarters)
        begins, began = (quarter.index - plan.start.index for quarter in (start, own.start))
        known = plan is self.after or self._same_facts
        for load in plan.loads:
            need, t = one.fte.get(load.role, 0.0), load.quarter.index - plan.start.index
            works = own.start <= load.quarter <= own.finish
            if load.capacity is None or not begins <= t < begins + c.duration or (works and not known):
                continue
            left = load.capacity - load.load + (need if works else 0.0)
            if need and need > left + ROUNDING * load.capacity:
                yield (
                    f"{plain(need)} FTE of {quoted(load.role)} in {load.quarter}",
                    plain(float(figures(max(left, 0.0), 2))),
                )
        currency = self.record.facts.profile.currency
        for year in plan.years:
            ts = [t for t in range(plan.quarters) if plan.start.plus(t).year == year.year]
            for limit in year.limits if known or ts[-1] < began else ():
                need, taken = (sum(c.taken(limit.holds, at, t) for t in ts) for at in (begins, began))
                left = limit.available - limit.spent + taken
                if need > 0 and need > left + ROUNDING * limit.available:
                    yield f"{money(need, currency)} in FY{year.year}", money(max(left, 0.0), currency)

    def _name(self, i: str) -> str:
        return quoted(self.register[i].name)


def _leaves(left: str, none: str = "is", some: str = "leaves") -> str:
    """Say what other work leaves of people or money."""
    return f"none {none} free" if left == "0" else f"other work {some} {left}"


def _no_plan(plan: Roadmap, which: str) -> Iterator[str]:
    """Yield why a round has no ranked plan, where it has none."""
    if plan.kind == "timeline":
        yield f"the {which} round has no ranked plan, for want of {joined(plan.why_timeline)}"
    elif plan.kind == "infeasible":
        yield f"the {which} round has no plan, for what is fixed in it collides"


def _length(one: Scheduled) -> int:
    return one.finish.index - one.start.index + 1


Kind = Literal["finished", "entered", "left", "moved", "cost changed"]
_ORDER: tuple[Kind, ...] = ("finished", "entered", "left", "moved", "cost changed")


@dataclass(frozen=True)
class PlanChange:
    """What differs between two plans about one initiative.

    Attributes
    ----------
    name : str
        As on the register; the id where it is no longer there.
    what, because : str
        Each a clause without capital or full stop; ``because`` begins with :data:`NO_CAUSE` where
        neither the record nor the plans show one.
    quarters : int
        How many quarters later it ends (earlier: negative); where it ends as before, how many later it starts.
    """

    initiative: str
    name: str
    kind: Kind
    what: str
    because: str
    quarters: int = 0


def changes(
    record: Record, before: Roadmap, after: Roadmap, earlier: str, later: str = ""
) -> tuple[PlanChange, ...]:
    """Compare the plans of two rounds; return every change, in order of kind and id.

    Parameters
    ----------
    before : Roadmap
        The earlier plan, best as it was published: made anew from today's record, it does not know what
        the register said then, and nothing in it is new, finished or of another cost.
    after : Roadmap
        The later plan, made from ``record``.
    earlier, later : str
        The rounds of the two plans; ``later`` empty means the latest.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    causes = Causes(record, before, after, _decided(record, earlier, later))
    found = [*_placed(causes), *_costs(causes)]
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.kind), one.initiative)))


def _decided(record: Record, earlier: str, later: str) -> dict[str, Decision]:
    """Return the decisions that stand in the later round and did not in the earlier one, by their subject.

    Those that were taken in the earlier round after its day are new: its plan was shown to whoever took them.
    """
    then, now = record.round(earlier), record.round(later)
    under = proposed(record, then)
    known = tuple(d for d in under.decisions if d.round != then.id or d.date <= then.as_of)
    old = standing(replace(under, decisions=known), then)
    return {one.subject: one for one in standing(proposed(record, now), now) if one not in old}


def _placed(causes: Causes) -> Iterator[PlanChange]:
    was_in, is_in = ({s.initiative: s for s in plan.scheduled} for plan in (causes.before, causes.after))
    for i in sorted(was_in.keys() | is_in.keys()):
        was, now = was_in.get(i), is_in.get(i)
        if was and now:
            yield from _moved(causes, was, now)
        elif now:
            what = f"is in the plan: {_span(now)}"
            yield _change(causes, i, "entered", what, causes.entered(now))
        elif was:
            yield _gone(causes, was)


def _moved(causes: Causes, was: Scheduled, now: Scheduled) -> Iterator[PlanChange]:
    starts, ends = now.start.index - was.start.index, now.finish.index - was.finish.index
    if starts or ends:
        shift = f"ends {_quarters(ends)}" if ends else f"starts {_quarters(starts)}"
        what = f"{shift}: {_span(now)} instead of {_span(was)}"
        yield _change(causes, now.initiative, "moved", what, causes.moved(was, now), ends or starts)


def _gone(causes: Causes, was: Scheduled) -> PlanChange:
    one = causes.register.get(was.initiative)
    if one is None or one.status != "done":
        what = f"is not in the plan any more; it was to run in {_span(was)}"
        return _change(causes, was.initiative, "left", what, causes.left(was))
    says, late = "the register says so", 0
    if one.finish:
        says = f"{says}, as of {day(one.finish)}"
        fiscal = causes.record.facts.profile.fiscal
        late = Quarter.of(one.finish, fiscal).index - was.finish.index
    what = f"is done, {_quarters(late)} than planned" if late else "is done"
    return _change(causes, one.id, "finished", what, iter([says]), late)


def _costs(causes: Causes) -> Iterator[PlanChange]:
    then, now = _capital(causes.before), _capital(causes.after)
    for i in sorted(then.keys() & now.keys()):
        if abs(now[i] - then[i]) > ROUNDING * max(now[i], then[i]):
            what = f"takes {causes.amounts(now[i], then[i])} of capital, contingency included"
            yield _change(causes, i, "cost changed", what, causes.cost(i))


def _capital(plan: Roadmap) -> dict[str, float]:
    above = {one.initiative: one.capex for one in plan.scheduled}
    return above | {one.initiative: one.capex for one in plan.deferred}


def _change(
    causes: Causes, i: str, kind: Kind, what: str, why: Iterator[str], quarters: int = 0
) -> PlanChange:
    name = causes.register[i].name if i in causes.register else i
    return PlanChange(i, name, kind, what, next(why, NO_CAUSE), quarters)


def _span(one: Scheduled) -> str:
    return str(one.start) if one.start == one.finish else f"{one.start} to {one.finish}"


def _quarters(by: int) -> str:
    return f"{count(abs(by), 'quarter')} {'later' if by > 0 else 'earlier'}"
