"""Replays our acts on top of what others recorded: checked again by the fold, renamed where a name was taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from ...model.problem import Problem
from ...model.timeline.entries import PriorityChanged, SeverityChanged, entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import CARD_KEYS, Record
from ...model.timeline.replay import replay
from ...stores import layout
from ...stores.git import fast_commit, replay_commits, scratch, transaction
from ...stores.git.replay_commits import Change
from ...stores.records import card_edits, records
from ..workspace.workspace import Workspace
from . import evidence_names, renumbering
from .dropped import Dropped, told, vanished
from .objections import objections

Blobs = Mapping[str, str]
"""Path from the top of the repository -> the id of its content."""


_COMPACTED = "Compacted"
"""The trailer of a commit that only puts files together: where others have done so too, theirs is enough."""


_LEVEL = re.compile(r": (severity|priority) (\S+) -> \S+$")
"""How the subject of a new level ends; see services/response/acts.py."""


class NotAnAct(Exception):
    """A commit that sevlog did not make, so it cannot be replayed elsewhere."""


class Replanted(Struct, frozen=True, kw_only=True):
    """The new tip, which commits became which, what was dropped, and what had to be renamed (old -> new).

    refs: short names, the old ones as <incident>/<name>. files: files of evidence, in the same way.
    hints: what others did that changes what our act says.
    """

    tip: str
    made: int = 0
    commits: dict[str, str] = {}
    dropped: tuple[Dropped, ...] = ()
    incidents: dict[str, str] = {}
    entries: dict[str, str] = {}
    refs: dict[str, str] = {}
    files: dict[str, str] = {}
    hints: tuple[str, ...] = ()


def replant(
    workspace: Workspace, base: str, changes: list[Change], *, renamed: Mapping[str, str] | None = None
) -> Replanted:
    """Our changes, one after the other, on top of `base`; those that are there already are passed over.

    renamed: incidents that go by another name there. Raises NotAnAct before anything is made.
    """
    for change in changes:
        _require_act(workspace, change)
    done = Replanted(tip=base, incidents=dict(renamed or {}))
    for change in changes:
        done = _Planting(workspace, done, change).done()
    return done


def _require_act(workspace: Workspace, change: Change) -> None:
    if len(change.parents) != 1 or incident_of(workspace, change) is None:
        raise NotAnAct(f"the commit {change.commit[:10]} ({change.subject}) was not made by sevlog")


def incident_of(workspace: Workspace, change: Change) -> str | None:
    """The one incident whose files an act touches, and no others; None for a commit that sevlog did not make.

    Its trailer says so, or the file of an entry as commands name them: a commit-msg hook may have replaced the message.
    """
    prefix = f"{workspace.git.prefix}{layout.INCIDENTS}/"
    touched = (*change.added, *change.changed, *change.removed)
    if not touched or not all(path.startswith(prefix) and path.count("/", len(prefix)) >= 2 for path in touched):
        return None
    names = {path[len(prefix) :].split("/")[1] for path in touched}
    written = "Incident" in change.trailers or any(map(layout.is_entry_of_a_command, change.added))
    return names.pop() if len(names) == 1 and written else None


def folder_of(workspace: Workspace, incident: str) -> str:
    """The folder of an incident, from the top of the git repository."""
    return f"{workspace.git.prefix}{layout.folder_of(incident)}"


def record_at(workspace: Workspace, commit: str, incident: str) -> Record | None:
    """An incident as a commit has it; None where it does not, or its card cannot be read."""
    return record_of(
        workspace, incident, replay_commits.files_below(workspace.git, commit, folder_of(workspace, incident))
    )


def record_of(workspace: Workspace, incident: str, blobs: Blobs) -> Record | None:
    """An incident made of these files; None where there are none, or its card cannot be read."""
    with scratch.Space(workspace.git) as place:
        replay_commits.materialise(workspace.git, blobs, place)
        root = place / workspace.git.prefix
        if not (root / layout.folder_of(incident)).is_dir():
            return None
        return records.read_incident(root, incident).record


class _Planting:
    """One change on its way to a new tip."""

    def __init__(self, workspace: Workspace, so_far: Replanted, change: Change) -> None:
        self.workspace, self.git, self.so_far, self.change = workspace, workspace.git, so_far, change
        self.wanted = incident_of(workspace, change) or ""
        self.incident = so_far.incidents.get(self.wanted, self.wanted)
        self.there = self._files_at_tip()
        self.entries: dict[str, str] = {}
        self.hints: tuple[str, ...] = ()
        own = f"{self.wanted}/"
        self.refs = {old.removeprefix(own): new for old, new in so_far.refs.items() if old.startswith(own)}
        self.files = {old.removeprefix(own): new for old, new in so_far.files.items() if old.startswith(own)}

    def done(self) -> Replanted:
        """The new tip with this change, or with what became of it."""
        if self._is_there():
            return self.so_far
        if self.there and any(path.endswith(f"/{layout.CARD_FILE}") for path in self.change.added):
            self._find_a_name()
        added = self._told_apart(self._with_evidence(self._renumbered(self._moved(self.change.added))))
        changed, met = self._put_together(self._moved(self.change.changed))
        gone = self._moved(self.change.removed)
        met |= any(path in self.there and self.there[path] != blob for path, blob in gone.items())
        blobs = {path: blob for path, blob in {**added, **changed}.items() if self.there.get(path) != blob}
        met |= _COMPACTED in self.change.trailers and not gone.keys() <= self.there.keys()
        gone = {path: blob for path, blob in gone.items() if path in self.there}
        if not blobs and not gone:
            return self._renames()
        objections = self._objections(blobs, gone)
        if met or objections:
            return self._drop(objections)
        message = self._message()
        tip = replay_commits.commit_on(
            self.git,
            self.so_far.tip,
            blobs,
            message,
            self.change.author,
            gone=gone,
            sign=fast_commit.signs(self.git),
            durable=transaction.DURABLE,
        )
        known = self._renames()
        return replace(known, tip=tip, made=known.made + 1, commits={**known.commits, self.change.commit: tip})

    def _is_there(self) -> bool:
        """Whether this was done before, word for word."""
        held = self._holds(self._moved({**self.change.added, **self.change.changed}))
        return held and not any(path in self.there for path in self._moved(self.change.removed))

    def _files_at_tip(self) -> dict[str, str]:
        return replay_commits.files_below(self.git, self.so_far.tip, folder_of(self.workspace, self.incident))

    def _holds(self, blobs: Blobs) -> bool:
        return all(self.there.get(path) == blob for path, blob in blobs.items())

    def _renames(self) -> Replanted:
        incidents = {**self.so_far.incidents}
        if self.incident != self.wanted:
            incidents[self.wanted] = self.incident
        refs = {f"{self.wanted}/{old}": new for old, new in self.refs.items()}
        files = {f"{self.wanted}/{old}": new for old, new in self.files.items()}
        return replace(
            self.so_far,
            incidents=incidents,
            entries={**self.so_far.entries, **self.entries},
            refs={**self.so_far.refs, **refs},
            files={**self.so_far.files, **files},
            hints=(*self.so_far.hints, *self.hints),
        )

    def _moved(self, blobs: Blobs) -> dict[str, str]:
        """The same under the name that the incident has now."""
        old, new = (f"{folder_of(self.workspace, name)}/" for name in (self.wanted, self.incident))
        return {path.replace(old, new, 1): blob for path, blob in blobs.items()}

    def _find_a_name(self) -> None:
        """Someone raised an incident of the same name: ours becomes the first -2, -3 … that is free, or is ours."""
        stem, number = self.incident, 2
        while True:
            self.incident = f"{stem}-{number}"
            self.there = self._files_at_tip()
            if not self.there or self._holds(self._moved(self.change.added)):
                return
            number += 1

    def _renumbered(self, added: Blobs) -> dict[str, str]:
        """Short names that others gave meanwhile become the next free ones, wherever our entries speak of them."""
        named = {path: blob for path, blob in added.items() if renumbering.may_have_names(path)}
        if not named or not self.there:
            return dict(added)
        texts = {path: self._text(blob) for path, blob in named.items()}
        known = [path for path in named if path in self.there and self.there[path] != named[path]]
        result = dict(added)
        for path in known:  # another command of this clone may have made it again
            names = renumbering.same_but_for_names(texts[path], self._text(self.there[path]))
            if names is not None:
                self.refs |= names
                result[path] = self.there[path]
                del texts[path]
        before = renumbering.names_of(self._seen())
        taken = renumbering.names_of(self._record(self.there))
        self.refs = {**renumbering.new_names(texts.values(), before, taken), **self.refs}
        for path, text in texts.items():
            new = renumbering.renamed(text, self.refs)
            if new != text:
                result[path] = replay_commits.store_blob(self.git, new.encode())
        return result

    def _with_evidence(self, added: Blobs) -> dict[str, str]:
        """Evidence whose name others took meanwhile gets another name, wherever our entries speak of it."""
        folder = folder_of(self.workspace, self.incident)
        self.files |= evidence_names.new_names(added, self.there, folder, self.change.commit)
        if not self.files:
            return dict(added)
        result: dict[str, str] = {}
        for path, blob in added.items():
            name = path.removeprefix(f"{folder}/")
            if name in self.files:
                result[f"{folder}/{self.files[name]}"] = blob
                continue
            text = self._text(blob) if name.startswith(f"{layout.TIMELINE}/") else ""
            new = evidence_names.renamed(text, self.files)
            result[path] = replay_commits.store_blob(self.git, new.encode()) if new != text else blob
        return result

    def _text(self, blob: str) -> str:
        return self.git.run("cat-file", "blob", blob).stdout.decode()

    def _told_apart(self, added: Blobs) -> dict[str, str]:
        """Entries whose file name someone else took meanwhile get a name and an id of their own."""
        result: dict[str, str] = {}
        for path, blob in added.items():
            if self.there.get(path, blob) == blob:
                result[path] = blob
                continue
            old = layout.entry_named(path)
            new = f"{old}-{self.change.commit[:4]}"
            text = self._text(blob)
            place = card_edits.key_before(text, "id", ("kind", "at", "by", "recorded_at", "id"))
            data = card_edits.set_key(text, "id", new, after=place).encode()
            name = layout.timeline_file(self.incident, new).name
            result[str(PurePosixPath(path).with_name(name))] = replay_commits.store_blob(self.git, data)
            self.entries[old] = new
        return result

    def _put_together(self, changed: Blobs) -> tuple[dict[str, str], bool]:
        """Changed files with what others changed in them; whether two changes met in one place of a file."""
        result, met = {}, False
        before = replay_commits.files_below(self.git, self.change.parents[0], folder_of(self.workspace, self.wanted))
        old = self._moved(before)
        for path, blob in changed.items():
            theirs = self.there.get(path)
            if theirs in (None, blob, old.get(path)):
                result[path] = blob
                met |= theirs is None
                continue
            entry = f"/{layout.TIMELINE}/" in path
            both = None if entry or theirs is None else replay_commits.merged(self.git, blob, old[path], theirs)
            if both is None and theirs is not None and path.endswith(f"/{layout.CARD_FILE}"):
                both = self._key_by_key(old[path], blob, theirs)
            met |= both is None
            result[path] = both or blob
        return result, met

    def _key_by_key(self, old: str, ours: str, theirs: str) -> str | None:
        """Their card with the keys that we changed, where adjacent lines changed but no key changed on both sides."""
        before, mine, there = (card_edits.keys(self._text(blob)) for blob in (old, ours, theirs))
        changed = {key for key in (*before, *mine) if before.get(key) != mine.get(key)}
        if any(before.get(key) != there.get(key) or key not in mine for key in changed) or changed - set(CARD_KEYS):
            return None
        text = self._text(theirs)
        for key in (key for key in CARD_KEYS if key in changed):
            text = card_edits.set_key(text, key, mine[key], after=card_edits.key_before(text, key, CARD_KEYS))
        return replay_commits.store_blob(self.git, text.encode())

    def _message(self) -> str:
        message = self.change.message
        if self.incident != self.wanted:
            message = message.replace(self.wanted, self.incident)
        for old, new in self.entries.items():
            message = message.replace(f"Entry: {old}\n", f"Entry: {new}\n")
        subject, line, rest = message.partition("\n")
        for old, new in self.refs.items():
            subject = re.sub(rf"(?<= ){re.escape(old)}(?=[ :]|$)", new, subject)
        return self._from_the_level_now(subject) + line + rest

    def _from_the_level_now(self, subject: str) -> str:
        """The subject of a new severity or priority, which says from which level, with the level that others set."""
        said = _LEVEL.search(subject)
        record = self._record(self.there) if said else None
        now = getattr(replay(record, self.workspace.config), said[1]) if said and record else None
        if said is None or now in (None, said[2]):
            return subject
        self.hints += tuple(f"meanwhile: {text}" for text in self._meanwhile(SeverityChanged, PriorityChanged))
        return f"{subject[: said.start(2)]}{now}{subject[said.end(2) :]}"

    def _objections(self, ours: Blobs, gone: Blobs) -> list[Problem]:
        """The errors that our files bring to the incident as others left it."""
        if not self.there and any(path.endswith(f"/{layout.CARD_FILE}") for path in ours):
            return []
        theirs = self._record(self.there)
        both = self._record({path: blob for path, blob in {**self.there, **ours}.items() if path not in gone})
        if both is None or theirs is None:
            return [] if self.there else [vanished(self.incident)]
        return objections(self.workspace.config, theirs, both, self._seen)

    def _seen(self) -> Record | None:
        """The incident as the author of the act saw it."""
        return record_at(self.workspace, self.change.parents[0], self.wanted)

    def _record(self, blobs: Blobs) -> Record | None:
        return record_of(self.workspace, self.incident, blobs)

    def _meanwhile(self, *kinds: type[Entry]) -> tuple[str, ...]:
        """Who did what in between, in entries of these kinds, a line each."""
        before = replay_commits.files_below(self.git, self.change.parents[0], folder_of(self.workspace, self.wanted))
        new = {layout.entry_named(path) for path, blob in self.there.items() if self._moved(before).get(path) != blob}
        record = self._record(self.there)
        entries = record.entries if record else ()
        return tuple(told(entry) for entry in entries if isinstance(entry, kinds) and entry_id(entry) in new)

    def _drop(self, objections: list[Problem]) -> Replanted:
        """Leave it out, keep what was written within reach, and tell who did what in between."""
        self.git.run("update-ref", f"refs/sevlog/dropped/{self.change.commit}", self.change.commit)
        dropped = Dropped(
            commit=self.change.commit,
            incident=self.incident,
            subject=self.change.subject,
            objections=tuple(objections),
            meanwhile=self._meanwhile(Entry),
        )
        return replace(self.so_far, dropped=(*self.so_far.dropped, dropped))
