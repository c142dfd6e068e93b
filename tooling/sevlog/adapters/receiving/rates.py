"""How many deliveries a source may send: a bucket of tokens for each."""

from __future__ import annotations

from collections.abc import Callable


class Rates:
    """The buckets. per_minute: how many deliveries each source may send in a minute, also all at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._most, self._clock = per_minute, clock
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, source: str) -> float:
        """0 where a delivery may come in now, and it counts; else the seconds after which it may."""
        now = self._clock()
        left, since = self._left.get(source, (float(self._most), now))
        left = min(float(self._most), left + (now - since) * self._most / 60)
        if left < 1:
            self._left[source] = (left, now)
            return (1 - left) * 60 / self._most
        self._left[source] = (left - 1, now)
        return 0.0
