"""Telegram: a bot. Messages of one incident answer the first one."""

from __future__ import annotations

from urllib.parse import SplitResult, quote

from ...base import Message, Receipt
from ..address import Address
from ..vendor import Document, Vendor, at, words
from ..written import quiet, told

_TEXT = 4096


class Telegram(Vendor):
    """A bot and a chat. Texts are sent without a parse mode, so that nothing in them is markup."""

    kind = "telegram"
    form = "telegram+https://BOT_ID:KEY@api.telegram.org?chat=CHAT_ID&topic=TOPIC_ID"

    def _read(self, address: Address) -> SplitResult:
        if not address.user or not address.password:
            raise address.wrong("the token of the bot is missing before the host")
        self._chat = address.option("chat", r"-?\d+|@\w{5,}", "the id or @name of a chat")
        topic = address.given("topic", r"\d+", "the id of a topic")
        self._topic = int(topic) if topic else None
        token = quote(f"{address.user}:{address.password}", safe=":")
        return address.base(f"{address.path}/bot{token}/sendMessage")

    def send(self, message: Message) -> Receipt:
        """Send it once."""
        found: dict[str, object] = {
            "chat_id": self._chat,
            "text": told(message, _TEXT, shown=quiet),
            "link_preview_options": {"is_disabled": True},
            "disable_notification": not message.urgent,
        }
        if self._topic is not None:
            found["message_thread_id"] = self._topic
        if message.root and message.root.isdigit():
            found["reply_parameters"] = {"message_id": int(message.root), "allow_sending_without_reply": True}
        return self._post(found).accepted("result", "message_id")

    def _is_done(self, document: Document) -> bool | None:
        done = document.get("ok")
        return done if isinstance(done, bool) else None

    def _wait(self, document: Document) -> float | None:
        seconds = at(document, "parameters", "retry_after")
        return float(seconds) if isinstance(seconds, int) else None

    def _error(self, document: Document) -> str:
        return words(document.get("description"))
