"""Makes our acts again on top of what others recorded: judged anew by the fold, renamed where a name was taken."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ..errors import Refused
from ..model.entries import Entry, entry_id, kind_of
from ..model.incident import Record
from ..model.problem import Problem
from ..model.replay import replay
from ..stores import commits, edits, layout, records, transaction
from ..stores.commits import Change
from .workspace import Workspace


class NotAnAct(Exception):
    """A commit that is no act of sevlog, so it cannot simply be made again elsewhere."""


class Dropped(Struct, frozen=True, kw_only=True):
    """An act that others made illegal: what it wanted, what stands against it, and who did what in between."""

    commit: str
    incident: str
    subject: str
    objections: tuple[Problem, ...]
    meanwhile: tuple[str, ...]

    def refusal(self) -> Refused:
        """The error that tells its author."""
        return Refused(
            f"{self.incident}: others were faster, and this is no longer possible: "
            + ("; ".join(p.message for p in self.objections) or "they changed the same file"),
            *(f"meanwhile: {text}" for text in self.meanwhile),
            *(p.hint or "" for p in self.objections),
            f"nothing of it was kept; see where it stands: sevlog show -i {self.incident}",
            details={"dropped": self.subject, "meanwhile": list(self.meanwhile)},
        )


class Sync(Struct, frozen=True, kw_only=True):
    """What sending did. sent: how many acts were put on top of others' commits; received: whether those came in.

    pushed: None where it was not tried. incidents, entries: what had to be renamed, old -> new.
    """

    sent: int = 0
    received: bool = False
    pushed: bool | None = None
    tip: str | None = None
    dropped: tuple[Dropped, ...] = ()
    incidents: dict[str, str] = {}
    entries: dict[str, str] = {}
    warnings: tuple[str, ...] = ()


class Replanted(Struct, frozen=True, kw_only=True):
    """The new tip, how many acts were made again, what was dropped, and what had to be renamed (old -> new)."""

    tip: str
    made: int = 0
    dropped: tuple[Dropped, ...] = ()
    incidents: dict[str, str] = {}
    entries: dict[str, str] = {}


def replant(workspace: Workspace, base: str, changes: list[Change], *, sign: bool) -> Replanted:
    """Our changes, one after the other, on top of `base`. Raises NotAnAct before anything is made."""
    for change in changes:
        _require_act(workspace, change)
    done = Replanted(tip=base)
    for change in changes:
        done = _one(workspace, done, change, sign)
    return done


def _require_act(workspace: Workspace, change: Change) -> None:
    prefix = f"{workspace.git.prefix}{layout.INCIDENTS}/"
    paths = [*change.added, *change.changed, *change.removed]
    ours = "Incident" in change.trailers and len(change.parents) == 1 and not change.removed
    if not ours or not all(path.startswith(prefix) for path in paths):
        subject = change.message.partition("\n")[0]
        raise NotAnAct(f"the commit {change.commit[:10]} ({subject}) is not an act of sevlog")


def _one(workspace: Workspace, done: Replanted, change: Change, sign: bool) -> Replanted:
    git = workspace.git
    wanted = change.trailers["Incident"][0]
    incident = done.incidents.get(wanted, wanted)
    there = commits.files_below(git, done.tip, _folder(workspace, incident))
    card = f"{_folder(workspace, incident)}/{layout.CARD_FILE}"
    if there and any(path.endswith(f"/{layout.CARD_FILE}") for path in change.added):
        incident = _free_id(workspace, done.tip, incident)
        done = replace(done, incidents={**done.incidents, wanted: incident})
        there, card = {}, f"{_folder(workspace, incident)}/{layout.CARD_FILE}"
    moved = {_renamed(workspace, path, wanted, incident): blob for path, blob in change.added.items()}
    edited = {_renamed(workspace, path, wanted, incident): blob for path, blob in change.changed.items()}
    stale = [
        path for path in edited if path in there and there[path] != _before(workspace, change, path, wanted, incident)
    ]
    message = change.message.replace(wanted, incident) if incident != wanted else change.message
    moved, renamed = _told_apart(workspace, moved, there, change)
    for old, new in renamed.items():
        message = message.replace(f"Entry: {old}\n", f"Entry: {new}\n")
    blobs = {**moved, **edited}
    objections = [] if not there and card in moved else _objections(workspace, incident, there, blobs)
    if stale or objections:
        return _drop(workspace, done, change, incident, there, objections)
    tip = commits.commit_on(git, done.tip, blobs, message, change.author, sign=sign, durable=transaction.DURABLE)
    return replace(done, tip=tip, made=done.made + 1, entries={**done.entries, **renamed})


def _folder(workspace: Workspace, incident: str) -> str:
    return f"{workspace.git.prefix}{layout.folder_of(incident)}"


def _renamed(workspace: Workspace, path: str, wanted: str, incident: str) -> str:
    if wanted == incident:
        return path
    return path.replace(f"{_folder(workspace, wanted)}/", f"{_folder(workspace, incident)}/", 1)


def _before(workspace: Workspace, change: Change, path: str, wanted: str, incident: str) -> str | None:
    """What a path held before our change, to see whether others changed it too."""
    original = _renamed(workspace, path, incident, wanted)
    return commits.files_below(workspace.git, change.parents[0], _folder(workspace, wanted)).get(original)


def _free_id(workspace: Workspace, tip: str, incident: str) -> str:
    number = 2
    while commits.files_below(workspace.git, tip, _folder(workspace, f"{incident}-{number}")):
        number += 1
    return f"{incident}-{number}"


def _told_apart(
    workspace: Workspace, added: Mapping[str, str], there: Mapping[str, str], change: Change
) -> tuple[dict[str, str], dict[str, str]]:
    """Entries whose file name someone else took meanwhile get a name and an id of their own."""
    result: dict[str, str] = {}
    renamed: dict[str, str] = {}
    for path, blob in added.items():
        if path not in there or there[path] == blob:
            result[path] = blob
            continue
        folder, _, name = path.rpartition("/")
        old = name.removesuffix(".yaml")
        new = f"{old}-{change.commit[:4]}"
        text = workspace.git.run("cat-file", "blob", blob).stdout.decode()
        data = edits.set_key(text, "id", new, after="by").encode()
        result[f"{folder}/{new}.yaml"] = commits.store_blob(workspace.git, data)
        renamed[old] = new
    return result, renamed


def _objections(
    workspace: Workspace, incident: str, there: Mapping[str, str], ours: Mapping[str, str]
) -> list[Problem]:
    """The errors that our files bring to the incident as others left it."""
    theirs = _record(workspace, incident, there)
    both = _record(workspace, incident, {**there, **ours})
    if both is None or theirs is None:
        return []
    known = {(p.code, p.entry, p.message) for p in replay(theirs, workspace.config).problems}
    found = replay(both, workspace.config).problems
    return [p for p in found if p.severity == "error" and (p.code, p.entry, p.message) not in known]


def _record(workspace: Workspace, incident: str, blobs: Mapping[str, str]) -> Record | None:
    with tempfile.TemporaryDirectory(prefix="sevlog-") as spare:
        commits.materialise(workspace.git, blobs, Path(spare))
        root = Path(spare) / workspace.git.prefix
        if not (root / layout.folder_of(incident)).is_dir():
            return None
        return records.read_incident(root, incident).record


def _drop(
    workspace: Workspace, done: Replanted, change: Change, incident: str, there: Mapping[str, str],
    objections: list[Problem],
) -> Replanted:  # fmt: skip
    before = commits.files_below(workspace.git, change.parents[0], _folder(workspace, incident))
    new = {path: blob for path, blob in there.items() if before.get(path) != blob}
    record = _record(workspace, incident, there)
    told: tuple[str, ...] = ()
    if record is not None:
        names = {Path(path).stem for path in new}
        told = tuple(_told(entry) for entry in record.entries if entry_id(entry) in names)
    dropped = Dropped(
        commit=change.commit, incident=incident, subject=change.message.partition("\n")[0],
        objections=tuple(objections), meanwhile=told,
    )  # fmt: skip
    return replace(done, dropped=(*done.dropped, dropped))


def _told(entry: Entry) -> str:
    """Who did what, in a line."""
    what = getattr(entry, "to", None) or entry.text or ""
    return f"{entry.at:%H:%M:%S}Z {entry.by or 'someone'}: {kind_of(entry).replace('_', ' ')} {what}".rstrip()
