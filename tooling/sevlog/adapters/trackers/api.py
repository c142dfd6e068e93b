"""Requests to the JSON API of a tracker: the pauses that it asks for, and its errors in our words."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import Struct

from ... import __version__
from ..delivery.deadline import deadline
from ..delivery.mail import words_of
from ..delivery.vendors.words import without_secrets
from .base import Later, Rejected, TrackerTrouble, Unknown

if TYPE_CHECKING:
    from ..http_client import Reply

TIMEOUT, DEADLINE = 10.0, 30.0
"""Seconds for each part of an answer, and for all of it."""
LONGEST_WAIT = 30.0
"""The most seconds that a tracker may ask for and get; more is left to the next run."""
_TRIES = 3
_MOST_BYTES = 16 * 1024 * 1024
_NO_LIMIT_NAMED = 5.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_Kind = TypeVar("_Kind")


class Access(Struct, frozen=True, kw_only=True):
    """How to reach a tracker. name: in messages. setting: its place in sevlog.yaml. needs: what the token must allow.

    variable: the environment variable of the token.
    """

    name: str
    url: str
    setting: str
    variable: str
    token: str
    needs: str
    clock: Callable[[], datetime]
    pause: Callable[[float], None] = time.sleep

    def __repr__(self) -> str:
        """Without the token."""
        return f"Access({self.name})"


class Api:
    """The API of one tracker."""

    def __init__(self, access: Access, headers: Mapping[str, str]) -> None:
        """Raises TrackerTrouble for an address that is not https; on this machine http is enough."""
        self._access = access
        self._headers = {"User-Agent": f"sevlog/{__version__}", "Accept": "application/json", **headers}
        self._secrets = {access.token, *access.token.split(":")}
        try:
            parts = urlsplit(access.url)
            host = parts.hostname
        except ValueError:
            raise self._trouble("is not an address", f"correct `{access.setting}.url` in sevlog.yaml") from None
        if parts.username or not host or parts.scheme not in ("http", "https"):
            raise self._trouble("is not an address", f"correct `{access.setting}.url` in sevlog.yaml")
        if parts.scheme == "http" and host not in _LOOPBACK:
            raise self._trouble("would get the token unencrypted", f"use https in `{access.setting}.url`")
        if not access.token.isascii() or not access.token.isprintable():
            raise self._trouble(f"cannot use {access.variable}: it has characters that no token has")

    def _trouble(self, what: str, *hints: str) -> TrackerTrouble:
        return TrackerTrouble(f"{self._access.name} {what}", *hints)

    def get(self, path: str, kind: type[_Kind], query: Mapping[str, str | int] | None = None) -> _Kind:
        """A document. Raises Later, TrackerTrouble or Rejected."""
        reply = self._answer("GET", f"{path}?{urlencode(query)}" if query else path, None)
        return self._read(reply, kind)

    def seek(self, path: str, kind: type[_Kind], query: Mapping[str, str | int] | None = None) -> _Kind | int:
        """As `get`; the status where the document does not exist, moved, or cannot be seen."""
        reply = self._exchange("GET", f"{path}?{urlencode(query)}" if query else path, None)
        if reply.status in (301, 302, 307, 308, 404, 410):
            return reply.status
        return self._read(self._judged(reply), kind)

    def post(self, path: str, body: Mapping[str, object], kind: type[_Kind]) -> _Kind:
        """Create something. Raises Unknown too."""
        reply = self._answer("POST", path, msgspec.json.encode(body))
        try:
            return self._read(reply, kind)
        except Later as broken:
            raise Unknown(broken.message) from None

    def change(self, method: str, path: str, body: Mapping[str, object]) -> None:
        """Change something, with a request that may be repeated. Raises Later, TrackerTrouble or Rejected."""
        self._answer(method, path, msgspec.json.encode(body))

    def ask(self, path: str, body: Mapping[str, object], kind: type[_Kind]) -> _Kind:
        """A document that a POST asks for; nothing is created."""
        try:
            return self._read(self._answer("POST", path, msgspec.json.encode(body)), kind)
        except Unknown as broken:
            raise Later(broken.message) from None

    def _answer(self, method: str, path: str, body: bytes | None) -> Reply:
        return self._judged(self._exchange(method, path, body))

    def _exchange(self, method: str, path: str, body: bytes | None) -> Reply:
        """The answer, after the pauses that the tracker asks for."""
        waited = 0.0
        for _ in range(_TRIES):
            reply = self._send_once(method, path, body)
            wait = self._asked(reply)
            if wait is None:
                return reply
            if waited + wait > LONGEST_WAIT:
                break
            self._access.pause(wait)
            waited += wait
        seconds = f"; it asks for a pause of {wait:.0f} s" if wait else ""
        raise Later(f"{self._access.name} has a limit on requests{seconds}", "run sevlog action sync later")

    def _send_once(self, method: str, path: str, body: bytes | None) -> Reply:
        from ..http_client import NoAnswer, Post

        name = self._access.name
        post = Post(self._access.url.rstrip("/") + path, timeout=TIMEOUT)
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        with deadline(DEADLINE, lambda: post.socket):
            try:
                reply = post.exchange(body, headers, method=method, max_bytes=_MOST_BYTES)
            except NoAnswer as error:
                said = f"{name} does not answer ({words_of(error.cause)})"
                if method == "POST" and error.connected:
                    raise Unknown(said) from None
                raise Later(said, "run sevlog action sync later") from None
            except ValueError:
                hint = f"correct `{self._access.setting}` in sevlog.yaml"
                raise self._trouble("has an address that cannot be used", hint) from None
        if reply.status >= 500:
            said = f"{name} has an error of its own ({reply.status})"
            raise Unknown(said) if method == "POST" else Later(said, "run sevlog action sync later")
        return reply

    def _asked(self, reply: Reply) -> float | None:
        """The seconds of a pause that the tracker asks for; None: it does not. GitHub says so with 403, too."""
        is_spent = reply.headers.get("x-ratelimit-remaining") == "0"
        says_so = "rate limit" in self._error_text(reply).lower()
        if reply.status != 429 and not (reply.status == 403 and (reply.wait is not None or is_spent or says_so)):
            return None
        if reply.wait is not None:
            return max(0.0, reply.wait)
        for name in ("x-ratelimit-reset", "ratelimit-reset"):
            if reply.headers.get(name, "").isdecimal():
                return max(1.0, int(reply.headers[name]) - self._access.clock().timestamp())
        return _NO_LIMIT_NAMED

    def _judged(self, reply: Reply) -> Reply:
        """The answer, if it is a success."""
        access, status = self._access, reply.status
        said = self._error_text(reply)
        detail = f": {said}" if said else ""
        if 200 <= status < 300:
            return reply
        if status == 401:
            hint = f"set {access.variable} to a token that is valid; {access.needs}"
            raise self._trouble(f"does not accept the token in {access.variable}", hint, _AGAIN)
        if status == 403:
            raise self._trouble(f"refuses the token in {access.variable}{detail}", access.needs, _AGAIN)
        if status == 404:
            hint = f"check `{access.setting}` in sevlog.yaml: `project` and `url`; {access.needs}"
            raise self._trouble("was not found, or the token may not see it", hint, _AGAIN)
        if status == 410:
            hint = f"turn on issues in the settings of the project, or change `{access.setting}` in sevlog.yaml"
            raise self._trouble(f"has no issues any more{detail}", hint)
        if 300 <= status < 400:
            hint = f"write its new name in `{access.setting}` in sevlog.yaml"
            raise self._trouble(f"has moved (answer {status})", hint, _AGAIN)
        raise Rejected(f"{access.name} rejects the request ({status}){detail}")

    def _error_text(self, reply: Reply) -> str:
        """What it says went wrong, without secrets."""
        try:
            found = msgspec.json.decode(reply.body or b"", type=_Wrong)
        except (msgspec.DecodeError, UnicodeError):
            return ""
        parts = [*_texts(found.message), *_texts(found.error), *_texts(found.errorMessages), *_texts(found.errors)]
        return without_secrets("; ".join(parts), self._secrets - {""})

    def _read(self, reply: Reply, kind: type[_Kind]) -> _Kind:
        try:
            return msgspec.json.decode(reply.body or b"", type=kind)
        except (msgspec.DecodeError, UnicodeError):
            said = f"{self._access.name} sent an answer that is not as documented"
            raise Later(
                said, f"check `{self._access.setting}.url` in sevlog.yaml: it is the address of the API"
            ) from None


_AGAIN = "then: sevlog action sync"


class _Wrong(Struct):
    """The fields for errors: GitHub's, GitLab's and Jira's."""

    message: object = None
    error: object = None
    errorMessages: object = None  # noqa: N815 - Jira's name
    errors: object = None


def _texts(found: object, name: str = "") -> list[str]:
    """The texts in a field, whatever its shape, with the names of the fields that they are about."""
    if isinstance(found, str):
        return [f"{name}: {found}" if name else found]
    if isinstance(found, list):
        return [text for one in found for text in _texts(one, name)]
    if isinstance(found, dict):
        if isinstance(found.get("field"), str):  # GitHub
            return [f"{found['field']}: {found.get('message') or found.get('code')}"]
        return [text for key, one in found.items() for text in _texts(one, str(key))]
    return []
