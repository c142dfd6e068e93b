"""Sends notifications after a command. Its acts are recorded by then, so failures are warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SevlogError
from .output import render
from .output.reaching import notify_tables
from .screen import say

if TYPE_CHECKING:
    from ..services.common.outcome import Outcome
    from ..services.workspace.workspace import Workspace


def send_notifications(workspace: Workspace, acted: list[Outcome]) -> None:
    """Send what these acts make known, and say for each address what became of it."""
    from ..services.notifying import after_act

    for outcome in acted:
        try:
            done = after_act.after(workspace, outcome)
        except (SevlogError, OSError) as error:
            render.warn(f"notifications were not sent from here: {error}")
            render.hint("to send them later, here or in CI: sevlog notify")
            continue
        if done is None:
            continue
        # what an earlier act left to other machines was said then
        done.notifications = [n for n in done.notifications if n.state != "left" or n.event in outcome.entries]
        for text in notify_tables.notified(done):
            say(text, err=True)
        for text in done.warnings:
            render.warn(text)
        for text in notify_tables.hints(done):
            render.hint(text)
