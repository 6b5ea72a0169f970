"""The schema: every field of the record with its label, hint, limits and reference, and what a row may not contradict in itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from toolkit.client.calendar import FiscalYear, Quarter, months_on
from toolkit.client.deck import Deck
from toolkit.client.field_types import (
    SLUG_PATTERN,
    Amount,
    AreaId,
    Contradiction,
    Day,
    DimensionId,
    Fte,
    Id,
    Kind,
    Label,
    Level,
    Name,
    Number,
    Reason,
    Refers,
    Role,
    Row,
    Share,
    ShortName,
    SmallNumber,
    Someone,
    SymptomId,
    Text,
    Whole,
    Year,
)
from toolkit.method import (
    CONSENSUS_FROM,
    CONTRIBUTION_BANDS,
    CONTRIBUTIONS,
    GOAL_POINTS,
    GROUP_NAMES,
    GROUPS,
    HIGHEST,
    LEAST_MINIMUM,
    LOWEST,
    MINIMUM,
    MOST_QUARTERS,
    QUARTERS,
    RISK_WEIGHT,
    SURVEY_FROM,
    Group,
    Mode,
)
from toolkit.words import MONTHS, joined, plain, rounded

GoalId = Annotated[Id, Refers("goal")]
KpiId = Annotated[Id, Refers("KPI")]
ImpactId = Annotated[Id, Refers("business impact")]
RiskId = Annotated[Id, Refers("risk")]
RoundId = Annotated[Id, Refers("round")]
InitiativeId = Annotated[Id, Refers("initiative")]
PracticeId = Annotated[Id, Refers("practice")]
NeedId = Annotated[Id, Refers("need")]
KnownRole = Annotated[Role, Refers("role")]

_DATE, _QUARTER = "2027-06-30", "2027-Q1"
_COO, _CFO, _HEAD_OF_IT = "Dana Whitfield, COO", "Priya Raman, CFO", "Marcus Reyes, Head of IT"
_MONTHS = tuple((month, str(number)) for number, month in enumerate(MONTHS, 1))
_GROUPS = tuple(({**GROUP_NAMES, "provider": "Outsourced provider"}[group], group) for group in GROUPS)
_MODES = (
    ("survey", "survey"),
    ("consensus: one agreed position", "consensus"),
    ("named: one person’s view", "named"),
)
_QUESTIONNAIRES = (
    ("Full, about 50 questions", "full"),
    ("Executive, about 20", "executive"),
    ("Pulse, 6", "pulse"),
    ("The client’s own", "own"),
)


def _pieces(value: Any) -> Any:
    """Split ``a; b`` as it stands in a cell; lists pass through."""
    if not isinstance(value, str):
        return value
    return tuple(piece.strip() for piece in value.split(";") if piece.strip())


def _pairs(value: Any) -> Any:
    """Split ``a: 1; b: 2`` as it stands in a cell; mappings pass through."""
    if not isinstance(value, str):
        return value
    pairs = [piece.rpartition(":") for piece in _pieces(value)]
    keys = [key.strip() for key, colon, _ in pairs if colon]
    if len(keys) != len(pairs):
        raise PydanticCustomError("pairs", "pairs like 'name: 1; other: 2'")
    if len(set(keys)) != len(keys):
        raise PydanticCustomError("pairs", "pairs like 'name: 1; other: 2', each name once")
    return {key.strip(): number.strip() for key, _, number in pairs}


_MARKS = {"comma": ",", "point": "."}


class Profile(Row):
    """The company. ``currency`` is an ISO 4217 code; every amount of the record is in it.

    ``decimal_mark`` and ``date_order`` say how the client writes, where what it sends or what is typed could be two
    numbers or two days; the record's own files are always read one way.

    ``business_lead`` and ``it_lead`` answer for what both leaderships are asked to do. ``benchmark_consent`` names who
    has agreed that its scores count in the consultancy's own benchmark, ``benchmark_band`` says that its pages show that.
    """

    name: Annotated[Name, Label("Company", wanted=True)]
    sector: Annotated[Name | None, Label("Sector")] = None
    employees: Annotated[Annotated[Whole, Field(ge=1, le=10_000_000)] | None, Label("Employees", "240")] = (
        None
    )
    country: Annotated[Name | None, Label("Country")] = None
    business_lead: Annotated[Name | None, Label("Business lead", _COO, wanted=True)] = None
    it_lead: Annotated[Name | None, Label("IT lead", _HEAD_OF_IT, wanted=True)] = None
    currency: Annotated[
        str,
        Field(pattern=r"^[A-Z]{3}$"),
        Kind(
            "a currency code of three capital letters (ISO 4217)", "Write the code, such as USD, EUR or GBP."
        ),
        Label("Currency of every amount", "USD, EUR, GBP …"),
    ] = "USD"
    fiscal_year_starts: Annotated[
        Whole,
        Field(ge=1, le=12),
        Kind("the number of a month", "Write the month in which fiscal years begin: 1 for January."),
        Label("Fiscal year begins in", choices=_MONTHS),
    ] = 1
    fiscal_year_named_after: Annotated[
        Literal["last", "first"],
        Label(
            "Fiscal year is named after",
            choices=(("the calendar year it ends in", "last"), ("the calendar year it begins in", "first")),
        ),
    ] = "last"
    discount_rate: Annotated[Share | None, Label("Discount rate", "0.08 for 8 %")] = None
    decimal_mark: Annotated[
        Literal["comma", "point"] | None,
        Label(
            "Decimals begin with", choices=(("a comma: 1.250,50", "comma"), ("a point: 1,250.50", "point"))
        ),
    ] = None
    date_order: Annotated[
        Literal["day first", "month first"] | None,
        Label(
            "Dates in figures begin with",
            choices=(("the day: 31/12/2027", "day first"), ("the month: 12/31/2027", "month first")),
        ),
    ] = None
    benchmark_consent: Annotated[
        Someone | None, Label("Who agreed that its scores count in the consultancy’s benchmark", _COO)
    ] = None
    benchmark_band: Annotated[Literal["shown"] | None, Label("The consultancy’s benchmark on its pages")] = (
        None
    )

    @property
    def fiscal(self) -> FiscalYear:
        """How the client's fiscal years run."""
        return FiscalYear(self.fiscal_year_starts, self.fiscal_year_named_after)

    @property
    def decimal(self) -> str:
        """What the client begins a decimal with, "," or "."; "" where it does not say."""
        return decimal_of(self.decimal_mark)


