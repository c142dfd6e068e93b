"""Bluesky: posts with a link, in one thread per incident. A repeated delivery is the same record."""

from __future__ import annotations

import hashlib
from urllib.parse import SplitResult

from msgspec.structs import replace

from .....model.comms.networks import SHIPPED, fitted
from ...base import Message, Receipt
from ..address import Address
from ..vendor import ASIDE, Document, Vendor, words
from ..written import octets, quiet

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_POST = "app.bsky.feed.post"
_RPC = "/xrpc/com.atproto."


class Bluesky(Vendor):
    """A handle and an app password."""

    kind = "bluesky"
    form = "bluesky+https://HANDLE:APP_PASSWORD@bsky.social"

    def _read(self, address: Address) -> SplitResult:
        if not address.user or not address.password:
            raise address.wrong("the handle and the app password are missing before the host")
        self._login = {"identifier": address.user, "password": address.password}
        return address.base(address.path)

    def send(self, message: Message) -> Receipt:
        """Log in and send it once."""
        session = self._post(self._login, f"{_RPC}server.createSession", patience=ASIDE)
        token, did = session.text("accessJwt"), session.text("did")
        if session.receipt.outcome != "sent" or not token or not did:
            later = session.receipt.outcome in ("unknown", "sent")  # nothing was posted yet
            reason = f"login: {session.receipt.reason or 'it answered without a session'}"
            return replace(session.receipt, outcome="unreachable" if later else session.receipt.outcome, reason=reason)
        body = {"repo": did, "collection": _POST, "rkey": record_key(message), "record": _record(message)}
        answer = self._post(body, f"{_RPC}repo.putRecord", {"Authorization": f"Bearer {token}"})
        uri, cid = answer.text("uri"), answer.text("cid")
        if answer.receipt.outcome != "sent" or not uri or not cid:
            return answer.receipt
        return replace(answer.receipt, id=f"{uri} {cid}")

    def _error(self, document: Document) -> str:
        return words(document.get("message")) or words(document.get("error"))


def record_key(message: Message) -> str:
    """A key in the form of a TID, the same at every try: the time of the entry, and ten bits of the delivery's key."""
    clock = int(hashlib.sha256(message.key.encode()).hexdigest()[:4], 16) & 1023
    number = (int(message.at.timestamp() * 1_000_000) << 10) | clock
    return "".join(_DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def _record(message: Message) -> Document:
    text = fitted(quiet(message.short), message.url, SHIPPED["bluesky"])
    found: dict[str, object] = {"$type": _POST, "text": text, "createdAt": message.at.isoformat()}
    if message.url and message.url in text:
        start = octets(text[: text.rindex(message.url)])
        link = {"$type": "app.bsky.richtext.facet#link", "uri": message.url}
        index = {"byteStart": start, "byteEnd": start + octets(message.url)}
        found["facets"] = [{"index": index, "features": [link]}]
    uri, space, cid = (message.root or "").partition(" ")
    if space:
        first = {"uri": uri, "cid": cid}
        found["reply"] = {"root": first, "parent": first}
    return found
