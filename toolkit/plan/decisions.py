"""The decisions that leadership is asked for: one list, used by every page.

Work that is fixed is released, chosen work approved and alternatives chosen by separate asks, since each can be
answered by itself; what the plan leaves open and what the assessment recommends follow. An ask that takes up a
recommendation bears its id, by which its rule stands in :mod:`toolkit.assess.recommendations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from toolkit.assess import assess
from toolkit.assess.assessment import Assessment
from toolkit.assess.commitments import ENDS_WORK, Standing
from toolkit.assess.statements import TO_ESTIMATE, Recommendation
from toolkit.assess.trace import leads, with_owner
from toolkit.client.asks import AnswerEffect, AnswerOption, AskPart, PublishedAsk
from toolkit.client.field_types import LONGEST_SHORT_NAME
from toolkit.client.known import known_on
from toolkit.client.record import Record
from toolkit.client.schema import Chooser, Impact, Initiative, Risk
from toolkit.method import BY_ID, RECOMMENDATION, SOON_DAYS, SOON_WEIGHS, UNKNOWN_SEVERITY
from toolkit.plan.advice import LONGEST_ID, funded
from toolkit.plan.answers import LeadershipAnswers
from toolkit.plan.assumptions import NOTHING, begins_before, within_limits
from toolkit.plan.outlook import Outlook, outlooks
from toolkit.plan.plan_table import Spread, pushes_out, quarters_of, spread
from toolkit.plan.problem import candidate
from toolkit.plan.risk_answers import ends, first_to_settle, in_time, opened_without
from toolkit.plan.roadmap import Deferred, Roadmap, Scheduled
from toolkit.plan.scenario import followed, proposed
from toolkit.words import (
    beside,
    capital,
    count,
    day,
    excerpt,
    inside,
    joined,
    money,
    number_word,
    quoted,
    recorded,
    sentence,
    tidy,
)

# So many are asked for at one meeting; the others stay recommendations.
MOST = 6
RELEASE, APPROVE, UNSERVED = "release.fixed-work", "approve.chosen-work", "goals-without-work"

RED = " (reported red)"  # how the name of work ends that stands red

Kind = Literal["unblock", "release", "approve", "choose", "risk", "act"]
_Decides = Literal["approve", "defer", "reject"]
# What it is called to agree, to put off and to refuse; a risk is accepted rather than refused.
_DEFER = "Defer until"
# What is asked in place of a refusal, with the word for doing it.
LATE_WORK = f"{RECOMMENDATION}late-work"
_BEHIND = f"{RECOMMENDATION}measures-behind"
_ALTERNATIVES = (LATE_WORK, _BEHIND)
_AGREE, _APPROVE = ("Agree", _DEFER, "Reject"), ("Approve", _DEFER, "Reject")
_FUND, _BRING = ("Fund it", _DEFER, "Reject"), ("Bring it forward", _DEFER, "Reject")
_ACT, _FASTER = ("Act on it now", _DEFER, "Reject"), ("Find a faster answer", _DEFER, "Reject")
_ESTIMATE = ("Estimate it", _DEFER, "Reject")

# The recommendations without which nothing can be planned, by what the plan says it lacks.
_UNBLOCKS = {"goals": "name-goals", "a yearly budget": "set-budget"}
_ESTIMATES = "estimates"  # what is lacking of the work is named by what that is
# What a recommendation is about that leadership answers with money or by a date; the others follow.
_PRESSING = (
    "cost",
    UNSERVED,
    "goals-out-of-time",
    "late-work",
    "set-budget",
    "name-goals",
)
_NOT_IN_THE_PLAN = "not in the plan"
# How a plan says of fixed work that it is too short for it.
_PAST_THE_END = ("longer than the plan’s", "it would end after the plan")


@dataclass(frozen=True)
class AskMoney:
    """What a decision costs, in the client's currency; capital with its contingency.

    Attributes
    ----------
    years : mapping of int to float
        New capital by fiscal year of the plan.
    before, later : float
        Capital that falls before the plan begins, and due after its last quarter.
    running : float
        What the work costs to run a year, once it is done; ``running_unknown`` says of how many initiatives that is not
        known.
    saves : float
        What it saves a year.
    part_of : str
        Id of the decision that these amounts are part of; "" where they are its own.
    source : str
        Where the money comes from, or why no amount is known, as a clause.
    """

    years: Mapping[int, float] = field(default_factory=dict)
    before: float = 0.0
    later: float = 0.0
    running: float = 0.0
    running_unknown: int = 0
    saves: float = 0.0
    part_of: str = ""
    source: str = ""

    @property
    def new(self) -> float:
        """New capital in all: in the plan's years and after."""
        return sum(self.years.values()) + self.later


@dataclass(frozen=True)
class Ask:
    """One decision.

    Attributes
    ----------
    id : str
        Its kind and subject, the same from round to round: "choose.erp", "risk.warehouse-contract".
    what : str
        What is asked, as an imperative without full stop.
    about : str
        What has to be known beside it, in a few words.
    because : str
        Why it is asked now, as sentences.
    undecided : str
        What happens if nobody decides this one, as a sentence.
    due : date or None
        A day from outside by which it has to be taken; all others are asked of the next meeting.
    needs : tuple of str
        Ids of the decisions that it rests on.
    called : tuple of str
        What it is called to agree to it, to put it off and to refuse it.
    work : tuple of str
        Ids of the initiatives that it releases or approves.
    names : tuple of str
        What these, or the needs that it is about, are called where the ask itself names none of them; what stands red is
        said to.
    recommendation : str
        Id of the recommendation that it takes up; "" where it is the plan's own.
    options : tuple of AnswerOption
        How it may be answered, each with the decisions that this makes.
    """

    id: str
    kind: Kind
    what: str
    about: str = ""
    because: str = ""
    undecided: str = ""
    money: AskMoney = AskMoney()
    business: str | None = None
    it: str | None = None
    due: date | None = None
    needs: tuple[str, ...] = ()
    called: tuple[str, str, str] = _AGREE
    recommendation: str = ""
    work: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    options: tuple[AnswerOption, ...] = ()

    @property
    def beside(self) -> str:
        """What has to be known beside it, with the names of its work before that."""
        names = joined([excerpt(name, 44) for name in self.names], most=3)
        return f"{names}; {inside(self.about)}" if names and self.about else names or self.about

    @property
    def owners(self) -> tuple[str, ...]:
        """Who answers for it, by name; one who does on both sides is named once."""
        return tuple(dict.fromkeys(name for name in (self.business, self.it) if name))

    @property
    def named(self) -> tuple[str, ...]:
        """Who answers for it, without the post they hold; that they are to be named, where nobody is."""
        return tuple(owner.split(",")[0] for owner in self.owners) or ("to be named",)

    @property
    def answers(self) -> tuple[str, ...]:
        """How it may be answered, in the words that slides, workbook and decision sheet offer."""
        return tuple(one.offered for one in self.options)


