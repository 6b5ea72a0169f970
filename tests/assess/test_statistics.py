"""Statistics against published figures and a second implementation."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from slices import examples

from toolkit.assess import statistics as ours
from toolkit.assess.assessment import Difference
from toolkit.assess.difference import with_words
from toolkit.client.expected_pages import at_once, smallest_p

FEW = st.lists(st.integers(2, 10), min_size=2, max_size=5).map(lambda xs: np.array(xs) / 2)


def test_cliffs_delta_is_the_published_one() -> None:
    """{10,10,20,20,20,30,30,30,40,50} against {10,20,30,40,40,50} gives −0.25 (METHOD's table)."""
    first, second = np.array([10, 10, 20, 20, 20, 30, 30, 30, 40, 50.0]), np.array([10, 20, 30, 40, 40, 50.0])
    assert ours.cliffs_delta(first, second) == pytest.approx(-0.25)


@given(FEW, FEW)
def test_cliffs_delta_counts_pairs(first: np.ndarray, second: np.ndarray) -> None:
    """It is the share of pairs won less the share of pairs lost, counted one by one."""
    pairs = [np.sign(x - y) for x in first for y in second]
    assert ours.cliffs_delta(first, second) == pytest.approx(sum(pairs) / len(pairs))


def test_benjamini_and_hochbergs_own_example() -> None:
    """Their fifteen p-values (1995, section 3.2): four are rejected at .05, and the fourth q is .03562."""
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    q = ours.q_values(p)
    assert sum(one <= 0.05 for one in q) == 4
    assert q[3] == pytest.approx(0.035625, abs=5e-5)


AGREEMENT = [
    ([(3, 4, 3, 4, 4), (4, 4, 3, 4, 4), (3, 3, 2, 2, 1)], 0.8140, 0.4667),
    ([(3, 3, 3, 3, 3), (2, 2, 2, 3, 2), (1, 1, 1, 3, 3)], 0.9091, 0.6667),
]


@pytest.mark.parametrize(("rows", "r_wg", "r_star"), AGREEMENT)
def test_agreement_is_the_published_one(rows: list[tuple[int, ...]], r_wg: float, r_star: float) -> None:
    """r_WG(J) and Lindell's r* of METHOD's two groups, to four decimals, whichever way the table lies."""
    table = np.array(rows, dtype=float)
    found = [(ours.agreement(one), ours.lindell_agreement(one)) for one in (table, table.T)]
    assert any(a == pytest.approx(r_wg, abs=5e-5) and b == pytest.approx(r_star, abs=5e-5) for a, b in found)


@given(st.lists(st.tuples(st.integers(2, 10), st.integers(2, 10)), min_size=3, max_size=9))
@settings(max_examples=examples(200))
def test_rank_correlation_is_scipys(ranks: list[tuple[int, int]]) -> None:
    """Kendall's τ-b is the one that scipy gives; none where it gives none."""
    first, second = zip(*ranks, strict=True)
    theirs = stats.kendalltau(first, second).statistic
    assert ours.rank_correlation(first, second) == (None if np.isnan(theirs) else pytest.approx(theirs))


def test_agreement_on_one_question_is_r_wg() -> None:
    """With one question r_WG(J) is 1 − s²/σ²: answers 3, 4, 3 agree at .8333."""
    assert ours.agreement(np.array([[3.0], [4.0], [3.0]])) == pytest.approx(0.8333, abs=5e-5)


def test_unanimity_is_one_and_worse_than_chance_is_zero() -> None:
    """The bounds of agreement: all alike, and split to the ends of the scale."""
    assert ours.agreement(np.full((4, 3), 2.0)) == 1.0
    assert ours.agreement(np.array([[1.0, 1.0], [5.0, 5.0], [1.0, 1.0], [5.0, 5.0]])) == 0.0


@given(FEW, FEW)
def test_welch_interval_is_scipys(first: np.ndarray, second: np.ndarray) -> None:
    """Without a known population, the interval is the one scipy's Welch test gives."""
    found = ours.welch_interval(first, second)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        assert found is None
        return
    expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    assert found == pytest.approx((expected.low, expected.high))


def test_a_difference_in_spread_alone_is_no_clear_difference() -> None:
    """Five people far apart against eight of one mind: the permutation test is fooled, the larger p is not."""
    wide, alike = np.array([2.0, 4.0, 4.5, 5.0, 5.0]), np.array([3.0] * 7 + [2.75])
    assert ours.permutation_p(wide, alike) < 0.05
    assert ours.difference_p(wide, alike) == ours.welch_p(wide, alike) > 0.1


@pytest.mark.parametrize("seed", range(5))
def test_welchs_p_is_scipys(seed: int) -> None:
    """On random groups it is the p-value of scipy's unequal-variances t test."""
    rng = np.random.default_rng(seed)
    first, second = rng.uniform(1, 5, 4 + seed), rng.uniform(2, 5, 9)
    assert ours.welch_p(first, second) == pytest.approx(
        stats.ttest_ind(first, second, equal_var=False).pvalue
    )


def test_welchs_p_of_a_group_without_spread_is_that_of_one_sample() -> None:
    """Against a group of one mind, the other is tested as a single sample."""
    varied = np.array([2.0, 3.0, 3.0, 5.0])
    assert ours.welch_p(varied, np.full(6, 2.0)) == pytest.approx(stats.ttest_1samp(varied, 2.0).pvalue)
    assert ours.welch_p(np.full(3, 2.0), np.full(6, 2.0)) == 1.0


@given(FEW, FEW)
def test_permutation_p_is_that_of_every_arrangement(first: np.ndarray, second: np.ndarray) -> None:
    """Twice the smaller tail over all arrangements, listed one by one, at most 1."""
    pooled, n = np.concatenate([first, second]), len(first)
    gaps = []
    for pick in itertools.combinations(range(len(pooled)), n):
        inside = pooled[list(pick)]
        outside = np.delete(pooled, list(pick))
        gaps.append(inside.mean() - outside.mean())
    seen = first.mean() - second.mean()
    tails = [np.mean([g >= seen - 1e-9 for g in gaps]), np.mean([g <= seen + 1e-9 for g in gaps])]
    assert ours.permutation_p(first, second) == pytest.approx(min(1.0, 2 * min(tails)))


def test_permutation_p_is_scipys() -> None:
    """The exact test agrees with scipy's permutation_test."""
    first, second = np.array([1.0, 2.0, 2.5, 1.5, 3.0]), np.array([3.0, 4.0, 2.0, 4.5, 5.0, 3.5])
    theirs = stats.permutation_test(
        (first, second), lambda x, y: x.mean() - y.mean(), n_resamples=np.inf, vectorized=False
    )
    assert ours.permutation_p(first, second) == pytest.approx(theirs.pvalue)


@pytest.mark.parametrize(("n", "m", "least"), [(3, 5, 0.0357), (5, 5, 0.0079)])
def test_the_smallest_p_is_reached_by_complete_separation(n: int, m: int, least: float) -> None:
    """2/C(n+m, n): .036 for 3 against 5 and .0079 for 5 against 5, and complete separation reaches it."""
    assert smallest_p(n, m) == pytest.approx(least, abs=5e-5) == 2 / math.comb(n + m, n)
    assert ours.permutation_p(np.arange(1.0, n + 1), np.arange(10.0, 10 + m)) == pytest.approx(
        smallest_p(n, m)
    )


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(3, 6), st.integers(3, 6), st.integers(1, 14))
def test_what_head_counts_can_never_call_clear_is_known_beforehand(n: int, m: int, tested: int) -> None:
    """However far apart the sides are, fewer than ``at_once`` differences get no "clear", and as many of them do.

    Each of ``apart`` dimensions is split as far as answers can be, by groups of one mind; the others are alike. The
    words are the toolkit's own, so this holds the promise made before anyone answers to what is said afterwards.
    """
    split = ours.difference_p(np.full(n, 1.0), np.full(m, 5.0))
    needed = at_once([smallest_p(n, m)] * tested)
    for apart in range(1, tested + 1):
        gaps = [Difference(-4.0, p=split)] * apart + [Difference(0.0, p=1.0)] * (tested - apart)
        clear = sum(gap is not None and gap.word == "clear difference" for gap in with_words(gaps))
        assert clear == (apart if needed is not None and apart >= needed else 0)


