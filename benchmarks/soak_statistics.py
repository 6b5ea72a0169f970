"""Do the printed intervals cover what they claim, and how often are two sides told apart where they do not differ?

``python benchmarks/soak_statistics.py [DRAWS]``: organisations are drawn at random from known populations of 5-point
answers and judged by the toolkit's own functions. The answers of one person hang together (latent normal, correlation
0.5 within a dimension, 0.3 across dimensions). Prints one line for each design and population, with the standard error
of the simulation, and exits 1 when an aim is missed:

- where both groups vary, intervals cover the true gap 94 to 96 % of the time; near consensus at least 94 %;
- of 2,000 organisations whose two sides are drawn from one population, at most 5 % (± 1) get a "clear difference" in
  any of their fourteen dimensions, and at most 20 % (± 2) a "likely" one or a clear one.

The population is without limit: an interval asks how far these people's answers would stand if asked again. An interval
is printed only where both groups vary in the answers drawn; the share of draws in which they do is printed.

Plain Welch does not reach every aim, and the lines that fall short are known and named in ``SHORT``: groups of opposite
skews, which so few people cannot show, and sides of one mean but very different spreads. They are printed as short;
any other line that misses its aim gives exit code 1.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core for each process

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from toolkit.assess.assessment import GroupResult
from toolkit.assess.difference import difference, with_words
from toolkit.assess.scores import GroupAnswers
from toolkit.assess.statistics import welch_interval
from toolkit.method import Group

Floats = NDArray[np.float64]
Shapes = tuple[str, str]

QUESTIONS, DIMENSIONS, ORGANISATIONS = 4, 14, 2_000
PERSON, HALO = 0.5, 0.3  # correlation of a person's answers within a dimension, and across dimensions
POPULATIONS = {
    "symmetric": (0.1, 0.2, 0.4, 0.2, 0.1),
    "skewed": (0.45, 0.3, 0.15, 0.07, 0.03),
    "skewed up": (0.03, 0.07, 0.15, 0.3, 0.45),
    "near consensus": (0.0, 0.05, 0.9, 0.05, 0.0),
    "consensus on 4": (0.0, 0.0, 0.05, 0.9, 0.05),
}
SIZES = ((3, 6), (5, 8), (8, 12))
BOTH_VARY: tuple[Shapes, ...] = (
    ("symmetric", "symmetric"),
    ("skewed", "skewed"),
    ("symmetric", "skewed"),
    ("skewed", "symmetric"),
)
CONSENSUS: tuple[Shapes, ...] = (("near consensus", "near consensus"), ("near consensus", "consensus on 4"))
OPPOSITE: tuple[Shapes, ...] = (("skewed", "skewed up"),)
MIXED: tuple[Shapes, ...] = (("symmetric", "consensus on 4"), ("near consensus", "symmetric"))
# Head-counts of business and of IT: how many answered of how many invited.
ANSWERED = (((5, 5), (5, 5)), ((12, 12), (5, 5)), ((12, 14), (6, 8)))
ALIKE: tuple[Shapes, ...] = (("symmetric", "symmetric"), ("skewed", "skewed"))
UNLIKE: Shapes = ("symmetric", "near consensus")
# How often an aim may be met: lowest, highest, and how far chance may lead from it.
AIMS = {
    "94 to 96 %": (0.94, 0.96, 0.0),
    "94 % or more": (0.94, 1.0, 0.0),
    "clear, at most 5 %": (0.0, 0.05, 0.01),
    "likely, at most 20 %": (0.0, 0.20, 0.02),
}
CLEAR, LIKELY = list(AIMS)[2:]
SHORT: set[tuple[str, Shapes, str]] = {
    *((f"{n} v {m}", OPPOSITE[0], "94 to 96 %") for n, m in SIZES),
    ("3 v 6", MIXED[0], "94 % or more"),
}


class Line(NamedTuple):
    """What was seen: a share of draws, its standard error, and the share of draws it could be seen in."""

    design: str
    shapes: Shapes
    aim: str
    share: float
    error: float
    seen: float = 1.0


class Coverage(NamedTuple):
    """Organisations of one dimension, of whose intervals is asked whether they hold the true gap."""

    sizes: tuple[int, int]
    shapes: Shapes
    aim: str
    draws: int

    def lines(self) -> list[Line]:
        """Draw the organisations; count the printed intervals that hold the true gap."""
        rng = np.random.default_rng([self.draws, *self.sizes, *map(list(POPULATIONS).index, self.shapes)])
        true = mean_of(self.shapes[0]) - mean_of(self.shapes[1])
        held = printed = 0
        for _ in range(self.draws):
            first, second = (
                people(shape, (n,), rng).mean(axis=-1)
                for shape, n in zip(self.shapes, self.sizes, strict=True)
            )
            if interval := welch_interval(first, second):
                printed += 1
                held += interval[0] - 1e-9 <= true <= interval[1] + 1e-9
        share = held / printed
        error = math.sqrt(share * (1 - share) / printed)
        return [
            Line("{} v {}".format(*self.sizes), self.shapes, self.aim, share, error, printed / self.draws)
        ]


class Words(NamedTuple):
    """Organisations of fourteen dimensions whose two sides have one mean; of whom is asked which words they get."""

    answered: tuple[tuple[int, int], tuple[int, int]]
    questions: int
    shapes: Shapes
    organisations: int = ORGANISATIONS

    def organisation(self, rng: np.random.Generator) -> tuple[GroupAnswers, GroupAnswers]:
        """Draw the answers of both sides to every question."""
        business, it = (
            self._side(group, shape, heads, rng)
            for group, shape, heads in zip(("business", "it"), self.shapes, self.answered, strict=True)
        )
        return business, it

    def _side(
        self, group: Group, shape: str, heads: tuple[int, int], rng: np.random.Generator
    ) -> GroupAnswers:
        answered, invited = heads
        halo = np.repeat(rng.standard_normal((1, answered)), DIMENSIONS, axis=0)
        given = people(shape, (DIMENSIONS, answered), rng, halo, self.questions)
        names = [question for dimension in range(DIMENSIONS) for question in self.asked(dimension)]
        table = pd.DataFrame(given.transpose(1, 0, 2).reshape(answered, -1), columns=names)
        return GroupAnswers(GroupResult(group, group, "survey", invited, answered, True), table, minimum=5)

    def asked(self, dimension: int) -> list[str]:
        """The ids of a dimension's questions."""
        return [f"{dimension}-{number}" for number in range(self.questions)]

    def words(self, business: GroupAnswers, it: GroupAnswers) -> list[str | None]:
        """The word that the toolkit gives each dimension of an organisation."""
        gaps = []
        for dimension in range(DIMENSIONS):
            asked = self.asked(dimension)
            means = [side.answers[asked].to_numpy().mean() for side in (business, it)]
            value = float(means[0] - means[1])
            gaps.append(difference(value, business, it, asked))
        return [gap.word for gap in with_words(gaps) if gap]

    def lines(self) -> list[Line]:
        """Draw the organisations; count those with a clear difference, and those with a likely one or a clear one."""
        heads = [number for side in self.answered for number in side]
        rng = np.random.default_rng([7, *heads, self.questions, *map(list(POPULATIONS).index, self.shapes)])
        clear = likely = 0
        for _ in range(self.organisations):
            words = self.words(*self.organisation(rng))
            clear += "clear difference" in words
            likely += "clear difference" in words or "likely difference" in words
        design = "{}/{} v {}/{}, ".format(*heads) + f"{self.questions} asked"
        return [self._line(design, CLEAR, clear), self._line(design, LIKELY, likely)]

    def _line(self, design: str, aim: str, many: int) -> Line:
        share = many / self.organisations
        error = math.sqrt(max(share * (1 - share), 1 / self.organisations) / self.organisations)
        return Line(design, self.shapes, aim, share, error)


