"""Retries with growing pauses, a limited number of times, if the channel allows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .base import Carrier, Message, Receipt

PAUSES = (1.0, 4.0)
"""Seconds before the second and the third attempt."""

LONGEST_WAIT = 10.0
"""The most seconds that a receiver may ask for and get; more is left to a later run."""

LONGEST = 130
"""The most seconds of all attempts: three times the deadline and two requests aside, and the pauses."""

Pause = Callable[[float], None]


def send(
    carrier: Carrier, message: Message, *, twice: bool, pause: Pause, pauses: Sequence[float] = PAUSES
) -> tuple[Receipt, int]:
    """Send a message; returns the last receipt, and the number of attempts.

    pauses: before each further attempt. twice: retry even if it may have arrived (a pager); else only if it certainly
    did not arrive (a mail). A receiver that asks for a longer pause gets it, or no further attempt here.
    """
    receipt = carrier.send(message)
    tries = 1
    for wait in pauses:
        again = receipt.outcome == "unreachable" or (twice and receipt.outcome == "unknown")
        asked = receipt.wait or 0.0
        if not again or asked > LONGEST_WAIT:
            break
        pause(max(wait, asked))
        receipt = carrier.send(message)
        tries += 1
    return receipt, tries
