"""A webhook: the message's document, posted as it is. For customers that is Statuspage's delivery format."""

from __future__ import annotations

from urllib.parse import SplitResult

from .base import DEADLINE, TIMEOUT, Message, Receipt
from .web import Target


class Webhook:
    """An address that takes JSON. It answers 2xx, or it has not taken it."""

    kind = "webhook"

    def __init__(
        self, name: str, address: SplitResult, *, timeout: float = TIMEOUT, patience: float = DEADLINE
    ) -> None:
        """address: https, or http. Raises BadAddress."""
        self._target = Target(name, address, timeout=timeout, patience=patience)

    def send(self, message: Message) -> Receipt:
        """Post it once. The key in `Idempotency-Key` is the same at every try."""
        return self._target.post(message.document, {"Idempotency-Key": message.key})
