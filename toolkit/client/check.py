"""The checks over a whole record: every contradiction at once, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from toolkit.client.answers_check import faults_of_answers
from toolkit.client.expected import goals_beside_their_kpis, names_given_twice, pages_expected, plan_expected
from toolkit.client.facts_check import faults_of_facts
from toolkit.client.parts import FACTS, Parts
from toolkit.client.record import Record
from toolkit.client.scenarios import FOLDER as SCENARIOS
from toolkit.client.scenarios_check import faults_of_scenarios
from toolkit.client.tables import collector_paused
from toolkit.client.work_check import faults_of_work
from toolkit.errors import MOST_TOLD, Fault

__all__ = [
    "check",
    "check_parts",
    "goals_beside_their_kpis",
    "names_given_twice",
    "pages_expected",
    "plan_expected",
]


def check(record: Record) -> list[Fault]:
    """Return every contradiction within a record, in a fixed order; rows as its files would number them."""
    return check_parts(Parts.of(record))


@collector_paused()
def check_parts(parts: Parts) -> list[Fault]:
    """Return every contradiction within what could be read of a record.

    A check that would need an unreadable file is left out: an id is not called unknown when the
    file that would hold it has faults of its own.
    """
    return [
        *_first(faults_of_facts(parts), FACTS),
        *faults_of_work(parts),
        *faults_of_answers(parts),
        *_first(faults_of_scenarios(parts), SCENARIOS),
    ]


def _first(faults: Iterator[Fault], where: str) -> Iterator[Fault]:
    """Yield as many faults as are told one by one, and that there are more: a hostile file holds any number."""
    yield from islice(faults, MOST_TOLD)
    if next(faults, None):
        remedy = "Correct those above, then try again."
        yield Fault(where, f"more than {MOST_TOLD} faults", "a record without faults", remedy)
