"""The own benchmark: where clients of one consultancy stand in each area, so that no single client can be worked out.

The rule, in plain words:

1. A client counts only where somebody of it has agreed (``benchmark_consent``), and with one figure an area: what business
   and IT scored together, each counting half, in its latest closed round with that questionnaire, in which both sides are
   shown on every area asked and no score is adjusted. Samples, proxies and questionnaires of a client's own do not count.
2. Told are the lower quartile, the median and the upper quartile of at least five clients that answered the same
   questionnaire. From five on, the lowest and the highest figure go into none of the three. So whoever knows one of
   the figures, their own, must still think every other client capable of all from the upper quartile to 5, or of all from
   1 to the lower. For that to be half a point at the least, nothing is told beyond 1.5 and 4.5, and everything to a
   quarter of a point.
3. Everybody is shown the same three numbers, whether among the clients counted or not. A benchmark for each client
   without itself would be two benchmarks that differ by one client, and the difference is that client.
4. A benchmark is issued once, and then stands as it is. Another may be issued only where, beside each that was ever
   issued (of all clients, of a sector, of an earlier year), each of the two holds no figure that the other lacks, or at
   least five. Otherwise it is withheld: over n and n + 1 clients, what moved would be the one that came. A client that
   was asked again in another round has another figure. (Sums of more than two could be combined to the same end; quartiles
   in steps do not add up, so pairs are looked at.)
5. A sector's own benchmark holds the same way: five clients of the sector, and none or five of all clients outside it.
6. Where somebody has withdrawn, what they are part of is shown no more, and what would be without them is withheld
   by the fourth rule.

What it does not keep: a figure from those who put their own together, up to all clients but one; and that a consultancy
of five clients, all of whom agreed, is easily guessed, though none is named.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from toolkit.assess.assess import assess
from toolkit.client.known import known_on
from toolkit.client.questionnaire import OWN
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.method import AREAS, COMPARED, HIGHEST, LOWEST

# The fewest clients of a benchmark, and the fewest figures by which two of them may differ.
FEWEST = 5
# In points: the steps in which figures are told, and how far from the ends of the scale they stay.
STEP, MARGIN = 0.25, 0.5


@dataclass(frozen=True)
class Band:
    """Where the middle half of the clients stand on one area: lower quartile, median, upper quartile, in points."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Benchmark:
    """A benchmark as a client's pages show it: no client is named in it.

    Attributes
    ----------
    sector : str
        The sector that its clients share; "" for clients of all sectors.
    clients : int
        How many were counted.
    bands : mapping
        Area's id → where they stand.
    """

    questionnaire: str
    sector: str
    clients: int
    bands: Mapping[str, Band]


@dataclass(frozen=True)
class ClientFigures:
    """What one client adds: its round, and by area what both sides scored together, in points."""

    slug: str
    round: str
    questionnaire: str
    sector: str
    areas: Mapping[str, float]


def figures_of(record: Record) -> tuple[ClientFigures, ...]:
    """Return what a client adds, once for each questionnaire; nothing where it has not agreed, or no round qualifies."""
    profile = record.facts.profile
    if not profile.benchmark_consent or record.facts.synthetic:
        return ()
    found: dict[str, ClientFigures] = {}
    for one in reversed(record.rounds):
        asked = one.questionnaire or OWN
        if asked not in found and (areas := _areas(record, one)):
            found[asked] = ClientFigures(record.slug, one.id, asked, profile.sector or "", areas)
    return tuple(found.values())


def _areas(record: Record, one: Round) -> dict[str, float]:
    """Return a round's figures; none where it does not qualify."""
    asked = record.questionnaire_of(one)
    if not one.closed or asked is None or one.questionnaire == OWN:
        return {}
    result = assess(known_on(record, one.as_of), one.id)
    if result.proxy:
        return {}
    wanted = {question.dimension for question in asked.questions} & {area.id for area in AREAS}
    rows = {row.dimension.id: row.scores for row in result.areas if row.dimension.id in wanted}
    sides = {area: [scores[group] for group in COMPARED if group in scores] for area, scores in rows.items()}
    if rows.keys() != wanted or any(
        len(both) < 2 or any(score.computed is not None for score in both) for both in sides.values()
    ):
        return {}
    return {area: sum(score.mean for score in both) / 2 for area, both in sorted(sides.items())}


def sector_key(sector: str | None) -> str:
    """Return a sector as it is told from others: whatever its case and spaces."""
    return " ".join((sector or "").casefold().split())


def bands_of(figures: Sequence[Mapping[str, float]]) -> dict[str, Band]:
    """Return the quartiles of each area over at least five clients that were asked about the same areas.

    Raises
    ------
    ValueError
        When they are fewer, or were asked about other areas.
    """
    if len(figures) < FEWEST or len({frozenset(one) for one in figures}) > 1:
        raise ValueError(f"a benchmark takes {FEWEST} clients that were asked about the same areas")
    return {
        area: Band(*(_told(_quantile(sorted(one[area] for one in figures), share)) for share in (0.25, 0.5, 0.75)))
        for area in figures[0]
    }  # fmt: skip


def _quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile of sorted values, straight between neighbours (Hyndman and Fan's type 7)."""
    place = (len(values) - 1) * share
    at = math.floor(place)
    above = values[min(at + 1, len(values) - 1)]
    return values[at] + (place - at) * (above - values[at])


def _told(value: float) -> float:
    nearest = math.floor(value / STEP + 0.5) * STEP
    return min(max(nearest, LOWEST + MARGIN), HIGHEST - MARGIN)


def single_out(one: Collection[object], other: Collection[object]) -> bool:
    """Whether two benchmarks, each the figures that it counts, differ by some figures but too few to tell them apart."""
    first, second = frozenset(one), frozenset(other)
    return any(0 < len(apart) < FEWEST for apart in (first - second, second - first))
