"""Opsgenie, and the same API in Jira Service Management: one alert per incident, by its alias."""

from __future__ import annotations

from urllib.parse import SplitResult, quote

from ...base import PAGES_ONLY, Message, Receipt
from ..address import Address
from ..vendor import Document, Vendor, at, words
from ..written import line, quiet, told

_PRIORITIES = {"critical": 1, "error": 2, "warning": 3, "info": 5}
_MESSAGE, _DESCRIPTION = 130, 15_000
"""The most characters of each field."""
_ACTS = {"acknowledge": "acknowledge", "resolve": "close"}


class Opsgenie(Vendor):
    """An API key of an integration. It takes only signals: trigger, acknowledge, resolve."""

    kind = "opsgenie"
    form = "opsgenie+https://KEY@api.opsgenie.com or opsgenie+https://KEY@api.atlassian.com/jsm/ops/integration"

    def _read(self, address: Address) -> SplitResult:
        if not address.user:
            raise address.wrong("the API key is missing before the host")
        self._headers = {"Authorization": f"GenieKey {address.user}"}
        return address.base(f"{address.path}/v2/alerts")

    def send(self, message: Message) -> Receipt:
        """Send it once. The answer 202 means accepted: the alert is made soon after."""
        if message.signal is None:
            return Receipt(outcome="not_for_it", reason=PAGES_ONLY)
        if message.signal == "trigger":
            answer = self._post(_alert(message), headers=self._headers)
        else:
            suffix = f"/{quote(message.dedup, safe='')}/{_ACTS[message.signal]}?identifierType=alias"
            answer = self._post({"source": "sevlog", "note": quiet(message.headline)}, suffix, self._headers)
        return answer.accepted("requestId")

    def _error(self, document: Document) -> str:
        fields = at(document, "errors")
        more = "; ".join(f"{key}: {words(text)}" for key, text in fields.items()) if isinstance(fields, dict) else ""
        said = words(document.get("message"))
        return f"{said} ({more})" if more else said


def _alert(message: Message) -> Document:
    found: dict[str, object] = {
        "message": line(message.headline, _MESSAGE),
        "alias": message.dedup,
        "description": told(message, _DESCRIPTION, headline=False),
        "priority": f"P{_PRIORITIES[message.level]}",
        "source": "sevlog",
        "entity": line(message.sender, 512),
    }
    if message.url:
        found["details"] = {"url": message.url}
    return found
