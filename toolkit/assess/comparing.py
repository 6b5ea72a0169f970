"""Business beside IT: the gap, how sure it is, and whether both rank the goals alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from scipy import stats

from toolkit.assess.assessment import DimensionResult, Gap, Score, Word
from toolkit.assess.scores import GroupAnswers
from toolkit.assess.statistics import adjusted, cliffs_delta, permutation_p, smallest_p, welch_interval
from toolkit.client.constructs import Group
from toolkit.client.facts import Round

NOTICEABLE = 0.5
SIGNIFICANT = 0.05
COMPARED: tuple[Group, ...] = ("business", "it")

ONLY_COUNTS = "only counts are known, not individuals, so how sure the difference is cannot be said"
POSITION = "a position is one voice, not a sample: it is compared with the spread of the other side"
NO_SPREAD = "no spread to judge from: everyone in one group scored it alike"
TOO_FEW = "so few people answered that no difference could be clear"


def gap_between(
    scores: Mapping[Group, Score], answered: Mapping[Group, GroupAnswers], questions: Sequence[str]
) -> Gap | None:
    """Return business minus IT, with what can be said of its certainty before other dimensions are known.

    None unless both may be shown. The provider is in no gap.
    """
    if any(group not in scores for group in COMPARED):
        return None
    business, it = answered["business"], answered["it"]
    value = scores["business"].mean - scores["it"].mean
    if business.counts or it.counts:
        return Gap(value, because=ONLY_COUNTS)
    if business.result.is_position or it.result.is_position:
        return Gap(value, because=POSITION)
    first, second = business.people(questions), it.people(questions)
    low, high = welch_interval(first, second, business.result.invited, it.result.invited) or (None, None)
    because = NO_SPREAD if low is None else ""
    if smallest_p(len(first), len(second)) > SIGNIFICANT:
        because = TOO_FEW
    p, delta = permutation_p(first, second), cliffs_delta(first, second)
    return Gap(value, low, high, p=p, delta=delta, because=because)


def with_words(rows: Sequence[DimensionResult]) -> list[DimensionResult]:
    """Adjust the p-values over all dimensions tested, then choose the word for each gap."""
    tested = [i for i, row in enumerate(rows) if row.gap and row.gap.p is not None]
    q_values = adjusted([cast(float, cast(Gap, rows[i].gap).p) for i in tested])
    out = list(rows)
    for i, q in zip(tested, q_values, strict=True):
        gap = replace(cast(Gap, rows[i].gap), q=q)
        out[i] = replace(rows[i], gap=replace(gap, word=_word(gap)))
    return out


def _word(gap: Gap) -> Word:
    large = abs(gap.value) >= NOTICEABLE
    if large and gap.q is not None and gap.q <= SIGNIFICANT:
        return "clear difference"
    if large and gap.low is not None and gap.high is not None and (gap.low > 0 or gap.high < 0):
        return "likely difference"
    return "too close to call"


def priority_agreement(one: Round, answered: Mapping[Group, GroupAnswers]) -> float | None:
    """Return Kendall's τ-b between business's and IT's mean ranks of the goals: 1 the same order, −1 the reverse.

    None unless both may be shown and both ranked the same three goals or more. Source: Kendall (1945).
    """
    ranks = {g.group: g.priorities for g in one.groups if g.priorities and answered[g.group].result.shown}
    if any(group not in ranks for group in COMPARED):
        return None
    goals = sorted(set(ranks["business"]) & set(ranks["it"]))
    if len(goals) < 3:
        return None
    tau = stats.kendalltau([ranks["business"][g] for g in goals], [ranks["it"][g] for g in goals]).statistic
    return None if np.isnan(tau) else float(tau)
