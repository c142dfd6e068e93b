"""Redaction: content of an entry is taken out of its file, and an entry says so, in one commit.

It is the one edit of an old entry that `check --base` takes. What the history of git still holds is not its business:
`sevlog redact --help` and docs/redaction.md say how that is purged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ...errors import NotFound, Refused, UsageError
from ...model.redaction import MARKER, Spot, content, is_marked, redacted, words_at
from ...model.timeline.entries import Correction, Redaction, entry_id, kind_of
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import IncidentCard, Record
from ...model.timeline.replay import replay
from ...stores import layout
from ...stores.records import codec
from ...stores.yaml import io as yaml_io
from ...stores.yaml import patch as yaml_patch
from ..common.outcome import Outcome
from ..recording.incident_session import IncidentSession
from ..recording.recorder import Act, Options, record_act
from ..response.corrections import find_entry
from ..workspace.workspace import Workspace
from .remnants import remnants

_NO_ENTRIES = frozenset(
    [
        *IncidentCard.__struct_fields__,
        layout.CARD_FILE,
        layout.ACTIONS_FILE,
        layout.POSTMORTEM_FILE,
        layout.PUBLIC_POSTMORTEM_FILE,
        "card",
        "postmortem",
        "actions",
    ]
)
"""Files that people may name and that are not entries."""


class Wish(Struct, frozen=True, kw_only=True):
    """What is to go. entries: parts of ids. keys: names that go as well. attached: further files of evidence/."""

    entries: Sequence[str]
    reason: str
    keys: Sequence[str] = ()
    attached: Sequence[str] = ()


def redact(workspace: Workspace, incident: str | None, wish: Wish, options: Options) -> Outcome:
    """Take the content of entries out of their files, and the files that only they name out of evidence/.

    Raises NotFound for an entry that is not there, UsageError for a file or key that cannot be redacted, Refused where
    there is nothing to take out, where another entry names an attached file, or where the fold would break.
    """
    session = IncidentSession(workspace, incident, options)
    plan = _Plan(workspace, session, wish)
    act = Act(
        entries=tuple(Redaction(at=session.at, of=name, reason=wish.reason) for name in plan.spots),
        summary=f"redact {', '.join(plan.spots)}",
        files=plan.files,
        replaced=frozenset(map(str, plan.files)),
        removed=plan.removed,
        trailers=tuple(f"Redacted: {name}" for name in plan.spots),
    )
    outcome = record_act(workspace, plan.record, act, options, session.who)
    return replace(outcome, warnings=(*plan.warnings, *outcome.warnings), hints=(*outcome.hints, *_next(plan)))


class _Plan:
    """What a redaction does to one record. spots: the content that goes, by entry id."""

    def __init__(self, workspace: Workspace, session: IncidentSession, wish: Wish) -> None:
        self._workspace, self._desk, self._wish = workspace, session, wish
        self._known: dict[str, list[Entry]] = {}
        for entry in session.record.entries:
            self._known.setdefault(entry_id(entry), []).append(entry)
        named = dict.fromkeys(self._named(part) for part in wish.entries)
        self.spots = {name: self._content(name) for name in named}
        self.record = self._without_content()
        self._check_fold()
        self.files = self._files()
        self.removed = self._evidence()
        self.warnings = tuple(self._warn())

    @property
    def gone(self) -> list[Entry]:
        """The entries as they were, of each id all that have it."""
        return [entry for name in self.spots for entry in self._known[name]]

    def _named(self, part: str) -> str:
        try:
            item = self._desk.state.item(find_entry(self._desk.state, part))
        except NotFound:
            if part in _NO_ENTRIES:
                raise _no_entry(self._desk.record.id, part) from None
            raise
        assert item is not None
        return entry_id(item.entry)

    def _of(self, entry: Entry) -> Entry | None:
        """The entry that a correction corrects."""
        return next(iter(self._known.get(entry.of, [])), None) if isinstance(entry, Correction) else None

    def _content(self, name: str) -> tuple[Spot, ...]:
        """What is to go of the entries with this id."""
        wanted = set(self._wish.keys)
        found = [spot for entry in self._known[name] for spot in content(entry, self._of(entry))]
        names = [str(spot.path[-1]) for spot in found if spot.name]
        for key in sorted(wanted - set(names)):
            if len(self._wish.entries) == 1:
                raise UsageError(
                    f"`{key}` of {name} is not a name that can be removed",
                    f"names: {', '.join(names) or 'it has none'}; free text, addresses and evidence are removed anyway",
                )
        chosen = tuple(spot for spot in dict.fromkeys(found) if not spot.name or spot.path[-1] in wanted)
        if not chosen:
            raise self._nothing(name)
        return chosen

    def _nothing(self, name: str) -> Refused:
        item = self._desk.state.item(name)
        by = f", by {item.redacted_by}" if item and item.redacted_by else ""
        if any(is_marked(entry) for entry in self._known[name]):
            return Refused(f"{name} was already redacted{by}", "what the history still contains: sevlog redact --help")
        return Refused(f"{name} has no content that can be removed", "to remove a name: --key KEY")

    def _without_content(self) -> Record:
        record = self._desk.record
        return replace(record, entries=tuple(self._bare(entry) for entry in record.entries))

    def _bare(self, entry: Entry) -> Entry:
        return redacted(entry, self._chosen(entry)) if entry_id(entry) in self.spots else entry

    def _chosen(self, entry: Entry) -> list[Spot]:
        """What goes of this very entry."""
        return [spot for spot in content(entry, self._of(entry)) if spot in self.spots[entry_id(entry)]]

    def _check_fold(self) -> None:
        config = self._workspace.config
        known = {(p.code, p.entry, p.message) for p in replay(self._desk.record, config).problems}
        new = [
            p
            for p in replay(self.record, config).problems
            if p.severity == "error" and (p.code, p.entry, p.message) not in known
        ]
        if new:
            raise Refused(
                f"the record would be invalid without it: {new[0].message}", "omit --key: the state depends on it"
            )

    def _files(self) -> dict[PurePosixPath, str]:
        """The files with the entries, without their content."""
        found = {}
        for path, entries in self._workspace.read(self._desk.record.id).files:
            if any(entry_id(entry) in self.spots for entry in entries):
                text = (self._workspace.root / path).read_bytes().decode()
                found[PurePosixPath(path)] = yaml_patch.patched(text, self._changes(text))
        return found

    def _changes(self, text: str) -> yaml_patch.Changes:
        rows = yaml_io.read(text.encode())
        changes: dict[yaml_patch.Path, yaml_patch.Change] = {}
        for place, row in enumerate(rows if isinstance(rows, list) else [rows]):
            entry = _entry(row)
            if entry is not None and entry_id(entry) in self.spots:
                start: yaml_patch.Path = (place,) if isinstance(rows, list) else ()
                for spot in self._chosen(entry):
                    changes[(*start, *spot.path)] = yaml_patch.GONE if spot.is_key else spot.new
        return changes

    def _evidence(self) -> frozenset[str]:
        """The attached files that go: those that nobody names any more, and those asked for."""
        folder = layout.folder_of(self._desk.record.id)
        named = {e.file: entry_id(entry) for entry in self.record.entries for e in entry.evidence if e.file}
        asked = {f"{layout.EVIDENCE}/{name.removeprefix(f'{layout.EVIDENCE}/')}" for name in self._wish.attached}
        for name in sorted(asked):
            if not (self._workspace.root / folder / name).is_file() or ".." in name.split("/"):
                raise NotFound(f"{folder} has no file {name}", "the path is relative to the incident's folder")
            if name in named:
                raise Refused(
                    f"the entry {named[name]} refers to {name} and would show nothing",
                    f"redact that entry too: sevlog redact {' '.join(self.spots)} {named[name]} --reason …",
                )
        once = {e.file for entry in self.gone for e in entry.evidence if e.file}
        self._shared = {name: named[name] for name in sorted(once) if name in named}
        here = {name for name in once if name not in named and (self._workspace.root / folder / name).is_file()}
        return frozenset(f"{folder}/{name}" for name in here | asked)

    def _warn(self) -> Iterable[str]:
        """Where the content may still be, as far as we can see."""
        words = [text for entry in self.gone for text in words_at(entry, self._chosen(entry))]
        incident = self._desk.record.id
        for name, other in self._shared.items():
            yield f"{name} stays, because {other} refers to it too: sevlog redact -i {incident} {other} --reason …"
        for entry in self._desk.record.entries:
            name = entry_id(entry)
            if isinstance(entry, Correction) and entry.of in self.spots and name not in self.spots:
                again = f"sevlog redact -i {incident} {name} --reason …"
                if any(not spot.name for spot in content(entry, self._of(entry))):
                    yield f"{name} corrects {entry.of} and has its own text; to remove that too: {again}"
        left = sorted({str(s.path[-1]) for e in self.gone for s in content(self._bare(e), self._of(e)) if s.name})
        if left:
            keys = " ".join(f"--key {key}" for key in left)
            yield f"{', '.join(left)} stay{'s' if len(left) == 1 else ''}, because entries are matched by it ({keys})"
        for path, text in self.files.items():
            if any(line.lstrip().startswith("#") and "$schema=" not in line for line in text.splitlines()):
                yield f"comments in {path} stay as they are: check whether they repeat it"
        yield from remnants(self._workspace, words, {str(p): t for p, t in self.files.items()}, self.removed)


def _entry(row: object) -> Entry | None:
    """The entry of a row of a file; None where it is none."""
    try:
        return codec.entry_of(row)
    except (KeyError, TypeError, msgspec.ValidationError):
        return None


def _no_entry(incident: str, part: str) -> UsageError:
    folder = layout.folder_of(incident)
    file = layout.POSTMORTEM_FILE if part.startswith("postmortem") else layout.CARD_FILE
    file = layout.ACTIONS_FILE if part in ("actions", layout.ACTIONS_FILE) else file
    return UsageError(
        f"`{part}` is not a timeline entry; only entries need a redaction",
        f"edit {folder / file} and commit it, or open a pull request",
        "then purge the history, as after a redaction: sevlog redact --help",
    )


def _next(plan: _Plan) -> Iterable[str]:
    yield "if it was a secret, revoke it first: treat it as exposed"
    yield "git's history still has it, and the remote and clones may have it: for the purge, see sevlog redact --help"
    if any(kind_of(entry) == "update" and getattr(entry, "audience", "") == "public" for entry in plan.gone):
        yield "the public page shows that the text was removed after it is built and published again"


__all__ = ["MARKER", "Wish", "redact"]
