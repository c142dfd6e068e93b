"""Tries again, a bounded number of times and with growing pauses, as far as the channel allows."""

from __future__ import annotations

from collections.abc import Callable

from .base import Carrier, Message, Receipt

PAUSES = (1.0, 4.0)
"""Seconds before the second and the third try."""

LONGEST = 120
"""Seconds that all tries take together at most: three times the deadline, and the pauses."""

Pause = Callable[[float], None]


def send(carrier: Carrier, message: Message, *, twice: bool, pause: Pause) -> tuple[Receipt, int]:
    """Send a message; the last receipt, and how many tries it took.

    twice: rather twice than not at all (a pager). Else it is tried again only where it surely did not arrive (a mail).
    """
    receipt = carrier.send(message)
    tries = 1
    for wait in PAUSES:
        again = receipt.outcome == "unreachable" or (twice and receipt.outcome == "doubtful")
        if not again:
            break
        pause(wait)
        receipt = carrier.send(message)
        tries += 1
    return receipt, tries
