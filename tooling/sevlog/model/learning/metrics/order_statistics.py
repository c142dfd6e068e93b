"""Median, 90th percentile and their exact limits, from the ranks of the sorted values and nothing else.

The interval of the median has the narrowest symmetric ranks that hold the true median with at least 95 %, whatever the
distribution. The 90th percentile is by nearest rank: the smallest value that at least 90 % of the values do not exceed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from msgspec import Struct

CONFIDENCE = (19, 20)
"""95 %, as a fraction of integers."""
LEAST_FOR_P90 = 29
"""Below so many values, not even the largest one is a 95 % upper bound of the 90th percentile."""


class Spread(Struct, frozen=True, kw_only=True):
    """What is known of some values. low, high: the interval of the median; None below six values.

    p90_bound: a 95 % upper bound of the 90th percentile; None below 29 values.
    """

    n: int
    median: float | None = None
    low: float | None = None
    high: float | None = None
    p90: float | None = None
    p90_bound: float | None = None
    least: float | None = None
    most: float | None = None


def spread(values: Iterable[float]) -> Spread:
    """The figures of some values; only `n` where there are none."""
    found = sorted(values)
    n = len(found)
    if n == 0:
        return Spread(n=0)
    ranks, bound = median_ranks(n), p90_bound_rank(n)
    return Spread(
        n=n,
        median=(found[(n - 1) // 2] + found[n // 2]) / 2,
        low=found[ranks[0] - 1] if ranks else None,
        high=found[ranks[1] - 1] if ranks else None,
        p90=found[p90_rank(n) - 1],
        p90_bound=found[bound - 1] if bound else None,
        least=found[0],
        most=found[-1],
    )


@cache
def median_ranks(n: int) -> tuple[int, int] | None:
    """The ranks, from 1, of the interval of the median; None where even the smallest and largest value do not do."""
    part, whole = CONFIDENCE
    allowed = (whole - part) * 2**n
    below, ways, rank = 0, 1, 0  # ways: how many of the 2**n outcomes have `rank` values below the median
    while 2 * whole * (below + ways) <= allowed:
        below += ways
        ways = ways * (n - rank) // (rank + 1)
        rank += 1
    return (rank, n - rank + 1) if rank else None


def p90_rank(n: int) -> int:
    """The rank, from 1, of the 90th percentile."""
    return -(-9 * n // 10)


@cache
def p90_bound_rank(n: int) -> int | None:
    """The lowest rank whose value is at or above the true 90th percentile with at least 95 %; None below 29 values."""
    part, whole = CONFIDENCE
    limit = (whole - part) * 10**n
    above, weight, rank = 0, 9**n, n + 1  # weight: of the outcomes with rank - 1 values below it, times 10**n
    while rank > 1 and whole * (above + weight) <= limit:
        above += weight
        rank -= 1
        weight = weight * rank // ((n - rank + 1) * 9)
    return rank if rank <= n else None
