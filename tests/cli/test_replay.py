"""sevlog replay: a log without a terminal, a playback with keys on one."""

from __future__ import annotations

import os
import subprocess

import pytest

from fixtures.commands import SEVLOG, surroundings
from fixtures.repositories import Repository
from fixtures.terminals import Terminal
from fixtures.timelines import FIXING, config, record
from sevlog.cli.output.learning.playing import PAUSE, QUIT, STEP, play
from sevlog.services.learning.drills.playback import Replay, of_record

NOTES = """
- {kind: note, at: "10:06", text: One}
- {kind: note, at: "10:08", text: Two}
- {kind: note, at: "12:08", text: Three}
"""


class Keys:
    """Keys by the number of the wait, and how long each wait would have been."""

    def __init__(self, typed: dict[int, str] | None = None) -> None:
        self.typed, self.waits = typed or {}, list[float | None]()

    def __call__(self, seconds: float | None) -> str | None:
        self.waits.append(seconds)
        return self.typed.get(len(self.waits))


def notes() -> Replay:
    """Frames at 10:00, 10:05 (three of them), 10:06, 10:08 and 12:08."""
    return of_record(record(FIXING + NOTES), config(), "as_known")


def test_gaps_pass_at_the_chosen_speed_and_no_longer_than_the_limit() -> None:
    keys = Keys()

    assert play(notes(), speed=60, idle=3, wait=keys)
    assert keys.waits == [3, 0, 0, 1, 2, 3]


def test_keys_pause_step_and_quit(capsys: pytest.CaptureFixture[str]) -> None:
    keys = Keys({4: PAUSE, 5: STEP, 6: PAUSE, 7: QUIT})

    assert not play(notes(), speed=60, idle=3, wait=keys)
    assert keys.waits == [3, 0, 0, 1, None, None, 3]
    assert "Two" in (shown := capsys.readouterr().out)
    assert "Three" not in shown
    assert "paused: space pause, . step, q quit" in shown


def test_without_a_terminal_it_is_a_log_with_the_real_time_that_passed(records: Repository) -> None:
    incident = records.fixing()
    records.clock.set("2026-11-23T14:10:00+00:00")
    records.does("note", "From the chat", "--at", "14:05")

    log = records.does("replay")

    assert log.startswith(f"{incident}  Checkout fails\nreplay as it was known then\n2026-11-23\n14:00:")
    assert "+0:10:00 note         ana  From the chat [happened 14:05:00Z, known 5m 1s later]" in log
    assert " = fixing | SEV2 P2 | lead ana | checkout partial outage" in log


def test_a_part_of_it_is_chosen_by_times_and_says_how_they_were_read(records: Repository) -> None:
    records.fixing()
    records.clock.set("2026-11-24T09:00:00+00:00")
    records.does("note", "The next day")

    done = records.sevlog("replay", "--from", "2026-11-24")

    assert "The next day" in done.out
    assert "raised" not in done.out
    assert "2026-11-24" in done.err
    assert "its entries are from" in records.refuses(4, "replay", "--until", "2026-11-20")
    assert "`3x` is not a duration" in records.refuses(2, "replay", "--idle", "3x")


def test_a_restricted_incident_says_so_and_a_drill_too(records: Repository) -> None:
    records.raised("--kind", "drill", "--type", "security")

    assert records.does("replay", "checkout").startswith("DRILL [restricted] ")


def test_on_a_narrow_terminal_without_color_no_line_is_wider(records: Repository) -> None:
    records.fixing()
    records.does("note", "word " * 60)
    ours, theirs = os.openpty()
    environment = surroundings(TERM="dumb", NO_COLOR="1", COLUMNS="80")
    with subprocess.Popen(
        [*SEVLOG, "replay"], cwd=records.root, stdin=subprocess.DEVNULL, stdout=theirs, env=environment
    ):
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:
                break
    os.close(ours)

    assert b"\x1b" not in shown
    lines = shown.decode().splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.strip() == "…" for line in lines)


def test_keys_work_on_a_real_terminal(records: Repository) -> None:
    records.fixing()
    records.clock.set("2026-11-23T23:00:00+00:00")
    records.does("note", "Nine hours later")

    terminal = Terminal(records, "replay", "--idle", "1h", "--speed", "1")
    terminal.answers("Checkout fails", f"{STEP * 12}{QUIT}")

    assert terminal.ends() == 0
    assert "Nine hours later" in terminal.shown
