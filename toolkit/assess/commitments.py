"""What leadership has decided and promised by a round, and what holds each initiative.

``Standing`` says which work is set aside, which risk is accepted and when work can end; ``promises`` and ``decided`` what
has become of earlier promises and decisions; ``Commitments`` why nobody may ask to stop an initiative, and what of the
record it could be linked to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property

from toolkit.assess.assessment import Assessment
from toolkit.assess.statements import Decided, Promise, State
from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Action, Decision, Goal, Initiative, Pin, Risk, Round, Scenario
from toolkit.method import PRACTICE_ACTIONS, RECOMMENDATION
from toolkit.words import day, money

# The one recommendation that may ask to stop work.
ENDS_WORK = f"{RECOMMENDATION}work-without-goals"
# What has one of these needs no goal; what is held otherwise is asked which goal it serves.
OWN_REASON = ("serves a goal", "settles a risk", "is mandatory")

_STOP = re.compile(
    r"(?:^|[,;:.] |\b(?:and|or|to) )(?:stop|pause|cancel|terminate|abandon|drop|end)\b([^,;:.]*)",
    re.IGNORECASE,
)
# A cost is the same as long as it differs by no more than this share: estimates are rounded.
SAME_COST = 0.005
_SHARED_WORDS, _SHARED_PART, _SAME_LETTERS = 2, 0.6, 0.85
_WORD = re.compile(r"[^\W_]+")
# Words that two names may share without speaking of the same thing.
_SMALL = frozenset([
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "new", "not", "of",
    "off", "old", "on", "one", "or", "our", "out", "per", "that", "the", "their", "them", "then", "this", "to", "up", "with",
    "work", "project", "projects", "initiative", "initiatives", "programme", "program",
])  # fmt: skip


def live(record: Record) -> list[Initiative]:
    """Return the initiatives that are neither done nor stopped."""
    return [initiative for initiative in record.initiatives if initiative.is_open]


def lacking(record: Record, work: Iterable[Initiative]) -> str:
    """Name what work lacks of its cost and duration: "cost or duration" where not all of it lacks the same; "" for nothing."""
    work, fiscal = list(work), record.facts.profile.fiscal
    costs = {one.id for one in work if one.capex is None}
    durations = {one.id for one in work if one.quarters(fiscal) is None}
    if costs and durations:
        return "cost and duration" if costs == durations else "cost or duration"
    return "cost" if costs else "duration" if durations else ""


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
        """The pins of the scenario that the plan follows, by initiative; no later decision stands over them."""
        scenario = self._scenario
        if scenario is None:
            return {}
        since = self._rounds[scenario.round]
        over = {
            d.subject
            for d in self.record.decisions
            if d.decision != "accept risk"
            and (self._rounds.get(d.round, -1) > since or (d.ask and d.round == scenario.round))
        }
        return {pin.initiative: pin for pin in scenario.pins if pin.initiative not in over}

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
        return [work for work in live(self.record) if work.id not in self.rejected]

    @property
    def serving_no_goal(self) -> list[Initiative]:
        """Those of them that serve no goal."""
        return [work for work in self.going_ahead if not any(work.goals.values())]

    def earliest_end(self, initiative: Initiative) -> date | None:
        """Return when open work ends at the earliest, within any plan; None where that is not known.

        Of work under way the recorded date counts, else its start and duration. Other work ends as its duration
        and the first quarter it may start in allow; the date recorded for it counts where it has no duration.
        """
        fiscal = self.record.facts.profile.fiscal
        under_way = initiative.status == "in progress"
        begin = initiative.start if under_way else self._first_start(initiative)
        if initiative.duration is None or begin is None or (under_way and initiative.finish):
            return initiative.finish
        return begin.plus(initiative.duration - 1).last_day(fiscal)

    def _first_start(self, initiative: Initiative) -> Quarter:
        fiscal = self.record.facts.profile.fiscal
        now = Quarter.of(self.as_of, fiscal)
        plan = self.record.facts.planning.start or (
            now if now.first_day(fiscal) >= self.as_of else now.plus(1)
        )
        pin, decision = self.pins.get(initiative.id), self._unpinned.get(initiative.id)
        pinned, decided_on = pin.quarter if pin else None, decision.quarter if decision else None
        return max(filter(None, (plan, initiative.earliest_start, pinned, decided_on)))

    @cached_property
    def _unpinned(self) -> dict[str, Decision]:
        return {id: d for id, d in self.decisions.items() if id not in self.pins}

    @cached_property
    def _rounds(self) -> dict[str, int]:
        rounds = self.record.rounds
        return {round_.id: number for number, round_ in enumerate(rounds) if round_.as_of <= self.as_of}

    @cached_property
    def _scenario(self) -> Scenario | None:
        scenario = self.record.followed
        return scenario if scenario and scenario.round in self._rounds else None


def promises(record: Record, round_: Round, since: str = "", own: bool = False) -> tuple[Promise, ...]:
    """Return the actions promised in earlier rounds, as they stand on the round's day, oldest due date first.

    ``since`` is the id of the earliest of these rounds; empty for all of them. With ``own`` those promised in the
    round itself are among them.
    """
    earlier = _earlier(record, round_, since) | ({round_.id} if own else set())
    promised = [
        action.model_copy(update={"due": record.due(action)})
        for action in record.actions
        if action.round in earlier
    ]
    promised.sort(key=lambda action: (action.due is None, action.due or round_.as_of, action.id))
    ended = {work.id: work.status for work in record.initiatives if not work.is_open}
    return tuple(_promise(action, round_, ended) for action in promised)


def _promise(action: Action, round_: Round, ended: Mapping[str, str | None]) -> Promise:
    over = (ended.get(action.initiative or "") or "") if action.status == "open" else ""
    return Promise(
        action.action, action.owner_business, action.owner_it, action.due, "open" if over else _state(action, round_),
        action.done_on if action.status == "done" else None, action.note or "", action.initiative or "", over,
        action.round,
    )  # fmt: skip


def _state(action: Action, round_: Round) -> State:
    if action.status == "dropped":
        return "dropped"
    if action.status == "done":
        return "kept late" if action.due and action.done_on and action.done_on > action.due else "kept"
    return "overdue" if action.due and action.due < round_.as_of else "open"


def decided(record: Record, round_: Round, since: str = "") -> tuple[Decided, ...]:
    """Return the decisions of earlier rounds with what the record says has come of each, in order of date.

    What leadership has answered in this round to what it was asked comes with them: the plan obeys it already.
    ``since`` is the id of the earliest of these rounds; empty for all of them.
    """
    earlier = _earlier(record, round_, since)
    made = (d for d in record.decisions if d.round in earlier or (d.ask and d.round == round_.id))
    decisions = sorted(made, key=lambda d: (d.date, d.id))
    currency = record.facts.profile.currency
    work = {initiative.id: initiative for initiative in record.initiatives}
    names = {f"{RECOMMENDATION}{practice}": action for practice, action in PRACTICE_ACTIONS.items()}
    risks = {risk.id: risk.name for risk in record.facts.risks}
    names |= risks | {initiative.id: initiative.name for initiative in work.values()}
    names |= {advice.id: advice.action for advice in record.facts.recommendations if advice.action}

    def told(made: Decision) -> Decided:
        # An initiative may bear the id of the risk that it settles.
        about = work.get(made.subject) if made.decision != "accept risk" else None
        name = names.get(made.subject) if about else risks.get(made.subject) or names.get(made.subject)
        return Decided(
            made.decision, name or _advice(made.subject, risks | names), made.date, made.by, (about and about.status) or "",
            made.note or "", str(made.quarter or ""), made.ask or "", cost_since(made, about, currency),
            about.id if about else "",
        )  # fmt: skip

    return tuple(map(told, decisions))


def cost_since(made: Decision, work: Initiative | None, currency: str) -> str:
    """Say as a clause what work costs now, where that is not what it cost when leadership decided; else ""."""
    return costs_other(made.amount, work.capital, currency) if work and work.is_open else ""


def costs_other(then: float | None, now: float | None, currency: str) -> str:
    """Say as a clause that something costs another amount now than then; "" where it does not, or was not known then."""
    if then is None:
        return ""
    if now is None:
        return f"it cost {money(then, currency)} then, and its cost is not known now"
    if abs(now - then) <= SAME_COST * max(then, now):
        return ""
    return f"it costs {money(now, currency)} now, not {money(then, currency)}"


def _advice(subject: str, names: Mapping[str, str]) -> str:
    """Name a recommendation whose words are not kept by what it was about."""
    about, _, detail = subject.removeprefix(RECOMMENDATION).partition(".")
    what = f"“{names[detail]}”" if detail in names else about.replace("-", " ")
    return f"the recommendation on {what}"


def _earlier(record: Record, round_: Round, since: str) -> set[str]:
    """Return the ids of the rounds before this one, from ``since`` on where it is given."""
    first = record.round(since).as_of if since else date.min
    return {each.id for each in record.rounds if first <= each.as_of < round_.as_of}


def to_be_stopped(text: str) -> str:
    """Return what a text in the consultant's own words asks to stop, as it is called there; empty where nothing is."""
    return " ".join(match.strip() for match in _STOP.findall(text)).strip()


