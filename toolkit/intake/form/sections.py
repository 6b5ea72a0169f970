"""What the form asks and where: each section's fields, in the schema's names with words for a person."""

from __future__ import annotations

from dataclasses import dataclass, field

from toolkit.client.facts import (  # fmt: skip
    Budget,
    Capacity,
    Goal,
    Impact,
    Kpi,
    Planning,
    Profile,
    Reading,
    Risk,
    Round,
    Spend,
    Theme,
)
from toolkit.client.fields import Row
from toolkit.client.work import Initiative
from toolkit.intake.document import Path
from toolkit.method import AREAS, DIMENSIONS, GROUP_NAMES, GROUPS, LEVELS, SCALE, SYMPTOMS, Dimension
from toolkit.words import MONTHS

Options = tuple[tuple[str, str], ...]  # label and value
_NAMES = {**GROUP_NAMES, "provider": "Outsourced provider"}
GROUP_CHOICES: Options = tuple((_NAMES[group], group) for group in GROUPS)
_FACTS = "facts"


@dataclass(frozen=True)
class Ask:
    """One field.

    Attributes
    ----------
    kind : str
        "text", "long" (several lines), "amount" (of money), "choice", "one" (of another list), "several" (of another list), "levels" (a
        contribution for each goal), "pairs" (``name: number; …``), "parts" (``0.5; 0.5``) or "rows".
    hint : str
        What a good answer looks like; stands in the empty field.
    options : tuple
        For a choice.
    of : tuple of str
        Path of the list that is chosen from, or that the names of pairs are ids of.
    row, columns
        For rows: the model of a row and what each asks.
    wanted : bool
        Whether a page is the poorer without it.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: Options = ()
    of: Path = ()
    row: type[Row] = Row
    columns: tuple[Ask, ...] = ()
    wanted: bool = False


@dataclass(frozen=True)
class Part:
    """Part of the form: a group of fields, or a list of entries that each have these fields.

    Attributes
    ----------
    path : tuple of str
        Where it lies in the document.
    one : str
        What an entry is called; empty for a group of fields.
    """

    key: str
    title: str
    about: str
    path: Path
    model: type[Row]
    asks: tuple[Ask, ...] = field(default=())
    one: str = ""


def _choices(*values: str) -> Options:
    return tuple((value.capitalize(), value) for value in values)


def _dimensions(given: tuple[Dimension, ...]) -> Options:
    return tuple((one.name, one.id) for one in given)


_GOALS: Path = (_FACTS, "goals")
_DATE = "2027-06-30"
_PURPOSES = _choices("run", "grow", "transform", "protect")

PROFILE = Part(
    "profile", "Company", "Who the client is, and who answers for both sides.", (_FACTS, "profile"), Profile,
    (
        Ask("name", "Company", wanted=True),
        Ask("sector", "Sector"),
        Ask("employees", "Employees", hint="240"),
        Ask("country", "Country"),
        Ask("business_lead", "Business lead", hint="Dana Whitfield, COO", wanted=True),
        Ask("it_lead", "IT lead", hint="Marcus Reyes, Head of IT", wanted=True),
        Ask("currency", "Currency of every amount", hint="USD, EUR, GBP …"),
        Ask("fiscal_year_starts", "Fiscal year begins in", "choice", options=tuple((m, str(i)) for i, m in enumerate(MONTHS, 1))),
        Ask("discount_rate", "Discount rate", hint="0.08 for 8 %"),
    ),
)  # fmt: skip

GOALS = Part(
    "goals", "Goals", "What the business wants to reach. Leadership spreads 100 points over the goals.", _GOALS, Goal,
    (
        Ask("name", "Goal", hint="Deliver 95 % of orders on time", wanted=True),
        Ask("owner", "Owner", hint="Dana Whitfield, COO", wanted=True),
        Ask("kpi", "Measured by", "one", of=(_FACTS, "kpis"), wanted=True),
        Ask("baseline", "Today", hint="a number in the measure’s unit", wanted=True),
        Ask("target", "Target", wanted=True),
        Ask("due", "By when", hint=_DATE, wanted=True),
        Ask("weight", "Points of 100", hint="40", wanted=True),
    ), "goal",
)  # fmt: skip

KPIS = Part(
    "kpis", "KPIs", "How progress is measured, with an owner on both sides.", (_FACTS, "kpis"), Kpi,
    (
        Ask("name", "Measure", hint="Orders delivered on time", wanted=True),
        Ask("unit", "Unit", hint="%"),
        Ask("better", "Better when", "choice", options=_choices("higher", "lower"), wanted=True),
        Ask("owner_business", "Business owner", wanted=True),
        Ask("owner_it", "IT owner", wanted=True),
        Ask("baseline", "Baseline"),
        Ask("baseline_date", "Date of the baseline", hint=_DATE),
        Ask("target", "Target"),
        Ask("target_date", "Target by", hint=_DATE),
        Ask("readings", "Readings", "rows", row=Reading, columns=(Ask("date", "Date", hint=_DATE), Ask("value", "Value"))),
        Ask("reported", "Reported without figures", "choice", options=_choices("met", "not met")),
        Ask("category", "Category"),
        Ask("source", "Source", "long"),
    ), "KPI",
)  # fmt: skip

IMPACT = Part(
    "impact", "Business impact", "What a symptom costs a year, and who agreed to the figure.", (_FACTS, "impact"), Impact,
    (
        Ask("name", "What is lost", hint="Overtime for late orders", wanted=True),
        Ask("symptom", "Symptom", "choice", options=_dimensions(SYMPTOMS), wanted=True),
        Ask("low", "Low, a year", "amount"),
        Ask("likely", "Likely, a year", "amount", hint="140,000", wanted=True),
        Ask("high", "High, a year", "amount"),
        Ask("worksheet", "How it was worked out", "long", hint="12 people × 6 hours × 40 weeks × 48 an hour", wanted=True),
        Ask("source", "Source", "long"),
        Ask("agreed_by", "Agreed by", hint="Priya Raman, CFO", wanted=True),
        Ask("overlaps", "Counts some of the same money as", "several", of=(_FACTS, "impact")),
    ), "cost",
)  # fmt: skip

SPEND = Part(
    "spend", "IT spending", "What IT costs a fiscal year, by purpose.", (_FACTS,), Row,
    (Ask("spend", "Spending", "rows", row=Spend, columns=(
        Ask("year", "Fiscal year", hint="2026"), Ask("run", "Run", "amount"), Ask("grow", "Grow", "amount"),
        Ask("transform", "Transform", "amount"), Ask("protect", "Protect", "amount"))),),
)  # fmt: skip

RISKS = Part(
    "risks", "Risks and deadlines", "Contracts, end-of-life systems, insurance and compliance dates.", (_FACTS, "risks"), Risk,
    (
        Ask("name", "Risk or deadline", hint="Warehouse system out of support", wanted=True),
        Ask("kind", "Kind", "choice", options=_choices("contract", "end-of-life", "insurance", "compliance", "security", "people", "other")),
        Ask("due", "Due", hint=_DATE, wanted=True),
        Ask("consequence", "What happens if nothing is done", "long", wanted=True),
        Ask("severity", "How bad, 0 to 1", hint="0.7", wanted=True),
        Ask("owner", "Owner", wanted=True),
    ), "risk",
)  # fmt: skip

MONEY = Part(
    "money", "Budget and capacity", "What each fiscal year allows, and who is available. What is held back is a share: 0.1 for a tenth.",
    (_FACTS,), Row,
    (
        Ask("budget", "Budget", "rows", row=Budget, columns=(
            Ask("year", "Fiscal year", hint="2027"), Ask("amount", "Amount", "amount"), Ask("opex", "For running costs", "amount"),
            Ask("reserve", "Held back", hint="0.1"))),
        Ask("capacity", "Capacity", "rows", row=Capacity, columns=(
            Ask("role", "Role", hint="developer"), Ask("fte", "People (FTE)", hint="2.5"), Ask("quarter", "From quarter", hint="2027-Q1"))),
    ),
)  # fmt: skip

PLANNING = Part(
    "planning", "Planning", "From when the roadmap is planned, and how much settling risks is worth beside the goals.",
    (_FACTS, "planning"), Planning,
    (
        Ask("start", "First quarter", hint="2027-Q1"),
        Ask("quarters", "Quarters planned", hint="12"),
        Ask("risk_weight", "Weight of risks, 0 to 1", hint="0.2"),
    ),
)  # fmt: skip

INITIATIVES = Part(
    "initiatives", "Initiatives", "The work under discussion, planned or under way.", ("initiatives",), Initiative,
    (
        Ask("name", "Initiative", hint="Replace the warehouse system", wanted=True),
        Ask("description", "Description", "long"),
        Ask("status", "Status", "choice", options=_choices("proposed", "in progress", "done", "stopped")),
        Ask("purpose", "Purpose", "choice", options=_PURPOSES),
        Ask("owner_business", "Business owner", wanted=True),
        Ask("owner_it", "IT owner", wanted=True),
        Ask("duration", "Quarters of work", hint="3", wanted=True),
        Ask("capex", "Capital cost in all", "amount", hint="250,000", wanted=True),
        Ask("estimate", "How sure the cost is", "choice", options=_choices("rough", "budgetary", "firm")),
        Ask("contingency", "Contingency, share of it", hint="0.2"),
        Ask("opex", "Running cost, each year after", "amount"),
        Ask("benefit", "Benefit, each year after", "amount"),
        Ask("goals", "Contribution to each goal", "levels", of=_GOALS, wanted=True),
        Ask("scored_by", "Contributions scored by"),
        Ask("fte", "People while it runs", "pairs", hint="developer: 1.5; analyst: 0.5"),
        Ask("depends_on", "Needs first", "several", of=("initiatives",)),
        Ask("settles", "Settles", "several", of=(_FACTS, "risks")),
        Ask("practices", "Practices it improves", "several", options=_dimensions(tuple(one for one in DIMENSIONS if one.family == "practice"))),
        Ask("earliest_start", "Not before", hint="2027-Q2"),
        Ask("deadline", "Done by the end of", hint="2028-Q1"),
        Ask("start", "Began in", hint="only once it has begun: 2026-Q3"),
        Ask("finish", "Completion date as stated", hint=_DATE),
        Ask("mandatory", "Mandatory, because", "long"),
        Ask("alternative_group", "One of the alternatives", hint="the same short word for each: erp"),
        Ask("capex_profile", "Cost by quarter, as shares", "parts", hint="0.5; 0.3; 0.2"),
        Ask("rank", "Leadership’s own rank", hint="1"),
        Ask("original_capex", "Cost as first known", "amount"),
        Ask("original_finish", "Completion as first known", hint=_DATE),
        Ask("listed", "In the register that came last", "choice", options=(("No longer listed", "no longer"),)),
        Ask("source", "Source", "long"),
    ), "initiative",
)  # fmt: skip

THEMES = Part(
    "themes", "Interview themes", "What was heard, in your words, attributed to nobody.", (_FACTS, "themes"), Theme,
    (
        Ask("text", "Theme", "long", hint="Requests arrive without saying what they are for.", wanted=True),
        Ask("dimension", "Speaks to", "choice", options=_dimensions(DIMENSIONS), wanted=True),
        Ask("round", "Heard in round", "one", of=(_FACTS, "rounds")),
    ), "theme",
)  # fmt: skip

TARGETS = Part(
    "targets", "Targets", f"The maturity that leadership wants in each of the nine areas: {', '.join(map('{} {}'.format, SCALE, LEVELS))}.",
    (_FACTS, "targets"), Row,
    tuple(Ask(one.id, one.name, hint="3.5", wanted=True) for one in AREAS),
)  # fmt: skip

GROUP_ASKS = (
    Ask("invited", "Invited", hint="12", wanted=True),
    Ask("mode", "Answers by", "choice", options=(("survey", "survey"), ("consensus: one agreed position", "consensus"), ("named: one person’s view", "named"))),
    Ask("minimum", "Scores show from", hint="5 answers; never fewer than 3"),
    Ask("label", "Called on the pages", hint="The executives"),
    Ask("priorities", "Mean rank of each goal", "pairs", of=_GOALS, hint="goal-1: 1.5; goal-2: 2.2"),
    Ask("note", "Note", "long"),
    Ask("correction", "Why the head-count issued is corrected", "long", hint="12 was mistyped: 13 people are on the list."),
)  # fmt: skip
ROUNDS = Part(
    "rounds", "Who answers how", "One round for each survey or quarterly review, and how each group answers in it.", (_FACTS, "rounds"), Round,
    (
        Ask("name", "Name", hint="Autumn 2026"),
        Ask("as_of", "As of: “today” on its pages", hint=_DATE, wanted=True),
        Ask("questionnaire", "Questionnaire", "choice", options=(("Full, about 50 questions", "full"), ("Executive, about 20", "executive"), ("Pulse, 6", "pulse"), ("The client’s own", "own"))),
        Ask("closed", "Closed on", hint="the last day on which an answer could be added"),
    ), "round",
)  # fmt: skip

GROUP_ROWS = Ask("groups", "How each group answers", "rows", columns=(Ask("group", "Group", "choice", options=GROUP_CHOICES), *GROUP_ASKS))  # fmt: skip
PARTS = (PROFILE, ROUNDS, GOALS, KPIS, IMPACT, SPEND, RISKS, MONEY, PLANNING, TARGETS, INITIATIVES, THEMES)
BY_KEY = {one.key: one for one in PARTS}
