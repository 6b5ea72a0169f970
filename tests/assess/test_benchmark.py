"""The own benchmark: its quartiles, and what two of them together, or one and an own figure, let somebody work out."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.assess.benchmark import Band, bands_of, single_out

GRID = [1 + n / 2 for n in range(9)]  # what a position of business and one of IT, both whole numbers, come to
scores = st.floats(1, 5)


def band(values: Sequence[float]) -> Band:
    """Return the band of one area over clients with these figures."""
    return bands_of([{"roadmap": one} for one in values])["roadmap"]


@given(st.lists(scores, min_size=5, max_size=60))
def test_a_band_is_the_quartiles_to_a_quarter_of_a_point(values: list[float]) -> None:
    """As the standard library computes them, each told to the nearest quarter, and none nearer the ends than half a point."""
    found = band(values)
    for told, exact in zip(
        (found.low, found.middle, found.high), statistics.quantiles(values, n=4, method="inclusive"), strict=True
    ):  # fmt: skip
        assert told * 4 == int(told * 4)
        assert 1.5 <= told <= 4.5
        assert abs(told - min(max(exact, 1.5), 4.5)) <= 0.125 + 1e-9


@pytest.mark.parametrize("count", range(5))
def test_fewer_than_five_are_no_benchmark(count: int) -> None:
    """Not even where somebody asks for one."""
    with pytest.raises(ValueError, match="takes 5 clients"):
        band([3.0] * count)


@cache
def consistent(count: int) -> dict[tuple[Band, float], set[float]]:
    """For each band over so many clients and each own figure, every figure that another client may have."""
    found: dict[tuple[Band, float], set[float]] = defaultdict(set)
    for values in itertools.combinations_with_replacement(GRID, count):
        shown = band(values)
        for own in set(values):
            rest = list(values)
            rest.remove(own)
            found[shown, own] |= set(rest)
    return found


@pytest.mark.parametrize("count", [5, 6])
def test_an_own_figure_taken_off_tells_no_other(count: int) -> None:
    """Whoever is among the clients and takes their own figure off is left with half a point at the least of any other's."""
    assert min(max(rest) - min(rest) for rest in consistent(count).values()) >= 0.5


def test_four_would_not_do() -> None:
    """Of four, whose quartiles rest on the lowest and the highest, an own figure tells another's to the quarter of a point."""

    def told(values: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(
            math.floor(q * 4 + 0.5) / 4 for q in statistics.quantiles(values, n=4, method="inclusive")
        )

    others: dict[tuple[object, ...], set[float]] = defaultdict(set)
    for values in itertools.combinations_with_replacement(GRID, 4):
        for own in values:
            rest = list(values)
            rest.remove(own)
            others[(*told(values), own)] |= set(rest)
    inner = [rest for key, rest in others.items() if key[0] >= 1.5 and key[2] <= 4.5]
    assert min(max(rest) - min(rest) for rest in inner) < 0.5


def newcomers(before: tuple[float, ...], after: Band) -> set[float]:
    """Return what one more client may have scored, for who saw the bands before and after it came."""
    seen = band(before)
    return {
        one
        for values in itertools.combinations_with_replacement(GRID, len(before))
        if band(values) == seen
        for one in GRID
        if band([*values, one]) == after
    }


def test_what_one_more_client_moves_is_what_it_scored() -> None:
    """Were a second benchmark issued over one client more, the two together would tell its figure; it is not."""
    five = (1.0, 2.0, 3.0, 4.0, 5.0)
    pinned = {one: newcomers(five, band([*five, one])) for one in GRID}
    assert any(len(left) <= 2 for left in pinned.values())
    assert single_out(range(5), range(6))


@pytest.mark.parametrize("count", [5, 40])
def test_leaving_any_one_out_is_refused(count: int) -> None:
    """So is one more, one in the place of another, and everything that differs by one to four on either side."""
    clients = set(range(count))
    assert all(
        single_out(clients - {one}, clients) and single_out(clients, clients - {one}) for one in clients
    )
    assert single_out(clients, (clients - {0}) | {100})
    for less, more in itertools.product(range(6), range(6)):
        other = (clients - set(range(less))) | set(range(100, 100 + more))
        assert single_out(clients, other) == (less in range(1, 5) or more in range(1, 5))
