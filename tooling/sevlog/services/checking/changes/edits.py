"""Compares an incident's timeline with what it was: entry by entry, wherever in the files they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from ....model.problem import Gravity, Problem
from ....model.redaction import MARKER, is_redacted
from ....model.timeline.entries import Correction, Redaction, entry_id, kind_of
from ....model.timeline.entry_parts import Entry
from ....stores import layout
from ....stores.records.records import Reading

_Entries = tuple[tuple[str, tuple[Entry, ...]], ...]

_NAMED = ("id", "at")
"""Keys that an entry's default id is made of."""


def edits(
    before: Reading, now: Reading, commit: str, text_of: Callable[[str], str], guessed: _Entries = ()
) -> Iterator[Problem]:
    """Entries that were changed, renamed or deleted. Reformatting or moving to another file is not an edit.

    Of an entry that a `redaction` names, content may have become the marker, and nothing else. Of a file that cannot be
    read whole now, an entry counts as deleted where the file no longer has its time or id anywhere: another one may be
    what cannot be read.

    text_of: what a file has now, empty where it was removed. guessed: by file, entries that had mistakes before
    (checking_broken_base): they may be corrected, not deleted.
    """
    old, new = _by_id(before), _by_id(now)
    removed = {e.of for entries in new.values() for e in entries if isinstance(e, Redaction)}
    unread = {problem.path for problem in now.problems if problem.severity == "error"}
    spare = [entry for name, entries in new.items() if name not in old for entry in entries]
    for path, entries in before.files:
        for entry in entries:
            name = entry_id(entry)
            here = new.get(name, [])
            if any(_same(entry, other) for other in here):
                continue
            if here:
                about = _corrected(entry, old)
                if name not in removed or not any(is_redacted(entry, other, about) for other in here):
                    yield _changed(name, entry, here[0], path, commit, redacted=name in removed)
            elif path not in unread or not _may_be_there(entry, text_of(path)):
                yield _missing_entry(name, entry, spare, path, commit)
    for path, entries in guessed:
        for entry in entries:
            if entry_id(entry) not in new and not _may_be_there(entry, text_of(path)):
                yield _missing_entry(entry_id(entry), entry, spare, path, commit)


_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})")


def _may_be_there(entry: Entry, text: str) -> bool:
    """Whether a text that cannot be read as entries has the entry's id or its time, in whatever zone it is written."""
    if entry.id is not None:
        return entry.id in text
    return any(_instant(found) == entry.at for found in _TIME.findall(text))


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _corrected(entry: Entry, known: dict[str, list[Entry]]) -> Entry | None:
    """The entry that a correction is about, if this is one and there is such an entry."""
    return next(iter(known.get(entry.of, [])), None) if isinstance(entry, Correction) else None


def _in(path: str) -> str:
    """The option that names the incident of a timeline file."""
    return f"-i {path.split('/')[2]}"


def _changed(name: str, old: Entry, new: Entry, path: str, commit: str, *, redacted: bool) -> Problem:
    before, after = _keys(old), _keys(new)
    differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    key = next((key for key in differing if key in after), "")
    listed = " and ".join(f"`{key}`" for key in differing)
    back = f"restore it (git checkout {commit} -- {path})"
    again = f"sevlog correct {_in(path)} {name} {differing[0] if differing else 'KEY'}=…"
    if redacted:
        rule = f"a redaction replaces content with `{MARKER}` and changes nothing else"
        hint = f"{back} and run: sevlog redact {_in(path)} {name} --reason …"
    else:
        rule = "entries are added, never edited"
        hint = f"{back} and add a correction: {again}"
    return Problem(
        code="changed_entry",
        entry=name,
        pointer=f"/{key}" if key else "",
        hint=hint,
        message=f"{listed} of the entry `{name}` {'was' if len(differing) == 1 else 'were'} changed; {rule}",
    )


