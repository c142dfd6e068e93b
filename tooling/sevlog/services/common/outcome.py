"""What an act did: its entries, the state after it, the files and the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from . import documents

if TYPE_CHECKING:
    from ...model.guidance.role_cards import RoleCard
    from ...model.timeline.state import State


class Outcome(Struct, frozen=True, kw_only=True):
    """What an act did. `commit` is None for --no-commit and --dry-run; `files` are relative paths with their text.

    attached: files given as evidence, by relative path.
    replaced, removed: the paths of files that were there before, and of those that went.
    cards: of those who got a role. times: those that were typed, as understood.
    """

    incident: str
    summary: str
    entries: tuple[str, ...]
    state: State
    files: dict[str, str]
    message: str
    commit: str | None = None
    dry_run: bool = False
    pushed: bool | None = None
    warnings: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    attached: dict[str, bytes] = {}
    replaced: frozenset[str] = frozenset()
    removed: tuple[str, ...] = ()
    cards: tuple[RoleCard, ...] = ()
    times: tuple[str, ...] = ()


def acted(done: Outcome) -> documents.Acted:
    """What an act did."""
    state = done.state
    return documents.Acted(
        schema=documents.SCHEMA,
        id=done.incident,
        incident=done.incident,
        summary=done.summary,
        entries=list(done.entries),
        status=state.status,
        severity=state.severity,
        priority=state.priority,
        commit=done.commit,
        pushed=done.pushed,
        dry_run=done.dry_run,
        files=sorted({*done.files, *done.attached}),
        removed=list(done.removed),
        contents=dict(done.files) if done.dry_run else None,
        message=done.message,
        warnings=list(done.warnings),
        hints=list(done.hints),
        state=documents.brief(state),
        cards=list(done.cards),
    )
