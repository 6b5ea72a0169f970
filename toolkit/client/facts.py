"""What ``client.yaml`` holds: who the client is, what it wants, what it pays, and its rounds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from toolkit.client.calendar import Quarter
from toolkit.client.edits import Adjustment, Advice, Quote
from toolkit.client.fields import (
    Amount,
    AreaId,
    Day,
    DimensionId,
    Fte,
    Id,
    Kind,
    Level,
    Name,
    Number,
    Reason,
    Role,
    Row,
    Share,
    SmallNumber,
    Someone,
    SymptomId,
    Text,
    Whole,
    Year,
)
from toolkit.method import (
    CONSENSUS_FROM,
    GOAL_POINTS,
    LEAST_MINIMUM,
    MINIMUM,
    MOST_QUARTERS,
    QUARTERS,
    RISK_WEIGHT,
    SURVEY_FROM,
    Group,
    Mode,
)


class Profile(Row):
    """The company. ``currency`` is an ISO 4217 code; every amount of the record is in it.

    ``business_lead`` and ``it_lead`` answer for what both leaderships are asked to do.
    """

    name: Name
    sector: Name | None = None
    employees: Annotated[Whole, Field(ge=1, le=10_000_000)] | None = None
    country: Name | None = None
    business_lead: Name | None = None
    it_lead: Name | None = None
    currency: Annotated[
        str,
        Field(pattern=r"^[A-Z]{3}$"),
        Kind(
            "a currency code of three capital letters (ISO 4217)", "Write the code, such as USD, EUR or GBP."
        ),
    ] = "USD"
    fiscal_year_starts: Annotated[
        Whole,
        Field(ge=1, le=12),
        Kind("the number of a month", "Write the month in which fiscal years begin: 1 for January."),
    ] = 1
    discount_rate: Share | None = None


class Goal(Row):
    """A business goal. ``weight`` is its share of the 100 points leadership spreads over its goals."""

    id: Id
    name: Name
    owner: Someone | None = None
    kpi: Id | None = None
    baseline: Number | None = None
    target: Number | None = None
    due: Day | None = None
    weight: (
        Annotated[
            SmallNumber,
            Field(ge=0, le=GOAL_POINTS),
            Kind(
                "points",
                f"Write this goal's share of the {GOAL_POINTS} points that are spread over all goals.",
            ),
        ]
        | None
    ) = None


class Reading(Row):
    """One dated value of a KPI, in the KPI's unit."""

    date: Day
    value: Number


class Kpi(Row):
    """A measure with an owner on each side. ``reported`` is a result stated without figures."""

    id: Id
    name: Name
    unit: Name | None = None
    better: Literal["higher", "lower"] | None = None
    owner_business: Someone | None = None
    owner_it: Someone | None = None
    baseline: Number | None = None
    baseline_date: Day | None = None
    target: Number | None = None
    target_date: Day | None = None
    reported: Literal["met", "not met"] | None = None
    category: Name | None = None
    source: Text | None = None
    readings: tuple[Reading, ...] = ()


class Impact(Row):
    """What a symptom costs a year, as a range. ``agreed_by`` names who accepted the figure.

    ``overlaps`` lists other impacts that count some of the same money; they are never summed.
    """

    id: Id
    symptom: SymptomId
    name: Name
    low: Amount | None = None
    likely: Amount
    high: Amount | None = None
    worksheet: Text | None = None
    source: Text | None = None
    agreed_by: Someone | None = None
    overlaps: tuple[Id, ...] = ()


class Spend(Row):
    """IT spending of one fiscal year by purpose, in the client's currency."""

    year: Year
    run: Amount
    grow: Amount | None = None
    transform: Amount | None = None
    protect: Amount | None = None


class Risk(Row):
    """A risk or a deadline. ``severity`` (0–1) is how bad it is when nothing is done."""

    id: Id
    name: Name
    kind: Literal["contract", "end-of-life", "insurance", "compliance", "security", "people", "other"] = (
        "other"
    )
    due: Day | None = None
    consequence: Text | None = None
    severity: Share | None = None
    owner: Someone | None = None


