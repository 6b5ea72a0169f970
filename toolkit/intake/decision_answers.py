"""Answers to what was asked, taken into a record: as decisions and actions, once each, and never against one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from pydantic import ValidationError

from toolkit.client.asks import GivenAnswer, PublishedAsk
from toolkit.client.calendar import Quarter
from toolkit.client.faults import faults_of, listed, unknown_reference
from toolkit.client.parts import ACTIONS, DECISIONS
from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Action, Decision, Round
from toolkit.client.store import read_record, save
from toolkit.errors import Fault, InputError, shown
from toolkit.method import MOST_QUARTERS
from toolkit.words import day, joined

# Documents may bear the date of a quarter's end that is still to come; whoever answers late does so within two years.
BEFORE, AFTER = timedelta(days=92), timedelta(days=731)
_SETTLE = (
    "Ask them which holds; then record that one, in the form under “Decisions”, and leave the other file out."
)


@dataclass(frozen=True)
class AnswerFields:
    """One answer as it was typed; an empty field is left out. ``otherwise`` holds the parts answered apart from the rest.

    Attributes
    ----------
    where : callable
        Says where a field stands, in a file or a form.
    """

    ask: str
    answer: str
    quarter: str = ""
    by: str = ""
    on: date | None = None
    note: str = ""
    action: str = ""
    owner_business: str = ""
    owner_it: str = ""
    due: str = ""
    otherwise: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    where: Callable[[str], str] = str


@dataclass(frozen=True)
class Taken:
    """What answers make of a record; ``told`` says each in words, ``changes`` what was recorded otherwise before.

    ``new``, ``changed`` and ``unchanged`` name the asks, and the actions by their ids.
    """

    record: Record
    told: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    changes: tuple[tuple[str, str, str, str], ...] = ()

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the record that hold decisions and actions."""
        return {
            DECISIONS: write_rows(Decision, self.record.decisions),
            ACTIONS: write_rows(Action, self.record.actions),
        }


def kept(
    clients: Path, slug: str, before: Mapping[str, bytes], outcome: Taken, dry_run: bool = False
) -> dict[str, bytes]:
    """Write what answers make of a record, if anything; return the files that change.

    Parameters
    ----------
    before : mapping
        The client's files as they were read.

    Raises
    ------
    InputError
        When the record would have faults.
    ConflictError
        When the record changed on disk meanwhile.
    """
    files = outcome.files if outcome.new or outcome.changed else {}
    if files:
        read_record(slug, {**before, **files})
    if files and not dry_run:
        save(clients, slug, files, before)
    return files


def recorded_answer(record: Record, round_id: str, ask: PublishedAsk) -> list[Decision]:
    """Return the decisions of a round that answer an ask as it is put: about the same work, at the same cost."""
    put = {(one.subject, one.amount) for option in ask.options for one in option.effects}
    return [d for d in _answers_to(record, round_id, ask) if (d.subject, d.amount) in put]


def _answers_to(record: Record, round_id: str, ask: PublishedAsk) -> list[Decision]:
    """Return the decisions of a round that answer an ask, also where what it is about cost something else then."""
    about = {one.subject for option in ask.options for one in option.effects}
    made = (d for d in record.decisions if d.round == round_id and d.ask == ask.id)
    return [d for d in made if d.subject in about]


