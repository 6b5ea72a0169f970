"""The first meeting: its guide, data that ships with the toolkit, and the kit of what is known of the client and what to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, TypeVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from toolkit.client.field_types import DimensionId, Row, Text, Whole
from toolkit.client.record import Record
from toolkit.client.schema import Facts, Round, RoundGroup
from toolkit.client.yaml_files import read_model
from toolkit.errors import InputError
from toolkit.intake.questionnaire_items import name_of
from toolkit.intake.questionnaire_pages import rendered
from toolkit.method import AREAS, BY_ID, NEEDS, SYMPTOMS, Mode
from toolkit.shipped import shipped_bytes

_FILE = "first_meeting.yaml"  # of the guides
_Said = Annotated[Text, Field(min_length=1)]


class Topic(Row):
    """One item of the agenda, with its length in minutes."""

    minutes: Annotated[Whole, Field(ge=1, le=60)]
    topic: _Said
    detail: _Said


class Document(Row):
    """A document to ask for, and what it is for."""

    name: _Said
    why: _Said


class Prompts(Row):
    """Open questions on one dimension, for each side."""

    business: Annotated[tuple[_Said, ...], Field(min_length=1)]
    it: Annotated[tuple[_Said, ...], Field(min_length=1)]


class Guide(Row):
    """The first meeting: what it goes through, what to ask for, and prompts on every dimension."""

    agenda: Annotated[tuple[Topic, ...], Field(min_length=1)]
    documents: Annotated[tuple[Document, ...], Field(min_length=1)]
    prompts: dict[DimensionId, Prompts]

    @model_validator(mode="after")
    def _every_dimension(self) -> Guide:
        missing = [one for one in BY_ID if one not in self.prompts]
        if missing:
            raise PydanticCustomError("prompts", "prompts on: {missing}", {"missing": ", ".join(missing)})
        return self

    @property
    def minutes(self) -> int:
        """How long the meeting takes."""
        return sum(one.minutes for one in self.agenda)


@cache
def first_meeting() -> Guide:
    """Return the guide to the first meeting, read once; InputError where it was changed and cannot be read."""
    guide, faults = read_model(Guide, shipped_bytes("guides", _FILE), f"guides/{_FILE}")
    if guide is None:
        raise InputError(faults)
    return guide


T = TypeVar("T")
_LISTED = 6
_ANSWERS: dict[Mode, str] = {
    "survey": "each alone", "consensus": "one agreed position", "named": "by role, on the record",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """One topic of the record.

    Attributes
    ----------
    known : str
        What the record says; empty when it says nothing.
    ask : tuple of str
        What is still missing, as a consultant would ask for it.
    shown : str
        Where the answer will be seen.
    """

    topic: str
    known: str
    ask: tuple[str, ...]
    shown: str


def first_meeting_page(record: Record, one: Round) -> bytes:
    """Return the kit as a page to print; it is the consultant's own and holds no answer of a survey."""
    guide = first_meeting()
    families = (("The nine areas", AREAS), ("Symptoms", SYMPTOMS), ("Needs", NEEDS))
    prompts = [(title, [(each, guide.prompts[each.id]) for each in ones]) for title, ones in families]
    told = {
        "client": record.facts.profile.name, "round_name": one.name, "guide": guide,
        "prompts": prompts, "known": known(record, one),
    }  # fmt: skip
    return rendered("first_meeting.html.j2", told, ("sheet.css", "first_meeting.css"))


def known(record: Record, one: Round) -> list[Known]:
    """Return, topic by topic, what the record says and what it does not."""
    return [
        *_company(record.facts),
        *_aims(record.facts),
        *_money_and_dates(record),
        *_people(record.facts, one),
    ]


def _company(facts: Facts) -> Iterable[Known]:
    profile = facts.profile
    said = [profile.sector, profile.country, f"{profile.employees:,} people" if profile.employees else None]
    yield Known("Company", ", ".join(one for one in said if one),
                _lacking((profile.sector, "sector"), (profile.employees, "number of employees")), "all pages")  # fmt: skip
    leads = [f"business: {profile.business_lead}" if profile.business_lead else "",
             f"IT: {profile.it_lead}" if profile.it_lead else ""]  # fmt: skip
    yield Known("Who answers for what is decided", "; ".join(one for one in leads if one),
                _lacking((profile.business_lead, "who leads the business side"), (profile.it_lead, "who leads IT")),
                "assessment: who answered, what to do")  # fmt: skip


