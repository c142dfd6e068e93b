"""The file of a draft: its front matter, how it is made from a message, and how it is read."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from ...errors import InvalidRecord
from ...model.comms.drafts import Waiting
from ...model.comms.plaintext import one_line
from ...model.comms.plan import plan_of
from ...model.comms.template_facts import span
from ...model.config.settings import duration
from ...model.forms import Duration
from ...model.guidance.comms_stages import audience_name
from ...model.rules.text import approvers
from ...model.timeline.entries import DRAFT_FILES, Task, Update
from ...model.timeline.entry_parts import Evidence
from ...model.vocabulary import Audience, Impact, Phase, shortened
from ...stores import files, layout
from ...stores.markdown import frontmatter
from ...stores.records import codec
from ...stores.yaml import io as yaml_io
from ..common.short_names import next_ref
from ..recording.incident_session import IncidentSession
from ..response.updates import Message

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_GIST = 80
"""How much of the text its task shows, in characters."""


class Sheet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The front matter of a draft's file."""

    audience: Audience
    phase: Phase
    components: dict[str, Impact] = {}
    next_in: Duration | None = None
    promise: bool = True
    title: str | None = None
    template: str | None = None
    follows: Annotated[bool, Meta(description="It was made from an update to customers.")] = False

    def message(self) -> Message:
        """The message that it becomes."""
        return Message(
            audience=self.audience,
            phase=self.phase,
            components=tuple(f"{k}={v}" for k, v in self.components.items()),
            next_in=duration(self.next_in) if self.next_in else None,
            promise=self.promise,
            title=self.title,
            template=self.template,
        )


class Drafted(Struct, frozen=True, kw_only=True):
    """A draft that is about to be recorded: its task, its file, and how it is sent."""

    task: Task
    path: PurePosixPath
    written: str
    hint: str


def drafted(session: IncidentSession, text: str, message: Message, update: Update, *, follows: bool = False) -> Drafted:
    """The draft of an update. follows: it was made from an update to customers."""
    plan = plan_of(session.workspace.config, session.state, update.audience, update.phase)
    asked = [p for p in approvers(session.state, plan) if p != session.who.person or plan.self_approval]
    ref = next_ref(session.state, "D")
    sheet = Sheet(
        audience=update.audience,
        phase=update.phase,
        components=dict(update.components or {}),
        next_in=_span(message),
        promise=message.promise,
        title=message.title,
        template=message.template,
        follows=follows,
    )
    file = f"{DRAFT_FILES}{ref}.md"
    gist = shortened(one_line(text), _GIST)
    task = Task(
        at=session.at,
        ref=ref,
        assignee=asked[0] if asked else None,
        evidence=(Evidence(file=file, label="the draft"),),
        text=f"Approve the text to {audience_name(update.audience)} ({update.phase.replace('_', ' ')}): {gist}",
    )
    send = f"sevlog approve -i {session.record.id} {ref}"
    who = f"{' or '.join(asked)} can send it" if asked else "no approval is required, so anybody can send it"
    late = f"; anybody can after {span(plan.approve_within)}" if asked and plan.approve_within else ""
    return Drafted(
        task=task,
        path=layout.folder_of(session.record.id) / file,
        written=frontmatter.join(yaml_io.dump(codec.plain(sheet)), text),
        hint=f"{who}{late}: {send}",
    )


def _span(message: Message) -> str | None:
    seconds = int(message.next_in.total_seconds()) if message.next_in else 0
    sizes = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
    return next((f"{seconds // size}{unit}" for size, unit in sizes if seconds % size == 0), None) if seconds else None


def read(workspace: Workspace, incident_id: str, draft: Waiting) -> tuple[Sheet, str]:
    """What a draft says. Raises InvalidRecord where its file cannot be read."""
    path = PurePosixPath(layout.folder_of(incident_id)) / draft.file
    try:
        data = files.read_plain(workspace.home(incident_id) / path, yaml_io.MAX_BYTES)
        matter, text = frontmatter.split(data)
        return msgspec.convert(yaml_io.read(matter) or {}, Sheet), text.strip()
    except (OSError, frontmatter.FrontMatterError, msgspec.ValidationError, yaml_io.YamlError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidRecord(f"{path} cannot be read: {said}", "write it again: sevlog update … --draft") from None
