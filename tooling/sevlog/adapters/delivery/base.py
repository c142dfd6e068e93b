"""The interface of carriers: a message to send, and a receipt without secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from ...errors import UsageError

PREFIX = "SEVLOG_NOTIFY_"
"""The prefix of environment variables for addresses: PAGER is read from SEVLOG_NOTIFY_PAGER."""

TIMEOUT = 10.0
"""The timeout of each response, in seconds."""
DEADLINE = 30.0
"""The timeout of a whole attempt, in seconds."""

Signal = Literal["trigger", "acknowledge", "resolve"]
Outcome = Literal["sent", "not_for_it", "refused", "unreachable", "unknown"]
PAGES_ONLY = "a pager takes pages and their answers, no messages (people: name another address under `messages`)"


class Message(Struct, frozen=True, kw_only=True):
    """A message to send, with all data that leaves this machine.

    key: names this one delivery, the same at every try; opaque. thread: what all messages to this address about the
    incident share. alert: what all messages about the incident share, for a pager.
    first: no message of this thread went there before. domain: of the status page, for Message-IDs.
    sender: the name in front of the sender's address. topic: the subject of the whole thread, the same in all of it.
    headline: one line for this message. text: Markdown. plain: without markup. short: one line, for text messages.
    document: for webhooks, JSON. signal: what a pager is to do; None where it is only told.
    urgent: wakes somebody. level: critical, error, warning or info, for services that color by it.
    root: what this address calls the first message of the thread, where it said so. replaces: what it calls the
    message that this one corrects. standing: how the incident stands and who has which role, in one line.
    """

    key: str
    thread: str
    alert: str
    topic: str
    headline: str
    text: str
    plain: str
    short: str
    at: datetime
    domain: str
    sender: str
    document: bytes
    url: str | None = None
    first: bool = False
    signal: Signal | None = None
    urgent: bool = False
    level: Literal["critical", "error", "warning", "info"] = "info"
    root: str | None = None
    replaces: str | None = None
    standing: str | None = None

    @property
    def dedup(self) -> str:
        """The deduplication key for a pager: one per incident."""
        return f"sevlog-{self.alert}"


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of one try.

    sent: the other side took it. not_for_it: it takes no such messages, so nothing was sent. refused: it did not take
    it, and trying again is of no use. unreachable: it did not, and may later. unknown: it may have taken it. reason:
    fixed words and numbers; of what the other side said only the field that its documentation names for errors, without
    secrets (vendors/words.py). id: what the other side calls the message, where it says so. wait: the least seconds
    until the next try, where the other side named them.
    """

    outcome: Outcome
    reason: str = ""
    id: str | None = None
    wait: float | None = None


class Carrier(Protocol):
    """One address, which is secret and not in its repr."""

    kind: str
    """smtp, webhook, events, the name of a vendor (vendors/table.py) or apprise."""

    def send(self, message: Message) -> Receipt:
        """Send it once, within DEADLINE. Errors are in the receipt; nothing is raised."""
        ...


class BadAddress(UsageError):
    """The value of an environment variable is not a usable address. The message never contains the value."""

    def __init__(self, name: str, why: str, *hints: str) -> None:
        super().__init__(f"{PREFIX}{name} cannot be used: {why}", *hints)
