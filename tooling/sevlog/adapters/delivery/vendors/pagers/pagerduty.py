"""A pager with PagerDuty's Events API v2: one alert per incident, however many events are sent."""

from __future__ import annotations

from urllib.parse import SplitResult

from ...base import PAGES_ONLY, Message, Receipt
from ..address import Address
from ..vendor import Document, Vendor, words
from ..written import line

_SUMMARY, _DETAILS = 1024, 100_000
"""The most characters of a summary (Events API v2), and of the details: an event has at most 512 KB."""


class Events(Vendor):
    """A routing key of a pager. It takes only signals: trigger, acknowledge, resolve."""

    kind = "events"
    form = "events+https://events.pagerduty.com/v2/enqueue?routing_key=KEY"

    def _read(self, address: Address) -> SplitResult:
        self._key = address.option("routing_key", r"\S{1,200}", "the key of an integration")
        return address.base(address.path)

    def send(self, message: Message) -> Receipt:
        """Send it once."""
        if message.signal is None:
            return Receipt(outcome="not_for_it", reason=PAGES_ONLY)
        event: dict[str, object] = {
            "routing_key": self._key,
            "event_action": message.signal,
            "dedup_key": message.dedup,
        }
        if message.signal == "trigger":
            event |= _trigger(message)
        return self._post(event).accepted("dedup_key")

    def _error(self, document: Document) -> str:
        return words(document.get("errors")) or words(document.get("message"))


def _trigger(message: Message) -> Document:
    found: dict[str, object] = {
        "client": "sevlog",
        "payload": {
            "summary": line(message.headline, _SUMMARY),
            "source": message.sender,
            "severity": message.level,
            "timestamp": message.at.isoformat(),
            "custom_details": {"text": message.plain[:_DETAILS]},
        },
    }
    if message.url:
        found["links"] = [{"href": message.url, "text": message.topic}]
    return found
