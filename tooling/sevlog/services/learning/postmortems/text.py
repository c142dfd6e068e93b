"""The text of a postmortem as readers see it: the blocks of the record in place of their markers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from ....errors import NotFound
from ....model.learning.postmortem.markers import rendered
from ....model.timeline.incident import Postmortem, Record
from ....stores import layout
from ...common.documents import SCHEMA
from ...workspace import lookup
from ...workspace.workspace import Workspace
from .drafts import source_of


class PostmortemText(Struct, frozen=True, kw_only=True):
    """`sevlog postmortem show --json`."""

    schema: str
    id: str
    path: str
    status: str
    front_matter: Annotated[Postmortem, Meta(description="The front matter of postmortem.md.")]
    text: Annotated[str, Meta(description="The text in Markdown, with the blocks that come from the record.")]


def shown(workspace: Workspace, incident: str | None, *, every: bool = False) -> PostmortemText:
    """The postmortem of an incident, rendered. every: with the whole timeline. Raises NotFound where there is none."""
    record, front = found(workspace, incident)
    source = source_of(workspace, record, workspace.state(record))
    return PostmortemText(
        schema=SCHEMA,
        id=record.id,
        path=str(layout.folder_of(record.id) / layout.POSTMORTEM_FILE),
        status=front.status,
        front_matter=front,
        text=rendered(record.postmortem_text or "", source, every=every),
    )


def found(workspace: Workspace, incident: str | None) -> tuple[Record, Postmortem]:
    """An incident and the front matter of its postmortem. Raises NotFound where there is none."""
    record = workspace.record(lookup.resolve(workspace, incident, learning=True))
    path = layout.folder_of(record.id) / layout.POSTMORTEM_FILE
    if record.postmortem is not None:
        return record, record.postmortem
    if (workspace.home(record.id) / path).exists():
        raise NotFound(f"{path} cannot be read", f"sevlog check {path}")
    raise NotFound(f"{record.id} has no postmortem", f"sevlog postmortem new -i {record.id}")
