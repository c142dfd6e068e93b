"""Drafts of postmortems: the template of the type or a named one, with the facts of the record in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

from msgspec.structs import replace

from ....model.config.settings import duration
from ....model.learning.postmortem.sections import filled
from ....model.learning.postmortem.source import Source
from ....model.timeline.entries import in_order
from ....model.timeline.entry_parts import Entry
from ....model.timeline.incident import Postmortem, Record
from ....model.timeline.state import State
from ....stores import layout
from ....stores.markdown import frontmatter
from ....stores.markdown.postmortem_templates import DEFAULT, exists, template_text
from ....stores.markdown.problem_records import read_problem_records
from ....stores.records import codec
from ....stores.yaml import io as yaml_io
from ...workspace.workspace import Workspace


def source_of(workspace: Workspace, record: Record, state: State, *, now: datetime | None = None) -> Source:
    """What the text of a postmortem is made from."""
    return Source(
        state=state,
        config=workspace.config,
        now=now or workspace.clock(),
        people={person.key: person.name for person in workspace.oncall.people if person.name},
        problems=tuple(
            f"{known.title} (problems/{known.key}.md, {known.status})"
            for known in read_problem_records(workspace.root)
            if record.id in known.incidents
        ),
    )


def state_with(workspace: Workspace, record: Record, entries: Sequence[Entry], by: str) -> State:
    """The state after entries that are about to be recorded."""
    signed = [replace(entry, by=entry.by or by) for entry in entries]
    return workspace.state(replace(record, entries=tuple(sorted((*record.entries, *signed), key=in_order))))


def draft_postmortem(
    workspace: Workspace,
    record: Record,
    state: State,
    *,
    owner: str,
    resolved_at: datetime,
    template: str | None = None,
    every: bool = False,
) -> tuple[dict[PurePosixPath, str], str | None]:
    """postmortem.md as a draft, and its due date: owner, date by the severity's policy, template of the type.

    state: with what is recorded together with the draft. every: the timeline shows all entries.
    Raises NotFound for a template that does not exist, InvalidRecord for one that cannot be read.
    """
    config = workspace.config
    severity = config.severity(state.severity)
    chosen = config.incident_type(record.card.type)
    name = template or template_of(workspace, record)
    text = template_text(workspace.root, name)
    due = None
    if severity and severity.postmortem_within:
        due = f"{resolved_at + duration(severity.postmortem_within):%Y-%m-%d}"
    front = Postmortem(
        status="draft",
        template=name,
        owner=owner,
        due=due,
        authors=(owner,),
        reviewers=chosen.reviewers if chosen else (),
    )
    body = filled(text, source_of(workspace, record, state, now=resolved_at))
    if every:
        body = body.replace("<!-- sevlog:timeline -->", "<!-- sevlog:timeline all -->")
    path = layout.folder_of(record.id) / layout.POSTMORTEM_FILE
    return {path: frontmatter.join(yaml_io.dump(codec.plain(front)), body)}, due


def usable_template(workspace: Workspace, record: Record) -> tuple[str, tuple[str, ...]]:
    """The template of the incident type; where it does not exist, the default and a warning: resolving cannot wait."""
    name = template_of(workspace, record)
    if exists(workspace.root, name):
        return name, ()
    return DEFAULT, (
        f"postmortem template `{name}` does not exist, so `{DEFAULT}` was used (sevlog check sevlog.yaml)",
    )


def template_of(workspace: Workspace, record: Record) -> str:
    """The template of the incident type, else the default."""
    chosen = workspace.config.incident_type(record.card.type)
    return (chosen.postmortem_template if chosen else None) or DEFAULT
