"""Whether a repository sends anything, and whether an act may concern anybody: asked after every command."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...stores import layout

if TYPE_CHECKING:
    from ..common.outcome import Outcome
    from ..workspace.workspace import Workspace

_UPDATES = frozenset({"update", "correction", "retraction", "redaction"})
"""Kinds of entries that the communication plan sends somewhere."""
_PERSONAL = frozenset({"assigned", "handover", "status", "submission"})
"""Kinds of entries that people in the response hear of, and the submission of a postmortem to its reviewers."""


def may_send(workspace: Workspace) -> bool:
    """Whether the repository has routes, channels, contact points or escalation policies: then it has a ledger."""
    if not workspace.git.present:
        return False
    return has_plan(workspace) or bool(workspace.config.notify.routes) or has_contacts(workspace, b"escalations:")


def has_plan(workspace: Workspace) -> bool:
    """Whether channels or lists of the communication plan have addresses."""
    return bool(workspace.config.notify.channels or workspace.config.notify.lists)


def has_contacts(workspace: Workspace, *besides: bytes) -> bool:
    """Whether oncall.yaml speaks of contact points, or of something else; without making sense of it."""
    path = workspace.root / layout.ONCALL_FILE
    text = path.read_bytes() if path.is_file() else b""
    return any(word in text for word in (b"contact:", b"messages:", *besides))


def concerns(workspace: Workspace, acted: Iterable[Outcome]) -> list[Outcome]:
    """The acts that somebody may have to hear of."""
    if workspace.config.notify.routes:
        return list(acted)
    kinds = (_UPDATES if has_plan(workspace) or has_contacts(workspace) else frozenset[str]()) | (
        _PERSONAL if has_contacts(workspace) else frozenset[str]()
    )
    return [one for one in acted if kinds and any(_kind(one, entry) in kinds for entry in one.entries)]


def _kind(done: Outcome, entry: str) -> str:
    from ...model.learning.postmortem.review import submits
    from ...model.timeline.entries import kind_of

    item = done.state.item(entry)
    if item is None:
        return ""
    return "submission" if submits(item.entry) else kind_of(item.entry)