def taken(
    record: Record,
    round_id: str,
    asks: Sequence[PublishedAsk],
    fields: Sequence[AnswerFields],
    instead: bool = False,
) -> Taken:
    """Return a record with answers to a round's asks; the record given is not changed.

    An answer of the same person takes the place of their earlier one; of two people who say the same, both are named.

    Parameters
    ----------
    instead : bool
        Whether an answer takes the place of what somebody else is recorded with.

    Raises
    ------
    InputError
        With every answer that cannot be taken: an unknown ask, a value out of range, or one that contradicts another,
        in ``fields`` or on record.
    """
    one = record.round(round_id)
    by_id = {ask.id: ask for ask in asks}
    faults: list[Fault] = []
    given: list[tuple[AnswerFields, GivenAnswer]] = []
    for each in fields:
        try:
            given.append((each, _given(record, one, by_id, each)))
        except InputError as error:
            faults += error.faults
    faults += _contradicting(given)
    if faults:
        raise InputError(faults)
    out = Taken(record)
    for each, answer in given:
        out = _with_decisions(out, one, answer, each, instead)
    for each, _ in given:
        out = _with_action(out, one, each)
    faults += _decided_twice(out.record, one)
    if faults:
        raise InputError(faults)
    return out


def _given(record: Record, one: Round, by_id: Mapping[str, PublishedAsk], typed: AnswerFields) -> GivenAnswer:
    """Return an answer as it was meant; InputError with what is wrong with it."""
    ask = by_id.get(typed.ask)
    if ask is None:
        home = f"the plan of round {one.id}"
        raise InputError([unknown_reference(typed.where("ask"), typed.ask, "ask", list(by_id), home)])
    faults: list[Fault] = []
    known = [option.answer for option in ask.options]

    def option_of(answer: str, quarter: str, where: str, at: str) -> tuple[str, Quarter | None]:
        option = ask.option(answer)
        if option is None:
            allowed = f"an answer to {ask.id}: {listed(known)}"
            faults.append(Fault(where, answer or "nothing", allowed, "Choose one of them."))
            return answer, None
        if not option.until:
            if quarter:
                allowed = "a quarter only where something is deferred"
                faults.append(Fault(at, quarter, allowed, "Remove the quarter, or defer."))
            return answer, None
        return answer, _quarter(record, one, typed.on, quarter, at, faults)

    answer, until = option_of(typed.answer, typed.quarter, typed.where("answer"), typed.where("quarter"))
    otherwise = {}
    for subject, (other, quarter) in typed.otherwise.items():
        place = typed.where(f"otherwise, {shown(subject)}")
        if subject not in {part.subject for part in ask.parts}:
            names = [part.subject for part in ask.parts]
            faults.append(unknown_reference(place, subject, "initiative", names, f"the ask {ask.id}"))
            continue
        chosen, when = option_of(other, quarter, place, place)
        option = ask.option(chosen)
        if option and subject not in {effect.subject for effect in option.effects}:
            allowed = "work that has not begun: what is under way cannot be deferred"
            faults.append(Fault(place, f"{shown(subject)}, {option.label}", allowed, "Answer it otherwise."))
        elif option:
            otherwise[subject] = (option, when)
    faults += _who_and_when(one, typed)
    option = ask.option(answer)
    if faults or option is None or typed.on is None:
        raise InputError(faults)
    made = GivenAnswer(ask, option, typed.by.strip(), typed.on, until, typed.note.strip(), otherwise)
    try:
        made.decisions(one.id)
        _action(one, typed, "new")
    except ValidationError as error:
        model = Action if error.title == Action.__name__ else Decision
        raise InputError(faults_of(error, model, lambda loc: typed.where(str(loc[0])))) from None
    return made


def answered_between(one: Round) -> tuple[date, date]:
    """Return the first and the last day on which a round's asks can have been answered."""
    return one.as_of - BEFORE, one.as_of + AFTER


def _who_and_when(one: Round, typed: AnswerFields) -> Iterator[Fault]:
    if not typed.by.strip():
        remedy = "Write the name, and the post that is held."
        yield Fault(typed.where("by"), "nothing", "who decided it", remedy)
    first, last = answered_between(one)
    if typed.on is None or not first <= typed.on <= last:
        found = "nothing" if typed.on is None else typed.on.isoformat()
        allowed = f"the day of the decision, from {first} to {last}; the plan is as of {one.as_of}"
        yield Fault(typed.where("on"), found, allowed, "Write the day on which it was decided.")
    if not typed.action.strip() and (typed.owner_business.strip() or typed.owner_it.strip() or typed.due):
        remedy = "Write what is to be done, or remove owner and date."
        yield Fault(typed.where("action"), "nothing, while an owner or a date is given", "an action", remedy)


