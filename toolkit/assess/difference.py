"""The difference of two groups' scores: its value, how sure it is, the word for that; and of their orders of the goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from toolkit.assess.assessment import Difference, DimensionResult, Score, Word
from toolkit.assess.scores import GroupAnswers, RoundAnswers
from toolkit.assess.statistics import (
    Floats,
    cliffs_delta,
    difference_p,
    q_values,
    rank_correlation,
    welch_interval,
)
from toolkit.client.expected_pages import smallest_p
from toolkit.client.schema import Round
from toolkit.method import CLEAR, COMPARED, FEWEST_RANKED, LIKELY, NOTICEABLE, Group
from toolkit.words import exact, tidy

ONLY_COUNTS = "only counts are known, not individuals, so how sure the difference is cannot be said"
POSITION = "a position is one voice, not a sample: it is compared with the spread of the other side"
NO_SPREAD = "no spread to judge from: everyone in one group scored it alike"
BLANKS = "someone left a question blank, so of so few people no more than the difference is told"
ADJUSTED = "the consultant adjusted a score, so how sure the difference is cannot be said"


def gap_between(
    scores: Mapping[Group, Score], answered: RoundAnswers, questions: Sequence[str]
) -> Difference | None:
    """Return business minus IT, with what can be said of its certainty before other dimensions are known.

    None unless both may be shown on the same questions. The provider is in no gap.
    """
    if any(group not in scores for group in COMPARED):
        return None
    business, it = answered["business"], answered["it"]
    if (business.counts or it.counts) and set(business.answered(questions)) != set(it.answered(questions)):
        return None
    value = scores["business"].mean - scores["it"].mean
    if any(scores[group].computed is not None for group in COMPARED):
        return Difference(value, because=ADJUSTED)
    return difference(value, business, it, questions)


def difference(
    value: float, first: GroupAnswers, second: GroupAnswers, questions: Sequence[str]
) -> Difference:
    """Return a difference of two groups' scores, first minus second, with what can be said of its certainty.

    The two are taken as separate samples. Where the same people answered twice, that is cautious: what they
    share would make the interval of their change narrower.
    """
    if first.counts or second.counts:
        return Difference(value, because=ONLY_COUNTS)
    if first.result.is_position or second.result.is_position:
        return Difference(value, because=POSITION)
    firsts, seconds = first.people(questions), second.people(questions)
    low, high = welch_interval(_told(first, questions), _told(second, questions)) or (None, None)
    because = NO_SPREAD if low is None else ""
    whole = first.complete(questions) and second.complete(questions)
    if not (first.beyond_the_mean(questions) and second.beyond_the_mean(questions)):
        low, high, because = None, None, BLANKS  # that all scored alike would tell it, too
    return Difference(
        value, low, high, p=difference_p(firsts, seconds), least=smallest_p(len(firsts), len(seconds)),
        delta=cliffs_delta(firsts, seconds) if whole else None, because=because,
    )  # fmt: skip


def _told(answers: GroupAnswers, questions: Sequence[str]) -> Floats:
    """Return a group's scores, spread as far as its page says: to one decimal where someone left a question blank."""
    people = answers.people(questions)
    spread = float(np.std(people, ddof=1)) if len(people) > 1 else 0.0
    if not spread or answers.complete(questions):
        return people
    told: Floats = people.mean() + (people - people.mean()) * tidy(spread, 1) / spread
    return told


def with_words(differences: Sequence[Difference | None]) -> list[Difference | None]:
    """Adjust the p-values over all differences tested together, then choose the word for each.

    Where someone left a question blank the word is told without the exact chances (and δ) that it rests on: they
    would give the spread away, and with it what that person answered. Then no difference tells its q, for each q
    rests on every p.
    """
    worded = list(differences)
    tested = [(place, each, each.p) for place, each in enumerate(differences) if each and each.p is not None]
    whole = all(each.delta is not None for _, each, _ in tested)
    for (place, each, p), q in zip(tested, q_values([p for *_, p in tested]), strict=True):
        worded[place] = replace(
            each,
            p=None if each.delta is None else p,
            q=q if whole else None,
            word=_word(each.value, q),
        )
    return worded


def _word(value: float, q: float) -> Word:
    # In decimal: 14 dimensions of which ten are apart among 3 v 5 people have a q of .05 exactly.
    if not noticeable(value) or exact(q) > LIKELY:
        return "too close to call"
    return "clear difference" if exact(q) <= CLEAR else "likely difference"


def noticeable(value: float) -> bool:
    """Whether a difference of scores is large enough to act on, half a point or more."""
    return abs(exact(value)) >= NOTICEABLE


def priority_agreement(round_: Round, answered: RoundAnswers) -> float | None:
    """Return Kendall's τ-b between business's and IT's mean ranks of the goals: 1 the same order, −1 the reverse.

    None unless both may be shown and both ranked the same three goals or more, not all of them alike.
    """
    ranks = {g.group: g.priorities for g in round_.groups if g.priorities and answered[g.group].result.shown}
    if any(group not in ranks for group in COMPARED):
        return None
    goals = sorted(set(ranks["business"]) & set(ranks["it"]))
    if len(goals) < FEWEST_RANKED:
        return None
    return rank_correlation([ranks["business"][g] for g in goals], [ranks["it"][g] for g in goals])


def differs(row: DimensionResult) -> bool:
    """Whether the two sides differ: surely in a sample, or by half a point where one is a position.

    A difference that rests on an adjusted score was not measured, and is none.
    """
    gap = row.measured_gap
    if gap is None:
        return False
    if gap.word is None:
        return noticeable(gap.value)
    return gap.word != "too close to call"
