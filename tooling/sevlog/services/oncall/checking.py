"""Looks ahead whether somebody who can be reached is on call for everything (`sevlog oncall check`)."""

from __future__ import annotations

from datetime import timedelta

from ...model.rules.config import CONFIG, ONCALL
from ..checking.locating import Locator
from ..checking.oncall_ahead import ahead
from ..checking.result import CheckResult, in_order
from ..checking.settings import check_settings
from ..workspace.workspace import Workspace


def check_ahead(workspace: Workspace, days: int) -> CheckResult:
    """Every finding about the on-call schedules for the next `days` days; `checked` counts schedules.

    What is wrong with oncall.yaml as a file comes first: with unknown people, schedules are not checked further.
    """
    settings = check_settings(workspace.root)
    broken = [p for p in settings.problems if p.path == ONCALL or CONFIG in settings.broken]
    schedules = len(settings.oncall.schedules) if settings.oncall else 0
    stops = bool(settings.broken) or any(p.severity == "error" for p in broken)
    if settings.config is None or settings.oncall is None or stops:
        return CheckResult(problems=in_order(broken), checked=schedules)
    now = workspace.clock()
    found = ahead(settings.config, settings.oncall, now, now + timedelta(days=days))
    locator = Locator(workspace.root)
    return CheckResult(problems=in_order([*broken, *map(locator.in_file, found)]), checked=schedules)
