"""The shared options of one run, and the workspace, times and act options made from them."""

from __future__ import annotations

import functools
import os
import shlex
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from ..errors import NotFound
from .screen import announce_waits

if TYPE_CHECKING:
    from ..services.common.outcome import Outcome
    from ..services.recording.recorder import Options
    from ..services.workspace.workspace import Clock, Workspace


class SharedValues(TypedDict, total=False):
    """The values of the shared options, by the names of their parameters."""

    repo: str | None
    as_json: bool
    verbose: bool
    at_text: str | None
    person: str | None
    dry_run: bool
    no_commit: bool
    push: bool | None
    any_branch: bool
    incident: str | None
    evidence: tuple[str, ...]
    override: tuple[str, ...]


class RootValues(TypedDict, total=False):
    """What a run passes to every command: options before the command, the arguments, and the clock of tests."""

    repo: str | None
    json: bool
    arguments: list[str]
    clock: Clock | None


class SharedOptions:
    """The shared options of one run."""

    def __init__(self, given: SharedValues, parent: RootValues) -> None:
        """given: the values of the options, which are removed from it. parent: those given before the command."""
        self.repo: str | None = given.pop("repo") or parent.get("repo")
        self.json: bool = given.pop("as_json") or bool(parent.get("json"))
        self.at_text: str | None = given.pop("at_text", None)
        self.person: str | None = given.pop("person", None)
        self.dry_run: bool = given.pop("dry_run", False)
        self.commit: bool = not given.pop("no_commit", False)
        self.push: bool | None = given.pop("push", None)
        self.any_branch: bool = given.pop("any_branch", False)
        self.verbose: bool = given.pop("verbose")
        self.incident: str | None = given.pop("incident", None)
        self.evidence: tuple[str, ...] = given.pop("evidence", ())
        self.overrides: tuple[str, ...] = given.pop("override", ())
        self.reason: str | None = None
        self.approved_by: tuple[str, ...] = ()
        self._clock: Clock | None = parent.get("clock")
        self._times: dict[str, datetime] = {}

    @functools.cached_property
    def workspace(self) -> Workspace:
        """The records repository. Raises NotFound."""
        from ..services.workspace.workspace import Workspace, system_clock

        announce_waits()
        if self.repo is not None and not Path(self.repo).is_dir():
            raise NotFound(
                f"--repo {self.repo}: no such folder",
                f"create a repository there: sevlog init {shlex.quote(self.repo)}",
            )
        return Workspace.find(Path(self.repo) if self.repo else None, clock=self._clock or system_clock)

    def time(
        self, option: str, text: str | None, *, past: bool = False, days: bool = False, now: datetime | None = None
    ) -> datetime | None:
        """The time typed for an option, None if there is none; `report_times` prints how it was read.

        past: the time must not be in the future. days: an end of a range; a day is enough, and the future is allowed.
        now: what a time without a date counts from; the clock's time by default.
        Raises UsageError for a text that is not a time, or a future time where `past` forbids it.
        """
        if text is None:
            return None
        from ..model.oncall.schedule_clock import zone_of
        from ..services.common.time_input import read_time
        from ..services.recording.recorder import check_past

        now = now or self.workspace.clock()
        zone = lambda: zone_of(self.workspace.config.page.time_zone)  # noqa: E731 - loads the zone only if it is needed
        at = read_time(text, now, past=past, days=days, page=zone)
        if past and not days:
            check_past(option, at, now)
        if text.strip() != "now":
            self._times[option] = at
        return at

    def report_times(self) -> None:
        """Print how the typed times were read: in local time and in UTC."""
        if self._times and not self.json:
            from ..services.common.time_input import told
            from .screen import say

            for option, at in self._times.items():
                say(f"{option.strip('-').replace('-', ' ')} {told(at)}", err=True)

    def path(self, name: str) -> Path:
        """The path of a typed name: relative to the current folder, or to the records if it exists only there."""
        inside = self.workspace.root / name
        return inside if not os.path.lexists(name) and os.path.lexists(inside) else Path(name)

    @property
    def acted(self) -> list[Outcome]:
        """What the command has recorded so far."""
        return self.workspace.acted if "workspace" in self.__dict__ else []

    def close(self) -> None:
        """Release the lock on the records."""
        if "workspace" in self.__dict__:
            self.workspace.close()

    @property
    def acting(self) -> Options:
        """The options of an act, for the services."""
        from ..services.recording import attachments
        from ..services.recording.recorder import Options

        at = None if self.at_text == "now" else self.time("--at", self.at_text, past=True)
        return Options(
            person=self.person,
            at=at,
            dry_run=self.dry_run,
            commit=self.commit,
            push=self.push,
            any_branch=self.any_branch,
            overrides=self.overrides,
            override_reason=self.reason,
            evidence=attachments.read(self.evidence),
            approved_by=self.approved_by,
        )
