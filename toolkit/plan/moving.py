"""Plan against plan: what was finished, entered, left, moved or costs otherwise since an earlier round, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from toolkit.assess.wording import count, day
from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.work import Decision
from toolkit.plan.problem import standing
from toolkit.plan.program import ROUNDING
from toolkit.plan.roadmap import Roadmap, Scheduled
from toolkit.plan.scenario import proposed
from toolkit.plan.why_moved import NO_CAUSE, Causes

Kind = Literal["finished", "entered", "left", "moved", "cost changed"]
_ORDER: tuple[Kind, ...] = ("finished", "entered", "left", "moved", "cost changed")


@dataclass(frozen=True)
class Change:
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
) -> tuple[Change, ...]:
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
    """Return the decisions that stand in the later round and did not in the earlier one, by their subject."""
    then, now = record.round(earlier), record.round(later)
    old = standing(proposed(record, then), then)
    return {one.subject: one for one in standing(proposed(record, now), now) if one not in old}


def _placed(causes: Causes) -> Iterator[Change]:
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


def _moved(causes: Causes, was: Scheduled, now: Scheduled) -> Iterator[Change]:
    starts, ends = now.start.index - was.start.index, now.finish.index - was.finish.index
    if starts or ends:
        shift = f"ends {_quarters(ends)}" if ends else f"starts {_quarters(starts)}"
        what = f"{shift}: {_span(now)} instead of {_span(was)}"
        yield _change(causes, now.initiative, "moved", what, causes.moved(was, now), ends or starts)


def _gone(causes: Causes, was: Scheduled) -> Change:
    one = causes.register.get(was.initiative)
    if one is None or one.status != "done":
        what = f"is not in the plan any more; it was to run in {_span(was)}"
        return _change(causes, was.initiative, "left", what, causes.left(was))
    says, late = "the register says so", 0
    if one.finish:
        says = f"{says}, as of {day(one.finish)}"
        month = causes.record.facts.profile.fiscal_year_starts
        late = Quarter.of(one.finish, month).index - was.finish.index
    what = f"is done, {_quarters(late)} than planned" if late else "is done"
    return _change(causes, one.id, "finished", what, iter([says]), late)


def _costs(causes: Causes) -> Iterator[Change]:
    then, now = _capital(causes.before), _capital(causes.after)
    for i in sorted(then.keys() & now.keys()):
        if abs(now[i] - then[i]) > ROUNDING * max(now[i], then[i]):
            what = f"takes {causes.amounts(now[i], then[i])} of capital, contingency included"
            yield _change(causes, i, "cost changed", what, causes.cost(i))


def _capital(plan: Roadmap) -> dict[str, float]:
    above = {one.initiative: one.capex for one in plan.scheduled}
    return above | {one.initiative: one.capex for one in plan.deferred}


def _change(causes: Causes, i: str, kind: Kind, what: str, why: Iterator[str], quarters: int = 0) -> Change:
    name = causes.register[i].name if i in causes.register else i
    return Change(i, name, kind, what, next(why, NO_CAUSE), quarters)


def _span(one: Scheduled) -> str:
    return str(one.start) if one.start == one.finish else f"{one.start} to {one.finish}"


def _quarters(by: int) -> str:
    return f"{count(abs(by), 'quarter')} {'later' if by > 0 else 'earlier'}"
