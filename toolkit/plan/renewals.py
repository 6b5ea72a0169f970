"""When services renew and assets end: the last day to act, the day itself, what it costs, and what answers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

from toolkit.client.record import Record
from toolkit.client.schema import Asset, Service
from toolkit.plan.risk_answers import Answer, answer_by
from toolkit.plan.roadmap import Roadmap

UNANSWERED = (
    "none",
    "waits",
    "too late",
    "not counted",
)  # kinds of answer by which nothing sure comes in time


@dataclass(frozen=True)
class Renewal:
    """The end of a service's term, or of an asset's life.

    Attributes
    ----------
    due, notice : date or None
        The day itself, and the last day to act where that is known of a service.
    amount : float or None
        What a service costs a year once renewed, what it costs to replace an asset.
    answer : Answer
        The work that makes it unnecessary, or replaces it, and whether that is done by the day.
    """

    row: Service | Asset
    due: date | None
    notice: date | None
    amount: float | None
    answer: Answer

    @property
    def act_by(self) -> date:
        """The last day to act: to give notice, else the day itself."""
        return self.notice or self.due  # type: ignore[return-value] # one of the two is known

    @property
    def is_service(self) -> bool:
        """Whether it is a service's, not an asset's."""
        return isinstance(self.row, Service)

    @property
    def is_open(self) -> bool:
        """Whether no work answers it in time for sure."""
        return self.answer.kind in UNANSWERED


def renewals(record: Record, as_of: date, roadmap: Roadmap) -> tuple[Renewal, ...]:
    """Return the dates of services and assets that are known, the one to act on first at the head."""
    found = [*_of_services(record, as_of, roadmap), *_of_assets(record, as_of, roadmap)]
    return tuple(sorted(found, key=lambda one: (one.act_by, one.row.name, one.row.id)))


@dataclass(frozen=True)
class ServiceCosts:
    """What a record's services cost, in the client's currency a year.

    Attributes
    ----------
    a_year : float or None
        All whose cost is known; None where none is.
    rise : float
        By how much more those cost once renewed that no work retires in time.
    retired : float
        What those cost that work retires in time.
    unknown : int
        How many there are whose cost is not known.
    """

    a_year: float | None
    rise: float
    retired: float
    unknown: int


def service_costs(record: Record, found: Sequence[Renewal]) -> ServiceCosts:
    """Return what the services on record cost, by their renewals as :func:`renewals` has them."""
    gone = {one.row.id for one in found if one.is_service and one.answer.kind == "in time"}
    known = [(one, one.yearly_cost) for one in record.services if one.yearly_cost is not None]
    return ServiceCosts(
        fsum(cost for _, cost in known) if known else None,
        fsum((one.renewed_cost or cost) - cost for one, cost in known if one.renewal and one.id not in gone),
        fsum(cost for one, cost in known if one.id in gone),
        len(record.services) - len(known),
    )


def _of_services(record: Record, as_of: date, roadmap: Roadmap) -> Iterator[Renewal]:
    for one in record.services:
        if one.renewal or one.notice_by:
            due = one.renewal or one.notice_by
            answer = _answer(record, as_of, roadmap, one.retired_by, due)
            yield Renewal(one, one.renewal, one.notice_by, one.renewed_cost, answer)


def _of_assets(record: Record, as_of: date, roadmap: Roadmap) -> Iterator[Renewal]:
    for one in record.assets:
        if one.ends:
            answer = _answer(record, as_of, roadmap, one.replaced_by, one.ends)
            yield Renewal(one, one.ends, None, one.cost, answer)


def _answer(record: Record, as_of: date, roadmap: Roadmap, work: str | None, due: date | None) -> Answer:
    named = tuple(one for one in record.initiatives if one.id == work)
    return answer_by(record, as_of, roadmap, named, due)
