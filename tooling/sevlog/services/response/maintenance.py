"""Planned maintenance: scheduled, begun, verified, completed or cancelled, each step told to customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ...errors import NotFound, UsageError
from ...model.oncall.schedule_clock import zone_of
from ...model.timeline.acts import command_for, opening_status
from ...model.timeline.entries import StatusChanged, Update
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import IncidentCard, Window
from ...model.timeline.lifecycle import name_of
from ...model.vocabulary import Impact, Phase
from ...stores.records import codec
from ..common import name_lookup, time_input
from ..common.outcome import Outcome
from ..recording.incident_session import IncidentSession, NewIncident
from ..recording.recorder import Options
from ..workspace import lookup
from ..workspace.workspace import Workspace

_LEEWAY = timedelta(minutes=15)
"""So much before or after the window, a step is as planned."""

MaintenanceAct = Literal["start", "verify", "complete", "cancel"]
_SAID: dict[MaintenanceAct, tuple[Phase, Impact]] = {
    "start": ("in_progress", "under_maintenance"),
    "verify": ("verifying", "under_maintenance"),
    "complete": ("completed", "operational"),
    "cancel": ("completed", "operational"),
}
"""The phase and the component state that an update of each step has."""

_TEXTS: dict[str, str] = {
    "schedule": "Maintenance is planned.",
    "start": "The maintenance has begun.",
    "verify": "The work is done; we are verifying that everything works as expected.",
    "complete": "The maintenance is completed.",
    "cancel": "The maintenance will not take place.",
}


def schedule(
    workspace: Workspace,
    title: str,
    start: datetime,
    end: datetime,
    components: Sequence[str],
    *,
    text: str | None,
    summary: str | None,
    internal: bool,
    public_title: str | None,
    manual: bool,
    options: Options,
) -> Outcome:
    """Plan a maintenance. Unless it is internal, customers see it at once under its title.

    manual: it begins and ends by steps alone; else customers see it move by its window until somebody takes a step.
    """
    opening = NewIncident(workspace, options)
    who = opening.who
    _require_window(start, end, who.at)
    keys = [name_lookup.component(workspace.config, key) for key in components]
    if not keys:
        known = ", ".join(c.key for c in workspace.config.components if not c.retired_on)
        raise UsageError("a maintenance needs at least one component", f"add --component KEY ({known})")
    plain_title = " ".join(title.split())
    card = _card(
        {
            "title": plain_title,
            "type": _type(workspace),
            "summary": summary,
            "visibility": "internal" if internal else "public",
            "scheduled": codec.plain(Window(start=start, end=end, auto=not manual)),
            "public_title": None if internal else " ".join((public_title or plain_title).split()),
        }
    )
    states: dict[str, Impact] = dict.fromkeys(keys, "operational")
    entries: list[Entry] = [
        Update(
            at=who.at,
            audience="internal" if internal else "public",
            phase="scheduled",
            text=text or _TEXTS["schedule"],
            components=states,
        )
    ]
    lifecycle = workspace.config.lifecycle_for(card.kind, card.type)
    entries.append(StatusChanged(at=who.at, to=opening_status(lifecycle, maintenance=True)))
    done = opening.do(card, entries, f"schedule {plain_title}", on=start)
    return replace(done, hints=(*done.hints, command_for(lifecycle, done.state.status, done.incident)))


def _require_window(start: datetime, end: datetime, now: datetime) -> None:
    """Raise UsageError for a window that ends before it begins, or that is over."""
    if end <= start:
        raise UsageError(
            f"the window ends ({time_input.told(end)}) before it begins ({time_input.told(start)})",
            "--start TIME --end TIME, the end after the start",
        )
    if end <= now:
        raise UsageError(
            f"the window already ended at {time_input.told(end)}",
            "if it was planned earlier, give the time: --at TIME, before its end",
        )


def _card(keys: Mapping[str, object]) -> IncidentCard:
    """The card of a maintenance. Raises UsageError for keys that are not valid."""
    plain = {"schema": 1, "kind": "maintenance", **keys}
    return codec.made({key: value for key, value in plain.items() if value is not None}, IncidentCard, "incident")


def _type(workspace: Workspace) -> str:
    known = [t.key for t in workspace.config.types]
    return "maintenance" if "maintenance" in known else next(iter(known), "service")


def step(
    workspace: Workspace,
    maintenance: str | None,
    act: MaintenanceAct,
    *,
    text: str | None,
    reason: str | None,
    options: Options,
) -> Outcome:
    """Begin, verify, complete or cancel a maintenance, and update the audiences that know of it."""
    session = IncidentSession(workspace, maintenance or _only_open(workspace), options)
    if session.record.card.kind != "maintenance":
        raise UsageError(
            f"{session.record.id} is not a maintenance: its kind is {session.record.card.kind}",
            "list maintenances: sevlog list --kind maintenance",
        )
    status = session.step(act, reason=reason)
    phase, impact = _SAID[act]
    audiences = dict.fromkeys(u.entry.audience for u in session.state.updates)
    states: dict[str, Impact] = dict.fromkeys(session.state.components, impact)
    entries: list[Entry] = [
        Update(at=session.at, audience=a, phase=phase, text=text or reason or _TEXTS[act], components=states or None)
        for a in audiences
    ]
    entries.append(status)
    done = session.do(entries, f"maintenance {name_of(session.lifecycle, status.to).lower()}")
    off = _off_plan(session, act)
    return replace(done, warnings=(*((off,) if off else ()), *done.warnings))


def _off_plan(session: IncidentSession, act: MaintenanceAct) -> str | None:
    """A warning where a step is taken outside of the planned window; None where it is not, or nothing is planned."""
    window = session.record.card.scheduled
    if window is None or act == "cancel":
        return None
    due = window.start if act == "start" else window.end
    if session.at < window.start - _LEEWAY:
        how = f"{_length(window.start - session.at)} early"
    elif session.at > window.end + _LEEWAY:
        how = f"{_length(session.at - due)} late"
    else:
        return None
    zone = zone_of(session.workspace.config.page.time_zone)
    return f"planned for {_window(window, zone)}; it is {how}"


def _window(window: Window, zone: ZoneInfo) -> str:
    """Tue 2026-12-01 10:00-12:00 CET, by the clock of the page."""
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    until = "-" if start.date() == end.date() else f" {start:%Z} to {end:%a %Y-%m-%d} "
    return f"{start:%a %Y-%m-%d %H:%M}{until}{end:%H:%M %Z}"


def _length(length: timedelta) -> str:
    """A length of time in its largest unit, rounded: 3 days."""
    minutes = round(length.total_seconds() / 60)
    for name, size in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes >= size:
            number = round(minutes / size)
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "less than a minute"


def _only_open(workspace: Workspace) -> str:
    """The one maintenance that is not over, else SEVLOG_INCIDENT. Raises NotFound with the candidates.

    An incident named there is not meant by a command for maintenances, another maintenance may be.
    """
    open_ones = [s for s in lookup.live_states(workspace) if s.card.kind == "maintenance"]
    named = lookup.from_environment(workspace)
    if len(open_ones) == 1:
        if named is not None and workspace.record(named).card.kind == "maintenance":
            lookup.require_same(workspace, named, open_ones[0].id, "open maintenance")
        return open_ones[0].id
    if named:
        return named
    raise NotFound(
        f"{len(open_ones)} maintenance windows are open: choose one" if open_ones else "no maintenance is open",
        *(lookup.option(s.id, s.card.title, s.status) for s in open_ones),
        "" if open_ones else "plan one: sevlog maintenance schedule TITLE --start TIME --end TIME --component KEY",
        details={"candidates": [s.id for s in open_ones]},
    )
