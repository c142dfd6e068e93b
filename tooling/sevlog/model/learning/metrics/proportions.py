"""A proportion with its exact 95 % interval (Clopper and Pearson), which holds at any size."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import exp, lgamma, log, log1p

from msgspec import Struct

_EACH_TAIL = 0.025
_STEPS = 60
"""Halvings of an interval from 0 to 1: further ones change nothing."""


class Proportion(Struct, frozen=True, kw_only=True):
    """`part` of `whole`. share, low, high: from 0 to 1; None of nothing."""

    part: int
    whole: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


def proportion(part: int, whole: int) -> Proportion:
    """The proportion with its interval."""
    if whole == 0:
        return Proportion(part=0, whole=0)
    low, high = clopper_pearson(part, whole)
    return Proportion(part=part, whole=whole, share=part / whole, low=low, high=high)


@cache
def clopper_pearson(part: int, whole: int) -> tuple[float, float]:
    """The limits: beyond each, so few or so many would come about with less than 2.5 %."""
    low = 0.0 if part == 0 else _where(lambda p: at_least(part, whole, p) >= _EACH_TAIL)
    high = 1.0 if part == whole else _where(lambda p: at_least(part + 1, whole, p) >= 1 - _EACH_TAIL)
    return low, high


def at_least(part: int, whole: int, chance: float) -> float:
    """How likely at least `part` of `whole` are, if each has this chance: the regularized incomplete beta function."""
    if part <= 0:
        return 1.0
    if chance <= 0.0 or chance >= 1.0:
        return float(chance >= 1.0)
    a, b = float(part), float(whole - part + 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(chance) + b * log1p(-chance))
    if chance < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, chance) / a
    return 1.0 - front * _fraction(b, a, 1.0 - chance) / b


def _where(is_beyond: Callable[[float], bool]) -> float:
    """The smallest chance that is beyond, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_beyond(middle) else (middle, high)
    return (low + high) / 2


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1.0 / _not_zero(1.0 - (a + b) * x / (a + 1.0), tiny)
    found = d
    for m in range(1, 20_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / _not_zero(1.0 + term * d, tiny)
            c = _not_zero(1.0 + term / c, tiny)
            found *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
    return found


def _not_zero(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny
