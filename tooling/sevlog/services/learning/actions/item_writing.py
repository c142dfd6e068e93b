"""Writes an action item: the changed actions.yaml and the note about it, as one commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from ....errors import InvalidRecord
from ....model.timeline.entries import Note
from ....model.timeline.entry_parts import Evidence
from ....model.timeline.incident import ActionItem
from ....stores import layout
from ....stores.records import action_edits
from ...common.outcome import Outcome
from ...recording.incident_session import IncidentSession


def write_changes(
    session: IncidentSession,
    item: ActionItem,
    keys: Mapping[str, object],
    summary: str,
    more: str = "",
    *,
    evidence: tuple[Evidence, ...] = (),
    hints: tuple[str, ...] = (),
) -> Outcome:
    """Change keys of an item. more: added to the note, not to the commit."""
    text = text_of_actions(session)
    if text is None:
        raise InvalidRecord(f"{path_of_actions(session)} cannot be read", f"sevlog check {path_of_actions(session)}")
    plain = {
        {"class_": "class"}.get(key, key): list(value) if isinstance(value, tuple) else value
        for key, value in keys.items()
    }
    changed = action_edits.with_changes(text, item.id, plain)
    return write(session, changed, summary, f"Action item {summary}{more}", evidence=evidence, hints=hints)


def write(
    session: IncidentSession,
    text: str,
    summary: str,
    said: str,
    *,
    evidence: tuple[Evidence, ...] = (),
    hints: tuple[str, ...] = (),
) -> Outcome:
    path = path_of_actions(session)
    there = (session.workspace.home(session.record.id) / path).exists()
    return session.do(
        [Note(at=session.at, text=said, evidence=evidence)],
        f"action {summary}",
        files={path: text},
        replaced=frozenset({str(path)}) if there else frozenset(),
        hints=hints,
    )


def text_of_actions(session: IncidentSession) -> str | None:
    """What actions.yaml says. Raises InvalidRecord where it has mistakes: an edit must not build on them."""
    path = path_of_actions(session)
    wrong = next((problem for problem in session.unreadable if problem.path == str(path)), None)
    if wrong is not None:
        raise InvalidRecord(f"{path}: {wrong.message}", wrong.hint or "", f"sevlog check {path}")
    file = session.workspace.home(session.record.id) / path
    return file.read_bytes().decode() if file.is_file() else None


def path_of_actions(session: IncidentSession) -> PurePosixPath:
    return layout.folder_of(session.record.id) / layout.ACTIONS_FILE