def decisions_asked(record: Record, assessment: Assessment, roadmap: Roadmap) -> tuple[Ask, ...]:
    """Return all decisions there are to take, the most pressing first; the first ``MOST`` are asked for now.

    What blocks the plan comes first, then the plan's own, then risks by severity and date, then what has money or a date of
    its own. What leadership has answered is not asked again unless what the answer rests on has changed.

    Parameters
    ----------
    record : Record
        The client's.
    assessment : Assessment
        With each recommendation's cost as the plan has it (:func:`toolkit.plan.advice.funded`).
    """
    asks = _Asks(record, assessment, roadmap)
    advised = [asks.recommended(one) for one in assessment.recommendations]
    unblocking = [one for one in advised if one.kind == "unblock"]
    rest = [one for one in advised if one.kind != "unblock"]
    risks = sorted((*asks.left_open(), *(one for one in rest if one.kind == "risk")), key=asks.weight)
    rest = [one for one in rest if one.kind != "risk"]
    pressing = [one for one in rest if one.id.partition(".")[0] in _PRESSING]
    pressing = [*asks.costs_that_wait(), *pressing]
    made = (
        *asks.colliding(), *unblocking, *asks.of_the_plan(), *asks.choices(), *risks, *pressing,
        *(one for one in rest if one not in pressing),
    )  # fmt: skip
    open_ = [again for one in made if (again := asks.again(one))]
    ids = {one.id for one in open_}
    open_ = [replace(one, needs=tuple(need for need in one.needs if need in ids)) for one in open_]
    return tuple(replace(one, options=asks.options(one, open_)) for one in open_)


def published(record: Record, asks: Sequence[Ask]) -> tuple[PublishedAsk, ...]:
    """Return decisions as ``plan.json`` holds them: what the form, the workshop and the offline sheet take answers to."""
    return tuple(
        PublishedAsk(
            id=one.id, what=one.what, now=number < MOST, about=one.about if one.id in (RELEASE, APPROVE) else one.beside, undecided=one.undecided,
            years={year: tidy(amount, 2) for year, amount in one.money.years.items()}, before=tidy(one.money.before, 2),
            later=tidy(one.money.later, 2), running=tidy(one.money.running, 2), saves=tidy(one.money.saves, 2),
            part_of=one.money.part_of, source=one.money.source, owner_business=one.business, owner_it=one.it,
            due=one.due, options=one.options, parts=_parts(record, one),
        )
        for number, one in enumerate(asks)
    )  # fmt: skip


def _parts(record: Record, ask: Ask) -> tuple[AskPart, ...]:
    """Return the initiatives of the ask that releases or approves them, where there are several."""
    names = {one.id: one.short or one.name for one in record.initiatives}
    found = [i for i in dict.fromkeys(one.subject for x in ask.options for one in x.effects) if i in names]
    if ask.id not in (RELEASE, APPROVE) or len(found) < 2:
        return ()
    return tuple(AskPart(subject=i, name=names[i]) for i in found)


def asked_in(record: Record, round_id: str, roadmap: Roadmap) -> tuple[Ask, ...]:
    """Return a round's decisions, as the pages ask for them."""
    known = known_on(record, record.round(round_id).as_of)
    under = proposed(known, known.round(round_id))
    return decisions_asked(known, funded(under, assess(known, round_id), roadmap), roadmap)


def left_open(record: Record, assessment: Assessment, roadmap: Roadmap) -> list[Risk]:
    """Return the risks whose work on record the plan leaves out or ends too late, and that nothing else asks about."""
    going = ends(record, assessment.as_of, roadmap)
    going |= {one.id: date.min for one in record.initiatives if one.status == "done"}
    accepted = Standing(record, assessment.as_of).accepted
    asked = {risk for one in assessment.recommendations for risk in one.risks}
    return [
        risk
        for risk in sorted(record.facts.risks, key=lambda one: (-(one.severity or 0.0), one.id))
        if risk.id not in accepted | asked
        and not any(
            risk.id in one.settles and one.id in going and in_time(going[one.id], risk.due)
            for one in record.initiatives
        )
    ]


def ended_work(record: Record, as_of: date, roadmap: Roadmap) -> list[Scheduled]:
    """Return the planned work under way that ends by a day, and so can neither be released nor stopped any more.

    What leadership has answered is left out.
    """
    fiscal, answers = record.facts.profile.fiscal, LeadershipAnswers(record, as_of)
    return [
        work
        for work in roadmap.scheduled
        if work.fixed == "in progress"
        and work.finish.last_day(fiscal) <= as_of
        and not answers.stands_for(work.initiative)
    ]


