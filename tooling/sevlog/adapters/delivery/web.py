"""Posts JSON over HTTP once, without redirects and with a time limit. The result is a Receipt with a fixed text."""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote

from ... import __version__
from .base import BadAddress, Receipt
from .deadline import deadline
from .mail import words_of

if TYPE_CHECKING:
    from ..http_client import Reply

_LATER = frozenset({408, 425, 429})
"""Status codes below 500 that ask the client to try again later."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Target:
    """Where to post, and with which credentials."""

    def __init__(self, name: str, address: SplitResult, *, timeout: float, patience: float) -> None:
        """address: http or https, with user and password if the host needs them. Raises BadAddress."""
        try:
            host, port = address.hostname, address.port
        except ValueError:
            host, port = None, None
        if not host or not address.geturl().isascii():
            raise BadAddress(name, "it does not name a valid host")
        login = address.username is not None
        if login and address.scheme == "http" and host not in _LOOPBACK:
            raise BadAddress(name, "it would send a password over an unencrypted connection", "use https")
        where = f"[{host}]" if ":" in host else host
        self._url = address._replace(netloc=f"{where}:{port}" if port else where, fragment="").geturl()
        pair = f"{unquote(address.username or '')}:{unquote(address.password or '')}"
        self._login = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"} if login else {}
        self._timeout, self._patience = timeout, patience

    def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> Receipt:
        """Post a JSON document once. Only a 2xx answer counts as sent; a redirect does not."""
        reply = self.exchange(body, headers or {})
        return reply if isinstance(reply, Receipt) else answered(reply.status, reply.wait)

    def exchange(
        self,
        body: bytes,
        headers: Mapping[str, str],
        *,
        suffix: str = "",
        method: str = "POST",
        max_bytes: int = 0,
        patience: float | None = None,
    ) -> Reply | Receipt:
        """Send one request and return the answer, or a Receipt when the exchange failed.

        suffix: added to the address. max_bytes: limit for the body of the answer. patience: seconds for all of it.
        """
        made = {"Content-Type": "application/json", "User-Agent": f"sevlog/{__version__}", **headers, **self._login}
        from ..http_client import NoAnswer, Post

        post = Post(self._url + suffix, timeout=self._timeout)
        with deadline(self._patience if patience is None else patience, lambda: post.socket):
            try:
                return post.exchange(body, made, method=method, max_bytes=max_bytes)
            except NoAnswer as error:
                return _broken(error.cause, connected=error.connected)
            except ValueError:
                return Receipt(outcome="refused", reason="the address is not valid for a POST")


def _broken(why: BaseException, *, connected: bool) -> Receipt:
    """The receipt of a failed exchange. A host that was connected may have processed the request."""
    if connected:
        return Receipt(outcome="unknown", reason=f"no answer to the whole request ({words_of(why)})")
    if isinstance(why, ssl.SSLError):
        return Receipt(outcome="unreachable", reason="no trusted TLS connection")
    return Receipt(outcome="unreachable", reason=f"the host cannot be reached ({words_of(why)})")


def answered(code: int, wait: float | None = None, words: str = "") -> Receipt:
    """The receipt for a status code. wait: seconds from Retry-After. words: text of the answer, without secrets."""
    reason = f"it answered {code}{f': {words}' if words else ''}"
    if 200 <= code < 300:
        return Receipt(outcome="sent")
    if 300 <= code < 400:
        return Receipt(outcome="refused", reason=f"it answered {code}, and redirects are not followed")
    if code >= 500 or code in _LATER:
        return Receipt(outcome="unreachable", reason=reason, wait=wait)
    return Receipt(outcome="refused", reason=reason)
