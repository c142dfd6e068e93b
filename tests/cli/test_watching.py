"""sevlog board --watch in a real terminal, until Ctrl-C."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
from functools import partial

from fixtures.commands import SEVLOG, surroundings
from fixtures.repositories import Repository


def read_until(terminal: int, words: bytes) -> bytes:
    """What the terminal shows until these words. A board that is drawn a hundred times without them never has them."""
    seen = b""
    for _ in range(100):
        if words in seen:
            return seen
        assert select.select([terminal], [], [], 30)[0], seen
        seen += os.read(terminal, 4096)
    raise AssertionError(f"{words!r} is not in {seen[-400:]!r}")


def test_the_board_is_shown_anew_until_it_is_interrupted(records: Repository) -> None:
    terminal, end = pty.openpty()
    command = [*SEVLOG, "board", "--watch", "--every", "0.2"]
    listens = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell's background job does not, by itself
    with subprocess.Popen(
        command, cwd=records.root, stdin=end, stdout=end, stderr=end, preexec_fn=listens, env=surroundings()
    ) as board:
        os.close(end)
        read_until(terminal, b"No live incidents")
        records.raised()
        read_until(terminal, b"SEV2")
        board.send_signal(signal.SIGINT)
        assert board.wait(20) == 0
    os.close(terminal)


def test_without_a_terminal_it_says_what_to_use_instead(records: Repository) -> None:
    assert "sevlog board --json" in records.refuses(2, "board", "--watch")
