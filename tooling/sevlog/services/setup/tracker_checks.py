"""Checks of `sevlog doctor` for trackers: the token, the workflow that passes it, and whether the tracker answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...adapters.trackers import opening
from ...adapters.trackers.base import PREFIX, Later
from ...errors import SevlogError
from ...model.config.follow_up import Tracker
from .check import Check, trouble

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_WORKFLOW = ".github/workflows/notify.yml"


def tracker_checks(workspace: Workspace) -> Iterator[Check]:
    """One row for each tracker of sevlog.yaml."""
    for number, settings in enumerate(workspace.config.follow_up.trackers):
        if opening.is_set(settings, workspace.environment):
            yield _answers(workspace, settings, f"follow_up.trackers[{number}]")
        else:
            yield _unset(workspace, settings)


def _answers(workspace: Workspace, settings: Tracker, place: str) -> Check:
    try:
        tracker = opening.opened(settings, place, workspace.environment, workspace.clock, pause=lambda _: None)
        tracker.check()
    except SevlogError as error:
        return trouble("tracker", error, state="warn" if isinstance(error, Later) else "fail")
    return Check(name="tracker", state="ok", message=f"{tracker.name} answers")


def _unset(workspace: Workspace, settings: Tracker) -> Check:
    """The token is often set only where CI runs: then the workflow has to pass it."""
    name, variable = opening.name_of(settings), PREFIX + settings.token
    workflow = workspace.root / _WORKFLOW
    if workflow.is_file() and f"{variable}:" not in workflow.read_text("utf-8", "replace"):
        line = f"{variable}: ${{{{ secrets.{variable} }}}}"
        cure = (f"add to `env:` in {_WORKFLOW}: {line}", f"and set the secret: gh secret set {variable}")
        message = f"{name}: {variable} is not set here, and {_WORKFLOW} does not pass it: no issue is created"
        return Check(name="tracker", state="warn", message=message, cure=cure)
    message = f"{name}: {variable} is not set here; set it where `sevlog action sync` runs"
    return Check(name="tracker", state="ok", message=message)
