"""What leadership was asked by a round's published plan, and which decisions of the record each answer makes.

The plan writes it into ``plan.json``; the form, the workshop and the offline sheet read it there, so that an answer is
always to what was shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from toolkit.client.models import Amount, AskId, Decision
from toolkit.client.schema import Day, Id, Name, Row, Someone, Text, Year
from toolkit.errors import Fault, InputError
from toolkit.files import read
from toolkit.words import joined, money

PUBLISHED = "plan.json"


class AnswerEffect(Row):
    """What an answer decides about one subject; ``amount`` is the capital that it costs as asked."""

    subject: Id
    decision: Literal["approve", "defer", "reject", "accept risk"]
    amount: Amount | None = None


class AnswerOption(Row):
    """One way to answer: a word for it, and what it decides; ``until`` asks for the quarter until which it is deferred.

    ``answer`` is approve, defer, reject, accept, none of them, or choose. before an initiative's id.
    """

    answer: AskId
    label: Name
    effects: tuple[AnswerEffect, ...] = ()
    until: bool = False


class PublishedAsk(Row):
    """One decision as the pages ask for it; amounts are in the client's currency.

    Attributes
    ----------
    now : bool
        Whether it is asked of the next meeting; the others stand in the assessment and in the workbook.
    years : dict
        New capital by fiscal year; ``later`` falls due after the plan, ``before`` was spent before it.
    part_of : str
        Id of the decision that its amounts are part of.
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

    @property
    def owners(self) -> str:
        """Who answers for it."""
        names = dict.fromkeys(name for name in (self.owner_business, self.owner_it) if name)
        return joined(list(names)) or "to be named"

    def costs(self, currency: str) -> str:
        """Say what it costs by year, what was spent before, what it costs to run and what it saves."""
        new = [f"{money(amount, currency)} in FY{year}" for year, amount in sorted(self.years.items())]
        new += [f"{money(self.later, currency)} after the plan"] if self.later else []
        said = [f"new capital {joined(new)}"] if new else []
        said += [f"{money(self.before, currency)} spent before"] if self.before else []
        said += [f"{money(self.running, currency)} a year to run"] if self.running else []
        said += [f"saves {money(self.saves, currency)} a year"] if self.saves else []
        said += [f"part of {self.part_of}"] if self.part_of and new else []
        return "; ".join(said) or self.source or "no amount"

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
    """How one decision that was asked for was answered, by whom and when."""

    ask: PublishedAsk
    option: AnswerOption
    by: str
    on: date
    quarter: str = ""
    note: str = ""


def decided_by(given: GivenAnswer, round_id: str) -> list[Decision]:
    """Return the decisions that an answer makes, one a subject, each still without an id of its own ("new").

    pydantic's ValidationError where a value is not what the record takes.
    """
    return [
        Decision.model_validate(
            {
                "id": "new", "round": round_id, "date": given.on, "subject": one.subject, "decision": one.decision,
                "quarter": given.quarter if given.option.until else "", "by": given.by, "note": given.note,
                "ask": given.ask.id, "amount": one.amount,
            }
        )
        for one in given.option.effects
    ]  # fmt: skip