class _Asks:
    """What the decisions of one record, assessment and plan are made of."""

    def __init__(self, record: Record, assessment: Assessment, roadmap: Roadmap) -> None:
        self.record, self.assessment, self.roadmap = record, assessment, roadmap
        self.round = record.round(assessment.round)
        self.under = proposed(record, self.round)
        self.currency = record.facts.profile.currency
        self.by_id = {one.id: one for one in record.initiatives}
        self.planned = {one.initiative: one for one in roadmap.scheduled}
        self.spreads: Mapping[str, Spread] = spread(self.under, roadmap) if roadmap.scheduled else {}
        self.outlooks = {one.goal.id: one for one in outlooks(self.under, roadmap, assessment.as_of)}
        fixed = replace(roadmap, scheduled=tuple(one for one in roadmap.scheduled if one.fixed))
        self.without_choice = {one.goal.id: one for one in outlooks(self.under, fixed, assessment.as_of)}
        self.answers = LeadershipAnswers(record, assessment.as_of)

    def again(self, ask: Ask) -> Ask | None:
        """Return an ask as it is to be asked: None where it is answered, with what was answered where that is not enough."""
        if ask.id in (RELEASE, APPROVE):  # of these, only the work is asked for that is not answered
            return ask
        costs = None if self._work_of(ask) else tidy(ask.money.new, 2)
        if self.answers.stands(ask.id, costs) and ask.kind != "unblock":
            return None
        told = self.answers.told(ask.id, costs)
        return (
            replace(ask, about=_before(told, ask.about), because=_before(told, ask.because)) if told else ask
        )

    def options(self, ask: Ask, asked: Iterable[Ask]) -> tuple[AnswerOption, ...]:
        """Return how an ask can be answered, and which decisions each answer makes.

        What another decision is about is left to that one, unless nothing else would be left.
        """
        if ask.kind == "choose":
            return self._choosing(ask)
        work = self._work_of(ask)
        if ask.id in (RELEASE, APPROVE):
            apart = {i for other in asked if other.id not in (RELEASE, APPROVE) for i in self._work_of(other)}
            work = [i for i in work if i not in apart] or work
        begun = [i for i in work if self.by_id[i].status == "in progress"]
        yes, later, no = ask.called
        made = [AnswerOption(answer="approve", label=yes, effects=self._effects(ask, work, "approve"))]
        if len(begun) < len(work) or not work:  # what is under way cannot begin later
            rest = [i for i in work if i not in begun]
            effects = self._effects(ask, rest, "defer")
            made.append(AnswerOption(answer="defer", label=later, effects=effects, until=True))
        if ask.kind == "risk":
            accept = "Accept what followed" if self._past(self._risk(ask)) else "Accept the risk"
            made.append(AnswerOption(answer="accept", label=accept, effects=self._accepted(ask)))
        elif ask.kind != "unblock":
            effects = (
                self._stopped() if ask.recommendation == ENDS_WORK else self._effects(ask, work, "reject")
            )
            made.append(AnswerOption(answer="reject", label=no, effects=effects))
        if ask.id == UNSERVED:  # no work of IT's either, and the note says whose it is
            outside = self._effects(ask, work, "reject")
            made.append(AnswerOption(answer="outside", label="Served outside IT", effects=outside))
        return tuple(made)

    def _choosing(self, ask: Ask) -> tuple[AnswerOption, ...]:
        """Return a choice's options: each of the alternatives, none of them, or none before a quarter."""
        members = [i for i in ask.work if i in self.by_id]
        made = [
            AnswerOption(
                answer=f"choose.{i}", label=f"Choose {quoted(self._name(i), 60)}",
                effects=tuple(self._effect(other, "approve" if other == i else "reject") for other in members),
            )
            for i in members
        ]  # fmt: skip
        none = AnswerOption(answer="none", label="Neither" if len(members) == 2 else "None of them",
                            effects=self._effects(ask, members, "reject"))  # fmt: skip
        later = AnswerOption(
            answer="defer", label=_DEFER, effects=self._effects(ask, members, "defer"), until=True
        )
        return (*made, none, later)

    def _work_of(self, ask: Ask) -> list[str]:
        """Return the open initiatives that an answer to an ask decides about."""
        return [i for i in dict.fromkeys(ask.work) if i in self.by_id and self.by_id[i].is_open]

    def _effects(self, ask: Ask, work: Iterable[str], decision: _Decides) -> tuple[AnswerEffect, ...]:
        """Return what is decided about work, or about the ask itself: of a recommendation under its own id."""
        made = tuple(self._effect(i, decision) for i in work)
        subject = (ask.recommendation or f"{RECOMMENDATION}{ask.id}")[:LONGEST_ID]
        amount = None if made else tidy(ask.money.new, 2) or None
        itself = AnswerEffect(subject=subject, decision=decision, amount=amount)
        return made if made and not ask.recommendation else (*made, itself)

    def _stopped(self) -> tuple[AnswerEffect, ...]:
        """Return what it decides to stop the work that is to be tied to a goal or stopped: that, and that it is settled."""
        asked = [each for each in self.assessment.recommendations if each.id == ENDS_WORK]
        done = AnswerEffect(subject=ENDS_WORK, decision="approve")
        return (*(self._effect(id, "reject") for each in asked for id in each.initiatives), done)

    def _effect(self, initiative: str, decision: _Decides) -> AnswerEffect:
        cost = self.by_id[initiative].capital
        amount = None if cost is None else tidy(cost, 2)
        return AnswerEffect(subject=initiative, decision=decision, amount=amount)

    def _accepted(self, ask: Ask) -> tuple[AnswerEffect, ...]:
        return tuple(
            AnswerEffect(subject=risk.id, decision="accept risk")
            for risk in self.record.facts.risks
            if ask.id == f"risk.{risk.id}"
        )

    def colliding(self) -> Iterator[Ask]:
        """Yield which commitment gives way, where the fixed work cannot all be done."""
        if self.roadmap.kind != "infeasible":
            return
        conflicts = self.roadmap.conflicts
        what = "Decide which commitment gives way, since the fixed work cannot all be done"
        if all(any(end in one for end in _PAST_THE_END) for one in conflicts):
            what = "Decide whether the plan looks further ahead, since fixed work takes longer than the plan"
        business, it = leads(self.record)
        yield Ask(
            "unblock.fixed-work", "unblock", what, because=sentence(capital(joined(list(conflicts), most=5))),
            undecided="There is no plan: nothing else can be placed, approved or deferred.",
            business=business, it=it, called=("Decided, as the note says", _DEFER, "Reject"),
        )  # fmt: skip

    def of_the_plan(self) -> Iterator[Ask]:
        """Yield the release of fixed work and the approval of chosen work, each for itself."""
        if self.roadmap.kind != "optimised":
            return
        work = [one for one in self.roadmap.scheduled if not self.answers.stands_for(one.initiative)]
        over = ended_work(self.record, self.assessment.as_of, self.roadmap)
        fixed = [one for one in work if one.fixed and one not in over]
        chosen = [one for one in work if not one.fixed]
        answered = len(self.roadmap.scheduled) - len(work)
        which = count(len(over), "other") if fixed else f"{number_word(len(over))} under way"
        spent = f"{money(sum(one.capex for one in over), self.currency)}{' in all' if len(over) > 1 else ''}"
        ends_by = f"{'ends' if len(over) == 1 else 'end'} by {day(self.assessment.as_of)}"
        ended = f"{which} ({spent}) {ends_by}" if over else ""
        told = " ".join(filter(None, (self.answers.told_of(one.initiative) for one in work)))
        business, it = leads(self.record)
        past = begins_before(self.record, self.assessment.as_of, self.roadmap.start)
        early = f"{past}." if past else ""
        if fixed:
            early = early or self._before_meeting(fixed)
            yield Ask(
                RELEASE, "release", f"Release the {'other ' if answered else ''}fixed work",
                _before(told, early.removesuffix(".") or "; ".join(filter(None, (self._fixed_kinds(fixed), ended)))),
                " ".join(filter(None, (told, early, sentence(capital(ended)) if ended else "", self._limits() if not chosen else ""))),
                self._if_held(fixed), self.money_of(fixed), business, it, called=("Release", "Hold new starts until", "Stop it"),
                work=tuple(one.initiative for one in fixed), names=self._names_of(fixed),
            )  # fmt: skip
        if chosen:
            what = (
                f"Approve {quoted(self._name(chosen[0].initiative), 90)}"
                if len(chosen) == 1
                else f"Approve the {count(len(chosen), 'chosen initiative')}"
            )
            yield Ask(
                APPROVE, "approve", what,
                _before(told if not fixed else "", early if early and not fixed else self._among(chosen) or (capital(ended) if not fixed else "")),
                " ".join(filter(None, (told if not fixed else "", early if not fixed else "", self._limits()))),
                self._if_not_approved(chosen), self.money_of(chosen), business, it, None, (RELEASE,) if fixed else (),
                _APPROVE, work=tuple(one.initiative for one in chosen), names=self._names_of(chosen) if len(chosen) > 1 else (),
            )  # fmt: skip

    def choices(self) -> Iterator[Ask]:
        """Yield each choice between alternatives of which the plan takes one freely, the dearest first."""
        if self.roadmap.kind != "optimised":
            return
        recorded_for = {one.group: one for one in self.record.facts.planning.choices}
        made = [
            self._choice(group, self.planned[taken], others, recorded_for.get(group))
            for group, taken, others in self._alternatives()
        ]
        yield from sorted(made, key=lambda one: (-one.money.new, one.id))

    def left_open(self) -> Iterator[Ask]:
        """Yield the risks that the plan leaves without an answer, the most severe first."""
        if self.roadmap.kind != "optimised" or not self.roadmap.scheduled:
            return
        for risk in left_open(self.record, self.assessment, self.roadmap):
            business, it = with_owner(self.record, risk.owner)
            what, about, source, answers = self._open_risk(risk)
            told = "; ".join(filter(None, (about, self._passed(risk))))
            yield Ask(
                f"risk.{risk.id}", "risk", what, capital(told) or "The plan does not settle it",
                "The plan has no work that settles it in time.", self._if_not_settled(risk, "it"),
                AskMoney(source=source), business, it, risk.notice, (APPROVE, RELEASE), answers,
                work=tuple(x.initiative for x in self._waiting_for(risk)[:1]),
            )  # fmt: skip

    def costs_that_wait(self) -> Iterator[Ask]:
        """Yield the agreed costs that only work below the line would end, the largest first."""
        if self.roadmap.kind != "optimised" or not self.roadmap.scheduled:
            return
        asked = {cost for one in self.assessment.recommendations for cost in one.impacts}
        going = {
            *self.planned,
            *self.roadmap.uncounted,
            *(one.id for one in self.record.initiatives if one.status == "done"),
        }
        ended = {cost for i in going for cost in self._of(i).removes}
        for cost in sorted(self.record.facts.impact, key=lambda one: (-one.likely, one.id)):
            waiting = [one for one in self.roadmap.deferred if cost.id in self._of(one.initiative).removes]
            if not cost.agreed_by or not waiting or cost.id in asked | ended:
                continue
            first = min(waiting, key=lambda one: (one.capex, one.initiative))
            business, it = with_owner(self.record, cost.agreed_by)
            yield Ask(
                f"cost.{cost.id}", "act",
                f"Make room for the work that ends {cost.short or quoted(cost.name, 90)}, {money(cost.likely, self.currency)} a year",
                capital(self._takes(first)), "No work of the plan ends it.", self._goes_on(cost),
                AskMoney(source=_NOT_IN_THE_PLAN), business, it, None, (APPROVE, RELEASE), ("Make room for it", _DEFER, "Keep the cost"),
                work=(first.initiative,),
            )  # fmt: skip

    def _open_risk(self, risk: Risk) -> tuple[str, str, str, tuple[str, str, str]]:
        """Return what is asked of a risk that the plan leaves open, what is known beside it, where money stands, and the answers."""
        name = quoted(risk.short or risk.name, 120)
        late = first_to_settle(self.record, self.roadmap, risk)
        if self._past(risk):
            return f"Decide what to do: {name} is past", self._its_work(risk), TO_ESTIMATE, _ACT
        if late and not self._waiting_for(risk):
            end = day(late.finish.last_day(self.record.facts.profile.fiscal))
            about = f"{quoted(self._name(late.initiative), 60)} is done on {end}"
            return f"Accept {name}, or bring its work forward", about, TO_ESTIMATE, _BRING
        unknown = [x for x in self.roadmap.unscheduled if risk.id in self._of(x.initiative).settles]
        if unknown and not self._waiting_for(risk):
            missing = unknown[0].missing
            about = f"the {joined(missing)} of {quoted(self._name(unknown[0].initiative), 60)} {'is' if len(missing) == 1 else 'are'} not known"
            return f"Accept {name}, or estimate its work", about, TO_ESTIMATE, _ESTIMATE
        if any(risk.id in one.settles and one.is_open for one in self.record.initiatives):
            brief = self._briefly(risk)
            return (
                f"Accept {name}, or make room for {brief or 'its work'}",
                self._its_work(risk, "It" if brief else ""),
                _NOT_IN_THE_PLAN,
                ("Make room for it", _DEFER, "Reject"),
            )
        return f"Accept {name}, or fund work on it", "", TO_ESTIMATE, _FUND

    def _briefly(self, risk: Risk) -> str:
        """Name the work that waits to settle a risk, where its name is short; else ""."""
        waiting = self._waiting_for(risk)
        name = self._name(waiting[0].initiative) if waiting else ""
        return quoted(name) if name and len(name) <= LONGEST_SHORT_NAME else ""

    def weight(self, ask: Ask) -> tuple[float, str]:
        """Return what asks about risks are ordered by: how severe the risk is, and whether it falls due within a year."""
        risk = self._risk(ask)
        soon = risk.due is not None and (risk.due - self.assessment.as_of).days <= SOON_DAYS
        return -(risk.severity or UNKNOWN_SEVERITY) - SOON_WEIGHS * soon, ask.id

    def _risk(self, ask: Ask) -> Risk:
        """Return the risk that an ask is about."""
        return next(each for each in self.record.facts.risks if ask.id == f"risk.{each.id}")

    def _passed(self, risk: Risk) -> str:
        """Say that a risk's date, or the last day to act on it, is over; "" where neither is."""
        if self._past(risk) and risk.due:
            return f"its date was {day(risk.due)}"
        if risk.notice and risk.notice < self.assessment.as_of:
            return f"the last day to act was {day(risk.notice)}"
        return ""

    def _past(self, risk: Risk) -> bool:
        """Whether a risk's date is over."""
        return risk.due is not None and risk.due < self.assessment.as_of

    def _names_of(self, work: Iterable[Scheduled]) -> tuple[str, ...]:
        """Name planned work; what stands red comes first and is said to."""
        red = {
            one.id for one in self.record.initiatives if one.status == "in progress" and one.health == "red"
        }
        ids = sorted((one.initiative for one in work), key=lambda i: i not in red)
        return tuple(f"{self._name(i)}{RED}" if i in red else self._name(i) for i in ids)

    def _its_work(self, risk: Risk, called: str = "") -> str:
        """Say what the work that would settle a risk costs, and what keeps it out; "" where none waits."""
        waiting = self._waiting_for(risk)
        return self._takes(waiting[0], risk.id, called) if waiting else ""

    def _takes(self, one: Deferred, risk: str = "", called: str = "") -> str:
        """Say what work below the line costs, what it would push out and leave open, or what keeps it there or from being in time."""
        name, costs = called or self._name(one.initiative), money(one.capex, self.currency)
        # What it would push out is not known to be so if it must be in time, too.
        out = "" if risk in one.late_because else pushes_out(self.record, self.roadmap, one.initiative)
        because = one.leaves_open(risk)
        if not out:
            return f"{name} takes {costs}; {because}"
        opened = [quoted(each.short or each.name, 60) for each in self._reopened(one.initiative)]
        return f"{name} ({costs}) would push out {out}{f', and leave {joined(opened, most=2)} open' if opened else ''}"

    def _reopened(self, initiative: str) -> list[Risk]:
        """Return the risks that the plan settles in time, and would not if an initiative below the line had to be in."""
        pushed = self.roadmap.explained.displaced.get(initiative) if self.roadmap.explained else None
        if pushed is None:
            return []
        enter = (initiative, *pushed.enter)
        return opened_without(self.record, self.assessment.as_of, self.roadmap, pushed.leave, enter)

    def _waiting_for(self, risk: Risk) -> list[Deferred]:
        """Return the work below the line that settles a risk, the cheapest first."""
        waiting = [one for one in self.roadmap.deferred if risk.id in self._of(one.initiative).settles]
        return sorted(waiting, key=lambda one: (one.capex, one.initiative))

    def recommended(self, one: Recommendation) -> Ask:
        """Return the ask that a recommendation makes."""
        id = one.id.removeprefix(RECOMMENDATION)
        lacks = {
            _UNBLOCKS.get(each, _ESTIMATES if each.endswith(" of the work") else "")
            for each in self.roadmap.why_timeline
        }
        kind: Kind = "unblock" if id in lacks else "risk" if one.risks else "act"
        costs = self._money_for(one)
        passed = [self._passed(risk) for risk in self.record.facts.risks if risk.id in one.risks]
        source = costs.source.removeprefix("none; ")
        about = "; ".join(filter(None, (self._left_out(one) or self._too_late(one) or source, *passed)))
        return Ask(
            id, kind, _asked(one), capital(about), " ".join(one.because[:1]), self._if_not_done(one), costs,
            one.owner_business, one.owner_it, one.due, (costs.part_of,) if costs.part_of else (), _FASTER if self._is_missed(one) else _called(one), one.id,
            () if one.id == ENDS_WORK else one.carriers, self._unnamed(one),
        )  # fmt: skip

    def _is_missed(self, one: Recommendation) -> bool:
        """Whether a recommendation is about a deadline to come that its work misses in any plan."""
        rules = {each.rule for each in self.assessment.findings if each.id in one.findings}
        past = any(self._past(risk) for risk in self.record.facts.risks if risk.id in one.risks)
        return "deadline missed" in rules and not past

    def _unnamed(self, one: Recommendation) -> tuple[str, ...]:
        """Return the names of the needs or initiatives that a recommendation's action only counts; none where it names them."""
        if any(fact.unit == "need" for fact in one.evidence):
            unmet = [each.subject for each in self.assessment.findings if each.id in one.findings]
            return tuple(BY_ID[need].name for need in unmet)
        counted = any(
            "initiative" in fact.unit and fact.value == len(one.initiatives) for fact in one.evidence
        )
        return tuple(self._name(id) for id in one.initiatives) if counted else ()

    def _too_late(self, one: Recommendation) -> str:
        """Return which work settles a recommendation's risks too late in any plan, where the plan leaves it out; else ""."""
        if self.roadmap.kind != "optimised" or not self._is_missed(one):
            return ""
        for risk in self.record.facts.risks:
            if risk.id in one.risks and (waiting := self._waiting_for(risk)):
                name, costs = self._name(waiting[0].initiative), money(waiting[0].capex, self.currency)
                return f"{name} ({costs}) is not in the plan, and ends too late in any"
        return ""

    def _left_out(self, one: Recommendation) -> str:
        """Return what the plan does with a recommendation's work, where that is told before its first reason."""
        stated = next(
            (each.statement for each in self.assessment.findings if each.id in one.findings[:1]), ""
        )
        said = " ".join(one.because[:1])
        return (
            said.removesuffix(stated).strip() if stated and said != stated and said.endswith(stated) else ""
        )

    def money_of(self, work: Iterable[Scheduled], part_of: str = "") -> AskMoney:
        """Return what planned work takes: its capital by year, before and after the plan, and its running cost."""
        work = list(work)
        years: dict[int, float] = {}
        before = later = 0.0
        for one in work:
            for quarter, amount in zip(
                quarters_of(self.roadmap), self.spreads[one.initiative].capital, strict=True
            ):
                years[quarter.year] = years.get(quarter.year, 0.0) + amount
            paid = candidate(
                self.under, self._of(one.initiative), self.roadmap.start, self.roadmap.quarters
            ).payments
            first = self.roadmap.start.index - one.start.index
            before += sum(paid[: max(first, 0)])
            later += sum(paid[max(first + self.roadmap.quarters, 0) :])
        running = [self._of(one.initiative).opex for one in work]
        return AskMoney(
            {year: amount for year, amount in years.items() if amount > NOTHING}, before, later,
            sum(amount for amount in running if amount is not None),
            sum(amount is None for amount in running), part_of=part_of,
        )  # fmt: skip

    # What is said of them.

    def _fixed_kinds(self, fixed: Sequence[Scheduled]) -> str:
        """Say what fixes the fixed work: "two are under way and two are mandatory"."""
        said = {
            "in progress": "under way",
            "mandatory": "mandatory",
            "decided": "approved before",
            "pinned": "pinned",
        }
        if len(fixed) == 1:
            return f"It is {said[fixed[0].fixed]}"
        kinds = [
            f"{number_word(n)} {'is' if n == 1 else 'are'} {words}"
            for kind, words in said.items()
            if (n := sum(one.fixed == kind for one in fixed))
        ]
        return capital(joined(kinds))

    def _among(self, chosen: Sequence[Scheduled]) -> str:
        """Name those of the chosen that another decision is about."""
        ids = {one.initiative for one in chosen}
        names = [quoted(self._name(taken), 40) for _, taken, _ in self._alternatives() if taken in ids]
        return f"{joined(names, most=2)} {'is' if len(names) == 1 else 'are'} among them" if names else ""

    def _before_meeting(self, work: Sequence[Scheduled]) -> str:
        """Say that planned work begins before the meeting that is to release it, as a sentence; "" where none does."""
        meeting = self.record.meeting(self.round)
        first = self.roadmap.start.first_day(self.record.facts.profile.fiscal)
        early = [one for one in work if one.fixed != "in progress" and one.start == self.roadmap.start]
        if meeting is None or first >= meeting or not early:
            return ""
        whose = (
            "it is" if len(work) == 1 else f"{number_word(len(early))} {'is' if len(early) == 1 else 'are'}"
        )
        return capital(f"{whose} planned from {day(first)}, before leadership meets on {day(meeting)}.")

    def _limits(self) -> str:
        scenario = followed(self.record, self.round)
        limits = within_limits(self.record, self.roadmap, most=2, size=30, scenario=scenario)
        total = money(sum(one.capex for one in self.roadmap.scheduled), self.currency)
        before = self.money_of(self.roadmap.scheduled).before
        spent = f", {money(before, self.currency)} of it before the plan" if before > NOTHING else ""
        return f"{', '.join(filter(None, (f'The whole plan takes {total} of capital{spent}', limits)))}."

    def _if_held(self, fixed: Sequence[Scheduled]) -> str:
        """Say what happens without the fixed work: the risks that it settles, else why it is fixed."""
        risks = self._settled_by(fixed)
        if risks:
            return self._consequences(risks)
        reasons = [
            f"{quoted(one.name, 50)} is mandatory: {one.mandatory}"
            for each in fixed
            if each.fixed == "mandatory" and (one := self._of(each.initiative)).mandatory
        ]
        if reasons:
            return sentence(joined(reasons, most=2))
        spent = self.money_of(fixed).before
        names = joined(
            [quoted(self._name(one.initiative), 50) for one in fixed], most=2 if len(fixed) < 3 else 1
        )
        what = f"{names} {'is' if len(fixed) == 1 else 'are'} halted"
        return (
            f"{what}, and the {money(spent, self.currency)} that falls before the plan earns nothing."
            if spent > NOTHING
            else f"{what}."
        )

    def _if_not_approved(self, chosen: Sequence[Scheduled]) -> str:
        """Say what stays as it is without the chosen work: the agreed costs that it ends, then the goal that loses most."""
        ids = {one.initiative for one in chosen}
        costs = [
            cost
            for cost in self.record.facts.impact
            if cost.agreed_by
            and any(cost.id in one.removes for one in self.record.initiatives if one.id in ids)
        ]
        costs.sort(key=lambda one: (-one.likely, one.id))
        said = [
            f"{quoted(one.short or one.name, 60)} still costs {money(one.likely, self.currency)} a year."
            for one in costs[:1]
        ]
        losses = [
            ((goal.weight or 0.0) * self._lost(goal.id), goal.weight or 0.0, goal.id)
            for goal in self.under.facts.goals
            if any(self._of(i).goals.get(goal.id, 0) for i in ids)
        ]
        if losses:
            most, _, goal = max(losses)
            if most > 0:
                said.append(self._at_its_pace(goal, self.without_choice))
            elif risks := self._settled_by(chosen):
                said.append(self._if_not_settled(risks[0]))
            elif not said:
                said.append(self._at_its_pace(goal, self.without_choice))
        opened = opened_without(self.record, self.assessment.as_of, self.roadmap, ids, ())
        names = [quoted(risk.short or risk.name, 60) for risk in self._settled_by(chosen) if risk in opened]
        if said and names and not any(name in " ".join(said) for name in names):
            said.append(f"Then {joined(names, most=2)} {'has' if len(names) == 1 else 'have'} no answer.")
        if not said:
            risks = self._settled_by(chosen)
            said = [self._consequences(risks)] if risks else ["None of them starts."]
        return " ".join(said)

    def _lost(self, goal: str) -> float:
        """Return what share of the way to a goal's target, at most the whole, is lost without the chosen work."""
        with_it, without = self.outlooks[goal], self.without_choice[goal]
        if with_it.expected is None:
            return 0.0
        known = (without.expected, without.pace, without.way)
        return min(with_it.expected, 1.0) - min(next((x for x in known if x is not None), 0.0), 1.0)

    def _at_its_pace(self, goal_id: str, outlooks: Mapping[str, Outlook] | None = None) -> str:
        """Say where a goal's measure goes without new work; with ``outlooks`` by the work that these count."""
        outlook = outlooks[goal_id] if outlooks else self.without_any(goal_id)
        name = quoted(outlook.goal.short or outlook.goal.name, 60)
        if outlook.kpi is None or outlook.pace is None or outlook.due is None or outlook.today is None:
            return f"Nothing new moves the goal {name}."
        leads = outlook.pace if outlook.expected is None else outlook.expected
        how = "At today’s pace" if leads == outlook.pace else "With the fixed work alone"
        unit = f" {outlook.kpi.unit}" if outlook.kpi.unit else ""
        target = f"target {recorded(outlook.target or 0.0)}{unit}"
        if leads >= 1:
            return f"{how} {name} reaches its target by {day(outlook.due)}."
        known = [one for one in (outlook.baseline, outlook.target, outlook.today) if one is not None]
        at = recorded(beside(outlook.value(leads), *known))
        return f"{how} {name} comes to {at}{unit} by {day(outlook.due)}, {target}."

    def without_any(self, goal: str) -> Outlook:
        """Return a goal's outlook without any work."""
        return replace(self.outlooks[goal], low=None, expected=None, high=None)

    def _alternatives(self) -> list[tuple[str, str, list[Initiative]]]:
        """Return each group of alternatives of which the plan takes one freely: its name, that one, the others open."""
        out = []
        standing = Standing(self.record, self.assessment.as_of)
        for group in sorted(
            {one.alternative_group for one in self.record.initiatives if one.alternative_group}
        ):
            members = [one for one in self.record.initiatives if one.alternative_group == group]
            taken = [one for one in members if one.id in self.planned and not self.planned[one.id].fixed]
            others = [
                one
                for one in members
                if one not in taken and one.is_open and one.id not in standing.set_aside
            ]
            if len(taken) == 1 and others:
                out.append((group, taken[0].id, sorted(others, key=lambda one: one.id)))
        return out

    def _choice(self, group: str, taken: Scheduled, others: list[Initiative], choice: Chooser | None) -> Ask:
        one, other = self._of(taken.initiative), others[0]
        money_of = self.money_of([taken], "" if self.answers.stands_for(one.id) else APPROVE)
        names = [each.short or quoted(each.name, 70) for each in (one, other)]
        rest = f" and not {joined([each.short or quoted(each.name, 40) for each in others[1:]], last='or', most=2)}"
        settles = self._settled_by([taken])
        undecided = (
            self._consequences(settles[:1])
            if settles
            else f"Neither starts. {self._at_its_pace(self._first_goal(one))}"
            if self._first_goal(one)
            else "Neither starts."
        )
        owners = (
            (choice.owner_business, choice.owner_it)
            if choice and (choice.owner_business or choice.owner_it)
            else (one.owner_business, one.owner_it)
        )
        return Ask(
            f"choose.{group}", "choose",
            f"Choose {names[0]}, not {names[1]}{rest if len(others) > 1 else ''}",
            self._costs_of(other), f"The plan takes {names[0]}. {self._costs_of(other)}.", undecided, money_of,
            *owners, choice.due if choice else None, (APPROVE,),
            work=(one.id, *(each.id for each in others)),
        )  # fmt: skip

    def _costs_of(self, other: Initiative) -> str:
        """Say what the alternative not taken costs, and what it would push out."""
        cost = (
            f"{money(other.capital, self.currency)} of capital"
            if other.capital is not None
            else "its cost is not known"
        )
        explained = self.roadmap.explained
        pushed = explained.displaced.get(other.id) if explained else None
        # What it replaces goes by itself; only the others are pushed out.
        gone = (
            [i for i in pushed.leave if self._of(i).alternative_group != other.alternative_group]
            if pushed
            else []
        )
        out = f"; {count(len(gone), 'other')} would drop out" if gone else ""
        return f"The other: {cost}{out}"

    def _first_goal(self, one: Initiative) -> str:
        served = [goal for goal in self.under.facts.goals if one.goals.get(goal.id, 0)]
        return max(served, key=lambda goal: (goal.weight or 0.0, goal.id)).id if served else ""

    def _settled_by(self, work: Iterable[Scheduled]) -> list[Risk]:
        """Return the risks that work settles in time, soonest first, then the most severe."""
        fiscal = self.record.facts.profile.fiscal
        finish = {one.initiative: one.finish.last_day(fiscal) for one in work}
        accepted = Standing(self.record, self.assessment.as_of).accepted
        risks = [
            risk
            for risk in self.record.facts.risks
            if risk.id not in accepted
            and any(risk.id in self._of(i).settles and in_time(end, risk.due) for i, end in finish.items())
        ]
        return sorted(
            risks, key=lambda one: (one.due is None, one.due or date.max, -(one.severity or 0.0), one.id)
        )

    def _consequences(self, risks: Sequence[Risk]) -> str:
        """Say what the first of some risks costs, and name the others."""
        names = [quoted(risk.short or risk.name, 60) for risk in risks[1:]]
        has = "has" if len(names) == 1 else "have"
        also = f" Then {joined(names, most=3)} {has} no answer either." if names else ""
        return f"{self._if_not_settled(risks[0])}{also}" if risks else ""

    def _if_not_settled(self, risk: Risk, called: str = "") -> str:
        """Say what a risk costs if nothing settles it: as the record says, with the amounts it states.

        ``called`` names it where the decision itself has just named it.
        """
        past = self._past(risk)
        when = f"From {day(risk.due)}" if risk.due and not past else ""
        name = called or risk.short or quoted(risk.name, 80)
        amounts = [f"{money(risk.loss, self.currency)} lost"] if risk.loss else []
        if risk.yearly:
            until = f" until {day(risk.until)}" if risk.until else ""
            amounts.append(f"{money(risk.yearly, self.currency)} a year{until}")
        if amounts:
            whose = f" ({name})" if not called else ""
            if past and risk.due:
                return sentence(f"What happened is not on record; as feared, {joined(amounts)}{whose}")
            return sentence(f"{when + ': ' if when else ''}{joined(amounts)}{whose}")
        if risk.consequence and past and risk.due:
            return sentence(f"What happened is not on record; as feared: {risk.consequence}")
        if risk.consequence:
            return sentence(f"{when + ': ' if when else ''}{risk.consequence}")
        if past and risk.due:
            return f"What happened on {day(risk.due)} is not on record."
        late = first_to_settle(self.record, self.roadmap, risk)
        end = late.finish.last_day(self.record.facts.profile.fiscal) if late else None
        if when and end and not in_time(end, risk.due):
            return f"{when} until its work is done on {day(end)}, nothing answers {name}."
        return f"{when + ', n' if when else 'N'}othing answers {name}."

    def _if_not_done(self, one: Recommendation) -> str:
        risks = [risk for risk in self.record.facts.risks if risk.id in one.risks]
        if len(risks) == 1:
            return self._if_not_settled(risks[0], "it")
        if risks:
            return self._consequences(risks)
        if one.impacts:
            costs = [cost for cost in self.record.facts.impact if cost.id in one.impacts]
            return " ".join(self._goes_on(cost) for cost in costs)
        if one.goals:
            return self._at_its_pace(one.goals[0])
        if one.id == LATE_WORK and one.action.startswith("Approve the new date"):
            whose = "Its" if len(one.initiatives) == 1 else "Their"
            what = one.action.removeprefix("Approve the ").partition(" of ")[0]
            return f"{whose} {what} {'stays' if what == 'new date' else 'stay'} without approval."
        if one.id in _ALTERNATIVES or one.id.removeprefix(RECOMMENDATION) in _UNBLOCKS.values():
            return " ".join(one.because[:1])
        # What the plan does with its work stands before the reason: the finding says what stays as it is.
        stated = next(
            (each.statement for each in self.assessment.findings if each.id in one.findings[:1]), ""
        )
        return stated or " ".join(one.because[:1])

    def _goes_on(self, cost: Impact) -> str:
        low, high = cost.low, cost.high
        band = (
            f" ({money(low, self.currency)} to {money(high, self.currency)})"
            if low is not None and high is not None and (low, high) != (cost.likely, cost.likely)
            else ""
        )
        said = f"It still costs {money(cost.likely, self.currency)} a year{band}"
        known = {each.id: each for each in self.record.facts.impact}
        shared = [known[i].short or quoted(known[i].name, 50) for i in cost.overlaps if i in known]
        return f"{said}; part of it may be in {joined(shared)}." if shared else f"{said}."

    def _money_for(self, one: Recommendation) -> AskMoney:
        work = [self.planned[i] for i in one.carriers if i in self.planned]
        if work and len(work) == len(one.carriers):
            work = [each for each in work if not self.answers.stands_for(each.initiative)]
            if not work:
                return AskMoney(source="its work is decided on already")
            fixed = any(each.fixed for each in work)
            return self.money_of(work, RELEASE if fixed else APPROVE)
        saves = sum(cost.likely for cost in self.record.facts.impact if cost.id in one.impacts)
        years = {one.year: one.cost} if one.cost and one.year else {}
        return AskMoney(years, saves=saves, source=one.cost_note)

    def _of(self, initiative: str) -> Initiative:
        return self.by_id[initiative]

    def _name(self, initiative: str) -> str:
        one = self.by_id[initiative]
        return one.short or one.name


