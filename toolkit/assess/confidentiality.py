"""Confidentiality: the one place where it is decided what of a group may be shown.

Every score, gap, maturity, distribution, agreement, rank and movement that leaves the assessment has
passed ``may_show``. What is published together gives no hidden group away, because

- a surveyed group with fewer answers than its minimum is left out whole, and so is each dimension
  that fewer of its people scored; what needs two groups (gap, maturity, order of goals) falls with either;
- no mean or count over all groups together is made, so there is nothing to subtract from;
- an earlier round is shown only for a group that may be shown in both.

A distribution counts a whole group of at least the minimum and so says no more than its scores do; one
that is all in one place gives its members away, as their mean does: the appendix says so. Consensus and
named groups speak on the record.
"""

from __future__ import annotations

from toolkit.assess.assessment import GroupResult
from toolkit.client.constructs import Group
from toolkit.client.edits import QUOTED_FROM
from toolkit.client.facts import RoundGroup

LABELS: dict[Group, str] = {"business": "Business", "it": "IT", "provider": "Provider"}


def minimum_of(known: RoundGroup) -> int:
    """Return the fewest people behind anything shown of a group: its minimum, or 1 for a position."""
    return known.minimum if known.answers_by == "survey" else 1


def may_show(result: GroupResult, people: int, minimum: int) -> bool:
    """Whether a figure drawn from ``people`` respondents of this group may leave the assessment."""
    return result.shown and people >= minimum


def may_quote(result: GroupResult) -> bool:
    """Whether comments of this group may be quoted: a survey that so many answered that they point at nobody."""
    return result.mode == "survey" and may_show(result, result.answered or 0, QUOTED_FROM)


def who_answered(known: RoundGroup, answered: int) -> GroupResult:
    """Decide once for a group, from how many answered, whether it is shown; and say why if it is not.

    Parameters
    ----------
    known : RoundGroup
        The group as the round records it.
    answered : int
        Respondents with at least one score; for counts, the most answers to any question.
    """
    mode, label = known.answers_by, known.label or LABELS[known.group]
    because = ""
    if not answered:
        because = f"{label} is not shown: nobody has answered yet."
    elif answered < minimum_of(known):
        because = (
            f"{label} is not shown: fewer than {known.minimum} people answered, "
            "and their answers are confidential."
        )
    # A position is one answer given for everyone invited.
    people = answered if mode == "survey" or not answered else known.invited
    note = " ".join(
        filter(
            None,
            (
                known.note,
                f"Head-count of {label} corrected: {known.correction}" if known.correction else None,
            ),
        )
    )
    return GroupResult(known.group, label, mode, known.invited, people, not because, because, note)
