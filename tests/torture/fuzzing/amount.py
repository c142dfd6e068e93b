"""How many inputs each test of fuzzing tries, of those that a run has for all of them."""

from __future__ import annotations

from torture.sizes import size

SEED = size("seed")


def share(part: float) -> int:
    """How many inputs a test tries whose part of the whole this is (0 to 1); at least one."""
    return max(1, round(size("inputs") * part))