@dataclass(frozen=True)
class Commitments:
    """The live work of one round, and what holds each piece of it.

    Parameters
    ----------
    record : Record
        The record; decisions of later rounds are not looked at.
    assessment : Assessment
        The round, as far as it has been assessed.
    """

    record: Record
    assessment: Assessment

    @cached_property
    def held(self) -> dict[str, str]:
        """Each live initiative that may not be asked to be stopped, with the reason as a clause."""
        work = {initiative.id: initiative for initiative in live(self.record)}
        reasons = {id: reason for id in work if (reason := self._reason(work[id]))}
        todo = list(reasons)
        while todo:
            holder = work[todo.pop()]
            for need in holder.depends_on:
                if need in work and need not in reasons:
                    reasons[need] = f"is needed by “{holder.name}”"
                    todo.append(need)
        for id, initiative in work.items():
            names = (work[other].name for other in sorted(reasons))
            kin = next((name for name in names if resembles(initiative.name, name)), None)
            if id not in reasons and kin is not None:
                reasons[id] = f"resembles “{kin}” by name"
        return reasons

    @cached_property
    def standing(self) -> Standing:
        """What leadership has decided by then."""
        return Standing(self.record, self.assessment.as_of)

    @property
    def without_goal(self) -> list[Initiative]:
        """Work going ahead that serves no goal, and whose end nobody has promised."""
        return [work for work in self.standing.serving_no_goal if not self._ending(work)]

    @property
    def free(self) -> list[Initiative]:
        """What may be asked to be stopped: work without a goal that nothing holds."""
        return [work for work in self.without_goal if work.id not in self.held]

    def kin_of_goal(self, goal: str) -> Initiative | None:
        """Return the live initiative whose name resembles a goal's that it does not serve; the first by id."""
        name = next(each.name for each in self.record.facts.goals if each.id == goal)
        kin = (work for work in self._going_ahead if not work.goals.get(goal))
        return next((work for work in kin if resembles(work.name, name)), None)

    def like_risk(self, risk: Risk) -> str | None:
        """Name what resembles a risk and is not said to settle it: a promise kept or open, else work going ahead."""
        for promise in self.assessment.promises:
            if promise.state != "dropped" and resembles(promise.action, risk.name):
                when = f" on {day(promise.done_on)}" if promise.done_on else ""
                state = "promised earlier" if promise.state in ("open", "overdue") else f"kept{when}"
                return f"“{promise.action}”, {state},"
        kin = (work for work in self._going_ahead if risk.id not in work.settles)
        return next((f"“{work.name}”" for work in kin if resembles(work.name, risk.name)), None)

    def goal_like(self, initiative: Initiative) -> Goal | None:
        """Return the goal whose name an initiative's resembles."""
        return next((goal for goal in self.record.facts.goals if resembles(goal.name, initiative.name)), None)

    @property
    def _going_ahead(self) -> list[Initiative]:
        return sorted(self.standing.going_ahead, key=lambda work: work.id)

    @cached_property
    def _asked_elsewhere(self) -> list[str]:
        """What else may be asked for by name: goals, risks, promises not yet kept, the consultant's own actions."""
        facts = self.record.facts
        promised = [action.action for action in self._promised]
        own = [
            made.action for made in facts.recommendations if made.action and not to_be_stopped(made.action)
        ]
        return [*(goal.name for goal in facts.goals), *(risk.name for risk in facts.risks), *promised, *own]

    def _ending(self, initiative: Initiative) -> bool:
        """Whether a promise not yet kept is to stop this work."""
        ends = [(a.initiative, to_be_stopped(a.action)) for a in self.record.actions if a.status == "open"]
        return any(what and (id == initiative.id or resembles(initiative.name, what)) for id, what in ends)

    @cached_property
    def _promised(self) -> list[Action]:
        """The promises not yet kept; one to stop work holds none."""
        return [a for a in self.record.actions if a.status == "open" and not to_be_stopped(a.action)]

    def _reason(self, initiative: Initiative) -> str:
        """Return why an initiative may not be asked to be stopped, as a clause; empty where it may be."""
        # What would end work cannot hold it, whoever the consultant names to carry that out.
        advised = {made.initiative for made in self.record.facts.recommendations if made.id != ENDS_WORK}
        promised = {action.initiative for action in self._promised}
        for holds, reason in (
            (initiative.mandatory, "is mandatory"),
            (initiative.settles, "settles a risk"),
            (any(initiative.goals.values()), "serves a goal"),
            (initiative.status == "in progress", "is in progress"),
            (initiative.id in self.standing.decisions, "is decided on"),
            (initiative.id in self.standing.pins, "is pinned in the scenario that the plan follows"),
            (
                initiative.id.startswith(RECOMMENDATION) or initiative.id in advised,
                "carries a recommendation",
            ),
            (initiative.id in promised, "carries a promise"),
            (initiative.practices, "builds a practice"),
        ):
            if holds:
                return reason
        kin = next((name for name in self._asked_elsewhere if resembles(initiative.name, name)), None)
        return "" if kin is None else f"resembles “{kin}” by name"


def resembles(name: str, other: str) -> bool:
    """Whether two names may speak of the same thing, told by their words: a hint to ask about, never a link by itself.

    They do when they share two words or more that carry meaning, and these are at least three in five of the shorter
    name's; or when they differ by a letter here and there. Word order, plurals and small words do not count.
    """
    words, others = _meaning(name), _meaning(other)
    if not words or not others:
        return False
    if words == others:
        return True
    shared = len(words & others)
    if shared >= _SHARED_WORDS and shared >= _SHARED_PART * min(len(words), len(others)):
        return True
    return min(len(words), len(others)) > 1 and _alike(" ".join(sorted(words)), " ".join(sorted(others)))


def _alike(text: str, other: str) -> bool:
    longest = max(len(text), len(other))
    if min(len(text), len(other)) < _SAME_LETTERS * longest:
        return False
    return SequenceMatcher(None, text, other, autojunk=False).ratio() >= _SAME_LETTERS


def _meaning(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return frozenset(_stem(word) for word in _WORD.findall(plain) if word not in _SMALL)


def _stem(word: str) -> str:
    """Return a word without its plural: "records", "branches" and "policies" lose it, "business" stays."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
