"""Posts JSON over HTTP: one attempt, no redirect ever followed, cut off in time, and what came of it in fixed words."""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, unquote

from ... import __version__
from .base import BadAddress, Receipt
from .deadline import deadline
from .mail import words_of

_LATER = frozenset({408, 425, 429})
"""Codes below 500 that ask to come again."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Target:
    """Where to post, and with which credentials."""

    def __init__(self, name: str, address: SplitResult, *, timeout: float, patience: float) -> None:
        """address: http or https, with user and password where it asks for them. Raises BadAddress."""
        try:
            host, port = address.hostname, address.port
        except ValueError:
            host, port = None, None
        if not host or not address.geturl().isascii():
            raise BadAddress(name, "it is no address of a host")
        login = address.username is not None
        if login and address.scheme == "http" and host not in _LOOPBACK:
            raise BadAddress(name, "a password would go over a connection that is not encrypted", "use https")
        where = f"[{host}]" if ":" in host else host
        self._url = address._replace(netloc=f"{where}:{port}" if port else where, fragment="").geturl()
        pair = f"{unquote(address.username or '')}:{unquote(address.password or '')}"
        self._login = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"} if login else {}
        self._timeout, self._patience = timeout, patience

    def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> Receipt:
        """Post a JSON document once; 2xx is sent, anything else is not (a redirect too, as with Statuspage)."""
        made = {
            "Content-Type": "application/json",
            "User-Agent": f"sevlog/{__version__}",
            **(headers or {}),
            **self._login,
        }
        request = urllib.request.Request(self._url, data=body, headers=made, method="POST")
        plain, secure = _Plain(), _Secure()
        opener = urllib.request.build_opener(_NoRedirect, plain, secure)
        with deadline(self._patience, lambda: plain.socket or secure.socket):
            try:
                with opener.open(request, timeout=self._timeout) as answer:
                    return _answered(answer.status)
            except urllib.error.HTTPError as error:
                error.close()
                return _answered(error.code)
            except urllib.error.URLError as error:
                why = error.reason if isinstance(error.reason, BaseException) else error
                return _broken(why)
            except (OSError, http.client.HTTPException) as error:
                return Receipt(outcome="doubtful", reason=f"no answer to the whole request ({words_of(error)})")
            except ValueError:
                return Receipt(outcome="refused", reason="it is no address that can be posted to")


def _broken(why: BaseException) -> Receipt:
    """What broke before the request was out: mostly the connection never was."""
    if isinstance(why, BrokenPipeError | ConnectionResetError):
        return Receipt(outcome="doubtful", reason="the connection broke while it was sent")
    if isinstance(why, ssl.SSLError):
        return Receipt(outcome="unreachable", reason="no trusted TLS connection")
    return Receipt(outcome="unreachable", reason=f"the host cannot be reached ({words_of(why)})")


def _answered(code: int) -> Receipt:
    if 200 <= code < 300:
        return Receipt(outcome="sent")
    if 300 <= code < 400:
        return Receipt(outcome="refused", reason=f"it answered {code}, and redirects are not followed")
    later = code >= 500 or code in _LATER
    return Receipt(outcome="unreachable" if later else "refused", reason=f"it answered {code}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Whatever it answers, nothing goes to another host."""

    def redirect_request(self, *_: Any) -> None:
        """No."""
        return


class _Watched:
    """Remembers the socket, so that it can be shut from outside."""

    socket: Any = None

    def watch(self, kind: type[http.client.HTTPConnection]) -> Callable[..., http.client.HTTPConnection]:
        """Makes connections of a kind that tell their socket here once they are there."""
        holder = self

        def made(*given: Any, **named: Any) -> http.client.HTTPConnection:
            connection = kind(*given, **named)
            connect = connection.connect

            def connected() -> None:
                connect()
                holder.socket = connection.sock

            connection.connect = connected  # type: ignore[method-assign]
            return connection

        return made


class _Plain(_Watched, urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Over a connection that can be cut."""
        return self.do_open(self.watch(http.client.HTTPConnection), req)


class _Secure(_Watched, urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """The same, encrypted."""
        context = ssl.create_default_context()
        return self.do_open(self.watch(http.client.HTTPSConnection), req, context=context)
