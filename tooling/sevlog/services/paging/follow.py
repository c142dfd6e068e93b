"""Walks the escalation policies of an incident, and pages the next step until somebody answers (`page --follow`).

It can be started again at any time, and two at once do no harm: what was paged is in the timeline and in the ledger.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from ...errors import NotFound, Refused, SevlogError
from ...model.oncall import escalation
from ...model.oncall.grouping import open_groups
from ..common.documents import SCHEMA
from ..oncall.standing import of
from ..workspace import lookup
from .documents import Pages
from .page import page

if TYPE_CHECKING:
    from ...model.timeline.state import State
    from ..recording.recorder import Options
    from ..workspace.workspace import Workspace

POLL = 15.0
"""Seconds between two looks at what others recorded."""

Ended = Literal["answered", "over", "nobody_left"]


class Followed(Struct, kw_only=True):
    """`sevlog page --follow --json`: how the paging ended."""

    schema: str
    incident: str
    ended: Annotated[
        Ended, Meta(description="answered; over: the incident is not live any more; nobody_left: every step was taken.")
    ]
    why: str
    paged: Annotated[list[str], Meta(description="The people who were paged from here, in order.")]
    unreached: Annotated[list[str], Meta(description="People that no contact point reached: call them by hand, now.")]
    warnings: list[str]


class Watch(Struct, frozen=True):
    """What to do while it runs. paged: after each round of pages. waits: before it waits for a later step.

    looked: after each look at what others recorded, with the repository as it is then.
    """

    paged: Callable[[Pages], None] = lambda _: None
    waits: Callable[[datetime, str], None] = lambda *_: None
    warns: Callable[[str], None] = lambda _: None
    looked: Callable[[Workspace], None] = lambda _: None


def follow(
    workspace: Workspace,
    incident: str | None,
    options: Options,
    *,
    watch: Watch | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Followed:
    """Page step after step, each when it is due, until somebody answers, the incident is over, or no step is left.

    pause: waits so many seconds; between two looks at most POLL. Raises NotFound and Refused as `page` does.
    """
    run = _Following(workspace, lookup.resolve(workspace, incident), options, watch or Watch(), pause)
    while (done := run.step()) is None:
        pass
    return done


class _Following:
    """One run for one incident."""

    def __init__(
        self, workspace: Workspace, incident: str, options: Options, watch: Watch, pause: Callable[[float], None]
    ) -> None:
        self._first, self._incident, self._options = workspace, incident, options
        self._watch, self._pause = watch, pause
        self._paged: list[str] = []
        self._unreached: list[str] = []
        self._warnings: list[str] = []
        self._said: tuple[datetime, str] | None = None

    def step(self) -> Followed | None:
        """Look, page what is due, and wait for what comes next; how it ended, None while it goes on."""
        workspace = self._fetched()
        self._watch.looked(workspace)
        state = workspace.state(workspace.record(self._incident))
        if state.category not in ("live", "triage"):
            return self._ended("over", f"{self._incident} is `{state.status}`")
        now = workspace.clock()
        found = escalation.following(workspace.config, of(workspace.config, workspace.oncall).rotas, state, now)
        steps = [one for one in found if isinstance(one, escalation.Step)]
        groups = self._group_dues(workspace, state)
        if not steps and not groups:
            stopped = [one for one in found if isinstance(one, escalation.Stopped)]
            awaited = escalation.answer_awaited_until(workspace.config, workspace.oncall, state)
            if all(one.answered for one in stopped) or awaited is None or awaited <= now:
                return self._ended_by_steps(stopped, state.severity)
            self._pause(min(POLL, max(1.0, (awaited - now).total_seconds())))
            return None
        dues = [*(one.at for one in steps), *groups]
        if any(at <= now for at in dues):
            self._page(workspace)
        elif steps:
            self._tell_next(steps)
        ahead = min((at for at in dues if at > now), default=None)
        wait = POLL if ahead is None else min(POLL, max(1.0, (ahead - now).total_seconds()))
        self._pause(wait)
        return None

    def _fetched(self) -> Workspace:
        """The repository with what others recorded since; without it, where the remote cannot be reached."""
        workspace = self._first.anew()
        if workspace.git.remote_url(workspace.config.git.remote) is None or self._options.push is False:
            return workspace
        from ..sync.delivery import sync_now

        try:
            for text in sync_now(workspace).warnings:
                self._warn(text)
        except SevlogError as error:
            self._warn(error.message)
        return workspace.anew()

    @staticmethod
    def _group_dues(workspace: Workspace, state: State) -> list[datetime]:
        """When one page names what was grouped."""
        if not any(page.grouped for page in state.pages):
            return []
        rotas, live = of(workspace.config, workspace.oncall).rotas, lookup.live_states(workspace)
        groups = open_groups(workspace.config, rotas, state, live)
        return [group.due for group in groups]

    def _page(self, workspace: Workspace) -> None:
        try:
            made = page(workspace, self._incident, None, self._options, pause=self._pause)
        except (Refused, NotFound) as error:  # answered, or over, between our look and the page
            self._warn(error.message)
            return
        self._paged += [row.person for row in made.deliveries if row.result == "sent"]
        self._unreached += [person for person in made.unreached if person not in self._unreached]
        for text in made.warnings:
            self._warn(text)
        if made.deliveries:
            self._watch.paged(made)

    def _tell_next(self, steps: list[escalation.Step]) -> None:
        first = min(steps, key=lambda one: one.at)
        said = (first.at, ", ".join(paged.person for paged in first.people))
        if said != self._said:
            self._said = said
            self._watch.waits(*said)

    def _ended_by_steps(self, stopped: list[escalation.Stopped], severity: str | None) -> Followed:
        if not stopped:
            return self._ended("nobody_left", f"{severity} pages nobody, or no team owns the affected components")
        unanswered = [one for one in stopped if not one.answered]
        if unanswered:
            why = "; ".join(f"{one.track}: {one.why}" for one in unanswered)
            return self._ended("nobody_left", why)
        return self._ended("answered", "; ".join(dict.fromkeys(one.why for one in stopped)))

    def _ended(self, how: Ended, why: str) -> Followed:
        return Followed(
            schema=SCHEMA,
            incident=self._incident,
            ended=how,
            why=why,
            paged=self._paged,
            unreached=self._unreached,
            warnings=self._warnings,
        )

    def _warn(self, text: str) -> None:
        if text not in self._warnings:
            self._warnings.append(text)
            self._watch.warns(text)
