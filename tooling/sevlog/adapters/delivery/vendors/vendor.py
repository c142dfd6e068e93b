"""What all vendors share: an address, one exchange at a time, and the vendor's error without secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import SplitResult, urlencode

from msgspec import Struct
from msgspec.structs import replace

from ..base import DEADLINE, TIMEOUT, Message, Receipt
from ..web import Target, answered
from .address import Address
from .words import secrets_of, without_secrets

Document = Mapping[str, object]

_MOST_BYTES = 65_536
ASIDE = 3.0
"""Seconds for a request besides the message itself: all requests of one attempt end within the time of a claim."""


class Answer(Struct, frozen=True, kw_only=True):
    """What an answer means, and its JSON object; empty where it has none. whole: the body arrived to its end."""

    receipt: Receipt
    document: dict[str, object] = {}
    whole: bool = False

    def text(self, *path: str) -> str | None:
        """The text or number at a place of the document."""
        found = at(self.document, *path)
        return str(found) if isinstance(found, str | int) and not isinstance(found, bool) and found != "" else None

    def accepted(self, *path: str) -> Receipt:
        """The receipt, with the id of the message from that place of the document where it was taken."""
        return replace(self.receipt, id=self.text(*path)) if self.receipt.outcome == "sent" else self.receipt


class Vendor:
    """One address of a vendor. Subclasses read the address and send."""

    kind: str
    form: ClassVar[str]
    """An example of an address."""

    def __init__(self, name: str, found: SplitResult, *, timeout: float = TIMEOUT, patience: float = DEADLINE) -> None:
        """found: the address with http or https as its scheme. Raises BadAddress."""
        self._secrets = secrets_of(found)
        self._target = Target(name, self._read(Address(name, found, self.form)), timeout=timeout, patience=patience)

    def _read(self, address: Address) -> SplitResult:
        """Take the address apart; returns where to post. Raises BadAddress."""
        raise NotImplementedError

    def send(self, message: Message) -> Receipt:
        """Send it once."""
        raise NotImplementedError

    def _error(self, document: Document) -> str:
        """What the vendor says went wrong: the field that it documents for that."""
        return words(document.get("message"))

    def _wait(self, document: Document) -> float | None:
        """Seconds that the body asks for, where the vendor puts them there."""
        return None

    def _is_later(self, status: int, document: Document) -> bool | None:
        """Whether a failure is temporary, where the status does not say so."""
        return None

    def _is_done(self, document: Document) -> bool | None:
        """Whether a 2xx is a success, for vendors that say so in the body; None where the body does not say."""
        return True

    def _post(
        self,
        body: Document | bytes,
        suffix: str = "",
        headers: Mapping[str, str] | None = None,
        *,
        form: bool = False,
        method: str = "POST",
        patience: float | None = None,
    ) -> Answer:
        """One request: JSON, or a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        raw = body if isinstance(body, bytes) else encoded(body, form=form)
        reply = self._target.exchange(
            raw, {**kind, **(headers or {})}, suffix=suffix, method=method, max_bytes=_MOST_BYTES, patience=patience
        )
        if isinstance(reply, Receipt):
            return Answer(receipt=reply)
        document = read(reply.body)
        wait = self._wait(document) if reply.wait is None else reply.wait
        error = without_secrets(self._error(document), self._secrets)
        receipt = self._judged(answered(reply.status, wait, error), reply.status, document, error, wait)
        return Answer(receipt=receipt, document=document, whole=reply.body is not None)

    def _judged(self, receipt: Receipt, status: int, document: Document, error: str, wait: float | None) -> Receipt:
        if receipt.outcome == "sent":
            done = self._is_done(document)
            if done is None:
                return Receipt(outcome="unknown", reason=f"it answered {status} without saying whether it took it")
            if done:
                return receipt
            reason = f"it answered {status}: {error or 'not taken'}"
            later = self._is_later(status, document)
            return Receipt(outcome="unreachable" if later else "refused", reason=reason, wait=wait if later else None)
        later = self._is_later(status, document)
        if later is None or receipt.outcome == "unknown":
            return receipt
        return replace(receipt, outcome="unreachable" if later else "refused", wait=wait if later else None)


def encoded(body: Document, *, form: bool = False) -> bytes:
    """A document as JSON or as a form."""
    if form:
        return urlencode([(key, str(value)) for key, value in body.items()]).encode()
    return json.dumps(body, ensure_ascii=False).encode()


def read(body: bytes | None) -> dict[str, object]:
    """The JSON object of a body; any other text under `text`."""
    try:
        found = json.loads(body or b"")
    except ValueError:
        return {"text": (body or b"").decode("utf-8", "replace")[:200]}
    return found if isinstance(found, dict) else {}


def at(document: object, *path: str) -> object:
    """What is at a place of a document; None where it has no such place."""
    for key in path:
        document = document.get(key) if isinstance(document, Mapping) else None
    return document


def words(found: object) -> str:
    """A text, or a list of texts, as one."""
    if isinstance(found, list):
        return "; ".join(one for one in found if isinstance(one, str))
    return found if isinstance(found, str) else ""