def people(
    shape: str,
    size: tuple[int, ...],
    rng: np.random.Generator,
    halo: Floats | None = None,
    questions: int = QUESTIONS,
) -> Floats:
    """Draw answers, shape ``(*size, questions)``; ``halo`` is what a person brings to all dimensions."""
    person = math.sqrt(PERSON) * rng.standard_normal((*size, 1))
    if halo is not None:
        person = person * math.sqrt(1 - HALO / PERSON) + math.sqrt(HALO) * halo[..., None]
    answers = person + math.sqrt(1 - PERSON) * rng.standard_normal((*size, questions))
    cuts = norm.ppf(np.cumsum(POPULATIONS[shape])[:-1])
    return np.asarray(1 + np.searchsorted(cuts, answers), dtype=float)


def mean_of(shape: str) -> float:
    """The mean answer of a population."""
    return float(np.dot(POPULATIONS[shape], np.arange(1, 6)))


def cases(draws: int) -> Iterator[Coverage | Words]:
    """Every design and population, in order."""
    coverage_aims = (("94 to 96 %", BOTH_VARY + OPPOSITE), ("94 % or more", CONSENSUS + MIXED))
    for sizes in SIZES:
        for aim, shapes in coverage_aims:
            yield from (Coverage(sizes, pair, aim, draws) for pair in shapes)
    for answered in ANSWERED:
        for questions in (1, 3):
            yield from (Words(answered, questions, pair) for pair in ALIKE)
        yield Words(answered, 3, UNLIKE)


def lines_of(case: Coverage | Words) -> list[Line]:
    """Simulate one design."""
    return case.lines()


def missed(line: Line, errors: float = 0.0) -> bool:
    """Whether the aim is missed, by more than so many of the simulation's own standard errors."""
    low, high, chance = AIMS[line.aim]
    return line.share + errors * line.error < low - chance or line.share - errors * line.error > high + chance


def main() -> int:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    begun = time.perf_counter()
    print(f"{draws:,} intervals a line, {ORGANISATIONS:,} organisations; business v IT, answered/invited")
    verdicts: Counter[str] = Counter()
    with ProcessPoolExecutor() as pool:
        for line in (line for lines in pool.map(lines_of, cases(draws)) for line in lines):
            verdict = "met"
            if missed(line):
                verdict = "SHORT" if (line.design, line.shapes, line.aim) in SHORT else "MISSED"
            verdicts[verdict] += 1
            print(f"{line.design:<24} {' v '.join(line.shapes):<32} {line.share:6.1%} ± {line.error:.1%}  "
                  f"printed in {line.seen:4.0%}  aim {line.aim:<20} {verdict}", flush=True)  # fmt: skip
    print(f"{verdicts['met']} of {verdicts.total()} lines meet their aim, {verdicts['SHORT']} fall short as known, "
          f"{verdicts['MISSED']} miss it; {time.perf_counter() - begun:.0f} s")  # fmt: skip
    return 1 if verdicts["MISSED"] else 0


if __name__ == "__main__":
    sys.exit(main())
