"""Prints what became of notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..screen import style

if TYPE_CHECKING:
    from ...services.common.notification import Notification
    from ...services.notifying.documents import Notified

_WORDS = {
    "sent": ("sent", "green"),
    "failed": ("failed", "red"),
    "unknown": ("unknown", "red"),
    "retry": ("not sent yet", "yellow"),
    "left": ("not sent here", "yellow"),
    "would": ("would send", "cyan"),
    "moot": ("not needed", "cyan"),
}
_HINTS = {
    "retry": "the next run tries again: sevlog notify",
    "left": "CI sends it after the push (sevlog notify), or set the address here and run: sevlog notify",
    "unknown": "it may have arrived; to send it again: sevlog notify --retry",
    "failed": "correct the address, then: sevlog notify --retry",
}
"""State -> what to do about it."""


def notified(document: Notified) -> list[str]:
    """A line for each message."""
    return [line(one) for one in document.notifications]


def line(one: Notification) -> str:
    """What became of one message, where it went, and why it did not."""
    words, color = _WORDS[one.state]
    what = one.headline or one.event
    reason = f" ({one.reason})" if one.reason else ""
    return f"{style(words, fg=color, bold=True)} to {one.to}: {what}{reason}"


def hints(document: Notified) -> list[str]:
    """What to do about what was not sent, once for each state."""
    states = {one.state for one in document.notifications}
    return [hint for state, hint in _HINTS.items() if state in states]
