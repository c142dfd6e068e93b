"""ntfy: push messages to a topic, at ntfy.sh or on a server of your own."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import SplitResult, unquote

from ...base import Message, Receipt
from ..address import Address
from ..vendor import Document, Vendor, words
from ..written import line, octets, quiet, told

_BYTES = 4096
"""A longer message becomes an attached file."""
_TITLE = 250
_URGENT = {"critical": 5, "error": 5, "warning": 4, "info": 4}
_TAGS = {"trigger": "rotating_light", "acknowledge": "eyes", "resolve": "white_check_mark"}


class Ntfy(Vendor):
    """A topic. The name of the topic is a secret: everybody who knows it can read and write."""

    kind = "ntfy"
    form = "ntfy+https://ntfy.sh/TOPIC, ntfy+https://:TOKEN@HOST/TOPIC or ntfy+https://USER:PASSWORD@HOST/TOPIC"

    def _read(self, address: Address) -> SplitResult:
        before, _, topic = address.path.rpartition("/")
        self._topic = unquote(topic)
        if not self._topic or "/" in self._topic:
            raise address.wrong("the topic is missing after the host")
        self._headers = {}
        if address.user:
            pair = b64encode(f"{address.user}:{address.password or ''}".encode()).decode()
            self._headers = {"Authorization": f"Basic {pair}"}
        elif address.password:
            self._headers = {"Authorization": f"Bearer {address.password}"}
        return address.base(before or "/")

    def send(self, message: Message) -> Receipt:
        """Send it once. A retry has the same sequence id: servers from 2.16 on show it as the same notification."""
        found: dict[str, object] = {
            "topic": self._topic,
            "title": quiet(line(message.headline, _TITLE)),
            "message": told(message, _BYTES, size=octets, headline=False),
            "priority": _URGENT[message.level] if message.urgent else 3,
            "tags": [_TAGS.get(message.signal or "", "information_source")],
            "sequence_id": message.key,
        }
        if message.url:
            found["click"] = message.url
            found["actions"] = [{"action": "view", "label": "Open", "url": message.url}]
        return self._post(found, headers=self._headers).accepted("id")

    def _error(self, document: Document) -> str:
        return words(document.get("error"))
