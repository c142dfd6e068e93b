"""Slack: an incoming webhook, or a bot with one thread per incident, edited corrections and the channel topic."""

from __future__ import annotations

from urllib.parse import SplitResult

from msgspec.structs import replace

from ...base import Message, Receipt
from ..address import Address
from ..vendor import ASIDE, Document, Vendor, words
from ..written import line, quiet, told

_TEXT, _TOPIC = 4000, 250
"""The most characters: of a text as Slack advises, and of a topic."""
_LATER = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)


class Slack(Vendor):
    """A webhook (`hooks.slack.com/services/…`), or a bot token with a channel."""

    kind = "slack"
    form = (
        "slack+https://hooks.slack.com/services/T0/B0/KEY "
        "or slack+https://:BOT_TOKEN@slack.com/api?channel=C0123456789&topic=yes"
    )

    def _read(self, address: Address) -> SplitResult:
        self._token = address.password
        if self._token is None:
            if address.user or address.path.count("/") < 2:
                raise address.wrong("it needs the whole path of a webhook, or a bot token before the host")
            return address.base(address.path)
        self._channel = address.option("channel", r"[A-Z0-9]{9,}", "the id of a channel, such as C0123456789")
        self._topic = address.option("topic", "yes|no", "yes or no", "no") == "yes"
        self._headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json; charset=utf-8"}
        return address.base(address.path or "/api")

    def send(self, message: Message) -> Receipt:
        """Send it once; with a bot in the thread of the incident. A correction also replaces the text it corrects."""
        text = told(message, _TEXT, shown=escaped)
        if self._token is None:
            return self._post({"text": text}).receipt
        beside = self._corrected(message, text)
        found: dict[str, object] = {"channel": self._channel, "text": text, "unfurl_links": False}
        if message.root:
            found["thread_ts"] = message.root
        receipt = self._post(found, "/chat.postMessage", self._headers).accepted("ts")
        if receipt.outcome != "sent":
            return receipt
        beside = "; ".join(part for part in (beside, self._with_topic(message)) if part)
        return replace(receipt, reason=beside)

    def _corrected(self, message: Message, text: str) -> str:
        """Edit the message that this one corrects; returns what went wrong."""
        if not message.replaces:
            return ""
        edit = {"channel": self._channel, "ts": message.replaces, "text": text}
        receipt = self._post(edit, "/chat.update", self._headers, patience=ASIDE).receipt
        return "" if receipt.outcome == "sent" else f"the corrected message was not edited: {receipt.reason}"

    def _with_topic(self, message: Message) -> str:
        """Set the topic of the channel to how the incident stands; returns what went wrong."""
        if not self._topic or not message.standing:
            return ""
        topic = {"channel": self._channel, "topic": line(quiet(message.standing), _TOPIC)}
        receipt = self._post(topic, "/conversations.setTopic", self._headers, patience=ASIDE).receipt
        return "" if receipt.outcome == "sent" else f"the topic was not set: {receipt.reason}"

    def _is_done(self, document: Document) -> bool | None:
        if self._token is None:
            return True
        done = document.get("ok")
        return done if isinstance(done, bool) else None

    def _is_later(self, status: int, document: Document) -> bool | None:
        return True if document.get("error") in _LATER else None

    def _error(self, document: Document) -> str:
        return words(document.get("error")) or words(document.get("text"))


def escaped(text: str) -> str:
    """The text with the three characters that Slack reads as control characters escaped."""
    text = quiet(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
