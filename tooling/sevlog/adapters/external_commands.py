"""Runs an external command with limits on time and output, and ends all its child processes."""

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
"""The bytes of output that are kept; the rest is read and dropped, so that the pipe never fills up."""

_GRACE = 1.0
"""Seconds between asking a command to end and killing it."""


class Ended(Struct, frozen=True, kw_only=True):
    """How a command ended. code: the exit code; None if it could not be started or timed out."""

    code: int | None
    output: bytes
    seconds: float
    said: str


def run_bounded(
    words: Sequence[str], *, folder: Path, data: bytes, seconds: float, environment: Mapping[str, str]
) -> Ended:
    """Run a command with `data` on standard input. It has no terminal; stdout and stderr are output.

    Its child processes are ended too. Failures of the command are not raised.
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
            return Ended(code=None, output=b"", seconds=0.0, said=f"could not be started: {said}")
    try:
        output, in_time = _read(process, began + seconds)
    finally:
        _end(process)
    took = time.monotonic() - began
    if not in_time:
        return Ended(code=None, output=output, seconds=took, said=f"timed out after {seconds:g} s")
    code = process.returncode
    said = "succeeded" if code == 0 else f"exit code {code}" if code > 0 else f"ended by signal {-code}"
    return Ended(code=code, output=output, seconds=took, said=said)


def _read(process: subprocess.Popen[bytes], until: float) -> tuple[bytes, bool]:
    """The output until it ends, and whether it ended in time. A child that keeps the pipe open is not waited for."""
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
    """End the command and its child processes."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
    if process.stdout is not None:
        process.stdout.close()
