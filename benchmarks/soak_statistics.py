"""Do the printed intervals cover what they claim, and how often does a clear difference appear where there is none?

``python benchmarks/soak_statistics.py [DRAWS]``: organisations are drawn at random from known populations of 5-point
answers and judged by the toolkit's own functions. A person answers four questions of a dimension, and the answers of
one person hang together (latent normal, correlation 0.5). Prints one line for each design and population, with the
standard error of the simulation, and exits 1 when an aim is missed:

- where both groups vary, intervals cover the true gap 94 to 96 % of the time; near consensus at least 94 %;
- with no true gap, at most 5 % of organisations get a clear difference in any of their fourteen dimensions.

Two kinds of population: one without limit, where the number invited is unknown; and one of known size, of which the
respondents are a part, where the true gap is that of everyone invited. An interval is printed only where both groups
vary in the answers drawn; the share of draws in which they do is printed.

Plain Welch does not reach every aim, and the lines that fall short are known and named in ``SHORT``: groups of opposite
skews, which so few people cannot show; one line near consensus; and false alarms where the two groups have one mean but
very different spreads. They are printed as short; any other line that misses its aim gives exit code 1.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, combinations
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core for each process

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from toolkit.assess.assessment import Difference
from toolkit.assess.comparing import SIGNIFICANT, with_words
from toolkit.assess.statistics import difference_p, welch_interval, welch_p

Floats = NDArray[np.float64]

QUESTIONS, DIMENSIONS = 4, 14
PERSON, HALO = 0.5, 0.3  # correlation of a person's answers within a dimension, and across dimensions
POPULATIONS = {
    "symmetric": (0.1, 0.2, 0.4, 0.2, 0.1),
    "skewed": (0.45, 0.3, 0.15, 0.07, 0.03),
    "skewed up": (0.03, 0.07, 0.15, 0.3, 0.45),
    "near consensus": (0.0, 0.05, 0.9, 0.05, 0.0),
    "consensus on 4": (0.0, 0.0, 0.05, 0.9, 0.05),
}
SIZES = ((3, 6), (5, 8), (8, 12))
INVITED = {3: 4, 6: 9, 5: 7, 8: 12, 12: 18}  # two thirds to three quarters answered
BOTH_VARY = (
    ("symmetric", "symmetric"),
    ("skewed", "skewed"),
    ("symmetric", "skewed"),
    ("skewed", "symmetric"),
)
CONSENSUS = (("near consensus", "near consensus"), ("near consensus", "consensus on 4"))
OPPOSITE = (("skewed", "skewed up"),)
MIXED = (("symmetric", "consensus on 4"), ("near consensus", "symmetric"))
ALIKE = (("symmetric", "symmetric"), ("skewed", "skewed"), ("near consensus", "near consensus"))
UNLIKE = (("symmetric", "near consensus"), ("near consensus", "symmetric"))
AIMS = {"94 to 96 %": (0.94, 0.96), "94 % or more": (0.94, 1.0), "at most 5 %": (0.0, 0.05)}
ALARMS = "at most 5 %"
SHORT = {
    *(((n, m), OPPOSITE[0], "94 to 96 %", False) for n, m in SIZES),
    ((3, 6), MIXED[0], "94 % or more", False),
    ((8, 12), CONSENSUS[0], "94 % or more", True),
    ((5, 8), UNLIKE[0], ALARMS, False),
    ((8, 12), UNLIKE[0], ALARMS, False),
}  # fmt: skip


class Case(NamedTuple):
    """One line of the table."""

    sizes: tuple[int, int]
    shapes: tuple[str, str]
    aim: str
    limited: bool
    draws: int


class Line(NamedTuple):
    """What was seen: a share of draws, its standard error, and the share of draws it could be seen in."""

    case: Case
    share: float
    error: float
    seen: float


def people(shape: str, size: tuple[int, ...], rng: np.random.Generator, halo: Floats | float = 0.0) -> Floats:
    """Draw persons' scores on a dimension, shape ``size``; ``halo`` is what a person brings to all dimensions."""
    person = (
        math.sqrt(PERSON - HALO) * rng.standard_normal((*size, 1))
        + math.sqrt(HALO) * np.asarray(halo)[..., None]
    )
    if np.isscalar(halo):
        person = math.sqrt(PERSON) * rng.standard_normal((*size, 1))
    answers = person + math.sqrt(1 - PERSON) * rng.standard_normal((*size, QUESTIONS))
    cuts = norm.ppf(np.cumsum(POPULATIONS[shape])[:-1])
    return np.asarray((1 + np.searchsorted(cuts, answers)).mean(axis=-1), dtype=float)


def mean_of(shape: str) -> float:
    """The mean answer of a population without limit."""
    return float(np.dot(POPULATIONS[shape], np.arange(1, 6)))


def coverage(case: Case) -> Line:
    """Draw organisations with one dimension; count the printed intervals that hold the true gap."""
    rng = np.random.default_rng(
        [case.draws, *case.sizes, case.limited, *map(list(POPULATIONS).index, case.shapes)]
    )
    held = printed = 0
    for _ in range(case.draws):
        if case.limited:
            invited = [INVITED[n] for n in case.sizes]
            everyone = [people(shape, (size,), rng) for shape, size in zip(case.shapes, invited, strict=True)]
            true = float(everyone[0].mean() - everyone[1].mean())
            first, second = (one[:n] for one, n in zip(everyone, case.sizes, strict=True))
            interval = welch_interval(first, second, *invited)
        else:
            first, second = (
                people(shape, (n,), rng) for shape, n in zip(case.shapes, case.sizes, strict=True)
            )
            true = mean_of(case.shapes[0]) - mean_of(case.shapes[1])
            interval = welch_interval(first, second)
        if interval:
            printed += 1
            held += interval[0] - 1e-9 <= true <= interval[1] + 1e-9
    share = held / printed
    return Line(case, share, math.sqrt(share * (1 - share) / printed), printed / case.draws)


