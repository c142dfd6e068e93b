"""Twilio: text messages, cut to a number of segments."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import SplitResult, quote

from .....model.comms.networks import fitted_lines
from ...base import Message, Receipt
from ..address import Address
from ..vendor import Document, Vendor, words
from ..written import units

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Characters of GSM-7 (3GPP TS 23.038) that take one septet."""
_EXTENDED = frozenset("^{}\\[]~|€\f")
"""Characters that take two."""
_TYPOGRAPHIC = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "•": "-", "→": "->", "\u00a0": " "}
)
"""Characters that would more than double the price of a text, and what is sent instead."""
_GSM, _UCS = (160, 153), (70, 67)
"""The characters of a text in one segment, and of each of several."""


class Twilio(Vendor):
    """An account, a sender and one recipient."""

    kind = "twilio"
    form = "twilio+https://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com?from=+15005550006&to=+15005550009&segments=2"

    def _read(self, address: Address) -> SplitResult:
        if not address.user or not address.password:
            raise address.wrong("the account SID and the token are missing before the host")
        pair = b64encode(f"{address.user}:{address.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}"}
        sender = address.option("from", r"\+\d{5,15}|MG[0-9a-f]{32}|[A-Za-z0-9 ]{1,11}", "a number, MG… or a name")
        self._from = {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}
        self._to = address.option("to", r"\+\d{5,15}", "a number with its country code, such as +15005550009")
        self._segments = int(address.option("segments", "[1-9]", "a number from 1 to 9", "2"))
        return address.base(f"{address.path}/2010-04-01/Accounts/{quote(address.user, safe='')}/Messages.json")

    def send(self, message: Message) -> Receipt:
        """Send it once. Twilio says that it queued the text, not that it arrived."""
        body = text_message(message.short, message.url, self._segments)
        fields = {"To": self._to, **self._from, "Body": body}
        return self._post(fields, headers=self._headers, form=True).accepted("sid")

    def _error(self, document: Document) -> str:
        code, said = document.get("code"), words(document.get("message"))
        return f"{code} {said}" if isinstance(code, int) else said


def segments(text: str) -> int:
    """How many segments a text takes."""
    septets = _septets(text)
    size, (one, each) = (units(text), _UCS) if septets is None else (septets, _GSM)
    return 1 if size <= one else -(-size // each)


def text_message(text: str, link: str | None, most: int) -> str:
    """The text as one line with its link, in at most so many segments."""
    text = " ".join(text.translate(_TYPOGRAPHIC).split())
    room, ucs = (_GSM[0], _UCS[0]) if most == 1 else (_GSM[1] * most, _UCS[1] * most)

    def size(said: str) -> int:
        septets = _septets(said.translate(_TYPOGRAPHIC))
        return -(-units(said) * room // ucs) if septets is None else septets

    return " ".join(fitted_lines(text, link, room, size).translate(_TYPOGRAPHIC).split())


def _septets(text: str) -> int | None:
    """The septets of a text in GSM-7; None where it has other characters."""
    if any(char not in _BASIC and char not in _EXTENDED for char in text):
        return None
    return sum(2 if char in _EXTENDED else 1 for char in text)
