"""Starts a postmortem from a template, with what the record knows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path, PurePosixPath

from ..model.config import duration
from ..model.incident import Postmortem, Record
from ..model.state import State
from ..stores import codec, frontmatter, layout, yamlio
from .workspace import Workspace

DEFAULT_TEMPLATE = "atlassian"
_TEMPLATES = Path(__file__).parent.parent / "data" / "postmortems"


def template_text(name: str) -> str:
    """The text of a shipped template."""
    return (_TEMPLATES / f"{name}.md").read_text("utf-8")


def draft_postmortem(
    workspace: Workspace, record: Record, state: State, *, owner: str, resolved_at: datetime
) -> dict[PurePosixPath, str]:
    """postmortem.md as a draft: owner, due date by the severity's policy, the template of the incident's type."""
    config = workspace.config
    severity = config.severity(state.severity)
    chosen = config.incident_type(record.card.type)
    template = (chosen.postmortem_template if chosen else None) or DEFAULT_TEMPLATE
    due = None
    if severity and severity.postmortem_within:
        due = f"{resolved_at + duration(severity.postmortem_within):%Y-%m-%d}"
    front = Postmortem(
        status="draft", template=template, owner=owner, due=due, authors=(owner,),
        reviewers=chosen.reviewers if chosen else (),
    )  # fmt: skip
    path = layout.folder_of(record.id) / layout.POSTMORTEM_FILE
    try:
        text = template_text(template)
    except FileNotFoundError:
        text = template_text(DEFAULT_TEMPLATE)
    summary = record.card.summary or ""
    body = text.replace("{title}", record.card.title).replace("{summary}", summary)
    return {path: frontmatter.join(yamlio.dump(codec.plain(front)), body)}
