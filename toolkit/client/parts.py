"""The parts of a record as far as they could be read, and how a fault names a place in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from toolkit.client.field_types import Row
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.client.record_csv import Table
from toolkit.client.schema import (
    Action,
    Aggregate,
    Asset,
    Decision,
    Facts,
    Initiative,
    Response,
    Scenario,
    Service,
    scenario_file,
)
from toolkit.errors import Fault, Place, shown

FACTS = "client.yaml"
INITIATIVES = "initiatives.csv"
DECISIONS = "decisions.csv"
ACTIONS = "actions.csv"
RESPONSES = "responses.csv"
AGGREGATES = "aggregates.csv"
SERVICES = "services.csv"
ASSETS = "assets.csv"
QUESTIONNAIRE = "questionnaire.yaml"
# What was published in the round before, put beside the record for whoever tells what has changed since.
EARLIER_FINDINGS = "draft/earlier-findings.json"
EARLIER_PLAN = "draft/earlier-plan.json"
# The plan of the round just before, which a review looks back to, whether that asked questions or not.
PREVIOUS_PLAN = "draft/previous-plan.json"
# The consultancy's benchmark, as far as this client's pages show it, put there by whoever makes them.
OWN_BENCHMARK = "draft/benchmark.json"
# The plan of the first round that has one published, which the closing page looks back to.
FIRST_PLAN = "draft/first-plan.json"
# The record's lists that are files of their own, each with the model of its rows and its name in record and parts.
TABLES: Mapping[str, tuple[str, type[Row]]] = {
    INITIATIVES: ("initiatives", Initiative),
    DECISIONS: ("decisions", Decision),
    ACTIONS: ("actions", Action),
    RESPONSES: ("responses", Response),
    AGGREGATES: ("aggregates", Aggregate),
    SERVICES: ("services", Service),
    ASSETS: ("assets", Asset),
}
FILES = (FACTS, *TABLES, QUESTIONNAIRE)


@dataclass(frozen=True)
class Parts:
    """What could be read of a record; a check that needs what could not be read is left out.

    Attributes
    ----------
    facts : Facts or None
        None when ``client.yaml`` could not be read, so that nothing can be said to be unknown in it.
    questionnaires : mapping
        The shipped ones by id, and the client's own as ``own``.
    scenarios : mapping
        By file; None for one that could not be read.
    own_unreadable : bool
        Whether a ``questionnaire.yaml`` stands there that could not be read.
    pictures : mapping
        Of slides, by their path.
    """

    facts: Facts | None
    initiatives: Table[Initiative] = field(default=Table(INITIATIVES))
    decisions: Table[Decision] = field(default=Table(DECISIONS))
    actions: Table[Action] = field(default=Table(ACTIONS))
    responses: Table[Response] = field(default=Table(RESPONSES))
    aggregates: Table[Aggregate] = field(default=Table(AGGREGATES))
    services: Table[Service] = field(default=Table(SERVICES))
    assets: Table[Asset] = field(default=Table(ASSETS))
    questionnaires: Mapping[str, Questionnaire] = field(default_factory=dict)
    scenarios: Mapping[str, Scenario | None] = field(default_factory=dict)
    own_unreadable: bool = False
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, record: Record) -> Parts:
        """Return the parts of a whole record, rows numbered as its files will number them."""
        return cls(
            record.facts,
            questionnaires=record.questionnaires,
            scenarios={scenario_file(one.id): one for one in record.scenarios},
            pictures=record.pictures,
            **{name: Table.of(file, getattr(record, name)) for file, (name, _) in TABLES.items()},  # type: ignore[arg-type]
        )

    @property
    def tables(self) -> Mapping[str, Table[Any]]:
        """The lists that are files of their own, by file."""
        return {file: getattr(self, name) for file, (name, _) in TABLES.items()}


def entry(group: str, index: int, label: object = "", name: str = "", file: str = FACTS) -> str:
    """Return the words for the place of an entry of a list in a YAML file, and of a field in it."""
    words = f"{file}, {group}, entry {index + 1}" + (f" ({shown(label)})" if label != "" else "")
    return f"{words}, field {name}" if name else words


def repeated(what: str, places: Iterable[tuple[Place, object]]) -> Iterator[Fault]:
    """Yield a fault for each key met before.

    Parameters
    ----------
    what : str
        What the key is, as a noun ("goal id").
    places : iterable of (Place, key)
        Where each key stands, its field or column last; keys are compared as they are and shown as text.
    """
    first: dict[object, Place] = {}
    for where, key in places:
        if key in first:
            yield Fault(
                where.after(first[key]),
                f"{what} '{shown(key)}', which also stands in {first[key]}",
                f"each {what} once",
                "Remove one of the two, or correct the one that is meant to be another.",
            )
        first.setdefault(key, where.entry)
