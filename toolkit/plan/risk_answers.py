"""What answers a risk, or the end of a service or an asset: which work, whether it goes ahead, and when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from toolkit.assess.commitments import Standing
from toolkit.client.calendar import done_by
from toolkit.client.record import Record
from toolkit.client.schema import Initiative, Risk
from toolkit.plan.roadmap import Roadmap, Scheduled
from toolkit.words import day, excerpt, joined

Kind = Literal["accepted", "in time", "too late", "named", "not counted", "unless", "waits", "none"]


@dataclass(frozen=True)
class Answer:
    """What answers a risk, in words, and how far: in time, too late, by work that no plan counts, unless it gives way,
    waiting, or not at all.
    """

    kind: Kind
    said: str
    short: str  # for a narrow cell
    met: bool = False  # nothing is to be done any more
    passed: bool = False  # its date is over, and nothing done by then answers it
    estimated: bool = True  # of named work: whether it is known of some of it when that ends


def ends(record: Record, as_of: date, roadmap: Roadmap) -> dict[str, date | None]:
    """Return when work ends that the plan holds, or that goes on uncounted beside it; None where that is not known."""
    standing, fiscal = Standing(record, as_of), record.facts.profile.fiscal
    planned = {one.initiative: one.finish.last_day(fiscal) for one in roadmap.scheduled}
    return {
        one.id: standing.earliest_end(one) if one.status == "in progress" else planned.get(one.id)
        for one in record.initiatives
        if one.id in planned or one.id in roadmap.uncounted
    }


def first_to_settle(record: Record, roadmap: Roadmap, risk: Risk) -> Scheduled | None:
    """Return the planned work that settles a risk first; None where none does."""
    settles = {one.id for one in record.initiatives if risk.id in one.settles}
    return min(
        (s for s in roadmap.scheduled if s.initiative in settles),
        key=lambda s: (s.finish, s.initiative),
        default=None,
    )


def days_of_slack(record: Record, roadmap: Roadmap, risk: Risk) -> int | None:
    """Return the days from the end of the planned work that settles a risk to its date; None where either is not known."""
    work = first_to_settle(record, roadmap, risk)
    if work is None or risk.due is None:
        return None
    return (risk.due - work.finish.last_day(record.facts.profile.fiscal)).days


def in_time(end: date | None, due: date | None) -> bool:
    """Whether work is not known to end after a date."""
    return end is None or due is None or end <= due


def opened_without(
    record: Record, as_of: date, roadmap: Roadmap, leave: Iterable[str], enter: Iterable[str]
) -> list[Risk]:
    """Return the risks that are answered in time, and would not be with some work out of the plan and other work in it.

    When work ends in that plan is not known: what comes in is taken to be in time, what stays to end as in this one.
    """
    work = {one.id: one for one in record.initiatives}
    going = ends(record, as_of, roadmap) | {id: date.min for id, one in work.items() if one.status == "done"}
    then, accepted = (going.keys() | set(enter)) - set(leave), Standing(record, as_of).accepted

    def answered(risk: Risk, by: Iterable[str]) -> bool:
        return any(risk.id in work[id].settles and in_time(going.get(id), risk.due) for id in by)

    return [
        risk
        for risk in record.facts.risks
        if risk.id not in accepted and answered(risk, going) and not answered(risk, then)
    ]


def not_counted(one: Initiative) -> str:
    """Say of work that goes on although no plan can count it why it does."""
    why = "under way" if one.status == "in progress" else "mandatory" if one.mandatory else "decided"
    return f"{why}, not counted"


def answer_to(record: Record, as_of: date, roadmap: Roadmap, risk: str) -> Answer:
    """Return what answers a risk: planned work and when it is done, leadership's acceptance, or nothing yet.

    Of a risk whose date is over, and that nothing done answers, that is said first.
    """
    due = next((one.due for one in record.facts.risks if one.id == risk), None)
    if risk in Standing(record, as_of).accepted:
        found = Answer("accepted", "accepted by leadership", "accepted by leadership", True)
    else:
        work = tuple(one for one in record.initiatives if risk in one.settles)
        found = answer_by(record, as_of, roadmap, work, due)
    if due is None or due >= as_of or found.met:
        return found
    past = f"its date, {day(due)}, has passed"
    return replace(found, said=f"{past}; {found.said}", short=f"{past}; {found.short}", passed=True)


def answer_by(
    record: Record, as_of: date, roadmap: Roadmap, work: Sequence[Initiative], due: date | None
) -> Answer:
    """Return what some work makes of a date: whether it is planned, and done by then."""
    standing, work = Standing(record, as_of), [one for one in work if one.status != "stopped"]
    done = [f"{one.name} (done)" for one in work if one.status == "done"]
    going = ends(record, as_of, roadmap)
    answering = [one for one in work if one.id in going]
    if answering or done:
        good = [one for one in answering if in_time(going[one.id], due)]
        said = joined(
            [*(_said(record, roadmap, one, one in good, going[one.id]) for one in answering), *done]
        )
        counted = done or any(one.id not in roadmap.uncounted for one in good)
        kind: Kind = "in time" if counted else "not counted" if good else "too late"
        return Answer(kind, said, said, bool(done))
    waiting = [one for one in work if one.id not in standing.set_aside]
    if not work:
        return Answer("none", "nothing yet", "nothing yet")
    if not waiting:
        aside = joined([f"{one.name} {standing.set_aside[one.id]}" for one in work])
        became = "is not to be done" if work[0].id in standing.rejected else "was deferred"
        one_or_none = (
            f"{excerpt(work[0].name, 36)} {became}" if len(work) == 1 else "none of its work goes ahead"
        )
        return Answer("none", f"nothing: {aside}", f"nothing: {one_or_none}")
    names = joined([one.name for one in waiting])
    if roadmap.kind == "optimised":
        verb = "waits" if len(waiting) == 1 else "wait"
        some = joined([excerpt(one.short or one.name, 36) for one in waiting], most=2)
        return Answer("waits", f"nothing in the plan: {names} {verb}", f"nothing in the plan: {some} {verb}")
    possible = [one for one in waiting if in_time(standing.earliest_end(one), due)]
    if not possible:
        first = min((end, one.name) for one in waiting if (end := standing.earliest_end(one)))
        late = f"too late: {{}} (done on {day(first[0])} at the earliest)"
        return Answer("too late", late.format(first[1]), late.format(excerpt(first[1], 36)))
    names = joined([one.name for one in possible])
    if roadmap.kind == "infeasible":
        unless = f"unless {'it gives' if len(possible) == 1 else 'they give'} way"
        return Answer("unless", f"{names}, {unless}", f"{excerpt(names, 40)}, {unless}")
    said = joined([f"{one.name}{_unknown(standing, one)}" for one in possible])
    return Answer("named", said, said, estimated=any(standing.earliest_end(one) for one in possible))


def _unknown(standing: Standing, one: Initiative) -> str:
    """Say behind work's name that nobody knows when it would end; "" where that is known."""
    return "" if standing.earliest_end(one) else " (not estimated yet)"


def _said(record: Record, roadmap: Roadmap, one: Initiative, good: bool, end: date | None) -> str:
    """Name work that goes on, whether it comes too late, and when it is done."""
    finish = next((each.finish for each in roadmap.scheduled if each.initiative == one.id), None)
    if finish is not None:
        how = done_by(finish, record.facts.profile.fiscal)
    else:
        how = not_counted(one) + (f"; done on {day(end)} at the earliest" if end and not good else "")
    return f"{'' if good else 'too late: '}{one.name} ({how})"
