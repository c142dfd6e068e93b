"""Median, 90th percentile and their limits, held to slow ways to the same numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.filled import filled
from sevlog.model.learning.metrics.order_statistics import median_ranks, p90_bound_rank, p90_rank, spread

VALUES = st.lists(st.integers(0, 10**7).map(float), max_size=60)


def binomial(n: int, k: int, chance: Fraction) -> Fraction:
    return comb(n, k) * chance**k * (1 - chance) ** (n - k)


def coverage(n: int, low: int, high: int) -> Fraction:
    """How likely the true median is between two ranks: so many values are below it."""
    return sum((binomial(n, k, Fraction(1, 2)) for k in range(low, high)), Fraction(0))


@pytest.mark.parametrize(
    ("n", "ranks"),
    [(0, None), (1, None), (5, None), (6, (1, 6)), (10, (2, 9)), (15, (4, 12)), (20, (6, 15)), (30, (10, 21))],
)
def test_the_median_has_the_ranks_of_the_tables(n: int, ranks: tuple[int, int] | None) -> None:
    assert median_ranks(n) == ranks


def test_the_ranks_of_the_median_are_the_narrowest_symmetric_ones_with_95_percent() -> None:
    for n in range(1, 61):
        fitting = [low for low in range(1, n // 2 + 1) if coverage(n, low, n + 1 - low) >= Fraction(95, 100)]

        assert median_ranks(n) == ((max(fitting), n + 1 - max(fitting)) if fitting else None), n


def test_the_bound_of_the_90th_percentile_is_the_lowest_rank_with_95_percent() -> None:
    for n in range(1, 41):
        fitting = [
            rank
            for rank in range(1, n + 1)
            if sum((binomial(n, k, Fraction(9, 10)) for k in range(rank)), Fraction(0)) >= Fraction(95, 100)
        ]

        assert p90_bound_rank(n) == (min(fitting) if fitting else None), n
        assert (p90_bound_rank(n) is None) == (n < 29)


@given(VALUES)
def test_the_figures_are_those_of_counting(values: list[float]) -> None:
    found = spread(values)

    assert found.n == len(values)
    if not values:
        assert found.median is found.p90 is found.least is None
        return
    assert found.median is not None and found.p90 is not None
    assert sum(v <= found.median for v in values) * 2 >= len(values)
    assert sum(v >= found.median for v in values) * 2 >= len(values)
    enough = [v for v in values if sum(other <= v for other in values) * 10 >= 9 * len(values)]
    assert found.p90 == min(enough)
    assert (found.least, found.most) == (min(values), max(values))


@given(st.lists(st.integers(0, 50), min_size=6, max_size=9))
def test_the_interval_is_where_enough_of_all_samples_are(values: list[int]) -> None:
    """Of all ways to say for each value whether it is below the median, at least 95 % put it in the interval."""
    found, n = spread(map(float, values)), len(values)
    ranked = sorted(values)
    inside = sum(
        1
        for size in range(n + 1)
        for _ in combinations(range(n), size)
        if 1 <= size <= n - 1 and found.low is not None and ranked.index(int(found.low)) < size
    )

    assert inside * 100 >= 95 * 2**n


def test_the_rank_of_the_90th_percentile_is_exact_where_floats_are_not() -> None:
    assert [p90_rank(n) for n in filled([1, 9, 10, 11, 20, 30, 10**6])] == [1, 9, 9, 10, 18, 27, 900_000]
