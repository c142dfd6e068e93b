"""Runs hooks after a command and warns about failures. The act is already recorded, so a failure is never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SevlogError
from .output import render

if TYPE_CHECKING:
    from ..services.common.outcome import Outcome
    from ..services.workspace.workspace import Workspace

_LINES = 5


def run_hooks(workspace: Workspace, acted: list[Outcome]) -> None:
    """Run the hooks for these acts."""
    from ..services.automation import hooks as automation_hooks

    done, acted[:] = list(acted), []
    for outcome in done:
        try:
            runs = automation_hooks.after(workspace, outcome)
        except (SevlogError, OSError) as error:
            render.warn(f"hooks did not run: {error}")
            continue
        for run in runs:
            if run.code != 0 or run.output_lost:
                render.warn(f"hook {run.run}: {run.said}")
                for line in run.output.splitlines()[-_LINES:]:
                    render.warn(f"  {line}")
                render.hint(f"to retry: sevlog hook run -i {run.incident} {_event(workspace, run.run, run.events)}")


def _event(workspace: Workspace, command: str, events: list[str]) -> str:
    """The event for which the hook ran."""
    events_of_hook = {name for hook in workspace.config.hooks if hook.run == command for name in hook.on}
    return next((name for name in events if name in events_of_hook), events[0])
