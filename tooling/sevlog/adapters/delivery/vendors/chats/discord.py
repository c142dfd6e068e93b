"""Discord: a webhook of a channel. No text of an incident can mention anybody."""

from __future__ import annotations

from urllib.parse import SplitResult

from ...base import Message, Receipt
from ..address import Address
from ..vendor import Document, Vendor
from ..written import escaped, quiet, told

_TEXT = 2000
_NO_EMBEDS = 4
"""The flag that shows no previews of links."""


class Discord(Vendor):
    """The address of a webhook."""

    kind = "discord"
    form = "discord+https://discord.com/api/webhooks/ID/TOKEN?thread=THREAD_ID"

    def _read(self, address: Address) -> SplitResult:
        if "/webhooks/" not in address.path:
            raise address.wrong("it needs the path of a webhook")
        thread = address.given("thread", r"\d{5,20}", "the id of a thread")
        return address.base(address.path, f"wait=true{f'&thread_id={thread}' if thread else ''}")

    def send(self, message: Message) -> Receipt:
        """Send it once, and wait until Discord has stored it."""
        found = {
            "content": told(message, _TEXT, shown=lambda text: escaped(quiet(text))),
            "allowed_mentions": {"parse": []},
            "flags": _NO_EMBEDS,
        }
        return self._post(found).accepted("id")

    def _wait(self, document: Document) -> float | None:
        seconds = document.get("retry_after")
        return float(seconds) if isinstance(seconds, int | float) else None