def _aims(facts: Facts) -> Iterable[Known]:
    goals, kpis, impact = facts.goals, facts.kpis, facts.impact
    yield Known("Goals", _names(one.name for one in goals), _gaps(len(goals), "the goals of the next three years", [
        (_count(goals, lambda g: not g.owner), "an owner"), (_count(goals, lambda g: not g.kpi), "a KPI"),
        (_count(goals, lambda g: g.target is None or g.due is None), "a target and a date"),
        (_count(goals, lambda g: g.weight is None), "a share of leadership's 100 points"),
    ]), "assessment: goals; roadmap")  # fmt: skip
    yield Known("KPIs", _names(one.name for one in kpis), _gaps(len(kpis), "the measures that both sides look at", [
        (_count(kpis, lambda k: not k.readings), "readings"),
        (_count(kpis, lambda k: not (k.owner_business and k.owner_it)), "an owner on both sides"),
    ]), "quarterly review")  # fmt: skip
    yield Known("What symptoms cost a year", _names(one.name for one in impact), _gaps(
        len(impact), "what late projects, unused tools and lost hours cost",
        [(_count(impact, lambda i: not i.agreed_by), "the CFO's agreement")]), "assessment: symptoms and cost")  # fmt: skip
    targets = len(facts.targets)
    yield Known("Maturity that leadership wants", f"{targets} of 9 areas" if targets else "",
                () if targets == len(AREAS) else ("the target level, 1 to 5, of each area",), "assessment: the nine areas")  # fmt: skip


def _money_and_dates(record: Record) -> Iterable[Known]:
    facts, work = record.facts, record.initiatives
    yield Known("IT spending", _names(str(one.year) for one in facts.spend),
                () if facts.spend else ("spending of a year: run, grow, transform, protect",), "assessment: spending")  # fmt: skip
    yield Known("Budget", _names(str(one.year) for one in facts.budget),
                () if facts.budget else ("the budget of the years ahead, and the reserve",), "roadmap")  # fmt: skip
    yield Known("Risks and deadlines", _names(one.name for one in facts.risks), _gaps(
        len(facts.risks), "contract renewals, end-of-life systems, insurance and compliance dates",
        [(_count(facts.risks, lambda r: r.due is None), "a date"), (_count(facts.risks, lambda r: not r.owner), "an owner")],
    ), "assessment: deadlines; roadmap")  # fmt: skip
    yield Known("Initiatives", _names(one.name for one in work), _gaps(len(work), "projects under way and proposed", [
        (_count(work, lambda i: i.capex is None), "a cost"), (_count(work, lambda i: i.quarters(facts.profile.fiscal) is None), "a duration"),
        (_count(work, lambda i: not i.goals), "the goal it serves"),
    ]), "roadmap")  # fmt: skip
    roles = dict.fromkeys(one.role for one in facts.capacity)
    yield Known("People for projects", _names(roles), () if roles else ("people available by role, in FTE",), "roadmap")  # fmt: skip


def _people(facts: Facts, one: Round) -> Iterable[Known]:
    said = [f"{name_of(group)}: {_invited(group)}{_ANSWERS[group.answers_by]}" for group in one.groups]
    unknown = [name_of(group) for group in one.groups if group.invited is None]
    ask = [] if one.groups else ["which groups are asked, and how many people are in each"]
    ask += [f"how many are invited: {', '.join(unknown)}"] if unknown else []
    yield Known("Who is asked", "; ".join(said), tuple(ask), "assessment: areas, needs, symptoms, causes")
    yield Known("Interviews", f"{len(facts.themes)} themes" if facts.themes else "",
                () if facts.themes else ("what interviews say, attributed to nobody",), "assessment: causes")  # fmt: skip


def _invited(group: RoundGroup) -> str:
    return f"{group.invited} {'person' if group.invited == 1 else 'people'}, " if group.invited else ""


def _count(ones: Sequence[T], lacks: Callable[[T], bool]) -> int:
    return sum(map(lacks, ones))


def _lacking(*facts: tuple[object, str]) -> tuple[str, ...]:
    return tuple(what for value, what in facts if not value)


def _gaps(total: int, whole: str, parts: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """Return the whole thing where there is none of it, else what some of it lack and how many."""
    if not total:
        return (whole,)
    return tuple(
        f"{what} for {'each' if lacking == total else f'{lacking} of {total}'}"
        for lacking, what in parts
        if lacking
    )


def _names(names: Iterable[str]) -> str:
    """Return the first six names and how many follow."""
    ones = list(names)
    more = f" and {len(ones) - _LISTED} more" if len(ones) > _LISTED else ""
    return "; ".join(ones[:_LISTED]) + more