def _missing_entry(name: str, entry: Entry, spare: list[Entry], path: str, commit: str) -> Problem:
    """An entry whose id is no longer there: renamed, moved in time, or deleted."""
    plain = _keys(entry)
    for candidate in spare:
        other = _keys(candidate)
        differing = [key for key in {**plain, **other} if plain.get(key) != other.get(key)]
        if kind_of(candidate) != kind_of(entry) or not set(differing) <= set(_NAMED):
            continue
        if "at" in differing:
            return Problem(
                code="changed_entry",
                entry=entry_id(candidate),
                pointer="/at",
                message=f"`at` of the entry `{name}` was changed, which also changes its id; "
                "entries are added, never edited",
                hint=f"restore it (git checkout {commit} -- {path}) and add a correction: "
                f"sevlog correct {_in(path)} {name} at=…",
            )
        return Problem(
            code="changed_entry_id",
            entry=entry_id(candidate),
            pointer="/id",
            message=f"the id of the entry `{name}` was changed; feeds, links and corrections refer to it",
            hint=f"restore it: id: {name}",
        )
    who = f" by {entry.by}" if entry.by else ""
    return Problem(
        code="deleted_entry",
        path=path,
        message=f"the entry `{name}` ({kind_of(entry)}{who}) was deleted; entries are never removed",
        hint=f"restore it (git checkout {commit} -- {path}); to make it not count: "
        f'sevlog retract {_in(path)} {name} --reason "…"',
    )


def edited_evidence(before: Reading, now: Reading, changed: frozenset[str], commit: str) -> Iterator[Problem]:
    """Attached files whose content changed although entries still name them, then as now.

    changed: paths that were there before and are there now with another content. A removed file has its own
    finding (missing_evidence), or nobody names it any more.
    """
    named = {e.file for entries in _by_id(before).values() for entry in entries for e in entry.evidence}
    for name, entries in _by_id(now).items():
        for entry in entries:
            for place, evidence in enumerate(entry.evidence):
                path = f"{layout.folder_of(now.id)}/{evidence.file}"
                if evidence.file in named and path in changed:
                    yield Problem(
                        code="changed_evidence",
                        entry=name,
                        pointer=f"/evidence/{place}/file",
                        message=f"the file `{evidence.file}` was changed; evidence never changes",
                        hint=f"restore it (git checkout {commit} -- {path}) and attach the new file under another name",
                    )


def moved_record(folder: str, before: Reading, candidates: list[Reading], gravity: Gravity, commit: str) -> Problem:
    """The finding about an incident that is no longer there: under another id, or deleted."""
    back = f"restore it: git checkout {commit[:10]} -- {folder}"
    for other in candidates:
        same = before.record and other.record and before.record.card.title == other.record.card.title
        if same and set(_by_id(before)) <= set(_by_id(other)):
            return Problem(
                code="changed_incident_id",
                severity=gravity,
                incident=other.id,
                line=1,
                column=1,
                path=str(layout.folder_of(other.id) / layout.CARD_FILE),
                message=f"the incident `{before.id}` was renamed to `{other.id}`; pages, feeds and links refer to it",
                hint=f"restore the id: git mv {layout.folder_of(other.id)} {folder}",
            )
    return Problem(
        code="deleted_record",
        severity=gravity,
        path=folder,
        incident=before.id,
        message=f"the incident `{before.id}` was deleted; records are kept",
        hint=back,
    )


def _by_id(reading: Reading) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for _, entries in reading.files:
        for entry in entries:
            found.setdefault(entry_id(entry), []).append(entry)
    return found


def _same(entry: Entry, other: Entry) -> bool:
    """Whether two entries of one id are equal; the id may be written out or follow from the time and the kind."""
    return entry == other or replace(entry, id=None) == replace(other, id=None)


def _keys(entry: Entry) -> dict[str, object]:
    """An entry's keys as in its file, times as instants (the same instant with another offset is equal)."""
    plain: dict[str, object] = msgspec.to_builtins(entry)
    own = {key: value for key, value in plain.items() if key not in ("at", "recorded_at")}
    return {**own, "at": entry.at, **({"recorded_at": entry.recorded_at} if entry.recorded_at else {})}