def _quarter(
    record: Record, one: Round, on: date | None, text: str, where: str, faults: list[Fault]
) -> Quarter | None:
    """Return until when it is deferred; what is wrong with it is added to ``faults``."""
    fiscal = record.facts.profile.fiscal
    first = Quarter.of(max(on or one.as_of, one.as_of), fiscal).plus(1)
    last = Quarter.of(one.as_of, fiscal).plus(MOST_QUARTERS)
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        quarter = None
    if quarter is None or not first <= quarter <= last:
        allowed = f"the fiscal quarter until which it is deferred, from {first.key} to {last.key}"
        faults.append(Fault(where, text or "nothing", allowed, "Write one of them, such as " + f"{first}."))
        return None
    return quarter


def _same(one: Iterable[Decision], other: Iterable[Decision]) -> bool:
    """Whether two answers decide the same, whoever gave them."""
    return {(d.subject, d.decision, d.quarter) for d in one} == {
        (d.subject, d.decision, d.quarter) for d in other
    }


def _contradicting(given: Sequence[tuple[AnswerFields, GivenAnswer]]) -> Iterator[Fault]:
    """Yield each answer that differs from the first to the same ask, and each action that was given two owners or dates."""
    first: dict[str, tuple[AnswerFields, GivenAnswer]] = {}
    actions: dict[str, AnswerFields] = {}
    for typed, one in given:
        before_typed, before = first.setdefault(one.ask.id, (typed, one))
        if not _same(before.decisions("r"), one.decisions("r")):
            found = f"{one.by}: {one.words}; {before.by}: {before.words} ({before_typed.where('answer')})"
            yield Fault(typed.where("answer"), found, f"one answer to {one.ask.id}", _SETTLE)
        if typed.action.strip():
            earlier = actions.setdefault(_key(typed.action), typed)
            if _of_action(earlier) != _of_action(typed):
                found = f"{_of_action(typed)}, and in {earlier.where('action')} {_of_action(earlier)}"
                yield Fault(typed.where("action"), found, "one owner on each side, and one date", _SETTLE)


def _of_action(typed: AnswerFields) -> str:
    said = [name.strip() for name in (typed.owner_business, typed.owner_it, typed.due) if name.strip()]
    return joined(said) or "nobody, no date"


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _with_decisions(out: Taken, one: Round, answer: GivenAnswer, typed: AnswerFields, instead: bool) -> Taken:
    record, ask, rows = out.record, answer.ask.id, answer.decisions(one.id)
    there, earlier = recorded_answer(record, one.id, answer.ask), _answers_to(record, one.id, answer.ask)
    told = (*out.told, f"{ask}: {answer.words}, by {answer.by} on {day(answer.on)}.")
    rest = tuple(d for d in record.decisions if d not in earlier)
    if not there:
        made = _numbered(record, one, rows)
        return replace(out, record=replace(record, decisions=(*rest, *made)), told=told, new=(*out.new, ask))
    names = there[0].by or "somebody not named"
    if _same(there, rows):
        if answer.by in names.split("; ") and all(d.note == (answer.note or d.note) for d in there):
            return replace(out, told=told, unchanged=(*out.unchanged, ask))
        by = names if answer.by in names.split("; ") else f"{names}; {answer.by}"
        kept = [d.model_copy(update={"by": by, "note": answer.note or d.note}) for d in there]
        shift = () if by == names else ((ask, "by", names, by),)
    elif instead or names == answer.by:
        kept = _numbered(record, one, rows)
        shift = ((ask, "answer", f"{_words(there)}, by {names}", f"{answer.words}, by {answer.by}"),)
    else:
        found = f"{answer.by}: {answer.words}; on record, {names}: {_words(there)}"
        raise InputError([Fault(typed.where("answer"), found, f"one answer to {ask}", _SETTLE)])
    changed = replace(record, decisions=(*rest, *kept))
    return replace(
        out, record=changed, told=told, changed=(*out.changed, ask), changes=(*out.changes, *shift)
    )