def decimal_of(mark: object) -> str:
    """Return what a ``decimal_mark`` looks like; "" for any other value."""
    return _MARKS.get(mark, "") if isinstance(mark, str) else ""


class Reading(Row):
    """One dated value of a KPI, in the KPI's unit."""

    key: ClassVar = ("date",)

    date: Annotated[Day, Label("Date", _DATE)]
    value: Annotated[Number, Label("Value")]


class Kpi(Row):
    """A measure with an owner on each side. ``reported`` is a result stated without figures."""

    noun: ClassVar = "KPI"
    key: ClassVar = ("id",)

    id: Id
    name: Annotated[Name, Label("Measure", "Orders delivered on time", wanted=True)]
    short: Annotated[ShortName | None, Label("Short name", "On-time delivery")] = None
    unit: Annotated[Name | None, Label("Unit", "%")] = None
    better: Annotated[Literal["higher", "lower"] | None, Label("Better when", wanted=True)] = None
    owner_business: Annotated[Someone | None, Label("Business owner", wanted=True)] = None
    owner_it: Annotated[Someone | None, Label("IT owner", wanted=True)] = None
    baseline: Annotated[Number | None, Label("Baseline")] = None
    baseline_date: Annotated[Day | None, Label("Date of the baseline", _DATE)] = None
    target: Annotated[Number | None, Label("Target")] = None
    target_date: Annotated[Day | None, Label("Target by", _DATE)] = None
    reported: Annotated[Literal["met", "not met"] | None, Label("Reported without figures")] = None
    category: Annotated[Name | None, Label("Category")] = None
    source: Annotated[Text | None, Label("Source")] = None
    readings: Annotated[tuple[Reading, ...], Label("Readings")] = ()

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a target on the wrong side of the baseline, and one dated before it."""
        yield from wrong_direction(self.baseline, self.target, self.better)
        if self.baseline_date and self.target_date and self.target_date <= self.baseline_date:
            yield Contradiction(
                "target_date",
                self.target_date.isoformat(),
                f"a date after the baseline's, {self.baseline_date}",
                "Correct one of the two dates.",
                ("baseline_date",),
            )


def wrong_direction(
    baseline: float | None, target: float | None, better: str | None
) -> Iterator[Contradiction]:
    """Yield that a target is worse than its baseline, by which way the KPI is better."""
    if better is None or baseline is None or target is None:
        return
    if target != baseline and (target > baseline) != (better == "higher"):
        than = "above" if better == "higher" else "below"
        yield Contradiction(
            "target",
            f"target {plain(target)} from a baseline of {plain(baseline)}, with better: {better}",
            f"a target at or {than} the baseline, because {better} is better",
            "Correct the target or the baseline, or the KPI's field better.",
            ("baseline", "better"),
        )


class Goal(Row):
    """A business goal. ``weight`` is its share of the 100 points leadership spreads over its goals.

    ``served_by`` names who serves it outside IT, where no initiative is to.
    """

    noun: ClassVar = "goal"
    key: ClassVar = ("id",)

    id: Id
    name: Annotated[Name, Label("Goal", "Deliver 95 % of orders on time", wanted=True)]
    short: Annotated[ShortName | None, Label("Short name", "Deliver on time")] = None
    owner: Annotated[Someone | None, Label("Owner", _COO, wanted=True)] = None
    kpi: Annotated[KpiId | None, Label("Measured by", wanted=True)] = None
    baseline: Annotated[Number | None, Label("Today", "a number in the measure’s unit", wanted=True)] = None
    target: Annotated[Number | None, Label("Target", wanted=True)] = None
    due: Annotated[Day | None, Label("By when", _DATE, wanted=True)] = None
    weight: Annotated[
        Annotated[
            SmallNumber,
            Field(ge=0, le=GOAL_POINTS),
            Kind(
                "points",
                f"Write this goal's share of the {GOAL_POINTS} points that are spread over all goals.",
            ),
        ]
        | None,
        Label("Points of 100", "40", wanted=True),
    ] = None
    served_by: Annotated[Someone | None, Label("Served outside IT by", "Amara Okafor, HR Director")] = None


class Impact(Row):
    """What a symptom costs a year, as a range. ``agreed_by`` names who accepted the figure.

    ``overlaps`` lists other impacts that count some of the same money; they are never summed.
    """

    noun: ClassVar = "business impact"
    key: ClassVar = ("id",)

    id: Id
    symptom: Annotated[SymptomId, Label("Symptom", wanted=True)]
    name: Annotated[Name, Label("What is lost", "Overtime for late orders", wanted=True)]
    short: Annotated[ShortName | None, Label("Short name", "Overtime")] = None
    low: Annotated[Amount | None, Label("Low, a year")] = None
    likely: Annotated[Amount, Label("Likely, a year", "140,000", wanted=True)]
    high: Annotated[Amount | None, Label("High, a year")] = None
    worksheet: Annotated[
        Text | None,
        Label("How it was worked out", "12 people × 6 hours × 40 weeks × 48 an hour", wanted=True),
    ] = None
    source: Annotated[Text | None, Label("Source")] = None
    agreed_by: Annotated[Someone | None, Label("Agreed by", _CFO, wanted=True)] = None
    overlaps: Annotated[tuple[ImpactId, ...], Label("Counts some of the same money as")] = ()

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield amounts that are not in order."""
        low = self.likely if self.low is None else self.low
        high = self.likely if self.high is None else self.high
        if not low <= self.likely <= high:
            yield Contradiction(
                "likely",
                f"low {plain(low)}, likely {plain(self.likely)}, high {plain(high)}",
                "low ≤ likely ≤ high, in the client's currency a year",
                "Put the three amounts in order, or leave low and high out.",
                ("low", "high"),
            )


class Spend(Row):
    """IT spending of one fiscal year by purpose, in the client's currency."""

    key: ClassVar = ("year",)

    year: Annotated[Year, Label("Fiscal year", "2026")]
    run: Annotated[Amount, Label("Run")]
    grow: Annotated[Amount | None, Label("Grow")] = None
    transform: Annotated[Amount | None, Label("Transform")] = None
    protect: Annotated[Amount | None, Label("Protect")] = None


