"""Statistics for few people: intervals, exact tests, effect sizes and agreement within a group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special  # scipy.stats takes as long to load as all the rest together

from toolkit.client.expected_pages import smallest_p
from toolkit.method import ARRANGEMENTS, CHANCE_VARIANCE, CONFIDENCE, MOST_PERMUTED, RESAMPLE_SEED, RESAMPLES

Floats = NDArray[np.float64]
Picks = NDArray[np.uint16]


def standard_error_squared(scores: Floats) -> float:
    """Squared standard error of a mean, s²/n. Needs two scores or more.

    Without a correction for the share of a population that answered: what is asked is how far these people's
    answers would stand if asked again. With it, full response made every gap of half a point a "likely difference".
    """
    return float(np.var(scores, ddof=1)) / len(scores)


def _welch(first: Floats, second: Floats) -> tuple[float, float, float]:
    """Return the difference of means, its squared standard error and Satterthwaite's degrees of freedom."""
    gap = float(first.mean() - second.mean())
    a, b = standard_error_squared(first), standard_error_squared(second)
    if a + b == 0:
        return gap, 0.0, math.inf
    return gap, a + b, (a + b) ** 2 / (a**2 / (len(first) - 1) + b**2 / (len(second) - 1))


def welch_interval(first: Floats, second: Floats, level: float = CONFIDENCE) -> tuple[float, float] | None:
    """Interval of the difference of means, mean(first) − mean(second).

    Source: Welch (1947), with Satterthwaite's degrees of freedom. None where a group has one score or no spread.
    """
    if len(first) < 2 or len(second) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    gap, error, freedom = _welch(first, second)
    reach = float(special.stdtrit(freedom, 0.5 + level / 2)) * math.sqrt(error)
    return gap - reach, gap + reach


def welch_p(first: Floats, second: Floats) -> float:
    """P-value of Welch's t test; of one sample where the other has no spread. Needs two scores on each side."""
    gap, error, freedom = _welch(first, second)
    if error == 0:
        return 1.0 if gap == 0 else 0.0
    return float(2 * special.stdtr(freedom, -abs(gap) / math.sqrt(error)))


def difference_p(first: Floats, second: Floats) -> float:
    """P-value of a difference: the larger of the permutation test's and Welch's.

    The first is exact where the groups are alike in everything, and fooled where they differ in spread alone: five
    people far apart against eight of one mind get a "clear difference" in one organisation of six. The second is
    not; together they are wrong in no more than one of twenty where the groups are alike (``benchmarks``).
    """
    p = permutation_p(first, second)
    return max(p, welch_p(first, second)) if min(len(first), len(second)) > 1 else p


def mean_interval(scores: Floats) -> tuple[float, float] | None:
    """95 % Student t interval of a group's mean; None without spread. Source: Student (1908)."""
    if len(scores) < 2 or np.ptp(scores) == 0:
        return None
    quantile = float(special.stdtrit(len(scores) - 1, 0.5 + CONFIDENCE / 2))
    mean, reach = float(scores.mean()), quantile * math.sqrt(standard_error_squared(scores))
    return mean - reach, mean + reach


@lru_cache(maxsize=32)
def _exact_arrangements(people: int, chosen: int) -> Picks:
    every = chain.from_iterable(combinations(range(people), chosen))
    return np.fromiter(every, dtype=np.uint16).reshape(-1, chosen)


@lru_cache(maxsize=32)
def _random_arrangements(people: int, chosen: int) -> Picks:
    """Draw who is in the smaller group; the same for every dimension with these head-counts."""
    keys = np.random.default_rng(RESAMPLE_SEED).random((RESAMPLES, people), dtype=np.float32)
    return np.argpartition(keys, chosen - 1, axis=1)[:, :chosen].astype(np.uint16)


def permutation_p(first: Floats, second: Floats) -> float:
    """P-value of the difference of means: twice the smaller tail over all arrangements, at most 1.

    Exact up to 200,000 arrangements; past that 20,000 random ones with a fixed seed, shared by all
    dimensions with the same head-counts, counted as (k + 1)/(r + 1). Past 400 people Welch's t
    test, to which the permutation test converges. Source: Fisher (1935); Ernst (2004), Statistical Science 19.

    Raises
    ------
    ValueError
        When a group is empty.
    """
    small, large = sorted((first, second), key=len)
    n, people = len(small), len(small) + len(large)
    if n == 0:
        raise ValueError("both groups need at least one score")
    if np.ptp(small) == 0 and np.ptp(large) == 0:
        return 1.0 if small[0] == large[0] else smallest_p(n, len(large))
    if people > MOST_PERMUTED:
        return welch_p(small, large)
    exact = math.comb(people, n) <= ARRANGEMENTS
    picks = _exact_arrangements(people, n) if exact else _random_arrangements(people, n)
    sums, seen = np.concatenate([small, large])[picks].sum(axis=1), float(small.sum())
    extra = 0 if exact else 1
    above = (np.count_nonzero(sums >= seen - 1e-9) + extra) / (len(sums) + extra)
    below = (np.count_nonzero(sums <= seen + 1e-9) + extra) / (len(sums) + extra)
    return float(min(1.0, 2 * min(above, below)))


def q_values(p_values: list[float]) -> list[float]:
    """Benjamini–Hochberg q-values, in the order of the p-values. Source: Benjamini & Hochberg (1995)."""
    order = np.argsort(p_values)
    raised = np.asarray(p_values)[order] * (len(order) / np.arange(1, len(order) + 1))
    lowered = np.empty(len(order))
    lowered[order] = np.minimum.accumulate(raised[::-1])[::-1]
    return [float(q) for q in np.clip(lowered, 0, 1)]


def cliffs_delta(first: Floats, second: Floats) -> float:
    """Cliff's δ = [#(x > y) − #(x < y)] / (n·m), −1 to 1. Source: Cliff (1993)."""
    order = np.sort(second)
    below = np.searchsorted(order, first, side="left").sum()
    above = (len(order) - np.searchsorted(order, first, side="right")).sum()
    return float((below - above) / (len(first) * len(second)))


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Kendall's τ-b between two rankings of the same things; None where one of them ranks all alike.

    Source: Kendall (1945).
    """
    pairs = np.triu_indices(len(first), 1)
    firsts, seconds = (np.sign(np.subtract.outer(ranks, ranks))[pairs] for ranks in (first, second))
    untied, untied_other = np.count_nonzero(firsts), np.count_nonzero(seconds)
    if not untied or not untied_other:
        return None
    tau = float(np.dot(firsts, seconds) / np.sqrt(untied) / np.sqrt(untied_other))
    return max(-1.0, min(1.0, tau))


def agreement(answers: Floats) -> float | None:
    """r_WG(J) of people × questions: 1 is unanimity, 0 no more agreement than chance; negatives are 0.

    Source: James, Demaree & Wolf (1984), uniform null of five points: σ² = (A² − 1)/12 = 2.
    None with fewer than two complete respondents.
    """
    complete = answers[~np.isnan(answers).any(axis=1)]
    if len(complete) < 2 or complete.shape[1] == 0:
        return None
    questions = complete.shape[1]
    ratio = float(complete.var(axis=0, ddof=1).mean()) / CHANCE_VARIANCE
    if ratio >= 1:
        return 0.0
    return float(questions * (1 - ratio) / (questions * (1 - ratio) + ratio))


def lindell_agreement(answers: Floats) -> float:
    """Lindell's r* = 1 − s̄²/σ² of people × questions. Source: Lindell, Brandt & Whitney (1999)."""
    return 1 - float(answers.var(axis=0, ddof=1).mean()) / CHANCE_VARIANCE
