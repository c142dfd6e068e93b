"""Runs a command of one's own: in bounded time, with bounded output, and its whole family ends with it."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from msgspec import Struct

MOST_OUTPUT = 64 * 1024
"""Bytes of output that are kept; the rest is read and forgotten, so that nobody waits for a full pipe."""

_GRACE = 1.0
"""Seconds between asking a command to end and ending it."""


class Ended(Struct, frozen=True, kw_only=True):
    """How a command ended. code: its exit code, None where it could not be started or was stopped after its time."""

    code: int | None
    output: bytes
    seconds: float
    said: str


def run_bounded(
    words: Sequence[str], *, folder: Path, data: bytes, seconds: float, environment: Mapping[str, str]
) -> Ended:
    """Run a command with `data` on standard input. It gets no terminal; what it prints on either channel is output.

    What it leaves running is ended too. Nothing is raised for what the command does.
    """
    began = time.monotonic()
    with TemporaryFile() as given:
        given.write(data)
        given.seek(0)
        try:
            process = subprocess.Popen(
                list(words),
                cwd=folder,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or str(error)
            return Ended(code=None, output=b"", seconds=0.0, said=f"it could not be started: {said}")
    try:
        output, in_time = _read(process, began + seconds)
    finally:
        _end(process)
    took = time.monotonic() - began
    if not in_time:
        return Ended(code=None, output=output, seconds=took, said=f"it was stopped after {seconds:g} s")
    code = process.returncode
    said = "it worked" if code == 0 else f"it ended with {code}" if code > 0 else f"signal {-code} ended it"
    return Ended(code=code, output=output, seconds=took, said=said)


def _read(process: subprocess.Popen[bytes], until: float) -> tuple[bytes, bool]:
    """What it prints until it ends, and whether it ended in time. Nobody waits for a child that keeps the pipe open."""
    assert process.stdout is not None
    kept = bytearray()
    handle = process.stdout.fileno()
    os.set_blocking(handle, False)
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0:
            ended = process.poll() is not None
            if selector.select(0 if ended else min(left, 0.05)):
                part = os.read(handle, 65_536)
                kept += part[: max(0, MOST_OUTPUT - len(kept))]
                if part:
                    continue
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.0, until - time.monotonic()))
                return bytes(kept), process.returncode is not None
            if ended:
                return bytes(kept), True
    return bytes(kept), False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command and all that it started."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
    if process.stdout is not None:
        process.stdout.close()
