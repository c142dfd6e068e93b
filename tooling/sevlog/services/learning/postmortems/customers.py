"""The postmortem for customers: drafted from public facts, looked through, and published with an update."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from ....errors import Refused
from ....model.public import postmortem_text
from ....model.public.components import directory
from ....model.public.publication import published, why_hidden
from ....model.rules.text import findings_of, stated
from ....model.timeline.entries import Note, Update
from ....model.timeline.entry_parts import Entry
from ....model.timeline.incident import PublicPostmortem
from ....model.vocabulary import instant
from ....stores import layout
from ....stores.markdown import frontmatter
from ....stores.records import codec
from ....stores.yaml import io as yaml_io
from ...common.outcome import Outcome
from ...common.pictures import UnfitPicture, picture
from ...recording.incident_session import IncidentSession
from ...recording.recorder import Options
from ...recording.secret_guard import refuse_public
from ...workspace.workspace import Workspace
from .states import PUBLISH, found_in, take

_ANNOUNCED = "The postmortem of this incident is published: what happened, why, and what we change."
"""The text of the update where the front matter has no `summary`."""


def draft(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Write postmortem.public.md from what customers know already: title, updates, times, components."""
    session = IncidentSession(workspace, incident, options, learning=True)
    path = _path(session)
    _require_not_restricted(session)
    if (workspace.home(session.record.id) / path).exists():
        raise Refused(f"{path} exists already", f"edit it, or remove it first: git rm {path}")
    view = published(session.record, workspace.config, session.at)
    if view is None:
        why = why_hidden(session.state) or "it is not on the page"
        raise Refused(
            f"customers do not see {session.record.id}: {why}",
            f'send an update first: sevlog update -i {session.record.id} --title "…" "…"',
        )
    listed = directory(workspace.config).by_key
    names = {listed[known.key].id: known.name for known in workspace.config.components if known.key in listed}
    body = postmortem_text.draft(view.incident, names, workspace.config.page.time_zone)
    front = yaml_io.dump(codec.plain(PublicPostmortem(title=view.incident.name)))
    note = Note(at=session.at, text="Postmortem for customers drafted.")
    publish_it = (
        f"answer its questions and add a `summary` in {path}, commit it, "
        f"then: sevlog postmortem publish -i {session.record.id}"
    )
    files = {path: frontmatter.join(front, body)}
    return session.do([note], "postmortem: public draft", files=files, hints=(publish_it,))


def publish(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Let customers read postmortem.public.md, and tell those who follow the incident."""
    session = IncidentSession(workspace, incident, options, learning=True)
    found_in(session, PUBLISH)
    _require_not_restricted(session)
    path, body = str(_path(session)), session.record.public_postmortem_text or ""
    again = f"sevlog postmortem publish -i {session.record.id}"
    if not body.strip():
        raise Refused(
            f"{session.record.id} has no public postmortem: {path} is missing or empty",
            f"draft it: sevlog postmortem public -i {session.record.id}; write it, commit it, then: {again}",
        )
    empty = postmortem_text.unanswered(body)
    if empty:
        listed = ", ".join(f"`{title}`" for title in empty)
        raise Refused(f"{path}: sections without words: {listed}", f"write or remove them, commit, then: {again}")
    _require_pictures(session, path, body, again)
    refuse_public(session.record.id, path, body)
    warnings = tuple(_looked_through(session, path, body, again))
    note = Note(at=session.at, text="Postmortem published.")
    values = {"published_at": instant(session.at)}
    return take(session, PUBLISH, values, [note, *_announcement(session)], *warnings)


def _require_pictures(session: IncidentSession, path: str, body: str, again: str) -> None:
    """Raise Refused for the first picture that cannot be published."""
    for name in postmortem_text.local_images(body):
        try:
            picture(session.workspace.home(session.record.id), session.record.id, name)
        except UnfitPicture as error:
            raise Refused(
                f"{path}: picture `{name}` cannot be published: {error}", f"correct it, commit, then: {again}"
            ) from None
        except ModuleNotFoundError as error:
            raise Refused(f"{path}: pictures need the Python package {error.name}", "install sevlog[site]") from None


def _looked_through(session: IncidentSession, path: str, body: str, again: str) -> Iterator[str]:
    """The warnings of the lint about the text. Raises Refused where it found an error."""
    workspace = session.workspace
    text = Update(at=session.at, audience="public", phase="postmortem", text=body)
    found = findings_of(session.state, workspace.config, workspace.oncall, text)
    errors = [finding for finding in found if finding.gravity == "error"]
    if errors:
        lines = list(stated(errors))
        raise Refused(f"{path}:{lines[0]}", *lines[1:], f"correct it, commit it, then: {again}")
    for line in stated(f for f in found if f.rule != "length"):
        yield f"{path}:{line}"


def _announcement(session: IncidentSession) -> Iterator[Entry]:
    """The update with Statuspage's phase `postmortem`, where customers see the incident."""
    if why_hidden(session.state) is not None or session.record.card.kind == "maintenance":
        return
    front = session.record.public_postmortem
    yield Update(
        at=session.at, audience="public", phase="postmortem", text=(front.summary if front else None) or _ANNOUNCED
    )


def _require_not_restricted(session: IncidentSession) -> None:
    if session.record.card.visibility == "restricted":
        raise Refused(f"{session.record.id} is restricted and must not be published", "sevlog show")


def _path(session: IncidentSession) -> PurePosixPath:
    return layout.folder_of(session.record.id) / layout.PUBLIC_POSTMORTEM_FILE
