"""What leadership was asked by a round's published plan, and which decisions of the record each answer makes.

The plan writes it into ``plan.json``; the form, the workshop and the offline sheet read it there, so that an answer is
always to what was shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from toolkit.client.calendar import Quarter
from toolkit.client.field_types import Amount, Day, Id, Name, Row, Someone, Text, Year
from toolkit.client.schema import AskId, Decision
from toolkit.errors import Fault, InputError
from toolkit.files import read
from toolkit.words import capital, joined, money

PUBLISHED = "plan.json"


class AnswerEffect(Row):
    """What an answer decides about one subject; ``amount`` is the capital that it costs as asked."""

    subject: Id
    decision: Literal["approve", "defer", "reject", "accept risk"]
    amount: Amount | None = None


class AnswerOption(Row):
    """One way to answer: a word for it, and what it decides; ``until`` asks for the quarter until which it is deferred.

    ``answer`` is approve, defer, reject, outside, accept, none of them, or choose. before an initiative's id.
    """

    answer: AskId
    label: Name
    effects: tuple[AnswerEffect, ...] = ()
    until: bool = False

    @property
    def offered(self) -> str:
        """Its words as they are offered: what is put off leaves room for the quarter."""
        return f"{self.label} …" if self.until else self.label


class AskPart(Row):
    """One initiative of an ask about several, which may be answered otherwise than the rest."""

    subject: Id
    name: Name


class PublishedAsk(Row):
    """One decision as the pages ask for it; amounts are in the client's currency.

    Attributes
    ----------
    now : bool
        Whether it is asked of the next meeting; the others stand in the assessment and in the workbook.
    years : dict
        New capital by fiscal year; ``later`` falls due after the plan, ``before`` falls before it.
    part_of : str
        Id of the decision that its amounts are part of.
    parts : tuple of AskPart
        The initiatives that may each be answered otherwise than the rest; none where it is answered as a whole.
    """

    id: AskId
    what: Text
    now: bool = True
    about: Text = ""
    undecided: Text = ""
    years: dict[Year, Amount] = Field(default_factory=dict)
    before: Amount = 0.0
    later: Amount = 0.0
    running: Amount = 0.0
    saves: Amount = 0.0
    part_of: str = ""
    source: Text = ""
    owner_business: Someone | None = None
    owner_it: Someone | None = None
    due: Day | None = None
    options: tuple[AnswerOption, ...] = ()
    parts: tuple[AskPart, ...] = ()

    @property
    def owners(self) -> str:
        """Who answers for it."""
        names = dict.fromkeys(name for name in (self.owner_business, self.owner_it) if name)
        return joined(list(names)) or "to be named"

    def costs(self, currency: str) -> str:
        """Say what it costs by year, what falls before the plan, what it costs to run and what it saves."""
        new = [f"{money(amount, currency)} in FY{year}" for year, amount in sorted(self.years.items())]
        new += [f"{money(self.later, currency)} after the plan"] if self.later else []
        said = [f"new capital {joined(new)}"] if new else []
        said += [f"{money(self.before, currency)} before the plan"] if self.before else []
        said += [f"{money(self.running, currency)} a year to run"] if self.running else []
        said += [f"saves {money(self.saves, currency)} a year"] if self.saves else []
        said += [f"part of {self.part_of}"] if self.part_of and new else []
        return capital("; ".join(said) or self.source or "no amount")

    def option(self, answer: str) -> AnswerOption | None:
        """Return the option of that answer; None where it cannot be answered so."""
        return next((one for one in self.options if one.answer == answer), None)


_ASKS = TypeAdapter(tuple[PublishedAsk, ...])


def asks_data(asks: Sequence[PublishedAsk]) -> list[Mapping[str, object]]:
    """Return asks as they stand in ``plan.json``."""
    data: list[Mapping[str, object]] = _ASKS.dump_python(tuple(asks), mode="json")
    return data


def digest(asks: Sequence[PublishedAsk]) -> str:
    """Return 16 characters that tell these asks from any others: an answer to other asks is refused by it."""
    text = json.dumps(asks_data(asks), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def published_asks(folder: Path, round_id: str) -> tuple[PublishedAsk, ...]:
    """Return what a round's published plan asks, as it stands in a client's folder.

    Raises
    ------
    InputError
        Where no plan of the round was published, or one of an older version that does not hold its asks.
    """
    name = f"deliverables/{round_id}/{PUBLISHED}"
    remedy = "Make the round's documents with “align run”, then try again."
    try:
        data = json.loads(read(folder, name).decode())
        return _ASKS.validate_python(data["asks"])
    except OSError:
        raise InputError([Fault(name, "nothing", "the round's published plan", remedy)]) from None
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
        found = "no decisions asked for: an older version wrote it, or it was changed"
        raise InputError([Fault(name, found, "a plan as “align run” writes it", remedy)]) from None


@dataclass(frozen=True)
class GivenAnswer:
    """How one decision that was asked for was answered, by whom and when.

    Attributes
    ----------
    quarter : Quarter or None
        Until when it is deferred; None for any other answer.
    otherwise : dict
        The parts answered otherwise than the rest: an option and, where it defers, the quarter.
    """

    ask: PublishedAsk
    option: AnswerOption
    by: str
    on: date
    quarter: Quarter | None = None
    note: str = ""
    otherwise: Mapping[str, tuple[AnswerOption, Quarter | None]] = field(default_factory=dict)

    @property
    def effects(self) -> Iterator[tuple[AnswerEffect, Quarter | None]]:
        """What it decides about each subject, and until when that is deferred."""
        apart = self.otherwise
        yield from ((one, self.quarter) for one in self.option.effects if one.subject not in apart)
        for subject, (option, quarter) in apart.items():
            yield from ((one, quarter) for one in option.effects if one.subject == subject)

    @property
    def words(self) -> str:
        """The answer as it is told: its label, and until when."""
        said = _until(self.option, self.quarter)
        names = {part.subject: part.name for part in self.ask.parts}
        apart = [f"{names.get(i, i)}: {_until(*one)}" for i, one in self.otherwise.items()]
        return f"{said}; but {joined(apart)}" if apart else said

    def decisions(self, round_id: str) -> list[Decision]:
        """Return the decisions that it makes, one a subject, each still without an id of its own ("new").

        pydantic's ValidationError where a value is not what the record takes.
        """
        return [
            Decision.model_validate(
                {
                    "id": "new", "round": round_id, "date": self.on, "subject": one.subject, "decision": one.decision,
                    "quarter": quarter, "by": self.by, "note": self.note, "ask": self.ask.id, "amount": one.amount,
                }
            )
            for one, quarter in self.effects
        ]  # fmt: skip


def _until(option: AnswerOption, quarter: Quarter | None) -> str:
    return f"{option.label} {quarter}" if option.until and quarter else option.label