class Risk(Row):
    """A risk or a deadline. ``severity`` (0–1) is how bad it is when nothing is done.

    ``loss`` is what it costs once, ``yearly`` what it costs each year, to the day ``until``; ``notice`` is the last
    day to act, where that is before ``due``: to give notice of a contract, say.
    """

    noun: ClassVar = "risk"
    key: ClassVar = ("id",)

    id: Id
    name: Annotated[Name, Label("Risk or deadline", "Warehouse system out of support", wanted=True)]
    short: Annotated[ShortName | None, Label("Short name", "Warehouse support")] = None
    kind: Annotated[
        Literal["contract", "end-of-life", "insurance", "compliance", "security", "people", "other"],
        Label("Kind"),
    ] = "other"
    due: Annotated[Day | None, Label("Due", _DATE, wanted=True)] = None
    consequence: Annotated[Text | None, Label("What happens if nothing is done", wanted=True)] = None
    severity: Annotated[Share | None, Label("How bad, 0 to 1", "0.7", wanted=True)] = None
    owner: Annotated[Someone | None, Label("Owner", wanted=True)] = None
    loss: Annotated[Amount | None, Label("What it costs, once")] = None
    yearly: Annotated[Amount | None, Label("What it costs each year")] = None
    until: Annotated[Day | None, Label("Each year until", _DATE)] = None
    notice: Annotated[Day | None, Label("Notice by", _DATE)] = None

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a last day to act that is after the date, and an end of yearly cost that is before it."""
        if self.notice and self.due and self.notice > self.due:
            yield Contradiction(
                "notice",
                self.notice.isoformat(),
                f"a day no later than due, {self.due}",
                "Correct one of the two dates.",
                ("due",),
            )
        if self.until and self.due and self.until < self.due:
            yield Contradiction(
                "until",
                self.until.isoformat(),
                f"a day no earlier than due, {self.due}",
                "Correct one of the two dates.",
                ("due",),
            )


class Theme(Row):
    """Interview evidence in the consultant's words, attributed to nobody."""

    noun: ClassVar = "theme"
    key: ClassVar = ("id",)

    id: Id
    dimension: Annotated[DimensionId, Label("Speaks to", wanted=True)]
    text: Annotated[Text, Label("Theme", "Requests arrive without saying what they are for.", wanted=True)]
    round: Annotated[RoundId | None, Label("Heard in round")] = None


class Budget(Row):
    """The money one fiscal year allows; ``reserve`` (0–1) is the share of ``amount`` held back.

    ``opex`` is money for running costs after completion, where the client keeps it apart: ``amount`` is
    then for capital alone. Left out, ``amount`` covers both.
    """

    key: ClassVar = ("year",)

    year: Annotated[Year, Label("Fiscal year", "2027")]
    amount: Annotated[Amount, Label("Amount")]
    opex: Annotated[Amount | None, Label("For running costs")] = None
    reserve: Annotated[Share, Label("Held back", "0.1")] = 0.0


class Capacity(Row):
    """People available in a role, in FTE, from ``quarter`` on (from the start when left out)."""

    key: ClassVar = ("role", "quarter")

    role: Annotated[Role, Label("Role", "developer")]
    fte: Annotated[Fte, Label("People (FTE)", "2.5")]
    quarter: Annotated[Quarter | None, Label("From quarter", _QUARTER)] = None


class Chooser(Row):
    """Who decides by when between alternatives: initiatives of one ``alternative_group``."""

    noun: ClassVar = "choice"
    key: ClassVar = ("group",)

    group: Annotated[Id, Refers("group of alternatives"), Label("Alternatives", wanted=True)]
    owner_business: Annotated[Someone | None, Label("Business owner", wanted=True)] = None
    owner_it: Annotated[Someone | None, Label("IT owner", wanted=True)] = None
    due: Annotated[Day | None, Label("To be decided by", _DATE)] = None


class Planning(Row):
    """How the roadmap is planned: its first quarter, its length, and what avoiding risk is worth.

    ``risk_weight`` is the share (0–1) of a plan's value given to settling risks; the goals share the rest.
    ``scenario`` names the scenario that the plan follows: the proposed plan. ``budget_is`` says whether the budget is
    part of today's spending ("inside") or comes on top of it ("on top").
    """

    start: Annotated[Quarter | None, Label("First quarter", _QUARTER)] = None
    quarters: Annotated[
        Whole,
        Field(ge=1, le=MOST_QUARTERS),
        Kind("a whole number of quarters", "Write how many quarters are planned."),
        Label("Quarters planned", "12"),
    ] = QUARTERS
    risk_weight: Annotated[Share, Label("Weight of risks, 0 to 1", "0.2")] = RISK_WEIGHT
    budget_is: Annotated[
        Literal["inside", "on top"] | None,
        Label(
            "The budget is",
            choices=(("part of today’s spending", "inside"), ("on top of today’s spending", "on top")),
        ),
    ] = None
    choices: Annotated[tuple[Chooser, ...], Label("Who chooses between alternatives")] = ()
    scenario: Id | None = None


