"""A webhook: posts the document of the message; for customers, in the delivery format of Statuspage."""

from __future__ import annotations

from urllib.parse import SplitResult

from .base import DEADLINE, TIMEOUT, Message, Receipt
from .web import Target


class Webhook:
    """An address that accepts JSON. Only a 2xx response means accepted."""

    kind = "webhook"

    def __init__(
        self, name: str, address: SplitResult, *, timeout: float = TIMEOUT, patience: float = DEADLINE
    ) -> None:
        """address: https, or http. Raises BadAddress."""
        self._target = Target(name, address, timeout=timeout, patience=patience)

    def send(self, message: Message) -> Receipt:
        """Post it once. `Idempotency-Key` is the same for every attempt."""
        return self._target.post(message.document, {"Idempotency-Key": message.key})
