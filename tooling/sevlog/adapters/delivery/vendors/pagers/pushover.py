"""Pushover: push messages. A page repeats until somebody acknowledges it, in Pushover or in sevlog."""

from __future__ import annotations

from urllib.parse import SplitResult, quote

from msgspec.structs import replace

from ...base import Message, Receipt
from ..address import Address
from ..vendor import ASIDE, Document, Vendor, words
from ..written import line, told

_MESSAGE, _TITLE, _URL = 1024, 250, 512
"""The most characters of each field."""
_EMERGENCY, _HIGH = 2, 1


class Pushover(Vendor):
    """An application and a user or group."""

    kind = "pushover"
    form = "pushover+https://APPLICATION:USER@api.pushover.net?retry=60&expire=3600"

    def _read(self, address: Address) -> SplitResult:
        self._token, self._user = address.user or "", address.password or ""
        if not self._token or not self._user:
            raise address.wrong("the application's token and the user key are missing before the host")
        self._retry = int(address.option("retry", r"[1-9]\d{1,4}", "30 or more seconds", "60"))
        self._expire = int(address.option("expire", r"[1-9]\d{1,4}", "10800 or fewer seconds", "3600"))
        if self._retry < 30 or self._expire > 10_800:
            raise address.wrong("retry= must be at least 30 seconds, and expire= at most 10800")
        self._device = address.given("device", r"[A-Za-z0-9_-]{1,25}", "the name of a device")
        return address.base(f"{address.path}/1")

    def send(self, message: Message) -> Receipt:
        """Send it once. Once somebody answered or it is over, pages that still repeat are canceled by their tag."""
        stopped = ""
        if message.signal in ("acknowledge", "resolve"):
            cancel = f"/receipts/cancel_by_tag/{quote(message.dedup, safe='')}.json"
            canceled = self._post({"token": self._token}, cancel, form=True, patience=ASIDE).receipt
            stopped = "" if canceled.outcome == "sent" else f"earlier pages may repeat: {canceled.reason}"
        receipt = self._post_message(message)
        return replace(receipt, reason=stopped) if receipt.outcome == "sent" else receipt

    def _post_message(self, message: Message) -> Receipt:
        found: dict[str, object] = {
            "token": self._token,
            "user": self._user,
            "title": line(message.headline, _TITLE),
            "message": told(message, _MESSAGE, headline=False, link=False) or line(message.headline, _MESSAGE),
            "timestamp": int(message.at.timestamp()),
        }
        if self._device:
            found["device"] = self._device
        if message.url and len(message.url) <= _URL:
            found |= {"url": message.url, "url_title": "Open"}
        if message.urgent and message.level in ("critical", "error"):
            found |= {"priority": _EMERGENCY, "retry": self._retry, "expire": self._expire, "tags": message.dedup}
        elif message.urgent:
            found["priority"] = _HIGH
        answer = self._post(found, "/messages.json", form=True)
        return answer.accepted("receipt" if "receipt" in answer.document else "request")

    def _is_done(self, document: Document) -> bool | None:
        status = document.get("status")
        return status == 1 if isinstance(status, int) else None

    def _error(self, document: Document) -> str:
        return words(document.get("errors"))