class RoundGroup(Row):
    """One group in one round: how it answers, and how many were invited.

    ``minimum`` is the fewest answers at which a surveyed group's scores are shown. ``priorities``
    holds the group's mean rank of each goal (1 is the most important). ``correction`` says why
    ``invited`` is no longer as the round was issued; the pages print it.
    """

    key: ClassVar = ("group",)

    group: Annotated[
        Group,
        Label("Group", choices=_GROUPS),
    ]
    mode: Annotated[
        Mode | None,
        Label("Answers by", choices=_MODES),
    ] = None
    invited: Annotated[
        Annotated[
            Whole,
            Field(ge=1),
            Kind("a number of people", "Write how many were invited; leave it out if unknown."),
        ]
        | None,
        Label("Invited", "12", wanted=True),
    ] = None
    minimum: Annotated[
        Whole,
        Field(ge=LEAST_MINIMUM, le=1000),
        Kind(
            "a number of answers",
            f"Write the fewest answers at which scores are shown; never below {LEAST_MINIMUM}.",
        ),
        Label("Scores show from", "5 answers; never fewer than 3"),
    ] = MINIMUM
    label: Annotated[Name | None, Label("Called on the pages", "The executives")] = None
    note: Annotated[Text | None, Label("Note")] = None
    correction: Annotated[
        Reason | None,
        Label("Why the head-count issued is corrected", "12 was mistyped: 13 people are on the list."),
    ] = None
    priorities: Annotated[
        dict[
            GoalId,
            Annotated[
                SmallNumber,
                Field(ge=1),
                Kind("a mean rank", "Write the group's mean rank of the goal: 1 is first."),
            ],
        ],
        Label("Mean rank of each goal", "goal-1: 1.5; goal-2: 2.2"),
    ] = Field(default_factory=dict)

    @property
    def answers_by(self) -> Mode:
        """How the group answers: as recorded, else by its size (unknown size: survey)."""
        if self.mode is not None:
            return self.mode
        if self.invited is None or self.invited >= SURVEY_FROM:
            return "survey"
        return "named" if self.invited < CONSENSUS_FROM else "consensus"

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a number invited that does not suit how the group answers."""
        invited, mode = self.invited, self.answers_by
        if invited is None:
            return
        by_size = "" if self.mode else " (by the group's size)"
        if mode == "survey" and invited < self.minimum:
            yield Contradiction(
                "invited",
                f"{invited} invited to a survey{by_size} that is shown from {self.minimum} answers",
                f"at least {self.minimum} invited, or mode consensus (2 to 4 people) or named (1 person)",
                f"Invite more people, change the mode before inviting anyone, or lower minimum (never below {LEAST_MINIMUM}).",
                ("mode", "minimum"),
            )
        elif mode == "consensus" and invited < CONSENSUS_FROM:
            yield Contradiction(
                "invited",
                f"{invited} invited to agree on a position",
                "at least 2 people for mode consensus",
                "Write mode: named for one person, or correct the number invited.",
                ("mode",),
            )
        elif mode == "named" and invited != 1:
            yield Contradiction(
                "invited",
                f"{invited} invited to a named view",
                "exactly 1 person for mode named",
                "Write mode: consensus for 2 to 4 people, survey for 5 and more, or correct the number invited.",
                ("mode",),
            )


class Round(Row):
    """One survey round or quarterly review; ``as_of`` is "today" on every page drawn from it.

    ``closed`` is the last day on which an answer could be added, ``meeting`` the day on which leadership meets about it.
    """

    noun: ClassVar = "round"
    key: ClassVar = ("id",)

    id: Id
    as_of: Annotated[Day, Label("As of: “today” on its pages", _DATE, wanted=True)]
    name: Annotated[Name | None, Label("Name", "Autumn 2026")] = None
    questionnaire: Annotated[
        Literal["full", "executive", "pulse", "own"] | None,
        Label("Questionnaire", choices=_QUESTIONNAIRES),
    ] = None
    closed: Annotated[Day | None, Label("Closed on", "the last day on which an answer could be added")] = None
    meeting: Annotated[Day | None, Label("Leadership meets on", _DATE)] = None
    groups: Annotated[tuple[RoundGroup, ...], Label("How each group answers")] = ()

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a meeting before the day whose facts it is shown."""
        if self.meeting and self.meeting < self.as_of:
            yield Contradiction(
                "meeting",
                self.meeting.isoformat(),
                f"a day no earlier than as_of, {self.as_of}",
                "Write the day of the next meeting, or leave it out until it is set.",
                ("as_of",),
            )


_THERE = "Dana Whitfield, COO; Priya Raman, CFO"
People = Annotated[tuple[Someone, ...], BeforeValidator(_pieces)]


class Meeting(Row):
    """A meeting of both leaderships, to come or past; ``status`` is left out until it is known whether it was held.

    ``business`` and ``it`` name who of each side was there.
    """

    noun: ClassVar = "meeting"
    key: ClassVar = ("id",)

    id: Id
    date: Annotated[Day, Label("Date", _DATE, wanted=True)]
    kind: Annotated[
        Literal["leadership", "review", "steering", "workshop", "other"],
        Label(
            "Kind",
            choices=(
                ("Leadership meeting", "leadership"),
                ("Quarterly review", "review"),
                ("Steering group", "steering"),
                ("Workshop", "workshop"),
                ("Other", "other"),
            ),
        ),
    ] = "leadership"
    status: Annotated[Literal["held", "not held"] | None, Label("Was it held?")] = None
    business: Annotated[People, Label("Who of the business was there", _THERE)] = ()
    it: Annotated[People, Label("Who of IT was there", _HEAD_OF_IT)] = ()
    note: Annotated[Text | None, Label("Note")] = None

    @property
    def is_leadership(self) -> bool:
        """Whether leadership decides in it, so that a decision asked for or an action promised can wait for it."""
        return self.kind in ("leadership", "review") and self.status != "not held"

    @property
    def both_sides(self) -> bool:
        """Whether it was held with somebody of each side."""
        return self.status == "held" and bool(self.business) and bool(self.it)

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield who was there of a meeting that is not said to have been held."""
        for side in ("business", "it"):
            if getattr(self, side) and self.status != "held":
                yield Contradiction(
                    side,
                    f"{joined(list(getattr(self, side)))}, while status is {self.status or 'empty'}",
                    "who was there, only of a meeting that was held",
                    f"Write status 'held', or empty {side}.",
                    ("status",),
                )


SubjectId = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,159}$"),
    Kind(
        "the id of a dimension, a finding or a recommendation",
        "Copy it from findings.json, where every finding and recommendation stands with its id.",
    ),
]


class Adjustment(Row):
    """A consultant's change to what was computed, published with its reason; ``private_note`` never is.

    Attributes
    ----------
    kind : str
        ``score``: ``group``'s score on the dimension ``subject`` becomes ``value``. ``rank``: the finding or
        recommendation ``subject`` moves to place ``value`` of its list. ``finding``, ``recommendation``:
        ``wording`` stands in place of the computed sentence, ``{names}`` of its evidence filled in; without
        a wording it is left out.
    """

    noun: ClassVar = "adjustment"
    key: ClassVar = ("id",)

    id: Id
    round: RoundId
    kind: Literal["score", "rank", "finding", "recommendation"]
    subject: SubjectId
    group: Group | None = None
    value: Number | None = None
    wording: Text | None = None
    reason: Annotated[Text, Field(min_length=1)]
    private_note: Text | None = None

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a value that is no place of a list, or no score."""
        if self.kind == "rank" and (self.value is None or self.value < 1 or self.value != int(self.value)):
            yield Contradiction(
                "value", self.value, "a place in the list, 1 for the first", "Write a whole number from 1."
            )
        if self.kind == "score" and (self.value is None or not LOWEST <= self.value <= HIGHEST):
            remedy = "Write the score that shall be shown instead of the computed one."
            yield Contradiction("value", self.value, f"the adjusted score, {LOWEST} to {HIGHEST}", remedy)


