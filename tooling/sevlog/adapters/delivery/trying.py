"""Retries with growing pauses, a limited number of times, if the channel allows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .base import Carrier, Message, Receipt

PAUSES = (1.0, 4.0)
"""Seconds before the second and the third attempt."""

LONGEST = 120
"""The most seconds of all attempts: three times the deadline, and the pauses."""

Pause = Callable[[float], None]


def send(
    carrier: Carrier, message: Message, *, twice: bool, pause: Pause, pauses: Sequence[float] = PAUSES
) -> tuple[Receipt, int]:
    """Send a message; returns the last receipt, and the number of attempts.

    pauses: before each further attempt. twice: retry even if it may have arrived (a pager); else only if it certainly
    did not arrive (a mail).
    """
    receipt = carrier.send(message)
    tries = 1
    for wait in pauses:
        again = receipt.outcome == "unreachable" or (twice and receipt.outcome == "unknown")
        if not again:
            break
        pause(wait)
        receipt = carrier.send(message)
        tries += 1
    return receipt, tries
