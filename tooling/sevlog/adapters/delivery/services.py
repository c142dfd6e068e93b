"""Other services through apprise: chat, text messages, push, social networks, about 170 in total.

The only module that imports apprise, and only if an address needs it.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .base import BadAddress, Message, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = "{dedup}"
"""The placeholder in an address for the deduplication key: opsgenie://KEY?alias={dedup}"""

_SHORT = 1000
"""A service with a lower limit of characters gets the one-line form."""
_ANSWER = re.compile(r"\berror=(\d{3})\b")


class Service:
    """An address for apprise."""

    kind = "apprise"

    def __init__(self, name: str, value: str) -> None:
        """Raises BadAddress, also if apprise is not installed."""
        self._name, self._value = name, value
        self._plugin_for("check")

    def send(self, message: Message) -> Receipt:
        """Send it once. apprise returns only success or failure; the details are in its log."""
        import apprise

        plugin = self._plugin_for(message.dedup)
        short = plugin.body_maxlen < _SHORT
        with _Log() as log:
            try:
                sender = apprise.Apprise(asset=plugin.asset)
                sender.add(plugin)
                taken = sender.notify(
                    body=message.short if short else message.text,
                    title="" if short else message.headline,
                    body_format=apprise.NotifyFormat.TEXT if short else apprise.NotifyFormat.MARKDOWN,
                    notify_type=apprise.NotifyType(_type(message)),
                )
            except Exception as error:  # noqa: BLE001 - the plugins are by many hands, and what they say holds secrets
                return Receipt(outcome="unknown", reason=f"the service failed ({type(error).__name__})")
        if taken:
            return Receipt(outcome="sent")
        code = next((int(found[1]) for text in log.texts if (found := _ANSWER.search(text))), None)
        if code is None:
            return Receipt(outcome="unknown", reason="the service did not accept it, or did not confirm it")
        later = code >= 500 or code in (408, 429)
        return Receipt(outcome="unreachable" if later else "refused", reason=f"the service returned {code}")

    def _plugin_for(self, dedup: str) -> Any:
        """The plugin for the address. Raises BadAddress."""
        try:
            import apprise
        except ImportError:
            from ...stores.installation import origin

            raise BadAddress(
                self._name, "it needs the package apprise, which is not installed", origin().install_command("notify")
            ) from None
        asset = apprise.AppriseAsset(
            app_id="sevlog",
            app_desc="sevlog",
            app_url="",
            image_url_mask="",
            image_url_logo="",
            image_path_mask="",
            secure_logging=True,
            storage_mode=apprise.PersistentStoreMode.MEMORY,
        )
        with _Log():
            try:
                made = apprise.Apprise.instantiate(self._value.replace(PLACE, quote(dedup, safe="")), asset=asset)
            except Exception:  # noqa: BLE001 - the plugins are by many hands, and what they say holds secrets
                made = None
        if made is None:
            raise BadAddress(
                self._name,
                "neither sevlog nor apprise supports it",
                "see docs/notifications.md of sevlog, or one of apprise's: https://appriseit.com/services/",
            )
        made.redirects = False
        return made


def _type(message: Message) -> str:
    if message.signal == "resolve":
        return "success"
    return {"critical": "failure", "error": "failure", "warning": "warning"}.get(message.level, "info")


class _Log(logging.Handler):
    """Captures the log of apprise and keeps it from all output: it may contain hosts and tokens."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.texts.append(record.getMessage())

    def __enter__(self) -> _Log:
        self._loggers = list(_loggers())
        self._before = [(log, log.handlers[:], log.propagate) for log in self._loggers]
        for log in self._loggers:
            log.handlers, log.propagate = [self], False
        return self

    def __exit__(self, *_: object) -> None:
        for log, handlers, propagate in self._before:
            log.handlers, log.propagate = handlers, propagate


def _loggers() -> Iterator[logging.Logger]:
    """The loggers of apprise and of its HTTP library."""
    return (logging.getLogger(name) for name in ("apprise", "requests", "urllib3", "requests_oauthlib"))
