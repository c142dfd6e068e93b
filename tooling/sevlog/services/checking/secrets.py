"""Finds secrets in the texts of a repository: records with their evidence, runbooks, problems, templates and pages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from ...model.comms.private_words import secrets_in
from ...model.comms.templates import line_and_column
from ...model.problem import Problem
from ...model.rules.text import LINT_SECRET
from ...model.timeline.entries import Override, entry_id
from ...model.timeline.entry_parts import Entry
from ...stores import files, layout
from ...stores.records.records import Reading
from ...stores.yaml import io as yaml_io

DOCUMENTS = ("runbooks", "problems", "comms", "site/docs")

_TAKE_OUT = "revoke it first (rotate it), then remove it here and from git's history (steps: sevlog redact --help)"
_NAMES = (layout.CARD_FILE, layout.ACTIONS_FILE, layout.POSTMORTEM_FILE, layout.PUBLIC_POSTMORTEM_FILE)


def in_record(root: Path, folder: str, reading: Reading) -> Iterator[Problem]:
    """The secrets in a record's files. folder: relative to the repository."""
    timeline = dict(reading.files)
    for path in (*(f"{folder}/{name}" for name in _NAMES), *timeline, *_below(root, f"{folder}/{layout.EVIDENCE}")):
        for problem, word in _in_file(root, path):
            yield (
                _of_entry(problem, word, timeline, reading)
                if path in timeline
                else msgspec.structs.replace(problem, incident=reading.id)
            )


def in_documents(root: Path, folders: Iterable[str] = DOCUMENTS) -> Iterator[Problem]:
    """The secrets in what is written beside the records."""
    for folder in sorted(set(folders)):
        for path in _below(root, folder):
            yield from (problem for problem, _ in _in_file(root, path))


def _below(root: Path, folder: str) -> Iterator[str]:
    """The plain files of a folder, in order; no link is followed."""
    if not layout.is_plain_folder(root, folder):
        return
    with os.scandir(root / folder) as found:
        rows = sorted(found, key=lambda row: row.name)
    for row in rows:
        if row.is_dir(follow_symlinks=False):
            yield from _below(root, f"{folder}/{row.name}")
        elif row.is_file(follow_symlinks=False):
            yield f"{folder}/{row.name}"


def _in_file(root: Path, path: str) -> Iterator[tuple[Problem, str]]:
    """Each secret with its words. Files that are unreadable, too large or not text are skipped."""
    try:
        data = files.read_plain(f"{root}/{path}", yaml_io.MAX_BYTES)
    except OSError:
        return
    if len(data) > yaml_io.MAX_BYTES or b"\0" in data[:8000]:
        return
    text = data.decode("utf-8", "replace")
    for secret in secrets_in(text):
        line, column = line_and_column(text, secret.start)
        problem = Problem(
            code="secret", path=path, line=line, column=column, message=secret.stated(text), hint=_TAKE_OUT
        )
        yield problem, text[secret.start : secret.end]


def _of_entry(problem: Problem, word: str, timeline: Mapping[str, tuple[Entry, ...]], reading: Reading) -> Problem:
    """The finding with its entry, and the command that removes the secret from it."""
    entries = timeline[problem.path]
    known = [e for e in entries if len(entries) == 1 or word.encode() in msgspec.json.encode(e)]
    if not known:
        return msgspec.structs.replace(problem, incident=reading.id)
    entry = known[0]
    hint = f'revoke it first (rotate it), then: sevlog redact -i {reading.id} {entry_id(entry)} --reason "…"'
    passed = _let_pass(entry, reading)
    return msgspec.structs.replace(
        problem,
        incident=reading.id,
        entry=entry_id(entry),
        severity="warning" if passed else "error",
        hint=f"it was accepted: {passed.reason}" if passed else hint,
    )


def _let_pass(entry: Entry, reading: Reading) -> Override | None:
    """The override that was recorded with the entry because this is not a secret."""
    recorded = (e for _, entries in reading.files for e in entries if isinstance(e, Override))
    return next((e for e in recorded if e.rule == LINT_SECRET and (e.at, e.by) == (entry.at, entry.by)), None)
