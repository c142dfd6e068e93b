"""Edits of postmortem.md: read, checked and recorded as one act, with what was changed by hand before."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct, structs

from ....errors import InvalidRecord, NotFound, Refused, UsageError
from ....model.learning.postmortem.review import text_changed
from ....model.learning.postmortem.sections import changed_sections
from ....model.timeline.entries import Note
from ....model.timeline.incident import Postmortem
from ....stores import files, layout
from ....stores.markdown import frontmatter
from ....stores.records import card_edits
from ....stores.records.diagnosis import diagnose
from ....stores.yaml import io as yaml_io
from ...common.outcome import Outcome
from ...recording.incident_session import IncidentSession, where
from ...recording.recorder import Options
from ...workspace import lookup
from ...workspace.workspace import Workspace

_CONFLICT = re.compile(r"^(<{7}|>{7})(?= |\r?$)", re.MULTILINE)
_BY_COMMANDS = ("status", "approved_by", "approved_text", "published_at", "reason")


class Opened(Struct, frozen=True, kw_only=True):
    """A postmortem that somebody edits. text: as it is on the disk, with changes that are not committed yet."""

    incident: str
    path: PurePosixPath
    file: Path
    text: str


def opened(workspace: Workspace, incident: str | None) -> Opened:
    """The postmortem of an incident, readable or not. Raises NotFound, or InvalidRecord where it is not a text."""
    name = lookup.resolve(workspace, incident, learning=True)
    path = layout.folder_of(name) / layout.POSTMORTEM_FILE
    file = workspace.home(name) / path
    try:
        data = files.read_plain(file, yaml_io.MAX_BYTES)
    except FileNotFoundError:
        raise NotFound(f"{name} has no postmortem", f"sevlog postmortem new -i {name}") from None
    except OSError as error:
        raise InvalidRecord(f"{path} cannot be read: {error.strerror}", f"sevlog check {path}") from None
    if len(data) > yaml_io.MAX_BYTES:
        raise InvalidRecord(f"{path} is larger than {yaml_io.MAX_BYTES // 1024} KiB", _move_data(name))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRecord(f"{path} is not UTF-8 (byte {error.start})", f"iconv -t UTF-8 {path}") from None
    return Opened(incident=name, path=path, file=file, text=text)


def edit(workspace: Workspace, incident: str, text: str, options: Options) -> Outcome:
    """Record a new text of the postmortem. Lines end with a line feed in the file.

    Raises InvalidRecord for a text that could not be read again, Refused where it sets what commands set, UsageError
    where nothing changed.
    """
    session = IncidentSession(workspace, incident, options, learning=True)
    path = layout.folder_of(session.record.id) / layout.POSTMORTEM_FILE
    text = text.replace("\r\n", "\n").strip("\n") + "\n"
    _check(session, path, text)
    before = _committed(workspace, session.record.id, path)
    if text == before and not text_changed(session.record):
        raise UsageError(f"nothing changed in {path}", "save the text in the editor, or give it with --file PATH")
    after = _front(text)
    if after is None:
        raise InvalidRecord(f"{path}:1: the front matter cannot be read", f"sevlog check {path}")
    _require_own_keys(session, _front(before) if before is not None else None, after)
    values = _values(session, after, frontmatter.split(text.encode())[1])
    text = card_edits.set_front_matter(text, values)
    changed = changed_sections(before or "", text)
    what = f": {', '.join(changed)}" if changed else ""
    entry = Note(at=session.at, text=f"Postmortem edited{what}.")
    void = "approved_text" in values
    again = f"approvals of the earlier text are void: sevlog postmortem approve -i {session.record.id}"
    submit = f"when it is complete, submit it for review: sevlog postmortem submit -i {session.record.id}"
    is_draft = after.status == "draft"
    return _recorded(session, path, text, entry, again if void else submit if is_draft else None)


def _values(session: IncidentSession, after: Postmortem, body: str) -> dict[str, object]:
    """The keys that the edit sets: the editor is an author from now on, and approvals of another text are void."""
    person = session.who.person
    values: dict[str, object] = {} if person in after.authors else {"authors": [*after.authors, person]}
    now = structs.replace(session.record, postmortem=after, postmortem_text=body)
    if after.status in ("in_review", "approved") and text_changed(now):
        values |= {"status": "in_review", "approved_by": None, "approved_text": None}
    return values


def _recorded(session: IncidentSession, path: PurePosixPath, text: str, entry: Note, hint: str | None) -> Outcome:
    """Record the text, also where the file has changes that are not committed: they are part of this edit."""
    root, options = session.workspace.root, session.options
    file = session.workspace.home(session.record.id) / path
    before = file.read_bytes()
    own = file == root / path and options.commit and not options.dry_run
    if own:
        files.write_whole(file, text.encode())
    try:
        hints = (hint,) if hint else ()
        there = frozenset({str(path)})
        return session.do([entry], "postmortem: edited", files={path: text}, replaced=there, hints=hints)
    except BaseException:
        if own:
            files.write_whole(file, before)
        raise


def _check(session: IncidentSession, path: PurePosixPath, text: str) -> None:
    """Raise InvalidRecord for a text with conflict markers, without front matter that can be read, or too large."""
    incident = session.record.id
    if len(text.encode()) > yaml_io.MAX_BYTES:
        raise InvalidRecord(f"{path} would be larger than {yaml_io.MAX_BYTES // 1024} KiB", _move_data(incident))
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        raise InvalidRecord(
            f"{path}:{line}: conflict marker `{conflict[1]}`", "choose one side, and remove the markers"
        )
    if not text.startswith("---\n"):
        raise InvalidRecord(
            f"{path}:1: the front matter is missing", "keep the lines between the two `---` at the top of the file"
        )
    problem = next(iter(diagnose(str(path), text.encode(), "postmortem")), None)
    if problem is not None:
        raise InvalidRecord(f"{where(problem)}: {problem.message}", problem.hint or "")


def _move_data(incident: str) -> str:
    return f"move data to {layout.folder_of(incident) / layout.EVIDENCE}, and link it"


def _committed(workspace: Workspace, incident: str, path: PurePosixPath) -> str | None:
    """The text that is committed; None where the file is new, or there is no git."""
    if workspace.home(incident) != workspace.root:
        return (workspace.home(incident) / path).read_text("utf-8")
    git = workspace.git
    if not git.present:
        return None
    shown = git.run("show", f"HEAD:{git.prefix}{path}", check=False)
    return shown.stdout.decode("utf-8", "replace") if shown.returncode == 0 else None


def _front(text: str) -> Postmortem | None:
    """The front matter; None where it cannot be read."""
    try:
        return msgspec.convert(yaml_io.read(frontmatter.split(text.encode())[0]), Postmortem)
    except (frontmatter.FrontMatterError, yaml_io.YamlError, msgspec.ValidationError):
        return None


def _require_own_keys(session: IncidentSession, before: Postmortem | None, after: Postmortem) -> None:
    """Raise Refused where the edit sets a key that only commands set."""
    if before is None:
        return
    changed = [key for key in _BY_COMMANDS if getattr(before, key) != getattr(after, key)]
    if changed:
        raise Refused(
            f"the edit changes `{changed[0]}` in the front matter, which commands set",
            f"keep its value, then: sevlog postmortem submit, approve, publish or waive -i {session.record.id}",
        )
