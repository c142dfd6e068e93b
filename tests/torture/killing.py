"""Ends a command with `kill -9` for its whole process group: after a time, at a call of git, or at a write."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from torture.team import Clone

STRACE = shutil.which("strace")
WRITES = (
    "write,pwrite64,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,"
    "ftruncate,chmod,fchmod"
)
"""System calls that change a file or a folder."""
MARK = "SEVLOG_SCENE"
"""Set for all that a command starts on its own machine; the server of the remote takes it off."""
Kill = Callable[[Clone, Path], int]
"""What kills a command in a clone, with a folder to spare; the exit code."""
_GIT = """\
#!/bin/sh
calls=$(($(cat "$SEVLOG_CALLS") + 1))
echo $calls > "$SEVLOG_CALLS"
[ $calls = "$SEVLOG_KILL_BEFORE" ] && kill -9 0
'{git}' "$@"
code=$?
[ $calls = "$SEVLOG_KILL_AFTER" ] && kill -9 0
exit $code
"""


def start(clone: Clone, command: list[str], environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a command as the leader of a process group. The server of the remote is not in it, as elsewhere."""
    return subprocess.Popen(
        command,
        cwd=clone.folder,
        env={**clone.surroundings(), **(environment or {})},
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def end(process: subprocess.Popen[bytes]) -> int:
    """Kill the whole group; the exit code of its leader (what it was, if it had ended before)."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    code = process.wait()
    assert process.stderr is not None
    process.stderr.close()
    return code


def survivors(clone: Clone) -> list[int]:
    """Processes that a command has started and that are still there: git asks its remote in a session of its own."""
    mark = f"{MARK}={clone.environment[MARK]}".encode()
    found = []
    for place in sorted(Path("/proc").glob("[0-9]*")):
        with contextlib.suppress(OSError):
            if mark in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
    return found


def end_survivors(clone: Clone, *, kill: bool) -> None:
    """Kill them too, as when the power fails, or let them come to their end, as when only sevlog is killed."""
    while found := survivors(clone):
        for process in found if kill else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.005)


def duration(clone: Clone, words: tuple[str, ...]) -> float:
    """How many seconds the command takes when nobody kills it."""
    began = time.monotonic()
    process = start(clone, clone.command(*words))
    _, said = process.communicate()
    assert process.returncode == 0, said
    return time.monotonic() - began


def after(words: tuple[str, ...], seconds: float) -> Kill:
    """What kills the command after so many seconds."""

    def kill(clone: Clone, _: Path) -> int:
        process = start(clone, clone.command(*words))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=seconds)
        return end(process)

    return kill


def counting_git(folder: Path) -> dict[str, str]:
    """An environment with a git in front of the real one that counts its calls, and kills where it is told to."""
    folder.mkdir()
    real = shutil.which("git")
    (folder / "git").write_text(_GIT.format(git=real), "utf-8")
    (folder / "git").chmod(0o755)
    (folder / "calls").write_text("0", "utf-8")
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "SEVLOG_CALLS": str(folder / "calls"), "SEVLOG_KILL_BEFORE": "", "SEVLOG_KILL_AFTER": ""}


def calls_of_git(clone: Clone, words: tuple[str, ...], spare: Path) -> int:
    """How many times the command calls git."""
    process = start(clone, clone.command(*words), counting_git(spare))
    _, said = process.communicate()
    assert process.returncode == 0, said
    return int((spare / "calls").read_text("utf-8"))


def at_call(words: tuple[str, ...], when: str, number: int) -> Kill:
    """What kills the command `BEFORE` or `AFTER` its n-th call of git."""

    def kill(clone: Clone, spare: Path) -> int:
        process = start(clone, clone.command(*words), {**counting_git(spare), f"SEVLOG_KILL_{when}": str(number)})
        process.wait()
        return end(process)

    return kill


def writes(clone: Clone, words: tuple[str, ...]) -> int:
    """How many lines a trace of the command's writes has."""
    process = start(clone, _traced(clone, words))
    _, said = process.communicate()
    assert process.returncode == 0, said
    return said.count(b"\n")


def at_write(words: tuple[str, ...], number: int) -> Kill:
    """What kills the command when the n-th line of the trace of its writes is seen: it is done, or about to be."""

    def kill(clone: Clone, _: Path) -> int:
        process = start(clone, _traced(clone, words))
        assert process.stderr is not None
        for _line in range(number):
            if not process.stderr.readline():
                break
        return end(process)

    return kill


def one_process(words: tuple[str, ...], number: int) -> Kill:
    """What kills only the process of the command that comes first to its n-th write; the others go on."""
    inject = f"inject={WRITES}:signal=KILL:when={number}"

    def kill(clone: Clone, _: Path) -> int:
        process = start(
            clone, [str(STRACE), "-f", "-qq", "-e", f"trace={WRITES}", "-e", inject, *clone.command(*words)]
        )
        process.communicate()
        return process.returncode

    return kill


def _traced(clone: Clone, words: tuple[str, ...]) -> list[str]:
    return [str(STRACE), "-f", "-qq", "-e", f"trace={WRITES}", "-e", "signal=none", *clone.command(*words)]
