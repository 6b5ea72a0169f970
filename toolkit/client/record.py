"""A client's record: everything known about one client, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from toolkit.client.questionnaire import Questionnaire
from toolkit.client.schema import (
    Action,
    Aggregate,
    Asset,
    Decision,
    Facts,
    Initiative,
    Response,
    Round,
    Scenario,
    Service,
)


@dataclass(frozen=True)
class Record:
    """One client, as its folder states it.

    Attributes
    ----------
    slug : str
        The folder's name.
    questionnaires : mapping
        The shipped ones by id, and the client's own, if any, as ``own``.
    pictures : mapping
        Those that slides of the consultant's own show, by their path in the folder.
    """

    slug: str
    facts: Facts
    initiatives: tuple[Initiative, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    responses: tuple[Response, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    questionnaires: Mapping[str, Questionnaire] = field(default_factory=dict)
    scenarios: tuple[Scenario, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    services: tuple[Service, ...] = ()
    assets: tuple[Asset, ...] = ()

    def __hash__(self) -> int:
        # Mappings within have no hash of their own; equality looks at everything.
        return hash((self.slug, len(self.initiatives), len(self.responses), len(self.aggregates)))

    @property
    def followed(self) -> Scenario | None:
        """The scenario that the plan follows, None where it follows the record; KeyError when it is not in it."""
        name = self.facts.planning.scenario
        if name is None:
            return None
        found = next((one for one in self.scenarios if one.id == name), None)
        if found is None:
            raise KeyError(name)
        return found

    @property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds, earliest first."""
        return tuple(sorted(self.facts.rounds, key=lambda one: (one.as_of, one.id)))

    def round(self, round_id: str = "") -> Round:
        """Return the named round, or the latest when ``round_id`` is empty; KeyError when absent."""
        if not round_id:
            if not self.rounds:
                raise KeyError("the record holds no round")
            return self.rounds[-1]
        for one in self.rounds:
            if one.id == round_id:
                return one
        raise KeyError(round_id)

    def before(self, one: Round) -> Round | None:
        """Return the round before another; None before the first."""
        earlier = [each for each in self.rounds if (each.as_of, each.id) < (one.as_of, one.id)]
        return earlier[-1] if earlier else None

    def meeting(self, one: Round) -> date | None:
        """Return the day on which leadership meets about a round: as the round says, else the next meeting listed."""
        return one.meeting or self.next_meeting(one.as_of)

    def next_meeting(self, first: date) -> date | None:
        """Return the day of leadership's first meeting listed from a day on; None where none is."""
        days = (one.date for one in self.facts.meetings if one.is_leadership and one.date >= first)
        return min(days, default=None)

    def due(self, action: Action) -> date | None:
        """Return the day on which an action is due: as recorded, else leadership's meeting after the one of its round."""
        one = self.round(action.round)
        return action.due or self.next_meeting((self.meeting(one) or one.as_of) + timedelta(days=1))

    def questionnaire_of(self, one: Round) -> Questionnaire | None:
        """Return the questionnaire a round used, or None for a round without a survey."""
        return self.questionnaires[one.questionnaire] if one.questionnaire else None
