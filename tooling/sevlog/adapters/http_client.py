"""Sends HTTP requests with the library `urllib3`. Only this module imports it.

Importing it takes longer than starting sevlog: import this module inside the function that needs it.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from socket import socket
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Retry, make_headers
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, InvalidHeader, LocationValueError, MaxRetryError, ProxySchemeUnknown
from urllib3.util import parse_url

_BUSY = frozenset({429, 500, 502, 503, 504})
_RETRIES, _REDIRECTS = 3, 10
_PART = 65536
_LONGEST_WAIT = 60
"""The longest pause between two attempts, in seconds, even if Retry-After asks for more."""


class Answer(NamedTuple):
    """The answer of a host. body: as received; longer than the limit if it was cut off."""

    status: int
    reason: str
    body: bytes


class Reply(NamedTuple):
    """The answer to a POST. wait: seconds from Retry-After. body: its first bytes; None if the connection broke.

    headers: by lower-case name.
    """

    status: int
    wait: float | None
    body: bytes | None
    headers: Mapping[str, str] = {}


class NoAnswer(Exception):
    """The exchange failed. connected: the host may have received the request. cause: the original error."""

    def __init__(self, error: BaseException, *, connected: bool) -> None:
        self.cause, self.connected = _first(error), connected
        super().__init__(str(self.cause))


class Client:
    """Fetches documents one at a time over connections that stay open. Use it as a context manager."""

    def __init__(self, headers: Mapping[str, str], *, timeout: float, max_bytes: int) -> None:
        """timeout: seconds for each part of an answer. max_bytes: the rest of a longer body is not read."""
        self._headers, self._timeout, self._max_bytes = dict(headers), timeout, max_bytes
        self._managers: dict[tuple[str, str | None], PoolManager] = {}
        self._watch = _Watch()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for manager in self._managers.values():
            manager.clear()

    def get(self, url: str) -> Answer:
        """Fetch an address. Follows redirects, and tries again if the host is busy or the connection breaks.

        Raises NoAnswer. A redirect that cannot be followed is returned as the answer.
        """
        retries: Retry = _Retry(_RETRIES, other=0, backoff_factor=1, retry_after_max=_LONGEST_WAIT)
        try:
            for _ in range(1 + _REDIRECTS):
                response, body, retries = self._fetched(_ascii(url), retries)
                location = response.get_redirect_location()
                url = urljoin(url, location or "")
                if not location or urlsplit(url).scheme not in ("http", "https"):
                    break
        except (HTTPError, ValueError, OSError) as error:
            raise NoAnswer(error, connected=self._watch.connection is not None) from None
        return Answer(response.status, response.reason or "", body)

    def _fetched(self, url: str, retries: Retry) -> tuple[BaseHTTPResponse, bytes, Retry]:
        """The response, its body, and the remaining retries."""
        while True:
            busy: BaseHTTPResponse | None = None
            try:
                response = self._watch.urlopen(
                    self._manager(url), "GET", url, headers=self._headers, timeout=self._timeout
                )
                with response:
                    if response.status not in _BUSY:
                        return response, self._body(response), retries
                busy = response
                retries = retries.increment("GET", url, response=response)
            except MaxRetryError:
                return response, b"", retries
            except HTTPError as error:
                if self._watch.connection is None:
                    raise
                retries = retries.increment("GET", url, error=error)
            retries.sleep(busy)

    def _body(self, response: BaseHTTPResponse) -> bytes:
        """The body of a 2xx answer. The body of a redirect or an error is not read."""
        body = bytearray()
        if 200 <= response.status < 300:
            for part in response.stream(_PART, decode_content=False):
                body += part
                if len(body) > self._max_bytes:
                    break
        return bytes(body)

    def _manager(self, url: str) -> PoolManager:
        key = (urlsplit(url).scheme, _proxy_of(url))
        if key not in self._managers:
            self._managers[key] = _manager_for(*key)
        return self._managers[key]


class Post:
    """A request that changes data. It is sent once, and redirects are not followed."""

    def __init__(self, url: str, *, timeout: float) -> None:
        """timeout: seconds for each part of the exchange."""
        self._url, self._timeout = url, timeout
        self._watch = _Watch()

    @property
    def socket(self) -> socket | None:
        """The socket of the open connection, so that another thread can close it."""
        connection = self._watch.connection
        return connection.sock if connection else None

    def send(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Send it and return the status of the answer. Raises as `exchange`."""
        return self.exchange(body, headers).status

    def exchange(
        self, body: bytes | None, headers: Mapping[str, str], *, method: str = "POST", max_bytes: int = 0
    ) -> Reply:
        """Send it and return the answer. max_bytes: the rest of a longer body is not read.

        Raises NoAnswer, and ValueError for an address or a header that cannot be sent.
        """
        try:
            manager = _manager_for(urlsplit(self._url).scheme, _proxy_of(self._url))
            with self._watch.urlopen(
                manager, method, self._url, body=body, headers=headers, timeout=self._timeout
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status, _wait(response), _beginning(response, max_bytes), headers)
        except ProxySchemeUnknown as error:
            raise NoAnswer(error, connected=False) from None
        except LocationValueError:
            raise
        except (HTTPError, OSError) as error:
            raise NoAnswer(error, connected=self._watch.connection is not None) from None


