"""Clopper and Pearson's interval, held to exact sums of fractions."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevlog.model.learning.metrics.proportions import at_least, clopper_pearson, proportion

PAIRS = st.integers(1, 80).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
_CLOSE = Fraction(1, 10**9)


def tail(part: int, whole: int, chance: Fraction) -> Fraction:
    """How likely at least `part` of `whole` are."""
    return sum((comb(whole, k) * chance**k * (1 - chance) ** (whole - k) for k in range(part, whole + 1)), Fraction(0))


@given(PAIRS)
def test_at_each_limit_the_tail_is_2_and_a_half_percent(pair: tuple[int, int]) -> None:
    part, whole = pair
    low, high = map(Fraction, clopper_pearson(part, whole))

    if part:
        assert tail(part, whole, low - _CLOSE) < Fraction(1, 40) < tail(part, whole, low + _CLOSE)
    else:
        assert low == 0
    if part < whole:
        assert 1 - tail(part + 1, whole, high + _CLOSE) < Fraction(1, 40) < 1 - tail(part + 1, whole, high - _CLOSE)
    else:
        assert high == 1


@given(PAIRS, st.fractions(0, 1, max_denominator=1000))
def test_the_tail_is_the_exact_sum(pair: tuple[int, int], chance: Fraction) -> None:
    part, whole = pair

    assert at_least(part, whole, float(chance)) == pytest.approx(float(tail(part, whole, chance)), abs=1e-12)


def test_ten_of_ten_may_be_as_few_as_69_percent_and_nothing_has_no_share() -> None:
    assert [round(limit, 3) for limit in clopper_pearson(10, 10)] == [0.692, 1.0]
    assert proportion(0, 0).share is None


def test_large_numbers_are_quick_and_narrow() -> None:
    low, high = clopper_pearson(90_000, 100_000)

    assert 0.898 < low < 0.9 < high < 0.902