def _before(told: str, text: str) -> str:
    """Put what was answered before before another text."""
    return " ".join(filter(None, (told, text)))


def _asked(one: Recommendation) -> str:
    """Return what a recommendation asks, without the date and the answers that stand beside it."""
    if one.risks:
        return one.action.partition(", due ")[0].partition(": fund work")[0].partition(", or accept")[0]
    if one.id in _ALTERNATIVES:
        return one.action.partition(", or ")[0]
    return one.action.partition(": ")[0] if one.goals else one.action


def _called(one: Recommendation) -> tuple[str, str, str]:
    if one.id == LATE_WORK:
        return "Approve", _DEFER, capital(one.decision.partition(", or ")[2])
    if one.id == _BEHIND:
        it = "it" if len(one.findings) == 1 else "them"
        return f"Act on {it}", _DEFER, f"Drop {it}" if f"drop {it}" in one.decision else "Change the target"
    if one.risks:
        if one.action.startswith("Decide what to do: "):
            return _ACT
        if one.action.startswith("Estimate"):
            return _ESTIMATE
        return _FUND
    if one.goals:
        return ("Start work", _DEFER, "Off the list")
    if one.impacts:
        return ("End it", _DEFER, "Keep it")
    if one.id == ENDS_WORK:
        tie, _, stop = one.decision.partition(", or ")
        return tie, _DEFER, capital(stop)
    # In the recommendation's own word, where that is short enough for a box.
    if "," in one.decision or len(one.decision.split()) > 3:
        return _AGREE
    return one.decision, _DEFER, "Reject"
