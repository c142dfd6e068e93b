"""What a pull request says: title and body from the record, as plain words of which a forge makes nothing else."""

from __future__ import annotations

import re

from ....model.timeline.entries import entry_id
from ....model.timeline.incident import Record
from ....model.timeline.kinds.registry import one_line_of
from ....model.timeline.state import State
from ....model.vocabulary import instant, shortened
from ....stores import layout
from ....stores.git import replay_commits
from ....stores.history import pending_branches
from ...workspace.workspace import Workspace
from ..rebase import record_at

_MOST_ENTRIES = 60
_MOST_TITLE = 120
_MEANING = re.compile(r"([\\`*_{}\[\]()<>#+!|~-])")
_BREAK = "\u200b"
"""Between a sign and a name it keeps a forge from calling people (@) or linking issues (#)."""


def words_for(workspace: Workspace, branch: str, tip: str, base: str) -> tuple[str, str]:
    """Title and body of the request that asks to take `tip` into the main branch, where `base` is what that has."""
    incident = branch.removeprefix(pending_branches.OWN)
    record = record_at(workspace, tip, incident) if layout.INCIDENT_ID.fullmatch(incident) else None
    if record is None:
        message = replay_commits.read(workspace.git, tip).message
        subject, _, rest = message.partition("\n")
        return _cut(subject), _fenced(rest.strip())
    before = record_at(workspace, base, incident)
    state = workspace.state(record)
    return _title(state), _body(state, record, before)


def _title(state: State) -> str:
    level = state.severity or ("Maintenance" if state.card.kind == "maintenance" else "Triage")
    return _cut(f"{level}: {state.card.title}")


def _body(state: State, record: Record, before: Record | None) -> str:
    known = {entry_id(entry) for entry in before.entries} if before else set()
    new = [entry for entry in record.entries if entry_id(entry) not in known]
    facts = {
        "Incident": state.id,
        "Status": state.status,
        "Severity": state.severity,
        "Priority": state.priority,
        "Components": ", ".join(f"{key} ({impact})" for key, impact in state.components.items()),
        "Lead": state.lead,
    }
    lines = [f"> {_plain(state.card.summary)}", ""] if state.card.summary else []
    lines += [f"- {key}: {_plain(str(value))}" for key, value in facts.items() if value]
    rows = [f"{instant(e.at)}  {e.by or 'someone'}  {one_line_of(e) or e.__class__.__name__}" for e in new]
    more = [f"… and {len(rows) - _MOST_ENTRIES} more"] if len(rows) > _MOST_ENTRIES else []
    word = "entry" if len(rows) == 1 else "entries"
    lines += ["", f"{len(rows)} {word} when this was opened:", "", _fenced("\n".join([*rows[:_MOST_ENTRIES], *more]))]
    lines += [
        "",
        "This only adds entries, so requests can merge in any order; `sevlog check` says whether to merge it.",
    ]
    return "\n".join(lines) + "\n"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return shortened(line, _MOST_TITLE)


def _plain(text: str | None) -> str:
    escaped = _MEANING.sub(r"\\\1", " ".join((text or "").split()))
    return re.sub(r"(?<=[@#!&])(?=\w)", _BREAK, escaped)


def _fenced(text: str) -> str:
    """Text in a fence that nothing in it can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}" if text else ""
