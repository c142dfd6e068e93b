"""The frames of an incident that is played again (`sevlog replay`)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct
from msgspec.structs import asdict

from ....errors import NotFound
from ....model.learning.playback import Frame, Mode, StateLine, frames
from ....model.timeline.entries import kind_of
from ....model.timeline.kinds.registry import one_line_of, with_names
from ....model.vocabulary import to_the_minute
from ...common.documents import SCHEMA
from ...workspace import lookup

if TYPE_CHECKING:
    from ....model.config.settings import Config, Lifecycle
    from ....model.timeline.incident import Record
    from ...workspace.workspace import Workspace


class ReplayFrame(Struct, kw_only=True):
    """One moment of the playback: an entry, or a promised update that became overdue (then `id` is null)."""

    at: Annotated[
        datetime, Meta(description="When it is shown; the wait before it is the difference, divided by speed.")
    ]
    elapsed: Annotated[float, Meta(description="Seconds since the first frame.")]
    id: str | None
    kind: Annotated[str, Meta(description="The entry's kind, or `overdue`.")]
    by: str | None
    happened_at: datetime
    late: Annotated[float, Meta(description="Seconds from when it happened until it became known.")]
    summary: str
    state: Annotated[StateLine, Meta(description="The state after it, as known at this moment (or as it was).")]
    overdue: Annotated[bool, Meta(description="Whether the next promised update was overdue at this moment.")]


class Replay(Struct, kw_only=True):
    """`sevlog replay --json`."""

    schema: str
    id: str
    title: str
    kind: str
    visibility: str
    mode: Annotated[Mode, Meta(description="as_known: by recording time. as_it_was: by time of the event, corrected.")]
    recording_times: Annotated[
        bool, Meta(description="false: imported, so nobody knows when its entries were recorded.")
    ]
    frames: list[ReplayFrame]
    until: Annotated[datetime, Meta(description="The time of the last entry of the whole incident.")]


def replayed(workspace: Workspace, incident: str | None, mode: Mode) -> Replay:
    """All frames of an incident. Raises NotFound for an unknown incident, or one without entries."""
    record = workspace.record(lookup.resolve(workspace, incident))
    return of_record(record, workspace.config, mode)


def of_record(record: Record, config: Config, mode: Mode) -> Replay:
    """All frames of a record. Raises NotFound where it has no entries."""
    lifecycle = config.lifecycle_for(record.card.kind, record.card.type)
    played = list(frames(record, config, mode))
    if not played:
        raise NotFound(f"{record.id} has no entries to replay", f"sevlog check incidents/{record.id[:4]}/{record.id}")
    start = played[0].at
    return Replay(
        schema=SCHEMA,
        id=record.id,
        title=record.card.title,
        kind=record.card.kind,
        visibility=record.card.visibility,
        mode=mode,
        recording_times=record.card.origin is None,
        frames=[_frame(frame, start, config, lifecycle) for frame in played],
        until=played[-1].at,
    )


def between(replay: Replay, start: datetime | None, end: datetime | None) -> Replay:
    """The frames from one time to another, both included. Raises NotFound where there are none."""
    kept = [f for f in replay.frames if (start is None or f.at >= start) and (end is None or f.at <= end)]
    if not kept:
        first, last = to_the_minute(replay.frames[0].at), to_the_minute(replay.until)
        raise NotFound(f"{replay.id} has no entry in this period", f"its entries are from {first} to {last}")
    return Replay(**{**asdict(replay), "frames": kept})


def _frame(frame: Frame, start: datetime, config: Config, lifecycle: Lifecycle) -> ReplayFrame:
    entry, due = frame.entry, frame.state.due_at
    if entry is None:
        kind, summary = "overdue", f"the promised {frame.state.due_to} update did not come"
    else:
        kind, summary = kind_of(entry), one_line_of(with_names(entry, config, lifecycle))
    return ReplayFrame(
        at=frame.at,
        elapsed=(frame.at - start).total_seconds(),
        id=frame.id,
        kind=kind,
        by=entry.by if entry else None,
        happened_at=entry.at if entry else frame.at,
        late=frame.late,
        summary=summary,
        state=frame.state,
        overdue=frame.overdue or (due is not None and due < frame.at),
    )
