"""Prints what became of notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...screen import style

if TYPE_CHECKING:
    from ....services.common.notification import Notification
    from ....services.notifying.documents import Notified
    from ....services.paging.documents import Delivery

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
    "left": "a machine that has the address sends it, such as CI, with: sevlog notify",
    "unknown": "it may have arrived; to send it again: sevlog notify --retry",
    "failed": "correct the address, then: sevlog notify --retry",
}
"""State -> what to do about it."""


def notified(document: Notified) -> list[str]:
    """A line for each message."""
    return [line(one) for one in document.notifications]


def pages(document: Notified) -> list[str]:
    """A line for each page, and for each person that somebody else has to page."""
    lines = []
    for done in document.pages:
        lines += [page_line(row, done.incident) for row in done.deliveries]
        lines += [
            f"{style('not paged here', fg='yellow', bold=True)} {row.person}: "
            f"{', '.join(row.contacts) or 'a contact point'} is not set here ({done.incident})"
            for row in done.left
        ]
    return lines


def page_line(row: Delivery, incident: str | None = None) -> str:
    """What became of a page on one contact point."""
    step = f", policy {row.policy}, step {row.step}" if row.policy else ""
    reason = f": {row.reason}" if row.reason else ""
    verb = {"sent": "paged", "failed": "not paged", "would": "would page", "grouped": "grouped"}[row.result]
    color = {"failed": "red", "grouped": "yellow"}.get(row.result, "green")
    where = f" [{incident}]" if incident else ""
    if row.result == "grouped":
        until = f"; one page names all that waits at {row.until:%H:%M:%S}Z" if row.until else ""
        return f"{style(verb, fg=color, bold=True)} {row.person}{reason} ({row.asked}{step}){until}{where}"
    return f"{style(verb, fg=color, bold=True)} {row.person} by {row.contact or '-'}{reason} ({row.asked}{step}){where}"


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
