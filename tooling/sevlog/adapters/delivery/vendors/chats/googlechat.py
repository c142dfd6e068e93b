"""Google Chat: a webhook of a space, with one thread per incident and a request id against repetition."""

from __future__ import annotations

from urllib.parse import SplitResult, urlencode

from ...base import Message, Receipt
from ..address import Address
from ..vendor import Document, Vendor, at, words
from ..written import octets, quiet, told

_BYTES = 32_000


class GoogleChat(Vendor):
    """The address of a webhook. Its query has the key and the token."""

    kind = "googlechat"
    form = "googlechat+https://chat.googleapis.com/v1/spaces/SPACE/messages?key=KEY&token=TOKEN"

    def _read(self, address: Address) -> SplitResult:
        query = address.query()
        if not address.path.endswith("/messages") or "key=" not in query or "token=" not in query:
            raise address.wrong("it needs the path, key= and token= of a webhook")
        return address.base(address.path, query)

    def send(self, message: Message) -> Receipt:
        """Send it once. The same request id makes no second message."""
        query = {"messageReplyOption": "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD", "requestId": message.key}
        found = {"text": told(message, _BYTES, size=octets, shown=quiet), "thread": {"threadKey": message.thread}}
        return self._post(found, f"&{urlencode(query)}").accepted("name")

    def _error(self, document: Document) -> str:
        return words(at(document, "error", "message")) or words(document.get("message"))
