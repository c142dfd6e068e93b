"""Serves the application over HTTP until a signal stops it. The only module that imports uvicorn."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ...errors import UsageError
from .application import Door, application

_CONNECTIONS = 200
"""The most connections at once; more get 503."""
_IDLE, _HEADERS, _STOP = 5, 10.0, 15
"""Seconds: an idle connection stays, the headers of a request may take, and requests in progress have to end."""


def listening(address: str) -> socket.socket:
    """A socket at HOST:PORT; port 0 takes a free one. Raises UsageError."""
    host, port = split(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"cannot listen on {address}: {reason}", "choose another address: sevlog intake serve --listen HOST:PORT"
        ) from None


def split(address: str) -> tuple[str, int]:
    """Host and port of HOST:PORT or [HOST]:PORT. Raises UsageError."""
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise UsageError(f"`{address}` is not an address", "write it as HOST:PORT: --listen 127.0.0.1:8085")
    return host, int(port)


def serve(place: socket.socket, door: Door, started: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; requests in progress are answered. started: called once it accepts connections."""
    config = uvicorn.Config(
        application(door),
        http=_Impatient,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_STOP,
    )
    with _signals_end_here():
        started()
        uvicorn.Server(config).run(sockets=[place])


@contextmanager
def _signals_end_here() -> Iterator[None]:
    """uvicorn raises the signal that stopped it once more when it has stopped; the rest of our stop must go on."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Impatient(H11Protocol):
    """Hangs up on a client that does not send its headers in time; uvicorn itself waits for them forever."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._late = self.loop.call_later(_HEADERS, self._hang_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._late.cancel()
        super().connection_lost(exc)

    def _hang_up(self) -> None:
        if self.cycle is None:
            self.transport.close()
