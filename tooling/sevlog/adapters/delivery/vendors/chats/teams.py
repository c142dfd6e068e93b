"""Microsoft Teams: a workflow that starts when a webhook request is received, with an adaptive card."""

from __future__ import annotations

from urllib.parse import SplitResult

from ...base import Message, Receipt
from ..address import Address
from ..vendor import Document, Vendor, at, encoded, words
from ..written import line, octets, quiet, told

_CARD = 28_000
"""The most bytes of a request."""
_COLORS = {"critical": "Attention", "error": "Attention", "warning": "Warning", "info": "Default"}


class Teams(Vendor):
    """The address of a workflow. Its query has the key."""

    kind = "teams"
    form = "teams+https://HOST/PATH?QUERY (the address of a workflow, with all of its query)"

    def _read(self, address: Address) -> SplitResult:
        query = address.query()
        if not address.path or "sig=" not in query:
            raise address.wrong("it needs the path and the query with sig= of a workflow")
        return address.base(address.path, query)

    def send(self, message: Message) -> Receipt:
        """Send it once. Teams says that it took the card, not that the workflow posted it."""
        card = {"type": "message", "attachments": [_attachment(message)]}
        return self._post(card).receipt

    def _error(self, document: Document) -> str:
        return words(at(document, "error", "message")) or words(document.get("message")) or words(document.get("text"))


def _attachment(message: Message) -> Document:
    return {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": _card(message)}


def _card(message: Message) -> Document:
    """The headline, and each line of the text as a run: Teams reads no Markdown in it."""
    head = line(quiet(message.headline), 500)
    title = {"type": "TextRun", "text": head, "weight": "Bolder", "size": "Medium", "color": _color(message)}
    text = told(message, _CARD, size=_size, headline=False)
    found: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "RichTextBlock", "inlines": [title]}, *_blocks(text)],
    }
    if message.url:
        found["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": message.url}]
    return found


def _blocks(text: str) -> list[Document]:
    return [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": one}]}
        for one in text.split("\n")
        if one.strip()
    ]


def _size(text: str) -> int:
    """The bytes of a card with this text, with room for the rest of it."""
    return octets(encoded({"body": _blocks(text)}).decode()) + 4000


def _color(message: Message) -> str:
    return "Good" if message.signal == "resolve" else _COLORS[message.level]
