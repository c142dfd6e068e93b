"""Mattermost: an incoming webhook. It has no threads."""

from __future__ import annotations

from urllib.parse import SplitResult

from ...base import Message, Receipt
from ..address import Address
from ..vendor import Vendor
from ..written import escaped, quiet, told

_TEXT = 16_383
"""The most characters of a post."""


class Mattermost(Vendor):
    """The address of an incoming webhook."""

    kind = "mattermost"
    form = "mattermost+https://HOST/hooks/KEY"

    def _read(self, address: Address) -> SplitResult:
        if "/hooks/" not in address.path:
            raise address.wrong("it needs the path of an incoming webhook")
        return address.base(address.path)

    def send(self, message: Message) -> Receipt:
        """Send it once."""
        return self._post({"text": told(message, _TEXT, shown=lambda text: escaped(quiet(text)))}).receipt
