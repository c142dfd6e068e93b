"""Limits the total time of an exchange, even if each part of it is in time."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def deadline(seconds: float, connection: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Close the connection after this many seconds, so that a waiting reader gets an OSError or an end of file.

    connection: returns the socket once it is open.
    """

    def cut() -> None:
        found = connection()
        if found is not None:
            with contextlib.suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