class Theme(Row):
    """Interview evidence in the consultant's words, attributed to nobody."""

    id: Id
    dimension: DimensionId
    text: Text
    round: Id | None = None


class Budget(Row):
    """The money one fiscal year allows; ``reserve`` (0–1) is the share of ``amount`` held back.

    ``opex`` is money for running costs after completion, where the client keeps it apart: ``amount`` is
    then for capital alone. Left out, ``amount`` covers both.
    """

    year: Year
    amount: Amount
    opex: Amount | None = None
    reserve: Share = 0.0


class Capacity(Row):
    """People available in a role, in FTE, from ``quarter`` on (from the start when left out)."""

    role: Role
    fte: Fte
    quarter: Quarter | None = None


class Planning(Row):
    """How the roadmap is planned: its first quarter, its length, and what avoiding risk is worth.

    ``risk_weight`` is the share (0–1) of a plan's value given to settling risks; the goals share the rest.
    ``scenario`` names the scenario that the plan follows: the proposed plan.
    """

    start: Quarter | None = None
    quarters: Annotated[
        Whole,
        Field(ge=1, le=MOST_QUARTERS),
        Kind("a whole number of quarters", "Write how many quarters are planned."),
    ] = QUARTERS
    risk_weight: Share = RISK_WEIGHT
    scenario: Id | None = None


class RoundGroup(Row):
    """One group in one round: how it answers, and how many were invited.

    ``minimum`` is the fewest answers at which a surveyed group's scores are shown. ``priorities``
    holds the group's mean rank of each goal (1 is the most important). ``correction`` says why
    ``invited`` is no longer as the round was issued; the pages print it.
    """

    group: Group
    mode: Mode | None = None
    invited: (
        Annotated[
            Whole,
            Field(ge=1),
            Kind("a number of people", "Write how many were invited; leave it out if unknown."),
        ]
        | None
    ) = None
    minimum: Annotated[
        Whole,
        Field(ge=LEAST_MINIMUM, le=1000),
        Kind(
            "a number of answers",
            f"Write the fewest answers at which scores are shown; never below {LEAST_MINIMUM}.",
        ),
    ] = MINIMUM
    label: Name | None = None
    note: Text | None = None
    correction: Reason | None = None
    priorities: dict[
        Id,
        Annotated[
            SmallNumber,
            Field(ge=1),
            Kind("a mean rank", "Write the group's mean rank of the goal: 1 is first."),
        ],
    ] = Field(default_factory=dict)

    @property
    def answers_by(self) -> Mode:
        """How the group answers: as recorded, else by its size (unknown size: survey)."""
        if self.mode is not None:
            return self.mode
        if self.invited is None or self.invited >= SURVEY_FROM:
            return "survey"
        return "named" if self.invited < CONSENSUS_FROM else "consensus"


class Round(Row):
    """One survey round or quarterly review; ``as_of`` is "today" on every page drawn from it.

    ``closed`` is the last day on which an answer could be added.
    """

    id: Id
    as_of: Day
    name: Name | None = None
    questionnaire: Literal["full", "executive", "pulse", "own"] | None = None
    closed: Day | None = None
    groups: tuple[RoundGroup, ...] = ()


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
    spend: tuple[Spend, ...] = ()
    risks: tuple[Risk, ...] = ()
    themes: tuple[Theme, ...] = ()
    targets: dict[AreaId, Level] = Field(default_factory=dict)
    weights: Literal["equal", "headcount"] = "equal"
    budget: tuple[Budget, ...] = ()
    capacity: tuple[Capacity, ...] = ()
    planning: Planning = Planning()
    rounds: tuple[Round, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    recommendations: tuple[Advice, ...] = ()
    quotes: tuple[Quote, ...] = ()
