"""Confidentiality: the one place where it is decided what of a group may be shown.

Every score, gap, maturity, distribution, agreement, rank and movement that leaves the assessment has
passed ``may_show``. What is published together gives no hidden group away, because

- a surveyed group with fewer answers than its minimum is left out whole, and so is each dimension
  that fewer of its people scored; what needs two groups (gap, maturity, order of goals) falls with either;
- no mean or count over all groups together is made, so there is nothing to subtract from;
- an earlier round is shown only for a group that may be shown in both, on the very people and questions shared,
  and only where nothing that follows by addition from the scores on a dimension and on parts of it rests on fewer
  people than the minimum (``rests_on_enough``);
- how far a group agrees with itself is said only where everyone counted in the mean answered every question.

A distribution counts a whole group of at least the minimum and so says no more than its scores do; one
that is all in one place gives its members away, as their mean does: the appendix says so. Consensus and
named groups speak on the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from toolkit.assess.assessment import GroupResult
from toolkit.client.schema import RoundGroup
from toolkit.method import GROUP_NAMES, QUOTED_FROM


def minimum_of(asked: RoundGroup) -> int:
    """Return the fewest people behind anything shown of a group: its minimum, or 1 for a position."""
    return asked.minimum if asked.answers_by == "survey" else 1


def may_show(result: GroupResult, people: int, minimum: int) -> bool:
    """Whether a figure drawn from ``people`` respondents of this group may leave the assessment."""
    return result.shown and people >= minimum


def may_quote(result: GroupResult) -> bool:
    """Whether comments of this group may be quoted: a survey that so many answered that they point at nobody."""
    return result.mode == "survey" and may_show(result, result.answered or 0, QUOTED_FROM)


def rests_on_enough(given: NDArray[np.bool_], parts: Sequence[Sequence[int]], minimum: int) -> bool:
    """Whether a dimension's score and its scores on parts of it, together, single out nobody.

    Each is a sum of answers, and any combination of them may be worked out. One that rests on somebody, but on
    fewer people than the minimum, would give them away. Of the score and one part alone, that is the difference, which
    rests on those who answered a question outside the part; those who did not cannot be singled out by it.

    Parameters
    ----------
    given : array
        People × questions: which of the dimension's questions each person counted in its score answered.
    parts : sequence
        For each part, the questions in it, as columns of ``given``. Everyone answered some of each.
    """
    whole = tuple(range(given.shape[1]))
    figures = sorted({whole, *(tuple(sorted(part)) for part in parts)})
    patterns, people = np.unique(given, axis=0, return_counts=True)
    weights = np.zeros((len(patterns), len(figures), given.shape[1]))
    for number, columns in enumerate(figures):
        weights[:, number, list(columns)] = patterns[:, list(columns)]
    weights /= np.maximum(weights.sum(axis=2, keepdims=True), 1)
    # Combinations that rest on the fewest vanish on as many patterns of answers as possible, and as few patterns
    # as there are figures, less one, already settle such a combination.
    for size in range(min(len(figures), len(patterns) + 1)):
        for silent in combinations(range(len(patterns)), size):
            free = _vanishing(weights[list(silent)])
            rests = np.abs(np.einsum("cf,pfq->pcq", free, weights)).max(axis=(1, 2), initial=0) > 1e-9
            if 0 < int(people[rests].sum()) < minimum:
                return False
    return True


def _vanishing(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the combinations of figures, a basis as rows, that rest on nobody with these patterns of answers."""
    figures = weights.shape[1]
    if not len(weights):
        return np.eye(figures)
    _, sizes, basis = np.linalg.svd(np.concatenate([pattern.T for pattern in weights]), full_matrices=True)
    rank = int((sizes > 1e-9).sum())
    free: NDArray[np.float64] = basis[rank:]
    return free


def who_answered(asked: RoundGroup, answered: int) -> GroupResult:
    """Decide once for a group, from how many answered, whether it is shown; and say why if it is not.

    Parameters
    ----------
    asked : RoundGroup
        The group as the round records it.
    answered : int
        Respondents with at least one score; for counts, the most answers to any question.
    """
    mode, label = asked.answers_by, asked.label or GROUP_NAMES[asked.group]
    because = ""
    if not answered:
        because = f"{label} is not shown: nobody has answered yet."
    elif answered < minimum_of(asked):
        because = f"{label} is not shown: fewer than {asked.minimum} people answered, and their answers are confidential."
    # A position is one answer given for everyone invited.
    people = answered if mode == "survey" or not answered else asked.invited
    correction = f"Head-count of {label} corrected: {asked.correction}" if asked.correction else None
    note = " ".join(filter(None, (asked.note, correction)))
    return GroupResult(asked.group, label, mode, asked.invited, people, not because, because, note)
