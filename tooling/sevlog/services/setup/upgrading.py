"""Brings a records repository up to date (`sevlog upgrade`): the files that sevlog writes, and older record versions.

A file that somebody changed after sevlog wrote it stays as it is, and is named. Git knows: the last commit that changed
a file is one of sevlog's, or it is not.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from ...errors import UsageError
from ...model.vocabulary import Forge
from ...stores.git import transaction
from ...stores.git.command import Git
from ...stores.git.transaction import NewCommit
from ..recording.recorder import Options, begin
from ..sync import delivery
from ..workspace.workspace import Workspace
from .blueprint import Start, contents
from .record_steps import STEPS, Step, migrated
from .repository import KEPT_AS_THEY_ARE

SUBJECT = "sevlog: upgrade the files of the records repository"
_OURS = re.compile(
    r"sevlog: (?:start the records of |add missing files to |upgrade the files of )|demo: the records of a "
)
_OF_THE_USER = KEPT_AS_THEY_ARE | {"sevlog.yaml", "oncall.yaml"}
_MARKS: tuple[tuple[Forge, tuple[str, ...]], ...] = (
    (
        "github",
        (".github/workflows/validate.yml", ".github/workflows/publish.yml", ".github/ISSUE_TEMPLATE/incident.yml"),
    ),
    ("gitlab", (".gitlab-ci.yml", ".gitlab/issue_templates/Incident.md")),
)
Paths = tuple[str, ...]


class Upgraded(Struct, frozen=True, kw_only=True):
    """`sevlog upgrade --json`. All lists hold paths in the repository."""

    schema: str = "1"
    updated: Annotated[Paths, Meta(description="Files of sevlog that were older.")] = ()
    added: Annotated[Paths, Meta(description="Files of sevlog that the repository never had.")] = ()
    migrated: Annotated[Paths, Meta(description="Records with an older schema version.")] = ()
    changed_here: Annotated[Paths, Meta(description="Files that differ and were changed here: left as they are.")] = ()
    deleted_here: Annotated[Paths, Meta(description="Files that were deleted here: left out.")] = ()
    commit: Annotated[str | None, Meta(description="null with --dry-run and --no-commit.")] = None
    pushed: Annotated[bool | None, Meta(description="null where no push was tried.")] = None
    dry_run: bool = False
    warnings: Paths = ()


def upgrade(
    workspace: Workspace, options: Options, *, replaced: Paths = (), steps: Mapping[int, Step] = STEPS
) -> Upgraded:
    """Write what is older, in one commit.

    replaced: files to write although they were changed or deleted here. Raises UsageError for one that sevlog does not
    write, InvalidRecord for a newer or unknown schema version, GitTrouble.
    """
    begin(workspace, options)
    root = workspace.root
    shipped = {path: text.encode() for path, text in generated(workspace).items()}
    unknown = sorted(set(replaced) - shipped.keys())
    if unknown:
        raise UsageError(f"sevlog does not write {unknown[0]}", "see which files differ: sevlog upgrade --dry-run")
    records = {path: text.encode() for path, text in migrated(root, steps)}
    stale = [p for p in shipped if _differs(root / p, shipped[p])]
    missing = [p for p in shipped if not _is_there(root, p)]
    ours = {*replaced, *written_by_sevlog(workspace.git, stale)}
    never_here = {*replaced, *_without_history(workspace.git, missing)}
    done = Upgraded(
        updated=tuple(p for p in stale if p in ours),
        added=tuple(p for p in missing if p in never_here),
        migrated=tuple(records),
        changed_here=tuple(p for p in stale if p not in ours),
        deleted_here=tuple(p for p in missing if p not in never_here),
        dry_run=options.dry_run,
    )
    files = {path: shipped[path] for path in (*done.updated, *done.added)} | records
    return _written(workspace, options, done, files) if files and not options.dry_run else done


def generated(workspace: Workspace) -> dict[str, str]:
    """The files that sevlog writes and nobody needs to edit, as this version writes them."""
    config = workspace.config
    start = Start(
        name=config.page.name,
        url=config.page.url,
        components=tuple((c.key, c.name) for c in config.components) or Start(name="", url="").components,
        forge=_forge(workspace.root),
        branch=config.git.branch,
    )
    return {path: text for path, text in contents(start).items() if path not in _OF_THE_USER}


def _forge(root: Path) -> Forge:
    return next((forge for forge, marks in _MARKS if any(_is_there(root, mark) for mark in marks)), "none")


def _is_there(root: Path, path: str) -> bool:
    """Whether it is there, as a plain file or as a link that somebody put there."""
    return (root / path).is_file() or (root / path).is_symlink()


def _differs(path: Path, text: bytes) -> bool:
    return path.is_file() and path.read_bytes() != text


def written_by_sevlog(git: Git, paths: Iterable[str]) -> set[str]:
    """Those of the paths that are committed, unchanged, and were last written by sevlog."""
    asked = [path for path in paths if not (git.root / path).is_symlink()]
    if not asked or git.head() is None:
        return set()
    prefix = git.prefix
    dirty = {path.removeprefix(prefix) for path in git.changed(*asked)}
    return {path for path in asked if path not in dirty and _OURS.match(_last_subject(git, path))}


def _without_history(git: Git, paths: Iterable[str]) -> set[str]:
    """Those of the paths that no commit ever had."""
    if git.head() is None:
        return set(paths)
    return {path for path in paths if not _last_subject(git, path)}


def _last_subject(git: Git, path: str) -> str:
    return git.text("log", "-1", "--format=%s", "HEAD", "--", f":(literal){path}")


def _written(workspace: Workspace, options: Options, done: Upgraded, files: dict[str, bytes]) -> Upgraded:
    if not options.commit:
        transaction.write_only(workspace.root, files)
        workspace.close()
        return done
    present = frozenset(path for path in files if _is_there(workspace.root, path))
    new = NewCommit(f"{SUBJECT}\n", files, replaced=present)
    made = delivery.record(workspace, new, topic="sevlog/upgrade")
    workspace.close()
    sent = delivery.push_after(workspace, options.push, made)
    return replace(
        done,
        commit=sent.commits.get(made.commit, made.commit),
        pushed=sent.pushed,
        warnings=(*sent.warnings, *sent.hints),
    )


def difference(workspace: Workspace, path: str) -> str:
    """What this sevlog would change in a file, as a unified diff."""
    here = (workspace.root / path).read_text("utf-8", "replace").splitlines(keepends=True)
    new = generated(workspace)[path].splitlines(keepends=True)
    return "".join(difflib.unified_diff(here, new, f"{path} (yours)", f"{path} (this sevlog)"))
