"""The schedules that are valid at a time: the current files for now and later, the committed ones for the past.

Editing a schedule never changes who was on call: a question about the past is answered by the newest commit of the main
branch by then. An override that is recorded afterwards says nothing about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from ...adapters.holidays import public_holidays
from ...errors import InvalidRecord, NotFound
from ...model.config.settings import Config
from ...model.oncall.roster import OnCall
from ...model.oncall.rotations import Rotations
from ...stores import layout
from ...stores.git import scratch
from ...stores.history import main_at
from ...stores.records import settings
from ..workspace.workspace import Workspace


class Standing(Struct, frozen=True, kw_only=True):
    """Configuration and schedules that are valid at a time. commit: their source; None for the working tree."""

    config: Config
    oncall: OnCall
    rotas: Rotations
    commit: str | None = None
    committed_at: datetime | None = None


def standing(workspace: Workspace, at: datetime, *, now: datetime, by_today: bool = False) -> Standing:
    """What holds at an instant. now: what lies before it is past. by_today: today's files, also for the past.

    Raises NotFound where there was nothing yet, GitTrouble where a shallow clone cannot tell, InvalidRecord where the
    files, of today or of then, cannot be read.
    """
    if by_today or at >= now or not workspace.git.present or workspace.git.head() is None:
        return of(workspace.config, workspace.oncall)
    names = workspace.config.git
    try:
        held = main_at.held_at(workspace.git, names.branch, names.remote, at)
        return _committed(workspace, held)
    except (NotFound, InvalidRecord) as error:
        error.hints = (*error.hints, "to use today's oncall.yaml for that time: --by-today")
        raise


def of(config: Config, oncall: OnCall, held: main_at.MainCommit | None = None) -> Standing:
    """A configuration with its schedules, ready for queries."""
    return Standing(
        config=config,
        oncall=oncall,
        rotas=Rotations(oncall, _forgiving),
        commit=held.commit if held else None,
        committed_at=held.committed_at if held else None,
    )


def _forgiving(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Public holidays; none for a country that is not known: a slip of the pen must not leave everyone without an
    answer. `oncall check` tells it."""
    try:
        return public_holidays(country, subdivision, year)
    except InvalidRecord:
        return {}


def _committed(workspace: Workspace, held: main_at.MainCommit) -> Standing:
    """Both files as a commit has them."""
    with scratch.Space(workspace.git) as place:
        for name in (layout.CONFIG_FILE, layout.ONCALL_FILE):
            data = main_at.content(workspace.git, held.commit, name)
            if data is not None:
                (place / name).write_bytes(data)
            elif name == layout.CONFIG_FILE:
                raise NotFound(f"{name} did not exist yet in {held.commit[:10]} of {held.committed_at:%Y-%m-%d %H:%MZ}")
        try:
            return of(settings.read_config(place), settings.read_oncall(place), held)
        except InvalidRecord as error:
            when = f"{held.committed_at:%Y-%m-%d %H:%MZ}"
            raise InvalidRecord(f"as committed in {held.commit[:10]} ({when}): {error.message}") from None
