"""What was promised and decided in earlier rounds, and what has become of it."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.assess.gap_advice import ACTIONS
from toolkit.assess.statements import Decided, Promise, State
from toolkit.client.models import Action, Decision, Round
from toolkit.client.record import Record
from toolkit.method import RECOMMENDATION


def _earlier(record: Record, one: Round, since: str) -> set[str]:
    """Return the ids of the rounds before this one, from ``since`` on where it is given."""
    first = record.round(since).as_of if since else None
    return {
        each.id for each in record.rounds if each.as_of < one.as_of and (first is None or each.as_of >= first)
    }


def promises(record: Record, one: Round, since: str = "") -> tuple[Promise, ...]:
    """Return the actions promised in earlier rounds, as they stand on the round's day, oldest due date first."""
    earlier = _earlier(record, one, since)
    made = [action for action in record.actions if action.round in earlier]
    made.sort(key=lambda action: (action.due is None, action.due or one.as_of, action.id))
    ended = {each.id: each.status for each in record.initiatives if not each.is_open}
    return tuple(_promise(action, one, ended) for action in made)


def _promise(action: Action, one: Round, ended: Mapping[str, str | None]) -> Promise:
    over = (ended.get(action.initiative or "") or "") if action.status == "open" else ""
    return Promise(
        action.action, action.owner_business, action.owner_it, action.due, "open" if over else _state(action, one),
        action.done_on if action.status == "done" else None, action.note or "", action.initiative or "", over,
    )  # fmt: skip


def _state(action: Action, one: Round) -> State:
    if action.status == "dropped":
        return "dropped"
    if action.status == "done":
        return "kept late" if action.due and action.done_on and action.done_on > action.due else "kept"
    return "overdue" if action.due and action.due < one.as_of else "open"


def decided(record: Record, one: Round, since: str = "") -> tuple[Decided, ...]:
    """Return the decisions of earlier rounds with what the record says has come of each, in order of date."""
    earlier = _earlier(record, one, since)
    made = sorted((d for d in record.decisions if d.round in earlier), key=lambda d: (d.date, d.id))
    names = {each.id: each.name for each in record.initiatives}
    names |= {each.id: each.name for each in record.facts.risks}
    names |= {each.id: each.action for each in record.facts.recommendations if each.action}
    names |= {
        f"{RECOMMENDATION}{practice}": action
        for practice, action in ACTIONS.items()
        if f"{RECOMMENDATION}{practice}" not in names
    }
    return tuple(
        Decided(
            each.decision, names.get(each.subject) or _advice(each.subject, names),
            each.date, each.by, _outcome(record, each), each.note or "",
        )
        for each in made
    )  # fmt: skip


def _advice(subject: str, names: Mapping[str, str]) -> str:
    """Name a recommendation whose words are not kept by what it was about."""
    about, _, detail = subject.removeprefix(RECOMMENDATION).partition(".")
    what = f"“{names[detail]}”" if detail in names else about.replace("-", " ")
    return f"the recommendation on {what}"


def _outcome(record: Record, decision: Decision) -> str:
    """Say how the initiative that was decided on stands now; empty for anything else."""
    work = next((one for one in record.initiatives if one.id == decision.subject), None)
    return "" if work is None or work.status is None else work.status
