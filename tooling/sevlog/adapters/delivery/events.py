"""A pager with PagerDuty's Events API v2: one alert per incident, however many events are sent."""

from __future__ import annotations

import json
from urllib.parse import SplitResult, parse_qs

from .base import DEADLINE, TIMEOUT, BadAddress, Message, Receipt
from .web import Target

_FORM = "events+https://events.pagerduty.com/v2/enqueue?routing_key=KEY"
_LONGEST = 1024
"""The most characters of a summary (Events API v2)."""


class Events:
    """A routing key of a pager. It takes only signals: trigger, acknowledge, resolve."""

    kind = "events"

    def __init__(
        self, name: str, address: SplitResult, *, timeout: float = TIMEOUT, patience: float = DEADLINE
    ) -> None:
        """Raises BadAddress."""
        keys = parse_qs(address.query).get("routing_key", [])
        if len(keys) != 1:
            raise BadAddress(name, "it needs exactly one routing_key=", f"use: {_FORM}")
        self._key = keys[0]
        self._target = Target(name, address._replace(query=""), timeout=timeout, patience=patience)

    def send(self, message: Message) -> Receipt:
        """Send it once."""
        if message.signal is None:
            return Receipt(outcome="sent", reason="not a signal for a pager")
        event: dict[str, object] = {
            "routing_key": self._key,
            "event_action": message.signal,
            "dedup_key": message.dedup,
            "client": "sevlog",
        }
        if message.signal == "trigger":
            event["payload"] = {
                "summary": message.headline[:_LONGEST],
                "source": message.sender,
                "severity": message.level,
                "timestamp": message.at.isoformat(),
                "custom_details": {"text": message.plain},
            }
        if message.url:
            event["links"] = [{"href": message.url, "text": message.topic}]
        return self._target.post(json.dumps(event, ensure_ascii=False).encode())
