"""Looks ahead whether somebody who can be reached is on call for everything (`sevlog oncall check`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ...adapters.holidays import public_holidays
from ...errors import InvalidRecord
from ...model.config.settings import Config
from ...model.oncall.roster import OnCall
from ...model.problem import Problem
from ...model.rules.config import CONFIG, ONCALL
from ...model.rules.oncall_audit import Audit
from ..checking.locating import Locator
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


def ahead(config: Config, oncall: OnCall, since: datetime, until: datetime) -> list[Problem]:
    """What will go wrong between two times, without line and column. Pure but for the public holidays."""
    unknown = list(_unknown_calendars(oncall, since))
    if unknown:
        return unknown
    try:
        return list(Audit(config, oncall, public_holidays, _second(since), _second(until)).problems())
    except InvalidRecord as error:  # a zone of the page: sevlog check says where
        return [Problem(code="invalid", message=error.message, path=ONCALL, hint="; ".join(error.hints))]


def _unknown_calendars(oncall: OnCall, since: datetime) -> Iterator[Problem]:
    for key, calendar in oncall.holidays.items():
        try:
            public_holidays(calendar.country, calendar.subdivision, since.astimezone(UTC).year)
        except InvalidRecord as error:
            where = "country" if calendar.subdivision is None or "country" in error.message else "subdivision"
            yield Problem(
                code="unknown_holidays",
                message=error.message.removeprefix("oncall.yaml: "),
                path=ONCALL,
                pointer=f"/holidays/{key.replace('~', '~0').replace('/', '~1')}/{where}",
                hint="; ".join(error.hints),
            )


def _second(at: datetime) -> int:
    return int(at.timestamp())