def _wait(response: BaseHTTPResponse) -> float | None:
    """The seconds in the header Retry-After; None if it is missing or not a time."""
    try:
        return Retry().get_retry_after(response)
    except (InvalidHeader, OverflowError, ValueError):
        return None


def _beginning(response: BaseHTTPResponse, max_bytes: int) -> bytes | None:
    """The first bytes of a body; None if the connection broke before its end."""
    body = bytearray()
    try:
        while len(body) < max_bytes:
            part = response.read(max_bytes - len(body), decode_content=False)
            if not part:
                break
            body += part
    except (HTTPError, OSError):
        return None
    return bytes(body)


class _Watch:
    """Keeps the connection that was opened last. None until it is open, TLS handshake included."""

    connection: HTTPConnection | None = None

    def urlopen(self, manager: PoolManager, method: str, url: str, **named: Any) -> BaseHTTPResponse:
        """Send one request without retries and redirects of urllib3. The caller reads the body of the answer."""
        pool = manager.connection_from_url(url)
        if not pool.num_connections:
            pool.ConnectionCls = self._watched(pool.ConnectionCls)
        return manager.urlopen(method, url, retries=False, redirect=False, preload_content=False, **named)

    def _watched(self, kind: Any) -> Any:
        watch = self

        class Watched(kind):  # type: ignore[misc]  # urllib3's class for plain or TLS connections
            def connect(self) -> None:
                watch.connection = None
                super().connect()
                watch.connection = self

        return Watched


class _Retry(Retry):
    def get_backoff_time(self) -> float:
        """1, 2 and 4 seconds. urllib3 would try again at once after the first failure."""
        return max(1.0, super().get_backoff_time())

    def sleep_for_retry(self, response: BaseHTTPResponse) -> bool:
        """As in urllib3, but `Retry-After: 0` counts too, and a value that is not a time is ignored."""
        try:
            return super().sleep_for_retry(response) or self.get_retry_after(response) == 0
        except InvalidHeader:
            return False


def _manager_for(scheme: str, proxy: str | None) -> PoolManager:
    context = ssl.create_default_context() if scheme == "https" else None
    if proxy is None:
        return PoolManager(ssl_context=context)
    login = parse_url(proxy).auth
    headers = make_headers(proxy_basic_auth=unquote(login)) if login else None
    return ProxyManager(proxy, ssl_context=context, proxy_headers=headers)


def _proxy_of(url: str) -> str | None:
    """The proxy for an address from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. urllib3 does not read these variables."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _ascii(url: str) -> str:
    """The address with its host in ASCII form (RFC 3490). urllib3 would need another package for this."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.isascii():
        return url
    return parts._replace(netloc=host.encode("idna").decode() + (f":{parts.port}" if parts.port else "")).geturl()


def _first(error: BaseException) -> BaseException:
    """The error that urllib3 wrapped, such as ConnectionRefusedError."""
    while isinstance(error, HTTPError):
        inner = (error.__cause__, error.__context__, *error.args)
        found = next((one for one in inner if isinstance(one, BaseException)), None)
        if found is None:
            break
        error = found
    return error