def _words(rows: Sequence[Decision]) -> str:
    """Return an answer on record in words."""
    kinds = dict.fromkeys(f"{d.decision} {d.quarter}" if d.quarter else d.decision for d in rows)
    return joined(list(kinds))


def _numbered(record: Record, one: Round, rows: Iterable[Decision]) -> list[Decision]:
    """Return decisions with ids of their own; of two on one day, the one recorded later has the higher number."""
    ids = _free(f"d-{one.id[:50]}-", {d.id for d in record.decisions})
    return [row.model_copy(update={"id": next(ids)}) for row in rows]


def _free(prefix: str, known: Iterable[str]) -> Iterator[str]:
    """Yield ids after the highest known one with a prefix."""
    numbers = [id.removeprefix(prefix) for id in known if id.startswith(prefix)]
    last = max((int(number) for number in numbers if number.isdecimal()), default=0)
    return (f"{prefix}{n:03}" for n in count(last + 1))


def _action(one: Round, typed: AnswerFields, id: str) -> Action | None:
    """Return the action agreed with an answer; None where there is none."""
    if not typed.action.strip():
        return None
    return Action.model_validate(
        {
            "id": id, "round": one.id, "action": typed.action, "owner_business": typed.owner_business,
            "owner_it": typed.owner_it, "due": typed.due,
        }
    )  # fmt: skip


def _with_action(out: Taken, one: Round, typed: AnswerFields) -> Taken:
    """Return the record with what is to be done besides; what was promised in these words in the round is brought up to date."""
    record, made = out.record, _action(one, typed, "new")
    if made is None:
        return out
    there = next(
        (a for a in record.actions if a.round == one.id and _key(a.action) == _key(made.action)), None
    )
    if there is None:
        ids = _free(f"a-{one.id[:50]}-", {a.id for a in record.actions})
        made = made.model_copy(update={"id": next(ids)})
        told = f"Action {made.id}: {made.action} ({_of_action(typed)})."
        return replace(
            out, record=replace(record, actions=(*record.actions, made)), told=(*out.told, told), new=(*out.new, made.id)
        )  # fmt: skip
    fields = ("owner_business", "owner_it", "due")
    moved = {name: getattr(made, name) for name in fields if getattr(made, name) != getattr(there, name)}
    if not moved:
        return replace(out, unchanged=(*out.unchanged, there.id))
    after = there.model_copy(update=moved)
    shifts = tuple(
        (there.id, name, str(getattr(there, name) or ""), str(getattr(after, name) or "")) for name in moved
    )
    actions = tuple(after if a is there else a for a in record.actions)
    return replace(
        out, record=replace(record, actions=actions), changed=(*out.changed, there.id), changes=(*out.changes, *shifts)
    )  # fmt: skip


def _decided_twice(record: Record, one: Round) -> Iterator[Fault]:
    """Yield each subject about which two asks of a round were answered otherwise."""
    first: dict[tuple[str, float | None], Decision] = {}
    told: set[str] = set()
    for d in record.decisions:
        if d.round != one.id or not d.ask or d.decision == "accept risk":
            continue
        before = first.setdefault((d.subject, d.amount), d)  # at another cost it was asked anew
        if (before.decision, before.quarter) != (d.decision, d.quarter) and d.subject not in told:
            told.add(d.subject)
            found = f"{_words([before])} by {before.ask}, {_words([d])} by {d.ask}"
            remedy = "Answer both the same way for this work, or answer it apart from the rest."
            yield Fault(f"the answers about {shown(d.subject)}", found, "one decision about it", remedy)
