"""Writes overrides and swaps into oncall.yaml: judged before, one commit, the rest of the file as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from ...adapters.holidays import public_holidays
from ...errors import Refused
from ...model.oncall import schedule_clock
from ...model.oncall.roster import OnCall
from ...model.problem import Problem
from ...model.rules.oncall_audit import Audit
from ...model.vocabulary import shortened
from ...stores import layout
from ...stores.git import transaction
from ...stores.git.transaction import NewCommit
from ...stores.yaml import append as yaml_append
from ...stores.yaml import io as yaml_io
from ..common import name_lookup
from ..common.documents import SCHEMA
from ..recording.file_edits import edit, send
from ..recording.recorder import Options, begin
from ..workspace.workspace import Workspace
from .covering import Cover, Wish, covers_of
from .documents import Overridden, StandIn
from .standing import Standing, of
from .times import utc

_SUBJECT = 100
_HINDRANCES = ("time_off_clash", "double_booking", "no_contact")


def override(workspace: Workspace, wish: Wish, options: Options) -> Overridden:
    """Record an override or a swap of two shifts, and send it. Changes of others are fetched first.

    Raises UsageError if the person, the time or the shift is missing. Raises Refused for a person who is away, on call
    elsewhere or cannot be reached (`--override CODE` passes it). Nothing is written then.
    """
    return edit(workspace, options, lambda here: _override(here, wish, options))


def _override(workspace: Workspace, wish: Wish, options: Options) -> Overridden:
    begin(workspace, options)
    try:
        held = of(workspace.config, workspace.oncall)
        key = name_lookup.choose("schedule", wish.schedule, (s.key for s in held.oncall.schedules))
        covers = covers_of(workspace, held, key, wish, options)
        text = (workspace.root / layout.ONCALL_FILE).read_bytes().decode()
        changed = _written(text, held.oncall, key, covers, wish)
        found = _hindrances(workspace, msgspec.convert(yaml_io.read(changed.encode()), OnCall), covers)
        _refuse([p for p in found if p.code not in options.overrides])
        warnings = [p.message for p in found] + _remarks(held, key, covers)
        done = _done(held, key, covers, wish, (text, changed), tuple(warnings), dry_run=options.dry_run)
        return done if options.dry_run else _store(workspace, done, changed, options)
    finally:
        workspace.close()


def _written(text: str, oncall: OnCall, key: str, covers: Sequence[Cover], wish: Wish) -> str:
    place = next(n for n, s in enumerate(oncall.schedules) if s.key == key)
    zone = schedule_clock.zone_of(oncall.schedules[place].time_zone)
    reason = wish.reason or ("swap" if wish.swap is not None else None)
    rows = [
        {
            "from": _local(c.start, zone),
            "to": _local(c.end, zone),
            "person": c.person,
            **({"reason": reason} if reason else {}),
        }
        for c in covers
    ]
    return yaml_append.appended(text, ("schedules", place), "overrides", rows)


def _local(at: int, zone: ZoneInfo) -> str:
    """A time by the schedule's clock; with its offset where the clock alone would mean another instant."""
    wall = schedule_clock.reading(at, zone)
    if schedule_clock.reached(wall, zone) == at:
        return wall.isoformat("T", "minutes" if wall.second == 0 else "seconds")
    return datetime.fromtimestamp(at, zone).isoformat("T", "minutes")


def _hindrances(workspace: Workspace, oncall: OnCall, covers: Sequence[Cover]) -> list[Problem]:
    """What speaks against these people in these periods."""
    found: dict[str, Problem] = {}
    for cover in covers:
        audit = Audit(workspace.config, oncall, public_holidays, cover.start, cover.end)
        for problem in audit.problems(*_HINDRANCES):
            if problem.message.startswith(f"{cover.person} "):
                found.setdefault(problem.message, problem)
    return list(found.values())


def _refuse(found: Sequence[Problem]) -> None:
    if found:
        raise Refused(
            "; ".join(p.message for p in found),
            *(f"to do it anyway: --override {code}" for code in dict.fromkeys(p.code for p in found)),
            details={"problems": [p.code for p in found]},
        )


def _remarks(held: Standing, key: str, covers: Sequence[Cover]) -> list[str]:
    """What is odd about the covers, and no hindrance."""
    said = []
    for cover in covers:
        pieces = held.rotas.pieces(key, cover.start, cover.end)
        rows = [p.duty for p in pieces if p.duty.layer is None]
        if not cover.instead_of and sum(p.end - p.start for p in pieces) == cover.end - cover.start:
            said.append(f"{cover.person} is already on call at that time")
        said += [f"this takes precedence over the override of {d.person}" for d in rows if d.person != cover.person]
    return list(dict.fromkeys(said))


def _done(
    held: Standing,
    key: str,
    covers: Sequence[Cover],
    wish: Wish,
    texts: tuple[str, str],
    warnings: tuple[str, ...],
    *,
    dry_run: bool,
) -> Overridden:
    schedule = held.oncall.schedule(key)
    zone = schedule_clock.zone_of(schedule.time_zone if schedule else "Etc/UTC")
    said = " and ".join(f"{c.person} from {_local(c.start, zone)} to {_local(c.end, zone)}" for c in covers)
    subject = f"oncall({key}): {'swap: ' if wish.swap is not None else ''}{said}"
    subject = shortened(subject, _SUBJECT)
    trailers = [f"Schedule: {key}", *(f"Person: {c.person}" for c in covers)]
    body = f"{wish.reason}\n\n" if wish.reason else ""
    return Overridden(
        schema=SCHEMA,
        schedule=key,
        commit=None,
        pushed=None,
        dry_run=dry_run,
        warnings=list(warnings),
        hints=[],
        overrides=[
            StandIn(person=c.person, since=utc(c.start), until=utc(c.end), instead_of=list(c.instead_of))
            for c in covers
        ],
        files={layout.ONCALL_FILE: texts[1]} if dry_run else {},
        time_zone=zone.key,
        diff=_difference(*texts),
        message=f"{subject}\n\n{body}" + "\n".join(trailers) + "\n",
    )


def _difference(before: str, after: str) -> str:
    from difflib import unified_diff

    name = layout.ONCALL_FILE
    return "\n".join(unified_diff(before.splitlines(), after.splitlines(), name, name, n=1, lineterm=""))


def _store(workspace: Workspace, done: Overridden, text: str, options: Options) -> Overridden:
    contents = {layout.ONCALL_FILE: text.encode()}
    if not options.commit:
        transaction.write_only(workspace.root, contents)
        return done
    topic = f"oncall/{done.schedule}-{done.overrides[0].since:%Y%m%dT%H%MZ}"
    new = NewCommit(done.message, contents, replaced=frozenset(contents))
    commit, sent = send(workspace, new, topic, options)
    return replace(
        done, commit=commit, pushed=sent.pushed, warnings=[*done.warnings, *sent.warnings], hints=list(sent.hints)
    )