def test_methods_own_smallest_ps() -> None:
    """3 v 5 people: ten of fourteen must differ at once, three of four; 5 v 5: three of fourteen; 3 v 3: never."""
    assert [at_once([smallest_p(3, 5)] * m) for m in (14, 4)] == [10, 3]
    assert at_once([smallest_p(5, 5)] * 14) == 3
    assert at_once([smallest_p(12, 5)] * 14) == 1
    assert at_once([smallest_p(3, 3)]) is None


def test_large_groups_are_tested_by_monte_carlo_near_welch() -> None:
    """Thirty against twelve people: the random arrangements give nearly what Welch's test gives, and always the same."""
    rng = np.random.default_rng(3)
    first, second = rng.normal(3.0, 0.7, 30), rng.normal(3.5, 0.7, 12)
    p = ours.permutation_p(first, second)
    assert p == ours.permutation_p(first, second)
    assert p == pytest.approx(stats.ttest_ind(first, second).pvalue, abs=0.02)


@pytest.mark.parametrize("size", [5, 300])
def test_groups_that_do_not_vary_are_told_apart_or_not(size: int) -> None:
    """Everyone alike on each side: p is 1 when the sides agree, and the smallest reachable when they do not."""
    assert ours.permutation_p(np.full(size, 3.0), np.full(size, 3.0)) == 1.0
    assert ours.permutation_p(np.full(size, 3.0), np.full(size, 4.0)) == smallest_p(size, size)


@given(FEW, FEW)
def test_permutation_p_does_not_depend_on_the_sides_order(first: np.ndarray, second: np.ndarray) -> None:
    """Business against IT is as sure as IT against business."""
    assert ours.permutation_p(first, second) == pytest.approx(ours.permutation_p(second, first))


def test_welch_interval_is_rs_on_the_sleep_data() -> None:
    """R's sleep data (t.test(extra ~ group, data = sleep)): the Welch interval is −3.3654832 to 0.2054832."""
    first = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    assert ours.welch_interval(first, second) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)
