"""Mastodon: posts, in one thread per incident. A repeated delivery is the same post."""

from __future__ import annotations

from urllib.parse import SplitResult

from .....model.comms.networks import SHIPPED, fitted
from .....model.config.comms import Network
from ...base import Message, Receipt
from ..address import Address
from ..vendor import Document, Vendor, words
from ..written import quiet

_SHIPPED = SHIPPED["mastodon"]


class Mastodon(Vendor):
    """An access token with the scope `write:statuses`."""

    kind = "mastodon"
    form = "mastodon+https://:TOKEN@mastodon.social?visibility=public&limit=500"

    def _read(self, address: Address) -> SplitResult:
        if not address.password:
            raise address.wrong("the access token is missing before the host")
        self._token = address.password
        rule = "public, unlisted or private"
        self._visibility = address.option("visibility", "public|unlisted|private", rule, "public")
        limit = address.option("limit", r"[1-9]\d{1,5}", "a number of characters", str(_SHIPPED.limit))
        self._network = Network(limit=int(limit), link=_SHIPPED.link)
        return address.base(f"{address.path}/api/v1/statuses")

    def send(self, message: Message) -> Receipt:
        """Send it once. Mastodon keeps the key of a post for an hour."""
        found: dict[str, object] = {
            "status": fitted(quiet(message.short), message.url, self._network),
            "visibility": self._visibility,
        }
        if message.root:
            found["in_reply_to_id"] = message.root
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": message.key}
        return self._post(found, headers=headers).accepted("id")

    def _error(self, document: Document) -> str:
        return words(document.get("error"))