class Advice(Row):
    """What completes a recommendation: its owners, date, cost, the initiative that carries it.

    ``id`` is that of a computed recommendation, or a new one with an ``action`` and a ``why`` of its own.
    """

    noun: ClassVar = "recommendation"
    key: ClassVar = ("round", "id")

    id: SubjectId
    round: RoundId
    action: Text | None = None
    why: Text | None = None
    decision: Text | None = None
    practice: AreaId | None = None
    owner_business: Someone | None = None
    owner_it: Someone | None = None
    due: Day | None = None
    cost: Amount | None = None
    initiative: InitiativeId | None = None


class Quote(Row):
    """A respondent's comment, chosen by the consultant and quoted word for word, by group only.

    Taken from ``responses.csv`` of the round, and only from groups in which ten or more answered.
    """

    noun: ClassVar = "quote"
    key: ClassVar = ("id",)

    id: Id
    round: RoundId
    group: Group
    dimension: DimensionId
    text: Annotated[Text, Field(min_length=1)]


class Facts(Row):
    """All of ``client.yaml``.

    ``weights`` says how the maturity of an area joins the two sides: each counts half (``equal``), or each
    by its people (``headcount``).
    """

    schema_version: Literal[1] = 1
    synthetic: bool = False
    profile: Profile
    goals: tuple[Goal, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    impact: tuple[Impact, ...] = ()
    spend: Annotated[tuple[Spend, ...], Label("Spending")] = ()
    risks: tuple[Risk, ...] = ()
    themes: tuple[Theme, ...] = ()
    targets: dict[AreaId, Level] = Field(default_factory=dict)
    weights: Literal["equal", "headcount"] = "equal"
    budget: Annotated[tuple[Budget, ...], Label("Budget")] = ()
    capacity: Annotated[tuple[Capacity, ...], Label("Capacity")] = ()
    planning: Planning = Planning()
    rounds: tuple[Round, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    recommendations: tuple[Advice, ...] = ()
    quotes: tuple[Quote, ...] = ()
    deck: Deck = Deck()


FINISHED = ("done", "stopped")  # states of work that is over
PROFILE_TOLERANCE = 0.01

_LOW, _HIGH = CONTRIBUTION_BANDS
Contribution = Annotated[
    Whole,
    Field(ge=0, le=max(CONTRIBUTIONS)),
    Kind(
        "how much of the goal's distance it closes",
        f"Write 0 for none, 1 for under {_LOW} %, 2 for {_LOW} to {_HIGH} %, 3 for more.",
    ),
]


BEGUN_ONLY = "a start only for work that has begun (status in progress, done or stopped)"


class Initiative(Row):
    """One piece of work under discussion, planned or under way.

    Attributes
    ----------
    duration : int or None
        Quarters of work.
    capex, opex, benefit : float or None
        Capital cost in all; running cost a year after completion; benefit a year after
        completion; in the client's currency. Missing is unknown, not zero.
    capex_profile : tuple of float
        Share of capex in each quarter of work; empty spreads it evenly.
    contingency : float or None
        Share added to capex for the roughness of the estimate.
    goals : dict
        Contribution to each goal, 0–3 (1 closes under 10 % of its distance, 2 10–30 %, 3 more).
    effects : dict
        By how much it is expected to move each goal's measure, in the measure's unit; negative lowers it.
    removes, serves : tuple of str
        The business impacts that it ends, and the needs that it serves.
    benefit_agreed_by : str or None
        Who accepted the figure of its benefit.
    fte : dict
        People per role while the work runs.
    original_capex, original_finish
        Budget and completion date as first known to us, where later ones have come in, or as the client states them.
    listed : str or None
        "no longer" where the register that came last has no such row: what it costs today is not known.
    finish : date or None
        Completion date as stated by the client, of running work as forecast now; a known date, not a planned one. Of
        running work it decides, not the duration.
    spent, forecast : float or None
        Capital spent so far, and what it will be in all as forecast now; ``capex`` stays what was budgeted.
    health, health_reason : str or None
        "red", "amber" or "green" as whoever answers for it says, and why.
    mandatory : str or None
        Why it must be done; any text makes it mandatory.
    start : Quarter or None
        Fixed start of work in progress.
    rank : int or None
        Leadership's own place for it: 1 comes first.
    """

    noun: ClassVar = "initiative"
    key: ClassVar = ("id",)

    id: Id
    name: Annotated[Name, Label("Initiative", "Replace the warehouse system", wanted=True)]
    short: Annotated[ShortName | None, Label("Short name", "New warehouse system")] = None
    description: Annotated[Text | None, Label("Description")] = None
    purpose: Annotated[Literal["run", "grow", "transform", "protect"] | None, Label("Purpose")] = None
    status: Annotated[Literal["proposed", "in progress", "done", "stopped"] | None, Label("Status")] = None
    owner_business: Annotated[Someone | None, Label("Business owner", wanted=True)] = None
    owner_it: Annotated[Someone | None, Label("IT owner", wanted=True)] = None
    duration: Annotated[
        Annotated[
            Whole,
            Field(ge=1, le=40),
            Kind("a whole number of quarters", "Write the quarters of work; leave it empty when unknown."),
        ]
        | None,
        Label("Quarters of work", "3", wanted=True),
    ] = None
    capex: Annotated[Amount | None, Label("Capital cost in all", "250,000", wanted=True)] = None
    capex_profile: Annotated[
        tuple[Share, ...], BeforeValidator(_pieces), Label("Cost by quarter, as shares", "0.5; 0.3; 0.2")
    ] = ()
    estimate: Annotated[Literal["rough", "budgetary", "firm"] | None, Label("How sure the cost is")] = None
    contingency: Annotated[Share | None, Label("Contingency, share of it", "0.2")] = None
    opex: Annotated[Amount | None, Label("Running cost, each year after")] = None
    benefit: Annotated[Amount | None, Label("Benefit, each year after")] = None
    benefit_agreed_by: Annotated[Someone | None, Label("Benefit agreed by", _CFO)] = None
    goals: Annotated[
        dict[GoalId, Contribution], BeforeValidator(_pairs), Label("Contribution to each goal", wanted=True)
    ] = Field(default_factory=dict)
    scored_by: Annotated[Someone | None, Label("Contributions scored by")] = None
    effects: Annotated[
        dict[GoalId, Number],
        BeforeValidator(_pairs),
        Label("Expected change of each goal’s measure", "on-time: 1.5"),
    ] = Field(default_factory=dict)
    removes: Annotated[tuple[ImpactId, ...], BeforeValidator(_pieces), Label("Costs that it ends")] = ()
    serves: Annotated[tuple[NeedId, ...], BeforeValidator(_pieces), Label("Needs that it serves")] = ()
    fte: Annotated[
        dict[KnownRole, Fte],
        BeforeValidator(_pairs),
        Label("People while it runs", "developer: 1.5; analyst: 0.5"),
    ] = Field(default_factory=dict)
    depends_on: Annotated[tuple[InitiativeId, ...], BeforeValidator(_pieces), Label("Needs first")] = ()
    earliest_start: Annotated[Quarter | None, Label("Not before", "2027-Q2")] = None
    deadline: Annotated[Quarter | None, Label("Done by the end of", "2028-Q1")] = None
    mandatory: Annotated[
        Annotated[
            Reason,
            Kind(
                "why it must be done",
                "Leave it empty if it is not mandatory; else write the reason, such as the law that asks for it.",
            ),
        ]
        | None,
        Label("Mandatory, because"),
    ] = None
    start: Annotated[Quarter | None, Label("Began in", "only once it has begun: 2026-Q3")] = None
    alternative_group: Annotated[
        Id | None, Label("One of the alternatives", "the same short word for each: erp")
    ] = None
    settles: Annotated[tuple[RiskId, ...], BeforeValidator(_pieces), Label("Settles")] = ()
    practices: Annotated[
        tuple[PracticeId, ...], BeforeValidator(_pieces), Label("Practices it improves")
    ] = ()
    rank: Annotated[
        Annotated[Whole, Field(ge=1), Kind("leadership's place for it", "Write 1 for what comes first.")]
        | None,
        Label("Leadership’s own rank", "1"),
    ] = None
    original_capex: Annotated[Amount | None, Label("Cost as first known")] = None
    original_finish: Annotated[Day | None, Label("Completion as first known", _DATE)] = None
    finish: Annotated[Day | None, Label("Completion date as stated", _DATE)] = None
    spent: Annotated[Amount | None, Label("Spent to date")] = None
    forecast: Annotated[Amount | None, Label("Forecast of the cost in all")] = None
    health: Annotated[
        Literal["red", "amber", "green"] | None,
        Label("Red, amber or green", choices=(("Red", "red"), ("Amber", "amber"), ("Green", "green"))),
    ] = None
    health_reason: Annotated[Reason | None, Label("Why", "The supplier is four weeks late.")] = None
    listed: Annotated[
        Literal["no longer"] | None,
        Label("In the register that came last", choices=(("No longer listed", "no longer"),)),
    ] = None
    source: Annotated[Text | None, Label("Source")] = None

    def quarters(self, fiscal: FiscalYear) -> int | None:
        """Return the quarters of work: of running work those from its start through its finish, else as recorded.

        The finish of running work is when it is expected to end, whatever was planned before. None where the two
        dates contradict each other, or a profile of the cost that no duration explains has another length.
        """
        if self.status != "in progress" or not self.start or not self.finish:
            return self.duration
        quarters = Quarter.of(self.finish, fiscal).index - self.start.index + 1
        agrees = self.duration or not self.capex_profile or len(self.capex_profile) == quarters
        return quarters if quarters > 0 and agrees else None

    @property
    def budgets(self) -> tuple[float, float] | None:
        """The budget first known to us and the present one; None unless both are held and the row still stands."""
        if self.listed or self.original_capex is None or self.capex is None:
            return None
        return self.original_capex, self.capex

    @property
    def completions(self) -> tuple[date, date] | None:
        """The completion date first known to us and the present one; None unless both are held and the row still stands."""
        if self.listed or self.original_finish is None or self.finish is None:
            return None
        return self.original_finish, self.finish

    @property
    def days_late(self) -> int | None:
        """Days from the first known completion date to the present one; None unless both are held."""
        dates = self.completions
        return (dates[1] - dates[0]).days if dates else None

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor stopped."""
        return self.status not in FINISHED

    @property
    def capital(self) -> float | None:
        """Capex with its contingency, and of work that is over as recorded; None when it is not known."""
        return self.capex * (1 + (self.contingency or 0.0)) if self.capex and self.is_open else self.capex

    @property
    def lacks_contingency(self) -> bool:
        """Whether its cost is a rough estimate of which nobody said what to add for the roughness; 0 was said."""
        return self.estimate == "rough" and self.contingency is None and bool(self.capex)

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a profile of the cost that does not fit, and dates in no order."""
        yield from self._of_profile()
        yield from self._of_dates()
        yield from self._of_progress()

    def _of_profile(self) -> Iterator[Contradiction]:
        profile = self.capex_profile
        if profile and self.duration is not None and len(profile) != self.duration:
            yield Contradiction(
                "capex_profile",
                f"{len(profile)} shares for {self.duration} quarters of work",
                f"one share for each quarter of work: {self.duration}",
                "Add or remove shares, correct duration, or empty the cell to spread capex evenly.",
                ("duration",),
            )
        if profile and abs(sum(profile) - 1) > PROFILE_TOLERANCE:
            yield Contradiction(
                "capex_profile",
                f"shares that add up to {plain(sum(profile))}",
                f"shares of capex that add up to 1 (± {PROFILE_TOLERANCE})",
                "Correct the shares, or empty the cell to spread capex evenly.",
            )

    def _of_progress(self) -> Iterator[Contradiction]:
        if self.spent is not None and self.forecast is not None and self.forecast < self.spent:
            yield Contradiction(
                "forecast",
                f"a forecast of {plain(self.forecast)}, of which {plain(self.spent)} is spent",
                "a forecast of the cost in all, no less than what is spent",
                "Correct forecast or spent.",
                ("spent",),
            )

    def _of_dates(self) -> Iterator[Contradiction]:
        if self.start and self.status in (None, "proposed"):
            yield Contradiction(
                "start",
                f"{self.start.key}, while status is {self.status or 'empty'}",
                BEGUN_ONLY,
                "Write status 'in progress', or move the quarter to earliest_start.",
                ("status",),
            )
        if self.start and self.earliest_start and self.start < self.earliest_start:
            yield Contradiction(
                "start",
                f"{self.start.key}, before earliest_start {self.earliest_start.key}",
                f"a start in {self.earliest_start.key} or later",
                "Correct the start, or empty earliest_start: work that has begun needs none.",
                ("earliest_start",),
            )
        begin, name = (self.start, "start") if self.start else (self.earliest_start, "earliest_start")
        if begin is None or self.deadline is None:
            return
        if begin > self.deadline:
            yield Contradiction(
                name,
                f"{begin.key}, after the deadline {self.deadline.key}",
                f"a quarter no later than the deadline, {self.deadline.key}",
                f"Correct {name} or deadline.",
                ("deadline",),
            )
        elif self.duration is not None and begin.plus(self.duration - 1) > self.deadline:
            end = begin.plus(self.duration - 1)
            yield Contradiction(
                "duration",
                f"{self.duration} quarters from {begin.key}, which end in {end.key}",
                f"work that ends by the deadline, {self.deadline.key}",
                f"Shorten the duration, begin earlier, or move the deadline to {end.key}.",
                ("deadline", "start", "earliest_start"),
            )


AskId = Annotated[
    str,
    Field(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,95}$"),
    Kind(
        "the id of a decision that was asked for, such as approve.chosen-work",
        "Copy it from the sheet Decisions of roadmap.xlsx; leave it empty where nothing was asked.",
    ),
]


class Decision(Row):
    """What leadership decided about an initiative, a risk or a recommendation.

    ``ask`` is the id of the decision asked for that this answers; ``amount`` the capital, contingency included, that
    the subject cost when it was answered.
    """

    noun: ClassVar = "decision"
    key: ClassVar = ("id",)

    id: Id
    round: RoundId
    date: Day
    subject: Annotated[Id, Refers("initiative or risk")]
    decision: Literal["approve", "defer", "reject", "accept risk", "pin"]
    quarter: Quarter | None = None
    by: Someone | None = None
    note: Text | None = None
    ask: AskId | None = None
    amount: Amount | None = None

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a pin without its quarter; of an answer also a deferral without one, and a quarter that says nothing."""
        if self.ask and self.decision == "defer" and self.quarter is None:
            yield Contradiction(
                "quarter",
                f"nothing, while {self.ask} is answered by defer",
                "the fiscal quarter until which it is deferred, such as 2027-Q1",
                "Write the quarter; what is put off for good is answered by reject.",
            )
        if self.ask and self.quarter and self.decision in ("reject", "accept risk"):
            yield Contradiction(
                "quarter",
                f"{self.quarter.key}, while {self.ask} is answered by {self.decision}",
                "a quarter only for what is approved, pinned or deferred",
                "Empty the quarter, or write defer.",
            )
        if self.decision == "pin" and self.quarter is None:
            yield Contradiction(
                "quarter",
                "nothing, while decision is pin",
                "the fiscal quarter in which the initiative is to begin, such as 2027-Q1",
                "Write the quarter, or choose approve to leave it open.",
            )


class Action(Row):
    """Something promised in a round: by whom, by when, and whether it was done.

    Without a ``due`` it is due at the leadership's meeting after the one of its round: ``Record.due``.
    """

    noun: ClassVar = "action"
    key: ClassVar = ("id",)

    id: Id
    round: Annotated[RoundId, Label("Promised in round", wanted=True)]
    action: Annotated[Name, Label("What is to be done", "Name an owner of each measure", wanted=True)]
    owner_business: Annotated[Someone | None, Label("Business owner", _COO, wanted=True)] = None
    owner_it: Annotated[Someone | None, Label("IT owner", _HEAD_OF_IT, wanted=True)] = None
    due: Annotated[Day | None, Label("Due", "left empty, the meeting after the one it was promised in")] = (
        None
    )
    status: Annotated[Literal["open", "done", "dropped"], Label("Status")] = "open"
    done_on: Annotated[Day | None, Label("Done on", _DATE)] = None
    initiative: Annotated[InitiativeId | None, Label("Carried by initiative")] = None
    note: Annotated[Text | None, Label("Note")] = None

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a day on which something was done that is not."""
        if self.done_on and self.status != "done":
            yield Contradiction(
                "done_on",
                f"{self.done_on}, while status is {self.status}",
                "a date only for an action whose status is done",
                "Write status 'done', or empty done_on.",
                ("status",),
            )


class Service(Row):
    """A service or contract that is paid for each year, in the client's currency.

    Attributes
    ----------
    price_rise : float or None
        Share (0–1) by which it costs more a year from its renewal on.
    renewal : date or None
        The day on which it ends, or goes on unless notice was given.
    notice_days, notice : int or None, date or None
        How many days before the renewal notice must be given, or the last day on which it can be.
    retired_by : str or None
        The initiative after which it is no longer needed.
    """

    noun: ClassVar = "service"
    key: ClassVar = ("id",)

    id: Id
    name: Annotated[Name, Label("Service or contract", "Warehouse system, support", wanted=True)]
    vendor: Annotated[Name | None, Label("Vendor", "Northgate Software")] = None
    yearly_cost: Annotated[Amount | None, Label("Cost a year", "48,000", wanted=True)] = None
    price_rise: Annotated[Share | None, Label("Price rise at renewal, as a share", "0.05 for 5 %")] = None
    renewal: Annotated[Day | None, Label("Renews or ends on", _DATE, wanted=True)] = None
    notice_days: Annotated[
        Annotated[
            Whole,
            Field(ge=0, le=3650),
            Kind(
                "a number of days", "Write how many days before the renewal notice must be given, such as 90."
            ),
        ]
        | None,
        Label("Days of notice", "90"),
    ] = None
    notice: Annotated[Day | None, Label("Notice by, where a day is agreed", _DATE)] = None
    owner: Annotated[Someone | None, Label("Owner", _HEAD_OF_IT, wanted=True)] = None
    retired_by: Annotated[InitiativeId | None, Label("Retired by initiative")] = None

    @property
    def notice_by(self) -> date | None:
        """The last day on which notice can be given; None where it is not known."""
        if self.notice or self.renewal is None or self.notice_days is None:
            return self.notice
        return self.renewal - timedelta(days=self.notice_days)

    @property
    def renewed_cost(self) -> float | None:
        """What it costs a year once renewed; None where its cost is not known."""
        return None if self.yearly_cost is None else self.yearly_cost * (1 + (self.price_rise or 0.0))

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a last day to give notice that is after the renewal, or that the days of notice contradict."""
        if self.notice and self.renewal and self.notice > self.renewal:
            yield Contradiction(
                "notice",
                self.notice.isoformat(),
                f"a day no later than renewal, {self.renewal}",
                "Correct one of the two dates.",
                ("renewal",),
            )
        elif self.notice and self.renewal and self.notice_days is not None:
            counted = self.renewal - timedelta(days=self.notice_days)
            if counted != self.notice:
                yield Contradiction(
                    "notice",
                    f"{self.notice}, while {self.notice_days} days before {self.renewal} is {counted}",
                    "the last day to give notice, or the days before the renewal",
                    "Empty notice or notice_days, whichever the contract does not say.",
                    ("renewal", "notice_days"),
                )


class Asset(Row):
    """Equipment or software of one kind that ends at a known time; ``price`` is for each of ``number``.

    ``end_of_life`` is the day that its maker states; without it, it ends ``life_years`` after it was ``bought``.
    """

    noun: ClassVar = "asset"
    key: ClassVar = ("id",)

    id: Id
    name: Annotated[Name, Label("Asset", "Laptops of 2023", wanted=True)]
    kind: Annotated[Name | None, Label("Kind", "laptop, server, database …")] = None
    number: Annotated[
        Annotated[
            Whole,
            Field(ge=1, le=10_000_000),
            Kind("how many there are", "Write a whole number from 1; leave it empty when it is unknown."),
        ]
        | None,
        Label("How many", "120", wanted=True),
    ] = None
    bought: Annotated[Day | None, Label("Bought on", _DATE)] = None
    life_years: Annotated[
        Annotated[
            SmallNumber,
            Field(ge=0.25, le=50),
            Kind(
                "years of use", "Write for how many years it is used from the day it was bought: 4, or 3.5."
            ),
        ]
        | None,
        Label("Years of use", "4"),
    ] = None
    end_of_life: Annotated[Day | None, Label("End of life, where its maker states it", _DATE)] = None
    price: Annotated[Amount | None, Label("Price to replace it, each", "1,400", wanted=True)] = None
    owner: Annotated[Someone | None, Label("Owner", _HEAD_OF_IT)] = None
    replaced_by: Annotated[InitiativeId | None, Label("Replaced by initiative")] = None

    @property
    def ends(self) -> date | None:
        """The day on which its life ends, as stated, else as counted from when it was bought; None where not known."""
        if self.end_of_life or self.bought is None or self.life_years is None:
            return self.end_of_life
        return months_on(self.bought, int(rounded(12 * self.life_years)))

    @property
    def cost(self) -> float | None:
        """What it costs to replace all of it; None where number or price is not known."""
        return None if self.price is None or self.number is None else self.price * self.number

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield an end of life before the day on which it was bought."""
        if self.end_of_life and self.bought and self.end_of_life < self.bought:
            yield Contradiction(
                "end_of_life",
                self.end_of_life.isoformat(),
                f"a day no earlier than bought, {self.bought}",
                "Correct one of the two dates.",
                ("bought",),
            )


Score = Annotated[
    Whole,
    Field(ge=LOWEST, le=HIGHEST),
    Kind("a score", 'Write a whole number from 1 to 5; leave it empty for "don\'t know".'),
]
Count = Annotated[
    Whole,
    Field(ge=0, le=100_000_000),
    Kind("a number of answers", "Write how many gave this answer; 0 if none did."),
]


class Response(Row):
    """One answer of one respondent. A missing ``score`` is "don't know" or blank, never a number.

    ``respondent`` is an opaque code; names and e-mail addresses are dropped before they get here.
    """

    key: ClassVar = ("round", "respondent", "question")

    round: Id
    respondent: Id
    group: Group
    question: Id
    score: Score | None = None
    comment: Text | None = None


class Aggregate(Row):
    """How many of a group gave each answer, 1 to 5, to one question."""

    key: ClassVar = ("round", "group", "question")

    round: Id
    group: Group
    question: Id
    count_1: Count
    count_2: Count
    count_3: Count
    count_4: Count
    count_5: Count

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """Answers of 1, 2, 3, 4 and 5."""
        return (self.count_1, self.count_2, self.count_3, self.count_4, self.count_5)


SCENARIOS = "scenarios"  # their folder
_SCENARIO_FILE = re.compile(rf"{SCENARIOS}/{SLUG_PATTERN.pattern}\.yaml")

ScenarioId = Annotated[
    str,
    Field(pattern=f"^{SLUG_PATTERN.pattern}$"),
    Kind(
        "a scenario's id: 1 to 63 lower-case letters a–z, digits and '-', beginning with a letter or digit",
        "Choose a short id such as 'budget-cut'; the file is named after it.",
    ),
]
Points = Annotated[
    SmallNumber,
    Field(ge=0, le=GOAL_POINTS),
    Kind("points", f"Write the goal's share of the {GOAL_POINTS} points that are spread over all goals."),
]


class Pin(Row):
    """An initiative held in the plan, from ``quarter`` on where one is given, or kept out of it."""

    noun: ClassVar = "pin"
    key: ClassVar = ("initiative",)

    initiative: InitiativeId
    place: Literal["in", "out"]
    quarter: Quarter | None = None
    reason: Annotated[Text, Field(min_length=1)]

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield a quarter of work that is kept out."""
        if self.place == "out" and self.quarter:
            yield Contradiction(
                "quarter",
                f"{self.quarter.key}, while place is out",
                "a quarter only for work that is pinned in",
                "Remove the quarter, or write 'place: in'.",
            )


class Scenario(Row):
    """What a plan rests on in place of the record's own; what is left out stays as recorded.

    Attributes
    ----------
    round : str
        The round it was made for; plans of earlier rounds do not follow it.
    points : dict
        Points of each goal, 100 in all; a goal without an entry has none. Empty: the record's weights.
    budget : tuple of Budget
        Money and reserve of the fiscal years that differ.
    capacity : tuple of Capacity
        All entries of each role that differs.
    """

    id: ScenarioId
    name: Name
    note: Text | None = None
    round: RoundId
    points: dict[GoalId, Points] = Field(default_factory=dict)
    pins: tuple[Pin, ...] = ()
    budget: tuple[Budget, ...] = ()
    capacity: tuple[Capacity, ...] = ()


def scenario_file(scenario: str) -> str:
    """Return where a scenario lies in its client's folder."""
    return f"{SCENARIOS}/{scenario}.yaml"


def is_scenario_file(name: str) -> bool:
    """Tell whether a path within a client's folder can be a scenario's."""
    return _SCENARIO_FILE.fullmatch(name) is not None
