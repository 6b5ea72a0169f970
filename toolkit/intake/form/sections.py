"""What the form asks and where: each section's fields, in the schema's names with words for a person."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, get_args, get_origin

from toolkit.client.calendar import Quarter
from toolkit.client.field_types import (
    Row,
    accepted_at,
    bare_type,
    is_amount,
    is_long,
    label_of,
    labelled,
    references,
    rows_within,
)
from toolkit.client.schema import (
    Action,
    Asset,
    Contribution,
    Facts,
    Goal,
    Impact,
    Initiative,
    Kpi,
    Meeting,
    Planning,
    Profile,
    Risk,
    Round,
    RoundGroup,
    Service,
    Theme,
)
from toolkit.intake.document import Path
from toolkit.intake.mapping import kind_of
from toolkit.method import AREAS, BY_ID, DIMENSIONS, LEVELS, SCALE

Options = tuple[tuple[str, str], ...]  # label and value
_FACTS = "facts"
_TYPED = ("amount", "long", "number", "share", "date")


@dataclass(frozen=True)
class FieldSpec:
    """One field.

    Attributes
    ----------
    kind : str
        "text", "long" (several lines), "amount" (of money), "number", "share", "date", "choice", "one" (of another list), "several" (of another list), "levels" (a
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
    heading : str
        Stands above it where a group of fields begins.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: Options = ()
    of: Path = ()
    row: type[Row] = Row
    columns: tuple[FieldSpec, ...] = ()
    wanted: bool = False
    heading: str = ""


@dataclass(frozen=True)
class Part:
    """Part of the form: a group of fields, or a list of entries that each have these fields.

    Attributes
    ----------
    path : tuple of str
        Where it lies in the document.
    one : str
        What an entry is called; empty for a group of fields.
    first : tuple of str
        The fields that are shown at once, the others once they are asked for; empty shows all.
    grid : tuple of str
        The fields that have a column in the grid over all entries; empty where there is no grid.
    """

    key: str
    title: str
    about: str
    path: Path
    model: type[Row]
    asks: tuple[FieldSpec, ...] = field(default=())
    one: str = ""
    first: tuple[str, ...] = ()
    grid: tuple[str, ...] = ()


# Where what an id may refer to is listed.
_LISTS: dict[str, Path] = {
    "goal": (_FACTS, "goals"), "KPI": (_FACTS, "kpis"), "business impact": (_FACTS, "impact"), "risk": (_FACTS, "risks"),
    "round": (_FACTS, "rounds"), "initiative": ("initiatives",),
}  # fmt: skip
_OF_THE_METHOD: dict[str, Options] = {
    family: tuple((one.name, one.id) for one in DIMENSIONS if one.family == family)
    for family in ("practice", "need")
}

# The groups into which a long section falls, each by its first field; the first group needs no heading.
_HEADINGS: dict[tuple[type[Row], str], str] = {
    (Profile, "business_lead"): "Who answers for both sides", (Profile, "currency"): "Money and fiscal year",
    (Profile, "decimal_mark"): "How numbers and dates are written", (Profile, "benchmark_consent"): "Benchmark",
    (Goal, "kpi"): "How it is measured", (Goal, "weight"): "What it counts",
    (Kpi, "owner_business"): "Owners", (Kpi, "baseline"): "From where to where", (Kpi, "reported"): "Where it comes from",
    (Impact, "low"): "What it costs", (Impact, "worksheet"): "Where the figure comes from",
    (Risk, "consequence"): "What it means", (Risk, "loss"): "What it costs",
    (Service, "yearly_cost"): "Money", (Service, "renewal"): "Renewal", (Service, "owner"): "Who, and what follows",
    (Asset, "bought"): "Life", (Asset, "price"): "Replacement",
    (Initiative, "owner_business"): "Owners", (Initiative, "duration"): "Time and money", (Initiative, "estimate"): "Estimate and benefit",
    (Initiative, "fte"): "People and order", (Initiative, "earliest_start"): "Dates", (Initiative, "spent"): "How it goes",
    (Initiative, "mandatory"): "How the plan treats it", (Initiative, "original_capex"): "From the register",
}  # fmt: skip


def asked(model: type[Row], *names: str) -> tuple[FieldSpec, ...]:
    """Return what is asked for some fields of a model, in this order; for all that have a label where none is named."""
    return tuple(_ask(model, name) for name in names or labelled(model))


def _ask(model: type[Row], name: str) -> FieldSpec:
    label, what = label_of(model, name), dict(references(model)).get(name, "")
    ask = FieldSpec(name, label.text, hint=label.hint, of=_LISTS.get(what, ()), wanted=label.wanted, heading=_HEADINGS.get((model, name), ""))  # fmt: skip
    bare, accepted = bare_type(model, name), accepted_at(model, (name,))
    row = next((inner for field, inner, many in rows_within(model) if field == name and many), None)
    if row:
        return replace(ask, kind="rows", row=row, columns=asked(row))
    if label.choices:
        return replace(ask, kind="choice", options=label.choices)
    if get_origin(bare) is Literal:
        return replace(
            ask, kind="choice", options=tuple((value.capitalize(), value) for value in get_args(bare))
        )
    if accepted.choices:
        return replace(ask, kind="choice", options=tuple((BY_ID[id].name, id) for id in accepted.choices))
    if get_origin(bare) is dict:
        return replace(ask, kind="levels" if get_args(bare)[1] is Contribution else "pairs")
    if get_origin(bare) is tuple:
        return replace(ask, kind="several" if what else "parts", options=_OF_THE_METHOD.get(what, ()))
    if what:
        return replace(ask, kind="one")
    held = "amount" if is_amount(model, name) else "long" if is_long(model, name) else kind_of(model, name)
    return replace(ask, kind=held if held in _TYPED else "text")


def asks_for_periods(part: Part) -> bool:
    """Whether a part asks for a fiscal year or quarter."""
    models = {part.model, *(ask.row for ask in part.asks)}
    kinds = [bare_type(model, name) for model in models for name in model.model_fields]
    return Quarter in kinds or any("year" in model.model_fields for model in models)


PROFILE = Part(
    "profile", "Company", "Who the client is, and who answers for both sides.", (_FACTS, "profile"), Profile, asked(Profile)
)  # fmt: skip
GOALS = Part(
    "goals", "Goals", "What the business wants to reach. Leadership spreads 100 points over the goals.",
    (_FACTS, "goals"), Goal, asked(Goal), "goal",
)  # fmt: skip
KPIS = Part(
    "kpis", "KPIs", "How progress is measured, with an owner on both sides.", (_FACTS, "kpis"), Kpi,
    asked(
        Kpi, "name", "short", "unit", "better", "owner_business", "owner_it", "baseline", "baseline_date", "target", "target_date",
        "readings", "reported", "category", "source",
    ), "KPI",
    grid=("name", "unit", "better", "owner_business", "owner_it", "baseline", "baseline_date", "target", "target_date"),
)  # fmt: skip
IMPACT = Part(
    "impact", "Business impact", "What a symptom costs a year, and who agreed to the figure.", (_FACTS, "impact"), Impact,
    asked(Impact, "name", "short", "symptom", "low", "likely", "high", "worksheet", "source", "agreed_by", "overlaps"), "cost",
)  # fmt: skip
SPEND = Part(
    "spend", "IT spending", "What IT costs a fiscal year, by purpose.", (_FACTS,), Row, asked(Facts, "spend")
)
RISKS = Part(
    "risks", "Risks and deadlines", "Contracts, end-of-life systems, insurance and compliance dates.", (_FACTS, "risks"),
    Risk, asked(Risk), "risk", grid=("name", "kind", "due", "consequence", "severity", "owner", "loss", "yearly", "notice"),
)  # fmt: skip
MONEY = Part(
    "money", "Budget and capacity", "What each fiscal year allows, and who is available. What is held back is a share: 0.1 for a tenth.",
    (_FACTS,), Row, asked(Facts, "budget", "capacity"), grid=("budget", "capacity"),
)  # fmt: skip
PLANNING = Part(
    "planning", "Planning", "From when the roadmap is planned, and how much settling risks is worth beside the goals.",
    (_FACTS, "planning"), Planning, asked(Planning),
)  # fmt: skip
# What the plan is made of.
PLANNED = ("name", "owner_business", "owner_it", "duration", "capex", "goals", "fte", "depends_on", "settles")
INITIATIVES = Part(
    "initiatives", "Initiatives", "The work under discussion, planned or under way.", ("initiatives",), Initiative,
    asked(
        Initiative, "name", "short", "description", "status", "purpose", "owner_business", "owner_it", "duration", "capex",
        "estimate", "contingency", "opex", "benefit", "benefit_agreed_by", "goals", "scored_by", "effects", "fte", "depends_on",
        "settles", "removes", "serves", "practices", "earliest_start",
        "deadline", "start", "finish", "spent", "forecast", "health", "health_reason", "mandatory", "alternative_group", "capex_profile", "rank", "original_capex",
        "original_finish", "listed", "source",
    ), "initiative", first=PLANNED, grid=("name", "status", *PLANNED[1:]),
)  # fmt: skip
THEMES = Part(
    "themes", "Interview themes", "What was heard, in your words, attributed to nobody.", (_FACTS, "themes"), Theme,
    asked(Theme, "text", "dimension", "round"), "theme",
)  # fmt: skip
TARGETS = Part(
    "targets", "Targets", f"The maturity that leadership wants in each of the nine areas: {', '.join(map('{} {}'.format, SCALE, LEVELS))}.",
    (_FACTS, "targets"), Row,
    tuple(FieldSpec(one.id, one.name, hint="3.5", wanted=True) for one in AREAS),
)  # fmt: skip
GROUP_ASKS = asked(RoundGroup, "invited", "mode", "minimum", "label", "priorities", "note", "correction")
ROUNDS = Part(
    "rounds", "Who answers how", "One round for each survey or quarterly review, and how each group answers in it.",
    (_FACTS, "rounds"), Round, asked(Round, "name", "as_of", "questionnaire", "closed", "meeting"), "round",
)  # fmt: skip
MEETINGS = Part(
    "meetings", "Meetings", "Meetings of both leaderships, to come and past: when, who of each side was there, held or not.",
    (_FACTS, "meetings"), Meeting, asked(Meeting), "meeting",
)  # fmt: skip
ACTIONS = Part(
    "actions", "Actions", "What was promised, by whom on both sides, by when, and whether it was done.", ("actions",), Action,
    asked(Action, "action", "round", "owner_business", "owner_it", "due", "status", "done_on", "initiative", "note"), "action",
)  # fmt: skip
SERVICES = Part(
    "services", "Services and contracts", "What is paid for each year, and when it renews: licences, support, outsourcing.",
    ("services",), Service, asked(Service), "service",
)  # fmt: skip
ASSETS = Part(
    "assets", "Assets", "Equipment and software whose life ends: how many, bought when, and what replaces them.", ("assets",),
    Asset, asked(Asset), "asset",
)  # fmt: skip

GROUP_CHOICES: Options = label_of(RoundGroup, "group").choices
GROUP_ROWS = replace(_ask(Round, "groups"), row=Row, columns=(_ask(RoundGroup, "group"), *GROUP_ASKS))
PARTS = (
    PROFILE,
    ROUNDS,
    MEETINGS,
    GOALS,
    KPIS,
    IMPACT,
    SPEND,
    RISKS,
    SERVICES,
    ASSETS,
    MONEY,
    PLANNING,
    TARGETS,
    INITIATIVES,
    ACTIONS,
    THEMES,
)
BY_KEY = {one.key: one for one in PARTS}
