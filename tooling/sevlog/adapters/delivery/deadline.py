"""Cuts off an exchange that takes too long in all, also where each part of it comes in time."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def deadline(seconds: float, connection: Callable[[], socket.socket | None]) -> Iterator[None]:
    """After so many seconds the connection is shut, so that whoever waits for it gets an OSError or an end of file.

    connection: gives the socket once there is one.
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
