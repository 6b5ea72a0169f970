"""What the consultant adds to what is computed: adjustments, filled-in recommendations, quoted comments."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from toolkit.client.fields import Amount, AreaId, Day, DimensionId, Id, Kind, Number, Row, Someone, Text
from toolkit.method import Group

SubjectId = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,159}$"),
    Kind(
        "the id of a dimension, a finding or a recommendation",
        "Copy it from findings.json, where every finding and recommendation stands with its id.",
    ),
]


class Adjustment(Row):
    """A consultant's change to what was computed, published with its reason; ``private_note`` never is.

    Attributes
    ----------
    kind : str
        ``score``: ``group``'s score on the dimension ``subject`` becomes ``value``. ``rank``: the finding or
        recommendation ``subject`` moves to place ``value`` of its list. ``finding``, ``recommendation``:
        ``wording`` stands in place of the computed sentence, ``{names}`` of its evidence filled in; without
        a wording it is left out.
    """

    id: Id
    round: Id
    kind: Literal["score", "rank", "finding", "recommendation"]
    subject: SubjectId
    group: Group | None = None
    value: Number | None = None
    wording: Text | None = None
    reason: Annotated[Text, Field(min_length=1)]
    private_note: Text | None = None


class Advice(Row):
    """What completes a recommendation: its owners, date, cost, the initiative that carries it.

    ``id`` is that of a computed recommendation, or a new one with an ``action`` and a ``why`` of its own.
    """

    id: SubjectId
    round: Id
    action: Text | None = None
    why: Text | None = None
    decision: Text | None = None
    practice: AreaId | None = None
    owner_business: Someone | None = None
    owner_it: Someone | None = None
    due: Day | None = None
    cost: Amount | None = None
    initiative: Id | None = None


class Quote(Row):
    """A respondent's comment, chosen by the consultant and quoted word for word, by group only.

    Taken from ``responses.csv`` of the round, and only from groups in which ten or more answered.
    """

    id: Id
    round: Id
    group: Group
    dimension: DimensionId
    text: Annotated[Text, Field(min_length=1)]
