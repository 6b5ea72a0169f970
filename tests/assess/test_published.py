"""The statistics against figures that others published, each with its source; METHOD's own table is tested elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from toolkit.assess import assess
from toolkit.assess import statistics as ours
from toolkit.client.expected_pages import smallest_p
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Facts, Response

Floats = NDArray[np.float64]


def sample(n: int, mean: float, deviation: float) -> Floats:
    """A sample of which only size, mean and standard deviation (n − 1) were published."""
    raw = np.linspace(-1, 1, n)
    return mean + deviation * raw / np.std(raw, ddof=1)


def test_welch_of_one_to_ten_against_seven_to_twenty() -> None:
    """R, ?t.test, first example: t.test(1:10, 7:20) has p-value 1.855e-05 and interval −11.052802 to −4.947198."""
    first, second = np.arange(1.0, 11), np.arange(7.0, 21)
    assert ours.welch_interval(first, second) == pytest.approx((-11.052802, -4.947198), abs=5e-7)
    assert ours.welch_p(first, second) == pytest.approx(1.855e-05, abs=5e-9)


def test_welch_with_an_outlier() -> None:
    """R, ?t.test, second example: t.test(1:10, c(7:20, 200)) has p-value 0.1245 and interval −47.242900 to 6.376233."""
    first, second = np.arange(1.0, 11), np.array([*range(7, 21), 200.0])
    assert ours.welch_interval(first, second) == pytest.approx((-47.242900, 6.376233), abs=5e-7)
    assert ours.welch_p(first, second) == pytest.approx(0.1245, abs=5e-5)


def test_welch_of_the_nist_cars() -> None:
    """NIST/SEMATECH e-Handbook 1.3.5.3 (AUTO83B), variances not assumed equal: T = −12.94627 with 136.8750 degrees of freedom."""
    american, japanese = sample(249, 20.14458, 6.41470), sample(79, 30.48101, 6.10771)
    error = (20.14458 - 30.48101) / -12.94627
    reach = stats.t.ppf(0.975, 136.8750) * error
    middle = 20.14458 - 30.48101
    assert ours.welch_interval(american, japanese) == pytest.approx(
        (middle - reach, middle + reach), abs=1e-5
    )


def test_interval_of_a_mean_of_the_nist_heat_flow() -> None:
    """NIST/SEMATECH e-Handbook 1.3.5.2 (ZARR13): n 195, mean 9.261460, s 0.022789; 95 % interval 9.258242 to 9.264679."""
    interval = ours.mean_interval(sample(195, 9.261460, 0.022789))
    assert interval == pytest.approx((9.258242, 9.264679), abs=2e-6)


def test_permutation_of_two_and_two() -> None:
    """Iowa State University, Statistics 401, notes on randomization tests: 7, 5 against 3, 1 has a two-sided p of 2/6."""
    assert ours.permutation_p(np.array([7.0, 5]), np.array([3.0, 1])) == pytest.approx(2 / 6)


def test_permutation_of_the_vitamin_e_cultures() -> None:
    """Good (2005), Permutation, Parametric and Bootstrap Tests, ch. 1: 121, 118, 110 against 34, 12, 22 is 1 of 20 in its tail."""
    treated, control = np.array([121.0, 118, 110]), np.array([34.0, 12, 22])
    assert ours.permutation_p(treated, control) == pytest.approx(2 / 20)
    assert smallest_p(3, 3) == pytest.approx(2 / 20)


def test_permutation_of_the_blood_pressures() -> None:
    """Mehta & Patel (2001), StatXact 5 manual, p. 227, and R's exactRankTests (bloodp): exact one-sided p 0.0564.

    Their two-sided 0.1040 counts arrangements as far from the centre; ours, as METHOD asks, is twice the smaller tail.
    """
    treated = np.array([94.0, 108, 110, 90])
    control = np.array([80.0, 94, 85, 90, 90, 90, 108, 94, 78, 105, 88])
    assert ours.permutation_p(treated, control) / 2 == pytest.approx(0.0564, abs=5e-5)


def test_false_discoveries_among_25_foods() -> None:
    """McDonald, Handbook of Biological Statistics, with Mangiafico's R companion (f_01): adjusted 0.025, 0.1, three times 0.21, 0.25."""
    p = [.001, .008, .039, .041, .042, .060, .074, .205, .212, .216, .222, .251, .269, .275, .340, .341, .384, .569,
         .594, .696, .762, .940, .942, .975, .986]  # fmt: skip
    q = ours.q_values(p)
    assert q[:6] == pytest.approx([0.025, 0.1, 0.21, 0.21, 0.21, 0.25])
    assert sum(one <= 0.25 for one in q) == 6
    assert q[-1] == pytest.approx(0.986)


def test_delta_from_the_published_u_statistic() -> None:
    """SciPy's documentation of mannwhitneyu: ages 19 22 16 29 24 against 20 11 17 12 give U = 17, so δ = 2·17/20 − 1."""
    males, females = np.array([19.0, 22, 16, 29, 24]), np.array([20.0, 11, 17, 12])
    assert ours.cliffs_delta(males, females) == pytest.approx(2 * 17 / 20 - 1)


def test_agreement_of_answers_spread_evenly_is_none() -> None:
    """James, Demaree & Wolf (1984), as R's multilevel documents rwg.j: variance above the uniform's counts as no agreement, 0."""
    everyone_else = np.array([[1.0, 2], [2, 3], [3, 4], [4, 5], [5, 1]])
    assert ours.agreement(everyone_else) == 0.0
    assert ours.lindell_agreement(everyone_else) == pytest.approx(1 - 2.5 / 2)


def order_of_goals(business: list[float], it: list[float]) -> float | None:
    """The agreement that the assessment states between two rankings."""
    goals = [f"g{i:02}" for i in range(len(business))]
    groups = [
        {"group": side, "invited": 1, "priorities": dict(zip(goals, ranks, strict=True))}
        for side, ranks in (("business", business), ("it", it))
    ]
    facts = Facts.model_validate(
        {
            "profile": {"name": "Any"},
            "goals": [{"id": goal, "name": goal} for goal in goals],
            "rounds": [{"id": "r", "as_of": "2026-09-30", "questionnaire": "pulse", "groups": groups}],
        }
    )
    rows = tuple(
        Response(round="r", respondent=side, group=side, question="communication-1", score=3) for side in ("business", "it")
    )  # fmt: skip
    record = Record("any", facts, responses=rows, questionnaires=shipped_questionnaires())
    return assess(record).priority_agreement


def test_kendall_of_scipys_example() -> None:
    """SciPy's documentation of kendalltau: [12, 2, 1, 12, 2] and [1, 4, 7, 1, 0] agree at −0.47140452 (ties, τ-b).

    One is added to the second row, for ranks begin at 1; τ is the same.
    """
    assert order_of_goals([12, 2, 1, 12, 2], [2, 5, 8, 2, 1]) == pytest.approx(-0.47140452079)


def test_kendall_of_the_tuna() -> None:
    """Hollander & Wolfe (1973), p. 185, R's ?cor.test: lightness of canned tuna and consumers' scores agree at 0.4444444."""
    lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    liking = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    assert order_of_goals(lightness, liking) == pytest.approx(0.4444444)
