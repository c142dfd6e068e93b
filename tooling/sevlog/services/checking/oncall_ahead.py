"""Looks ahead in the on-call plan: what will go wrong between two times, and what `check` says of it (S20).

A plan without findings is remembered for a day: a look one day further ahead that found nothing covers every look
until then, so an unchanged repository does not pay for it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...errors import InvalidRecord
from ...model.config.settings import Config, duration
from ...model.oncall.roster import OnCall
from ...model.problem import Problem
from ...model.rules.config import ONCALL, ONCALL_FURTHEST
from ...stores.index.storage import IndexFile, sealed, unsealed
from .locating import Locator
from .settings import Checked

if TYPE_CHECKING:
    import sqlite3

_A_DAY = timedelta(days=1)
_KEPT = "oncall"


def ahead(config: Config, oncall: OnCall, since: datetime, until: datetime) -> list[Problem]:
    """What will go wrong between two times, without line and column. Pure but for the public holidays."""
    from ...adapters.holidays import public_holidays  # heavy: only where it is not known that there is nothing
    from ...model.rules.oncall_audit import Audit

    unknown = list(_unknown_calendars(oncall, since))
    if unknown:
        return unknown
    try:
        return list(Audit(config, oncall, public_holidays, _second(since), _second(until)).problems())
    except InvalidRecord as error:  # a zone of the page: sevlog check says where
        return [Problem(code="invalid", message=error.message, path=ONCALL, hint="; ".join(error.hints))]


def problems_ahead(
    settings: Checked, locator: Locator, now: datetime, known: IndexFile | None = None, key: bytes = b""
) -> list[Problem]:
    """The findings of `check` about the on-call plan, as far ahead and as severe as `policies.oncall` says.

    Empty where there is no plan, or where the files have errors: those come first. known: the index, which remembers a
    plan without findings; key: the bytes of both files.
    """
    config, oncall = settings.config, settings.oncall
    if config is None or oncall is None or settings.broken or not (oncall.schedules or oncall.escalations):
        return []
    policy = config.policies.oncall
    if policy.findings == "off" or any(problem.severity == "error" for problem in settings.problems):
        return []
    period = min(duration(policy.ahead), ONCALL_FURTHEST)
    if known is not None and _is_clean(known, key, now):
        return []
    if known is not None and not ahead(config, oncall, now, now + period + _A_DAY):
        _keep(known, key, now)
        return []
    found = map(locator.in_file, ahead(config, oncall, now, now + period))
    return [
        replace(problem, severity="warning") if policy.findings == "warning" or _has_no_owner(problem) else problem
        for problem in found
    ]


def _has_no_owner(problem: Problem) -> bool:
    """Whether nobody would be paged for a component because nobody was chosen yet, as after an import."""
    return problem.code == "dead_end" and problem.pointer.endswith("/key")


def _is_clean(known: IndexFile, key: bytes, now: datetime) -> bool:
    for (row,) in known.rows("SELECT data FROM about WHERE name = ?", _KEPT):
        looked = unsealed(row, key)
        if looked is not None and len(looked) == 8:
            return timedelta() <= now - datetime.fromtimestamp(int.from_bytes(looked, "big"), UTC) < _A_DAY
    return False


def _keep(known: IndexFile, key: bytes, now: datetime) -> None:
    data = sealed(_second(now).to_bytes(8, "big"), key)

    def write(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (_KEPT, data))

    known.write(write)


def _unknown_calendars(oncall: OnCall, since: datetime) -> Iterator[Problem]:
    from ...adapters.holidays import public_holidays

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
