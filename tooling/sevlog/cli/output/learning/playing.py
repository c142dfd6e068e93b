"""Plays the frames of an incident in a terminal, or prints them as a log."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...screen import label, say, style
from ..incident_tables import kind_mark
from ..table import has_terminal, padded, shortened
from ..times import span

if TYPE_CHECKING:
    from ....services.learning.drills.playback import Replay, ReplayFrame

Wait = Callable[[float | None], str | None]
"""Waits so many seconds (None: without limit) for a key; the key, None if there was none. See `terminal_keys`."""

PAUSE, STEP, QUIT = " ", ".", "q"
KEYS = "space pause, . step, q quit"
_INDENT = " " * 11
_LINES = 3
"""How many lines of a terminal one entry takes at most."""


def play(replay: Replay, *, speed: float = 1.0, idle: float = 0.0, wait: Wait | None = None) -> bool:
    """Show the frames one after the other, and wait between them; whether it came to the end.

    speed: how much faster than it was. idle: the longest wait between two frames, in seconds. wait: None for a log,
    which never waits and has no keys.
    """
    say(_title(replay))
    before: ReplayFrame | None = None
    stepping = False
    for frame in replay.frames:
        gap = (frame.at - before.at).total_seconds() if before else 0.0
        if before is not None and wait is not None:
            key = _next_key(wait, stepping, min(gap / speed, idle))
            if key == QUIT:
                return False
            stepping = key == STEP or (stepping and key != PAUSE)
        for line in _lines(frame, before, capped=wait is not None and gap / speed > idle):
            say(line)
        before = frame
    return True


def _next_key(wait: Wait, stepping: bool, seconds: float) -> str | None:
    """The key that leads on: None where the time passed, or where a pause ended with PAUSE."""
    if stepping:
        return wait(None)
    key = wait(seconds)
    if key != PAUSE:
        return key
    say(style(f"{_INDENT}paused: {KEYS}", dim=True))
    again = wait(None)
    return None if again == PAUSE else again


def _title(replay: Replay) -> str:
    how = "as it was known then" if replay.mode == "as_known" else "as it was, with what became known later"
    if not replay.recording_times:
        how = "imported: recording times are not known, so entries appear when they happened"
    hidden = "[restricted] " if replay.visibility == "restricted" else ""
    mark = "DRILL " if replay.kind == "drill" else kind_mark(replay.kind)
    return "\n".join([style(f"{mark}{hidden}{replay.id}  {replay.title}", bold=True), f"replay {how}"])


def _lines(frame: ReplayFrame, before: ReplayFrame | None, *, capped: bool) -> list[str]:
    lines = []
    if before is None or before.at.date() != frame.at.date():
        lines.append(style(f"{frame.at:%Y-%m-%d}", bold=True))
    if before is not None and capped:
        lines.append(style(f"{_INDENT}({span((frame.at - before.at).total_seconds())} without an entry)", dim=True))
    late = f" [happened {frame.happened_at:%H:%M:%SZ}, known {span(frame.late)} later]" if frame.late >= 1 else ""
    author = f"{frame.by}  " if frame.by else ""
    head = f"{frame.at:%H:%M:%SZ} +{_clock(frame.elapsed)} {padded(frame.kind, 12)} {author}{frame.summary}{late}"
    lines += _fitted(" ".join(head.splitlines()))
    state = _state(frame)
    if before is None or _state(before) != state:
        lines += [style(line, dim=True) for line in _fitted(f"{_INDENT}= {state}")]
    return lines


def _fitted(text: str) -> list[str]:
    """The text in the lines of a terminal; in a log it stays one line."""
    if not has_terminal():
        return [text]
    room = shutil.get_terminal_size().columns
    lines = textwrap.wrap(text, room, subsequent_indent=_INDENT, break_on_hyphens=False)
    more = ["…"] if len(lines) > _LINES else []
    return [shortened(line, room) for line in lines[:_LINES]] + [f"{_INDENT}{mark}" for mark in more]


def _state(frame: ReplayFrame) -> str:
    state = frame.state
    parts = [label(state.status or "", state.status_name or "")]
    parts.append(" ".join(level for level in (state.severity, state.priority) if level) or "no severity")
    parts.append(f"lead {state.lead}" if state.lead else "no lead")
    parts += [f"{key} {impact.replace('_', ' ')}" for key, impact in state.components.items()]
    if state.due_at is not None:
        due = f"{state.due_to} update {state.due_at:%H:%MZ}"
        parts.append(f"OVERDUE {due}" if frame.overdue else f"next {due}")
    return " | ".join(parts)


def _clock(seconds: float) -> str:
    days, rest = divmod(int(seconds), 86400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}d {clock}" if days else clock