def p_values(first: Floats, second: Floats) -> Floats:
    """``permutation_p`` of many dimensions at once, shape (…, people): the same count by one product of matrices."""
    n, total = first.shape[-1], first.shape[-1] + second.shape[-1]
    picks = np.fromiter(chain.from_iterable(combinations(range(total), n)), dtype=np.intp).reshape(-1, n)
    chosen = np.zeros((len(picks), total), dtype=np.float32)
    np.put_along_axis(chosen, picks, 1, axis=1)
    pooled = np.concatenate([first, second], axis=-1).reshape(-1, total).astype(np.float32)
    out = []
    for part in np.array_split(pooled, max(1, len(pooled) // 200)):
        sums, seen = chosen @ part.T, part[:, :n].sum(axis=1)  # quarters of a point: exact in float32
        above, below = (sums >= seen).mean(axis=0), (sums <= seen).mean(axis=0)
        out.append(np.minimum(1, 2 * np.minimum(above, below)))
    return np.concatenate(out).reshape(first.shape[:-1])


def _difference_ps(first: Floats, second: Floats) -> Floats:
    """``difference_p`` of many dimensions at once, where it can matter: above .05 Welch's p alone keeps q above .05."""
    chances = np.array([welch_p(first[place], second[place]) for place in np.ndindex(first.shape[:-1])])
    chances = chances.reshape(first.shape[:-1])
    small = chances <= SIGNIFICANT
    if small.any():
        chances[small] = np.maximum(chances[small], p_values(first[small], second[small]))
    return chances


def false_alarms(case: Case) -> Line:
    """Draw organisations of fourteen dimensions with no true gap; count those with any clear difference."""
    rng = np.random.default_rng([7, case.draws, *case.sizes, *map(list(POPULATIONS).index, case.shapes)])
    alarms = done = 0
    while done < case.draws:
        batch = min(500, case.draws - done)
        sides = []
        for shape, n in zip(case.shapes, case.sizes, strict=True):
            halo = np.repeat(rng.standard_normal((batch, 1, n)), DIMENSIONS, axis=1)
            sides.append(people(shape, (batch, DIMENSIONS, n), rng, halo))
        gaps = sides[0].mean(axis=-1) - sides[1].mean(axis=-1)
        chances = _difference_ps(*sides)
        for place in list(zip(*np.nonzero(chances <= SIGNIFICANT), strict=True))[:20]:
            # Many at once is what the toolkit finds one by one.
            if not math.isclose(chances[place], difference_p(sides[0][place], sides[1][place]), abs_tol=1e-6):
                raise ArithmeticError(f"{chances[place]} is not what the toolkit finds")
        for gap, p in zip(gaps, chances, strict=True):
            judged = with_words([Difference(float(g), p=float(x)) for g, x in zip(gap, p, strict=True)])
            alarms += any(one is not None and one.word == "clear difference" for one in judged)
        done += batch
    share = alarms / done
    return Line(case, share, math.sqrt(max(share * (1 - share), 1 / done) / done), 1.0)


def cases(draws: int) -> Iterator[Case]:
    """Every line of the table, in order."""
    coverage_aims = (("94 to 96 %", BOTH_VARY + OPPOSITE), ("94 % or more", CONSENSUS + MIXED))
    for limited in (False, True):
        for sizes in SIZES:
            for aim, shapes in coverage_aims:
                yield from (Case(sizes, pair, aim, limited, draws) for pair in shapes)
    for sizes in SIZES:
        yield from (Case(sizes, pair, ALARMS, False, draws) for pair in ALIKE + UNLIKE)


def line_of(case: Case) -> Line:
    """Simulate one line."""
    return false_alarms(case) if case.aim == ALARMS else coverage(case)


def missed(one: Line, errors: float = 0.0) -> bool:
    """Whether the aim is missed, by more than so many of the simulation's own standard errors."""
    low, high = AIMS[one.case.aim]
    return one.share + errors * one.error < low or one.share - errors * one.error > high


def main() -> int:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    begun = time.perf_counter()
    print(f"{draws:,} organisations a line; groups of business v IT")
    verdicts: Counter[str] = Counter()
    with ProcessPoolExecutor() as pool:
        for one in pool.map(line_of, cases(draws)):
            case, verdict = one.case, "met"
            if missed(one):
                verdict = "SHORT" if (case.sizes, case.shapes, case.aim, case.limited) in SHORT else "MISSED"
            verdicts[verdict] += 1
            what = "false alarms" if case.aim == ALARMS else "coverage"
            invited = f" of {INVITED[case.sizes[0]]} v {INVITED[case.sizes[1]]}" if case.limited else ""
            print(f"{case.sizes[0]} v {case.sizes[1]:<2}{invited:<11} {' v '.join(case.shapes):<32} {what:<12} {one.share:6.1%} ± {one.error:.1%}  "
                  f"printed in {one.seen:4.0%}  aim {case.aim:<12} {verdict}", flush=True)  # fmt: skip
    print(f"{verdicts['met']} of {verdicts.total()} lines meet their aim, {verdicts['SHORT']} fall short as known, "
          f"{verdicts['MISSED']} miss it; {time.perf_counter() - begun:.0f} s")  # fmt: skip
    return 1 if verdicts["MISSED"] else 0


if __name__ == "__main__":
    sys.exit(main())
